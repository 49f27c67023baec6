//! The engine: one module, its templates, and the memo table of derivatives.
//!
//! The stages in order, for each derivative: [`crate::prepare`] → [`crate::ir`] → [`crate::analysis`] →
//! [`crate::plan`] → its check → [`crate::emit`]. A derivative is declared before it is filled, so recursion
//! needs nothing special.

mod chosen;
mod trees;

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analysis::activity::{Activity, NoShadow};
use crate::analysis::cells::{Cells, TypeTree};
use crate::analysis::clobber::Clobber;
use crate::analysis::halves::halves;
use crate::analysis::legal::{self, Illegal};
use crate::analysis::summary::Summary;
use crate::diag::{Code, Refusal, demangle};
use crate::dump;
use crate::elsewhere;
use crate::emit::{Facts, custom, forward, globals, indirect, pieces, reverse, runtime};
use crate::flow::{MissingBody, Phase, Policy};
use crate::ir::build::{Snapshot, classify, snapshot};
use crate::ir::floats::only_doubles;
use crate::ir::{Callee, Op};
use crate::llvm::{AttrIndex, Builder, Function, Importer, Linkage, Module, Value};
use crate::marker::request::{Mode, Signature};
use crate::marker::{lower, referred, ruled};
use crate::plan::{self, choose, walk::NoWalk};
use crate::prepare::halves::widen;
use crate::prepare::indirect::is_called;
use crate::prepare::{Bodies, Prepared, prepare};
use crate::registry::{self, Registry};
use crate::settle::settle;
use crate::timings::Timings;

/// The functions of one derivative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derivative {
    Combined {
        function: Function,
    },
    Split {
        augmented: Function,
        reverse: Function,
    },
    Forward {
        function: Function,
    },
}

impl Derivative {
    pub fn functions(self) -> Vec<Function> {
        match self {
            Derivative::Combined { function } | Derivative::Forward { function } => vec![function],
            Derivative::Split { augmented, reverse } => vec![augmented, reverse],
        }
    }
}

/// A prepared function and its snapshot.
pub struct Template {
    pub prepared: Prepared,
    pub snapshot: Rc<Snapshot>,
}

/// The state of one run over one module.
pub struct Engine {
    pub module: Module,
    /// What the program says of its own functions.
    pub registry: Registry,
    templates: FxHashMap<Function, Rc<Template>>,
    /// Variables that get a shadow of our own.
    localised: FxHashSet<usize>,
    /// Whether the program keeps no other floats in memory, once somebody asked.
    only_doubles: Option<bool>,
    /// The prepared functions of the templates.
    prepared: FxHashSet<Function>,
    /// Templates of the time before some body was found.
    outdated: Vec<Rc<Template>>,
    policy: Policy,
    /// Copies bodies from elsewhere, once one is needed.
    importer: Option<Importer>,
    bodies: Bodies,
    summaries: FxHashMap<Function, Option<Rc<Summary>>>,
    /// Functions whose summaries are being found out, and whether that met one of them.
    summing: Vec<(Function, bool)>,
    derivatives: FxHashMap<(Function, Signature), Derivative>,
    /// Made for the marker call at hand; they go if it is refused.
    pending: Vec<Derivative>,
    /// Made for those before it.
    finished: Vec<Derivative>,
    /// Derivatives of calls through pointers that are declared only.
    unfilled: Vec<indirect::Unfilled>,
    /// Bodies came to a module with calls through pointers, which may lead to them.
    outgrown: bool,
    described: trees::Described,
    timings: Timings,
}

