//! Refusals, warnings and remarks: what the user reads.
//!
//! A refusal is a value: a stage returns `Err(Refusal)`, and whoever holds the module reports it. Nothing here decides
//! anything. Rendering is in `render`, places in the source in `span`, the file named by `ENZYME_RS_LOG` in `log`.

mod code;
mod log;
mod render;
mod span;

pub use code::Code;
pub use log::{log_line, log_path};
pub use render::demangle;
pub use span::{Place, Span};

use crate::llvm::{Context, Severity, Value};

/// A reason why something is not differentiated, with all that the user needs to change that. It is the error of
/// most results, and therefore kept small.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    pub code: Code,
    /// What is refused, in a phrase.
    pub what: Box<str>,
    pub span: Option<Span>,
    /// The symbol of the function in which it happens, for modules without debug information.
    pub function: Option<Box<str>>,
    /// Facts that lead there, such as the path of values that made something active.
    pub notes: Vec<String>,
    /// Why it is refused; empty when `what` says it all.
    pub why: Box<str>,
    /// What to do about it; empty when nothing is known to help.
    pub help: Box<str>,
}

impl Refusal {
    pub fn new(code: Code, what: impl Into<String>) -> Refusal {
        Refusal {
            code,
            what: what.into().into_boxed_str(),
            span: None,
            function: None,
            notes: Vec::new(),
            why: Box::default(),
            help: Box::default(),
        }
    }

    /// A failure of the plugin itself.
    pub fn internal(message: &str) -> Refusal {
        Refusal::new(Code::Internal, format!("internal error: {message}"))
            .why("this is a mistake in enzyme-rs, not in your program")
            .help("please report it with the program, or its LLVM IR")
    }

    #[must_use]
    pub fn at(mut self, span: Option<Span>) -> Refusal {
        self.span = span.or(self.span);
        self
    }

    /// The place of a value: an instruction's debug location, else its function.
    #[must_use]
    pub fn at_value(mut self, value: Value) -> Refusal {
        if self.function.is_none() {
            let function = value.as_function().or_else(|| value.parent_function());
            self.function = function.map(|f| f.name().into_boxed_str());
        }
        self.at(Span::of(value))
    }

    /// The place of a value, unless a place is known.
    #[must_use]
    pub fn or_at_value(self, value: Value) -> Refusal {
        match self.span {
            Some(_) => self,
            None => self.at(Span::of(value)),
        }
    }

    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Refusal {
        self.why = why.into().into_boxed_str();
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Refusal {
        self.help = help.into().into_boxed_str();
        self
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Refusal {
        self.notes.push(note.into());
        self
    }

    /// Reports the refusal as an error: the host fails its build.
    pub fn report(&self, context: Context) {
        let text = self.to_string();
        log_line(&text);
        context.emit(Severity::Error, &text);
    }
}

/// Reports a warning. A successful link with a stable toolchain shows none, so it goes to the log too.
pub fn warn(context: Context, text: &str) {
    log_line(&format!("warning: {text}"));
    context.emit(Severity::Warning, &format!("enzyme-rs: {text}"));
}

/// Reports a remark, to the log and to hosts that ask for remarks.
pub fn remark(context: Context, text: &str) {
    log_line(&format!("remark: {text}"));
    context.emit(Severity::Remark, &format!("enzyme-rs: {text}"));
}
