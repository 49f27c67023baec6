//! `shared-driver LIBRARY`: loads the shared library and checks the gradient that it computes.

use checks::{cases, close, close_all};
use libloading::{Library, Symbol};
use std::process::ExitCode;

type LossAndGradient = unsafe extern "C" fn(*const f64, *mut f64, usize) -> f64;

fn gradient_from_a_shared_library() {
    let path = std::env::args_os()
        .nth(1)
        .expect("usage: shared-driver LIBRARY");
    // SAFETY: the library's initialisers are those of Rust's standard library.
    let library = unsafe { Library::new(path) }.expect("the library loads");
    // SAFETY: this is the type that the library's source gives the function.
    let function: Symbol<'_, LossAndGradient> =
        unsafe { library.get(b"loss_and_gradient") }.expect("the library has the function");
    let (x, mut gradient) = ([1.0, 2.0, -1.0], [0.0; 3]);
    // SAFETY: both pointers point at three numbers.
    let loss = unsafe { function(x.as_ptr(), gradient.as_mut_ptr(), 3) };
    close(loss, 1.0 + 16.0 + 9.0);
    close_all(&gradient, &[2.0, 16.0, -18.0]);
}

fn main() -> ExitCode {
    cases![gradient_from_a_shared_library]
}
