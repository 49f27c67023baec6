//! An active argument whose type has no zero.

use enzyme_marker::autodiff_reverse;

struct Borrowing<'a>(f64, &'a f64);

#[autodiff_reverse(df, Active, Active)]
fn product(x: Borrowing<'_>) -> f64 {
    x.0 * x.1
}

fn main() {
    let (y, dx) = df(Borrowing(1.0, &2.0), 1.0);
    let _ = y + dx.0 + dx.1;
}
