//! An active value goes through a function whose body nobody can see.
//@ says: hidden_from_the_plugin

use enzyme_marker::autodiff_reverse;

unsafe extern "C" {
    fn hidden_from_the_plugin(x: f64) -> f64;
}

#[autodiff_reverse(through_grad, Active, Active)]
fn through(x: f64) -> f64 {
    // SAFETY: this program is never linked.
    unsafe { hidden_from_the_plugin(x * x) } //~ HERE
}

fn main() {
    println!("{:?}", through_grad(std::env::args().len() as f64, 1.0));
}
