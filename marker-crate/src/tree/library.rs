//! The standard library's types, none of whose layouts is guessed: the compiler gives offsets of public fields, and
//! functions that the plugin reads lead to what is private.

use core::cell::{Cell, RefCell, UnsafeCell};
use core::marker::{PhantomData, PhantomPinned};
use core::mem::{ManuallyDrop, MaybeUninit, offset_of};
use core::num::{Saturating, Wrapping};
use core::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo};
use core::pin::Pin;
use core::ptr::NonNull;

use super::TypeTree;
use crate::wire::{Field, Node, Variant};

/// The place of a variant's field. The value is of that variant whenever the function would be called.
macro_rules! within {
    ([$($generic:ident),+] $outer:ty, $inner:ty, $pattern:pat => $field:ident) => {{
        /// # Safety
        ///
        /// The pointer leads to a value of the variant.
        unsafe fn place<$($generic),+>(outer: *const $outer) -> *const $inner {
            // SAFETY: as the caller says.
            unsafe {
                match &*outer {
                    $pattern => $field,
                    #[allow(unreachable_patterns, reason = "there may be one variant only")]
                    _ => core::hint::unreachable_unchecked(),
                }
            }
        }
        place::<$($generic),+> as unsafe fn(*const $outer) -> *const $inner as *const ()
    }};
}

// SAFETY: the variants' fields are where their own patterns find them.
unsafe impl<T: TypeTree> TypeTree for Option<T> {
    const NODE: &'static Node = &Node::choice::<Option<T>>(
        "Option",
        const {
            &[
                Variant::new("None", &[]),
                Variant::new("Some", const { &[some::<T>()] }),
            ]
        },
    );
}

const fn some<T: TypeTree>() -> Field {
    Field::through(
        "0",
        within!([T] Option<T>, T, Some(value) => value),
        <T as TypeTree>::node,
    )
}

// SAFETY: as for `Option`.
unsafe impl<T: TypeTree, E: TypeTree> TypeTree for Result<T, E> {
    const NODE: &'static Node = &Node::choice::<Result<T, E>>(
        "Result",
        const {
            &[
                Variant::new("Ok", const { &[ok::<T, E>()] }),
                Variant::new("Err", const { &[err::<T, E>()] }),
            ]
        },
    );
}

const fn ok<T: TypeTree, E>() -> Field {
    Field::through(
        "0",
        within!([T, E] Result<T, E>, T, Ok(value) => value),
        <T as TypeTree>::node,
    )
}

const fn err<T, E: TypeTree>() -> Field {
    Field::through(
        "0",
        within!([T, E] Result<T, E>, E, Err(value) => value),
        <E as TypeTree>::node,
    )
}

macro_rules! transparent {
    ($($ty:ident)*) => { $(
        // SAFETY: the type is its content, as it documents.
        unsafe impl<T: TypeTree> TypeTree for $ty<T> {
            const NODE: &'static Node = T::NODE;
        }
    )* };
}

transparent!(Cell UnsafeCell ManuallyDrop MaybeUninit Wrapping Saturating Pin);

// SAFETY: an address that isn't null.
unsafe impl<T: TypeTree> TypeTree for NonNull<T> {
    const NODE: &'static Node =
        &Node::pointer::<Self>("NonNull", Node::EXTENT_UNKNOWN, Some(<T as TypeTree>::node));
}

// SAFETY: the content is where `as_ptr` says; the rest is a counter.
unsafe impl<T: TypeTree> TypeTree for RefCell<T> {
    const NODE: &'static Node = &Node::choice::<Self>(
        "RefCell",
        const { &[Variant::new("", const { &[ref_cell::<T>()] })] },
    );
}

const fn ref_cell<T: TypeTree>() -> Field {
    /// # Safety
    ///
    /// The pointer leads to a value.
    unsafe fn place<T>(cell: *const RefCell<T>) -> *const T {
        // SAFETY: as the caller says.
        unsafe { (*cell).as_ptr() }
    }
    Field::through(
        "value",
        place::<T> as unsafe fn(*const RefCell<T>) -> *const T as *const (),
        <T as TypeTree>::node,
    )
}

