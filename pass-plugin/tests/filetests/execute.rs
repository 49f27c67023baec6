//! Compiles a case with the plugin, runs it and hands the answers to the checks.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::check::Experiment;
use super::header::{Config, Diff, Header, Subject};
use super::memory::{answers, request};
use super::process::{self, Outcome};
use super::suite::Case;
use super::tools::Tools;
use super::wrappers::wrappers;

const COMPILE_LIMIT: Duration = Duration::from_secs(300);
const RUN_LIMIT: Duration = Duration::from_secs(60);
/// Valgrind is slow, and slower on a busy machine.
const VALGRIND_LIMIT: Duration = Duration::from_secs(600);
/// Problems shown of one test: the first few tell, the rest is noise.
const MOST_PROBLEMS: usize = 12;

/// What all tests share: tools, switches and the compiled driver.
pub struct Bench {
    tools: Tools,
    opt: String,
    pub primal_only: bool,
    valgrind: bool,
    keep: Option<PathBuf>,
    folder: TempDir,
    /// `driver.c`, which holds the programs' `main`.
    driver: PathBuf,
    /// `libm.c`, for functions that the C library may lack.
    functions: PathBuf,
    /// `matrix.c`, which the modules of `matrix.txt` call.
    matrix: PathBuf,
}

impl Bench {
    /// Reads the environment and compiles the parts that all programs share.
    pub fn prepare() -> Result<Bench, String> {
        let tools = Tools::from_environment();
        let folder = TempDir::new().map_err(|e| format!("temporary folder: {e}"))?;
        let driver = compile_part(&tools, folder.path(), "driver", &[])?;
        // Its functions are what they are named after; the compiler must not know that, or `sinc` might become a call of itself.
        let functions = compile_part(&tools, folder.path(), "libm", &["-fno-builtin"])?;
        let matrix = compile_part(&tools, folder.path(), "matrix", &[])?;
        let keep = env::var_os("ENZYME_RS_KEEP").map(PathBuf::from);
        if let Some(folder) = &keep {
            fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        }
        let set = |name: &str| env::var(name).is_ok_and(|v| v == "1");
        Ok(Bench {
            tools,
            opt: env::var("ENZYME_RS_OPT").unwrap_or_else(|_| "opt-22".to_owned()),
            primal_only: set("ENZYME_RS_PRIMAL_ONLY"),
            valgrind: set("ENZYME_RS_VALGRIND"),
            keep,
            folder,
            driver,
            functions,
            matrix,
        })
    }

    /// Runs one case in one configuration; the error is the report.
    pub fn test(&self, case: &Case, config: Config) -> Result<(), String> {
        let header = case.header.as_ref().map_err(String::clone)?;
        let stem = format!("{}-{}", case.name.replace('/', "-"), config.name());
        let folder = self.keep.as_deref().unwrap_or(self.folder.path());
        let at = |extension: &str| folder.join(format!("{stem}.{extension}"));
        match &header.subject {
            Subject::Derivatives(diffs) => self.derivatives(case, header, diffs, config, &at),
            Subject::Refusal(needles) => self.refusal(case, header, needles, config, &at),
            Subject::Program => self.program(case, header, config, &at),
        }
    }

    fn derivatives(
        &self,
        case: &Case,
        header: &Header,
        diffs: &[Diff],
        config: Config,
        at: &dyn Fn(&str) -> PathBuf,
    ) -> Result<(), String> {
        let text = format!(
            "{}{}",
            case.source,
            wrappers(header, diffs, self.primal_only)
        );
        let source = write(&at("ll"), text.as_bytes())?;
        let program = at("exe");
        let outcome = self.compile(&source, header, config, Some(&program), true)?;
        if !outcome.success() {
            return Err(format!(
                "{}: the compiler {}",
                source.display(),
                outcome.describe()
            ));
        }
        let mut experiments = Vec::new();
        let mut runs = Vec::new();
        for (index, diff) in diffs.iter().enumerate() {
            let experiment = Experiment::new(header, diff, index, self.primal_only)?;
            let first = runs.len();
            runs.extend(experiment.runs());
            experiments.push((experiment, first..runs.len()));
        }
        let question = write(&at("request"), &request(&runs))?;
        let reply = at("answer");
        let outcome = self.execute(&program, &[&question, &reply])?;
        let bytes = fs::read(&reply).unwrap_or_default();
        let answers = answers(&runs, &bytes);
        if !outcome.success() || answers.len() != runs.len() {
            let at = match runs.get(answers.len()) {
                Some(run) => format!("in a {:?} run (number {})", run.mode, answers.len()),
                None => "after the last run".to_owned(),
            };
            return Err(format!(
                "{}: the program {at} {}",
                program.display(),
                outcome.describe()
            ));
        }
        let mut problems = Vec::new();
        for (experiment, range) in experiments {
            experiment.judge(&answers[range], &mut problems)?;
        }
        self.clean(&[&program, &question, &reply]);
        if problems.is_empty() {
            return Ok(());
        }
        let more = problems.len().saturating_sub(MOST_PROBLEMS);
        problems.truncate(MOST_PROBLEMS);
        if more > 0 {
            problems.push(format!("and {more} more"));
        }
        Err(format!("{}:\n  {}", case.name, problems.join("\n  ")))
    }

