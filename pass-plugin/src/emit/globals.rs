//! Shadows of a module's own mutable variables (`static double scratch[16]`): no argument of a derivative, and no result
//! of it, so what they hold before and after is nobody's derivative. Each gets a shadow beside it, which a marker call
//! clears before it starts. And scratch memory in the place of shadows of constants.

use rustc_hash::FxHashSet;

use super::leaves::float_type;
use super::{Facts, bulk, slot};
use crate::ir::ValueId;
use crate::llvm::{
    Block, Builder, Function, IntPredicate, Linkage, Module, Opcode, Type, TypeKind, Value,
    ValueKind,
};
use crate::registry;

const PREFIX: &str = "enzyme_rs.shadow.";
const RECORD: &str = "enzyme_rs.record.";

/// Whether a variable can have a shadow of our own: it is defined in this module, and no shadow itself.
pub fn may_have_shadow(global: Value) -> bool {
    let elsewhere = matches!(
        global.linkage(),
        Linkage::AvailableExternally | Linkage::ExternalWeak | Linkage::Appending
    );
    !elsewhere
        && !global.is_declaration()
        && !global.is_constant_global()
        && !global.name().starts_with(PREFIX)
        && !global.name().starts_with(RECORD)
        && !may_keep_memory(global)
}

/// Whether a variable that others can name may keep heap memory between derivatives (`std::vector<double> work;`): what one
/// derivative leaves in the shadow of that memory, the next would begin with.
fn may_keep_memory(global: Value) -> bool {
    !global.linkage().is_local()
        && holds_pointers(global.global_value_type())
        && global.initializer().is_none_or(Value::is_null)
}

fn holds_pointers(ty: Type) -> bool {
    match ty.kind() {
        TypeKind::Struct => (0..ty.member_count() as u32).any(|k| holds_pointers(ty.member(k))),
        TypeKind::Array(_) => holds_pointers(ty.member(0)),
        _ => ty.scalar().is_pointer(),
    }
}

/// Our shadow of a variable, which is made if there is none. Where the variable holds addresses from the start, its shadow
/// holds those of shadows.
fn own_shadow(module: Module, global: Value, lane: usize) -> Value {
    let name = format!("{PREFIX}{lane}.{}", global.name());
    if let Some(known) = module.global(&name) {
        return known;
    }
    let ty = global.global_value_type();
    let shadow = module.add_global(&name, ty);
    shadow.set_initializer(ty.const_null());
    shadow.set_linkage(Linkage::Internal);
    shadow.set_thread_local(global.is_thread_local());
    shadow.set_alignment(16);
    if let Some(initial) = global.initializer() {
        shadow.set_initializer(image(module, initial, lane));
    }
    shadow
}

/// Memory of the module for the tangents of a variable that has no derivative; `zero`: it is never written.
fn module_memory(module: Module, global: Value, zero: bool) -> Value {
    let name = format!("enzyme_rs.scratch.{}", global.name());
    let ty = global.global_value_type();
    // Constants may have no name.
    let alike = |g: &Value| g.name() == name && g.global_value_type() == ty;
    if let Some(known) = module.globals().into_iter().find(alike) {
        return known;
    }
    let scratch = module.add_global(&name, ty);
    scratch.set_initializer(ty.const_null());
    scratch.set_linkage(Linkage::Internal);
    scratch.set_constant_global(zero);
    scratch.set_alignment(16);
    scratch
}

/// The shadow of an initialiser.
fn image(module: Module, initial: Value, lane: usize) -> Value {
    let ty = initial.ty();
    if ty.is_pointer() {
        return shadow_address(module, initial, lane);
    }
    if ty.scalar().is_float() {
        return ty.const_null();
    }
    if !matches!(initial.kind(), ValueKind::ConstantAggregate(_)) || ty.is_vector() {
        // Numbers without an address among them.
        return match ty.kind() {
            TypeKind::Array(_) if holds_floats(ty) => ty.const_null(),
            _ => initial,
        };
    }
    of_members(initial, |member| image(module, member, lane))
}

/// A constant array or struct made of what becomes of another's members.
fn of_members(initial: Value, shadow: impl Fn(Value) -> Value) -> Value {
    let ty = initial.ty();
    let members: Option<Vec<Value>> = (0..ty.member_count() as u32)
        .map(|k| initial.aggregate_element(k).map(&shadow))
        .collect();
    match (members, ty.kind()) {
        (Some(members), TypeKind::Array(_)) => ty.member(0).const_array_of(&members),
        (Some(members), _) => ty.const_named_struct(&members),
        (None, _) => ty.const_null(),
    }
}

