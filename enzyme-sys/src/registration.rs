//! Globals whose initialisers tell the engine about a program's own functions.

/// A registration: a global whose name contains [`Registration::name`], read and then removed by the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Registration {
    /// `{f, augmented, gradient, "byref_<n>"…}`: a custom reverse rule.
    Gradient,
    /// `{f, forward}`: a custom forward rule.
    Derivative,
    /// `{f, augmented, split_forward}`: a custom split forward rule.
    SplitDerivative,
    /// A function that carries no derivative.
    InactiveFunction,
    /// A global variable that carries no derivative.
    InactiveGlobal,
    /// A function that frees nothing.
    NoFree,
    /// `{f, "name"}`: `f` has the derivative of the libm function `name`.
    FunctionLike,
    /// `{alloc, size_index, "indices", dealloc}`: a custom allocator.
    AllocationLike,
    /// The function that accumulates into sparse storage.
    SparseAccumulate,
    /// A function to be recomputed rather than cached.
    ShouldRecompute,
}

impl Registration {
    /// Every registration, in the order in which a symbol is tested against them.
    pub const ALL: &'static [Registration] = &[
        Registration::Gradient,
        Registration::Derivative,
        Registration::SplitDerivative,
        Registration::InactiveFunction,
        Registration::InactiveGlobal,
        Registration::NoFree,
        Registration::FunctionLike,
        Registration::AllocationLike,
        Registration::SparseAccumulate,
        Registration::ShouldRecompute,
    ];

    /// The string that the name of the global must contain.
    pub const fn name(self) -> &'static str {
        match self {
            Registration::Gradient => "__enzyme_register_gradient",
            Registration::Derivative => "__enzyme_register_derivative",
            Registration::SplitDerivative => "__enzyme_register_splitderivative",
            Registration::InactiveFunction => "__enzyme_inactivefn",
            Registration::InactiveGlobal => "__enzyme_inactive_global",
            Registration::NoFree => "__enzyme_nofree",
            Registration::FunctionLike => "__enzyme_function_like",
            Registration::AllocationLike => "__enzyme_allocation_like",
            Registration::SparseAccumulate => "__enzyme_sparse_accumulate",
            Registration::ShouldRecompute => "__enzyme_shouldrecompute",
        }
    }

    /// The registration that a global's name stands for.
    pub fn from_name(global: &str) -> Option<Registration> {
        if !global.contains("__enzyme_") {
            return None;
        }
        Registration::ALL
            .iter()
            .copied()
            .find(|registration| global.contains(registration.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::Registration;
    use crate::Entry;

    #[test]
    fn registrations_are_found_by_substring_and_are_no_entries() {
        for &registration in Registration::ALL {
            assert_eq!(
                Registration::from_name(registration.name()),
                Some(registration)
            );
            assert_eq!(Entry::from_name(registration.name()), None);
        }
        assert_eq!(
            Registration::from_name("_ZL30__enzyme_register_gradient_sin"),
            Some(Registration::Gradient)
        );
        assert_eq!(Registration::from_name("__enzyme_autodiff"), None);
    }
}
