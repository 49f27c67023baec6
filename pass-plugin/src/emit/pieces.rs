//! Floats whose bytes the primal moves one by one (a `swap` over `char`, a `memcpy` of one's own): their adjoints
//! are moved as bits, and added by [`IR`].

use rustc_hash::FxHashSet;

use super::reverse::Reverse;
use super::{Facts, slot};
use crate::analysis::cells::{Class, MemLayout, NodeId};
use crate::diag::{Code, Refusal};
use crate::ir::{FloatKind, IntBin, Op, ValueId};
use crate::llvm::{AttrIndex, Attribute, Builder, Function, Linkage, Module, Opcode, Value};

const IR: &str = include_str!("pieces.ll");
/// Sixteen entries of three words, and one word more.
const TABLE_WORDS: u64 = 49;

/// Whether a function is one of those that move bits of adjoints.
pub fn is_ours(f: Function) -> bool {
    f.name().starts_with("enzyme_rs.piece.")
}

/// Why no derivative of such a function can be had; `at` is where it is called.
pub fn refuse_again(at: Option<Value>) -> Refusal {
    let refusal = Refusal::new(
        Code::UnknownType,
        "a derivative that moves floats byte by byte is differentiated again",
    )
    .why("its adjoints are bits there, of which nobody knows the numbers")
    .help("copy whole floats, or with `memcpy`");
    match at {
        Some(call) => refusal.at_value(call),
        None => refusal,
    }
}

fn function(module: Module, name: &str) -> Result<Function, Refusal> {
    let named = |name: &str| {
        module
            .function(&format!("enzyme_rs.piece.{name}"))
            .filter(|f| !f.is_declaration())
    };
    if named("add").is_none() {
        module
            .link_text(IR, "enzyme_rs pieces")
            .map_err(|why| Refusal::internal(&format!("linking the pieces' functions: {why}")))?;
        for f in ["add", "or", "end", "note", "move", "word", "stop"]
            .iter()
            .filter_map(|n| named(n))
        {
            f.set_linkage(Linkage::Internal);
        }
    }
    named(name).ok_or_else(|| Refusal::internal(&format!("the runtime has no piece.{name}")))
}

/// Memory in which floats may begin anywhere: their bytes are moved one by one, or they are used or copied at places that are
/// not aligned.
fn in_pieces(facts: &Facts) -> FxHashSet<NodeId> {
    let mut out = FxHashSet::default();
    let mut see = |ptr: ValueId| out.extend(facts.cells.target(ptr, 0).map(|(n, _)| n));
    for (v, op) in facts.body().live_insts() {
        match op {
            Op::Load { ptr, .. } if is_odd(facts, v, v) => see(*ptr),
            Op::Store { ptr, value } if is_odd(facts, v, *value) => see(*ptr),
            Op::MemCopy { dst, src, .. } => {
                for (at, ptr) in [(0, *dst), (1, *src)] {
                    let align = facts.llvm(v).call_attribute(AttrIndex::Param(at), "align");
                    if align.and_then(Attribute::int).is_none_or(|align| align < 8) {
                        see(ptr);
                    }
                }
            }
            _ => {}
        }
    }
    out
}

/// Whether an access is of a part of a float, or of one that is not aligned.
fn is_odd(facts: &Facts, access: ValueId, value: ValueId) -> bool {
    let bytes = facts.body().ty(value).bytes;
    let align = facts.llvm(access).alignment();
    facts.cells.value(value).any(|(_, class)| {
        let unaligned = class.float().is_some_and(|kind| align < kind.bytes());
        unaligned || matches!(class, Class::Piece(kind) if kind.bytes() > bytes)
    })
}

