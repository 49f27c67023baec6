//! The transfer functions: what each operation says of the registers and the memory that it touches.

use super::arrays::ALL;
use super::{Array, Cell, Cells, Class, EMPTY, NodeId, Root, Target};
use crate::analysis::offset::{self, Offset};
use crate::analysis::summary::Summaries;
use crate::ir::extents::OPEN;
use crate::ir::{
    Body, CallOp, Callee, CastKind, Const, Def, FloatKind, IntBin, Op, PAGE, Rmw, TyKind, ValueId,
};
use crate::rules::{self, Place};

pub(super) const INT: Cell = Cell {
    class: Class::Int,
    target: None,
};

impl Cells {
    /// `dst[to..]` receives the cells of `src[from..from+len]`: classes join both ways, offsets one way.
    pub(super) fn flow_value(
        &mut self,
        body: &Body,
        src: ValueId,
        from: u64,
        dst: ValueId,
        to: u64,
        len: u64,
    ) {
        if body.is_const(src) || self.leads_nowhere(body, src) {
            return;
        }
        for (at, cell) in self.values[src.index()].clone() {
            if at >= from && at < from + len {
                self.join_value(dst, at - from + to, cell);
            }
        }
        for (at, cell) in self.values[dst.index()].clone() {
            if at >= to && at < to + len {
                self.join_value(
                    src,
                    at - to + from,
                    Cell {
                        class: cell.class,
                        ..EMPTY
                    },
                );
                self.share_node(body, src, at - to + from, cell);
            }
        }
    }

    /// An address made of a constant (Rust's dangling pointers), or of what is left of another: nobody follows it, and where
    /// it meets others it says nothing of them.
    fn leads_nowhere(&self, body: &Body, v: ValueId) -> bool {
        match body.op(v) {
            Some(Op::Cast(CastKind::IntToPtr, n)) => {
                body.const_int(*n).is_some() || self.shared.is_word(*n)
            }
            _ => false,
        }
    }

    /// The node that a pointer cell's destination knows is the source's too (not its offset).
    pub(super) fn share_node(&mut self, body: &Body, v: ValueId, at: u64, cell: Cell) {
        let Some((theirs, _)) = cell.target else {
            return;
        };
        let mine = self.value_cell(v, at);
        if mine.target.is_none() && mine.class != Class::Ptr {
            return;
        }
        let (mine, _) = self.target_or_new(body, v, at);
        self.unify(mine, theirs);
    }

    /// A register and the memory behind `ptr` hold the same bytes.
    pub(super) fn flow_memory(
        &mut self,
        body: &Body,
        ptr: ValueId,
        value: ValueId,
        is_store: bool,
    ) {
        let (node, offset) = self.target_or_new(body, ptr, 0);
        if offset.step != 0 {
            self.refine_step(node, offset.step);
        }
        let len = body.ty(value).bytes;
        if body.is_const(value) {
            self.constant_evidence(body, node, offset.at, value);
            return;
        }
        let piece = match body.ty(value).kind {
            TyKind::Int { bits: 8 } if is_store && self.churned.contains(&value) => None,
            TyKind::Int { bits: 8 | 16 | 32 } => self.part_of(body, ptr, value, len),
            _ => None,
        };
        if let Some(kind) = piece {
            let class = Class::Piece(kind);
            self.join_value(
                value,
                0,
                Cell {
                    class,
                    target: None,
                },
            );
        }
        for (at, cell) in self.cells_in(node, offset.at, len) {
            // A register that holds a part of a scalar is not such a scalar.
            if at + cell.class.bytes() > len {
                continue;
            }
            if is_store {
                self.join_value(
                    value,
                    at,
                    Cell {
                        class: cell.class,
                        ..EMPTY
                    },
                );
                self.share_node(body, value, at, cell);
            } else {
                self.join_value(value, at, cell);
            }
        }
        for (at, cell) in self.values[value.index()].clone() {
            if let Class::Piece(kind) = cell.class {
                // All of the float is there.
                if kind.bytes() == len {
                    let class = Class::Float(kind);
                    let whole = Cell {
                        class,
                        target: None,
                    };
                    self.join_memory(node, offset.at, whole);
                } else {
                    self.join_run(node, ptr, kind, len);
                }
                continue;
            }
            if is_store {
                self.join_memory(node, offset.at + at as i64, cell);
            } else {
                let class_only = Cell {
                    class: cell.class,
                    ..EMPTY
                };
                self.join_memory(node, offset.at + at as i64, class_only);
                let known = self.cell(node, offset.at + at as i64).target;
                match (known, cell.target) {
                    (Some((a, _)), Some((b, _))) => {
                        self.unify(a, b);
                    }
                    // The memory gets the node that the loaded pointer was given: the two are one.
                    (None, Some((b, _))) => {
                        let target = Some((b, Offset::ZERO));
                        self.join_memory(
                            node,
                            offset.at + at as i64,
                            Cell {
                                target,
                                ..class_only
                            },
                        );
                    }
                    (_, None) => {}
                }
            }
        }
    }

