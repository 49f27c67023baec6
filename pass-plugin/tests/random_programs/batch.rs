//! Compiles programs with the plugin, runs them and compares every number with the oracle's.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::driver::{self, Order, SECOND_LANE};
use super::interpret::{self, Expected, INPUTS};
use super::process;
use super::program::{CELLS, Program};
use super::tools::Tools;

/// Both are for a busy machine that runs this at low priority.
pub const COMPILE_LIMIT: Duration = Duration::from_secs(600);
const RUN_LIMIT: Duration = Duration::from_secs(60);
/// Relative to the largest entry of the gradient: for derivatives, and for values.
const TOLERANCE: [f64; 2] = [1e-9, 1e-12];
/// The same for programs with single precision in them.
const TOLERANCE_SINGLE: [f64; 2] = [2e-4, 2e-5];
/// For second derivatives, whose oracle is the difference of two exact gradients.
const TOLERANCE_SECOND: f64 = 1e-4;

/// What is wrong with a program; a shrunk program must fail in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    DoesNotCompile,
    /// The engine says that memory is used for floats and for something else: LLVM merges an access to an array of
    /// doubles with one to an array of structs now and then. No failure, but counted.
    Refused,
    Dies,
    PrimalDiffers,
    ReverseDiffers,
    ForwardDiffers,
    EffectsDiffer,
    SplitDiffers,
    SecondDiffers,
}

#[derive(Clone, Debug)]
pub struct Failure {
    pub class: Class,
    pub text: String,
}

/// Tools and switches shared by all batches.
pub struct Bench {
    tools: Tools,
    pub primal_only: bool,
    /// Even where the engine may refuse a program (see [`Class::Refused`]), that is a failure.
    pub no_refusals: bool,
    folder: TempDir,
}

impl Bench {
    pub fn new() -> Result<Bench, String> {
        Ok(Bench {
            tools: Tools::from_environment(),
            primal_only: env::var("ENZYME_RS_PRIMAL_ONLY").is_ok_and(|v| v == "1"),
            no_refusals: env::var("ENZYME_RS_FUZZ_REFUSALS").is_ok_and(|v| v == "1"),
            folder: TempDir::new().map_err(|e| format!("temporary folder: {e}"))?,
        })
    }

    /// One result for each program. A batch that does not compile or dies is run again program by program, so
    /// that one bad program does not hide the others.
    pub fn check(
        &self,
        programs: &[Program],
        level: u8,
        stem: &str,
    ) -> Result<Vec<Option<Failure>>, String> {
        let all: Vec<&Program> = programs.iter().collect();
        let whole = self.run(&all, level, stem)?;
        let failure = match &whole {
            Ok(lines) => {
                return Ok(programs
                    .iter()
                    .enumerate()
                    .map(|(number, program)| judge(program, number, lines, self.primal_only).err())
                    .collect());
            }
            Err(failure) => failure,
        };
        let mut results = Vec::new();
        for program in programs {
            results.push(self.check_one(program, level, stem)?);
        }
        // A program may be refused because of the others in its module: where all floats are doubles more is known of words.
        if results.iter().all(Option::is_none) && failure.class != Class::Refused {
            return Err(format!(
                "the batch fails as a whole, but each program of it passes alone: {}",
                failure.text
            ));
        }
        Ok(results)
    }

    pub fn check_one(
        &self,
        program: &Program,
        level: u8,
        stem: &str,
    ) -> Result<Option<Failure>, String> {
        Ok(match self.run(&[program], level, stem)? {
            Ok(lines) => judge(program, 0, &lines, self.primal_only).err(),
            Err(failure) => Some(failure),
        })
    }

    /// The compiler.
    pub fn clang(&self) -> &str {
        &self.tools.clang
    }

    /// A file of that text in the temporary folder.
    pub fn scratch_file(&self, name: &str, text: &str) -> Result<PathBuf, String> {
        write(&self.folder.path().join(name), text)
    }

    /// The text of a single program as it is compiled, for a person.
    pub fn source(&self, program: &Program) -> String {
        driver::file(&[program], &weights(), &direction(), self.primal_only)
    }