macro_rules! empty {
    ($(<$($T:ident)?> $ty:ty;)*) => { $(
        // SAFETY: it has no bytes.
        unsafe impl<$($T: ?Sized)?> TypeTree for $ty {
            const NODE: &'static Node = &Node::record::<Self>(stringify!($ty), &[]);
        }
    )* };
}

empty! {
    <T> PhantomData<T>;
    <> PhantomPinned;
    <> RangeFull;
}

macro_rules! ranges {
    ($($ty:ident $($field:ident)+;)*) => { $(
        // SAFETY: the compiler itself gives the offsets.
        unsafe impl<T: TypeTree> TypeTree for $ty<T> {
            const NODE: &'static Node = &Node::record::<Self>(
                stringify!($ty),
                const {
                    &[$(Field::at(
                        stringify!($field),
                        offset_of!(Self, $field),
                        <T as TypeTree>::node,
                    )),+]
                },
            );
        }
    )* };
}

ranges! {
    Range start end;
    RangeFrom start;
    RangeTo end;
}

// SAFETY: the ends are where the methods say; the rest is a flag.
unsafe impl<T: TypeTree> TypeTree for RangeInclusive<T> {
    const NODE: &'static Node = &Node::choice::<Self>(
        "RangeInclusive",
        const { &[Variant::new("", const { &[first::<T>(), last::<T>()] })] },
    );
}

const fn first<T: TypeTree>() -> Field {
    /// # Safety
    ///
    /// The pointer leads to a value.
    unsafe fn place<T>(range: *const RangeInclusive<T>) -> *const T {
        // SAFETY: as the caller says.
        unsafe { (*range).start() }
    }
    Field::through(
        "start",
        place::<T> as unsafe fn(*const RangeInclusive<T>) -> *const T as *const (),
        <T as TypeTree>::node,
    )
}

const fn last<T: TypeTree>() -> Field {
    /// # Safety
    ///
    /// The pointer leads to a value.
    unsafe fn place<T>(range: *const RangeInclusive<T>) -> *const T {
        // SAFETY: as the caller says.
        unsafe { (*range).end() }
    }
    Field::through(
        "end",
        place::<T> as unsafe fn(*const RangeInclusive<T>) -> *const T as *const (),
        <T as TypeTree>::node,
    )
}

#[cfg(feature = "alloc")]
mod allocated {
    use alloc::boxed::Box;
    use alloc::rc::Rc;
    use alloc::string::String;
    use alloc::sync::Arc;
    use alloc::vec::Vec;

    use super::TypeTree;
    use crate::wire::Node;

    // SAFETY: a box of a sized value is the address of one value.
    unsafe impl<T: TypeTree> TypeTree for Box<T> {
        const NODE: &'static Node =
            &Node::pointer::<Self>("Box", Node::EXTENT_ONE, Some(<T as TypeTree>::node));
    }

    // SAFETY: a boxed slice is an address followed by the number of elements.
    unsafe impl<T: TypeTree> TypeTree for Box<[T]> {
        const NODE: &'static Node =
            &Node::pointer::<Self>("Box", Node::EXTENT_LENGTH, Some(<T as TypeTree>::node));
    }

    macro_rules! owners {
        ($(<$($T:ident)?> $ty:ty, $element:ty, $extent:ident, $name:ident => $body:expr;)*) => { $(
            // SAFETY: the contents are where the type itself says; its other words are integers.
            unsafe impl<$($T: TypeTree)?> TypeTree for $ty {
                const NODE: &'static Node = &Node::owner::<Self>(
                    stringify!($ty),
                    Node::$extent,
                    {
                        /// # Safety
                        ///
                        /// The pointer leads to a value.
                        unsafe fn place<$($T)?>($name: *const $ty) -> *const $element {
                            // SAFETY: as the caller says.
                            unsafe { $body }
                        }
                        place$(::<$T>)? as unsafe fn(*const $ty) -> *const $element as *const ()
                    },
                    <$element as TypeTree>::node,
                );
            }
        )* };
    }

    owners! {
        <T> Vec<T>, T, EXTENT_OWNED, v => (*v).as_ptr();
        <> String, u8, EXTENT_OWNED, s => (*s).as_ptr();
        <T> Rc<T>, T, EXTENT_ONE, rc => Rc::as_ptr(&*rc);
        <T> Arc<T>, T, EXTENT_ONE, arc => Arc::as_ptr(&*arc);
    }
}
