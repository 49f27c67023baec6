//! Medians of repeated runs.

use std::time::{Duration, Instant};

/// Median seconds of several functions whose calls alternate, at least seven each and as many as fit in `budget`, so that a change of the machine's speed hits all of them alike.
pub fn alternating_medians(budget: Duration, runs: &mut [&mut dyn FnMut()]) -> Vec<f64> {
    let mut seconds: Vec<Vec<f64>> = vec![Vec::new(); runs.len()];
    for run in runs.iter_mut() {
        run();
    }
    let begin = Instant::now();
    while seconds.first().is_some_and(|s| s.len() < 7) || begin.elapsed() < budget {
        for (run, seconds) in runs.iter_mut().zip(&mut seconds) {
            let start = Instant::now();
            run();
            seconds.push(start.elapsed().as_secs_f64());
        }
    }
    seconds
        .into_iter()
        .map(|mut s| {
            s.sort_by(f64::total_cmp);
            s[s.len() / 2]
        })
        .collect()
}
