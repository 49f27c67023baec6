//! What is simulated.

#[derive(named::Named)]
pub struct Particle {
    pub start: f64,
    pub length: u32,
}

impl Particle {
    pub fn travelled(&self, stiffness: &[f64]) -> f64 {
        let path = physics::path(self.start, stiffness, self.length);
        path.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum()
    }
}
