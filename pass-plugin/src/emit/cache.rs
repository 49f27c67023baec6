//! The places of saved values: stack slots (or fields of the frame, in split mode) for what is outside of
//! loops, arrays or chained records on the tape for what is in them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::runtime::{self, Runtime};
use super::scopes::Scopes;
use super::{Copy, Facts, align_for, slot};
use crate::analysis::need::{Element, Need};
use crate::ir::LoopId;
use crate::llvm::{Block, Builder, Function, IntPredicate, Opcode, Type, Value};
use crate::plan::{Plan, Storage};

/// What has a place outside of loops.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Key {
    /// What is needed of a lane.
    Need(Need, usize),
    /// The function's result, and its shadows after it.
    Result(usize),
    /// The newest record of a loop.
    Chain(LoopId),
}

/// Which of the two sweeps.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Side {
    Forward,
    Reverse,
}

/// Places outside of loops.
pub struct Top {
    /// Split mode: the frame that joins the two functions, as each sees it.
    frame: Option<(Value, Value)>,
    /// The call that makes the frame; its size is known at the end.
    frame_call: Option<Value>,
    frame_bytes: u64,
    forward_start: Block,
    reverse_start: Block,
    places: FxHashMap<Key, (Type, u64, Option<Value>)>,
    pointers: FxHashMap<(Key, Side), Value>,
}

impl Top {
    /// Both sweeps in one function: stack slots.
    pub fn combined(start: Block) -> Top {
        Top {
            frame: None,
            frame_call: None,
            frame_bytes: 0,
            forward_start: start,
            reverse_start: start,
            places: FxHashMap::default(),
            pointers: FxHashMap::default(),
        }
    }

    /// Two functions: fields of a frame on the tape. Returns the frame too.
    pub fn split(
        forward: &Copy,
        runtime: &Runtime,
        arena: Value,
        reverse_start: Block,
        reverse_frame: Value,
    ) -> (Top, Value) {
        let b = forward.at_start();
        let call = b.call_function(runtime.keep, &[arena, b.context().i64_type().const_int(0)]);
        call.set_name("frame");
        let top = Top {
            frame: Some((call, reverse_frame)),
            frame_call: Some(call),
            frame_bytes: 0,
            forward_start: forward.start,
            reverse_start,
            places: FxHashMap::default(),
            pointers: FxHashMap::default(),
        };
        (top, call)
    }

    /// The address of a place, usable everywhere in the sweep's function.
    pub fn pointer(&mut self, facts: &Facts, key: Key, ty: Type, side: Side) -> Value {
        if let Some(p) = self.pointers.get(&(key, side)) {
            return *p;
        }
        let frame = self.frame;
        if !self.places.contains_key(&key) {
            let bytes = facts.module.abi_size(ty).max(1);
            let align = align_for(bytes).max(1);
            let offset = self.frame_bytes.next_multiple_of(align);
            let alloca = match frame {
                Some(_) => {
                    self.frame_bytes = offset + bytes;
                    None
                }
                None => Some(slot(self.forward_start, ty, "kept")),
            };
            self.places.insert(key, (ty, offset, alloca));
        }
        let (_, offset, alloca) = self.places[&key];
        let pointer = match (frame, alloca) {
            (None, Some(alloca)) => alloca,
            (Some((forward, reverse)), _) => {
                let (start, base) = match side {
                    Side::Forward => (self.forward_start, forward),
                    Side::Reverse => (self.reverse_start, reverse),
                };
                let b = Builder::before(start.terminator().expect("start blocks end in a branch"));
                let place = b.ptr_add_inbounds(base, facts.context().i64_type().const_int(offset));
                match (key, side) {
                    // The reverse sweep takes records off its own copy, so that it can run again on the same tape.
                    (Key::Chain(_), Side::Reverse) => {
                        let own = slot(start, ty, "chain");
                        b.store(b.load(ty, place, 8, false), own, 8, false);
                        own
                    }
                    _ => place,
                }
            }
            (None, None) => unreachable!("combined places are stack slots"),
        };
        self.pointers.insert((key, side), pointer);
        pointer
    }

    /// A pointer variable that is null before the forward sweep. Made on the forward side.
    pub fn null_variable(&mut self, facts: &Facts, key: Key) -> Value {
        let ptr = facts.context().ptr_type();
        let known = self.pointers.contains_key(&(key, Side::Forward));
        let place = self.pointer(facts, key, ptr, Side::Forward);
        if !known {
            let start = self.forward_start;
            let b = Builder::before(start.terminator().expect("start blocks end in a branch"));
            b.store(ptr.const_null(), place, 8, false);
        }
        place
    }

    /// Says how large the frame became.
    pub fn close(&self) {
        if let Some(call) = self.frame_call {
            let bytes = call.context().i64_type().const_int(self.frame_bytes.max(1));
            call.set_operand(1, bytes);
        }
    }
}

