//! What the engine is handed, seen from the engine's side.
//!
//! This file defines the names that the plugin replaces: a stand-in engine that decodes the operands and passes them
//! to the closure of the running test. Rust can't define variadic functions, so the stand-in takes the most operands
//! that any test here passes, each in a word. On x86-64 (System V) such a function finds its arguments where a
//! variadic call puts them; elsewhere this file is empty.
#![cfg(all(target_arch = "x86_64", unix))]

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use enzyme_marker::wire::{Argument, Call, Field, Node, Text};
use enzyme_marker::{TypeTree, autodiff_forward, autodiff_reverse, wire};

macro_rules! markers {
    ($($name:ident = $value:literal),*) => { $(
        #[unsafe(no_mangle)]
        #[allow(non_upper_case_globals, reason = "the name is the interface")]
        // Each has a value of its own, or two might be merged into one address.
        pub static $name: u8 = $value;
    )* };
}

markers!(
    enzyme_const = 1,
    enzyme_dup = 2,
    enzyme_dupnoneed = 3,
    enzyme_width = 4,
    enzyme_rs_types = 5
);

const OPERANDS: usize = 20;

macro_rules! entries {
    ($($name:ident)*) => { $(
        #[unsafe(no_mangle)]
        #[allow(clippy::too_many_arguments, reason = "it stands in for a variadic function")]
        extern "C-unwind" fn $name(
            thunk: *const (),
            a: usize, b: usize, c: usize, d: usize, e: usize, f: usize, g: usize, h: usize, i: usize, j: usize,
            k: usize, l: usize, m: usize, n: usize, o: usize, p: usize, q: usize, r: usize, s: usize, t: usize,
        ) {
            let operands: [usize; OPERANDS] =
                [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t];
            run(stringify!($name), thunk, &operands);
        }
    )* };
}

entries!(__enzyme_autodiff __enzyme_fwddiff);

/// A decoded call.
struct Request {
    entry: &'static str,
    thunk: *const (),
    call: &'static Call,
    width: usize,
    /// The arguments, then the result: marker, primal, shadows.
    places: Vec<(&'static str, usize, Vec<usize>)>,
}

impl Request {
    fn markers(&self) -> Vec<&'static str> {
        self.places.iter().map(|place| place.0).collect()
    }

    /// A primal's place.
    fn primal<T>(&self, index: usize) -> *mut T {
        self.places[index].1 as *mut T
    }

    /// A shadow's place.
    fn shadow<T>(&self, index: usize, lane: usize) -> *mut T {
        self.places[index].2[lane] as *mut T
    }
}

type Engine = Box<dyn Fn(&Request)>;

thread_local! {
    static ENGINE: RefCell<Option<Rc<Engine>>> = const { RefCell::new(None) };
}

/// Makes the calls of this thread go to `engine`.
fn with_engine<R>(engine: impl Fn(&Request) + 'static, body: impl FnOnce() -> R) -> R {
    ENGINE.set(Some(Rc::new(Box::new(engine))));
    body()
}

fn run(entry: &'static str, thunk: *const (), operands: &[usize]) {
    let named = |address: usize| {
        [
            (&raw const enzyme_const, "const"),
            (&raw const enzyme_dup, "dup"),
            (&raw const enzyme_dupnoneed, "dupnoneed"),
            (&raw const enzyme_width, "width"),
            (&raw const enzyme_rs_types, "types"),
        ]
        .iter()
        .find(|(marker, _)| *marker as usize == address)
        .map(|(_, name)| *name)
        .expect("a marker")
    };
    let mut operands = operands.iter().copied();
    let mut next = || operands.next().expect("no test passes more operands");

    assert_eq!(named(next()), "types");
    // SAFETY: the operand after `enzyme_rs_types` is a `&'static Call`.
    let call = unsafe { &*(next() as *const Call) };
    let count = call.arguments.len + usize::from(call.result.is_some());
    let mut width = 1;
    let mut places = Vec::new();
    while places.len() < count {
        let marker = named(next());
        if marker == "width" {
            assert!(places.is_empty(), "the width comes before the arguments");
            width = next();
            continue;
        }
        let primal = next();
        let shadows = if marker == "const" { 0 } else { width };
        places.push((marker, primal, (0..shadows).map(|_| next()).collect()));
    }
    let request = Request {
        entry,
        thunk,
        call,
        width,
        places,
    };
    let engine = ENGINE.with_borrow(|engine| engine.clone().expect("the test set an engine"));
    engine(&request);
}

