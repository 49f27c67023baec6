//! The same numbers however a program is built: levels of optimisation, checks, panics, units, incremental builds.

use super::programs;
use crate::tally::Tally;
use crate::workspace::Workspace;
use toolchains::{Flow, Plugin};

/// A name, and what it sets.
type Profile = (&'static str, &'static [(&'static str, &'static str)]);

/// Each beside the profile of the workspace, which has level 3 and sixteen units.
const PROFILES: [Profile; 8] = [
    ("O0", &[("OPT_LEVEL", "0")]),
    ("O1", &[("OPT_LEVEL", "1"), ("OVERFLOW_CHECKS", "true")]),
    ("O2", &[("OPT_LEVEL", "2"), ("CODEGEN_UNITS", "1")]),
    ("Os", &[("OPT_LEVEL", "s")]),
    ("Oz", &[("OPT_LEVEL", "z")]),
    (
        "checked",
        &[("OVERFLOW_CHECKS", "true"), ("DEBUG_ASSERTIONS", "true")],
    ),
    ("abort", &[("PANIC", "abort")]),
    ("incremental", &[("INCREMENTAL", "true")]),
];

/// Programs that have a little of everything: calls, memory that grows, rules of the user's.
const PROGRAMS: [&str; 3] = ["calls", "memory", "rules"];

/// Builds and runs the program with each of the profiles.
pub fn check(
    workspace: &Workspace,
    plugin: &Plugin,
    flow: &Flow,
    wanted: &dyn Fn(&str) -> bool,
    tally: &mut Tally,
) {
    for (profile, settings) in PROFILES {
        if !wanted(&format!("profile-{profile}")) {
            continue;
        }
        let name = format!("{}/profile-{profile}", flow.name());
        let env: Vec<(String, &str)> = settings
            .iter()
            .map(|(key, value)| (format!("CARGO_PROFILE_RELEASE_{key}"), *value))
            .collect();
        for program in PROGRAMS {
            let package = ["--package", "numbers", "--bin", program];
            let result = programs::build_with(workspace, plugin, flow, &package, &env)
                .and_then(|dir| programs::run_cases(&name, &dir.join(program), tally));
            if let Err(why) = result {
                tally.check(&format!("{name}: {program}"), Err(why));
            }
        }
    }
}
