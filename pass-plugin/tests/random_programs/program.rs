//! The random programs as data: a small imperative language over doubles, arrays of eight doubles and bounded
//! loops, which [`super::print`] writes as C and [`super::interpret`] evaluates with dual numbers.
//!
//! Every index is masked to the arrays' length and every loop has a constant bound, so that any tree of these
//! types, and any tree with parts deleted, is a valid program that ends.

/// Cells of each array.
pub const CELLS: usize = 8;
/// Double locals of each function; the first two are its by-value parameters.
pub const LOCALS: u8 = 5;
/// Fields of each function's struct local (an integer lies between them in memory).
pub const FIELDS: u8 = 2;
/// Iterations after which a `while` loop gives up.
pub const WHILE_LIMIT: u8 = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Array {
    /// Parameter `x`.
    X,
    /// Parameter `o` (the same array as `x` in helpers, which have only one).
    O,
    /// Local scratch memory.
    Scratch(u8),
}

/// An array index, before masking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    Constant(u8),
    /// The counter of the loop at that depth plus a constant; zero outside of such a loop.
    Counter(u8, u8),
    /// Looked up in a constant table by the counter.
    Table(u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Local(u8),
    Field(u8),
    Cell(Array, Index),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    Neg,
    Sin,
    Cos,
    Tanh,
    Atan,
    Abs,
    /// `exp(sin(e))`: the tame form of an exponential.
    ExpSin,
    /// `sqrt(1 + e*e)`.
    Root,
    /// `log(1 + e*e)`.
    Log,
    /// `e/(1 + e*e)`.
    Squash,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    /// `l/(1.5 + sin(r))`: a division that never comes near zero.
    Div,
    Min,
    Max,
    /// `pow(1 + l*l, 0.5*sin(r))`.
    Pow,
}

#[derive(Clone, Debug)]
pub enum Test {
    /// `l < r` on active values.
    Less(Expr, Expr),
    /// A bit of a counter.
    Odd(u8),
    /// The integer parameter is greater.
    Beyond(u8),
}

#[derive(Clone, Debug)]
pub enum Expr {
    Constant(f64),
    Read(Place),
    Unary(Unary, Box<Expr>),
    Binary(Binary, Box<Expr>, Box<Expr>),
    Choose(Box<Test>, Box<Expr>, Box<Expr>),
    /// Call of a scalar helper, `h(e, e, n)`.
    Scalar(u8, Box<Expr>, Box<Expr>),
    /// Call of a helper that reads and writes an array, `p(array, e, e, n)`.
    Memory(u8, Array, Box<Expr>),
    /// Inside a recursive function: the call of itself with `n - 1`; elsewhere a call of that function with a
    /// constant depth.
    Recurse(Box<Expr>, u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    Constant(u8),
    /// The integer parameter.
    Parameter,
    /// The counter of an outer loop plus one: a triangular nest.
    Outer(u8),
}

#[derive(Clone, Debug)]
pub enum Stmt {
    Assign(Place, Expr),
    If(Test, Vec<Stmt>, Vec<Stmt>),
    /// A counted loop at that depth, counting up or down.
    For {
        depth: u8,
        count: Count,
        down: bool,
        body: Vec<Stmt>,
    },
    While {
        depth: u8,
        test: Test,
        at_end: bool,
        body: Vec<Stmt>,
    },
    /// `if (test) break;`, only inside of a loop.
    Break(Test),
    /// `if (test) continue;`, only inside of a `for`.
    Continue(Test),
    Return(Test, Expr),
    /// `memcpy` of whole arrays, which are never the same.
    Copy(Array, Array),
    Zero(Array),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `double (double a, double b, double *x, double *o, const long *k, long n)`.
    Main,
    /// `double (double a, double b, const long *k, long n)`.
    Scalar,
    /// `double (double *x, double a, const long *k, long n)`.
    Memory,
    /// As `Scalar`, calling itself.
    Recursive,
}

#[derive(Clone, Debug)]
pub struct Function {
    pub kind: Kind,
    /// Scratch arrays are on the heap instead of the stack.
    pub heap: bool,
    pub body: Vec<Stmt>,
    pub result: Expr,
}

/// A program with the point at which it is differentiated.
#[derive(Clone, Debug)]
pub struct Program {
    pub seed: u64,
    /// The first is `Main`, then two `Scalar`, two `Memory` and one `Recursive`.
    pub functions: Vec<Function>,
    pub a: f64,
    pub b: f64,
    pub x: [f64; CELLS],
    pub o: [f64; CELLS],
    pub table: [u8; CELLS],
    pub n: u8,
}

pub const SCALARS: u8 = 2;
pub const MEMORIES: u8 = 2;

impl Program {
    pub fn scalar(&self, number: u8) -> usize {
        1 + usize::from(number)
    }

