//! Where code uses memory as something that the type tree of an argument excludes.
//!
//! A tree is what the author of a type says of it, and may be wrong. What is wrong about it can't be seen where nothing
//! but words are moved, nor in memory that may have been filled anew: a buffer is used again for elements of another
//! type, and bytes behind a raw pointer are whatever they are. So only a load counts, of memory that nothing here
//! writes, through pointers of which each way to them says the same place of the same tree; and only if the loaded
//! value is computed with or followed. An integer that is taken for a float (`from_bits`) is one of the two, unless it
//! carries a derivative: then it is neither.

use rustc_hash::FxHashMap;

use super::cells::{Cells, Class, Root, TypeTree};
use super::offset::{self, Offset};
use crate::ir::{Body, CallOp, Callee, CastKind, Def, Op, TyKind, ValueId};

/// A place that a tree describes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Place<'t> {
    /// The argument whose tree it is.
    pub param: usize,
    /// The pointers that lead from the argument's own bytes to those that `tree` describes.
    pub through: Vec<i64>,
    pub tree: &'t TypeTree,
    pub offset: Offset,
}

impl<'t> Place<'t> {
    /// The first byte of an argument.
    pub fn of(param: usize, tree: &'t TypeTree) -> Place<'t> {
        Place {
            param,
            through: Vec::new(),
            tree,
            offset: Offset::ZERO,
        }
    }

    /// The cells of the tree that may be meant.
    fn cells(
        &self,
        by: u64,
    ) -> impl Iterator<Item = &'t (i64, Class, Option<Box<TypeTree>>)> + use<'t> {
        let at = self.offset.plus(by as i64);
        let step = offset::gcd(at.stride(), self.tree.step);
        self.tree.cells.iter().filter(move |(place, _, _)| {
            let apart = place.abs_diff(at.at);
            apart == 0 || step != 0 && apart % step == 0
        })
    }

    /// Both, if they are places of one tree.
    fn join(&self, other: &Place<'t>) -> Option<Place<'t>> {
        let same =
            self.param == other.param && self.through == other.through && self.tree == other.tree;
        same.then(|| Place {
            offset: self.offset.join(other.offset),
            ..self.clone()
        })
    }
}

/// A use that contradicts a tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contradiction {
    /// The load.
    pub at: ValueId,
    pub param: usize,
    pub through: Vec<i64>,
    pub byte: i64,
    /// What the tree says is there, and as what it is used.
    pub told: Class,
    pub used: Class,
}

/// The places of one function's pointers.
pub struct Places<'a, 't> {
    body: &'a Body,
    cells: &'a Cells,
    /// Of the parameters.
    starts: &'a [Option<Place<'t>>],
    /// `None`: no place, or not always the same.
    found: FxHashMap<ValueId, Option<Place<'t>>>,
}

