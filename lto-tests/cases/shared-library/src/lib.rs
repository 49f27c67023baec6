//! A gradient in a shared library, behind a C interface.

use enzyme_marker::autodiff_reverse;

#[autodiff_reverse(loss_grad, Duplicated, Active)]
fn loss(x: &[f64]) -> f64 {
    let mut scaled = vec![0.0; x.len()];
    for (i, (s, v)) in scaled.iter_mut().zip(x).enumerate() {
        *s = v * (i + 1) as f64;
    }
    scaled.iter().map(|s| s * s).sum()
}

/// Adds the gradient of the loss at `x` to `gradient` and returns the loss.
///
/// # Safety
///
/// `x` must point at `len` numbers, `gradient` at `len` others.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn loss_and_gradient(x: *const f64, gradient: *mut f64, len: usize) -> f64 {
    // SAFETY: the caller's promise.
    let (x, gradient) = unsafe {
        (
            std::slice::from_raw_parts(x, len),
            std::slice::from_raw_parts_mut(gradient, len),
        )
    };
    loss_grad(x, gradient, 1.0)
}
