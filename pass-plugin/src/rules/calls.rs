//! The functions that partial derivatives may call, and how the emitter spells each.
//!
//! Every function here, the runtime's own included, has either a rule in `table.rs` or a row in `inactive.rs` (or is
//! [`LAST`]), so generated derivatives can be differentiated again.

use super::expr::Kind::{self, Float, Int};

/// How a call of a canonical function is written in LLVM IR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lowering {
    /// The overloaded intrinsic `llvm.NAME`, at the float type (and the integer type of an integer argument). It takes
    /// vectors too.
    Intrinsic,
    /// The C library function: `NAMEf`, `NAME`, `NAMEl` by float type (integer arguments are C `int`). It takes no
    /// vectors: the emitter calls it for each lane.
    Libm,
    /// `enzyme_rs.NAME.f32` or `.f64` from [`RUNTIME_IR`](super::RUNTIME_IR), scalars only. Wider floats go through
    /// f64, with its precision.
    Runtime,
}

/// A function that formulas may call.
#[derive(Debug, PartialEq, Eq)]
pub struct Callee {
    /// The canonical name, such as `cos`.
    pub name: &'static str,
    /// The kinds of the arguments; the result is always a float.
    pub params: &'static [Kind],
    /// How to write a call of it.
    pub lowering: Lowering,
}

const fn callee(name: &'static str, params: &'static [Kind], lowering: Lowering) -> Callee {
    Callee {
        name,
        params,
        lowering,
    }
}

/// The one callable function without a derivative of its own: a third derivative of `lgamma` is refused.
pub const LAST: &str = "tetragamma";

/// All functions that formulas may call.
pub static CALLEES: &[Callee] = &[
    callee("atan2", &[Float, Float], Lowering::Libm),
    callee("copysign", &[Float, Float], Lowering::Intrinsic),
    callee("cos", &[Float], Lowering::Intrinsic),
    callee("cosh", &[Float], Lowering::Intrinsic),
    callee("exp", &[Float], Lowering::Intrinsic),
    callee("exp2", &[Float], Lowering::Intrinsic),
    callee("log", &[Float], Lowering::Intrinsic),
    callee("powi", &[Float, Int], Lowering::Intrinsic),
    callee("rint", &[Float], Lowering::Intrinsic),
    callee("sin", &[Float], Lowering::Intrinsic),
    callee("sinh", &[Float], Lowering::Intrinsic),
    callee("sqrt", &[Float], Lowering::Intrinsic),
    callee("cospi", &[Float], Lowering::Libm),
    callee("j0", &[Float], Lowering::Libm),
    callee("j1", &[Float], Lowering::Libm),
    callee("jn", &[Int, Float], Lowering::Libm),
    callee("sinpi", &[Float], Lowering::Libm),
    callee("y0", &[Float], Lowering::Libm),
    callee("y1", &[Float], Lowering::Libm),
    callee("yn", &[Int, Float], Lowering::Libm),
    callee("digamma", &[Float], Lowering::Runtime),
    callee("trigamma", &[Float], Lowering::Runtime),
    callee("tetragamma", &[Float], Lowering::Runtime),
];

/// Finds a callable function by its canonical name.
pub fn find(name: &str) -> Option<&'static Callee> {
    CALLEES.iter().find(|c| c.name == name)
}