    /// Compiles and runs; the inner result is the program's output or how it failed.
    fn run(
        &self,
        programs: &[&Program],
        level: u8,
        stem: &str,
    ) -> Result<Result<String, Failure>, String> {
        let source = self.folder.path().join(format!("{stem}.c"));
        let program = self.folder.path().join(format!("{stem}.exe"));
        let text = driver::file(programs, &weights(), &direction(), self.primal_only);
        write(&source, &text)?;
        let mut command = Command::new(&self.tools.clang);
        // A test module is whole: what has no body here has none.
        command.env("ENZYME_RS_FLOW", "direct");
        command.arg(format!("-O{level}")).args([
            "-ffp-contract=off",
            "-fno-crash-diagnostics",
            "-w",
        ]);
        if !self.primal_only {
            let mut load = std::ffi::OsString::from("-fpass-plugin=");
            load.push(self.tools.plugin()?);
            command.arg(load);
        }
        command
            .arg(&source)
            .arg("-o")
            .arg(&program)
            .args(["-fuse-ld=lld", "-lm"]);
        let outcome = process::run(&mut command, COMPILE_LIMIT)?;
        if !outcome.success() {
            // Any other error beside it is a failure.
            let errors = outcome.output.matches("error[ER").count();
            let refused = outcome.output.matches("error[ER0006]").count();
            let class = match !outcome.timed_out && errors > 0 && errors == refused {
                true => Class::Refused,
                false => Class::DoesNotCompile,
            };
            return Ok(Err(Failure {
                class,
                text: format!("the compiler {}", outcome.describe()),
            }));
        }
        let outcome = process::run(&mut Command::new(&program), RUN_LIMIT)?;
        // A file that cannot be removed goes with the temporary folder at the end.
        let _ = fs::remove_file(&program);
        if !outcome.success() {
            // Whether bytes that meet can be added is known at run time only.
            let class = match outcome.output.find(MEET) {
                Some(_) => Class::Refused,
                None => Class::Dies,
            };
            return Ok(Err(Failure {
                class,
                text: format!("the program {}", outcome.describe()),
            }));
        }
        Ok(Ok(outcome.output))
    }
}

/// What the plugin's functions say where adjoints of floats would have to be added that begin nobody knows where.
const MEET: &str = "enzyme-rs: adjoints meet in floats that are moved byte by byte";

pub fn write(path: &Path, text: &str) -> Result<PathBuf, String> {
    fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(path.to_owned())
}

/// Adjoints of the final memory: zero for the by-value inputs, which are no outputs.
fn weights() -> Vec<f64> {
    (0..INPUTS)
        .map(|i| {
            if i < 2 {
                0.0
            } else {
                (f64::from((i * 7 % 13) as u8) - 6.0) / 8.0
            }
        })
        .collect()
}

fn direction() -> Vec<f64> {
    (0..INPUTS)
        .map(|i| (f64::from((i * 5 % 11) as u8) - 4.5) / 8.0)
        .collect()
}

