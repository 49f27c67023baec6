//! The standard library.

use checks::{close, is_gradient};
use enzyme_marker::autodiff_reverse;
use std::collections::{BinaryHeap, LinkedList, VecDeque};
use std::fmt::Write;

const POINT: [f64; 8] = [0.4, -0.9, 1.3, 0.7, -0.2, 1.1, 0.6, 0.5];

fn check(f: impl Fn(&[f64]) -> f64, gradient: impl Fn(&[f64], &mut [f64], f64) -> f64) {
    for n in [4, 7, 8] {
        let mut dx = [0.0; 8];
        close(gradient(&POINT[..n], &mut dx[..n], 1.0), f(&POINT[..n]));
        is_gradient(&f, &POINT[..n], &dx[..n]);
    }
}

#[autodiff_reverse(push_grad, Duplicated, Active)]
fn push(x: &[f64]) -> f64 {
    let mut v = Vec::new();
    for a in x {
        v.push(a * a);
        if v.len() % 3 == 0 {
            let l = v.pop().unwrap();
            v.push(l * 2.0);
            v.push(l.sin());
        }
    }
    v.extend(x.iter().map(|a| a * 3.0));
    v.extend_from_slice(&x[..2]);
    v.iter().enumerate().map(|(i, a)| a * i as f64).sum()
}
#[autodiff_reverse(sort_grad, Duplicated, Active)]
fn sort(x: &[f64]) -> f64 {
    let mut v: Vec<f64> = x.iter().map(|a| a * 1.5).collect();
    v.sort_by(|a, b| a.partial_cmp(b).unwrap());
    v.iter()
        .enumerate()
        .map(|(i, a)| a * a * (i + 1) as f64)
        .sum()
}
#[autodiff_reverse(sortkey_grad, Duplicated, Active)]
fn sortkey(x: &[f64]) -> f64 {
    let mut v: Vec<(f64, f64)> = x.iter().map(|a| (a.sin(), a * a)).collect();
    v.sort_by(|a, b| a.0.total_cmp(&b.0));
    v.dedup_by(|a, b| a.0 == b.0);
    v.iter()
        .enumerate()
        .map(|(i, a)| a.1 * a.0 * (i + 1) as f64)
        .sum()
}
#[autodiff_reverse(sorts_unstably_grad, Duplicated, Active)]
fn sorts_unstably(x: &[f64]) -> f64 {
    let mut v: Vec<(usize, f64)> = x.iter().map(|v| v * 2.0).enumerate().collect();
    v.sort_unstable_by(|a, b| a.1.total_cmp(&b.1));
    let mut pairs: Vec<(f64, f64)> = x.windows(2).map(|w| (w[0], w[1])).collect();
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let ranked = v.iter().enumerate();
    let squares: f64 = ranked.map(|(k, p)| (k + p.0) as f64 * p.1 * p.1).sum();
    let products = pairs.iter().enumerate();
    squares + products.map(|(k, p)| k as f64 * p.0 * p.1).sum::<f64>()
}
#[autodiff_reverse(edit_grad, Duplicated, Active)]
fn edit(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.insert(1, x[0] * x[1]);
    let r = v.remove(2);
    v.swap(0, 1);
    v.truncate(6);
    let d: Vec<f64> = v.drain(1..3).collect();
    v.retain(|a| *a < 1.2);
    v.rotate_left(1);
    v.reverse();
    v.resize(9, x[1]);
    let s = v.split_off(2);
    v.iter()
        .chain(&d)
        .chain(&s)
        .enumerate()
        .map(|(i, a)| a * a * (i + 1) as f64)
        .sum::<f64>()
        + r
}
#[autodiff_reverse(deque_grad, Duplicated, Active)]
fn deque(x: &[f64]) -> f64 {
    let mut q = VecDeque::new();
    let mut s = 0.0;
    for a in x {
        q.push_back(a * a);
        if q.len() > 3 {
            s += q.pop_front().unwrap() * a
        }
        q.push_front(a.sin());
    }
    s + q.iter().enumerate().map(|(i, a)| a * i as f64).sum::<f64>()
}
#[autodiff_reverse(boxs_grad, Duplicated, Active)]
fn boxs(x: &[f64]) -> f64 {
    let b: Box<[f64]> = x.iter().map(|a| a * 2.0).collect();
    let c = b.clone();
    let m: Vec<Vec<f64>> = (0..3)
        .map(|i| x.iter().map(|a| a * i as f64).collect())
        .collect();
    b.iter().zip(c.iter()).map(|(a, b)| a * b).sum::<f64>()
        + m.iter().flatten().map(|a| a * a).sum::<f64>()
}
#[autodiff_reverse(text_grad, Duplicated, Active)]
fn text(x: &[f64]) -> f64 {
    let mut s = String::new();
    let mut t = 0.0;
    for a in x {
        write!(s, "{a:.3},").unwrap();
        t += a * a * s.len() as f64 * 0.01;
    }
    let n = format!("{t} {:?}", x).len();
    if n == 0 {
        println!("{s}")
    }
    t
}
#[autodiff_reverse(print_grad, Duplicated, Active)]
fn print(x: &[f64]) -> f64 {
    let mut t = 0.0;
    for a in x {
        t += a * a;
        eprint!("");
        if t > 1e9 {
            println!("large {t}");
        }
    }
    t
}
#[autodiff_reverse(memf_grad, Duplicated, Active)]
fn memf(x: &[f64]) -> f64 {
    let mut a = x.to_vec();
    let mut b: Vec<f64> = x.iter().map(|v| v * v).collect();
    let mut p = x[0];
    let mut q = x[1];
    for i in 0..5 {
        if i % 2 == 0 {
            std::mem::swap(&mut a, &mut b)
        }
        std::mem::swap(&mut p, &mut q);
        a[0] += p;
        q = std::mem::replace(&mut b[1], q * 1.5);
    }
    let t = std::mem::take(&mut a);
    t.iter().sum::<f64>() * b[1] + p * q + a.len() as f64
}
#[autodiff_reverse(time_grad, Duplicated, Active)]
fn time(x: &[f64]) -> f64 {
    let t = std::time::Instant::now();
    let s: f64 = x.iter().map(|a| a * a).sum();
    let e = t.elapsed();
    assert!(e.as_secs() < 1000, "slow {e:?}");
    debug_assert!(s >= 0.0);
    assert_eq!(x.len(), x.iter().filter(|v| v.is_finite()).count());
    assert_ne!(s, -1.0, "s {s}");
    s
}
#[autodiff_reverse(checked_grad, Duplicated, Active)]
fn checked(x: &[f64]) -> f64 {
    let mut k = 1u32;
    let mut s = 0.0;
    for (i, a) in x.iter().enumerate() {
        k = k
            .checked_mul(2)
            .unwrap_or(7)
            .wrapping_add(i as u32)
            .saturating_sub(1);
        s += a * f64::from(k % 5) * a;
        let j = i.checked_sub(1).map_or(0.0, |j| x[j]);
        s += j * a
    }
    s
}
#[autodiff_reverse(bheap_grad, Duplicated, Active)]
fn bheap(x: &[f64]) -> f64 {
    #[derive(PartialEq)]
    struct O(f64, f64);
    impl Eq for O {}
    impl PartialOrd for O {
        fn partial_cmp(&self, o: &Self) -> Option<std::cmp::Ordering> {
            Some(self.cmp(o))
        }
    }
    impl Ord for O {
        fn cmp(&self, o: &Self) -> std::cmp::Ordering {
            self.0.total_cmp(&o.0)
        }
    }
    let mut h = BinaryHeap::new();
    for a in x {
        h.push(O(*a, a * a))
    }
    let mut s = 0.0;
    let mut k = 1.0;
    while let Some(O(a, b)) = h.pop() {
        s += a * b * k;
        k += 1.0
    }
    s
}
#[autodiff_reverse(llist_grad, Duplicated, Active)]
fn llist(x: &[f64]) -> f64 {
    let mut l = LinkedList::new();
    for a in x {
        l.push_back(a * a);
        l.push_front(a * 0.5)
    }
    l.pop_back();
    l.iter().enumerate().map(|(i, a)| a * i as f64).sum()
}
#[autodiff_reverse(cow_grad, Duplicated, Active)]
fn cow(x: &[f64]) -> f64 {
    use std::borrow::Cow;
    fn f(x: &[f64]) -> Cow<'_, [f64]> {
        if x[0] > 0.0 {
            Cow::Owned(x.iter().map(|a| a * a).collect())
        } else {
            Cow::Borrowed(x)
        }
    }
    f(x).iter().sum::<f64>() * f(&x[1..]).iter().product::<f64>()
}
#[autodiff_reverse(bsearch_grad, Duplicated, Active)]
fn bsearch(x: &[f64]) -> f64 {
    let g: Vec<f64> = (0..10).map(|i| i as f64 * 0.31 - 1.0).collect();
    x.iter()
        .map(|a| {
            let k = g.partition_point(|b| b < a).clamp(1, 9);
            let t = (a - g[k - 1]) / (g[k] - g[k - 1]);
            t * t * (k as f64)
        })
        .sum()
}
fn may(x: f64) -> Option<f64> {
    (x > -10.0).then(|| x.sqrt_abs())
}
trait Sa {
    fn sqrt_abs(self) -> f64;
}
impl Sa for f64 {
    fn sqrt_abs(self) -> f64 {
        (self * self + 0.1).sqrt()
    }
}
#[autodiff_reverse(opts_grad, Duplicated, Active)]
fn opts(x: &[f64]) -> f64 {
    let mut last: Option<f64> = None;
    let mut s = 0.0;
    for a in x {
        if let Some(l) = last.take() {
            s += l * a;
        }
        last = may(*a)
            .filter(|v| *v > 0.5)
            .or(Some(0.3))
            .and_then(|v| if v < 3.0 { Some(v * a) } else { None });
        *last.get_or_insert(1.0) += 0.1;
    }
    let z: Option<Vec<f64>> = x.iter().map(|a| may(*a)).collect();
    let r: Result<f64, std::num::ParseIntError> = x
        .iter()
        .map(|a| "3".parse::<i32>().map(|p| p as f64 * a))
        .sum();
    s + last.unwrap_or_default()
        + z.unwrap().iter().sum::<f64>()
        + r.unwrap()
        + last.zip(may(x[0])).map_or(0.0, |(a, b)| a * b)
}
#[autodiff_reverse(mathf_grad, Duplicated, Active)]
fn mathf(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for a in x {
        let b = a.abs() + 0.5;
        s += a.sin() * a.cos()
            + a.tan().atan()
            + b.ln()
            + b.log10()
            + b.log2()
            + b.ln_1p()
            + a.exp_m1()
            + a.exp2()
            + b.sqrt()
            + b.cbrt()
            + a.hypot(b)
            + a.atan2(b)
            + a.sinh() * a.cosh()
            + a.tanh()
            + a.asinh()
            + (b + 1.0).acosh()
            + (a * 0.3).atanh()
            + (a * 0.3).asin()
            + (a * 0.3).acos()
            + b.powf(*a)
            + a.powi(3)
            + a.mul_add(b, 1.0)
            + a.signum() * a
            + a.floor() * a
            + a.fract() * 2.0
            + a.rem_euclid(0.75)
            + a.clamp(-0.5, 1.0)
            + a.max(b).min(2.0)
            + a.to_radians()
            + b.recip()
            + a.copysign(-1.0)
            + b.log(3.0)
            + a.sin_cos().0
    }
    s
}