impl<'a, 't> Places<'a, 't> {
    pub fn find(
        body: &'a Body,
        cells: &'a Cells,
        starts: &'a [Option<Place<'t>>],
    ) -> Places<'a, 't> {
        let mut this = Places {
            body,
            cells,
            starts,
            found: FxHashMap::default(),
        };
        let mut grown = true;
        // Offsets only get coarser, and what has no place gets none again.
        while grown {
            grown = false;
            for (v, op) in body.live_insts() {
                if !body.types.is_ptr(body.value(v).ty) {
                    continue;
                }
                let Some(new) = this.derived(v, op) else {
                    continue;
                };
                if this.found.get(&v) != Some(&new) {
                    this.found.insert(v, new);
                    grown = true;
                }
            }
        }
        this
    }

    /// The place of a pointer; the outer `None` where it is not known yet.
    fn place(&self, v: ValueId) -> Option<Option<Place<'t>>> {
        match &self.body.value(v).def {
            Def::Arg(i) => Some(self.starts.get(*i as usize).cloned().flatten()),
            Def::Inst { .. } => self.found.get(&v).cloned(),
            Def::Const(_) | Def::Global { .. } | Def::Function { .. } => Some(None),
        }
    }

    fn derived(&self, v: ValueId, op: &Op) -> Option<Option<Place<'t>>> {
        let merged = |from: &mut dyn Iterator<Item = ValueId>| {
            let mut all = self.found.get(&v).cloned();
            for place in from.filter_map(|x| self.place(x)) {
                all = Some(match all {
                    None => place,
                    Some(known) => known.zip(place).and_then(|(a, b)| a.join(&b)),
                });
            }
            all
        };
        match op {
            Op::Phi(incoming) => merged(&mut incoming.iter().map(|(_, x)| *x)),
            Op::Select {
                on_true, on_false, ..
            } => merged(&mut [*on_true, *on_false].into_iter()),
            Op::Freeze(x) | Op::Cast(CastKind::Bitcast | CastKind::AddrSpace, x) => self.place(*x),
            Op::Gep {
                base,
                offset,
                indices,
            } => {
                let place = self.place(*base)?;
                Some(place.map(|place| {
                    let by = |i: ValueId, scale: i64| {
                        offset::factor(self.body, i, 4).saturating_mul(scale.unsigned_abs())
                    };
                    let walked = indices
                        .iter()
                        .fold(place.offset.plus(*offset), |at, (i, scale)| {
                            at.widen(by(*i, *scale))
                        });
                    Place {
                        offset: walked,
                        ..place
                    }
                }))
            }
            Op::Load { ptr, .. } => {
                let place = self.place(*ptr)?;
                Some(place.and_then(|place| self.behind(*ptr, &place)))
            }
            _ => Some(None),
        }
    }

    /// Where the pointer at a place leads to.
    fn behind(&self, ptr: ValueId, place: &Place<'t>) -> Option<Place<'t>> {
        if place.tree.raw || !self.is_untouched(ptr) {
            return None;
        }
        let mut inner: Option<(i64, &'t TypeTree)> = None;
        for (at, class, to) in place.cells(0) {
            let to = to.as_deref().filter(|_| *class == Class::Ptr)?;
            match inner {
                Some((_, known)) if known != to => return None,
                Some(_) => {}
                None => inner = Some((*at, to)),
            }
        }
        let (at, tree) = inner?;
        let mut through = place.through.clone();
        through.push(at);
        Some(Place {
            param: place.param,
            through,
            tree,
            offset: Offset::ZERO,
        })
    }

    /// Whether the memory behind a pointer holds what it held when the function began.
    fn is_untouched(&self, ptr: ValueId) -> bool {
        let Some((node, _)) = self.cells.target(ptr, 0) else {
            return false;
        };
        self.cells.is_never_written(node)
            && (self.cells.roots(node).iter()).all(|root| matches!(root, Root::Arg(_)))
    }

    /// The first use that contradicts a tree. `carries[i]` says whether argument `i` has a derivative.
    pub fn contradiction(&self, carries: &dyn Fn(usize) -> bool) -> Option<Contradiction> {
        for (v, op) in self.body.live_insts() {
            let Op::Load { ptr, .. } = op else { continue };
            let Some(Some(place)) = self.place(*ptr) else {
                continue;
            };
            if place.tree.raw {
                continue;
            }
            let scalars = self.body.types.scalars(self.body.value(v).ty);
            let mut first = None;
            // Optimisers widen loads to lanes that nobody looks at: all of them have to be wrong.
            let all = scalars.iter().all(|(by, ty)| {
                let used = match self.body.types.get(*ty).kind {
                    TyKind::Float(kind) => Class::Float(kind),
                    TyKind::Ptr => Class::Ptr,
                    TyKind::Int { .. }
                    | TyKind::Void
                    | TyKind::Vector { .. }
                    | TyKind::Array { .. }
                    | TyKind::Struct { .. }
                    | TyKind::Other => return false,
                };
                let mut any = false;
                let excluded = place.cells(*by).all(|(at, told, _)| {
                    any = true;
                    first.get_or_insert((*at, *told, used));
                    excludes(place.tree, *at, *told, used, carries(place.param))
                });
                any && excluded
            });
            let Some((byte, told, used)) = first.filter(|_| all) else {
                continue;
            };
            if self.is_untouched(*ptr) && self.is_used(v, used) {
                return Some(Contradiction {
                    at: v,
                    param: place.param,
                    through: place.through,
                    byte,
                    told,
                    used,
                });
            }
        }
        None
    }

    /// Whether a loaded value, or what it is merged with or taken apart into, is computed with or followed.
    fn is_used(&self, loaded: ValueId, class: Class) -> bool {
        let mut same = vec![loaded];
        let mut at = 0;
        while let Some(&x) = same.get(at) {
            at += 1;
            for (v, op) in self.body.live_insts() {
                let mut uses = false;
                op.for_each_operand(|operand| uses |= operand == x);
                if !uses || same.contains(&v) {
                    continue;
                }
                match op {
                    Op::FloatBin(..)
                    | Op::FNeg(_)
                    | Op::Cast(CastKind::FpTrunc | CastKind::FpExt | CastKind::FpToInt, _)
                    | Op::Call(CallOp {
                        callee: Callee::Math(_) | Callee::ReduceFAdd,
                        ..
                    }) if class != Class::Ptr => return true,
                    Op::Load { ptr, .. } | Op::Store { ptr, .. }
                        if class == Class::Ptr && *ptr == x =>
                    {
                        return true;
                    }
                    Op::MemCopy { dst, src, .. }
                        if class == Class::Ptr && (*dst == x || *src == x) =>
                    {
                        return true;
                    }
                    Op::Phi(_)
                    | Op::Select { .. }
                    | Op::Freeze(_)
                    | Op::ExtractElement { .. }
                    | Op::InsertElement { .. }
                    | Op::ExtractValue { .. }
                    | Op::InsertValue { .. }
                    | Op::Shuffle { .. } => same.push(v),
                    Op::Gep { base, .. } if *base == x => same.push(v),
                    _ => {}
                }
            }
        }
        false
    }

    /// The calls of functions with a body that are given pointers to places, and these.
    pub fn passed_on(&self) -> Vec<(&'a str, Vec<Option<Place<'t>>>)> {
        let mut out = Vec::new();
        for (_, op) in self.body.live_insts() {
            let Op::Call(CallOp {
                callee: Callee::Defined { name },
                args,
                by_rule: false,
                ..
            }) = op
            else {
                continue;
            };
            // The callee can't see what was written before.
            let given = |x: &ValueId| {
                self.place(*x)
                    .flatten()
                    .filter(|place| !place.tree.raw && self.is_all_untouched(*x))
            };
            let places: Vec<_> = args.iter().map(given).collect();
            if places.iter().any(Option::is_some) {
                out.push((name.as_str(), places));
            }
        }
        out
    }

    /// The same of all memory that can be reached from there.
    fn is_all_untouched(&self, ptr: ValueId) -> bool {
        let Some((node, _)) = self.cells.target(ptr, 0) else {
            return false;
        };
        let mut reached = vec![node];
        let mut at = 0;
        while let Some(&node) = reached.get(at) {
            at += 1;
            if !self.cells.is_never_written(node) {
                return false;
            }
            for next in self.cells.pointees(node) {
                if !reached.contains(&next) {
                    reached.push(next);
                }
            }
        }
        self.is_untouched(ptr)
    }
}

/// Whether what a tree says of its byte `at` can't be used in this way.
fn excludes(tree: &TypeTree, at: i64, told: Class, used: Class, carries: bool) -> bool {
    match (told, used) {
        // Of which more than one is a part: such bytes are storage for anything. And nobody differentiates with
        // respect to an integer.
        (Class::Int, Class::Float(_)) => carries && !is_storage(tree, at, used.bytes()),
        (Class::Int, Class::Ptr) => !is_storage(tree, at, used.bytes()),
        (Class::Ptr, Class::Float(_)) | (Class::Float(_), Class::Ptr) => true,
        (Class::Float(a), Class::Float(b)) => a != b,
        (
            Class::Unknown
            | Class::Int
            | Class::Ptr
            | Class::Float(_)
            | Class::IntOrFloat(_)
            | Class::PtrOrFloat
            | Class::Piece(_)
            | Class::Conflict,
            _,
        ) => false,
    }
}

/// Whether another scalar begins before `bytes` bytes from `at` are over.
fn is_storage(tree: &TypeTree, at: i64, bytes: u64) -> bool {
    let within = |other: i64| (1..bytes as i64).contains(&(other - at));
    (1..bytes).contains(&tree.step) || tree.cells.iter().any(|(other, _, _)| within(*other))
}
