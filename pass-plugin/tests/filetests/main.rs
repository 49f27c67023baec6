//! Differentiates small `.ll` files with the plugin and checks the numbers. `README.md` beside this file
//! describes the format of a test; `cargo test --test filetests -- loops` runs the tests whose name contains
//! `loops`.
//!
//! Environment: `ENZYME_RS_PLUGIN` (the plugin, else the newest one of the target directory),
//! `ENZYME_RS_CLANG`, `ENZYME_RS_OPT`, `ENZYME_RS_PRIMAL_ONLY=1` (no plugin: validates the tests themselves),
//! `ENZYME_RS_VALGRIND=1` (every executable runs under valgrind), `ENZYME_RS_KEEP=folder` (keeps the
//! generated files), `ENZYME_RS_FILETESTS=folder` (other tests than the repository's), `ENZYME_RS_EXPECTED=file` (tests that
//! are to fail: `support/expected.rs`).

mod check;
mod execute;
mod expr;
mod header;
mod layout;
mod matrix;
mod memory;
mod suite;
mod wrappers;

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
    // Each test runs compilers: more threads than this only make their time limits meaningless.
    arguments.test_threads.get_or_insert(2);
    let bench = match execute::Bench::prepare() {
        Ok(bench) => Arc::new(bench),
        Err(e) => {
            eprintln!("filetests: {e}");
            return ExitCode::FAILURE;
        }
    };
    let (cases, expected) = match suite::collect()
        .and_then(|cases| Ok((cases, expected::Expected::from_environment()?)))
    {
        Ok((cases, expected)) => (cases, Arc::new(expected)),
        Err(e) => {
            eprintln!("filetests: {e}");
            return ExitCode::FAILURE;
        }
    };
    let mut trials = Vec::new();
    for case in cases {
        let case = Arc::new(case);
        for config in case.configs(bench.primal_only) {
            let (bench, this) = (Arc::clone(&bench), Arc::clone(&case));
            let expected = Arc::clone(&expected);
            trials.push(Trial::test(
                format!("{}[{}]", case.name, config.name()),
                move || {
                    let result = bench.test(&this, config);
                    expected
                        .judge(&this.name, &config.name(), result)
                        .map_err(Into::into)
                },
            ));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}
