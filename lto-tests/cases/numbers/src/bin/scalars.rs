//! Scalars in, a scalar out: `Active` arguments and results, and the seed.

use checks::{cases, close, is_gradient};
use enzyme_marker::autodiff_reverse;
use std::process::ExitCode;

#[autodiff_reverse(square_grad, Active, Active)]
fn square(x: f64) -> f64 {
    x * x
}

#[autodiff_reverse(rational_grad, Active, Active, Active)]
fn rational(x: f64, y: f64) -> f64 {
    (x * y - 1.0) / (x * x + y.exp())
}

#[autodiff_reverse(partial_grad, Active, Const, Active)]
fn partial(x: f64, y: f64) -> f64 {
    x.powi(3) * y
}

#[autodiff_reverse(only_grad, Active, ActiveOnly)]
fn only(x: f64) -> f64 {
    x.sin()
}

#[autodiff_reverse(functions_grad, Active, Active)]
fn functions(x: f64) -> f64 {
    let a = x.sin() * x.cos() + x.tan() - x.sinh() / x.cosh() + x.tanh();
    let b = x.exp() + x.exp2() + x.exp_m1() + x.ln() + x.ln_1p() + x.log2() + x.log10();
    let c = x.sqrt()
        + x.cbrt()
        + x.powf(1.7)
        + x.powi(-2)
        + x.hypot(0.4)
        + x.atan2(1.3)
        + 1.3f64.atan2(x);
    let d = (x / 3.0).asin()
        + (x / 3.0).acos()
        + x.atan()
        + x.asinh()
        + (x + 1.0).acosh()
        + (x / 3.0).atanh();
    let e = x.abs()
        + x.mul_add(2.0, x)
        + x.copysign(-1.0)
        + x.recip()
        + x.max(0.1)
        + x.min(0.2)
        + x % 0.3;
    a + b + c + d + e
}

fn value_and_derivative() {
    let (value, dx) = square_grad(3.0, 1.0);
    close(value, 9.0);
    close(dx, 6.0);
}

fn seed_scales_the_derivative() {
    let (value, dx) = square_grad(3.0, -0.25);
    close(value, 9.0);
    close(dx, -1.5);
}

fn two_arguments() {
    let (value, dx, dy) = rational_grad(0.7, -0.4, 1.0);
    close(value, rational(0.7, -0.4));
    is_gradient(|p| rational(p[0], p[1]), &[0.7, -0.4], &[dx, dy]);
}

fn const_argument() {
    let (value, dx) = partial_grad(2.0, 5.0, 1.0);
    close(value, 40.0);
    close(dx, 60.0);
}

fn result_not_wanted() {
    let dx: f64 = only_grad(0.3, 2.0);
    close(dx, 2.0 * 0.3f64.cos());
}

fn functions_of_std() {
    for x in [0.55, 1.37, 2.05] {
        let (value, dx) = functions_grad(x, 1.0);
        close(value, functions(x));
        is_gradient(|p| functions(p[0]), &[x], &[dx]);
    }
}

fn main() -> ExitCode {
    cases![
        value_and_derivative,
        seed_scales_the_derivative,
        two_arguments,
        const_argument,
        result_not_wanted,
        functions_of_std,
    ]
}
