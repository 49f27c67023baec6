//! The Gaussian mixture model of ADBench, its gradient by compiler plugin and by hand, and the means to measure both.
//!
//! `objective` is the code that a user would write; everything else in this crate exists to check and time its derivative.

pub mod by_hand;
pub mod differences;
pub mod input;
pub mod objective;
pub mod timing;
