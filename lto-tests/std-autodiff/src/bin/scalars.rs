//! `#[autodiff_reverse]` of rustc on scalars. This rustc passes no seed, so the seed is 1 whatever is given.
#![feature(autodiff)]

use checks::{cases, close};
use std::autodiff::autodiff_reverse;
use std::process::ExitCode;

#[autodiff_reverse(product_grad, Active, Active, Active)]
fn product(x: f64, y: f64) -> f64 {
    x * y.sin() + x.exp() / y
}

#[autodiff_reverse(only_grad, Active, ActiveOnly)]
fn only(x: f64) -> f64 {
    x.sqrt() * x
}

#[autodiff_reverse(single_grad, Active, Active)]
fn single(x: f32) -> f32 {
    if x > 1.0 { x * x * x } else { -x }
}

fn partials() {
    let (x, y) = (0.7f64, 1.3f64);
    let (value, dx, dy) = product_grad(x, y, 1.0);
    close(value, product(x, y));
    close(dx, y.sin() + x.exp() / y);
    close(dy, x * y.cos() - x.exp() / (y * y));
}

fn derivative_alone() {
    close(only_grad(2.25, 1.0), 1.5 * 2.25f64.sqrt());
}

fn branches_in_single_precision() {
    let (value, dx) = single_grad(2.0, 1.0);
    close(f64::from(value), 8.0);
    close(f64::from(dx), 12.0);
    close(f64::from(single_grad(0.5, 1.0).1), -1.0);
}

fn main() -> ExitCode {
    cases!(partials, derivative_alone, branches_in_single_precision)
}
