//! Names, places of results, needs, and what the reader of the table refuses.

use super::super::{
    CALLEES, FloatOp, FloatType, Form, LAST, Lowering, ParamKind, Place, RUNTIME_IR,
    inactive_function, lookup_function, lookup_op, parse, rows, table,
};

#[test]
fn one_row_serves_all_widths_and_aliases() {
    let id = lookup_function("sin").unwrap().rule.id();
    let forms = [
        ("sin", Some(FloatType::F64), Form::Libm),
        ("sinf", Some(FloatType::F32), Form::Libm),
        ("sinl", Some(FloatType::LongDouble), Form::Libm),
        ("sinf128", Some(FloatType::F128), Form::Libm),
        ("__sin_finite", Some(FloatType::F64), Form::Libm),
        ("__sinf_finite", Some(FloatType::F32), Form::Libm),
        ("__fd_sin_1", Some(FloatType::F64), Form::Libm),
        ("__nv_sinf", Some(FloatType::F32), Form::Device),
        ("__ocml_sin_f64", Some(FloatType::F64), Form::Device),
        ("llvm.sin.f64", None, Form::Intrinsic),
        ("llvm.sin.v4f32", None, Form::Intrinsic),
    ];
    for (name, float, form) in forms {
        let found = lookup_function(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(
            (found.rule.id(), found.float, found.form),
            (id, float, form),
            "{name}"
        );
    }
    let narrow = |name| lookup_function(name).unwrap().float;
    assert_eq!(narrow("lgammaf_r"), Some(FloatType::F32));
    assert_eq!(narrow("__powisf2"), Some(FloatType::F32));
    assert_eq!(narrow("j0f"), Some(FloatType::F32));
    assert_eq!(narrow("enzyme_rs.digamma.f32"), Some(FloatType::F32));
}

#[test]
fn unknown_names_have_no_rule() {
    // `fadd` is C23's narrowing addition, not the instruction; `llvm.abs` is of integers.
    for name in [
        "",
        "sinner",
        "my_sin",
        "fadd",
        "%fadd",
        "llvm.",
        "llvm.abs.i64",
        "llvm.vector.reduce.fadd.v4f64",
    ] {
        assert!(lookup_function(name).is_none(), "{name}");
    }
    assert!(lookup_function("llvm.vp.sqrt.v4f64").is_none());
    assert!(lookup_function("sqrtff").is_none());
}

#[test]
fn every_function_that_rust_calls_has_a_rule() {
    let functions = "llvm.sqrt llvm.fabs llvm.sin llvm.cos llvm.exp llvm.exp2 llvm.log llvm.log2 llvm.log10 llvm.pow \
        llvm.powi llvm.fma llvm.fmuladd llvm.copysign llvm.minnum llvm.maxnum llvm.minimum llvm.maximum \
        llvm.minimumnum llvm.maximumnum llvm.tan llvm.asin llvm.acos llvm.atan llvm.atan2 llvm.sinh llvm.cosh \
        llvm.tanh llvm.exp10 llvm.ldexp llvm.frexp llvm.modf llvm.sincos llvm.sincospi llvm.canonicalize \
        llvm.arithmetic.fence \
        tan asin acos atan atan2 sinh cosh tanh cbrt hypot expm1 log1p fdim fmod tgamma lgamma lgamma_r erf erfc \
        tanf asinf acosf atanf atan2f sinhf coshf tanhf cbrtf hypotf expm1f log1pf fdimf fmodf tgammaf lgammaf_r erff \
        erfcf ldexp scalbn frexp modf fma pow exp";
    for name in functions.split_whitespace() {
        let name = if name.starts_with("llvm.") {
            format!("{name}.f64")
        } else {
            name.into()
        };
        assert!(lookup_function(&name).is_some(), "{name}");
    }
}

#[test]
fn places_of_results() {
    let places = |name: &str, count: usize| -> Vec<Place> {
        let found = lookup_function(name).unwrap();
        (0..count).map(|k| found.place(k)).collect()
    };
    assert_eq!(places("sin", 1), [Place::Return]);
    assert_eq!(places("sincos", 2), [Place::Pointer(1), Place::Pointer(2)]);
    assert_eq!(
        places("llvm.sincos.f64", 2),
        [Place::Field(0), Place::Field(1)]
    );
    assert_eq!(places("modff", 2), [Place::Return, Place::Pointer(1)]);
    assert_eq!(places("remquo", 2), [Place::Return, Place::Pointer(2)]);
    assert_eq!(places("lgamma_r", 2), [Place::Return, Place::Pointer(1)]);
    assert_eq!(
        places("llvm.frexp.f64.i32", 2),
        [Place::Field(0), Place::Field(1)]
    );
    assert_eq!(places("__muldc3", 2), [Place::Field(0), Place::Field(1)]);
    assert_eq!(lookup_function("sincos").unwrap().arity(), 3);
    assert_eq!(lookup_function("llvm.sincos.f64").unwrap().arity(), 1);
    assert_eq!(lookup_function("pow").unwrap().arity(), 2);
}

#[test]
fn needs_of_the_adjoint() {
    let params = |op| lookup_op(op).needs(|_| true).params().collect::<Vec<_>>();
    assert!(lookup_op(FloatOp::Add).needs(|_| true).is_empty());
    assert_eq!(params(FloatOp::Mul), [0, 1]);
    // Only the factor is needed when one operand is active.
    assert_eq!(
        lookup_op(FloatOp::Mul)
            .needs(|i| i == 0)
            .params()
            .collect::<Vec<_>>(),
        [1]
    );
    let div = lookup_op(FloatOp::Div);
    assert!(!div.needs(|i| i == 0).result(0) && div.needs(|i| i == 1).result(0));
    assert_eq!(div.needs(|_| true).params().collect::<Vec<_>>(), [1]);
    let constants = [FloatOp::Sub, FloatOp::Neg].map(lookup_op);
    assert_eq!(constants[0].is_linear_constant(0), Some(1.0));
    assert_eq!(constants[0].is_linear_constant(1), Some(-1.0));
    assert_eq!(constants[1].is_linear_constant(0), Some(-1.0));
    assert_eq!(lookup_op(FloatOp::Mul).is_linear_constant(0), None);
    let sincos = lookup_function("sincos").unwrap().rule;
    assert_eq!(sincos.needs(|_| true).results().collect::<Vec<_>>(), [0, 1]);
    assert!(sincos.needs(|_| true).params().next().is_none());
    assert_eq!(
        lookup_function("pow").unwrap().rule.params(),
        [ParamKind::Float, ParamKind::Float]
    );
    assert_eq!(
        lookup_function("jn").unwrap().rule.params(),
        [ParamKind::Int, ParamKind::Float]
    );
}

#[test]
fn rows_are_numbered_in_order() {
    for (at, (id, name)) in rows().enumerate() {
        assert_eq!(at, id);
        assert_eq!(table().rules[id].name(), name);
    }
}

#[test]
fn derivatives_can_be_differentiated_again() {
    let mut called = Vec::new();
    table()
        .rules
        .iter()
        .flat_map(|r| &r.partials)
        .flatten()
        .for_each(|p| p.callees(&mut called));
    for callee in CALLEES {
        assert!(called.contains(&callee), "no rule calls {}", callee.name);
        let symbol = match callee.lowering {
            Lowering::Intrinsic => format!("llvm.{}.f64", callee.name),
            Lowering::Libm => callee.name.into(),
            Lowering::Runtime => format!("enzyme_rs.{}.f64", callee.name),
        };
        if callee.lowering == Lowering::Runtime {
            assert!(
                RUNTIME_IR.contains(&format!("@{symbol}(double %x)")),
                "{symbol} is not in the runtime"
            );
        }
        let known =
            lookup_function(&symbol).is_some() || inactive_function(&symbol, None).is_some();
        assert_eq!(known, callee.name != LAST, "{symbol}");
    }
}

#[test]
fn malformed_rows_are_refused() {
    let wrong = [
        ("f(x) = y", "unknown name"),
        ("f(x) = nosuch(x)", "not in `CALLEES`"),
        ("f(x, y) = 1", "expected `,`"),
        ("f(x) = 1, 2", "after the last partial"),
        ("f(x, x) = 1, 1", "declared twice"),
        ("f(x, n: int) = n", "not a Float"),
        ("f(x, n: int) = x*n", "not a Int"),
        ("f(x, n: int) = powi(x, 2)", "no width"),
        ("f(x) = cos(x", "expected `)`"),
        ("f(x) = if(x, 1, 2)", "expected a comparison"),
        ("f(x) = x @ x", "stray"),
        ("f(x: bool) = 1", "unknown kind"),
        ("f(x) -> (r: out, q) = 1 | 1", "come last"),
    ];
    for (text, why) in wrong {
        let error = parse::section(text, 0).expect_err(text);
        assert!(error.contains(why), "{text}: {error}");
    }
}
