//! Integers that are told by what is done with them, whatever else shares the memory that they come from: what is only
//! hashed is no part of a float, and a word whose low half is overwritten is no address.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ir::{Body, Callee, CastKind, Const, Def, IntBin, Op, PAGE, TyKind, ValueId};

/// No larger expressions are looked at.
const DEPTH: u32 = 8;

/// What hashing made of numbers: a sum of a rotated word and another, or a product with a large constant, and what is
/// made of that. No byte of it is a byte of a float.
pub(super) fn churned(body: &Body) -> FxHashSet<ValueId> {
    let mut out = FxHashSet::default();
    let insts: Vec<(ValueId, &Op)> = body.live_insts().collect();
    let mut before = None;
    while before != Some(out.len()) {
        before = Some(out.len());
        for (v, op) in &insts {
            let known = |x: &ValueId| out.contains(x);
            let churns = match op {
                Op::IntBin(..) if begins(body, op) => true,
                Op::IntBin(_, a, b) => known(a) || known(b),
                Op::Cast(CastKind::Trunc | CastKind::ZExt | CastKind::SExt, x) | Op::Freeze(x) => {
                    known(x)
                }
                Op::Phi(_) | Op::Select { .. } => {
                    // What was never written is no byte of a float either.
                    let undef =
                        |x: &ValueId| matches!(body.value(*x).def, Def::Const(Const::Undef));
                    let direct = merged(body, *v);
                    let any = direct.is_some_and(|from| from.iter().any(known));
                    any && sources(body, *v).iter().all(|x| known(x) || undef(x))
                }
                Op::Call(_) => rotated(body, *v).is_some_and(|x| known(&x)),
                _ => false,
            };
            if churns {
                out.insert(*v);
            }
        }
    }
    out
}

fn begins(body: &Body, op: &Op) -> bool {
    const LARGE: i128 = 1 << 16;
    let Op::IntBin(bin, a, b) = op else {
        return false;
    };
    let constant = |x: ValueId| body.const_int(x);
    match bin {
        IntBin::Mul => [*a, *b]
            .map(constant)
            .into_iter()
            .flatten()
            .any(|n| n.abs() >= LARGE),
        IntBin::Add | IntBin::Sub | IntBin::Xor => {
            let free = !body.is_const(*a) && !body.is_const(*b);
            free && (rotated(body, *a).is_some() || rotated(body, *b).is_some())
        }
        IntBin::UDiv
        | IntBin::SDiv
        | IntBin::URem
        | IntBin::SRem
        | IntBin::Shl
        | IntBin::LShr
        | IntBin::AShr
        | IntBin::And
        | IntBin::Or => false,
    }
}

