//! Makes a failing program smaller by greedy deletion: as long as some single simplification keeps the
//! failure, take it.

use std::time::{Duration, Instant};

use super::interpret;
use super::program::*;

/// Shrinks `program` while `fails` holds, for at most `time`.
pub fn shrink(
    mut program: Program,
    time: Duration,
    fails: &mut dyn FnMut(&Program) -> bool,
) -> Program {
    let end = Instant::now() + time;
    let mut edit = 0;
    while Instant::now() < end {
        let mut candidate = program.clone();
        let mut editor = Editor { left: edit };
        if !editor.program(&mut candidate) {
            // No edit of that number: all of them have been tried since the last success or before it.
            break;
        }
        edit += 1;
        if interpret::evaluate(&candidate).is_err() {
            continue;
        }
        if fails(&candidate) {
            program = candidate;
            // The edits before this one failed a moment ago, and mostly still do.
            edit = edit.saturating_sub(2);
        }
    }
    program
}

/// Applies the edit of a given number in a fixed walk over the program.
struct Editor {
    left: usize,
}

impl Editor {
    /// Whether this is the moment to edit.
    fn now(&mut self) -> bool {
        if self.left == 0 {
            return true;
        }
        self.left -= 1;
        false
    }

    fn program(&mut self, program: &mut Program) -> bool {
        for function in &mut program.functions {
            if !function.body.is_empty() && self.now() {
                function.body.clear();
                return true;
            }
            if self.block(&mut function.body) || self.expr(&mut function.result) {
                return true;
            }
            if function.heap && self.now() {
                function.heap = false;
                return true;
            }
        }
        false
    }

    fn block(&mut self, body: &mut Vec<Stmt>) -> bool {
        for index in 0..body.len() {
            if self.now() {
                body.remove(index);
                return true;
            }
            // A body may stand in for the statement around it, unless a break would lose its loop.
            let inner = match &body[index] {
                Stmt::If(_, then, other) => Some((then.clone(), other.clone())),
                Stmt::For { body, .. } | Stmt::While { body, .. } if !jumps(body) => {
                    Some((body.clone(), Vec::new()))
                }
                Stmt::Switch { arms, .. } if !arms.iter().any(|arm| jumps(arm)) => {
                    Some((arms.concat(), Vec::new()))
                }
                Stmt::Tangle { first, second, .. } if !jumps(first) && !jumps(second) => {
                    Some((first.clone(), second.clone()))
                }
                Stmt::Assign(..)
                | Stmt::Grow { .. }
                | Stmt::Complex(..)
                | Stmt::Tangle { .. }
                | Stmt::Bag { .. }
                | Stmt::Reuse(..)
                | Stmt::Gather(..)
                | Stmt::For { .. }
                | Stmt::While { .. }
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Return(..)
                | Stmt::Copy(..)
                | Stmt::Zero(_)
                | Stmt::Move(..)
                | Stmt::Aim(..)
                | Stmt::Enter(..)
                | Stmt::Swap
                | Stmt::AimByCall(..)
                | Stmt::Switch { .. }
                | Stmt::CopyItem(..)
                | Stmt::Chain { .. }
                | Stmt::Lanes { .. }
                | Stmt::Pair(..) => None,
            };
            if let Some((first, second)) = inner {
                for part in [first, second] {
                    if !part.is_empty() && self.now() {
                        body.splice(index..=index, part);
                        return true;
                    }
                }
            }
            let done = match &mut body[index] {
                Stmt::Assign(_, e)
                | Stmt::Bag { value: e, .. }
                | Stmt::Reuse(_, e)
                | Stmt::Gather(_, _, e) => self.expr(e),
                Stmt::Tangle {
                    test,
                    first,
                    second,
                    ..
                } => self.test(test) || self.block(first) || self.block(second),
                Stmt::If(test, then, other) => {
                    self.test(test) || self.block(then) || self.block(other)
                }
                Stmt::For { count, body, .. } => {
                    if !matches!(count, Count::Constant(1 | 2)) && self.now() {
                        *count = Count::Constant(2);
                        return true;
                    }
                    self.block(body)
                }
                Stmt::While { test, body, .. } => self.test(test) || self.block(body),
                Stmt::Break(test) | Stmt::Continue(test) => self.test(test),
                Stmt::Return(test, e) => self.test(test) || self.expr(e),
                Stmt::Aim(pointer, array, test) => match test {
                    Some(inner) => {
                        if self.now() {
                            body[index] = Stmt::Aim(*pointer, *array, None);
                            return true;
                        }
                        self.test(inner)
                    }
                    None => false,
                },
                Stmt::Chain { count, value, .. } | Stmt::Grow { count, value, .. } => {
                    if !matches!(count, Count::Constant(1 | 2)) && self.now() {
                        *count = Count::Constant(2);
                        return true;
                    }
                    self.expr(value)
                }
                Stmt::Switch { arms, .. } => arms.iter_mut().any(|arm| self.block(arm)),
                Stmt::Pair(_, _, l, r) | Stmt::Complex(_, _, l, r) => self.expr(l) || self.expr(r),
                Stmt::Copy(..)
                | Stmt::Zero(_)
                | Stmt::Move(..)
                | Stmt::Enter(..)
                | Stmt::Swap
                | Stmt::AimByCall(..)
                | Stmt::CopyItem(..)
                | Stmt::Lanes { .. } => false,
            };
            if done {
                return true;
            }
        }
        false
    }

