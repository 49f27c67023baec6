//! Types that `derive(TypeTree)` can't describe.

use enzyme_marker::TypeTree;

struct Untold(f64);

#[derive(TypeTree)]
struct WithUntold {
    known: f64,
    untold: Untold,
}

#[derive(TypeTree)]
union Either {
    float: f64,
    integer: u64,
}

#[derive(TypeTree)]
#[type_tree(any)]
struct NoUnion(f64);

#[derive(TypeTree)]
enum Misspelt {
    One(#[type_tree(opqaue)] f64),
}

fn main() {}
