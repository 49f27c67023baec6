//! An active argument that owns memory.

use enzyme_marker::autodiff_reverse;

#[autodiff_reverse(df, Active, Active)]
fn first(x: Vec<f64>) -> f64 {
    x[0]
}

fn main() {
    df(vec![1.0], 1.0);
}
