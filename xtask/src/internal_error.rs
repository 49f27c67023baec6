//! That a panic inside the plugin is a diagnostic of the compiler it runs in, and never the end of that compiler.
//!
//! The panic is provoked in a plugin of the release profile with the feature `mutate`, by a value of `ENZYME_RS_MUTATE`
//! that numbers no rule. With `panic = "abort"` in the profile the check fails.

use crate::gmm::FLOWS;
use crate::plugin;
use crate::steps::{self, Finished};
use crate::tally::Tally;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use toolchains::{Flow, Plugin};

/// What the build must print: the code of internal errors, and what the panic said.
const EXPECTED: [&str; 2] = ["error[ER0010]", "ENZYME_RS_MUTATE=none is not a row number"];

/// What it prints when the panic reached C++.
const CRASHES: [&str; 5] = [
    "internal compiler error",
    "SIGABRT",
    "signal: ",
    "Stack dump",
    "cannot unwind",
];

/// Provokes the panic in rustc and in the linker.
pub fn check(workspace: &Workspace) -> Result<Tally> {
    let plugin = plugin::build_mutable_quickly(workspace)?;
    let mut tally = Tally::default();
    for name in FLOWS {
        let flow = Flow::find(name)?;
        tally.check(
            &format!("{name}: a panic in the plugin becomes a diagnostic"),
            panics(workspace, &plugin, &flow),
        );
    }
    Ok(tally)
}

fn panics(workspace: &Workspace, plugin: &Plugin, flow: &Flow) -> Result<()> {
    let target_dir = workspace.products(&format!("internal-error/{}", flow.name()))?;
    let mut cargo = flow.cargo("build", plugin)?;
    cargo
        .args(["--package", "numbers", "--bin", "scalars"])
        .current_dir(workspace.path("lto-tests/cases"))
        .env("CARGO_TARGET_DIR", &target_dir)
        .env("ENZYME_RS_MUTATE", "none");
    let what = format!("{}: building with a plugin that panics", flow.name());
    judge(&steps::capture(&what, &mut cargo)?)
}

fn judge(done: &Finished) -> Result<()> {
    let text = &done.stderr;
    if done.status.success() {
        bail!("the build succeeded");
    }
    if let Some(crash) = CRASHES.iter().find(|crash| text.contains(**crash)) {
        bail!("the compiler crashed ({crash:?}):\n{}", done.tail(40));
    }
    match EXPECTED.iter().find(|text| !done.stderr.contains(**text)) {
        None => Ok(()),
        Some(missing) => bail!("the message lacks {missing:?}:\n{}", done.tail(40)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn only_a_diagnostic_passes() {
        let outcome = |text: &str, status: u8| {
            let script = format!("printf '%s' \"$0\" >&2; exit {status}");
            judge(&steps::capture("sh", Command::new("sh").args(["-c", &script, text])).unwrap())
        };
        let good = EXPECTED.join(": ");
        assert!(outcome(&good, 101).is_ok());
        assert!(outcome(&good, 0).is_err());
        assert!(outcome(EXPECTED[1], 101).is_err());
        assert!(outcome(&format!("{good} (signal: 6, SIGABRT)"), 101).is_err());
    }
}
