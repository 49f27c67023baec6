//! Slices with shadows: accumulation, output slices, empty ones.

use checks::{cases, close, close_all, is_gradient};
use enzyme_marker::autodiff_reverse;
use std::process::ExitCode;

#[autodiff_reverse(norm2_grad, Duplicated, Active)]
fn norm2(x: &[f64]) -> f64 {
    x.iter().map(|v| v * v).sum()
}

#[autodiff_reverse(dot_grad, Duplicated, Duplicated, Active)]
fn dot(x: &[f64], y: &[f64]) -> f64 {
    assert_eq!(x.len(), y.len());
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i] * y[i];
    }
    sum
}

#[autodiff_reverse(scaled_grad, Duplicated, Active, Const, Active)]
fn scaled(x: &[f64], by: f64, offset: &[f64]) -> f64 {
    x.iter().zip(offset).map(|(x, o)| (by * x + o).sin()).sum()
}

#[autodiff_reverse(squares_grad, Duplicated, Duplicated)]
fn squares(x: &[f64], out: &mut [f64]) {
    for (o, v) in out.iter_mut().zip(x) {
        *o = v * v;
    }
}

#[autodiff_reverse(squares_only_grad, Duplicated, DuplicatedOnly)]
fn squares_only(x: &[f64], out: &mut [f64]) {
    squares(x, out);
}

#[autodiff_reverse(in_place_grad, Duplicated)]
fn in_place(x: &mut [f64]) {
    for i in 1..x.len() {
        x[i] *= x[i - 1];
    }
}

fn gradient_with_seed() {
    let mut dx = [0.0; 3];
    let value = norm2_grad(&[1.0, -2.0, 3.0], &mut dx, 2.5);
    close(value, 14.0);
    close_all(&dx, &[5.0, -10.0, 15.0]);
}

fn gradient_is_added_to_the_shadow() {
    let mut dx = [100.0, 200.0];
    norm2_grad(&[1.0, 2.0], &mut dx, 1.0);
    norm2_grad(&[1.0, 2.0], &mut dx, 1.0);
    close_all(&dx, &[104.0, 208.0]);
}

fn empty_slice() {
    close(norm2_grad(&[], &mut [], 1.0), 0.0);
}

fn two_slices() {
    let (x, y) = ([1.0, 2.0, 3.0], [4.0, 5.0, -6.0]);
    let (mut dx, mut dy) = ([0.0; 3], [0.0; 3]);
    close(dot_grad(&x, &mut dx, &y, &mut dy, 1.0), -4.0);
    close_all(&dx, &y);
    close_all(&dy, &x);
}

fn many_lengths() {
    for n in 0..40 {
        let x: Vec<f64> = (0..n).map(|i| f64::from(i) * 0.5 - 3.0).collect();
        let mut dx = vec![0.0; x.len()];
        norm2_grad(&x, &mut dx, 1.0);
        close_all(&dx, &x.iter().map(|v| 2.0 * v).collect::<Vec<_>>());
    }
}

fn slice_scalar_and_const() {
    let (x, offset) = ([0.3, 0.9], [0.1, -0.2]);
    let mut dx = [0.0; 2];
    let (value, dby) = scaled_grad(&x, &mut dx, 1.5, &offset, 1.0);
    close(value, scaled(&x, 1.5, &offset));
    is_gradient(
        |p| scaled(&p[..2], p[2], &offset),
        &[x[0], x[1], 1.5],
        &[dx[0], dx[1], dby],
    );
}

fn output_slice() {
    let (mut dx, mut out, mut dout) = ([0.0; 2], [0.0; 2], [1.0, 10.0]);
    squares_grad(&[3.0, 4.0], &mut dx, &mut out, &mut dout);
    close_all(&out, &[9.0, 16.0]);
    close_all(&dx, &[6.0, 80.0]);
    // The seed is consumed: what was overwritten has no influence before the call.
    close_all(&dout, &[0.0, 0.0]);
}

fn output_slice_not_wanted() {
    let (mut dx, mut out, mut dout) = ([0.0; 2], [0.0; 2], [1.0, 10.0]);
    // SAFETY: what the function may leave in `out` is not read: it only promises the derivative.
    unsafe { squares_only_grad(&[3.0, 4.0], &mut dx, &mut out, &mut dout) };
    close_all(&dx, &[6.0, 80.0]);
}

fn overwritten_in_place() {
    let (mut x, mut dx) = ([2.0, 3.0, 5.0], [0.0, 0.0, 1.0]);
    in_place_grad(&mut x, &mut dx);
    close_all(&x, &[2.0, 6.0, 30.0]);
    close_all(&dx, &[15.0, 10.0, 6.0]);
}

fn main() -> ExitCode {
    cases![
        gradient_with_seed,
        gradient_is_added_to_the_shadow,
        empty_slice,
        two_slices,
        many_lengths,
        slice_scalar_and_const,
        output_slice,
        output_slice_not_wanted,
        overwritten_in_place,
    ]
}
