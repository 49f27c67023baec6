//! The arrays inside of structs, as front ends declare them: which stretch of memory a walk with a variable index stays
//! in. C's own rule: such an index stays in its array. Fields of one scalar type side by side count as an array
//! too, for programs walk over `struct { double x, y, z; }`.

use super::notes::Said;
use crate::llvm::{self, Metadata, Module, TypeKind};

/// A stretch of memory that holds several elements.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Extent {
    pub at: i64,
    pub len: u64,
    /// Bytes of an element; 0: not known.
    pub elem: u64,
    /// The elements are scalars: smaller steps than theirs walk over bytes, which may be those of all the object.
    pub scalars: bool,
    /// The arrays in an element, from its beginning.
    pub inner: Vec<Extent>,
}

/// The length of an array of which nothing tells the end.
pub const OPEN: u64 = 1 << 40;

/// Extents of a struct that begins `start` bytes from a pointer, repeated every `period` bytes (0: not).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Extents {
    pub start: i64,
    pub period: u64,
    pub all: Vec<Extent>,
}

impl Extents {
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The smallest extent around the byte `at` of the struct, and with several steps of `stride` in it: its beginning and length.
    pub fn around(&self, at: i64, stride: u64) -> Option<(i64, u64)> {
        let element = match self.period {
            0 => 0,
            period => at - at.rem_euclid(period as i64),
        };
        let (from, len) = around(&self.all, at - element, stride)?;
        Some((from + element, len))
    }
}

fn around(all: &[Extent], at: i64, stride: u64) -> Option<(i64, u64)> {
    let inside = |e: &&Extent| e.at <= at && ((at - e.at) as u64) < e.len;
    let extent = all.iter().find(inside)?;
    let within = match extent.elem {
        0 => at - extent.at,
        elem => (at - extent.at) % elem as i64,
    };
    let start = at - within;
    if let Some((from, len)) = around(&extent.inner, within, stride) {
        // An inner array without an end ends with its element.
        let room = match extent.elem {
            0 => extent.len,
            elem => elem,
        };
        return Some((start + from, len.min(room.saturating_sub(from as u64))));
    }
    let by_bytes = extent.scalars && !stride.is_multiple_of(extent.elem);
    (extent.len > stride && !by_bytes).then_some((extent.at, extent.len))
}

/// A member of a struct.
struct Member {
    at: i64,
    len: u64,
    elem: u64,
    scalar: Option<Scalar>,
    inner: Vec<Extent>,
}

/// What tells one scalar type from another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scalar {
    Int,
    Float,
    Ptr,
}

/// No struct lists more members than these.
const MOST: usize = 256;
const DEPTH: u32 = 8;

/// The extents in a variable of this type. An array of structs repeats those of its element.
pub fn type_extents(module: Module, ty: llvm::Type) -> Extents {
    let mut element = ty;
    let mut period = 0;
    while let TypeKind::Array(_) = element.kind() {
        element = element.element();
        period = module.abi_size(element);
    }
    if !matches!(element.kind(), TypeKind::Struct) || !element.is_sized() {
        return Extents::default();
    }
    let mut found = Vec::new();
    members(module, element, 0, DEPTH, &mut found);
    let all = joined(found);
    Extents {
        start: 0,
        period,
        all,
    }
}

fn members(module: Module, ty: llvm::Type, at: i64, depth: u32, out: &mut Vec<Member>) {
    if out.len() >= MOST || depth == 0 || !ty.is_sized() {
        return;
    }
    let len = module.abi_size(ty);
    let scalar = match ty.kind() {
        TypeKind::Half
        | TypeKind::BFloat
        | TypeKind::Float
        | TypeKind::Double
        | TypeKind::X86Fp80
        | TypeKind::Fp128
        | TypeKind::PpcFp128 => Some(Scalar::Float),
        TypeKind::Integer(_) => Some(Scalar::Int),
        TypeKind::Pointer(_) => Some(Scalar::Ptr),
        _ => None,
    };
    let mut member = Member {
        at,
        len,
        elem: len,
        scalar,
        inner: Vec::new(),
    };
    match ty.kind() {
        TypeKind::Struct if ty.struct_name().is_some_and(|n| n.starts_with("union.")) => {
            // Of which member the type is, nothing tells.
            member.elem = 0;
        }
        TypeKind::Struct => {
            for (i, field) in ty.fields().into_iter().enumerate() {
                let inner = at + module.field_offset(ty, i as u32) as i64;
                members(module, field, inner, depth - 1, out);
            }
            return;
        }
        TypeKind::Array(_) => {
            let mut element = ty;
            while let TypeKind::Array(_) = element.kind() {
                element = element.element();
            }
            let mut inner = Vec::new();
            members(module, element, 0, depth - 1, &mut inner);
            member.elem = module.abi_size(element);
            match &inner[..] {
                [one] if one.scalar.is_some() && one.len == member.elem => {
                    member.scalar = one.scalar;
                }
                _ => member.inner = joined(inner),
            }
        }
        _ => {}
    }
    if member.len != 0 {
        out.push(member);
    }
}

