//! ADBench's GMM objective: the log-likelihood of a Gaussian mixture with a Wishart prior, in plain safe Rust.
//!
//! Written as one writes numerical code without automatic differentiation in mind: scratch vectors that are overwritten
//! for each point, slices of larger slices, iterators, helper functions. Only the two attribute lines know of derivatives.

use crate::input::icf_len;
use std::f64::consts::{LN_2, PI};

/// Log-likelihood of the points `x` under the mixture, plus the log-prior.
///
/// `gmm_objective_grad` adds the derivative times `dret` to the shadows of `alphas`, `means` and `icf`;
/// `gmm_objective_fwd` returns the objective and its derivative along a direction.
#[cfg_attr(
    feature = "plugin",
    enzyme_marker::autodiff_reverse(
        gmm_objective_grad,
        Const,
        Const,
        Const,
        Duplicated,
        Duplicated,
        Duplicated,
        Const,
        Const,
        Const,
        Active
    ),
    enzyme_marker::autodiff_forward(
        gmm_objective_fwd,
        Const,
        Const,
        Const,
        Dual,
        Dual,
        Dual,
        Const,
        Const,
        Const,
        Dual
    )
)]
#[expect(
    clippy::too_many_arguments,
    reason = "this is the signature of ADBench's objective"
)]
pub fn gmm_objective(
    d: usize,
    k: usize,
    n: usize,
    alphas: &[f64],
    means: &[f64],
    icf: &[f64],
    x: &[f64],
    gamma: f64,
    m: i32,
) -> f64 {
    let row = icf_len(d);
    let mut qdiags = vec![0.0; d * k];
    let mut sum_qs = vec![0.0; k];
    let mut xcentered = vec![0.0; d];
    let mut qxcentered = vec![0.0; d];
    let mut main_term = vec![0.0; k];

    preprocess_qs(d, icf, &mut sum_qs, &mut qdiags);

    let mut slse = 0.0;
    for point in x.chunks_exact(d).take(n) {
        for ik in 0..k {
            subtract(point, &means[ik * d..(ik + 1) * d], &mut xcentered);
            let ltri = &icf[ik * row + d..(ik + 1) * row];
            q_times_x(
                &qdiags[ik * d..(ik + 1) * d],
                ltri,
                &xcentered,
                &mut qxcentered,
            );
            main_term[ik] = alphas[ik] + sum_qs[ik] - 0.5 * sqnorm(&qxcentered);
        }
        slse += log_sum_exp(&main_term);
    }

    constant(d, n) + slse - n as f64 * log_sum_exp(alphas)
        + log_wishart_prior(d, k, gamma, m, &sum_qs, &qdiags, icf)
}

/// The part that depends on the sizes only.
pub fn constant(d: usize, n: usize) -> f64 {
    -((n * d) as f64) * 0.5 * (2.0 * PI).ln()
}

fn preprocess_qs(d: usize, icf: &[f64], sum_qs: &mut [f64], qdiags: &mut [f64]) {
    let rows = icf.chunks_exact(icf_len(d));
    for ((row, sum), diagonal) in rows.zip(sum_qs).zip(qdiags.chunks_exact_mut(d)) {
        *sum = 0.0;
        for (q, out) in row.iter().zip(diagonal) {
            *sum += q;
            *out = q.exp();
        }
    }
}

fn subtract(x: &[f64], y: &[f64], out: &mut [f64]) {
    for ((o, a), b) in out.iter_mut().zip(x).zip(y) {
        *o = a - b;
    }
}

/// `out = Q x` for the lower triangular Q with diagonal `qdiag` and its strictly lower part `ltri` by columns.
fn q_times_x(qdiag: &[f64], ltri: &[f64], x: &[f64], out: &mut [f64]) {
    let d = x.len();
    for i in 0..d {
        out[i] = qdiag[i] * x[i];
    }
    let mut column = 0;
    for i in 0..d {
        let len = d - i - 1;
        for (o, l) in out[i + 1..].iter_mut().zip(&ltri[column..column + len]) {
            *o += l * x[i];
        }
        column += len;
    }
}

