//! Valid IR that the engine may not support: it must be differentiated or refused with a code, a place and help; never a crash
//! of the compiler, an internal error or a hang.
//!
//! `cargo test --test valid_ir` puts each oddity of `oddities.txt` into a small function, and tries some modules of
//! `llvm-stress`. With `ENZYME_RS_FUZZ_MINUTES=10` it puts oddities into filetests and into modules of `llvm-stress` for ten
//! minutes, from `ENZYME_RS_FUZZ_SEED=17` on (else from the clock). `ENZYME_RS_FUZZ_ONE=seed` tries a single one.
//! A failing module is kept and reduced; the message names the file.

mod judge;
mod markers;
mod module;
mod oddity;
mod plant;

#[expect(dead_code, reason = "shared with tests that name files")]
#[path = "../support/files.rs"]
mod files;
#[path = "../support/process.rs"]
mod process;
#[expect(dead_code, reason = "shared with tests that run clang")]
#[path = "../support/tools.rs"]
mod tools;

use std::env;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use fastrand::Rng;
use libtest_mimic::{Arguments, Trial};

use judge::{Bench, Fate, PIPELINES, Pipeline, Tally};
use markers::{MODES, Mode};
use module::Module;
use oddity::Oddity;

/// Seeds of a plain `cargo test`, beside one module for each oddity and mode.
const SEEDS: u64 = 60;
const SEEDS_IN_A_TEST: u64 = 10;
/// A module with all that came of planting is drawn again if LLVM's verifier does not accept it; some never are.
const DRAWS: usize = 40;

/// What all tests share.
struct Setting {
    bench: Bench,
    oddities: Vec<Oddity>,
    /// Modules of the filetests with the function that each is about.
    filetests: Vec<(Module, String)>,
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(2);
    match trials() {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(e) => {
            eprintln!("valid_ir: {e}");
            ExitCode::FAILURE
        }
    }
}

fn trials() -> Result<Vec<Trial>, String> {
    let setting = Arc::new(Setting {
        bench: Bench::new()?,
        oddities: oddity::table(include_str!("oddities.txt"))?,
        filetests: filetests()?,
    });
    let number = |name: &str| -> Result<Option<u64>, String> {
        match env::var(name) {
            Ok(text) => text.parse().map(Some).map_err(|e| format!("{name}: {e}")),
            Err(_) => Ok(None),
        }
    };
    let trial = |name: String, work: Work| {
        let setting = Arc::clone(&setting);
        Trial::test(name, move || work.run(&setting).map_err(Into::into))
    };
    if let Some(seed) = number("ENZYME_RS_FUZZ_ONE")? {
        return Ok(vec![trial(format!("seed_{seed}"), Work::Seeds(seed, 1))]);
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
        return Ok(vec![trial(
            format!("fuzz_from_{first}"),
            Work::Fuzz(first, time),
        )]);
    }
    let mut trials = Vec::new();
    for (index, oddity) in setting.oddities.iter().enumerate() {
        trials.push(trial(oddity.name.clone(), Work::Oddity(index)));
    }
    for first in (0..SEEDS).step_by(SEEDS_IN_A_TEST as usize) {
        let name = format!("seeds_{first}_to_{}", first + SEEDS_IN_A_TEST - 1);
        trials.push(trial(name, Work::Seeds(first, SEEDS_IN_A_TEST)));
    }
    Ok(trials)
}

/// The filetests with a `diff:` line, as the bodies that oddities are put into.
fn filetests() -> Result<Vec<(Module, String)>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/filetests");
    let mut list = Vec::new();
    for folder in files::entries(&root)?
        .into_iter()
        .filter(|path| path.is_dir())
    {
        for path in files::entries(&folder)? {
            let text = files::read(&path)?;
            let function = text
                .lines()
                .find_map(|line| line.strip_prefix("; diff: @"))
                .and_then(|rest| rest.split('(').next());
            if let Some(function) = function {
                list.push((Module::read(&text), function.to_owned()));
            }
        }
    }
    Ok(list)
}

enum Work {
    /// Each mode, with this oddity in a small function.
    Oddity(usize),
    Seeds(u64, u64),
    Fuzz(u64, Duration),
}

