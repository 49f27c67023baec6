//! Derivatives of closures, under the names that the field has for them.
//!
//! The attributes make derivatives of functions that have a name. What has none (a closure, a method of a generic type, a
//! trait object's method) is passed to a function of this module, which asks the plugin for the derivative of the one
//! instance that it is called with. What the closure captures is constant: derivatives are taken with respect to its
//! argument.
//!
//! The plugin makes them, so a program that calls one of these functions doesn't link without it.

use alloc::vec;
use alloc::vec::Vec;
use core::mem::MaybeUninit;

use crate::__private as engine;
use crate::TypeTree;

/// How many directions are carried at once where there are many.
const LANES: usize = 4;

/// The numbers that are differentiated: `f32` and `f64`.
pub trait Real: Copy + TypeTree + sealed::Number {}

impl Real for f32 {}
impl Real for f64 {}

mod sealed {
    use crate::__private as engine;

    pub trait Number: Sized {
        const ZERO: Self;
        const ONE: Self;
        fn detached(self) -> Self;
    }

    impl Number for f32 {
        const ZERO: f32 = 0.0;
        const ONE: f32 = 1.0;

        #[inline(always)]
        fn detached(self) -> f32 {
            // SAFETY: the plugin replaces the call by its argument.
            unsafe { engine::__enzyme_ignore_derivatives_f32(self) }
        }
    }

    impl Number for f64 {
        const ZERO: f64 = 0.0;
        const ONE: f64 = 1.0;

        #[inline(always)]
        fn detached(self) -> f64 {
            // SAFETY: the plugin replaces the call by its argument.
            unsafe { engine::__enzyme_ignore_derivatives_f64(self) }
        }
    }
}

/// The number itself, as a constant: its derivative is cut here (elsewhere known as `stop_gradient` and `detach`).
#[inline(always)]
pub fn ignore_derivatives<T: Real>(x: T) -> T {
    x.detached()
}

/// The record of a call whose arguments are a function, a `$x`, and (the result, or where it goes) a `$y`.
macro_rules! record {
    ($name:literal, $F:ty, $x:ty, $y:ty) => {{
        let record: *const engine::Call = const {
            &engine::call(
                file!(),
                line!(),
                column!(),
                $name,
                const {
                    &[
                        engine::argument::<&$F>("f", None, false, false),
                        engine::argument::<$x>("x", Some(<$x as TypeTree>::NODE), false, true),
                        engine::argument::<$y>("y", Some(<$y as TypeTree>::NODE), true, true),
                    ]
                },
                None,
            )
        };
        record
    }};
}

/// The derivative of a function of one number: `(f(x), f'(x))`.
#[inline]
pub fn value_and_derivative<T: Real>(f: impl Fn(T) -> T, x: T) -> (T, T) {
    /// # Safety
    ///
    /// The pointers lead to values; `y` may be uninitialised.
    #[inline(always)]
    unsafe extern "C-unwind" fn thunk<T: Real, F: Fn(T) -> T>(
        f: *const &F,
        x: *const T,
        y: *mut T,
    ) {
        // SAFETY: as the caller says.
        unsafe { y.write((*f)(*x)) }
    }
    fn of<T: Real, F: Fn(T) -> T>(f: F, x: T) -> (T, T) {
        let (f, dx, mut y, mut dy) = (&f, T::ONE, T::ZERO, T::ZERO);
        // SAFETY: the operands are those of the thunk, each with its shadow.
        unsafe {
            engine::__enzyme_fwddiff(
                thunk::<T, F> as *const (),
                &raw const engine::enzyme_rs_types,
                record!("derivative", F, T, T),
                &raw const engine::enzyme_const,
                &raw const f,
                &raw const engine::enzyme_dup,
                &raw const x,
                &raw const dx,
                &raw const engine::enzyme_dup,
                &raw mut y,
                &raw mut dy,
            );
        }
        (y, dy)
    }
    of(f, x)
}

/// The derivative of a function of one number.
#[inline]
pub fn derivative<T: Real>(f: impl Fn(T) -> T, x: T) -> T {
    value_and_derivative(f, x).1
}

/// Adds the gradient of `f` at `x`, `seed` times, to `dx`, and returns `f(x)`.
///
/// Panics unless `dx` is as long as `x`.
#[inline]
pub fn accumulate_gradient<T: Real>(f: impl Fn(&[T]) -> T, x: &[T], dx: &mut [T], seed: T) -> T {
    accumulate(&f, x, dx, seed)
}

/// # Safety
///
/// The pointers lead to values; `y` may be uninitialised.
#[inline(always)]
unsafe extern "C-unwind" fn scalar<T: Real, F: Fn(&[T]) -> T>(
    f: *const &F,
    x: *const &[T],
    y: *mut T,
) {
    // SAFETY: as the caller says.
    unsafe { y.write((*f)(*x)) }
}

