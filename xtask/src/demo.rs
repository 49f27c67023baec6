//! `demo`: a real model differentiated through both main flows, and the numbers judged.

use crate::gmm::{self, DEMO_INPUT, FLOWS, Report};
use crate::workspace::Workspace;
use crate::{plugin, steps};
use anyhow::Result;
use std::process::Command;
use toolchains::Flow;

/// Largest error against central differences, against forward mode, and between the flows' objectives.
const BOUNDS: (f64, f64, f64) = (1e-6, 1e-10, 1e-12);

/// Prints a table, or a JSON object per flow; whether the numbers are within their bounds.
pub fn run(workspace: &Workspace, json: bool) -> Result<bool> {
    let plugin = plugin::build(workspace)?;
    let input = gmm::input(workspace, DEMO_INPUT);
    let mut reports = Vec::new();
    for name in FLOWS {
        let flow = Flow::find(name)?;
        let program = gmm::build(workspace, &flow, &plugin)?;
        let what = format!(
            "{name}: gradient of {DEMO_INPUT}, checked against differences and forward mode"
        );
        let (line, report) =
            gmm::run::<Report>(&what, Command::new(program).arg(name).arg(&input))?;
        if json {
            println!("{line}");
        }
        reports.push(report);
    }
    if !json {
        print_table(&reports);
    }
    let complaints = complaints(&reports);
    for complaint in &complaints {
        steps::say(complaint);
    }
    if complaints.is_empty() && !json {
        println!("\nBoth flows agree, and every error is within its bound.");
    }
    Ok(complaints.is_empty())
}

fn print_table(reports: &[Report]) {
    let (fd, fwd, _) = BOUNDS;
    println!(
        "\nThe log-likelihood of a Gaussian mixture in plain safe Rust (lto-tests/gmm), at ADBench's input {DEMO_INPUT},\n\
         and its gradient by reverse mode:\n"
    );
    println!(
        "{:<14} {:>20} {:>16} {:>10} {:>10} {:>17}",
        "flow", "objective", "gradient norm", "err_fd", "err_fwd", "gradient/primal"
    );
    for r in reports {
        println!(
            "{:<14} {:>20.10} {:>16.8} {:>10.1e} {:>10.1e} {:>17.2}",
            r.flow, r.objective, r.grad_norm, r.err_fd, r.err_fwd, r.grad_over_primal
        );
    }
    println!(
        "\nerr_fd           largest relative error of the gradient against central differences (bound {fd:.0e})\n\
         err_fwd          the same against forward mode (bound {fwd:.0e})\n\
         gradient/primal  time of the gradient over the time of the function, medians of one run"
    );
}

/// What is wrong with the reports. The time is shown, not judged: it depends on the machine.
fn complaints(reports: &[Report]) -> Vec<String> {
    let (fd, fwd, same) = BOUNDS;
    let mut complaints = Vec::new();
    for r in reports {
        for (name, error, bound) in [("err_fd", r.err_fd, fd), ("err_fwd", r.err_fwd, fwd)] {
            // Not `error >= bound`: a NaN must be a complaint too.
            if error.is_nan() || error >= bound {
                complaints.push(format!(
                    "{}: {name} is {error:e}, the bound is {bound:e}",
                    r.flow
                ));
            }
        }
        if !(r.grad_norm.is_finite() && r.grad_norm > 0.0) {
            complaints.push(format!(
                "{}: the gradient's norm is {}",
                r.flow, r.grad_norm
            ));
        }
        let reference = reports[0].objective;
        let off = (r.objective - reference).abs() / reference.abs();
        if off.is_nan() || off > same {
            complaints.push(format!(
                "{}: the objective is {}, the first flow's {reference}",
                r.flow, r.objective
            ));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(change: impl FnOnce(&mut Report)) -> Vec<Report> {
        let text = r#"{"flow":"a","objective":-2.5,"grad_norm":3.0,"err_fd":1e-8,"err_fwd":1e-13,"grad_over_primal":2.0}"#;
        let good: Report = serde_json::from_str(text).unwrap();
        let mut other = good.clone();
        change(&mut other);
        vec![good, other]
    }

    #[test]
    fn each_wrong_number_is_a_complaint() {
        assert!(complaints(&report(|_| ())).is_empty());
        for reports in [
            report(|r| r.err_fd = 1e-5),
            report(|r| r.err_fd = f64::NAN),
            report(|r| r.err_fwd = 1e-9),
            report(|r| r.grad_norm = 0.0),
            report(|r| r.objective = -2.500_000_1),
        ] {
            assert_eq!(complaints(&reports).len(), 1, "{reports:?}");
        }
    }
}