    /// Typed constants are evidence for floats and pointers only.
    pub(super) fn constant_evidence(&mut self, body: &Body, node: NodeId, at: i64, value: ValueId) {
        for (o, ty) in body.types.scalars(body.value(value).ty) {
            let class = match body.types.get(ty).kind {
                TyKind::Float(kind) => Class::Float(kind),
                TyKind::Ptr => Class::Ptr,
                TyKind::Int { bits } if bits < 16 => Class::Int,
                _ => continue,
            };
            if class == Class::Ptr && matches!(body.value(value).def, Def::Const(Const::Null)) {
                continue;
            }
            self.join_memory(
                node,
                at + o as i64,
                Cell {
                    class,
                    target: None,
                },
            );
        }
    }

    /// The cells of `len` bytes from `at`, with offsets from there.
    pub(super) fn cells_in(&self, n: NodeId, at: i64, len: u64) -> Vec<(u64, Cell)> {
        self.some_cells_in(n, at, len, ALL)
    }

    /// Of each array no more than `most` elements.
    fn some_cells_in(&self, n: NodeId, at: i64, len: u64, most: i64) -> Vec<(u64, Cell)> {
        let node = self.node(n);
        let end = at.saturating_add_unsigned(len);
        let mut out = Vec::new();
        for (&key, cell) in &node.cells {
            let places = node.places(key, cell, at, end, most);
            out.extend(places.iter().map(|place| ((place - at) as u64, *cell)));
        }
        out.sort_by_key(|(o, _)| *o);
        out
    }

    pub(super) fn flow_copy(&mut self, body: &Body, dst: ValueId, src: ValueId, len: ValueId) {
        for end in [dst, src] {
            self.target_or_new(body, end, 0);
            self.hear_declared(end);
        }
        if self.moves_text(dst, src) {
            return;
        }
        let known = body.const_int(len).and_then(|n| u64::try_from(n).ok());
        let unit = offset::factor(body, len, 4);
        let dst = self.target_or_new(body, dst, 0);
        let src = self.target_or_new(body, src, 0);
        self.flow_bytes(dst, src, known, unit);
    }