/// Differentiates what the module's markers ask for; returns whether the module changed.
pub fn run_on_module(module: Module, policy: Policy) -> bool {
    let timings = Timings::start();
    let started = timings.enter();
    let exposed = registry::expose(module);
    let report = |refusal: Refusal| {
        refusal.report(module.context());
        true
    };
    registry::tell_libm(module);
    let ruled = ruled::rewrite(module).unwrap_or_else(report);
    let (registry, refused) = Registry::read(module);
    let rewritten = registry::rewrite(module).unwrap_or_else(report) || ruled;
    let rewritten = registry::detach_stores(module) || rewritten;
    for refusal in &refused {
        refusal.report(module.context());
    }
    let mut engine = Engine {
        module,
        registry,
        templates: FxHashMap::default(),
        localised: FxHashSet::default(),
        only_doubles: None,
        prepared: FxHashSet::default(),
        outdated: Vec::new(),
        policy,
        importer: None,
        bodies: Bodies::default(),
        summaries: FxHashMap::default(),
        summing: Vec::new(),
        derivatives: FxHashMap::default(),
        pending: Vec::new(),
        finished: Vec::new(),
        unfilled: Vec::new(),
        outgrown: false,
        described: trees::Described::default(),
        timings,
    };
    let changed = lower::lower_all(&mut engine, policy);
    engine.drop_templates();
    lower::erase_hints(&engine);
    let settled = engine.timings.stage("settle", || settle(&engine.finished));
    if let Err(refusal) = settled {
        refusal.report(module.context());
    }
    // A later step of the build may have markers of its own, and bodies that are missing here.
    let last = policy.missing_body == MissingBody::Error;
    if last || (changed && !lower::has_calls(&engine)) {
        registry::drop_detached(module);
    }
    let released = last && registry::release(module);
    engine.timings.leave("rest", started);
    engine.timings.print();
    changed || exposed || rewritten || released
}

impl Engine {
    /// The derivative of `f` with this signature; `at` is where it is asked for.
    pub fn derivative(
        &mut self,
        f: Function,
        sig: &Signature,
        at: Option<Value>,
    ) -> Result<Derivative, Refusal> {
        let key = (f, sig.clone());
        if let Some(known) = self.derivatives.get(&key) {
            return Ok(*known);
        }
        if pieces::is_ours(f) {
            return Err(pieces::refuse_again(at));
        }
        if is_called(f) {
            // What is known of types makes a derivative for each caller: past some, they do without.
            const TYPED: usize = 16;
            let bare = Signature {
                trees: vec![None; sig.trees.len()],
                ..sig.clone()
            };
            let made = self.derivatives.keys().filter(|(g, _)| *g == f).count();
            if made >= TYPED && bare != *sig {
                return self.derivative(f, &bare, at);
            }
            let declared = indirect::declare(self, f, sig);
            let derivative = declared.derivative;
            self.declared(f, sig, derivative);
            self.unfilled.push(declared);
            return Ok(derivative);
        }
        if let Some(derivative) = self.custom_derivative(f, sig, at)? {
            return Ok(derivative);
        }
        let (template, facts) = self
            .facts(f, sig)
            .map_err(|r| match (r.span.is_none(), at) {
                (true, Some(at)) => r.at_value(at),
                _ => r,
            })?;
        let (derivative, plan) = match sig.mode {
            Mode::Forward => (forward::declare(self, f, sig), None),
            Mode::ReverseCombined | Mode::ReverseSplit => {
                let plan = self.timings.stage("plan", || plan_of(&facts))?;
                (reverse::declare(self, f, sig), Some(plan))
            }
        };
        self.declared(f, sig, derivative);
        let started = self.timings.enter();
        let filled = match (derivative, plan) {
            (Derivative::Forward { function }, _) => {
                let template = template.prepared.function;
                forward::define(self, &facts, template, sig, function)
            }
            (_, Some(plan)) => {
                let job = reverse::Job {
                    facts: &facts,
                    plan: &plan,
                    template: &template,
                    sig,
                    derivative,
                };
                reverse::define(self, &job)
            }
            (_, None) => Err(Refusal::internal("a reverse derivative without a plan")),
        };
        self.timings.leave("emit", started);
        filled?;
        runtime::link_rule_functions(self.module)?;
        for g in derivative.functions() {
            self.timings.stage("verify", || self.finish(g))?;
        }
        Ok(derivative)
    }

