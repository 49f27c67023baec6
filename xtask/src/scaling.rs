//! `scaling`: how compile time grows with the size of the program, for generated programs of several kinds.
//!
//! The plugin says itself how long its stages took (`ENZYME_RS_PRINT=timings`); what is left of the compiler's time is the
//! host's, before and after it. Exponents are slopes in log-log space: 1 is linear. `test` checks the counts of work that
//! the plugin prints beside the times, for they are the same on every machine.

use crate::steps::capture;
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{plugin, steps};
use anyhow::{Context, Result, bail, ensure};
use serde::Serialize;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use toolchains::Plugin;

/// A kind of program, by what its size counts.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    sizes: [usize; 3],
    /// Sizes at which the work is counted by `test`.
    small: [usize; 2],
    source: fn(usize) -> String,
}

const KINDS: [Kind; 4] = [
    Kind {
        name: "functions",
        sizes: [10, 100, 1000],
        small: [20, 80],
        source: functions,
    },
    Kind {
        name: "call chain",
        sizes: [10, 100, 1000],
        small: [20, 80],
        source: call_chain,
    },
    Kind {
        name: "statements",
        sizes: [100, 1000, 10_000],
        small: [100, 400],
        source: statements,
    },
    Kind {
        name: "loops",
        sizes: [100, 300, 1000],
        small: [40, 160],
        source: loops,
    },
];

const HEAD: &str = "double __enzyme_autodiff(void *, ...);\ndouble sin(double);\nextern int enzyme_dup, enzyme_const;\n";

/// Functions that have nothing to do with each other, each differentiated.
fn functions(n: usize) -> String {
    let mut out = String::from(HEAD);
    for i in 0..n {
        let turns = 3 + i % 5;
        let _ = writeln!(
            out,
            "static double f{i}(double x) {{ double s = x; for (int k = 0; k < {turns}; k++) s = s * x + {i}.5; return s * sin(x); }}\n\
             double g{i}(double x) {{ return __enzyme_autodiff((void *)f{i}, x); }}"
        );
    }
    out
}

/// Functions that call each other in a row and are not inlined.
fn call_chain(n: usize) -> String {
    let mut out =
        format!("{HEAD}__attribute__((noinline)) double c0(double x) {{ return x * x; }}\n");
    for i in 1..n {
        let _ = writeln!(
            out,
            "__attribute__((noinline)) double c{i}(double x) {{ return c{}(x * {i}.0e-3 + 0.5) * x; }}",
            i - 1
        );
    }
    let last = n - 1;
    let _ = writeln!(
        out,
        "double g(double x) {{ return __enzyme_autodiff((void *)c{last}, x); }}"
    );
    out
}

/// One function of straight-line code.
fn statements(n: usize) -> String {
    let mut out = format!(
        "{HEAD}static double f(double x, double y) {{\n  double a = x, b = y, c = x * y, d = 1.0;\n"
    );
    let names = ["a", "b", "c", "d"];
    for i in 0..n {
        let (to, v, w) = (names[i % 4], names[(i + 1) % 4], names[(i * 7 + 3) % 4]);
        let _ = match i % 4 {
            0 => writeln!(out, "  {to} = {v} * {w} + 0.5;"),
            1 => writeln!(out, "  {to} = {v} - {w} * 0.25;"),
            2 => writeln!(out, "  {to} = sin({v}) + {w};"),
            _ => writeln!(out, "  {to} = {v} / (2.0 + {w} * {w});"),
        };
    }
    out += "  return a + b + c + d;\n}\ndouble g(double x, double y) { return __enzyme_autodiff((void *)f, x, enzyme_const, y); }\n";
    out
}

