//! The random programs as data: a small imperative language over doubles and floats, arrays of eight doubles,
//! structs, pointers and bounded loops, which [`super::print`] writes as C and [`super::interpret`] evaluates with dual numbers.
//!
//! Every index is masked to the arrays' length and every loop has a constant bound, so that any tree of these
//! types, and any tree with parts deleted, is a valid program that ends.

/// Cells of each array.
pub const CELLS: usize = 8;
/// Double locals of each function; the first two are its by-value parameters.
pub const LOCALS: u8 = 5;
/// Fields of each function's struct local (an integer lies between them in memory).
pub const FIELDS: u8 = 2;
/// Structs of each function's array of structs.
pub const ITEMS: usize = 4;
/// Single-precision locals of each function.
pub const SINGLES: usize = 4;
/// Pointer variables of each function, and entries of its table of pointers.
pub const POINTERS: u8 = 2;
/// Iterations after which a `while` loop gives up.
pub const WHILE_LIMIT: u8 = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Array {
    /// Parameter `x`.
    X,
    /// Parameter `o`; callers may pass the same array for both.
    O,
    /// Local scratch memory.
    Scratch(u8),
    /// What a pointer variable points to.
    Pointer(u8),
    /// What an entry of the table of pointers points to.
    Through(Index),
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
    /// A field of a struct in the function's array of structs.
    Item(Index, u8),
    /// A float local.
    Single(Index),
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
    /// To single precision and back.
    Single,
    /// `-e`, `fabs(e)` and `e` by integer operations on its bits.
    BitsNeg,
    BitsAbs,
    BitsCopy,
    /// `sinl` of it as a `long double`.
    Long,
    /// A quarter of the integer below four times it, through an integer of so many bytes: no slope.
    Whole(Width),
}

/// An integer type of C, by its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    One,
    Two,
    Four,
    Eight,
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
    /// A number of the program's constant table.
    Known(Index),
    Unary(Unary, Box<Expr>),
    Binary(Binary, Box<Expr>, Box<Expr>),
    Choose(Box<Test>, Box<Expr>, Box<Expr>),
    /// Call of a scalar helper, `h(e, e, n)`.
    Scalar(u8, Box<Expr>, Box<Expr>),
    /// Call of a helper that reads and writes two arrays, which may be the same.
    Memory(u8, Array, Array, Box<Expr>),
    /// Call of one of the scalar helpers through a pointer chosen at run time.
    Pick(Box<Test>, Box<Expr>, Box<Expr>),
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
    /// Copy of whole arrays.
    Copy(Array, Array, Way),
    Zero(Array),
    /// `memmove` of some cells inside an array: `to`, `from`, how many.
    Move(Array, u8, u8, u8),
    /// A pointer variable is made to point elsewhere, if the test holds.
    Aim(u8, Array, Option<Test>),
    /// An entry of the table of pointers is made to point elsewhere.
    Enter(Index, Array),
    /// The two pointer variables change places.
    Swap,
    /// A pointer variable gets what a function returns: one of two arrays, after it changed them.
    AimByCall(u8, Array, Array),
    /// `switch` on a counter; an arm falls into the next one or not. A `break` in it leaves the switch.
    Switch {
        depth: u8,
        arms: Vec<Vec<Stmt>>,
        falls: bool,
    },
    /// Assignment of whole structs.
    CopyItem(Index, Index),
    /// Builds a linked list of values, then sums and frees it.
    Chain {
        depth: u8,
        count: Count,
        value: Expr,
        to: Place,
    },
    /// Four lanes at once: `to = 0.5 * (from op other)`; the first or the second half of the arrays.
    Lanes {
        to: Array,
        from: Array,
        other: Array,
        second: bool,
        multiply: bool,
    },
    /// Both places get the fields of the struct that the pair helper returns for such a struct.
    Pair(Place, Place, Expr, Expr),
    /// Values go into memory that grows by `realloc`, each with half of the one before; a quarter of the sum of their
    /// squares comes out.
    Grow {
        depth: u8,
        count: Count,
        value: Expr,
        to: Place,
    },
    /// The places get the parts of `z*z/2 + z/(3 + z)`, where the expressions are those of the complex number `z`.
    Complex(Place, Place, Expr, Expr),
    /// A loop that is entered in its middle if the test holds.
    Tangle {
        depth: u8,
        test: Test,
        trips: u8,
        first: Vec<Stmt>,
        second: Vec<Stmt>,
    },
    /// A struct of floats, integers and a pointer goes to a function by value, and comes back.
    Bag {
        array: Array,
        index: Index,
        value: Expr,
        to: Place,
    },
    /// Memory that holds an integer first, then the value.
    Reuse(Place, Expr),
    /// The place gets the cell of an array at an index that is computed from the value.
    Gather(Place, Array, Expr),
}

