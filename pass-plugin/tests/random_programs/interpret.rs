//! Evaluates a program with dual numbers that carry the derivatives with respect to all inputs at once: the
//! oracle. It shares nothing with the plugin, and checks itself against differences of its own values.

use super::program::*;

/// Inputs of every program: two scalars and two arrays.
pub const INPUTS: usize = 2 + 2 * CELLS;
/// Evaluated expressions after which a program is not accepted.
const MOST_STEPS: u32 = 60_000;
/// A comparison closer than this may go the other way in compiled code; in single precision, closer than that.
const LEAST_MARGIN: f64 = 1e-7;
const LEAST_MARGIN_SINGLE: f64 = 1e-3;
/// A steeper function amplifies rounding until a comparison to nine digits means nothing.
const STEEPEST: f64 = 1e4;

/// Entries of the Jacobian beside zeros and ones, of a program worth compiling.
const LEAST_DEPENDENCE: usize = 24;

/// A value with its gradient.
#[derive(Clone, Copy, Debug)]
struct Dual {
    v: f64,
    d: [f64; INPUTS],
}

impl Dual {
    fn constant(v: f64) -> Dual {
        Dual {
            v,
            d: [0.0; INPUTS],
        }
    }

    /// The result `v` of a function of `self` with slope `k`.
    fn chain(self, v: f64, k: f64) -> Dual {
        Dual {
            v,
            d: self.d.map(|d| k * d),
        }
    }

    /// The result `v` of a function of both with these slopes.
    fn chain2(self, other: Dual, v: f64, k: f64, l: f64) -> Dual {
        Dual {
            v,
            d: std::array::from_fn(|i| k * self.d[i] + l * other.d[i]),
        }
    }

    fn plus(self, other: Dual) -> Dual {
        self.chain2(other, self.v + other.v, 1.0, 1.0)
    }

    fn minus(self, other: Dual) -> Dual {
        self.chain2(other, self.v - other.v, 1.0, -1.0)
    }

    fn times(self, other: Dual) -> Dual {
        self.chain2(other, self.v * other.v, other.v, self.v)
    }

    fn over(self, other: Dual) -> Dual {
        let (x, y) = (self.v, other.v);
        self.chain2(other, x / y, 1.0 / y, -x / (y * y))
    }
}

/// The program's table of constants.
pub const KNOWN: [f64; CELLS] = [0.5, -0.25, 1.0, 0.75, -0.5, 0.125, -1.0, 0.25];

/// What a program computes at its point.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The result, then the final cells of `x` and `o`.
    pub outputs: Vec<f64>,
    /// For each output its gradient.
    pub jacobian: Vec<[f64; INPUTS]>,
}

impl Expected {
    /// Whether enough depends on the inputs for the program to be worth compiling.
    pub fn is_rich(&self) -> bool {
        let entries = self.jacobian.iter().flatten();
        entries.filter(|d| **d != 0.0 && **d != 1.0).count() >= LEAST_DEPENDENCE
    }
}

/// The program's outputs and Jacobian, or why it is not suitable.
pub fn evaluate(program: &Program) -> Result<Expected, &'static str> {
    let (expected, path) = run(program, &program.inputs(), true)?;
    for row in &expected.jacobian {
        if row.iter().any(|d| !d.is_finite() || d.abs() > STEEPEST) {
            return Err("too steep");
        }
    }
    // Differences know nothing of steps as small as those of rounding.
    match program.is_single() {
        true => {
            if let Ok((smooth, path)) = run(program, &program.inputs(), false) {
                check_by_differences(program, &smooth, path)?;
            }
        }
        false => check_by_differences(program, &expected, path)?,
    }
    Ok(expected)
}

