//! `doctor`: which compilers and flows are usable, and why not where not.

use crate::workspace::Workspace;
use crate::{plugin, setup};
use anyhow::{Result, anyhow};

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
    let mut line = |name: &str, state: Result<String, String>| {
        let (mark, text) = match &state {
            Ok(text) => ("ok", text),
            Err(text) => ("NO", text),
        };
        all &= state.is_ok();
        println!(
            "{mark:<3} {name:<22} {}",
            text.replace('\n', "\n                           ")
        );
    };

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
    toolchains::doctor(
        built.as_ref().ok(),
        &workspace.products("doctor")?,
        |finding| line(&finding.name, finding.state),
    )?;
    println!(
        "{}",
        if all {
            "everything is usable"
        } else {
            "what says NO is not usable; the rest is"
        }
    );
    Ok(all)
}
