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

/// The shadows of an `Active` result: a seed a lane.
#[inline(always)]
pub fn seeds<R, const WIDTH: usize>(seeds: [R; WIDTH]) -> [ManuallyDrop<R>; WIDTH] {
    const {
        assert!(
            !needs_drop::<R>(),
            "an `Active` result is a plain value made of floating-point numbers, but this type owns a resource"
        );
    }
    seeds.map(ManuallyDrop::new)
}

/// What the seeds of a derivative with a width may be given as: one for all lanes, or one for each.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no seed of a result of type `{R}`",
    label = "expected one seed, or an array of {WIDTH}"
)]
pub trait Seeds<R, const WIDTH: usize> {
    /// A seed a lane.
    fn into_lanes(self) -> [R; WIDTH];
}

impl<R: Copy, const WIDTH: usize> Seeds<R, WIDTH> for R {
    #[inline(always)]
    fn into_lanes(self) -> [R; WIDTH] {
        [self; WIDTH]
    }
}

impl<R, const WIDTH: usize> Seeds<R, WIDTH> for [R; WIDTH] {
    #[inline(always)]
    fn into_lanes(self) -> [R; WIDTH] {
        self
    }
}
