//! Pointers to the characters of a `std::string`.
//!
//! A short string's characters lie in the string itself, behind the pointer to them. A unification-based analysis makes the
//! string and all characters on the heap one object then, and with it whatever the string is a member of: a struct
//! with a name and a number had its number among the characters. Characters carry no derivative, so it is enough to know
//! which pointers lead to them. The frontend says it where the string's pointer is read or written (TBAA); from there it
//! goes through phis, selects and comparisons.

use rustc_hash::FxHashSet;

use super::ValueId;
use super::build::Builder;
use super::notes::{self, Said};
use crate::llvm::{self, Function, Opcode};

/// How clang calls `std::basic_string` and its members in TBAA.
const STRING: &str = "_ZTSNSt7__cxx1112basic_stringI";

impl Builder {
    /// The registers that hold pointers to characters.
    pub(super) fn text(&self, f: Function) -> FxHashSet<ValueId> {
        let mut found: FxHashSet<llvm::Value> = FxHashSet::default();
        let mut work = Vec::new();
        for i in f.instructions() {
            let pointer = match i.opcode() {
                Some(Opcode::Load) => i,
                Some(Opcode::Store) => i.operand(0),
                _ => continue,
            };
            if pointer.ty().is_pointer() && is_data_pointer(i) {
                work.push(pointer);
            }
        }
        while let Some(v) = work.pop() {
            if v.opcode().is_none() || !found.insert(v) {
                continue;
            }
            match v.opcode() {
                Some(Opcode::Phi) => work.extend(v.incoming().into_iter().map(|(x, _)| x)),
                Some(Opcode::Select) => work.extend([v.operand(1), v.operand(2)]),
                Some(Opcode::Freeze) => work.push(v.operand(0)),
                _ => {}
            }
            for user in v.users() {
                match user.opcode() {
                    Some(Opcode::Phi | Opcode::Select | Opcode::Freeze) => work.push(user),
                    Some(Opcode::ICmp) => work.extend([user.operand(0), user.operand(1)]),
                    _ => {}
                }
            }
        }
        found
            .iter()
            .filter_map(|v| self.ids.get(v).copied())
            .collect()
    }
}

/// Whether a function is a member of `std::string` that may put its characters elsewhere.
pub(super) fn moves_characters(name: &str) -> bool {
    name.starts_with("_ZNSt7__cxx1112basic_stringI")
}

/// Whether such a member is given characters: some in memory (`const char *`), or one.
pub(super) fn takes_characters(name: &str) -> bool {
    let one = || name.ends_with("Ec") || name.ends_with("mc");
    moves_characters(name) && (name.contains("PKc") || one())
}

/// Whether a load or store is of a string's pointer to its characters.
fn is_data_pointer(access: llvm::Value) -> bool {
    let Some(tag) = access.metadata("tbaa") else {
        return false;
    };
    let operands = tag.operands();
    let [Some(base), Some(scalar), ..] = operands[..] else {
        return false;
    };
    base != scalar
        && notes::scalar(scalar) == Some(Said::Ptr)
        && notes::name(base).is_some_and(|name| name.starts_with(STRING))
}