/// What an intrinsic rotates.
fn rotated(body: &Body, v: ValueId) -> Option<ValueId> {
    match body.op(v) {
        Some(Op::Call(call)) if matches!(call.callee, Callee::Inactive) && call.of_bits => {
            match call.args[..] {
                [x, y, _] if x == y && !body.is_const(x) => Some(x),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Loads of integers of no more than 32 bits of which nothing is made but numbers: they are compared, count, are
/// indices, become floats as numbers, or are hashed, and of the hash no more is stored than a byte (the tag in a hash table). Nobody turns that
/// into a float again.
pub(super) fn hashed(body: &Body, churned: &FxHashSet<ValueId>) -> FxHashSet<ValueId> {
    let insts: Vec<(ValueId, &Op)> = body.live_insts().collect();
    let mut kept = vec![false; body.values.len()];
    let mut grown = true;
    while grown {
        grown = false;
        let mut mark = |x: ValueId| grown |= !std::mem::replace(&mut kept[x.index()], true);
        let mut work = Vec::new();
        for (v, op) in insts.iter().rev() {
            match is_followed(body, *v, op) {
                true => work.push((*v, *op)),
                false => op.for_each_operand(|x| {
                    let tag = moves_byte(body, op, x) && churned.contains(&x);
                    if !tag && !is_harmless(op, x) {
                        mark(x);
                    }
                }),
            }
        }
        for (v, op) in work {
            if kept[v.index()] {
                op.for_each_operand(|x| grown |= !std::mem::replace(&mut kept[x.index()], true));
            }
        }
    }
    let small = |v: ValueId| matches!(body.ty(v).kind, TyKind::Int { bits: 8..=32 });
    let loads = insts
        .iter()
        .filter(|(v, op)| matches!(op, Op::Load { .. }) && small(*v) && !kept[v.index()]);
    loads.map(|(v, _)| *v).collect()
}

/// Operations on integers whose operands matter as the result does.
fn is_followed(body: &Body, v: ValueId, op: &Op) -> bool {
    let integer = |x: ValueId| matches!(body.ty(x).kind, TyKind::Int { .. });
    match op {
        Op::IntBin(..) | Op::Select { .. } | Op::Phi(_) | Op::Freeze(_) => integer(v),
        Op::Cast(CastKind::Trunc | CastKind::ZExt | CastKind::SExt, _) => integer(v),
        // Rotations, and what else is made of integers alone.
        Op::Call(call) => {
            matches!(call.callee, Callee::Inactive)
                && call.no_memory
                && integer(v)
                && call.args.iter().all(|a| integer(*a))
        }
        _ => false,
    }
}

/// Whether nothing but a number can come of a value that is used so.
fn is_harmless(op: &Op, x: ValueId) -> bool {
    match op {
        Op::ICmp(..) | Op::Switch { .. } | Op::CondBr(_) | Op::MemSet { .. } => true,
        Op::Cast(CastKind::IntToFp, _) => true,
        Op::Gep { base, .. } => *base != x,
        Op::Load { .. } | Op::Alloca { .. } => true,
        Op::Store { ptr, value } => *ptr == x && *value != x,
        Op::MemCopy { dst, src, .. } => *dst != x && *src != x,
        Op::Call(call) => matches!(call.callee, Callee::Hint | Callee::LifetimeStart),
        _ => false,
    }
}

/// Whether a byte is stored, or made a vector of: that of the tag which others are compared with.
fn moves_byte(body: &Body, op: &Op, x: ValueId) -> bool {
    matches!(op, Op::Store { .. } | Op::InsertElement { .. })
        && matches!(body.ty(x).kind, TyKind::Int { bits: 8 })
}

/// Words of the variants of enums, which LLVM keeps in one register: an address in one of them, integers in another.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Those that are no addresses. Where one is used as an address, it is not this one.
    words: FxHashSet<ValueId>,
    /// What is cut out of such words: the narrow integers that were put there.
    parts: FxHashMap<ValueId, Vec<ValueId>>,
}

impl Shared {
    /// Finds them. The low part of a word was overwritten by an integer, and its high part is left of an address or was never
    /// written; or a word was put together of narrow integers; or counted up from a small number.
    pub(super) fn of(body: &Body) -> Shared {
        let followed = followed(body);
        let mut held = FxHashMap::default();
        let mut words = FxHashSet::default();
        for (v, op) in body.live_insts() {
            if let Op::Cast(CastKind::IntToPtr, n) = op
                && !body.is_const(*n)
            {
                if is_counter(body, *n) {
                    words.insert(*n);
                }
                let mut integers = Vec::new();
                if !followed.contains(n) && assembled(body, *n, DEPTH, &mut integers) {
                    words.insert(*n);
                    held.insert(*n, integers);
                }
            }
            if let Some(mixed) = mixed(body, v)
                && (is_left(body, mixed.word)
                    || !is_loaded(body, mixed.low) && !followed.contains(&v))
            {
                words.extend([v, mixed.cleared, mixed.mask]);
                held.insert(v, vec![mixed.low]);
            }
        }
        let merges = body.live_insts().map(|(v, _)| v);
        let merges: Vec<ValueId> = merges.filter(|v| is_one_of(body, &words, *v)).collect();
        words.extend(merges);
        let cut = |v: ValueId| Some((v, parts(body, &words, &held, v)?));
        let parts = body.live_insts().filter_map(|(v, _)| cut(v)).collect();
        Shared { words, parts }
    }

    /// Whether a word is one of them, and no address.
    pub(super) fn is_word(&self, v: ValueId) -> bool {
        self.words.contains(&v)
    }

    /// The integers of which a register holds one, if it was cut out of such words.
    pub(super) fn parts(&self, v: ValueId) -> Option<&[ValueId]> {
        self.parts.get(&v).map(Vec::as_slice)
    }

    /// Whether that was computed as an integer, whichever it is.
    pub(super) fn is_computed(&self, body: &Body, v: ValueId) -> bool {
        let computed = |x: ValueId| body.is_const(x) || matches!(body.op(x), Some(Op::IntBin(..)));
        self.parts(v)
            .is_some_and(|all| all.iter().flat_map(|x| sources(body, *x)).all(computed))
    }
}

/// Words that are addresses where they stand, whatever they are elsewhere.
fn followed(body: &Body) -> FxHashSet<ValueId> {
    let mut out = FxHashSet::default();
    let mut follow = |p: ValueId| {
        if let Some(Op::Cast(CastKind::IntToPtr, n)) = body.op(p) {
            out.insert(*n);
        }
    };
    for (_, op) in body.live_insts() {
        match op {
            Op::Phi(_) | Op::Select { .. } | Op::ICmp(..) | Op::Freeze(_) | Op::Cast(..) => {}
            _ => op.for_each_operand(&mut follow),
        }
    }
    out
}

/// Whether nothing else than such words comes together in a word.
fn is_one_of(body: &Body, words: &FxHashSet<ValueId>, v: ValueId) -> bool {
    let known = |s: ValueId| words.contains(&s) || body.is_const(s);
    matches!(body.ty(v).kind, TyKind::Int { bits: 64 })
        && merged(body, v).is_some()
        && sources(body, v).into_iter().all(known)
}

/// The integers that such words hold, of which one is cut out here; also where the word is an address in another variant.
fn parts(
    body: &Body,
    words: &FxHashSet<ValueId>,
    held: &FxHashMap<ValueId, Vec<ValueId>>,
    v: ValueId,
) -> Option<Vec<ValueId>> {
    let Some(Op::Cast(CastKind::Trunc, word)) = body.op(v) else {
        return None;
    };
    if !matches!(body.ty(v).kind, TyKind::Int { bits: ..=32 }) {
        return None;
    }
    let word = match body.op(*word) {
        Some(Op::IntBin(IntBin::LShr, word, by)) if body.is_const(*by) => word,
        _ => word,
    };
    let mut seen = FxHashSet::default();
    let mut work = vec![*word];
    let mut out = Vec::new();
    while let Some(v) = work.pop() {
        if !seen.insert(v) {
            continue;
        }
        match (held.get(&v), merged(body, v), body.op(v)) {
            (Some(integers), ..) => out.extend(integers),
            (None, Some(from), _) => work.extend(from),
            (None, None, Some(Op::Cast(CastKind::PtrToInt | CastKind::IntToPtr, x))) => {
                work.push(*x);
            }
            _ if words.contains(&v) || body.is_const(v) => {}
            _ if body.types.is_ptr(body.value(v).ty) => {}
            _ => return None,
        }
    }
    (!out.is_empty()).then_some(out)
}

fn is_narrow(body: &Body, v: ValueId) -> bool {
    matches!(body.ty(v).kind, TyKind::Int { bits: ..=16 })
}

/// Whether a number is made of small ones, by adding constants to them: no program counts up to an address.
fn is_counter(body: &Body, n: ValueId) -> bool {
    counted_from(body, n, |_| false)
}

/// Whether a word was read from memory, or counted up or down from one that was: if it is an address, then one that the memory holds.
pub(super) fn is_from_memory(body: &Body, n: ValueId) -> bool {
    counted_from(body, n, |v| matches!(body.op(v), Some(Op::Load { .. })))
}

/// Whether a number is made of small ones, and of those that `start` accepts, by adding small constants.
fn counted_from(body: &Body, n: ValueId, start: impl Fn(ValueId) -> bool) -> bool {
    let small = |x: ValueId| {
        body.const_int(x)
            .is_some_and(|k| k.unsigned_abs() < PAGE as u128)
    };
    let mut seen = FxHashSet::default();
    let mut work = vec![n];
    while let Some(v) = work.pop() {
        if small(v) || start(v) || !seen.insert(v) {
            continue;
        }
        match (merged(body, v), body.op(v)) {
            (Some(from), _) => work.extend(from),
            (None, Some(Op::IntBin(IntBin::Add | IntBin::Sub, x, by))) if small(*by) => {
                work.push(*x);
            }
            // The length of a node.
            (None, Some(Op::Cast(CastKind::ZExt, x))) if is_narrow(body, *x) => {}
            (None, _) => return false,
        }
    }
    true
}

/// A word whose low part was overwritten.
struct Mixed {
    word: ValueId,
    /// The word without its low part, and that.
    cleared: ValueId,
    mask: ValueId,
    /// What is there instead.
    low: ValueId,
}

/// Whether an integer comes from memory: it may be half of an address, then.
fn is_loaded(body: &Body, v: ValueId) -> bool {
    let loaded = |s: ValueId| matches!(body.op(s), Some(Op::Load { .. }));
    sources(body, v).into_iter().any(loaded)
}

/// Whether a word is put together of narrow integers that are no parts of addresses (a pair of them), and which.
fn assembled(body: &Body, v: ValueId, depth: u32, out: &mut Vec<ValueId>) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    match body.op(v) {
        Some(Op::IntBin(IntBin::Or, a, b)) => {
            assembled(body, *a, depth, out) && assembled(body, *b, depth, out)
        }
        Some(Op::IntBin(IntBin::Shl, x, by)) => {
            body.is_const(*by) && assembled(body, *x, depth, out)
        }
        Some(Op::Cast(CastKind::ZExt, x)) => {
            out.push(*x);
            matches!(body.ty(*x).kind, TyKind::Int { bits: ..=32 })
                && !is_loaded(body, *x)
                && !is_cut_out(body, *x)
        }
        _ => false,
    }
}

/// `(x - (x & 0xffffffff)) | low`, and the same for one and two bytes; the integer is not cut out of an address.
fn mixed(body: &Body, v: ValueId) -> Option<Mixed> {
    let Some(Op::IntBin(IntBin::Or, a, b)) = body.op(v) else {
        return None;
    };
    [(*a, *b), (*b, *a)].into_iter().find_map(|(cleared, low)| {
        let Some(Op::IntBin(IntBin::Sub, word, mask)) = body.op(cleared) else {
            return None;
        };
        let Some(Op::IntBin(IntBin::And, of, ones)) = body.op(*mask) else {
            return None;
        };
        let Some(Op::Cast(CastKind::ZExt, low)) = body.op(low) else {
            return None;
        };
        let TyKind::Int { bits } = body.ty(*low).kind else {
            return None;
        };
        let widths = [8, 16, 32].into_iter();
        let width = widths
            .filter(|w| body.const_int(*ones) == Some((1 << w) - 1))
            .next()?;
        (of == word && bits <= width && !is_cut_out(body, *low)).then_some(Mixed {
            word: *word,
            cleared,
            mask: *mask,
            low: *low,
        })
    })
}

/// Whether an integer is a part of an address.
fn is_cut_out(body: &Body, v: ValueId) -> bool {
    sources(body, v).into_iter().any(|s| match body.op(s) {
        Some(Op::Cast(CastKind::Trunc, word)) => {
            let of_address =
                |w: ValueId| matches!(body.op(w), Some(Op::Cast(CastKind::PtrToInt, _)));
            sources(body, *word).into_iter().any(of_address)
        }
        _ => false,
    })
}

/// Whether nothing but variables of this function and such words as it is itself come together in a word.
fn is_left(body: &Body, word: ValueId) -> bool {
    let mut seen = FxHashSet::default();
    let mut work = vec![word];
    while let Some(v) = work.pop() {
        if !seen.insert(v) {
            continue;
        }
        if let Some(from) = merged(body, v) {
            work.extend(from);
            continue;
        }
        match (&body.value(v).def, body.op(v)) {
            (Def::Const(Const::Undef | Const::Int(_) | Const::Null), _) => {}
            (_, Some(Op::Alloca { .. })) => {}
            (_, Some(Op::Cast(CastKind::PtrToInt | CastKind::IntToPtr, x))) => work.push(*x),
            _ => match mixed(body, v) {
                Some(mixed) => work.push(mixed.word),
                None => return false,
            },
        }
    }
    true
}

/// What a value is, seen through merges.
fn sources(body: &Body, v: ValueId) -> Vec<ValueId> {
    let mut seen = FxHashSet::default();
    let mut work = vec![v];
    let mut out = Vec::new();
    while let Some(v) = work.pop() {
        if !seen.insert(v) {
            continue;
        }
        match merged(body, v) {
            Some(from) => work.extend(from),
            None => out.push(v),
        }
    }
    out
}

/// What comes together in a value that is one of others.
fn merged(body: &Body, v: ValueId) -> Option<Vec<ValueId>> {
    match body.op(v)? {
        Op::Phi(incoming) => Some(incoming.iter().map(|(_, x)| *x).collect()),
        Op::Select {
            on_true, on_false, ..
        } => Some(vec![*on_true, *on_false]),
        Op::Freeze(x) => Some(vec![*x]),
        _ => None,
    }
}