/// One function of loops over an array and branches, four statements each.
fn loops(n: usize) -> String {
    let mut out = format!("{HEAD}static double f(double *p, long m) {{\n  double s = 0;\n");
    for i in 0..n / 4 {
        let (a, b, c, d, e) = (i % 7, i % 3, i % 11, i % 5, i % 13);
        let _ = writeln!(
            out,
            "  for (long i = 0; i < m; i++) p[i + {a}] = p[i] * p[i + {b}] + {i}.5;\n  \
             if (p[{c}] > 0.5) s += p[{d}] * p[{e}]; else s -= p[{b}];"
        );
    }
    out += "  return s;\n}\ndouble g(double *p, double *dp, long m) { return __enzyme_autodiff((void *)f, enzyme_dup, p, dp, enzyme_const, m); }\n";
    out
}

/// What one compilation took.
#[derive(Clone, Copy, Serialize)]
struct Times {
    size: usize,
    /// Seconds of the plugin's stages.
    plugin: f64,
    /// The rest of the compiler's seconds.
    host: f64,
    /// The compiler's seconds without the plugin, in which case nothing is differentiated.
    alone: f64,
}

#[derive(Serialize)]
struct Row {
    kind: &'static str,
    level: &'static str,
    times: Vec<Times>,
    plugin_exponent: f64,
    host_exponent: f64,
    alone_exponent: f64,
}

/// Measures, prints a table, and writes the rows to `json` where asked.
pub fn run(workspace: &Workspace, json: Option<&Path>) -> Result<()> {
    let plugin = plugin::build(workspace)?;
    let mut rows = Vec::new();
    for kind in KINDS {
        for level in ["-O0", "-O1", "-O2"] {
            steps::say(&format!("{} at {level}", kind.name));
            let times: Vec<Times> = (kind.sizes.iter())
                .map(|size| measure(workspace, &plugin, &kind, *size, level))
                .collect::<Result<_>>()?;
            let slope = |of: fn(&Times) -> f64| {
                exponent(
                    &times
                        .iter()
                        .map(|t| (t.size as f64, of(t)))
                        .collect::<Vec<_>>(),
                )
            };
            rows.push(Row {
                kind: kind.name,
                level,
                plugin_exponent: slope(|t| t.plugin),
                host_exponent: slope(|t| t.host),
                alone_exponent: slope(|t| t.alone),
                times,
            });
        }
    }
    print_table(&rows);
    if let Some(path) = json {
        let text = serde_json::to_string_pretty(&rows)?;
        std::fs::write(path, text + "\n").with_context(|| format!("writing {}", path.display()))?;
        steps::say(&format!("wrote {}", path.display()));
    }
    Ok(())
}

/// Checks that the plugin's work, counted, grows no faster than the program.
pub fn check(workspace: &Workspace, plugin: &Plugin) -> Result<Tally> {
    let mut tally = Tally::default();
    for kind in KINDS {
        for level in ["-O0", "-O2"] {
            let name = format!("scaling/{}[{}]", kind.name.replace(' ', "_"), &level[1..]);
            tally.check(&name, check_work(workspace, plugin, &kind, level));
        }
    }
    Ok(tally)
}

fn check_work(workspace: &Workspace, plugin: &Plugin, kind: &Kind, level: &str) -> Result<()> {
    let mut counts = Vec::new();
    for size in kind.small {
        let source = write_source(workspace, kind, size)?;
        let (report, _) = compile(&source, level, Some(plugin))?;
        counts.push((size as f64, report.work));
    }
    let [(n, few), (m, many)] = &counts[..] else {
        bail!("two sizes are compared");
    };
    ensure!(!few.is_empty(), "the plugin counted no work");
    for (name, count) in few {
        let more = many.iter().find(|(other, _)| other == name);
        let (_, more) = more.with_context(|| format!("`{name}` was counted once only"))?;
        let slope = exponent(&[(*n, *count), (*m, *more)]);
        ensure!(
            slope <= 1.2,
            "`{name}` grows with exponent {slope:.2}: {count} at size {n}, {more} at size {m}"
        );
    }
    Ok(())
}

