//! The primal, three crates away from the program that differentiates it.

unsafe extern "C" {
    safe fn steps_for(length: u32) -> u32;
}

/// A force that nobody may inline.
#[inline(never)]
pub fn force(position: f64, stiffness: &[f64]) -> f64 {
    stiffness
        .iter()
        .rev()
        .fold(0.0, |sum, k| sum * position + k)
        .sin()
}

/// The path of a particle, kept in a vector that grows.
#[inline(never)]
pub fn path(start: f64, stiffness: &[f64], length: u32) -> Vec<f64> {
    let mut path = vec![start];
    for _ in 0..steps_for(length) {
        let last = path[path.len() - 1];
        path.push(last + 0.1 * force(last, stiffness));
    }
    path
}
