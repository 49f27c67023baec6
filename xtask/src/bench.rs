//! `bench`: how much more a gradient costs than the primal, for us, for a person, and for a tape crate.

use crate::gmm::{self, BENCH_INPUTS, FLOWS};
use crate::workspace::Workspace;
use crate::{plugin, steps};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::process::Command;
use toolchains::Flow;

/// What the model's program prints with `--ratios`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ratios {
    flow: String,
    input: String,
    err_by_hand: f64,
    primal_ms: f64,
    grad_over_primal: f64,
    by_hand_over_primal: f64,
}

/// What the tape crate's program prints.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tape {
    input: String,
    err_by_hand: f64,
    primal_ms: f64,
    tape_over_primal: f64,
}

/// One measurement: gradient time over the primal's in the same program.
#[derive(Serialize)]
struct Row {
    input: String,
    method: String,
    grad_over_primal: f64,
    primal_ms: f64,
    /// Largest error of the gradient against the one written by hand; none for that one itself.
    err_by_hand: Option<f64>,
}

/// Measures, prints a table, and writes the rows to `json` where asked.
pub fn run(workspace: &Workspace, json: Option<&Path>) -> Result<()> {
    let plugin = plugin::build(workspace)?;
    let mut programs = Vec::new();
    for name in FLOWS {
        programs.push((name, gmm::build(workspace, &Flow::find(name)?, &plugin)?));
    }
    let mut cargo = workspace.cargo_in("lto-tests/gmm", "build")?;
    cargo.args([
        "--release",
        "--no-default-features",
        "--features",
        "rivals",
        "--bin",
        "rivals",
    ]);
    let tape = plugin::artifact("building the tape crate's program", &mut cargo, |path| {
        path.ends_with("rivals")
    })?;

    let mut rows = Vec::new();
    for name in BENCH_INPUTS {
        let input = gmm::input(workspace, name);
        for (flow, program) in &programs {
            let mut command = Command::new(program);
            command.arg(flow).arg(&input).arg("--ratios");
            let (_, r) = gmm::run::<Ratios>(&format!("{name}: {flow}"), &mut command)?;
            rows.push(Row {
                input: r.input.clone(),
                method: format!("enzyme-rs, {}", r.flow),
                grad_over_primal: r.grad_over_primal,
                primal_ms: r.primal_ms,
                err_by_hand: Some(r.err_by_hand),
            });
            rows.push(Row {
                input: r.input,
                method: format!("by hand, {}", r.flow),
                grad_over_primal: r.by_hand_over_primal,
                primal_ms: r.primal_ms,
                err_by_hand: None,
            });
        }
        let (_, t) = gmm::run::<Tape>(
            &format!("{name}: tape crate"),
            Command::new(&tape).arg(&input),
        )?;
        rows.push(Row {
            input: t.input,
            method: "tape crate (echidna)".to_string(),
            grad_over_primal: t.tape_over_primal,
            primal_ms: t.primal_ms,
            err_by_hand: Some(t.err_by_hand),
        });
    }
    print_table(&rows);
    if let Some(path) = json {
        let text = serde_json::to_string_pretty(&rows)?;
        std::fs::write(path, text + "\n").with_context(|| format!("writing {}", path.display()))?;
        steps::say(&format!("wrote {}", path.display()));
    }
    Ok(())
}

fn print_table(rows: &[Row]) {
    println!(
        "{:<14} {:<26} {:>16} {:>12} {:>12}",
        "input", "method", "gradient/primal", "primal ms", "error"
    );
    for r in rows {
        let error = r
            .err_by_hand
            .map_or_else(|| "-".to_string(), |e| format!("{e:.1e}"));
        println!(
            "{:<14} {:<26} {:>16.2} {:>12.4} {:>12}",
            r.input, r.method, r.grad_over_primal, r.primal_ms, error
        );
    }
}
