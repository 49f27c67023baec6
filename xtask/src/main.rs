//! `cargo xtask`: everything that a person or CI does with this repository.

mod bench;
mod coverage;
mod demo;
mod doctor;
mod fuzz;
mod gmm;
mod internal_error;
mod lto;
mod mutate;
mod new_crate;
mod other_llvm;
mod plugin;
mod rust_support;
mod scaling;
mod setup;
mod steps;
mod tally;
mod test_llvm;
mod tests;
mod tidy;
mod valgrind;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use workspace::Workspace;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Builds, tests and shows enzyme-rs",
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing (through apt as root on Debian), or say what to install.
    Setup,
    /// Differentiate a real model on nightly and on stable, and print how right and how fast the gradient is.
    Demo {
        /// One JSON object per flow instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Run every test.
    Test,
    /// Run the tests that go through whole compilers: programs, bad input, a fresh crate.
    TestLto {
        /// Only the programs whose name contains this.
        filter: Option<String>,
        /// Only this flow.
        #[arg(long)]
        flow: Option<String>,
        /// Only the flows of this toolchain: `rustup-stable`, `rustup-nightly`, `debian-rustc`.
        #[arg(long)]
        toolchain: Option<String>,
        /// Write the matrix of flows to this file as JSON too.
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    },
    /// Build the plugin for another LLVM, and run the filetests, the programs and the LTO tests with its compilers.
    TestLlvm {
        /// Its major version.
        #[arg(value_parser = test_llvm::major)]
        major: u32,
        /// Only the tests whose name contains this.
        filter: Option<String>,
    },
    /// Print gradient over primal times: ours, by hand, and a tape crate.
    Bench {
        /// Write the rows to this file as JSON too.
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    },
    /// Print how compile time grows with the program: the plugin's share and the host's.
    Scaling {
        /// Write the rows to this file as JSON too.
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    },
    /// Say which compilers and flows are usable, and why not where not.
    Doctor {
        /// Instead, make a crate in this folder that builds and differentiates at once.
        #[arg(long, value_name = "FOLDER")]
        new: Option<PathBuf>,
    },
    /// Flip the sign of each derivative rule in turn and require that a test fails.
    Mutate {
        /// Only the rules whose name contains this.
        filter: Option<String>,
    },
    /// Differentiate random programs for a while, then odd but valid IR for a third of that.
    Fuzz {
        /// How long.
        #[arg(long, value_name = "N", default_value_t = 5)]
        minutes: u32,
        /// The first seed; from the clock when not given.
        #[arg(long, value_name = "S")]
        seed: Option<u64>,
    },
    /// Run the filetests and programs under valgrind.
    Valgrind {
        /// Only the tests whose name contains this.
        filter: Option<String>,
    },
    /// Write docs/coverage.md and docs/rust-support.md from what the tests say they cover.
    Coverage,
    /// Check formatting, lints and the house rules about files.
    Tidy,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the task found everything as it should be.
fn run(task: Task) -> Result<bool> {
    let workspace = Workspace::find()?;
    match task {
        Task::Setup => setup::run().map(|()| true),
        Task::Demo { json } => demo::run(&workspace, json),
        Task::Test => tests::run(&workspace),
        Task::TestLto {
            filter,
            flow,
            toolchain,
            json,
        } => {
            let selection = lto::Selection::new(filter, flow, toolchain)?;
            lto::run(&workspace, &selection, json.as_deref())
        }
        Task::TestLlvm { major, filter } => test_llvm::run(&workspace, major, filter.as_deref()),
        Task::Bench { json } => bench::run(&workspace, json.as_deref()).map(|()| true),
        Task::Scaling { json } => scaling::run(&workspace, json.as_deref()).map(|()| true),
        Task::Doctor { new: None } => doctor::run(&workspace),
        Task::Doctor { new: Some(folder) } => new_crate::write(&workspace, &folder),
        Task::Mutate { filter } => mutate::run(&workspace, filter.as_deref()),
        Task::Fuzz { minutes, seed } => fuzz::run(&workspace, minutes, seed),
        Task::Valgrind { filter } => valgrind::run(&workspace, filter.as_deref()),
        Task::Coverage => coverage::run(&workspace),
        Task::Tidy => tidy::run(&workspace),
    }
}

#[cfg(test)]
mod cli {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_documented_commands_parse() {
        for line in [
            "setup",
            "demo --json",
            "test",
            "test-lto",
            "test-lto scalars --flow stable-lld",
            "test-lto --toolchain rustup-nightly --json matrix.json",
            "test-llvm 19",
            "test-llvm 19 loops/",
            "bench --json out.json",
            "doctor",
            "doctor --new my-crate",
            "mutate",
            "mutate sin",
            "fuzz --minutes 3",
            "fuzz --minutes 3 --seed 17",
            "valgrind",
            "valgrind loops/",
            "coverage",
            "tidy",
        ] {
            let words = std::iter::once("cargo xtask").chain(line.split(' '));
            assert!(Cli::try_parse_from(words).is_ok(), "{line}");
        }
        assert!(Cli::try_parse_from(["cargo xtask", "fuzz", "--minutes", "x"]).is_err());
        assert!(Cli::try_parse_from(["cargo xtask", "test-llvm", "18"]).is_err());
    }
}
