//! An associated function that the attribute can't recognise as one; rustc's advice is to write `Self::`.

use enzyme_marker::autodiff_reverse;

struct Value;

impl Value {
    #[autodiff_reverse(df, Active, Active)]
    fn without_self(x: f64) -> f64 {
        x
    }
}

fn main() {}
