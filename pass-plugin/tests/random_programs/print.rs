//! Writes programs as C, several to a file, with a `main` that evaluates them plainly, in reverse and in
//! forward mode and prints all numbers as bit patterns.
//!
//! C leaves the order of evaluation of operands open, and here helpers write memory that other operands read:
//! every expression with a call is therefore evaluated into temporaries, left to right, as the interpreter
//! does.

use std::fmt::Write as _;

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
         struct pair { double a, b; };\n\
         extern int enzyme_dup, enzyme_const, enzyme_out;\n\
         extern struct pair __enzyme_autodiff(void *, ...);\n\
         extern double __enzyme_fwddiff(void *, ...);\n\
         static void show(double v) { uint64_t b; memcpy(&b, &v, 8); printf(\" %016llx\", (unsigned long long)b); }\n\
         static void shows(const double *p) { for (int i = 0; i < 8; i++) show(p[i]); }\n",
    );
    for (number, program) in programs.iter().enumerate() {
        let mut writer = Writer {
            c: String::new(),
            program,
            number,
            temporaries: 0,
            indent: 0,
            kind: Kind::Main,
            heap: false,
        };
        writer.program();
        c.push_str(&writer.c);
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
    let arrays = |first: &str, values: &[f64]| {
        format!(
            "double {first}x[8] = {{{}}}, {first}o[8] = {{{}}};",
            list(&values[2..2 + CELLS]),
            list(&values[2 + CELLS..])
        )
    };
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
    }
    c.push_str("}\n");
}

struct Writer<'a> {
    c: String,
    program: &'a Program,
    number: usize,
    temporaries: u32,
    indent: usize,
    kind: Kind,
    heap: bool,
}

