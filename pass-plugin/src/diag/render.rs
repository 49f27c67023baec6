//! Errors as text, in the style of rustc's.

use super::{Refusal, Span};
use std::fmt;

/// A Rust symbol in readable form; other names stay as they are.
pub fn demangle(symbol: &str) -> String {
    rustc_demangle::try_demangle(symbol)
        .map_or_else(|_| symbol.to_owned(), |name| format!("{name:#}"))
}

/// Text under a rustc-like label: lines after the first are indented below its start.
fn labelled(out: &mut fmt::Formatter<'_>, label: &str, text: &str) -> fmt::Result {
    let indent = " ".repeat(label.len() + 2);
    for (index, line) in text.lines().enumerate() {
        match index {
            0 => write!(out, "\n  = {label}{line}")?,
            _ => write!(out, "\n  {indent}{line}")?,
        }
    }
    Ok(())
}

impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, place) in self.places.iter().enumerate() {
            let arrow = if index == 0 {
                " --> "
            } else {
                "\n  = note: inlined at "
            };
            write!(out, "{arrow}{}:{}", place.file, place.line)?;
            if place.column != 0 {
                write!(out, ":{}", place.column)?;
            }
            if let Some(function) = &place.function {
                write!(out, ", in `{}`", demangle(function))?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "error[{}]: {}", self.code, self.what)?;
        match &self.span {
            Some(span) => write!(out, "\n {span}")?,
            None => out.write_str(
                "\n  --> unknown place: build with `debug = \"line-tables-only\"` to see the line",
            )?,
        }
        for note in &self.notes {
            labelled(out, "note: ", note)?;
        }
        labelled(out, "note: ", &self.why)?;
        labelled(out, "help: ", &self.help)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Code, Place};
    use super::*;

    #[test]
    fn a_refusal_reads_like_an_error_of_rustc() {
        let inner = Place {
            file: "src/lib.rs".to_owned(),
            line: 7,
            column: 9,
            function: Some("_ZN4demo5inner17h0123456789abcdefE".to_owned()),
        };
        let outer = Place {
            file: "src/main.rs".to_owned(),
            line: 3,
            column: 0,
            function: None,
        };
        let refusal = Refusal::new(Code::NoRule, "no derivative rule for `frobnicate`")
            .at(Some(Span {
                places: vec![inner, outer],
            }))
            .note("it is active because of `x`")
            .why("its body is not visible\nand no rule names it")
            .help("register a rule");
        let expected = "\
error[ER0005]: no derivative rule for `frobnicate`
  --> src/lib.rs:7:9, in `demo::inner`
  = note: inlined at src/main.rs:3
  = note: it is active because of `x`
  = note: its body is not visible
          and no rule names it
  = help: register a rule";
        assert_eq!(refusal.to_string(), expected);
    }

    #[test]
    fn rust_names_are_readable_and_others_untouched() {
        assert_eq!(demangle("_RNvCs1234_7mycrate3foo"), "mycrate::foo");
        assert_eq!(demangle("_Z3fooi"), "_Z3fooi");
        assert_eq!(demangle("cblas_ddot"), "cblas_ddot");
    }
}
