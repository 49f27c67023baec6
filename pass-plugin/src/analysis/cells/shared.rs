//! One register for the variants of an enum: an address in one of them, integers in another (the `Entry` of a map). Which one
//! it holds is a matter of control flow that is not looked at; what is put into it, and cut out of it again, tells.

use rustc_hash::{FxHashMap, FxHashSet};

use super::words::{merged, sources};
use crate::ir::{Body, CastKind, Const, Def, IntBin, Op, PAGE, TyKind, ValueId};

/// No larger expressions are looked at.
const DEPTH: u32 = 8;

/// Words of the variants of enums, which LLVM keeps in one register: an address in one of them, integers in another.
#[derive(Debug)]
pub(super) struct Shared {
    /// Those that are no addresses. Where one is used as an address, it is not this one.
    words: FxHashSet<ValueId>,
    /// What is cut out of such words: the narrow integers that were put there.
    parts: FxHashMap<ValueId, Vec<ValueId>>,
    /// Words that are addresses where they stand, whatever they are elsewhere.
    followed: FxHashSet<ValueId>,
    /// Words that those are sums of, through merges too.
    summed: FxHashSet<ValueId>,
}

impl Shared {
    /// Finds them. The low part of a word was overwritten by an integer, and its high part is left of an address of a variable
    /// or was never written; or a word was counted up from a small number. That an integer beside half of any other address,
    /// or a pair of them, is no address is known where it is read as an integer, and nobody follows it as it is.
    pub(super) fn of(body: &Body) -> Shared {
        let (followed, read) = (followed(body), read_in_parts(body));
        let in_variants = |v: ValueId| read.contains(&v) && !followed.contains(&v);
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
                if in_variants(*n) && assembled(body, *n, DEPTH, &mut integers) {
                    words.insert(*n);
                    held.insert(*n, integers);
                }
            }
            if let Some(mixed) = mixed(body, v)
                && (is_left(body, mixed.word) || !is_loaded(body, mixed.low) && in_variants(v))
            {
                words.extend([v, mixed.cleared, mixed.mask]);
                held.insert(v, vec![mixed.low]);
            }
        }
        words.extend(merges(body, &words));
        let cut = |v: ValueId| Some((v, parts(body, &words, &held, v)?));
        let parts = body.live_insts().filter_map(|(v, _)| cut(v)).collect();
        Shared {
            words,
            parts,
            summed: summed(body, &followed),
            followed,
        }
    }

    /// Whether a word is one of them, and no address.
    pub(super) fn is_word(&self, v: ValueId) -> bool {
        self.words.contains(&v)
    }

    /// Whether an address is made of a word and used, and not merged with others first.
    pub(super) fn is_followed(&self, v: ValueId) -> bool {
        self.followed.contains(&v)
    }

    /// Whether a word is one that is followed, or a part of the sum that it is.
    pub(super) fn is_summed(&self, v: ValueId) -> bool {
        self.summed.contains(&v)
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

/// Words of which addresses are made, and used there.
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

/// Words that those are sums of.
fn summed(body: &Body, followed: &FxHashSet<ValueId>) -> FxHashSet<ValueId> {
    behind(body, followed.iter().copied().collect(), |op, work| {
        if let Op::IntBin(IntBin::Add | IntBin::Sub, a, b) = op {
            work.extend([*a, *b]);
        }
    })
}

/// Words of which narrow integers are cut out, wherever they come together with others before.
fn read_in_parts(body: &Body) -> FxHashSet<ValueId> {
    let cut = |(v, _): (ValueId, &Op)| cut_from(body, v);
    let words = body.live_insts().filter_map(cut).collect();
    behind(body, words, |op, work| {
        if let Op::Cast(CastKind::PtrToInt | CastKind::IntToPtr, x) = op {
            work.push(*x);
        }
    })
}

/// These and what they are made of: seen through merges, and through what `further` sees through.
fn behind(
    body: &Body,
    mut work: Vec<ValueId>,
    further: impl Fn(&Op, &mut Vec<ValueId>),
) -> FxHashSet<ValueId> {
    let mut out = FxHashSet::default();
    while let Some(v) = work.pop() {
        if !out.insert(v) {
            continue;
        }
        match (merged(body, v), body.op(v)) {
            (Some(from), _) => work.extend(from),
            (None, Some(op)) => further(op, &mut work),
            (None, None) => {}
        }
    }
    out
}

/// The word that a narrow integer is cut out of.
fn cut_from(body: &Body, v: ValueId) -> Option<ValueId> {
    let Some(Op::Cast(CastKind::Trunc, word)) = body.op(v) else {
        return None;
    };
    let narrow = matches!(body.ty(v).kind, TyKind::Int { bits: ..=32 });
    narrow.then(|| match body.op(*word) {
        Some(Op::IntBin(IntBin::LShr, word, by)) if body.is_const(*by) => *word,
        _ => *word,
    })
}

/// Where nothing else than such words comes together.
fn merges(body: &Body, words: &FxHashSet<ValueId>) -> FxHashSet<ValueId> {
    if words.is_empty() {
        return FxHashSet::default();
    }
    let word = |v: ValueId| matches!(body.ty(v).kind, TyKind::Int { bits: 64 });
    let all = body.live_insts().filter(|(v, _)| word(*v));
    let mut found: FxHashMap<ValueId, Vec<ValueId>> = all
        .filter_map(|(v, _)| Some((v, merged(body, v)?)))
        .collect();
    let mut before = None;
    while before != Some(found.len()) {
        before = Some(found.len());
        let one = |x: &ValueId| words.contains(x) || body.is_const(*x) || found.contains_key(x);
        let others = found.iter().filter(|(_, from)| !from.iter().all(one));
        let others: Vec<ValueId> = others.map(|(v, _)| *v).collect();
        others.iter().for_each(|v| drop(found.remove(v)));
    }
    found.into_keys().collect()
}

/// The integers that such words hold, of which one is cut out here; also where the word is an address in another variant.
fn parts(
    body: &Body,
    words: &FxHashSet<ValueId>,
    held: &FxHashMap<ValueId, Vec<ValueId>>,
    v: ValueId,
) -> Option<Vec<ValueId>> {
    let mut seen = FxHashSet::default();
    let mut work = vec![cut_from(body, v)?];
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

/// Whether a word was read from memory, or counted up or down from one that was: if it is an address, then one that the
/// memory holds.
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
        let mut widths = [8, 16, 32].into_iter();
        let width = widths.find(|w| body.const_int(*ones) == Some((1 << w) - 1))?;
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
