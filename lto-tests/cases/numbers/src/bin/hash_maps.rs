//! Maps of the standard library that are hashed, and sets. A table that grows calls its hasher through a pointer that it is given.

use checks::{in_both_modes, of_many};
use enzyme_marker::{autodiff_forward, autodiff_reverse};
use std::collections::{BTreeSet, HashMap, HashSet};

#[autodiff_forward(hash_u32_fwd, Dual, Dual)]
#[autodiff_reverse(hash_u32_grad, Duplicated, Active)]
fn hash_u32(x: &[f64]) -> f64 {
    let mut m: HashMap<u32, f64> = HashMap::new();
    for (i, a) in x.iter().enumerate() {
        m.insert(i as u32 * 7, a * a);
    }
    x.iter()
        .enumerate()
        .map(|(i, a)| m[&(i as u32 * 7)] * a)
        .sum()
}
#[autodiff_forward(hash_u64_fwd, Dual, Dual)]
#[autodiff_reverse(hash_u64_grad, Duplicated, Active)]
fn hash_u64(x: &[f64]) -> f64 {
    let mut m: HashMap<u64, f64> = HashMap::new();
    for (i, a) in x.iter().enumerate() {
        m.insert(i as u64 * 7, a * a);
    }
    x.iter()
        .enumerate()
        .map(|(i, a)| m[&(i as u64 * 7)] * a)
        .sum()
}
#[autodiff_forward(hash_str_fwd, Dual, Dual)]
#[autodiff_reverse(hash_str_grad, Duplicated, Active)]
fn hash_str(x: &[f64]) -> f64 {
    let mut m: HashMap<&str, f64> = HashMap::new();
    m.insert("first", x[0] * x[1]);
    m.insert("second", x[2].sin());
    *m.entry("first").or_insert(1.0) *= x[3];
    m["first"] * m["second"]
}
#[autodiff_forward(hash_string_fwd, Dual, Dual)]
#[autodiff_reverse(hash_string_grad, Duplicated, Active)]
fn hash_string(x: &[f64]) -> f64 {
    let mut m: HashMap<String, f64> = HashMap::new();
    for (i, a) in x.iter().enumerate() {
        m.insert(format!("key {i}"), a * a);
    }
    m["key 0"] * m["key 1"] + m.iter().map(|(k, v)| k.len() as f64 * v * v).sum::<f64>()
}
#[autodiff_forward(hash_vec_fwd, Dual, Dual)]
#[autodiff_reverse(hash_vec_grad, Duplicated, Active)]
fn hash_vec(x: &[f64]) -> f64 {
    let mut m: HashMap<usize, Vec<f64>> = HashMap::new();
    for (i, a) in x.iter().enumerate() {
        m.entry(i % 3).or_default().push(*a);
    }
    let product = |(k, v): (&usize, &Vec<f64>)| (k + 1) as f64 * v.iter().product::<f64>();
    m.iter().map(product).sum()
}
#[autodiff_forward(hash_change_fwd, Dual, Dual)]
#[autodiff_reverse(hash_change_grad, Duplicated, Active)]
fn hash_change(x: &[f64]) -> f64 {
    let mut m: HashMap<usize, f64> = x.iter().copied().enumerate().collect();
    if let Some(v) = m.get_mut(&2) {
        *v *= 3.0;
    }
    let gone = m.remove(&1).unwrap_or(0.0);
    (0..8).filter_map(|i| m.get(&i)).map(|v| v * v * gone).sum()
}
#[autodiff_forward(sets_fwd, Dual, Dual)]
#[autodiff_reverse(sets_grad, Duplicated, Active)]
fn sets(x: &[f64]) -> f64 {
    let ordered: BTreeSet<usize> = [3, 1, 2].into_iter().collect();
    let hashed: HashSet<u64> = (0..3).collect();
    let squares: f64 = ordered.iter().map(|i| x[*i] * x[*i]).sum();
    let kept = x
        .iter()
        .enumerate()
        .filter(|(i, _)| hashed.contains(&(*i as u64)));
    squares * kept.map(|(_, a)| a.sin()).sum::<f64>()
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

mod case {
    use super::in_both_modes;

    pub fn hash_u32() {
        in_both_modes(super::hash_u32, super::hash_u32_grad, super::hash_u32_fwd);
    }
    pub fn hash_u64() {
        in_both_modes(super::hash_u64, super::hash_u64_grad, super::hash_u64_fwd);
    }
    pub fn hash_str() {
        in_both_modes(super::hash_str, super::hash_str_grad, super::hash_str_fwd);
    }
    pub fn hash_string() {
        in_both_modes(
            super::hash_string,
            super::hash_string_grad,
            super::hash_string_fwd,
        );
    }
    pub fn hash_vec() {
        in_both_modes(super::hash_vec, super::hash_vec_grad, super::hash_vec_fwd);
    }
    pub fn hash_change() {
        in_both_modes(
            super::hash_change,
            super::hash_change_grad,
            super::hash_change_fwd,
        );
    }
    pub fn sets() {
        in_both_modes(super::sets, super::sets_grad, super::sets_fwd);
    }
}

fn main() -> std::process::ExitCode {
    checks::run(&[
        // Supports: library: HashMap<u32, f64> with the default hasher: insert, index (not in std::autodiff)
        ("hash_u32", case::hash_u32 as fn()),
        // Supports: library: HashMap<u64, f64> (not in std::autodiff)
        ("hash_u64", case::hash_u64 as fn()),
        // Supports: library: HashMap<&str, f64>: entry, or_insert (not in std::autodiff)
        ("hash_str", case::hash_str as fn()),
        // Supports: library: HashMap<String, f64>: iter (not in std::autodiff)
        ("hash_string", case::hash_string as fn()),
        // Supports: library: HashMap<usize, Vec<f64>>: entry, or_default (not in std::autodiff)
        ("hash_vec", case::hash_vec as fn()),
        // Supports: library: HashMap collect, get, get_mut, remove (not in std::autodiff)
        ("hash_change", case::hash_change as fn()),
        // Supports: library: BTreeSet and HashSet of indices (not in std::autodiff)
        ("sets", case::sets as fn()),
        // Supports: library: HashMap<u32, f64>: entry, values_mut, iter (not in std::autodiff)
        of_many!(hash_entry, hash_entry_grad, hash_entry_fwd),
        // Supports: library: HashMap<String, f64>: entry, get_mut (not in std::autodiff)
        of_many!(hash_name_entry, hash_name_entry_grad, hash_name_entry_fwd),
        // Supports: library: HashMap with pairs as keys (not in std::autodiff)
        of_many!(hash_pair, hash_pair_grad, hash_pair_fwd),
        // Supports: library: HashMap<String, Vec<f64>>: entry, or_default, push (not in std::autodiff)
        of_many!(hash_groups, hash_groups_grad, hash_groups_fwd),
    ])
}
