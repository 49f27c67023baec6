//! How many operations of each kind the programs had: a run that never drew a kind says nothing about it.

use std::collections::BTreeMap;
use std::fmt;

use super::program::*;

/// Counts over the programs of a run.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub drawn: u64,
    pub valid: u64,
    /// Refused programs by what the error says, and the first of them.
    refused: BTreeMap<String, (u64, String)>,
    kinds: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// Counts a refused program under the first line of the error and the reason after it.
    pub fn refuse(&mut self, seed: u64, level: u8, text: &str) {
        let mut told = text.split("error[");
        let error = told
            .nth(1)
            .or(text.split("enzyme-rs: ").nth(1))
            .unwrap_or(text);
        let mut lines = error.lines();
        let head = lines.next().unwrap_or_default();
        let why = lines.find_map(|line| line.trim_start().strip_prefix("= note: "));
        let cause = format!("{head}: {}", why.unwrap_or_default());
        let first = || (0, format!("seed {seed} at -O{level}"));
        self.refused.entry(cause).or_insert_with(first).0 += 1;
    }

    pub fn add(&mut self, program: &Program) {
        for (function, reached) in program.functions.iter().zip(program.reached()) {
            if reached {
                function.visit(&mut |part| {
                    let name = match part {
                        Part::Stmt(stmt) => statement(stmt),
                        Part::Expr(e) => expression(e),
                    };
                    *self.kinds.entry(name).or_default() += 1;
                });
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} programs, of {} drawn, {} of them refused; in them:",
            self.valid,
            self.drawn,
            self.refused.values().map(|(count, _)| count).sum::<u64>()
        )?;
        let kinds: Vec<String> = self.kinds.iter().map(|(k, n)| format!("{k} {n}")).collect();
        write!(f, "  {}", kinds.join(", "))?;
        for (cause, (count, first)) in &self.refused {
            write!(f, "\n  refused {count}, the first {first}: {cause}")?;
        }
        Ok(())
    }
}

fn statement(stmt: &Stmt) -> &'static str {
    match stmt {
        Stmt::Assign(Place::Local(_), _) => "assignment to a local",
        Stmt::Assign(Place::Field(_), _) => "assignment to a struct's field",
        Stmt::Assign(Place::Cell(Array::Pointer(_) | Array::Through(_), _), _) => {
            "store through a pointer"
        }
        Stmt::Assign(Place::Cell(..), _) => "store to an array",
        Stmt::Assign(Place::Item(..), _) => "store to an array of structs",
        Stmt::Assign(Place::Single(_), _) => "store of a float",
        Stmt::If(..) => "if",
        Stmt::For { .. } => "for loop",
        Stmt::While { .. } => "while loop",
        Stmt::Break(_) => "break",
        Stmt::Continue(_) => "continue",
        Stmt::Return(..) => "early return",
        Stmt::Copy(_, _, Way::Whole) => "array copy",
        Stmt::Copy(..) => "array copy by bytes",
        Stmt::Zero(_) => "memset",
        Stmt::Move(..) => "overlapping memmove",
        Stmt::Aim(_, _, None) => "pointer assignment",
        Stmt::Aim(_, _, Some(_)) => "pointer selection",
        Stmt::Enter(..) => "store of a pointer",
        Stmt::Swap => "pointer swap",
        Stmt::AimByCall(..) => "call that returns a pointer",
        Stmt::Switch { .. } => "switch",
        Stmt::CopyItem(..) => "struct copy",
        Stmt::Chain { .. } => "linked list",
        Stmt::Lanes { .. } => "vector operation",
        Stmt::Pair(..) => "call with structs by value",
        Stmt::Grow { .. } => "realloc in a loop",
        Stmt::Complex(..) => "complex numbers",
        Stmt::Tangle { .. } => "irreducible loop",
        Stmt::Bag { .. } => "struct of floats, integers and a pointer by value",
        Stmt::Reuse(..) => "union",
        Stmt::Gather(..) => "index computed from a float",
    }
}

fn expression(e: &Expr) -> &'static str {
    match e {
        Expr::Constant(_) => "constant",
        Expr::Read(Place::Cell(Array::Pointer(_) | Array::Through(_), _)) => {
            "load through a pointer"
        }
        Expr::Read(Place::Item(..)) => "load from an array of structs",
        Expr::Read(Place::Single(_)) => "load of a float",
        Expr::Read(Place::Cell(..)) => "load from an array",
        Expr::Read(Place::Local(_) | Place::Field(_)) => "read of a local",
        Expr::Known(_) => "load from a constant global",
        Expr::Unary(Unary::Long, _) => "long double",
        Expr::Unary(Unary::Whole(_), _) => "float to integer to float",
        Expr::Unary(Unary::Single, _) => "rounding to float",
        Expr::Unary(Unary::BitsNeg | Unary::BitsAbs | Unary::BitsCopy, _) => {
            "integer bits of a float"
        }
        Expr::Unary(..) => "unary function",
        Expr::Binary(Binary::Pow, ..) => "pow",
        Expr::Binary(Binary::Min | Binary::Max, ..) => "min or max",
        Expr::Binary(Binary::Add | Binary::Sub | Binary::Mul | Binary::Div, ..) => "arithmetic",
        Expr::Choose(..) => "choice",
        Expr::Scalar(..) => "scalar call",
        Expr::Memory(_, a, b, _) if a == b => "call with equal arrays",
        Expr::Memory(..) => "call with arrays",
        Expr::Pick(..) => "call through a function pointer",
        Expr::Recurse(..) => "recursive call",
    }
}
