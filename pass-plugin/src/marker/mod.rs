//! Finds the marker calls, decodes what they ask for, and puts the derivatives in their place.

mod adapt;
pub mod callsite;
pub mod decode;
pub mod lower;
mod operands;
pub mod referred;
mod replace;
pub mod request;
mod resolve;
pub mod ruled;
mod split;
pub mod types;
mod virtual_reverse;
