//! Memory that grows, and types that are told to the engine, of which the standard library has more than numbers; and what
//! `cargo xtask test-lto profile` builds in every profile.

use checks::{cases, close, close_all, is_gradient};
use enzyme_marker::{TypeTree, autodiff_forward, autodiff_reverse};
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::num::Wrapping;
use std::process::ExitCode;
use std::ptr::NonNull;

// Supports: builds: opt-level 0, 1, 2, 3, s, z: a Vec grows, is drained, sorted and searched
#[autodiff_reverse(grown_grad, Duplicated, Active)]
#[autodiff_forward(grown_fwd, Dual, Dual)]
fn grown(x: &[f64]) -> f64 {
    let mut all = Vec::new();
    for (i, v) in x.iter().enumerate() {
        all.push(v * v);
        if i % 2 == 1 {
            all.insert(i / 2, v.sin());
        }
    }
    let front: f64 = all.drain(..2).sum();
    all.dedup_by(|a, b| (*a - *b).abs() < 1e-3);
    all.sort_by(f64::total_cmp);
    all.extend_from_slice(&x[1..]);
    all.retain(|v| *v > -0.5);
    all.iter().rev().fold(front, |sum, v| sum * 0.7 + v * v)
}

// Supports: builds: overflow checks, debug assertions, panic=abort, several codegen units, incremental
#[autodiff_reverse(counted_grad, Duplicated, Active)]
fn counted(x: &[f64]) -> f64 {
    let mut queue: VecDeque<f64> = VecDeque::new();
    let (mut count, mut hash) = (0u8, Wrapping(1u32));
    for v in x {
        queue.push_back(v.exp());
        if queue.len() > 3 {
            let first = queue.pop_front().expect("there are four");
            queue.push_front(first * v);
            queue.rotate_left(1);
        }
        count += 20;
        hash = hash * Wrapping(0x9E37_79B9) + Wrapping(u32::from(count));
    }
    debug_assert!(hash.0 != 0);
    queue
        .iter()
        .enumerate()
        .map(|(i, v)| v * (i + 1) as f64)
        .sum::<f64>()
        * f64::from(count)
}

fn growth() {
    let x = [0.3, -0.9, 1.7, 0.8, -1.2, 2.1, 0.55, 1.05, -0.4];
    let mut dx = [0.0; 9];
    close(grown_grad(&x, &mut dx, 1.0), grown(&x));
    is_gradient(grown, &x, &dx);
    close(grown_fwd(&x, &[1.0; 9]).1, dx.iter().sum());
    let mut dx = [0.0; 9];
    close(counted_grad(&x, &mut dx, 1.0), counted(&x));
    is_gradient(counted, &x, &dx);
}

#[derive(TypeTree)]
struct View<'a, T> {
    data: &'a mut [T],
    best: &'a mut T,
    range: std::ops::Range<usize>,
    unit: PhantomData<fn() -> T>,
    hash: Wrapping<u64>,
    scale: Wrapping<u8>,
    last: MaybeUninit<T>,
    weight: f32,
}

// Supports: types: lifetimes, PhantomData, MaybeUninit, Wrapping, Range of indices (not in std::autodiff)
#[autodiff_reverse(viewed_grad, Duplicated, Active)]
fn viewed(v: &View<f64>) -> f64 {
    let mut hash = v.hash;
    let mut sum = 0.0;
    for i in v.range.clone() {
        hash = hash * Wrapping(3) + Wrapping(i as u64);
        sum += v.data[i] * v.data[i] * (hash.0 % 4 + 1) as f64;
    }
    let _ = v.unit;
    // SAFETY: the callers initialise it.
    let last = unsafe { v.last.assume_init() };
    sum * *v.best * last + f64::from(v.weight) * f64::from(v.scale.0)
}

fn views() {
    let (mut data, mut ddata) = ([1.0, 2.0, 3.0], [0.0; 3]);
    let (mut best, mut dbest) = (0.5, 0.0);
    fn of<'a>(data: &'a mut [f64], best: &'a mut f64, last: f64, weight: f32) -> View<'a, f64> {
        View {
            data,
            best,
            range: 1..3,
            unit: PhantomData,
            hash: Wrapping(1),
            scale: Wrapping(250),
            last: MaybeUninit::new(last),
            weight,
        }
    }
    let v = of(&mut data[..], &mut best, 2.0, 1.5f32);
    let mut d = of(&mut ddata[..], &mut dbest, 0.0, 0.0);
    // hash: 1 -> 4 -> 14, so the factors are 1 and 3.
    let sum = 4.0 + 27.0;
    close(viewed_grad(&v, &mut d, 1.0), sum + 375.0);
    // SAFETY: it was made from a value.
    close(unsafe { d.last.assume_init() }, sum * 0.5);
    close(f64::from(d.weight), 250.0);
    close_all(&ddata, &[0.0, 4.0, 18.0]);
    close(dbest, 2.0 * sum);
}

