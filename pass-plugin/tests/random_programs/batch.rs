//! Compiles programs with the plugin, runs them and compares every number with the oracle's.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::interpret::{self, Expected, INPUTS};
use super::print;
use super::process;
use super::program::{CELLS, Program};
use super::tools::Tools;

const COMPILE_LIMIT: Duration = Duration::from_secs(120);
const RUN_LIMIT: Duration = Duration::from_secs(20);
/// Relative to the largest entry of the gradient.
const TOLERANCE: f64 = 1e-9;

/// What is wrong with a program; a shrunk program must fail in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    DoesNotCompile,
    Dies,
    PrimalDiffers,
    ReverseDiffers,
    ForwardDiffers,
    EffectsDiffer,
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
    folder: TempDir,
}

impl Bench {
    pub fn new() -> Result<Bench, String> {
        Ok(Bench {
            tools: Tools::from_environment(),
            primal_only: env::var("ENZYME_RS_PRIMAL_ONLY").is_ok_and(|v| v == "1"),
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
        if let Ok(lines) = &whole {
            return Ok(programs
                .iter()
                .enumerate()
                .map(|(number, program)| judge(program, number, lines, self.primal_only).err())
                .collect());
        }
        let mut results = Vec::new();
        for program in programs {
            results.push(self.check_one(program, level, stem)?);
        }
        if results.iter().all(Option::is_none) {
            return Err(
                "the batch fails as a whole, but each program of it passes alone".to_owned(),
            );
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

    /// The text of a single program as it is compiled, for a person.
    pub fn source(&self, program: &Program) -> String {
        print::file(&[program], &weights(), &direction(), self.primal_only)
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
        let text = print::file(programs, &weights(), &direction(), self.primal_only);
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
            return Ok(Err(Failure {
                class: Class::DoesNotCompile,
                text: format!("the compiler {}", outcome.describe()),
            }));
        }
        let outcome = process::run(&mut Command::new(&program), RUN_LIMIT)?;
        // A file that cannot be removed goes with the temporary folder at the end.
        let _ = fs::remove_file(&program);
        if !outcome.success() {
            return Ok(Err(Failure {
                class: Class::Dies,
                text: format!("the program {}", outcome.describe()),
            }));
        }
        Ok(Ok(outcome.output))
    }
}

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
    let primal = numbers(output, 'P', number, 1 + 2 * CELLS)?;
    compare(
        Class::PrimalDiffers,
        "primal output",
        &primal,
        outputs,
        1e-12,
    )?;
    if primal_only {
        return Ok(());
    }
    let mut gradient = [0.0; INPUTS];
    // The result's seed is one.
    let seeds = std::iter::once(1.0).chain(weights().into_iter().skip(2));
    for (row, seed) in jacobian.iter().zip(seeds) {
        for (g, d) in gradient.iter_mut().zip(row) {
            *g += seed * d;
        }
    }
    let reverse = numbers(output, 'R', number, INPUTS + 2 * CELLS)?;
    let class = Class::ReverseDiffers;
    compare(
        class,
        "gradient entry",
        &reverse[..INPUTS],
        &gradient,
        TOLERANCE,
    )?;
    let tangents: Vec<f64> = jacobian
        .iter()
        .map(|row| row.iter().zip(direction()).map(|(d, v)| d * v).sum())
        .collect();
    let forward = numbers(output, 'F', number, 1 + 4 * CELLS)?;
    let class = Class::ForwardDiffers;
    compare(
        class,
        "tangent",
        &forward[..1 + 2 * CELLS],
        &tangents,
        TOLERANCE,
    )?;
    let (class, memory) = (Class::EffectsDiffer, &outputs[1..]);
    let what = "primal memory after reverse";
    compare(class.clone(), what, &reverse[INPUTS..], memory, 1e-12)?;
    let what = "primal memory after forward";
    compare(class, what, &forward[1 + 2 * CELLS..], memory, 1e-12)
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
