//! One program: its header, its compilation and its run.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::files::{entries, read, stem};
use super::process::{self, Outcome};
use super::tools::Tools;

/// Eigen at -O0 takes its time, more so on a busy machine.
const COMPILE_LIMIT: Duration = Duration::from_secs(240);
const RUN_LIMIT: Duration = Duration::from_secs(60);
const VALGRIND_LIMIT: Duration = Duration::from_secs(600);

/// How a program is compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    O0,
    O1,
    O2,
    O3,
    /// `-O2 -flto=full` and lld.
    Lto,
}

impl Level {
    const ALL: [Level; 5] = [Level::O0, Level::O1, Level::O2, Level::O3, Level::Lto];

    pub fn name(self) -> &'static str {
        match self {
            Level::O0 => "O0",
            Level::O1 => "O1",
            Level::O2 => "O2",
            Level::O3 => "O3",
            Level::Lto => "lto",
        }
    }
}

/// What a program's first lines say.
#[derive(Default)]
struct Header {
    what: bool,
    levels: Vec<Level>,
    flags: Vec<String>,
    /// Texts of the refusal; empty: the program is to run.
    errors: Vec<String>,
}

/// A program of the repository.
pub struct Program {
    /// `topic/name`.
    pub name: String,
    path: PathBuf,
    header: Result<Header, String>,
}

impl Program {
    /// A header that does not parse makes one test, which fails and says so.
    pub fn levels(&self) -> Vec<Level> {
        match &self.header {
            Ok(header) => header.levels.clone(),
            Err(_) => vec![Level::O0],
        }
    }

    fn is_cxx(&self) -> bool {
        self.path.extension().is_some_and(|e| e == "cpp")
    }
}

fn parse(source: &str) -> Result<Header, String> {
    let mut header = Header::default();
    for line in source.lines() {
        let Some(line) = line.strip_prefix("// ") else {
            break;
        };
        let Some((key, value)) = line.split_once(": ") else {
            return Err(format!("a header line is `key: value`, not {line:?}"));
        };
        match key {
            "What" => header.what = true,
            // Read by `cargo xtask coverage`.
            "Covers" | "Note" => {}
            "Opt" => {
                for word in value.split_whitespace() {
                    let level = Level::ALL.into_iter().find(|l| l.name() == word);
                    header
                        .levels
                        .push(level.ok_or_else(|| format!("unknown level {word:?}"))?);
                }
            }
            "Flags" => header
                .flags
                .extend(value.split_whitespace().map(str::to_owned)),
            "Error" => {
                let parts: Vec<&str> = value.split('"').collect();
                header
                    .errors
                    .extend(parts.iter().skip(1).step_by(2).map(|s| s.to_lowercase()));
                if header.errors.is_empty() {
                    return Err("`Error` lists quoted texts".to_owned());
                }
            }
            other => return Err(format!("unknown header key {other:?}")),
        }
    }
    if !header.what {
        return Err("the first line is `// What: …`".to_owned());
    }
    if header.levels.is_empty() {
        header.levels = match header.errors.is_empty() {
            true => Level::ALL.to_vec(),
            false => vec![Level::O0, Level::O2],
        };
    }
    Ok(header)
}

/// Every program, sorted by name.
pub fn collect() -> Result<Vec<Program>, String> {
    let root = match env::var_os("ENZYME_RS_PROGRAMS") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs"),
    };
    let mut programs = Vec::new();
    for topic in entries(&root)?.into_iter().filter(|p| p.is_dir()) {
        for path in entries(&topic)? {
            let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("");
            match extension {
                "c" | "cpp" => {}
                "h" | "hpp" => continue,
                _ => return Err(format!("{} is no C or C++ program", path.display())),
            }
            programs.push(Program {
                name: format!("{}/{}", stem(&topic), stem(&path)),
                header: parse(&read(&path)?),
                path,
            });
        }
    }
    if programs.is_empty() {
        return Err(format!("no programs in {}", root.display()));
    }
    Ok(programs)
}

/// What all tests share.
pub struct Bench {
    tools: Tools,
    valgrind: bool,
    keep: Option<PathBuf>,
    folder: TempDir,
}