/// A saved value of a loop.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The type it is stored as.
    pub ty: Type,
    pub bytes: u64,
    /// Flat: bytes of all fields of its kind before it, for one iteration. Chain: its offset in the record.
    pub offset: u64,
    pub align: u64,
}

/// The saved values of one loop.
pub struct LoopCache {
    pub storage: Storage,
    /// By need and lane.
    pub fields: FxHashMap<(Need, usize), Field>,
    /// Chain: the size of a record.
    pub record_bytes: u64,
    /// Flat: the size of one iteration's values of each kind.
    pub element_bytes: BTreeMap<Element, u64>,
}

/// Lays out the saved values of a loop: widest first, so that all are aligned.
pub fn lay_out(facts: &Facts, plan: &Plan, l: LoopId) -> LoopCache {
    let storage = plan.storage[&l].clone();
    let mut wanted: Vec<((Need, usize), Type, u64)> = plan.saved[&Some(l)]
        .iter()
        .flat_map(|need| (0..lanes(facts, *need)).map(move |lane| (*need, lane)))
        .map(|(need, lane)| {
            let ty = stored_type(facts, need);
            ((need, lane), ty, facts.module.abi_size(ty).max(1))
        })
        .collect();
    wanted.sort_by_key(|(need, _, bytes)| (std::cmp::Reverse(align_for(*bytes)), *need));
    let mut fields = FxHashMap::default();
    // The previous record comes first.
    let mut chained = 16;
    let mut flat: BTreeMap<Element, u64> = BTreeMap::new();
    for (need, ty, bytes) in wanted {
        let align = align_for(bytes);
        let at = match storage {
            Storage::Flat { .. } => flat.entry(Element::of(facts.body(), need.0)).or_default(),
            Storage::Chain => &mut chained,
        };
        let offset = *at;
        *at += bytes;
        fields.insert(
            need,
            Field {
                ty,
                bytes,
                offset,
                align,
            },
        );
    }
    LoopCache {
        storage,
        fields,
        record_bytes: u64::next_multiple_of(chained, 16),
        element_bytes: flat,
    }
}

/// How many values a need stands for: shadows come once for each lane.
pub fn lanes(facts: &Facts, need: Need) -> usize {
    match need {
        Need::Shadow(_) => facts.width as usize,
        Need::Primal(_) | Need::Tape(_) | Need::Base(..) => 1,
    }
}

/// The type of a needed value.
pub fn need_type(facts: &Facts, need: Need) -> Type {
    match need {
        Need::Primal(v) | Need::Shadow(v) => facts.llvm_ty(v),
        Need::Tape(_) | Need::Base(..) => facts.context().ptr_type(),
    }
}

/// The type that a needed value is stored as: booleans take a byte.
pub fn stored_type(facts: &Facts, need: Need) -> Type {
    let ty = need_type(facts, need);
    if ty == facts.context().bool_type() {
        facts.context().i8_type()
    } else {
        ty
    }
}

/// Stores `value` on the tape at `to`, booleans as bytes.
pub fn put(b: &Builder, scopes: &Scopes, value: Value, to: Value, align: u64) {
    let c = b.context();
    let value = if value.ty() == c.bool_type() {
        b.cast(Opcode::ZExt, value, c.i8_type())
    } else {
        value
    };
    scopes.is_tape(b.store(value, to, align, false));
}

/// Loads what [`put`] stored.
pub fn get(b: &Builder, scopes: &Scopes, ty: Type, from: Value, align: u64) -> Value {
    let c = b.context();
    let bool = ty == c.bool_type();
    let value = b.load(if bool { c.i8_type() } else { ty }, from, align, false);
    scopes.is_tape(value);
    if bool {
        b.cast(Opcode::Trunc, value, ty)
    } else {
        value
    }
}

/// The number of iterations of all loops of a nest, `counts` being their back edge counts.
pub fn iterations(b: &Builder, runtime: &Runtime, counts: &[Value]) -> Value {
    let i64t = b.context().i64_type();
    let mut n = i64t.const_int(1);
    for count in counts {
        let times = b.add(super::shadow::to_i64(b, *count), i64t.const_int(1));
        n = if n == i64t.const_int(1) {
            times
        } else {
            b.call_function(runtime.size, &[n, times])
        };
    }
    n
}

/// The place of an iteration in a flat cache: `counters` from the nest's root inwards.
pub fn linear(b: &Builder, counters: &[Value], counts: &[Value]) -> Value {
    let i64t = b.context().i64_type();
    let mut at = counters[0];
    for (counter, count) in counters.iter().zip(counts).skip(1) {
        let times = b.nuw_add(super::shadow::to_i64(b, *count), i64t.const_int(1));
        let row = b.nuw_mul(at, times);
        at = b.nuw_add(row, *counter);
    }
    at
}

