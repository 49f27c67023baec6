//! The interface between code that asks for a derivative and the engine that makes it, as data.
//!
//! A program asks by calling an [`Entry`] (`__enzyme_autodiff` and its relatives) whose variadic operands are
//! introduced by [`Marker`]s (`enzyme_dup` and its relatives): globals of which only the *name* counts. This crate
//! holds those names, the operands that each marker takes, and the [wire format](wire) in which the marker crate
//! describes Rust types to the engine. Both sides depend on it, so the two can't drift apart. C and C++ users get
//! the same names from `include/enzyme.h`.

#![no_std]
#![forbid(unsafe_code)]

mod entry;
mod marker;
mod registration;
pub mod wire;

pub use entry::Entry;
pub use marker::{Marker, Operand, Scope};
pub use registration::Registration;
