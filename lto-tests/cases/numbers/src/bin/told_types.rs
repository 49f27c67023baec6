//! Types that are told to the engine: `derive(TypeTree)` and what the marker crate knows itself.

use checks::{cases, close, close_all};
use enzyme_marker::{TypeTree, autodiff_reverse};
use std::cell::RefCell;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;

#[derive(TypeTree, Clone, Copy)]
enum Shape {
    Circle(f64),
    Rect { w: f64, h: f32, k: u8 },
    Unit,
}
#[derive(TypeTree)]
struct Mixed<'a, T> {
    id: u8,
    x: f64,
    list: Vec<T>,
    name: &'a str,
    opt: Option<f64>,
    b: Option<Box<f64>>,
}
#[derive(TypeTree)]
enum Expr {
    Var(usize),
    Const(f64),
    Add(Box<Expr>, Box<Expr>),
}
#[derive(TypeTree)]
struct List {
    v: f64,
    next: Option<Box<List>>,
}
#[derive(TypeTree, Clone, Copy)]
#[type_tree(any)]
union U {
    f: f64,
    i: u32,
}
/// The tree says nothing of what is inside.
struct Strange(
    #[allow(
        dead_code,
        reason = "only its bytes count: nothing may read it as a float"
    )]
    f64,
);
#[derive(TypeTree)]
struct Open {
    x: f64,
    #[type_tree(opaque)]
    s: Strange,
    rc: Rc<f64>,
    arc: Arc<(u8, f64)>,
    c: RefCell<f64>,
    r: std::ops::RangeInclusive<f64>,
    res: Result<f64, String>,
    t: (u8, f64, u16),
    u: U,
    f: fn(f64) -> f64,
    arr: [(f64, u32); 3],
}
#[autodiff_reverse(
    all_grad, Duplicated, Duplicated, Duplicated, Duplicated, Duplicated, Active
)]
fn all(s: &[Shape], m: &Mixed<(f64, u32)>, e: &Expr, l: &List, o: &Open) -> f64 {
    let mut t = s
        .iter()
        .map(|s| match s {
            Shape::Circle(r) => r * r,
            Shape::Rect { w, h, .. } => w * *h as f64,
            Shape::Unit => 1.0,
        })
        .sum::<f64>()
        + m.x * m.list.iter().map(|p| p.0).sum::<f64>()
        + m.opt.unwrap_or(0.0) * m.b.as_ref().map_or(1.0, |b| **b)
        + m.id as f64
        + m.name.len() as f64;
    fn ev(e: &Expr) -> f64 {
        match e {
            Expr::Var(i) => *i as f64,
            Expr::Const(c) => *c,
            Expr::Add(a, b) => ev(a) * ev(b),
        }
    }
    t += ev(e);
    let mut c = Some(l);
    while let Some(n) = c {
        t += n.v * n.v;
        c = n.next.as_deref();
    }
    t + o.x * *o.rc
        + o.arc.1 * *o.c.borrow()
        + o.r.start() * o.r.end()
        + o.res.as_ref().map_or(0.0, |v| v * 2.0)
        + o.t.1 * (o.f)(2.0)
        + unsafe { o.u.f }
        + o.arr.iter().map(|a| a.0).sum::<f64>()
        + o.s.0
}
fn f2(x: f64) -> f64 {
    x * 3.0
}
// Supports: types: derive(TypeTree) for structs, enums, unions, generic and recursive types, fields left open (not in std::autodiff)
// Supports: types: references, Vec, Box, Rc, Arc, RefCell, Option, Result, ranges, tuples, arrays, function pointers (not in oxide-enzyme, std::autodiff)
fn told_types() {
    let mk = |v: f64, x: f64| {
        (
            vec![
                Shape::Circle(v),
                Shape::Unit,
                Shape::Rect {
                    w: v,
                    h: x as f32,
                    k: 3,
                },
            ],
            vec![(v, 1), (x, 2)],
            Expr::Add(
                Box::new(Expr::Const(v)),
                Box::new(Expr::Add(Box::new(Expr::Var(3)), Box::new(Expr::Const(x)))),
            ),
            List {
                v,
                next: Some(Box::new(List { v: x, next: None })),
            },
        )
    };
    let op = |v: f64, x: f64| Open {
        x: v,
        s: Strange(x),
        rc: Rc::new(x),
        arc: Arc::new((1, v)),
        c: RefCell::new(x),
        r: v..=x,
        res: Ok(v),
        t: (1, v, 2),
        u: U { f: v },
        f: f2,
        arr: [(v, 1), (x, 2), (v, 3)],
    };
    let (s, list, e, l) = mk(2.0, 3.0);
    let (mut ds, dlist, mut de, mut dl) = mk(0.0, 0.0);
    let m = Mixed {
        id: 7,
        x: 4.0,
        list,
        name: "ab",
        opt: Some(5.0),
        b: Some(Box::new(6.0)),
    };
    let mut dm = Mixed {
        id: 7,
        x: 0.0,
        list: dlist,
        name: "ab",
        opt: Some(0.0),
        b: Some(Box::new(0.0)),
    };
    let o = op(2.0, 3.0);
    let mut d = op(0.0, 0.0);
    let v = all_grad(
        &s, &mut ds, &m, &mut dm, &e, &mut de, &l, &mut dl, &o, &mut d, 1.0,
    );
    close(v, all(&s, &m, &e, &l, &o));
    match ds[..] {
        [Shape::Circle(r), _, Shape::Rect { w, h, .. }] => {
            close_all(&[r, w, h as f64], &[4.0, 3.0, 2.0])
        }
        _ => panic!(),
    }
    close_all(
        &[
            dm.x,
            dm.list[0].0,
            dm.list[1].0,
            dm.opt.unwrap(),
            *dm.b.unwrap(),
        ],
        &[5.0, 4.0, 4.0, 6.0, 5.0],
    );
    match de {
        Expr::Add(a, b) => match (*a, *b) {
            (Expr::Const(p), Expr::Add(_, q)) => match *q {
                Expr::Const(q) => close_all(&[p, q], &[9.0, 6.0]),
                _ => panic!(),
            },
            _ => panic!(),
        },
        _ => panic!(),
    }
    close_all(&[dl.v, dl.next.unwrap().v], &[4.0, 6.0]);
    close_all(
        &[
            d.x,
            d.s.0,
            *d.rc,
            d.arc.1,
            *d.c.borrow(),
            *d.r.start(),
            *d.r.end(),
            d.res.unwrap(),
            d.t.1,
            unsafe { d.u.f },
            d.arr[1].0,
        ],
        &[3.0, 1.0, 2.0, 3.0, 2.0, 3.0, 2.0, 2.0, 6.0, 1.0, 1.0],
    );
}
/// Collected in place: the memory of the floats becomes that of integers, and that of integers becomes that of floats.
#[autodiff_reverse(d_in_place, Const, Const, Active, Active)]
fn in_place(floats: Vec<f64>, integers: Vec<u64>, x: f64) -> f64 {
    let rounded: Vec<i64> = floats.into_iter().map(|x| x.round() as i64).collect();
    let halves: Vec<f64> = integers.into_iter().map(|k| k as f64 * 0.5).collect();
    let pairs = halves.iter().zip(&rounded);
    x * x * pairs.map(|(h, k)| h * *k as f64).sum::<f64>()
}

