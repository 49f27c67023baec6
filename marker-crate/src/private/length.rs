//! Checks that a shadow is as long as its primal.
//!
//! `Shape(&x).length()` is an inherent method where `x` is one of the types below, and otherwise the method of
//! [`NoLength`] (which must be in scope): inherent methods come first. No bound is demanded of any type, so this works
//! inside generic functions as well. Arrays aren't listed since their length is part of their type.

/// A value whose length is asked for.
pub struct Shape<'a, T>(pub &'a T);

/// The answer for types without a length.
pub trait NoLength: Sized {
    /// Nothing to compare.
    fn length(self) -> Option<usize> {
        None
    }
}

impl<T> NoLength for Shape<'_, T> {}

macro_rules! lengths {
    ($($(#[$cfg:meta])* <$($T:ident)?> $ty:ty;)*) => { $(
        $(#[$cfg])*
        impl<$($T)?> Shape<'_, $ty> {
            /// The number of elements (of bytes, for text).
            #[inline(always)]
            pub fn length(self) -> Option<usize> {
                Some(self.0.len())
            }
        }
    )* };
}

lengths! {
    <T> &[T];
    <T> &mut [T];
    <T> *const [T];
    <T> *mut [T];
    <> &str;
    <> &mut str;
    #[cfg(feature = "alloc")] <T> alloc::vec::Vec<T>;
    #[cfg(feature = "alloc")] <T> &alloc::vec::Vec<T>;
    #[cfg(feature = "alloc")] <T> &mut alloc::vec::Vec<T>;
    #[cfg(feature = "alloc")] <T> alloc::boxed::Box<[T]>;
    #[cfg(feature = "alloc")] <T> &alloc::boxed::Box<[T]>;
    #[cfg(feature = "alloc")] <T> &mut alloc::boxed::Box<[T]>;
}

/// Panics when a shadow's length differs from its primal's.
#[inline(always)]
#[track_caller]
pub fn same_length(
    argument: &'static str,
    primal: Option<usize>,
    shadow_name: &'static str,
    shadow: Option<usize>,
) {
    match (primal, shadow) {
        (Some(primal), Some(shadow)) if primal != shadow => {
            differs(argument, primal, shadow_name, shadow)
        }
        _ => {}
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn differs(argument: &str, primal: usize, shadow_name: &str, shadow: usize) -> ! {
    panic!(
        "shadow `{shadow_name}` of argument `{argument}` has length {shadow}, but `{argument}` has length {primal}"
    )
}
