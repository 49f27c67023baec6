//! What the engine is told about Rust types.

mod library;

use core::mem::offset_of;

use crate::wire::{Field, Node};

/// A type whose layout the engine knows.
///
/// The attributes attach the tree of every argument whose type implements this trait, and demand it of none: where
/// there is no tree, the engine finds the types of memory from the code alone, and refuses with an error where that
/// doesn't suffice.
///
/// # Safety
///
/// The node must describe each valid value of the type: the engine accesses memory as the node says. Where it sees that code
/// uses the memory otherwise it refuses (`ER0017`), but it need not see that. A function that
/// it refers to must return the same node at each call, and have no effect.
pub unsafe trait TypeTree {
    /// The description of the type.
    const NODE: &'static Node;

    /// The description of the type, as the wire format refers to it from other types.
    fn node() -> &'static Node {
        Self::NODE
    }
}

macro_rules! integers {
    ($($integer:ident)*) => { $(
        // SAFETY: the type carries neither a derivative nor an address.
        unsafe impl TypeTree for $integer {
            const NODE: &'static Node = &Node::integer::<$integer>(stringify!($integer));
        }
    )* };
}

integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool char);

// SAFETY: `f32` is IEEE binary32.
unsafe impl TypeTree for f32 {
    const NODE: &'static Node = &Node::float::<f32>("f32", Node::FORMAT_SINGLE);
}

// SAFETY: `f64` is IEEE binary64.
unsafe impl TypeTree for f64 {
    const NODE: &'static Node = &Node::float::<f64>("f64", Node::FORMAT_DOUBLE);
}

// SAFETY: `()` has no bytes.
unsafe impl TypeTree for () {
    const NODE: &'static Node = &Node::record::<()>("()", &[]);
}

macro_rules! pointers {
    ($($name:literal: $one:ty, $slice:ty, $str:ty, $extent:ident;)*) => { $(
        // SAFETY: a thin pointer is an address. Only references promise that a value lies behind it.
        unsafe impl<T: TypeTree> TypeTree for $one {
            const NODE: &'static Node =
                &Node::pointer::<$one>($name, Node::$extent, Some(<T as TypeTree>::node));
        }

        // SAFETY: a slice pointer is an address followed by the number of elements.
        unsafe impl<T: TypeTree> TypeTree for $slice {
            const NODE: &'static Node =
                &Node::pointer::<$slice>($name, Node::EXTENT_LENGTH, Some(<T as TypeTree>::node));
        }

        // SAFETY: a pointer to `str` is an address followed by the number of bytes.
        unsafe impl TypeTree for $str {
            const NODE: &'static Node =
                &Node::pointer::<$str>($name, Node::EXTENT_LENGTH, Some(<u8 as TypeTree>::node));
        }
    )* };
}

pointers! {
    "&": &T, &[T], &str, EXTENT_ONE;
    "&mut": &mut T, &mut [T], &mut str, EXTENT_ONE;
    "*const": *const T, *const [T], *const str, EXTENT_UNKNOWN;
    "*mut": *mut T, *mut [T], *mut str, EXTENT_UNKNOWN;
}

// SAFETY: an array's elements lie a `size_of` apart, from its first byte on.
unsafe impl<T: TypeTree, const N: usize> TypeTree for [T; N] {
    const NODE: &'static Node = &Node::array::<T>("array", N, <T as TypeTree>::node);
}

macro_rules! tuples {
    ($($($T:ident $index:tt)+;)*) => { $(
        // SAFETY: the compiler itself gives the offsets.
        unsafe impl<$($T: TypeTree),+> TypeTree for ($($T,)+) {
            const NODE: &'static Node = &Node::record::<Self>(
                "tuple",
                // A constant of its own, since a reference to a called function's result isn't promoted.
                const {
                    &[$(Field::at(
                        stringify!($index),
                        offset_of!(Self, $index),
                        <$T as TypeTree>::node,
                    )),+]
                },
            );
        }
    )* };
}

tuples! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
}

macro_rules! functions {
    ($($($A:ident)*;)*) => { $(
        // SAFETY: the address of code leads to no data.
        unsafe impl<R, $($A),*> TypeTree for fn($($A),*) -> R {
            const NODE: &'static Node = &Node::pointer::<Self>("fn", Node::EXTENT_UNKNOWN, None);
        }
    )* };
}

functions! {
    ;
    A;
    A B;
    A B C;
    A B C D;
}

macro_rules! vectors {
    ($($vector:ident $element:ty, $lanes:literal;)*) => { $(
        // SAFETY: a vector's lanes lie one behind the other.
        #[cfg(target_arch = "x86_64")]
        unsafe impl TypeTree for core::arch::x86_64::$vector {
            const NODE: &'static Node = &Node::record::<Self>(
                stringify!($vector),
                const { &[Field::at("lanes", 0, <[$element; $lanes] as TypeTree>::node)] },
            );
        }
    )* };
}

vectors! {
    __m128 f32, 4;
    __m128d f64, 2;
    __m256 f32, 8;
    __m256d f64, 4;
    __m512 f32, 16;
    __m512d f64, 8;
}
