//! `f32`, alone and mixed with `f64`.

use checks::{cases, close32};
use enzyme_marker::{autodiff_forward, autodiff_reverse};
use std::process::ExitCode;

#[autodiff_reverse(wave_grad, Active, Active)]
#[autodiff_forward(wave_fwd, Dual, Dual)]
fn wave(x: f32) -> f32 {
    (2.0 * x).sin() + x.sqrt() * x.exp()
}

#[autodiff_reverse(norm_grad, Duplicated, Active)]
fn norm(x: &[f32]) -> f32 {
    x.iter().map(|v| v * v).sum::<f32>().sqrt()
}

#[autodiff_reverse(widened_grad, Duplicated, Active)]
fn widened(x: &[f32]) -> f64 {
    x.iter().map(|&v| f64::from(v).powi(3)).sum()
}

#[autodiff_reverse(narrowed_grad, Active, Active)]
fn narrowed(x: f64) -> f32 {
    (x * x) as f32 * 3.0
}

fn wave_slope(x: f64) -> f64 {
    2.0 * (2.0 * x).cos() + x.exp() * (0.5 / x.sqrt() + x.sqrt())
}

fn scalar_reverse() {
    let (value, dx) = wave_grad(0.7, 1.0);
    close32(value, f64::from(wave(0.7)));
    close32(dx, wave_slope(0.7));
}

fn scalar_forward() {
    let (value, dx) = wave_fwd(0.7, 2.0);
    close32(value, f64::from(wave(0.7)));
    close32(dx, 2.0 * wave_slope(0.7));
}

fn slice_reverse() {
    let mut dx = [0.0f32; 2];
    close32(norm_grad(&[3.0, 4.0], &mut dx, 10.0), 5.0);
    close32(dx[0], 6.0);
    close32(dx[1], 8.0);
}

fn f32_to_f64() {
    let mut dx = [0.0f32; 3];
    let value = widened_grad(&[1.0, 2.0, -3.0], &mut dx, 1.0);
    assert_eq!(value, -18.0);
    for (d, want) in dx.iter().zip([3.0, 12.0, 27.0]) {
        close32(*d, want);
    }
}

fn f64_to_f32() {
    let (value, dx) = narrowed_grad(2.0, 1.0);
    close32(value, 12.0);
    assert_eq!(dx, 12.0);
}

fn main() -> ExitCode {
    cases![
        scalar_reverse,
        scalar_forward,
        slice_reverse,
        f32_to_f64,
        f64_to_f32
    ]
}