    fn refusal(
        &self,
        case: &Case,
        header: &Header,
        needles: &[String],
        config: Config,
        at: &dyn Fn(&str) -> PathBuf,
    ) -> Result<(), String> {
        let source = write(&at("ll"), case.source.as_bytes())?;
        if self.primal_only {
            return self.verify(&source);
        }
        let outcome = self.compile(&source, header, config, None, true)?;
        let crashed = outcome.output.contains("PLEASE submit a bug report")
            || outcome.output.contains("Stack dump")
            || outcome.output.contains("panicked at")
            || outcome.status.code().is_none_or(|code| code >= 128);
        if crashed || outcome.timed_out {
            return Err(format!("instead of refusing, it {}", outcome.describe()));
        }
        if outcome.success() {
            return Err("the compiler accepted what must be refused".to_owned());
        }
        let said = outcome.output.to_lowercase();
        for needle in needles {
            if !said.contains(&needle.to_lowercase()) {
                return Err(format!(
                    "the refusal does not say `{needle}`; the compiler {}",
                    outcome.describe()
                ));
            }
        }
        Ok(())
    }

    fn program(
        &self,
        case: &Case,
        header: &Header,
        config: Config,
        at: &dyn Fn(&str) -> PathBuf,
    ) -> Result<(), String> {
        let source = write(&at("ll"), case.source.as_bytes())?;
        let program = at("exe");
        if self.primal_only {
            return self.verify(&source);
        }
        let outcome = self.compile(&source, header, config, Some(&program), false)?;
        if !outcome.success() {
            return Err(format!("the compiler {}", outcome.describe()));
        }
        let outcome = self.execute(&program, &[])?;
        self.clean(&[&program]);
        if outcome.success() {
            return Ok(());
        }
        Err(format!("the program {}", outcome.describe()))
    }

    /// All that can be said without the plugin about a file that is not run: it is valid IR.
    fn verify(&self, source: &Path) -> Result<(), String> {
        let outcome = process::run(
            Command::new(&self.opt)
                .args(["-passes=verify", "-disable-output"])
                .arg(source),
            COMPILE_LIMIT,
        )?;
        if outcome.success() {
            return Ok(());
        }
        Err(format!("the file is no valid IR: {}", outcome.describe()))
    }

    /// Compiles (and links, when `program` is given) a module. A failed compilation is an outcome; the error
    /// is that the tools could not be run.
    fn compile(
        &self,
        source: &Path,
        header: &Header,
        config: Config,
        program: Option<&Path>,
        with_driver: bool,
    ) -> Result<Outcome, String> {
        let mut input = source.to_owned();
        if config == Config::Opt && !self.primal_only {
            input = source.with_extension("opt.ll");
            let mut load = std::ffi::OsString::from("-load-pass-plugin=");
            load.push(self.tools.plugin()?);
            let outcome = process::run(
                Command::new(&self.opt)
                    .arg(load)
                    .args(["-passes=enzyme", "-S", "-o"])
                    .arg(&input)
                    .arg(source),
                COMPILE_LIMIT,
            )?;
            if !outcome.success() {
                return Ok(outcome);
            }
        }
        let mut command = Command::new(&self.tools.clang);
        // A test module is whole: what has no body here has none.
        command.env("ENZYME_RS_FLOW", "direct");
        match config {
            Config::Opt => command.arg("-O1"),
            Config::Clang(level) => command.arg(format!("-O{level}")),
        };
        command.args(["-Wno-override-module", "-fno-crash-diagnostics"]);
        command.args(&header.flags);
        if matches!(config, Config::Clang(_)) && !self.primal_only {
            let mut load = std::ffi::OsString::from("-fpass-plugin=");
            load.push(self.tools.plugin()?);
            command.arg(load);
        }
        match program {
            Some(program) => {
                command.arg(&input).arg("-o").arg(program);
                if with_driver {
                    command.arg(&self.driver);
                }
                command
                    .arg(&self.functions)
                    .arg(&self.matrix)
                    .args(["-fuse-ld=lld", "-lm"]);
            }
            None => {
                command
                    .arg("-c")
                    .arg(&input)
                    .arg("-o")
                    .arg(source.with_extension("o"));
            }
        }
        process::run(&mut command, COMPILE_LIMIT)
    }

    fn execute(&self, program: &Path, arguments: &[&Path]) -> Result<Outcome, String> {
        if !self.valgrind {
            return process::run(Command::new(program).args(arguments), RUN_LIMIT);
        }
        process::run(
            Command::new("valgrind")
                .args(["-q", "--leak-check=full", "--error-exitcode=99"])
                .arg("--errors-for-leak-kinds=definite,indirect,possible")
                .arg(program)
                .args(arguments),
            VALGRIND_LIMIT,
        )
    }

    /// Removes what a test left, unless the user asked to keep it: a full run writes hundreds of programs.
    fn clean(&self, files: &[&Path]) {
        if self.keep.is_none() {
            for file in files {
                // A file that cannot be removed goes with the temporary folder at the end.
                let _ = fs::remove_file(file);
            }
        }
    }
}

/// Compiles a C file of the harness to an object in `folder`.
fn compile_part(
    tools: &Tools,
    folder: &Path,
    name: &str,
    flags: &[&str],
) -> Result<PathBuf, String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/filetests/{name}.c"));
    let object = folder.join(format!("{name}.o"));
    let outcome = process::run(
        Command::new(&tools.clang)
            .args(["-O1", "-Wall", "-Wextra", "-Werror"])
            .args(flags)
            .arg("-c")
            .arg(&source)
            .arg("-o")
            .arg(&object),
        COMPILE_LIMIT,
    )?;
    if outcome.success() {
        Ok(object)
    } else {
        Err(format!("{name}.c does not compile: {}", outcome.describe()))
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<PathBuf, String> {
    fs::write(path, bytes).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(path.to_owned())
}
