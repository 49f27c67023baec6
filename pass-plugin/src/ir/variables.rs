//! The global variables that a function names: what is said of them, and what they point to from the start.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::llvm::{Linkage, Module, Value, ValueKind};
use crate::registry;

/// What is said of a variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum Told {
    Nothing,
    /// Other parts of the program may use it, code that is not here among them.
    Exposed,
    /// By the user.
    Inactive,
    /// The user gives its shadow.
    Shadowed,
}

/// A variable, wherever it is named.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Variable {
    /// The same for all functions' uses of one variable.
    pub id: usize,
    pub constant: bool,
    pub told: Told,
}

/// What is known of a global variable.
pub fn describe(global: Value) -> Variable {
    let own = matches!(global.linkage(), Linkage::Internal | Linkage::Private);
    Variable {
        id: global.id(),
        constant: global.is_constant_global(),
        told: match () {
            () if registry::is_inactive_global(global) => Told::Inactive,
            () if registry::shadow_global(global).is_some() => Told::Shadowed,
            () if own => Told::Nothing,
            () => Told::Exposed,
        },
    }
}

/// An address in an initialiser.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Address {
    /// Its place in the variable.
    pub at: i64,
    pub of: Variable,
    pub offset: i64,
}

/// The addresses of variables in the initialisers of `globals` and of what these lead to. Addresses of constants that lead
/// to no variable are left out.
pub fn addresses(module: Module, globals: &[Value]) -> FxHashMap<usize, Vec<Address>> {
    let mut out: FxHashMap<usize, Vec<Address>> = FxHashMap::default();
    let mut work: Vec<Value> = globals.to_vec();
    let mut seen = FxHashSet::default();
    let mut varies: FxHashSet<usize> = FxHashSet::default();
    while let Some(global) = work.pop() {
        if !seen.insert(global) || global.kind() != ValueKind::GlobalVariable {
            continue;
        }
        if !global.is_constant_global() {
            varies.insert(global.id());
        }
        let mut found = Vec::new();
        if let Some(initial) = global.initializer() {
            collect(module, initial, 0, &mut found);
        }
        let addresses = found.into_iter().map(|(at, to, offset)| {
            work.push(to);
            let of = describe(to);
            Address { at, of, offset }
        });
        out.insert(global.id(), addresses.collect());
    }
    loop {
        let before = varies.len();
        for (id, addresses) in &out {
            if addresses.iter().any(|a| varies.contains(&a.of.id)) {
                varies.insert(*id);
            }
        }
        if varies.len() == before {
            break;
        }
    }
    for addresses in out.values_mut() {
        addresses.retain(|a| varies.contains(&a.of.id));
    }
    out.retain(|_, addresses| !addresses.is_empty());
    out
}

/// C++'s tables of functions and descriptions of types; those of the library are declared as variables.
fn is_of_classes(name: &str) -> bool {
    ["_ZTV", "_ZTI", "_ZTS", "_ZTT"]
        .iter()
        .any(|start| name.starts_with(start))
}

/// The addresses of global variables in a constant: place, variable, offset.
fn collect(module: Module, c: Value, at: u64, out: &mut Vec<(i64, Value, i64)>) {
    let ty = c.ty();
    if ty.is_pointer() {
        let (base, offset) = module.constant_base(c);
        if base.kind() == ValueKind::GlobalVariable && !is_of_classes(&base.name()) {
            out.push((at as i64, base, offset));
        }
        return;
    }
    if !matches!(c.kind(), ValueKind::ConstantAggregate(_)) || ty.is_vector() {
        return;
    }
    for k in 0..ty.member_count() as u32 {
        if let Some(member) = c.aggregate_element(k) {
            collect(module, member, at + module.member_offset(ty, k), out);
        }
    }
}
