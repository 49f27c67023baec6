//! Runs of memory with a known layout: zeroing, copying pointers, and the adjoint of a copy.
//!
//! Uniform runs use the intrinsics; mixed ones call a small generated function per layout.

use super::Facts;
use super::leaves::float_type;
use super::words;
use crate::analysis::cells::{Class, MemLayout};
use crate::analysis::offset::factor;
use crate::diag::{Code, Refusal};
use crate::ir::{FloatKind, Op, ValueId};
use crate::llvm::{Builder, Function, IntPredicate, Linkage, Opcode, Value};

/// Which cells of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    Floats,
    Pointers,
}

/// `p + offset` bytes.
pub fn at_offset(b: &Builder, p: Value, offset: u64) -> Value {
    if offset == 0 {
        p
    } else {
        b.ptr_add(p, b.context().i64_type().const_int(offset))
    }
}

/// The layout of what a memory instruction copies or sets; refuses where it can't be known and matters.
pub fn layout(facts: &Facts, v: ValueId, op: &Op) -> Result<MemLayout, Refusal> {
    let (dst, src, len) = match op {
        Op::MemCopy { dst, src, len, .. } => (*dst, Some(*src), *len),
        Op::MemSet { dst, len, .. } => (*dst, None, *len),
        _ => {
            return Err(
                Refusal::internal("the layout of no memory instruction").at_value(facts.llvm(v))
            );
        }
    };
    let bytes = facts
        .body()
        .const_int(len)
        .and_then(|n| u64::try_from(n).ok());
    let unit = factor(facts.body(), len, 4);
    let mut layout = facts.cells.memory(dst, bytes, unit);
    if let Some(src) = src {
        let other = facts.cells.memory(src, bytes, unit);
        if layout.cells.is_empty() || (layout.step == 0 && other.step != 0 && bytes.is_none()) {
            layout = other;
        }
    }
    if layout.any_conflict() && src.is_some() {
        return Err(facts
            .refuse(
                v,
                Code::UnknownType,
                "memory that is used both for floats and for something else is copied",
            )
            .why("its bytes are differentiated differently on each use")
            .help("use separate variables for the two"));
    }
    if layout.cells.is_empty() {
        // Padding, say, that LLVM copies on its own.
        if let Some(src) = src
            && moves_unseen(facts, dst, src)
        {
            return Err(facts
                .refuse(v, Code::UnknownType, "memory is copied, and nothing says what it holds")
                .why("floats, pointers and integers are differentiated differently")
                .help("read or write one of its elements through a typed reference in the differentiated function"));
        }
        return Ok(layout);
    }
    if let Some(src) = src {
        refuse_unseen_bytes(facts, v, &layout, dst, src, bytes)?;
    }
    // A run of unknown length over cells seen at fixed places only: an array if they are all alike.
    if layout.step == 0 && bytes.is_none() {
        let first = layout.cells[0].1;
        if layout.cells.iter().any(|(_, c)| *c != first) {
            return Err(facts
                .refuse(
                    v,
                    Code::UnknownType,
                    "a run of unknown length over memory of mixed types",
                )
                .help("copy element by element"));
        }
        let size = first.bytes();
        layout = MemLayout {
            step: size,
            cells: vec![(0, first)],
            narrow: false,
        };
    }
    Ok(layout)
}

/// Whether bytes that nothing here looks at may matter to someone else, when they move from `src` to `dst`.
fn moves_unseen(facts: &Facts, dst: ValueId, src: ValueId) -> bool {
    let node = |p: ValueId| facts.cells.target(p, 0).map(|(n, _)| n);
    let open = |n| !facts.cells.is_known(n) && facts.act.is_active_node(n);
    node(dst).is_some_and(open) && node(src).is_none_or(open)
}

