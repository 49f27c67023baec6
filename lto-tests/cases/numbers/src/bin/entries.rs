//! `entry` and its like, of trees with narrow keys, strings and pairs: LLVM keeps an `Entry`'s variants in the same registers.
//! With rustc 1.85 (LLVM 19) nodes are split in a function of their own, which does not compare the keys that it moves.
//@ LLVM 19 says: memory is copied in pieces smaller than a scalar

use checks::of_many;
use enzyme_marker::{autodiff_forward, autodiff_reverse};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

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

fn main() -> std::process::ExitCode {
    checks::run(&[
        // Supports: library: BTreeMap<u32, f64>: entry, or_insert (not in std::autodiff)
        of_many!(tree_entry, tree_entry_grad, tree_entry_fwd),
        // Supports: library: BTreeMap: Entry::Vacant, remove of narrow keys (not in std::autodiff)
        of_many!(tree_vacant, tree_vacant_grad, tree_vacant_fwd),
        // Supports: library: BTreeMap: and_modify, last_entry (not in std::autodiff)
        of_many!(tree_modify, tree_modify_grad, tree_modify_fwd),
        // Supports: library: BTreeMap<String, f64>: insert, iter (not in std::autodiff)
        of_many!(tree_names, tree_names_grad, tree_names_fwd),
        // Supports: library: BTreeMap<String, f64>: entry, get_mut (not in std::autodiff)
        of_many!(tree_name_entry, tree_name_entry_grad, tree_name_entry_fwd),
        // Supports: library: BTreeMap with pairs as keys (not in std::autodiff)
        of_many!(tree_pair, tree_pair_grad, tree_pair_fwd),
        // Supports: library: BTreeMap<u32, Vec<f64>>: entry, or_default, push (not in std::autodiff)
        of_many!(tree_groups, tree_groups_grad, tree_groups_fwd),
        // Supports: library: BTreeMap<String, Vec<f64>>: entry, or_default, push (not in std::autodiff)
        of_many!(
            tree_name_groups,
            tree_name_groups_grad,
            tree_name_groups_fwd
        ),
        // Supports: library: BTreeMap<i16, Box<f64>>: or_insert_with (not in std::autodiff)
        of_many!(tree_boxes, tree_boxes_grad, tree_boxes_fwd),
        // Supports: library: BTreeMap of BTreeMaps (not in std::autodiff)
        of_many!(tree_trees, tree_trees_grad, tree_trees_fwd),
    ])
}