/// Integers of a constant argument keep the bits of floats.
#[autodiff_reverse(d_packed, Const, Const, Duplicated, Active)]
fn packed(bits: &[u64], bytes: &[u8], x: &[f64]) -> f64 {
    let from_bytes = bytes
        .chunks_exact(8)
        .map(|b| f64::from_le_bytes(b.try_into().unwrap()));
    let weights = bits.iter().map(|b| f64::from_bits(*b)).zip(from_bytes);
    x.iter().zip(weights).map(|(x, (a, b))| x * x * a * b).sum()
}

#[repr(C)]
#[derive(TypeTree)]
struct Header {
    kind: u64,
    next: *const Header,
}

#[repr(C)]
#[derive(TypeTree)]
struct Number {
    header: Header,
    value: f64,
}

/// What lies behind a raw pointer is more than its type says, and may be another type altogether.
#[autodiff_reverse(d_behind, Duplicated, Active)]
fn behind(start: *const Header) -> f64 {
    let (mut at, mut sum) = (start, 0.0);
    while !at.is_null() {
        // SAFETY: each header is the first member of a number.
        let (kind, value, next) = unsafe { ((*at).kind, (*at.cast::<Number>()).value, (*at).next) };
        sum += kind as f64 * value * value;
        at = next;
    }
    sum
}

/// The bits of floats are looked at, and put together again.
#[autodiff_reverse(d_bits, Duplicated, Active)]
fn bits(x: &[f64]) -> f64 {
    let keys = x.iter().map(|x| x.to_bits() >> 52);
    x.iter()
        .zip(keys)
        .map(|(x, k)| {
            if k > 1023 {
                x * x
            } else {
                f64::from_bits(x.to_bits())
            }
        })
        .sum()
}

// Supports: types: memory used again, bits in constant integers, headers behind raw pointers are no contradiction (not in std::autodiff)
fn uses_that_contradict_nothing() {
    let (y, dx) = d_in_place(vec![1.2, 1.9, 3.1], vec![1, 2, 3], 2.0, 1.0);
    close_all(&[y, dx], &[28.0, 28.0]);
    let (bits, bytes) = (
        [2f64.to_bits(), 3f64.to_bits()],
        [1f64.to_le_bytes(), 4f64.to_le_bytes()].concat(),
    );
    let mut dx = [0.0; 2];
    let y = d_packed(&bits, &bytes, &[1.0, 2.0], &mut dx, 1.0);
    close_all(&[y, dx[0], dx[1]], &[50.0, 4.0, 48.0]);
    let mut dx = [0.0; 3];
    let y = d_bits(&[0.5, 4.0, 8.0], &mut dx, 1.0);
    close_all(&[y, dx[0], dx[1], dx[2]], &[80.5, 1.0, 8.0, 16.0]);
    headers_behind_raw_pointers();
}

fn headers_behind_raw_pointers() {
    let number = |kind, next: *const Number, value| Number {
        header: Header {
            kind,
            next: next.cast(),
        },
        value,
    };
    let second = number(2, std::ptr::null(), 3.0);
    let first = number(1, &second, 2.0);
    let mut d_second = number(2, std::ptr::null(), 0.0);
    let d_second = &raw mut d_second;
    let mut d_first = number(1, d_second, 0.0);
    let y = d_behind((&raw const first).cast(), (&raw mut d_first).cast(), 1.0);
    // SAFETY: it is a variable of this function.
    let d_second = unsafe { (*d_second).value };
    close_all(&[y, d_first.value, d_second], &[22.0, 4.0, 12.0]);
}

fn main() -> ExitCode {
    cases![told_types, uses_that_contradict_nothing]
}
