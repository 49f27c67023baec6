//! The derivative rules, declared once as partial derivatives.
//!
//! `table.rs` says in maths what the partial derivatives of each function are; forward mode evaluates them
//! ([`Expr::eval_times`] of each tangent, summed), reverse mode adds the same terms to the adjoints of the operands,
//! and the primal values that the adjoint needs are the names in the formula ([`Expr::needs`]). `inactive.rs`
//! declares the functions that have no derivative. A function in neither is an error elsewhere: refuse, never guess.
//!
//! What stands where: `expr.rs` the formulas and their evaluation, `calls.rs` the functions that formulas may call,
//! `parse.rs` the reader of the table, `table.rs` the rules and the policy for points without a derivative,
//! `names.rs` the spellings of function names, `runtime.ll` functions of ours that generated code calls.
//!
//! A name alone doesn't make a function what the rule takes it for. The caller checks that the function has no body of
//! its own (unless [`Form::Runtime`]), and that its parameters and result have the kinds and the float type that
//! [`FunctionRule`] tells.

mod calls;
mod expr;
mod inactive;
mod names;
mod parse;
mod table;

#[cfg(test)]
mod tests;

pub use calls::{CALLEES, Callee, LAST, Lowering};
pub use expr::{Arith, Binary, Expr, Kind, Needs, Predicate};
pub use inactive::{Inactive, inactive_function, is_reserved};
pub use names::{FloatType, Form};

use std::collections::HashMap;
use std::sync::OnceLock;

/// Our own functions that rules call (`enzyme_rs.digamma.f64` and its kind), as textual LLVM IR for any target. The
/// emitter links it into a module in which a rule called a function with [`Lowering::Runtime`], and makes what it
/// linked internal.
pub const RUNTIME_IR: &str = include_str!("runtime.ll");

/// The names of the functions in [`RUNTIME_IR`].
pub fn runtime_functions() -> impl Iterator<Item = &'static str> {
    RUNTIME_IR
        .lines()
        .filter(|line| line.starts_with("define "))
        .filter_map(|line| line.split_once('@')?.1.split('(').next())
}

/// What an argument or a result of a primal function is to its derivative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// A float that carries a derivative.
    Float,
    /// A float that never carries one, such as the sign donor of `copysign`.
    FloatInactive,
    /// An integer.
    Int,
}

/// A result as the table declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResultSpec {
    /// [`ParamKind::Float`] or [`ParamKind::Int`].
    pub kind: ParamKind,
    /// Whether the C function stores it through a pointer.
    pub out: bool,
}

/// Where a call leaves one of its results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is the value of the call.
    Return,
    /// It is element `k` of the aggregate (or, by some ABIs for complex numbers, the vector) that the call returns.
    Field(usize),
    /// It is stored through argument `i` of the call, a pointer (null is not excluded by the rule).
    Pointer(usize),
}

/// The partial derivatives of one function or instruction.
#[derive(Clone, Debug)]
pub struct Rule {
    id: usize,
    names: Vec<&'static str>,
    params: Vec<ParamKind>,
    results: Vec<ResultSpec>,
    partials: Vec<Vec<Expr>>,
}

impl Rule {
    /// The number of the row, as in [`rows`].
    pub fn id(&self) -> usize {
        self.id
    }

    /// The first name of the row, such as `sin` or `%fadd`.
    pub fn name(&self) -> &'static str {
        self.names[0]
    }

    /// The parameters. They are the leading arguments of the call; pointers to results follow them.
    pub fn params(&self) -> &[ParamKind] {
        &self.params
    }

    /// The results: one, except for functions such as `sincos`.
    pub fn results(&self) -> &[ResultSpec] {
        &self.results
    }

    /// The derivative of the only (or first) result with respect to parameter `i`; zero if that is not active.
    pub fn partial(&self, i: usize) -> &Expr {
        self.partial_of(0, i)
    }

    /// The derivative of result `k` with respect to parameter `i`.
    pub fn partial_of(&self, k: usize, i: usize) -> &Expr {
        &self.partials[k][i]
    }

    /// The derivative with respect to parameter `i` where that is a constant: for ±1 no multiplication is needed.
    pub fn is_linear_constant(&self, i: usize) -> Option<f64> {
        self.partial(i).as_constant()
    }

    /// The primal values that the derivative with respect to the parameters chosen by `active` reads.
    pub fn needs(&self, active: impl Fn(usize) -> bool) -> Needs {
        let of_row = |row: &Vec<Expr>| {
            let chosen = row.iter().enumerate().filter(|(i, _)| active(*i));
            chosen.fold(Needs::default(), |set, (_, partial)| set | partial.needs())
        };
        self.partials
            .iter()
            .fold(Needs::default(), |set, row| set | of_row(row))
    }
}

/// A function found by name.
#[derive(Clone, Copy, Debug)]
pub struct FunctionRule {
    /// Its partial derivatives.
    pub rule: &'static Rule,
    /// The float type that the name tells; `None` for intrinsics, whose type is that of their operands.
    pub float: Option<FloatType>,
    /// Which convention the name belongs to.
    pub form: Form,
}