/// A copy out of the function carries bytes that nothing here looks at: they may be floats to the caller. Bytes that
/// stay in the function's own memory, and the padding of known types, carry nothing.
fn refuse_unseen_bytes(
    facts: &Facts,
    v: ValueId,
    layout: &MemLayout,
    dst: ValueId,
    src: ValueId,
    bytes: Option<u64>,
) -> Result<(), Refusal> {
    if !moves_unseen(facts, dst, src) {
        return Ok(());
    }
    let end = match (layout.step, bytes) {
        (0, None) => return Ok(()),
        (0, Some(n)) => n,
        (step, _) => step,
    };
    let mut seen = 0;
    let mut gap = None;
    for (at, class) in &layout.cells {
        if *at >= seen + 2 {
            gap = gap.or(Some(seen));
        }
        let size = match class {
            // Integers' widths are not kept: the next cell, or eight bytes.
            Class::Int => 8,
            _ => class.bytes(),
        };
        seen = seen.max(at + size);
    }
    if end >= seen + 2 {
        gap = gap.or(Some(seen));
    }
    match gap {
        None => Ok(()),
        Some(at) => Err(facts
            .refuse(
                v,
                Code::UnknownType,
                format!("memory is copied, and nothing says what it holds at byte {at}"),
            )
            .why("it may be a float, whose derivative would be lost")
            .help("copy field by field, or give the type a known layout")),
    }
}

fn chosen(layout: &MemLayout, part: Part) -> Vec<(u64, Class)> {
    layout
        .cells
        .iter()
        .copied()
        .filter(|(_, c)| match part {
            Part::Floats => c.float().is_some(),
            Part::Pointers => matches!(c, Class::Ptr | Class::PtrOrFloat),
        })
        .collect()
}

/// Whether the run holds nothing but `part`.
fn only(layout: &MemLayout, part: Part) -> bool {
    chosen(layout, part).len() == layout.cells.len() && !layout.any_shared()
}

/// Zeroes the floats or the pointers of a run.
pub fn zero(
    facts: &Facts,
    b: &Builder,
    layout: &MemLayout,
    part: Part,
    to: Value,
    len: Value,
) -> Result<(), Refusal> {
    let c = b.context();
    if only(layout, part) {
        b.memset(to, c.i8_type().const_int(0), len, 1);
        return Ok(());
    }
    let cells = chosen(layout, part);
    let name = match part {
        Part::Floats => format!("enzyme_rs.zero{}", suffix(layout.step, &cells)),
        Part::Pointers => format!("enzyme_rs.forget{}", suffix(layout.step, &cells)),
    };
    let (ptr, i64t, void) = (c.ptr_type(), c.i64_type(), c.void_type());
    let f = helper(
        facts,
        &name,
        void.function_type(&[ptr, i64t], false),
        layout.step,
        &cells,
        |b, f, base, offset, class| {
            inside(b, f, base, offset, class.bytes(), |b| {
                let at = at_offset(b, b.ptr_add(f.param(0), base), offset);
                match (class, part) {
                    (Class::PtrOrFloat, Part::Floats) => return words::clear_float(b, at),
                    (Class::PtrOrFloat, Part::Pointers) => return words::clear_pointer(b, at),
                    _ => {}
                }
                let ty = match class.float() {
                    Some(kind) => float_type(b.context(), kind),
                    None => b.context().ptr_type(),
                };
                b.store(ty.const_null(), at, 1, false);
            });
        },
    );
    b.call_function(f, &[to, len]);
    Ok(())
}

