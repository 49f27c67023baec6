//! The C header declares exactly the markers that this crate knows, and mentions the entry points that users call.

use enzyme_sys::{Entry, Marker};

const HEADER: &str = include_str!("../include/enzyme.h");

#[test]
fn the_header_declares_every_marker_and_no_other() {
    let mut declared: Vec<Marker> = Vec::new();
    for line in HEADER.lines() {
        if let Some(rest) = line.strip_prefix("extern int ") {
            let (name, _) = rest
                .split_once(';')
                .expect("a declaration ends in a semicolon");
            declared.push(Marker::from_name(name).unwrap_or_else(|| panic!("{name} is no marker")));
        }
    }
    for marker in Marker::ALL {
        assert_eq!(
            declared.iter().filter(|found| *found == marker).count(),
            1,
            "{marker:?}"
        );
    }
}

#[test]
fn the_header_mentions_the_entry_points_that_users_call() {
    // What comes after `Entry::IgnoreDerivatives` is provided by users (trace interface), not called by them.
    for entry in Entry::ALL {
        // The engine's own, and the marker crate's: in C rules are registered by globals.
        let internal = matches!(entry, Entry::PostSparseToDense | Entry::CallCustom);
        assert_eq!(HEADER.contains(entry.name()), !internal, "{entry:?}");
        if *entry == Entry::IgnoreDerivatives {
            break;
        }
    }
}
