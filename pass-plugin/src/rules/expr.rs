//! Expression trees of partial derivatives, and their evaluation over any arithmetic.
//!
//! A partial derivative is a formula in the parameters and results of the function it belongs to. The same tree is
//! evaluated by the emitter (an [`Arith`] that writes LLVM instructions) and by the tests (an [`Arith`] over `f64`),
//! and read by the planner, which asks it which primal values it [`needs`](Expr::needs).
//!
//! Trees are well typed by construction: the parser in `parse.rs` is the only maker of trees with calls, comparisons
//! or integers in them, and it checks the kind of every operand.

use super::calls::Callee;

/// What a value in a formula is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The floating-point type that the rule is used at.
    Float,
    /// An integer of the width that the primal call passes.
    Int,
    /// The outcome of a comparison.
    Bool,
}

/// The four operations of arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    Div,
}

/// A comparison. On floats all but [`Ne`](Predicate::Ne) are ordered (false when an operand is NaN), and `Ne` is
/// unordered (true then), as in C and Rust; so `y != y` tests for NaN. On integers they are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Predicate {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// A formula in the parameters and results of one function.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// Argument `i` of the primal call.
    Param(usize),
    /// Result `k` of the primal call (0 unless the function has several).
    Result(usize),
    /// A floating-point constant, with the 53 bits of an `f64` at every width.
    Const(f64),
    /// An integer constant. It only occurs as one operand of an integer operation, whose other operand gives the width.
    Int(i64),
    /// The negative of a float.
    Neg(Box<Expr>),
    /// Arithmetic on two floats, or on two integers (wrapping; never `Div`).
    Binary(Kind, Binary, Box<Expr>, Box<Expr>),
    /// A call of another function, at the rule's float type.
    Call(&'static Callee, Vec<Expr>),
    /// A comparison of two floats or two integers.
    Compare(Kind, Predicate, Box<Expr>, Box<Expr>),
    /// Conjunction of two comparisons; both sides are evaluated.
    And(Box<Expr>, Box<Expr>),
    /// Disjunction of two comparisons; both sides are evaluated.
    Or(Box<Expr>, Box<Expr>),
    /// `if(condition, then, else)` on floats; both arms are evaluated (they have no effects), one is selected.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// The float nearest to a signed integer.
    Float(Box<Expr>),
}

/// The arithmetic that a formula is evaluated over.
///
/// Operands and results are floats unless a method says otherwise. Vectors are evaluated lane by lane, so an
/// implementation for LLVM may use vector values as they are, with splatted constants.
pub trait Arith {
    /// A float, an integer or a boolean; which one follows from where it stands.
    type V: Clone;
    /// A float constant of the rule's type.
    fn constant(&mut self, value: f64) -> Self::V;
    /// The sum.
    fn add(&mut self, a: &Self::V, b: &Self::V) -> Self::V;
    /// The difference.
    fn sub(&mut self, a: &Self::V, b: &Self::V) -> Self::V;
    /// The product.
    fn mul(&mut self, a: &Self::V, b: &Self::V) -> Self::V;
    /// The quotient.
    fn div(&mut self, a: &Self::V, b: &Self::V) -> Self::V;
    /// The negative.
    fn neg(&mut self, a: &Self::V) -> Self::V;
    /// A call; the arguments are of the kinds in [`Callee::params`], the result is a float.
    fn call(&mut self, callee: &'static Callee, args: &[Self::V]) -> Self::V;
    /// Compares two floats; see [`Predicate`] for NaN.
    fn compare(&mut self, predicate: Predicate, a: &Self::V, b: &Self::V) -> Self::V;
    /// Conjunction of two booleans.
    fn and(&mut self, a: &Self::V, b: &Self::V) -> Self::V;
    /// Disjunction of two booleans.
    fn or(&mut self, a: &Self::V, b: &Self::V) -> Self::V;
    /// `condition ? a : b`, where `a` and `b` are floats.
    fn select(&mut self, condition: &Self::V, a: &Self::V, b: &Self::V) -> Self::V;
    /// An integer constant of the type of `like`.
    fn int_constant(&mut self, value: i64, like: &Self::V) -> Self::V;
    /// Wrapping arithmetic on two integers of one type; `op` is never [`Binary::Div`].
    fn int_binary(&mut self, op: Binary, a: &Self::V, b: &Self::V) -> Self::V;
    /// Compares two integers of one type as signed numbers.
    fn int_compare(&mut self, predicate: Predicate, a: &Self::V, b: &Self::V) -> Self::V;
    /// Converts a signed integer to the rule's float type.
    fn int_to_float(&mut self, a: &Self::V) -> Self::V;
}

/// The primal values that a formula reads: a set of parameters and results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    params: u16,
    results: u16,
}