/// Copies the pointers of a run.
pub fn copy_pointers(
    facts: &Facts,
    b: &Builder,
    layout: &MemLayout,
    to: Value,
    from: Value,
    len: Value,
) -> Result<(), Refusal> {
    let cells = chosen(layout, Part::Pointers);
    let c = b.context();
    let name = format!("enzyme_rs.copy{}", suffix(layout.step, &cells));
    let (ptr, i64t, void) = (c.ptr_type(), c.i64_type(), c.void_type());
    let ty = void.function_type(&[ptr, ptr, i64t, c.bool_type()], false);
    let f = helper(
        facts,
        &name,
        ty,
        layout.step,
        &cells,
        |b, f, base, offset, class| {
            inside(b, f, base, offset, 8, |b| {
                let to = at_offset(b, b.ptr_add(f.param(0), base), offset);
                let from = at_offset(b, b.ptr_add(f.param(1), base), offset);
                if class == Class::PtrOrFloat {
                    let word = b.load(b.context().i64_type(), from, 1, false);
                    return words::put_pointer(b, word, to);
                }
                let p = b.load(b.context().ptr_type(), from, 1, false);
                b.store(p, to, 1, false);
            });
        },
    );
    // Where the destination lies behind the source, going up would read what was just written.
    let higher = b.icmp(IntPredicate::Ult, from, to);
    b.call_function(f, &[to, from, len, higher]);
    Ok(())
}

/// The adjoint of `dst[..] = src[..]`: `d_src += d_dst; d_dst = 0`, element by element, in the order that is
/// right when the two overlap. Without `d_src` (an inactive source): `d_dst = 0`.
pub fn copy_adjoint(
    facts: &Facts,
    b: &Builder,
    layout: &MemLayout,
    d_dst: Value,
    d_src: Option<Value>,
    len: Value,
) -> Result<(), Refusal> {
    let Some(d_src) = d_src else {
        return zero(facts, b, layout, Part::Floats, d_dst, len);
    };
    let cells = chosen(layout, Part::Floats);
    if cells.is_empty() {
        return Ok(());
    }
    let c = b.context();
    let name = format!("enzyme_rs.copy_adjoint{}", suffix(layout.step, &cells));
    let (ptr, i64t, void) = (c.ptr_type(), c.i64_type(), c.void_type());
    let ty = void.function_type(&[ptr, ptr, i64t, c.bool_type()], false);
    let f = helper(
        facts,
        &name,
        ty,
        layout.step,
        &cells,
        |b, f, base, offset, class| {
            let Some(kind) = class.float() else { return };
            inside(b, f, base, offset, kind.bytes(), |b| {
                if class == Class::PtrOrFloat {
                    let dst = at_offset(b, b.ptr_add(f.param(0), base), offset);
                    let src = at_offset(b, b.ptr_add(f.param(1), base), offset);
                    let bits = words::take_float(b, dst);
                    let d = b.cast(Opcode::BitCast, bits, float_type(b.context(), kind));
                    return words::add_float(b, d, src);
                }
                add_and_clear(b, f, base, offset, kind);
            });
        },
    );
    // Where the destination lies before the source, going up would read what was just added.
    let lower = b.icmp(IntPredicate::Ult, d_dst, d_src);
    b.call_function(f, &[d_dst, d_src, len, lower]);
    Ok(())
}

fn add_and_clear(b: &Builder, f: Function, base: Value, offset: u64, kind: FloatKind) {
    let ty = float_type(b.context(), kind);
    let dst = at_offset(b, b.ptr_add(f.param(0), base), offset);
    let src = at_offset(b, b.ptr_add(f.param(1), base), offset);
    let d = b.load(ty, dst, 1, false);
    b.store(ty.const_null(), dst, 1, false);
    let old = b.load(ty, src, 1, false);
    b.store(b.binary(Opcode::FAdd, old, d), src, 1, false);
}

/// Runs `element` for the bytes from `base + offset` if `size` of them are inside the run.
fn inside(
    b: &Builder,
    f: Function,
    base: Value,
    offset: u64,
    size: u64,
    element: impl FnOnce(&Builder),
) {
    let i64t = b.context().i64_type();
    let params = f.params();
    let flagged = params
        .last()
        .is_some_and(|p| p.ty() == b.context().bool_type());
    let len = params[params.len() - 1 - usize::from(flagged)];
    let end = b.add(base, i64t.const_int(offset + size));
    let fits = b.icmp(IntPredicate::Ule, end, len);
    let yes = f.append_block("inside");
    let after = f.append_block("after");
    b.cond_br(fits, yes, after);
    b.position_at_end(yes);
    element(b);
    b.br(after);
    b.position_at_end(after);
}