#[inline]
#[track_caller]
fn accumulate<T: Real, F: Fn(&[T]) -> T>(f: &F, x: &[T], dx: &mut [T], seed: T) -> T {
    assert_eq!(
        x.len(),
        dx.len(),
        "a gradient has another length than its point"
    );
    let mut y = MaybeUninit::<T>::uninit();
    let mut dy = seed;
    let mut dx = dx;
    // SAFETY: the operands are those of the thunk, each with its shadow; the shadow of the point is as long as the point.
    unsafe {
        engine::__enzyme_autodiff(
            scalar::<T, F> as *const (),
            &raw const engine::enzyme_rs_types,
            record!("gradient", F, &[T], T),
            &raw const engine::enzyme_const,
            &raw const f,
            &raw const engine::enzyme_dup,
            &raw const x,
            &raw mut dx,
            &raw const engine::enzyme_dup,
            y.as_mut_ptr(),
            &raw mut dy,
        );
        y.assume_init()
    }
}

/// The value and the gradient of a function: reverse mode.
#[inline]
pub fn value_and_gradient<T: Real>(f: impl Fn(&[T]) -> T, x: &[T]) -> (T, Vec<T>) {
    let mut dx = vec![T::ZERO; x.len()];
    let y = accumulate(&f, x, &mut dx, T::ONE);
    (y, dx)
}

/// The gradient of a function: reverse mode.
#[inline]
pub fn gradient<T: Real>(f: impl Fn(&[T]) -> T, x: &[T]) -> Vec<T> {
    value_and_gradient(f, x).1
}

/// # Safety
///
/// The pointers lead to values, and the result is as long as what `y` refers to.
#[inline(always)]
unsafe extern "C-unwind" fn vector<T: Real, R: AsRef<[T]>, F: Fn(&[T]) -> R>(
    f: *const &F,
    x: *const &[T],
    y: *mut &mut [T],
) {
    // SAFETY: as the caller says.
    unsafe { (*y).copy_from_slice((*f)(*x).as_ref()) }
}

/// Tangents of `f`, for `LANES` directions in `v` one after the other; `y` receives the value.
#[inline]
fn tangents<T: Real, R: AsRef<[T]>, F: Fn(&[T]) -> R>(
    f: &F,
    x: &[T],
    v: [&[T]; LANES],
    y: &mut [T],
    dy: [&mut [T]; LANES],
) {
    let (mut y, mut dy) = (y, dy);
    // SAFETY: the operands are those of the thunk; all slices of one kind are equally long.
    unsafe {
        engine::__enzyme_fwddiff(
            vector::<T, R, F> as *const (),
            &raw const engine::enzyme_rs_types,
            record!("jacobian", F, &[T], &mut [T]),
            &raw const engine::enzyme_width,
            LANES as i64,
            &raw const engine::enzyme_const,
            &raw const f,
            &raw const engine::enzyme_dup,
            &raw const x,
            &raw const v[0],
            &raw const v[1],
            &raw const v[2],
            &raw const v[3],
            &raw const engine::enzyme_dup,
            &raw mut y,
            &raw mut dy[0],
            &raw mut dy[1],
            &raw mut dy[2],
            &raw mut dy[3],
        );
    }
}

/// The value of `f` at `x` and its derivative in the direction `v` (Jacobian times vector): forward mode.
///
/// Panics unless `v` is as long as `x`.
#[inline]
#[track_caller]
pub fn jvp<T: Real, R: AsRef<[T]>>(f: impl Fn(&[T]) -> R, x: &[T], v: &[T]) -> (Vec<T>, Vec<T>) {
    fn of<T: Real, R: AsRef<[T]>, F: Fn(&[T]) -> R>(f: &F, x: &[T], v: &[T]) -> (Vec<T>, Vec<T>) {
        let mut value = f(x).as_ref().to_vec();
        let mut tangent = vec![T::ZERO; value.len()];
        let (mut y, mut dy) = (&mut value[..], &mut tangent[..]);
        // SAFETY: the operands are those of the thunk, each with its shadow of its length.
        unsafe {
            engine::__enzyme_fwddiff(
                vector::<T, R, F> as *const (),
                &raw const engine::enzyme_rs_types,
                record!("jacobian", F, &[T], &mut [T]),
                &raw const engine::enzyme_const,
                &raw const f,
                &raw const engine::enzyme_dup,
                &raw const x,
                &raw const v,
                &raw const engine::enzyme_dup,
                &raw mut y,
                &raw mut dy,
            );
        }
        (value, tangent)
    }
    assert_eq!(
        x.len(),
        v.len(),
        "a direction has another length than its point"
    );
    of(&f, x, v)
}

