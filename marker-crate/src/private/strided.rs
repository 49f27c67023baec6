//! `Dualv`: all shadows of an argument in one value, one behind the other.

use core::mem::{ManuallyDrop, transmute_copy};
use core::slice::{from_raw_parts, from_raw_parts_mut};

/// A value behind which the shadows of several lanes may lie.
///
/// # Safety
///
/// Shadows of different lanes don't overlap if the length of all is `width` times the primal's.
#[diagnostic::on_unimplemented(
    message = "`Dualv` can not be used for `{Self}`",
    label = "the shadows of all lanes lie one behind the other in a slice or behind a raw pointer"
)]
pub unsafe trait Strided: Sized {
    /// The length; `None` where it isn't known.
    fn length(&self) -> Option<usize>;

    /// The shadow of a lane, as long as the primal.
    ///
    /// # Safety
    ///
    /// So many shadows lie behind this value, which isn't used while the lane is.
    unsafe fn lane(&self, primal: &Self, lane: usize) -> Self;
}

macro_rules! strided {
    ($($slice:ty, $pointer:ty: $raw:ty, $back:expr;)*) => { $(
        // SAFETY: lane by lane, as many elements as the primal has.
        unsafe impl<T> Strided for $slice {
            #[inline(always)]
            fn length(&self) -> Option<usize> {
                Some(self.len())
            }

            #[inline(always)]
            unsafe fn lane(&self, primal: &Self, lane: usize) -> Self {
                // SAFETY: a reference to a slice is a pointer to one. It isn't borrowed anew, since that would end what
                // was borrowed for other lanes. The caller vouches for the length.
                unsafe {
                    let all: $raw = transmute_copy(self);
                    let first = all.cast::<T>().add(lane * primal.len());
                    $back(first, primal.len())
                }
            }
        }

        // SAFETY: lane by lane, one value.
        unsafe impl<T> Strided for $pointer {
            #[inline(always)]
            fn length(&self) -> Option<usize> {
                None
            }

            #[inline(always)]
            unsafe fn lane(&self, _: &Self, lane: usize) -> Self {
                // SAFETY: the caller vouches for the lanes.
                unsafe { self.add(lane) }
            }
        }
    )* };
}

strided! {
    &[T], *const T: *const [T], from_raw_parts;
    &mut [T], *mut T: *mut [T], from_raw_parts_mut;
}

/// A lane's shadow.
///
/// # Safety
///
/// As for [`Strided::lane`].
#[inline(always)]
pub unsafe fn lane<T: Strided>(
    primal: &ManuallyDrop<T>,
    all: &ManuallyDrop<T>,
    lane: usize,
) -> ManuallyDrop<T> {
    // SAFETY: as the caller says.
    ManuallyDrop::new(unsafe { T::lane(all, primal, lane) })
}

/// Panics unless the shadows are `width` times as long as the primal.
#[inline(always)]
#[track_caller]
pub fn strided_length<T: Strided>(
    argument: &'static str,
    primal: &T,
    shadow_name: &'static str,
    shadow: &T,
    width: usize,
) {
    match (primal.length(), shadow.length()) {
        (Some(primal), Some(shadow)) if primal.checked_mul(width) != Some(shadow) => {
            differs(argument, primal, shadow_name, shadow, width)
        }
        _ => {}
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn differs(argument: &str, primal: usize, shadow_name: &str, shadow: usize, width: usize) -> ! {
    panic!(
        "shadow `{shadow_name}` of argument `{argument}` has length {shadow}, but {width} times the length {primal} of `{argument}` is needed"
    )
}