/// The shadow of an address in an initialiser.
fn shadow_address(module: Module, address: Value, lane: usize) -> Value {
    let (base, offset) = module.constant_base(address);
    if base.kind() != ValueKind::GlobalVariable || registry::is_inactive_global(base) {
        return address;
    }
    if let Some(given) = registry::shadow_global(base) {
        return module.constant_offset(given, offset);
    }
    let ty = base.global_value_type();
    // Text, tables of integers and of code are their own shadow.
    let plain = base.is_constant_global() && !holds_floats(ty) && !leads_on(module, base);
    if plain || base.name().starts_with(PREFIX) {
        return address;
    }
    if base.is_declaration() || base.is_thread_local() {
        // Memory of others: what would be added there must not come to the variable itself.
        return address.ty().const_null();
    }
    module.constant_offset(own_shadow(module, base, lane), offset)
}

fn holds_floats(ty: Type) -> bool {
    match ty.kind() {
        TypeKind::Struct => (0..ty.member_count() as u32).any(|k| holds_floats(ty.member(k))),
        TypeKind::Array(_) => holds_floats(ty.member(0)),
        _ => ty.scalar().is_float(),
    }
}

/// Whether a constant holds addresses of variables that have shadows of their own.
fn leads_on(module: Module, constant: Value) -> bool {
    let mut places = Vec::new();
    pointers(module, constant.global_value_type(), 0, &mut places);
    let found = crate::ir::variables::addresses(module, &[constant]);
    !places.is_empty() && found.contains_key(&constant.id())
}

/// The shadow of a variable: the user's, or our own. `None`: it has no derivative.
pub fn shadow(module: Module, global: Value, lane: usize) -> Option<Value> {
    if let Some(given) = registry::shadow_global(global) {
        return Some(given);
    }
    let varies = !global.is_constant_global() && !registry::is_inactive_global(global);
    varies.then(|| own_shadow(module, global, lane))
}

/// The shadow of a variable that needs no scratch memory. A variable without a shadow of its own is inactive where activity
/// is decided at run time, and then it is its own shadow.
pub fn of(facts: &Facts, global: ValueId, lane: usize) -> Option<Value> {
    let primal = facts.llvm(global);
    let inactive = facts.runtime_activity && facts.act.is_guarded(&facts.cells, global);
    if inactive && !may_have_shadow(primal) {
        return Some(primal);
    }
    shadow(facts.module, primal, lane)
}

/// Where the shadows of constants live.
#[derive(Clone, Copy, Debug)]
pub enum Room {
    /// In the function's frame: nothing that it makes is seen after it returns.
    Frame,
    /// On the tape: the reverse function finds pointers there.
    Tape { keep: Function, arena: Value },
    /// In the module: forward mode only reads them, and may return pointers to them.
    Module,
}

/// A constant that stands beside active memory (`select c, @table, %active`) gets a shadow of its own: its bytes, the
/// floats 0. What the reverse sweep adds there is nobody's.
pub fn scratch(facts: &Facts, start: Block, global: ValueId, room: Room) -> Value {
    let primal = facts.llvm(global);
    let ty = primal.global_value_type();
    let b = Builder::before(start.terminator().expect("start blocks end in a branch"));
    let bytes = facts.module.abi_size(ty);
    let length = b.context().i64_type().const_int(bytes);
    let layout = facts.cells.memory(global, Some(bytes), 1);
    if layout.any_ptr() && leads_to_constants(facts.module, primal) {
        let written = !matches!(room, Room::Module);
        return constant_shadow(facts.module, primal, written);
    }
    let shadow = match room {
        Room::Frame => slot(start, ty, "scratch"),
        Room::Tape { keep, arena } => b.call_function(keep, &[arena, length]),
        Room::Module if primal.is_constant_global() && !layout.any_ptr() => {
            return module_memory(facts.module, primal, true);
        }
        Room::Module => module_memory(facts.module, primal, false),
    };
    if layout.any_ptr() {
        b.memcpy(shadow, 1, primal, 1, length);
        for (offset, class) in &layout.cells {
            if let Some(kind) = class.float() {
                let zero = float_type(b.context(), kind).const_null();
                b.store(zero, bulk::at_offset(&b, shadow, *offset), 1, false);
            }
        }
    } else {
        b.memset(shadow, b.context().i8_type().const_int(0), length, 1);
    }
    shadow
}

