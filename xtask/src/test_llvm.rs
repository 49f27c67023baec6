//! `test-llvm`: the same sources built for another LLVM, and the tests with the compilers of that one.
//!
//! What its LLVM cannot do is listed in `pass-plugin/tests/llvm-<major>.txt`, with reasons; everything else must pass, and what
//! is listed must fail.

use crate::plugin::{self, Plugins};
use crate::steps::{self, capture};
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{lto, other_llvm, setup};
use anyhow::{Result, bail};
use std::collections::BTreeSet;
use std::path::PathBuf;
use toolchains::{CFlow, Flow, LLVM_MAJOR, LlvmTools, Manifest, Plugin, manifests};

/// The major version of an LLVM that a manifest names beside that of the plugin as it is.
pub fn major(text: &str) -> Result<u32, String> {
    let known = others().map_err(|why| format!("{why:#}"))?;
    match text.parse() {
        Ok(major) if known.contains(&major) => Ok(major),
        _ => Err(format!("there are manifests for LLVM {known:?}")),
    }
}

fn others() -> Result<BTreeSet<u32>> {
    let all = manifests()?.into_iter().map(|m| m.llvm_major);
    Ok(all.filter(|major| *major != LLVM_MAJOR).collect())
}

/// Runs all of it; what a missing compiler keeps from running is said.
pub fn run(workspace: &Workspace, major: u32, filter: Option<&str>) -> Result<bool> {
    if !setup::has_llvm_headers(major) {
        bail!(
            "LLVM {major} is not available here: apt-get install llvm-{major}-dev clang-{major} lld-{major}"
        );
    }
    let plugin = plugin::build_for(workspace, major)?;
    let mut tally = Tally::default();
    for manifest in manifests()?.iter().filter(|m| m.llvm_major == major) {
        if let Some(tools) = &manifest.llvm {
            match tools.missing() {
                Some(why) => steps::say(&format!("not available here: {why}")),
                None => with_tools(workspace, manifest, tools, &plugin, filter, &mut tally)?,
            }
        }
    }
    if filter.is_none() {
        let mut units = plugin::cargo_for(workspace, "test", major)?;
        units.arg("--lib");
        let what = format!("unit tests with LLVM {major}");
        steps::say(&what);
        tally.cargo_test(&what, &mut units)?;
    }
    let main = plugin::build(workspace)?;
    if filter.is_none() {
        let both = [(LLVM_MAJOR, &main), (major, &plugin)];
        other_llvm::check(workspace, &both, &mut tally)?;
    }
    let mut plugins = Plugins::new(workspace, &main);
    let mut cells = Vec::new();
    for flow in Flow::all()?.iter().filter(|f| f.llvm_major() == major) {
        let wanted = |name: &str| filter.is_none_or(|f| name.contains(f));
        let cell = lto::through_flow(workspace, &mut plugins, flow, &wanted, &mut tally)?;
        cells.push(cell);
    }
    for flow in CFlow::all()?.iter().filter(|f| f.llvm_major() == major) {
        let wanted = |name: &str| filter.is_none_or(|f| name.contains(f));
        let cell = lto::through_c_flow(workspace, &mut plugins, flow, &wanted, &mut tally)?;
        cells.push(cell);
    }
    lto::print_matrix(&cells);
    Ok(tally.close())
}

/// The filetests and the programs. Their harnesses run compilers and are built as ever.
fn with_tools(
    workspace: &Workspace,
    manifest: &Manifest,
    tools: &LlvmTools,
    plugin: &Plugin,
    filter: Option<&str>,
    tally: &mut Tally,
) -> Result<()> {
    let major = manifest.llvm_major;
    for test in ["filetests", "programs"] {
        let what = format!("{test} with {}", manifest.summary);
        steps::say(&what);
        let mut cargo = workspace.cargo("test");
        cargo
            .args(["--release", "--package", "pass-plugin", "--test", test])
            .arg("--")
            .args(filter)
            .env("ENZYME_RS_PLUGIN", plugin.path())
            .env("ENZYME_RS_CLANG", &tools.clang)
            .env("ENZYME_RS_OPT", &tools.opt)
            .env("ENZYME_RS_EXPECTED", expected(workspace, major));
        tally.cargo_test(&what, &mut cargo)?;
    }
    Ok(())
}

fn expected(workspace: &Workspace, major: u32) -> PathBuf {
    workspace.path(&format!("pass-plugin/tests/llvm-{major}.txt"))
}

/// That the sources compile for every other LLVM whose headers are here: what of it `cargo xtask test` runs.
pub fn compiles(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    for major in others()? {
        let name = format!("the plugin compiles for LLVM {major}");
        if !setup::has_llvm_headers(major) {
            steps::say(&format!(
                "{name}: not available here, its headers are not installed"
            ));
            continue;
        }
        let mut cargo = plugin::cargo_for(workspace, "check", major)?;
        let done = capture(&name, &mut cargo)?;
        let result = match done.status.success() {
            true => Ok(()),
            false => Err(anyhow::anyhow!("{}", done.tail(25))),
        };
        tally.check(&name, result);
    }
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_other_llvm_has_its_list() {
        let workspace = Workspace::find().unwrap();
        for major in others().unwrap() {
            assert!(expected(&workspace, major).is_file(), "{major}");
        }
        assert!(major("19").is_ok() && major("22").is_err());
    }
}