/// The address of a field in a flat cache.
pub fn flat_address(b: &Builder, field: &Field, base: Value, n: Value, at: Value) -> Value {
    let i64t = b.context().i64_type();
    let array = if field.offset == 0 {
        base
    } else {
        let skip = b.nuw_mul(n, i64t.const_int(field.offset));
        b.ptr_add_inbounds(base, skip)
    };
    let offset = b.nuw_mul(at, i64t.const_int(field.bytes));
    b.ptr_add_inbounds(array, offset)
}

/// The arena of a function that owns one, in its start block.
pub fn own_arena(start: Block) -> Value {
    let c = start.as_value().context();
    let ty = c.i64_type().array_of(Runtime::ARENA_BYTES / 8);
    let arena = slot(start, ty, "arena");
    let b = Builder::before(start.terminator().expect("start blocks end in a branch"));
    b.store(ty.const_null(), arena, 8, false);
    arena
}

/// Frees the tape.
pub fn free_arena(b: &Builder, runtime: &Runtime, arena: Value) {
    b.call_function(runtime.free, &[arena]);
}

/// Defers the free of `pointer` to the end of the whole derivative: callers' reverse sweeps, which run later, may still
/// read the memory. The rest is as in `call`, of the forward sweep. The arena lists what is to be freed, `tape.free` does it.
pub fn defer_free(
    facts: &Facts,
    b: &Builder,
    runtime: &Runtime,
    arena: Value,
    call: Value,
    ptr_arg: u32,
    pointer: Value,
) {
    let mut args = vec![arena, pointer];
    let others = (0..call.arg_count()).filter(|k| *k != ptr_arg);
    args.extend(others.map(|k| call.arg(k)));
    let defer = defer_function(facts, runtime, call, ptr_arg);
    b.call_function(defer, &args);
}

/// The function that makes the record of a free, `(arena, pointer, the other arguments)`.
fn defer_function(facts: &Facts, runtime: &Runtime, call: Value, ptr_arg: u32) -> Function {
    let callee = call.callee();
    let name = format!("{}{}", runtime::DEFER, callee.name());
    if let Some(f) = facts.module.function(&name) {
        return f;
    }
    let c = facts.context();
    let i64t = c.i64_type();
    let n = call.arg_count();
    let order: Vec<u32> = std::iter::once(ptr_arg)
        .chain((0..n).filter(|k| *k != ptr_arg))
        .collect();
    let types: Vec<Type> = order.iter().map(|k| call.arg(*k).ty()).collect();
    // The record: the one before, the function that frees, the arguments.
    let mut bytes = 16;
    let places: Vec<u64> = types
        .iter()
        .map(|ty| {
            let at = bytes;
            bytes += facts.module.abi_size(*ty).next_multiple_of(8);
            at
        })
        .collect();
    let place =
        |b: &Builder, record: Value, at: u64| b.ptr_add_inbounds(record, i64t.const_int(at));
    let internal = |name: &str, params: &[Type]| {
        let f = facts
            .module
            .add_function(name, c.void_type().function_type(params, false));
        f.set_linkage(crate::llvm::Linkage::Internal);
        f.add_enum_attribute(crate::llvm::AttrIndex::Function, "nounwind");
        f
    };

    let run = internal(
        &format!("enzyme_rs.free.{}", callee.name()),
        &[c.ptr_type()],
    );
    let b = Builder::at_end(run.append_block("entry"));
    let mut values = vec![i64t.poison(); n as usize];
    for ((k, ty), at) in order.iter().zip(&types).zip(&places) {
        values[*k as usize] = b.load(*ty, place(&b, run.param(0), *at), 8, false);
    }
    // A shadow that is its primal comes as null: it is freed once.
    let (free, done) = (run.append_block("free"), run.append_block("done"));
    let pointer = values[ptr_arg as usize];
    let nothing = b.icmp(IntPredicate::Eq, pointer, pointer.ty().const_null());
    b.cond_br(nothing, done, free);
    b.position_at_end(free);
    b.call(call.called_type(), callee, &values);
    b.br(done);
    b.position_at_end(done);
    b.ret_void();

    let mut params = vec![c.ptr_type()];
    params.extend(&types);
    let defer = internal(&name, &params);
    let b = Builder::at_end(defer.append_block("entry"));
    let arena = defer.param(0);
    let record = b.call_function(
        runtime.push,
        &[arena, i64t.const_int(u64::next_multiple_of(bytes, 16))],
    );
    for (k, at) in places.iter().enumerate() {
        b.store(defer.param(k as u32 + 1), place(&b, record, *at), 8, false);
    }
    b.call_function(runtime.list, &[arena, record, run.as_value()]);
    b.ret_void();
    defer
}
