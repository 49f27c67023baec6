//! Draws a random program from a seed.
//!
//! Values are kept tame by construction: what is assigned goes through a bounded function or is a contraction
//! of bounded values, so that loops neither overflow nor make the derivative chaotic. Programs whose gradient
//! is large all the same, or that come close to a kink, are drawn again (see [`super::interpret`]).

use fastrand::Rng;

use super::interpret;
use super::program::*;
use super::tally::Tally;

/// The program of a seed: the first acceptable one of a sequence that the seed determines.
pub fn program(seed: u64, tally: &mut Tally) -> Program {
    let mut rng = Rng::with_seed(seed);
    loop {
        let candidate = draw(seed, &mut rng);
        tally.drawn += 1;
        if interpret::evaluate(&candidate).is_ok_and(|e| e.is_rich()) {
            tally.valid += 1;
            tally.add(&candidate);
            return candidate;
        }
    }
}

fn draw(seed: u64, rng: &mut Rng) -> Program {
    let mut functions = Vec::new();
    let single = seed % 5 == 4;
    let kinds = [
        Kind::Main,
        Kind::Scalar,
        Kind::Scalar,
        Kind::Memory,
        Kind::Memory,
        Kind::Recursive,
        Kind::Pair,
    ];
    for (index, kind) in kinds.into_iter().enumerate() {
        let mut maker = Maker {
            rng,
            kind,
            // A scalar helper may call the ones behind it only: no unbounded recursion.
            first_scalar: match kind {
                Kind::Main => 0,
                Kind::Scalar => index as u8,
                Kind::Memory => 0,
                Kind::Recursive | Kind::Pair => SCALARS,
            },
            depth: 0,
            loops: Vec::new(),
            budget: if kind == Kind::Main { 18 } else { 5 },
            single,
        };
        let heap = maker.rng.u8(..4) == 0;
        let body = maker.block();
        // A sum of several terms, so that most of what was computed reaches the result.
        let mut result = Expr::Constant(0.0);
        for _ in 0..3 {
            let term = maker.expr(3);
            let term = maker.squash(term);
            result = binary(Binary::Add, result, term);
        }
        let result = maker.scaled(0.5, result);
        functions.push(Function {
            kind,
            heap,
            body,
            result,
        });
    }
    let mut value = || rng.f64() * 2.4 - 1.2;
    Program {
        seed,
        functions,
        a: value(),
        b: value(),
        x: std::array::from_fn(|_| value()),
        o: std::array::from_fn(|_| value()),
        table: std::array::from_fn(|_| rng.u8(..CELLS as u8)),
        n: rng.u8(..5),
    }
}

struct Maker<'a> {
    rng: &'a mut Rng,
    kind: Kind,
    first_scalar: u8,
    /// Loops around the statement.
    depth: u8,
    /// Which of them are `for` loops.
    loops: Vec<bool>,
    /// Statements that may still be drawn.
    budget: i32,
    /// Some of it may be in single precision.
    single: bool,
}

