//! C and C++ programs through clang, lld and opt: each folder of `lto-tests/c` is a program, of one file or several.
//!
//! A program returns 0 when its numbers are right. One of several files must be refused, with a message, where there is no
//! link-time optimisation: what it differentiates has no body in the file that asks.

use crate::steps::capture;
use crate::tally::Tally;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use toolchains::{CFlow, Plugin};

const FOLDER: &str = "lto-tests/c";
/// Those between are the programs' of `pass-plugin/tests`.
const LEVELS: [&str; 2] = ["-O0", "-O2"];

/// Builds and runs every program at each level.
pub fn check(
    workspace: &Workspace,
    plugin: &Plugin,
    flow: &CFlow,
    wanted: &dyn Fn(&str) -> bool,
    tally: &mut Tally,
) -> Result<()> {
    for program in entries(&workspace.path(FOLDER))? {
        let name = stem(&program);
        if !wanted(&name) {
            continue;
        }
        let files = entries(&program)?;
        for level in LEVELS {
            let title = format!("{}/{name} {level}", flow.name());
            let folder = workspace.products(&format!("c/{}/{name}{level}", flow.name()))?;
            let built = build(plugin, flow, level, &files, &folder);
            let result = match (files.len(), flow.lto()) {
                (1, _) | (_, Some(_)) => {
                    built.and_then(|exe| ran("running", &mut Command::new(exe)))
                }
                (_, None) => refused(built),
            };
            tally.check(&title, result);
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        let entries = std::fs::read_dir(folder)?;
        entries.map(|entry| Ok(entry?.path())).collect()
    };
    let mut all = read().with_context(|| format!("reading {}", folder.display()))?;
    all.sort();
    Ok(all)
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Compiles each file, links them, and returns the executable.
fn build(
    plugin: &Plugin,
    flow: &CFlow,
    level: &str,
    files: &[PathBuf],
    folder: &Path,
) -> Result<PathBuf> {
    let cxx = files
        .iter()
        .any(|f| f.extension().is_some_and(|e| e == "cpp"));
    let mut objects = Vec::new();
    for file in files {
        let object = folder.join(stem(file)).with_extension("o");
        let mut compile = flow.compiler(cxx);
        compile.arg(level).args(flow.compile_flags(plugin));
        if flow.by_opt() {
            let ir = object.with_extension("ll");
            compile.args(["-S", "-emit-llvm", "-o"]).arg(&ir).arg(file);
            ran("compiling", &mut compile)?;
            let differentiated = object.with_extension("opt.ll");
            let mut opt = flow.opt(plugin);
            opt.args(["-S", "-o"]).arg(&differentiated).arg(&ir);
            ran("opt", &mut opt)?;
            let mut finish = flow.compiler(cxx);
            finish.arg(level).arg("-c").arg("-o").arg(&object);
            ran("compiling", finish.arg(&differentiated))?;
        } else {
            compile.arg("-c").arg("-o").arg(&object).arg(file);
            ran("compiling", &mut compile)?;
        }
        objects.push(object);
    }
    let program = folder.join("program");
    let mut link = flow.compiler(cxx);
    link.arg(level).args(flow.link_flags(plugin));
    link.args(&objects).arg("-o").arg(&program).arg("-lm");
    ran("linking", &mut link)?;
    Ok(program)
}

fn ran(what: &str, command: &mut Command) -> Result<()> {
    let done = capture(what, command)?;
    match done.status.success() {
        true => Ok(()),
        false => bail!("{what} failed ({}):\n{}", done.status, done.tail(25)),
    }
}

/// The build ended with an error of ours that says that a body is missing.
fn refused(built: Result<PathBuf>) -> Result<()> {
    match built {
        Ok(_) => bail!("it was built, without what it differentiates"),
        Err(why) => {
            let text = format!("{why:#}");
            match text.contains("error[ER") && text.contains("energy") {
                true => Ok(()),
                false => Err(why.context("the message does not say what is missing")),
            }
        }
    }
}
