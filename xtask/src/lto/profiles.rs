//! The same numbers however a program is built: levels of optimisation, checks, panics, units, incremental builds.

use super::programs;
use crate::tally::Tally;
use crate::workspace::Workspace;
use toolchains::{Flow, Plugin};

/// What the workspace's own profile (level 3, sixteen units) is changed to, and what is built so.
struct Profile {
    name: &'static str,
    settings: &'static [(&'static str, &'static str)],
    programs: &'static [&'static str],
}

/// Memory that grows, however a program is built; calls and rules of the user's where that makes a difference to them. (Each
/// program more is seconds of every run of the tests.)
const PROFILES: [Profile; 8] = [
    Profile {
        name: "O0",
        settings: &[("OPT_LEVEL", "0")],
        programs: &["calls", "memory", "rules"],
    },
    Profile {
        name: "O1",
        settings: &[("OPT_LEVEL", "1"), ("OVERFLOW_CHECKS", "true")],
        programs: &["memory"],
    },
    Profile {
        name: "O2",
        settings: &[("OPT_LEVEL", "2"), ("CODEGEN_UNITS", "1")],
        programs: &["memory"],
    },
    Profile {
        name: "Os",
        settings: &[("OPT_LEVEL", "s")],
        programs: &["memory"],
    },
    Profile {
        name: "Oz",
        settings: &[("OPT_LEVEL", "z")],
        programs: &["calls", "memory", "rules"],
    },
    Profile {
        name: "checked",
        settings: &[("OVERFLOW_CHECKS", "true"), ("DEBUG_ASSERTIONS", "true")],
        programs: &["calls", "memory"],
    },
    Profile {
        name: "abort",
        settings: &[("PANIC", "abort")],
        programs: &["calls", "memory"],
    },
    Profile {
        name: "incremental",
        settings: &[("INCREMENTAL", "true")],
        programs: &["memory"],
    },
];

/// Builds and runs the program with each of the profiles.
pub fn check(
    workspace: &Workspace,
    plugin: &Plugin,
    flow: &Flow,
    wanted: &dyn Fn(&str) -> bool,
    tally: &mut Tally,
) {
    for profile in PROFILES {
        if !wanted(&format!("profile-{}", profile.name)) {
            continue;
        }
        let name = format!("{}/profile-{}", flow.name(), profile.name);
        let env: Vec<(String, &str)> = profile
            .settings
            .iter()
            .map(|(key, value)| (format!("CARGO_PROFILE_RELEASE_{key}"), *value))
            .collect();
        let built =
            programs::side_by_side(workspace, plugin, flow, "numbers", profile.programs, &env);
        if let Err(why) = built {
            tally.check(&name, Err(why));
        }
        for program in profile.programs {
            let package = ["--package", "numbers", "--bin", program];
            let result = programs::build_with(workspace, plugin, flow, &package, &env)
                .and_then(|dir| programs::run_cases(&name, &dir.join(program), tally));
            if let Err(why) = result {
                tally.check(&format!("{name}: {program}"), Err(why));
            }
        }
    }
}
