//! Derivatives that the user writes. Most rules are off by a factor on purpose: only so shows that they are used.

use checks::{cases, close, close_all, near};
use enzyme_marker::calculus::{derivative, gradient, hessian};
use enzyme_marker::{
    autodiff_forward, autodiff_reverse, custom_derivative, derivative_of, inactive,
};
use std::process::ExitCode;

#[custom_derivative]
fn square(x: f64) -> f64 {
    x * x
}

#[derivative_of(square, Dual, Dual)]
fn square_forward(x: f64, bx: f64) -> (f64, f64) {
    (x * x, 20.0 * x * bx)
}

#[derivative_of(square, Active, Active)]
fn square_reverse(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
    (x * x, move |dret| 200.0 * x * dret)
}

#[autodiff_forward(t_in_loop, Dual, Dual)]
#[autodiff_forward(t_in_loop_2, 2, Dual, Dual)]
#[autodiff_reverse(d_in_loop, Duplicated, Active)]
#[autodiff_reverse(d_in_loop_2, 2, Duplicated, Active)]
fn in_loop(x: &[f64]) -> f64 {
    x.iter().map(|v| square(*v) * v).sum()
}

// Supports: attributes: derivative_of, rules of numbers in forward and reverse mode (not in std::autodiff)
fn rules_of_numbers() {
    close(square(3.0), 9.0);
    let x = [1.0, 2.0, -3.0];
    let slope = |factor: f64| x.map(|v| v * v + factor * v * v);
    let (y, dy) = t_in_loop(&x, &[1.0; 3]);
    close(y, -18.0);
    close(dy, slope(20.0).iter().sum());
    let both = t_in_loop_2(&x, &[1.0, 0.0, 0.0], &[0.0, 1.0, 0.0]);
    close_all(&both, &[-18.0, slope(20.0)[0], slope(20.0)[1]]);
    let mut dx = [0.0; 3];
    close(d_in_loop(&x, &mut dx, 1.0), -18.0);
    close_all(&dx, &slope(200.0));
    let (mut a, mut b) = ([0.0; 3], [0.0; 3]);
    d_in_loop_2(&x, &mut a, &mut b, [1.0, 2.0]);
    close_all(&a, &slope(200.0));
    close_all(&b, &slope(200.0).map(|v| 2.0 * v));
    close(derivative(square, 3.0), 60.0);
    close_all(&gradient(|x: &[f64]| square(x[0]), &[3.0]), &[600.0]);
}

/// Rounds; its derivative is that of the identity.
#[custom_derivative]
fn straight_through(x: f64) -> f64 {
    x.round()
}

#[derivative_of(straight_through, Dual, Dual)]
fn straight_through_forward(x: f64, bx: f64) -> (f64, f64) {
    (x.round(), bx)
}

#[derivative_of(straight_through, Active, Active)]
fn straight_through_reverse(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
    (x.round(), |dret| dret)
}

/// The identity, whose adjoint is kept small.
#[custom_derivative]
fn clipped(x: f64) -> f64 {
    x
}

#[derivative_of(clipped, Active, Active)]
fn clipped_reverse(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
    (x, |dret: f64| dret.clamp(-1.0, 1.0))
}

/// The same body as another function, which a compiler may make one of.
#[custom_derivative]
fn reversed(x: f64) -> f64 {
    x
}

#[derivative_of(reversed, Active, Active)]
fn reversed_reverse(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
    (x, |dret: f64| -dret)
}

// Supports: attributes: derivative_of, bodies that carry no derivative or are the identity (not in std::autodiff)
fn bodies_without_slope() {
    let f = |x: &[f64]| straight_through(x[0]) * x[1] + clipped(x[2]) * 5.0 + reversed(x[3]) * 5.0;
    let x = [2.2, 3.0, 4.0, 5.0];
    close_all(&gradient(f, &x), &[3.0, 2.0, 1.0, -5.0]);
    close(derivative(|x: f64| straight_through(x) * 2.0, 1.7), 2.0);
    // Without a forward rule it is the body's.
    close(derivative(|x: f64| clipped(x) * 5.0, 1.7), 5.0);
}

/// The norm, with a slope at zero too.
#[custom_derivative]
fn norm(x: &[f64], scale: f64, _count: usize) -> f64 {
    scale * x.iter().map(|v| v * v).sum::<f64>().sqrt()
}

#[derivative_of(norm, Dual, Dual, Const, Dual)]
fn norm_forward(x: &[f64], bx: &[f64], scale: f64, bscale: f64, count: usize) -> (f64, f64) {
    let value = norm(x, 1.0, count);
    let along: f64 = x.iter().zip(bx).map(|(x, b)| x * b).sum();
    let slope = if value > 0.0 { along / value } else { 0.0 };
    (scale * value, scale * slope + bscale * value)
}

