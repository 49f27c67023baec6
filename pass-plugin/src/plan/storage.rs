//! Where saved values of loops live: flat arrays where the trip counts of the nest are known before it
//! starts (or is known then if the function goes on to return), a chain of records otherwise.

use super::Storage;
use crate::ir::{Body, LoopId};

/// Chooses the storage of loop `l`.
pub fn storage(body: &Body, l: LoopId) -> Storage {
    let mut best = None;
    for root in body.cfg.nest(Some(l)) {
        let nest: Vec<LoopId> = {
            let mut inwards: Vec<LoopId> = body
                .cfg
                .nest(Some(l))
                .take_while(|m| body.cfg.contains(Some(root), Some(*m)))
                .collect();
            inwards.reverse();
            inwards
        };
        let known = nest.iter().all(|m| {
            let counter = &body.counters[m.index()];
            counter.backedge_count.is_some()
                && body.cfg.contains(Some(counter.count_holds), Some(root))
        });
        if !known {
            break;
        }
        let late = nest[1..]
            .iter()
            .any(|m| body.counters[m.index()].count_if_entered);
        best = Some(Storage::Flat { root, nest, late });
    }
    best.unwrap_or(Storage::Chain)
}
