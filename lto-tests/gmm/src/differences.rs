//! Central differences of the objective, and the error measure of the reports.

use crate::input::Problem;
use crate::objective::gmm_objective;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Step of the differences, chosen by measurement on gmm_d10_K25: at 2^-9 and wider the truncation error of the sixth-order
/// formula shows (the softmax of a thousand points turns sharply), at 2^-11 and narrower the rounding error of the sum does.
/// The largest error is then 5e-8, a twentieth of what is asserted.
const STEP: f64 = 1.0 / 1024.0;

/// Objective at the problem's inputs.
pub fn objective(p: &Problem) -> f64 {
    gmm_objective(
        p.d, p.k, p.n, &p.alphas, &p.means, &p.icf, &p.x, p.gamma, p.m,
    )
}

/// Sixth-order central differences by every differentiated input. `progress` is told how many are done.
pub fn central_differences(problem: &Problem, progress: &mut dyn FnMut(usize)) -> Vec<f64> {
    for_each_input(problem, progress, |p, index| {
        let mut at = |steps: f64| {
            p.shift(index, steps * STEP);
            let value = objective(p);
            p.shift(index, -steps * STEP);
            value
        };
        let one = at(1.0) - at(-1.0);
        let two = at(2.0) - at(-2.0);
        let three = at(3.0) - at(-3.0);
        (45.0 * one - 9.0 * two + three) / (60.0 * STEP)
    })
}

/// Evaluates `f` for every input on all processors; each thread has a copy of the problem that it may change and must restore.
pub fn for_each_input(
    problem: &Problem,
    progress: &mut dyn FnMut(usize),
    f: impl Fn(&mut Problem, usize) -> f64 + Sync,
) -> Vec<f64> {
    let mut out = vec![0.0; problem.inputs()];
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    let chunk = out.len().div_ceil(threads).max(1);
    let done = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let mut threads = Vec::new();
        for (c, part) in out.chunks_mut(chunk).enumerate() {
            let (done, f) = (&done, &f);
            let mut own = problem.clone();
            threads.push(scope.spawn(move || {
                for (i, value) in part.iter_mut().enumerate() {
                    *value = f(&mut own, c * chunk + i);
                    done.fetch_add(1, Ordering::Relaxed);
                }
            }));
        }
        // Asking the threads, not the count, ends the wait when one of them panics; the scope then passes its panic on.
        while threads.iter().any(|t| !t.is_finished()) {
            std::thread::sleep(std::time::Duration::from_millis(20));
            progress(done.load(Ordering::Relaxed));
        }
    });
    out
}

/// Largest `|g - reference| / max(|g|, 1e-3 * max|g|)`. A NaN anywhere, or two lengths, is an infinite error.
pub fn largest_error(g: &[f64], reference: &[f64]) -> f64 {
    if g.len() != reference.len() {
        return f64::INFINITY;
    }
    let largest = g.iter().fold(0.0f64, |a, v| a.max(v.abs()));
    g.iter().zip(reference).fold(0.0, |worst: f64, (g, r)| {
        let error = (g - r).abs() / g.abs().max(1e-3 * largest);
        if error.is_nan() {
            f64::INFINITY
        } else {
            worst.max(error)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_seen() {
        assert_eq!(largest_error(&[1.0, 2.0], &[1.0, 2.0]), 0.0);
        assert_eq!(largest_error(&[1.0, 2.0], &[1.5, 2.0]), 0.5);
        assert_eq!(largest_error(&[1.0, f64::NAN], &[1.0, 2.0]), f64::INFINITY);
        assert_eq!(largest_error(&[0.0], &[0.0]), f64::INFINITY);
        assert_eq!(largest_error(&[1.0], &[]), f64::INFINITY);
    }
}