    /// The derivative by a rule of the user's, if there is one for this direction.
    fn custom_derivative(
        &mut self,
        f: Function,
        sig: &Signature,
        at: Option<Value>,
    ) -> Result<Option<Derivative>, Refusal> {
        let Some(custom) = self.registry.custom.get(&f).cloned() else {
            return Ok(None);
        };
        let Some(derivative) = custom::derivative(self, f, sig, &custom)? else {
            if !f.is_declaration() {
                return Ok(None);
            }
            let (have, lack) = match sig.mode {
                Mode::Forward => ("gradient", "__enzyme_register_derivative"),
                Mode::ReverseCombined | Mode::ReverseSplit => {
                    ("forward derivative", "__enzyme_register_gradient")
                }
            };
            let name = demangle(&f.name());
            let refusal = Refusal::new(
                Code::MissingBody,
                format!("only a {have} is registered for `{name}`, and its body is not visible"),
            )
            .help(format!(
                "register the other direction too (`{lack}`), or define the function"
            ));
            return Err(match at {
                Some(at) => refusal.at_value(at),
                None => refusal,
            });
        };
        for g in derivative.functions() {
            self.finish(g)?;
        }
        Ok(Some(derivative))
    }

    /// A derivative that was declared is known from now on, and goes again if it is refused.
    pub fn declared(&mut self, f: Function, sig: &Signature, derivative: Derivative) {
        self.derivatives.insert((f, sig.clone()), derivative);
        self.pending.push(derivative);
    }

    /// As [`Engine::derivative`], but what a refused derivative began is removed at once.
    pub fn try_derivative(&mut self, f: Function, sig: &Signature) -> Result<Derivative, Refusal> {
        let begun = self.pending.len();
        let derivative = self.derivative(f, sig, None);
        if derivative.is_err() {
            self.drop_pending_from(begun);
        }
        derivative
    }

    /// Whether the derivative at hand calls functions that are known at run time only.
    pub fn calls_unknown(&self) -> bool {
        !self.unfilled.is_empty()
    }

    /// Fills the derivatives of calls through pointers, and of those that these lead to.
    pub fn fill_unknown(&mut self) -> Result<(), Refusal> {
        while let Some(work) = self.unfilled.pop() {
            indirect::fill(self, &work)?;
            for g in work.derivative.functions() {
                self.finish(g)?;
            }
        }
        Ok(())
    }

    fn facts(&mut self, f: Function, sig: &Signature) -> Result<(Rc<Template>, Facts), Refusal> {
        let template = self.template(f)?;
        let summaries = self.summaries_of(&template);
        let body = &template.snapshot.body;
        let lookup = |name: &str| summaries.get(name).cloned().flatten();
        let t = &self.timings;
        t.work("instructions", body.live_insts().count());
        let cells = t.stage("cells", || Cells::run(body, &sig.trees, &lookup));
        t.work("cells", cells.visits);
        self.check_trees(f, sig, &template.snapshot, &cells)?;
        let t = &self.timings;
        let act = t.stage("activity", || {
            Activity::run(body, &cells, sig, &self.localised)
        });
        let clobber = t.stage("clobber", || Clobber::run(body, &cells, sig));
        let facts = Facts {
            module: self.module,
            snapshot: template.snapshot.clone(),
            cells,
            act,
            clobber,
            width: sig.width,
            runtime_activity: sig.runtime_activity,
            strong_zero: sig.strong_zero,
        };
        dump::facts(&facts);
        let checked = self.timings.stage("legal", || {
            legal::check(facts.body(), &facts.cells, &facts.act)
        });
        match checked {
            Ok(()) if self.find_choosers(&facts)? => Err(outgrown()),
            Ok(()) => Ok((template, facts)),
            Err(Illegal::NoShadow {
                why: NoShadow::Global(_, id),
                ..
            }) if self.localise(id) => self.facts(f, sig),
            Err(Illegal::NoBody(_, name)) if self.find_body(&name)? => match self.outgrown {
                true => Err(outgrown()),
                false => self.facts(f, sig),
            },
            Err(why) => Err(explain(&facts, &why)),
        }
    }

    /// Whether there are files of a link to look into.
    fn is_linking(&self) -> bool {
        matches!(self.policy.phase, Phase::ThinPostLink | Phase::FullLtoEarly)
    }

