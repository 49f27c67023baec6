//! `fuzz`: the plugin's random-program test, for as long as asked.

use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{plugin, steps};
use anyhow::Result;

/// Runs the test with `ENZYME_RS_FUZZ_MINUTES`; a failure prints the seed that repeats it.
pub fn run(workspace: &Workspace, minutes: u32, seed: Option<u64>) -> Result<bool> {
    let plugin = plugin::build(workspace)?;
    steps::say(&format!("random programs for {minutes} min"));
    let mut tally = Tally::default();
    let mut command = workspace.cargo("test");
    command
        .args([
            "--release",
            "--package",
            "pass-plugin",
            "--test",
            "random_programs",
            "--",
            "--nocapture",
        ])
        .env("ENZYME_RS_PLUGIN", plugin.path())
        .env("ENZYME_RS_FUZZ_MINUTES", minutes.to_string());
    if let Some(seed) = seed {
        command.env("ENZYME_RS_FUZZ_SEED", seed.to_string());
    }
    tally.cargo_test("random programs", &mut command)?;
    Ok(tally.close())
}
