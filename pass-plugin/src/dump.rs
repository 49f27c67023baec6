//! What people may look at: functions between the stages, and what the analyses and the plan say of them.
//!
//! Asked for by `ENZYME_RS_PRINT`, a list of names (or `all`), or by a compiler through the switches of [`crate::capi`].
//! It goes to standard error and to the log, for hosts swallow the first.
#![forbid(unsafe_code)]

use std::fmt::Write;

use rustc_hash::FxHashMap;

use crate::analysis::need::Need;
use crate::capi::options;
use crate::diag::{Span, demangle, log_line};
use crate::emit::Facts;
use crate::llvm::Function;
use crate::marker::types::Record;
use crate::plan::{How, Plan};

/// Whether a dump of this name is wanted, of the function with this symbol.
fn wanted(what: &str, function: &str) -> bool {
    let listed = |list: String| list.split(',').any(|w| w == what || w == "all");
    std::env::var("ENZYME_RS_PRINT").is_ok_and(listed) || options::wants(what, function)
}

/// Whether the times of the stages are asked for.
pub fn timings_wanted() -> bool {
    std::env::var("ENZYME_RS_PRINT").is_ok_and(|list| list.split(',').any(|w| w == "timings"))
}

pub fn print(text: &str) {
    log_line(text);
    eprintln!("{text}");
}

/// The function as it is at this stage: `prepared`, `emitted`, `cleaned`.
pub fn function(stage: &str, f: Function) {
    if wanted(stage, &f.name()) {
        print(&format!("; {stage}\n{}", f.as_value()));
    }
}

/// `types`: what the marker crate says of the arguments of a function.
pub fn told(record: &Record) {
    if wanted("types", &record.function) {
        print(&record.to_string());
    }
}

/// `types`: what is known of the memory behind each pointer among the arguments. `memory`: the memory that every pointer
/// leads to, and what it holds. `activity`: every argument and instruction, and whether it carries a derivative.
pub fn facts(facts: &Facts) {
    let body = facts.body();
    let name = demangle(&body.name);
    if wanted("types", &body.name) {
        let mut text = format!("types of {name}:");
        for &p in &body.params {
            if !facts.cells.is_pointer(p) {
                continue;
            }
            let memory = facts.cells.memory(p, None, 1);
            let cells: Vec<String> = memory
                .cells
                .iter()
                .map(|(at, class)| format!("{at}: {class:?}"))
                .collect();
            let repeats = match memory.step {
                0 => String::new(),
                step => format!(", again every {step} bytes"),
            };
            let _ = write!(
                text,
                "\n  {}: {{{}}}{repeats}",
                facts.llvm(p),
                cells.join(", ")
            );
        }
        print(&text);
    }
    if wanted("memory", &body.name) {
        let mut text = format!("memory of {name}:");
        let params = body.params.iter().copied();
        for v in params.chain(body.live_insts().map(|(v, _)| v)) {
            for (byte, node) in facts.cells.targets(v) {
                let llvm = facts.llvm(v).to_string();
                let at = facts.cells.target(v, byte).map_or(0, |(_, o)| o.at);
                let _ = write!(text, "\n  node {} at {at}: {}", node.0, llvm.trim());
            }
        }
        for node in facts.cells.nodes() {
            let _ = write!(text, "\n  {}", facts.cells.describe(node));
        }
        print(&text);
    }
    if wanted("activity", &body.name) {
        let mut text = format!("activity of {name}:");
        let params = body.params.iter().copied();
        for v in params.chain(body.live_insts().map(|(v, _)| v)) {
            let active = facts.act.is_active(v) || facts.act.has_shadow_pointer(&facts.cells, v);
            let what = if active { "active  " } else { "constant" };
            let _ = write!(text, "\n  {what} {}", facts.llvm(v).to_string().trim());
        }
        print(&text);
    }
}

/// `plan`: all of it. `perf`: what the forward sweep stores for the reverse sweep, which is what a gradient costs
/// beside its arithmetic.
pub fn plan(facts: &Facts, plan: &Plan) {
    let body = facts.body();
    if wanted("plan", &body.name) {
        print(&format!("plan of {}:\n{plan:#?}", body.name));
    }
    if wanted("perf", &body.name) {
        let mut text = format!("cached by {}:", demangle(&body.name));
        let mut saved: Vec<Need> = plan
            .how
            .iter()
            .filter(|(_, how)| **how == How::Saved)
            .map(|(need, _)| *need)
            .collect();
        saved.sort();
        let mut times: FxHashMap<u32, usize> = FxHashMap::default();
        for need in saved {
            let (what, v) = match need {
                Need::Primal(v) => ("value", v),
                Need::Shadow(v) => ("shadow of", v),
                Need::Tape(v) => ("tape of", v),
                // The memory of caches is counted with what it holds.
                Need::Base(..) => continue,
            };
            let depth = body.cfg.depth(body.loop_of(v));
            *times.entry(depth).or_default() += 1;
            let place = Span::of(facts.llvm(v)).map_or(String::new(), |span| format!("{span}: "));
            let llvm = facts.llvm(v).to_string();
            let _ = write!(text, "\n  {place}{what} {}, in {depth} loops", llvm.trim());
        }
        if times.is_empty() {
            text.push_str(" nothing");
        }
        print(&text);
    }
}