fn text(text: &Text) -> &'static str {
    // SAFETY: a `Text` refers to a string constant.
    unsafe { std::str::from_utf8_unchecked(std::slice::from_raw_parts(text.ptr, text.len)) }
}

fn list<T>(list: &wire::List<T>) -> &'static [T] {
    // SAFETY: a `List` refers to a constant slice.
    unsafe { std::slice::from_raw_parts(list.ptr, list.len) }
}

type Unary = unsafe extern "C-unwind" fn(*const f64, *mut f64);

#[autodiff_reverse(d_square, Active, Active)]
#[autodiff_reverse(d_square_only, Active, ActiveOnly)]
#[autodiff_reverse(d_square_const, Active, Const)]
#[autodiff_forward(t_square, 2, Dual, Dual)]
#[autodiff_forward(t_square_only, Dual, DualOnly)]
#[autodiff_forward(t_square_const, Dual, Const)]
fn square(x: f64) -> f64 {
    x * x
}

/// Does what the plugin would do for `square` in reverse mode.
fn reverse_square(request: &Request) {
    assert_eq!(request.entry, "__enzyme_autodiff");
    assert_eq!(request.width, 1);
    let (x, dx, r) = (
        request.primal(0),
        request.shadow::<f64>(0, 0),
        request.primal(1),
    );
    // SAFETY: the derivative of `square` passes places of these types, and this thunk.
    unsafe {
        assert_eq!(dx.read(), 0.0);
        std::mem::transmute::<*const (), Unary>(request.thunk)(x, r);
        let seed = match request.places[1].2.first() {
            Some(&dr) => (dr as *const f64).read(),
            None => 0.0,
        };
        *dx += seed * 2.0 * x.read();
    }
}

#[test]
fn reverse_mode_passes_the_seed_and_returns_the_derivatives() {
    let dup = |request: &Request| {
        assert_eq!(request.markers(), ["dup", "dup"]);
        reverse_square(request);
    };
    assert_eq!(with_engine(dup, || d_square(3.0, 10.0)), (9.0, 60.0));

    let only = |request: &Request| {
        assert_eq!(request.markers(), ["dup", "dupnoneed"]);
        reverse_square(request);
    };
    assert_eq!(with_engine(only, || d_square_only(3.0, 10.0)), 60.0);

    let constant = |request: &Request| {
        assert_eq!(request.markers(), ["dup", "const"]);
        reverse_square(request);
    };
    assert_eq!(with_engine(constant, || d_square_const(3.0)), (9.0, 0.0));
}

/// Does what the plugin would do for `square` in forward mode.
fn forward_square(request: &Request) {
    assert_eq!(request.entry, "__enzyme_fwddiff");
    let (x, r) = (request.primal(0), request.primal(1));
    // SAFETY: as in `reverse_square`.
    unsafe {
        std::mem::transmute::<*const (), Unary>(request.thunk)(x, r);
        for lane in 0..request.places[1].2.len() {
            let (bx, br) = (
                request.shadow::<f64>(0, lane),
                request.shadow::<f64>(1, lane),
            );
            assert_eq!(br.read(), 0.0);
            br.write(2.0 * x.read() * bx.read());
        }
    }
}

#[test]
fn forward_mode_returns_the_primal_before_the_tangents() {
    let wide = |request: &Request| {
        assert_eq!((request.width, request.markers()), (2, vec!["dup", "dup"]));
        forward_square(request);
    };
    assert_eq!(
        with_engine(wide, || t_square(3.0, 1.0, 10.0)),
        [9.0, 6.0, 60.0]
    );

    let only = |request: &Request| {
        assert_eq!(request.markers(), ["dup", "dupnoneed"]);
        forward_square(request);
    };
    assert_eq!(with_engine(only, || t_square_only(3.0, 1.0)), 6.0);

    let constant = |request: &Request| {
        assert_eq!(request.markers(), ["dup", "const"]);
        forward_square(request);
    };
    assert_eq!(with_engine(constant, || t_square_const(3.0, 1.0)), 9.0);
}

