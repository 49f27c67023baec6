//! Errors as text, in the style of rustc's.

use super::{Place, Refusal, Span};
use std::fmt;

/// A Rust symbol in readable form; other names stay as they are.
pub fn demangle(symbol: &str) -> String {
    rustc_demangle::try_demangle(symbol)
        .map_or_else(|_| symbol.to_owned(), |name| format!("{name:#}"))
}

/// A function's name as its author knows it: our clones are named after what they are clones of, and the marker
/// crate's thunks have the differentiated closure's path among their generic arguments.
fn function_name(symbol: &str) -> String {
    let symbol = symbol
        .split_once(".prepared")
        .map_or(symbol, |(original, _)| original);
    let name = demangle(symbol);
    let closure = name
        .strip_prefix(OURS)
        .and_then(|rest| rest.split_once('<'))
        .and_then(|(_, arguments)| arguments.split_once("::{closure"));
    match closure {
        Some((path, _)) if !path.contains(',') => path.to_owned(),
        _ => name,
    }
}

/// The marker crate's own code, which the user never sees.
const OURS: &str = "enzyme_marker::__private::";

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
        let ours = |place: &&Place| {
            place
                .function
                .as_ref()
                .is_some_and(|f| demangle(f).starts_with(OURS))
        };
        let shown = match self.places.iter().all(|p| ours(&p)) {
            true => self.places.iter().collect::<Vec<_>>(),
            false => self.places.iter().filter(|p| !ours(p)).collect(),
        };
        for (index, place) in shown.into_iter().enumerate() {
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
                write!(out, ", in `{}`", function_name(function))?;
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
            None => {
                out.write_str("\n  --> unknown place")?;
                if let Some(function) = &self.function {
                    write!(out, " in `{}`", function_name(function))?;
                }
                out.write_str(": build with `debug = \"line-tables-only\"` to see the line")?;
            }
        }
        for note in &self.notes {
            labelled(out, "note: ", note)?;
        }
        labelled(out, "note: ", &self.why)?;
        let help = match self.help.is_empty() {
            true => self.code.help(),
            false => &self.help,
        };
        labelled(out, "help: ", help)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Code;
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
    fn without_debug_information_the_function_is_named() {
        let mut refusal = Refusal::new(Code::InlineAsm, "inline assembly");
        refusal.function = Some("_RNvCs1234_7mycrate3foo.prepared.3".into());
        let text = refusal.to_string();
        assert!(
            text.contains("--> unknown place in `mycrate::foo`: build with"),
            "{text}"
        );
    }

    #[test]
    fn the_marker_crate_is_not_shown() {
        let place = |function: &str, line| Place {
            file: "src/lib.rs".to_owned(),
            line,
            column: 0,
            function: Some(function.to_owned()),
        };
        let thunk =
            "enzyme_marker::__private::thunk::value1::thunk::<demo::f_grad::{closure#0}, f64, f64>";
        let span = Span {
            places: vec![place("demo::f", 3), place(thunk, 55)],
        };
        assert_eq!(span.to_string(), " --> src/lib.rs:3, in `demo::f`");
        let only = Span {
            places: vec![place(thunk, 55)],
        };
        assert_eq!(only.to_string(), " --> src/lib.rs:55, in `demo::f_grad`");
    }

    #[test]
    fn rust_names_are_readable_and_others_untouched() {
        assert_eq!(demangle("_RNvCs1234_7mycrate3foo"), "mycrate::foo");
        assert_eq!(demangle("_Z3fooi"), "_Z3fooi");
        assert_eq!(demangle("cblas_ddot"), "cblas_ddot");
    }
}
