//! The markers that introduce the operands of an entry point's call.

/// A marker: a global variable, known by its exact name, given as an operand of an [`Entry`](crate::Entry)'s call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Marker {
    /// The argument carries no derivative.
    Const,
    /// The argument comes with its shadow.
    Dup,
    /// As [`Marker::Dup`]; what the argument holds afterwards isn't needed.
    DupNoNeed,
    /// The argument comes with one shadow pointer, whose lanes lie a stride apart.
    DupV,
    /// Both [`Marker::DupNoNeed`] and [`Marker::DupV`].
    DupNoNeedV,
    /// The argument is passed by value, and its derivative is returned.
    Out,
    /// The argument is passed behind a pointer, and is loaded from it.
    ByRef,
    /// The memory isn't modified between the two halves of split mode.
    NotOverwritten,
    /// Primals stand before this marker, all shadows after it in the same order.
    Interleave,
    /// The number of tangents or adjoints carried at once.
    Width,
    /// The primal result is returned as well, first.
    PrimalReturn,
    /// The primal result isn't returned.
    NoRet,
    /// The result carries no derivative.
    ConstReturn,
    /// The result is seeded.
    ActiveReturn,
    /// The shadow of the result is returned.
    DupReturn,
    /// The memory that holds the tape.
    Tape,
    /// The size of the tape that the caller provides.
    Allocated,
    /// The reverse sweep frees no tape.
    NoFree,
    /// Whether memory is active is decided when the program runs, by comparing it with its shadow.
    RuntimeActivity,
    /// An adjoint of zero stays zero when it is multiplied by infinity.
    StrongZero,
    /// The table of the trace interface.
    Interface,
    /// The trace of a probabilistic program.
    Trace,
    /// A trace and its shadow.
    DupTrace,
    /// Where the likelihood is accumulated.
    Likelihood,
    /// Where the likelihood is accumulated, and its shadow.
    DupLikelihood,
    /// The trace that holds the observations.
    Observations,
    /// The name of an active random variable.
    ActiveRandVar,
    /// Batch: all lanes share the argument.
    Scalar,
    /// Batch: each lane has its own argument.
    Vector,
    /// Batch: the lanes' arguments lie a stride apart.
    Buffer,
    /// Ours: a description of the call and of its argument types, in the [wire format](crate::wire).
    RsTypes,
}

/// An operand that follows a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// The primal value.
    Primal,
    /// As many shadows as the call is wide (one without [`Marker::Width`]).
    Shadows,
    /// Exactly one shadow, however wide the call.
    Shadow,
    /// As many primal values as the call is wide.
    Lanes,
    /// A number of bytes from one lane to the next.
    Stride,
    /// A constant number of bytes.
    ByteSize,
    /// A constant number of lanes.
    Width,
    /// A pointer to memory that the engine or its runtime manages (tape, interface).
    Memory,
    /// A value of the probabilistic runtime.
    Value,
    /// A constant string.
    Text,
    /// A pointer to a constant [`wire::Call`](crate::wire::Call).
    Types,
}

/// What a marker speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// It opens an argument: its operands include the primal value.
    Argument,
    /// It modifies the argument that follows.
    Modifier,
    /// It concerns the whole call and may stand between any two arguments.
    Call,
}

