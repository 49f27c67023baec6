//! The policy for points where the derivative does not exist, as `table.rs` states it.

use super::super::{Expr, FloatOp, lookup_function, lookup_op};
use super::{Numbers, Value, call, eval_times};

/// The partial of a function with respect to argument `i`, times 1, at a point.
fn at(name: &str, i: usize, args: &[f64]) -> f64 {
    times(name, i, args, 1.0)
}

fn times(name: &str, i: usize, args: &[f64], d: f64) -> f64 {
    let rule = lookup_function(name)
        .unwrap_or_else(|| panic!("{name}"))
        .rule;
    let (params, results) = call(rule, args);
    eval_times(rule.partial(i), d, &params, &results)
}

#[test]
fn roots_at_zero_give_zero_even_times_infinity() {
    for (name, args) in [
        ("sqrt", &[0.0][..]),
        ("sqrt", &[-0.0]),
        ("cbrt", &[0.0]),
        ("hypot", &[0.0, 0.0]),
        ("pow", &[0.0, 0.5]),
    ] {
        for d in [1.0, f64::INFINITY, f64::NAN] {
            assert_eq!(times(name, 0, args, d), 0.0, "{name} {d}");
        }
    }
    assert_eq!(at("hypot", 1, &[0.0, 0.0]), 0.0);
    assert!(at("sqrt", 0, &[f64::NAN]).is_nan());
    assert!(at("sqrt", 0, &[-1.0]).is_nan());
    assert_eq!(at("atan2", 0, &[0.0, 0.0]), 0.0);
    assert_eq!(at("atan2", 1, &[0.0, 0.0]), 0.0);
    assert_eq!(at("sinc", 0, &[0.0]), 0.0);
    assert_eq!(at("j1", 0, &[0.0]), 0.5);
}

#[test]
fn poles_give_infinity() {
    assert_eq!(at("log", 0, &[0.0]), f64::INFINITY);
    assert_eq!(at("asin", 0, &[1.0]), f64::INFINITY);
    assert_eq!(at("acos", 0, &[1.0]), f64::NEG_INFINITY);
    assert_eq!(at("pow", 0, &[0.0, -1.0]), f64::NEG_INFINITY);
    assert_eq!(at("pow", 0, &[-0.0, -1.0]), f64::NEG_INFINITY);
}

#[test]
fn powers_at_zero_and_of_negative_numbers() {
    assert_eq!(at("pow", 0, &[0.0, 1.0]), 1.0);
    assert_eq!(at("pow", 0, &[0.0, 2.0]), 0.0);
    assert_eq!(at("pow", 0, &[0.0, 0.0]), 0.0);
    assert_eq!(at("pow", 0, &[f64::INFINITY, 0.0]), 0.0);
    assert_eq!(at("pow", 0, &[f64::NAN, 0.0]), 0.0);
    assert_eq!(at("pow", 0, &[-2.0, 3.0]), 12.0);
    assert_eq!(at("pow", 1, &[0.0, 2.0]), 0.0);
    assert_eq!(at("pow", 1, &[0.0, 0.0]), 0.0);
    assert!(at("pow", 1, &[-2.0, 3.0]).is_nan());
    assert_eq!(at("powi", 0, &[0.0, 0.0]), 0.0);
    assert_eq!(at("powi", 0, &[0.0, 1.0]), 1.0);
    assert_eq!(at("powi", 0, &[0.0, 2.0]), 0.0);
    assert_eq!(at("powi", 0, &[f64::INFINITY, 0.0]), 0.0);
}

