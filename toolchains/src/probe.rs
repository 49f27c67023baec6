//! The doctor: runs the compilers and says which of them, and which flows, can be used, and why not where not.

use crate::manifest::{LlvmTools, Manifest, manifests};
use crate::{Flow, Plugin};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, Output};

/// One line of the doctor's report.
#[derive(Clone, Debug)]
pub struct Finding {
    /// A compiler or a flow.
    pub name: String,
    /// What is there, or what is wrong.
    pub state: Result<String, String>,
    /// Whether it belongs to a set without which nothing is lacking.
    pub optional: bool,
}

/// Examines every compiler set and, where there is a plugin for its LLVM, whether each host loads it; the error of `plugins`
/// says why there is none. A flow is tried on a real program without markers, built in `scratch`: that is what shows that
/// the flags are accepted and that the plugin loads. Each finding is handed over as soon as it is made, because the next
/// may take seconds.
pub fn doctor(
    plugins: impl Fn(u32) -> Result<Plugin>,
    scratch: &Path,
    mut report: impl FnMut(Finding),
) -> Result<()> {
    for manifest in manifests()? {
        let state = check_compilers(&manifest);
        let usable = state.is_ok();
        let optional = manifest.optional;
        report(Finding {
            name: manifest.name.clone(),
            state,
            optional,
        });
        let plugin = plugins(manifest.llvm_major);
        for flow in Flow::of(&manifest) {
            let state = match &plugin {
                _ if !usable => Err(format!("needs {}", manifest.name)),
                Err(why) => Err(format!("{why:#}")),
                Ok(plugin) => try_flow(&flow, plugin, scratch).map_err(|e| format!("{e:#}")),
            };
            report(Finding {
                name: flow.name().to_string(),
                state,
                optional,
            });
        }
        if let (Some(llvm), Ok(plugin), true) = (&manifest.llvm, &plugin, usable) {
            for (tool, result) in load_in_tools(llvm, plugin, scratch) {
                report(Finding {
                    name: tool,
                    state: result.map_err(|e| format!("{e:#}")),
                    optional,
                });
            }
        }
    }
    Ok(())
}

fn check_compilers(manifest: &Manifest) -> Result<String, String> {
    let mut found = Vec::new();
    if let Some(rust) = &manifest.rust {
        if let Some(why) = rust.missing() {
            return Err(why);
        }
        let version = rust.version().map_err(|e| format!("{e:#}"))?;
        check_major(&rust.name(), version.llvm_major, manifest.llvm_major)?;
        found.push(format!(
            "rustc {} (LLVM {})",
            version.release, version.llvm_major
        ));
    }
    if let Some(llvm) = &manifest.llvm {
        for tool in [&llvm.clang, &llvm.lld, &llvm.opt, &llvm.config] {
            let text =
                stdout_of(Command::new(tool).arg("--version")).map_err(|e| format!("{e:#}"))?;
            let version =
                first_version(&text).ok_or_else(|| format!("{tool} --version says no version"))?;
            let major = version
                .split('.')
                .next()
                .and_then(|m| m.parse().ok())
                .unwrap_or(0);
            check_major(tool, major, manifest.llvm_major)?;
            found.push(format!("{tool} {version}"));
        }
    }
    Ok(found.join(", "))
}

fn check_major(tool: &str, found: u32, wanted: u32) -> Result<(), String> {
    if found == wanted {
        Ok(())
    } else {
        Err(format!(
            "{tool} has LLVM {found}, the plugin is for LLVM {wanted}"
        ))
    }
}

/// Builds and runs a program without markers through the flow. The plugin is loaded for it, and must leave it alone.
fn try_flow(flow: &Flow, plugin: &Plugin, scratch: &Path) -> Result<String> {
    let root = scratch.join("probe");
    std::fs::create_dir_all(root.join("src"))?;
    let manifest =
        "[package]\nname = \"probe\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n";
    std::fs::write(root.join("Cargo.toml"), manifest)?;
    let main =
        "fn main() { println!(\"{}\", (1..=4).map(f64::from).map(f64::sqrt).sum::<f64>()); }\n";
    std::fs::write(root.join("src/main.rs"), main)?;
    let target_dir = scratch.join("probe-target").join(flow.name());
    let mut cargo = flow.cargo("build", plugin)?;
    cargo
        .arg("--manifest-path")
        .arg(root.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", &target_dir);
    stdout_of(&mut cargo)?;
    let printed = stdout_of(&mut Command::new(
        flow.release_dir(&target_dir)?.join("probe"),
    ))?;
    if !printed.starts_with("6.146264369") {
        bail!("the test program printed {printed:?}");
    }
    Ok(flow.summary().to_string())
}

/// Loads the plugin into clang, opt and lld, each on an input without markers.
fn load_in_tools(
    llvm: &LlvmTools,
    plugin: &Plugin,
    scratch: &Path,
) -> Vec<(String, Result<String>)> {
    let path = plugin.path().display().to_string();
    let source = scratch.join("probe.c");
    let bitcode = scratch.join("probe.bc");
    let output = scratch.join("probe.out");
    let written = std::fs::create_dir_all(scratch)
        .and_then(|()| std::fs::write(&source, "double twice(double x) { return 2 * x; }\n"));
    let run = |command: &mut Command| match &written {
        Ok(()) => stdout_of(command).map(|_| "loads the plugin".to_string()),
        Err(error) => bail!("{}: {error}", source.display()),
    };
    let clang = run(Command::new(&llvm.clang)
        .args([
            "-O2",
            "-flto=full",
            "-c",
            &format!("-fpass-plugin={path}"),
            "-o",
        ])
        .args([&bitcode, &source]));
    let opt = run(Command::new(&llvm.opt)
        .args([
            &format!("-load-pass-plugin={path}"),
            "-passes=lto<O2>",
            "-disable-output",
        ])
        .arg(&bitcode));
    let lld = run(Command::new(&llvm.lld)
        .args([&format!("--load-pass-plugin={path}"), "-shared", "-o"])
        .args([&output, &bitcode]));
    vec![
        (llvm.clang.clone(), clang),
        (llvm.opt.clone(), opt),
        (llvm.lld.clone(), lld),
    ]
}

/// Standard output of a command that must succeed; the error holds the last lines of what it said.
pub(crate) fn stdout_of(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .output()
        .with_context(|| format!("{name} cannot be run; is it installed?"))?;
    if !status.success() {
        let text = String::from_utf8_lossy(&stderr);
        let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
        bail!(
            "{name} failed ({status}): {}",
            lines[lines.len().saturating_sub(4)..].join(" | ")
        );
    }
    Ok(String::from_utf8_lossy(&stdout).into_owned())
}

/// The first word that looks like `N.N.N`.
fn first_version(text: &str) -> Option<&str> {
    text.split_ascii_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.split('.').count() >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found() {
        assert_eq!(
            first_version("Debian clang version 22.1.8 (1~deb12u1)"),
            Some("22.1.8")
        );
        assert_eq!(
            first_version("LLD 22.1.8 (compatible with GNU linkers)"),
            Some("22.1.8")
        );
        assert_eq!(first_version("no number"), None);
    }

    #[test]
    fn another_llvm_is_named() {
        let error = check_major("rustc +stable", 21, 22).unwrap_err();
        assert!(error.contains("21") && error.contains("22") && error.contains("rustc +stable"));
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = stdout_of(&mut Command::new("no-such-compiler-of-llvm"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("no-such-compiler-of-llvm"), "{error}");
    }
}
