//! One memory under two names. Two shared references may point at the same values, and then their shadows are one memory
//! too, and written: what holds of the primal's memory (read-only, no alias matters) does not hold of the shadow's.

use checks::{cases, close, close_all};
use enzyme_marker::autodiff_reverse;
use std::process::ExitCode;

/// By raw pointers, the only way to pass one shadow twice without breaking the rules of `&mut`.
#[autodiff_reverse(product_grad, Duplicated, Duplicated, Active)]
fn product(a: *const f64, b: *const f64) -> f64 {
    // SAFETY: the callers below pass pointers to live numbers.
    let (a, b) = unsafe { (&*a, &*b) };
    multiply(a, b)
}

#[inline(never)]
fn multiply(a: &f64, b: &f64) -> f64 {
    a * a * b
}

#[inline(never)]
fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i] * y[y.len() - 1 - i];
    }
    sum
}

#[autodiff_reverse(self_dot_grad, Duplicated, Active)]
fn self_dot(x: &[f64]) -> f64 {
    dot(x, x)
}

#[autodiff_reverse(overlap_grad, Duplicated, Active)]
fn overlap(x: &[f64]) -> f64 {
    dot(&x[1..], &x[..x.len() - 1])
}

/// The same values by two fields of a struct.
struct Views<'a> {
    left: &'a [f64],
    right: &'a [f64],
}

#[inline(never)]
fn viewed(views: &Views<'_>) -> f64 {
    views
        .left
        .iter()
        .zip(views.right)
        .map(|(l, r)| l * r * r)
        .sum()
}

#[autodiff_reverse(viewed_grad, Duplicated, Active)]
fn both_views(x: &[f64]) -> f64 {
    viewed(&Views { left: x, right: x })
}

fn one_argument_twice() {
    let (a, mut da) = (3.0, 0.0);
    let shadow = &raw mut da;
    close(product_grad(&a, shadow, &a, shadow, 1.0), 27.0);
    close(da, 27.0);
}

fn two_arguments() {
    let (a, b, mut da, mut db) = (3.0, 5.0, 0.0, 0.0);
    close(product_grad(&a, &raw mut da, &b, &raw mut db, 1.0), 45.0);
    close_all(&[da, db], &[30.0, 9.0]);
}

fn one_slice_twice() {
    let mut dx = [0.0; 3];
    close(self_dot_grad(&[1.0, 2.0, 5.0], &mut dx, 1.0), 14.0);
    close_all(&dx, &[10.0, 4.0, 2.0]);
}

fn overlapping_slices() {
    // x1 x2 + x2 x1 + x3 x0
    let mut dx = [0.0; 4];
    close(
        overlap_grad(&[2.0, 3.0, 5.0, 7.0], &mut dx, 1.0),
        15.0 + 15.0 + 14.0,
    );
    close_all(&dx, &[7.0, 10.0, 6.0, 2.0]);
}

fn one_slice_in_two_fields() {
    let mut dx = [0.0; 2];
    close(viewed_grad(&[2.0, 3.0], &mut dx, 1.0), 35.0);
    close_all(&dx, &[12.0, 27.0]);
}

fn main() -> ExitCode {
    cases![
        one_argument_twice,
        two_arguments,
        one_slice_twice,
        overlapping_slices,
        one_slice_in_two_fields
    ]
}
