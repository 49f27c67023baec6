//! A derivative that nobody calls costs nothing: the program links without the plugin.

use enzyme_marker::autodiff_reverse;

#[autodiff_reverse(df, Active, Active)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {
    assert_eq!(square(3.0), 9.0);
}