    /// Looks for a body in the files of the link; with it, what was found out about its callers is outdated.
    pub fn find_body(&mut self, name: &str) -> Result<bool, Refusal> {
        let found = self.is_linking()
            && elsewhere::import(self.module, &mut self.importer, name)
                .map_err(|why| Refusal::new(Code::MissingBody, why))?;
        if found {
            // What a whole module is told of at the start, its new functions are told of now.
            referred::drop_calls(self.module);
            if ruled::rewrite(self.module)? {
                let (registry, refused) = Registry::read(self.module);
                if let Some(refusal) = refused.into_iter().next() {
                    return Err(refusal);
                }
                self.registry = registry;
            }
            self.outdated.extend(self.templates.drain().map(|(_, t)| t));
            self.summaries.clear();
            self.only_doubles = None;
            self.bodies.drop_copies();
            self.bodies = Bodies::default();
            self.outgrown |= self.module.functions().into_iter().any(is_called);
        }
        Ok(found)
    }

    /// Whether what was made for the marker call at hand is to be made again: a call through a pointer in it may lead to
    /// functions that were found since. What was made of such calls before is not used again either.
    pub fn begin_again(&mut self) -> bool {
        if !std::mem::take(&mut self.outgrown) {
            return false;
        }
        self.drop_pending();
        self.derivatives.clear();
        true
    }

    /// Gives a variable of the module's own a shadow, if it can have one. Derivatives that were made before took it to
    /// be inactive, so none of them is used again.
    fn localise(&mut self, id: usize) -> bool {
        let mut globals = self.module.globals().into_iter();
        let own = globals.any(|g| g.id() == id && globals::may_have_shadow(g));
        if !own || !self.pending.is_empty() || !self.localised.insert(id) {
            return false;
        }
        self.derivatives.clear();
        true
    }

    fn summaries_of(&mut self, template: &Template) -> FxHashMap<String, Option<Rc<Summary>>> {
        let mut out = FxHashMap::default();
        for (_, op) in template.snapshot.body.live_insts() {
            let Op::Call(call) = op else { continue };
            if let Callee::Defined { name } = &call.callee
                && !out.contains_key(name)
            {
                let summary = self.module.function(name).and_then(|f| self.summary(f));
                out.insert(name.clone(), summary);
            }
        }
        out
    }

    /// Whether a function's body reads memory of its callers and overwrites it; what has no body is trusted not to.
    pub fn overwrites_what_it_reads(&mut self, f: Function) -> bool {
        if f.is_declaration() {
            return false;
        }
        let Ok(template) = self.template(f) else {
            return false;
        };
        let summaries = self.summaries_of(&template);
        let lookup = |name: &str| summaries.get(name).cloned().flatten();
        let summary = Cells::summarise(&template.snapshot.body, &lookup, false, None);
        summary.overwrites_what_it_reads()
    }

    /// What is known of the functions that one of ours for calls through a pointer may call.
    fn candidate_summaries(&mut self, f: Function) -> Vec<Rc<Summary>> {
        let functions = indirect::candidates(self, f);
        functions
            .into_iter()
            .filter_map(|g| self.summary(g))
            .collect()
    }