impl Reverse<'_> {
    /// Whether floats may begin anywhere in what is behind one of these pointers, of that layout.
    pub fn in_pieces(&mut self, layout: &MemLayout, pointers: &[ValueId]) -> bool {
        if !layout.narrow {
            return false;
        }
        let facts = self.facts;
        let odd = self.odd_memory.get_or_insert_with(|| in_pieces(facts));
        let mut targets = pointers.iter().filter_map(|p| facts.cells.target(*p, 0));
        targets.any(|(n, _)| odd.contains(&n))
    }

    /// The table for the memory behind a pointer: whether floats in it are aligned is a matter of its own.
    fn piece_table(&mut self, ptr: ValueId) -> Value {
        let (start, c) = (self.start, self.facts.context());
        let node = self.facts.cells.target(ptr, 0).map(|(n, _)| n);
        *self.pieces.entry((self.lane, node)).or_insert_with(|| {
            let ty = c.i64_type().array_of(TABLE_WORDS);
            let table = slot(start, ty, "pieces");
            let end = start.terminator().expect("start blocks end in a branch");
            Builder::before(end).store(ty.const_null(), table, 8, false);
            table
        })
    }

    /// Adds bits to the float of which `place` is a part.
    pub fn add_piece(
        &mut self,
        load: ValueId,
        kind: FloatKind,
        place: Value,
        bits: Value,
    ) -> Result<(), Refusal> {
        let body = self.facts.body();
        let Some(Op::Load { ptr, .. }) = body.op(load) else {
            return Err(Refusal::internal("pieces of floats that were not loaded"));
        };
        let mut users = 0;
        for (_, op) in body.live_insts() {
            if let Op::Store { ptr, value } = op
                && *value == load
                && self.facts.act.is_active_memory(&self.facts.cells, *ptr)
            {
                users += 1;
            }
        }
        if users > 1 || !matches!(kind.bytes(), 2 | 4 | 8) {
            return Err(
                self.unsupported(load, "a piece of a float that is copied to several places")
            );
        }
        let table = self.piece_table(*ptr);
        let i64t = self.facts.context().i64_type();
        let bytes = bits.ty().int_width().unwrap_or(64) / 8;
        let wide = super::shadow::to_i64(&self.b, bits);
        let f = function(self.facts.module, "add")?;
        let (bytes, word) = (
            i64t.const_int(u64::from(bytes)),
            i64t.const_int(kind.bytes()),
        );
        self.b.call_function(f, &[table, place, wide, bytes, word]);
        Ok(())
    }

    /// A float is used whose place has something to say: in memory that is moved in pieces it may lie anywhere.
    pub fn note_piece(
        &mut self,
        ptr: ValueId,
        place: Value,
        kind: FloatKind,
    ) -> Result<(), Refusal> {
        let table = self.piece_table(ptr);
        let word = self.facts.context().i64_type().const_int(kind.bytes());
        let f = function(self.facts.module, "note")?;
        self.b.call_function(f, &[table, place, word]);
        Ok(())
    }

    /// The adjoint of a copy of bytes, as bits where that can be; returns the length that is left to be added as floats.
    pub fn move_pieces(
        &mut self,
        layout: &MemLayout,
        src: ValueId,
        (d_dst, d_src): (Value, Value),
        len: Value,
    ) -> Result<Value, Refusal> {
        let table = self.piece_table(src);
        let floats = layout.cells.iter().filter_map(|(_, c)| c.float());
        let widest = floats.map(|kind| kind.bytes()).max().unwrap_or(8);
        let word = len.ty().const_int(widest.next_power_of_two());
        let f = function(self.facts.module, "move")?;
        Ok(self.b.call_function(f, &[table, d_dst, d_src, len, word]))
    }

    /// Bits that are moved about in a register: their adjoints move back.
    pub fn piece_bits(
        &mut self,
        v: ValueId,
        bin: IntBin,
        a: ValueId,
        b: ValueId,
    ) -> Result<(), Refusal> {
        let by = self.facts.body().const_int(b);
        for (leaf, d) in self.take_leaves(v)? {
            let constant = |n: i128| u64::try_from(n).ok().map(|n| leaf.ty.const_int(n));
            match (bin, by) {
                (IntBin::Or, _) => {
                    self.add_leaf(a, leaf, d)?;
                    self.add_leaf(b, leaf, d)?;
                }
                (IntBin::LShr, Some(n)) if constant(n).is_some() => {
                    let d = self.b.shl(d, leaf.ty.const_int(n as u64));
                    self.add_leaf(a, leaf, d)?;
                }
                (IntBin::Shl, Some(n)) if constant(n).is_some() => {
                    let d = self.b.lshr(d, leaf.ty.const_int(n as u64));
                    self.add_leaf(a, leaf, d)?;
                }
                (IntBin::And, Some(n)) if constant(n).is_some() => {
                    let d = self.b.and(d, leaf.ty.const_int(n as u64));
                    self.add_leaf(a, leaf, d)?;
                }
                _ => {
                    return Err(self
                        .unsupported(v, "arithmetic on the bits of a float")
                        .why("its derivative is not known")
                        .help("use the float operation that it stands for, such as `abs` or `copysign`"));
                }
            }
        }
        Ok(())
    }

    /// The sum of two adjoints of bits, of whose bytes only one each is something.
    pub fn join_pieces(&self, a: Value, b: Value) -> Result<Value, Refusal> {
        if a.ty().int_width().is_none_or(|w| w > 64) {
            return Ok(self.b.binary(Opcode::Or, a, b));
        }
        let f = function(self.facts.module, "or")?;
        let (x, y) = (
            super::shadow::to_i64(&self.b, a),
            super::shadow::to_i64(&self.b, b),
        );
        let both = self.b.call_function(f, &[x, y]);
        Ok(match a.ty().int_width() {
            Some(64) => both,
            _ => self.b.cast(Opcode::Trunc, both, a.ty()),
        })
    }

    /// At the end of the reverse sweep: all floats are whole.
    pub fn end_pieces(&mut self) -> Result<(), Refusal> {
        let tables: Vec<Value> = self.pieces.values().copied().collect();
        for table in tables {
            let f = function(self.facts.module, "end")?;
            self.b.call_function(f, &[table]);
        }
        Ok(())
    }
}
