//! Keeps what typed address computations say of the memory behind a pointer.
//!
//! Without optimisation there is no TBAA: the struct types of `getelementptr` are all that tells which bytes are an array
//! and which are fields beside it, and LLVM's combiner turns them into byte offsets. So they are written down before it
//! runs, as metadata of what the address is computed from: of an instruction or, for a parameter, of the function. What
//! metadata is lost when instructions are merged is evidence lost, never wrong.

use rustc_hash::FxHashMap;

use crate::llvm::{Function, Metadata, Module, Opcode, Type, TypeKind, Value};

const KIND: &str = "enzyme_rs.declared";

/// No pointer has more views of its memory than these.
const MOST: usize = 8;

/// A struct, or an array of structs, that begins `start` bytes from a pointer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct View {
    pub ty: Type,
    pub start: i64,
    /// Others of its kind lie before it or behind it.
    pub repeated: bool,
}

/// Writes down what the address computations of `f` say.
pub fn keep(f: Function) {
    let module = f.module();
    let params = f.params();
    let known = |root: Value| match params.iter().position(|p| *p == root) {
        Some(i) => of_param(f, i),
        None => of_instruction(root),
    };
    let mut found: FxHashMap<Value, Vec<View>> = FxHashMap::default();
    for i in f.instructions() {
        if !i.is_gep() || !matches!(i.ty().kind(), TypeKind::Pointer(_)) {
            continue;
        }
        let ty = i.gep_source_type();
        let (root, start) = root_of(i.operand(0), module);
        // What a variable is, on the stack or in the module, its own type tells.
        let untold = root.is_argument() || root.is_instruction() && !root.is_op(Opcode::Alloca);
        if !untold || !holds_structs(ty) {
            continue;
        }
        let view = View {
            ty,
            start,
            repeated: i.operand(1).const_i64() != Some(0),
        };
        let views = found.entry(root).or_insert_with(|| known(root));
        if views.len() < MOST && !views.contains(&view) {
            views.push(view);
        }
    }
    let mut of_params = Vec::new();
    for (i, param) in params.iter().enumerate() {
        let views = found.remove(param).unwrap_or_else(|| of_param(f, i));
        of_params.extend(views.into_iter().map(|view| (i as i64, view)));
    }
    write(f.as_value(), &of_params);
    for (root, views) in found {
        let numbered: Vec<_> = views.into_iter().map(|view| (0, view)).collect();
        write(root, &numbered);
    }
}

/// What is written down of the memory behind parameter `index`.
pub fn of_param(f: Function, index: usize) -> Vec<View> {
    let mut all = read(f.as_value());
    all.retain(|(param, _)| *param == index as i64);
    all.into_iter().map(|(_, view)| view).collect()
}

/// What is written down of the memory behind an instruction's result.
pub fn of_instruction(i: Value) -> Vec<View> {
    read(i).into_iter().map(|(_, view)| view).collect()
}

/// Removes all of it from a copy, whose parameters are others.
pub fn forget(copy: Function) {
    copy.as_value().set_metadata(KIND, None);
    for i in copy.instructions() {
        if matches!(i.ty().kind(), TypeKind::Pointer(_)) {
            i.set_metadata(KIND, None);
        }
    }
}

fn holds_structs(mut ty: Type) -> bool {
    while let TypeKind::Array(_) = ty.kind() {
        ty = ty.element();
    }
    matches!(ty.kind(), TypeKind::Struct) && ty.is_sized()
}

/// The value that constants were added to, and their sum.
fn root_of(mut address: Value, module: Module) -> (Value, i64) {
    let mut start = 0;
    while let Some(parts) = address.gep_decompose(module)
        && parts.terms.is_empty()
    {
        start += parts.offset;
        address = parts.base;
    }
    (address, start)
}

fn write(at: Value, views: &[(i64, View)]) {
    if views.is_empty() {
        return;
    }
    let context = at.context();
    let number = |n: i64| Metadata::constant(context.const_i64(n));
    let operands: Vec<Metadata> = views
        .iter()
        .flat_map(|(index, view)| {
            [
                number(*index),
                Metadata::constant(view.ty.poison()),
                number(view.start),
                number(i64::from(view.repeated)),
            ]
        })
        .collect();
    at.set_metadata(KIND, Some(Metadata::node(context, &operands)));
}

fn read(at: Value) -> Vec<(i64, View)> {
    let Some(node) = at.metadata(KIND) else {
        return Vec::new();
    };
    let constants: Vec<Value> = node
        .operands()
        .into_iter()
        .filter_map(|m| m?.as_constant())
        .collect();
    let number = |v: Value| v.const_i64().unwrap_or(0);
    let views = constants.chunks_exact(4).map(|c| {
        let view = View {
            ty: c[1].ty(),
            start: number(c[2]),
            repeated: number(c[3]) != 0,
        };
        (number(c[0]), view)
    });
    views.collect()
}
