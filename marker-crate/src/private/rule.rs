//! What the expansions of `custom_derivative` and `derivative_of` call.

use core::marker::PhantomData;
use core::mem::{MaybeUninit, align_of, needs_drop, zeroed};
use core::ptr::null;

/// A forward rule of the function that has the name of this type.
///
/// # Safety
///
/// `RULE` is a function that takes pointers to each argument of that function and its tangent, to the result and to its
/// tangent; and the set of tangents that may be null, a bit each.
#[diagnostic::on_unimplemented(message = "`{Self}` has no forward rule")]
pub unsafe trait ForwardRule {
    /// The rule.
    const RULE: (*const (), u64);
}

/// A reverse rule of the function that has the name of this type.
///
/// # Safety
///
/// `RULE` are two functions that take pointers to each argument of that function and its shadow, to the result and to its
/// shadow: the first returns a tape, which the second takes; and the set of shadows that may be null, a bit each.
#[diagnostic::on_unimplemented(message = "`{Self}` has no reverse rule")]
pub unsafe trait ReverseRule {
    /// The rule.
    const RULE: (*const (), *const (), u64);
}

/// Asks which rules there are, as [`Probe`](super::Probe) does for type trees.
pub struct Rules<F>(PhantomData<F>);

impl<F: ForwardRule> Rules<F> {
    /// The forward rule.
    pub const FORWARD: (*const (), u64) = F::RULE;
}

impl<F: ReverseRule> Rules<F> {
    /// The reverse rule.
    pub const REVERSE: (*const (), *const (), u64) = F::RULE;
}

/// The answer for functions without a forward rule.
pub trait NoForwardRule {
    /// None.
    const FORWARD: (*const (), u64) = (null(), 0);
}

impl<F> NoForwardRule for Rules<F> {}

/// The answer for functions without a reverse rule.
pub trait NoReverseRule {
    /// None.
    const REVERSE: (*const (), *const (), u64) = (null(), null(), 0);
}

impl<F> NoReverseRule for Rules<F> {}

/// What a reverse rule keeps for its second half, passed as C passes a struct.
#[repr(C)]
pub struct Tape<P>(MaybeUninit<P>);

impl<P> Tape<P> {
    /// Puts it on the tape.
    #[inline(always)]
    pub fn new(kept: P) -> Tape<P> {
        const {
            assert!(
                align_of::<P>() <= 16,
                "the closure of a reverse rule is aligned to 16 bytes at most"
            )
        };
        Tape(MaybeUninit::new(kept))
    }

    /// Takes it from the tape.
    #[inline(always)]
    pub fn take(self) -> P {
        // SAFETY: it was made by `new`.
        unsafe { self.0.assume_init() }
    }
}

/// Requires a plain value made of floating-point numbers, or at least one that zero is a value of.
pub const fn plain<T>() {
    unowned::<T>();
    // SAFETY: this is evaluated by the compiler, which refuses a constant that isn't a valid value of its type.
    let _ = const { MaybeUninit::new(unsafe { zeroed::<T>() }) };
}

/// Requires a value that owns nothing: it is passed to the function and to its rule.
pub const fn unowned<T>() {
    assert!(
        !needs_drop::<T>(),
        "what is passed to a function with a rule owns no resource"
    );
}

/// The tangent of an argument that is passed by value; null is zero.
///
/// # Safety
///
/// The pointer is null or leads to a value, and zero is a value.
#[inline(always)]
pub unsafe fn tangent<T>(shadow: *const T) -> T {
    // SAFETY: as the caller says.
    unsafe {
        match shadow.is_null() {
            true => zeroed(),
            false => shadow.read(),
        }
    }
}

/// What a `Dual` or `Duplicated` argument of a rule may be: a reference to plain values.
///
/// The shadow of a slice's length is nothing that an engine keeps, so it is taken from the primal; what lies deeper (the
/// length of a `Vec`) could not be.
///
/// # Safety
///
/// `place` leads to so many values as the primal has.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can not be a `Dual` or `Duplicated` argument of a rule",
    label = "expected a reference to a plain value or to a slice of them"
)]
pub unsafe trait Refers: Sized {
    /// A pointer to what the reference refers to.
    type Place: Copy;

    /// Where the shadow of an argument lies.
    ///
    /// # Safety
    ///
    /// Both lead to an argument of this type, but for its mutability; the shadow's length doesn't count.
    unsafe fn place(primal: *const (), shadow: *const ()) -> Self::Place;

