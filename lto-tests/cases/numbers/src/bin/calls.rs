//! Functions within functions: not inlined, generic, methods, closures, recursion, another crate.

use checks::{cases, close, close_all, is_gradient};
use enzyme_marker::{autodiff_forward, autodiff_reverse};
use std::process::ExitCode;

#[inline(never)]
fn smooth(x: &[f64], out: &mut [f64], weight: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        let left = if i > 0 { x[i - 1] } else { 0.0 };
        out[i] = weight * x[i] * left + x[i].sin();
        sum += out[i];
    }
    sum
}

#[autodiff_reverse(outlined_grad, Duplicated, Active, Active)]
fn outlined(x: &[f64], weight: f64) -> f64 {
    let mut once = vec![0.0; x.len()];
    let mut twice = vec![0.0; x.len()];
    let a = smooth(x, &mut once, weight);
    let b = smooth(&once, &mut twice, weight * weight);
    a * b + twice[0]
}

trait Link {
    fn apply(x: f64) -> f64;
}

struct Exponential;
struct Logistic;

impl Link for Exponential {
    fn apply(x: f64) -> f64 {
        x.exp()
    }
}

impl Link for Logistic {
    fn apply(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }
}

#[autodiff_reverse(linked_grad, Duplicated, Active)]
fn linked<L: Link>(x: &[f64]) -> f64 {
    x.iter().map(|v| L::apply(*v)).sum()
}

#[autodiff_reverse(power_sum_grad, Duplicated, Active)]
fn power_sum<const N: i32>(x: &[f64]) -> f64 {
    x.iter().map(|v| v.powi(N)).sum()
}

struct Line {
    slope: f64,
    offset: f64,
}

impl Line {
    #[autodiff_reverse(loss_grad, Duplicated, Const, Const, Active)]
    fn loss(&self, x: &[f64], y: &[f64]) -> f64 {
        x.iter()
            .zip(y)
            .map(|(x, y)| (self.slope * x + self.offset - y).powi(2))
            .sum()
    }
}

#[autodiff_reverse(both_reverse, Duplicated, Active)]
#[autodiff_forward(both_forward, Dual, Dual)]
#[autodiff_reverse(both_constant, Duplicated, Const)]
fn both(x: &[f64]) -> f64 {
    x.iter().map(|v| v.exp() * v).sum()
}

fn tree(x: &[f64]) -> f64 {
    match x {
        [] => 1.0,
        [v] => v.sin(),
        _ => {
            let (a, b) = x.split_at(x.len() / 2);
            tree(a) * tree(b) + tree(b)
        }
    }
}

#[autodiff_reverse(recursive_grad, Duplicated, Active)]
fn recursive(x: &[f64]) -> f64 {
    tree(x)
}

fn integrate(f: impl Fn(f64) -> f64, steps: u32) -> f64 {
    let h = 1.0 / f64::from(steps);
    (0..steps).map(|i| h * f((f64::from(i) + 0.5) * h)).sum()
}

#[autodiff_reverse(integral_grad, Active, Const, Active)]
fn integral(a: f64, steps: u32) -> f64 {
    integrate(|t| (a * t).sin() * a, steps)
}

#[autodiff_reverse(far_grad, Duplicated, Active, Active)]
fn far(x: &[f64], rate: f64) -> f64 {
    far_primal::decay(x, rate)
}

const POINT: [f64; 5] = [0.3, -0.8, 1.1, 0.5, -0.2];

fn not_inlined_with_slices() {
    let mut dx = [0.0; 5];
    let (value, dw) = outlined_grad(&POINT, &mut dx, 0.7, 1.0);
    close(value, outlined(&POINT, 0.7));
    let point = [&POINT[..], &[0.7]].concat();
    is_gradient(
        |p| outlined(&p[..5], p[5]),
        &point,
        &[&dx[..], &[dw]].concat(),
    );
}

fn generic_over_a_type() {
    let (mut de, mut dl) = ([0.0; 5], [0.0; 5]);
    close(
        linked_grad::<Exponential>(&POINT, &mut de, 1.0),
        linked::<Exponential>(&POINT),
    );
    close(
        linked_grad::<Logistic>(&POINT, &mut dl, 1.0),
        linked::<Logistic>(&POINT),
    );
    close_all(&de, &POINT.map(f64::exp));
    is_gradient(linked::<Logistic>, &POINT, &dl);
}

fn generic_over_a_constant() {
    let (mut d3, mut d4) = ([0.0; 5], [0.0; 5]);
    power_sum_grad::<3>(&POINT, &mut d3, 1.0);
    power_sum_grad::<4>(&POINT, &mut d4, 1.0);
    close_all(&d3, &POINT.map(|v| 3.0 * v * v));
    close_all(&d4, &POINT.map(|v| 4.0 * v * v * v));
}

fn method() {
    let line = Line {
        slope: 0.5,
        offset: -1.0,
    };
    let mut shadow = Line {
        slope: 0.0,
        offset: 0.0,
    };
    let (x, y) = ([1.0, 2.0, 4.0], [0.0, 1.0, 0.5]);
    close(line.loss_grad(&mut shadow, &x, &y, 1.0), 0.25 + 1.0 + 0.25);
    close_all(
        &[shadow.slope, shadow.offset],
        &[2.0 * (-0.5 - 2.0 + 2.0), 2.0 * (-0.5 - 1.0 + 0.5)],
    );
}

fn several_derivatives_of_one_function() {
    let (mut dx, mut untouched) = ([0.0; 5], [0.0; 5]);
    let value = both_reverse(&POINT, &mut dx, 1.0);
    let (same, tangent) = both_forward(&POINT, &[1.0; 5]);
    close(value, both(&POINT));
    close(same, value);
    close_all(&dx, &POINT.map(|v| v.exp() * (1.0 + v)));
    close(tangent, dx.iter().sum());
    close(both_constant(&POINT, &mut untouched), value);
    close_all(&untouched, &[0.0; 5]);
}

fn recursion() {
    let mut dx = [0.0; 5];
    close(recursive_grad(&POINT, &mut dx, 1.0), recursive(&POINT));
    is_gradient(recursive, &POINT, &dx);
}

fn closure_that_captures() {
    for steps in [1, 10, 33] {
        let (value, da) = integral_grad(0.9, steps, 1.0);
        close(value, integral(0.9, steps));
        is_gradient(|p| integral(p[0], steps), &[0.9], &[da]);
    }
}

fn primal_in_another_crate() {
    let mut dx = [0.0; 5];
    let (value, drate) = far_grad(&POINT, &mut dx, 0.4, 1.0);
    close(value, far(&POINT, 0.4));
    let point = [&POINT[..], &[0.4]].concat();
    is_gradient(
        |p| far(&p[..5], p[5]),
        &point,
        &[&dx[..], &[drate]].concat(),
    );
}

fn main() -> ExitCode {
    cases![
        not_inlined_with_slices,
        generic_over_a_type,
        generic_over_a_constant,
        method,
        several_derivatives_of_one_function,
        recursion,
        closure_that_captures,
        primal_in_another_crate,
    ]
}