impl Marker {
    /// Every marker.
    pub const ALL: &'static [Marker] = &[
        Marker::Const,
        Marker::Dup,
        Marker::DupNoNeed,
        Marker::DupV,
        Marker::DupNoNeedV,
        Marker::Out,
        Marker::ByRef,
        Marker::NotOverwritten,
        Marker::Interleave,
        Marker::Width,
        Marker::PrimalReturn,
        Marker::NoRet,
        Marker::ConstReturn,
        Marker::ActiveReturn,
        Marker::DupReturn,
        Marker::Tape,
        Marker::Allocated,
        Marker::NoFree,
        Marker::RuntimeActivity,
        Marker::StrongZero,
        Marker::Interface,
        Marker::Trace,
        Marker::DupTrace,
        Marker::Likelihood,
        Marker::DupLikelihood,
        Marker::Observations,
        Marker::ActiveRandVar,
        Marker::Scalar,
        Marker::Vector,
        Marker::Buffer,
        Marker::RsTypes,
    ];

    /// The exact name of the global.
    pub const fn name(self) -> &'static str {
        match self {
            Marker::Const => "enzyme_const",
            Marker::Dup => "enzyme_dup",
            Marker::DupNoNeed => "enzyme_dupnoneed",
            Marker::DupV => "enzyme_dupv",
            Marker::DupNoNeedV => "enzyme_dupnoneedv",
            Marker::Out => "enzyme_out",
            Marker::ByRef => "enzyme_byref",
            Marker::NotOverwritten => "enzyme_not_overwritten",
            Marker::Interleave => "enzyme_interleave",
            Marker::Width => "enzyme_width",
            Marker::PrimalReturn => "enzyme_primal_return",
            Marker::NoRet => "enzyme_noret",
            Marker::ConstReturn => "enzyme_const_return",
            Marker::ActiveReturn => "enzyme_active_return",
            Marker::DupReturn => "enzyme_dup_return",
            Marker::Tape => "enzyme_tape",
            Marker::Allocated => "enzyme_allocated",
            Marker::NoFree => "enzyme_nofree",
            Marker::RuntimeActivity => "enzyme_runtime_activity",
            Marker::StrongZero => "enzyme_strong_zero",
            Marker::Interface => "enzyme_interface",
            Marker::Trace => "enzyme_trace",
            Marker::DupTrace => "enzyme_duptrace",
            Marker::Likelihood => "enzyme_likelihood",
            Marker::DupLikelihood => "enzyme_duplikelihood",
            Marker::Observations => "enzyme_observations",
            Marker::ActiveRandVar => "enzyme_active_rand_var",
            Marker::Scalar => "enzyme_scalar",
            Marker::Vector => "enzyme_vector",
            Marker::Buffer => "enzyme_buffer",
            Marker::RsTypes => "enzyme_rs_types",
        }
    }

    /// The marker of that exact name.
    pub fn from_name(name: &str) -> Option<Marker> {
        Marker::ALL
            .iter()
            .copied()
            .find(|marker| marker.name() == name)
    }

    /// The operands that follow the marker, in order. Those of a [`Scope::Modifier`] are followed by the argument.
    pub const fn operands(self) -> &'static [Operand] {
        match self {
            Marker::Const | Marker::Out | Marker::Scalar => &[Operand::Primal],
            Marker::Dup | Marker::DupNoNeed => &[Operand::Primal, Operand::Shadows],
            Marker::DupV | Marker::DupNoNeedV => {
                &[Operand::Stride, Operand::Primal, Operand::Shadow]
            }
            Marker::ByRef | Marker::Allocated => &[Operand::ByteSize],
            Marker::Width => &[Operand::Width],
            Marker::Tape | Marker::Interface => &[Operand::Memory],
            Marker::Trace | Marker::Likelihood | Marker::Observations => &[Operand::Value],
            Marker::DupTrace | Marker::DupLikelihood => &[Operand::Value, Operand::Shadow],
            Marker::ActiveRandVar => &[Operand::Text],
            Marker::Vector => &[Operand::Lanes],
            Marker::Buffer => &[Operand::Stride, Operand::Primal],
            Marker::RsTypes => &[Operand::Types],
            Marker::NotOverwritten
            | Marker::Interleave
            | Marker::PrimalReturn
            | Marker::NoRet
            | Marker::ConstReturn
            | Marker::ActiveReturn
            | Marker::DupReturn
            | Marker::NoFree
            | Marker::RuntimeActivity
            | Marker::StrongZero => &[],
        }
    }

    /// Whether the marker opens an argument, modifies the next, or concerns the whole call.
    pub const fn scope(self) -> Scope {
        match self {
            Marker::Const
            | Marker::Dup
            | Marker::DupNoNeed
            | Marker::DupV
            | Marker::DupNoNeedV
            | Marker::Out
            | Marker::Scalar
            | Marker::Vector
            | Marker::Buffer => Scope::Argument,
            Marker::ByRef | Marker::NotOverwritten => Scope::Modifier,
            Marker::Interleave
            | Marker::Width
            | Marker::PrimalReturn
            | Marker::NoRet
            | Marker::ConstReturn
            | Marker::ActiveReturn
            | Marker::DupReturn
            | Marker::Tape
            | Marker::Allocated
            | Marker::NoFree
            | Marker::RuntimeActivity
            | Marker::StrongZero
            | Marker::Interface
            | Marker::Trace
            | Marker::DupTrace
            | Marker::Likelihood
            | Marker::DupLikelihood
            | Marker::Observations
            | Marker::ActiveRandVar
            | Marker::RsTypes => Scope::Call,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Marker, Operand, Scope};

    #[test]
    fn markers_are_known_by_their_exact_names_only() {
        for (index, &marker) in Marker::ALL.iter().enumerate() {
            assert_eq!(Marker::from_name(marker.name()), Some(marker));
            assert!(marker.name().starts_with("enzyme_"));
            assert!(!Marker::ALL[..index].contains(&marker));
        }
        for name in ["", "enzyme_", "enzyme_dup_", "_enzyme_dup", "enzyme_Dup"] {
            assert_eq!(Marker::from_name(name), None, "{name}");
        }
    }

    #[test]
    fn just_the_markers_of_arguments_carry_primals() {
        for &marker in Marker::ALL {
            let primal = marker
                .operands()
                .iter()
                .any(|operand| matches!(operand, Operand::Primal | Operand::Lanes));
            assert_eq!(primal, marker.scope() == Scope::Argument, "{marker:?}");
        }
    }
}
