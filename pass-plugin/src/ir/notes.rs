//! What is said of memory beside the instructions that read and write it: hints that the user wrote, TBAA, and the types
//! of variables. Hints are believed; the rest is heard only of bytes of which nothing else is known.

use super::build::Builder;
use super::extents::{Extents, copied_extents, tbaa_extents, type_extents};
use super::{FloatKind, ValueId};
use crate::llvm::{self, AttrIndex, Function, Metadata, Module, Opcode, TypeKind, ValueKind};
use crate::prepare::declared::{self, View};
use enzyme_sys::Entry;

/// What a scalar is said to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Said {
    Int,
    Ptr,
    Float(FloatKind),
}

impl Said {
    pub fn bytes(self) -> u64 {
        match self {
            Said::Int => 4,
            Said::Ptr => 8,
            Said::Float(kind) => kind.bytes(),
        }
    }
}

/// Scalars at byte offsets, repeating every `step` bytes (0: not).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    pub step: u64,
    pub cells: Vec<(i64, Said)>,
    /// The arrays in it.
    pub extents: Extents,
}

impl Layout {
    fn of_cells(step: u64, cells: Vec<(i64, Said)>) -> Layout {
        Layout {
            step,
            cells,
            extents: Extents::default(),
        }
    }
}

/// What is said of the memory behind a pointer.
#[derive(Clone, Debug)]
pub struct Note {
    pub ptr: ValueId,
    pub layout: Layout,
    /// The user wrote it.
    pub hint: bool,
}

/// No note lists more scalars than these.
const MOST: usize = 256;

/// The scalars of a type that a front end gave to memory. Integers count only as fields of structs: a lone integer, or
/// an array of them, may be storage for anything; and a union's type is that of one of its members.
pub fn type_layout(module: Module, ty: llvm::Type) -> Layout {
    let mut out = Layout {
        extents: type_extents(module, ty),
        ..Layout::default()
    };
    let mut element = ty;
    while let TypeKind::Array(_) = element.kind() {
        element = element.element();
        out.step = module.abi_size(element);
    }
    scalars(module, element, 0, false, &mut out.cells);
    if out.cells.len() >= MOST {
        out.cells.clear();
        out.step = 0;
    }
    out
}

/// The scalars of a whole object: a variable, or one that is passed by value. What lies between its members is copied with
/// them, word by word, and is nothing.
fn object_layout(module: Module, ty: llvm::Type) -> Layout {
    let mut out = type_layout(module, ty);
    let mut element = ty;
    while let TypeKind::Array(_) = element.kind() {
        element = element.element();
    }
    if !out.cells.is_empty() {
        gaps(module, element, 0, &mut out.cells);
    }
    out
}

/// The words between the members of structs. (A base class whose last bytes are a derived one's has a type without them.)
fn gaps(module: Module, ty: llvm::Type, at: i64, out: &mut Vec<(i64, Said)>) {
    let word = Said::Int.bytes() as i64;
    let of_union = |name: &String| name.starts_with("union.");
    let struct_name = ty.struct_name().filter(|name| !of_union(name));
    if struct_name.is_none() || !ty.is_sized() {
        return;
    }
    let mut end = 0;
    let offset = |i: usize| module.field_offset(ty, i as u32) as i64;
    let gap = |from: i64, to: i64, out: &mut Vec<(i64, Said)>| {
        let words = (from + word - 1) / word..to / word;
        out.extend(words.map(|k| (at + k * word, Said::Int)));
    };
    for (i, field) in ty.fields().into_iter().enumerate() {
        if out.len() >= MOST {
            return;
        }
        gap(end, offset(i), out);
        gaps(module, field, at + offset(i), out);
        end = offset(i) + module.abi_size(field) as i64;
    }
    gap(end, module.abi_size(ty) as i64, out);
}

fn scalars(module: Module, ty: llvm::Type, at: i64, in_struct: bool, out: &mut Vec<(i64, Said)>) {
    if out.len() >= MOST {
        return;
    }
    if let Some(kind) = float_kind(ty) {
        out.push((at, Said::Float(kind)));
        return;
    }
    match ty.kind() {
        TypeKind::Pointer(_) => out.push((at, Said::Ptr)),
        TypeKind::Integer(bits) if in_struct => {
            let words = i64::from(bits.div_ceil(64));
            out.extend((0..words).map(|k| (at + 8 * k, Said::Int)));
        }
        TypeKind::Struct if ty.is_sized() => {
            if ty.struct_name().is_some_and(|n| n.starts_with("union.")) {
                return;
            }
            // One without a name is LLVM's own: what is left of a union, say, or what goes through two registers.
            let in_struct = in_struct || ty.struct_name().is_some();
            for (i, field) in ty.fields().into_iter().enumerate() {
                let inner = at + module.field_offset(ty, i as u32) as i64;
                scalars(module, field, inner, in_struct, out);
            }
        }
        TypeKind::Array(n) if n != 0 => {
            let element = ty.element();
            // Bytes in a struct are padding, or storage for anything.
            if element.int_width() == Some(8) {
                return;
            }
            let step = module.abi_size(element) as i64;
            for k in 0..n as i64 {
                scalars(module, element, at + k * step, in_struct, out);
                if out.len() >= MOST {
                    return;
                }
            }
        }
        TypeKind::Vector(n) => {
            let step = module.abi_size(ty.element()) as i64;
            for k in 0..i64::from(n) {
                scalars(module, ty.element(), at + k * step, in_struct, out);
            }
        }
        _ => {}
    }
}

