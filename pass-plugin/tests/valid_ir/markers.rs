//! Callers of the markers, for a function of any signature.

use std::fmt::Write as _;

use super::module::Head;

/// In which ways a function is differentiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Reverse,
    Forward,
    ReverseWide,
    ForwardWide,
    Split,
}

pub const MODES: [Mode; 5] = [
    Mode::Reverse,
    Mode::Forward,
    Mode::Split,
    Mode::ReverseWide,
    Mode::ForwardWide,
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Activity {
    Float,
    Pointer,
    Constant,
}

fn activity(ty: &str) -> Activity {
    let scalar = ty
        .rsplit(' ')
        .next()
        .unwrap_or_default()
        .trim_end_matches('>');
    match scalar {
        "half" | "bfloat" | "float" | "double" | "x86_fp80" | "fp128" | "ppc_fp128"
            if !ty.starts_with(['{', '[']) =>
        {
            Activity::Float
        }
        "ptr" if ty == "ptr" => Activity::Pointer,
        _ => Activity::Constant,
    }
}

/// The text of a function that calls the markers of that mode for the function; it takes all that they need.
pub fn caller(head: &Head, mode: Mode) -> String {
    let lanes = match mode {
        Mode::ReverseWide | Mode::ForwardWide => 2,
        Mode::Reverse | Mode::Forward | Mode::Split => 1,
    };
    let forward = matches!(mode, Mode::Forward | Mode::ForwardWide);
    let (mut parameters, mut arguments, mut outs) = (Vec::new(), String::new(), Vec::new());
    if lanes > 1 {
        arguments.push_str(", ptr @enzyme_width, i32 2");
    }
    for (index, parameter) in head.parameters.iter().enumerate() {
        let ty = &parameter.ty;
        let activity = activity(ty);
        let shadows = match activity {
            Activity::Float if !forward => 0,
            Activity::Float | Activity::Pointer => lanes,
            Activity::Constant => 0,
        };
        let marker = match (activity, shadows) {
            (Activity::Constant, _) => "enzyme_const",
            (_, 0) => "enzyme_out",
            _ => "enzyme_dup",
        };
        let _ = write!(arguments, ", ptr @{marker}, {ty} %a{index}");
        parameters.push(format!("{ty} %a{index}"));
        for lane in 0..shadows {
            let _ = write!(arguments, ", {ty} %s{index}.{lane}");
            parameters.push(format!("{ty} %s{index}.{lane}"));
        }
        if marker == "enzyme_out" {
            outs.push(match lanes {
                1 => ty.clone(),
                _ => format!("[{lanes} x {ty}]"),
            });
        }
    }
    let float_result = activity(&head.result) == Activity::Float;
    let result = match (forward, outs.len()) {
        (true, _) if float_result && lanes > 1 => format!("[{lanes} x {}]", head.result),
        (true, _) if float_result => head.result.clone(),
        (true, _) | (false, 0) => "void".to_owned(),
        (false, 1) => outs.swap_remove(0),
        (false, _) => format!("{{ {} }}", outs.join(", ")),
    };
    if !float_result && head.result != "void" {
        arguments.push_str(", ptr @enzyme_const_return");
    }
    let f = &head.name;
    let mut ir = String::new();
    for marker in ["dup", "const", "out", "width", "const_return", "noret"] {
        let _ = writeln!(ir, "@enzyme_{marker} = external global i32");
    }
    let _ = writeln!(
        ir,
        "define void @enzyme_rs_caller({}) {{",
        parameters.join(", ")
    );
    let call = |name: &str, result: &str, more: &str| {
        let value = if result == "void" { "" } else { "%r = " };
        format!("  {value}call {result} (...) @__enzyme_{name}(ptr @{f}{arguments}{more})\n")
    };
    match mode {
        Mode::Split => {
            let tape = call("augmentfwd", "ptr", ", ptr @enzyme_noret");
            ir.push_str(&tape.replace("%r", "%tape"));
            let seed = match float_result {
                true => format!(", {} {}", head.result, zero(&head.result)),
                false => String::new(),
            };
            ir.push_str(&call("reverse", &result, &format!("{seed}, ptr %tape")));
            ir.push_str("  ret void\n}\ndeclare ptr @__enzyme_augmentfwd(...)\n");
            let _ = writeln!(ir, "declare {result} @__enzyme_reverse(...)");
        }
        Mode::Reverse | Mode::ReverseWide => {
            ir.push_str(&call("autodiff", &result, ""));
            let _ = writeln!(
                ir,
                "  ret void\n}}\ndeclare {result} @__enzyme_autodiff(...)"
            );
        }
        Mode::Forward | Mode::ForwardWide => {
            ir.push_str(&call("fwddiff", &result, ""));
            let _ = writeln!(
                ir,
                "  ret void\n}}\ndeclare {result} @__enzyme_fwddiff(...)"
            );
        }
    }
    ir
}

fn zero(ty: &str) -> &'static str {
    match ty {
        "float" | "double" | "half" | "bfloat" => "1.0",
        _ => "zeroinitializer",
    }
}
