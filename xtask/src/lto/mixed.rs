//! Programs of Rust, C and C++ together, linked by one link-time optimisation: `lto-tests/mixed`.

use super::programs;
use crate::steps::capture;
use crate::tally::Tally;
use crate::workspace::Workspace;
use anyhow::{Result, anyhow};
use std::process::Command;
use toolchains::{Flow, Plugin};

/// Builds and runs the program. Its build script compiles the C and C++ sources for the LTO that `MIXED_LTO` names: objects
/// of another kind would be linked as machine code.
pub fn check(workspace: &Workspace, plugin: &Plugin, flow: &Flow, tally: &mut Tally) -> Result<()> {
    let name = format!("{}/mixed", flow.name());
    let target_dir = workspace.products(&format!("flows/{}", flow.name()))?;
    let lto = match flow.lto() {
        toolchains::Lto::Fat => "full",
        toolchains::Lto::Thin => "thin",
    };
    let mut cargo = flow.cargo("build", plugin)?;
    cargo
        .current_dir(workspace.path("lto-tests/mixed"))
        .env("CARGO_TARGET_DIR", &target_dir)
        .env("MIXED_LTO", lto);
    let done = capture(&format!("{name}: building"), &mut cargo)?;
    let result = match done.status.success() {
        false => Err(anyhow!("the build failed:\n{}", done.tail(25))),
        true => programs::cases(
            &name,
            &mut Command::new(flow.release_dir(&target_dir)?.join("mixed")),
            tally,
        ),
    };
    if let Err(why) = result {
        tally.check(&name, Err(why));
    }
    Ok(())
}
