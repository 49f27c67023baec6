//! Rules that don't fit, and what may have none.

use enzyme_marker::{custom_derivative, derivative_of};

#[custom_derivative]
fn square(x: f64) -> f64 {
    x * x
}

#[custom_derivative]
fn scaled(x: &[f64], scale: f64) -> f64 {
    x.iter().sum::<f64>() * scale
}

fn plain(x: f64) -> f64 {
    x
}

#[derivative_of]
fn of_nothing(x: f64, bx: f64) -> (f64, f64) {
    (x, bx)
}

#[derivative_of(square)]
fn without_activities(x: f64, bx: f64) -> (f64, f64) {
    (x, bx)
}

#[derivative_of(square, Dual, Active)]
fn of_both_modes(x: f64, bx: f64) -> (f64, f64) {
    (x, bx)
}

#[derivative_of(square, Dualv, DualOnly)]
fn of_other_activities(x: f64, bx: f64) -> (f64, f64) {
    (x, bx)
}

#[derivative_of(square, Dual, Dual)]
fn without_tangent(x: f64) -> (f64, f64) {
    (x, x)
}

#[derivative_of(square, Active, Active)]
fn with_too_much(x: f64, y: f64, z: f64) -> (f64, impl FnOnce(f64) -> f64) {
    (x + y + z, |d| d)
}

#[derivative_of(square, Dual, Dual)]
fn without_value(x: f64, bx: f64) -> f64 {
    2.0 * x * bx
}

#[derivative_of(square, Active, Active)]
fn without_closure(x: f64) -> f64 {
    2.0 * x
}

#[derivative_of(scaled, Active, Duplicated, Active)]
fn of_wrong_types(x: &[f64], scale: f64) -> (f64, impl FnOnce(f64) -> f64) {
    (x[0] * scale, |d| d)
}

#[derivative_of(square, Active, Const)]
fn of_constant_result(x: f64) -> (f64, impl FnOnce() -> f64) {
    (x, || 1.0)
}

#[derivative_of(square, Dual, Dual)]
fn generic<T>(x: f64, bx: f64, _t: T) -> (f64, f64) {
    (x, bx)
}

#[derivative_of(square, Dual, Dual)]
struct Item;

#[custom_derivative]
fn generic_primal<T: Copy>(x: T) -> T {
    x
}

#[custom_derivative]
fn without_arguments() -> f64 {
    1.0
}

#[custom_derivative(square)]
fn with_arguments(x: f64) -> f64 {
    x
}

#[custom_derivative]
async fn asynchronous(x: f64) -> f64 {
    x
}

struct S;

impl S {
    #[custom_derivative]
    fn method(&self, x: f64) -> f64 {
        x
    }
}

impl Clone for S {
    #[custom_derivative]
    fn clone(&self) -> Self {
        S
    }
}

impl S {
    #[custom_derivative]
    fn associated(x: &Self) -> f64 {
        let S = x;
        1.0
    }
}

trait Bodiless {
    #[custom_derivative]
    fn bodiless(x: f64) -> f64;
}

#[custom_derivative]
fn never(x: f64) -> ! {
    panic!("{x}")
}

#[custom_derivative]
fn unnamed_result(x: f64) -> impl Fn(f64) -> f64 {
    move |y| x * y
}

#[custom_derivative]
fn named_lifetime<'a>(x: &'a f64, _y: &f64) -> &'a f64 {
    x
}

#[custom_derivative]
#[enzyme_marker::inactive]
fn inactive(x: f64) -> f64 {
    x
}

#[derivative_of(S::associated, Dual, Dual)]
fn of_associated(x: f64, bx: f64) -> (f64, f64) {
    (x, bx)
}

#[derivative_of(<S as Clone>::clone, Dual, Dual)]
fn of_trait_method(x: f64, bx: f64) -> (f64, f64) {
    (x, bx)
}

#[derivative_of(square::<f64>, Dual, Dual)]
fn of_instance(x: f64, bx: f64) -> (f64, f64) {
    (x, bx)
}

#[derivative_of("square", Dual, Dual)]
fn of_text(x: f64, bx: f64) -> (f64, f64) {
    (x, bx)
}

fn main() {}
