//! `mutate`: flips the sign of each derivative rule in turn and requires that the tests notice: a filetest, which runs
//! generated code, and the rules' unit test, which evaluates the formulas. A row is caught when either fails, and what
//! only formulas catch is said.
//!
//! Contract with `pass-plugin`: its feature `mutate` makes the plugin obey `ENZYME_RS_MUTATE=<row number>`, and its unit test
//! `rules::tests::print_rows` prints a line `row <number> <name> <further names>` for each row.

use crate::plugin;
use crate::steps::{self, echo};
use crate::tally::test_result;
use crate::workspace::Workspace;
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

/// The unit test that compares the table with differences. Others notice a flip too, but this one because of the sign.
const UNIT_TEST: &str = "rules::tests::every_row_agrees_with_differences";

/// What became of a row.
struct Fate {
    /// The first filetest that failed.
    generated: Option<String>,
    /// Whether the unit test failed.
    formulas: bool,
}

impl Fate {
    fn verdict(&self) -> String {
        match (&self.generated, self.formulas) {
            (Some(test), true) => format!("caught by {test} and by the formulas' test"),
            (Some(test), false) => format!("caught by {test}"),
            (None, true) => "caught by the formulas' test only".to_string(),
            (None, false) => "SURVIVED".to_string(),
        }
    }
}

/// Runs all rows whose name contains `filter`; whether each was caught.
pub fn run(workspace: &Workspace, filter: Option<&str>) -> Result<bool> {
    let plugin = plugin::build_mutable(workspace)?;
    let tests = build_tests(workspace, &["--test", "filetests"], "filetests-")?;
    let units = build_tests(workspace, &["--lib"], "enzyme_rs-")?;
    let mut rows = rows(&units)?;
    rows.retain(|row| filter.is_none_or(|f| row.name.contains(f)));
    if rows.is_empty() {
        bail!("no row's name contains {:?}", filter.unwrap_or_default());
    }

    let bench = Bench {
        tests: &tests,
        units: &units,
        plugin: plugin.path(),
    };
    // A test that fails anyway would catch every mutation.
    steps::say("the tests without a mutation");
    if let Some(test) = bench.failed_filetest(None, "")? {
        bail!("{test} fails without any mutation; mend that first");
    }
    if bench.formulas_fail(None)? {
        bail!("{UNIT_TEST} fails without any mutation; mend that first");
    }

    steps::say(&format!("{} rows", rows.len()));
    let fates = fates(&bench, &rows)?;
    for (row, fate) in rows.iter().zip(&fates) {
        echo(&format!(
            "{:>4} {:<28} {}",
            row.number,
            row.name,
            fate.verdict()
        ));
    }
    let count = |of: fn(&Fate) -> bool| fates.iter().filter(|fate| of(fate)).count();
    let survivors = count(|f| f.generated.is_none() && !f.formulas);
    echo(&format!(
        "{} rows caught ({} by generated code, {} by formulas only), {survivors} survived",
        rows.len() - survivors,
        count(|f| f.generated.is_some()),
        count(|f| f.generated.is_none() && f.formulas),
    ));
    Ok(survivors == 0)
}

/// Builds one of `pass-plugin`'s test executables, whose file name starts with `name`.
fn build_tests(workspace: &Workspace, which: &[&str], name: &str) -> Result<std::path::PathBuf> {
    let mut command = plugin::cargo_mutable(workspace, "test")?;
    command.arg("--no-run").args(which);
    let what = format!("building the tests {}", name.trim_end_matches('-'));
    plugin::artifact(&what, &mut command, |path| {
        path.file_name()
            .is_some_and(|file| file.to_string_lossy().starts_with(name))
    })
}

fn rows(units: &Path) -> Result<Vec<Row>> {
    let mut command = Command::new(units);
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
    fn fate(&self, row: &Row) -> Result<Fate> {
        let formulas = self.formulas_fail(Some(row.number))?;
        for filter in filters(&row.name, formulas) {
            let generated = self.failed_filetest(Some(row.number), &filter)?;
            if generated.is_some() {
                return Ok(Fate {
                    generated,
                    formulas,
                });
            }
        }
        Ok(Fate {
            generated: None,
            formulas,
        })
    }

    /// Whether the unit test fails, or reports that it did: a process that dies otherwise says nothing about the rule.
    fn formulas_fail(&self, row: Option<usize>) -> Result<bool> {
        let mut command = Command::new(self.units);
        command.args(["--exact", UNIT_TEST, "--test-threads=1"]);
        mutation(&mut command, row);
        let mut result = None;
        let status = steps::stream_quietly(&mut command, |line| {
            result = result.or_else(|| test_result(line));
            true
        })?;
        match result {
            Some((1, 0)) => Ok(false),
            Some((0, 1)) => Ok(true),
            _ => bail!("{UNIT_TEST} was not run: the unit tests ended with {status} (row {row:?})"),
        }
    }

    /// Runs the filetests whose name contains `filter` until one fails, and returns its name.
    fn failed_filetest(&self, row: Option<usize>, filter: &str) -> Result<Option<String>> {
        let mut command = Command::new(self.tests);
        command.arg(filter).env("ENZYME_RS_PLUGIN", self.plugin);
        // A row's tests run beside those of another row.
        if row.is_some() {
            command.arg("--test-threads=1");
        }
        mutation(&mut command, row);
        let mut failed = None;
        let status = steps::stream_quietly(&mut command, |line| {
            failed = failed_test(line);
            failed.is_none()
        })?;
        // A harness that dies without naming a test says nothing about the rule.
        if failed.is_none() && !status.success() {
            bail!("the filetests ended with {status} and named no failed test (row {row:?})");
        }
        Ok(failed)
    }
}

fn mutation(command: &mut Command, row: Option<usize>) {
    match row {
        Some(row) => command.env("ENZYME_RS_MUTATE", row.to_string()),
        None => command.env_remove("ENZYME_RS_MUTATE"),
    };
}

/// Which filetests to try on a row, the likeliest first: the one-call module of the function or intrinsic, in one
/// configuration, then what is named after it. All tests are the last resort for a row that nothing else catches.
fn filters(name: &str, caught: bool) -> Vec<String> {
    // compiler-rt's letter for double, as in `__muldc3`.
    let name = name.replace('?', "d");
    let topic = name
        .trim_start_matches(['%', '_'])
        .trim_start_matches("llvm.");
    let mut filters = vec![
        format!("/{topic}.f64[opt]"),
        format!("/llvm.{topic}.f64.f64[opt]"),
        format!("/{topic}[opt]"),
        topic.to_string(),
    ];
    if !caught {
        filters.push(String::new());
    }
    filters
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
    fn the_likeliest_tests_come_first() {
        let first = |name| filters(name, true).swap_remove(0);
        assert_eq!(first("sin"), "/sin.f64[opt]");
        assert_eq!(first("%fadd"), "/fadd.f64[opt]");
        assert_eq!(
            filters("llvm.canonicalize", true)[1],
            "/llvm.canonicalize.f64.f64[opt]"
        );
        assert_eq!(filters("__mul?c3", true)[2], "/muldc3[opt]");
        assert!(filters("sin", false).contains(&String::new()));
    }

    #[test]
    fn a_verdict_says_what_caught_a_row() {
        let fate = |generated: Option<&str>, formulas| Fate {
            generated: generated.map(str::to_string),
            formulas,
        };
        assert_eq!(fate(None, false).verdict(), "SURVIVED");
        assert!(fate(None, true).verdict().contains("only"));
        assert!(fate(Some("a/b"), true).verdict().contains("a/b and"));
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
