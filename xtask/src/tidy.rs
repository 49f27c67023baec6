//! `tidy`: formatting, lints, and the house rules about files.

use crate::coverage;
use crate::rust_support;
use crate::setup;
use crate::steps::{capture, say};
use crate::tally::Tally;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::process::Command;

/// No file of code is longer.
const MAX_LINES: usize = 800;

/// Folders whose `.rs` files are inputs of a test rather than parts of a crate.
const FIXTURES: [&str; 2] = ["/tests/ui/", "/fixtures/"];

/// Workspaces beside the main one, each with the cargo arguments under which all of it compiles. `lto-tests/std-autodiff` is for
/// nightlies only, whose lints are others.
const SIDE_WORKSPACES: [(&str, &[&str]); 4] = [
    ("lto-tests/gmm", &["--all-features"]),
    ("lto-tests/cases", &["--workspace"]),
    ("lto-tests/mixed", &[]),
    ("lto-tests/workspace", &["--workspace"]),
];

/// A package whose dependencies take as long to check as all others together, and its workspace.
const LARGE: (&str, &str) = ("lto-tests/cases", "large-crates");

/// Runs the checks alone.
pub fn run(workspace: &Workspace) -> Result<bool> {
    Ok(check(workspace, true)?.close())
}

/// Runs the checks as a part of `cargo xtask test`.
pub fn in_test(workspace: &Workspace) -> Result<Tally> {
    check(workspace, false)
}

fn check(workspace: &Workspace, large: bool) -> Result<Tally> {
    setup::run()?;
    let mut tally = Tally::default();
    say("tidy");
    tally.check("house rules about files", files(workspace));
    tally.check("docs/coverage.md", coverage::check(workspace));
    tally.check("docs/rust-support.md", rust_support::check(workspace));
    tally.check(
        "cargo fmt",
        succeeds(
            "cargo fmt",
            workspace.cargo("fmt").args(["--all", "--check"]),
        ),
    );
    let mut clippy = workspace.cargo("clippy");
    clippy.args([
        "--workspace",
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]);
    tally.check("cargo clippy", succeeds("cargo clippy", &mut clippy));
    for (folder, arguments) in SIDE_WORKSPACES {
        let mut fmt = workspace.cargo_in(folder, "fmt")?;
        tally.check(
            &format!("cargo fmt, {folder}"),
            succeeds("cargo fmt", fmt.arg("--check")),
        );
        let mut clippy = workspace.cargo_in(folder, "clippy")?;
        clippy.args(arguments);
        if !large && folder == LARGE.0 {
            let package = LARGE.1;
            say(&format!(
                "clippy of {package} is left to `cargo xtask tidy`"
            ));
            clippy.args(["--exclude", package]);
        }
        clippy.args(["--all-targets", "--quiet", "--", "-D", "warnings"]);
        tally.check(
            &format!("cargo clippy, {folder}"),
            succeeds("cargo clippy", &mut clippy),
        );
    }
    Ok(tally)
}

fn succeeds(what: &str, command: &mut Command) -> Result<()> {
    let done = capture(what, command)?;
    if done.status.success() {
        Ok(())
    } else {
        bail!("{}", done.tail(40))
    }
}

/// Examines every file that git tracks or would track; all complaints at once.
fn files(workspace: &Workspace) -> Result<()> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(workspace.path(""));
    let listing = capture("git ls-files", &mut git)?;
    if !listing.status.success() {
        bail!("git ls-files failed: {}", listing.tail(5));
    }
    let mut complaints = Vec::new();
    for name in listing.stdout.lines() {
        let path = workspace.path(name);
        // A file that git still tracks may have been removed in this change.
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        let Ok(text) = std::str::from_utf8(&bytes) else {
            continue;
        };
        complaints.extend(complaints_about(name, text));
    }
    if complaints.is_empty() {
        Ok(())
    } else {
        bail!("{}", complaints.join("\n"))
    }
}

fn complaints_about(name: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let code = [".rs", ".cpp", ".h", ".c"]
        .iter()
        .any(|end| name.ends_with(end));
    let lines = text.lines().count();
    if code && lines > MAX_LINES {
        complaints.push(format!(
            "{name}: {lines} lines; split it by subject (at most {MAX_LINES})"
        ));
    }
    let fixture = FIXTURES.iter().any(|folder| name.contains(folder));
    if name.ends_with(".rs") && !fixture && !has_module_docs(text) {
        complaints.push(format!("{name}: does not begin with `//!` docs"));
    }
    if name.ends_with(".rs") {
        for (number, line) in text.lines().enumerate() {
            if let Some(word) = unfinished()
                .iter()
                .find(|word| line.contains(word.as_str()))
            {
                complaints.push(format!(
                    "{name}:{}: `{word}`: finish it, or make it a clear error",
                    number + 1
                ));
            }
        }
    }
    // Lock files name the registry because cargo writes it.
    if !name.ends_with("Cargo.lock") {
        for (number, line) in text.lines().enumerate() {
            if let Some(word) = forbidden().iter().find(|word| line.contains(word.as_str())) {
                complaints.push(format!("{name}:{}: names `{word}`", number + 1));
            }
        }
    }
    complaints
}

/// Docs of the module are the first thing in the file, as a comment or as an included text.
fn has_module_docs(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty());
    first.is_some_and(|line| line.starts_with("//!") || line.starts_with("#![doc"))
}

/// What stands for work that is not done, or for a test that is silently left out. Spelt in pieces like the words below.
fn unfinished() -> [String; 3] {
    [["to", "do!("], ["unimpl", "emented!("], ["#[ig", "nore"]].map(|pieces| pieces.concat())
}

/// Paths of a developer's machine and hosts of registries: neither means anything to another person. Spelt in pieces, so
/// that this file does not name them.
fn forbidden() -> [String; 7] {
    [
        ["/wo", "rk/"],
        ["/ro", "ot/"],
        ["/ho", "me/"],
        ["crates", ".io"],
        ["pypi", ".org"],
        ["npmjs", ".org"],
        ["deb.debian", ".org"],
    ]
    .map(|pieces| pieces.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_a_complaint() {
        assert!(complaints_about("a/src/b.rs", "//! Docs.\nfn f() {}\n").is_empty());
        assert_eq!(complaints_about("a/src/b.rs", "fn f() {}\n").len(), 1);
        assert!(complaints_about("a/tests/ui/b.rs", "fn f() {}\n").is_empty());
        let long = format!("//! Docs.\n{}", "\n".repeat(MAX_LINES));
        assert_eq!(complaints_about("b.rs", &long).len(), 1);
        for word in unfinished() {
            let text = format!("//! Docs.\n{word}\n");
            assert_eq!(complaints_about("a/src/b.rs", &text).len(), 1, "{word}");
        }
        for word in forbidden() {
            let text = format!("see {word}x");
            assert_eq!(complaints_about("README.md", &text).len(), 1, "{word}");
            assert!(complaints_about("Cargo.lock", &text).is_empty());
        }
    }
}