/// Scalars of one type side by side are an array (not pointers: what each points to is its own).
fn joined(members: Vec<Member>) -> Vec<Extent> {
    let mut out: Vec<Member> = Vec::new();
    for m in members {
        if let Some(last) = out.last_mut()
            && last.at + last.len as i64 == m.at
            && last.elem == m.elem
            && last.scalar == m.scalar
            && matches!(m.scalar, Some(Scalar::Int | Scalar::Float))
        {
            last.len += m.len;
            continue;
        }
        out.push(m);
    }
    let several = out.into_iter().filter(|m| m.len > m.elem);
    let extent = |m: Member| Extent {
        at: m.at,
        len: m.len,
        elem: m.elem,
        scalars: m.scalar.is_some() && m.elem != 0,
        inner: m.inner,
    };
    several.map(extent).collect()
}

fn said_member(at: i64, room: u64, said: Said) -> Member {
    let elem = said.bytes();
    let scalar = match said {
        Said::Int => Scalar::Int,
        Said::Ptr => Scalar::Ptr,
        Said::Float(_) => Scalar::Float,
    };
    Member {
        at,
        len: (room - room % elem).max(elem),
        elem,
        scalar: Some(scalar),
        inner: Vec::new(),
    }
}

/// The extents of a copied struct, from the places, sizes and types of its fields (`!tbaa.struct`).
pub fn copied_extents(fields: &[(i64, u64, Option<Said>)]) -> Vec<Extent> {
    let member = |(at, len, said): &(i64, u64, Option<Said>)| match said {
        Some(said) => said_member(*at, *len, *said),
        None => Member {
            at: *at,
            len: *len,
            elem: 0,
            scalar: None,
            inner: Vec::new(),
        },
    };
    joined(fields.iter().map(member).collect())
}

/// A field of a struct in TBAA: where it begins, and what it is.
enum Field {
    Scalar(Option<Said>),
    Struct(Vec<Extent>),
}

/// The extents of a struct type of TBAA, which are `(type, offset)` pairs behind its name. An array is there as one
/// element: it goes on up to the next field, or who knows how far.
pub fn tbaa_extents(
    node: Metadata,
    scalar: fn(Metadata) -> Option<Said>,
    depth: u32,
) -> Vec<Extent> {
    let operands = node.operands();
    let mut fields: Vec<(i64, Field)> = Vec::new();
    for pair in operands.get(1..).unwrap_or_default().chunks(2) {
        let [Some(field), Some(offset)] = pair else {
            continue;
        };
        let at = offset
            .as_constant()
            .and_then(|c| c.const_i64())
            .unwrap_or(0);
        let what = match scalar(*field) {
            Some(said) => Field::Scalar(Some(said)),
            None if depth == 0 || field.operands().len() < 3 => Field::Scalar(None),
            None => Field::Struct(tbaa_extents(*field, scalar, depth - 1)),
        };
        fields.push((at, what));
    }
    let ends: Vec<i64> = fields.iter().skip(1).map(|(at, _)| *at).collect();
    let mut members = Vec::new();
    for (i, (at, field)) in fields.into_iter().enumerate() {
        let room = match ends.get(i) {
            Some(end) if *end > at => (end - at) as u64,
            Some(_) => continue,
            None => OPEN,
        };
        let untold = |inner| Member {
            at,
            len: room,
            elem: 0,
            scalar: None,
            inner,
        };
        members.push(match field {
            Field::Scalar(Some(said)) => said_member(at, room, said),
            Field::Scalar(None) => untold(Vec::new()),
            Field::Struct(inner) => untold(inner),
        });
    }
    joined(members)
}
