//! A type tree that its author wrote by hand says that the number is in the other field.
//@ says: ER0017
//@ says: the type tree of `atoms` says that an integer lies at byte 8 behind the pointer at byte 0
//@ says: a float of 64 bits

use enzyme_marker::wire::{Field, Node};
use enzyme_marker::{TypeTree, autodiff_reverse};

#[repr(C)]
struct Atom {
    id: u64,
    charge: f64,
}

// SAFETY: none, for it is wrong; what it costs is a refusal.
unsafe impl TypeTree for Atom {
    const NODE: &'static Node = &Node::record::<Atom>(
        "Atom",
        &[
            Field::at("charge", 0, <f64 as TypeTree>::node),
            Field::at("id", 8, <u64 as TypeTree>::node),
        ],
    );
}

#[autodiff_reverse(grad, Duplicated, Active)]
fn energy(atoms: &[Atom]) -> f64 {
    let mut sum = 0.0;
    for atom in atoms {
        let charge = atom.charge; //~ HERE
        sum += charge * charge;
    }
    sum
}

fn main() {
    let atoms = [Atom { id: 1, charge: 2.0 }];
    let mut shadow = [Atom { id: 1, charge: 0.0 }];
    println!(
        "{} {}",
        grad(&atoms, &mut shadow, 1.0),
        shadow[0].charge + shadow[0].id as f64
    );
}