#[derive(TypeTree, Clone, Copy)]
struct Link {
    value: f64,
    next: *const Link,
    back: Option<NonNull<Link>>,
}

// Supports: types: raw pointers, NonNull, and null
#[autodiff_reverse(linked_grad, Duplicated, Active)]
fn linked(first: &Link) -> f64 {
    let mut sum = 0.0;
    let mut at: *const Link = first;
    // SAFETY: the callers' links are alive.
    unsafe {
        while let Some(link) = at.as_ref() {
            sum += link.value * link.value * link.back.map_or(1.0, |b| b.as_ref().value);
            at = link.next;
        }
    }
    sum
}

fn links() {
    let chain = |values: [f64; 3]| {
        let mut links = Box::new(values.map(|value| Link {
            value,
            next: std::ptr::null(),
            back: None,
        }));
        let at = |links: &mut [Link; 3], i: usize| NonNull::from(&mut links[i]);
        for i in 0..2 {
            links[i].next = at(&mut links, i + 1).as_ptr();
            links[i + 1].back = Some(at(&mut links, i));
        }
        links
    };
    let x = chain([2.0, 3.0, 5.0]);
    let mut dx = chain([0.0; 3]);
    close(linked_grad(&x[0], &mut dx[0], 1.0), 4.0 + 18.0 + 75.0);
    close_all(
        &[dx[0].value, dx[1].value, dx[2].value],
        &[4.0 + 9.0, 12.0 + 25.0, 30.0],
    );
}

#[cfg(target_arch = "x86_64")]
mod vectors {
    use super::*;
    use std::arch::x86_64::*;

    #[derive(TypeTree, Clone, Copy)]
    pub struct Four {
        pub wide: [__m128d; 2],
        pub count: u32,
        pub narrow: __m128,
    }

    // Supports: types: SIMD vectors of core::arch, in structs and told (not in std::autodiff)
    #[autodiff_reverse(norm_grad, Duplicated, Active)]
    fn norm(v: &Four) -> f64 {
        // SAFETY: SSE2 is a part of x86-64.
        unsafe {
            let mut sum = _mm_setzero_pd();
            for w in v.wide {
                sum = _mm_add_pd(sum, _mm_mul_pd(w, w));
            }
            let high = _mm_unpackhi_pd(sum, sum);
            let total = _mm_cvtsd_f64(_mm_add_sd(sum, high));
            let narrow = _mm_mul_ps(v.narrow, v.narrow);
            total.sqrt() * f64::from(v.count) + f64::from(_mm_cvtss_f32(narrow))
        }
    }

    // Supports: types: SIMD vectors by value as arguments (not in std::autodiff)
    #[autodiff_reverse(product_grad, Active, Active, Active)]
    fn product(a: __m128d, b: __m128d) -> f64 {
        // SAFETY: as above.
        unsafe {
            let p = _mm_mul_pd(a, b);
            _mm_cvtsd_f64(p) + 2.0 * _mm_cvtsd_f64(_mm_unpackhi_pd(p, p))
        }
    }

    pub fn lanes(v: __m128d) -> [f64; 2] {
        let mut out = [0.0; 2];
        // SAFETY: two numbers fit.
        unsafe { _mm_storeu_pd(out.as_mut_ptr(), v) };
        out
    }

    pub fn check() {
        // SAFETY: as above.
        let of = |a, b, c, d, e| unsafe {
            Four {
                wide: [_mm_set_pd(b, a), _mm_set_pd(d, c)],
                count: 3,
                narrow: _mm_set_ps1(e),
            }
        };
        let v = of(1.0, 2.0, 4.0, 2.0, 1.5);
        let mut d = of(0.0, 0.0, 0.0, 0.0, 0.0);
        close(norm_grad(&v, &mut d, 1.0), 15.0 + 2.25);
        close_all(&lanes(d.wide[0]), &[0.6, 1.2]);
        close_all(&lanes(d.wide[1]), &[2.4, 1.2]);
        // SAFETY: as above.
        close(f64::from(unsafe { _mm_cvtss_f32(d.narrow) }), 3.0);
        // SAFETY: as above.
        let (a, b) = unsafe { (_mm_set_pd(2.0, 3.0), _mm_set_pd(5.0, 7.0)) };
        let (value, da, db) = product_grad(a, b, 1.0);
        close(value, 21.0 + 20.0);
        close_all(&lanes(da), &[7.0, 10.0]);
        close_all(&lanes(db), &[3.0, 4.0]);
    }
}

fn vectors() {
    #[cfg(target_arch = "x86_64")]
    vectors::check();
}

fn main() -> ExitCode {
    cases![growth, views, links, vectors]
}
