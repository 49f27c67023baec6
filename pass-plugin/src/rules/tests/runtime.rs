//! Runs `runtime.ll` itself, by a small interpreter of LLVM's text, and checks it against known values.

use super::super::RUNTIME_IR;
use std::collections::HashMap;

/// Calls `enzyme_rs.NAME.f64`.
pub fn run(name: &str, x: f64) -> f64 {
    interpret(&format!("enzyme_rs.{name}.f64"), x)
}

fn interpret(function: &str, argument: f64) -> f64 {
    let head = RUNTIME_IR
        .lines()
        .position(|l| l.starts_with("define") && l.contains(&format!("@{function}(")));
    let head = head.unwrap_or_else(|| panic!("no function {function}"));
    let body: Vec<&str> = RUNTIME_IR
        .lines()
        .skip(head + 1)
        .take_while(|l| *l != "}")
        .collect();
    let mut values = HashMap::from([("%x", argument)]);
    let (mut block, mut from, mut at) = ("entry", "", 0);
    loop {
        let line = body[at].split(';').next().unwrap_or_default().trim();
        at += 1;
        if let Some(label) = line.strip_suffix(':') {
            block = label;
            continue;
        }
        let words: Vec<&str> = line
            .split([' ', ',', '(', ')', '[', ']'])
            .filter(|w| !w.is_empty())
            .collect();
        let value = |word: &str| -> f64 {
            match word.strip_prefix("0x") {
                Some(bits) => f64::from_bits(u64::from_str_radix(bits, 16).unwrap()),
                None => values
                    .get(word)
                    .copied()
                    .unwrap_or_else(|| word.parse().expect(line)),
            }
        };
        let result = match words[..] {
            [] => continue,
            ["ret", _, result] => return value(result),
            ["br", "label", target] => {
                (from, at) = (block, jump(&body, target));
                continue;
            }
            ["br", "i1", condition, "label", yes, "label", no] => {
                (from, at) = (
                    block,
                    jump(&body, if value(condition) != 0.0 { yes } else { no }),
                );
                continue;
            }
            [_, "=", "phi", _, ref incoming @ ..] => {
                let entry = incoming
                    .chunks(2)
                    .find(|pair| pair[1].trim_start_matches('%') == from);
                value(entry.expect("a phi without an entry for the block it was reached from")[0])
            }
            [_, "=", "fadd", _, a, b] => value(a) + value(b),
            [_, "=", "fsub", _, a, b] => value(a) - value(b),
            [_, "=", "fmul", _, a, b] => value(a) * value(b),
            [_, "=", "fdiv", _, a, b] => value(a) / value(b),
            [_, "=", "fneg", _, a] => -value(a),
            [_, "=", "fcmp", "ugt", _, a, b] => {
                f64::from(u8::from(value(a) > value(b) || value(a).is_nan()))
            }
            [_, "=", "fcmp", "oeq", _, a, b] => f64::from(u8::from(value(a) == value(b))),
            [_, "=", "fcmp", "olt", _, a, b] => f64::from(u8::from(value(a) < value(b))),
            [_, "=", "select", _, c, _, a, _, b] => value(if value(c) != 0.0 { a } else { b }),
            [_, "=", "fpext", _, a, "to", _] => value(a),
            [_, "=", "fptrunc", _, a, "to", _] => f64::from(value(a) as f32),
            [_, "=", "call", _, callee, _, a] => match callee {
                "@llvm.rint.f64" => value(a).round_ties_even(),
                "@llvm.sin.f64" => value(a).sin(),
                "@llvm.cos.f64" => value(a).cos(),
                "@llvm.log.f64" => value(a).ln(),
                _ => interpret(callee.trim_start_matches('@'), value(a)),
            },
            [_, "=", "call", _, "@llvm.copysign.f64", _, a, _, b] => value(a).copysign(value(b)),
            _ => panic!("unknown instruction: {line}"),
        };
        values.insert(words[0], result);
    }
}

fn jump(body: &[&str], target: &str) -> usize {
    let label = format!("{}:", target.trim_start_matches('%'));
    body.iter()
        .position(|l| *l == label)
        .unwrap_or_else(|| panic!("no block {label}"))
}