    pub fn memory(&self, number: u8) -> usize {
        1 + usize::from(SCALARS) + usize::from(number)
    }

    pub fn recursive(&self) -> usize {
        1 + usize::from(SCALARS) + usize::from(MEMORIES)
    }

    /// For each function whether `Main` may come to call it.
    pub fn reached(&self) -> Vec<bool> {
        let mut reached = vec![false; self.functions.len()];
        let mut todo = vec![0];
        while let Some(index) = todo.pop() {
            if !std::mem::replace(&mut reached[index], true) {
                let function = &self.functions[index];
                self.calls_of_block(&function.body, &mut todo);
                self.calls_of_expr(&function.result, &mut todo);
            }
        }
        reached
    }

    fn calls_of_block(&self, body: &[Stmt], calls: &mut Vec<usize>) {
        for stmt in body {
            match stmt {
                Stmt::Assign(_, e) => self.calls_of_expr(e, calls),
                Stmt::If(test, then, other) => {
                    self.calls_of_test(test, calls);
                    self.calls_of_block(then, calls);
                    self.calls_of_block(other, calls);
                }
                Stmt::For { body, .. } => self.calls_of_block(body, calls),
                Stmt::While { test, body, .. } => {
                    self.calls_of_test(test, calls);
                    self.calls_of_block(body, calls);
                }
                Stmt::Break(test) | Stmt::Continue(test) => self.calls_of_test(test, calls),
                Stmt::Return(test, e) => {
                    self.calls_of_test(test, calls);
                    self.calls_of_expr(e, calls);
                }
                Stmt::Copy(..) | Stmt::Zero(_) => {}
            }
        }
    }

    fn calls_of_test(&self, test: &Test, calls: &mut Vec<usize>) {
        if let Test::Less(l, r) = test {
            self.calls_of_expr(l, calls);
            self.calls_of_expr(r, calls);
        }
    }

    fn calls_of_expr(&self, e: &Expr, calls: &mut Vec<usize>) {
        match e {
            Expr::Constant(_) | Expr::Read(_) => {}
            Expr::Unary(_, e) => self.calls_of_expr(e, calls),
            Expr::Binary(_, l, r) => {
                self.calls_of_expr(l, calls);
                self.calls_of_expr(r, calls);
            }
            Expr::Choose(test, l, r) => {
                self.calls_of_test(test, calls);
                self.calls_of_expr(l, calls);
                self.calls_of_expr(r, calls);
            }
            Expr::Scalar(helper, l, r) => {
                calls.push(self.scalar(*helper));
                self.calls_of_expr(l, calls);
                self.calls_of_expr(r, calls);
            }
            Expr::Memory(helper, _, e) => {
                calls.push(self.memory(*helper));
                self.calls_of_expr(e, calls);
            }
            Expr::Recurse(e, _) => {
                calls.push(self.recursive());
                self.calls_of_expr(e, calls);
            }
        }
    }

    /// By-value inputs, then the cells of both arrays: the order of every gradient here.
    pub fn inputs(&self) -> Vec<f64> {
        let mut list = vec![self.a, self.b];
        list.extend(self.x);
        list.extend(self.o);
        list
    }
}
