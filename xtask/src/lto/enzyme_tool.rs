//! `cargo enzyme` as a user has it: installed by path, run in a workspace that it was not made for.

use crate::steps::{capture, must};
use crate::tally::Tally;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;
use toolchains::{Plugin, RustSet};

/// Each flow of the tool, with the toolchain that it needs; the first is what it chooses itself.
const FLOWS: [(&str, &str); 6] = [
    ("stable", ""),
    ("nightly", "--flow=fat"),
    ("stable", "--flow=stable-thin"),
    ("stable", "--flow=stable"),
    ("nightly", "--flow=stable"),
    ("nightly", "--flow=thin"),
];

/// So many of them are run by `cargo xtask test` too, which leaves `cargo-enzyme-more` to `test-lto`.
const IN_TEST: usize = 3;

/// A toolchain whose LLVM is not the plugin's.
const OTHER_LLVM: &str = "1.85.0";

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
    let flows = match wanted("cargo-enzyme-more") {
        true => &FLOWS[..],
        false => &FLOWS[..IN_TEST],
    };
    for (toolchain, flow) in flows {
        let result = run(workspace, plugin, &prefix, toolchain, flow);
        let name = format!("cargo-enzyme: five crates, +{toolchain} {flow}");
        tally.check(name.trim_end(), result);
    }
    for toolchain in ["stable", "nightly"] {
        let result = two_kinds(workspace, plugin, &prefix, toolchain);
        let name = format!("cargo-enzyme: a library that is cdylib and rlib, +{toolchain}");
        tally.check(&name, result);
    }
    let result = dylib(workspace, plugin, &prefix);
    tally.check("cargo-enzyme: a dylib is explained", result);
    if RustSet::rustup(OTHER_LLVM).missing().is_none() {
        let result = other_llvm(workspace, plugin, &prefix);
        tally.check("cargo-enzyme: a rustc of another LLVM is explained", result);
    }
    Ok(())
}

/// `cargo enzyme` as that toolchain's, in a build folder of its own.
fn tool(
    workspace: &Workspace,
    plugin: &Plugin,
    prefix: &Path,
    toolchain: &str,
    target: &str,
) -> Result<Command> {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut cargo: Command = RustSet::rustup(toolchain).cargo();
    cargo
        .arg("enzyme")
        .env("PATH", format!("{}:{path}", prefix.join("bin").display()))
        .env("ENZYME_RS_PLUGIN", plugin.path())
        .env(
            "CARGO_TARGET_DIR",
            workspace.products(&format!("enzyme/{target}"))?,
        );
    Ok(cargo)
}

/// rustc does no fat LTO for such a library; the derivative must be right in both files that are made of it.
fn two_kinds(workspace: &Workspace, plugin: &Plugin, prefix: &Path, toolchain: &str) -> Result<()> {
    let target = format!("{toolchain}-kinds");
    let mut cargo = tool(workspace, plugin, prefix, toolchain, &target)?;
    cargo
        .args(["build", "--release"])
        .current_dir(workspace.path("lto-tests/kinds"));
    must(&format!("cargo +{toolchain} enzyme build"), &mut cargo)?;
    let built = workspace
        .products(&format!("enzyme/{target}"))?
        .join("release");
    let mut user = Command::new(built.join("user"));
    let said = must("running it", user.arg(built.join("liblibrary.so")))?;
    match said.contains("crate differentiated") && said.contains("file differentiated") {
        true => Ok(()),
        false => bail!("it printed {said:?}"),
    }
}

fn other_llvm(workspace: &Workspace, plugin: &Plugin, prefix: &Path) -> Result<()> {
    let mut cargo = tool(workspace, plugin, prefix, OTHER_LLVM, "other-llvm")?;
    cargo
        .args(["build", "--release"])
        .current_dir(workspace.path("lto-tests/kinds"));
    let done = capture("building with another LLVM", &mut cargo)?;
    let says = ["LLVM 19", "LLVM 22", "use a toolchain"];
    if done.status.success() || !says.iter().all(|text| done.stderr.contains(text)) {
        bail!("it was not explained:\n{}", done.tail(15));
    }
    Ok(())
}

/// rustc does no link-time optimisation for a dylib: that must be said before anything is built.
fn dylib(workspace: &Workspace, plugin: &Plugin, prefix: &Path) -> Result<()> {
    let folder = workspace.products("enzyme/dylib-crate")?;
    std::fs::create_dir_all(folder.join("src"))?;
    std::fs::write(
        folder.join("Cargo.toml"),
        "[package]\nname = \"plot\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[lib]\ncrate-type = [\"dylib\"]\n\n[workspace]\n",
    )?;
    std::fs::write(folder.join("src/lib.rs"), "pub fn one() -> f64 { 1.0 }\n")?;
    let mut cargo = tool(workspace, plugin, prefix, "stable", "stable-dylib")?;
    cargo.args(["build", "--release"]).current_dir(&folder);
    let done = capture("building a dylib", &mut cargo)?;
    if done.status.success() || !(done.stderr.contains("plot") && done.stderr.contains("cdylib")) {
        bail!("it was not explained:\n{}", done.tail(15));
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
    let mut cargo = tool(
        workspace,
        plugin,
        prefix,
        toolchain,
        &format!("{toolchain}{flow}"),
    )?;
    cargo
        .arg("run")
        .args((!flow.is_empty()).then_some(flow))
        .args(["--release", "--package", "app"])
        .current_dir(workspace.path("lto-tests/workspace"));
    let done = capture(&format!("cargo +{toolchain} enzyme run {flow}"), &mut cargo)?;
    if !done.status.success() || done.stdout.trim() != "Particle differentiated" {
        bail!("it failed ({}):\n{}", done.status, done.tail(25));
    }
    Ok(())
}
