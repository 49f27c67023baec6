//! A primal that isn't needed may be left in any state, which makes the derivative unsafe to call.

use enzyme_marker::{autodiff_forward, autodiff_reverse};

#[autodiff_forward(t_only, DualOnly, Dual)]
fn dual_only(x: &f64) -> f64 {
    *x
}

#[autodiff_reverse(d_only, DuplicatedOnly, Active)]
fn duplicated_only(x: &f64) -> f64 {
    *x
}

fn main() {
    t_only(&1.0, &1.0);
    d_only(&1.0, &mut 1.0, 1.0);
}
