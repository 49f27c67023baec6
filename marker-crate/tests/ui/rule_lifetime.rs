//! A reverse rule whose closure borrows from the primal, which may have changed when it runs.

use enzyme_marker::{custom_derivative, derivative_of};

#[custom_derivative]
fn first(x: &[f64]) -> f64 {
    x[0]
}

#[derivative_of(first, Duplicated, Active)]
fn borrows_the_primal(x: &[f64]) -> (f64, impl FnOnce(f64, &mut [f64])) {
    (x[0], move |d, dx: &mut [f64]| dx[0] += d * x[0])
}

fn main() {}
