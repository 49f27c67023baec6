//! `gmm FLOW INPUT [--ratios]`: differentiates the objective on one input and prints a JSON object.
//!
//! Without `--ratios` everything is checked: `{flow, objective, grad_norm, err_fd, err_fwd, grad_over_primal}`. With it only
//! times are taken: `{flow, input, err_by_hand, primal_ms, grad_over_primal, by_hand_over_primal}`.

use gmm::by_hand;
use gmm::differences::{central_differences, for_each_input, largest_error, objective};
use gmm::input::{Problem, Shadow};
use gmm::objective::{gmm_objective_fwd, gmm_objective_grad};
use gmm::timing::alternating_medians;
use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// How long each set of alternating timings may take.
const TIMING: Duration = Duration::from_secs(3);

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (flow, path, ratios) = match args[..] {
        [flow, path] => (flow, path, false),
        [flow, path, "--ratios"] => (flow, path, true),
        _ => {
            eprintln!("usage: gmm FLOW INPUT [--ratios]");
            return ExitCode::FAILURE;
        }
    };
    let problem = match Problem::read(Path::new(path)) {
        Ok(problem) => problem,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    if ratios {
        print_ratios(flow, path, &problem)
    } else {
        print_checks(flow, &problem)
    }
    ExitCode::SUCCESS
}

/// Adds the gradient to `grad` and returns the objective.
fn gradient(p: &Problem, grad: &mut Shadow) -> f64 {
    gmm_objective_grad(
        p.d,
        p.k,
        p.n,
        &p.alphas,
        &mut grad.alphas,
        &p.means,
        &mut grad.means,
        &p.icf,
        &mut grad.icf,
        &p.x,
        p.gamma,
        p.m,
        1.0,
    )
}

/// Derivative by one input, in forward mode.
fn forward(p: &Problem, index: usize) -> f64 {
    let mut direction = Shadow::zeros(p);
    *direction.entry(index) = 1.0;
    let (_, derivative) = gmm_objective_fwd(
        p.d,
        p.k,
        p.n,
        &p.alphas,
        &direction.alphas,
        &p.means,
        &direction.means,
        &p.icf,
        &direction.icf,
        &p.x,
        p.gamma,
        p.m,
    );
    derivative
}

fn print_checks(flow: &str, p: &Problem) {
    let mut grad = Shadow::zeros(p);
    let value = gradient(p, &mut grad);
    let grad = grad.flat();
    let norm = grad.iter().map(|v| v * v).sum::<f64>().sqrt();

    let differences = central_differences(p, &mut |done| progress("differences", done, p));
    let tangents = for_each_input(p, &mut |done| progress("forward mode", done, p), |p, i| {
        forward(p, i)
    });
    let primal = objective(p);
    assert!(
        (value - primal).abs() <= 1e-12 * primal.abs(),
        "the gradient's objective is {value}, the primal's {primal}"
    );
    let [primal, gradient, _] = times(p);
    println!(
        "{{\"flow\":\"{flow}\",\"objective\":{value:.17e},\"grad_norm\":{norm:.17e},\"err_fd\":{:.3e},\"err_fwd\":{:.3e},\
         \"grad_over_primal\":{:.3}}}",
        json_number(largest_error(&grad, &differences)),
        json_number(largest_error(&grad, &tangents)),
        gradient / primal,
    );
}

fn print_ratios(flow: &str, path: &str, p: &Problem) {
    let (mut ours, mut by_hand) = (Shadow::zeros(p), Shadow::zeros(p));
    gradient(p, &mut ours);
    by_hand::gradient(p, &mut by_hand, &mut by_hand::Scratch::new(p));
    let error = json_number(largest_error(&ours.flat(), &by_hand.flat()));
    let [primal, gradient, hand] = times(p);
    println!(
        "{{\"flow\":\"{flow}\",\"input\":\"{}\",\"err_by_hand\":{error:.3e},\"primal_ms\":{:.4},\
         \"grad_over_primal\":{:.3},\"by_hand_over_primal\":{:.3}}}",
        Path::new(path).file_stem().unwrap_or_default().display(),
        primal * 1e3,
        gradient / primal,
        hand / primal,
    );
}

/// Median seconds of the primal, of its gradient and of the hand-written one. The shadows are cleared within the timed
/// part, as a caller must.
fn times(p: &Problem) -> [f64; 3] {
    let (mut grad, mut hand) = (Shadow::zeros(p), Shadow::zeros(p));
    let mut scratch = by_hand::Scratch::new(p);
    let medians = alternating_medians(
        TIMING,
        &mut [
            &mut || {
                black_box(objective(black_box(p)));
            },
            &mut || {
                grad.clear();
                black_box(gradient(black_box(p), black_box(&mut grad)));
            },
            &mut || {
                hand.clear();
                black_box(by_hand::gradient(
                    black_box(p),
                    black_box(&mut hand),
                    &mut scratch,
                ));
            },
        ],
    );
    [medians[0], medians[1], medians[2]]
}

/// JSON has no infinity; an error that is not a number must still fail every comparison with a bound.
fn json_number(value: f64) -> f64 {
    if value.is_finite() { value } else { 1e300 }
}

fn progress(what: &str, done: usize, p: &Problem) {
    use std::io::{IsTerminal, Write};
    let mut err = std::io::stderr();
    if err.is_terminal() {
        // A closed stderr only loses the progress line.
        let _ = write!(
            err,
            "\r{what}: {done} of {}\x1b[K{}",
            p.inputs(),
            if done == p.inputs() { "\r\x1b[K" } else { "" }
        );
        let _ = err.flush();
    }
}
