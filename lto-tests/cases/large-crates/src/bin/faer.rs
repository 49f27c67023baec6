//! Matrices of `faer` without its feature `std`. Its reductions and decompositions read the ends of columns through `pulp`,
//! which does that in inline assembly on x86: they are refused.

use checks::{close, is_gradient};
use enzyme_marker::autodiff_reverse;
use faer::{Mat, Scale};

fn square(x: &[f64], n: usize) -> Mat<f64> {
    Mat::from_fn(n, n, |i, j| {
        x[(i + 2 * j) % x.len()] * 0.3 + (i * j) as f64 * 0.1
    })
}

#[autodiff_reverse(products_grad, Duplicated, Active)]
fn products(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for n in [2, 3, 8, 17] {
        let a = square(x, n);
        let b = &a * a.transpose() * &a;
        sum += b[(0, 0)] + b[(n - 1, 1)] * b[(1, n - 2)];
    }
    sum
}

#[autodiff_reverse(sums_grad, Duplicated, Active)]
fn sums(x: &[f64]) -> f64 {
    let a = square(x, 5);
    let b = &a + a.transpose() - Scale(x[1]) * &a;
    let column = b.col(2);
    (0..5).map(|i| column[i] * b[(i, 4)]).sum()
}

fn check(f: impl Fn(&[f64]) -> f64, gradient: impl Fn(&[f64], &mut [f64], f64) -> f64) {
    let x = [0.4, -0.9, 1.3, 0.7];
    let mut dx = [0.0; 4];
    close(gradient(&x, &mut dx, 1.0), f(&x));
    is_gradient(&f, &x, &dx);
}

checks::checked! {
    // Supports: crates: faer without std, products of matrices of any size (not in oxide-enzyme, std::autodiff)
    products, products_grad;
    // Supports: crates: faer without std, transposes, sums, differences, multiples, columns (not in oxide-enzyme, std::autodiff)
    sums, sums_grad;
}
