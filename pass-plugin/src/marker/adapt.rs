//! Values in the types that a calling convention gives them: C's promotions, structs in registers, structs in memory.

use crate::llvm::{Builder, Module, Opcode, Type, TypeKind, Value};

/// `v` as a value of type `to`: the same number where C promoted or converted one, else the same bytes. `None`: it does
/// not fit.
pub fn convert(b: &Builder, module: Module, v: Value, to: Type) -> Option<Value> {
    let from = v.ty();
    if from == to {
        return Some(v);
    }
    if from.is_float() && to.is_float() {
        let op = match module.size_in_bits(from) > module.size_in_bits(to) {
            true => Opcode::FPTrunc,
            false => Opcode::FPExt,
        };
        return (module.size_in_bits(from) != module.size_in_bits(to))
            .then(|| b.cast(op, v, to))
            .or_else(|| same_bytes(b, module, v, to));
    }
    if let (Some(a), Some(w)) = (from.int_width(), to.int_width()) {
        return Some(match a.cmp(&w) {
            std::cmp::Ordering::Greater => b.cast(Opcode::Trunc, v, to),
            std::cmp::Ordering::Less => b.cast(Opcode::SExt, v, to),
            std::cmp::Ordering::Equal => v,
        });
    }
    if from.is_pointer() && to.is_pointer() {
        return Some(b.cast(Opcode::AddrSpaceCast, v, to));
    }
    let mut flat = Vec::new();
    flatten(b, v, &mut flat);
    if let Some(built) = assemble(b, to, &flat) {
        return Some(built);
    }
    same_bytes(b, module, v, to)
}

/// The bytes of `v` read as another type of the same size.
fn same_bytes(b: &Builder, module: Module, v: Value, to: Type) -> Option<Value> {
    if !v.ty().is_sized() || !to.is_sized() || module.store_size(v.ty()) != module.store_size(to) {
        return None;
    }
    let place = b.entry_alloca(v.ty(), "bytes");
    b.store(v, place, 1, false);
    Some(b.load(to, place, 1, false))
}

/// Several values as one of type `to`: their scalars in order if they fit, else their bytes, laid out as C lays out a
/// struct of them, where there is room. `None`: they do not fit.
pub fn collect(b: &Builder, module: Module, values: &[Value], to: Type) -> Option<Value> {
    let mut flat = Vec::new();
    for v in values {
        flatten(b, *v, &mut flat);
    }
    if let Some(built) = assemble(b, to, &flat) {
        return Some(built);
    }
    let fields: Vec<Type> = values.iter().map(|v| v.ty()).collect();
    if !through_memory(module, &fields, to) {
        return None;
    }
    let c = b.context();
    let natural = c.struct_type(&fields, false);
    let bytes = module.abi_size(to).max(module.abi_size(natural));
    let place = b.entry_alloca(c.i64_type().array_of(bytes.div_ceil(8)), "result");
    scatter(b, module, values, place);
    Some(b.load(to, place, 1, false))
}

/// Stores values at `place` as the fields of a struct.
pub fn scatter(b: &Builder, module: Module, values: &[Value], place: Value) {
    let fields: Vec<Type> = values.iter().map(|v| v.ty()).collect();
    let natural = b.context().struct_type(&fields, false);
    for (i, v) in values.iter().enumerate() {
        let offset = module.field_offset(natural, i as u32);
        let at = crate::emit::bulk::at_offset(b, place, offset);
        b.store(*v, at, 1, false);
    }
}

/// Whether [`collect`] can make a `to` of values of these types.
pub fn fits(module: Module, values: &[Type], to: Type) -> bool {
    let mut have = Vec::new();
    values.iter().for_each(|t| scalars(*t, &mut have));
    let mut want = Vec::new();
    scalars(to, &mut want);
    have == want || through_memory(module, values, to)
}

fn through_memory(module: Module, values: &[Type], to: Type) -> bool {
    if values.is_empty() || !to.is_sized() || !values.iter().all(|t| t.is_sized()) {
        return false;
    }
    let context = to.context();
    let natural = context.struct_type(values, false);
    let last = values.len() as u32 - 1;
    let used = module.field_offset(natural, last) + module.store_size(values[last as usize]);
    // A number of another format is not the same number.
    let lone = values.len() == 1 && values[0].is_float() && to.is_float();
    !lone && used <= module.abi_size(to)
}

fn scalars(ty: Type, out: &mut Vec<Type>) {
    if ty.is_aggregate() {
        (0..ty.member_count() as u32).for_each(|i| scalars(ty.member(i), out));
    } else {
        out.push(ty);
    }
}

fn flatten(b: &Builder, v: Value, out: &mut Vec<Value>) {
    if v.ty().is_aggregate() {
        for i in 0..v.ty().member_count() as u32 {
            flatten(b, b.extract_value(v, i), out);
        }
    } else {
        out.push(v);
    }
}

/// A value of type `ty` out of exactly these scalars.
fn assemble(b: &Builder, ty: Type, flat: &[Value]) -> Option<Value> {
    let mut want = Vec::new();
    scalars(ty, &mut want);
    let matching = want.len() == flat.len() && want.iter().zip(flat).all(|(t, v)| *t == v.ty());
    matching.then(|| fill(b, ty, &mut flat.iter().copied()))
}

fn fill(b: &Builder, ty: Type, from: &mut impl Iterator<Item = Value>) -> Value {
    if !ty.is_aggregate() {
        return from.next().expect("as many values as scalars");
    }
    let mut out = ty.poison();
    for i in 0..ty.member_count() as u32 {
        let field = fill(b, ty.member(i), from);
        out = b.insert_value(out, field, i);
    }
    out
}

/// 1 in every float of a type: the seed of a result.
pub fn ones(ty: Type) -> Value {
    if ty.scalar().is_float() {
        return ty.const_f64(1.0);
    }
    if ty.is_aggregate() {
        let fields: Vec<Value> = (0..ty.member_count() as u32)
            .map(|i| ones(ty.member(i)))
            .collect();
        return match ty.kind() {
            TypeKind::Array(_) => ty.element().const_array_of(&fields),
            _ if ty.struct_name().is_some() => ty.const_named_struct(&fields),
            _ => ty.context().const_struct(&fields, ty.is_packed_struct()),
        };
    }
    ty.const_null()
}
