//! `test`: everything, in the order in which a mistake is cheapest to see.

use crate::workspace::Workspace;
use crate::{internal_error, lto, plugin, scaling, steps, test_llvm, tidy};
use anyhow::Result;

/// Runs tidy, the crates' own tests and the LTO tests. A part that fails does not keep the others from running.
pub fn run(workspace: &Workspace) -> Result<bool> {
    let mut tally = tidy::in_test(workspace)?;
    let plugin = plugin::build(workspace)?;

    steps::say("tests of the workspace");
    let mut command = workspace.cargo("test");
    command
        .args(["--workspace", "--no-fail-fast"])
        .env("ENZYME_RS_PLUGIN", plugin.path());
    tally.cargo_test("tests of the workspace", &mut command)?;

    steps::say("tests of the model without the plugin");
    let mut command = workspace.cargo_in("lto-tests/gmm", "test")?;
    command.args(["--release", "--no-default-features"]);
    tally.cargo_test("tests of the model without the plugin", &mut command)?;

    steps::say("work of the plugin by program size");
    tally.add(scaling::check(workspace, &plugin)?);

    tally.add(lto::in_test(workspace, &plugin)?);
    tally.add(internal_error::check(workspace)?);
    tally.add(test_llvm::compiles(workspace)?);
    Ok(tally.close())
}
