//! The calling convention by hand, with a marker that does not exist.
//@ says: enzyme_banana
//@ says: square

unsafe extern "C" {
    fn __enzyme_autodiff(f: *const (), ...) -> f64;
    static enzyme_banana: u8;
}

#[inline(never)]
extern "C" fn square(x: f64) -> f64 {
    x * x
}

fn main() {
    let x = std::env::args().len() as f64;
    // SAFETY: this program is never linked.
    let dx = unsafe { __enzyme_autodiff(square as *const (), &raw const enzyme_banana, x) }; //~ HERE
    println!("{dx}");
}
