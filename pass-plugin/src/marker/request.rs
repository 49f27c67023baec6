//! What a marker call asks for, as plain data.

/// How one argument of the differentiated function takes part.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ArgActivity {
    Const,
    /// A shadow is given (forward: a tangent). `primal_needed` false: the primal may stay unwritten.
    Dup {
        primal_needed: bool,
    },
    /// A by-value argument whose adjoint is returned (reverse mode only).
    Out,
    /// A by-value argument with pointers and floats: its shadow is given, and the adjoint of its floats returned
    /// (reverse mode only).
    DupOut,
}

impl ArgActivity {
    pub fn has_shadow(self) -> bool {
        matches!(self, ArgActivity::Dup { .. } | ArgActivity::DupOut)
    }
    /// Its adjoint is returned.
    pub fn is_out(self) -> bool {
        matches!(self, ArgActivity::Out | ArgActivity::DupOut)
    }
    pub fn is_active(self) -> bool {
        self != ArgActivity::Const
    }
}

/// How the returned value takes part.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RetActivity {
    Const,
    /// Reverse: seeded. Forward: its tangent is returned.
    Active,
    /// Its shadow is returned (pointers).
    Dup,
    /// Pointers and floats in one value: its shadow is returned, and its floats are seeded (reverse mode only).
    DupActive,
}

impl RetActivity {
    pub fn has_shadow(self) -> bool {
        matches!(self, RetActivity::Dup | RetActivity::DupActive)
    }
    /// Reverse mode: the reverse sweep takes its adjoint.
    pub fn is_seeded(self) -> bool {
        matches!(self, RetActivity::Active | RetActivity::DupActive)
    }
}

/// The direction of differentiation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Mode {
    Forward,
    /// Primal and adjoint sweep in one call.
    ReverseCombined,
    /// An augmented forward sweep and a reverse sweep in two functions, joined by a tape.
    ReverseSplit,
}

/// A way to memory from outside of a function: from a parameter or the result through the pointers at these offsets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Path {
    pub start: PathStart,
    pub through: Vec<i64>,
}

/// The register that holds a way's first pointer, and the byte in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PathStart {
    Param { number: u32, byte: u64 },
    Result { byte: u64 },
}

/// One derivative of one function: the key of the engine's memo table.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Signature {
    pub mode: Mode,
    /// How many tangents or adjoints are carried at once: each shadow comes this many times.
    pub width: u32,
    pub args: Vec<ArgActivity>,
    pub ret: RetActivity,
    /// Whether memory carries a derivative is found out when the program runs: where a shadow pointer equals its primal,
    /// it does not.
    pub runtime_activity: bool,
    /// A derivative of zero stays zero, whatever it is multiplied by: 0 · ∞ = 0.
    pub strong_zero: bool,
    /// Parameters point to objects that no other parameter reaches (our own marker crate's thunks).
    pub distinct_args: bool,
    /// Split mode: what parameter `i` reaches is the same in the reverse sweep as it was after the forward sweep. Empty
    /// where the two sweeps are one call.
    pub stable_args: Vec<bool>,
    /// Memory without a shadow that arguments with shadows, or the result, lead to.
    pub unshadowed: Vec<Path>,
    pub trees: Vec<Option<crate::analysis::cells::TypeTree>>,
}
