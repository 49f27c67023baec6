//! The compilers that the plugin is used with, and the flags of each way to use it.
//!
//! Each compiler set is a file in `manifests/`: what it is called, how to find it, which LLVM it must have, and its *flows*,
//! each a set of flags by which a program is built with the plugin. Nothing else in this repository knows those flags.

mod c_flow;
mod config;
pub mod enzyme;
mod flow;
mod manifest;
mod plugin;
mod probe;
mod rust;
mod sysroot;

pub use c_flow::CFlow;
pub use flow::{Flow, Invocation};
pub use manifest::{LLVM_MAJOR, LlvmTools, Lto, Manifest, Markers, manifests};
pub use plugin::Plugin;
pub use probe::{Finding, doctor};
pub use rust::{RustSet, RustVersion, forget_outer_build};