/// Differences along one direction, where both neighbours take the same path through the program.
fn check_by_differences(
    program: &Program,
    expected: &Expected,
    path: u64,
) -> Result<(), &'static str> {
    let step = 1e-6;
    let direction: Vec<f64> = (0..INPUTS).map(|i| (1.0 + i as f64).sin()).collect();
    let at = |sign: f64| {
        let inputs: Vec<f64> = program
            .inputs()
            .iter()
            .zip(&direction)
            .map(|(x, v)| x + sign * step * v)
            .collect();
        run(program, &inputs, false)
    };
    let (Ok((below, path_below)), Ok((above, path_above))) = (at(-1.0), at(1.0)) else {
        return Ok(());
    };
    if path_below != path || path_above != path {
        return Ok(());
    }
    for (index, row) in expected.jacobian.iter().enumerate() {
        let exact: f64 = row.iter().zip(&direction).map(|(d, v)| d * v).sum();
        let size: f64 = row.iter().map(|d| d.abs()).sum();
        let slope = (above.outputs[index] - below.outputs[index]) / (2.0 * step);
        assert!(
            (slope - exact).abs() <= 1e-3 * size.max(1.0),
            "the oracle is wrong for seed {}: output {index}: {exact} against {slope}",
            program.seed
        );
    }
    Ok(())
}

/// How what `of` makes of the Jacobian changes along a direction: by differences of exact Jacobians. None where the
/// program takes another path near by, or where differences of two steps do not agree.
pub fn change(
    program: &Program,
    direction: &[f64],
    of: &dyn Fn(&[[f64; INPUTS]]) -> Vec<f64>,
) -> Option<Vec<f64>> {
    let (_, path) = run(program, &program.inputs(), false).ok()?;
    let at = |step: f64| {
        let inputs = program.inputs();
        let moved: Vec<f64> = inputs
            .iter()
            .zip(direction)
            .map(|(x, v)| x + step * v)
            .collect();
        let (there, its_path) = run(program, &moved, false).ok()?;
        (its_path == path).then(|| of(&there.jacobian))
    };
    let slope = |step: f64| -> Option<Vec<f64>> {
        let (below, above) = (at(-step)?, at(step)?);
        let pairs = above.iter().zip(&below);
        Some(pairs.map(|(a, b)| (a - b) / (2.0 * step)).collect())
    };
    let (coarse, fine) = (slope(2e-4)?, slope(1e-4)?);
    let better: Vec<f64> = coarse
        .iter()
        .zip(&fine)
        .map(|(c, f)| (4.0 * f - c) / 3.0)
        .collect();
    let scale = better.iter().fold(1.0f64, |m, v| m.max(v.abs()));
    let near = |(b, f): (&f64, &f64)| (b - f).abs() <= 1e-5 * scale;
    better.iter().zip(&fine).all(near).then_some(better)
}

/// `rounds`: to single precision where the program says so.
fn run(program: &Program, inputs: &[f64], rounds: bool) -> Result<(Expected, u64), &'static str> {
    let mut machine = Machine {
        program,
        rounds,
        margin: match program.is_single() {
            true => LEAST_MARGIN_SINGLE,
            false => LEAST_MARGIN,
        },
        arrays: Vec::new(),
        steps: 0,
        path: 0xcbf2_9ce4_8422_2325,
    };
    let mut seeded = inputs.iter().enumerate().map(|(i, v)| {
        let mut dual = Dual::constant(*v);
        dual.d[i] = 1.0;
        dual
    });
    let mut take = || seeded.next().expect("every program has this many inputs");
    let (a, b) = (take(), take());
    for _ in 0..2 {
        let cells = std::array::from_fn(|_| take());
        machine.arrays.push(cells);
    }
    let (result, _) = machine.call(0, a, b, [0, 1], i64::from(program.n))?;
    let all = std::iter::once(&result).chain(machine.arrays[..2].iter().flatten());
    let (mut outputs, mut jacobian) = (Vec::new(), Vec::new());
    for dual in all {
        outputs.push(dual.v);
        jacobian.push(dual.d);
    }
    Ok((Expected { outputs, jacobian }, machine.path))
}

struct Machine<'a> {
    program: &'a Program,
    rounds: bool,
    margin: f64,
    /// Every array that exists; functions name them by position.
    arrays: Vec<[Dual; CELLS]>,
    steps: u32,
    /// Hash of all decisions taken.
    path: u64,
}