    /// The shadow there.
    ///
    /// # Safety
    ///
    /// It lies there, and nothing else refers to it while this does.
    unsafe fn at(place: Self::Place) -> Self;
}

macro_rules! refers {
    ($($thin:ty, $slice:ty, $one:ty, $several:ty, $raw:ident, ($($reference:tt)+);)*) => { $(
        // SAFETY: a reference is a pointer.
        unsafe impl<T> Refers for $thin {
            type Place = $one;

            #[inline(always)]
            unsafe fn place(_: *const (), shadow: *const ()) -> $one {
                const { plain::<T>() };
                // SAFETY: as the caller says.
                unsafe { shadow.cast::<$one>().read() }
            }

            #[inline(always)]
            unsafe fn at(place: $one) -> Self {
                // SAFETY: as the caller says.
                unsafe { $($reference)+ *place }
            }
        }

        // SAFETY: a reference to a slice is a pointer to one.
        unsafe impl<T> Refers for $slice {
            type Place = $several;

            #[inline(always)]
            unsafe fn place(primal: *const (), shadow: *const ()) -> $several {
                const { plain::<T>() };
                // SAFETY: as the caller says.
                unsafe {
                    let length = primal.cast::<*const [T]>().read().len();
                    core::ptr::$raw(shadow.cast::<$several>().read().cast(), length)
                }
            }

            #[inline(always)]
            unsafe fn at(place: $several) -> Self {
                // SAFETY: as the caller says.
                unsafe { $($reference)+ *place }
            }
        }
    )* };
}

refers! {
    &T, &[T], *const T, *const [T], slice_from_raw_parts, (&);
    &mut T, &mut [T], *mut T, *mut [T], slice_from_raw_parts_mut, (&mut);
}

/// Writes a result and its tangent, unless nobody asks for that.
///
/// # Safety
///
/// `r` may be written, and `br` if it isn't null.
#[inline(always)]
pub unsafe fn give<R>((value, tangent): (R, R), r: *mut R, br: *mut R) {
    // SAFETY: as the caller says.
    unsafe {
        r.write(value);
        if !br.is_null() {
            br.write(tangent);
        }
    }
}

/// Takes the adjoint of a result: what the place held before has none.
///
/// # Safety
///
/// The pointer is null or leads to a value, and zero is a value.
#[inline(always)]
pub unsafe fn seed<R>(dr: *mut R) -> R {
    // SAFETY: as the caller says.
    unsafe {
        match dr.is_null() {
            true => zeroed(),
            false => dr.replace(zeroed()),
        }
    }
}

/// Adds to the adjoint of an argument, if it has one.
///
/// # Safety
///
/// The pointer is null or leads to a value.
#[inline(always)]
pub unsafe fn add<T: Adjoint>(shadow: *mut T, adjoint: T) {
    if !shadow.is_null() {
        // SAFETY: as the caller says.
        unsafe { (*shadow).accumulate(adjoint) }
    }
}

/// What an `Active` argument of a reverse rule may be: its adjoints are added.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can not be an `Active` argument of a reverse rule",
    label = "expected `f32`, `f64`, or arrays and tuples of them"
)]
pub trait Adjoint {
    /// Adds another adjoint.
    fn accumulate(&mut self, other: Self);
}

impl Adjoint for f32 {
    #[inline(always)]
    fn accumulate(&mut self, other: f32) {
        *self += other;
    }
}

impl Adjoint for f64 {
    #[inline(always)]
    fn accumulate(&mut self, other: f64) {
        *self += other;
    }
}

impl<T: Adjoint, const N: usize> Adjoint for [T; N] {
    #[inline(always)]
    fn accumulate(&mut self, other: [T; N]) {
        for (x, y) in self.iter_mut().zip(other) {
            x.accumulate(y);
        }
    }
}

macro_rules! tuples {
    ($(($($T:ident $i:tt)*))*) => { $(
        impl<$($T: Adjoint),*> Adjoint for ($($T,)*) {
            #[inline(always)]
            fn accumulate(&mut self, other: Self) {
                $(self.$i.accumulate(other.$i);)*
            }
        }
    )* };
}

tuples! {
    (A 0)
    (A 0 B 1)
    (A 0 B 1 C 2)
    (A 0 B 1 C 2 D 3)
    (A 0 B 1 C 2 D 3 E 4)
    (A 0 B 1 C 2 D 3 E 4 F 5)
}