    /// `known` bytes, or some multiple of `unit`, move from one place to another.
    pub(super) fn flow_bytes(&mut self, dst: Target, src: Target, known: Option<u64>, unit: u64) {
        for (n, offset) in [dst, src] {
            if offset.step != 0 {
                self.refine_step(n, offset.step);
            }
        }
        let ((d, d_off), (s, s_off)) = (dst, src);
        let (d, s) = (self.find(d), self.find(s));
        let (ds, ss) = (self.node(d).step, self.node(s).step);
        // Past this many bytes two different shapes are not enumerated but made alike.
        const ENUMERATED: u64 = 512;
        let room = |this: &Self, n: NodeId, at: i64| {
            let (from, len) = this.array_around(n, at, unit).filter(|_| unit > 1)?;
            Some((from + len as i64 - this.node(n).key(at)) as u64)
        };
        // Of unknown length: as much as there is in the array that it is from, or goes to.
        let bounded = match known {
            Some(n) => Some(n),
            None => {
                let (from, to) = (room(self, s, s_off.at), room(self, d, d_off.at));
                from.into_iter().chain(to).min()
            }
        };
        if ds != ss && bounded.is_none_or(|n| n > ENUMERATED) {
            self.refine_step(d, ss);
            self.refine_step(s, ds);
        }
        // What moves up or down in one object makes all of it alike.
        let shift = d_off.at.abs_diff(s_off.at);
        if d == s && shift != 0 && bounded.is_none_or(|n| n > shift) {
            let both = self.join_offsets(d, d_off, s_off);
            self.refine_step(d, both.step);
        }
        let all = bounded.unwrap_or(OPEN);
        for (from, from_off, to, to_off) in [(s, s_off, d, d_off), (d, d_off, s, s_off)] {
            let arrays = self.arrays_in(from, from_off.at, all);
            // Without an end, copies in a circle would make arrays grow for ever.
            let near = |a: &Array| known.is_some() || a.at - from_off.at < ENUMERATED as i64;
            let there = arrays.into_iter().filter(near).map(|a| Array {
                at: a.at - from_off.at + to_off.at,
                ..a
            });
            self.add_arrays(to, &there.collect::<Vec<_>>());
        }
        // Their arrays are alike: some elements stand for all.
        const SOME: i64 = 8;
        let len = match self.node(s).step.max(self.node(d).step) {
            0 if bounded.is_some() => all,
            step => all.min(ENUMERATED.max(2 * step)),
        };
        for (at, cell) in self.some_cells_in(s, s_off.at, len, SOME) {
            self.join_memory(d, d_off.at + at as i64, cell);
        }
        for (at, cell) in self.some_cells_in(d, d_off.at, len, SOME) {
            let here = s_off.at + at as i64;
            let class_only = Cell {
                class: cell.class,
                ..EMPTY
            };
            match (self.cell(s, here).target, cell.target) {
                (Some((a, _)), Some((b, _))) => {
                    self.unify(a, b);
                    self.join_memory(s, here, class_only);
                }
                (None, Some(target)) => {
                    self.join_memory(
                        s,
                        here,
                        Cell {
                            target: Some(target),
                            ..class_only
                        },
                    );
                }
                (_, None) => self.join_memory(s, here, class_only),
            }
        }
    }

