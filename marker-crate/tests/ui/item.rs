//! What the attributes may be applied to.

use enzyme_marker::{autodiff_forward, autodiff_reverse};

#[autodiff_reverse(df, Active, Active)]
struct Item;

#[autodiff_forward(df, Dual, Dual)]
mod module {}

trait Bodiless {
    #[autodiff_reverse(df, Active, Active)]
    fn bodiless(x: f64) -> f64;
}

#[autodiff_reverse(df, Active, Active)]
async fn asynchronous(x: f64) -> f64 {
    x
}

#[autodiff_reverse(df, Active, Active)]
fn diverging(x: f64) -> ! {
    panic!("{x}")
}

#[autodiff_reverse(df, Active, Active, Active)]
fn conditional(x: f64, #[cfg(all())] y: f64) -> f64 {
    x * y
}

#[autodiff_forward(df, Dual)]
#[allow(clippy::too_many_arguments)]
fn many(
    _a: f64,
    _b: f64,
    _c: f64,
    _d: f64,
    _e: f64,
    _f: f64,
    _g: f64,
    _h: f64,
    _i: f64,
    _j: f64,
    _k: f64,
    _l: f64,
    _m: f64,
) {
}

fn main() {}
