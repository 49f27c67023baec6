//! What `inactive` may be applied to.

use enzyme_marker::inactive;

#[inactive]
async fn asynchronous(x: f64) -> f64 {
    x
}

#[inactive]
const fn constant(x: f64) -> f64 {
    x
}

#[inactive(x)]
fn with_arguments(x: f64) -> f64 {
    x
}

#[inactive]
struct Item;

trait Bodiless {
    #[inactive]
    fn bodiless(x: f64) -> f64;
}

unsafe extern "C" {
    #[inactive]
    fn foreign(x: f64) -> f64;
}

#[inactive]
#[enzyme_marker::custom_derivative]
fn with_rules(x: f64) -> f64 {
    x
}

fn main() {}
