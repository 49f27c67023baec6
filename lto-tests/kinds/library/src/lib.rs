//! A library that Rust links and that others load.

use enzyme_marker::autodiff_reverse;

/// Grows a vector, so that the standard library takes part.
#[autodiff_reverse(energy_grad, Duplicated, Active)]
pub fn energy(x: &[f64]) -> f64 {
    let mut squares = Vec::new();
    for v in x {
        squares.push(weigh(*v));
    }
    squares.iter().sum()
}

#[inline(never)]
fn weigh(v: f64) -> f64 {
    v * v * v
}

/// The gradient for those who load the library.
///
/// # Safety
/// Both pointers point to `n` numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn energy_gradient(x: *const f64, gradient: *mut f64, n: usize) -> f64 {
    // SAFETY: the caller's promise.
    let (x, gradient) = unsafe {
        (
            std::slice::from_raw_parts(x, n),
            std::slice::from_raw_parts_mut(gradient, n),
        )
    };
    energy_grad(x, gradient, 1.0)
}
