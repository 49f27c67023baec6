//! Maps of the standard library that are ordered.

use checks::in_both_modes;
use enzyme_marker::{autodiff_forward, autodiff_reverse};
use std::collections::BTreeMap;

#[autodiff_forward(tree_insert_fwd, Dual, Dual)]
#[autodiff_reverse(tree_insert_grad, Duplicated, Active)]
fn tree_insert(x: &[f64]) -> f64 {
    let mut m: BTreeMap<u32, f64> = BTreeMap::new();
    for (i, a) in x.iter().enumerate() {
        m.insert((i as u32 * 5) % 8, a * a);
    }
    x.iter()
        .enumerate()
        .map(|(i, a)| m[&((i as u32 * 5) % 8)] * a)
        .sum()
}
#[autodiff_forward(tree_iter_fwd, Dual, Dual)]
#[autodiff_reverse(tree_iter_grad, Duplicated, Active)]
fn tree_iter(x: &[f64]) -> f64 {
    let mut m: BTreeMap<u32, f64> = BTreeMap::new();
    for (i, a) in x.iter().enumerate() {
        m.insert((i as u32 * 5) % 8, a * a);
    }
    for v in m.values_mut() {
        *v *= x[0];
    }
    let all: f64 = m.iter().map(|(k, v)| f64::from(*k) * v * v).sum();
    all + m.range(1..3).map(|(_, v)| v.sin()).sum::<f64>()
}

#[autodiff_forward(tree_pop_fwd, Dual, Dual)]
#[autodiff_reverse(tree_pop_grad, Duplicated, Active)]
fn tree_pop(x: &[f64]) -> f64 {
    let pairs = x.iter().enumerate();
    let mut m: BTreeMap<i64, f64> = pairs.map(|(i, a)| ((i as i64 * 5) % 8, a * a)).collect();
    m.remove(&1);
    let mut sum = 0.0;
    while let Some((k, v)) = m.pop_first() {
        sum = sum * 0.5 + v * (k + 1) as f64;
    }
    sum
}

mod case {
    use super::in_both_modes;

    pub fn tree_insert() {
        in_both_modes(
            super::tree_insert,
            super::tree_insert_grad,
            super::tree_insert_fwd,
        );
    }
    pub fn tree_iter() {
        in_both_modes(
            super::tree_iter,
            super::tree_iter_grad,
            super::tree_iter_fwd,
        );
    }
    pub fn tree_pop() {
        in_both_modes(super::tree_pop, super::tree_pop_grad, super::tree_pop_fwd);
    }
}

fn main() -> std::process::ExitCode {
    checks::run(&[
        // Supports: library: BTreeMap<u32, f64>: insert, index (not in std::autodiff)
        ("tree_insert", case::tree_insert as fn()),
        // Supports: library: BTreeMap iter, values_mut, range (not in std::autodiff)
        ("tree_iter", case::tree_iter as fn()),
        // Supports: library: BTreeMap collect, remove, pop_first (not in std::autodiff)
        ("tree_pop", case::tree_pop as fn()),
    ])
}
