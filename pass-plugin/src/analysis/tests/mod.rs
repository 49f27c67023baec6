//! The analyses on small functions in textual IR. Values are found by their names, so the texts are written
//! such that `prepare` has no reason to rename or merge what is asked about.

mod activity;
mod cells;
mod clobber;
mod contradiction;
mod legal;
mod words;

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::activity::Activity;
use super::cells::{Cells, TypeTree};
use super::clobber::Clobber;
use super::summary::Summary;
use crate::ir::build::{Snapshot, snapshot};
use crate::ir::{BlockId, Body, ValueId};
use crate::llvm::{Context, Module};
use crate::marker::request::{ArgActivity, Mode, RetActivity, Signature};
use crate::prepare::{Bodies, prepare};

pub const CONST: ArgActivity = ArgActivity::Const;
pub const DUP: ArgActivity = ArgActivity::Dup {
    primal_needed: true,
};
pub const OUT: ArgActivity = ArgActivity::Out;

/// A prepared function and its snapshot, with the LLVM module that they came from.
pub struct Subject {
    context: Context,
    module: Module,
    snapshot: Snapshot,
    /// The prepared function's text, for the messages of failures.
    text: String,
}

impl Subject {
    /// The function `@f` of a module.
    pub fn new(module: &str) -> Subject {
        Subject::of(module, "f")
    }

    pub fn of(module: &str, function: &str) -> Subject {
        let context = Context::create();
        let module = Module::parse(context, module).unwrap();
        module.verify().unwrap();
        let prepared = prepare(module.function(function).unwrap(), &mut Bodies::default())
            .unwrap_or_else(|refusal| panic!("{function} is not prepared: {refusal:?}"));
        Subject {
            context,
            module,
            snapshot: snapshot(module, &prepared),
            text: prepared.function.to_string(),
        }
    }

    pub fn body(&self) -> &Body {
        &self.snapshot.body
    }

    /// The value of this name.
    pub fn v(&self, name: &str) -> ValueId {
        let named = |v: &ValueId| self.snapshot.llvm[v.index()].name() == name;
        let found: Vec<ValueId> = self.body().value_ids().filter(named).collect();
        match found[..] {
            [only] => only,
            _ => panic!("%{name} is there {} times in\n{self}", found.len()),
        }
    }

    /// The block of this name.
    pub fn block(&self, name: &str) -> BlockId {
        let mut ids = self.body().block_ids();
        ids.find(|b| self.body().block(*b).name == name)
            .unwrap_or_else(|| panic!("no block {name} in\n{self}"))
    }

    /// The cells, with nothing known from outside and no callee looked at.
    pub fn cells(&self) -> Cells {
        self.cells_with(&[], &FxHashMap::default())
    }

    pub fn cells_with(
        &self,
        trees: &[Option<TypeTree>],
        summaries: &FxHashMap<&str, Rc<Summary>>,
    ) -> Cells {
        Cells::run(self.body(), trees, &|name| summaries.get(name).cloned())
    }

    pub fn facts(&self, sig: Signature) -> Facts<'_> {
        self.facts_with(sig, &FxHashMap::default())
    }

    pub fn facts_with(
        &self,
        sig: Signature,
        summaries: &FxHashMap<&str, Rc<Summary>>,
    ) -> Facts<'_> {
        let cells = self.cells_with(&sig.trees, summaries);
        Facts {
            act: Activity::run(self.body(), &cells, &sig, &FxHashSet::default()),
            clobber: Clobber::run(self.body(), &cells, &sig),
            cells,
            of: self,
        }
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        self.module.dispose();
        self.context.dispose();
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// All analyses of one subject for one signature.
pub struct Facts<'a> {
    pub of: &'a Subject,
    pub cells: Cells,
    pub act: Activity,
    pub clobber: Clobber,
}

impl Facts<'_> {
    pub fn is_active(&self, name: &str) -> bool {
        self.act.is_active(self.of.v(name))
    }

    pub fn is_varied(&self, name: &str) -> bool {
        self.act.is_varied(self.of.v(name))
    }

    pub fn is_active_memory(&self, pointer: &str) -> bool {
        self.act.is_active_memory(&self.cells, self.of.v(pointer))
    }

    /// Whether the load of this name reads the same at any later time.
    pub fn is_stable(&self, load: &str) -> bool {
        let (body, load) = (self.of.body(), self.of.v(load));
        let Some(crate::ir::Op::Load { ptr, .. }) = body.op(load) else {
            panic!("{load:?} is no load in\n{}", self.of);
        };
        self.clobber.is_stable(body, &self.cells, load, *ptr)
    }
}

/// A signature of a combined derivative whose result is seeded.
pub fn reverse(args: &[ArgActivity]) -> Signature {
    Signature {
        mode: Mode::ReverseCombined,
        width: 1,
        runtime_activity: false,
        strong_zero: false,
        args: args.to_vec(),
        ret: RetActivity::Active,
        distinct_args: false,
        stable_args: Vec::new(),
        unshadowed: Vec::new(),
        trees: vec![None; args.len()],
    }
}
