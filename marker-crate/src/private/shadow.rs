//! Shadows that a derivative makes itself, for arguments and results that are passed by value.

use core::mem::{ManuallyDrop, needs_drop};

/// The shadow of an `Active` argument: zero, to which the reverse sweep adds. The pointer only fixes the type.
///
/// A type of which zero isn't a value (a reference within a struct, say) is a compile-time error.
#[inline(always)]
pub fn zeroed<T>(_: *const ManuallyDrop<T>) -> ManuallyDrop<T> {
    const {
        assert!(
            !needs_drop::<T>(),
            "an `Active` argument is a plain value made of floating-point numbers, but this type owns a resource"
        );
        // SAFETY: this is evaluated by the compiler, which refuses a constant that isn't a valid value of its type.
        ManuallyDrop::new(unsafe { core::mem::zeroed() })
    }
}

/// The shadow of an `Active` result: its seed.
#[inline(always)]
pub fn seed<R>(seed: R) -> ManuallyDrop<R> {
    const {
        assert!(
            !needs_drop::<R>(),
            "an `Active` result is a plain value made of floating-point numbers, but this type owns a resource"
        );
    }
    ManuallyDrop::new(seed)
}