fn float_kind(ty: llvm::Type) -> Option<FloatKind> {
    match ty.kind() {
        TypeKind::Half => Some(FloatKind::Half),
        TypeKind::BFloat => Some(FloatKind::BFloat),
        TypeKind::Float => Some(FloatKind::F32),
        TypeKind::Double => Some(FloatKind::F64),
        TypeKind::X86Fp80 => Some(FloatKind::X86Fp80),
        TypeKind::Fp128 => Some(FloatKind::Fp128),
        TypeKind::PpcFp128 => Some(FloatKind::PpcFp128),
        _ => None,
    }
}

impl Builder {
    /// All that is said of memory in a function.
    pub(super) fn notes(&mut self, f: Function, params: &[ValueId]) -> Vec<Note> {
        let mut out = Vec::new();
        for (i, param) in params.iter().enumerate() {
            for view in declared::of_param(f, i) {
                note(&mut out, *param, self.seen(view), false);
            }
            for name in ["byval", "byref", "sret"] {
                let said = f.attribute(AttrIndex::Param(i as u32), name);
                if let Some(ty) = said.and_then(|a| a.ty()) {
                    note(&mut out, *param, object_layout(self.module, ty), false);
                }
            }
        }
        for i in f.instructions() {
            for view in declared::of_instruction(i) {
                note(&mut out, self.ids[&i], self.seen(view), false);
            }
            match i.opcode() {
                Some(Opcode::Alloca) => {
                    let layout = object_layout(self.module, i.allocated_type());
                    note(&mut out, self.ids[&i], layout, false);
                }
                Some(Opcode::GetElementPtr) => {
                    let source = i.gep_source_type();
                    let mut layout = type_layout(self.module, source);
                    if !layout.cells.is_empty() && layout.step == 0 {
                        layout.step = self.module.abi_size(source);
                    }
                    if layout.extents.period == 0 {
                        layout.extents.period = self.module.abi_size(source);
                    }
                    if let Some(base) = self.ids.get(&i.operand(0)) {
                        note(&mut out, *base, layout, false);
                    }
                }
                Some(Opcode::Load) => self.tbaa(i, i.operand(0), i.ty(), &mut out),
                Some(Opcode::Store) => self.tbaa(i, i.operand(1), i.operand(0).ty(), &mut out),
                Some(Opcode::Call | Opcode::Invoke) => self.said_by_call(i, &mut out),
                _ => {}
            }
        }
        for k in 0..self.llvm.len() {
            let v = self.llvm[k];
            if v.kind() == ValueKind::GlobalVariable {
                let layout = type_layout(self.module, v.global_value_type());
                note(&mut out, ValueId::new(k), layout, false);
            }
        }
        out
    }

    /// A view of memory that prepare wrote down, from the pointer that it is of.
    fn seen(&self, view: View) -> Layout {
        let mut layout = type_layout(self.module, view.ty);
        if view.repeated {
            let size = self.module.abi_size(view.ty);
            if layout.step == 0 {
                layout.step = size;
            }
            if layout.extents.period == 0 {
                layout.extents.period = size;
            }
        }
        layout.extents.start += view.start;
        for (at, _) in &mut layout.cells {
            *at += view.start;
        }
        layout
    }

    fn said_by_call(&self, call: llvm::Value, out: &mut Vec<Note>) {
        if let Some(hint) = hint_of(call) {
            let Some(ptr) = self.ids.get(&call.arg(0)) else {
                return;
            };
            note(out, *ptr, hint, true);
        } else if let Some(fields) = call.metadata("tbaa.struct") {
            let layout = struct_copy(&fields.operands());
            for i in 0..2 {
                if let Some(ptr) = self.ids.get(&call.arg(i)) {
                    note(out, *ptr, layout.clone(), false);
                }
            }
        }
    }

