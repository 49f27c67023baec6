//! What the attribute itself may contain.

use enzyme_marker::{autodiff_forward, autodiff_reverse};

#[autodiff_reverse()]
fn empty(x: f64) -> f64 {
    x
}

#[autodiff_reverse(3, Active, Active)]
fn no_name(x: f64) -> f64 {
    x
}

#[autodiff_reverse(df)]
fn no_activities(x: f64) -> f64 {
    x
}

#[autodiff_reverse(df, Active)]
fn no_return_activity(x: f64) -> f64 {
    x
}

#[autodiff_reverse(df, Duplicated, Active)]
fn return_activity_of_unit(x: &mut f64) {
    *x = 1.0;
}

#[autodiff_reverse(df, Aktive, const, Active)]
fn unknown_activities(x: f64, y: f64) -> f64 {
    x * y
}

#[autodiff_reverse(df, Active, 2)]
fn misplaced_width(x: f64) -> f64 {
    x
}

#[autodiff_forward(df, 0, Dual, Dual)]
fn zero_width(x: f64) -> f64 {
    x
}

#[autodiff_forward(df, 4294967296, Dual, Dual)]
fn huge_width(x: f64) -> f64 {
    x
}

#[autodiff_forward(df, 4294967295, Dual, Dual)]
fn large_width(x: f64) -> f64 {
    x
}

fn main() {}
