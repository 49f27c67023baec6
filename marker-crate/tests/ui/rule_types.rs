//! Rules of functions that have another type, or none.

use enzyme_marker::{custom_derivative, derivative_of};

#[custom_derivative]
fn square(x: f64) -> f64 {
    x * x
}

#[derivative_of(square, Dual, Dual)]
fn of_floats(x: f32, bx: f32) -> (f32, f32) {
    (x, bx)
}

#[derivative_of(square, Active, Active)]
fn another_adjoint(x: f64) -> (f64, impl FnOnce(f64) -> f32) {
    (x, |_| 1.0)
}

#[custom_derivative]
fn first(x: &[f64]) -> f64 {
    x[0]
}

#[derivative_of(first, Dual, Dual)]
fn first_forward(x: &[f64], bx: &[f64]) -> (f64, f64) {
    (x[0], bx[0])
}

#[derivative_of(first, Dual, Dual)]
fn twice(x: &[f64], bx: &[f64]) -> (f64, f64) {
    (x[0], bx[0])
}

fn main() {}