/// The value of `f` at `x` and the adjoint of `x` for the adjoint `w` of the value (vector times Jacobian): reverse mode.
///
/// Panics unless `w` is as long as the value.
#[inline]
#[track_caller]
pub fn vjp<T: Real, R: AsRef<[T]>>(f: impl Fn(&[T]) -> R, x: &[T], w: &[T]) -> (Vec<T>, Vec<T>) {
    let mut value = f(x).as_ref().to_vec();
    assert_eq!(
        value.len(),
        w.len(),
        "an adjoint has another length than the value"
    );
    let (mut dx, mut seed) = (vec![T::ZERO; x.len()], w.to_vec());
    pull_back(&f, x, &mut dx, &mut value, &mut seed);
    (value, dx)
}

/// Reverse mode through `vector`; the seed is used up.
#[inline]
fn pull_back<T: Real, R: AsRef<[T]>, F: Fn(&[T]) -> R>(
    f: &F,
    x: &[T],
    dx: &mut [T],
    y: &mut [T],
    dy: &mut [T],
) {
    let (mut dx, mut y, mut dy) = (dx, y, dy);
    // SAFETY: the operands are those of the thunk, each with its shadow of its length.
    unsafe {
        engine::__enzyme_autodiff(
            vector::<T, R, F> as *const (),
            &raw const engine::enzyme_rs_types,
            record!("jacobian", F, &[T], &mut [T]),
            &raw const engine::enzyme_const,
            &raw const f,
            &raw const engine::enzyme_dup,
            &raw const x,
            &raw mut dx,
            &raw const engine::enzyme_dup,
            &raw mut y,
            &raw mut dy,
        );
    }
}

/// The Jacobian of `f` at `x`, row by row: by forward mode in batches where it has no more columns than rows, by reverse
/// mode elsewhere.
#[inline]
pub fn jacobian<T: Real, R: AsRef<[T]>>(f: impl Fn(&[T]) -> R, x: &[T]) -> Vec<Vec<T>> {
    let mut value = f(x).as_ref().to_vec();
    let (rows, columns) = (value.len(), x.len());
    if columns > rows {
        return (0..rows)
            .map(|row| {
                let (mut dx, mut seed) = (vec![T::ZERO; columns], vec![T::ZERO; rows]);
                seed[row] = T::ONE;
                pull_back(&f, x, &mut dx, &mut value, &mut seed);
                dx
            })
            .collect();
    }
    let mut jacobian = vec![vec![T::ZERO; columns]; rows];
    columns_in_batches(
        columns,
        rows,
        |v, dy| tangents(&f, x, v, &mut value, dy),
        |row, column, slope| jacobian[row][column] = slope,
    );
    jacobian
}

/// Asks for the derivatives in each unit direction, `LANES` at a time.
#[inline]
fn columns_in_batches<T: Real>(
    columns: usize,
    rows: usize,
    mut tangents: impl FnMut([&[T]; LANES], [&mut [T]; LANES]),
    mut take: impl FnMut(usize, usize, T),
) {
    let mut v = [const { Vec::new() }; LANES];
    let mut dy = [const { Vec::new() }; LANES];
    for first in (0..columns).step_by(LANES) {
        for (lane, (v, dy)) in v.iter_mut().zip(&mut dy).enumerate() {
            *v = vec![T::ZERO; columns];
            *dy = vec![T::ZERO; rows];
            if let Some(component) = v.get_mut(first + lane) {
                *component = T::ONE;
            }
        }
        tangents(
            v.each_ref().map(|v| &**v),
            dy.each_mut().map(|dy| &mut **dy),
        );
        for (lane, dy) in dy.iter().enumerate().take(columns - first) {
            for (row, slope) in dy.iter().enumerate() {
                take(row, first + lane, *slope);
            }
        }
    }
}

/// The gradient of `f` as a function that can be differentiated.
#[inline]
fn gradient_of<T: Real, F: Fn(&[T]) -> T>(f: &F) -> impl Fn(&[T]) -> Vec<T> {
    move |x| {
        let mut dx = vec![T::ZERO; x.len()];
        accumulate(f, x, &mut dx, T::ONE);
        dx
    }
}

/// The Hessian of `f` at `x`: forward mode over reverse mode, in batches.
#[inline]
pub fn hessian<T: Real>(f: impl Fn(&[T]) -> T, x: &[T]) -> Vec<Vec<T>> {
    jacobian(gradient_of(&f), x)
}

/// The Hessian of `f` at `x` times the vector `v`: forward mode over reverse mode, at the cost of a few gradients.
///
/// Panics unless `v` is as long as `x`.
#[inline]
#[track_caller]
pub fn hvp<T: Real>(f: impl Fn(&[T]) -> T, x: &[T], v: &[T]) -> Vec<T> {
    jvp(gradient_of(&f), x, v).1
}
