//! Where the time of a run goes: `ENZYME_RS_PRINT=timings` prints, for each stage, its own time (that of stages inside
//! of it apart) and how often it ran, and how much work was done, counted rather than timed: those numbers are the same
//! on every machine.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::dump;

/// The times and counts of one run over one module.
pub struct Timings {
    state: Option<RefCell<State>>,
}

#[derive(Default)]
struct State {
    stages: BTreeMap<&'static str, (Duration, u64)>,
    work: BTreeMap<&'static str, u64>,
    /// For each stage that is running, the time of the stages inside of it.
    inside: Vec<Duration>,
}

impl Timings {
    pub fn start() -> Timings {
        Timings {
            state: dump::timings_wanted().then(RefCell::default),
        }
    }

    /// Does `work` as a part of this stage.
    pub fn stage<T>(&self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let started = self.enter();
        let out = work();
        self.leave(name, started);
        out
    }

    /// The beginning of a stage, for work that needs the engine.
    pub fn enter(&self) -> Instant {
        if let Some(state) = &self.state {
            state.borrow_mut().inside.push(Duration::ZERO);
        }
        Instant::now()
    }

    /// The end of a stage that was entered then.
    pub fn leave(&self, name: &'static str, started: Instant) {
        let Some(state) = &self.state else { return };
        let mut state = state.borrow_mut();
        let all = started.elapsed();
        let inside = state.inside.pop().unwrap_or_default();
        if let Some(around) = state.inside.last_mut() {
            *around += all;
        }
        let (time, runs) = state.stages.entry(name).or_default();
        *time += all.saturating_sub(inside);
        *runs += 1;
    }

    /// Adds to a count of work.
    pub fn work(&self, name: &'static str, n: usize) {
        if let Some(state) = &self.state {
            *state.borrow_mut().work.entry(name).or_default() += n as u64;
        }
    }

    /// One line for each stage and each count.
    pub fn print(&self) {
        let Some(state) = &self.state else { return };
        let state = state.borrow();
        let times = state.stages.iter().map(|(name, (time, runs))| {
            format!("enzyme_rs timing {name} {:.6} {runs}", time.as_secs_f64())
        });
        let counts = state
            .work
            .iter()
            .map(|(name, n)| format!("enzyme_rs work {name} {n}"));
        for line in times.chain(counts) {
            dump::print(&line);
        }
    }
}
