//! The functions whose calls an engine replaces.

/// An entry point: a function that a program declares and calls, and that the engine gives a meaning to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    /// Combined reverse mode: the primal, then the adjoint sweep.
    Autodiff,
    /// Forward mode.
    FwdDiff,
    /// Forward propagation of rounding errors.
    ErrorEstimate,
    /// Forward mode that reads what an augmented forward sweep has cached.
    FwdSplit,
    /// The forward half of split reverse mode; it yields a tape.
    AugmentFwd,
    /// The size in bytes of the tape of split reverse mode.
    AugmentSize,
    /// The reverse half of split reverse mode; it takes a tape.
    Reverse,
    /// The shadow of a function pointer.
    VirtualReverse,
    /// A function applied to several lanes at once.
    Batch,
    /// A function whose floating-point memory is of another precision.
    TruncateMemFunc,
    /// A function whose floating-point operations are of another precision.
    TruncateOpFunc,
    /// One value moved into the truncated representation.
    TruncateMemValue,
    /// One value moved out of the truncated representation.
    ExpandMemValue,
    /// The log-likelihood of a probabilistic program.
    Likelihood,
    /// A run of a probabilistic program that records its choices.
    Trace,
    /// A run of a probabilistic program conditioned on observations.
    Condition,
    /// A call that carries no derivative.
    CallInactive,
    /// A call of a function whose rules are operands beside it; how Rust functions with rules of their own are called.
    CallCustom,
    /// A dense view of sparse storage.
    ToDense,
    /// The engine's internal second step of [`Entry::ToDense`].
    PostSparseToDense,
    /// A hint about sparse iteration.
    Iter,
    /// A hint: this memory holds `float`.
    Float,
    /// A hint: this memory holds `double`.
    Double,
    /// A hint: this memory holds integers.
    Integer,
    /// A hint: this memory holds pointers.
    Pointer,
    /// Draws from a distribution.
    Sample,
    /// Observes a value of a distribution.
    Observe,
    /// Passes its operand through and cuts its derivative.
    IgnoreDerivatives,
    /// Trace interface: creates a trace.
    NewTrace,
    /// Trace interface: frees a trace.
    FreeTrace,
    /// Trace interface: the trace of a recorded call.
    GetTrace,
    /// Trace interface: a recorded choice.
    GetChoice,
    /// Trace interface: records a call.
    InsertCall,
    /// Trace interface: records a choice.
    InsertChoice,
    /// Trace interface: records an argument.
    InsertArgument,
    /// Trace interface: records a returned value.
    InsertReturn,
    /// Trace interface: records a function.
    InsertFunction,
    /// Trace interface: records the gradient of a choice.
    InsertGradientChoice,
    /// Trace interface: records the gradient of an argument.
    InsertGradientArgument,
    /// Trace interface: whether a call was recorded.
    HasCall,
    /// Trace interface: whether a choice was recorded.
    HasChoice,
}

