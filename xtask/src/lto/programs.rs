//! Programs that differentiate something and assert numbers: each file of `src/bin` of the packages in [`PACKAGES`], and the
//! shared library.
//!
//! A program prints `case NAME ... ok` or `case NAME ... FAILED: why` for each of its cases (`cases/checks`); the lines are
//! counted one by one. All programs of a flow share a build folder.
//!
//! A program may have lines `//@ linker says: TEXT`: it needs rules that go by the names of functions, and where the linker
//! loads the plugin rustc has inlined those. There it must be refused, with a message that holds these texts; likewise
//! `//@ LLVM 19 says: TEXT`. One with `#![feature(…)]` is built by nightly compilers only (and has a `required-features` of its
//! package, `nightly`).

use super::bad_input;
use crate::steps::{self, Finished};
use crate::tally::Tally;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use toolchains::{Flow, Plugin};

/// The packages of such programs: what is written here, what uses other people's crates, and what uses crates that take
/// minutes to build; and the oldest rustc that compiles them (1.MINOR).
const PACKAGES: [(&str, u32); 3] = [("numbers", 85), ("other-crates", 95), ("large-crates", 95)];

/// Builds and runs every program.
pub fn check(
    workspace: &Workspace,
    plugin: &Plugin,
    flow: &Flow,
    wanted: &dyn Fn(&str) -> bool,
    tally: &mut Tally,
) -> Result<()> {
    let minor = flow.rust().version()?.minor();
    for (package, oldest) in PACKAGES {
        if minor.is_some_and(|minor| minor < oldest) {
            steps::say(&format!(
                "{}: {package} is not available here, it needs rustc 1.{oldest}",
                flow.name()
            ));
            continue;
        }
        let folder = format!("lto-tests/cases/{package}/src/bin");
        let (mut built, mut nightly, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for name in bins(workspace, &folder)? {
            if !wanted(&name) {
                continue;
            }
            let path = workspace.path(&folder).join(format!("{name}.rs"));
            let source = std::fs::read_to_string(&path)
                .with_context(|| format!("reading {}", path.display()))?;
            let of_nightly = source.contains("#![feature(");
            if of_nightly && !flow.rust().version()?.release.contains("nightly") {
                steps::say(&format!("{}: {name} is for nightly", flow.name()));
                continue;
            }
            let said = said_in(flow, &source);
            match (!said.is_empty(), of_nightly) {
                (true, _) => refused.push((name, said)),
                (false, true) => nightly.push(name),
                (false, false) => built.push(name),
            }
        }
        for (name, said) in refused {
            let result = bad_input::refused(workspace, plugin, flow, [package, &name], &said);
            tally.check(&format!("{}/{name}: it is refused", flow.name()), result);
        }
        side_by_side(workspace, plugin, flow, package, &built, &[])?;
        for name in built.iter().chain(&nightly) {
            let mut what = vec!["--package", package, "--bin", name];
            if nightly.contains(name) {
                what.extend(["--features", "nightly"]);
            }
            let full = format!("{}/{name}", flow.name());
            let result = build(workspace, plugin, flow, &what)
                .and_then(|dir| run_cases(&full, &dir.join(name), tally));
            if let Err(why) = result {
                tally.check(&full, Err(why));
            }
        }
    }
    if wanted("shared-library") {
        let name = format!("{}/shared-library", flow.name());
        let result = shared_library(workspace, plugin, flow, &name, tally);
        if let Err(why) = result {
            tally.check(&name, Err(why));
        }
    }
    Ok(())
}

/// What a program's refusal must say in a flow; nothing where it is not refused.
fn said_in(flow: &Flow, source: &str) -> Vec<String> {
    let place = match flow.optimises_in_linker() {
        true => "linker".to_owned(),
        false => format!("LLVM {}", flow.llvm_major()),
    };
    let start = format!("//@ {place} says: ");
    let lines = source.lines();
    lines
        .filter_map(|line| line.strip_prefix(&start))
        .map(str::to_owned)
        .collect()
}

/// The names of the programs in a folder of `src/bin`.
pub fn bins(workspace: &Workspace, folder: &str) -> Result<Vec<String>> {
    let path = workspace.path(folder);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&path).with_context(|| format!("reading {}", path.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "rs") {
            names.extend(path.file_stem().map(|s| s.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

fn build(workspace: &Workspace, plugin: &Plugin, flow: &Flow, what: &[&str]) -> Result<PathBuf> {
    build_with(workspace, plugin, flow, what, &[])
}

/// Builds programs of a package as many at a time as there are processors: each link is the work of one. What fails is
/// built once more on its own, so that its message is its own.
pub fn side_by_side<Name: AsRef<str>>(
    workspace: &Workspace,
    plugin: &Plugin,
    flow: &Flow,
    package: &str,
    names: &[Name],
    env: &[(String, &str)],
) -> Result<()> {
    if names.len() < 2 {
        return Ok(());
    }
    let mut what = vec!["--keep-going", "--package", package];
    what.extend(names.iter().flat_map(|name| ["--bin", name.as_ref()]));
    cargo_build(workspace, plugin, flow, &what, env).map(drop)
}

/// Builds with further environment, and returns the folder of what was built.
pub fn build_with(
    workspace: &Workspace,
    plugin: &Plugin,
    flow: &Flow,
    what: &[&str],
    env: &[(String, &str)],
) -> Result<PathBuf> {
    let (done, target_dir) = cargo_build(workspace, plugin, flow, what, env)?;
    if !done.status.success() {
        bail!("the build failed:\n{}", done.tail(25));
    }
    flow.release_dir(&target_dir)
}

/// Runs the build, and says what it left and in which folder.
pub fn cargo_build(
    workspace: &Workspace,
    plugin: &Plugin,
    flow: &Flow,
    what: &[&str],
    env: &[(String, &str)],
) -> Result<(Finished, PathBuf)> {
    let target_dir = workspace.products(&format!("flows/{}", flow.name()))?;
    let mut cargo = flow.cargo("build", plugin)?;
    cargo
        .args(what)
        .envs(env.iter().map(|(key, value)| (key, value)))
        .current_dir(workspace.path("lto-tests/cases"))
        .env("CARGO_TARGET_DIR", &target_dir);
    let done = steps::capture(
        &format!("{}: building {}", flow.name(), what.join(" ")),
        &mut cargo,
    )?;
    Ok((done, target_dir))
}

/// The library holds the marker, and a driver without one loads it by its path.
fn shared_library(
    workspace: &Workspace,
    plugin: &Plugin,
    flow: &Flow,
    name: &str,
    tally: &mut Tally,
) -> Result<()> {
    build(workspace, plugin, flow, &["--package", "shared-library"])?;
    let dir = build(workspace, plugin, flow, &["--package", "shared-driver"])?;
    cases(
        name,
        Command::new(dir.join("shared-driver")).arg(dir.join("libshared_library.so")),
        tally,
    )
}

/// Runs the program at a path and counts its cases.
pub fn run_cases(name: &str, program: &Path, tally: &mut Tally) -> Result<()> {
    cases(name, &mut Command::new(program), tally)
}

/// Runs a program and counts its cases. One that ends badly without a failed case (it crashed) is a failure itself.
pub fn cases(name: &str, program: &mut Command, tally: &mut Tally) -> Result<()> {
    let done = steps::capture(name, program)?;
    let (mut count, mut failures) = (0, 0);
    for line in done.stdout.lines() {
        let Some((case, verdict)) = line
            .strip_prefix("case ")
            .and_then(|l| l.split_once(" ... "))
        else {
            continue;
        };
        count += 1;
        let result = match verdict {
            "ok" => Ok(()),
            why => {
                failures += 1;
                Err(anyhow::anyhow!("{why}"))
            }
        };
        tally.check(&format!("{name}: {case}"), result);
    }
    if count == 0 || (failures == 0 && !done.status.success()) {
        bail!(
            "the program ended with {} after {count} cases:\n{}",
            done.status,
            done.tail(15)
        );
    }
    Ok(())
}
