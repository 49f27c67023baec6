//! Writes the LLVM IR that the harness appends to a tested module: for each `diff:` line a function that
//! calls the primal and, unless only the primal is wanted, one for each derivative mode.
//!
//! All of them have the shape `void (ptr primal, ptr shadow)` over arrays of eight-byte slots: one for each
//! argument, then one for each scalar of the result. Reverse wrappers name the markers by address, forward
//! wrappers load them as C does, so that both spellings are always tested.

use std::fmt::Write as _;

use super::header::{Diff, Header};
use super::layout::{ArgKind, Scalar};

/// The three functions of a `diff:` line, in the order of the table that `driver.c` indexes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Primal,
    Reverse,
    Forward,
}

impl Mode {
    /// Index into `enzyme_rs_runs`.
    pub fn table_index(self, diff: usize) -> u64 {
        let mode = match self {
            Mode::Primal => 0,
            Mode::Reverse => 1,
            Mode::Forward => 2,
        };
        3 * diff as u64 + mode
    }
}

/// The text to append to the module; `primal_only` leaves the derivative calls out.
pub fn wrappers(header: &Header, diffs: &[Diff], primal_only: bool) -> String {
    let mut ir = String::from("\n; ---- appended by the filetest harness ----\n");
    if !primal_only {
        for marker in [
            "enzyme_dup",
            "enzyme_dupnoneed",
            "enzyme_const",
            "enzyme_out",
            "enzyme_primal_return",
        ] {
            let _ = writeln!(ir, "@{marker} = external global i32");
        }
    }
    let mut table = Vec::new();
    for (index, diff) in diffs.iter().enumerate() {
        primal(&mut ir, index, diff);
        table.push(format!("ptr @enzyme_rs_primal_{index}"));
        let wanted = [
            (header.reverse, Mode::Reverse, "reverse"),
            (header.forward, Mode::Forward, "forward"),
        ];
        for (on, mode, name) in wanted {
            if on && !primal_only {
                derivative(&mut ir, index, diff, mode, header.primal_return);
                table.push(format!("ptr @enzyme_rs_{name}_{index}"));
            } else {
                table.push("ptr null".to_owned());
            }
        }
    }
    let _ = writeln!(
        ir,
        "@enzyme_rs_runs = constant [{} x ptr] [{}]",
        table.len(),
        table.join(", ")
    );
    ir
}

/// The type of a result made of these scalars.
fn result_type(scalars: &[Scalar]) -> String {
    match scalars {
        [] => "void".to_owned(),
        [one] => one.to_string(),
        many => {
            let list: Vec<String> = many.iter().map(Scalar::to_string).collect();
            format!("{{ {} }}", list.join(", "))
        }
    }
}

/// Loads slot `slot` of `base` into `%name`.
fn load_slot(ir: &mut String, name: &str, base: &str, slot: usize, ty: Scalar) {
    let _ = writeln!(
        ir,
        "  %{name}.at = getelementptr i8, ptr %{base}, i64 {}\n  %{name} = load {ty}, ptr %{name}.at",
        8 * slot
    );
}

/// Stores the parts of a result value into consecutive slots of `base`.
fn store_result(
    ir: &mut String,
    value: &str,
    scalars: &[Scalar],
    base: &str,
    first_slot: usize,
    path: &[usize],
) {
    let whole = path.is_empty();
    for (index, scalar) in scalars.iter().enumerate() {
        let slot = first_slot + index;
        let mut part = value.to_owned();
        let mut full: Vec<usize> = path.to_vec();
        if scalars.len() > 1 {
            full.push(index);
        }
        if !(whole && scalars.len() == 1) {
            // The aggregate's type is spelt by the caller in front of the value's name.
            part = format!("%part.{base}.{slot}");
            let indices: Vec<String> = full.iter().map(usize::to_string).collect();
            let _ = writeln!(
                ir,
                "  {part} = extractvalue {value}, {}",
                indices.join(", ")
            );
        }
        let _ = writeln!(
            ir,
            "  %to.{base}.{slot} = getelementptr i8, ptr %{base}, i64 {}\n  store {scalar} {part}, ptr %to.{base}.{slot}",
            8 * slot
        );
    }
}

/// The slot type of an argument; hidden buffers have a slot but are not passed.
fn slot_type(diff: &Diff, index: usize) -> Option<Scalar> {
    match &diff.args[index].kind {
        ArgKind::Active { scalar, .. } | ArgKind::Constant { scalar, .. } => Some(*scalar),
        ArgKind::Buffer(buffer) if buffer.hidden => None,
        ArgKind::Buffer(_) | ArgKind::Alias(_) => Some(Scalar::Ptr),
    }
}