#[test]
fn ties_and_nan_of_minimum_and_maximum() {
    for name in [
        "fmin",
        "llvm.minnum.f64",
        "llvm.minimumnum.f64",
        "llvm.minimum.f64",
    ] {
        assert_eq!(
            (at(name, 0, &[2.0, 2.0]), at(name, 1, &[2.0, 2.0])),
            (0.0, 1.0),
            "{name}"
        );
    }
    for name in [
        "fmax",
        "llvm.maxnum.f64",
        "llvm.maximumnum.f64",
        "llvm.maximum.f64",
    ] {
        assert_eq!(
            (at(name, 0, &[2.0, 2.0]), at(name, 1, &[2.0, 2.0])),
            (1.0, 0.0),
            "{name}"
        );
    }
    // The result is the operand that is a number, and it gets the derivative.
    for name in [
        "fmin",
        "fmax",
        "llvm.minnum.f64",
        "llvm.maxnum.f64",
        "llvm.minimumnum.f64",
        "llvm.maximumnum.f64",
    ] {
        let nan = f64::NAN;
        assert_eq!(
            (at(name, 0, &[2.0, nan]), at(name, 1, &[2.0, nan])),
            (1.0, 0.0),
            "{name}"
        );
        assert_eq!(
            (at(name, 0, &[nan, 2.0]), at(name, 1, &[nan, 2.0])),
            (0.0, 1.0),
            "{name}"
        );
    }
    assert_eq!(
        (at("fdim", 0, &[2.0, 2.0]), at("fdim", 1, &[2.0, 2.0])),
        (1.0, -1.0)
    );
}

#[test]
fn signs() {
    assert_eq!((at("fabs", 0, &[0.0]), at("fabs", 0, &[-0.0])), (1.0, 1.0));
    assert_eq!(
        (
            at("copysign", 0, &[0.0, -3.0]),
            at("copysign", 0, &[-0.0, -3.0])
        ),
        (-1.0, 1.0)
    );
    assert_eq!(at("copysign", 1, &[2.0, -3.0]), 0.0);
}

#[test]
fn quotients_of_remainders_are_those_that_the_primal_used() {
    assert_eq!(at("fmod", 1, &[7.5, 2.0]), -3.0);
    assert_eq!(at("fmod", 1, &[-7.5, 2.0]), 3.0);
    // 1/0.1 rounds to 10, but 0.1 fits only nine times.
    assert_eq!(at("fmod", 1, &[1.0, 0.1]), -9.0);
    assert_eq!(at("fmod", 1, &[1.0, f64::INFINITY]), 0.0);
    // A tie goes to the even quotient: 5 = 2·2 + 1, 7 = 4·2 - 1.
    assert_eq!(at("remainder", 1, &[5.0, 2.0]), -2.0);
    assert_eq!(at("remainder", 1, &[7.0, 2.0]), -4.0);
    let rem = lookup_op(FloatOp::Rem);
    let (params, results) = call(rem, &[7.5, 2.0]);
    assert_eq!(eval_times(rem.partial(1), 1.0, &params, &results), -3.0);
}

#[test]
fn both_partials_of_a_quotient_divide_by_the_same() {
    let div = lookup_op(FloatOp::Div);
    let (params, results) = call(div, &[3.0, 2.0]);
    for i in 0..2 {
        let mut numbers = Numbers::default();
        div.partial(i)
            .eval_times(&Value::Float(5.0), &params, &results, &mut numbers);
        assert_eq!(numbers.divisions, 1);
    }
    // -r (d/y), with d/y shared by both.
    assert_eq!(
        eval_times(div.partial(1), 5.0, &params, &results),
        -1.5 * 2.5
    );
}

#[test]
fn formulas_in_the_result_call_nothing() {
    for name in [
        "exp", "exp2", "exp10", "expm1", "tanh", "tan", "sqrt", "cbrt", "hypot", "rsqrt",
    ] {
        let mut called = Vec::new();
        let rule = lookup_function(name).unwrap().rule;
        rule.partial(0).callees(&mut called);
        assert!(called.is_empty(), "{name} calls {called:?}");
        assert!(rule.partial(0).needs().result(0), "{name}");
    }
    assert!(matches!(lookup_op(FloatOp::Mul).partial(0), Expr::Param(1)));
}
