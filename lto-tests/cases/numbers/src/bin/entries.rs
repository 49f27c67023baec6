//! `entry` and its like, of maps with narrow keys, strings and pairs: LLVM keeps an `Entry`'s variants in the same registers.

use checks::in_both_modes_at;
use enzyme_marker::{autodiff_forward, autodiff_reverse};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};

#[autodiff_forward(tree_entry_fwd, Dual, Dual)]
#[autodiff_reverse(tree_entry_grad, Duplicated, Active)]
fn tree_entry(x: &[f64]) -> f64 {
    let mut m: BTreeMap<u32, f64> = BTreeMap::new();
    for (i, a) in x.iter().enumerate() {
        *m.entry((i as u32 * 5) % 29).or_insert(1.0) *= a;
    }
    m.values_mut().for_each(|v| *v *= x[0]);
    m.iter().map(|(k, v)| f64::from(*k + 1) * v * v).sum()
}

#[autodiff_forward(tree_vacant_fwd, Dual, Dual)]
#[autodiff_reverse(tree_vacant_grad, Duplicated, Active)]
fn tree_vacant(x: &[f64]) -> f64 {
    let mut m: BTreeMap<u32, f64> = BTreeMap::new();
    for (i, a) in x.iter().enumerate() {
        if let Entry::Vacant(e) = m.entry((i as u32 * 7) % 30) {
            e.insert(a * a);
        }
    }
    let rest = m.remove(&1).unwrap_or(1.0);
    rest * m
        .range(2..5)
        .map(|(k, v)| f64::from(*k) * v * v)
        .sum::<f64>()
}

#[autodiff_forward(tree_modify_fwd, Dual, Dual)]
#[autodiff_reverse(tree_modify_grad, Duplicated, Active)]
fn tree_modify(x: &[f64]) -> f64 {
    let mut m: BTreeMap<usize, f64> = BTreeMap::new();
    for (i, a) in x.iter().enumerate() {
        m.entry((i * 11) % 27)
            .and_modify(|v| *v += a * a)
            .or_insert(*a);
    }
    let last = m.last_entry().map_or(0.0, |e| e.get() * e.get());
    last + m.iter().map(|(k, v)| *k as f64 * v * v).sum::<f64>()
}

#[autodiff_forward(tree_names_fwd, Dual, Dual)]
#[autodiff_reverse(tree_names_grad, Duplicated, Active)]
fn tree_names(x: &[f64]) -> f64 {
    let mut m: BTreeMap<String, f64> = BTreeMap::new();
    for (i, a) in x.iter().enumerate() {
        m.insert(format!("k{}", (i * 3) % 17), a * a);
    }
    m.iter().map(|(k, v)| k.len() as f64 * v * v).sum()
}

#[autodiff_forward(tree_name_entry_fwd, Dual, Dual)]
#[autodiff_reverse(tree_name_entry_grad, Duplicated, Active)]
fn tree_name_entry(x: &[f64]) -> f64 {
    let mut m: BTreeMap<String, f64> = BTreeMap::new();
    for (i, a) in x.iter().enumerate() {
        *m.entry(format!("k{}", (i * 3) % 17)).or_insert(1.0) *= a;
    }
    if let Some(v) = m.get_mut("k1") {
        *v *= x[1];
    }
    m.values().map(|v| v * v).sum::<f64>() + m["k2"]
}

#[autodiff_forward(tree_pair_fwd, Dual, Dual)]
#[autodiff_reverse(tree_pair_grad, Duplicated, Active)]
fn tree_pair(x: &[f64]) -> f64 {
    let mut m: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for (i, a) in x.iter().enumerate() {
        *m.entry((i as u32 % 5, i as u32 % 7)).or_default() += a * a;
    }
    m.iter()
        .map(|((k, l), v)| f64::from(k + 2 * l + 1) * v * v)
        .sum()
}

#[autodiff_forward(tree_groups_fwd, Dual, Dual)]
#[autodiff_reverse(tree_groups_grad, Duplicated, Active)]
fn tree_groups(x: &[f64]) -> f64 {
    let mut m: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for (i, a) in x.iter().enumerate() {
        m.entry((i as u32 * 5) % 19).or_default().push(a * a);
    }
    m.iter()
        .map(|(k, v)| f64::from(*k + 1) * v.iter().product::<f64>())
        .sum()
}

#[autodiff_forward(tree_name_groups_fwd, Dual, Dual)]
#[autodiff_reverse(tree_name_groups_grad, Duplicated, Active)]
fn tree_name_groups(x: &[f64]) -> f64 {
    let mut m: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (i, a) in x.iter().enumerate() {
        m.entry(format!("k{}", (i * 3) % 17))
            .or_default()
            .push(a * a);
    }
    m.iter()
        .map(|(k, v)| k.len() as f64 * v.iter().product::<f64>())
        .sum()
}

#[autodiff_forward(tree_boxes_fwd, Dual, Dual)]
#[autodiff_reverse(tree_boxes_grad, Duplicated, Active)]
fn tree_boxes(x: &[f64]) -> f64 {
    let mut m: BTreeMap<i16, Box<f64>> = BTreeMap::new();
    for (i, a) in x.iter().enumerate() {
        **m.entry((i as i16 * 3) % 20)
            .or_insert_with(|| Box::new(1.0)) *= a;
    }
    m.iter().map(|(k, v)| f64::from(*k + 1) * **v * **v).sum()
}