/// How an array is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Whole,
    /// Byte by byte.
    Bytes,
    /// Byte by byte into memory of characters, and from there as a whole.
    Buffer,
    /// In records of a character and a number, which is not aligned.
    Records,
    /// The same, the number byte by byte, in memory that grows.
    Growing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `double (double a, double b, double *x, double *o, const long *k, long n)`.
    Main,
    /// `double (double a, double b, const long *k, long n)`.
    Scalar,
    /// `double (double *x, double *o, double a, const long *k, long n)`.
    Memory,
    /// As `Scalar`, calling itself.
    Recursive,
    /// `struct pair (struct pair z, const long *k, long n)`; the second field is what its `v1` holds.
    Pair,
}

#[derive(Clone, Debug)]
pub struct Function {
    pub kind: Kind,
    /// Scratch arrays and structs are on the heap instead of the stack.
    pub heap: bool,
    pub body: Vec<Stmt>,
    pub result: Expr,
}

/// A program with the point at which it is differentiated.
#[derive(Clone, Debug)]
pub struct Program {
    pub seed: u64,
    /// The first is `Main`, then two `Scalar`, two `Memory`, one `Recursive` and one `Pair`.
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

    pub fn pair(&self) -> usize {
        self.recursive() + 1
    }

    /// For each function whether `Main` may come to call it.
    pub fn reached(&self) -> Vec<bool> {
        let mut reached = vec![false; self.functions.len()];
        let mut todo = vec![0];
        while let Some(index) = todo.pop() {
            if !std::mem::replace(&mut reached[index], true) {
                let mut see = |part: Part| match part {
                    Part::Expr(Expr::Scalar(helper, ..)) => todo.push(self.scalar(*helper)),
                    Part::Expr(Expr::Memory(helper, ..)) => todo.push(self.memory(*helper)),
                    Part::Expr(Expr::Pick(..)) => {
                        todo.extend((0..SCALARS).map(|h| self.scalar(h)));
                    }
                    Part::Expr(Expr::Recurse(..)) => todo.push(self.recursive()),
                    Part::Stmt(Stmt::Pair(..)) => todo.push(self.pair()),
                    Part::Expr(_) | Part::Stmt(_) => {}
                };
                self.functions[index].visit(&mut see);
            }
        }
        reached
    }

    /// Whether it computes in single precision somewhere.
    pub fn is_single(&self) -> bool {
        let mut single = false;
        for (function, reached) in self.functions.iter().zip(self.reached()) {
            let mut see = |part: Part| {
                single |= match part {
                    Part::Expr(Expr::Unary(Unary::Single, _)) => true,
                    Part::Expr(Expr::Read(place)) => matches!(place, Place::Single(_)),
                    Part::Stmt(
                        Stmt::Assign(place, _)
                        | Stmt::Chain { to: place, .. }
                        | Stmt::Grow { to: place, .. }
                        | Stmt::Reuse(place, _)
                        | Stmt::Gather(place, ..),
                    ) => {
                        matches!(place, Place::Single(_))
                    }
                    // The struct holds a float.
                    Part::Stmt(Stmt::Bag { .. }) => true,
                    Part::Stmt(Stmt::Pair(a, b, ..) | Stmt::Complex(a, b, ..)) => {
                        matches!(a, Place::Single(_)) || matches!(b, Place::Single(_))
                    }
                    Part::Expr(_) | Part::Stmt(_) => false,
                };
            };
            if reached {
                function.visit(&mut see);
            }
        }
        single
    }

