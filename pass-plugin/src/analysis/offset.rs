//! Byte offsets of pointers into objects: one number, or one number modulo a step.

use crate::ir::{Body, CastKind, IntBin, Op, ValueId};

/// The set `{ at + k·step }`; `step` 0: exactly `at`. With `inner`, plus multiples of that which stay in an array of the
/// object around `at`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub struct Offset {
    pub at: i64,
    pub step: u64,
    pub inner: u64,
}

impl Offset {
    pub const ZERO: Offset = Offset::exact(0);

    const fn exact(at: i64) -> Offset {
        Offset {
            at,
            step: 0,
            inner: 0,
        }
    }

    /// Any byte.
    pub fn anywhere() -> Offset {
        Offset::ZERO.widen(1)
    }

    fn normal(self) -> Offset {
        match self.step {
            0 => self,
            step => Offset {
                at: self.at.rem_euclid(step as i64),
                ..self
            },
        }
    }

    pub fn plus(self, k: i64) -> Offset {
        // What begins in an array stays there: `at` is any of its elements, so it need not go before the first.
        let k = match self.inner {
            0 => k,
            inner => k.rem_euclid(inner as i64),
        };
        let at = self.at.wrapping_add(k);
        Offset { at, ..self }.normal()
    }

    /// Plus any multiple of `step`.
    pub fn widen(self, step: u64) -> Offset {
        let step = gcd(self.step, step);
        Offset { step, ..self }.normal()
    }

    /// Plus any multiple of `step` that stays in the array around it.
    pub fn within(self, step: u64) -> Offset {
        let inner = gcd(self.inner, step);
        Offset { inner, ..self }
    }

    /// The smallest such set that holds both; steps only shrink to divisors, so chains are short.
    pub fn join(self, other: Offset) -> Offset {
        let step = gcd(gcd(self.step, other.step), self.at.abs_diff(other.at));
        let inner = gcd(self.inner, other.inner);
        Offset {
            step,
            inner,
            ..self
        }
        .normal()
    }

    /// A number that divides the difference of any two of them.
    pub fn stride(self) -> u64 {
        gcd(self.step, self.inner)
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
        // What wraps around stays a multiple of powers of two only.
        Some(Op::Cast(CastKind::ZExt | CastKind::SExt, x)) => even(factor(body, *x, fuel - 1)),
        Some(Op::IntBin(IntBin::Or, a, b)) => {
            let even = |x: ValueId| match body.const_int(x) {
                Some(0) => 0,
                _ => even(factor(body, x, fuel - 1)),
            };
            match (even(*a), even(*b)) {
                (0, n) | (n, 0) => n.max(1),
                (a, b) => a.min(b),
            }
        }
        Some(Op::Phi(incoming)) => match counted(body, v) {
            Some((first, step)) => gcd(first, step).max(1),
            None => incoming
                .iter()
                .fold(0, |g, (_, x)| match body.const_int(*x) {
                    Some(0) => g,
                    _ => gcd(g, factor(body, *x, fuel.saturating_sub(2))),
                })
                .max(1),
        },
        _ => 1,
    }
}

/// The largest power of two that divides a number.
fn even(n: u64) -> u64 {
    1 << n.trailing_zeros().min(63)
}

/// A phi that begins at a number and goes up or down by multiples of a step: that number, and the step.
pub fn counted(body: &Body, v: ValueId) -> Option<(u64, u64)> {
    let Some(Op::Phi(incoming)) = body.op(v) else {
        return None;
    };
    let (mut first, mut step) = (None, 0);
    for (_, x) in incoming {
        if let Some(n) = body.const_int(*x) {
            let n = u64::try_from(n).ok()?;
            if *first.get_or_insert(n) != n {
                return None;
            }
            continue;
        }
        let Some(Op::IntBin(IntBin::Add, a, b)) = body.op(*x) else {
            return None;
        };
        let by = match (*a == v, *b == v) {
            (true, false) => body.const_int(*b)?,
            (false, true) => body.const_int(*a)?,
            _ => return None,
        };
        step = gcd(step, u64::try_from(by.unsigned_abs()).ok()?);
    }
    first.filter(|_| step != 0).map(|first| (first, step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_find_the_common_step() {
        let eight = Offset::ZERO.plus(8);
        assert_eq!(Offset::ZERO.join(eight), Offset::ZERO.widen(8));
        assert_eq!(eight.join(eight), eight);
        let field = Offset::ZERO.widen(24).plus(16);
        assert_eq!(field.join(Offset::exact(40)), field);
        assert_eq!(field.plus(24), field);
        assert_eq!(Offset::ZERO.widen(24).widen(16), Offset::ZERO.widen(8));
    }

    #[test]
    fn elements_stay_in_their_array() {
        let element = Offset::exact(16).within(8);
        assert_eq!(element.plus(-8), element);
        assert_eq!(element.plus(12).at, 20);
        assert_eq!(element.join(Offset::exact(16)), element);
    }
}
