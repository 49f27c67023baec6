//! Calls of every kind: closures, trait objects, function pointers, iterators; and what is shared or changed inside.

use checks::{close, is_gradient};
use enzyme_marker::autodiff_reverse;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

const POINT: [f64; 8] = [0.4, -0.9, 1.3, 0.7, -0.2, 1.1, 0.6, 0.5];

fn check(f: impl Fn(&[f64]) -> f64, gradient: impl Fn(&[f64], &mut [f64], f64) -> f64) {
    for n in [4, 7, 8] {
        let mut dx = [0.0; 8];
        close(gradient(&POINT[..n], &mut dx[..n], 1.0), f(&POINT[..n]));
        is_gradient(&f, &POINT[..n], &dx[..n]);
    }
}

#[inline(never)]
fn twice<F: Fn(f64) -> f64>(f: F, x: f64) -> f64 {
    f(f(x))
}
#[autodiff_reverse(clos_ref_grad, Duplicated, Active)]
fn clos_ref(x: &[f64]) -> f64 {
    let a = x[1];
    let mut count = 0;
    let r = x.iter().map(|v| twice(|y| y * a + x[0], *v)).sum::<f64>();
    let mut inc = || {
        count += 1;
        count as f64 * x[2]
    };
    r + inc() + inc()
}
fn adder(a: f64) -> impl Fn(f64) -> f64 {
    move |x| x * a + a.sin()
}
#[autodiff_reverse(clos_move_grad, Duplicated, Active)]
fn clos_move(x: &[f64]) -> f64 {
    let f = adder(x[0]);
    let g = adder(x[1]);
    f(g(x[2]))
}
fn boxed(a: f64, k: usize) -> Box<dyn Fn(f64) -> f64> {
    match k % 3 {
        0 => Box::new(move |x| x * a),
        1 => Box::new(move |x| (x + a).sin()),
        _ => Box::new(|x| x * x),
    }
}
#[autodiff_reverse(clos_box_grad, Duplicated, Active)]
fn clos_box(x: &[f64]) -> f64 {
    let fs: Vec<Box<dyn Fn(f64) -> f64>> =
        x.iter().enumerate().map(|(i, a)| boxed(*a, i)).collect();
    fs.iter().fold(x[0], |v, f| f(v))
}
#[inline(never)]
fn apply_dyn(f: &dyn Fn(f64) -> f64, x: f64) -> f64 {
    f(x) + f(2.0 * x)
}
#[autodiff_reverse(dyn_fn_grad, Duplicated, Active)]
fn dyn_fn(x: &[f64]) -> f64 {
    let a = x[0];
    apply_dyn(&|y| y * a, x[1]) + apply_dyn(&|y| y.sin() + x[2], x[3])
}
#[inline(never)]
fn apply_mut(f: &mut dyn FnMut(f64), x: &[f64]) {
    for v in x {
        f(*v)
    }
}
#[autodiff_reverse(dyn_mut_grad, Duplicated, Active)]
fn dyn_mut(x: &[f64]) -> f64 {
    let mut s = 0.0;
    apply_mut(&mut |v| s = s * 0.5 + v * v, x);
    let mut p = 1.0;
    apply_mut(&mut |v| p *= 1.0 + v * 0.1, x);
    s * p
}
trait Layer {
    fn run(&self, x: f64) -> f64;
    fn norm(&self) -> f64 {
        self.run(1.0) * 0.5
    }
}
struct Lin {
    w: f64,
    b: f64,
}
struct Act;
struct Scale(f64, Vec<f64>);
impl Layer for Lin {
    fn run(&self, x: f64) -> f64 {
        self.w * x + self.b
    }
}
impl Layer for Act {
    fn run(&self, x: f64) -> f64 {
        x.tanh()
    }
    fn norm(&self) -> f64 {
        1.0
    }
}
impl Layer for Scale {
    fn run(&self, x: f64) -> f64 {
        self.1.iter().map(|v| v * x * self.0).sum()
    }
}
#[autodiff_reverse(dyn_trait_grad, Duplicated, Active)]
fn dyn_trait(x: &[f64]) -> f64 {
    let net: Vec<Box<dyn Layer>> = vec![
        Box::new(Lin { w: x[0], b: x[1] }),
        Box::new(Act),
        Box::new(Scale(x[2], vec![x[3], 0.5])),
        Box::new(Lin { w: x[3], b: 0.1 }),
    ];
    net.iter().fold(x[0], |v, l| l.run(v)) + net.iter().map(|l| l.norm()).sum::<f64>()
}
#[autodiff_reverse(dyn_ref_grad, Duplicated, Active)]
fn dyn_ref(x: &[f64]) -> f64 {
    let a = Lin { w: x[0], b: x[1] };
    let b = Scale(x[2], x.to_vec());
    let ls: [&dyn Layer; 3] = [&a, &b, &Act];
    let mut v = x[3];
    for (i, l) in ls.iter().cycle().take(7).enumerate() {
        v = l.run(v) + i as f64 * 0.1;
    }
    v
}
#[autodiff_reverse(dyn_rc_grad, Duplicated, Active)]
fn dyn_rc(x: &[f64]) -> f64 {
    let a: Rc<dyn Layer> = Rc::new(Lin { w: x[0], b: x[1] });
    let b: Arc<dyn Layer> = Arc::new(Scale(x[2], x.to_vec()));
    let a2 = a.clone();
    a.run(b.run(a2.run(x[1])))
}
fn sq(x: f64) -> f64 {
    x * x
}
fn cube(x: f64) -> f64 {
    x * x * x
}
fn osc(x: f64) -> f64 {
    (3.0 * x).cos()
}
const TABLE: [fn(f64) -> f64; 3] = [sq, cube, osc];
#[autodiff_reverse(fnptr_grad, Duplicated, Active)]
fn fnptr(x: &[f64]) -> f64 {
    x.iter()
        .enumerate()
        .map(|(i, v)| TABLE[i % 3](*v) * v)
        .sum()
}
#[inline(never)]
fn newton(f: fn(f64, f64) -> f64, df: fn(f64, f64) -> f64, a: f64) -> f64 {
    let mut y = 1.0;
    for _ in 0..20 {
        y -= f(y, a) / df(y, a);
    }
    y
}
#[autodiff_reverse(fnptr2_grad, Duplicated, Active)]
fn fnptr2(x: &[f64]) -> f64 {
    x.iter()
        .map(|v| newton(|y, a| y * y - a, |y, _| 2.0 * y, v * v + 1.0))
        .sum()
}
fn even(n: usize, x: f64) -> f64 {
    if n == 0 {
        x
    } else {
        odd(n - 1, x * x * 0.9) + x
    }
}
fn odd(n: usize, x: f64) -> f64 {
    if n == 0 {
        1.0
    } else {
        even(n - 1, x.sin()) * x
    }
}
#[autodiff_reverse(mutual_grad, Duplicated, Active)]
fn mutual(x: &[f64]) -> f64 {
    x.iter().map(|v| even(5, *v)).sum()
}
struct Tree {
    v: f64,
    l: Option<Box<Tree>>,
    r: Option<Box<Tree>>,
}
fn insert(t: Option<Box<Tree>>, v: f64) -> Option<Box<Tree>> {
    Some(match t {
        None => Box::new(Tree {
            v,
            l: None,
            r: None,
        }),
        Some(mut t) => {
            if v < t.v {
                t.l = insert(t.l.take(), v)
            } else {
                t.r = insert(t.r.take(), v)
            }
            t
        }
    })
}
fn sum(t: &Option<Box<Tree>>, d: f64) -> f64 {
    match t {
        None => 0.0,
        Some(t) => t.v * t.v * d + sum(&t.l, d + 1.0) + sum(&t.r, d * 0.5),
    }
}
#[autodiff_reverse(tree_grad, Duplicated, Active)]
fn tree(x: &[f64]) -> f64 {
    let mut t = None;
    for v in x {
        t = insert(t, *v)
    }
    sum(&t, 1.0)
}
struct Counter<'a> {
    x: &'a [f64],
    i: usize,
    acc: f64,
}
impl Iterator for Counter<'_> {
    type Item = f64;
    fn next(&mut self) -> Option<f64> {
        if self.i < self.x.len() {
            self.acc += self.x[self.i] * self.acc;
            self.i += 1;
            Some(self.acc)
        } else {
            None
        }
    }
}
#[autodiff_reverse(iter_own_grad, Duplicated, Active)]
fn iter_own(x: &[f64]) -> f64 {
    Counter { x, i: 0, acc: 1.0 }
        .zip(x.iter().rev())
        .map(|(a, b)| a * b)
        .step_by(2)
        .sum()
}
#[autodiff_reverse(iter_many_grad, Duplicated, Active)]
fn iter_many(x: &[f64]) -> f64 {
    let a: f64 = x.windows(2).map(|w| w[0] * w[1]).sum();
    let b: f64 = x.chunks_exact(2).map(|c| c[0] / (2.0 + c[1])).product();
    let c = x
        .iter()
        .scan(0.0, |s, v| {
            *s += v * v;
            Some(*s)
        })
        .fold(0.0, |a, v| a + v.sqrt());
    let d: f64 = x.iter().flat_map(|v| [v.sin(), v.cos() * 2.0]).sum();
    let (p, q): (Vec<f64>, Vec<f64>) = x.iter().partition(|v| **v > 0.0);
    let e = p
        .iter()
        .chain(&q)
        .enumerate()
        .map(|(i, v)| v * i as f64)
        .sum::<f64>();
    let (u, w): (Vec<f64>, Vec<f64>) = x.iter().map(|v| (v * 2.0, v * v)).unzip();
    let f = x
        .iter()
        .skip_while(|v| **v > 0.0)
        .map_while(|v| if *v < 1.2 { Some(v * 3.0) } else { None })
        .sum::<f64>();
    let g = x.iter().copied().max_by(|a, b| a.total_cmp(b)).unwrap()
        * x.iter().copied().fold(f64::INFINITY, f64::min);
    a * b
        + c
        + d * e
        + f * g
        + u.iter().zip(&w).map(|(a, b)| a * b).sum::<f64>()
        + x.rchunks(3)
            .map(|c| c.iter().sum::<f64>().powi(2))
            .sum::<f64>()
        + x.iter()
            .try_fold(1.0, |a: f64, v| {
                if v.is_finite() {
                    Some(a * (1.0 + 0.1 * v))
                } else {
                    None
                }
            })
            .unwrap()
        + x.array_windows_sum()
}
trait Aw {
    fn array_windows_sum(&self) -> f64;
}
impl Aw for [f64] {
    fn array_windows_sum(&self) -> f64 {
        let mut it = self.iter().peekable();
        let mut s = 0.0;
        while let Some(v) = it.next() {
            if let Some(n) = it.peek() {
                s += v * **n
            }
        }
        s
    }
}
trait Monoid: Copy {
    const ID: f64;
    fn op(self, o: f64) -> Self;
    fn val(self) -> f64;
    fn all(xs: &[f64]) -> f64
    where
        Self: From<f64>,
    {
        xs.iter().fold(Self::from(Self::ID), |a, x| a.op(*x)).val()
    }
}
#[derive(Clone, Copy)]
struct Sum(f64);
#[derive(Clone, Copy)]
struct Prod(f64);
impl From<f64> for Sum {
    fn from(x: f64) -> Self {
        Sum(x)
    }
}
impl From<f64> for Prod {
    fn from(x: f64) -> Self {
        Prod(x)
    }
}
impl Monoid for Sum {
    const ID: f64 = 0.0;
    fn op(self, o: f64) -> Self {
        Sum(self.0 + o * o)
    }
    fn val(self) -> f64 {
        self.0
    }
}
impl Monoid for Prod {
    const ID: f64 = 1.0;
    fn op(self, o: f64) -> Self {
        Prod(self.0 * (1.0 + o))
    }
    fn val(self) -> f64 {
        self.0
    }
}
#[autodiff_reverse(generic_grad, Duplicated, Active)]
fn generic(x: &[f64]) -> f64 {
    Sum::all(x) * Prod::all(x)
}
#[derive(Clone, Copy)]
struct V3 {
    x: f64,
    y: f64,
    z: f64,
}
impl std::ops::Add for V3 {
    type Output = V3;
    fn add(self, o: V3) -> V3 {
        V3 {
            x: self.x + o.x,
            y: self.y + o.y,
            z: self.z + o.z,
        }
    }
}
impl std::ops::Mul<f64> for V3 {
    type Output = V3;
    fn mul(self, s: f64) -> V3 {
        V3 {
            x: self.x * s,
            y: self.y * s,
            z: self.z * s,
        }
    }
}
impl std::ops::AddAssign for V3 {
    fn add_assign(&mut self, o: V3) {
        *self = *self + o;
    }
}
impl std::iter::Sum for V3 {
    fn sum<I: Iterator<Item = V3>>(i: I) -> V3 {
        i.fold(
            V3 {
                x: 0.0,
                y: 0.0,
                z: 0.0,
            },
            |a, b| a + b,
        )
    }
}
#[autodiff_reverse(ops_grad, Duplicated, Active)]
fn ops(x: &[f64]) -> f64 {
    let s: V3 = x
        .windows(3)
        .map(|w| {
            V3 {
                x: w[0],
                y: w[1],
                z: w[2],
            } * w[1]
        })
        .sum();
    let mut t = s * 0.5;
    t += s;
    t.x * t.y + t.z
}
#[autodiff_reverse(cells_grad, Duplicated, Active)]
fn cells(x: &[f64]) -> f64 {
    let c = Cell::new(x[0]);
    let r = RefCell::new(x.to_vec());
    for v in x {
        c.set(c.get() * v + 1.0);
        r.borrow_mut()[0] += v * v;
    }
    let b = r.borrow();
    c.get() * b[0] + b[1] + c.replace(0.0)
}
#[autodiff_reverse(rcs_grad, Duplicated, Active)]
fn rcs(x: &[f64]) -> f64 {
    let shared = Rc::new(RefCell::new(x[0]));
    let s2 = Rc::clone(&shared);
    for v in x {
        *s2.borrow_mut() *= 1.0 + v * 0.3;
    }
    let a = Arc::new(x.to_vec());
    let a2 = Arc::clone(&a);
    *shared.borrow()
        + a2.iter().map(|v| v * v).sum::<f64>() * a[0]
        + Rc::strong_count(&shared) as f64
}
struct Node {
    v: f64,
    next: Option<Rc<Node>>,
}
#[autodiff_reverse(rclist_grad, Duplicated, Active)]
fn rclist(x: &[f64]) -> f64 {
    let mut l: Option<Rc<Node>> = None;
    for v in x {
        l = Some(Rc::new(Node {
            v: v * v,
            next: l.clone(),
        }))
    }
    let mut s = 0.0;
    let mut c = &l;
    let mut k = 1.0;
    while let Some(n) = c {
        s += n.v * k;
        k *= 0.7;
        c = &n.next
    }
    s
}
#[autodiff_reverse(far_dyn_grad, Duplicated, Active)]
fn far_dyn(x: &[f64]) -> f64 {
    far_primal::respond(x, x[0])
}
#[autodiff_reverse(far_fnptr_grad, Duplicated, Active)]
fn far_fnptr(x: &[f64]) -> f64 {
    far_primal::look_up(x)
}

