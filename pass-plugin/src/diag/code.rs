//! The numbers of the errors: stable, so that they can be searched for and written about.

use std::fmt;

/// Declares the codes; numbers are given by hand and never reused.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $number:literal,)*) => {
        /// What an error is about.
        #[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum Code {
            $($(#[doc = $doc])+ $name = $number,)*
        }

        impl Code {
            /// All codes, in the order of their numbers.
            pub const ALL: &[Code] = &[$(Code::$name),*];

            /// The code in one sentence.
            pub fn summary(self) -> &'static str {
                match self {
                    $(Code::$name => concat!($($doc),+).trim_ascii(),)*
                }
            }
        }
    };
}

codes! {
    /// A function that must be differentiated has no body here.
    MissingBody = 1,
    /// Inline assembly reads or writes data that takes part in the derivative.
    InlineAsm = 2,
    /// A call looks like a marker of Enzyme's, but no marker of that name is known.
    UnknownMarker = 3,
    /// A shadow is needed for a value that has none.
    MissingShadow = 4,
    /// There is no derivative rule for a called function.
    NoRule = 5,
    /// Nothing says what type the bytes at an active memory access have.
    UnknownType = 6,
    /// An instruction on active data is not supported.
    UnsupportedInstruction = 7,
    /// A call through a pointer cannot be resolved.
    IndirectCall = 8,
    /// The compiler's LLVM is not the one that the plugin was built for.
    HostMismatch = 9,
    /// The plugin failed; the mistake is in enzyme-rs.
    Internal = 10,
    /// Memory or a value is active on one path and constant on another.
    MixedActivity = 11,
    /// A marker call's arguments do not fit the function that it differentiates.
    BadMarkerCall = 12,
    /// A loop or other control flow has a shape that is not supported.
    ControlFlow = 13,
    /// A global variable takes part in the derivative, and has no shadow.
    ActiveGlobal = 14,
    /// A registration is malformed, or does not fit the function that it is for.
    BadRegistration = 15,
    /// The linker's cache would go on serving a derivative after what it was made of has changed.
    LinkerCache = 16,
    /// A type tree says one thing of memory, and the code that uses it another.
    TypeContradiction = 17,
}

impl Code {
    /// What to do about an error of that kind, for refusals that say nothing closer.
    pub fn help(self) -> &'static str {
        match self {
            Code::MissingBody => {
                "define the function in this program or link its bitcode into it (LTO), or register a derivative for it"
            }
            Code::UnknownMarker => "the names of the markers are in `enzyme.h`",
            Code::MissingShadow => "pass the memory to the function as an argument with a shadow",
            Code::NoRule | Code::IndirectCall => {
                "register a derivative for the function, or declare it inactive"
            }
            Code::UnknownType => {
                "tell what the memory holds by a hint, such as `__enzyme_double(p, bytes)`"
            }
            Code::InlineAsm | Code::UnsupportedInstruction | Code::ControlFlow => {
                "move this into a function that is registered as inactive or with a derivative of its own"
            }
            Code::HostMismatch => "use the plugin with the compiler that it was built for",
            Code::Internal => "please report it with the program, or its LLVM IR",
            Code::MixedActivity => {
                "give the constant memory a shadow as well, or ask for `enzyme_runtime_activity`"
            }
            Code::BadMarkerCall => "the arguments of each entry point are in `enzyme.h`",
            Code::ActiveGlobal => "pass it to the function as an argument, or declare it inactive",
            Code::BadRegistration => "the forms of registrations are in `enzyme.h`",
            Code::TypeContradiction => "correct the `TypeTree` of the type",
            Code::LinkerCache => "link without `--thinlto-cache-dir`",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ER{:04}", *self as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_stable() {
        let texts: Vec<String> = Code::ALL.iter().map(Code::to_string).collect();
        let expected: Vec<String> = (1..=Code::ALL.len())
            .map(|number| format!("ER{number:04}"))
            .collect();
        assert_eq!(texts, expected);
        assert_eq!(Code::HostMismatch.to_string(), "ER0009");
        assert!(Code::ALL.iter().all(|code| code.summary().ends_with('.')));
    }
}