#[derivative_of(norm, Duplicated, Active, Const, Active)]
fn norm_reverse(
    x: &[f64],
    scale: f64,
    count: usize,
) -> (f64, impl FnOnce(f64, &mut [f64]) -> f64 + use<>) {
    let value = norm(x, 1.0, count);
    // The tape owns what it needs: the caller may overwrite `x`.
    let x = x.to_vec();
    let pull_back = move |dret: f64, dx: &mut [f64]| {
        if value > 0.0 {
            for (dx, x) in dx.iter_mut().zip(&x) {
                *dx += dret * scale * x / value;
            }
        }
        dret * value
    };
    (scale * value, pull_back)
}

#[autodiff_reverse(d_norms, Duplicated, Active, Active)]
#[autodiff_forward(t_norms, Dual, Dual, Dual)]
fn norms(x: &mut [f64], scale: f64) -> f64 {
    let mut sum = 0.0;
    for k in 0..3 {
        sum += norm(x, scale, k);
        for v in x.iter_mut() {
            *v *= *v;
        }
    }
    // Another place and length each time, so that the reverse sweep must not look at those of the last.
    for length in 1..=x.len() {
        let copy = x[..length].to_vec();
        sum += norm(&copy, scale, 0);
    }
    sum + norm(&[0.0, 0.0], scale, 0)
}

#[autodiff_reverse(d_constant, Const, Active, Active)]
fn of_constant(x: f64, scale: f64) -> f64 {
    square(x) * scale + square(scale)
}

// Supports: attributes: derivative_of, slices, several arguments, a tape that owns memory (not in std::autodiff)
fn rules_of_slices() {
    let x = [3.0, 4.0];
    let (mut y, mut dy) = (x, [0.0; 2]);
    let (value, dscale) = d_norms(&mut y, &mut dy, 2.0, 1.0);
    let norms_at = |x: [f64; 2]| {
        let norm = |p: i32| (x[0].powi(2 * p) + x[1].powi(2 * p)).sqrt();
        norm(1) + norm(2) + norm(4) + x[0].powi(8) + norm(8)
    };
    close(value, 2.0 * norms_at(x));
    close(dscale, norms_at(x));
    for i in 0..2 {
        let at = |by: f64| {
            let mut x = x;
            x[i] += by;
            2.0 * norms_at(x)
        };
        near(dy[i], (at(1e-5) - at(-1e-5)) / 2e-5, 1e-6);
    }
    let mut y = x;
    let (_, tangent) = t_norms(&mut y, &mut [1.0, 2.0], 2.0, 0.5);
    close(tangent, dy[0] + 2.0 * dy[1] + 0.5 * dscale);
    let (_, d) = d_constant(3.0, 2.0, 1.0);
    close(d, 9.0 + 400.0);
}

/// In place, and without a result.
#[custom_derivative]
fn double_all(x: &mut [f64]) {
    x.iter_mut().for_each(|v| *v *= 2.0);
}

#[derivative_of(double_all, Dual)]
fn double_all_forward(x: &mut [f64], bx: &mut [f64]) {
    double_all(x);
    bx.iter_mut().for_each(|v| *v *= 20.0);
}

#[derivative_of(double_all, Duplicated)]
fn double_all_reverse(x: &mut [f64]) -> impl FnOnce(&mut [f64]) + use<> {
    double_all(x);
    |dx: &mut [f64]| dx.iter_mut().for_each(|v| *v *= 200.0)
}

mod geometry {
    use enzyme_marker::{custom_derivative, derivative_of};

    #[custom_derivative]
    pub fn polar((r, phi): (f64, f64)) -> [f64; 2] {
        [r * phi.cos(), r * phi.sin()]
    }

    #[derivative_of(polar, Active, Active)]
    fn polar_reverse((r, phi): (f64, f64)) -> ([f64; 2], impl FnOnce([f64; 2]) -> (f64, f64)) {
        let (s, c) = phi.sin_cos();
        let pull = move |d: [f64; 2]| (c * d[0] + s * d[1], r * (c * d[1] - s * d[0]) * 7.0);
        ([r * c, r * s], pull)
    }
}

#[derivative_of(geometry::polar, Dual, Dual)]
fn polar_forward((r, phi): (f64, f64), (br, bphi): (f64, f64)) -> ([f64; 2], [f64; 2]) {
    let (s, c) = phi.sin_cos();
    let value = [r * c, r * s];
    (
        value,
        [
            c * br - 7.0 * value[1] * bphi,
            s * br + 7.0 * value[0] * bphi,
        ],
    )
}

// Supports: attributes: derivative_of, functions in place, of tuples and arrays, in other modules (not in std::autodiff)
fn rules_of_other_types() {
    let f = |x: &[f64]| {
        let mut y = x.to_vec();
        double_all(&mut y);
        double_all(&mut y);
        let [a, b] = geometry::polar((y[0], x[1]));
        y[0] * y[1] + a * b
    };
    let (r, phi) = (4.0 * 0.7, 0.3f64);
    let (s, c) = phi.sin_cos();
    let want = |k: f64| {
        let by_r = 2.0 * r * s * c;
        let by_phi = r * r * (c * c - s * s) * 7.0;
        [k * (4.0 * 0.3 + by_r), k * r + by_phi]
    };
    close_all(&gradient(f, &[0.7, 0.3]), &want(40000.0));
    let along = derivative(|t: f64| f(&[0.7 + t, 0.3 - t]), 0.0);
    close(along, want(400.0)[0] - want(400.0)[1]);
}