/// The slope of a straight line through the logarithms, by least squares.
fn exponent(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = points
        .iter()
        .map(|(n, t)| (n.ln(), t.max(1e-6).ln()))
        .collect();
    let count = logs.len() as f64;
    let (mean_x, mean_y) = logs
        .iter()
        .fold((0.0, 0.0), |(a, b), (x, y)| (a + x / count, b + y / count));
    let (over, under) = logs.iter().fold((0.0, 0.0), |(a, b), (x, y)| {
        (a + (x - mean_x) * (y - mean_y), b + (x - mean_x).powi(2))
    });
    over / under
}

fn write_source(workspace: &Workspace, kind: &Kind, size: usize) -> Result<PathBuf> {
    let folder = workspace.products("scaling")?;
    let path = folder.join(format!("{}-{size}.c", kind.name.replace(' ', "-")));
    std::fs::write(&path, (kind.source)(size))
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(path)
}

/// The fastest of some runs: what else the machine does only adds to a time.
fn measure(
    workspace: &Workspace,
    plugin: &Plugin,
    kind: &Kind,
    size: usize,
    level: &str,
) -> Result<Times> {
    const RUNS: usize = 3;
    let source = write_source(workspace, kind, size)?;
    let mut best = Times {
        size,
        plugin: f64::INFINITY,
        host: f64::INFINITY,
        alone: f64::INFINITY,
    };
    for _ in 0..RUNS {
        let (report, all) = compile(&source, level, Some(plugin))?;
        let (_, alone) = compile(&source, level, None)?;
        best.plugin = best.plugin.min(report.seconds);
        best.host = best.host.min(all - report.seconds);
        best.alone = best.alone.min(alone);
        if all > 5.0 {
            break;
        }
    }
    Ok(best)
}

/// What the plugin says of itself.
struct Report {
    seconds: f64,
    work: Vec<(String, f64)>,
}

/// Compiles, and returns the plugin's report and the seconds that all took.
fn compile(source: &Path, level: &str, plugin: Option<&Plugin>) -> Result<(Report, f64)> {
    let mut command = Command::new("clang-22");
    command.args([level, "-c", "-o", "/dev/null"]).arg(source);
    if let Some(plugin) = plugin {
        command
            .arg(format!("-fpass-plugin={}", plugin.path().display()))
            .env("ENZYME_RS_PRINT", "timings")
            .env_remove("ENZYME_RS_LOG");
    }
    let what = format!("compiling {} at {level}", source.display());
    let begin = Instant::now();
    let done = capture(&what, &mut command)?;
    let all = begin.elapsed().as_secs_f64();
    ensure!(done.status.success(), "{what} failed:\n{}", done.tail(10));
    let mut report = Report {
        seconds: 0.0,
        work: Vec::new(),
    };
    for line in done.stderr.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["enzyme_rs", "timing", _, seconds, _] => report.seconds += seconds.parse::<f64>()?,
            ["enzyme_rs", "work", name, n] => report.work.push((name.to_string(), n.parse()?)),
            _ => {}
        }
    }
    ensure!(
        plugin.is_none() || report.seconds > 0.0,
        "{what}: the plugin said no times"
    );
    Ok((report, all))
}

fn print_table(rows: &[Row]) {
    println!(
        "{:<12} {:<5} {:>7} {:>10} {:>10} {:>10}   exponents: plugin, host, host alone",
        "kind", "level", "size", "plugin s", "host s", "alone s"
    );
    for row in rows {
        for (k, t) in row.times.iter().enumerate() {
            let exponents = match k + 1 == row.times.len() {
                true => format!(
                    "{:.2}, {:.2}, {:.2}",
                    row.plugin_exponent, row.host_exponent, row.alone_exponent
                ),
                false => String::new(),
            };
            println!(
                "{:<12} {:<5} {:>7} {:>10.4} {:>10.3} {:>10.3}   {exponents}",
                row.kind, row.level, t.size, t.plugin, t.host, t.alone
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_are_slopes() {
        let square = [(10.0, 1.0), (100.0, 100.0), (1000.0, 10_000.0)];
        assert!((exponent(&square) - 2.0).abs() < 1e-12);
        assert!(exponent(&[(10.0, 3.0), (1000.0, 3.0)]).abs() < 1e-12);
    }
}
