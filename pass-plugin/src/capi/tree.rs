//! Type trees as libEnzyme's C API has them: what is at each offset of a value, and behind the pointers in it.
//!
//! A tree maps paths of byte offsets to kinds of data: `[]` is the whole value, `[8]` what begins at its byte 8, `[8,0]`
//! what begins at byte 0 behind the pointer there. The offset -1 stands for every offset. They come from a compiler, as
//! text in the attribute `enzyme_type`; [`crate::analysis`] has its own form of what is known of memory.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::fmt;

/// What is at a place. The numbers are those of the C API's `CConcreteType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concrete {
    /// Data that is valid as any kind, such as zeros.
    Anything,
    Integer,
    Pointer,
    Half,
    Float,
    Double,
    X86Fp80,
    BFloat16,
    Fp128,
}

impl Concrete {
    /// `None` for the number of "unknown", which no tree holds, and for numbers that mean nothing.
    pub fn from_number(number: u32) -> Option<Concrete> {
        match number {
            0 => Some(Concrete::Anything),
            1 => Some(Concrete::Integer),
            2 => Some(Concrete::Pointer),
            3 => Some(Concrete::Half),
            4 => Some(Concrete::Float),
            5 => Some(Concrete::Double),
            7 => Some(Concrete::X86Fp80),
            8 => Some(Concrete::BFloat16),
            9 => Some(Concrete::Fp128),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Concrete::Anything => "Anything",
            Concrete::Integer => "Integer",
            Concrete::Pointer => "Pointer",
            Concrete::Half => "Float@half",
            Concrete::Float => "Float@float",
            Concrete::Double => "Float@double",
            Concrete::X86Fp80 => "Float@fp80",
            Concrete::BFloat16 => "Float@bf16",
            Concrete::Fp128 => "Float@fp128",
        }
    }

    /// Bytes from one to the next where "every offset" holds a row of these; integers are told byte by byte.
    fn step(self, pointer: i64) -> i64 {
        match self {
            Concrete::Anything | Concrete::Integer => 1,
            Concrete::Pointer => pointer,
            Concrete::Half | Concrete::BFloat16 => 2,
            Concrete::Float => 4,
            Concrete::Double => 8,
            Concrete::X86Fp80 | Concrete::Fp128 => 16,
        }
    }
}

/// A type tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    known: BTreeMap<Vec<i64>, Concrete>,
}

impl Tree {
    /// A value that is of one kind altogether.
    pub fn of(kind: Concrete) -> Tree {
        Tree {
            known: BTreeMap::from([(Vec::new(), kind)]),
        }
    }

    /// Says what is at a place. "Anything" stays what it is; two kinds that exclude each other leave nothing known there.
    /// Returns whether the tree changed.
    pub fn insert(&mut self, path: &[i64], kind: Concrete) -> bool {
        match self.known.get(path).copied() {
            Some(there) if there == kind || there == Concrete::Anything => false,
            Some(_) if kind != Concrete::Anything => self.known.remove(path).is_some(),
            _ => {
                self.known.insert(path.to_vec(), kind);
                true
            }
        }
    }

    /// Adds what another tree knows; returns whether that was news.
    pub fn merge(&mut self, other: &Tree) -> bool {
        let mut changed = false;
        for (path, kind) in &other.known {
            changed |= self.insert(path, *kind);
        }
        changed
    }

    /// The tree of a value that holds this one at an offset.
    pub fn only(&self, offset: i64) -> Tree {
        let known = self.known.iter().map(|(path, kind)| {
            let mut longer = vec![offset];
            longer.extend(path);
            (longer, *kind)
        });
        Tree {
            known: known.collect(),
        }
    }

    /// The tree of what is at the start of the value.
    pub fn data0(&self) -> Tree {
        let mut out = Tree::default();
        for (path, kind) in &self.known {
            if let [0 | -1, rest @ ..] = path.as_slice() {
                out.insert(rest, *kind);
            }
        }
        out
    }

    /// The part from `offset`, `max_size` bytes of it (-1: all that there is), moved to `add`. Where the part has an end,
    /// "every offset" is spelt out, because it does not hold beyond.
    pub fn shift(&self, offset: i64, max_size: i64, add: u64, pointer: i64) -> Tree {
        let add = i64::try_from(add).unwrap_or(i64::MAX);
        let mut out = Tree::default();
        for (path, kind) in &self.known {
            let [first, rest @ ..] = path.as_slice() else {
                out.insert(path, *kind);
                continue;
            };
            let mut put = |at: i64| {
                let mut moved = vec![at];
                moved.extend(rest);
                out.insert(&moved, *kind);
            };
            match *first {
                -1 if max_size < 0 => put(-1),
                -1 => {
                    // What is at each pointer of a row tells how far apart the pointers are.
                    let step = if rest.is_empty() {
                        kind.step(pointer)
                    } else {
                        pointer
                    };
                    let begin = (step - offset.rem_euclid(step)) % step;
                    (begin..max_size)
                        .step_by(usize::try_from(step).unwrap_or(1))
                        .for_each(|at| put(at + add));
                }
                at if at < offset || (max_size >= 0 && at >= offset + max_size) => {}
                at => put(at - offset + add),
            }
        }
        out
    }
}

/// Bytes of a pointer, from LLVM's text of a data layout: eight unless it says otherwise.
pub fn pointer_size(layout: &str) -> i64 {
    let bits = layout
        .split('-')
        .find_map(|part| part.strip_prefix("p:"))
        .and_then(|sizes| sizes.split(':').next()?.parse::<i64>().ok());
    bits.map_or(8, |bits| bits / 8)
}

/// The grammar of the attribute `enzyme_type`.
impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (i, (path, kind)) in self.known.iter().enumerate() {
            let path: Vec<String> = path.iter().map(i64::to_string).collect();
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}[{}]:{}", path.join(","), kind.name())?;
        }
        f.write_str("}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubles() -> Tree {
        Tree::of(Concrete::Double).only(-1)
    }

    #[test]
    fn a_struct_of_two_doubles_and_an_integer() {
        let mut point = Tree::default();
        point.merge(&Tree::of(Concrete::Double).only(0));
        point.merge(&Tree::of(Concrete::Double).only(8));
        point.merge(&Tree::of(Concrete::Integer).only(16));
        let tail = point.shift(8, -1, 0, 8);
        assert_eq!(tail.to_string(), "{[0]:Float@double, [8]:Integer}");
        assert_eq!(point.shift(0, 8, 24, 8).to_string(), "{[24]:Float@double}");
        assert_eq!(point.data0().to_string(), "{[]:Float@double}");
    }

    #[test]
    fn every_offset_is_spelt_out_where_the_part_ends() {
        let part = doubles().shift(4, 16, 100, 8);
        assert_eq!(part.to_string(), "{[104]:Float@double, [112]:Float@double}");
        assert_eq!(doubles().shift(4, -1, 100, 8), doubles());
    }

    #[test]
    fn kinds_that_exclude_each_other_leave_nothing() {
        let mut tree = doubles();
        assert!(tree.insert(&[-1], Concrete::Integer));
        assert_eq!(tree.to_string(), "{}");
        let mut zeros = Tree::of(Concrete::Anything);
        assert!(!zeros.insert(&[], Concrete::Double));
    }

    #[test]
    fn pointers_have_the_size_of_the_layout() {
        assert_eq!(pointer_size("e-m:e-p270:32:32-i64:64"), 8);
        assert_eq!(pointer_size("e-p:32:32-i64:64"), 4);
    }
}
