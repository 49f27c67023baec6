//! An active value goes through inline assembly.
//@ says: through
//@ says: asm

use enzyme_marker::autodiff_reverse;

#[autodiff_reverse(through_grad, Active, Active)]
fn through(x: f64) -> f64 {
    let mut y = x * x;
    // SAFETY: the instruction adds a register to itself.
    unsafe { std::arch::asm!("addsd {0}, {0}", inout(xmm_reg) y) }; //~ HERE
    y
}

fn main() {
    println!("{:?}", through_grad(std::env::args().len() as f64, 1.0));
}
