//! Writes programs as C.
//!
//! C leaves the order of evaluation of operands open, and here helpers write memory that other operands read:
//! every expression with a call is therefore evaluated into temporaries, left to right, as the interpreter
//! does.

use std::fmt::Write as _;

use super::program::*;

/// Writes one program.
pub struct Writer<'a> {
    c: String,
    program: &'a Program,
    number: usize,
    temporaries: u32,
    indent: usize,
    kind: Kind,
    heap: bool,
}

impl Writer<'_> {
    /// The functions of a program; their names hold its number.
    pub fn write(program: &Program, number: usize) -> String {
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
        writer.c
    }

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
        let number = self.number;
        self.line(&format!(
            "static __attribute__((noinline)) double *p{number}_pick(double *l, double *r, long n) {{"
        ));
        self.line("  r[0] = 0.5 * r[0] + 0.25 * l[1]; return n > 2 ? l : r;\n}");
        for (index, reached) in reached.into_iter().enumerate() {
            if reached {
                self.function(index);
            }
        }
    }

    fn head(&self, index: usize, kind: Kind) -> String {
        let parameters = match kind {
            Kind::Main => "double a, double b, double *x, double *o, const long *k, long n",
            Kind::Memory => "double *x, double *o, double a, const long *k, long n",
            Kind::Scalar | Kind::Recursive => "double a, double b, const long *k, long n",
            Kind::Pair => "struct pair z, const long *k, long n",
        };
        let result = match kind {
            Kind::Pair => "struct pair",
            Kind::Main | Kind::Memory | Kind::Scalar | Kind::Recursive => "double",
        };
        let number = self.number;
        format!("static __attribute__((noinline)) {result} p{number}_f{index}({parameters})")
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
        let (a, b) = match function.kind {
            Kind::Memory => ("a", "0.5"),
            Kind::Pair => ("z.a", "z.b"),
            Kind::Main | Kind::Scalar | Kind::Recursive => ("a", "b"),
        };
        self.line(&format!(
            "double v0 = {a}, v1 = {b}, v2 = v0 * v1, v3 = v0 - v1, v4 = 0.5 * v0;"
        ));
        // The body decides which variables there are: a shrunk program is for a reader.
        let head = std::mem::take(&mut self.c);
        for stmt in &function.body {
            self.stmt(stmt);
        }
        let result = self.expr(&function.result);
        self.leave(&result);
        let body = std::mem::replace(&mut self.c, head);
        self.declare(&body);
        self.c.push_str(&body);
        self.indent = 0;
        self.line("}");
    }

    /// Declares and initialises the variables that `body` names.
    fn declare(&mut self, body: &str) {
        let (one, two) = match self.kind {
            Kind::Main | Kind::Memory => ("x", "o"),
            Kind::Scalar | Kind::Recursive | Kind::Pair => ("t0", "t1"),
        };
        // On the heap all of it is freed at the end, so all of it must be there.
        let names = |what: &[&str]| self.heap || what.iter().any(|w| body.contains(w));
        let (q, w) = (names(&["q0", "q1"]), names(&["w["]));
        let (t, r) = (q || w || names(&["t0", "t1"]), names(&["r["]));
        let (s, g) = (body.contains("s.f"), body.contains("g["));
        if s {
            self.line("struct mixed s = {v0, 7, -0.5};");
        }
        if t {
            self.line(match self.heap {
                true => "double *t0 = malloc(64), *t1 = malloc(64);",
                false => "double t0[8], t1[8];",
            });
            self.line("for (int i = 0; i < 8; i++) { t0[i] = 0.125 * (i + 1) * v0; t1[i] = 0.125 * (i + 1) * v3; }");
        }
        if r {
            self.line(match self.heap {
                true => "struct item *r = malloc(4 * sizeof *r);",
                false => "struct item r[4];",
            });
            self.line("for (int i = 0; i < 4; i++) { r[i].f0 = 0.25 * i * v0; r[i].f1 = v1 - 0.5 * i; r[i].k = i; r[i].g = 1; }");
        }
        if g {
            self.line("float g[4] = {0.5f * (float)v0, 0.25f, -0.5f, 0.75f};");
        }
        if q {
            self.line(&format!(
                "double *q0 = {one}, *q1 = t0; (void)q0; (void)q1;"
            ));
        }
        if w {
            self.line(&format!("double *w[2] = {{t1, {two}}}; (void)w;"));
        }
        self.line("long i0 = 0, i1 = 0, i2 = 0; (void)i0; (void)i1; (void)i2;");
    }

    fn leave(&mut self, value: &str) {
        let (ty, value) = match self.kind {
            Kind::Pair => ("struct pair", format!("{{{value}, v1}}")),
            Kind::Main | Kind::Memory | Kind::Scalar | Kind::Recursive => {
                ("double", value.to_owned())
            }
        };
        let free = match self.heap {
            true => "free(t0); free(t1); free(r); ",
            false => "",
        };
        self.line(&format!("{{ {ty} e = {value}; {free}return e; }}"));
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
                let count = count_text(*count);
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
            Stmt::Copy(to, from, way) => self.copy(*to, *from, *way),
            Stmt::Zero(array) => {
                let text = format!("memset({}, 0, 64);", array_text(*array));
                self.line(&text);
            }
            Stmt::Move(array, to, from, cells) => {
                let array = array_text(*array);
                let bytes = 8 * u32::from(*cells);
                self.line(&format!(
                    "memmove({array} + {to}, {array} + {from}, {bytes});"
                ));
            }
            Stmt::Aim(pointer, array, test) => {
                let array = array_text(*array);
                match test {
                    Some(test) => {
                        let test = self.test(test);
                        self.line(&format!("q{pointer} = {test} ? {array} : q{pointer};"));
                    }
                    None => self.line(&format!("q{pointer} = {array};")),
                }
            }
            Stmt::Enter(index, array) => {
                let text = format!("w[{}] = {};", index_text(*index, 1), array_text(*array));
                self.line(&text);
            }
            Stmt::Swap => self.line("{ double *e = q0; q0 = q1; q1 = e; }"),
            Stmt::AimByCall(pointer, l, r) => {
                let (number, l, r) = (self.number, array_text(*l), array_text(*r));
                self.line(&format!("q{pointer} = p{number}_pick({l}, {r}, n);"));
            }
            Stmt::Switch { depth, arms, falls } => {
                self.line(&format!("switch ((i{depth} + n) % {}) {{", arms.len() + 1));
                for (number, arm) in arms.iter().enumerate() {
                    self.line(&format!("case {number}: {{"));
                    self.block(arm);
                    self.line(if *falls { "}" } else { "} break;" });
                }
                self.line("}");
            }
            Stmt::CopyItem(to, from) => {
                let text = format!("r[{}] = r[{}];", index_text(*to, 3), index_text(*from, 3));
                self.line(&text);
            }
            Stmt::Chain {
                depth,
                count,
                value,
                to,
            } => self.chain(*depth, *count, value, *to),
            Stmt::Lanes {
                to,
                from,
                other,
                second,
                multiply,
            } => {
                let at = if *second { 4 } else { 0 };
                let op = if *multiply { "*" } else { "+" };
                let [to, from, other] = [to, from, other].map(|a| array_text(*a));
                self.line(&format!(
                    "{{ lanes l, m; memcpy(&l, {from} + {at}, 32); memcpy(&m, {other} + {at}, 32);"
                ));
                self.line(&format!(
                    "  l = 0.5 * (l {op} m); memcpy({to} + {at}, &l, 32); }}"
                ));
            }
            Stmt::Grow {
                depth,
                count,
                value,
                to,
            } => self.grow(*depth, *count, value, *to),
            Stmt::Complex(first, second, l, r) => {
                let (l, r) = self.two(l, r);
                self.line(&format!(
                    "{{ double complex z = __builtin_complex((double)({l}), (double)({r})); z = 0.5 * z * z + z / (3.0 + z);"
                ));
                let (first, second) = (place_text(*first), place_text(*second));
                self.line(&format!("  {first} = creal(z); {second} = cimag(z); }}"));
            }
            Stmt::Tangle {
                depth,
                test,
                trips,
                first,
                second,
            } => self.tangle(*depth, test, *trips, first, second),
            Stmt::Bag {
                array,
                index,
                value,
                to,
            } => {
                let value = self.expr(value);
                let (array, index) = (array_text(*array), index_text(*index, 7));
                self.line(&format!(
                    "{{ struct bag u = bag((struct bag){{3, (float)({value}), {index}, {array}, v0, 1}}, n);"
                ));
                self.line(&format!("  {} = u.d + u.p[u.n & 7]; }}", place_text(*to)));
            }
            Stmt::Reuse(to, value) => {
                let value = self.expr(value);
                self.line(&format!(
                    "{{ union {{ long i; double d; }} u; u.i = n + 1; long c = u.i; u.d = {value};"
                ));
                self.line(&format!(
                    "  {} = (c & 1 ? 0.5 : 1.0) * u.d; }}",
                    place_text(*to)
                ));
            }
            Stmt::Gather(to, array, value) => {
                let value = self.expr(value);
                let (to, array) = (place_text(*to), array_text(*array));
                self.line(&format!(
                    "{{ long j = (long)(4.0 * ({value}) + 8.0); {to} = {array}[j & 7]; }}"
                ));
            }
            Stmt::Pair(first, second, l, r) => {
                let (l, r) = self.two(l, r);
                let (f, number) = (self.program.pair(), self.number);
                self.line(&format!(
                    "{{ struct pair u = p{number}_f{f}((struct pair){{{l}, {r}}}, k, n);"
                ));
                let (first, second) = (place_text(*first), place_text(*second));
                self.line(&format!("  {first} = u.a; {second} = u.b; }}"));
            }
        }
    }

    fn copy(&mut self, to: Array, from: Array, way: Way) {
        // Different names may be of one array.
        let own = |a: &Array| matches!(a, Array::Scratch(_));
        let copy = match own(&to) && own(&from) && to != from {
            true => "memcpy",
            false => "memmove",
        };
        let (to, from) = (array_text(to), array_text(from));
        let bytes = |to: &str, from: &str, count: u32| {
            format!(
                "{{ char *d = (char *)({to}); const char *s = (const char *)({from}); \
                 for (int l = 0; l < {count}; l++) d[l] = s[l]; }}"
            )
        };
        let back = format!("for (int j = 0; j < 8; j++) memcpy(&({to})[j], m + 9 * j + 1, 8);");
        let text = match way {
            Way::Whole => format!("{copy}({to}, {from}, 64);"),
            Way::Bytes => bytes(&to, &from, 64),
            Way::Buffer => {
                let there = bytes("m", &from, 64);
                format!("{{ char *m = malloc(64); {there} {copy}({to}, m, 64); free(m); }}")
            }
            Way::Records => format!(
                "{{ char *m = malloc(72); for (int j = 0; j < 8; j++) {{ m[9 * j] = j; \
                 memcpy(m + 9 * j + 1, &({from})[j], 8); }} {back} free(m); }}"
            ),
            Way::Growing => {
                let there = bytes("m + 9 * j + 1", &format!("&({from})[j]"), 8);
                format!(
                    "{{ char *m = 0; for (int j = 0; j < 8; j++) {{ m = realloc(m, 9 * j + 9); \
                     m[9 * j] = j; {there} }} {back} free(m); }}"
                )
            }
        };
        self.line(&text);
    }

    fn chain(&mut self, depth: u8, count: Count, value: &Expr, to: Place) {
        let (i, count) = (format!("i{depth}"), count_text(count));
        self.line("{ struct node *first = 0;");
        self.indent += 1;
        self.line(&format!("for ({i} = 0; {i} < {count}; {i}++) {{"));
        self.indent += 1;
        let value = self.expr(value);
        self.line("struct node *m = malloc(sizeof *m);");
        self.line(&format!("m->v = {value}; m->next = first; first = m;"));
        self.indent -= 1;
        self.line("}");
        self.line(&format!("{i} = 0; double sum = 0;"));
        self.line("while (first) {");
        self.line(
            "  struct node *m = first->next; sum = 0.5 * sum + first->v; free(first); first = m;",
        );
        self.line("}");
        self.line(&format!("{} = sum;", place_text(to)));
        self.indent -= 1;
        self.line("}");
    }

    fn grow(&mut self, depth: u8, count: Count, value: &Expr, to: Place) {
        let (i, count) = (format!("i{depth}"), count_text(count));
        self.line("{ double *m = 0; long size = 0, room = 0;");
        self.indent += 1;
        self.line(&format!("for ({i} = 0; {i} < {count}; {i}++) {{"));
        self.indent += 1;
        let value = self.expr(value);
        self.line("if (size == room) { room = 2 * room + 1; m = realloc(m, room * sizeof *m); }");
        self.line(&format!(
            "m[size] = {value}; if (size > 0) m[size] += 0.5 * m[size - 1]; size++;"
        ));
        self.indent -= 1;
        self.line("}");
        self.line(&format!("{i} = 0; double sum = 0;"));
        self.line("for (long j = 0; j < size; j++) sum += m[j] * m[j];");
        self.line(&format!("free(m); {} = 0.25 * sum;", place_text(to)));
        self.indent -= 1;
        self.line("}");
    }

    fn tangle(&mut self, depth: u8, test: &Test, trips: u8, first: &[Stmt], second: &[Stmt]) {
        let (i, label) = (format!("i{depth}"), self.temporaries);
        self.temporaries += 1;
        self.line(&format!("{i} = 0;"));
        let test = self.test(test);
        self.line(&format!("if ({test}) goto middle{label};"));
        self.line("for (;;) {");
        self.block(first);
        self.line(&format!("middle{label}:;"));
        self.block(second);
        self.line(&format!("  if (++{i} >= {trips}) break;"));
        self.line("}");
        self.line(&format!("{i} = 0;"));
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
            Expr::Known(index) => format!("known[{}]", index_text(*index, 7)),
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
                    Unary::Single => format!("((double)(float){e})"),
                    Unary::BitsNeg => format!("bits_neg({e})"),
                    Unary::BitsAbs => format!("bits_abs({e})"),
                    Unary::BitsCopy => format!("bits_copy({e})"),
                    Unary::Long => format!("((double)sinl((long double){e}))"),
                    Unary::Whole(width) => {
                        let ty = match width {
                            Width::One => "signed char",
                            Width::Two => "short",
                            Width::Four => "int",
                            Width::Eight => "long",
                        };
                        format!("(0.25 * (double)({ty})(4.0 * {e} + 8.0) - 2.0)")
                    }
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
            Expr::Memory(helper, x, o, e) => {
                let e = self.expr(e);
                let f = self.program.memory(*helper);
                let (x, o) = (array_text(*x), array_text(*o));
                self.temporary(&format!("p{p}_f{f}({x}, {o}, {e}, k, n)"))
            }
            Expr::Pick(test, l, r) => {
                let test = self.test(test);
                let test = self.temporary(&format!("({test}) ? 1 : 0"));
                let (l, r) = self.two(l, r);
                let (f, g) = (self.program.scalar(0), self.program.scalar(1));
                self.temporary(&format!(
                    "({test} > 0.5 ? p{p}_f{f} : p{p}_f{g})({l}, {r}, k, n)"
                ))
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
        Expr::Constant(_) | Expr::Read(_) | Expr::Known(_) => false,
        Expr::Unary(_, e) => calls(e),
        Expr::Binary(_, l, r) => calls(l) || calls(r),
        // Its temporaries are computed before the whole expression, so what is left of it must be, too.
        Expr::Choose(..)
        | Expr::Scalar(..)
        | Expr::Memory(..)
        | Expr::Pick(..)
        | Expr::Recurse(..) => true,
    }
}

