//! The plugin as libEnzyme: the backend of rustc's own `std::autodiff`, and the other engine of another copy of itself.

use super::programs;
use crate::steps::{capture, must};
use crate::tally::Tally;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::process::Command;
use toolchains::{Flow, Plugin};

/// Builds and runs the programs of `lto-tests/std-autodiff`, and lets rustc ask for each of the dumps.
pub fn check(
    workspace: &Workspace,
    plugin: &Plugin,
    flow: &Flow,
    wanted: &dyn Fn(&str) -> bool,
    tally: &mut Tally,
) -> Result<()> {
    let folder = "lto-tests/std-autodiff";
    for name in programs::bins(workspace, &format!("{folder}/src/bin"))? {
        if !wanted(&name) {
            continue;
        }
        let title = format!("{}/{name}", flow.name());
        let target_dir = workspace.products(&format!("flows/{}", flow.name()))?;
        let mut cargo = flow.cargo("build", plugin)?;
        cargo
            .args(["--bin", &name])
            .current_dir(workspace.path(folder))
            .env("CARGO_TARGET_DIR", &target_dir);
        let done = capture(&format!("{title}: building"), &mut cargo)?;
        let result = match done.status.success() {
            false => Err(anyhow::anyhow!("the build failed:\n{}", done.tail(25))),
            true => programs::cases(
                &title,
                &mut Command::new(flow.release_dir(&target_dir)?.join(&name)),
                tally,
            ),
        };
        if let Err(why) = result {
            tally.check(&title, Err(why));
        }
    }
    // What rustc's switch prints, told from what the others print.
    let dumps = [
        ("PrintTA", "types of "),
        ("PrintAA", "activity of "),
        ("PrintPerf", "cached by "),
        ("PrintSteps", "; emitted"),
    ];
    for (switch, text) in dumps {
        if wanted("dumps") {
            let result = dump(workspace, plugin, flow, switch, text);
            tally.check(&format!("{}/dumps: {switch}", flow.name()), result);
        }
    }
    Ok(())
}

/// Builds one program with a switch of `-Zautodiff`, and looks for the dump in what the compiler prints.
fn dump(
    workspace: &Workspace,
    plugin: &Plugin,
    flow: &Flow,
    switch: &str,
    text: &str,
) -> Result<()> {
    let target_dir = workspace.products(&format!("dumps/{switch}"))?;
    // cargo would show no output of a build that it need not do again.
    std::fs::remove_dir_all(&target_dir)
        .with_context(|| format!("emptying {}", target_dir.display()))?;
    let switch = format!("-Zautodiff=Enable,{switch}");
    let mut cargo = flow.cargo_with("build", plugin, &[&switch])?;
    cargo
        .args(["--bin", "scalars"])
        .current_dir(workspace.path("lto-tests/std-autodiff"))
        .env("CARGO_TARGET_DIR", &target_dir);
    let done = capture(&format!("{}: {switch}", flow.name()), &mut cargo)?;
    if !done.status.success() {
        bail!("the build failed:\n{}", done.tail(25));
    }
    let printed = done.stdout + &done.stderr;
    if !printed.contains(text) {
        bail!("nothing printed holds {text:?}");
    }
    Ok(())
}

/// `ENZYME_RS_BACKEND`: the plugin hands the markers to a copy of itself, which stands for a libEnzyme. The copy must be the
/// one that differentiates, and a library that is none must end the build with a message.
pub fn as_backend(workspace: &Workspace, plugin: &Plugin) -> Result<()> {
    let folder = workspace.products("backend")?;
    let copy = folder.join("libEnzyme-22.so");
    std::fs::copy(plugin.path(), &copy).with_context(|| format!("writing {}", copy.display()))?;
    let source = workspace.path("lto-tests/c/alone/alone.c");
    let program = folder.join("alone");
    let log = folder.join("log");
    let build = |backend: &std::path::Path| {
        let mut clang = Command::new("clang-22");
        clang
            .args(["-O2", "-lm"])
            .arg(format!("-fpass-plugin={}", plugin.path().display()))
            .arg("-o")
            .args([&program, &source])
            .env("ENZYME_RS_BACKEND", backend)
            .env("ENZYME_RS_PRINT", "emitted")
            .env("ENZYME_RS_LOG", &log);
        clang
    };
    must("building through ENZYME_RS_BACKEND", &mut build(&copy))?;
    must("running it", &mut Command::new(&program))?;
    let wrong = capture("building with a backend that is none", &mut build(&source))?;
    if wrong.status.success() || !wrong.stderr.contains("ENZYME_RS_BACKEND") {
        bail!(
            "a backend that is no library gave no message:\n{}",
            wrong.tail(10)
        );
    }
    Ok(())
}
