//! The scalars of a value, as they are put together from those of its parts.

use crate::analysis::cells::{Class, TypeTree};
use crate::analysis::offset::gcd;

/// A scalar of a layout.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scalar {
    pub at: u64,
    pub bytes: u64,
    pub class: Class,
    pub inner: Option<TypeTree>,
    /// Others may live in the same bytes: it is of one variant of several.
    pub shared: bool,
}

impl Scalar {
    pub fn new(at: u64, bytes: u64, class: Class) -> Scalar {
        Scalar {
            at,
            bytes,
            class,
            inner: None,
            shared: false,
        }
    }
}

/// The scalars of a value. `step` 0: each once; otherwise they repeat every `step` bytes, and lie below it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    pub step: u64,
    pub scalars: Vec<Scalar>,
    /// Bytes without a scalar are padding; otherwise nothing is known of them.
    pub complete: bool,
}

impl Layout {
    /// Nothing but padding.
    pub const EMPTY: Layout = Layout {
        step: 0,
        scalars: Vec::new(),
        complete: true,
    };

    /// Nothing is known.
    pub const UNKNOWN: Layout = Layout {
        step: 0,
        scalars: Vec::new(),
        complete: false,
    };

    pub fn of(scalars: Vec<Scalar>) -> Layout {
        Layout {
            scalars,
            ..Layout::EMPTY
        }
    }

    /// The same scalars, so many bytes further.
    pub fn moved(self, by: u64) -> Layout {
        Layout {
            scalars: self
                .scalars
                .into_iter()
                .map(|s| Scalar { at: s.at + by, ..s })
                .collect(),
            ..self
        }
    }

    /// Both, in one value. The result is to be [`folded`](Layout::folded) once all parts are there.
    pub fn and(mut self, other: Layout) -> Layout {
        self.step = gcd(self.step, other.step);
        self.scalars.extend(other.scalars);
        self.complete &= other.complete;
        self
    }

    /// One or the other: bytes that only one of them describes are padding in the other.
    pub fn or(self, other: Layout) -> Layout {
        let mut all = self.and(other);
        for scalar in &mut all.scalars {
            scalar.shared = true;
        }
        all.merged()
    }

    /// The same scalars, repeating every `step` bytes (and as before); unknown where different ones then meet.
    pub fn folded(&self, step: u64) -> Layout {
        let step = gcd(self.step, step);
        if step == 0 {
            return self.clone();
        }
        let mut out = Layout {
            step,
            scalars: Vec::new(),
            complete: self.complete,
        };
        for scalar in &self.scalars {
            let at = scalar.at % step;
            if at + scalar.bytes > step {
                return Layout::UNKNOWN;
            }
            let scalar = Scalar {
                at,
                ..scalar.clone()
            };
            if !out.scalars.contains(&scalar) {
                out.scalars.push(scalar);
            }
        }
        if out.is_disjoint() {
            out
        } else {
            Layout::UNKNOWN
        }
    }

    /// Scalars at the same place become one that may be either; what they lead to is then known of neither.
    fn merged(mut self) -> Layout {
        self.scalars.sort_by_key(|s| s.at);
        let mut out: Vec<Scalar> = Vec::new();
        for scalar in self.scalars {
            match out.last_mut().filter(|last| last.at == scalar.at) {
                None => out.push(scalar),
                Some(last) => {
                    last.class = last.class.join(scalar.class);
                    last.bytes = last.bytes.max(scalar.bytes);
                    if last.inner != scalar.inner {
                        let one_leads_nowhere = last.inner.is_none() || scalar.inner.is_none();
                        let other = last.inner.take().or(scalar.inner);
                        last.inner = other.filter(|_| one_leads_nowhere);
                    }
                }
            }
        }
        self.scalars = out;
        self
    }

    fn is_disjoint(&self) -> bool {
        let mut scalars: Vec<&Scalar> = self.scalars.iter().collect();
        scalars.sort_by_key(|s| (s.at, s.bytes));
        scalars
            .windows(2)
            .all(|w| w[0].at + w[0].bytes <= w[1].at || w[0].shared && w[1].shared)
    }

    /// What no scalar covers below `size`, in aligned pieces of at most a word: where they are and how long.
    pub fn uncovered(&self, size: u64, word: u64) -> Vec<(u64, u64)> {
        let free = |at: u64, bytes: u64| {
            at + bytes <= size
                && self
                    .scalars
                    .iter()
                    .all(|s| at + bytes <= s.at || s.at + s.bytes <= at)
        };
        let (mut at, mut out) = (0, Vec::new());
        while at < size {
            let mut bytes = word;
            while bytes > 1 && !(at % bytes == 0 && free(at, bytes)) {
                bytes /= 2;
            }
            if free(at, bytes) {
                out.push((at, bytes));
            }
            at += bytes;
        }
        out
    }

    pub fn into_tree(mut self) -> Option<TypeTree> {
        self.scalars.sort_by_key(|s| s.at);
        let cells = self
            .scalars
            .into_iter()
            .map(|s| Some((i64::try_from(s.at).ok()?, s.class, s.inner.map(Box::new))))
            .collect::<Option<Vec<_>>>()?;
        (!cells.is_empty()).then_some(TypeTree {
            weak: false,
            complete: self.complete,
            step: self.step,
            cells,
            ..TypeTree::default()
        })
    }
}

/// How many cells a tree has, with those behind its pointers.
pub fn weight(tree: &TypeTree) -> u64 {
    tree.cells
        .iter()
        .map(|(_, _, inner)| 1 + inner.as_deref().map_or(0, weight))
        .sum()
}
