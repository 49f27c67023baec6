//! Derivatives across the languages of one program, in all directions.

use checks::{cases, close, near};
use enzyme_marker::{autodiff_forward, autodiff_reverse};
use std::process::ExitCode;

unsafe extern "C" {
    fn c_energy(x: *const f64, n: usize) -> f64;
    fn c_damp(x: f64, rate: f64) -> f64;
    fn cpp_repeat(x: f64, rate: f64, times: i32) -> f64;
    fn cpp_gradient_of_rust(x: *const f64, grad: *mut f64, n: usize);
    fn cpp_gradient_of_repeat(x: f64, rate: f64, times: i32) -> Partials;
    fn cpp_tangent_of_repeat(x: f64, dx: f64, rate: f64, times: i32) -> f64;
}

#[repr(C)]
struct Partials {
    x: f64,
    rate: f64,
}

/// Rust that calls C.
#[autodiff_reverse(through_c_grad, Duplicated, Active)]
#[autodiff_forward(through_c_tangent, Dual, Dual)]
fn through_c(x: &[f64]) -> f64 {
    // SAFETY: the pointer and the length are a slice's.
    0.5 * unsafe { c_energy(x.as_ptr(), x.len()) } + x[0]
}

/// Rust that C++ differentiates.
///
/// # Safety
/// `x` points to `n` numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rust_energy(x: *const f64, n: usize) -> f64 {
    // SAFETY: the caller's promise.
    let x = unsafe { std::slice::from_raw_parts(x, n) };
    x.iter().zip(x.iter().skip(1)).map(|(a, b)| a * b * b).sum()
}

/// Called by C++, calls C.
#[unsafe(no_mangle)]
pub extern "C" fn rust_step(x: f64, rate: f64) -> f64 {
    // SAFETY: a function of numbers.
    x + unsafe { c_damp(x, rate) }
}

/// Rust that calls C++ that calls Rust that calls C.
#[autodiff_reverse(round_trip_grad, Active, Active, Const, Active)]
fn round_trip(x: f64, rate: f64, times: i32) -> f64 {
    // SAFETY: a function of numbers.
    unsafe { cpp_repeat(x, rate, times) }
}

fn difference(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let h = 1e-4;
    (8.0 * (f(x + h) - f(x - h)) - (f(x + 2.0 * h) - f(x - 2.0 * h))) / (12.0 * h)
}

fn rust_differentiates_c() {
    let x = [0.3, 1.2, -0.5, 0.9];
    let mut grad = [0.0; 4];
    close(through_c_grad(&x, &mut grad, 1.0), through_c(&x));
    for i in 0..4 {
        let along = |v: f64| {
            let mut y = x;
            y[i] = v;
            through_c(&y)
        };
        near(grad[i], difference(along, x[i]), 1e-8);
        let mut direction = [0.0; 4];
        direction[i] = 1.0;
        close(through_c_tangent(&x, &direction).1, grad[i]);
    }
}

fn cpp_differentiates_rust() {
    let x = [0.5, 2.0, 3.0];
    let mut grad = [0.0; 3];
    // SAFETY: both point to three numbers.
    unsafe { cpp_gradient_of_rust(x.as_ptr(), grad.as_mut_ptr(), 3) };
    for (got, want) in grad
        .iter()
        .zip([4.0, 2.0 * 0.5 * 2.0 + 9.0, 2.0 * 2.0 * 3.0])
    {
        close(*got, want);
    }
}

fn templates_call_rust_that_calls_c() {
    let (x, rate, times) = (0.4, 0.7, 5);
    // SAFETY: functions of numbers.
    let (partials, tangent) = unsafe {
        (
            cpp_gradient_of_repeat(x, rate, times),
            cpp_tangent_of_repeat(x, 2.0, rate, times),
        )
    };
    near(
        partials.x,
        difference(|x| round_trip(x, rate, times), x),
        1e-8,
    );
    near(
        partials.rate,
        difference(|rate| round_trip(x, rate, times), rate),
        1e-8,
    );
    close(tangent, 2.0 * partials.x);
    let (value, dx, drate) = round_trip_grad(x, rate, times, 1.0);
    close(value, round_trip(x, rate, times));
    close(dx, partials.x);
    close(drate, partials.rate);
}

fn main() -> ExitCode {
    cases!(
        rust_differentiates_c,
        cpp_differentiates_rust,
        templates_call_rust_that_calls_c,
    )
}