#[autodiff_forward(tree_trees_fwd, Dual, Dual)]
#[autodiff_reverse(tree_trees_grad, Duplicated, Active)]
fn tree_trees(x: &[f64]) -> f64 {
    let mut m: BTreeMap<u32, BTreeMap<u32, f64>> = BTreeMap::new();
    for (i, a) in x.iter().enumerate() {
        let inner = m.entry(i as u32 % 13).or_default();
        *inner.entry(i as u32 % 3).or_insert(1.0) *= a;
    }
    m.iter()
        .map(|(k, v)| f64::from(*k + 1) * v.values().product::<f64>())
        .sum()
}

#[autodiff_forward(hash_entry_fwd, Dual, Dual)]
#[autodiff_reverse(hash_entry_grad, Duplicated, Active)]
fn hash_entry(x: &[f64]) -> f64 {
    let mut m: HashMap<u32, f64> = HashMap::new();
    for (i, a) in x.iter().enumerate() {
        *m.entry((i as u32 * 5) % 29).or_insert(1.0) *= a;
    }
    m.values_mut().for_each(|v| *v *= x[0]);
    m.iter().map(|(k, v)| f64::from(*k + 1) * v * v).sum()
}

#[autodiff_forward(hash_name_entry_fwd, Dual, Dual)]
#[autodiff_reverse(hash_name_entry_grad, Duplicated, Active)]
fn hash_name_entry(x: &[f64]) -> f64 {
    let mut m: HashMap<String, f64> = HashMap::new();
    for (i, a) in x.iter().enumerate() {
        *m.entry(format!("k{}", (i * 3) % 17)).or_insert(1.0) *= a;
    }
    if let Some(v) = m.get_mut("k1") {
        *v *= x[1];
    }
    m.values().map(|v| v * v).sum::<f64>() + m["k2"]
}

#[autodiff_forward(hash_pair_fwd, Dual, Dual)]
#[autodiff_reverse(hash_pair_grad, Duplicated, Active)]
fn hash_pair(x: &[f64]) -> f64 {
    let mut m: HashMap<(usize, usize), f64> = HashMap::new();
    for (i, a) in x.iter().enumerate() {
        *m.entry((i % 5, i % 7)).or_insert(0.0) += a * a;
    }
    m.iter()
        .map(|((k, l), v)| (k + 2 * l + 1) as f64 * v * v)
        .sum()
}

#[autodiff_forward(hash_groups_fwd, Dual, Dual)]
#[autodiff_reverse(hash_groups_grad, Duplicated, Active)]
fn hash_groups(x: &[f64]) -> f64 {
    let mut m: HashMap<String, Vec<f64>> = HashMap::new();
    for (i, a) in x.iter().enumerate() {
        m.entry(format!("k{}", (i * 3) % 17))
            .or_default()
            .push(a * a);
    }
    m.iter()
        .map(|(k, v)| k.len() as f64 * v.iter().product::<f64>())
        .sum()
}

/// Enough elements to split the nodes of a tree, and to make a table grow.
fn point() -> Vec<f64> {
    (0..40)
        .map(|i| 0.8 + 0.01 * f64::from(i * 7 % 40))
        .collect()
}

/// The three functions of a case, in both modes and against differences.
macro_rules! case {
    ($f:ident, $reverse:ident, $forward:ident) => {
        (
            stringify!($f),
            (|| in_both_modes_at(&point(), $f, $reverse, $forward)) as fn(),
        )
    };
}

fn main() -> std::process::ExitCode {
    checks::run(&[
        // Supports: library: BTreeMap<u32, f64>: entry, or_insert (not in std::autodiff)
        case!(tree_entry, tree_entry_grad, tree_entry_fwd),
        // Supports: library: BTreeMap: Entry::Vacant, remove of narrow keys (not in std::autodiff)
        case!(tree_vacant, tree_vacant_grad, tree_vacant_fwd),
        // Supports: library: BTreeMap: and_modify, last_entry (not in std::autodiff)
        case!(tree_modify, tree_modify_grad, tree_modify_fwd),
        // Supports: library: BTreeMap<String, f64>: insert, iter (not in std::autodiff)
        case!(tree_names, tree_names_grad, tree_names_fwd),
        // Supports: library: BTreeMap<String, f64>: entry, get_mut (not in std::autodiff)
        case!(tree_name_entry, tree_name_entry_grad, tree_name_entry_fwd),
        // Supports: library: BTreeMap with pairs as keys (not in std::autodiff)
        case!(tree_pair, tree_pair_grad, tree_pair_fwd),
        // Supports: library: BTreeMap<u32, Vec<f64>>: entry, or_default, push (not in std::autodiff)
        case!(tree_groups, tree_groups_grad, tree_groups_fwd),
        // Supports: library: BTreeMap<String, Vec<f64>>: entry, or_default, push (not in std::autodiff)
        case!(
            tree_name_groups,
            tree_name_groups_grad,
            tree_name_groups_fwd
        ),
        // Supports: library: BTreeMap<i16, Box<f64>>: or_insert_with (not in std::autodiff)
        case!(tree_boxes, tree_boxes_grad, tree_boxes_fwd),
        // Supports: library: BTreeMap of BTreeMaps (not in std::autodiff)
        case!(tree_trees, tree_trees_grad, tree_trees_fwd),
        // Supports: library: HashMap<u32, f64>: entry, values_mut, iter (not in std::autodiff)
        case!(hash_entry, hash_entry_grad, hash_entry_fwd),
        // Supports: library: HashMap<String, f64>: entry, get_mut (not in std::autodiff)
        case!(hash_name_entry, hash_name_entry_grad, hash_name_entry_fwd),
        // Supports: library: HashMap with pairs as keys (not in std::autodiff)
        case!(hash_pair, hash_pair_grad, hash_pair_fwd),
        // Supports: library: HashMap<String, Vec<f64>>: entry, or_default, push (not in std::autodiff)
        case!(hash_groups, hash_groups_grad, hash_groups_fwd),
    ])
}
