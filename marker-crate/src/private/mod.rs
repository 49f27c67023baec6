//! What the attributes' expansions call. Not for direct use, and free to change in any release.

mod describe;
mod engine;
mod length;
mod rule;
mod shadow;
mod strided;
mod thunk;

pub use core::mem::{ManuallyDrop, MaybeUninit};

pub use describe::{Probe, Unknown, argument, call, opaque, opaque_node};
pub use engine::*;
pub use enzyme_sys::wire::{Argument, Call};
pub use length::{NoLength, Shape, same_length};
pub use rule::*;
pub use shadow::{Seeds, seeds, zeroed};
pub use strided::{lane, strided_length};
pub use thunk::*;
