//! Building and running the example model through a flow.

use crate::steps::must;
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::PathBuf;
use std::process::Command;
use toolchains::{Flow, Plugin};

/// The input of the demo.
pub const DEMO_INPUT: &str = "gmm_d10_K25";

/// The inputs of the benchmark, small to large.
pub const BENCH_INPUTS: [&str; 3] = ["gmm_d2_K5", DEMO_INPUT, "gmm_d20_K10"];

/// The flows that the demo and the benchmark show: one on nightly, one on stable.
pub const FLOWS: [&str; 2] = ["nightly-fat", "stable-lld"];

/// What the model's program reports of one flow: the demo's JSON object.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    pub flow: String,
    pub objective: f64,
    pub grad_norm: f64,
    pub err_fd: f64,
    pub err_fwd: f64,
    pub grad_over_primal: f64,
}

/// Builds the model's program through a flow and returns its path.
pub fn build(workspace: &Workspace, flow: &Flow, plugin: &Plugin) -> Result<PathBuf> {
    let target_dir = workspace.products(&format!("flows/{}", flow.name()))?;
    let mut cargo = flow.cargo("build", plugin)?;
    cargo
        .args(["--bin", "gmm"])
        .current_dir(workspace.path("lto-tests/gmm"))
        .env("CARGO_TARGET_DIR", &target_dir);
    must(
        &format!(
            "building the model through {} ({})",
            flow.name(),
            flow.summary()
        ),
        &mut cargo,
    )?;
    Ok(flow.release_dir(&target_dir)?.join("gmm"))
}

/// The file of an input by its name.
pub fn input(workspace: &Workspace, name: &str) -> PathBuf {
    workspace
        .path("lto-tests/data/adbench/gmm")
        .join(format!("{name}.txt"))
}

/// Runs a program that prints one JSON object; returns the line, and what it says.
pub fn run<T: for<'a> Deserialize<'a>>(what: &str, command: &mut Command) -> Result<(String, T)> {
    let printed = must(what, command)?;
    let line = printed.trim().to_string();
    let report = serde_json::from_str(&line)
        .with_context(|| format!("{what}: the program printed {line:?}"))?;
    Ok((line, report))
}
