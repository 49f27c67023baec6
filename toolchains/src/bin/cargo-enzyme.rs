//! `cargo enzyme build|run|test|bench …`: cargo, with the flags by which the plugin differentiates the program.

use std::process::{ExitCode, exit};

use anyhow::Result;
use clap::{Parser, Subcommand};
use toolchains::enzyme::{self, Wish};

/// cargo's own name comes first when it runs a subcommand.
#[derive(Parser)]
#[command(name = "cargo", bin_name = "cargo")]
enum Cli {
    Enzyme(Enzyme),
}

/// Build, run, test or bench a program that differentiates functions.
#[derive(clap::Args)]
#[command(version, max_term_width = 100)]
struct Enzyme {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// As `cargo build`.
    Build(Arguments),
    /// As `cargo run`.
    Run(Arguments),
    /// As `cargo test`.
    Test(Arguments),
    /// As `cargo bench`.
    Bench(Arguments),
    /// Say which compilers and flows are usable, and why not where not.
    Doctor,
}

#[derive(clap::Args)]
struct Arguments {
    /// How the program is built: `stable` (the linker loads the plugin), `fat` or `thin` (rustc loads it, a nightly only), or
    /// `stable-thin`. When not given, what this toolchain can do.
    #[arg(long)]
    flow: Option<Wish>,
    /// Print the command instead of running it.
    #[arg(long)]
    dry_run: bool,
    /// What cargo is given.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    cargo: Vec<String>,
}

fn main() -> ExitCode {
    let Cli::Enzyme(Enzyme { task }) = Cli::parse();
    match run(task) {
        Ok(code) => code,
        Err(why) => {
            eprintln!("error: {why:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode> {
    let (subcommand, arguments) = match task {
        Task::Build(arguments) => ("build", arguments),
        Task::Run(arguments) => ("run", arguments),
        Task::Test(arguments) => ("test", arguments),
        Task::Bench(arguments) => ("bench", arguments),
        Task::Doctor => return enzyme::doctor().map(|()| ExitCode::SUCCESS),
    };
    let mut build = enzyme::Build::new(subcommand, arguments.flow, &arguments.cargo)?;
    if arguments.dry_run {
        println!("{}", build.shown());
        return Ok(ExitCode::SUCCESS);
    }
    let status = build.command()?.status()?;
    match status.code() {
        Some(0) => Ok(ExitCode::SUCCESS),
        Some(code) => exit(code),
        None => Ok(ExitCode::FAILURE),
    }
}