struct Weights<const N: usize>([f64; N]);

impl<const N: usize> Weights<N> {
    #[autodiff_reverse(d_scale, Duplicated, Const, DuplicatedOnly)]
    fn scale(&self, by: &f64, out: &mut [f64]) {
        for (out, weight) in out.iter_mut().zip(&self.0) {
            *out = by * weight;
        }
    }
}

#[test]
fn references_are_passed_behind_pointers_with_their_shadows() {
    let engine = |request: &Request| {
        assert_eq!(request.markers(), ["dup", "const", "dupnoneed"]);
        type Thunk =
            unsafe extern "C-unwind" fn(*const &Weights<2>, *const &f64, *const &mut [f64]);
        let by: *const &f64 = request.primal(1);
        // SAFETY: the derivative of `scale` passes places of these types, and this thunk.
        unsafe {
            let thunk = std::mem::transmute::<*const (), Thunk>(request.thunk);
            thunk(request.primal(0), by, request.primal(2));
            let dself = &mut *request.shadow::<&mut Weights<2>>(0, 0);
            let dout = &mut *request.shadow::<&mut [f64]>(2, 0);
            for (dself, dout) in dself.0.iter_mut().zip(dout.iter_mut()) {
                *dself += **by * *dout;
                *dout = 0.0;
            }
        }
    };
    let (weights, mut d_weights) = (Weights([1.0, 2.0]), Weights([0.5, 0.0]));
    let (mut out, mut d_out) = ([0.0; 2], [1.0, 10.0]);
    // SAFETY: `out` is looked at, but nothing relies on what it holds.
    with_engine(engine, || unsafe {
        weights.d_scale(&mut d_weights, &3.0, &mut out, &mut d_out)
    });
    assert_eq!(
        (out, d_weights.0, d_out),
        ([3.0, 6.0], [3.5, 30.0], [0.0; 2])
    );
}

/// # Safety
///
/// `x` must lead to a value.
#[autodiff_reverse(d_deref, Duplicated, Active)]
unsafe fn deref(x: *const f64) -> f64 {
    // SAFETY: the caller keeps the condition.
    unsafe { x.read() }
}

#[test]
fn an_unsafe_primal_has_an_unsafe_derivative() {
    let engine = |request: &Request| {
        type Thunk = unsafe extern "C-unwind" fn(*const *const f64, *mut f64);
        // SAFETY: the derivative of `deref` passes places of these types, and this thunk.
        unsafe {
            let thunk = std::mem::transmute::<*const (), Thunk>(request.thunk);
            thunk(request.primal(0), request.primal(1));
            **request.shadow::<*mut f64>(0, 0) += request.shadow::<f64>(1, 0).read();
        }
    };
    let derivative: unsafe fn(*const f64, *mut f64, f64) -> f64 = d_deref;
    let mut dx = 1.0;
    // SAFETY: both pointers lead to values.
    let x = with_engine(engine, || unsafe { derivative(&3.0, &mut dx, 10.0) });
    assert_eq!((x, dx), (3.0, 11.0));
}

/// Counts how often it is dropped.
#[derive(Clone)]
struct Counted(Rc<RefCell<u32>>);

impl Drop for Counted {
    fn drop(&mut self) {
        *self.0.borrow_mut() += 1;
    }
}

#[autodiff_forward(t_consume, Dual, Const)]
fn consume(_value: Counted, panics: bool) {
    assert!(!panics, "the primal panics");
}

