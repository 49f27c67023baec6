//! Dense matrices by bounds-checked indices.

use checks::{cases, close, close_all, is_gradient};
use enzyme_marker::autodiff_reverse;
use std::process::ExitCode;

#[autodiff_reverse(quadratic_grad, Duplicated, Duplicated, Const, Active)]
fn quadratic(a: &[f64], x: &[f64], n: usize) -> f64 {
    let mut y = vec![0.0; n];
    for i in 0..n {
        for j in 0..n {
            y[i] += a[i * n + j] * x[j];
        }
    }
    (0..n).map(|i| x[i] * y[i]).sum()
}

fn multiply(a: &[f64], b: &[f64], n: usize) -> Vec<f64> {
    let mut c = vec![0.0; n * n];
    for i in 0..n {
        for k in 0..n {
            for j in 0..n {
                c[i * n + j] += a[i * n + k] * b[k * n + j];
            }
        }
    }
    c
}

#[autodiff_reverse(cube_trace_grad, Duplicated, Const, Active)]
fn cube_trace(a: &[f64], n: usize) -> f64 {
    let cube = multiply(&multiply(a, a, n), a, n);
    (0..n).map(|i| cube[i * n + i]).sum()
}

/// Logarithm of the determinant of a positive definite matrix, by Cholesky's factorisation.
#[autodiff_reverse(logdet_grad, Duplicated, Const, Active)]
fn logdet(a: &[f64], n: usize) -> f64 {
    let mut l = vec![0.0; n * n];
    let mut logdet = 0.0;
    for j in 0..n {
        for i in j..n {
            let mut s = a[i * n + j];
            for k in 0..j {
                s -= l[i * n + k] * l[j * n + k];
            }
            l[i * n + j] = if i == j { s.sqrt() } else { s / l[j * n + j] };
        }
        logdet += 2.0 * l[j * n + j].ln();
    }
    logdet
}

/// Sum of the solution of `a x = b`, by elimination without pivots.
#[autodiff_reverse(solution_grad, Duplicated, Duplicated, Active)]
fn solution(a: &[[f64; 4]; 4], b: &[f64; 4]) -> f64 {
    let (mut a, mut x) = (*a, *b);
    for k in 0..4 {
        for i in k + 1..4 {
            let f = a[i][k] / a[k][k];
            for j in k..4 {
                a[i][j] -= f * a[k][j];
            }
            x[i] -= f * x[k];
        }
    }
    for k in (0..4).rev() {
        for j in k + 1..4 {
            x[k] -= a[k][j] * x[j];
        }
        x[k] /= a[k][k];
    }
    x.iter().sum()
}

fn quadratic_form() {
    let (a, x) = ([2.0, 1.0, 0.5, 3.0], [1.5, -2.0]);
    let (mut da, mut dx) = ([0.0; 4], [0.0; 2]);
    close(quadratic_grad(&a, &mut da, &x, &mut dx, 2, 1.0), 12.0);
    close_all(&da, &[2.25, -3.0, -3.0, 4.0]);
    // (A + Aᵀ) x
    close_all(&dx, &[4.0 * 1.5 - 1.5 * 2.0, 1.5 * 1.5 - 6.0 * 2.0]);
}

fn product_of_matrices() {
    let n = 4;
    let a: Vec<f64> = (0..n * n)
        .map(|i| ((i * 7 % 11) as f64 - 5.0) / 6.0)
        .collect();
    let mut da = vec![0.0; n * n];
    close(cube_trace_grad(&a, &mut da, n, 1.0), cube_trace(&a, n));
    // The gradient of tr(A³) is 3 (A²)ᵀ.
    let square = multiply(&a, &a, n);
    for i in 0..n {
        for j in 0..n {
            close(da[i * n + j], 3.0 * square[j * n + i]);
        }
    }
}

fn cholesky() {
    let n = 5;
    let mut a = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..n {
            a[i * n + j] = if i == j {
                4.0 + i as f64
            } else {
                1.0 / (1.0 + i.abs_diff(j) as f64)
            };
        }
    }
    let mut da = vec![0.0; n * n];
    close(logdet_grad(&a, &mut da, n, 1.0), logdet(&a, n));
    is_gradient(|p| logdet(p, n), &a, &da);
}

fn linear_system() {
    let a = [
        [4.0, 1.0, 0.0, -1.0],
        [0.5, 5.0, 1.0, 0.0],
        [1.0, -1.0, 6.0, 2.0],
        [0.0, 0.3, 1.0, 3.0],
    ];
    let b = [1.0, -2.0, 0.5, 3.0];
    let (mut da, mut db) = ([[0.0; 4]; 4], [0.0; 4]);
    close(
        solution_grad(&a, &mut da, &b, &mut db, 1.0),
        solution(&a, &b),
    );
    let point: Vec<f64> = a.iter().flatten().chain(&b).copied().collect();
    let gradient: Vec<f64> = da.iter().flatten().chain(&db).copied().collect();
    let f = |p: &[f64]| {
        let row = |i: usize| [p[4 * i], p[4 * i + 1], p[4 * i + 2], p[4 * i + 3]];
        solution(&[row(0), row(1), row(2), row(3)], &row(4))
    };
    is_gradient(f, &point, &gradient);
}

fn main() -> ExitCode {
    cases![quadratic_form, product_of_matrices, cholesky, linear_system]
}
