//! Panics: of the primal, caught; and of the derivative, about its arguments.

use checks::{cases, close, close_all, last_panic};
use enzyme_marker::{autodiff_forward, autodiff_reverse};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// Holds memory when it panics, so that the unwinding has something to free.
#[autodiff_reverse(picky_grad, Duplicated, Active)]
fn picky(x: &[f64]) -> f64 {
    let mut roots = Vec::with_capacity(x.len());
    for v in x {
        assert!(*v >= 0.0, "negative: {v}");
        roots.push(v.sqrt());
    }
    roots.iter().sum()
}

#[autodiff_reverse(indexed_grad, Duplicated, Const, Active)]
fn indexed(x: &[f64], indices: &[usize]) -> f64 {
    indices.iter().map(|i| x[*i] * x[*i]).sum()
}

#[autodiff_reverse(weighted_grad, Duplicated, Duplicated, Active)]
#[autodiff_forward(weighted_fwd, Dual, Dual, Dual)]
fn weighted(points: &[f64], weights: &[f64]) -> f64 {
    points.iter().zip(weights).map(|(p, w)| p * w).sum()
}

fn message_of(run: impl FnOnce()) -> String {
    assert!(
        catch_unwind(AssertUnwindSafe(run)).is_err(),
        "it did not panic"
    );
    last_panic()
}

fn right_gradient() {
    let mut dx = [0.0; 2];
    close(picky_grad(&[4.0, 16.0], &mut dx, 1.0), 6.0);
    close_all(&dx, &[0.25, 0.125]);
}

fn panic_is_caught_and_the_process_goes_on() {
    for round in 0..3 {
        let mut dx = [0.0; 3];
        let message = message_of(|| {
            picky_grad(&[1.0, 4.0, -2.0], &mut dx, 1.0);
        });
        assert!(message.contains("negative: -2"), "round {round}: {message}");
        // A primal that does not return has no derivative: nothing was added.
        close_all(&dx, &[0.0; 3]);
        right_gradient();
    }
}

fn index_out_of_bounds_is_caught() {
    let mut dx = [0.0; 3];
    let message = message_of(|| {
        indexed_grad(&[1.0, 2.0, 3.0], &mut dx, &[0, 3], 1.0);
    });
    assert!(message.contains("index out of bounds"), "{message}");
    close_all(&dx, &[0.0; 3]);
    close(
        indexed_grad(&[1.0, 2.0, 3.0], &mut dx, &[2, 0, 2], 1.0),
        19.0,
    );
    close_all(&dx, &[2.0, 0.0, 12.0]);
}

fn a_short_shadow_is_named() {
    let (mut dp, mut dw) = ([0.0; 3], [0.0; 2]);
    let message = message_of(|| {
        weighted_grad(&[1.0; 3], &mut dp, &[1.0; 3], &mut dw, 1.0);
    });
    assert!(
        message.contains("weights") && !message.contains("`points`"),
        "{message}"
    );
    close_all(&dp, &[0.0; 3]);
}

fn a_long_shadow_is_named() {
    let (mut dp, mut dw) = ([0.0; 4], [0.0; 3]);
    let message = message_of(|| {
        weighted_grad(&[1.0; 3], &mut dp, &[1.0; 3], &mut dw, 1.0);
    });
    assert!(message.contains("points"), "{message}");
}

fn a_tangent_of_another_length_is_named() {
    let message = message_of(|| {
        weighted_fwd(&[1.0; 3], &[1.0; 3], &[1.0; 3], &[1.0; 1]);
    });
    assert!(message.contains("weights"), "{message}");
}

fn main() -> ExitCode {
    cases![
        right_gradient,
        panic_is_caught_and_the_process_goes_on,
        index_out_of_bounds_is_caught,
        a_short_shadow_is_named,
        a_long_shadow_is_named,
        a_tangent_of_another_length_is_named,
    ]
}
