//! What is minimised.

pub use model::Particle;

#[inline(never)]
pub fn loss(particles: &[Particle], stiffness: &[f64]) -> f64 {
    particles
        .iter()
        .map(|p| p.travelled(stiffness))
        .sum::<f64>()
        .sqrt()
}
