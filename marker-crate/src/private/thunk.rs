//! Functions that hide Rust's ABI from the engine: every argument and the result lie in memory.
//!
//! `value2(f, a, b, r)` returns the address of `thunk(a: *const A, b: *const B, r: *mut R)`, which reads its arguments,
//! calls `f` and writes the result; `unit2` is the same for a function that returns nothing. The function travels as a
//! type without size, so an expansion needn't name the generics in scope (an impl's generics aren't visible to it).
//! Lifetimes are no hurdle: `for<'a> fn(&'a [f64])` is a `Fn(&'x [f64])` for each `'x`.
//!
//! Thunks are `inline(always)` so that thin LTO, which imports what is to be inlined, finds them beside the call.

use core::mem::{ManuallyDrop, MaybeUninit, size_of};

/// Makes the value of a type without size.
///
/// # Safety
///
/// A value of `F` must have been made before.
#[inline(always)]
unsafe fn conjure<F: Copy>() -> F {
    const {
        assert!(
            size_of::<F>() == 0,
            "a differentiated function captures nothing"
        )
    };
    // SAFETY: a value without size has no bytes, so an aligned pointer will do, and the caller knows that the type has
    // a value; as it is `Copy`, there may be another.
    unsafe { core::ptr::dangling::<F>().read() }
}

macro_rules! thunks {
    ($($value:ident $unit:ident ($($A:ident $a:ident)*);)*) => { $(
        /// Returns the thunk of a function with a result.
        // The function takes as many arguments as its primal, and they only fix types.
        #[allow(clippy::too_many_arguments)]
        #[inline(always)]
        pub fn $value<F, R, $($A),*>(
            _: F,
            $(_: *const ManuallyDrop<$A>,)*
            _: *const MaybeUninit<R>,
        ) -> *const ()
        where
            F: Fn($($A),*) -> R + Copy,
        {
            /// # Safety
            ///
            /// The arguments' pointers must lead to values, which are moved out; `r` must be writable.
            // As above.
            #[allow(clippy::too_many_arguments)]
            #[inline(always)]
            unsafe extern "C-unwind" fn thunk<F, R, $($A),*>($($a: *const $A,)* r: *mut R)
            where
                F: Fn($($A),*) -> R + Copy,
            {
                // SAFETY: the outer function has been given an `F`; the caller vouches for the pointers.
                unsafe { r.write(conjure::<F>()($($a.read()),*)) }
            }
            thunk::<F, R, $($A),*> as *const ()
        }

        /// Returns the thunk of a function without a result.
        // As above.
        #[allow(clippy::too_many_arguments)]
        #[inline(always)]
        pub fn $unit<F, $($A),*>(_: F, $(_: *const ManuallyDrop<$A>,)*) -> *const ()
        where
            F: Fn($($A),*) + Copy,
        {
            /// # Safety
            ///
            /// The arguments' pointers must lead to values, which are moved out.
            // As above.
            #[allow(clippy::too_many_arguments)]
            #[inline(always)]
            unsafe extern "C-unwind" fn thunk<F, $($A),*>($($a: *const $A),*)
            where
                F: Fn($($A),*) + Copy,
            {
                // SAFETY: the outer function has been given an `F`; the caller vouches for the pointers.
                unsafe { conjure::<F>()($($a.read()),*) }
            }
            thunk::<F, $($A),*> as *const ()
        }
    )* };
}

thunks! {
    value0 unit0 ();
    value1 unit1 (A a);
    value2 unit2 (A a B b);
    value3 unit3 (A a B b C c);
    value4 unit4 (A a B b C c D d);
    value5 unit5 (A a B b C c D d E e);
    value6 unit6 (A a B b C c D d E e G g);
    value7 unit7 (A a B b C c D d E e G g H h);
    value8 unit8 (A a B b C c D d E e G g H h I i);
    value9 unit9 (A a B b C c D d E e G g H h I i J j);
    value10 unit10 (A a B b C c D d E e G g H h I i J j K k);
    value11 unit11 (A a B b C c D d E e G g H h I i J j K k L l);
    value12 unit12 (A a B b C c D d E e G g H h I i J j K k L l M m);
}
