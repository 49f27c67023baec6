//! `libenzyme_rs.so`: an LLVM pass plugin that replaces calls of Enzyme's markers with derivatives.
//!
//! [`entry`] is where the host comes in, [`flow`] decides what to do at which of its hooks, and [`engine`] does it.

pub mod analysis;
mod backend;
pub mod capi;
pub mod diag;
pub mod dump;
pub mod elsewhere;
pub mod emit;
pub mod engine;
pub mod entry;
pub mod flow;
pub mod hold;
pub mod ir;
pub mod llvm;
pub mod marker;
pub mod plan;
pub mod prepare;
pub mod registry;
pub mod rules;
pub mod settle;
pub mod timings;

pub use engine::run_on_module;
