//! That a plugin for one LLVM, loaded by a compiler of another, says which LLVM it needs, and crashes nothing.

use crate::steps::capture;
use crate::tally::Tally;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;
use toolchains::{LlvmTools, Manifest, Plugin, RustSet, manifests};

/// Loads each plugin into all compilers of the other's LLVM.
pub fn check(workspace: &Workspace, plugins: &[(u32, &Plugin)], tally: &mut Tally) -> Result<()> {
    let folder = workspace.products("other-llvm")?;
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
    };
    write("a.c", "int main(void) { return 0; }\n")?;
    write("a.rs", "fn main() {}\n")?;
    for (major, plugin) in plugins {
        for manifest in manifests()? {
            let here = plugins.iter().any(|(m, _)| *m == manifest.llvm_major);
            if manifest.llvm_major == *major || !here {
                continue;
            }
            for (host, mut command) in hosts(&manifest, plugin, &folder)? {
                let name = format!("a plugin for LLVM {major} is refused by {host}");
                let result = refused(&name, &mut command, *major, manifest.llvm_major);
                tally.check(&name, result);
            }
        }
    }
    Ok(())
}

/// Each compiler of a set that is here, with a command by which it loads the plugin.
fn hosts(manifest: &Manifest, plugin: &Plugin, folder: &Path) -> Result<Vec<(String, Command)>> {
    let mut all = Vec::new();
    if let Some(rust) = manifest.rust.as_ref().filter(|rust| rust.version().is_ok()) {
        all.extend(rustc(rust, plugin));
    }
    if let Some(tools) = &manifest.llvm {
        all.extend(tools_of(tools, plugin, folder)?);
    }
    for (_, command) in &mut all {
        command.current_dir(folder).env("RUSTC_BOOTSTRAP", "1");
    }
    Ok(all)
}

fn rustc(rust: &RustSet, plugin: &Plugin) -> Vec<(String, Command)> {
    if rust.missing().is_some() {
        return Vec::new();
    }
    let plugin = plugin.path().display();
    let mut itself = rust.rustc();
    itself.args(["-O", "-Clto=fat", "a.rs", "-o", "a"]);
    itself.arg(format!("-Zllvm-plugins={plugin}"));
    let mut linker = rust.rustc();
    linker.args(["-O", "-Clto=fat", "-Clinker-plugin-lto", "a.rs", "-o", "a"]);
    linker.arg(format!("-Clink-arg=-Wl,--load-pass-plugin={plugin}"));
    let mut found = vec![(rust.name(), itself)];
    // Only where its own linker is the default: another one is of another LLVM.
    if *rust == RustSet::rustup("stable") {
        found.push((format!("the linker of {}", rust.name()), linker));
    }
    found
}

fn tools_of(tools: &LlvmTools, plugin: &Plugin, folder: &Path) -> Result<Vec<(String, Command)>> {
    let plugin = plugin.path().display();
    let bitcode = format!("{}.o", tools.clang);
    let mut compile = Command::new(&tools.clang);
    compile
        .args(["-O2", "-flto=full", "-c", "a.c", "-o", &bitcode])
        .current_dir(folder);
    if capture("compiling", &mut compile).is_ok_and(|done| done.status.success()) {
        let mut clang = Command::new(&tools.clang);
        clang.args(["-O2", "-c", "a.c", "-o", "a.o"]);
        clang.arg(format!("-fpass-plugin={plugin}"));
        let mut opt = Command::new(&tools.opt);
        opt.args(["-passes=enzyme", "-disable-output", &bitcode]);
        opt.arg(format!("-load-pass-plugin={plugin}"));
        let mut lld = Command::new(&tools.lld);
        lld.args(["-r", &bitcode, "-o", "b.o"]);
        lld.arg(format!("--load-pass-plugin={plugin}"));
        let named = [(&tools.clang, clang), (&tools.opt, opt), (&tools.lld, lld)];
        return Ok(named.map(|(name, command)| (name.clone(), command)).into());
    }
    Ok(Vec::new())
}

fn refused(name: &str, command: &mut Command, built_for: u32, host: u32) -> Result<()> {
    let done = capture(name, command)?;
    let text = format!("{}{}", done.stdout, done.stderr);
    if done.status.success() || done.status.code().is_none() {
        bail!("it ended with {}:\n{}", done.status, done.tail(15));
    }
    let says = [
        "error[ER0009]".to_string(),
        format!("built for LLVM {built_for}, but this compiler uses LLVM {host}."),
    ];
    if let Some(missing) = says.iter().find(|needle| !text.contains(needle.as_str())) {
        bail!("the message lacks {missing:?}:\n{}", done.tail(15));
    }
    match text.contains("Stack dump") {
        true => bail!("it crashed:\n{}", done.tail(15)),
        false => Ok(()),
    }
}