/// Whether a constant's own initialiser holds addresses of other constants, which its shadow has to lead to the shadows of:
/// recursive values that were evaluated by the compiler.
fn leads_to_constants(module: Module, global: Value) -> bool {
    fn any(module: Module, c: Value) -> bool {
        if c.ty().is_pointer() {
            return constant_base(module, c).is_some();
        }
        matches!(c.kind(), ValueKind::ConstantAggregate(_))
            && (0..c.ty().member_count() as u32)
                .filter_map(|k| c.aggregate_element(k))
                .any(|member| any(module, member))
    }
    global.is_constant_global() && global.initializer().is_some_and(|i| any(module, i))
}

/// The constant variable that an address is in, and how far.
fn constant_base(module: Module, address: Value) -> Option<(Value, i64)> {
    let (base, offset) = module.constant_base(address);
    let constant = base.kind() == ValueKind::GlobalVariable
        && base.is_constant_global()
        && base.initializer().is_some();
    constant.then_some((base, offset))
}

/// The shadow of a constant that leads to others, in the module. Nothing but its addresses is in it, for what a compiler
/// evaluated are bytes that may be floats. What a reverse sweep adds there is nobody's; what forward mode reads is zero.
fn constant_shadow(module: Module, global: Value, written: bool) -> Value {
    let kind = if written { "sink" } else { "zero" };
    if global.name().is_empty() {
        global.set_name("enzyme_rs.constant");
    }
    let name = format!("enzyme_rs.{kind}.{}", global.name());
    if let Some(known) = module.global(&name) {
        return known;
    }
    let ty = global.global_value_type();
    let shadow = module.add_global(&name, ty);
    shadow.set_linkage(Linkage::Internal);
    shadow.set_alignment(16);
    // Constants may lead to themselves, so it is known before it is filled.
    shadow.set_initializer(ty.const_null());
    if let Some(initial) = global.initializer() {
        shadow.set_initializer(addresses(module, initial, written));
    }
    shadow
}

fn addresses(module: Module, c: Value, written: bool) -> Value {
    let ty = c.ty();
    if ty.is_pointer() {
        return match constant_base(module, c) {
            Some((base, offset)) => {
                module.constant_offset(constant_shadow(module, base, written), offset)
            }
            None => shadow_address(module, c, 0),
        };
    }
    if !matches!(c.kind(), ValueKind::ConstantAggregate(_)) || ty.is_vector() {
        return ty.const_null();
    }
    of_members(c, |member| addresses(module, member, written))
}

/// The places of pointers in a type.
fn pointers(module: Module, ty: Type, at: u64, out: &mut Vec<u64>) {
    if ty.is_pointer() {
        out.push(at);
        return;
    }
    if ty.is_vector() {
        return;
    }
    for k in 0..ty.member_count() as u32 {
        pointers(module, ty.member(k), at + module.member_offset(ty, k), out);
    }
}

/// Before a derivative is called that uses some of our own shadows: their floats are cleared. Returns what is to be done
/// when it is done: see [`Kept`].
pub fn clear(module: Module, b: &Builder, derivative: Function) -> Kept {
    let mut kept = Kept::default();
    let shadows: Vec<Value> = module
        .globals()
        .into_iter()
        .filter(|g| g.name().starts_with(PREFIX))
        .collect();
    if shadows.is_empty() {
        return kept;
    }
    let used = reached(derivative);
    // One that is used leads to others.
    let mut work: Vec<Value> = shadows
        .iter()
        .copied()
        .filter(|s| users_in(*s, &used, 0))
        .collect();
    let mut seen = FxHashSet::default();
    while let Some(shadow) = work.pop() {
        if !seen.insert(shadow) {
            continue;
        }
        if let Some(initial) = shadow.initializer() {
            mentioned(module, initial, &mut work);
        }
    }
    for shadow in shadows.into_iter().filter(|s| seen.contains(s)) {
        let ty = shadow.global_value_type();
        let mut places = Vec::new();
        pointers(module, ty, 0, &mut places);
        if places.is_empty() {
            clear_bytes(module, b, shadow, 0, module.abi_size(ty));
            continue;
        }
        let mut from = 0;
        for at in &places {
            clear_bytes(module, b, shadow, from, *at);
            from = at + u64::from(module.pointer_size());
        }
        clear_bytes(module, b, shadow, from, module.abi_size(ty));
        kept.check(module, b, shadow, &places);
    }
    kept
}

fn clear_bytes(module: Module, b: &Builder, shadow: Value, from: u64, to: u64) {
    if from < to {
        let c = module.context();
        let place = b.ptr_add_inbounds(shadow, c.i64_type().const_int(from));
        let bytes = c.i64_type().const_int(to - from);
        b.memset(place, c.i8_type().const_int(0), bytes, 1);
    }
}