    pub(super) fn transfer(&mut self, body: &Body, v: ValueId, op: &Op, summaries: &Summaries) {
        let all = body.ty(v).bytes;
        if let Op::IntBin(..) | Op::Cast(CastKind::FpToInt | CastKind::IntToFp, _) = op {
            self.bit_evidence(body, v);
        }
        match op {
            Op::Phi(incoming) => {
                for (_, x) in incoming {
                    self.flow_value(body, *x, 0, v, 0, all);
                }
            }
            Op::Select {
                on_true, on_false, ..
            } => {
                self.flow_value(body, *on_true, 0, v, 0, all);
                self.flow_value(body, *on_false, 0, v, 0, all);
            }
            Op::Freeze(x) | Op::Cast(CastKind::Bitcast | CastKind::AddrSpace, x) => {
                self.flow_value(body, *x, 0, v, 0, all);
            }
            Op::Cast(CastKind::PtrToInt | CastKind::IntToPtr, x) => {
                let pointer = Cell {
                    class: Class::Ptr,
                    target: None,
                };
                self.join_value(v, 0, pointer);
                if !body.is_const(*x) {
                    self.join_value(*x, 0, pointer);
                    self.flow_value(body, *x, 0, v, 0, 8);
                }
            }
            Op::Cast(CastKind::Trunc, x) => {
                if let Some(parts) = self.shared.parts(v).map(<[ValueId]>::to_vec) {
                    for x in parts {
                        self.flow_value(body, x, 0, v, 0, all);
                    }
                    return;
                }
                let cut = self.value_cell(*x, 0).class.bytes() > all;
                if !cut {
                    self.flow_value(body, *x, 0, v, 0, all);
                }
                self.share_pieces(body, *x, v);
            }
            Op::Cast(CastKind::ZExt | CastKind::SExt, x) => {
                self.flow_value(body, *x, 0, v, 0, body.ty(*x).bytes);
            }
            Op::IntBin(IntBin::LShr | IntBin::Shl, x, by) => {
                if body.const_int(*by).is_some() {
                    self.share_pieces(body, *x, v);
                }
            }
            Op::Gep { .. } => {
                let target = Some(self.walked(body, v));
                let class = Class::Ptr;
                self.join_value(v, 0, Cell { class, target });
                self.hear_declared(v);
            }
            Op::IntBin(..) if self.shared.is_word(v) => {}
            Op::IntBin(op @ (IntBin::Add | IntBin::Sub | IntBin::And), a, b) => {
                self.integer_pointer_arithmetic(body, v, *op, *a, *b);
            }
            // Rust's and C's ways to build a wide integer from halves.
            Op::IntBin(IntBin::Or, a, b) => {
                for x in [*a, *b] {
                    if !body.is_const(x) {
                        self.flow_value(body, x, 0, v, 0, all);
                    }
                }
            }
            Op::Load { ptr, .. } => {
                self.touch(*ptr, true, false);
                self.flow_memory(body, *ptr, v, false);
            }
            Op::Store { ptr, value } => {
                self.touch(*ptr, false, true);
                self.flow_memory(body, *ptr, *value, true);
            }
            Op::MemSet { dst, .. } => self.touch(*dst, false, true),
            Op::CmpXchg { ptr, new, expected } => {
                self.touch(*ptr, true, true);
                self.flow_memory(body, *ptr, *new, true);
                // The old value is the first member of the result.
                let len = body.ty(*new).bytes;
                for x in [*new, *expected] {
                    self.flow_value(body, x, 0, v, 0, len);
                }
            }
            Op::AtomicRmw {
                ptr,
                rmw: Rmw::Count,
                ..
            } => {
                self.touch(*ptr, true, true);
                self.join_value(v, 0, INT);
            }
            Op::AtomicRmw { ptr, value, .. } => {
                self.touch(*ptr, true, true);
                self.flow_memory(body, *ptr, *value, true);
                self.flow_memory(body, *ptr, v, false);
            }
            Op::MemCopy { dst, src, len, .. } => {
                self.touch(*src, true, false);
                self.touch(*dst, false, true);
                for end in [*src, *dst] {
                    if let Some((n, _)) = self.value_cell(end, 0).target {
                        let n = self.find(n);
                        self.nodes[n.0 as usize].moved = true;
                    }
                }
                self.flow_copy(body, *dst, *src, *len);
            }
            Op::ExtractValue { from, offset } => self.flow_value(body, *from, *offset, v, 0, all),
            Op::InsertValue {
                into,
                value,
                offset,
            } => {
                let len = body.ty(*value).bytes;
                self.flow_value(body, *value, 0, v, *offset, len);
                self.flow_around(body, *into, v, *offset, len);
            }
            Op::ExtractElement { from, .. } | Op::Shuffle { a: from, .. } => {
                self.flow_lanes(body, *from, v);
                if let Op::Shuffle { b, .. } = op {
                    self.flow_lanes(body, *b, v);
                }
            }
            Op::InsertElement { into, value, .. } => {
                self.flow_lanes(body, *into, v);
                self.flow_lanes(body, *value, v);
            }
            Op::Ret(Some(x)) => {
                if !body.is_const(*x) {
                    for (at, cell) in self.values[x.index()].clone() {
                        let old = self
                            .ret
                            .iter()
                            .find(|(o, _)| *o == at)
                            .map_or(EMPTY, |(_, c)| *c);
                        let joined = self.join_cells(old, cell);
                        self.ret.retain(|(o, _)| *o != at);
                        self.ret.push((at, joined));
                    }
                }
            }
            Op::Call(call) => self.transfer_call(body, v, call, summaries),
            Op::FloatBin(..)
            | Op::FNeg(_)
            | Op::IntBin(..)
            | Op::ICmp(..)
            | Op::FCmp(..)
            | Op::Cast(
                CastKind::FpTrunc | CastKind::FpExt | CastKind::FpToInt | CastKind::IntToFp,
                _,
            )
            | Op::Alloca { .. }
            | Op::Fence
            | Op::LandingPad
            | Op::Br
            | Op::CondBr(_)
            | Op::Switch { .. }
            | Op::Ret(None)
            | Op::Dead
            | Op::Unsupported(..) => {}
        }
    }