checks::checked! {
    // Supports: calls: closures that capture by reference
    clos_ref, clos_ref_grad;
    // Supports: calls: closures that capture by move, returned from functions
    clos_move, clos_move_grad;
    // Supports: calls: boxed closures in a Vec (not in oxide-enzyme, std::autodiff)
    clos_box, clos_box_grad;
    // Supports: calls: dyn Fn (not in oxide-enzyme, std::autodiff)
    dyn_fn, dyn_fn_grad;
    // Supports: calls: dyn FnMut that accumulates (not in oxide-enzyme, std::autodiff)
    dyn_mut, dyn_mut_grad;
    // Supports: calls: dyn Trait with several implementations and a default method, in Boxes (not in oxide-enzyme, std::autodiff)
    dyn_trait, dyn_trait_grad;
    // Supports: calls: references to dyn Trait in a loop (not in oxide-enzyme, std::autodiff)
    dyn_ref, dyn_ref_grad;
    // Supports: calls: Rc and Arc of dyn Trait (not in oxide-enzyme, std::autodiff)
    dyn_rc, dyn_rc_grad;
    // Supports: calls: a constant table of function pointers (not in oxide-enzyme, std::autodiff)
    fnptr, fnptr_grad;
    // Supports: calls: function pointers as arguments (not in oxide-enzyme, std::autodiff)
    fnptr2, fnptr2_grad;
    // Supports: calls: trait objects that another crate makes, whose vtables are there (not in oxide-enzyme, std::autodiff)
    far_dyn, far_dyn_grad;
    // Supports: calls: function pointers from another crate (not in oxide-enzyme, std::autodiff)
    far_fnptr, far_fnptr_grad;
    // Supports: calls: functions that call each other
    mutual, mutual_grad;
    // Supports: enums: a binary tree of Option<Box<Node>> built and walked by recursion (not in oxide-enzyme, std::autodiff)
    tree, tree_grad;
    // Supports: calls: an iterator of one's own
    iter_own, iter_own_grad;
    // Supports: calls: windows, chunks_exact, rchunks, scan, flat_map, partition, unzip, skip_while, map_while, try_fold, peekable
    iter_many, iter_many_grad;
    // Supports: calls: trait methods, default methods and associated constants
    generic, generic_grad;
    // Supports: calls: operators of one's own types, Sum for them
    ops, ops_grad;
    // Supports: library: Cell and RefCell
    cells, cells_grad;
    // Supports: library: Rc<RefCell<f64>> and Arc<Vec<f64>>
    rcs, rcs_grad;
    // Supports: library: a shared list of Rc<Node> (not in std::autodiff)
    rclist, rclist_grad;
}
