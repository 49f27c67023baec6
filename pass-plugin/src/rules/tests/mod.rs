//! Checks of the table: every partial of every row against differences of the function itself, and the policy for
//! points without a derivative.

mod complex;
mod edges;
mod functions;
mod lookup;
mod runtime;

use super::expr::{Arith, Binary, Expr, Predicate};
use super::{Callee, ParamKind, Rule, flip_sign, table};

/// A value of the interpreter of formulas.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    Float(f64),
    Int(i64),
    Bool(bool),
}

impl Value {
    fn float(self) -> f64 {
        match self {
            Value::Float(x) => x,
            other => panic!("{other:?} is not a float"),
        }
    }

    fn int(self) -> i64 {
        match self {
            Value::Int(n) => n,
            other => panic!("{other:?} is not an integer"),
        }
    }

    fn bool(self) -> bool {
        match self {
            Value::Bool(b) => b,
            other => panic!("{other:?} is not a boolean"),
        }
    }
}

/// Evaluates formulas on numbers, and counts the calls and divisions that it was asked for.
#[derive(Default)]
struct Numbers {
    divisions: usize,
    calls: Vec<&'static str>,
}

fn holds<T: PartialOrd>(predicate: Predicate, a: T, b: T) -> bool {
    match predicate {
        Predicate::Eq => a == b,
        Predicate::Ne => a != b,
        Predicate::Lt => a < b,
        Predicate::Le => a <= b,
        Predicate::Gt => a > b,
        Predicate::Ge => a >= b,
    }
}

impl Arith for Numbers {
    type V = Value;
    fn constant(&mut self, value: f64) -> Value {
        Value::Float(value)
    }
    fn add(&mut self, a: &Value, b: &Value) -> Value {
        Value::Float(a.float() + b.float())
    }
    fn sub(&mut self, a: &Value, b: &Value) -> Value {
        Value::Float(a.float() - b.float())
    }
    fn mul(&mut self, a: &Value, b: &Value) -> Value {
        Value::Float(a.float() * b.float())
    }
    fn div(&mut self, a: &Value, b: &Value) -> Value {
        self.divisions += 1;
        Value::Float(a.float() / b.float())
    }
    fn neg(&mut self, a: &Value) -> Value {
        Value::Float(-a.float())
    }
    fn call(&mut self, callee: &'static Callee, args: &[Value]) -> Value {
        self.calls.push(callee.name);
        let args: Vec<f64> = args
            .iter()
            .map(|v| {
                if let Value::Int(n) = v {
                    *n as f64
                } else {
                    v.float()
                }
            })
            .collect();
        Value::Float(functions::results(callee.name, &args)[0])
    }
    fn compare(&mut self, predicate: Predicate, a: &Value, b: &Value) -> Value {
        Value::Bool(holds(predicate, a.float(), b.float()))
    }
    fn and(&mut self, a: &Value, b: &Value) -> Value {
        Value::Bool(a.bool() && b.bool())
    }
    fn or(&mut self, a: &Value, b: &Value) -> Value {
        Value::Bool(a.bool() || b.bool())
    }
    fn select(&mut self, condition: &Value, a: &Value, b: &Value) -> Value {
        Value::Float(if condition.bool() {
            a.float()
        } else {
            b.float()
        })
    }
    fn int_constant(&mut self, value: i64, like: &Value) -> Value {
        like.int();
        Value::Int(value)
    }
    fn int_binary(&mut self, op: Binary, a: &Value, b: &Value) -> Value {
        let (a, b) = (a.int(), b.int());
        Value::Int(match op {
            Binary::Add => a.wrapping_add(b),
            Binary::Sub => a.wrapping_sub(b),
            Binary::Mul => a.wrapping_mul(b),
            Binary::Div => panic!("an integer division"),
        })
    }
    fn int_compare(&mut self, predicate: Predicate, a: &Value, b: &Value) -> Value {
        Value::Bool(holds(predicate, a.int(), b.int()))
    }
    fn int_to_float(&mut self, a: &Value) -> Value {
        Value::Float(a.int() as f64)
    }
}

fn values(kinds: impl Iterator<Item = ParamKind>, numbers: &[f64]) -> Vec<Value> {
    let value = |(kind, &x)| {
        if kind == ParamKind::Int {
            Value::Int(x as i64)
        } else {
            Value::Float(x)
        }
    };
    kinds.zip(numbers).map(value).collect()
}