    fn test(&mut self, test: &mut Test) -> bool {
        match test {
            Test::Less(l, r) => self.expr(l) || self.expr(r),
            Test::Odd(_) | Test::Beyond(_) => false,
        }
    }

    fn expr(&mut self, e: &mut Expr) -> bool {
        let children: Vec<Expr> = match e {
            Expr::Constant(_) => return false,
            Expr::Read(_) | Expr::Known(_) => Vec::new(),
            Expr::Unary(_, x) | Expr::Memory(_, _, _, x) | Expr::Recurse(x, _) => {
                vec![(**x).clone()]
            }
            Expr::Binary(_, l, r)
            | Expr::Choose(_, l, r)
            | Expr::Pick(_, l, r)
            | Expr::Scalar(_, l, r) => {
                vec![(**l).clone(), (**r).clone()]
            }
        };
        if self.now() {
            *e = Expr::Constant(0.5);
            return true;
        }
        for child in children {
            if self.now() {
                *e = child;
                return true;
            }
        }
        match e {
            Expr::Constant(_) | Expr::Read(_) | Expr::Known(_) => false,
            Expr::Unary(_, x) | Expr::Memory(_, _, _, x) | Expr::Recurse(x, _) => self.expr(x),
            Expr::Binary(_, l, r) | Expr::Scalar(_, l, r) => self.expr(l) || self.expr(r),
            Expr::Choose(test, l, r) | Expr::Pick(test, l, r) => {
                self.test(test) || self.expr(l) || self.expr(r)
            }
        }
    }
}

/// Whether the statements leave the loop or the switch that they are directly in, or go on with a loop.
fn jumps(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| match stmt {
        Stmt::Break(_) | Stmt::Continue(_) => true,
        Stmt::If(_, then, other) => jumps(then) || jumps(other),
        Stmt::Switch { arms, .. } => arms.iter().any(|arm| jumps(arm)),
        // A break in it is its own, and so is what `continue` would be.
        Stmt::Tangle { .. }
        | Stmt::Grow { .. }
        | Stmt::Complex(..)
        | Stmt::Bag { .. }
        | Stmt::Reuse(..)
        | Stmt::Gather(..)
        | Stmt::Assign(..)
        | Stmt::For { .. }
        | Stmt::While { .. }
        | Stmt::Return(..)
        | Stmt::Copy(..)
        | Stmt::Zero(_)
        | Stmt::Move(..)
        | Stmt::Aim(..)
        | Stmt::Enter(..)
        | Stmt::Swap
        | Stmt::AimByCall(..)
        | Stmt::CopyItem(..)
        | Stmt::Chain { .. }
        | Stmt::Lanes { .. }
        | Stmt::Pair(..) => false,
    })
}
