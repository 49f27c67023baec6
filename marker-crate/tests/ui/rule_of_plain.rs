//! A rule of a function that doesn't ask for rules.

use enzyme_marker::derivative_of;

fn plain(x: f64) -> f64 {
    x
}

#[derivative_of(plain, Dual, Dual)]
fn of_plain(x: f64, bx: f64) -> (f64, f64) {
    (x, bx)
}

fn main() {}
