//! Activities: what is to happen to an argument or a result.

use std::fmt;

use proc_macro2::{Ident, Span};

/// The mode of differentiation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Tangents, from arguments to results.
    Forward,
    /// Adjoints, from results to arguments.
    Reverse,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mode::Forward => "Forward",
            Mode::Reverse => "Reverse",
        })
    }
}

/// The names that an attribute may contain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Const,
    Active,
    ActiveOnly,
    Dual,
    DualOnly,
    Dualv,
    DualvOnly,
    Duplicated,
    DuplicatedOnly,
}

impl Kind {
    const ALL: [(&'static str, Kind); 9] = [
        ("Const", Kind::Const),
        ("Active", Kind::Active),
        ("ActiveOnly", Kind::ActiveOnly),
        ("Dual", Kind::Dual),
        ("DualOnly", Kind::DualOnly),
        ("Dualv", Kind::Dualv),
        ("DualvOnly", Kind::DualvOnly),
        ("Duplicated", Kind::Duplicated),
        ("DuplicatedOnly", Kind::DuplicatedOnly),
    ];

    /// Whether an argument may have this activity.
    fn fits_argument(self, mode: Mode) -> bool {
        match self {
            Kind::Const => true,
            Kind::Dual | Kind::DualOnly | Kind::Dualv | Kind::DualvOnly => mode == Mode::Forward,
            Kind::Active | Kind::ActiveOnly | Kind::Duplicated | Kind::DuplicatedOnly => {
                mode == Mode::Reverse
            }
        }
    }

    /// Whether a result may have this activity.
    fn fits_result(self, mode: Mode) -> bool {
        !matches!(self, Kind::Duplicated | Kind::DuplicatedOnly) && self.fits_argument(mode)
    }

    /// Whether the value is differentiated.
    pub fn is_active(self) -> bool {
        self != Kind::Const
    }

    /// Whether the value lies behind a reference or pointer, whose shadow the caller provides.
    pub fn is_duplicated(self) -> bool {
        matches!(self, Kind::Duplicated | Kind::DuplicatedOnly)
    }

    /// Whether all shadows are in one value, one behind the other.
    pub fn is_strided(self) -> bool {
        matches!(self, Kind::Dualv | Kind::DualvOnly)
    }

    /// Whether the primal isn't needed.
    pub fn is_only(self) -> bool {
        matches!(
            self,
            Kind::ActiveOnly | Kind::DualOnly | Kind::DualvOnly | Kind::DuplicatedOnly
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = Kind::ALL.iter().find(|(_, kind)| kind == self);
        f.write_str(found.expect("the table has every kind").0)
    }
}

/// An activity as the user wrote it.
#[derive(Clone, Copy)]
pub struct Activity {
    pub kind: Kind,
    pub span: Span,
}

impl Activity {
    /// Recognises an activity.
    pub fn from_ident(ident: &Ident) -> syn::Result<Activity> {
        let text = ident.to_string();
        match Kind::ALL.iter().find(|(name, _)| *name == text) {
            Some(&(_, kind)) => Ok(Activity {
                kind,
                span: ident.span(),
            }),
            None => Err(syn::Error::new(
                ident.span(),
                format!("did not recognize Activity: `{text}`"),
            )),
        }
    }

    /// Checks that an argument may have this activity.
    pub fn check_argument(self, mode: Mode) -> syn::Result<()> {
        if self.kind.fits_argument(mode) {
            return Ok(());
        }
        Err(self.error(format!("{} can not be used in {mode} Mode", self.kind)))
    }

    /// Checks that a result may have this activity.
    pub fn check_result(self, mode: Mode, width: u32) -> syn::Result<()> {
        if !self.kind.fits_result(mode) {
            return Err(self.error(format!(
                "invalid return activity {} in {mode} Mode",
                self.kind
            )));
        }
        // A result is returned by value, so its tangents can't lie behind each other in one.
        if self.kind.is_strided() && width > 1 {
            let instead = if self.kind.is_only() {
                "DualOnly"
            } else {
                "Dual"
            };
            return Err(self.error(format!(
                "{} can not be used for the result with a width above 1, use {instead}, which returns an array",
                self.kind
            )));
        }
        Ok(())
    }

    /// The error of an activity that doesn't fit the type beside it.
    pub fn wrong_type(self) -> syn::Error {
        self.error(format!("{} can not be used for this type", self.kind))
    }

    /// An error at the place where the activity stands.
    pub fn error(self, message: String) -> syn::Error {
        syn::Error::new(self.span, message)
    }
}
