//! Finds the marker calls, decodes what they ask for, and puts the derivatives in their place.

pub mod decode;
pub mod lower;
pub mod request;
pub mod types;
