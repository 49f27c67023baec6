//! Memory that the function allocates for itself.

use checks::{cases, close, is_gradient};
use enzyme_marker::autodiff_reverse;
use std::process::ExitCode;

#[autodiff_reverse(zeroed_grad, Duplicated, Active)]
fn zeroed(x: &[f64]) -> f64 {
    let mut sums = vec![0.0; x.len()];
    for i in 0..x.len() {
        for j in 0..=i {
            sums[i] += x[j] * x[j];
        }
    }
    sums.iter().map(|s| s.sqrt()).sum()
}

#[autodiff_reverse(pushed_grad, Duplicated, Active)]
fn pushed(x: &[f64]) -> f64 {
    let mut terms = Vec::with_capacity(x.len());
    for v in x {
        terms.push(v.sin() * v);
    }
    terms.iter().rev().fold(0.0, |a, t| a * 0.5 + t)
}

#[autodiff_reverse(grown_grad, Duplicated, Active)]
fn grown(x: &[f64]) -> f64 {
    let mut terms = Vec::new();
    for v in x {
        terms.push(v * v);
        terms.push(v.exp());
    }
    terms.chunks(2).map(|pair| pair[0] * pair[1]).sum()
}

#[autodiff_reverse(cloned_grad, Duplicated, Active)]
fn cloned(x: &[f64]) -> f64 {
    let mut copy = x.to_vec();
    let original = copy.clone();
    for v in &mut copy {
        *v = v.exp();
    }
    copy.iter().zip(&original).map(|(a, b)| a * b).sum()
}

#[autodiff_reverse(collected_grad, Duplicated, Active)]
fn collected(x: &[f64]) -> f64 {
    let squares: Vec<f64> = x.iter().map(|v| v * v + 1.0).collect();
    let logs: Vec<f64> = squares.iter().map(|s| s.ln()).collect();
    squares.iter().zip(&logs).map(|(s, l)| s * l).sum()
}

#[autodiff_reverse(swapped_grad, Duplicated, Const, Active)]
fn swapped(x: &[f64], steps: usize) -> f64 {
    let mut now = x.to_vec();
    let mut next = vec![0.0; x.len()];
    for _ in 0..steps {
        for i in 1..x.len() - 1 {
            next[i] =
                now[i] + 0.1 * (now[i - 1] - 2.0 * now[i] + now[i + 1]) - 0.01 * now[i] * now[i];
        }
        std::mem::swap(&mut now, &mut next);
    }
    now.iter().map(|v| v * v).sum()
}

#[autodiff_reverse(rows_grad, Duplicated, Active)]
fn rows(x: &[f64]) -> f64 {
    let rows: Vec<Vec<f64>> = x
        .iter()
        .map(|v| (1..4).map(|k| v.powi(k)).collect())
        .collect();
    rows.iter().map(|row| row.iter().product::<f64>()).sum()
}

#[autodiff_reverse(boxed_grad, Active, Active)]
fn boxed(x: f64) -> f64 {
    let mut cell = Box::new(x);
    for _ in 0..3 {
        *cell = *cell * *cell + 0.1;
    }
    *cell
}

#[autodiff_reverse(inside_loop_grad, Duplicated, Active)]
fn inside_loop(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for n in 1..=x.len() {
        let mut scratch = vec![1.0; n];
        for i in 0..n {
            scratch[i] *= x[i] * x[n - 1 - i];
        }
        sum += scratch.iter().map(|v| v.cos()).sum::<f64>();
    }
    sum
}

const POINT: [f64; 5] = [0.3, -0.8, 1.1, 0.5, -0.2];

fn check(f: impl Fn(&[f64]) -> f64, gradient: impl Fn(&[f64], &mut [f64], f64) -> f64) {
    let mut dx = [0.0; POINT.len()];
    let value = gradient(&POINT, &mut dx, 1.0);
    close(value, f(&POINT));
    is_gradient(f, &POINT, &dx);
}

fn vec_of_zeros() {
    check(zeroed, zeroed_grad);
}

fn with_capacity_and_push() {
    check(pushed, pushed_grad);
}

fn growing_by_push() {
    check(grown, grown_grad);
}

fn to_vec_and_clone() {
    check(cloned, cloned_grad);
}

fn collect() {
    check(collected, collected_grad);
}

fn two_buffers_swapped() {
    for steps in [0, 1, 2, 7] {
        check(
            |x| swapped(x, steps),
            |x, dx, seed| swapped_grad(x, dx, steps, seed),
        );
    }
}

fn vec_of_vecs() {
    check(rows, rows_grad);
}

fn scalar_in_a_box() {
    let (value, dx) = boxed_grad(0.4, 1.0);
    close(value, boxed(0.4));
    is_gradient(|p| boxed(p[0]), &[0.4], &[dx]);
}

fn allocated_in_a_loop() {
    check(inside_loop, inside_loop_grad);
}

fn main() -> ExitCode {
    cases![
        vec_of_zeros,
        with_capacity_and_push,
        growing_by_push,
        to_vec_and_clone,
        collect,
        two_buffers_swapped,
        vec_of_vecs,
        scalar_in_a_box,
        allocated_in_a_loop,
    ]
}