checks::checked! {
    // Supports: library: Vec push, pop, extend, extend_from_slice (not in std::autodiff)
    push, push_grad;
    // Supports: library: sort_by
    sort, sort_grad;
    // Supports: library: sort_unstable_by of tuples
    sorts_unstably, sorts_unstably_grad;
    // Supports: library: sort_by of tuples, dedup_by
    sortkey, sortkey_grad;
    // Supports: library: insert, remove, swap, truncate, drain, retain, rotate_left, reverse, resize, split_off (not in std::autodiff)
    edit, edit_grad;
    // Supports: library: VecDeque (not in std::autodiff)
    deque, deque_grad;
    // Supports: library: Box<[f64]>, collect, clone, Vec<Vec<f64>>
    boxs, boxs_grad;
    // Supports: library: String, write!, format! (inactive) (not in std::autodiff)
    text, text_grad;
    // Supports: library: println!, eprint! (inactive) (not in std::autodiff)
    print, print_grad;
    // Supports: library: mem::swap, replace, take
    memf, memf_grad;
    // Supports: library: std::time, assert!, assert_eq!, debug_assert! (inactive) (not in std::autodiff)
    time, time_grad;
    // Supports: library: checked, wrapping and saturating integers beside floats
    checked, checked_grad;
    // Supports: library: BinaryHeap of structs with an order of their own (not in std::autodiff)
    bheap, bheap_grad;
    // Supports: library: LinkedList (not in std::autodiff)
    llist, llist_grad;
    // Supports: library: Cow<[f64]>
    cow, cow_grad;
    // Supports: library: partition_point, clamp
    bsearch, bsearch_grad;
    // Supports: enums: Option take, filter, or, and_then, zip, get_or_insert; collect into Option and Result (not in oxide-enzyme, std::autodiff)
    opts, opts_grad;
    // Supports: library: the functions of f64
    mathf, mathf_grad;
}
