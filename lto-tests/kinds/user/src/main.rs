//! Differentiates through the library as a Rust crate, and, given its path, through the file that was built of it.

use libloading::{Library, Symbol};

type Gradient = unsafe extern "C" fn(*const f64, *mut f64, usize) -> f64;

fn check(how: &str, value: f64, gradient: [f64; 3]) {
    assert_eq!((value, gradient), (28.0, [3.0, 0.0, 27.0]), "{how}");
    println!("{how} differentiated");
}

fn main() {
    let x = [1.0, 0.0, 3.0];
    let mut gradient = [0.0; 3];
    let value = library::energy_grad(&x, &mut gradient, 1.0);
    check("crate", value, gradient);
    if let Some(path) = std::env::args_os().nth(1) {
        // SAFETY: the library's initialisers are those of Rust's standard library.
        let loaded = unsafe { Library::new(path) }.expect("the library loads");
        // SAFETY: this is the type that the library's source gives the function.
        let function: Symbol<'_, Gradient> =
            unsafe { loaded.get(b"energy_gradient") }.expect("the library has the function");
        let mut gradient = [0.0; 3];
        // SAFETY: both pointers point to three numbers.
        let value = unsafe { function(x.as_ptr(), gradient.as_mut_ptr(), 3) };
        check("file", value, gradient);
    }
}