    pub(super) fn transfer_call(
        &mut self,
        body: &Body,
        v: ValueId,
        call: &CallOp,
        summaries: &Summaries,
    ) {
        match &call.callee {
            Callee::Realloc { ptr_arg, .. } => {
                let all = body.ty(v).bytes;
                self.flow_value(body, call.args[*ptr_arg as usize], 0, v, 0, all);
            }
            Callee::Defined { name } if self.own.as_ref() == Some(name) => {
                self.call_itself(body, v, call);
            }
            Callee::Defined { name } => {
                if self.instances.contains_key(&v) {
                    self.move_again(v);
                    return;
                }
                match summaries(name) {
                    Some(summary) => self.instantiate(body, v, call, &summary),
                    None => self.call_unknown(body, v, call, None),
                }
            }
            Callee::External { .. } | Callee::InlineAsm => self.mix_arguments(body, v, call),
            Callee::Indirect { target } => {
                self.call_unknown(body, v, call, Some(*target));
            }
            Callee::Dealloc { ptr_arg } => {
                if let Some((n, _)) = self.value_cell(call.args[*ptr_arg as usize], 0).target {
                    let n = self.find(n);
                    self.nodes[n.0 as usize].freed = true;
                }
            }
            Callee::Math(rule) => self.integer_results(body, v, rule),
            // What it returns may point into what it was given.
            Callee::Inactive if body.types.is_ptr(body.value(v).ty) => {
                for &arg in &call.args {
                    if let Some((n, _)) = self.value_cell(arg, 0).target {
                        let n = self.find(n);
                        self.nodes[n.0 as usize].escapes = true;
                    }
                }
            }
            Callee::Inactive
            | Callee::Alloc(_)
            | Callee::LifetimeStart
            | Callee::Hint
            | Callee::ReduceFAdd => {}
        }
    }

    /// The members that a rule says are integers, such as the exponent of `frexp`.
    pub(super) fn integer_results(&mut self, body: &Body, v: ValueId, rule: &rules::FunctionRule) {
        let TyKind::Struct { fields } = &body.ty(v).kind else {
            return;
        };
        for (k, result) in rule.rule.results().iter().enumerate() {
            let (rules::ParamKind::Int, Place::Field(field)) = (result.kind, rule.place(k)) else {
                continue;
            };
            let Some((offset, ty)) = fields.get(field) else {
                continue;
            };
            for (at, _) in body.types.scalars(*ty) {
                self.join_value(v, offset + at, INT);
            }
        }
    }