struct Frame<'a> {
    function: &'a Function,
    locals: [Dual; LOCALS as usize],
    fields: [Dual; FIELDS as usize],
    items: [[Dual; FIELDS as usize]; ITEMS],
    singles: [Dual; SINGLES],
    /// Positions of the arrays that the pointer variables, and the entries of the table, point to.
    pointers: [usize; POINTERS as usize],
    table: [usize; POINTERS as usize],
    /// Positions of `x` and `o`.
    parameters: [usize; 2],
    scratch: usize,
    counters: [i64; 4],
    n: i64,
}

/// How a statement ends.
enum Flow {
    Next,
    Break,
    Continue,
    /// The result, and the second field of a pair helper's.
    Return(Box<(Dual, Dual)>),
}

type Step<T> = Result<T, &'static str>;

impl Machine<'_> {
    fn call(
        &mut self,
        function: usize,
        a: Dual,
        b: Dual,
        arrays: [usize; 2],
        n: i64,
    ) -> Step<(Dual, Dual)> {
        let function = &self.program.functions[function];
        if function.kind == Kind::Recursive && n <= 0 {
            return Ok((a, a));
        }
        let scratch = self.arrays.len();
        let difference = a.chain2(b, a.v - b.v, 1.0, -1.0);
        for start in [a, difference] {
            self.arrays.push(std::array::from_fn(|i| {
                let factor = 0.125 * (i + 1) as f64;
                start.chain(factor * start.v, factor)
            }));
        }
        let (one, two) = match function.kind {
            Kind::Main | Kind::Memory => (arrays[0], arrays[1]),
            Kind::Scalar | Kind::Recursive | Kind::Pair => (scratch, scratch + 1),
        };
        let items = std::array::from_fn(|i| {
            let i = i as f64;
            [
                a.chain(0.25 * i * a.v, 0.25 * i),
                b.chain(b.v - 0.5 * i, 1.0),
            ]
        });
        let half = self.rounded(a);
        let mut frame = Frame {
            function,
            items,
            singles: [
                half.chain(0.5 * half.v, 0.5),
                Dual::constant(0.25),
                Dual::constant(-0.5),
                Dual::constant(0.75),
            ],
            pointers: [one, scratch],
            table: [scratch + 1, two],
            locals: [
                a,
                b,
                a.chain2(b, a.v * b.v, b.v, a.v),
                difference,
                a.chain(0.5 * a.v, 0.5),
            ],
            fields: [a, Dual::constant(-0.5)],
            parameters: arrays,
            scratch,
            counters: [0; 4],
            n,
        };
        let result = match self.block(&mut frame, &function.body)? {
            Flow::Return(values) => *values,
            Flow::Next | Flow::Break | Flow::Continue => {
                let value = self.expr(&mut frame, &function.result)?;
                (value, frame.locals[1])
            }
        };
        self.arrays.truncate(scratch);
        Ok(result)
    }

    fn block(&mut self, frame: &mut Frame, body: &[Stmt]) -> Step<Flow> {
        for stmt in body {
            match self.stmt(frame, stmt)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    fn stmt(&mut self, frame: &mut Frame, stmt: &Stmt) -> Step<Flow> {
        match stmt {
            Stmt::Assign(place, e) => {
                let value = self.expr(frame, e)?;
                self.assign(frame, *place, value);
            }
            Stmt::If(test, then, other) => {
                let body = if self.test(frame, test)? { then } else { other };
                return self.block(frame, body);
            }
            Stmt::For {
                depth,
                count,
                down,
                body,
            } => {
                let count = frame.count(*count);
                for trip in 0..count {
                    let counter = if *down { count - 1 - trip } else { trip };
                    frame.counters[usize::from(*depth)] = counter;
                    match self.block(frame, body)? {
                        Flow::Break => break,
                        Flow::Return(values) => return Ok(Flow::Return(values)),
                        Flow::Next | Flow::Continue => {}
                    }
                }
                frame.counters[usize::from(*depth)] = 0;
            }
            Stmt::While {
                depth,
                test,
                at_end,
                body,
            } => {
                let mut trip = 0;
                loop {
                    frame.counters[usize::from(*depth)] = trip;
                    if !at_end && (trip >= i64::from(WHILE_LIMIT) || !self.test(frame, test)?) {
                        break;
                    }
                    match self.block(frame, body)? {
                        Flow::Break => break,
                        Flow::Return(values) => return Ok(Flow::Return(values)),
                        Flow::Next | Flow::Continue => {}
                    }
                    trip += 1;
                    frame.counters[usize::from(*depth)] = trip;
                    if *at_end && (trip >= i64::from(WHILE_LIMIT) || !self.test(frame, test)?) {
                        break;
                    }
                }
                frame.counters[usize::from(*depth)] = 0;
            }
            Stmt::Break(test) => {
                if self.test(frame, test)? {
                    return Ok(Flow::Break);
                }
            }
            Stmt::Continue(test) => {
                if self.test(frame, test)? {
                    return Ok(Flow::Continue);
                }
            }
            Stmt::Return(test, e) => {
                if self.test(frame, test)? {
                    let value = self.expr(frame, e)?;
                    return Ok(Flow::Return(Box::new((value, frame.locals[1]))));
                }
            }
            Stmt::Copy(to, from, _) => {
                let cells = self.arrays[frame.array(self.program, *from)];
                self.arrays[frame.array(self.program, *to)] = cells;
            }
            Stmt::Zero(array) => {
                self.arrays[frame.array(self.program, *array)] = [Dual::constant(0.0); CELLS];
            }
            Stmt::Move(array, to, from, cells) => {
                let [to, from, cells] = [*to, *from, *cells].map(usize::from);
                let array = frame.array(self.program, *array);
                self.arrays[array].copy_within(from..from + cells, to);
            }
            Stmt::Aim(pointer, array, test) => {
                let taken = match test {
                    Some(test) => self.test(frame, test)?,
                    None => true,
                };
                if taken {
                    frame.pointers[usize::from(*pointer)] = frame.array(self.program, *array);
                }
            }
            Stmt::Enter(index, array) => {
                let entry = frame.index(self.program, *index) % frame.table.len();
                frame.table[entry] = frame.array(self.program, *array);
            }
            Stmt::Swap => frame.pointers.swap(0, 1),
            Stmt::AimByCall(pointer, l, r) => {
                let [l, r] = [*l, *r].map(|a| frame.array(self.program, a));
                let (first, second) = (self.arrays[r][0], self.arrays[l][1]);
                self.arrays[r][0] =
                    first.chain2(second, 0.5 * first.v + 0.25 * second.v, 0.5, 0.25);
                frame.pointers[usize::from(*pointer)] = if frame.n > 2 { l } else { r };
            }
            Stmt::Switch { depth, arms, falls } => {
                let on = (frame.counters[usize::from(*depth)] + frame.n) as usize;
                for arm in arms.iter().skip(on % (arms.len() + 1)) {
                    match self.block(frame, arm)? {
                        Flow::Break => break,
                        Flow::Next if *falls => {}
                        Flow::Next => break,
                        other => return Ok(other),
                    }
                }
            }
            Stmt::CopyItem(to, from) => {
                let [to, from] = [*to, *from].map(|i| frame.index(self.program, i) % ITEMS);
                frame.items[to] = frame.items[from];
            }
            Stmt::Chain {
                depth,
                count,
                value,
                to,
            } => {
                let mut values = Vec::new();
                for trip in 0..frame.count(*count) {
                    frame.counters[usize::from(*depth)] = trip;
                    values.push(self.expr(frame, value)?);
                }
                frame.counters[usize::from(*depth)] = 0;
                let mut sum = Dual::constant(0.0);
                for v in values.into_iter().rev() {
                    sum = sum.chain2(v, 0.5 * sum.v + v.v, 0.5, 1.0);
                }
                self.assign(frame, *to, sum);
            }
            Stmt::Lanes {
                to,
                from,
                other,
                second,
                multiply,
            } => {
                let start = if *second { 4 } else { 0 };
                let [to, from, other] = [*to, *from, *other].map(|a| frame.array(self.program, a));
                for i in start..start + 4 {
                    let (l, r) = (self.arrays[from][i], self.arrays[other][i]);
                    self.arrays[to][i] = match *multiply {
                        true => l.chain2(r, 0.5 * (l.v * r.v), 0.5 * r.v, 0.5 * l.v),
                        false => l.chain2(r, 0.5 * (l.v + r.v), 0.5, 0.5),
                    };
                }
            }
            Stmt::Grow {
                depth,
                count,
                value,
                to,
            } => {
                let (mut last, mut sum) = (Dual::constant(0.0), Dual::constant(0.0));
                for trip in 0..frame.count(*count) {
                    frame.counters[usize::from(*depth)] = trip;
                    let value = self.expr(frame, value)?;
                    last = value.chain2(last, value.v + 0.5 * last.v, 1.0, 0.5);
                    sum = sum.plus(last.times(last));
                }
                frame.counters[usize::from(*depth)] = 0;
                self.assign(frame, *to, sum.chain(0.25 * sum.v, 0.25));
            }
            Stmt::Complex(first, second, l, r) => {
                let (a, b) = (self.expr(frame, l)?, self.expr(frame, r)?);
                let shifted = a.plus(Dual::constant(3.0));
                let size = shifted.times(shifted).plus(b.times(b));
                let half = Dual::constant(0.5);
                let real = half.times(a.times(a).minus(b.times(b)));
                let imaginary = a.times(b);
                let real = real.plus(a.times(shifted).plus(b.times(b)).over(size));
                let imaginary = imaginary.plus(b.times(shifted).minus(a.times(b)).over(size));
                self.assign(frame, *first, real);
                self.assign(frame, *second, imaginary);
            }
            Stmt::Tangle {
                depth,
                test,
                trips,
                first,
                second,
            } => {
                let counter = usize::from(*depth);
                frame.counters[counter] = 0;
                let mut begins_inside = self.test(frame, test)?;
                'around: for trip in 0..i64::from(*trips) {
                    frame.counters[counter] = trip;
                    let skipped = std::mem::replace(&mut begins_inside, false);
                    for (part, skipped) in [(first, skipped), (second, false)] {
                        if skipped {
                            continue;
                        }
                        match self.block(frame, part)? {
                            Flow::Break => break 'around,
                            Flow::Return(values) => return Ok(Flow::Return(values)),
                            Flow::Next | Flow::Continue => {}
                        }
                    }
                }
                frame.counters[counter] = 0;
            }
            Stmt::Bag {
                array,
                index,
                value,
                to,
            } => {
                let value = self.expr(frame, value)?;
                let float = self.rounded(value);
                let array = frame.array(self.program, *array);
                let mut at = frame.index(self.program, *index) % CELLS;
                let mut d = frame.locals[0];
                for _ in 0..=frame.n.max(0) {
                    let cells = &mut self.arrays[array];
                    let quarter = Dual::constant(0.25);
                    d = d.times(Dual::constant(0.5)).plus(cells[at].times(quarter));
                    cells[3] = cells[3]
                        .times(Dual::constant(0.5))
                        .plus(float.times(quarter));
                    at = (at + 1) % CELLS;
                }
                let sum = d.plus(self.arrays[array][at]);
                self.assign(frame, *to, sum);
            }
            Stmt::Reuse(to, value) => {
                let value = self.expr(frame, value)?;
                let factor = if (frame.n + 1) & 1 == 1 { 0.5 } else { 1.0 };
                self.assign(frame, *to, value.chain(factor * value.v, factor));
            }
            Stmt::Gather(to, array, value) => {
                let value = self.expr(frame, value)?;
                let index = self.whole(4.0 * value.v + 8.0)? as usize % CELLS;
                let cell = self.arrays[frame.array(self.program, *array)][index];
                self.assign(frame, *to, cell);
            }
            Stmt::Pair(first, second, l, r) => {
                let (l, r) = (self.expr(frame, l)?, self.expr(frame, r)?);
                let (a, b) = self.call(self.program.pair(), l, r, [0, 0], frame.n)?;
                self.assign(frame, *first, a);
                self.assign(frame, *second, b);
            }
        }
        Ok(Flow::Next)
    }

    fn place<'f>(&'f mut self, frame: &'f mut Frame, place: Place) -> &'f mut Dual {
        match place {
            Place::Local(l) => &mut frame.locals[usize::from(l)],
            Place::Field(f) => &mut frame.fields[usize::from(f)],
            Place::Cell(array, index) => {
                let cell = frame.index(self.program, index) % CELLS;
                &mut self.arrays[frame.array(self.program, array)][cell]
            }
            Place::Item(index, f) => {
                let item = frame.index(self.program, index) % ITEMS;
                &mut frame.items[item][usize::from(f)]
            }
            Place::Single(index) => {
                let single = frame.index(self.program, index) % SINGLES;
                &mut frame.singles[single]
            }
        }
    }

    fn assign(&mut self, frame: &mut Frame, place: Place, value: Dual) {
        let value = match place {
            Place::Single(_) => self.rounded(value),
            Place::Local(_) | Place::Field(_) | Place::Cell(..) | Place::Item(..) => value,
        };
        *self.place(frame, place) = value;
    }

    fn rounded(&self, x: Dual) -> Dual {
        match self.rounds {
            true => x.chain(f64::from(x.v as f32), 1.0),
            false => x,
        }
    }

    fn decide(&mut self, taken: bool, margin: f64) -> Step<bool> {
        // A NaN margin is refused as well.
        if !margin.is_finite() || margin.abs() < self.margin {
            return Err("too close to a kink");
        }
        self.path = (self.path ^ u64::from(taken) ^ 2).wrapping_mul(0x0100_0000_01b3);
        Ok(taken)
    }

    /// The integer that C makes of a positive number.
    fn whole(&mut self, x: f64) -> Step<i64> {
        if !(0.0..120.0).contains(&x) {
            return Err("too large for a small integer");
        }
        let below = x.floor();
        self.decide(true, (x - below).min(below + 1.0 - x))?;
        self.path = (self.path ^ below as u64).wrapping_mul(0x0100_0000_01b3);
        Ok(below as i64)
    }

    fn test(&mut self, frame: &mut Frame, test: &Test) -> Step<bool> {
        match test {
            Test::Less(l, r) => {
                let (l, r) = (self.expr(frame, l)?.v, self.expr(frame, r)?.v);
                self.decide(l < r, l - r)
            }
            Test::Odd(d) => Ok(frame.counters[usize::from(*d)] & 1 == 1),
            Test::Beyond(c) => Ok(frame.n > i64::from(*c)),
        }
    }

    fn expr(&mut self, frame: &mut Frame, e: &Expr) -> Step<Dual> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return Err("too long");
        }
        Ok(match e {
            Expr::Constant(c) => Dual::constant(*c),
            Expr::Read(place) => *self.place(frame, *place),
            Expr::Known(index) => Dual::constant(KNOWN[frame.index(self.program, *index) % CELLS]),
            Expr::Unary(op, e) => {
                let e = self.expr(frame, e)?;
                let x = e.v;
                match op {
                    Unary::Neg => e.chain(-x, -1.0),
                    Unary::Sin => e.chain(x.sin(), x.cos()),
                    Unary::Cos => e.chain(x.cos(), -x.sin()),
                    Unary::Tanh => e.chain(x.tanh(), 1.0 - x.tanh() * x.tanh()),
                    Unary::Atan => e.chain(x.atan(), 1.0 / (1.0 + x * x)),
                    Unary::Abs => {
                        let negative = self.decide(x < 0.0, x)?;
                        e.chain(x.abs(), if negative { -1.0 } else { 1.0 })
                    }
                    Unary::Single => self.rounded(e),
                    Unary::BitsNeg => e.chain(-x, -1.0),
                    Unary::BitsAbs => {
                        let negative = self.decide(x < 0.0, x)?;
                        e.chain(x.abs(), if negative { -1.0 } else { 1.0 })
                    }
                    Unary::BitsCopy => e,
                    Unary::Long => e.chain(x.sin(), x.cos()),
                    Unary::Whole(_) => {
                        let whole = self.whole(4.0 * x + 8.0)?;
                        Dual::constant(0.25 * whole as f64 - 2.0)
                    }
                    Unary::ExpSin => e.chain(x.sin().exp(), x.sin().exp() * x.cos()),
                    Unary::Root => {
                        let root = (1.0 + x * x).sqrt();
                        e.chain(root, x / root)
                    }
                    Unary::Log => e.chain((1.0 + x * x).ln(), 2.0 * x / (1.0 + x * x)),
                    Unary::Squash => {
                        let q = 1.0 + x * x;
                        e.chain(x / q, (1.0 - x * x) / (q * q))
                    }
                }
            }
            Expr::Binary(op, l, r) => {
                let (l, r) = (self.expr(frame, l)?, self.expr(frame, r)?);
                let (x, y) = (l.v, r.v);
                match op {
                    Binary::Add => l.chain2(r, x + y, 1.0, 1.0),
                    Binary::Sub => l.chain2(r, x - y, 1.0, -1.0),
                    Binary::Mul => l.chain2(r, x * y, y, x),
                    Binary::Div => {
                        let q = 1.5 + y.sin();
                        l.chain2(r, x / q, 1.0 / q, -x * y.cos() / (q * q))
                    }
                    Binary::Min => match self.decide(x < y, x - y)? {
                        true => l,
                        false => r,
                    },
                    Binary::Max => match self.decide(x > y, x - y)? {
                        true => l,
                        false => r,
                    },
                    Binary::Pow => {
                        let (base, power) = (1.0 + x * x, 0.5 * y.sin());
                        let v = base.powf(power);
                        l.chain2(
                            r,
                            v,
                            power * base.powf(power - 1.0) * 2.0 * x,
                            v * base.ln() * 0.5 * y.cos(),
                        )
                    }
                }
            }
            Expr::Choose(test, l, r) => {
                let taken = self.test(frame, test)?;
                self.expr(frame, if taken { l } else { r })?
            }
            Expr::Scalar(helper, l, r) => {
                let (l, r) = (self.expr(frame, l)?, self.expr(frame, r)?);
                let n = frame.n;
                self.call(self.program.scalar(*helper), l, r, [0, 0], n)?.0
            }
            Expr::Pick(test, l, r) => {
                let helper = if self.test(frame, test)? { 0 } else { 1 };
                let (l, r) = (self.expr(frame, l)?, self.expr(frame, r)?);
                let n = frame.n;
                self.call(self.program.scalar(helper), l, r, [0, 0], n)?.0
            }
            Expr::Memory(helper, x, o, e) => {
                let e = self.expr(frame, e)?;
                let arrays = [*x, *o].map(|a| frame.array(self.program, a));
                let half = Dual::constant(0.5);
                self.call(self.program.memory(*helper), e, half, arrays, frame.n)?
                    .0
            }
            Expr::Recurse(e, levels) => {
                let e = self.expr(frame, e)?;
                let n = match frame.function.kind {
                    Kind::Recursive => frame.n - 1,
                    Kind::Main | Kind::Scalar | Kind::Memory | Kind::Pair => i64::from(*levels),
                };
                let b = frame.locals[1];
                self.call(self.program.recursive(), e, b, [0, 0], n)?.0
            }
        })
    }
}

impl Frame<'_> {
    /// The position of an array.
    fn array(&self, program: &Program, array: Array) -> usize {
        match array {
            Array::X => self.parameters[0],
            Array::O => self.parameters[1],
            Array::Scratch(s) => self.scratch + usize::from(s),
            Array::Pointer(p) => self.pointers[usize::from(p)],
            Array::Through(index) => self.table[self.index(program, index) % self.table.len()],
        }
    }

    fn index(&self, program: &Program, index: Index) -> usize {
        match index {
            Index::Constant(c) => usize::from(c),
            Index::Counter(d, c) => self.counters[usize::from(d)] as usize + usize::from(c),
            Index::Table(d) => {
                let counter = self.counters[usize::from(d)] as usize % CELLS;
                usize::from(program.table[counter])
            }
        }
    }

    fn count(&self, count: Count) -> i64 {
        match count {
            Count::Constant(c) => i64::from(c),
            Count::Parameter => self.n,
            Count::Outer(d) => self.counters[usize::from(d)] + 1,
        }
    }
}
