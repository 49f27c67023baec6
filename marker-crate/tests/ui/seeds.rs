//! A derivative with a width takes one seed, or as many as it has lanes.

use enzyme_marker::autodiff_reverse;

#[autodiff_reverse(d_square, 2, Active, Active)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {
    d_square(1.0, [1.0, 2.0, 3.0]);
    d_square(1.0, "one");
}
