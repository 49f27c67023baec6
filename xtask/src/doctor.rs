//! `doctor`: which compilers and flows are usable, and why not where not.

use crate::workspace::Workspace;
use crate::{plugin, setup};
use anyhow::{Result, anyhow};
use toolchains::LLVM_MAJOR;

/// The folder that C and C++ programs include `enzyme.h` and `enzyme/enzyme` from.
fn header(workspace: &Workspace) -> Result<String, String> {
    let folder = workspace.path("enzyme-sys/include");
    match folder.join("enzyme.h").is_file() && folder.join("enzyme/enzyme").is_file() {
        true => Ok(format!("in {}", folder.display())),
        false => Err(format!("not in {}", folder.display())),
    }
}

/// Prints the report; whether everything is usable.
pub fn run(workspace: &Workspace) -> Result<bool> {
    let mut all = true;
    let mut mark_line = |name: &str, state: Result<String, String>, optional: bool| {
        let (mark, text) = match &state {
            Ok(text) => ("ok", text),
            Err(text) if optional => ("--", text),
            Err(text) => ("NO", text),
        };
        all &= state.is_ok() || optional;
        println!(
            "{mark:<3} {name:<22} {}",
            text.replace('\n', "\n                           ")
        );
    };
    let mut line = |name: &str, state| mark_line(name, state, false);

    // A doctor only looks: what is missing is named here and installed by `setup`.
    let ready = setup::check();
    line(
        "setup",
        ready
            .as_ref()
            .map(|()| "all is there".to_string())
            .map_err(|e| format!("{e:#}")),
    );
    // The compilers are examined even where the plugin cannot be built: the report says both.
    let built = match ready {
        Ok(()) => plugin::build(workspace),
        Err(_) => Err(anyhow!("not built; run cargo xtask setup")),
    };
    let state = built
        .as_ref()
        .map(|p| p.path().display().to_string())
        .map_err(|e| format!("{e:#}"));
    line("plugin", state);
    line("enzyme.h", header(workspace));
    let plugins = |major| match &built {
        _ if major != LLVM_MAJOR => plugin::built_for(workspace, major),
        Ok(plugin) => Ok(plugin.clone()),
        Err(_) => Err(anyhow!("the plugin is not built")),
    };
    toolchains::doctor(plugins, &workspace.products("doctor")?, |finding| {
        mark_line(&finding.name, finding.state, finding.optional)
    })?;
    println!(
        "{}",
        if all {
            "everything is usable (what says -- is one more LLVM to be had)"
        } else {
            "what says NO is not usable; the rest is"
        }
    );
    Ok(all)
}
