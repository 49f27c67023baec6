//! The checker of plans: proves, before any IR is written, that the reverse sweep can have what it needs.
//!
//! For each needed value: (1) it has a way; (2) everything that way reads has one too, without going
//! round in circles; (3) what is saved has a place at its own loop level; (4) a value is only asked for
//! where its loops are running (the reader's loops are the value's loops or inside them).

use rustc_hash::FxHashSet;

use super::{How, Plan, Storage, choose::inputs, level};
use crate::analysis::activity::Activity;
use crate::analysis::cells::Cells;
use crate::analysis::need::{Element, Need, needs};
use crate::ir::Body;

/// Checks the plan; the error says what is wrong with it (a bug in the planner).
pub fn check(body: &Body, cells: &Cells, act: &Activity, plan: &Plan) -> Result<(), String> {
    let mut done = FxHashSet::default();
    for &b in &plan.walk.blocks {
        for &v in &body.block(b).insts {
            let op = body.op(v).expect("blocks hold instructions");
            for need in needs(body, cells, act, v, op) {
                let at = level(body, &plan.storage, need);
                if !body.cfg.contains(at, body.cfg.loop_of(b)) {
                    return Err(format!("{need:?} is needed in {b:?}, outside of its loop"));
                }
                obtainable(body, cells, act, plan, need, &mut done, &mut Vec::new())?;
            }
        }
    }
    Ok(())
}

fn obtainable(
    body: &Body,
    cells: &Cells,
    act: &Activity,
    plan: &Plan,
    need: Need,
    done: &mut FxHashSet<Need>,
    path: &mut Vec<Need>,
) -> Result<(), String> {
    if done.contains(&need) {
        return Ok(());
    }
    if path.contains(&need) {
        return Err(format!("{need:?} is obtained from itself: {path:?}"));
    }
    let Some(&how) = plan.how.get(&need) else {
        return Err(format!(
            "{need:?} has no way to be obtained; asked for by {path:?}"
        ));
    };
    let at = level(body, &plan.storage, need);
    if how == How::Saved {
        let listed = plan
            .saved
            .get(&at)
            .is_some_and(|list| list.binary_search(&need).is_ok());
        if !listed {
            return Err(format!("{need:?} is saved but has no place"));
        }
        if let Some(l) = at {
            match plan.storage.get(&l) {
                None => return Err(format!("{l:?} saves {need:?} but has no storage")),
                Some(Storage::Chain) => {}
                Some(Storage::Flat { .. }) => {
                    path.push(need);
                    let base = Need::Base(l, Element::of(body, need));
                    obtainable(body, cells, act, plan, base, done, path)?;
                    path.pop();
                }
            }
        }
    }
    path.push(need);
    for input in inputs(body, cells, act, need, how) {
        let inner = level(body, &plan.storage, input);
        if !body.cfg.contains(inner, at) {
            return Err(format!(
                "{need:?} reads {input:?}, which belongs to an inner loop"
            ));
        }
        obtainable(body, cells, act, plan, input, done, path)?;
    }
    path.pop();
    done.insert(need);
    Ok(())
}
