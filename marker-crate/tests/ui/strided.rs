//! Shadows of several lanes in one value need a type that has room for them.

use enzyme_marker::autodiff_forward;

#[autodiff_forward(t_one, 2, Dualv, Dual)]
fn one(x: &f64) -> f64 {
    *x
}

#[autodiff_forward(t_value, 2, Dualv, Dual)]
fn value(x: f64) -> f64 {
    x
}

fn main() {
    t_one(&1.0, &1.0);
    t_value(1.0, 1.0);
}
