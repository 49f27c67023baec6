//! The gradient of the objective as a person who knows the mathematics would write it.
//!
//! One pass over the points: for each, the scaled residuals of all components are kept (`k * d` numbers, reused), the
//! softmax of the main terms gives each component's weight, and the adjoints go straight into the gradient. The adjoints
//! of `sum_qs` and of the diagonals, common to all points, are carried to `icf` once at the end.

use crate::input::{Problem, Shadow, icf_len};
use crate::objective::{constant, log_wishart_constant};

/// Scratch memory, so that repeated gradients allocate nothing.
pub struct Scratch {
    qdiags: Vec<f64>,
    sum_qs: Vec<f64>,
    centered: Vec<f64>,
    scaled: Vec<f64>,
    weights: Vec<f64>,
    d_qdiags: Vec<f64>,
    d_sum_qs: Vec<f64>,
    d_centered: Vec<f64>,
}

impl Scratch {
    /// Scratch memory of the sizes of `problem`.
    pub fn new(problem: &Problem) -> Self {
        let Problem { d, k, .. } = *problem;
        Self {
            qdiags: vec![0.0; d * k],
            sum_qs: vec![0.0; k],
            centered: vec![0.0; d * k],
            scaled: vec![0.0; d * k],
            weights: vec![0.0; k],
            d_qdiags: vec![0.0; d * k],
            d_sum_qs: vec![0.0; k],
            d_centered: vec![0.0; d],
        }
    }
}

/// Adds the gradient to `grad` and returns the objective.
pub fn gradient(p: &Problem, grad: &mut Shadow, scratch: &mut Scratch) -> f64 {
    let (d, row) = (p.d, icf_len(p.d));
    let Scratch {
        qdiags,
        sum_qs,
        centered,
        scaled,
        weights,
        d_qdiags,
        d_sum_qs,
        d_centered,
    } = scratch;
    d_qdiags.fill(0.0);
    d_sum_qs.fill(0.0);
    for ((q, diagonal), sum) in p
        .icf
        .chunks_exact(row)
        .zip(qdiags.chunks_exact_mut(d))
        .zip(sum_qs.iter_mut())
    {
        *sum = q[..d].iter().sum();
        for (out, q) in diagonal.iter_mut().zip(q) {
            *out = q.exp();
        }
    }

    let mut slse = 0.0;
    for point in p.x.chunks_exact(d) {
        for ik in 0..p.k {
            let at = ik * d..(ik + 1) * d;
            let (xc, qx) = (&mut centered[at.clone()], &mut scaled[at.clone()]);
            for (((c, q), (x, mean)), diagonal) in xc
                .iter_mut()
                .zip(qx.iter_mut())
                .zip(point.iter().zip(&p.means[at.clone()]))
                .zip(&qdiags[at])
            {
                *c = x - mean;
                *q = diagonal * *c;
            }
            let mut below = &p.icf[ik * row + d..(ik + 1) * row];
            for (i, c) in xc.iter().enumerate() {
                let (column, rest) = below.split_at(d - i - 1);
                for (q, l) in qx[i + 1..].iter_mut().zip(column) {
                    *q += l * c;
                }
                below = rest;
            }
            let norm: f64 = qx.iter().map(|v| v * v).sum();
            weights[ik] = p.alphas[ik] + sum_qs[ik] - 0.5 * norm;
        }
        slse += softmax(weights);

        for ik in 0..p.k {
            let (at, weight) = (ik * d..(ik + 1) * d, weights[ik]);
            d_sum_qs[ik] += weight;
            let (xc, qx) = (&centered[at.clone()], &mut scaled[at.clone()]);
            // From here on `qx` is its own adjoint: d(-|Qx|²/2) = -Qx, times the weight of the component.
            for q in qx.iter_mut() {
                *q *= -weight;
            }
            for ((((dq, dc), q), c), diagonal) in d_qdiags[at.clone()]
                .iter_mut()
                .zip(d_centered.iter_mut())
                .zip(qx.iter())
                .zip(xc)
                .zip(&qdiags[at.clone()])
            {
                *dq += q * c;
                *dc = q * diagonal;
            }
            let below = ik * row + d..(ik + 1) * row;
            let (mut values, mut adjoints) = (&p.icf[below.clone()], &mut grad.icf[below]);
            for (i, c) in xc.iter().enumerate() {
                let (column, values_rest) = values.split_at(d - i - 1);
                let (d_column, adjoints_rest) =
                    std::mem::take(&mut adjoints).split_at_mut(d - i - 1);
                let mut sum = 0.0;
                for ((l, dl), q) in column.iter().zip(d_column).zip(&qx[i + 1..]) {
                    *dl += q * c;
                    sum += l * q;
                }
                d_centered[i] += sum;
                values = values_rest;
                adjoints = adjoints_rest;
            }
            for (dm, dc) in grad.means[at].iter_mut().zip(d_centered.iter()) {
                *dm -= dc;
            }
        }
    }

    for (da, ds) in grad.alphas.iter_mut().zip(d_sum_qs.iter()) {
        *da += ds;
    }
    weights.copy_from_slice(&p.alphas);
    let lse_alphas = softmax(weights);
    for (da, w) in grad.alphas.iter_mut().zip(weights.iter()) {
        *da -= p.n as f64 * w;
    }

    let gamma2 = p.gamma * p.gamma;
    let mut prior = 0.0;
    for ik in 0..p.k {
        let (q, dq) = (
            &p.icf[ik * row..(ik + 1) * row],
            &mut grad.icf[ik * row..(ik + 1) * row],
        );
        let d_sum = d_sum_qs[ik] - f64::from(p.m);
        let mut frobenius = 0.0;
        for i in 0..d {
            let diagonal = qdiags[ik * d + i];
            frobenius += diagonal * diagonal;
            dq[i] += d_sum + (d_qdiags[ik * d + i] + gamma2 * diagonal) * diagonal;
        }
        for (l, dl) in q[d..].iter().zip(&mut dq[d..]) {
            frobenius += l * l;
            *dl += gamma2 * l;
        }
        prior += 0.5 * gamma2 * frobenius - f64::from(p.m) * sum_qs[ik];
    }
    prior -= p.k as f64 * log_wishart_constant(d, p.gamma, p.m);
    constant(d, p.n) + slse - p.n as f64 * lse_alphas + prior
}

