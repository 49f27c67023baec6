//! `cargo enzyme` as a user has it: installed by path, run in a workspace that it was not made for.

use crate::steps::{capture, must};
use crate::tally::Tally;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;
use toolchains::{Plugin, RustSet};

/// Each flow of the tool, with the toolchain that it needs.
const FLOWS: [(&str, &str); 6] = [
    ("stable", "--flow=stable"),
    ("stable", "--flow=stable-thin"),
    ("nightly", "--flow=stable"),
    ("nightly", "--flow=fat"),
    ("nightly", "--flow=thin"),
    // What it chooses itself.
    ("stable", ""),
];

/// Installs the tool and runs the workspace of `lto-tests/workspace` through each flow.
pub fn check(
    workspace: &Workspace,
    plugin: &Plugin,
    wanted: &dyn Fn(&str) -> bool,
    tally: &mut Tally,
) -> Result<()> {
    if !wanted("cargo-enzyme") {
        return Ok(());
    }
    let prefix = workspace.products("installed")?;
    let mut install = workspace.cargo("install");
    install
        .args(["--quiet", "--debug", "--force", "--path"])
        .arg(workspace.path("toolchains"))
        .arg("--root")
        .arg(&prefix);
    must("installing cargo-enzyme", &mut install)?;
    for (toolchain, flow) in FLOWS {
        let result = run(workspace, plugin, &prefix, toolchain, flow);
        let name = format!("cargo-enzyme: five crates, +{toolchain} {flow}");
        tally.check(name.trim_end(), result);
    }
    Ok(())
}

fn run(
    workspace: &Workspace,
    plugin: &Plugin,
    prefix: &Path,
    toolchain: &str,
    flow: &str,
) -> Result<()> {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut cargo: Command = RustSet::rustup(toolchain).cargo();
    cargo
        .args(["enzyme", "run"])
        .args((!flow.is_empty()).then_some(flow))
        .args(["--release", "--package", "app"])
        .current_dir(workspace.path("lto-tests/workspace"))
        .env("PATH", format!("{}:{path}", prefix.join("bin").display()))
        .env("ENZYME_RS_PLUGIN", plugin.path())
        .env(
            "CARGO_TARGET_DIR",
            workspace.products(&format!("enzyme/{toolchain}{flow}"))?,
        );
    let done = capture(&format!("cargo +{toolchain} enzyme run {flow}"), &mut cargo)?;
    if !done.status.success() || done.stdout.trim() != "Particle differentiated" {
        bail!("it failed ({}):\n{}", done.status, done.tail(25));
    }
    Ok(())
}
