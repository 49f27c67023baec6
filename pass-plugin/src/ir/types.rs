//! Types with their layout, so that no analysis has to ask LLVM for a size or an offset.

use super::index::TyId;

/// A floating-point format.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum FloatKind {
    Half,
    BFloat,
    F32,
    F64,
    X86Fp80,
    Fp128,
    PpcFp128,
}

impl FloatKind {
    /// Size in memory in bytes (the store size; an x87 value fills ten bytes of its sixteen).
    pub fn bytes(self) -> u64 {
        match self {
            FloatKind::Half | FloatKind::BFloat => 2,
            FloatKind::F32 => 4,
            FloatKind::F64 => 8,
            FloatKind::X86Fp80 => 10,
            FloatKind::Fp128 | FloatKind::PpcFp128 => 16,
        }
    }
}

/// The shape of a type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TyKind {
    Void,
    Int {
        bits: u32,
    },
    Float(FloatKind),
    Ptr,
    Vector {
        elem: TyId,
        count: u64,
    },
    Array {
        elem: TyId,
        count: u64,
        stride: u64,
    },
    /// Fields with their byte offsets.
    Struct {
        fields: Vec<(u64, TyId)>,
    },
    /// Labels, tokens, metadata, scalable vectors, target types: never active.
    Other,
}

/// A type and its size in memory in bytes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Ty {
    pub kind: TyKind,
    /// Store size in bytes.
    pub bytes: u64,
}

/// The types of one function, interned: equal types have equal ids.
#[derive(Default, Debug)]
pub struct Types {
    all: Vec<Ty>,
    ids: rustc_hash::FxHashMap<Ty, TyId>,
}

impl Types {
    pub fn intern(&mut self, ty: Ty) -> TyId {
        if let Some(&id) = self.ids.get(&ty) {
            return id;
        }
        let id = TyId::new(self.all.len());
        self.all.push(ty.clone());
        self.ids.insert(ty, id);
        id
    }

    pub fn get(&self, id: TyId) -> &Ty {
        &self.all[id.index()]
    }

    /// The scalars of `id` in memory order: byte offset and type. Arrays are unrolled, so this is
    /// for register-sized types; memory of unknown length is described by cells instead.
    pub fn scalars(&self, id: TyId) -> Vec<(u64, TyId)> {
        let mut out = Vec::new();
        self.scalars_at(id, 0, &mut out);
        out
    }

    fn scalars_at(&self, id: TyId, at: u64, out: &mut Vec<(u64, TyId)>) {
        match &self.get(id).kind {
            TyKind::Void | TyKind::Other => {}
            TyKind::Int { .. } | TyKind::Float(_) | TyKind::Ptr => out.push((at, id)),
            TyKind::Vector { elem, count } => {
                let step = self.get(*elem).bytes;
                for i in 0..*count {
                    self.scalars_at(*elem, at + i * step, out);
                }
            }
            TyKind::Array {
                elem,
                count,
                stride,
            } => {
                for i in 0..*count {
                    self.scalars_at(*elem, at + i * stride, out);
                }
            }
            TyKind::Struct { fields } => {
                for &(offset, field) in fields {
                    self.scalars_at(field, at + offset, out);
                }
            }
        }
    }

    /// The float format of a scalar or of a vector's elements.
    pub fn float_kind(&self, id: TyId) -> Option<FloatKind> {
        match &self.get(id).kind {
            TyKind::Float(kind) => Some(*kind),
            TyKind::Vector { elem, .. } => self.float_kind(*elem),
            TyKind::Void
            | TyKind::Int { .. }
            | TyKind::Ptr
            | TyKind::Array { .. }
            | TyKind::Struct { .. }
            | TyKind::Other => None,
        }
    }

    pub fn is_ptr(&self, id: TyId) -> bool {
        matches!(self.get(id).kind, TyKind::Ptr)
    }
}