/// Replaces the values by their softmax and returns their log-sum-exp.
fn softmax(values: &mut [f64]) -> f64 {
    let max = values.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b));
    let mut sum = 0.0;
    for v in values.iter_mut() {
        *v = (*v - max).exp();
        sum += *v;
    }
    let scale = 1.0 / sum;
    for v in values.iter_mut() {
        *v *= scale;
    }
    sum.ln() + max
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::differences::{central_differences, largest_error};
    use crate::objective::gmm_objective;

    fn check(text: &str) {
        let p = Problem::parse(text).unwrap();
        let mut grad = Shadow::zeros(&p);
        let f = gradient(&p, &mut grad, &mut Scratch::new(&p));
        let primal = gmm_objective(
            p.d, p.k, p.n, &p.alphas, &p.means, &p.icf, &p.x, p.gamma, p.m,
        );
        assert!((f - primal).abs() < 1e-12 * primal.abs(), "{f} {primal}");
        let error = largest_error(&grad.flat(), &central_differences(&p, &mut |_| ()));
        assert!(error < 1e-7, "{error:e}");
    }

    #[test]
    fn gradient_of_the_test_input() {
        check(include_str!("../../data/adbench/gmm/test.txt"));
    }

    #[test]
    fn gradient_of_d2_k5() {
        check(include_str!("../../data/adbench/gmm/gmm_d2_K5.txt"));
    }

    /// A prior with m > 0 and gamma != 1, which no input file has.
    #[test]
    fn gradient_with_another_prior() {
        check(
            "2 2 3  0.1 -0.4  0.5 0.2 -0.3 0.9  0.2 -0.1 0.7 0.3 0.1 -0.5  0.4 0.6 -1.0 0.2 1.1 -0.8  1.7 2",
        );
    }
}