/// Our own shadows that a constant names.
fn mentioned(module: Module, c: Value, out: &mut Vec<Value>) {
    if c.ty().is_pointer() {
        let (base, _) = module.constant_base(c);
        if base.kind() == ValueKind::GlobalVariable && base.name().starts_with(PREFIX) {
            out.push(base);
        }
    } else if matches!(c.kind(), ValueKind::ConstantAggregate(_)) {
        for k in 0..c.ty().member_count() as u32 {
            c.aggregate_element(k)
                .into_iter()
                .for_each(|member| mentioned(module, member, out));
        }
    }
}

/// Pointers in variables stay from one call of a derivative to the next (a work space that is made once), and so do
/// those in their shadows, as long as nobody else changes the variable. What a variable held when the last derivative
/// was done is on record; the shadow of another pointer than that is null, until the function sets it.
#[derive(Default)]
pub struct Kept {
    /// The variable, its record, and a pointer's place.
    pointers: Vec<(Value, Value, u64)>,
}

impl Kept {
    fn check(&mut self, module: Module, b: &Builder, shadow: Value, places: &[u64]) {
        let name = shadow.name();
        let Some((lane, primal)) = name[PREFIX.len()..].split_once('.') else {
            return;
        };
        let Some(global) = module.globals().into_iter().find(|g| g.name() == primal) else {
            return;
        };
        if global.is_constant_global() {
            return;
        }
        let record = record(module, global, lane);
        let c = module.context();
        let check = check_function(module, global);
        for at in places {
            let offset = c.i64_type().const_int(*at);
            let place = |base: Value| b.ptr_add_inbounds(base, offset);
            let args = [place(global), place(record), place(shadow)];
            b.call_function(check, &args);
            self.pointers.push((global, record, *at));
        }
    }

    /// Behind the call of the derivative.
    pub fn put_on_record(&self, b: &Builder) {
        for (global, record, at) in &self.pointers {
            let c = b.context();
            let offset = c.i64_type().const_int(*at);
            let now = b.load(c.ptr_type(), b.ptr_add_inbounds(*global, offset), 1, false);
            b.store(now, b.ptr_add_inbounds(*record, offset), 1, false);
        }
    }
}

fn record(module: Module, global: Value, lane: &str) -> Value {
    let name = format!("{RECORD}{lane}.{}", global.name());
    if let Some(known) = module.global(&name) {
        return known;
    }
    let ty = global.global_value_type();
    let record = module.add_global(&name, ty);
    let initial = global.initializer();
    record.set_initializer(initial.unwrap_or_else(|| ty.const_null()));
    record.set_linkage(Linkage::Internal);
    record.set_thread_local(global.is_thread_local());
    record
}

/// `(place of the pointer, its record, its shadow)`: a pointer that is not on record has no shadow until it is set anew.
fn check_function(module: Module, global: Value) -> Function {
    let name = format!("enzyme_rs.check.{}", global.name());
    if let Some(known) = module.function(&name) {
        return known;
    }
    let c = module.context();
    let ptr = c.ptr_type();
    let f = module.add_function(&name, c.void_type().function_type(&[ptr, ptr, ptr], false));
    f.set_linkage(Linkage::Internal);
    let params = f.params();
    let [entry, clear, done] = ["entry", "clear", "done"].map(|name| f.append_block(name));
    let b = Builder::at_end(entry);
    let now = b.load(ptr, params[0], 1, false);
    let recorded = b.load(ptr, params[1], 1, false);
    b.cond_br(b.icmp(IntPredicate::Eq, now, recorded), done, clear);
    let b = Builder::at_end(clear);
    b.store(ptr.const_null(), params[2], 1, false);
    b.br(done);
    Builder::at_end(done).ret_void();
    f
}

/// The functions that a function comes to call.
fn reached(f: Function) -> FxHashSet<Function> {
    let mut seen = FxHashSet::default();
    let mut work = vec![f];
    while let Some(g) = work.pop() {
        if !seen.insert(g) {
            continue;
        }
        for i in g.instructions() {
            if i.is_op(Opcode::Call) || i.is_op(Opcode::Invoke) {
                work.extend(i.called_function());
                work.extend(i.args().into_iter().filter_map(Value::as_function));
            }
        }
    }
    seen
}

fn users_in(v: Value, functions: &FxHashSet<Function>, depth: u32) -> bool {
    v.users().into_iter().any(|user| {
        if user.is_instruction() {
            return user
                .parent_function()
                .is_some_and(|f| functions.contains(&f));
        }
        matches!(user.kind(), ValueKind::ConstantExpr(_))
            && depth < 4
            && users_in(user, functions, depth + 1)
    })
}