    /// What callers need to know of a function's memory; `None` where the function can't be prepared (which is
    /// refused if it turns out to be active). Recursion starts from "touches nothing" and is repeated until
    /// nothing changes; what was found on the way for functions in the same cycle is not kept.
    pub fn summary(&mut self, f: Function) -> Option<Rc<Summary>> {
        if let Some(known) = self.summaries.get(&f) {
            if let Some(at) = self.summing.iter().position(|(g, _)| *g == f) {
                for (_, provisional) in &mut self.summing[at + 1..] {
                    *provisional = true;
                }
                self.summing[at].1 = true;
            }
            return known.clone();
        }
        let template = self.template(f).ok()?;
        self.summaries.insert(f, Some(Rc::default()));
        // Past this many rounds the memory of all of its calls is taken together.
        const ROUNDS: usize = 8;
        let mut result = None;
        let mut cyclic = false;
        for _ in 0..ROUNDS {
            self.summing.push((f, false));
            let summaries = self.summaries_of(&template);
            let candidates = self.candidate_summaries(f);
            let (_, provisional) = self.summing.pop().expect("pushed above");
            cyclic |= provisional;
            let body = &template.snapshot.body;
            let lookup = |name: &str| summaries.get(name).cloned().flatten();
            let mut summary = self.timings.stage("summary", || {
                Cells::summarise(body, &lookup, provisional, None)
            });
            if self.registry.custom.contains_key(&f) {
                // What the body does is not what the rule does.
                summary.touch_all();
            }
            for candidate in &candidates {
                summary.absorb_globals(candidate);
            }
            let summary = Rc::new(summary);
            let settled = self.summaries[&f].as_ref() == Some(&summary);
            self.summaries.insert(f, Some(summary.clone()));
            if settled || !provisional {
                result = Some(summary);
                break;
            }
        }
        if result.is_none() {
            // Functions that call it in turn take it for one that does anything.
            self.summaries.insert(f, None);
            let summaries = self.summaries_of(&template);
            let body = &template.snapshot.body;
            let lookup = |name: &str| summaries.get(name).cloned().flatten();
            let mut summary = Cells::summarise(body, &lookup, false, Some(f.name()));
            if self.registry.custom.contains_key(&f) {
                summary.touch_all();
            }
            for candidate in self.candidate_summaries(f) {
                summary.absorb_globals(&candidate);
            }
            result = Some(Rc::new(summary));
        }
        // Inside a larger cycle this is provisional: only the outermost function's rounds settle it.
        if cyclic && !self.summing.is_empty() {
            self.summaries.remove(&f);
        } else {
            self.summaries.insert(f, result.clone());
        }
        result
    }

    /// A function that does nothing but call `f`, where calls of `f` are known by a rule and its body, if any, is not
    /// looked at: `sin`, say, given to a marker.
    fn stand_in(&self, f: Function) -> Option<Function> {
        let told = [registry::INACTIVE, registry::MATH];
        let told = told
            .iter()
            .any(|name| f.has_attribute(AttrIndex::Function, name));
        if !(told || f.is_declaration()) || f.is_variadic() || registry::is_custom(f) {
            return None;
        }
        let stand_in = self.module.add_function(&f.name(), f.ty());
        self.dress(f, stand_in);
        let b = Builder::at_end(stand_in.append_block("entry"));
        let call = b.call_function(f, &stand_in.params());
        match call.ty().is_void() {
            true => b.ret_void(),
            false => b.ret(call),
        };
        match classify(call) {
            Callee::Math(_)
            | Callee::Inactive
            | Callee::Alloc(_)
            | Callee::Dealloc { .. }
            | Callee::Realloc { .. }
            | Callee::LifetimeStart
            | Callee::Hint
            | Callee::ReduceFAdd => Some(stand_in),
            Callee::Defined { .. }
            | Callee::External { .. }
            | Callee::Indirect { .. }
            | Callee::InlineAsm => {
                stand_in.erase();
                None
            }
        }
    }

    /// Whether a function can be differentiated: it has a body, or a rule.
    pub fn is_known(&self, f: Function) -> bool {
        if !f.is_declaration() || self.registry.custom.contains_key(&f) {
            return true;
        }
        let stand_in = self.stand_in(f);
        stand_in.inspect(|s| s.erase()).is_some()
    }

    /// Whether a function has to be told what its caller knows of the memory behind its arguments: it moves memory of
    /// which it doesn't tell what it holds, or tells something else.
    pub fn wants_types(&mut self, f: Function, trees: &[Option<TypeTree>]) -> bool {
        let Some(summary) = self.summary(f) else {
            return false;
        };
        let learns = |(i, tree): (usize, &Option<TypeTree>)| {
            tree.as_ref().is_some_and(|t| summary.learns_from(i, t))
        };
        summary.has_untyped_moves() || trees.iter().enumerate().any(learns)
    }

