//! Places in the user's source.

use crate::llvm::{DebugLoc, Frame, Value};

/// A line of a source file.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    pub file: String,
    pub line: u32,
    /// 0 when unknown.
    pub column: u32,
    /// The mangled or source name of the function around it.
    pub function: Option<String>,
}

/// Where something is: the innermost place, then where it was inlined.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    /// Never empty; innermost first.
    pub places: Vec<Place>,
}

impl Place {
    fn of_frame(frame: Frame) -> Place {
        Place {
            file: frame.file.unwrap_or_else(|| "<unknown>".to_owned()),
            line: frame.line,
            column: frame.column,
            function: frame.linkage_name.or(frame.function),
        }
    }
}

impl Span {
    /// A span from a file and a line, such as a marker carries for modules without debug information.
    pub fn at_line(file: impl Into<String>, line: u32) -> Span {
        Span {
            places: vec![Place {
                file: file.into(),
                line,
                column: 0,
                function: None,
            }],
        }
    }

    pub fn of_debug_loc(loc: DebugLoc) -> Span {
        Span {
            places: loc.frames().into_iter().map(Place::of_frame).collect(),
        }
    }

    /// Where a value comes from: an instruction's debug location, else what is known of its function; `None` in a
    /// module without debug information.
    pub fn of(value: Value) -> Option<Span> {
        let own = value
            .is_instruction()
            .then(|| value.debug_loc())
            .flatten()
            .filter(|loc| loc.line() != 0);
        own.map(Span::of_debug_loc).or_else(|| {
            let function = value.as_function().or_else(|| value.parent_function())?;
            let mut place = Place::of_frame(function.subprogram()?.scope_frame());
            place.line = function.line()?;
            Some(Span {
                places: vec![place],
            })
        })
    }
}