impl Needs {
    /// Whether argument `i` of the primal call is read.
    pub fn param(self, i: usize) -> bool {
        i < 16 && self.params >> i & 1 == 1
    }

    /// Whether result `k` of the primal call is read.
    pub fn result(self, k: usize) -> bool {
        k < 16 && self.results >> k & 1 == 1
    }

    /// Whether nothing is read.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// The arguments that are read, ascending.
    pub fn params(self) -> impl Iterator<Item = usize> {
        (0..16).filter(move |&i| self.param(i))
    }

    /// The results that are read, ascending.
    pub fn results(self) -> impl Iterator<Item = usize> {
        (0..16).filter(move |&k| self.result(k))
    }
}

impl std::ops::BitOr for Needs {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self {
            params: self.params | other.params,
            results: self.results | other.results,
        }
    }
}

impl std::ops::BitOrAssign for Needs {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

impl Expr {
    /// The primal values that evaluating this formula reads. A constant reads nothing.
    pub fn needs(&self) -> Needs {
        match self {
            // The parser admits at most 16 parameters and results, so the shift keeps the bit.
            Expr::Param(i) => Needs {
                params: 1 << i,
                results: 0,
            },
            Expr::Result(k) => Needs {
                params: 0,
                results: 1 << k,
            },
            Expr::Const(_) | Expr::Int(_) => Needs::default(),
            Expr::Neg(a) | Expr::Float(a) => a.needs(),
            Expr::Binary(_, _, a, b)
            | Expr::Compare(_, _, a, b)
            | Expr::And(a, b)
            | Expr::Or(a, b) => a.needs() | b.needs(),
            Expr::Call(_, args) => args.iter().fold(Needs::default(), |set, a| set | a.needs()),
            Expr::If(c, a, b) => c.needs() | a.needs() | b.needs(),
        }
    }

