//! What the switches of the C API do here.
#![forbid(unsafe_code)]

use std::sync::Mutex;

/// The switches that libEnzyme's users set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// Print the derivatives.
    Print,
    /// Print which values are active.
    PrintActivity,
    /// Print what is known of the memory behind arguments and variables.
    PrintType,
    /// Print what is cached for the reverse sweep.
    PrintPerf,
    /// A text: the only function of which types are printed.
    FunctionToAnalyze,
    /// libEnzyme's guesses and limits. This engine has no guesses to turn on and no such limits, so they change nothing.
    StrictAliasing,
    Inline,
    MaxTypeDepth,
    RustTypeRules,
    LooseTypes,
}

impl Switch {
    /// The dump that the switch turns on, by its name in `ENZYME_RS_PRINT`.
    fn dump(self) -> Option<&'static str> {
        match self {
            Switch::Print => Some("emitted"),
            Switch::PrintActivity => Some("activity"),
            Switch::PrintType => Some("types"),
            Switch::PrintPerf => Some("perf"),
            Switch::FunctionToAnalyze
            | Switch::StrictAliasing
            | Switch::Inline
            | Switch::MaxTypeDepth
            | Switch::RustTypeRules
            | Switch::LooseTypes => None,
        }
    }
}

/// What was set through the C API in this process: the dumps, and the function that dumps of types are limited to.
static SET: Mutex<(Vec<&'static str>, Option<String>)> = Mutex::new((Vec::new(), None));

/// Sets a switch.
pub fn set(switch: Switch, on: bool) {
    let Some(dump) = switch.dump() else { return };
    let mut set = SET.lock().unwrap_or_else(|e| e.into_inner());
    set.0.retain(|d| *d != dump);
    if on {
        set.0.push(dump);
    }
}

/// Limits dumps of types to one function; an empty name takes the limit away.
pub fn set_function_to_analyze(name: &str) {
    let mut set = SET.lock().unwrap_or_else(|e| e.into_inner());
    set.1 = (!name.is_empty()).then(|| name.to_owned());
}

/// Whether the C API asked for a dump, of the function with this symbol.
pub fn wants(dump: &str, function: &str) -> bool {
    let set = SET.lock().unwrap_or_else(|e| e.into_inner());
    let limited = dump == "types"
        && set
            .1
            .as_ref()
            .is_some_and(|only| !function.contains(only.as_str()));
    set.0.contains(&dump) && !limited
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_turns_its_dump_on_and_off() {
        // Other tests of this process set no switch of this name.
        set(Switch::PrintType, true);
        set_function_to_analyze("energy");
        assert!(wants("types", "_R5model6energy"));
        assert!(!wants("types", "force"));
        set(Switch::PrintType, false);
        set_function_to_analyze("");
        assert!(!wants("types", "_R5model6energy"));
    }
}
