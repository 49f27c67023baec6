//! Coroutines: state machines that rustc makes, with what lives across a `yield` in them.

#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

use checks::{close, is_gradient};
use enzyme_marker::autodiff_reverse;
use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;

const POINT: [f64; 3] = [0.4, 0.7, 1.2];

fn check(f: impl Fn(&[f64]) -> f64, gradient: impl Fn(&[f64], &mut [f64], f64) -> f64) {
    let mut dx = [0.0; 3];
    close(gradient(&POINT, &mut dx, 1.0), f(&POINT));
    is_gradient(f, &POINT, &dx);
}

#[autodiff_reverse(borrowing_grad, Duplicated, Active)]
fn borrowing(x: &[f64]) -> f64 {
    let mut product = 1.0;
    let mut squares = #[coroutine]
    || {
        for v in x {
            yield *v * *v;
        }
        3.0 * x[0]
    };
    loop {
        match Pin::new(&mut squares).resume(()) {
            CoroutineState::Yielded(v) => product *= v + 1.0,
            CoroutineState::Complete(v) => return product + v,
        }
    }
}

type Boxed = Pin<Box<dyn Coroutine<Yield = f64, Return = f64>>>;

/// A float and a `Vec` live across each `yield`.
fn multiples(x: Vec<f64>) -> Boxed {
    Box::pin(
        #[coroutine]
        static move || {
            let twice = x[0] * 2.0;
            for v in x.iter() {
                yield *v * twice;
            }
            3.0 * x[0]
        },
    )
}

#[autodiff_reverse(boxed_grad, Duplicated, Active)]
fn boxed(x: &[f64]) -> f64 {
    let mut product = 1.0;
    let mut values = multiples(x.to_vec());
    loop {
        match values.as_mut().resume(()) {
            CoroutineState::Yielded(v) => product *= v + 1.0,
            CoroutineState::Complete(v) => return product + v,
        }
    }
}

checks::checked! {
    // Supports: calls: coroutines that borrow (nightly)
    borrowing, borrowing_grad;
    // Supports: calls: coroutines that own memory, boxed as dyn Coroutine (nightly) (not in oxide-enzyme)
    boxed, boxed_grad;
}