impl Entry {
    /// Every entry point, in the order in which a symbol is tested against them.
    ///
    /// A symbol may contain several of the names (mangled names contain those of their arguments), so the order is
    /// part of the interface. The first sixteen are fixed by Enzyme; the rest don't overlap.
    pub const ALL: &'static [Entry] = &[
        Entry::Autodiff,
        Entry::FwdDiff,
        Entry::ErrorEstimate,
        Entry::FwdSplit,
        Entry::AugmentFwd,
        Entry::AugmentSize,
        Entry::Reverse,
        Entry::VirtualReverse,
        Entry::Batch,
        Entry::TruncateMemFunc,
        Entry::TruncateOpFunc,
        Entry::TruncateMemValue,
        Entry::ExpandMemValue,
        Entry::Likelihood,
        Entry::Trace,
        Entry::Condition,
        Entry::CallInactive,
        Entry::CallCustom,
        Entry::ToDense,
        Entry::PostSparseToDense,
        Entry::Iter,
        Entry::Float,
        Entry::Double,
        Entry::Integer,
        Entry::Pointer,
        Entry::Sample,
        Entry::Observe,
        Entry::IgnoreDerivatives,
        Entry::NewTrace,
        Entry::FreeTrace,
        Entry::GetTrace,
        Entry::GetChoice,
        Entry::InsertCall,
        Entry::InsertChoice,
        Entry::InsertArgument,
        Entry::InsertReturn,
        Entry::InsertFunction,
        Entry::InsertGradientChoice,
        Entry::InsertGradientArgument,
        Entry::HasCall,
        Entry::HasChoice,
    ];

    /// The string that a symbol must contain.
    pub const fn name(self) -> &'static str {
        match self {
            Entry::Autodiff => "__enzyme_autodiff",
            Entry::FwdDiff => "__enzyme_fwddiff",
            Entry::ErrorEstimate => "__enzyme_error_estimate",
            Entry::FwdSplit => "__enzyme_fwdsplit",
            Entry::AugmentFwd => "__enzyme_augmentfwd",
            Entry::AugmentSize => "__enzyme_augmentsize",
            Entry::Reverse => "__enzyme_reverse",
            Entry::VirtualReverse => "__enzyme_virtualreverse",
            Entry::Batch => "__enzyme_batch",
            Entry::TruncateMemFunc => "__enzyme_truncate_mem_func",
            Entry::TruncateOpFunc => "__enzyme_truncate_op_func",
            Entry::TruncateMemValue => "__enzyme_truncate_mem_value",
            Entry::ExpandMemValue => "__enzyme_expand_mem_value",
            Entry::Likelihood => "__enzyme_likelihood",
            Entry::Trace => "__enzyme_trace",
            Entry::Condition => "__enzyme_condition",
            Entry::CallInactive => "__enzyme_call_inactive",
            Entry::CallCustom => "__enzyme_rs_call_custom",
            Entry::ToDense => "__enzyme_todense",
            Entry::PostSparseToDense => "__enzyme_post_sparse_todense",
            Entry::Iter => "__enzyme_iter",
            Entry::Float => "__enzyme_float",
            Entry::Double => "__enzyme_double",
            Entry::Integer => "__enzyme_integer",
            Entry::Pointer => "__enzyme_pointer",
            Entry::Sample => "__enzyme_sample",
            Entry::Observe => "__enzyme_observe",
            Entry::IgnoreDerivatives => "__enzyme_ignore_derivatives",
            Entry::NewTrace => "__enzyme_newtrace",
            Entry::FreeTrace => "__enzyme_freetrace",
            Entry::GetTrace => "__enzyme_get_trace",
            Entry::GetChoice => "__enzyme_get_choice",
            Entry::InsertCall => "__enzyme_insert_call",
            Entry::InsertChoice => "__enzyme_insert_choice",
            Entry::InsertArgument => "__enzyme_insert_argument",
            Entry::InsertReturn => "__enzyme_insert_return",
            Entry::InsertFunction => "__enzyme_insert_function",
            Entry::InsertGradientChoice => "__enzyme_insert_gradient_choice",
            Entry::InsertGradientArgument => "__enzyme_insert_gradient_argument",
            Entry::HasCall => "__enzyme_has_call",
            Entry::HasChoice => "__enzyme_has_choice",
        }
    }

    /// The entry point that a symbol stands for: the first of [`Entry::ALL`] whose name the symbol contains.
    ///
    /// Prefixes and suffixes (C++ or Rust mangling, `__enzyme_autodiff_my_type`) are therefore welcome.
    pub fn from_name(symbol: &str) -> Option<Entry> {
        // Nearly every symbol of a module fails this one test, so the table is searched for few.
        if !symbol.contains("__enzyme_") {
            return None;
        }
        Entry::ALL
            .iter()
            .copied()
            .find(|entry| symbol.contains(entry.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::Entry;

    #[test]
    fn each_name_is_found_alone_and_within_a_mangled_symbol() {
        for &entry in Entry::ALL {
            assert_eq!(Entry::from_name(entry.name()), Some(entry));
            let before = entry.name();
            assert_eq!(Entry::from_name(before.trim_start_matches('_')), None);
        }
        assert_eq!(
            Entry::from_name("_Z17__enzyme_autodiffPFddEd"),
            Some(Entry::Autodiff)
        );
        assert_eq!(
            Entry::from_name("__enzyme_fwddiff_RNvCs1_4main2df"),
            Some(Entry::FwdDiff)
        );
    }

    #[test]
    fn the_first_name_in_order_wins() {
        assert_eq!(
            Entry::from_name("__enzyme_reverse__enzyme_autodiff"),
            Some(Entry::Autodiff)
        );
    }

    #[test]
    fn no_other_symbol_is_an_entry() {
        for symbol in [
            "",
            "autodiff",
            "enzyme_dup",
            "__enzyme_",
            "__enzyme_register_gradient_f",
            "__enzyme_inactivefn",
            "__enzyme_function_like",
        ] {
            assert_eq!(Entry::from_name(symbol), None, "{symbol}");
        }
    }
}