    fn tbaa(&self, inst: llvm::Value, ptr: llvm::Value, ty: llvm::Type, out: &mut Vec<Note>) {
        let (Some(tag), Some(ptr)) = (inst.metadata("tbaa"), self.ids.get(&ptr)) else {
            return;
        };
        let operands = tag.operands();
        let [Some(base), Some(access), Some(offset), ..] = operands[..] else {
            return;
        };
        let mut cells = Vec::new();
        let mut extents = Extents::default();
        if base != access {
            fields(base, 0, 0, &mut cells);
            extents.all = tbaa_extents(base, scalar, 6);
            let shift = constant(offset);
            for (at, _) in &mut cells {
                *at -= shift;
            }
            extents.start = -shift;
        } else if let Some(said) = scalar(access).filter(|_| ty.is_integer()) {
            cells.push((0, said));
        }
        let layout = Layout {
            step: 0,
            cells,
            extents,
        };
        note(out, *ptr, layout, false);
    }
}

fn note(out: &mut Vec<Note>, ptr: ValueId, layout: Layout, hint: bool) {
    if !layout.cells.is_empty() || !layout.extents.is_empty() {
        out.push(Note { ptr, layout, hint });
    }
}

/// What a call of `__enzyme_float` and its kin says.
pub fn hint_of(call: llvm::Value) -> Option<Layout> {
    let said = match Entry::from_name(&call.called_function()?.name())? {
        Entry::Float => Said::Float(FloatKind::F32),
        Entry::Double => Said::Float(FloatKind::F64),
        Entry::Integer => Said::Int,
        Entry::Pointer => Said::Ptr,
        _ => return None,
    };
    let size = said.bytes();
    let given = (call.arg_count() > 1).then(|| call.arg(1));
    let bytes = given.and_then(|n| n.const_i64()).unwrap_or(0);
    let n = bytes as u64 / size;
    if bytes < 0 || n as usize > MOST {
        let cells = vec![(0, said)];
        return Some(Layout::of_cells(size, cells));
    }
    let cells = (0..n.max(1)).map(|k| ((k * size) as i64, said));
    Some(Layout::of_cells(0, cells.collect()))
}

fn constant(m: Metadata) -> i64 {
    m.as_constant().and_then(|c| c.const_i64()).unwrap_or(0)
}

pub(super) fn name(node: Metadata) -> Option<String> {
    node.operands().first().copied().flatten()?.as_string()
}

/// What a scalar type of clang's TBAA is.
pub(super) fn scalar(node: Metadata) -> Option<Said> {
    let name = name(node)?;
    let pointer = name.strip_prefix('p').is_some_and(|rest| {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        digits.len() < rest.len() && digits.starts_with(' ')
    });
    match name.as_str() {
        "double" => Some(Said::Float(FloatKind::F64)),
        "float" => Some(Said::Float(FloatKind::F32)),
        "_Float16" | "__fp16" => Some(Said::Float(FloatKind::Half)),
        "__bf16" => Some(Said::Float(FloatKind::BFloat)),
        "int" | "long" | "long long" | "short" | "bool" => Some(Said::Int),
        "any pointer" | "vtable pointer" => Some(Said::Ptr),
        _ if pointer => Some(Said::Ptr),
        _ => None,
    }
}

/// The fields of a struct type of TBAA, which are `(type, offset)` pairs behind its name. An array is there as one
/// element: it goes on up to the next field.
fn fields(node: Metadata, at: i64, depth: u32, out: &mut Vec<(i64, Said)>) {
    if let Some(said) = scalar(node) {
        out.push((at, said));
        return;
    }
    let operands = node.operands();
    if depth > 6 || operands.len() < 3 {
        return;
    }
    for pair in operands[1..].chunks(2) {
        let [Some(field), Some(offset)] = pair else {
            continue;
        };
        let first = out.len();
        let here = at + constant(*offset);
        // What came before goes on up to here if it is an array of floats.
        if let Some((last, said @ Said::Float(_))) = out.last().copied() {
            let size = said.bytes() as i64;
            let more = (here - last) / size - 1;
            out.extend((1..=more.clamp(0, 64)).map(|k| (last + k * size, said)));
        }
        if out.len() < MOST && first < MOST {
            fields(*field, here, depth + 1, out);
        }
    }
}

/// `!tbaa.struct`: `(offset, size, tag)` triples.
fn struct_copy(operands: &[Option<Metadata>]) -> Layout {
    let mut cells = Vec::new();
    let mut members = Vec::new();
    for triple in operands.chunks(3) {
        let [Some(offset), Some(size), Some(tag)] = triple else {
            continue;
        };
        let access = tag.operands().get(1).copied().flatten();
        let said = access.and_then(scalar);
        members.push((constant(*offset), constant(*size) as u64, said));
        let Some(said) = said else {
            continue;
        };
        let (at, step) = (constant(*offset), said.bytes() as i64);
        let n = (constant(*size) / step).clamp(1, MOST as i64);
        cells.extend((0..n).map(|k| (at + k * step, said)));
    }
    let all = copied_extents(&members);
    Layout {
        step: 0,
        cells,
        extents: Extents {
            all,
            ..Extents::default()
        },
    }
}