fn primal(ir: &mut String, index: usize, diff: &Diff) {
    let _ = writeln!(
        ir,
        "define void @enzyme_rs_primal_{index}(ptr %s, ptr %d) noinline {{"
    );
    let mut operands = Vec::new();
    for slot in 0..diff.args.len() {
        if let Some(ty) = slot_type(diff, slot) {
            load_slot(ir, &format!("a{slot}"), "s", slot, ty);
            operands.push(format!("{ty} %a{slot}"));
        }
    }
    let ty = result_type(&diff.ret);
    let call = format!("call {ty} @{}({})", diff.function, operands.join(", "));
    if diff.ret.is_empty() {
        let _ = writeln!(ir, "  {call}");
    } else {
        let _ = writeln!(ir, "  %r = {call}");
        let value = if diff.ret.len() == 1 {
            "%r".to_owned()
        } else {
            format!("{ty} %r")
        };
        store_result(ir, &value, &diff.ret, "s", diff.args.len(), &[]);
    }
    ir.push_str("  ret void\n}\n");
}

fn derivative(ir: &mut String, index: usize, diff: &Diff, mode: Mode, primal_return: bool) {
    let (name, entry) = match mode {
        Mode::Reverse => ("reverse", "__enzyme_autodiff"),
        Mode::Forward => ("forward", "__enzyme_fwddiff"),
        Mode::Primal => unreachable!("the primal has a wrapper of its own"),
    };
    let _ = writeln!(
        ir,
        "define void @enzyme_rs_{name}_{index}(ptr %s, ptr %d) noinline {{"
    );
    let mut operands = vec![format!("ptr @{}", diff.function)];
    let mut markers = 0;
    let mut marker = |ir: &mut String, operands: &mut Vec<String>, which: &str| {
        if mode == Mode::Reverse {
            operands.push(format!("ptr @{which}"));
        } else {
            let _ = writeln!(ir, "  %m{markers} = load i32, ptr @{which}");
            operands.push(format!("i32 %m{markers}"));
            markers += 1;
        }
    };
    if primal_return {
        marker(ir, &mut operands, "enzyme_primal_return");
    }
    // Where the derivatives of by-value arguments go, in argument order.
    let mut outs: Vec<(usize, Scalar)> = Vec::new();
    for (slot, arg) in diff.args.iter().enumerate() {
        let Some(ty) = slot_type(diff, slot) else {
            continue;
        };
        load_slot(ir, &format!("a{slot}"), "s", slot, ty);
        let target = match &arg.kind {
            ArgKind::Alias(target) => &diff.args[*target].kind,
            kind => kind,
        };
        let which = match target {
            ArgKind::Active { .. } if mode == Mode::Reverse => {
                outs.push((slot, ty));
                "enzyme_out"
            }
            ArgKind::Active { .. } => "enzyme_dup",
            ArgKind::Buffer(buffer) if buffer.no_need => "enzyme_dupnoneed",
            ArgKind::Buffer(buffer) if buffer.active => "enzyme_dup",
            _ => "enzyme_const",
        };
        marker(ir, &mut operands, which);
        operands.push(format!("{ty} %a{slot}"));
        if which.starts_with("enzyme_dup") {
            load_slot(ir, &format!("d{slot}"), "d", slot, ty);
            operands.push(format!("{ty} %d{slot}"));
        }
    }
    // The result: the primal first when asked for, then each out or the tangent.
    let result_slot = diff.args.len();
    let mut fields: Vec<(String, Vec<Scalar>, &str, usize)> = Vec::new();
    let has_float = diff.ret.iter().any(|s| s.is_float());
    if primal_return && !diff.ret.is_empty() {
        fields.push((result_type(&diff.ret), diff.ret.clone(), "s", result_slot));
    }
    if mode == Mode::Reverse {
        for (slot, ty) in outs {
            fields.push((ty.to_string(), vec![ty], "d", slot));
        }
    } else if has_float {
        fields.push((result_type(&diff.ret), diff.ret.clone(), "d", result_slot));
    }
    let ty = match fields.as_slice() {
        [] => "void".to_owned(),
        [one] => one.0.clone(),
        many => {
            let list: Vec<&str> = many.iter().map(|f| f.0.as_str()).collect();
            format!("{{ {} }}", list.join(", "))
        }
    };
    let call = format!(
        "call {ty} (ptr, ...) @{entry}_{index}({})",
        operands.join(", ")
    );
    if fields.is_empty() {
        let _ = writeln!(ir, "  {call}");
    } else {
        let _ = writeln!(ir, "  %r = {call}");
    }
    let several = fields.len() > 1;
    for (position, (field_type, scalars, base, slot)) in fields.iter().enumerate() {
        if several {
            store_result(ir, &format!("{ty} %r"), scalars, base, *slot, &[position]);
        } else if scalars.len() == 1 {
            store_result(ir, "%r", scalars, base, *slot, &[]);
        } else {
            store_result(ir, &format!("{field_type} %r"), scalars, base, *slot, &[]);
        }
    }
    let _ = writeln!(
        ir,
        "  ret void\n}}\ndeclare {ty} @{entry}_{index}(ptr, ...)"
    );
}
