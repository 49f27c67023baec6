//! `#[autodiff_forward]` of rustc, with widths.
#![feature(autodiff)]

use checks::{cases, close};
use std::autodiff::autodiff_forward;
use std::process::ExitCode;

#[autodiff_forward(cube_tangent, Dual, Dual)]
#[autodiff_forward(cube_tangents, 4, Dual, Dual)]
#[autodiff_forward(cube_tangent_only, Dual, DualOnly)]
fn cube(x: f64) -> f64 {
    x * x * x
}

#[autodiff_forward(norm_tangent, Dual, Dual)]
fn norm(x: &[f64]) -> f64 {
    x.iter().map(|v| v * v).sum::<f64>().sqrt()
}

#[autodiff_forward(scaled_tangent, Dual, Const, Dual)]
fn scaled(x: &[f64], out: f64) -> f64 {
    x.iter().fold(out, |sum, v| sum + v.sin() * out)
}

fn one_direction() {
    let (value, tangent) = cube_tangent(2.0, 1.5);
    close(value, 8.0);
    close(tangent, 18.0);
    close(cube_tangent_only(2.0, 1.0), 12.0);
}

fn four_directions() {
    let got = cube_tangents(2.0, 1.0, 2.0, 3.0, 4.0);
    for (got, want) in got.iter().zip([8.0, 12.0, 24.0, 36.0, 48.0]) {
        close(*got, want);
    }
}

fn slices() {
    let (value, tangent) = norm_tangent(&[3.0, 4.0], &[1.0, 0.5]);
    close(value, 5.0);
    close(tangent, 1.0);
    let (_, tangent) = scaled_tangent(&[0.1, 0.2], &[1.0, 1.0], 3.0);
    close(tangent, 3.0 * (0.1f64.cos() + 0.2f64.cos()));
}

fn main() -> ExitCode {
    cases!(one_direction, four_directions, slices)
}
