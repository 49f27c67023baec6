//! The spellings of function names: one row of the table stands for a C function at every width and its aliases.

/// The float type that a function's name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatType {
    /// C's `float`.
    F32,
    /// C's `double`.
    F64,
    /// C's `long double`: x86's 80 bits, IEEE's 128 or plain double, by target.
    LongDouble,
    /// IEEE's 128 bits.
    F128,
}

/// The convention that a function's name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The C library, or compiler-rt.
    Libm,
    /// An LLVM intrinsic.
    Intrinsic,
    /// A function of our own runtime. It has a body, and the rule comes before the body.
    Runtime,
    /// A device library (`__nv_*`, `__ocml_*`): no C library is there to be called in derivatives.
    Device,
}

/// All names that `name`, a name without `llvm.` or `%`, stands for.
pub fn spellings(name: &'static str) -> Vec<(String, FloatType, Form)> {
    use FloatType::{F32, F64, F128, LongDouble};
    if let Some((before, after)) = name.split_once('?') {
        let letters = [("s", F32), ("d", F64), ("x", LongDouble), ("t", F128)];
        return letters
            .map(|(letter, float)| (format!("{before}{letter}{after}"), float, Form::Libm))
            .to_vec();
    }
    if name.starts_with("enzyme_rs.") {
        return [("f32", F32), ("f64", F64)]
            .map(|(ty, float)| (format!("{name}.{ty}"), float, Form::Runtime))
            .to_vec();
    }
    // The reentrant `lgamma_r` has its width before `_r`.
    let (stem, tail) = name
        .strip_suffix("_r")
        .map_or((name, ""), |stem| (stem, "_r"));
    let mut out = Vec::new();
    for (suffix, float) in [("", F64), ("f", F32), ("l", LongDouble), ("f128", F128)] {
        out.push((format!("{stem}{suffix}{tail}"), float, Form::Libm));
        // What glibc's headers used to make of `sin` under -ffinite-math-only; there was none for _Float128.
        if float != F128 {
            out.push((format!("__{stem}{suffix}{tail}_finite"), float, Form::Libm));
        }
    }
    // Flang's runtime has doubles as `__fd_sin_1` and floats as `__fs_sin_1`.
    out.push((format!("__fd_{name}_1"), F64, Form::Libm));
    out.push((format!("__fs_{name}_1"), F32, Form::Libm));
    for (spelling, float) in [
        (format!("__nv_{name}"), F64),
        (format!("__nv_{name}f"), F32),
        (format!("__ocml_{name}_f64"), F64),
        (format!("__ocml_{name}_f32"), F32),
    ] {
        out.push((spelling, float, Form::Device));
    }
    out
}