    /// A call of this very function: its arguments are this call's parameters, its result is our result.
    pub(super) fn call_itself(&mut self, body: &Body, v: ValueId, call: &CallOp) {
        for (arg, param) in call.args.iter().zip(&body.params) {
            let all = body.ty(*param).bytes;
            self.flow_value(body, *arg, 0, *param, 0, all);
        }
        for (at, cell) in self.values[v.index()].clone() {
            if cell.class == Class::Ptr && cell.target.is_none() {
                let target = Some((self.new_node(None), Offset::ZERO));
                self.join_value(v, at, Cell { target, ..cell });
            }
        }
        for (at, cell) in self.ret.clone() {
            self.join_value(v, at, cell);
        }
    }

    /// A function that is known at run time only does with what it reaches what it wants. The memory behind its result
    /// is its own, or any of what it reaches: all of it is exposed.
    pub(super) fn call_unknown(
        &mut self,
        body: &Body,
        v: ValueId,
        call: &CallOp,
        target: Option<ValueId>,
    ) {
        if let Some(target) = target.filter(|t| !body.is_const(*t)) {
            let (code, _) = self.target_or_new(body, target, 0);
            let code = self.find(code);
            self.nodes[code.0 as usize].code = true;
        }
        for x in call.args.iter().copied().chain([v]) {
            if body.is_const(x) {
                continue;
            }
            for (at, cell) in self.values[x.index()].clone() {
                if cell.class != Class::Ptr {
                    continue;
                }
                if x == v && !self.is_made_by(cell, v) {
                    let node = self.new_node(Some(Root::Local(v)));
                    let target = Some((node, Offset::ZERO));
                    self.join_value(v, at, Cell { target, ..cell });
                }
                let (node, _) = self.target_or_new(body, x, at);
                let node = self.find(node);
                let node = &mut self.nodes[node.0 as usize];
                node.escapes = true;
                node.opaque = true;
                node.read = true;
                node.written = true;
                node.freed = true;
            }
        }
    }

    /// Whether what a cell points to is known to be memory that the call `v` may have made.
    fn is_made_by(&self, cell: Cell, v: ValueId) -> bool {
        cell.target
            .is_some_and(|(n, _)| self.roots(self.find(n)).contains(&Root::Local(v)))
    }

    /// Bytes of floats come from here or go there in a run (`for (…) a[i] = b[i]` on characters): so they lie there, where
    /// nothing says that something else does.
    fn join_run(&mut self, node: NodeId, ptr: ValueId, kind: FloatKind, len: u64) {
        let step = self.node(node).step;
        let touched = self.touched(ptr, len);
        let open = |c: &Class| matches!(c, Class::Unknown | Class::Int);
        if step != 0 && step < kind.bytes() && touched.iter().all(open) {
            let class = Class::Float(kind);
            let cell = Cell {
                class,
                target: None,
            };
            self.join_memory(node, 0, cell);
        }
    }

    pub(super) fn mix_arguments(&mut self, body: &Body, v: ValueId, call: &CallOp) {
        for &arg in &call.args {
            for (at, cell) in self.values[arg.index()].clone() {
                if cell.class == Class::Ptr && !body.is_const(arg) {
                    let (node, _) = self.target_or_new(body, arg, at);
                    let node = self.find(node);
                    self.nodes[node.0 as usize].escapes = true;
                    if body.types.is_ptr(body.value(v).ty) && !self.instances.contains_key(&v) {
                        let target = Some((node, Offset::anywhere()));
                        self.join_value(
                            v,
                            0,
                            Cell {
                                class: Class::Ptr,
                                target,
                            },
                        );
                    }
                }
            }
        }
    }

    /// Two registers with bits of the same float, at different places.
    pub(super) fn share_pieces(&mut self, body: &Body, a: ValueId, b: ValueId) {
        for (from, to) in [(a, b), (b, a)] {
            let class = self.value_cell(from, 0).class;
            if matches!(class, Class::Piece(_)) && !body.is_const(to) {
                self.join_value(
                    to,
                    0,
                    Cell {
                        class,
                        target: None,
                    },
                );
            }
        }
    }

