//! An active result that owns memory.

use enzyme_marker::autodiff_reverse;

#[autodiff_reverse(df, Active, Active)]
fn repeat(x: f64) -> Vec<f64> {
    vec![x, x]
}

fn main() {
    df(1.0, vec![1.0, 1.0]);
}
