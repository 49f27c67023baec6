//! Byte offsets of pointers into objects: one number, or one number modulo a step.

use crate::ir::{Body, IntBin, Op, ValueId};

/// The set `{ at + k·step }`; `step` 0: exactly `at`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Offset {
    pub at: i64,
    pub step: u64,
}

impl Offset {
    pub const ZERO: Offset = Offset { at: 0, step: 0 };

    /// Any byte.
    pub fn anywhere() -> Offset {
        Offset { at: 0, step: 1 }
    }

    fn normal(at: i64, step: u64) -> Offset {
        if step == 0 {
            Offset { at, step }
        } else {
            Offset {
                at: at.rem_euclid(step as i64),
                step,
            }
        }
    }

    pub fn plus(self, k: i64) -> Offset {
        Offset::normal(self.at.wrapping_add(k), self.step)
    }

    /// Plus any multiple of `step`.
    pub fn widen(self, step: u64) -> Offset {
        Offset::normal(self.at, gcd(self.step, step))
    }

    /// The smallest such set that holds both; the step only shrinks to a divisor, so chains are short.
    pub fn join(self, other: Offset) -> Offset {
        let step = gcd(gcd(self.step, other.step), self.at.abs_diff(other.at));
        Offset::normal(self.at, step)
    }
}

/// Greatest common divisor; 0 is neutral.
pub fn gcd(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A number that divides every value `v` can take.
pub fn factor(body: &Body, v: ValueId, fuel: u32) -> u64 {
    if let Some(n) = body.const_int(v) {
        return u64::try_from(n.unsigned_abs()).unwrap_or(1).max(1);
    }
    if fuel == 0 {
        return 1;
    }
    match body.op(v) {
        Some(Op::IntBin(IntBin::Mul, a, b)) => {
            factor(body, *a, fuel - 1).saturating_mul(factor(body, *b, fuel - 1))
        }
        Some(Op::IntBin(IntBin::Shl, a, b)) => match body.const_int(*b) {
            Some(k @ 0..=62) => factor(body, *a, fuel - 1).saturating_mul(1 << k),
            _ => 1,
        },
        Some(Op::IntBin(IntBin::Add | IntBin::Sub, a, b)) => {
            let zero = |x: &ValueId| body.const_int(*x) == Some(0);
            match (zero(a), zero(b)) {
                (true, _) => factor(body, *b, fuel - 1),
                (_, true) => factor(body, *a, fuel - 1),
                _ => gcd(factor(body, *a, fuel - 1), factor(body, *b, fuel - 1)),
            }
        }
        Some(Op::Phi(incoming)) => incoming
            .iter()
            .fold(0, |g, (_, x)| match body.const_int(*x) {
                Some(0) => g,
                _ => gcd(g, factor(body, *x, fuel.saturating_sub(2))),
            })
            .max(1),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_find_the_common_step() {
        let eight = Offset::ZERO.plus(8);
        assert_eq!(Offset::ZERO.join(eight), Offset { at: 0, step: 8 });
        assert_eq!(eight.join(eight), eight);
        let field = Offset { at: 16, step: 24 };
        assert_eq!(field.join(Offset { at: 40, step: 0 }), field);
        assert_eq!(field.plus(24), field);
        assert_eq!(Offset::ZERO.widen(24).widen(16), Offset { at: 0, step: 8 });
    }
}
