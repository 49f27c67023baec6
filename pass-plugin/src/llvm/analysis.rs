//! LLVM's analyses: loops, trip counts, and alias queries.

use super::{Block, Function, Value, raw};
use llvm_sys::prelude::*;
use std::ffi::{c_int, c_uint, c_void};
use std::ptr;

/// What scalar evolution knows about one exit of a loop.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum ExitKind {
    /// Nothing.
    Unknown,
    /// An expression; [`Function::expand_trip_counts`] may be able to write it out.
    Computable,
    /// The backedge is taken exactly this often before the exit.
    Constant(u64),
}

/// How often the backedge of a loop is taken, written out.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct TripCount {
    /// An `i64` at the end of the preheader of the loop or of one around it.
    pub count: Value,
    /// The header of that loop: from there on the count holds.
    pub holds: Block,
    /// It is right only where the loop is entered, as it is unless the function never returns; else it is 0 where the
    /// loop is not entered.
    pub if_entered: bool,
}

/// One exit of one loop.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct ExitCount {
    pub header: Block,
    pub exiting: Block,
    pub kind: ExitKind,
}

/// A natural loop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NaturalLoop {
    pub header: Block,
    /// 1 for an outermost loop.
    pub depth: u32,
    /// All blocks of the loop, inner loops' included, the header first.
    pub blocks: Vec<Block>,
}

/// How two memory ranges relate.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Alias {
    No,
    May,
    Partial,
    Must,
}

/// What an instruction may do to a memory range.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct ModRef {
    pub reads: bool,
    pub writes: bool,
}

/// An open session of LLVM's analyses on one function, which must not change while it lives.
#[derive(Debug)]
pub struct Analyses(*mut c_void);

impl Drop for Analyses {
    fn drop(&mut self) {
        // SAFETY: made by the shim and used no more.
        unsafe { raw::erx_analyses_free(self.0) }
    }
}

fn alias(number: u32) -> Alias {
    match number {
        0 => Alias::No,
        2 => Alias::Partial,
        3 => Alias::Must,
        _ => Alias::May,
    }
}

/// A size for the shim, all ones meaning unknown.
fn size(bytes: Option<u64>) -> u64 {
    bytes.unwrap_or(u64::MAX)
}

impl Analyses {
    pub fn new(function: Function) -> Analyses {
        assert!(
            !function.is_declaration(),
            "analysing {}, which has no body",
            function.name()
        );
        // SAFETY: a function with a body.
        Analyses(unsafe { raw::erx_analyses_new(function.0) })
    }

    /// How two ranges relate; `None` is an unknown size, before and after the pointer. Inside a loop the answer
    /// holds within one iteration only.
    pub fn alias(&self, p: Value, p_bytes: Option<u64>, q: Value, q_bytes: Option<u64>) -> Alias {
        assert!(
            p.ty().is_pointer() && q.ty().is_pointer(),
            "{p} and {q} must be pointers"
        );
        // SAFETY: two pointers of the session's function.
        alias(unsafe { raw::erx_alias(self.0, p.0, size(p_bytes), q.0, size(q_bytes)) })
    }

    /// How two accesses relate, their `!tbaa` and alias scopes in view.
    pub fn alias_accesses(&self, a: Value, b: Value) -> Alias {
        assert!(
            a.is_instruction() && b.is_instruction(),
            "{a} and {b} must be instructions"
        );
        // SAFETY: two instructions of the session's function.
        alias(unsafe { raw::erx_alias_accesses(self.0, a.0, b.0) })
    }

    /// What an instruction may do to a range.
    pub fn mod_ref(&self, inst: Value, pointer: Value, bytes: Option<u64>) -> ModRef {
        assert!(
            inst.is_instruction() && pointer.ty().is_pointer(),
            "{inst} on {pointer}"
        );
        // SAFETY: an instruction and a pointer of the session's function.
        let bits = unsafe { raw::erx_mod_ref(self.0, inst.0, pointer.0, size(bytes)) };
        ModRef {
            reads: bits & 1 != 0,
            writes: bits & 2 != 0,
        }
    }

    /// What an instruction may do to the memory that a load or store accesses, the access's metadata in view.
    pub fn mod_ref_access(&self, inst: Value, access: Value) -> ModRef {
        assert!(
            inst.is_instruction() && access.is_instruction(),
            "{inst} on {access}"
        );
        // SAFETY: two instructions of the session's function.
        let bits = unsafe { raw::erx_mod_ref_access(self.0, inst.0, access.0) };
        ModRef {
            reads: bits & 1 != 0,
            writes: bits & 2 != 0,
        }
    }
}

