//! A chain of calls through another crate. `cargo xtask test-lto chain` looks at what the plugin differentiates (one loop, no
//! call left) and at the machine code of the derivative (vectors, as of code written by hand).

use enzyme_marker::autodiff_reverse;
use std::hint::black_box;

#[autodiff_reverse(chain_grad, Duplicated, Active)]
fn chain(x: &[f64]) -> f64 {
    x.iter().map(|v| far_primal::shape(*v)).sum()
}

#[inline(never)]
#[unsafe(no_mangle)]
pub fn chain_gradient(x: &[f64], grad: &mut [f64]) {
    chain_grad(x, grad, 1.0);
}

fn main() {
    let x: Vec<f64> = (0..101).map(|i| f64::from(i) * 0.01).collect();
    let mut grad = vec![0.0; x.len()];
    chain_gradient(black_box(&x), &mut grad);
    for (v, g) in x.iter().zip(&grad) {
        // shape(v) = (3 (2 v + 1) (v - 4))^2
        let inner = 3.0 * (2.0 * v + 1.0) * (v - 4.0);
        let want = 2.0 * inner * 3.0 * (4.0 * v - 7.0);
        assert!(
            (g - want).abs() < 1e-12 * want.abs().max(1.0),
            "{g} is not {want}"
        );
    }
    println!("chain differentiated");
}
