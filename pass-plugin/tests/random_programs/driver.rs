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
    let mut c = prelude();
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

/// What all programs have before their functions.
pub fn prelude() -> String {
    String::from(
        "#include <complex.h>\n#include <math.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <stdlib.h>\n\
         #include <string.h>\nstruct mixed { double f0; long k; double f1; };\n\
         struct item { double f0; int k; float g; double f1; };\n\
         struct node { double v; struct node *next; };\n\
         typedef double lanes __attribute__((vector_size(32)));\n\
         struct pair { double a, b; };\n\
         struct bag { short h; float f; int n; double *p; double d; signed char c; };\n\
         static const double known[8] = {0.5, -0.25, 1.0, 0.75, -0.5, 0.125, -1.0, 0.25};\n\
         struct quad { double a0, a1, b0, b1; };\n\
         extern int enzyme_dup, enzyme_const, enzyme_out;\n\
         extern struct pair __enzyme_autodiff(void *, ...);\n\
         extern double __enzyme_fwddiff(void *, ...);\n\
         extern int enzyme_width;\n\
         struct handle { void *tape; double r; };\n\
         extern struct handle __enzyme_augmentfwd(void *, ...);\n\
         extern struct pair __enzyme_reverse(void *, ...);\n\
         extern struct quad __enzyme_autodiff_two(void *, ...);\n\
         extern struct pair __enzyme_fwddiff_two(void *, ...);\n\
         static __attribute__((noinline)) struct bag bag(struct bag z, long n) {\n\
         \x20 for (long j = 0; j <= n; j++) { z.d = 0.5 * z.d + 0.25 * z.p[z.n & 7]; z.p[z.h] = 0.5 * z.p[z.h] + 0.25 * z.f; z.n += z.c; }\n\
         \x20 return z; }\n\
         static double bits_neg(double v) { uint64_t b; memcpy(&b, &v, 8); b ^= 1ull << 63; memcpy(&v, &b, 8); return v; }\n\
         static double bits_abs(double v) { uint64_t b; memcpy(&b, &v, 8); b &= ~(1ull << 63); memcpy(&v, &b, 8); return v; }\n\
         static double bits_copy(double v) { union { double d; uint64_t b; } u; u.d = v; uint64_t b = u.b; memcpy(&v, &b, 8); return v; }\n\
         static void show(double v) { uint64_t b; memcpy(&b, &v, 8); printf(\" %016llx\", (unsigned long long)b); }\n\
         static void shows(const double *p) { for (int i = 0; i < 8; i++) show(p[i]); }\n",
    )
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
    if let (Some(order), false) = (second_order(program), primal_only) {
        inner_derivative(c, number, order, weights, direction);
    }
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
        if is_split(program) {
            let _ = writeln!(
                c,
                "  {{ {primal} {} struct handle h = __enzyme_augmentfwd((void *)p{number}_f0, enzyme_out, a, enzyme_out, b,\n      \
                 enzyme_dup, x, sx, enzyme_dup, o, so, enzyme_const, k, enzyme_const, n);\n    \
                 struct pair g = __enzyme_reverse((void *)p{number}_f0, enzyme_out, a, enzyme_out, b,\n      \
                 enzyme_dup, x, sx, enzyme_dup, o, so, enzyme_const, k, enzyme_const, n, 1.0, h.tape);\n    \
                 printf(\"S {number}\"); show(g.a); show(g.b); shows(sx); shows(so); shows(x); shows(o); show(h.r); puts(\"\"); fflush(stdout); }}",
                arrays("s", weights)
            );
        }
        if let Some(order) = second_order(program) {
            outer_derivative(c, number, program, order, weights, direction);
        }
    }
    c.push_str("}\n");
}

/// Whether it is differentiated with `enzyme_width` 2 as well, which costs as much as all the rest.
pub fn is_wide(program: &Program) -> bool {
    program.seed.is_multiple_of(3)
}

/// Whether both sweeps are called one by one as well.
pub fn is_split(program: &Program) -> bool {
    program.seed % 4 == 1
}

/// A second derivative: which mode is inside and which outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    ForwardOfReverse,
    ReverseOfForward,
    ReverseOfReverse,
    ForwardOfForward,
}

/// Which second derivative is taken as well. Those of programs in single precision are noise, and the adjoints of floats that
/// are moved byte by byte are bits, of which there is no derivative.
pub fn second_order(program: &Program) -> Option<Order> {
    let order = [
        Order::ForwardOfReverse,
        Order::ReverseOfForward,
        Order::ReverseOfReverse,
        Order::ForwardOfForward,
    ][(program.seed / 4 % 4) as usize];
    let of_reverse = matches!(order, Order::ForwardOfReverse | Order::ReverseOfReverse);
    let can = !program.is_single() && (!of_reverse || !program.moves_bytes());
    (program.seed % 4 == 2 && can).then_some(order)
}