    fn template(&mut self, f: Function) -> Result<Rc<Template>, Refusal> {
        if let Some(known) = self.templates.get(&f) {
            return Ok(known.clone());
        }
        let prepared = match self.stand_in(f) {
            Some(stand_in) => {
                let prepared = self
                    .timings
                    .stage("prepare", || prepare(stand_in, &mut self.bodies));
                stand_in.erase();
                prepared?
            }
            None if f.is_declaration() && !self.find_body(&f.name())? => {
                let name = demangle(&f.name());
                let what = format!("the body of `{name}` is not visible here");
                return Err(Refusal::new(Code::MissingBody, what));
            }
            None => self
                .timings
                .stage("prepare", || prepare(f, &mut self.bodies))?,
        };
        let started = self.timings.enter();
        let mut taken = snapshot(self.module, &prepared);
        let halves = halves(&taken.body);
        if !halves.is_empty() {
            for half in &halves {
                widen(taken.llvm[half.inst.index()], half.at);
            }
            taken = snapshot(self.module, &prepared);
        }
        let module = self.module;
        taken.body.only_doubles = *self
            .only_doubles
            .get_or_insert_with(|| only_doubles(module));
        self.timings.leave("snapshot", started);
        dump::function("prepared", prepared.function);
        self.prepared.insert(prepared.function);
        let snapshot = Rc::new(taken);
        let template = Rc::new(Template { prepared, snapshot });
        self.templates.insert(f, template.clone());
        Ok(template)
    }

    /// Gives a generated function what it must have from its primal, and nothing else: attributes about memory,
    /// unwinding or returning would be lies.
    pub fn dress(&self, primal: Function, generated: Function) {
        generated.set_linkage(Linkage::Internal);
        generated.set_calling_conv(0);
        for name in [
            "target-cpu",
            "target-features",
            "tune-cpu",
            "uwtable",
            "strictfp",
            "denormal-fp-math",
            "frame-pointer",
        ] {
            if let Some(attribute) = primal.attribute(AttrIndex::Function, name) {
                generated.add_attribute(AttrIndex::Function, attribute);
            }
        }
        generated.set_personality(primal.personality());
    }

    fn finish(&self, g: Function) -> Result<(), Refusal> {
        dump::function("emitted", g);
        self.timings.work("emitted", g.instructions().len());
        if g.personality().is_none() {
            g.set_personality(None);
        }
        g.verify().map_err(|why| {
            Refusal::internal(&format!(
                "the derivative {} is not valid IR: {why}",
                g.name()
            ))
        })?;
        Ok(())
    }

    /// Whether a function is a copy of another, which goes in the end.
    pub fn is_template(&self, f: Function) -> bool {
        self.prepared.contains(&f) || self.bodies.is_copy(f)
    }

    fn drop_templates(&mut self) {
        let outdated = self.outdated.drain(..);
        for template in outdated.chain(self.templates.drain().map(|(_, t)| t)) {
            template.prepared.function.erase();
        }
        self.bodies.drop_copies();
    }

    /// The marker call at hand has its derivative.
    pub fn keep_pending(&mut self) {
        self.finished.append(&mut self.pending);
    }

    /// Removes what a refused derivative left behind, half-made or referring to what is.
    pub fn drop_pending(&mut self) {
        self.drop_pending_from(0);
    }

    fn drop_pending_from(&mut self, begun: usize) {
        let pending: Vec<Derivative> = self.pending.drain(begun..).collect();
        self.derivatives.retain(|_, d| !pending.contains(d));
        self.unfilled
            .retain(|work| !pending.contains(&work.derivative));
        let gone: Vec<Function> = pending.iter().flat_map(|d| d.functions()).collect();
        for g in &gone {
            g.delete_body();
        }
        for g in gone {
            g.replace_all_uses_with(g.as_value().ty().poison());
            g.erase();
        }
    }
}

/// Ends what is made for the marker call at hand, to make it again: nobody gets to see it.
fn outgrown() -> Refusal {
    Refusal::internal("a body was found, and what was made before it is still in use")
}

