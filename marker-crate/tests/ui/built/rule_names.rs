//! Nothing of an expansion is in the way of what the user names alike.

use enzyme_marker::{custom_derivative, derivative_of};
use module::private;

mod module {
    pub mod private {
        #[derive(Clone, Copy)]
        pub struct P(pub f64);
    }
}

#[custom_derivative]
fn gradient(x: private::P) -> f64 {
    x.0
}

#[derivative_of(gradient, Dual, Dual)]
fn forward(x: private::P, bx: private::P) -> (f64, f64) {
    (x.0, bx.0)
}

#[custom_derivative]
fn square(x: f64) -> f64 {
    x * x
}

#[derivative_of(square, Dual, Dual)]
fn r(x: f64, bx: f64) -> (f64, f64) {
    (x * x, 2.0 * x * bx)
}

#[derivative_of(square, Active, Active)]
fn tape(x: f64) -> (f64, impl FnOnce(f64) -> f64 + use<>) {
    (x * x, move |d| 2.0 * x * d)
}

type P = [f64; 2];

#[custom_derivative]
fn augmented(x: &P) -> f64 {
    x[0]
}

#[derivative_of(augmented, Duplicated, Active)]
fn gradient_of(x: &P) -> (f64, impl FnOnce(f64, &mut P) + use<>) {
    (x[0], |d, dx: &mut P| dx[0] += d)
}

fn main() {
    #[custom_derivative]
    fn inside(x: f64) -> f64 {
        x
    }

    #[derivative_of(inside, Dual, Dual)]
    fn pullback(x: f64, bx: f64) -> (f64, f64) {
        (x, bx)
    }
}