impl Work {
    fn run(&self, setting: &Setting) -> Result<(), String> {
        match *self {
            Work::Oddity(index) => each_mode(setting, index),
            Work::Seeds(first, count) => {
                let mut tally = Tally::default();
                (first..first + count).try_for_each(|seed| random(setting, seed, &mut tally))
            }
            Work::Fuzz(first, time) => {
                let end = Instant::now() + time;
                let (mut next, mut tally, mut failures) = (first, Tally::default(), Vec::new());
                while Instant::now() < end {
                    if let Err(text) = random(setting, next, &mut tally) {
                        println!("{text}");
                        failures.push(text);
                    }
                    next += 1;
                }
                println!("seeds {first} to {}: {tally}", next - 1);
                match failures.is_empty() {
                    true => Ok(()),
                    false => Err(format!(
                        "{} modules failed:\n{}",
                        failures.len(),
                        failures.join("\n")
                    )),
                }
            }
        }
    }
}

/// Every mode with the oddity in a small function. One that the verifier never accepts is a mistake in the table.
fn each_mode(setting: &Setting, index: usize) -> Result<(), String> {
    let oddity = &setting.oddities[index];
    let base = Module::read(include_str!("base.ll"));
    for (number, mode) in MODES.into_iter().enumerate() {
        let mut rng = Rng::with_seed((number * 1000 + index) as u64);
        let pipeline = PIPELINES[(index + number) % PIPELINES.len()];
        let mut fate = Fate::NotValid;
        for _ in 0..DRAWS {
            let mut module = base.clone();
            plant::plant(&mut module, "base", oddity, 0, &mut rng);
            let stem = format!("{}-{number}", oddity.name);
            fate = try_module(setting, module, "base", mode, pipeline, &stem)?
                .unwrap_or(Fate::NotValid);
            if fate != Fate::NotValid {
                break;
            }
        }
        if fate == Fate::NotValid {
            return Err(format!(
                "the oddity `{}` makes no valid module for {mode:?}, {pipeline:?}",
                oddity.name
            ));
        }
    }
    Ok(())
}

/// The module of a seed: a filetest, or one of `llvm-stress`, with some oddities in it.
fn random(setting: &Setting, seed: u64, tally: &mut Tally) -> Result<(), String> {
    let mut rng = Rng::with_seed(seed);
    let mode = MODES[rng.usize(..MODES.len())];
    let pipeline = PIPELINES[rng.usize(..PIPELINES.len())];
    let stem = format!("seed-{seed}");
    for _ in 0..DRAWS {
        let (text, function) = match rng.u8(..3) {
            0 => {
                let text = setting.bench.stress(rng.u64(..), rng.u32(10..200))?;
                let name = text
                    .lines()
                    .find(|line| line.starts_with("define "))
                    .and_then(|line| line.split('@').nth(1)?.split('(').next())
                    .ok_or("llvm-stress made no function")?
                    .to_owned();
                (text, name)
            }
            _ => {
                let (module, function) = &setting.filetests[rng.usize(..setting.filetests.len())];
                (module.text(), function.clone())
            }
        };
        let mut module = Module::read(&setting.bench.named(&text, &stem)?);
        for number in 0..rng.usize(1..4) {
            let oddity = &setting.oddities[rng.usize(..setting.oddities.len())];
            plant::plant(&mut module, &function, oddity, number, &mut rng);
        }
        let fate = try_module(setting, module, &function, mode, pipeline, &stem)
            .map_err(|e| format!("seed {seed}: {e}"))?;
        if let Some(fate) = fate {
            tally.add(&fate);
            if fate != Fate::NotValid {
                break;
            }
        }
    }
    Ok(())
}

/// The module with marker calls; none if the function is of a kind that they are not written for.
fn try_module(
    setting: &Setting,
    mut module: Module,
    function: &str,
    mode: Mode,
    pipeline: Pipeline,
    stem: &str,
) -> Result<Option<Fate>, String> {
    let Some((begin, _)) = module.function(function) else {
        return Ok(None);
    };
    let Some(head) = module::head(&module.lines[begin]) else {
        return Ok(None);
    };
    module.lines.push(markers::caller(&head, mode));
    let text = module.text();
    match setting.bench.judge(&text, pipeline, stem) {
        Ok(fate) => Ok(Some(fate)),
        Err(problem) => {
            let path = setting.bench.keep(&text, pipeline, &problem, stem)?;
            Err(format!(
                "{mode:?}, {pipeline:?}: {problem}\n  kept in {}",
                path.display()
            ))
        }
    }
}
