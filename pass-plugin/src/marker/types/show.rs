//! Trees as people read them: Enzyme's notation, `{[0]:Pointer, [0,0%8]:Float@double}`, where `%n` says that a place is
//! found again every `n` bytes, and `…` that not all bytes are known.

use std::fmt;

use super::Record;
use crate::analysis::cells::{Class, TypeTree};
use crate::ir::FloatKind;

impl fmt::Display for TypeTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut entries = Vec::new();
        collect(self, "", &mut entries);
        write!(f, "{{{}}}", entries.join(", "))
    }
}

fn collect(tree: &TypeTree, way: &str, entries: &mut Vec<String>) {
    for (at, class, inner) in &tree.cells {
        let step = match tree.step {
            0 => String::new(),
            step => format!("%{step}"),
        };
        let here = format!("{way}{at}{step}");
        entries.push(format!("[{here}]:{}", name(*class)));
        if let Some(inner) = inner {
            collect(inner, &format!("{here},"), entries);
        }
    }
    if !tree.complete {
        entries.push(format!("[{way}…]:Unknown"));
    }
}

fn name(class: Class) -> String {
    let float = |kind| match kind {
        FloatKind::Half => "Float@half",
        FloatKind::BFloat => "Float@bf16",
        FloatKind::F32 => "Float@float",
        FloatKind::F64 => "Float@double",
        FloatKind::X86Fp80 => "Float@fp80",
        FloatKind::Fp128 => "Float@fp128",
        FloatKind::PpcFp128 => "Float@ppc128",
    };
    match class {
        Class::Unknown => "Unknown".to_owned(),
        Class::Int => "Integer".to_owned(),
        Class::Ptr => "Pointer".to_owned(),
        Class::Float(kind) | Class::Piece(kind) => float(kind).to_owned(),
        Class::IntOrFloat(kind) => format!("Integer|{}", float(kind)),
        Class::PtrOrFloat => "Pointer|Float@double".to_owned(),
        Class::Conflict => "Anything".to_owned(),
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "types told of `{}` ({}:{}):",
            self.function, self.file, self.line
        )?;
        for (name, tree) in self.names.iter().zip(&self.trees) {
            match tree {
                Some(tree) => write!(f, "\n  {name}: {tree}")?,
                None => write!(f, "\n  {name}: not told")?,
            }
        }
        Ok(())
    }
}