fn sqnorm(x: &[f64]) -> f64 {
    x.iter().map(|v| v * v).sum()
}

fn log_sum_exp(x: &[f64]) -> f64 {
    let max = x.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b));
    let sum: f64 = x.iter().map(|v| (v - max).exp()).sum();
    sum.ln() + max
}

fn log_wishart_prior(
    d: usize,
    k: usize,
    gamma: f64,
    m: i32,
    sum_qs: &[f64],
    qdiags: &[f64],
    icf: &[f64],
) -> f64 {
    let rows = icf.chunks_exact(icf_len(d));
    let mut out = 0.0;
    for ((row, diagonal), sum) in rows.zip(qdiags.chunks_exact(d)).zip(sum_qs) {
        let frobenius = sqnorm(diagonal) + sqnorm(&row[d..]);
        out += 0.5 * gamma * gamma * frobenius - f64::from(m) * sum;
    }
    out - k as f64 * log_wishart_constant(d, gamma, m)
}

/// The part of the prior that depends on its own parameters only, for one component.
pub fn log_wishart_constant(d: usize, gamma: f64, m: i32) -> f64 {
    let n = d as i32 + m + 1;
    f64::from(n) * d as f64 * (gamma.ln() - 0.5 * LN_2) - log_gamma_distrib(n, d)
}

/// Logarithm of the multivariate gamma function of `twice_a / 2` in `p` dimensions.
fn log_gamma_distrib(twice_a: i32, p: usize) -> f64 {
    let constant = 0.25 * (p * (p - 1)) as f64 * PI.ln();
    constant
        + (0..p as i32)
            .map(|j| ln_gamma_of_half(twice_a - j))
            .sum::<f64>()
}

/// `ln Γ(twice / 2)`. All arguments here are positive multiples of one half, for which the recurrence
/// `Γ(x) = (x-1) Γ(x-1)` down to `Γ(1) = 1` or `Γ(1/2) = √π` is exact; stable Rust has no `ln_gamma`.
fn ln_gamma_of_half(twice: i32) -> f64 {
    assert!(
        twice > 0,
        "ln_gamma of {twice}/2: the Wishart prior needs m >= 0"
    );
    let mut sum = if twice % 2 == 0 { 0.0 } else { 0.5 * PI.ln() };
    let mut t = twice - 2;
    while t > 0 {
        sum += (f64::from(t) / 2.0).ln();
        t -= 2;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Problem;

    #[test]
    fn half_integer_gammas() {
        assert!((ln_gamma_of_half(10) - 24f64.ln()).abs() < 1e-14);
        assert!((ln_gamma_of_half(5) - (0.75 * PI.sqrt()).ln()).abs() < 1e-14);
    }

    /// The value that ADBench's own tests expect of its test input.
    #[test]
    fn adbench_test_input() {
        let p = Problem::parse(include_str!("../../data/adbench/gmm/test.txt")).unwrap();
        let f = gmm_objective(
            p.d, p.k, p.n, &p.alphas, &p.means, &p.icf, &p.x, p.gamma, p.m,
        );
        assert!((f - 8.073_804_080_049_758).abs() < 1e-12, "{f}");
    }

    /// One component, no prior weight: the log-density of a normal distribution, known in closed form.
    #[test]
    fn one_component_is_a_normal_density() {
        let f = gmm_objective(1, 1, 1, &[0.3], &[1.0], &[2f64.ln()], &[1.5], 1.0, 0);
        let density = -0.5 * (2.0 * PI).ln() + 2f64.ln() - 0.5 * (2.0f64 * 0.5).powi(2);
        let prior = 0.5 * 4.0 - log_wishart_constant(1, 1.0, 0);
        assert!((f - density - prior).abs() < 1e-14, "{f}");
    }
}