#[test]
fn the_primal_consumes_its_argument_and_the_engine_owns_the_shadow() {
    let engine = |request: &Request| {
        type Thunk = unsafe extern "C-unwind" fn(*const Counted, *const bool);
        // SAFETY: the derivative of `consume` passes places of these types, and this thunk.
        unsafe {
            let thunk = std::mem::transmute::<*const (), Thunk>(request.thunk);
            thunk(request.primal(0), request.primal(1));
        }
    };
    for panics in [false, true] {
        let (primal, shadow) = (Rc::new(RefCell::new(0)), Rc::new(RefCell::new(0)));
        let (value, d_value) = (Counted(primal.clone()), Counted(shadow.clone()));
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            with_engine(engine, || t_consume(value, d_value, panics))
        }));
        // A panic of the primal passes through the thunk and the engine.
        assert_eq!(outcome.is_err(), panics);
        assert_eq!(*primal.borrow(), 1);
        // This engine drops no shadow, and the derivative must not do it in its place.
        assert_eq!(*shadow.borrow(), 0);
        assert_eq!(Rc::strong_count(&shadow), 2);
    }
}

fn message_of(body: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(body)).expect_err("it panics");
    *payload
        .downcast::<String>()
        .expect("a message with arguments")
}

#[autodiff_reverse(d_generic, Const, Duplicated, Const, Const)]
#[autodiff_forward(t_generic, 2, Const, Dual, Const, Const)]
fn generic<T, U>(_t: T, x: &[U], _vec: &Vec<U>, _text: &str) {
    let _ = x;
}

#[autodiff_forward(t_lengths, Dual, Dual, Dual, Dual)]
fn lengths(_vec: &mut Vec<f64>, _text: &str, boxed: Box<[f64]>, _pointer: *const [f64]) {
    drop(boxed);
}

#[test]
fn a_shadow_of_another_length_is_a_panic_that_names_the_argument() {
    let x = [1.0, 2.0, 3.0, 4.0];
    assert_eq!(
        message_of(|| {
            d_generic((), &x, &mut [0.0; 3], &vec![], "");
        }),
        "shadow `dx_0` of argument `x` has length 3, but `x` has length 4"
    );
    assert_eq!(
        message_of(|| {
            t_generic((), &x, &x, &x[1..], &vec![], "");
        }),
        "shadow `bx_1` of argument `x` has length 3, but `x` has length 4"
    );

    let lengths_with = |vec: usize, text: &'static str, boxed: usize, pointer: usize| {
        message_of(|| {
            t_lengths(
                &mut vec![0.0; 2],
                &mut vec![0.0; vec],
                "ab",
                text,
                vec![0.0; 2].into(),
                vec![0.0; boxed].into(),
                &x[..2],
                &x[..pointer],
            )
        })
    };
    assert!(lengths_with(1, "ab", 2, 2).starts_with("shadow `b_vec_0` of argument `_vec`"));
    assert!(lengths_with(2, "a", 2, 2).starts_with("shadow `b_text_0` of argument `_text`"));
    assert!(lengths_with(2, "ab", 1, 2).starts_with("shadow `bboxed_0` of argument `boxed`"));
    assert!(lengths_with(2, "ab", 2, 1).starts_with("shadow `b_pointer_0` of argument"));
}

#[test]
fn the_panic_points_at_the_caller() {
    let location = Rc::new(RefCell::new(None));
    let hook = std::panic::take_hook();
    let line = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let seen = line.clone();
    let thread = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == thread {
            let found = info.location().expect("a location").line();
            seen.store(found, std::sync::atomic::Ordering::Relaxed);
        }
    }));
    let _ = message_of(|| {
        location.replace(Some(line!() + 1));
        d_generic((), &[1.0], &mut [], &vec![], "");
    });
    std::panic::set_hook(hook);
    let found = line.load(std::sync::atomic::Ordering::Relaxed);
    assert_eq!(Some(found), location.take());
}

struct Unknown;

const DESCRIBED_AT: u32 = line!() + 2;

#[autodiff_reverse(d_described, Duplicated, Duplicated, Const, Const, Active)]
fn described<T>(x: &[(u8, f64)], y: &mut [f32; 3], _z: Unknown, _t: T) -> f64 {
    x[0].1 + f64::from(y[0])
}

