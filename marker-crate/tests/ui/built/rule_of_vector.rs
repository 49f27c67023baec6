//! The shadow of what lies behind a `Vec` is nothing that a rule could be given: it takes a slice.

use enzyme_marker::{custom_derivative, derivative_of};

#[custom_derivative]
fn first(x: &Vec<f64>) -> f64 {
    x[0]
}

#[derivative_of(first, Dual, Dual)]
fn first_forward(x: &Vec<f64>, bx: &Vec<f64>) -> (f64, f64) {
    (x[0], bx[0])
}

fn main() {
    first(&vec![1.0]);
}