impl Writer<'_> {
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.c, "{:1$}{text}", "", 2 * self.indent);
    }

    fn program(&mut self) {
        // What is not called is left out: a shrunk program is for a reader.
        let reached = self.program.reached();
        for (index, function) in self.program.functions.iter().enumerate() {
            if reached[index] {
                let head = self.head(index, function.kind);
                self.line(&format!("{head};"));
            }
        }
        for (index, reached) in reached.into_iter().enumerate() {
            if reached {
                self.function(index);
            }
        }
    }

    fn head(&self, index: usize, kind: Kind) -> String {
        let parameters = match kind {
            Kind::Main => "double a, double b, double *x, double *o, const long *k, long n",
            Kind::Memory => "double *x, double a, const long *k, long n",
            Kind::Scalar | Kind::Recursive => "double a, double b, const long *k, long n",
        };
        let number = self.number;
        format!("static __attribute__((noinline)) double p{number}_f{index}({parameters})")
    }

    fn function(&mut self, index: usize) {
        let program = self.program;
        let function = &program.functions[index];
        (self.kind, self.heap) = (function.kind, function.heap);
        let head = self.head(index, function.kind);
        self.line(&format!("{head} {{"));
        self.indent = 1;
        if function.kind == Kind::Recursive {
            self.line("if (n <= 0) return a;");
        }
        let b = match function.kind {
            Kind::Memory => "0.5",
            _ => "b",
        };
        self.line(&format!(
            "double v0 = a, v1 = {b}, v2 = v0 * v1, v3 = v0 - v1, v4 = 0.5 * v0;"
        ));
        self.line("struct mixed s = {a, 7, -0.5};");
        if function.heap {
            self.line("double *t0 = malloc(64), *t1 = malloc(64);");
        } else {
            self.line("double t0[8], t1[8];");
        }
        self.line("for (int i = 0; i < 8; i++) { t0[i] = 0.125 * (i + 1) * v0; t1[i] = 0.125 * (i + 1) * v3; }");
        self.line("long i0 = 0, i1 = 0, i2 = 0; (void)i0; (void)i1; (void)i2; (void)s;");
        for stmt in &function.body {
            self.stmt(stmt);
        }
        let result = self.expr(&function.result);
        self.leave(&result);
        self.indent = 0;
        self.line("}");
    }

    fn leave(&mut self, value: &str) {
        if self.heap {
            self.line(&format!(
                "{{ double r = {value}; free(t0); free(t1); return r; }}"
            ));
        } else {
            self.line(&format!("return {value};"));
        }
    }

    fn block(&mut self, body: &[Stmt]) {
        self.indent += 1;
        for stmt in body {
            self.stmt(stmt);
        }
        self.indent -= 1;
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Assign(place, e) => {
                let value = self.expr(e);
                let text = format!("{} = {value};", place_text(*place));
                self.line(&text);
            }
            Stmt::If(test, then, other) => {
                let test = self.test(test);
                self.line(&format!("if ({test}) {{"));
                self.block(then);
                if !other.is_empty() {
                    self.line("} else {");
                    self.block(other);
                }
                self.line("}");
            }
            Stmt::For {
                depth,
                count,
                down,
                body,
            } => {
                let count = match count {
                    Count::Constant(c) => c.to_string(),
                    Count::Parameter => "n".to_owned(),
                    Count::Outer(d) => format!("i{d} + 1"),
                };
                let i = format!("i{depth}");
                if *down {
                    self.line(&format!("for ({i} = {count} - 1; {i} >= 0; {i}--) {{"));
                } else {
                    self.line(&format!("for ({i} = 0; {i} < {count}; {i}++) {{"));
                }
                self.block(body);
                self.line("}");
                self.line(&format!("{i} = 0;"));
            }
            Stmt::While {
                depth,
                test,
                at_end,
                body,
            } => {
                let i = format!("i{depth}");
                self.line(&format!("for ({i} = 0;;) {{"));
                self.indent += 1;
                if !at_end {
                    self.line(&format!("if ({i} >= {WHILE_LIMIT}) break;"));
                    let test = self.test(test);
                    self.line(&format!("if (!({test})) break;"));
                }
                self.indent -= 1;
                self.block(body);
                self.indent += 1;
                self.line(&format!("{i}++;"));
                if *at_end {
                    self.line(&format!("if ({i} >= {WHILE_LIMIT}) break;"));
                    let test = self.test(test);
                    self.line(&format!("if (!({test})) break;"));
                }
                self.indent -= 1;
                self.line("}");
                self.line(&format!("{i} = 0;"));
            }
            Stmt::Break(test) => {
                let test = self.test(test);
                self.line(&format!("if ({test}) break;"));
            }
            Stmt::Continue(test) => {
                let test = self.test(test);
                self.line(&format!("if ({test}) continue;"));
            }
            Stmt::Return(test, e) => {
                let test = self.test(test);
                self.line(&format!("if ({test}) {{"));
                self.indent += 1;
                let value = self.expr(e);
                self.leave(&value);
                self.indent -= 1;
                self.line("}");
            }
            Stmt::Copy(to, from) => {
                let text = format!("memcpy({}, {}, 64);", array_text(*to), array_text(*from));
                self.line(&text);
            }
            Stmt::Zero(array) => {
                let text = format!("memset({}, 0, 64);", array_text(*array));
                self.line(&text);
            }
        }
    }

    fn temporary(&mut self, value: &str) -> String {
        let name = format!("e{}", self.temporaries);
        self.temporaries += 1;
        self.line(&format!("double {name} = {value};"));
        name
    }

    fn test(&mut self, test: &Test) -> String {
        match test {
            Test::Less(l, r) => {
                let (l, r) = self.two(l, r);
                format!("{l} < {r}")
            }
            Test::Odd(d) => format!("i{d} & 1"),
            Test::Beyond(c) => format!("n > {c}"),
        }
    }

    /// Both operands in order; the left one is pinned when the right one calls something.
    fn two(&mut self, l: &Expr, r: &Expr) -> (String, String) {
        let mut left = self.expr(l);
        if calls(r) {
            left = self.temporary(&left);
        }
        (left, self.expr(r))
    }

    fn expr(&mut self, e: &Expr) -> String {
        let p = self.number;
        match e {
            Expr::Constant(c) => format!("({c:?})"),
            Expr::Read(place) => place_text(*place),
            Expr::Unary(op, e) => {
                let mut e = self.expr(e);
                if matches!(op, Unary::Root | Unary::Log | Unary::Squash) {
                    e = self.temporary(&e);
                }
                match op {
                    Unary::Neg => format!("(-{e})"),
                    Unary::Sin => format!("sin({e})"),
                    Unary::Cos => format!("cos({e})"),
                    Unary::Tanh => format!("tanh({e})"),
                    Unary::Atan => format!("atan({e})"),
                    Unary::Abs => format!("fabs({e})"),
                    Unary::ExpSin => format!("exp(sin({e}))"),
                    Unary::Root => format!("sqrt(1.0 + {e} * {e})"),
                    Unary::Log => format!("log(1.0 + {e} * {e})"),
                    Unary::Squash => format!("({e} / (1.0 + {e} * {e}))"),
                }
            }
            Expr::Binary(op, l, r) => {
                let (mut l, r) = self.two(l, r);
                if *op == Binary::Pow {
                    l = self.temporary(&l);
                }
                match op {
                    Binary::Add => format!("({l} + {r})"),
                    Binary::Sub => format!("({l} - {r})"),
                    Binary::Mul => format!("({l} * {r})"),
                    Binary::Div => format!("({l} / (1.5 + sin({r})))"),
                    Binary::Min => format!("fmin({l}, {r})"),
                    Binary::Max => format!("fmax({l}, {r})"),
                    Binary::Pow => format!("pow(1.0 + {l} * {l}, 0.5 * sin({r}))"),
                }
            }
            Expr::Choose(test, l, r) => {
                let test = self.test(test);
                let name = format!("e{}", self.temporaries);
                self.temporaries += 1;
                self.line(&format!("double {name};"));
                self.line(&format!("if ({test}) {{"));
                for (e, end) in [(l, "} else {"), (r, "}")] {
                    self.indent += 1;
                    let value = self.expr(e);
                    self.line(&format!("{name} = {value};"));
                    self.indent -= 1;
                    self.line(end);
                }
                name
            }
            Expr::Scalar(helper, l, r) => {
                let (l, r) = self.two(l, r);
                let f = self.program.scalar(*helper);
                self.temporary(&format!("p{p}_f{f}({l}, {r}, k, n)"))
            }
            Expr::Memory(helper, array, e) => {
                let e = self.expr(e);
                let f = self.program.memory(*helper);
                let array = array_text(*array);
                self.temporary(&format!("p{p}_f{f}({array}, {e}, k, n)"))
            }
            Expr::Recurse(e, levels) => {
                let e = self.expr(e);
                let f = self.program.recursive();
                let n = match self.kind {
                    Kind::Recursive => "n - 1".to_owned(),
                    _ => levels.to_string(),
                };
                self.temporary(&format!("p{p}_f{f}({e}, v1, k, {n})"))
            }
        }
    }
}

/// Whether evaluating it may write memory.
fn calls(e: &Expr) -> bool {
    match e {
        Expr::Constant(_) | Expr::Read(_) => false,
        Expr::Unary(_, e) => calls(e),
        Expr::Binary(_, l, r) => calls(l) || calls(r),
        // Its temporaries are computed before the whole expression, so what is left of it must be, too.
        Expr::Choose(..) | Expr::Scalar(..) | Expr::Memory(..) | Expr::Recurse(..) => true,
    }
}

fn array_text(array: Array) -> String {
    match array {
        Array::X => "x".to_owned(),
        Array::O => "o".to_owned(),
        Array::Scratch(s) => format!("t{s}"),
    }
}

fn place_text(place: Place) -> String {
    match place {
        Place::Local(l) => format!("v{l}"),
        Place::Field(f) => format!("s.f{f}"),
        Place::Cell(array, index) => {
            let index = match index {
                Index::Constant(c) => c.to_string(),
                Index::Counter(d, 0) => format!("i{d} & 7"),
                Index::Counter(d, c) => format!("(i{d} + {c}) & 7"),
                Index::Table(d) => format!("k[i{d} & 7]"),
            };
            format!("{}[{index}]", array_text(array))
        }
    }
}
