//! How the programs of the LTO tests run their cases and compare numbers.
//!
//! A case is a function that panics when a number is wrong. Its line `case NAME ... ok` or `case NAME ... FAILED: why` is
//! what `cargo xtask test-lto` counts.

use std::cell::RefCell;
use std::panic::{catch_unwind, set_hook};
use std::process::ExitCode;

/// A named case.
pub type Case = (&'static str, fn());

/// Names the cases by the functions that they are.
#[macro_export]
macro_rules! cases {
    ($($case:ident),* $(,)?) => { $crate::run(&[$((stringify!($case), $case as fn())),*]) };
}

/// A function with its gradient and its tangent, in both modes at many numbers.
#[macro_export]
macro_rules! of_many {
    ($f:ident, $reverse:ident, $forward:ident) => {
        (
            stringify!($f),
            (|| $crate::in_both_modes_at(&$crate::many(), $f, $reverse, $forward)) as fn(),
        )
    };
}

/// The `main` of a program whose cases are a function and its gradient each, which its own `check` compares.
#[macro_export]
macro_rules! checked {
    ($($f:ident, $gradient:ident;)*) => {
        mod case {
            $(pub fn $f() { super::check(super::$f, super::$gradient); })*
        }

        fn main() -> ::std::process::ExitCode {
            $crate::run(&[$((stringify!($f), case::$f as fn())),*])
        }
    };
}

/// The `main` of a program whose cases are functions of two numbers, in (0, 1) each, with a gradient and a case that compares
/// it with differences.
#[macro_export]
macro_rules! of_two_numbers {
    ($($f:ident, $gradient:ident, $case:ident($x:ident, $y:ident): $value:expr;)*) => {
        $(
            #[::enzyme_marker::autodiff_reverse($gradient, Duplicated, Active)]
            fn $f(at: &[f64]) -> f64 {
                let ($x, $y) = (at[0], at[1]);
                $value
            }
            fn $case() {
                for at in [[0.4, 0.7], [0.8, 0.3]] {
                    let mut d = [0.0; 2];
                    $crate::close($gradient(&at, &mut d, 1.0), $f(&at));
                    $crate::is_gradient($f, &at, &d);
                }
            }
        )*

        fn main() -> ::std::process::ExitCode {
            $crate::cases!($($case),*)
        }
    };
}

thread_local! {
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs all cases, also after one failed.
pub fn run(cases: &[Case]) -> ExitCode {
    set_hook(Box::new(|info| {
        LAST_PANIC.with_borrow_mut(|last| *last = info.to_string().replace('\n', " "));
    }));
    let mut failed = false;
    for (name, case) in cases {
        match catch_unwind(case) {
            Ok(()) => println!("case {name} ... ok"),
            Err(_) => {
                failed = true;
                println!("case {name} ... FAILED: {}", last_panic());
            }
        }
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// The message and place of the last panic, caught or not.
pub fn last_panic() -> String {
    LAST_PANIC.with_borrow(Clone::clone)
}

/// Requires two numbers to agree to rounding.
#[track_caller]
pub fn close(got: f64, want: f64) {
    near(got, want, 1e-12);
}

/// Requires two `f32` to agree to their rounding.
#[track_caller]
pub fn close32(got: f32, want: f64) {
    near(f64::from(got), want, 1e-5);
}

/// Requires all numbers to agree to rounding.
#[track_caller]
pub fn close_all(got: &[f64], want: &[f64]) {
    assert_eq!(
        got.len(),
        want.len(),
        "{got:?} and {want:?} differ in length"
    );
    for (g, w) in got.iter().zip(want) {
        close(*g, *w);
    }
}

/// The gradient of a function of slices of several lengths against differences, and its tangents against the gradient.
pub fn in_both_modes(
    f: impl Fn(&[f64]) -> f64,
    gradient: impl Fn(&[f64], &mut [f64], f64) -> f64,
    forward: impl Fn(&[f64], &[f64]) -> (f64, f64),
) {
    let point = [0.4, -0.9, 1.3, 0.7, -0.2, 1.1, 0.6, 0.5];
    for n in [4, 7, 8] {
        in_both_modes_at(&point[..n], &f, &gradient, &forward);
    }
}

/// Enough numbers to split the nodes of a tree, and to make a table grow.
pub fn many() -> Vec<f64> {
    (0..40)
        .map(|i| 0.8 + 0.01 * f64::from(i * 7 % 40))
        .collect()
}

/// The same at one point.
#[track_caller]
pub fn in_both_modes_at(
    x: &[f64],
    f: impl Fn(&[f64]) -> f64,
    gradient: impl Fn(&[f64], &mut [f64], f64) -> f64,
    forward: impl Fn(&[f64], &[f64]) -> (f64, f64),
) {
    let mut dx = vec![0.0; x.len()];
    close(gradient(x, &mut dx, 1.0), f(x));
    is_gradient(&f, x, &dx);
    for (k, dk) in dx.iter().enumerate() {
        let mut direction = vec![0.0; x.len()];
        direction[k] = 1.0;
        let (value, tangent) = forward(x, &direction);
        close(value, f(x));
        close(tangent, *dk);
    }
}

/// Requires `gradient` to be that of `f` at `x`, by fourth-order central differences.
#[track_caller]
pub fn is_gradient(f: impl Fn(&[f64]) -> f64, x: &[f64], gradient: &[f64]) {
    assert_eq!(
        x.len(),
        gradient.len(),
        "a gradient of another length than its point"
    );
    let mut at = x.to_vec();
    for (i, got) in gradient.iter().enumerate() {
        let step = 1e-3;
        let mut value = |by: f64| {
            at[i] = x[i] + by * step;
            let value = f(&at);
            at[i] = x[i];
            value
        };
        let one = value(1.0) - value(-1.0);
        let two = value(2.0) - value(-2.0);
        near(*got, (8.0 * one - two) / (12.0 * step), 1e-8);
    }
}

#[track_caller]
pub fn near(got: f64, want: f64, tolerance: f64) {
    // A NaN fails this, as it must.
    let within = (got - want).abs() <= tolerance * want.abs().max(1.0);
    assert!(within, "got {got:e}, want {want:e}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_numbers_are_caught() {
        assert!(catch_unwind(|| close(1.0, 1.0 + 1e-9)).is_err());
        assert!(catch_unwind(|| close(f64::NAN, f64::NAN)).is_err());
        assert!(catch_unwind(|| close_all(&[1.0], &[])).is_err());
        assert!(catch_unwind(|| is_gradient(|x| x[0] * x[0], &[3.0], &[6.001])).is_err());
        is_gradient(
            |x| x[0].sin() * x[1],
            &[3.0, 2.0],
            &[2.0 * 3f64.cos(), 3f64.sin()],
        );
    }
}
