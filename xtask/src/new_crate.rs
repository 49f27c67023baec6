//! `doctor --new NAME`: a crate that builds and differentiates at once, to begin with.

use crate::plugin;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::path::Path;
use toolchains::Flow;

/// The flow of the new crate: it needs no nightly compiler.
const FLOW: &str = "stable-lld";

const MAIN: &str = r#"use enzyme_marker::autodiff_reverse;

/// Sum of squares, weighted by the position.
#[autodiff_reverse(energy_grad, Duplicated, Active)]
fn energy(x: &[f64]) -> f64 {
    x.iter().enumerate().map(|(i, v)| (i + 1) as f64 * v * v).sum()
}

fn main() {
    let x = [1.0, 2.0, 3.0];
    let mut grad = [0.0; 3];
    let value = energy_grad(&x, &mut grad, 1.0);
    println!("energy {value}, gradient {grad:?}");
}
"#;

/// Writes the crate into a folder of this name, which must not exist yet.
pub fn write(workspace: &Workspace, folder: &Path) -> Result<bool> {
    let plugin = plugin::build(workspace)?;
    let name = folder
        .file_name()
        .and_then(|name| name.to_str())
        .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
        .filter(|name| {
            name.chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        })
        .context("a crate's name is made of letters, digits, `-` and `_`")?;
    if folder.exists() {
        bail!("{} exists already", folder.display());
    }
    let marker = workspace.path("marker-crate");
    let invocation = Flow::find(FLOW)?.invocation(&plugin, "release")?;
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         enzyme-marker = {{ path = {:?} }}\n\n\
         # The plugin sees the whole program at link time.\n[profile.release]\nlto = \"fat\"\ndebug = \"line-tables-only\"\n\n\
         [workspace]\n",
        marker.display().to_string()
    );
    write_file(&folder.join("Cargo.toml"), &manifest)?;
    write_file(&folder.join("src/main.rs"), MAIN)?;
    write_file(&folder.join(".cargo/config.toml"), &config(&invocation))?;
    write_file(
        &folder.join("rust-toolchain.toml"),
        "[toolchain]\nchannel = \"stable\"\n",
    )?;
    println!(
        "{} is ready:\n    cd {} && cargo run --release",
        folder.display(),
        folder.display()
    );
    Ok(true)
}

/// What the flow needs said to cargo.
fn config(invocation: &toolchains::Invocation) -> String {
    let mut text = String::from(
        "# The flags by which the linker loads the plugin. Its path has a hash of its content: `cargo xtask doctor` says where \
         a newer one is.\n[build]\nrustflags = [\n",
    );
    for flag in &invocation.rustflags {
        text.push_str(&format!("    {flag:?},\n"));
    }
    text.push_str("]\n\n[env]\n");
    let ours = |(key, _): &&(String, String)| key.starts_with("ENZYME_RS_");
    for (key, value) in invocation.env.iter().filter(ours) {
        text.push_str(&format!("{key} = {value:?}\n"));
    }
    text
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().context("a file in no folder")?;
    std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}
