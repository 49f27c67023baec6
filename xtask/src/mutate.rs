//! `mutate`: flips the sign of each derivative rule in turn and requires that a filetest notices; where none calls the
//! function, a unit test of the rules.
//!
//! Contract with `pass-plugin`: its feature `mutate` makes the plugin obey `ENZYME_RS_MUTATE=<row number>`, and its unit test
//! `rules::tests::print_rows` prints a line `row <number> <name>` for each row.

use crate::steps::{self, echo};
use crate::workspace::Workspace;
use crate::{plugin, setup};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// A row of the rule table.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    number: usize,
    name: String,
}

/// What became of a row.
enum Fate {
    /// The name of the first test that failed.
    Caught(String),
    Survived,
}

/// Runs all rows whose name contains `filter`; whether each was caught.
pub fn run(workspace: &Workspace, filter: Option<&str>) -> Result<bool> {
    let plugin = plugin::build_with(workspace, &["mutate"])?;
    let tests = build_tests(workspace, &["--test", "filetests"], "filetests-")?;
    let units = build_tests(workspace, &["--lib"], "enzyme_rs-")?;
    let mut rows = rows(workspace)?;
    rows.retain(|row| filter.is_none_or(|f| row.name.contains(f)));
    if rows.is_empty() {
        bail!("no row's name contains {:?}", filter.unwrap_or_default());
    }

    // A test that fails anyway would catch every mutation.
    steps::say("filetests without a mutation");
    let base = Bench {
        tests: &tests,
        units: &units,
        plugin: plugin.path(),
    };
    if let Fate::Caught(test) = base.first_failure(None, &[])? {
        bail!("{test} fails without any mutation; mend that first");
    }

    steps::say(&format!("{} rows", rows.len()));
    let fates = fates(&base, &rows)?;
    let mut survivors = 0;
    for (row, fate) in rows.iter().zip(&fates) {
        let verdict = match fate {
            Fate::Caught(test) => format!("caught by {test}"),
            Fate::Survived => {
                survivors += 1;
                "SURVIVED".to_string()
            }
        };
        echo(&format!("{:>4} {:<28} {verdict}", row.number, row.name));
    }
    echo(&format!(
        "{} rows caught, {survivors} survived",
        rows.len() - survivors
    ));
    Ok(survivors == 0)
}

/// Builds one of `pass-plugin`'s test executables, whose file name starts with `name`.
fn build_tests(workspace: &Workspace, which: &[&str], name: &str) -> Result<std::path::PathBuf> {
    setup::run()?;
    let mut command = workspace.cargo("test");
    command.args([
        "--release",
        "--package",
        "pass-plugin",
        "--features",
        "mutate",
        "--no-run",
    ]);
    command.args(which);
    plugin::artifact("building the tests", &mut command, |path| {
        path.file_name()
            .is_some_and(|file| file.to_string_lossy().starts_with(name))
    })
}

fn rows(workspace: &Workspace) -> Result<Vec<Row>> {
    let mut command = workspace.cargo("test");
    command.args([
        "--release",
        "--package",
        "pass-plugin",
        "--features",
        "mutate",
        "--lib",
        "--",
    ]);
    command.args([
        "--exact",
        "rules::tests::print_rows",
        "--nocapture",
        "--test-threads=1",
    ]);
    let rows = parse_rows(&steps::must("listing the rows", &mut command)?)?;
    if rows.is_empty() {
        bail!(
            "the test rules::tests::print_rows of pass-plugin printed no line `row <number> <name>`"
        );
    }
    Ok(rows)
}

/// The first row may share its line with the test harness's `test … ... `.
fn parse_rows(text: &str) -> Result<Vec<Row>> {
    let lines = text
        .lines()
        .map(|line| line.rsplit_once("... ").map_or(line, |(_, rest)| rest));
    lines
        .filter_map(|line| line.strip_prefix("row "))
        .map(|rest| {
            let (number, name) = rest
                .split_once(' ')
                .with_context(|| format!("row {rest:?} has no name"))?;
            let number = number
                .parse()
                .with_context(|| format!("row number {number:?}"))?;
            Ok(Row {
                number,
                // Further names of the row may follow.
                name: name
                    .split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .to_string(),
            })
        })
        .collect()
}

