//! That loops reach the plugin as they were written: what an earlier pass vectorised or unrolled differentiates badly.
//!
//! The compilers are asked to keep their temporary files; one of them is the whole program just before link-time
//! optimisation begins, which is where the plugin differentiates.

use crate::steps::{capture, say};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use toolchains::{Flow, Lto, Plugin};

/// The function of `cases/plain-loop` that is looked at.
const FUNCTION: &str = "plain_loop";

/// Builds the program through a flow and examines its function.
pub fn arrive_as_written(workspace: &Workspace, plugin: &Plugin, flow: &Flow) -> Result<()> {
    let target_dir = workspace.products(&format!("loops/{}", flow.name()))?;
    // Files of an earlier build must not be taken for this one's.
    std::fs::remove_dir_all(&target_dir)
        .with_context(|| format!("emptying {}", target_dir.display()))?;
    let keep = if flow.optimises_in_linker() {
        "-Clink-arg=-Wl,--save-temps"
    } else {
        "-Csave-temps"
    };
    let mut cargo = flow.cargo_with("build", plugin, &[keep])?;
    cargo
        .args(["--package", "plain-loop"])
        .current_dir(workspace.path("lto-tests/cases"))
        .env("CARGO_TARGET_DIR", &target_dir);
    let done = capture(&format!("{}: building plain-loop", flow.name()), &mut cargo)?;
    if !done.status.success() {
        bail!("the build failed:\n{}", done.tail(25));
    }
    let suffix = match (flow.optimises_in_linker(), flow.lto()) {
        (true, Lto::Fat) => ".0.preopt.bc",
        (true, Lto::Thin) => ".3.import.bc",
        (false, Lto::Fat) => ".lto.after-restriction.bc",
        (false, Lto::Thin) => ".thin-lto-after-import.bc",
    };
    let modules = modules(&flow.release_dir(&target_dir)?.join("deps"), suffix)?;
    let what = format!("{}: reading the IR of plain-loop", flow.name());
    say(&what);
    for module in &modules {
        let mut dis = Command::new("llvm-dis-22");
        let done = capture(&what, dis.arg(module).args(["-o", "-"]))?;
        if let Some(body) = function(&done.stdout, FUNCTION) {
            return examine(body);
        }
    }
    bail!(
        "none of {} modules has the function {FUNCTION}",
        modules.len()
    )
}

/// The bitcode files of the program among the temporary files: of fat LTO one, of thin LTO one for each unit.
fn modules(folder: &Path, suffix: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?
    {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(suffix) {
            found.push(path);
        }
    }
    match found.is_empty() {
        true => bail!("no file ends in {suffix} in {}", folder.display()),
        false => Ok(found),
    }
}

/// The text of a function's definition.
fn function<'a>(module: &'a str, name: &str) -> Option<&'a str> {
    let begin = module
        .match_indices("\ndefine ")
        .map(|(at, _)| at + 1)
        .find(|at| {
            let line = module[*at..].lines().next().unwrap_or_default();
            line.contains(&format!("@{name}("))
        })?;
    let body = &module[begin..];
    Some(&body[..body.find("\n}")?])
}

/// The source has one multiplication and one division, both of scalars, each in a loop.
fn examine(body: &str) -> Result<()> {
    for operation in ["fmul ", "fdiv "] {
        let lines: Vec<&str> = body
            .lines()
            .filter(|line| line.contains(operation))
            .collect();
        match lines[..] {
            [line] if line.contains(&format!("{operation}double ")) => {}
            [line] => bail!("`{}` is no longer scalar", line.trim()),
            _ => bail!(
                "{} instructions `{operation}`: the loop was unrolled or vectorised",
                lines.len()
            ),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = "; x\ndefine void @other(i1 %a) {\n  ret void\n}\n\ndefine void @plain_loop(ptr %x) {\n  \
                          %a = fmul double %b, %c\n  %d = fdiv double %a, %c\n  ret void\n}\n";

    #[test]
    fn a_scalar_loop_passes() {
        examine(function(MODULE, "plain_loop").unwrap()).unwrap();
        assert!(function(MODULE, "missing").is_none());
    }

    #[test]
    fn vectors_and_unrolled_copies_are_seen() {
        let vector = MODULE.replace("fmul double", "fmul <2 x double>");
        assert!(examine(function(&vector, "plain_loop").unwrap()).is_err());
        let unrolled = MODULE.replace("  %a = fmul", "  %z = fmul double %b, %c\n  %a = fmul");
        assert!(examine(function(&unrolled, "plain_loop").unwrap()).is_err());
        assert!(examine("define void @plain_loop() {\n").is_err());
    }
}