impl FunctionRule {
    /// Where the call leaves result `k`.
    pub fn place(&self, k: usize) -> Place {
        let results = self.rule.results();
        let pointers = |r: &&ResultSpec| r.out && self.form != Form::Intrinsic;
        if pointers(&&results[k]) {
            return Place::Pointer(
                self.rule.params.len() + results[..k].iter().filter(pointers).count(),
            );
        }
        let returned = results.iter().filter(|r| !pointers(r)).count();
        if returned == 1 {
            Place::Return
        } else {
            Place::Field(k)
        }
    }

    /// How many arguments a call of it has, pointers to results included.
    pub fn arity(&self) -> usize {
        let results = 0..self.rule.results().len();
        self.rule.params.len()
            + results
                .filter(|&k| matches!(self.place(k), Place::Pointer(_)))
                .count()
    }
}

/// An instruction with a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Neg,
}

struct Table {
    rules: Vec<Rule>,
    names: HashMap<String, (usize, FloatType, Form)>,
    /// Intrinsics by the part of their name between `llvm.` and the types.
    intrinsics: HashMap<&'static str, usize>,
    ops: HashMap<&'static str, usize>,
}

/// The rules, read from their text at first use; a constant from then on.
fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut rules = read_rules()
            .unwrap_or_else(|why| panic!("the table of derivative rules is malformed: {why}"));
        mutate(&mut rules);
        Table::new(rules)
            .unwrap_or_else(|why| panic!("the table of derivative rules is malformed: {why}"))
    })
}

fn read_rules() -> Result<Vec<Rule>, String> {
    let mut rules = Vec::new();
    for text in table::SECTIONS {
        rules.extend(parse::section(text, rules.len())?);
    }
    Ok(rules)
}

impl Table {
    fn new(rules: Vec<Rule>) -> Result<Self, String> {
        let mut table = Self {
            rules,
            names: HashMap::new(),
            intrinsics: HashMap::new(),
            ops: HashMap::new(),
        };
        for rule in &table.rules {
            for &name in &rule.names {
                let previous = if let Some(op) = name.strip_prefix('%') {
                    table.ops.insert(op, rule.id)
                } else if let Some(base) = name.strip_prefix("llvm.") {
                    table.intrinsics.insert(base, rule.id)
                } else {
                    for (spelling, float, form) in names::spellings(name) {
                        if table
                            .names
                            .insert(spelling.clone(), (rule.id, float, form))
                            .is_some()
                        {
                            return Err(format!("`{spelling}` is declared twice"));
                        }
                    }
                    if name.contains(['?', '.']) {
                        None
                    } else {
                        table.intrinsics.insert(name, rule.id)
                    }
                };
                if previous.is_some() {
                    return Err(format!("`{name}` is declared twice"));
                }
            }
        }
        Ok(table)
    }
}

/// The rule of a function, by the name of its symbol: a C function of any width (`sin`, `sinf`, `sinl`), one of its
/// aliases, an LLVM intrinsic (`llvm.sin.v2f64`), or a function of our runtime.
pub fn lookup_function(name: &str) -> Option<FunctionRule> {
    let table = table();
    if let Some(rest) = name.strip_prefix("llvm.") {
        // The name ends where the types begin, and it may have dots of its own (`arithmetic.fence`).
        let ends = rest
            .match_indices('.')
            .map(|(at, _)| at)
            .chain([rest.len()]);
        let id = ends
            .filter_map(|end| table.intrinsics.get(&rest[..end]))
            .next()?;
        let rule = &table.rules[*id];
        return Some(FunctionRule {
            rule,
            float: None,
            form: Form::Intrinsic,
        });
    }
    let &(id, float, form) = table.names.get(name)?;
    Some(FunctionRule {
        rule: &table.rules[id],
        float: Some(float),
        form,
    })
}

/// The rule of a floating-point instruction.
pub fn lookup_op(op: FloatOp) -> &'static Rule {
    let name = match op {
        FloatOp::Add => "fadd",
        FloatOp::Sub => "fsub",
        FloatOp::Mul => "fmul",
        FloatOp::Div => "fdiv",
        FloatOp::Rem => "frem",
        FloatOp::Neg => "fneg",
    };
    let table = table();
    &table.rules[table.ops[name]]
}

/// All rules, by number: what `cargo xtask mutate` goes through.
pub fn rows() -> impl Iterator<Item = (usize, &'static str)> {
    table().rules.iter().map(|rule| (rule.id, rule.name()))
}

/// Flips the sign of every partial of the row that `ENZYME_RS_MUTATE` numbers, to see whether the tests notice.
#[cfg(feature = "mutate")]
fn mutate(rules: &mut [Rule]) {
    let Ok(row) = std::env::var("ENZYME_RS_MUTATE") else {
        return;
    };
    let row: usize = row
        .parse()
        .unwrap_or_else(|_| panic!("ENZYME_RS_MUTATE={row} is not a row number"));
    let count = rules.len();
    let rule = rules
        .get_mut(row)
        .unwrap_or_else(|| panic!("ENZYME_RS_MUTATE={row}: there are {count} rows"));
    flip_sign(rule);
}

#[cfg(not(feature = "mutate"))]
fn mutate(_: &mut [Rule]) {}

/// Negates every partial derivative of a rule.
#[cfg(any(test, feature = "mutate"))]
fn flip_sign(rule: &mut Rule) {
    for partial in rule.partials.iter_mut().flatten() {
        *partial = parse::negated(partial.clone());
    }
}