fn suffix(step: u64, cells: &[(u64, Class)]) -> String {
    let mut out = format!(".{step}");
    for (offset, class) in cells {
        let class = match class {
            Class::Float(kind) | Class::IntOrFloat(kind) => format!("{kind:?}").to_lowercase(),
            Class::Ptr => "p".into(),
            Class::PtrOrFloat => "w".into(),
            Class::Int | Class::Unknown | Class::Piece(_) | Class::Conflict => "x".into(),
        };
        out.push_str(&format!(".{offset}{class}"));
    }
    out
}

/// A function that runs `element` for the `cells` of each `step` bytes (0: once) of the run whose length is the last
/// integer parameter; with a flag as last parameter, from the run's last cell to its first when it is set.
fn helper(
    facts: &Facts,
    name: &str,
    ty: crate::llvm::Type,
    step: u64,
    cells: &[(u64, Class)],
    element: impl Fn(&Builder, Function, Value, u64, Class),
) -> Function {
    if let Some(f) = facts.module.function(name) {
        return f;
    }
    let f = facts.module.add_function(name, ty);
    f.set_linkage(Linkage::Internal);
    f.add_enum_attribute(crate::llvm::AttrIndex::Function, "nounwind");
    let c = facts.context();
    let entry = f.append_block("entry");
    let b = Builder::at_end(entry);
    let flag = f.params().last().copied();
    let Some(flag) = flag.filter(|p| p.ty() == c.bool_type()) else {
        periods(&b, f, step, false, |b, base| {
            for (offset, class) in cells {
                element(b, f, base, *offset, *class);
            }
        });
        return f;
    };
    let (up, down) = (f.append_block("up"), f.append_block("down"));
    b.cond_br(flag, down, up);
    b.position_at_end(up);
    periods(&b, f, step, false, |b, base| {
        for (offset, class) in cells {
            element(b, f, base, *offset, *class);
        }
    });
    b.position_at_end(down);
    periods(&b, f, step, true, |b, base| {
        for (offset, class) in cells.iter().rev() {
            element(b, f, base, *offset, *class);
        }
    });
    f
}

/// A loop over the periods of a run, then the return.
fn periods(b: &Builder, f: Function, step: u64, backwards: bool, body: impl Fn(&Builder, Value)) {
    let c = b.context();
    let i64t = c.i64_type();
    if step == 0 {
        body(b, i64t.const_int(0));
        b.ret_void();
        return;
    }
    let params = f.params();
    let flagged = params.last().is_some_and(|p| p.ty() == c.bool_type());
    let len = params[params.len() - 1 - usize::from(flagged)];
    let entry = b.block();
    let head = f.append_block("head");
    let again = f.append_block("body");
    let done = f.append_block("done");
    // The last period may be cut short: each element looks whether it is still inside.
    let up_to = b.binary(Opcode::Add, len, i64t.const_int(step - 1));
    let count = b.binary(Opcode::UDiv, up_to, i64t.const_int(step));
    b.br(head);
    b.position_at_end(head);
    let k = b.phi(i64t);
    k.add_incoming(i64t.const_int(0), entry);
    let more = b.icmp(IntPredicate::Ult, k, count);
    b.cond_br(more, again, done);
    b.position_at_end(again);
    let period = match backwards {
        true => {
            let from_end = b.binary(Opcode::Sub, count, k);
            b.binary(Opcode::Sub, from_end, i64t.const_int(1))
        }
        false => k,
    };
    body(b, b.binary(Opcode::Mul, period, i64t.const_int(step)));
    let next = b.binary(Opcode::Add, k, i64t.const_int(1));
    k.add_incoming(next, b.block());
    b.br(head);
    b.position_at_end(done);
    b.ret_void();
}
