//! Gives a module to `opt` with the plugin, and says whether what came of it is allowed: a module that LLVM's verifier accepts
//! and that holds no marker call, or errors of ours with a code, a place and help.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::process;
use super::tools::Tools;

/// Far more than any of these small modules takes, on a busy machine.
const LIMIT: Duration = Duration::from_secs(90);

/// What became of a module that is allowed to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// LLVM's verifier does not accept it, or LLVM fails without the plugin, too.
    NotValid,
    Lowered,
    /// The code of the first error.
    Refused(String),
}

/// How `opt` runs the plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pipeline {
    /// The pass alone.
    Pass,
    /// Where clang runs it, at this level.
    Level(u8),
}

pub const PIPELINES: [Pipeline; 4] = [
    Pipeline::Pass,
    Pipeline::Level(2),
    Pipeline::Level(0),
    Pipeline::Level(1),
];

impl Pipeline {
    fn passes(self) -> String {
        match self {
            Pipeline::Pass => "enzyme".to_owned(),
            Pipeline::Level(level) => format!("default<O{level}>"),
        }
    }
}

/// The tools, and where failing modules are kept.
pub struct Bench {
    tools: Tools,
    opt: String,
    stress: String,
    reduce: String,
    folder: tempfile::TempDir,
}

impl Bench {
    pub fn new() -> Result<Bench, String> {
        let tool =
            |name: &str, default: &str| env::var(name).unwrap_or_else(|_| default.to_owned());
        Ok(Bench {
            tools: Tools::from_environment(),
            opt: tool("ENZYME_RS_OPT", "opt-22"),
            stress: tool("ENZYME_RS_STRESS", "llvm-stress-22"),
            reduce: tool("ENZYME_RS_REDUCE", "llvm-reduce-22"),
            folder: tempfile::TempDir::new().map_err(|e| format!("temporary folder: {e}"))?,
        })
    }

    /// A module of random instructions, from LLVM's own generator.
    pub fn stress(&self, seed: u64, size: u32) -> Result<String, String> {
        let outcome = process::run(
            Command::new(&self.stress).args([
                format!("--seed={}", seed % (1 << 31)),
                format!("--size={size}"),
                "-o=-".to_owned(),
            ]),
            LIMIT,
        )?;
        match outcome.success() {
            true => Ok(outcome.output),
            false => Err(format!("{}: {}", self.stress, outcome.describe())),
        }
    }

    /// The module with a name for everything.
    pub fn named(&self, text: &str, stem: &str) -> Result<String, String> {
        let input = self.write(stem, text)?;
        let outcome = process::run(
            Command::new(&self.opt)
                .args(["-S", "-passes=instnamer", "-o", "-"])
                .arg(&input),
            LIMIT,
        )?;
        match outcome.success() {
            true => Ok(outcome.output),
            false => Err(format!("instnamer: {}", outcome.describe())),
        }
    }

    /// What becomes of a module; the error says what is wrong.
    pub fn judge(&self, text: &str, pipeline: Pipeline, stem: &str) -> Result<Fate, String> {
        let input = self.write(stem, text)?;
        if !self.run(&input, "verify", false)?.success() {
            return Ok(Fate::NotValid);
        }
        // Every instruction gets a line, so that every refusal has to name one. `debugify` knows no scalable vectors, and
        // LLVM's coroutine passes do not bear what it leaves.
        let with_places = !text.contains("@llvm.coro.");
        let passes = match with_places {
            true => format!("debugify,{}", pipeline.passes()),
            false => pipeline.passes(),
        };
        let mut fate = judged(&self.run(&input, &passes, true)?, &input, with_places);
        if fate.is_err() && !self.run(&input, &passes_alone(&passes), false)?.success() {
            let passes = pipeline.passes();
            fate = judged(&self.run(&input, &passes, true)?, &input, false);
            // Nor do LLVM's own passes bear every module.
            if fate.is_err() && !self.run(&input, &passes_alone(&passes), false)?.success() {
                return Ok(Fate::NotValid);
            }
        }
        fate
    }

    fn run(
        &self,
        input: &Path,
        passes: &str,
        with_plugin: bool,
    ) -> Result<process::Outcome, String> {
        let mut command = Command::new(&self.opt);
        command.env("ENZYME_RS_FLOW", "direct");
        if with_plugin {
            let mut load = OsString::from("-load-pass-plugin=");
            load.push(self.tools.plugin()?);
            command.arg(load);
        }
        command
            .arg(format!("-passes={passes}"))
            .args(["-S", "-o"])
            .arg(result(input))
            .arg(input);
        process::run(&mut command, LIMIT)
    }

    fn write(&self, stem: &str, text: &str) -> Result<PathBuf, String> {
        let path = self.folder.path().join(format!("{stem}.ll"));
        fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(path)
    }