#[track_caller]
fn assert_close(found: f64, expected: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance * expected.abs(),
        "{found} is not {expected}"
    );
}

#[test]
fn known_values() {
    // From a 40-digit computation.
    assert_close(run("digamma", 1.0), -0.5772156649015329, 1e-13);
    assert_close(run("digamma", 0.5), -1.9635100260214235, 1e-13);
    assert_close(run("digamma", 2.5), 0.7031566406452432, 1e-13);
    assert_close(run("digamma", 9.75), 2.225109535044576, 1e-13);
    assert_close(run("digamma", 10.0), 2.251752589066721, 1e-13);
    assert_close(run("digamma", 123.5), 4.812187109433143, 1e-13);
    assert_close(run("digamma", 1e-08), -100000000.57721564, 1e-13);
    assert_close(run("digamma", -0.25), 2.9141391202135276, 1e-13);
    assert_close(run("digamma", -1.75), -2.322691628614361, 1e-13);
    assert_close(run("digamma", -10.3), 4.662403493582087, 1e-13);
    assert_close(run("trigamma", 1.0), 1.6449340668482264, 1e-13);
    assert_close(run("trigamma", 0.5), 4.934802200544679, 1e-13);
    assert_close(run("trigamma", 2.5), 0.49035775610023485, 1e-13);
    assert_close(run("trigamma", 9.75), 0.10800324333663186, 1e-13);
    assert_close(run("trigamma", 10.0), 0.10516633568168575, 1e-13);
    assert_close(run("trigamma", 123.5), 0.008130036519855761, 1e-13);
    assert_close(run("trigamma", 1e-08), 1.0000000000000002e+16, 1e-13);
    assert_close(run("trigamma", -0.25), 18.541879647671607, 1e-13);
    assert_close(run("trigamma", -1.75), 19.301637544529786, 1e-13);
    assert_close(run("trigamma", -10.3), 14.986887065722637, 1e-13);
    assert_close(run("tetragamma", 1.0), -2.4041138063191885, 1e-13);
    assert_close(run("tetragamma", 0.5), -16.82879664423432, 1e-13);
    assert_close(run("tetragamma", 2.5), -0.2362040516417274, 1e-13);
    assert_close(run("tetragamma", 9.75), -0.011653444287958333, 1e-13);
    assert_close(run("tetragamma", 10.0), -0.011049834970802067, 1e-13);
    assert_close(run("tetragamma", 123.5), -6.609712975620372e-05, 1e-13);
    assert_close(run("tetragamma", 1e-08), -2e+24, 1e-13);
    assert_close(run("tetragamma", -0.25), 122.69736678366236, 1e-13);
    assert_close(run("tetragamma", -1.75), -124.21382135423057, 1e-13);
    assert_close(run("tetragamma", -10.3), 68.82898861103696, 1e-13);
}

#[test]
fn poles_and_nan() {
    assert_eq!(run("digamma", 0.0), f64::NEG_INFINITY);
    assert_eq!(run("digamma", -0.0), f64::INFINITY);
    assert_eq!(run("trigamma", -3.0), f64::INFINITY);
    assert!(run("digamma", -2.0).is_nan());
    assert!(run("tetragamma", -2.0).is_nan());
    for name in ["digamma", "trigamma", "tetragamma"] {
        assert!(run(name, f64::NAN).is_nan(), "{name}");
    }
    assert_eq!(run("digamma", f64::INFINITY), f64::INFINITY);
    assert_eq!(run("trigamma", f64::INFINITY), 0.0);
}

#[test]
fn the_f32_forms_round_the_f64_forms() {
    for name in ["digamma", "trigamma", "tetragamma"] {
        let narrow = interpret(&format!("enzyme_rs.{name}.f32"), 2.5);
        assert_eq!(narrow, f64::from(run(name, 2.5) as f32), "{name}");
    }
}

#[test]
fn the_text_belongs_to_no_target() {
    for word in [
        "target triple",
        "target datalayout",
        "target-cpu",
        "target-features",
        "dso_local",
        "uwtable",
    ] {
        assert!(!RUNTIME_IR.contains(word), "{word}");
    }
}