/// Tries the rows on two threads, as many as the tests' compilers keep busy on a small machine.
fn fates(bench: &Bench<'_>, rows: &[Row]) -> Result<Vec<Fate>> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(row) = rows.get(index) else { return };
                    let fate = bench.fate(row);
                    let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                    results.push((index, fate));
                    if results.len() % 25 == 0 {
                        steps::say(&format!("{} of {} rows", results.len(), rows.len()));
                    }
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, fate)| fate).collect()
}

/// The filetests' executable, the unit tests', and the plugin that the filetests test.
struct Bench<'a> {
    tests: &'a Path,
    units: &'a Path,
    plugin: &'a Path,
}

impl Bench<'_> {
    /// The tests that are named after the function are run on generated code; what they do not catch must be caught by
    /// the rules' unit tests.
    fn fate(&self, row: &Row) -> Result<Fate> {
        let topic = row
            .name
            .trim_start_matches(['%', '_'])
            .trim_start_matches("llvm.");
        let named = self.first_failure(Some(row.number), &[topic])?;
        match named {
            Fate::Caught(_) => Ok(named),
            Fate::Survived => self.unit_failure(row.number),
        }
    }

    /// The rules' own tests, on formulas: for functions that this machine's C library does not have (`sinpi`), or that
    /// device code has, nothing else can run.
    fn unit_failure(&self, row: usize) -> Result<Fate> {
        let mut command = Command::new(self.units);
        command
            .args(["rules::tests", "--test-threads=1"])
            .env("ENZYME_RS_MUTATE", row.to_string());
        let mut failed = None;
        steps::stream_quietly(&mut command, |line| {
            failed = failed_test(line);
            failed.is_none()
        })?;
        Ok(failed.map_or(Fate::Survived, |test| {
            Fate::Caught(format!("unit test {test}"))
        }))
    }

    /// Runs the tests until one fails.
    fn first_failure(&self, row: Option<usize>, filter: &[&str]) -> Result<Fate> {
        let mut command = Command::new(self.tests);
        command
            .args(filter)
            .arg("--test-threads=1")
            .env("ENZYME_RS_PLUGIN", self.plugin);
        match row {
            Some(row) => command.env("ENZYME_RS_MUTATE", row.to_string()),
            None => command.env_remove("ENZYME_RS_MUTATE"),
        };
        let mut failed = None;
        let status = steps::stream_quietly(&mut command, |line| {
            failed = failed_test(line);
            failed.is_none()
        })?;
        match failed {
            Some(test) => Ok(Fate::Caught(test)),
            None if status.success() => Ok(Fate::Survived),
            // A harness that dies without naming a test says nothing about the rule.
            None => {
                bail!("the filetests ended with {status} and named no failed test (row {row:?})")
            }
        }
    }
}

/// The test's name in `test topic/name[config] ... FAILED`.
fn failed_test(line: &str) -> Option<String> {
    let name = line
        .strip_prefix("test ")?
        .strip_suffix("FAILED")?
        .trim_end();
    Some(name.strip_suffix("...")?.trim_end().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_among_other_lines() {
        let text = "running 1 test\ntest rules::tests::print_rows ... row 0 %fadd\nrow 1 sin\nok\n";
        let rows = parse_rows(text).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(
            rows[1],
            Row {
                number: 1,
                name: "sin".to_string()
            }
        );
        assert!(parse_rows("row x sin").is_err());
    }

    #[test]
    fn failed_tests_are_named() {
        assert_eq!(
            failed_test("test functions/sin[O1]     ... FAILED").as_deref(),
            Some("functions/sin[O1]")
        );
        assert_eq!(failed_test("test functions/sin[O1] ... ok"), None);
        assert_eq!(failed_test("test result: FAILED. 1 passed; 1 failed"), None);
    }
}