// Supports: attributes: derivative_of under a second derivative (not in std::autodiff)
fn second_derivatives() {
    // Forward over reverse: the reverse rule, differentiated as any other code.
    let h = hessian(|x: &[f64]| square(x[0]) * x[1], &[3.0, 2.0]);
    close_all(&h[0], &[400.0, 600.0]);
    close_all(&h[1], &[6.0, 0.0]);
}

struct Model {
    weight: f64,
    seen: f64,
}

impl Model {
    #[inactive]
    fn weight(&self) -> f64 {
        assert!(self.weight > 0.0, "{} is too small", self.weight);
        self.weight
    }

    #[inactive]
    fn see(&mut self, value: f64) {
        self.seen += value;
    }

    #[inactive]
    fn consume(mut self) -> f64 {
        self.weight += 1.0;
        self.weight
    }
}

trait Logged {
    fn log(&self, value: f64) -> f64;
}

impl Logged for Model {
    #[inactive]
    fn log(&self, value: f64) -> f64 {
        value * self.weight()
    }
}

#[autodiff_reverse(d_model, Duplicated, Active, Active)]
fn model(m: &mut Model, x: f64) -> f64 {
    m.see(x);
    let copy = Model { ..*m };
    m.weight * x * m.weight() + m.log(x) + copy.consume()
}

// Supports: attributes: inactive methods, of traits too (not in std::autodiff)
fn inactive_methods() {
    let mut m = Model {
        weight: 3.0,
        seen: 0.0,
    };
    let mut dm = Model {
        weight: 0.0,
        seen: 0.0,
    };
    let (y, dx) = d_model(&mut m, &mut dm, 2.0, 1.0);
    close_all(&[y, dx, dm.weight, m.seen], &[28.0, 9.0, 6.0, 2.0]);
}

#[custom_derivative]
fn kept_below(x: f64, most: f64) -> f64 {
    x.min(most)
}

// As if nothing was cut off.
#[derivative_of(kept_below, Dual, Const, Dual)]
fn kept_below_forward(x: f64, bx: f64, most: f64) -> (f64, f64) {
    (kept_below(x, most), bx)
}

#[derivative_of(kept_below, Active, Const, Active)]
fn kept_below_reverse(x: f64, most: f64) -> (f64, impl FnOnce(f64) -> f64) {
    (kept_below(x, most), |d| d)
}

#[custom_derivative]
fn kept_below_single(x: f32, most: f32) -> f32 {
    x.min(most)
}

#[derivative_of(kept_below_single, Active, Const, Active)]
fn kept_below_single_reverse(x: f32, most: f32) -> (f32, impl FnOnce(f32) -> f32) {
    (kept_below_single(x, most), |d| d)
}

/// One function with rules for each type that generic code is for.
trait Kept: Copy + std::ops::Mul<Output = Self> {
    fn below(self, most: Self) -> Self;
}

impl Kept for f64 {
    fn below(self, most: f64) -> f64 {
        kept_below(self, most)
    }
}

impl Kept for f32 {
    fn below(self, most: f32) -> f32 {
        kept_below_single(self, most)
    }
}

fn kept_square<T: Kept>(x: T, most: T) -> T {
    (x * x).below(most)
}

struct Limit(f64);

impl Limit {
    fn apply(&self, x: f64) -> f64 {
        kept_below(x, self.0)
    }
}

#[autodiff_reverse(d_generic, Active, Active)]
#[autodiff_forward(t_generic, Dual, Dual)]
fn of_generic(x: f64) -> f64 {
    kept_square(x, 4.0)
}

#[autodiff_reverse(d_generic_single, Active, Active)]
fn of_generic_single(x: f32) -> f32 {
    kept_square(x, 4.0)
}

#[autodiff_reverse(d_method, Const, Active, Active)]
fn of_method(limit: &Limit, x: f64) -> f64 {
    limit.apply(x * x)
}

// Supports: attributes: derivative_of for functions that methods and generic functions call, one for each type (not in std::autodiff)
fn rules_of_methods_and_generics() {
    let (y, dx) = d_generic(3.0, 1.0);
    let (ty, tx) = t_generic(3.0, 1.0);
    close_all(&[y, dx, ty, tx], &[4.0, 6.0, 4.0, 6.0]);
    let (y, dx) = d_generic_single(3.0, 1.0);
    close_all(&[y.into(), dx.into()], &[4.0, 6.0]);
    let (y, dx) = d_method(&Limit(4.0), 3.0, 1.0);
    close_all(&[y, dx], &[4.0, 6.0]);
}

fn main() -> ExitCode {
    cases![
        rules_of_numbers,
        bodies_without_slope,
        rules_of_slices,
        rules_of_other_types,
        second_derivatives,
        inactive_methods,
        rules_of_methods_and_generics
    ]
}