impl Function {
    /// Every exit of every loop, outer loops first, with what scalar evolution knows of it.
    pub fn loop_exit_counts(self) -> Vec<ExitCount> {
        extern "C" fn sink(
            state: *mut c_void,
            header: LLVMBasicBlockRef,
            exiting: LLVMBasicBlockRef,
            kind: c_int,
            constant: u64,
        ) {
            let kind = match kind {
                0 => ExitKind::Unknown,
                2 => ExitKind::Constant(constant),
                _ => ExitKind::Computable,
            };
            let exit = ExitCount {
                header: Block(header),
                exiting: Block(exiting),
                kind,
            };
            // SAFETY: `loop_exit_counts` passes its list as the state.
            unsafe { (*state.cast::<Vec<ExitCount>>()).push(exit) }
        }
        let mut out: Vec<ExitCount> = Vec::new();
        if !self.is_declaration() {
            // SAFETY: a function with a body; the sink is called only within this call.
            unsafe { raw::erx_loop_exits(self.0, sink, (&raw mut out).cast()) };
        }
        out
    }

    /// Writes how often the backedges of loops, given by their headers, are taken before these exits. `None` when scalar
    /// evolution has no exact count, there is no preheader, the count is wider than 64 bits, or computing it there might
    /// trap.
    pub fn expand_trip_counts(self, exits: &[(Block, Block)]) -> Vec<Option<TripCount>> {
        let own = |b: Block| b.parent() == Some(self);
        assert!(
            exits
                .iter()
                .all(|(header, exiting)| own(*header) && own(*exiting)),
            "blocks of another function"
        );
        let headers: Vec<_> = exits.iter().map(|(header, _)| header.0).collect();
        let exitings: Vec<_> = exits.iter().map(|(_, exiting)| exiting.0).collect();
        let nothing = raw::RawTripCount {
            count: ptr::null_mut(),
            holds: ptr::null_mut(),
            if_entered: 0,
        };
        let mut out = vec![nothing; exits.len()];
        // SAFETY: blocks of this function, and three lists of one length; the shim checks the rest, and sets the header
        // where it sets a count.
        unsafe {
            raw::erx_expand_exit_counts(
                self.0,
                headers.as_ptr(),
                exitings.as_ptr(),
                exits.len(),
                out.as_mut_ptr(),
            );
        }
        out.into_iter()
            .map(|found| {
                Some(TripCount {
                    count: Value::maybe(found.count)?,
                    holds: Block(found.holds),
                    if_entered: found.if_entered != 0,
                })
            })
            .collect()
    }

    /// Equal values for header phis that are polynomials in their loops' counters, which are given: (phi, value),
    /// the value computed from the counter behind the header's phis.
    pub fn closed_forms(self, counters: &[Value]) -> Vec<(Value, Value)> {
        extern "C" fn sink(state: *mut c_void, phi: LLVMValueRef, value: LLVMValueRef) {
            // SAFETY: `closed_forms` passes its list as the state.
            unsafe { (*state.cast::<Vec<(Value, Value)>>()).push((Value(phi), Value(value))) }
        }
        let mut out: Vec<(Value, Value)> = Vec::new();
        // SAFETY: phis of this function; `Value` is transparent over the reference; the sink is called only within
        // this call.
        unsafe {
            let list = counters.as_ptr().cast_mut().cast();
            raw::erx_closed_forms(self.0, list, counters.len(), sink, (&raw mut out).cast());
        }
        out
    }

    /// The natural loops, outer loops before those inside them.
    pub fn natural_loops(self) -> Vec<NaturalLoop> {
        extern "C" fn sink(
            state: *mut c_void,
            _: c_uint,
            depth: c_uint,
            block: LLVMBasicBlockRef,
            kind: c_int,
        ) {
            // SAFETY: `natural_loops` passes its list as the state.
            let list = unsafe { &mut *state.cast::<Vec<NaturalLoop>>() };
            let block = Block(block);
            if kind == 0 {
                list.push(NaturalLoop {
                    header: block,
                    depth,
                    blocks: vec![block],
                });
            } else if let Some(last) = list.last_mut() {
                last.blocks.push(block);
            }
        }
        let mut out: Vec<NaturalLoop> = Vec::new();
        if !self.is_declaration() {
            // SAFETY: a function with a body; the sink is called only within this call.
            unsafe { raw::erx_loops(self.0, sink, (&raw mut out).cast()) };
        }
        out
    }
}
