//! The lattice of what a scalar is.

use crate::ir::FloatKind;

/// What a scalar in memory or in a register is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum Class {
    Unknown,
    Int,
    Ptr,
    Float(FloatKind),
    /// Floats and integers in turn (a union, a buffer that is used again): moves like the float, for the adjoint
    /// of an integer is nobody's.
    IntOrFloat(FloatKind),
    /// Doubles and pointers in turn. Each word tells which one it is: the bits of an address are those of a double
    /// below 1e-308, whose derivative is lost without loss.
    PtrOrFloat,
    /// Registers only: bits of a float, which are moved apart from the rest of it or taken apart here.
    Piece(FloatKind),
    /// Contradicting evidence: each access knows what it does, but nobody can move such bytes.
    Conflict,
}

impl Class {
    pub fn join(self, other: Class) -> Class {
        use Class::{Conflict, Float, Int, IntOrFloat, Piece, Ptr, PtrOrFloat, Unknown};
        match (self, other) {
            (Unknown, c) | (c, Unknown) => c,
            (a, b) if a == b => a,
            // Moved as a pointer, which is right for both: nobody reads the shadow of an integer.
            (Int, Ptr) | (Ptr, Int) => Ptr,
            (Int, Piece(k)) | (Piece(k), Int) => Piece(k),
            (Float(a) | IntOrFloat(a), Piece(b)) | (Piece(b), Float(a) | IntOrFloat(a))
                if a == b =>
            {
                Piece(a)
            }
            (Int, Float(k) | IntOrFloat(k)) | (Float(k) | IntOrFloat(k), Int) => IntOrFloat(k),
            (Float(a), IntOrFloat(b)) | (IntOrFloat(a), Float(b)) if a == b => IntOrFloat(a),
            (Ptr, Float(FloatKind::F64) | IntOrFloat(FloatKind::F64))
            | (Float(FloatKind::F64) | IntOrFloat(FloatKind::F64), Ptr)
            | (PtrOrFloat, Int | Ptr | Float(FloatKind::F64) | IntOrFloat(FloatKind::F64))
            | (Int | Ptr | Float(FloatKind::F64) | IntOrFloat(FloatKind::F64), PtrOrFloat) => {
                PtrOrFloat
            }
            (Int | Ptr | Float(_) | IntOrFloat(_) | PtrOrFloat | Piece(_) | Conflict, _) => {
                Conflict
            }
        }
    }

    /// The float that may live there.
    pub fn float(self) -> Option<FloatKind> {
        match self {
            Class::Float(kind) | Class::IntOrFloat(kind) => Some(kind),
            Class::PtrOrFloat => Some(FloatKind::F64),
            Class::Unknown | Class::Int | Class::Ptr | Class::Piece(_) | Class::Conflict => None,
        }
    }

    /// Whether pointers may live there.
    pub fn may_be_pointer(self) -> bool {
        match self {
            Class::Ptr | Class::PtrOrFloat | Class::Conflict => true,
            Class::Unknown
            | Class::Int
            | Class::Float(_)
            | Class::IntOrFloat(_)
            | Class::Piece(_) => false,
        }
    }

    /// Whether floats may live there; nothing is known of `Unknown`.
    pub fn may_be_float(self) -> bool {
        self.float().is_some() || self == Class::Conflict
    }

    /// Bytes of the widest scalar that is known to live there.
    pub fn bytes(self) -> u64 {
        match self {
            Class::Float(kind) | Class::IntOrFloat(kind) => kind.bytes(),
            Class::Ptr | Class::PtrOrFloat => 8,
            Class::Unknown | Class::Int | Class::Piece(_) | Class::Conflict => 1,
        }
    }
}