/// The function that holds the inner derivative: the gradient, or a number that is made of the derivative.
fn inner_derivative(
    c: &mut String,
    number: usize,
    order: Order,
    weights: &[f64],
    direction: &[f64],
) {
    let gradient = format!(
        "struct pair g = __enzyme_autodiff((void *)p{number}_f0, enzyme_out, a, enzyme_out, b,\n    \
         enzyme_dup, x, sx, enzyme_dup, o, so, enzyme_const, k, enzyme_const, n);"
    );
    let parameters =
        "double a, double b, double *x, double *sx, double *o, double *so, const long *k, long n";
    let (a, b) = (direction[0], direction[1]);
    let dot = |with: &[f64]| {
        format!(
            "static const double cx[8] = {{{}}}, co[8] = {{{}}}; for (int i = 0; i < 8; i++) t += cx[i] * sx[i] + co[i] * so[i];",
            list(&with[2..2 + CELLS]),
            list(&with[2 + CELLS..])
        )
    };
    let _ = match order {
        Order::ForwardOfReverse => writeln!(
            c,
            "static void p{number}_inner({parameters}, double *r) {{\n  {gradient}\n  r[0] = g.a; r[1] = g.b; }}"
        ),
        Order::ReverseOfReverse => writeln!(
            c,
            "static double p{number}_inner({parameters}) {{\n  {gradient}\n  double t = {a:?} * g.a + {b:?} * g.b; {} return t; }}",
            dot(direction)
        ),
        Order::ReverseOfForward | Order::ForwardOfForward => writeln!(
            c,
            "static double p{number}_inner({parameters}) {{\n  \
             double t = __enzyme_fwddiff((void *)p{number}_f0, enzyme_dup, a, {a:?}, enzyme_dup, b, {b:?},\n    \
             enzyme_dup, x, sx, enzyme_dup, o, so, enzyme_const, k, enzyme_const, n);\n  {} return t; }}",
            dot(weights)
        ),
    };
}

/// The call that prints how the gradient changes along the direction, or for two forward modes, how the tangent does.
fn outer_derivative(
    c: &mut String,
    number: usize,
    program: &Program,
    order: Order,
    weights: &[f64],
    direction: &[f64],
) {
    let zero = vec![0.0; direction.len()];
    let (primal, zeros) = (arrays("", &program.inputs()), arrays("z", &zero));
    let inner = match order {
        Order::ForwardOfReverse | Order::ReverseOfReverse => weights,
        Order::ReverseOfForward | Order::ForwardOfForward => direction,
    };
    let inner = arrays("s", inner);
    let along = arrays("d", direction);
    let (a, b) = (direction[0], direction[1]);
    let rest = "enzyme_const, k, enzyme_const, n";
    let forward = format!(
        "enzyme_dup, a, {a:?}, enzyme_dup, b, {b:?},\n      \
         enzyme_dup, x, dx, enzyme_dup, sx, zx, enzyme_dup, o, d0, enzyme_dup, so, zo, {rest}"
    )
    .replace("d0", "do_");
    let along = along.replace("do[8]", "do_[8]");
    let reverse = format!(
        "enzyme_out, a, enzyme_out, b,\n      \
         enzyme_dup, x, zx, enzyme_dup, sx, yx, enzyme_dup, o, zo, enzyme_dup, so, yo, {rest}"
    );
    let text = match order {
        Order::ForwardOfReverse => format!(
            "double r[2] = {{0}}, dr[2] = {{0}};\n    \
             __enzyme_fwddiff((void *)p{number}_inner, {forward}, enzyme_dup, r, dr);\n    \
             printf(\"H {number}\"); show(dr[0]); show(dr[1]); shows(zx); shows(zo);"
        ),
        Order::ForwardOfForward => format!(
            "double t = __enzyme_fwddiff((void *)p{number}_inner, {forward});\n    \
             printf(\"H {number}\"); show(t);"
        ),
        Order::ReverseOfForward | Order::ReverseOfReverse => format!(
            "{} struct pair g = __enzyme_autodiff((void *)p{number}_inner, {reverse});\n    \
             printf(\"H {number}\"); show(g.a); show(g.b); shows(zx); shows(zo);",
            arrays("y", &zero)
        ),
    };
    let _ = writeln!(
        c,
        "  {{ {primal} {inner} {along} {zeros}\n    {text} puts(\"\"); fflush(stdout); }}"
    );
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
