//! The floats inside a register: what its adjoint consists of.

use super::Facts;
use crate::analysis::cells::Class;
use crate::diag::{Code, Refusal};
use crate::ir::{FloatKind, TyKind, ValueId};
use crate::llvm::{Context, Type};

/// A float, or a vector of floats, at a byte offset of a register.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leaf {
    pub offset: u64,
    pub ty: Type,
}

/// LLVM's type of a float format.
pub fn float_type(context: Context, kind: FloatKind) -> Type {
    match kind {
        FloatKind::Half => context.half_type(),
        FloatKind::BFloat => context.bfloat_type(),
        FloatKind::F32 => context.float_type(),
        FloatKind::F64 => context.double_type(),
        FloatKind::X86Fp80 => context.x86_fp80_type(),
        FloatKind::Fp128 | FloatKind::PpcFp128 => context.fp128_type(),
    }
}

/// The leaves of an active value.
pub fn leaves(facts: &Facts, v: ValueId) -> Result<Vec<Leaf>, Refusal> {
    let ty = facts.llvm_ty(v);
    if ty.scalar().is_float() {
        return Ok(vec![Leaf { offset: 0, ty }]);
    }
    let body = facts.body();
    let mut out = Vec::new();
    if ty.is_integer()
        && facts
            .cells
            .value(v)
            .any(|(_, c)| matches!(c, Class::Piece(_)))
    {
        return Ok(vec![Leaf { offset: 0, ty }]);
    }
    let mut scalars = Vec::new();
    match &body.ty(v).kind {
        // A vector of integers is moved as a whole: what it holds does not keep to its lanes.
        TyKind::Vector { elem, .. } if matches!(body.types.get(*elem).kind, TyKind::Int { .. }) => {
            let bits = body.ty(v).bytes as u32 * 8;
            scalars.push((0, TyKind::Int { bits }));
        }
        _ => {
            for (offset, ty) in body.types.scalars(body.value(v).ty) {
                scalars.push((offset, body.types.get(ty).kind.clone()));
            }
        }
    }
    for (offset, kind) in scalars {
        match kind {
            TyKind::Float(kind) => {
                out.push(Leaf {
                    offset,
                    ty: float_type(facts.context(), kind),
                });
            }
            TyKind::Int { bits } if bits >= 16 => {
                let bytes = u64::from(bits).div_ceil(8);
                let mut known = false;
                for (at, class) in facts.cells.value(v) {
                    if at < offset || at >= offset + bytes {
                        continue;
                    }
                    match class {
                        Class::Float(_) | Class::IntOrFloat(_) | Class::PtrOrFloat => {
                            let kind = class.float().expect("these hold floats");
                            out.push(Leaf {
                                offset: at,
                                ty: float_type(facts.context(), kind),
                            });
                            known = true;
                        }
                        Class::Int | Class::Ptr => known = true,
                        Class::Unknown => {}
                        Class::Piece(_) | Class::Conflict => {
                            return Err(unknown(
                                facts,
                                v,
                                "is read both as a float and as something else",
                            ));
                        }
                    }
                }
                if !known && facts.act.is_active(v) {
                    return Err(unknown(
                        facts,
                        v,
                        "is moved as an integer, and nothing says what it is",
                    ));
                }
            }
            TyKind::Int { .. } => {
                // Bytes inside of something larger.
                let mut classes = facts.cells.value(v);
                match classes.find(|(at, _)| *at == offset).map(|(_, c)| c) {
                    Some(c) if c.may_be_float() && facts.act.is_active(v) => {
                        return Err(unknown(facts, v, "is moved in pieces smaller than a float"));
                    }
                    Some(_) | None => {}
                }
            }
            TyKind::Ptr
            | TyKind::Void
            | TyKind::Vector { .. }
            | TyKind::Array { .. }
            | TyKind::Struct { .. }
            | TyKind::Other => {}
        }
    }
    Ok(out)
}

fn unknown(facts: &Facts, v: ValueId, what: &str) -> Refusal {
    facts
        .refuse(
            v,
            Code::UnknownType,
            format!("data that takes part in the derivative {what}"),
        )
        .why("a float, a pointer and a number are differentiated differently")
        .help("read or write the memory through a typed reference in the differentiated function")
}
