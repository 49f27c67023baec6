//! Building the plugin, and finding the file that cargo made of it.

use crate::setup;
use crate::steps::{must, say};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use toolchains::{LLVM_MAJOR, Plugin};

/// The plugins of a run, one for each LLVM, each built when it is first asked for.
pub struct Plugins<'a> {
    workspace: &'a Workspace,
    known: BTreeMap<u32, Plugin>,
}

impl<'a> Plugins<'a> {
    /// The one for [`LLVM_MAJOR`] is there already.
    pub fn new(workspace: &'a Workspace, plugin: &Plugin) -> Self {
        Self {
            workspace,
            known: BTreeMap::from([(LLVM_MAJOR, plugin.clone())]),
        }
    }

    /// The plugin for that LLVM.
    pub fn of(&mut self, major: u32) -> Result<Plugin> {
        if let Some(plugin) = self.known.get(&major) {
            return Ok(plugin.clone());
        }
        let plugin = build_for(self.workspace, major)?;
        self.known.insert(major, plugin.clone());
        Ok(plugin)
    }

    /// Why there can be no plugin for that LLVM on this machine, if so.
    pub fn unavailable(&self, major: u32) -> Option<String> {
        let lacking = !self.known.contains_key(&major) && !setup::has_llvm_headers(major);
        lacking.then(|| {
            format!(
                "the headers of LLVM {major} are not installed (apt-get install llvm-{major}-dev)"
            )
        })
    }
}

/// The plugin for another LLVM than [`LLVM_MAJOR`], in a build folder of its own.
pub fn build_for(workspace: &Workspace, major: u32) -> Result<Plugin> {
    let what = format!("building the plugin for LLVM {major}");
    publish(workspace, &what, &mut cargo_for(workspace, "build", major)?)
}

/// cargo for the crate of that plugin.
pub fn cargo_for(workspace: &Workspace, subcommand: &str, major: u32) -> Result<Command> {
    let mut command = workspace.cargo(subcommand);
    command
        .args(["--release", "--package", "pass-plugin"])
        .args(["--features", &format!("llvm-{major}")])
        .env(
            "CARGO_TARGET_DIR",
            workspace.products(&format!("llvm-{major}"))?,
        );
    Ok(command)
}

/// The plugin that [`build_for`] made, if it did.
pub fn built_for(workspace: &Workspace, major: u32) -> Result<Plugin> {
    let folder = workspace.products(&format!("llvm-{major}"))?;
    let built = folder.join("release/libenzyme_rs.so");
    if !built.is_file() {
        bail!("the plugin for LLVM {major} is not built (cargo xtask test-llvm {major})");
    }
    Plugin::publish(&built, &workspace.products("plugins")?)
}

/// Sets the machine up, builds the plugin in release mode and publishes it under a path that names its content. A plugin
/// that `ENZYME_RS_PLUGIN` names is taken instead of building one.
pub fn build(workspace: &Workspace) -> Result<Plugin> {
    if let Some(given) = std::env::var_os("ENZYME_RS_PLUGIN").filter(|path| !path.is_empty()) {
        setup::run()?;
        let given = PathBuf::from(given);
        say(&format!("taking the plugin {}", given.display()));
        return Plugin::publish(&given, &workspace.products("plugins")?);
    }
    setup::run()?;
    let mut command = workspace.cargo("build");
    command.args(["--release", "--package", "pass-plugin"]);
    publish(workspace, "building the plugin", &mut command)
}

/// The plugin that obeys `ENZYME_RS_MUTATE`.
pub fn build_mutable(workspace: &Workspace) -> Result<Plugin> {
    setup::run()?;
    let mut command = cargo_mutable(workspace, "build")?;
    publish(
        workspace,
        "building the plugin with its rules open to mutation",
        &mut command,
    )
}

/// The same, not optimised and so built sooner: for what it says, not for what it does.
pub fn build_mutable_quickly(workspace: &Workspace) -> Result<Plugin> {
    setup::run()?;
    let mut command = cargo_mutable(workspace, "build")?;
    command
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_TARGET_DIR", workspace.products("mutable-quick")?);
    publish(
        workspace,
        "building the plugin with its rules open to mutation, unoptimised",
        &mut command,
    )
}

/// cargo for the crate of that plugin, in a build folder of its own: in a shared one, this plugin and the plain one would
/// replace each other, and each would be built anew every time.
pub fn cargo_mutable(workspace: &Workspace, subcommand: &str) -> Result<Command> {
    let mut command = workspace.cargo(subcommand);
    command
        .args(["--release", "--package", "pass-plugin"])
        .args(["--features", "mutate"])
        .env("CARGO_TARGET_DIR", workspace.products("mutable")?);
    Ok(command)
}

fn publish(workspace: &Workspace, what: &str, command: &mut Command) -> Result<Plugin> {
    let built = artifact(what, command, |path| {
        path.file_name()
            .is_some_and(|name| name == "libenzyme_rs.so")
    })?;
    Plugin::publish(&built, &workspace.products("plugins")?)
}

/// Builds with a cargo command and returns the file among its products that `wanted` accepts.
pub fn artifact(
    what: &str,
    command: &mut Command,
    wanted: impl Fn(&Path) -> bool,
) -> Result<PathBuf> {
    let messages = must(
        what,
        command.arg("--message-format=json-render-diagnostics"),
    )?;
    let files = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let mut found = files
        .flat_map(|message| {
            let names = message["filenames"].as_array().cloned().unwrap_or_default();
            let executable = message["executable"].clone();
            names.into_iter().chain([executable])
        })
        .filter_map(|name| name.as_str().map(PathBuf::from));
    found
        .find(|path| wanted(path))
        .with_context(|| format!("{what}: cargo made no such file"))
}
