//! Programs that cannot be differentiated: each must be refused at build time, with a message that a person can act on.
//!
//! Each file of `cases/bad-input/src/bin` says what its message must hold: `//@ says: TEXT` lines, and the line that ends in
//! `//~ HERE`, whose `file:line` must appear.

use super::programs::{bins, cargo_build};
use crate::steps::{self, Finished};
use crate::tally::Tally;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use toolchains::{Flow, Plugin, RustSet};

const FOLDER: &str = "lto-tests/cases/bad-input/src/bin";

/// What a compiler prints when it, rather than the program, is at fault.
const CRASHES: [&str; 8] = [
    "internal compiler error",
    "PLEASE submit a bug report",
    "SIGABRT",
    "SIGSEGV",
    "signal: ",
    "Stack dump",
    "panicked at",
    "LLVM ERROR",
];

/// Builds every bad program and examines the message.
pub fn check(
    workspace: &Workspace,
    plugin: &Plugin,
    flow: &Flow,
    wanted: &dyn Fn(&str) -> bool,
    tally: &mut Tally,
) -> Result<()> {
    for name in bins(workspace, FOLDER)? {
        if wanted(&name) {
            let result = expected_of(workspace, &name).and_then(|expected| {
                refused(workspace, plugin, flow, ["bad-input", &name], &expected)
            });
            tally.check(
                &format!("{}/bad-input: {name} is refused", flow.name()),
                result,
            );
        }
    }
    Ok(())
}

fn expected_of(workspace: &Workspace, name: &str) -> Result<Vec<String>> {
    let path = workspace.path(FOLDER).join(format!("{name}.rs"));
    let source =
        std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    expectations(&format!("{name}.rs"), &source)
}

/// Builds the program `[package, name]`, which must fail with a message that holds all that is expected.
pub fn refused(
    workspace: &Workspace,
    plugin: &Plugin,
    flow: &Flow,
    [package, name]: [&str; 2],
    expected: &[String],
) -> Result<()> {
    let what = ["--package", package, "--bin", name];
    let (done, _) = cargo_build(workspace, plugin, flow, &what, &[])?;
    judge(&done, expected)
}

fn judge(done: &Finished, expected: &[String]) -> Result<()> {
    let text = &done.stderr;
    if done.status.success() {
        bail!("it was built; the message should have held {expected:?}");
    }
    if let Some(crash) = CRASHES.iter().find(|crash| text.contains(**crash)) {
        bail!("the compiler crashed ({crash:?}):\n{}", done.tail(25));
    }
    // The linker names functions and lines too, but a request that reached it was not refused: it was not seen.
    if text.contains("undefined symbol: __enzyme_") {
        bail!(
            "the linker, not the plugin, stopped the build:\n{}",
            done.tail(25)
        );
    }
    let missing: Vec<&String> = expected
        .iter()
        .filter(|e| !text.contains(e.as_str()))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        bail!("the message lacks {missing:?}:\n{}", done.tail(25))
    }
}

/// What a bad program's message must hold: its `//@ says:` texts and the place of `//~ HERE`.
fn expectations(file: &str, source: &str) -> Result<Vec<String>> {
    let mut expected: Vec<String> = source
        .lines()
        .filter_map(|line| line.strip_prefix("//@ says: "))
        .map(str::to_string)
        .collect();
    if expected.is_empty() {
        bail!("{file} has no line `//@ says: TEXT`");
    }
    match source.lines().position(|line| line.ends_with("//~ HERE")) {
        Some(index) => expected.push(format!("{file}:{}", index + 1)),
        None => bail!("{file} has no line that ends in `//~ HERE`"),
    }
    Ok(expected)
}

/// A program with a marker that is built without the plugin must not link.
pub fn without_plugin(workspace: &Workspace) -> Result<()> {
    let mut cargo = RustSet::rustup("stable").cargo();
    cargo
        .args([
            "build",
            "--release",
            "--package",
            "numbers",
            "--bin",
            "scalars",
        ])
        .current_dir(workspace.path("lto-tests/cases"))
        .env("CARGO_TARGET_DIR", workspace.products("without-plugin")?);
    let done = steps::capture("building without the plugin", &mut cargo)?;
    let text = format!("{}{}", done.stdout, done.stderr);
    if done.status.success() {
        bail!("it linked");
    }
    if !(text.contains("undefined") && text.contains("__enzyme_")) {
        bail!(
            "the error does not say that a marker is undefined:\n{}",
            done.tail(25)
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn expectations_come_from_the_source() {
        let source = "//@ says: hidden\nfn f() {\n    g(); //~ HERE\n}\n";
        assert_eq!(expectations("x.rs", source).unwrap(), ["hidden", "x.rs:3"]);
        assert!(expectations("x.rs", "fn f() {}").is_err());
    }

    #[test]
    fn a_build_is_judged() {
        let outcome = |script: &str| {
            let done = steps::capture("sh", Command::new("sh").args(["-c", script])).unwrap();
            judge(&done, &["hidden".to_string(), "x.rs:3".to_string()])
        };
        assert!(outcome("echo 'error: x.rs:3: hidden has no body' >&2; exit 101").is_ok());
        assert!(outcome("echo 'error: x.rs:3: hidden has no body' >&2; exit 0").is_err());
        assert!(
            outcome("echo 'undefined symbol: __enzyme_autodiff x.rs:3 hidden' >&2; exit 1")
                .is_err()
        );
        assert!(outcome("echo 'error: x.rs:4: hidden has no body' >&2; exit 101").is_err());
        assert!(outcome("echo 'error: x.rs:3: hidden, Stack dump' >&2; exit 101").is_err());
    }
}
