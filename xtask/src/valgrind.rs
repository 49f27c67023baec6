//! `valgrind`: the executables of the filetests and of the C and C++ programs under valgrind. An invalid access, a jump on
//! an undefined value, or a leak (of a tape or a shadow, say) fails its test.

use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{plugin, steps};
use anyhow::Result;

/// Runs both test programs with `ENZYME_RS_VALGRIND`; `filter` is a part of the tests' names.
pub fn run(workspace: &Workspace, filter: Option<&str>) -> Result<bool> {
    let plugin = plugin::build(workspace)?;
    let mut tally = Tally::default();
    for test in ["programs", "filetests"] {
        steps::say(&format!("{test} under valgrind"));
        let mut command = workspace.cargo("test");
        command
            .args([
                "--release",
                "--package",
                "pass-plugin",
                "--test",
                test,
                "--",
            ])
            .args(filter)
            .env("ENZYME_RS_PLUGIN", plugin.path())
            .env("ENZYME_RS_VALGRIND", "1");
        tally.cargo_test(&format!("{test} under valgrind"), &mut command)?;
    }
    Ok(tally.close())
}
