//! Random programs, differentiated in both modes by the plugin and compared with dual numbers.
//!
//! `cargo test --test random_programs` checks a fixed set of seeds in batches. With
//! `ENZYME_RS_FUZZ_MINUTES=10` it draws new seeds for ten minutes, from `ENZYME_RS_FUZZ_SEED=17` on (else from
//! the clock). `ENZYME_RS_FUZZ_ONE=seed` checks a single one at every level. A failure prints its seed and
//! writes the shrunk program to a C file and to a filetest. `ENZYME_RS_FUZZ_REFUSALS=1` takes refusals for failures, too. `ENZYME_RS_PLUGIN`, `ENZYME_RS_CLANG` and `ENZYME_RS_PRIMAL_ONLY`
//! are as for the filetests.

mod batch;
mod driver;
mod filetest;
mod generate;
mod interpret;
mod print;
mod program;
mod shrink;
mod tally;

#[path = "../support/process.rs"]
mod process;
#[path = "../support/tools.rs"]
mod tools;

use std::env;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use libtest_mimic::{Arguments, Trial};

use batch::{Bench, Class, Failure};
use program::Program;
use tally::Tally;

/// Programs in an executable, and batches in a plain `cargo test`.
const BATCH: u64 = 10;
const BATCHES: u64 = 6;
/// A whole run with every batch failing must still end soon; who asked for one seed, or for a long run, waits.
const SHRINK_TIME: Duration = Duration::from_secs(15);
const LONG_SHRINK_TIME: Duration = Duration::from_secs(240);
const LEVELS: [u8; 4] = [1, 2, 0, 3];

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(2);
    let bench = match Bench::new() {
        Ok(bench) => Arc::new(bench),
        Err(e) => {
            eprintln!("random_programs: {e}");
            return ExitCode::FAILURE;
        }
    };
    let trials = match plan() {
        Ok(plan) => plan,
        Err(e) => {
            eprintln!("random_programs: {e}");
            return ExitCode::FAILURE;
        }
    };
    let trials = trials
        .into_iter()
        .map(|(name, work)| {
            let bench = Arc::clone(&bench);
            Trial::test(name, move || work.run(&bench).map_err(Into::into))
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

enum Work {
    Batch { first: u64, level: u8 },
    One { seed: u64, level: u8 },
    Fuzz { first: u64, time: Duration },
}

/// What the environment asks for.
fn plan() -> Result<Vec<(String, Work)>, String> {
    let number = |name: &str| -> Result<Option<u64>, String> {
        match env::var(name) {
            Ok(text) => text.parse().map(Some).map_err(|e| format!("{name}: {e}")),
            Err(_) => Ok(None),
        }
    };
    if let Some(seed) = number("ENZYME_RS_FUZZ_ONE")? {
        let one = |level| (format!("seed_{seed}[O{level}]"), Work::One { seed, level });
        return Ok(LEVELS.map(one).into());
    }
    if let Some(minutes) = number("ENZYME_RS_FUZZ_MINUTES")? {
        let first = match number("ENZYME_RS_FUZZ_SEED")? {
            Some(seed) => seed,
            None => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_err(|e| format!("the clock: {e}"))?
                .as_secs(),
        };
        let time = Duration::from_secs(60 * minutes);
        return Ok(vec![(
            format!("fuzz_from_{first}"),
            Work::Fuzz { first, time },
        )]);
    }
    let fixed = |index: u64| {
        let (first, level) = (1 + index * BATCH, LEVELS[(index % 4) as usize]);
        let name = format!("seeds_{first}_to_{}[O{level}]", first + BATCH - 1);
        (name, Work::Batch { first, level })
    };
    Ok((0..BATCHES).map(fixed).collect())
}

impl Work {
    fn run(&self, bench: &Bench) -> Result<(), String> {
        let mut tally = Tally::default();
        match *self {
            Work::Batch { first, level } => {
                check(bench, first, BATCH, level, SHRINK_TIME, &mut tally)
            }
            Work::One { seed, level } => check(bench, seed, 1, level, LONG_SHRINK_TIME, &mut tally),
            Work::Fuzz { first, time } => {
                let end = Instant::now() + time;
                let mut next = first;
                let mut failures = Vec::new();
                // One failure must not hide those behind it.
                while Instant::now() < end {
                    let level = LEVELS[(next / BATCH % 4) as usize];
                    if let Err(text) =
                        check(bench, next, BATCH, level, LONG_SHRINK_TIME, &mut tally)
                    {
                        println!("{text}");
                        failures.push(text);
                    }
                    next += BATCH;
                }
                println!("seeds {first} to {}: {tally}", next - 1);
                match failures.len() {
                    0 => Ok(()),
                    count => Err(format!("{count} batches failed; they are told of above")),
                }
            }
        }
    }
}

/// Checks `count` seeds; the error reports every failing one and shrinks the first.
fn check(
    bench: &Bench,
    first: u64,
    count: u64,
    level: u8,
    patience: Duration,
    tally: &mut Tally,
) -> Result<(), String> {
    let programs: Vec<Program> = (first..first + count)
        .map(|seed| generate::program(seed, tally))
        .collect();
    let stem = format!("batch-{first}-{count}-O{level}");
    let mut failures: Vec<(&Program, Failure)> = Vec::new();
    let results = bench
        .check(&programs, level, &stem)
        .map_err(|e| format!("seeds {first} and {count} on at -O{level}: {e}"))?;
    for (program, failure) in programs.iter().zip(results) {
        match failure {
            Some(failure) if failure.class == Class::Refused && !bench.no_refusals => {
                tally.refuse(program.seed, level, &failure.text);
            }
            Some(failure) => failures.push((program, failure)),
            None => {}
        }
    }
    let Some((program, failure)) = failures.first() else {
        return Ok(());
    };
    let mut report = String::new();
    for (program, failure) in &failures {
        report.push_str(&format!(
            "seed {} at -O{level} ({:?}):\n  {}\n",
            program.seed, failure.class, failure.text
        ));
    }
    let class = failure.class.clone();
    let small = shrink::shrink(
        (*program).clone(),
        patience,
        &mut |candidate| matches!(bench.check_one(candidate, level, &stem), Ok(Some(f)) if f.class == class),
    );
    let path =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("random-{}-O{level}.c", program.seed));
    batch::write(&path, &bench.source(&small))?;
    let what = failure.text.lines().next().unwrap_or_default();
    let filetest = path.with_extension("ll");
    batch::write(&filetest, &bench.filetest(&small, level, what)?)?;
    let last = match bench.check_one(&small, level, &stem)? {
        Some(failure) => failure.text,
        None => "(the shrunk program passes when it is run again)".to_owned(),
    };
    Err(format!(
        "{report}shrunk program of seed {}: {}\n  {last}\nto repeat: ENZYME_RS_FUZZ_ONE={0}; as a filetest: {}",
        program.seed,
        path.display(),
        filetest.display()
    ))
}