fn count_text(count: Count) -> String {
    match count {
        Count::Constant(c) => c.to_string(),
        Count::Parameter => "n".to_owned(),
        Count::Outer(d) => format!("i{d} + 1"),
    }
}

fn array_text(array: Array) -> String {
    match array {
        Array::X => "x".to_owned(),
        Array::O => "o".to_owned(),
        Array::Scratch(s) => format!("t{s}"),
        Array::Pointer(p) => format!("q{p}"),
        Array::Through(index) => format!("w[{}]", index_text(index, 1)),
    }
}

fn index_text(index: Index, mask: u8) -> String {
    match index {
        Index::Constant(c) => (c & mask).to_string(),
        Index::Counter(d, 0) => format!("i{d} & {mask}"),
        Index::Counter(d, c) => format!("(i{d} + {c}) & {mask}"),
        Index::Table(d) => format!("k[i{d} & 7] & {mask}"),
    }
}

fn place_text(place: Place) -> String {
    match place {
        Place::Local(l) => format!("v{l}"),
        Place::Field(f) => format!("s.f{f}"),
        Place::Cell(array, index) => format!("{}[{}]", array_text(array), index_text(index, 7)),
        Place::Item(index, f) => format!("r[{}].f{f}", index_text(index, 3)),
        Place::Single(index) => format!("g[{}]", index_text(index, 3)),
    }
}