impl Bench {
    pub fn prepare() -> Result<Bench, String> {
        let keep = env::var_os("ENZYME_RS_KEEP").map(PathBuf::from);
        if let Some(folder) = &keep {
            fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        }
        Ok(Bench {
            tools: Tools::from_environment(),
            valgrind: env::var("ENZYME_RS_VALGRIND").is_ok_and(|v| v == "1"),
            keep,
            folder: TempDir::new().map_err(|e| format!("temporary folder: {e}"))?,
        })
    }

    /// Runs one program at one level; the error is the report.
    pub fn test(&self, program: &Program, level: Level) -> Result<(), String> {
        let header = program.header.as_ref().map_err(String::clone)?;
        let folder = self.keep.as_deref().unwrap_or(self.folder.path());
        let exe = folder.join(format!(
            "{}-{}",
            program.name.replace('/', "-"),
            level.name()
        ));
        let outcome = self.compile(program, header, level, &exe)?;
        let source = program.path.display();
        if !header.errors.is_empty() {
            return refused(&outcome, &header.errors)
                .map_err(|why| format!("{source}: {why}: the compiler {}", outcome.describe()));
        }
        if !outcome.success() {
            return Err(format!("{source}: the compiler {}", outcome.describe()));
        }
        let outcome = self.execute(&exe)?;
        if self.keep.is_none() {
            // Another test does not use it; that it stays is no error.
            let _ = fs::remove_file(&exe);
        }
        match outcome.success() {
            true => Ok(()),
            false => Err(format!("{source}: the program {}", outcome.describe())),
        }
    }

    fn compile(
        &self,
        program: &Program,
        header: &Header,
        level: Level,
        exe: &Path,
    ) -> Result<Outcome, String> {
        let plugin = self.tools.plugin()?;
        let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("../enzyme-sys/include");
        let clang = match program.is_cxx() {
            true => self.tools.clang.replace("clang", "clang++"),
            false => self.tools.clang.clone(),
        };
        let mut command = Command::new(clang);
        command.arg("-I").arg(include);
        command
            .arg("-I")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs"));
        // Valgrind reads no later version of debug information, which is there as users who debug have it.
        command.args(["-g", "-gdwarf-4", "-Wno-psabi"]);
        match level {
            Level::Lto => {
                command.args(["-O2", "-flto=full", "-fuse-ld=lld"]);
                command.arg(format!("-Wl,--load-pass-plugin={}", plugin.display()));
                command.env("ENZYME_RS_FLOW", "fat");
            }
            Level::O0 | Level::O1 | Level::O2 | Level::O3 => {
                command.arg(format!("-{}", level.name()));
            }
        }
        command.arg(format!("-fpass-plugin={}", plugin.display()));
        command.args(&header.flags).arg(&program.path);
        command.arg("-o").arg(exe).arg("-lm");
        process::run(&mut command, COMPILE_LIMIT)
    }

    fn execute(&self, exe: &Path) -> Result<Outcome, String> {
        if !self.valgrind {
            return process::run(&mut Command::new(exe), RUN_LIMIT);
        }
        let mut command = Command::new("valgrind");
        command
            .args(["-q", "--leak-check=full", "--error-exitcode=99"])
            .args(["--errors-for-leak-kinds=definite,indirect,possible"])
            .arg(exe);
        process::run(&mut command, VALGRIND_LIMIT)
    }
}

/// Whether compilation failed with these texts, and with an error of ours rather than a crash.
fn refused(outcome: &Outcome, errors: &[String]) -> Result<(), String> {
    if outcome.success() {
        return Err("it was to be refused".to_owned());
    }
    let text = outcome.output.to_lowercase();
    for crash in ["stack dump", "please submit a bug report", "segmentation"] {
        if text.contains(crash) {
            return Err(format!("it crashed ({crash:?})"));
        }
    }
    match errors.iter().find(|e| !text.contains(e.as_str())) {
        Some(missing) => Err(format!("the message lacks {missing:?}")),
        None => Ok(()),
    }
}