/// Compares what program `number` printed with the oracle.
fn judge(program: &Program, number: usize, output: &str, primal_only: bool) -> Result<(), Failure> {
    let expected = interpret::evaluate(program).map_err(|e| Failure {
        class: Class::Dies,
        text: format!("the oracle refuses the program: {e}"),
    })?;
    let Expected { outputs, jacobian } = &expected;
    let [derivatives, values] = match program.is_single() {
        true => TOLERANCE_SINGLE,
        false => TOLERANCE,
    };
    let primal = numbers(output, 'P', number, 1 + 2 * CELLS)?;
    compare(
        Class::PrimalDiffers,
        "primal output",
        &primal,
        outputs,
        values,
    )?;
    if primal_only {
        return Ok(());
    }
    let gradient = pulled_back(jacobian, 1.0);
    let reverse = numbers(output, 'R', number, INPUTS + 2 * CELLS)?;
    let class = Class::ReverseDiffers;
    compare(
        class,
        "gradient entry",
        &reverse[..INPUTS],
        &gradient,
        derivatives,
    )?;
    let tangents = pushed_forward(jacobian, 1.0);
    let forward = numbers(output, 'F', number, 1 + 4 * CELLS)?;
    let class = Class::ForwardDiffers;
    compare(
        class,
        "tangent",
        &forward[..1 + 2 * CELLS],
        &tangents,
        derivatives,
    )?;
    let (class, memory) = (Class::EffectsDiffer, &outputs[1..]);
    let what = "primal memory after reverse";
    compare(class.clone(), what, &reverse[INPUTS..], memory, values)?;
    let what = "primal memory after forward";
    compare(class, what, &forward[1 + 2 * CELLS..], memory, values)?;
    if driver::is_split(program) {
        let mut wanted = gradient.clone();
        wanted.extend(memory);
        wanted.push(outputs[0]);
        let got = numbers(output, 'S', number, INPUTS + 2 * CELLS + 1)?;
        let class = Class::SplitDiffers;
        compare(class, "entry of both sweeps", &got, &wanted, derivatives)?;
    }
    if let Some(order) = driver::second_order(program)
        && let Some(change) = interpret::change(program, &direction(), &|jacobian| {
            pulled_back(jacobian, 1.0)
        })
    {
        let wanted = match order {
            Order::ForwardOfForward => {
                let terms = change.iter().zip(direction()).map(|(h, v)| h * v);
                vec![terms.sum()]
            }
            Order::ForwardOfReverse | Order::ReverseOfForward | Order::ReverseOfReverse => change,
        };
        let got = numbers(output, 'H', number, wanted.len())?;
        let what = format!("second derivative ({order:?})");
        compare(Class::SecondDiffers, &what, &got, &wanted, TOLERANCE_SECOND)?;
    }
    if driver::is_wide(program) {
        let mut wanted = gradient;
        wanted.extend(pulled_back(jacobian, SECOND_LANE));
        let got = numbers(output, 'V', number, 2 * INPUTS)?;
        let class = Class::ReverseDiffers;
        compare(class, "entry of two gradients", &got, &wanted, derivatives)?;
        let mut wanted = tangents;
        wanted.extend(pushed_forward(jacobian, SECOND_LANE));
        let got = numbers(output, 'W', number, 2 * (1 + 2 * CELLS))?;
        let class = Class::ForwardDiffers;
        compare(class, "entry of two tangents", &got, &wanted, derivatives)?;
    }
    Ok(())
}

/// The adjoints of the inputs, for the result's adjoint 1 and a multiple of the weights.
fn pulled_back(jacobian: &[[f64; INPUTS]], factor: f64) -> Vec<f64> {
    let mut gradient = vec![0.0; INPUTS];
    let weights = weights().into_iter().skip(2).map(|w| factor * w);
    for (row, seed) in jacobian.iter().zip(std::iter::once(1.0).chain(weights)) {
        for (g, d) in gradient.iter_mut().zip(row) {
            *g += seed * d;
        }
    }
    gradient
}

/// The tangents of the outputs along a multiple of the direction.
fn pushed_forward(jacobian: &[[f64; INPUTS]], factor: f64) -> Vec<f64> {
    let along = |row: &[f64; INPUTS]| {
        let terms = row.iter().zip(direction()).map(|(d, v)| factor * d * v);
        terms.sum()
    };
    jacobian.iter().map(along).collect()
}

fn numbers(output: &str, letter: char, number: usize, count: usize) -> Result<Vec<f64>, Failure> {
    let head = format!("{letter} {number} ");
    let list: Option<Vec<f64>> = output
        .lines()
        .find_map(|line| line.strip_prefix(&head))
        .and_then(|line| {
            line.split_whitespace()
                .map(|w| u64::from_str_radix(w, 16).ok().map(f64::from_bits))
                .collect()
        });
    list.filter(|l| l.len() == count).ok_or_else(|| Failure {
        class: Class::Dies,
        text: format!("line `{head}` is missing or short in the output"),
    })
}

fn compare(
    class: Class,
    what: &str,
    got: &[f64],
    want: &[f64],
    tolerance: f64,
) -> Result<(), Failure> {
    let scale = want.iter().fold(1.0f64, |m, v| m.max(v.abs()));
    let mut lines = Vec::new();
    for (index, (a, b)) in got.iter().zip(want).enumerate() {
        // Written so that a NaN is a difference.
        let near = (a - b).abs() <= tolerance * scale;
        if !near {
            lines.push(format!("{what} {index}: {a:e}, the oracle says {b:e}"));
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    lines.truncate(8);
    Err(Failure {
        class,
        text: lines.join("\n  "),
    })
}
