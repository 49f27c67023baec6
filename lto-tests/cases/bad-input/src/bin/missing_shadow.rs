//! The calling convention by hand: a duplicated argument without its shadow.
//@ says: shadow
//@ says: square

unsafe extern "C" {
    fn __enzyme_autodiff(f: *const (), ...) -> f64;
    static enzyme_dup: u8;
}

#[inline(never)]
extern "C" fn square(x: &f64) -> f64 {
    x * x
}

fn main() {
    let x = std::env::args().len() as f64;
    // SAFETY: this program is never linked.
    unsafe { __enzyme_autodiff(square as *const (), &raw const enzyme_dup, &raw const x) }; //~ HERE
}
