//! Brings a function into the form that the engine wants, on a clone: inlined, in SSA form, loops with
//! one preheader, one latch, dedicated exits and a counter, one return.
//!
//! Everything that changes IR before differentiation happens here. Afterwards the clone is a frozen
//! template: derivatives are clones of it.

mod addresses;
mod assembly;
mod bits;
mod byval;
mod calls;
mod casts;
mod checked;
mod counters;
mod cycles;
pub mod declared;
pub mod halves;
pub mod indirect;
mod inline;
mod lanes;
mod library;
mod loops;
mod masked;
mod memory;
mod order;
mod poison;
mod rounding;
mod spell;
mod sse;
mod stack;

pub use inline::Bodies;
pub use loops::isolate_invokes;

use crate::diag::{Code, Refusal, demangle};
use crate::llvm::{AttrIndex, Block, Function, TripCount, Value};

/// A loop of the prepared function.
#[derive(Debug, Clone)]
pub struct PreparedLoop {
    pub header: Block,
    /// Counts iterations from 0.
    pub iv: Value,
    /// How often the back edge is taken, where that is known before the loop starts.
    pub count: Option<TripCount>,
    /// At each block that the loop is left to: the counter's value then.
    pub exit_counts: Vec<(Block, Value)>,
}

/// The frozen template.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub function: Function,
    pub loops: Vec<PreparedLoop>,
    /// For blocks with several returning predecessors: which one they were entered from.
    pub which: Vec<(Block, Value)>,
    /// Header phis and what they are equal to, computed from the loop's counter alone. The forward sweep has
    /// no use for these; the reverse sweep need not store the phi.
    pub closed_forms: Vec<(Value, Value)>,
    /// No optimiser had seen the function before (`optnone`): members of classes are not inlined.
    pub unoptimised: bool,
}

/// Into SSA form, redundant loads gone, loops rotated, invariants hoisted. No unrolling, no vectorising.
const PROMOTE: &str = "sroa,early-cse<memssa>,simplifycfg";
const COMBINE: &str = "instcombine<no-verify-fixpoint>,simplifycfg";
const OPTIMISE: &str = "loop-simplify,lcssa,loop-mssa(loop-rotate,licm),simplifycfg,\
    instcombine<no-verify-fixpoint>,gvn,sroa,loop-simplify,lcssa,loop-mssa(licm),\
    early-cse<memssa>,instcombine<no-verify-fixpoint>,adce,simplifycfg";
const CANONICAL: &str = "mergereturn,break-crit-edges,loop-simplify,lcssa";

/// Prepares a clone of `f`.
pub fn prepare(f: Function, bodies: &mut Bodies) -> Result<Prepared, Refusal> {
    refuse_conventions(f)?;
    let clone = Unfinished(Some(
        f.clone_into(&format!("{}.prepared", f.name())).function,
    ));
    let prepared = run(f, clone.0.expect("just made"), bodies)?;
    clone.keep();
    Ok(prepared)
}

/// Ways to pass arguments that a derivative, whose parameters are others, can't have.
fn refuse_conventions(f: Function) -> Result<(), Refusal> {
    let at = || f.entry().terminator().expect("blocks have terminators");
    if f.is_variadic() {
        return Err(Refusal::new(
            Code::UnsupportedInstruction,
            format!(
                "`{}` takes a variable number of arguments",
                demangle(&f.name())
            ),
        )
        .at_value(at())
        .why("what is passed beyond the named arguments has no shadow")
        .help("pass the data in an array, or declare the function inactive"));
    }
    let odd = ["swifterror", "swiftasync"];
    for k in 0..f.param_count() {
        let has = |name: &&&str| f.has_attribute(AttrIndex::Param(k), name);
        if let Some(name) = odd.iter().find(has) {
            return Err(Refusal::new(
                Code::UnsupportedInstruction,
                format!(
                    "`{}` has a parameter that is passed by `{name}`",
                    demangle(&f.name())
                ),
            )
            .at_value(at())
            .why("a derivative has other parameters, and can't be called that way")
            .help("pass it as a plain pointer"));
        }
    }
    Ok(())
}

/// A clone that goes unless it is finished: also when a mistake of ours unwinds.
struct Unfinished(Option<Function>);

impl Unfinished {
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(f) = self.0 {
            f.erase();
        }
    }
}

fn spell_out(f: Function) -> Result<(), Refusal> {
    if !memory::intrinsics(f, "llvm.matrix.").is_empty() {
        f.run_passes("lower-matrix-intrinsics")
            .map_err(|why| Refusal::internal(&format!("LLVM's passes failed: {why}")))?;
    }
    assembly::spell_out(f);
    spell::spell_out(f);
    Ok(())
}

fn run(original: Function, f: Function, bodies: &mut Bodies) -> Result<Prepared, Refusal> {
    let passes = |list: &str| {
        f.run_passes(list)
            .map_err(|why| Refusal::internal(&format!("LLVM's passes failed: {why}")))
    };
    let unoptimised = f.has_attribute(AttrIndex::Function, "optnone");
    for name in [
        "optnone",
        "noinline",
        "alwaysinline",
        "cold",
        "minsize",
        "optsize",
    ] {
        f.remove_attribute(AttrIndex::Function, name);
    }
    f.remove_unreachable_blocks();
    calls::refuse_odd(original)?;
    byval::copy_arguments(f);
    // A derivative has no variables of the user's, and its phis go where records of them might stand.
    f.drop_debug_records();
    calls::drop_tail_calls(f);
    memory::drop_lifetimes(f);
    spell_out(f)?;
    counters::take_apart(f);
    passes(PROMOTE)?;
    memory::keep_floats(f);
    declared::keep(f);
    passes(COMBINE)?;
    calls::resolve_indirect(f);
    inline::inline_cone(original, f, bodies)?;
    calls::refuse_odd(f)?;
    f.drop_debug_records();
    spell_out(f)?;
    calls::drop_tail_calls(f);
    library::spell_out(f)?;
    calls::return_results(f);
    casts::spell_out_casts(f);
    memory::drop_lifetimes(f);
    memory::expand_realloc(f);
    memory::copy_by_value(f);
    memory::place_allocas(f)?;
    counters::take_apart(f);
    passes(PROMOTE)?;
    memory::keep_floats(f);
    declared::keep(f);
    passes(COMBINE)?;
    passes(OPTIMISE)?;
    rounding::detach(f);
    bits::share(f);
    // What memory hid from the first look.
    calls::resolve_indirect(f);
    if !indirect::is_called(original) {
        indirect::route(f);
    }
    lanes::move_as_floats(f);
    if !indirect::is_called(original) {
        indirect::route(f);
    }
    addresses::spell_out(f);
    addresses::round_distances(f);
    checked::spell_out(f);
    order::spell_out(f);
    cycles::make_reducible(f);
    passes(CANONICAL)?;
    loops::isolate_invokes(f);
    loops::isolate_caught(f);
    passes("loop-simplify,lcssa")?;
    f.expand_constant_exprs();
    f.remove_unreachable_blocks();
    poison::define_lanes(f);
    let (loops, which) = loops::count(f)?;
    let counters: Vec<Value> = loops.iter().map(|l| l.iv).collect();
    let closed_forms = f.closed_forms(&counters);
    f.verify()
        .map_err(|why| Refusal::internal(&format!("prepare made invalid IR: {why}")))?;
    Ok(Prepared {
        function: f,
        loops,
        which,
        closed_forms,
        unoptimised,
    })
}
