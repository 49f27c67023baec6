//! Differentiates a function three crates away, and compares with differences.

use enzyme_marker::autodiff_reverse;
use solver::{Particle, loss};

#[autodiff_reverse(objective_grad, Const, Duplicated, Active)]
fn objective(particles: &[Particle], stiffness: &[f64]) -> f64 {
    loss(particles, stiffness)
}

fn main() {
    let particles = [
        Particle {
            start: 0.3,
            length: 2,
        },
        Particle {
            start: -0.8,
            length: 5,
        },
    ];
    let stiffness = [0.5, -1.2, 0.7];
    let mut grad = [0.0; 3];
    let value = objective_grad(&particles, &stiffness, &mut grad, 1.0);
    assert_eq!(value, objective(&particles, &stiffness));
    for i in 0..3 {
        let at = |step: f64| {
            let mut moved = stiffness;
            moved[i] += step;
            objective(&particles, &moved)
        };
        let h = 1e-4;
        let want = (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h);
        assert!(
            (grad[i] - want).abs() < 1e-8,
            "{i}: {} is not {want}",
            grad[i]
        );
    }
    println!("{} differentiated", Particle::NAME);
}