    pub(super) fn flow_around(
        &mut self,
        body: &Body,
        src: ValueId,
        dst: ValueId,
        at: u64,
        len: u64,
    ) {
        let all = body.ty(dst).bytes;
        self.flow_value(body, src, 0, dst, 0, at);
        self.flow_value(
            body,
            src,
            at + len,
            dst,
            at + len,
            all.saturating_sub(at + len),
        );
    }

    /// Lanes are not told apart: all of a vector's lanes are of one class, but may be of several nodes.
    pub(super) fn flow_lanes(&mut self, body: &Body, src: ValueId, dst: ValueId) {
        if body.is_const(src) {
            return;
        }
        for (_, cell) in self.values[src.index()].clone() {
            let widened = Cell {
                target: cell.target.map(|(n, _)| (n, Offset::anywhere())),
                class: cell.class,
            };
            for (at, _) in body.types.scalars(body.value(dst).ty) {
                self.join_value(dst, at, widened);
            }
        }
    }

    /// Addresses computed as integers: Rust's `vec![0.0; n]` carries its data pointer so.
    pub(super) fn integer_pointer_arithmetic(
        &mut self,
        body: &Body,
        v: ValueId,
        op: IntBin,
        a: ValueId,
        b: ValueId,
    ) {
        let pointer = |this: &Self, x: ValueId| {
            (!body.is_const(x))
                .then(|| this.value_cell(x, 0))
                .filter(|c| c.class == Class::Ptr)
        };
        // The place in a page is no address.
        let low = |x: ValueId| {
            op == IntBin::And
                && body
                    .const_int(x)
                    .is_some_and(|n| (0..i128::from(PAGE)).contains(&n))
        };
        if low(a) || low(b) {
            if pointer(self, a).is_some() || pointer(self, b).is_some() {
                self.join_value(v, 0, INT);
            }
            return;
        }
        match (pointer(self, a), pointer(self, b)) {
            // One word for an address and an index: nobody follows what is counted on from there.
            (Some(_), None) | (None, Some(_)) if self.numbers.contains(&v) => {
                self.join_value(v, 0, INT);
            }
            (Some(cell), None) | (None, Some(cell)) => {
                let other = if pointer(self, a).is_some() { b } else { a };
                let shift = body.const_int(other).and_then(|n| i64::try_from(n).ok());
                let target = cell.target.map(|(n, o)| {
                    let moved = match (op, shift) {
                        (IntBin::Add, Some(k)) => o.plus(k),
                        (IntBin::Sub, Some(k)) => o.plus(-k),
                        _ => o.widen(offset::factor(body, other, 4)),
                    };
                    (n, moved)
                });
                if op == IntBin::Sub && pointer(self, b).is_some() {
                    return;
                }
                self.join_value(
                    v,
                    0,
                    Cell {
                        class: Class::Ptr,
                        target,
                    },
                );
            }
            (Some(_), Some(_)) => {
                self.join_value(
                    v,
                    0,
                    Cell {
                        class: Class::Int,
                        target: None,
                    },
                );
            }
            (None, None) => self.address_of_word(body, v, op, a, b),
        }
    }

    /// A word that something is added to, or taken from, to make an address is one: it was stored as an integer.
    fn address_of_word(&mut self, body: &Body, v: ValueId, op: IntBin, a: ValueId, b: ValueId) {
        let scaled = |x: ValueId| matches!(body.op(x), Some(Op::IntBin(IntBin::Shl, ..)));
        let number = |x: ValueId| body.is_const(x) || self.numbers.contains(&x) || scaled(x);
        let base = match (number(a), number(b)) {
            (false, true) if op != IntBin::And => Some(a),
            (true, false) if op == IntBin::Add => Some(b),
            _ => None,
        };
        if let Some(base) = base
            && self.value_cell(v, 0).class == Class::Ptr
            && self.shared.is_summed(v)
        {
            let class = Class::Ptr;
            let target = None;
            self.join_value(base, 0, Cell { class, target });
        }
    }
}
