//! The scalars of an initialiser: registrations are arrays or structs of addresses, numbers and strings.

use super::string;
use crate::llvm::{Function, TypeKind, Value, ValueKind};

/// One scalar of an initialiser.
#[derive(Clone, Debug, PartialEq)]
pub enum Leaf {
    Function(Function),
    Text(String),
    Variable(Value),
    Number(i64),
    Other(Value),
}

/// The scalars of a constant, in order, seen through casts.
pub fn leaves(constant: Value) -> Vec<Leaf> {
    let mut out = Vec::new();
    collect(constant, &mut out);
    out
}

/// Registrations are short: past this many, an initialiser is something else.
const MOST: usize = 4096;

fn collect(constant: Value, out: &mut Vec<Leaf>) {
    if out.len() >= MOST {
        return;
    }
    match constant.ty().kind() {
        TypeKind::Struct | TypeKind::Array(_) => {
            for i in 0..constant.ty().member_count().min(MOST as u64) as u32 {
                if let Some(member) = constant.aggregate_element(i) {
                    collect(member, out);
                }
            }
        }
        _ => out.push(leaf(constant)),
    }
}

fn leaf(constant: Value) -> Leaf {
    if constant.is_null() {
        return Leaf::Number(0);
    }
    if let Some(text) = string(constant) {
        return Leaf::Text(text);
    }
    let at = constant.strip_constant_casts();
    if let Some(f) = at.as_function() {
        return Leaf::Function(f);
    }
    if let Some(n) = at.const_i64() {
        return Leaf::Number(n);
    }
    match at.kind() {
        ValueKind::GlobalVariable => Leaf::Variable(at),
        _ => Leaf::Other(at),
    }
}

/// For messages.
pub fn describe(leaf: &Leaf) -> String {
    match leaf {
        Leaf::Function(f) => format!("the function `{}`", crate::diag::demangle(&f.name())),
        Leaf::Text(text) => format!("the text \"{text}\""),
        Leaf::Variable(v) => format!("the variable `{}`", crate::diag::demangle(&v.name())),
        Leaf::Number(n) => format!("the number {n}"),
        Leaf::Other(v) => format!("`{v}`"),
    }
}
