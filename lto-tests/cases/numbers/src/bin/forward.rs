//! Forward mode: one direction, several at once, and the activities of arguments and results.

use checks::{cases, close, close_all};
use enzyme_marker::autodiff_forward;
use std::process::ExitCode;

#[autodiff_forward(wave_fwd, Dual, Dual)]
#[autodiff_forward(wave_tangent, Dual, DualOnly)]
#[autodiff_forward(wave_primal, Dual, Const)]
#[autodiff_forward(wave_wide, 4, Dual, Dual)]
#[autodiff_forward(wave_wide_tangents, 2, Dual, DualOnly)]
fn wave(x: f64) -> f64 {
    x.sin() * x
}

fn slope(x: f64) -> f64 {
    x.cos() * x + x.sin()
}

#[autodiff_forward(norm_fwd, Dual, Dual)]
#[autodiff_forward(norm_wide, 3, Dual, Dual)]
fn norm(x: &[f64]) -> f64 {
    x.iter().map(|v| v * v).sum::<f64>().sqrt()
}

#[autodiff_forward(mixed_fwd, Dual, Const, Dual)]
fn mixed(x: &[f64], k: usize) -> f64 {
    let mut product = 1.0;
    for v in &x[..k] {
        product *= v;
    }
    product
}

#[autodiff_forward(cumulate_fwd, Dual, Dual)]
fn cumulate(x: &[f64], out: &mut [f64]) {
    let mut sum = 0.0;
    for (o, v) in out.iter_mut().zip(x) {
        sum += v * v;
        *o = sum;
    }
}

fn value_and_tangent() {
    let (value, tangent) = wave_fwd(1.2, 0.5);
    close(value, wave(1.2));
    close(tangent, 0.5 * slope(1.2));
}

fn tangent_only() {
    close(wave_tangent(1.2, 1.0), slope(1.2));
}

fn const_result_is_the_value() {
    close(wave_primal(1.2, 1.0), wave(1.2));
}

fn four_directions() {
    let [value, a, b, c, d] = wave_wide(1.2, 1.0, 2.0, 0.0, -3.0);
    close(value, wave(1.2));
    close_all(
        &[a, b, c, d],
        &[1.0, 2.0, 0.0, -3.0].map(|s| s * slope(1.2)),
    );
}

fn two_directions_without_the_value() {
    close_all(
        &wave_wide_tangents(1.2, 1.0, 2.0),
        &[slope(1.2), 2.0 * slope(1.2)],
    );
}

fn slice() {
    let (value, tangent) = norm_fwd(&[3.0, 4.0], &[1.0, 1.0]);
    close(value, 5.0);
    close(tangent, 7.0 / 5.0);
}

fn slice_in_three_directions() {
    let [value, a, b, c] = norm_wide(&[3.0, 4.0], &[1.0, 0.0], &[0.0, 1.0], &[1.0, -1.0]);
    close_all(&[value, a, b, c], &[5.0, 0.6, 0.8, -0.2]);
}

fn const_argument() {
    let (value, tangent) = mixed_fwd(&[2.0, 3.0, 5.0, 7.0], &[1.0, 0.0, 1.0, 1.0], 3);
    close(value, 30.0);
    close(tangent, 15.0 + 6.0);
}

fn output_slice() {
    let (mut out, mut tangents) = ([0.0; 3], [0.0; 3]);
    cumulate_fwd(&[1.0, 2.0, 3.0], &[1.0, 0.0, 1.0], &mut out, &mut tangents);
    close_all(&out, &[1.0, 5.0, 14.0]);
    close_all(&tangents, &[2.0, 2.0, 8.0]);
}

fn main() -> ExitCode {
    cases![
        value_and_tangent,
        tangent_only,
        const_result_is_the_value,
        four_directions,
        two_directions_without_the_value,
        slice,
        slice_in_three_directions,
        const_argument,
        output_slice,
    ]
}
