//! `rivals INPUT`: the gradient by the tape crate `echidna`, timed against the primal, as a JSON object
//! `{input, err_by_hand, primal_ms, tape_over_primal}`.
//!
//! The objective is written with the crate's reverse-mode number in the same structure as the plain one; what does not
//! depend on the parameters stays `f64`. It is built without the plugin, as a user of that crate would build it.

use echidna::Reverse;
use gmm::by_hand;
use gmm::differences::{largest_error, objective};
use gmm::input::{Problem, Shadow, icf_len};
use gmm::objective::{constant, log_wishart_constant};
use gmm::timing::alternating_medians;
use num_traits::Float;
use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

type Var = Reverse<f64>;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: rivals INPUT");
        return ExitCode::FAILURE;
    };
    let problem = match Problem::read(Path::new(&path)) {
        Ok(problem) => problem,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let parameters = [&problem.alphas[..], &problem.means, &problem.icf].concat();
    let gradient = || echidna::grad(|v| tape_objective(&problem, v), black_box(&parameters));

    let mut by_hand = Shadow::zeros(&problem);
    by_hand::gradient(&problem, &mut by_hand, &mut by_hand::Scratch::new(&problem));
    let error = largest_error(&by_hand.flat(), &gradient());
    assert!(error < 1e-9, "the tape's gradient is off by {error:e}");
    let medians = alternating_medians(
        Duration::from_secs(3),
        &mut [
            &mut || {
                black_box(objective(black_box(&problem)));
            },
            &mut || {
                black_box(gradient());
            },
        ],
    );
    println!(
        "{{\"input\":\"{}\",\"err_by_hand\":{error:.3e},\"primal_ms\":{:.4},\"tape_over_primal\":{:.3}}}",
        Path::new(&path).file_stem().unwrap_or_default().display(),
        medians[0] * 1e3,
        medians[1] / medians[0],
    );
    ExitCode::SUCCESS
}

fn tape_objective(p: &Problem, parameters: &[Var]) -> Var {
    let (d, row) = (p.d, icf_len(p.d));
    let (alphas, rest) = parameters.split_at(p.k);
    let (means, icf) = rest.split_at(p.k * d);

    let mut qdiags = Vec::with_capacity(p.k * d);
    let mut sum_qs = Vec::with_capacity(p.k);
    for q in icf.chunks_exact(row) {
        sum_qs.push(sum(&q[..d]));
        qdiags.extend(q[..d].iter().map(|q| q.exp()));
    }

    let mut slse = Var::constant(0.0);
    let mut main_term = Vec::with_capacity(p.k);
    let (mut centered, mut scaled) = (Vec::with_capacity(d), Vec::with_capacity(d));
    for point in p.x.chunks_exact(d) {
        main_term.clear();
        for ik in 0..p.k {
            centered.clear();
            scaled.clear();
            for i in 0..d {
                let c = Var::constant(point[i]) - means[ik * d + i];
                centered.push(c);
                scaled.push(qdiags[ik * d + i] * c);
            }
            let mut below = icf[ik * row + d..(ik + 1) * row].iter();
            for i in 0..d {
                for (out, l) in scaled[i + 1..].iter_mut().zip(&mut below) {
                    *out += *l * centered[i];
                }
            }
            main_term.push(alphas[ik] + sum_qs[ik] - sqnorm(&scaled) * 0.5);
        }
        slse += log_sum_exp(&main_term);
    }

    let mut prior = Var::constant(0.0);
    for ik in 0..p.k {
        let frobenius =
            sqnorm(&qdiags[ik * d..(ik + 1) * d]) + sqnorm(&icf[ik * row + d..(ik + 1) * row]);
        prior = prior + frobenius * (0.5 * p.gamma * p.gamma) - sum_qs[ik] * f64::from(p.m);
    }
    let fixed = constant(d, p.n) - p.k as f64 * log_wishart_constant(d, p.gamma, p.m);
    slse - log_sum_exp(alphas) * p.n as f64 + prior + fixed
}

fn sum(x: &[Var]) -> Var {
    x.iter().fold(Var::constant(0.0), |a, &b| a + b)
}

fn sqnorm(x: &[Var]) -> Var {
    x.iter().fold(Var::constant(0.0), |a, &b| a + b * b)
}

fn log_sum_exp(x: &[Var]) -> Var {
    let max = x
        .iter()
        .fold(Var::constant(f64::NEG_INFINITY), |a, &b| a.max(b));
    x.iter()
        .fold(Var::constant(0.0), |a, &b| a + (b - max).exp())
        .ln()
        + max
}