#[test]
fn the_call_is_described() {
    let engine = |request: &Request| {
        let call = request.call;
        assert_eq!((call.magic, call.version), (wire::MAGIC, wire::VERSION));
        assert!(text(&call.file).ends_with("calls.rs"));
        assert_eq!((call.line, call.column), (DESCRIBED_AT as usize, 1));
        assert_eq!(text(&call.function), "described");

        let arguments = list(&call.arguments);
        let names: Vec<_> = arguments
            .iter()
            .map(|argument| text(&argument.name))
            .collect();
        assert_eq!(names, ["x", "y", "_z", "_t"]);
        let sizes: Vec<_> = arguments.iter().map(|argument| argument.size).collect();
        assert_eq!(sizes, [16, 8, 0, 4]);
        let flags: Vec<_> = arguments.iter().map(|argument| argument.flags).collect();
        let unique_shadow = Argument::FLAG_SHADOW_UNIQUE;
        assert_eq!(
            flags,
            [
                unique_shadow,
                unique_shadow | Argument::FLAG_PRIMAL_UNIQUE,
                0,
                0
            ]
        );
        // A parameter's tree is unknown in the generic function, though `i32` has one.
        assert!(arguments[2].ty.is_none() && arguments[3].ty.is_none());

        let x = arguments[0].ty.expect("a slice of tuples has a tree");
        assert_eq!(
            (x.kind, x.detail),
            (Node::KIND_POINTER, Node::EXTENT_LENGTH)
        );
        let pair = x.element.expect("the element is known")();
        assert_eq!(
            (pair.kind, pair.size, pair.align),
            (Node::KIND_STRUCT, 16, 8)
        );
        let fields: &[Field] = list(&pair.fields);
        assert_eq!(
            fields.iter().map(|f| f.offset).collect::<Vec<_>>(),
            [
                std::mem::offset_of!((u8, f64), 0),
                std::mem::offset_of!((u8, f64), 1)
            ]
        );
        assert_eq!((fields[0].ty)().kind, Node::KIND_INTEGER);
        let float = (fields[1].ty)();
        assert_eq!(
            (float.kind, float.detail, float.size),
            (Node::KIND_FLOAT, Node::FORMAT_DOUBLE, 8)
        );

        let y = arguments[1].ty.expect("a reference to an array has a tree");
        assert_eq!(y.detail, Node::EXTENT_ONE);
        let array = y.element.expect("the array is known")();
        assert_eq!(
            (array.kind, array.stride, array.count),
            (Node::KIND_ARRAY, 4, 3)
        );

        let result = call.result.expect("a result");
        assert_eq!(text(&result.name), "result");
        assert_eq!(result.ty.expect("`f64` has a tree").name.len, 3);
        // SAFETY: the result's place is a `MaybeUninit<f64>`.
        unsafe { request.primal::<f64>(4).write(0.0) };
    };
    with_engine(engine, || {
        d_described(
            &[(1, 2.0)],
            &mut [(0, 0.0)],
            &mut [1.0; 3],
            &mut [0.0; 3],
            Unknown,
            7_i32,
            1.0,
        )
    });
}

struct List {
    value: f64,
    next: Option<Box<List>>,
}

// SAFETY: the offsets are the compiler's, and a null pointer is what `None` is to `Option<Box<_>>`.
unsafe impl TypeTree for List {
    const NODE: &'static Node = &Node::record::<List>(
        "List",
        const {
            &[
                Field::at("value", std::mem::offset_of!(List, value), f64::node),
                Field::at(
                    "next",
                    std::mem::offset_of!(List, next),
                    <*const List as TypeTree>::node,
                ),
            ]
        },
    );
}

#[test]
fn a_recursive_type_has_a_finite_tree() {
    let list_node = List::node();
    let next = (list(&list_node.fields)[1].ty)();
    let again = next.element.expect("the pointee is known")();
    assert_eq!(text(&again.name), "List");
    let last = List {
        value: 1.0,
        next: None,
    };
    assert!(last.value > 0.0 && last.next.is_none());
}