fn plan_of(facts: &Facts) -> Result<plan::Plan, Refusal> {
    let plan =
        choose::plan(facts.body(), &facts.cells, &facts.act, &facts.clobber).map_err(|why| {
            let (block, what) = match why {
                NoWalk::OddLoop(b) => (Some(b), "a loop with more than one way in or back"),
                NoWalk::NoRecord(b) => (Some(b), "a merge whose predecessor is not recorded"),
                NoWalk::ManyReturns => (None, "several returns"),
            };
            let at = block.map_or(facts.snapshot.llvm_blocks[0], |b| {
                facts.snapshot.llvm_blocks[b.index()]
            });
            let end = at.terminator().expect("blocks have terminators");
            Refusal::new(Code::ControlFlow, what).at_value(end)
        })?;
    plan::check::check(facts.body(), &facts.cells, &facts.act, &plan)
        .map_err(|why| Refusal::internal(&format!("the plan does not hold: {why}")))?;
    dump::plan(facts, &plan);
    Ok(plan)
}

fn explain(facts: &Facts, why: &Illegal) -> Refusal {
    match why {
        Illegal::NoBody(v, name) => facts
            .refuse(
                *v,
                Code::MissingBody,
                format!("`{}` is called with data that takes part in the derivative, and its body is not visible", demangle(name)),
            )
            .why("without its body its derivative is not known")
            .help("link its bitcode into this program (LTO), declare it inactive, or register a derivative for it"),
        Illegal::Indirect(v) => facts
            .refuse(*v, Code::IndirectCall, "a call through a pointer that says more than what is called (operand bundles), with data that takes part in the derivative")
            .why("what it says holds for the call itself, not for the derivative of what is called")
            .help("call the function directly"),
        Illegal::Asm(v) => facts
            .refuse(*v, Code::InlineAsm, "inline assembly (`asm`) on data that takes part in the derivative")
            .why("nothing tells what it computes")
            .help("move it out of the differentiated function, or pass it constants only"),
        Illegal::Bits(v) => facts
            .refuse(
                *v,
                Code::UnsupportedInstruction,
                "arithmetic on the bits of a float on data that takes part in the derivative",
            )
            .why("its derivative is not known")
            .help("use the float operation that it stands for, such as `abs` or `copysign`"),
        Illegal::Unsupported(v, name) => facts.refuse(
            *v,
            Code::UnsupportedInstruction,
            format!("the instruction `{name}` can't be differentiated"),
        ),
        Illegal::NoShadow { at, why } => match why {
            NoShadow::ConstArg(i) => facts
                .refuse(
                    *at,
                    Code::MixedActivity,
                    format!(
                        "memory of {} is declared constant, but receives data that takes part in the derivative and is read again",
                        i.map_or("an argument".to_owned(), |i| format!("argument {}", i + 1))
                    ),
                )
                .help("declare the argument `Duplicated` (`enzyme_dup`) and give it a shadow"),
            NoShadow::Global(g, _) => facts
                .refuse(
                    *at,
                    Code::ActiveGlobal,
                    format!("the global variable `{}` receives data that takes part in the derivative", demangle(&facts.llvm(*g).name())),
                )
                .why("a global variable has no shadow")
                .help("pass it to the function as an argument"),
            NoShadow::Unknown(p) => facts
                .refuse(
                    *at,
                    Code::MissingShadow,
                    "memory that takes part in the derivative is reached through a pointer of unknown origin",
                )
                .note(format!("the pointer: {}", facts.llvm(*p)))
                .help("pass the memory to the function as an argument with a shadow"),
        },
        Illegal::Untyped(v) => facts
            .refuse(*v, Code::UnknownType, "memory is copied in pieces smaller than a scalar, and nothing says what they hold")
            .why("floats, pointers and integers are differentiated differently")
            .help("tell it by a hint (`__enzyme_double(p, bytes)`), or copy with `memcpy`"),
        Illegal::Irreducible => Refusal::new(Code::ControlFlow, "a loop that is entered in the middle")
            .at_value(facts.snapshot.llvm_blocks[0].terminator().expect("blocks have terminators"))
            .why("the reverse sweep can't walk it backwards"),
    }
}
