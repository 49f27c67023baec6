//! `fuzz`: the plugin's random-program test for as long as asked, then its test of odd but valid IR for a third of that.

use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{plugin, steps};
use anyhow::Result;

/// Runs the tests with `ENZYME_RS_FUZZ_MINUTES`; a failure prints the seed that repeats it.
pub fn run(workspace: &Workspace, minutes: u32, seed: Option<u64>) -> Result<bool> {
    let plugin = plugin::build(workspace)?;
    let mut tally = Tally::default();
    for (test, what, minutes) in [
        ("random_programs", "random programs", minutes),
        ("valid_ir", "odd but valid IR", minutes.div_ceil(3)),
    ] {
        steps::say(&format!("{what} for {minutes} min"));
        let mut command = workspace.cargo("test");
        command
            .args(["--release", "--package", "pass-plugin", "--test", test])
            .args(["--", "--nocapture"])
            .env("ENZYME_RS_PLUGIN", plugin.path())
            .env("ENZYME_RS_FUZZ_MINUTES", minutes.to_string());
        if let Some(seed) = seed {
            command.env("ENZYME_RS_FUZZ_SEED", seed.to_string());
        }
        tally.cargo_test(what, &mut command)?;
    }
    Ok(tally.close())
}