/// Arguments and results of a call of the rule's function, for its formulas.
fn call(rule: &Rule, args: &[f64]) -> (Vec<Value>, Vec<Value>) {
    let results = functions::results(rule.name(), args);
    assert_eq!(args.len(), rule.params().len(), "{}", rule.name());
    assert_eq!(results.len(), rule.results().len(), "{}", rule.name());
    (
        values(rule.params().iter().copied(), args),
        values(rule.results().iter().map(|r| r.kind), &results),
    )
}

fn eval(expr: &Expr, params: &[Value], results: &[Value]) -> f64 {
    expr.eval(params, results, &mut Numbers::default()).float()
}

fn eval_times(expr: &Expr, d: f64, params: &[Value], results: &[Value]) -> f64 {
    expr.eval_times(&Value::Float(d), params, results, &mut Numbers::default())
        .map_or(0.0, Value::float)
}

/// The five-point central difference of result `k` along argument `i`.
fn difference(rule: &Rule, k: usize, i: usize, args: &[f64]) -> f64 {
    let h = 1e-3;
    let at = |steps: f64| {
        let mut args = args.to_vec();
        args[i] += steps * h;
        functions::results(rule.name(), &args)[k]
    };
    (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * h)
}

/// Compares all partials of a rule at one point with differences.
fn check(rule: &Rule, args: &[f64]) -> Result<(), String> {
    let (params, results) = call(rule, args);
    for k in (0..results.len()).filter(|&k| rule.results()[k].kind == ParamKind::Float) {
        for i in (0..args.len()).filter(|&i| rule.params()[i] == ParamKind::Float) {
            let partial = rule.partial_of(k, i);
            let expected = difference(rule, k, i, args);
            let found = eval(partial, &params, &results);
            let times = eval_times(partial, 1.75, &params, &results) / 1.75;
            let close = |x: f64| (x - expected).abs() <= 1e-7 * (1.0 + expected.abs());
            if !close(found) || !close(times) {
                let what = format!("{} at {args:?}, result {k}, parameter {i}", rule.name());
                return Err(format!(
                    "{what}: {found} and {times}, but differences say {expected}"
                ));
            }
        }
    }
    Ok(())
}

fn points_of(rule: &Rule) -> Vec<&'static [f64]> {
    let points = functions::POINTS
        .iter()
        .filter(|(name, _)| *name == rule.name());
    points
        .flat_map(|(_, points)| points.iter().copied())
        .collect()
}

#[test]
fn every_row_agrees_with_differences() {
    for rule in &table().rules {
        let points = points_of(rule);
        assert!(!points.is_empty(), "row {} has no test point", rule.name());
        for args in points {
            check(rule, args).unwrap();
        }
    }
}

#[test]
fn every_test_point_belongs_to_a_row() {
    for (name, points) in functions::POINTS {
        assert!(
            table().rules.iter().any(|rule| rule.name() == *name),
            "{name} is no row"
        );
        assert!(!points.is_empty(), "{name}");
    }
}

#[test]
fn a_flipped_sign_is_noticed_in_every_row() {
    for rule in &table().rules {
        let mut flipped = rule.clone();
        flip_sign(&mut flipped);
        assert!(
            points_of(rule)
                .iter()
                .any(|args| check(&flipped, args).is_err()),
            "{}",
            rule.name()
        );
    }
}

/// `cargo xtask mutate` reads the lines `row <number> <name> <name> …`: the numbers are those of `ENZYME_RS_MUTATE`.
#[test]
fn print_rows() {
    for (place, rule) in table().rules.iter().enumerate() {
        assert_eq!(rule.id(), place, "{}", rule.name());
        println!("row {place} {}", rule.names.join(" "));
    }
}

#[test]
fn needs_are_exact_upper_bounds() {
    // What a partial doesn't need can be anything, even a value of the wrong kind.
    for rule in &table().rules {
        for args in points_of(rule) {
            let (params, results) = call(rule, args);
            for partial in rule.partials.iter().flatten() {
                let needs = partial.needs();
                let hide = |values: &[Value], needed: &dyn Fn(usize) -> bool| -> Vec<Value> {
                    let keep =
                        |(i, v): (usize, &Value)| if needed(i) { *v } else { Value::Bool(false) };
                    values.iter().enumerate().map(keep).collect()
                };
                let hidden_params = hide(&params, &|i| needs.param(i));
                let hidden_results = hide(&results, &|k| needs.result(k));
                assert_eq!(
                    eval(partial, &hidden_params, &hidden_results),
                    eval(partial, &params, &results)
                );
            }
        }
    }
}
