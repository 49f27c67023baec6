//! Derivatives of closures and of methods, by function calls.

use checks::{cases, close, close_all, is_gradient};
use enzyme_marker::calculus::{
    accumulate_gradient, derivative, gradient, hessian, hvp, ignore_derivatives, jacobian, jvp,
    value_and_gradient, vjp,
};
use enzyme_marker::{autodiff_forward, autodiff_reverse, inactive};
use std::process::ExitCode;

trait Model {
    fn loss(&self, x: &[f64]) -> f64;
}
struct Quad {
    a: Vec<f64>,
}
impl Model for Quad {
    fn loss(&self, x: &[f64]) -> f64 {
        x.iter().zip(&self.a).map(|(x, a)| a * x * x).sum()
    }
}
struct Sine(f64);
impl Model for Sine {
    fn loss(&self, x: &[f64]) -> f64 {
        x.iter().map(|x| (x * self.0).sin()).sum()
    }
}
struct Gen<T> {
    t: T,
}
impl<T: Into<f64> + Copy> Gen<T> {
    fn go(&self, x: &[f64]) -> f64 {
        x[0] * x[0] * self.t.into()
    }
}
fn rosen(x: &[f64]) -> f64 {
    x.windows(2)
        .map(|w| 100.0 * (w[1] - w[0] * w[0]).powi(2) + (1.0 - w[0]).powi(2))
        .sum()
}
const X: [f64; 3] = [0.5, -0.3, 0.8];
// Supports: calculus: gradient, value_and_gradient, accumulate_gradient of closures (not in oxide-enzyme, std::autodiff)
// Supports: calculus: derivative of a closure of one number (not in oxide-enzyme, std::autodiff)
fn gradients() {
    let k = 3.0;
    close_all(
        &gradient(|x: &[f64]| x.iter().map(|v| v * v * k).sum(), &X),
        &X.map(|v| 6.0 * v),
    );
    let (v, g) = value_and_gradient(rosen, &X);
    close(v, rosen(&X));
    is_gradient(rosen, &X, &g);
    let g32 = gradient(|x: &[f32]| x[0] * x[1], &[2.0, 3.0]);
    assert_eq!(g32, [3.0, 2.0]);
    close(derivative(|x: f64| x.sin() * k, 0.4), 0.4f64.cos() * 3.0);
    let mut d = [1.0; 3];
    accumulate_gradient(rosen, &X, &mut d, 2.0);
    close(d[0], 1.0 + 2.0 * g[0]);
}
// Supports: calculus: gradients of methods of generic types and of trait objects (not in oxide-enzyme, std::autodiff)
fn methods() {
    let q = Quad {
        a: vec![1.0, 2.0, 3.0],
    };
    close_all(&gradient(|x| q.loss(x), &X), &[1.0, -1.2, 4.8]);
    let ms: [&dyn Model; 2] = [&q, &Sine(2.0)];
    for m in ms {
        is_gradient(|x| m.loss(x), &X, &gradient(|x| m.loss(x), &X));
    }
    let g = Gen { t: 3.0f32 };
    close_all(&gradient(|x| g.go(x), &[2.0, 1.0]), &[12.0, 0.0]);
    let b = Box::new(|x: &[f64]| x[0] * x[1]) as Box<dyn Fn(&[f64]) -> _>;
    close_all(&gradient(&*b, &[2.0, 5.0]), &[5.0, 2.0]);
}
// Supports: calculus: jvp, vjp (not in std::autodiff)
fn products() {
    let f = |x: &[f64]| [x[0] * x[1], x[1].sin(), x[2] * x[2], x[0] + x[2]];
    let (y, t) = jvp(f, &X, &[1.0, 2.0, 0.5]);
    close_all(&y, &f(&X));
    close_all(&t, &[X[1] + 2.0 * X[0], 2.0 * X[1].cos(), X[2], 1.5]);
    let (y, a) = vjp(f, &X, &[1.0, 2.0, 3.0, 4.0]);
    close_all(&y, &f(&X));
    close_all(&a, &[X[1] + 4.0, X[0] + 2.0 * X[1].cos(), 6.0 * X[2] + 4.0]);
}
// Supports: calculus: jacobian, in batches, by forward or by reverse mode (not in std::autodiff)
fn jacobians() {
    let f = |x: &[f64]| x.iter().map(|v| v * v * x[0]).collect::<Vec<f64>>();
    let x = [1.0, 2.0, 3.0, 4.0, 5.0];
    let j = jacobian(f, &x);
    for r in 0..5 {
        for c in 0..5 {
            let mut w = if r == c { 2.0 * x[r] * x[0] } else { 0.0 };
            if c == 0 {
                w += x[r] * x[r]
            }
            close(j[r][c], w);
        }
    }
    let g = |x: &[f64]| [x.iter().product::<f64>(), x[1]];
    let j = jacobian(g, &x);
    assert_eq!((j.len(), j[0].len()), (2, 5));
    close_all(&j[0], &x.map(|v| 120.0 / v));
    close_all(&j[1], &[0.0, 1.0, 0.0, 0.0, 0.0]);
}
// Supports: calculus: hessian, hvp (forward over reverse) (not in std::autodiff)
fn hessians() {
    let h = hessian(rosen, &X);
    let w = |i: usize, j: usize| -> f64 {
        if i == j {
            (if i < 2 {
                1200.0 * X[i] * X[i] - 400.0 * X[i + 1] + 2.0
            } else {
                0.0
            }) + (if i > 0 { 200.0 } else { 0.0 })
        } else if i.abs_diff(j) == 1 {
            -400.0 * X[i.min(j)]
        } else {
            0.0
        }
    };
    for i in 0..3 {
        for j in 0..3 {
            close(h[i][j], w(i, j))
        }
    }
    let v = [1.0, -2.0, 0.5];
    let p = hvp(rosen, &X, &v);
    for i in 0..3 {
        close(p[i], (0..3).map(|j| h[i][j] * v[j]).sum())
    }
}
// Supports: calculus: ignore_derivatives (not in std::autodiff)
fn detached() {
    let g = gradient(
        |x: &[f64]| x[0] * ignore_derivatives(x[0] * x[1]),
        &[2.0, 3.0],
    );
    close_all(&g, &[6.0, 0.0]);
    assert_eq!(ignore_derivatives(3.0f32), 3.0);
}
#[inactive]
fn largest(x: &[f64]) -> f64 {
    if x.is_empty() {
        return 1.0;
    }
    x.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

#[inactive]
fn shown<T: std::fmt::Debug>(label: &str, (value, limit): (T, f64)) {
    if limit > 1e9 {
        println!("{label}: {value:?}");
    }
}

#[inactive]
fn first(x: &[f64], count: usize) -> Vec<f64> {
    x[..count].to_vec()
}

#[autodiff_reverse(scaled_grad, Duplicated, Active)]
#[autodiff_forward(scaled_fwd, Dual, Dual)]
fn scaled(x: &[f64]) -> f64 {
    let scale = largest(x);
    shown("scale", (scale, x[0]));
    x.iter().map(|v| v * v / scale).sum::<f64>() * first(x, 2)[1]
}

// Supports: calculus: functions that are `inactive`, generic ones included (not in std::autodiff)
fn inactive_functions() {
    let x = [1.0, 3.0, 2.0];
    let mut dx = [0.0; 3];
    close(scaled_grad(&x, &mut dx, 1.0), 14.0);
    close_all(&dx, &[2.0, 6.0, 4.0]);
    close(scaled_fwd(&x, &[1.0; 3]).1, 12.0);
    close(largest(&[]), 1.0);
}

fn main() -> ExitCode {
    cases![
        gradients,
        methods,
        products,
        jacobians,
        hessians,
        detached,
        inactive_functions
    ]
}
