//! Brings along the functions that choose what a pointer calls: their bodies name what they choose, and what no function of the
//! module names has no derivative in it.

use rustc_hash::FxHashSet;

use super::{Engine, Facts};
use crate::analysis::chosen::{choosers, handlers};
use crate::diag::Refusal;
use crate::prepare::indirect::is_called;

impl Engine {
    /// Looks in the files of the link for what chooses for the calls through pointers; returns whether something was found,
    /// with which the facts are outdated.
    pub(super) fn find_choosers(&mut self, facts: &Facts) -> Result<bool, Refusal> {
        if !self.is_linking() {
            return Ok(false);
        }
        let module = self.module;
        let routed = |name: &str| module.function(name).is_some_and(is_called);
        let mut found = choosers(facts.body(), &facts.cells, &facts.act, &routed);
        let mut looked_at = FxHashSet::default();
        loop {
            for name in found.unseen.drain(..) {
                if self.find_body(&name)? {
                    return Ok(true);
                }
            }
            let Some(name) = found.seen.pop() else {
                return Ok(false);
            };
            if let Some(f) = module.function(&name)
                && looked_at.insert(name)
                && let Ok(template) = self.template(f)
            {
                let more = handlers(&template.snapshot.body);
                found.seen.extend(more.seen);
                found.unseen.extend(more.unseen);
            }
        }
    }
}