impl Maker<'_> {
    fn block(&mut self) -> Vec<Stmt> {
        let count = self.rng.usize(1..=if self.depth == 0 { 9 } else { 3 });
        let mut body = Vec::new();
        for _ in 0..count {
            if self.budget <= 0 {
                break;
            }
            self.budget -= 1;
            body.push(self.stmt());
        }
        body
    }

    fn stmt(&mut self) -> Stmt {
        let choice = self.rng.u8(..40);
        match choice {
            0..=8 => self.assign(),
            9..=11 => {
                let test = self.test();
                let then = self.block();
                let other = if self.rng.bool() {
                    self.block()
                } else {
                    Vec::new()
                };
                Stmt::If(test, then, other)
            }
            12..=14 if self.depth < 3 => {
                let count = self.count();
                let (depth, down) = (self.depth, self.rng.u8(..3) == 0);
                let body = self.inside(true);
                Stmt::For {
                    depth,
                    count,
                    down,
                    body,
                }
            }
            15 if self.depth < 3 => {
                let (depth, test, at_end) = (self.depth, self.test(), self.rng.bool());
                let body = self.inside(false);
                Stmt::While {
                    depth,
                    test,
                    at_end,
                    body,
                }
            }
            16 if !self.loops.is_empty() => Stmt::Break(self.test()),
            17 if self.loops.last() == Some(&true) => Stmt::Continue(self.test()),
            17 if self.rng.u8(..3) == 0 => {
                let test = self.test();
                let value = self.expr(1);
                Stmt::Return(test, self.squash(value))
            }
            19 if self.depth < 3 => {
                let (depth, count) = (self.depth, self.count());
                self.depth += 1;
                let value = self.expr(2);
                let value = self.squash(value);
                self.depth -= 1;
                let to = self.place();
                Stmt::Chain {
                    depth,
                    count,
                    value,
                    to,
                }
            }
            20 => {
                let cells = self.rng.u8(1..7);
                let last = CELLS as u8 - cells;
                let (to, from) = (self.rng.u8(..=last), self.rng.u8(..=last));
                Stmt::Move(self.array(), to, from, cells)
            }
            21 => {
                let pointer = self.rng.u8(..POINTERS);
                let array = self.array();
                let test = self.rng.bool().then(|| self.test());
                Stmt::Aim(pointer, array, test)
            }
            22 => {
                let index = self.index();
                Stmt::Enter(index, self.array())
            }
            23 => match self.rng.bool() {
                true => Stmt::Swap,
                false => {
                    let (l, r) = (self.array(), self.array());
                    Stmt::AimByCall(self.rng.u8(..POINTERS), l, r)
                }
            },
            24 if self.depth > 0 => {
                let depth = self.rng.u8(..self.depth);
                // A `continue` in it is the loop's, but a `break` is its own.
                self.loops.push(false);
                let arms = (0..self.rng.u8(1..4)).map(|_| self.block()).collect();
                self.loops.pop();
                let falls = self.rng.bool();
                Stmt::Switch { depth, arms, falls }
            }
            25 => {
                let to = self.index();
                Stmt::CopyItem(to, self.index())
            }
            26 => {
                let [to, from, other] = std::array::from_fn(|_| self.array());
                let (second, multiply) = (self.rng.bool(), self.rng.bool());
                Stmt::Lanes {
                    to,
                    from,
                    other,
                    second,
                    multiply,
                }
            }
            27 if matches!(self.kind, Kind::Main | Kind::Memory) => {
                let (l, r) = (self.expr(1), self.expr(1));
                let (l, r) = (self.squash(l), self.squash(r));
                let first = self.place();
                Stmt::Pair(first, self.place(), l, r)
            }
            28 if self.depth < 3 => {
                let (depth, count) = (self.depth, self.count());
                self.depth += 1;
                let value = self.expr(2);
                let value = self.squash(value);
                self.depth -= 1;
                let to = self.place();
                Stmt::Grow {
                    depth,
                    count,
                    value,
                    to,
                }
            }
            29 => {
                let (l, r) = (self.expr(1), self.expr(1));
                let (l, r) = (self.squash(l), self.squash(r));
                let first = self.place();
                Stmt::Complex(first, self.place(), l, r)
            }
            30 | 31 if self.depth < 2 => {
                let (depth, test, trips) = (self.depth, self.test(), self.rng.u8(1..4));
                let first = self.inside(false);
                let second = self.inside(false);
                Stmt::Tangle {
                    depth,
                    test,
                    trips,
                    first,
                    second,
                }
            }
            32 if self.single => {
                let value = self.expr(1);
                let (array, index) = (self.array(), self.index());
                Stmt::Bag {
                    array,
                    index,
                    value: self.squash(value),
                    to: self.place(),
                }
            }
            33 => {
                let value = self.expr(2);
                Stmt::Reuse(self.place(), self.squash(value))
            }
            34 => {
                let value = self.expr(1);
                let value = self.squash(value);
                Stmt::Gather(self.place(), self.array(), value)
            }
            18 => {
                let to = self.array();
                let from = self.array();
                if to == from {
                    Stmt::Zero(to)
                } else {
                    let way = match self.rng.u8(..8) {
                        0 => Way::Bytes,
                        1 => Way::Buffer,
                        2 => Way::Records,
                        3 => Way::Growing,
                        _ => Way::Whole,
                    };
                    Stmt::Copy(to, from, way)
                }
            }
            _ => self.assign(),
        }
    }

    fn count(&mut self) -> Count {
        match self.rng.u8(..4) {
            0 if self.depth > 0 => Count::Outer(self.rng.u8(..self.depth)),
            1 | 2 => Count::Parameter,
            _ => Count::Constant(self.rng.u8(1..6)),
        }
    }

    fn inside(&mut self, counted: bool) -> Vec<Stmt> {
        self.depth += 1;
        self.loops.push(counted);
        let body = self.block();
        self.loops.pop();
        self.depth -= 1;
        body
    }

    fn assign(&mut self) -> Stmt {
        let place = self.place();
        let value = self.expr(2);
        let value = match self.rng.u8(..5) {
            // A contraction that keeps part of the old value: a recurrence.
            0 | 1 => {
                let old = self.scaled(0.6, Expr::Read(place));
                let new = self.squash(value);
                let new = self.scaled(0.7, new);
                binary(Binary::Add, old, new)
            }
            2 => {
                let other = self.place();
                let product = binary(Binary::Mul, Expr::Read(place), Expr::Read(other));
                self.scaled(0.5, product)
            }
            _ => self.squash(value),
        };
        Stmt::Assign(place, value)
    }

    fn scaled(&mut self, factor: f64, e: Expr) -> Expr {
        binary(Binary::Mul, Expr::Constant(factor), e)
    }

    /// Bounds a value by about one and a half.
    fn squash(&mut self, e: Expr) -> Expr {
        match self.rng.u8(..5) {
            0 => Expr::Unary(Unary::Sin, Box::new(e)),
            1 => Expr::Unary(Unary::Tanh, Box::new(e)),
            2 => Expr::Unary(Unary::Atan, Box::new(e)),
            3 => binary(
                Binary::Min,
                Expr::Constant(1.4),
                binary(Binary::Max, Expr::Constant(-1.3), e),
            ),
            _ => Expr::Unary(Unary::Squash, Box::new(e)),
        }
    }

    fn expr(&mut self, depth: u8) -> Expr {
        if depth == 0 {
            return self.leaf();
        }
        match self.rng.u8(..18) {
            0..=2 => self.leaf(),
            16 => {
                let width = [Width::One, Width::Two, Width::Four, Width::Eight];
                let op = [
                    Unary::BitsNeg,
                    Unary::BitsAbs,
                    Unary::BitsCopy,
                    Unary::Long,
                    Unary::Whole(width[self.rng.usize(..4)]),
                    Unary::Single,
                ];
                // Single precision blurs all numbers of a program: few programs have it.
                let kinds = if self.single { 6 } else { 5 };
                let operand = self.expr(depth - 1);
                match op[self.rng.usize(..kinds)] {
                    // The narrowest integer holds what is small.
                    Unary::Whole(width) => {
                        Expr::Unary(Unary::Whole(width), Box::new(self.squash(operand)))
                    }
                    op => Expr::Unary(op, Box::new(operand)),
                }
            }
            17 if self.kind == Kind::Main => {
                let (test, left) = (self.test(), self.expr(depth - 1));
                Expr::Pick(
                    Box::new(test),
                    Box::new(left),
                    Box::new(self.expr(depth - 1)),
                )
            }
            3..=6 => {
                let op = [
                    Unary::Neg,
                    Unary::Sin,
                    Unary::Cos,
                    Unary::Tanh,
                    Unary::Atan,
                    Unary::Abs,
                    Unary::ExpSin,
                    Unary::Root,
                    Unary::Log,
                    Unary::Squash,
                ][self.rng.usize(..10)];
                Expr::Unary(op, Box::new(self.expr(depth - 1)))
            }
            7..=12 => {
                let op = [
                    Binary::Add,
                    Binary::Sub,
                    Binary::Mul,
                    Binary::Mul,
                    Binary::Div,
                    Binary::Min,
                    Binary::Max,
                    Binary::Pow,
                ][self.rng.usize(..8)];
                let left = self.expr(depth - 1);
                binary(op, left, self.expr(depth - 1))
            }
            13 => {
                let (test, left) = (self.test(), self.expr(depth - 1));
                Expr::Choose(
                    Box::new(test),
                    Box::new(left),
                    Box::new(self.expr(depth - 1)),
                )
            }
            14 if self.first_scalar < SCALARS => {
                let helper = self.rng.u8(self.first_scalar..SCALARS);
                let left = self.expr(depth - 1);
                Expr::Scalar(helper, Box::new(left), Box::new(self.expr(depth - 1)))
            }
            15 if self.kind == Kind::Main && self.rng.bool() => {
                let helper = self.rng.u8(..MEMORIES);
                let (x, o) = (self.array(), self.array());
                Expr::Memory(helper, x, o, Box::new(self.expr(depth - 1)))
            }
            15 if matches!(self.kind, Kind::Main | Kind::Recursive) => {
                Expr::Recurse(Box::new(self.expr(depth - 1)), self.rng.u8(..4))
            }
            _ => self.leaf(),
        }
    }

    fn leaf(&mut self) -> Expr {
        if self.rng.u8(..12) == 0 {
            // Few digits: a person reads the shrunk program.
            return Expr::Constant(f64::from(self.rng.i8(-20..20)) / 16.0);
        }
        if self.rng.u8(..20) == 0 {
            return Expr::Known(self.index());
        }
        Expr::Read(self.place())
    }

    fn place(&mut self) -> Place {
        match self.rng.u8(..10) {
            0..=2 => Place::Local(self.rng.u8(..LOCALS)),
            3 => Place::Field(self.rng.u8(..FIELDS)),
            4 => {
                let index = self.index();
                Place::Item(index, self.rng.u8(..FIELDS))
            }
            5 if self.single => Place::Single(self.index()),
            _ => Place::Cell(self.array(), self.index()),
        }
    }

    fn array(&mut self) -> Array {
        let scratch = Array::Scratch(self.rng.u8(..2));
        let named = match self.kind {
            Kind::Main | Kind::Memory => [Array::X, Array::O, scratch][self.rng.usize(..3)],
            Kind::Scalar | Kind::Recursive | Kind::Pair => scratch,
        };
        match self.rng.u8(..6) {
            0 => Array::Pointer(self.rng.u8(..POINTERS)),
            1 if self.rng.bool() => Array::Through(self.index()),
            _ => named,
        }
    }

    fn index(&mut self) -> Index {
        if self.depth == 0 || self.rng.u8(..4) == 0 {
            return Index::Constant(self.rng.u8(..CELLS as u8));
        }
        let counter = self.rng.u8(..self.depth);
        if self.rng.u8(..4) == 0 {
            Index::Table(counter)
        } else {
            Index::Counter(counter, self.rng.u8(..3))
        }
    }

    fn test(&mut self) -> Test {
        match self.rng.u8(..6) {
            0 if self.depth > 0 => Test::Odd(self.rng.u8(..self.depth)),
            1 => Test::Beyond(self.rng.u8(..4)),
            _ => {
                let left = self.leaf();
                Test::Less(left, self.leaf())
            }
        }
    }
}

fn binary(op: Binary, left: Expr, right: Expr) -> Expr {
    Expr::Binary(op, Box::new(left), Box::new(right))
}
