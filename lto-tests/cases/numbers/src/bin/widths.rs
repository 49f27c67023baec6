//! Widths in both modes, and shadows that lie one behind the other.

use checks::{cases, close, close_all, last_panic};
use enzyme_marker::{autodiff_forward, autodiff_reverse};
use std::process::ExitCode;

#[autodiff_forward(v4, 4, Dualv, Const, Dual)]
#[autodiff_forward(v1, Dualv, Const, Dualv)]
#[autodiff_forward(o2, 2, DualvOnly, Const, DualOnly)]
#[autodiff_reverse(r3, 3, Duplicated, Const, Active)]
#[autodiff_reverse(r3o, 3, Duplicated, Const, ActiveOnly)]
fn f(x: &[f64], k: f64) -> f64 {
    x.iter()
        .enumerate()
        .map(|(i, v)| v * v * k * (i + 1) as f64)
        .sum()
}
#[autodiff_forward(m2, 2, Dualv, Dualv)]
fn map(x: &[f64], y: &mut [f64]) {
    for (a, b) in x.iter().zip(y) {
        *b = a.sin() * a
    }
}
#[autodiff_reverse(s2, 2, Active, Active, Active)]
fn s(x: f64, y: f64) -> f64 {
    x * y.sin()
}
#[autodiff_reverse(spg, 2, Active, Active)]
fn sp((a, b): (f64, f64)) -> f64 {
    a * a * b
}
#[autodiff_forward(raw2, 2, Dualv, Dual)]
unsafe fn raw(p: *const f64) -> f64 {
    unsafe { *p * *p }
}
#[autodiff_reverse(prg, 2, Active, Active)]
fn pr(x: f64) -> (f64, f64) {
    (x * x, x.sin())
}
struct M {
    w: f64,
}
trait T {
    fn go(&self, x: f64) -> f64;
}
impl T for M {
    #[inline]
    fn go(&self, x: f64) -> f64 {
        self.w * x * x
    }
}
impl M {
    #[autodiff_reverse(meth_g, Duplicated, Active, Active)]
    #[autodiff_forward(meth_f, 2, Const, Dual, Dual)]
    fn meth(&self, x: f64) -> f64 {
        self.go(x)
    }
}
// Supports: attributes: width in forward mode
// Supports: attributes: width in reverse mode, a seed and a derivative a lane (not in std::autodiff)
// Supports: attributes: Dualv, DualvOnly
// Supports: attributes: several on one function
// Supports: attributes: pattern arguments (not in std::autodiff)
// Supports: attributes: methods
fn widths() {
    let x = [1.0, 2.0, 3.0];
    let mut t = [0.0; 12];
    for l in 0..3 {
        t[l * 3 + l] = 1.0
    }
    t[9] = 1.0;
    t[10] = 1.0;
    t[11] = 1.0;
    let r = v4(&x, &t, 2.0);
    close_all(&r, &[72.0, 4.0, 16.0, 36.0, 56.0]);
    let r = v1(&x, &[1.0, 1.0, 1.0], 2.0);
    close(r.1, 56.0);
    let r = unsafe { o2(&x, &t[..6], 2.0) };
    close_all(&r, &[4.0, 16.0]);
    let (mut a, mut b, mut c) = ([0.0; 3], [0.0; 3], [0.0; 3]);
    close(r3(&x, &mut a, &mut b, &mut c, 2.0, [1.0, 2.0, 0.5]), 72.0);
    close_all(&a, &[4.0, 16.0, 36.0]);
    close_all(&b, &[8.0, 32.0, 72.0]);
    close_all(&c, &[2.0, 8.0, 18.0]);
    r3o(&x, &mut a, &mut b, &mut c, 2.0, 1.0);
    close_all(&a, &[8.0, 32.0, 72.0]);
    close_all(&c, &[6.0, 24.0, 54.0]);
    let mut y = [0.0; 3];
    let mut dy = [9.0; 6];
    m2(&x, &t[..6], &mut y, &mut dy);
    close_all(
        &dy,
        &[
            1f64.sin() + 1f64.cos(),
            0.0,
            0.0,
            0.0,
            2f64.sin() + 2.0 * 2f64.cos(),
            0.0,
        ],
    );
    let (v, dx, dyy) = s2(2.0, 0.5, [1.0, 3.0]);
    close(v, 2.0 * 0.5f64.sin());
    close_all(&dx, &[0.5f64.sin(), 3.0 * 0.5f64.sin()]);
    close_all(&dyy, &[2.0 * 0.5f64.cos(), 6.0 * 0.5f64.cos()]);
    let (_, d) = spg((2.0, 3.0), 1.0);
    assert_eq!(d, [(12.0, 4.0), (12.0, 4.0)]);
    let p = [3.0];
    let dp = [1.0, 2.0];
    let r = unsafe { raw2(p.as_ptr(), dp.as_ptr()) };
    close_all(&r, &[9.0, 6.0, 12.0]);
    let (_, d) = prg(2.0, [(1.0, 0.0), (0.0, 1.0)]);
    close_all(&d, &[4.0, 2f64.cos()]);
    let m = M { w: 3.0 };
    let mut dm = M { w: 0.0 };
    let (v, dx) = m.meth_g(&mut dm, 2.0, 1.0);
    close_all(&[v, dx, dm.w], &[12.0, 12.0, 4.0]);
    close_all(&m.meth_f(2.0, 1.0, 2.0), &[12.0, 12.0, 24.0]);
}
fn a_strided_shadow_of_another_length_is_named() {
    let e = std::panic::catch_unwind(|| {
        v4(&[1.0, 2.0], &[0.0; 7], 1.0);
    });
    assert!(e.is_err());
    assert!(
        last_panic().contains("4 times the length 2"),
        "{}",
        last_panic()
    );
}
fn main() -> ExitCode {
    cases![widths, a_strided_shadow_of_another_length_is_named]
}
