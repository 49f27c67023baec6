//! Analyses: pure functions over [`crate::ir::Body`] and each other's results. No LLVM call.

pub mod activity;
pub mod bits;
pub mod cells;
pub mod chosen;
pub mod clobber;
pub mod contradiction;
pub mod halves;
pub mod legal;
pub mod need;
pub mod numbers;
pub mod offset;
pub mod reach;
pub mod summary;
#[cfg(test)]
pub mod tests;
pub mod unshadowed;
