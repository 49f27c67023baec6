//! Results that are not differentiated: the value is right, and the shadows see nothing of it.

use checks::{cases, close, close_all};
use enzyme_marker::autodiff_reverse;
use std::process::ExitCode;

#[autodiff_reverse(norm2_const, Duplicated, Const)]
fn norm2(x: &[f64]) -> f64 {
    x.iter().map(|v| v * v).sum()
}

#[autodiff_reverse(scale_and_count, Duplicated, Active, Const)]
fn scale(x: &mut [f64], by: f64) -> usize {
    for v in x.iter_mut() {
        *v *= by;
    }
    x.len()
}

#[autodiff_reverse(product_const, Active, Active, Const)]
fn product(x: f64, y: f64) -> f64 {
    x * y
}

fn const_result_gives_the_value() {
    let mut dx = [0.5; 2];
    close(norm2_const(&[3.0, 4.0], &mut dx), 25.0);
    close_all(&dx, &[0.5, 0.5]);
}

fn integer_result_beside_an_output_slice() {
    let (mut x, mut dx) = ([1.0, 2.0, 3.0], [1.0, 1.0, 1.0]);
    let (count, dby) = scale_and_count(&mut x, &mut dx, 2.0);
    assert_eq!(count, 3);
    close_all(&x, &[2.0, 4.0, 6.0]);
    close(dby, 6.0);
    close_all(&dx, &[2.0, 2.0, 2.0]);
}

fn const_result_of_active_scalars() {
    let (value, dx, dy) = product_const(3.0, 4.0);
    close_all(&[value, dx, dy], &[12.0, 0.0, 0.0]);
}

fn main() -> ExitCode {
    cases![
        const_result_gives_the_value,
        integer_result_beside_an_output_slice,
        const_result_of_active_scalars
    ]
}
