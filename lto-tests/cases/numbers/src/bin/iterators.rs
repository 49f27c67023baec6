//! Iterator chains.

use checks::{cases, close, is_gradient};
use enzyme_marker::autodiff_reverse;
use std::process::ExitCode;

#[autodiff_reverse(zip_map_sum_grad, Duplicated, Active)]
fn zip_map_sum(x: &[f64]) -> f64 {
    x.iter().zip(x.iter().rev()).map(|(a, b)| a * b.sin()).sum()
}

#[autodiff_reverse(windows_grad, Duplicated, Active)]
fn windows(x: &[f64]) -> f64 {
    x.windows(3)
        .map(|w| (w[0] - 2.0 * w[1] + w[2]).powi(2))
        .sum()
}

#[autodiff_reverse(chunks_exact_grad, Duplicated, Active)]
fn chunks_exact(x: &[f64]) -> f64 {
    let chunks = x.chunks_exact(2);
    let rest: f64 = chunks.remainder().iter().sum();
    chunks.map(|c| c[0] / (1.0 + c[1] * c[1])).sum::<f64>() + rest
}

#[autodiff_reverse(chunks_grad, Duplicated, Active)]
fn chunks(x: &[f64]) -> f64 {
    x.chunks(3).map(|c| c.iter().product::<f64>()).sum()
}

#[autodiff_reverse(filtered_grad, Duplicated, Active)]
fn filtered(x: &[f64]) -> f64 {
    x.iter().filter(|v| **v > 0.0).map(|v| v.ln()).sum()
}

#[autodiff_reverse(enumerated_grad, Duplicated, Active)]
fn enumerated(x: &[f64]) -> f64 {
    x.iter()
        .enumerate()
        .skip(1)
        .step_by(2)
        .fold(1.0, |a, (i, v)| a * (v + i as f64))
}

#[autodiff_reverse(scanned_grad, Duplicated, Active)]
fn scanned(x: &[f64]) -> f64 {
    x.iter()
        .scan(1.0, |state, v| {
            *state = *state * 0.5 + v * v;
            Some(*state)
        })
        .take_while(|s| *s < 3.0)
        .sum()
}

#[autodiff_reverse(flattened_grad, Duplicated, Active)]
fn flattened(x: &[f64]) -> f64 {
    x.iter()
        .flat_map(|v| (1..4).map(move |k| v.powi(k) / f64::from(k)))
        .sum()
}

#[autodiff_reverse(largest_grad, Duplicated, Active)]
fn largest(x: &[f64]) -> f64 {
    let max = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    x.iter().map(|v| (v - max).exp()).sum::<f64>().ln() + max
}

#[autodiff_reverse(chained_grad, Duplicated, Active)]
fn chained(x: &[f64]) -> f64 {
    let (head, tail) = x.split_at(2);
    tail.iter().chain(head).fold(0.3, |a, v| (a * v).sin() + v)
}

fn check(f: impl Fn(&[f64]) -> f64, gradient: impl Fn(&[f64], &mut [f64], f64) -> f64) {
    let x = [0.4, -0.9, 1.3, 0.7, -0.2, 1.1, 0.6];
    for n in [3, 4, 7] {
        let mut dx = [0.0; 7];
        close(gradient(&x[..n], &mut dx[..n], 1.0), f(&x[..n]));
        is_gradient(&f, &x[..n], &dx[..n]);
    }
}

macro_rules! checked {
    ($($case:ident: $f:ident, $gradient:ident;)*) => {
        $(fn $case() { check($f, $gradient); })*

        fn main() -> ExitCode {
            cases![$($case),*]
        }
    };
}

checked! {
    zip_with_reversed: zip_map_sum, zip_map_sum_grad;
    windows_of_three: windows, windows_grad;
    exact_chunks_and_remainder: chunks_exact, chunks_exact_grad;
    chunks_and_product: chunks, chunks_grad;
    filter: filtered, filtered_grad;
    enumerate_skip_step: enumerated, enumerated_grad;
    scan_and_take_while: scanned, scanned_grad;
    flat_map: flattened, flattened_grad;
    fold_by_max: largest, largest_grad;
    chain_of_two_parts: chained, chained_grad;
}
