//! Loops of every kind, and branches.

use checks::{cases, close, is_gradient};
use enzyme_marker::autodiff_reverse;
use std::process::ExitCode;

#[autodiff_reverse(nested_grad, Duplicated, Active)]
fn nested(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        let mut product = 1.0;
        for j in 0..i {
            for k in j..i {
                product += x[i] * x[j] * x[k];
            }
        }
        sum += product * product;
    }
    sum
}

/// The trip count depends on the data, and every iterate on the one before.
#[autodiff_reverse(newton_grad, Active, Active)]
fn newton(a: f64) -> f64 {
    let mut x = a;
    while (x * x - a).abs() > 1e-14 * a {
        x = 0.5 * (x + a / x);
    }
    x
}

/// The derivative of the iteration itself, which converges to that of the root a little later than the iterate.
fn newton_slope(a: f64) -> f64 {
    let (mut x, mut dx) = (a, 1.0);
    while (x * x - a).abs() > 1e-14 * a {
        dx = 0.5 * (dx + 1.0 / x - a / (x * x) * dx);
        x = 0.5 * (x + a / x);
    }
    dx
}

#[autodiff_reverse(collatz_grad, Active, Const, Active)]
fn collatz(x: f64, start: u32) -> f64 {
    let (mut n, mut y) = (start, x);
    while n != 1 {
        if n % 2 == 0 {
            n /= 2;
            y = (y * x).sin() + 0.3 * y;
        } else {
            n = 3 * n + 1;
            y = y * y * 0.5 + x;
        }
    }
    y
}

#[autodiff_reverse(exits_grad, Duplicated, Const, Active)]
fn exits(x: &[f64], limit: f64) -> f64 {
    let mut sum = 0.0;
    for (i, v) in x.iter().enumerate() {
        if *v < 0.0 {
            continue;
        }
        sum += v * v;
        if sum > limit {
            return sum * i as f64;
        }
        if *v > 3.0 {
            sum *= 2.0;
            break;
        }
    }
    sum + x[0]
}

#[autodiff_reverse(labelled_grad, Duplicated, Active)]
fn labelled(x: &[f64]) -> f64 {
    let mut product = 1.0;
    'rows: for i in 0..x.len() {
        for j in 0..x.len() {
            if i * j > 6 {
                continue 'rows;
            }
            product *= 1.0 + 0.1 * x[i] * x[j];
            if product > 4.0 {
                break 'rows;
            }
        }
    }
    product
}

#[derive(Clone, Copy)]
enum Kernel {
    Linear,
    Power(i32),
    Bump { width: f64 },
}

#[autodiff_reverse(kernel_grad, Active, Const, Active)]
fn kernel(x: f64, kind: Kernel) -> f64 {
    match kind {
        Kernel::Linear => 2.0 * x,
        Kernel::Power(n) => x.powi(n),
        Kernel::Bump { width } if x.abs() < width => (1.0 - (x / width).powi(2)).exp(),
        Kernel::Bump { .. } => 0.0,
    }
}

#[autodiff_reverse(dispatch_grad, Duplicated, Const, Active)]
fn dispatch(x: &[f64], codes: &[u8]) -> f64 {
    let mut acc = 1.0;
    for (v, code) in x.iter().zip(codes) {
        acc = match code {
            0 => acc + v,
            1 => acc * v,
            2 => acc - v.exp(),
            3 => acc / (1.0 + v * v),
            7 => acc.max(*v),
            _ => acc,
        };
    }
    acc
}

#[autodiff_reverse(piecewise_grad, Active, Active)]
fn piecewise(x: f64) -> f64 {
    let y = if x > 1.0 {
        x * x
    } else if x > 0.0 {
        x.sqrt()
    } else {
        -x
    };
    y.clamp(0.2, 5.0) + if y > 2.0 { y } else { 0.0 }
}

fn nested_loops() {
    let x = [0.4, -0.3, 0.9, 1.1, -0.6];
    let mut dx = [0.0; 5];
    close(nested_grad(&x, &mut dx, 1.0), nested(&x));
    is_gradient(nested, &x, &dx);
}

fn while_until_converged() {
    for a in [1e-3, 0.5, 2.0, 1e4] {
        let (root, da) = newton_grad(a, 1.0);
        close(root, a.sqrt());
        close(da, newton_slope(a));
    }
}

fn while_by_integers() {
    for start in [1, 2, 7, 27] {
        let (value, dx) = collatz_grad(0.3, start, 1.0);
        close(value, collatz(0.3, start));
        is_gradient(|p| collatz(p[0], start), &[0.3], &[dx]);
    }
}

fn several_exits() {
    for (x, limit) in [
        ([1.0, 2.0, -1.0, 2.5], 100.0),
        ([1.0, 4.0, 1.0, 1.0], 100.0),
        ([1.0, -2.0, 2.0, 3.5], 4.5),
    ] {
        let mut dx = [0.0; 4];
        close(exits_grad(&x, &mut dx, limit, 1.0), exits(&x, limit));
        is_gradient(|p| exits(p, limit), &x, &dx);
    }
}

fn labelled_breaks() {
    for scale in [0.2, 0.8, 2.0] {
        let x = [1.0, 1.3, -0.4, 2.1, 0.7].map(|v| v * scale);
        let mut dx = [0.0; 5];
        close(labelled_grad(&x, &mut dx, 1.0), labelled(&x));
        is_gradient(labelled, &x, &dx);
    }
}

fn match_on_an_enum() {
    for kind in [
        Kernel::Linear,
        Kernel::Power(3),
        Kernel::Bump { width: 1.5 },
        Kernel::Bump { width: 0.5 },
    ] {
        let (value, dx) = kernel_grad(0.8, kind, 1.0);
        close(value, kernel(0.8, kind));
        is_gradient(|p| kernel(p[0], kind), &[0.8], &[dx]);
    }
}

fn match_in_a_loop() {
    let x = [0.5, 1.5, 0.3, -0.8, 2.5, 0.9, 1.2];
    let codes = [0, 1, 2, 3, 7, 9, 1];
    let mut dx = [0.0; 7];
    close(
        dispatch_grad(&x, &mut dx, &codes, 1.0),
        dispatch(&x, &codes),
    );
    is_gradient(|p| dispatch(p, &codes), &x, &dx);
}

fn if_chains_and_clamp() {
    for x in [-9.0, -0.1, -1.5, 0.3, 0.01, 1.2, 1.9, 4.0] {
        let (value, dx) = piecewise_grad(x, 1.0);
        close(value, piecewise(x));
        is_gradient(|p| piecewise(p[0]), &[x], &[dx]);
    }
}

fn main() -> ExitCode {
    cases![
        nested_loops,
        while_until_converged,
        while_by_integers,
        several_exits,
        labelled_breaks,
        match_on_an_enum,
        match_in_a_loop,
        if_chains_and_clamp,
    ]
}
