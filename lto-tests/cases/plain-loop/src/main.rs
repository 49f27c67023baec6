//! Loops that every optimiser likes to vectorise and unroll. `cargo xtask test-lto plain-loop` looks at the IR that the plugin
//! gets to see of `plain_loop`, through each flow: both must still be as they are written here.

use std::hint::black_box;

/// One multiplication in the first loop, one division in the second.
#[inline(never)]
#[unsafe(no_mangle)]
pub fn plain_loop(x: &mut [f64], by: f64) {
    for v in x.iter_mut() {
        *v *= by;
    }
    let n = x.len();
    for i in 1..n {
        x[i] /= by + x[i - 1];
    }
}

fn main() {
    let mut x = black_box(vec![1.0, 2.0, 3.0]);
    plain_loop(&mut x, black_box(2.0));
    println!("{x:?}");
}
