//! The matrix of flows: what ran through each, or why it is not available here.

use anyhow::{Context, Result};
use serde::Serialize;
use std::path::Path;
use toolchains::{CFlow, Flow, Lto};

/// One flow's line.
#[derive(Debug, Serialize)]
pub struct Cell {
    toolchain: String,
    flow: String,
    lto: &'static str,
    summary: String,
    #[serde(flatten)]
    outcome: Outcome,
}

/// What became of a flow.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    Ran {
        passed: usize,
        failed: usize,
    },
    NotAvailable {
        why: String,
    },
    /// Another command runs it.
    Elsewhere {
        by: String,
    },
}

impl Cell {
    pub fn new(flow: &Flow, outcome: Outcome) -> Self {
        Self {
            toolchain: flow.set().to_string(),
            flow: flow.name().to_string(),
            lto: flow.lto().name(),
            summary: flow.summary().to_string(),
            outcome,
        }
    }

    /// The line of a C flow.
    pub fn of_c(flow: &CFlow, outcome: Outcome) -> Self {
        Self {
            toolchain: flow.set().to_string(),
            flow: flow.name().to_string(),
            lto: flow.lto().map_or("none", Lto::name),
            summary: flow.summary().to_string(),
            outcome,
        }
    }

    fn said(&self) -> String {
        match &self.outcome {
            Outcome::Ran {
                passed: 0,
                failed: 0,
            } => "nothing selected".to_string(),
            Outcome::Ran { passed, failed: 0 } => format!("{passed} passed"),
            Outcome::Ran { passed, failed } => format!("{passed} passed, {failed} FAILED"),
            Outcome::Elsewhere { by } => format!("left to {by}"),
            Outcome::NotAvailable { why } => {
                format!(
                    "not available here: {}",
                    why.lines().next().unwrap_or_default()
                )
            }
        }
    }
}

/// Prints the matrix.
pub fn print(cells: &[Cell]) {
    println!("\n{:<16} {:<22} {:<5} result", "toolchain", "flow", "LTO");
    for cell in cells {
        println!(
            "{:<16} {:<22} {:<5} {}",
            cell.toolchain,
            cell.flow,
            cell.lto,
            cell.said()
        );
    }
    println!();
}

/// Writes the matrix.
pub fn write(cells: &[Cell], path: &Path) -> Result<()> {
    let text = serde_json::to_string_pretty(cells)?;
    std::fs::write(path, text + "\n").with_context(|| format!("writing {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_says_what_became_of_it() {
        let flow = Flow::find("stable-lld").unwrap();
        let cell = |outcome| Cell::new(&flow, outcome);
        assert_eq!(
            cell(Outcome::Ran {
                passed: 3,
                failed: 0
            })
            .said(),
            "3 passed"
        );
        let failed = cell(Outcome::Ran {
            passed: 3,
            failed: 1,
        });
        assert!(failed.said().contains("FAILED"));
        let json = serde_json::to_value(failed).unwrap();
        assert_eq!(json["outcome"], "ran");
        assert_eq!(json["failed"], 1);
        let why = "no rustc\nat all".to_string();
        assert!(
            cell(Outcome::NotAvailable { why })
                .said()
                .ends_with("no rustc")
        );
    }
}
