#![doc = include_str!("../README.md")]
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;
#[cfg(feature = "alloc")]
pub mod calculus;
mod tree;

pub use enzyme_marker_macros::{
    TypeTree, autodiff_forward, autodiff_reverse, custom_derivative, derivative_of, inactive,
};
pub use enzyme_sys::wire;
pub use tree::TypeTree;