    /// Keeps a failing module, made smaller by LLVM's reducer as long as the first line of what is wrong stays the same,
    /// and returns its path.
    pub fn keep(
        &self,
        text: &str,
        pipeline: Pipeline,
        problem: &str,
        name: &str,
    ) -> Result<PathBuf, String> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let path = folder.join(format!("valid-ir-{name}.ll"));
        fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
        let test = self.folder.path().join("interesting.sh");
        let plugin = self.tools.plugin()?.display().to_string();
        let sign = sign(problem);
        let script = format!(
            "#!/bin/sh\n{opt} -passes=verify -disable-output \"$1\" 2>/dev/null || exit 1\n\
             ENZYME_RS_FLOW=direct timeout 60 {opt} -load-pass-plugin={plugin} -passes='debugify,{passes}' -disable-output \"$1\" >{log} 2>&1\n\
             status=$?\n[ $status -ne 0 ] && {{ {check}; }}\n",
            opt = self.opt,
            passes = pipeline.passes(),
            log = self.folder.path().join("interesting.log").display(),
            check = match sign {
                Sign::Killed => "[ $status -ge 124 ]".to_owned(),
                Sign::Says(text) => format!(
                    "grep -qF '{text}' {}",
                    self.folder.path().join("interesting.log").display()
                ),
            },
        );
        fs::write(&test, script).map_err(|e| format!("{}: {e}", test.display()))?;
        let _ = process::run(Command::new("chmod").arg("+x").arg(&test), LIMIT)?;
        let reduced = path.with_extension("reduced.ll");
        let _ = process::run(
            Command::new(&self.reduce)
                .arg(format!("--test={}", test.display()))
                .args(["--ir-passes=function(dce)", "-S", "-o"])
                .arg(&reduced)
                .arg(&path)
                .current_dir(self.folder.path()),
            Duration::from_secs(120),
        )?;
        Ok(if reduced.exists() { reduced } else { path })
    }
}

/// What is left of a list of passes without the plugin.
fn passes_alone(passes: &str) -> String {
    passes.replace("enzyme", "verify")
}

/// Where the module goes that comes out of `opt`.
fn result(input: &Path) -> PathBuf {
    input.with_extension("out.ll")
}

/// By what a failure is known again.
enum Sign {
    /// A signal, or the time limit.
    Killed,
    Says(String),
}

fn sign(problem: &str) -> Sign {
    match problem.split_once("error[") {
        Some((_, text)) => {
            // Numbers and names change as the module shrinks.
            let (code, text) = text.split_at("ER0010".len());
            let end = text.find(|c: char| "`'%@\"\n".contains(c) || c.is_ascii_digit());
            Sign::Says(format!(
                "error[{code}{}",
                &text[..end.unwrap_or(text.len())]
            ))
        }
        None => Sign::Killed,
    }
}

/// What is wrong with how `opt` ended, or how it ended well. `with_places`: every instruction has a line.
fn judged(outcome: &process::Outcome, input: &Path, with_places: bool) -> Result<Fate, String> {
    let text = &outcome.output;
    if outcome.timed_out {
        return Err("it hangs".to_owned());
    }
    if outcome.success() {
        let result = fs::read_to_string(result(input)).map_err(|e| format!("the result: {e}"))?;
        let left = result
            .lines()
            .find(|l| l.contains("@__enzyme_") && l.contains(" call "));
        return match left {
            Some(line) => Err(format!("a marker call is left: {line}")),
            None => Ok(Fate::Lowered),
        };
    }
    // A crash or an abort, or LLVM's verifier.
    let errors: Vec<&str> = text.split("error[").skip(1).collect();
    if outcome.status.code() != Some(1) || errors.is_empty() {
        return Err(format!("opt {}", outcome.describe()));
    }
    for error in &errors {
        let head = error.lines().next().unwrap_or_default();
        if error.starts_with("ER0010") {
            return Err(format!("an internal error:\nerror[{error}"));
        }
        if with_places && (!error.contains(" --> ") || error.contains("--> unknown place")) {
            return Err(format!("an error without a place: error[{head}"));
        }
        if !error.contains("= help: ") {
            return Err(format!("an error without help: error[{head}"));
        }
    }
    let code = errors[0].split(']').next().unwrap_or_default();
    Ok(Fate::Refused(code.to_owned()))
}

/// How many modules came to which end.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub not_valid: u64,
    pub lowered: u64,
    pub refused: BTreeMap<String, u64>,
}

impl Tally {
    pub fn add(&mut self, fate: &Fate) {
        match fate {
            Fate::NotValid => self.not_valid += 1,
            Fate::Lowered => self.lowered += 1,
            Fate::Refused(code) => *self.refused.entry(code.clone()).or_default() += 1,
        }
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} lowered", self.lowered)?;
        for (code, count) in &self.refused {
            write!(f, ", {count} refused with {code}")?;
        }
        write!(f, "; {} drawn that were not valid", self.not_valid)
    }
}
