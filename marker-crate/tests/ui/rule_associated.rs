//! Associated functions that the attributes can't recognise: the compiler names the macro that has to be outside.

use enzyme_marker::{custom_derivative, derivative_of};

#[custom_derivative]
fn square(x: f64) -> f64 {
    x * x
}

struct S;

impl S {
    #[custom_derivative]
    fn with_rules(x: f64) -> f64 {
        x
    }

    #[derivative_of(square, Dual, Dual)]
    fn is_a_rule(x: f64, bx: f64) -> (f64, f64) {
        (x, bx)
    }
}

fn main() {}