    /// Whether floats are copied byte by byte.
    pub fn moves_bytes(&self) -> bool {
        let mut moves = false;
        for function in &self.functions {
            function.visit(&mut |part| {
                moves |= matches!(part, Part::Stmt(Stmt::Copy(_, _, way)) if *way != Way::Whole);
            });
        }
        moves
    }

    /// By-value inputs, then the cells of both arrays: the order of every gradient here.
    pub fn inputs(&self) -> Vec<f64> {
        let mut list = vec![self.a, self.b];
        list.extend(self.x);
        list.extend(self.o);
        list
    }
}

/// A part of a program, for a walk over all of them.
#[derive(Clone, Copy)]
pub enum Part<'a> {
    Stmt(&'a Stmt),
    Expr(&'a Expr),
}

impl Function {
    /// Shows `see` every statement and expression.
    pub fn visit<'a>(&'a self, see: &mut dyn FnMut(Part<'a>)) {
        visit_block(&self.body, see);
        visit_expr(&self.result, see);
    }
}

fn visit_block<'a>(body: &'a [Stmt], see: &mut dyn FnMut(Part<'a>)) {
    for stmt in body {
        see(Part::Stmt(stmt));
        match stmt {
            Stmt::Assign(_, e)
            | Stmt::Chain { value: e, .. }
            | Stmt::Grow { value: e, .. }
            | Stmt::Bag { value: e, .. }
            | Stmt::Reuse(_, e)
            | Stmt::Gather(_, _, e) => visit_expr(e, see),
            Stmt::Tangle {
                test,
                first,
                second,
                ..
            } => {
                visit_test(test, see);
                visit_block(first, see);
                visit_block(second, see);
            }
            Stmt::If(test, then, other) => {
                visit_test(test, see);
                visit_block(then, see);
                visit_block(other, see);
            }
            Stmt::For { body, .. } => visit_block(body, see),
            Stmt::While { test, body, .. } => {
                visit_test(test, see);
                visit_block(body, see);
            }
            Stmt::Break(test) | Stmt::Continue(test) | Stmt::Aim(_, _, Some(test)) => {
                visit_test(test, see);
            }
            Stmt::Return(test, e) => {
                visit_test(test, see);
                visit_expr(e, see);
            }
            Stmt::Switch { arms, .. } => arms.iter().for_each(|arm| visit_block(arm, see)),
            Stmt::Pair(_, _, l, r) | Stmt::Complex(_, _, l, r) => {
                visit_expr(l, see);
                visit_expr(r, see);
            }
            Stmt::Copy(..)
            | Stmt::Zero(_)
            | Stmt::Move(..)
            | Stmt::Aim(_, _, None)
            | Stmt::Enter(..)
            | Stmt::Swap
            | Stmt::AimByCall(..)
            | Stmt::CopyItem(..)
            | Stmt::Lanes { .. } => {}
        }
    }
}

fn visit_test<'a>(test: &'a Test, see: &mut dyn FnMut(Part<'a>)) {
    match test {
        Test::Less(l, r) => {
            visit_expr(l, see);
            visit_expr(r, see);
        }
        Test::Odd(_) | Test::Beyond(_) => {}
    }
}

fn visit_expr<'a>(e: &'a Expr, see: &mut dyn FnMut(Part<'a>)) {
    see(Part::Expr(e));
    match e {
        Expr::Constant(_) | Expr::Read(_) | Expr::Known(_) => {}
        Expr::Unary(_, e) | Expr::Memory(_, _, _, e) | Expr::Recurse(e, _) => visit_expr(e, see),
        Expr::Binary(_, l, r) | Expr::Scalar(_, l, r) => {
            visit_expr(l, see);
            visit_expr(r, see);
        }
        Expr::Choose(test, l, r) | Expr::Pick(test, l, r) => {
            visit_test(test, see);
            visit_expr(l, see);
            visit_expr(r, see);
        }
    }
}
