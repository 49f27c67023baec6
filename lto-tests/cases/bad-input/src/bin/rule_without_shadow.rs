//! A rule adds to the shadow of an argument that is constant in the call.
//@ says: ER0015
//@ says: takes a shadow of an argument that carries no derivative here

use enzyme_marker::{autodiff_reverse, custom_derivative, derivative_of};

#[custom_derivative]
fn weighted(x: f64, w: &[f64]) -> f64 {
    w.iter().map(|w| w * x).sum()
}

#[derivative_of(weighted, Active, Duplicated, Active)] //~ HERE
fn weighted_reverse(x: f64, w: &[f64]) -> (f64, impl FnOnce(f64, &mut [f64]) -> f64 + use<>) {
    let w = w.to_vec();
    let sum: f64 = w.iter().sum();
    (x * sum, move |d, dw: &mut [f64]| {
        dw.iter_mut().for_each(|dw| *dw += d * x);
        d * sum
    })
}

#[autodiff_reverse(grad, Active, Const, Active)]
fn f(x: f64, w: &[f64]) -> f64 {
    weighted(x, w) * x
}

fn main() {
    let w = vec![1.0, 2.0];
    println!("{:?}", grad(std::env::args().len() as f64, &w, 1.0));
}
