//! Inline assembly whose meaning is known.
//!
//! None at all: `asm volatile("" : "+x"(v))` keeps the optimiser from seeing through `v` (Eigen's arithmetic and every
//! benchmark library have it). Its outputs are its inputs, so values take its place. Or one arithmetic instruction of SSE
//! on two operands, as Eigen writes its minimum and maximum, or a square root.

use crate::llvm::{Builder, FloatPredicate, Function, Opcode, TypeKind, Value};

/// What one operand of an assembly is bound to.
enum Constraint {
    /// Written: by value (part of the call's result), or through a pointer that is an argument.
    Output { through_pointer: bool },
    /// An argument that stands where an output does.
    Tied(usize),
    /// An argument whose memory is read.
    Memory,
    /// Any other argument.
    Input,
}

/// Replaces such assemblies by instructions.
pub fn spell_out(f: Function) {
    for i in f.instructions() {
        if !i.is_op(Opcode::Call) || !i.is_inline_asm_call() || i.arg_count() == 0 {
            continue;
        }
        let Some((text, constraints)) = i.callee().inline_asm() else {
            continue;
        };
        let Some(constraints) = parse(&constraints) else {
            continue;
        };
        if is_empty(&text) {
            pass_through(i, &constraints);
        } else if let Some(result) =
            arithmetic(i, &text, &constraints).or_else(|| square_root(i, &text, &constraints))
        {
            i.replace_all_uses_with(result);
            i.erase_from_parent();
        }
    }
}

/// `sqrtsd place, place`, as Rust's `libm` writes it.
fn square_root(call: Value, text: &str, constraints: &[Constraint]) -> Option<Value> {
    let [
        Constraint::Output {
            through_pointer: false,
        },
        Constraint::Tied(0),
    ] = constraints
    else {
        return None;
    };
    let (name, operands) = text.trim().split_once(char::is_whitespace)?;
    // rustc names the register by its class.
    let operands: String = operands.split_whitespace().collect();
    let operands = operands.replace("${0:x}", "$0");
    let ty = call.ty();
    let fits = matches!(
        (name, ty.kind()),
        ("sqrtss", TypeKind::Float) | ("sqrtsd", TypeKind::Double)
    );
    if !fits || operands != "$0,$0" || call.arg(0).ty() != ty {
        return None;
    }
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    Some(b.intrinsic("llvm.sqrt", &[ty], &[call.arg(0)]))
}

/// `op source, place`, where the place is the only output.
fn arithmetic(call: Value, text: &str, constraints: &[Constraint]) -> Option<Value> {
    let [
        Constraint::Output {
            through_pointer: false,
        },
        Constraint::Input,
        Constraint::Tied(0),
    ] = constraints
    else {
        return None;
    };
    let (name, operands) = text.trim().split_once(char::is_whitespace)?;
    let operands: String = operands.split_whitespace().collect();
    let (source, place) = (call.arg(0), call.arg(1));
    let ty = call.ty();
    if operands != "$1,$0" || source.ty() != ty || place.ty() != ty {
        return None;
    }
    let (op, form) = name.split_at_checked(3)?;
    let fits = match (form, ty.scalar().kind()) {
        ("ps", TypeKind::Float) | ("pd", TypeKind::Double) => ty.is_vector(),
        ("ss", TypeKind::Float) | ("sd", TypeKind::Double) => !ty.is_vector(),
        _ => false,
    };
    if !fits {
        return None;
    }
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    let pick = |p: FloatPredicate| b.select(b.fcmp(p, place, source), place, source);
    Some(match op {
        "add" => b.binary(Opcode::FAdd, place, source),
        "sub" => b.binary(Opcode::FSub, place, source),
        "mul" => b.binary(Opcode::FMul, place, source),
        "div" => b.binary(Opcode::FDiv, place, source),
        "min" => pick(FloatPredicate::Olt),
        "max" => pick(FloatPredicate::Ogt),
        _ => return None,
    })
}

fn is_empty(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .all(|line| line.is_empty() || line.starts_with('#'))
}

fn parse(constraints: &str) -> Option<Vec<Constraint>> {
    let mut out = Vec::new();
    for one in constraints.split(',') {
        if one.is_empty() || one.starts_with('~') {
            continue;
        }
        // A label to jump to.
        if one.starts_with('!') {
            return None;
        }
        out.push(if let Some(rest) = one.strip_prefix('=') {
            let rest = rest.strip_prefix('&').unwrap_or(rest);
            Constraint::Output {
                through_pointer: rest.starts_with('*'),
            }
        } else if let Ok(n) = one.parse() {
            Constraint::Tied(n)
        } else if one.starts_with('*') {
            Constraint::Memory
        } else {
            Constraint::Input
        });
    }
    Some(out)
}

/// What an output gets.
enum Source {
    Value(Value),
    /// Its own memory, as it is.
    Itself,
}

/// Gives each output of an assembly without instructions what comes in at its place; if something is left undefined, the
/// call stays.
fn pass_through(call: Value, constraints: &[Constraint]) -> Option<()> {
    let mut args = call.args().into_iter();
    // The pointers of outputs are passed in their places.
    let mut outputs: Vec<(Option<Value>, Option<Source>)> = Vec::new();
    for constraint in constraints {
        match constraint {
            Constraint::Output { through_pointer } => {
                let place = match through_pointer {
                    true => Some(args.next()?),
                    false => None,
                };
                outputs.push((place, None));
            }
            Constraint::Tied(n) => {
                outputs.get_mut(*n)?.1 = Some(Source::Value(args.next()?));
            }
            Constraint::Memory => {
                let place = args.next()?;
                for (to, source) in &mut outputs {
                    if *to == Some(place) {
                        *source = Some(Source::Itself);
                    }
                }
            }
            Constraint::Input => {
                args.next()?;
            }
        }
    }
    let results = outputs.iter().filter(|(place, _)| place.is_none()).count();
    let b = Builder::before(call);
    let mut result = (!call.ty().is_void()).then(|| call.ty().poison());
    let mut stores = Vec::new();
    let mut number = 0;
    for (place, source) in outputs {
        match (place, source?) {
            (Some(_), Source::Itself) => {}
            (Some(place), Source::Value(value)) => stores.push((place, value)),
            (None, Source::Value(value)) if results == 1 => {
                let value = fenced(&b, value);
                result = (value.ty() == call.ty()).then_some(value);
                result?;
            }
            (None, Source::Value(value)) => {
                if b.extract_value(result?, number).ty() != value.ty() {
                    return None;
                }
                result = Some(b.insert_value(result?, fenced(&b, value), number));
                number += 1;
            }
            (None, Source::Itself) => return None,
        }
    }
    for (place, value) in stores {
        b.store(fenced(&b, value), place, 1, false);
    }
    if let Some(result) = result {
        call.replace_all_uses_with(result);
    }
    call.erase_from_parent();
    Some(())
}

/// Under `-ffast-math` the barrier is there to keep sums from being put together.
fn fenced(b: &Builder, value: Value) -> Value {
    match value.ty().scalar().is_float() {
        true => b.intrinsic("llvm.arithmetic.fence", &[value.ty()], &[value]),
        false => value,
    }
}

#[cfg(test)]
mod tests {
    use super::is_empty;

    #[test]
    fn comments_are_no_instructions() {
        assert!(is_empty(""));
        assert!(is_empty("  # nothing\n\t"));
        assert!(!is_empty("nop"));
        assert!(!is_empty("# one\nmov %eax, %ebx"));
    }
}
