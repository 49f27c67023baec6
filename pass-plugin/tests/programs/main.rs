//! Compiles C and C++ programs with the plugin as a user would, at every level of optimisation, and runs them. A program
//! checks its own numbers (`check.h`) and returns 0. `README.md` beside this file describes the header of a program;
//! `cargo test --test programs -- entry/` runs those whose name contains `entry/`.
//!
//! Environment: `ENZYME_RS_PLUGIN` (the plugin, else the newest one of the target directory), `ENZYME_RS_CLANG`,
//! `ENZYME_RS_VALGRIND=1` (every executable runs under valgrind, leaks are errors), `ENZYME_RS_KEEP=folder` (keeps the
//! executables), `ENZYME_RS_PROGRAMS=folder` (other programs than the repository's), `ENZYME_RS_EXPECTED=file` (programs that
//! are to fail: `support/expected.rs`).

mod program;

#[path = "../support/expected.rs"]
mod expected;
#[path = "../support/files.rs"]
mod files;
#[path = "../support/process.rs"]
mod process;
#[path = "../support/tools.rs"]
mod tools;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Each test runs a compiler: more threads than this only make their time limits meaningless.
    arguments.test_threads.get_or_insert(2);
    let (bench, programs) =
        match program::Bench::prepare().and_then(|b| Ok((b, program::collect()?))) {
            Ok((bench, programs)) => (Arc::new(bench), programs),
            Err(e) => {
                eprintln!("programs: {e}");
                return ExitCode::FAILURE;
            }
        };
    let expected = match expected::Expected::from_environment() {
        Ok(expected) => Arc::new(expected),
        Err(e) => {
            eprintln!("programs: {e}");
            return ExitCode::FAILURE;
        }
    };
    let mut trials = Vec::new();
    for program in programs {
        let program = Arc::new(program);
        for level in program.levels() {
            let (bench, this) = (Arc::clone(&bench), Arc::clone(&program));
            let expected = Arc::clone(&expected);
            trials.push(Trial::test(
                format!("{}[{}]", program.name, level.name()),
                move || {
                    let result = bench.test(&this, level);
                    expected
                        .judge(&this.name, level.name(), result)
                        .map_err(Into::into)
                },
            ));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}
