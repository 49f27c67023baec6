//! The `main` around random programs: evaluates each plainly, in reverse and in forward mode, one lane and two at a
//! time, and prints all numbers as bit patterns.

use std::fmt::Write as _;

use super::print::Writer;
use super::program::*;

/// The file for these programs; `weights` and `direction` are the seeds of both modes, in input order.
pub fn file(
    programs: &[&Program],
    weights: &[f64],
    direction: &[f64],
    primal_only: bool,
) -> String {
    let mut c = String::from(
        "#include <math.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <stdlib.h>\n\
         #include <string.h>\nstruct mixed { double f0; long k; double f1; };\n\
         struct item { double f0; int k; float g; double f1; };\n\
         struct node { double v; struct node *next; };\n\
         typedef double lanes __attribute__((vector_size(32)));\n\
         struct pair { double a, b; };\n\
         struct quad { double a0, a1, b0, b1; };\n\
         extern int enzyme_dup, enzyme_const, enzyme_out;\n\
         extern struct pair __enzyme_autodiff(void *, ...);\n\
         extern double __enzyme_fwddiff(void *, ...);\n\
         extern int enzyme_width;\n\
         extern struct quad __enzyme_autodiff_two(void *, ...);\n\
         extern struct pair __enzyme_fwddiff_two(void *, ...);\n\
         static double bits_neg(double v) { uint64_t b; memcpy(&b, &v, 8); b ^= 1ull << 63; memcpy(&v, &b, 8); return v; }\n\
         static double bits_abs(double v) { uint64_t b; memcpy(&b, &v, 8); b &= ~(1ull << 63); memcpy(&v, &b, 8); return v; }\n\
         static double bits_copy(double v) { union { double d; uint64_t b; } u; u.d = v; uint64_t b = u.b; memcpy(&v, &b, 8); return v; }\n\
         static void show(double v) { uint64_t b; memcpy(&b, &v, 8); printf(\" %016llx\", (unsigned long long)b); }\n\
         static void shows(const double *p) { for (int i = 0; i < 8; i++) show(p[i]); }\n",
    );
    for (number, program) in programs.iter().enumerate() {
        c.push_str(&Writer::write(program, number));
        driver(&mut c, number, program, weights, direction, primal_only);
    }
    c.push_str("int main(void) {\n");
    for number in 0..programs.len() {
        let _ = writeln!(c, "  p{number}_run();");
    }
    c.push_str("  return 0;\n}\n");
    c
}

fn list(values: &[f64]) -> String {
    let texts: Vec<String> = values.iter().map(|v| format!("{v:?}")).collect();
    texts.join(", ")
}

fn driver(
    c: &mut String,
    number: usize,
    program: &Program,
    weights: &[f64],
    direction: &[f64],
    primal_only: bool,
) {
    let table: Vec<String> = program.table.iter().map(u8::to_string).collect();
    let _ = writeln!(
        c,
        "static void p{number}_run(void) {{\n  long k[8] = {{{}}};\n  volatile long n = {};\n  \
         volatile double a = {:?}, b = {:?};",
        table.join(", "),
        program.n,
        program.a,
        program.b
    );
    let primal = arrays("", &program.inputs());
    let _ = writeln!(
        c,
        "  {{ {primal} double r = p{number}_f0(a, b, x, o, k, n);\n    \
         printf(\"P {number}\"); show(r); shows(x); shows(o); puts(\"\"); fflush(stdout); }}"
    );
    if !primal_only {
        let _ = writeln!(
            c,
            "  {{ {primal} {} struct pair g = __enzyme_autodiff((void *)p{number}_f0, enzyme_out, a, enzyme_out, b,\n      \
             enzyme_dup, x, sx, enzyme_dup, o, so, enzyme_const, k, enzyme_const, n);\n    \
             printf(\"R {number}\"); show(g.a); show(g.b); shows(sx); shows(so); shows(x); shows(o); puts(\"\"); fflush(stdout); }}",
            arrays("s", weights)
        );
        let _ = writeln!(
            c,
            "  {{ {primal} {} double t = __enzyme_fwddiff((void *)p{number}_f0, enzyme_dup, a, {:?}, enzyme_dup, b, {:?},\n      \
             enzyme_dup, x, sx, enzyme_dup, o, so, enzyme_const, k, enzyme_const, n);\n    \
             printf(\"F {number}\"); show(t); shows(sx); shows(so); shows(x); shows(o); puts(\"\"); fflush(stdout); }}",
            arrays("s", direction),
            direction[0],
            direction[1]
        );
        if is_wide(program) {
            two_lanes(c, number, program, weights, direction);
        }
    }
    c.push_str("}\n");
}

/// Whether it is differentiated with `enzyme_width` 2 as well, which costs as much as all the rest.
pub fn is_wide(program: &Program) -> bool {
    program.seed.is_multiple_of(3)
}

/// What the second lane's seeds are multiples of the first one's by; the result's seed is 1 in both.
pub const SECOND_LANE: f64 = -0.5;

fn two_lanes(c: &mut String, number: usize, program: &Program, weights: &[f64], direction: &[f64]) {
    let second = |seeds: &[f64]| -> Vec<f64> { seeds.iter().map(|s| SECOND_LANE * s).collect() };
    let primal = arrays("", &program.inputs());
    let (first, other) = (arrays("s", weights), arrays("u", &second(weights)));
    let _ = writeln!(
        c,
        "  {{ {primal} {first} {other} struct quad g = __enzyme_autodiff_two((void *)p{number}_f0, enzyme_width, 2, enzyme_out, a,\n      \
         enzyme_out, b, enzyme_dup, x, sx, ux, enzyme_dup, o, so, uo, enzyme_const, k, enzyme_const, n);\n    \
         printf(\"V {number}\"); show(g.a0); show(g.b0); shows(sx); shows(so); show(g.a1); show(g.b1); shows(ux); shows(uo); puts(\"\"); fflush(stdout); }}"
    );
    let (first, other) = (arrays("s", direction), arrays("u", &second(direction)));
    let (a, b) = (direction[0], direction[1]);
    let _ = writeln!(
        c,
        "  {{ {primal} {first} {other} struct pair t = __enzyme_fwddiff_two((void *)p{number}_f0, enzyme_width, 2, enzyme_dup, a, {a:?}, {:?},\n      \
         enzyme_dup, b, {b:?}, {:?}, enzyme_dup, x, sx, ux, enzyme_dup, o, so, uo, enzyme_const, k, enzyme_const, n);\n    \
         printf(\"W {number}\"); show(t.a); shows(sx); shows(so); show(t.b); shows(ux); shows(uo); puts(\"\"); fflush(stdout); }}",
        SECOND_LANE * a,
        SECOND_LANE * b
    );
}

fn arrays(first: &str, values: &[f64]) -> String {
    format!(
        "double {first}x[8] = {{{}}}, {first}o[8] = {{{}}};",
        list(&values[2..2 + CELLS]),
        list(&values[2 + CELLS..])
    )
}