    /// The value, if it is a constant: then the derivative is linear in the tangent, and for ±1 the emitter adds or
    /// subtracts without multiplying.
    pub fn as_constant(&self) -> Option<f64> {
        match self {
            Expr::Const(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether the partial derivative is zero everywhere.
    pub fn is_zero(&self) -> bool {
        self.as_constant() == Some(0.0)
    }

    /// The functions that the formula calls, in order of occurrence.
    pub fn callees(&self, out: &mut Vec<&'static Callee>) {
        match self {
            Expr::Param(_) | Expr::Result(_) | Expr::Const(_) | Expr::Int(_) => {}
            Expr::Neg(a) | Expr::Float(a) => a.callees(out),
            Expr::Binary(_, _, a, b)
            | Expr::Compare(_, _, a, b)
            | Expr::And(a, b)
            | Expr::Or(a, b) => {
                a.callees(out);
                b.callees(out);
            }
            Expr::Call(callee, args) => {
                out.push(callee);
                args.iter().for_each(|a| a.callees(out));
            }
            Expr::If(c, a, b) => {
                c.callees(out);
                a.callees(out);
                b.callees(out);
            }
        }
    }

    /// Evaluates the formula. `params` holds the arguments of the primal call and `results` its results, each indexed
    /// as in [`Expr::Param`] and [`Expr::Result`]; places that [`needs`](Expr::needs) does not name are never read, so
    /// anything may stand there, and slices may end early.
    ///
    /// # Panics
    /// If a needed place is past the end of its slice.
    pub fn eval<A: Arith>(&self, params: &[A::V], results: &[A::V], a: &mut A) -> A::V {
        match self {
            Expr::Param(i) => params[*i].clone(),
            Expr::Result(k) => results[*k].clone(),
            Expr::Const(value) => a.constant(*value),
            Expr::Int(_) => unreachable!(
                "the parser admits integer constants only as operands of integer operations"
            ),
            Expr::Neg(x) => {
                let x = x.eval(params, results, a);
                a.neg(&x)
            }
            Expr::Binary(kind, op, x, y) => {
                let (x, y) = Self::operands(*kind, x, y, params, results, a);
                match (kind, op) {
                    (Kind::Int, _) => a.int_binary(*op, &x, &y),
                    (_, Binary::Add) => a.add(&x, &y),
                    (_, Binary::Sub) => a.sub(&x, &y),
                    (_, Binary::Mul) => a.mul(&x, &y),
                    (_, Binary::Div) => a.div(&x, &y),
                }
            }
            Expr::Call(callee, args) => {
                let args: Vec<_> = args.iter().map(|x| x.eval(params, results, a)).collect();
                a.call(callee, &args)
            }
            Expr::Compare(kind, predicate, x, y) => {
                let (x, y) = Self::operands(*kind, x, y, params, results, a);
                match kind {
                    Kind::Int => a.int_compare(*predicate, &x, &y),
                    _ => a.compare(*predicate, &x, &y),
                }
            }
            Expr::And(x, y) => {
                let (x, y) = (x.eval(params, results, a), y.eval(params, results, a));
                a.and(&x, &y)
            }
            Expr::Or(x, y) => {
                let (x, y) = (x.eval(params, results, a), y.eval(params, results, a));
                a.or(&x, &y)
            }
            Expr::If(c, x, y) => {
                let c = c.eval(params, results, a);
                let (x, y) = (x.eval(params, results, a), y.eval(params, results, a));
                a.select(&c, &x, &y)
            }
            Expr::Float(n) => {
                let n = n.eval(params, results, a);
                a.int_to_float(&n)
            }
        }
    }

    /// Evaluates `self * d`, the term that a partial derivative adds to a tangent or an adjoint; `None` is zero.
    ///
    /// This is better than multiplying [`eval`](Expr::eval)'s value: ±1 costs no multiplication, a guard such as
    /// `if(r == 0, 0, 0.5/r)` yields 0 even if `d` is infinite or NaN, and quotients become `a * (d / b)`, so that the
    /// partials of one function share the division (`d/y` and `-r*(d/y)` for `x/y`).
    pub fn eval_times<A: Arith>(
        &self,
        d: &A::V,
        params: &[A::V],
        results: &[A::V],
        a: &mut A,
    ) -> Option<A::V> {
        match self {
            Expr::Const(0.0) => None,
            Expr::Const(1.0) => Some(d.clone()),
            Expr::Const(-1.0) => Some(a.neg(d)),
            Expr::Neg(x) => {
                let x = x.eval_times(d, params, results, a)?;
                Some(a.neg(&x))
            }
            Expr::Binary(Kind::Float, Binary::Div, x, y) => {
                let y = y.eval(params, results, a);
                let d = a.div(d, &y);
                x.eval_times(&d, params, results, a)
            }
            Expr::If(c, x, y) => {
                let c = c.eval(params, results, a);
                let x = x.eval_times(d, params, results, a);
                let y = y.eval_times(d, params, results, a);
                let (x, y) = match (x, y) {
                    (None, None) => return None,
                    (x, y) => (
                        x.unwrap_or_else(|| a.constant(0.0)),
                        y.unwrap_or_else(|| a.constant(0.0)),
                    ),
                };
                Some(a.select(&c, &x, &y))
            }
            _ => {
                let x = self.eval(params, results, a);
                Some(a.mul(&x, d))
            }
        }
    }

    /// Evaluates two operands of one kind; an integer constant takes its type from the other operand.
    fn operands<A: Arith>(
        kind: Kind,
        x: &Expr,
        y: &Expr,
        params: &[A::V],
        results: &[A::V],
        a: &mut A,
    ) -> (A::V, A::V) {
        match (kind, x, y) {
            (Kind::Int, Expr::Int(value), y) => {
                let y = y.eval(params, results, a);
                (a.int_constant(*value, &y), y)
            }
            (Kind::Int, x, Expr::Int(value)) => {
                let x = x.eval(params, results, a);
                let y = a.int_constant(*value, &x);
                (x, y)
            }
            (_, x, y) => (x.eval(params, results, a), y.eval(params, results, a)),
        }
    }
}
