//! The manifests: data about compiler sets, compiled into the library so that it works from any folder.

use crate::probe::stdout_of;
use crate::rust::RustSet;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::process::Command;

/// One set of compilers that share an LLVM.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Manifest {
    /// Name of the set, for the doctor's table.
    pub name: String,
    /// One line about it.
    pub summary: String,
    /// Major version of the LLVM that the set must have; the plugin is built for one.
    pub llvm_major: u32,
    /// Whether it is one more to be had, without which nothing is lacking.
    #[serde(default)]
    pub optional: bool,
    /// The Rust compiler, if the set has one.
    pub rust: Option<RustSet>,
    /// LLVM's own programs, if the set has them.
    pub llvm: Option<LlvmTools>,
    /// The ways to build a Rust program with the plugin.
    #[serde(default, rename = "flow")]
    pub flows: Vec<FlowSpec>,
    /// The ways to build a C or C++ program with the plugin.
    #[serde(default, rename = "c-flow")]
    pub c_flows: Vec<CFlowSpec>,
}

/// The flags of one way to build C and C++; `{plugin}` stands for the path of the plugin.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CFlowSpec {
    /// Name of the flow, unique over all manifests.
    pub name: String,
    /// One line about it.
    pub summary: String,
    /// Which link-time optimisation it is, if any.
    pub lto: Option<Lto>,
    /// Flags of the compiler for each file.
    #[serde(default)]
    pub compile: Vec<String>,
    /// Flags of the compiler for the link.
    #[serde(default)]
    pub link: Vec<String>,
    /// Flags of opt, if it loads the plugin.
    #[serde(default)]
    pub opt: Vec<String>,
}

/// Programs of an LLVM installation, by the names under which PATH has them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LlvmTools {
    pub clang: String,
    pub lld: String,
    pub opt: String,
    pub config: String,
}

impl LlvmTools {
    /// Why they cannot be used on this machine, if so.
    pub fn missing(&self) -> Option<String> {
        [&self.clang, &self.lld, &self.opt]
            .into_iter()
            .find_map(|tool| {
                let answer = stdout_of(Command::new(tool).arg("--version"));
                answer.err().map(|why| format!("{why:#}"))
            })
    }
}

/// The flags of one flow, as the manifest has them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FlowSpec {
    /// Name of the flow, unique over all manifests.
    pub name: String,
    /// One line about it.
    pub summary: String,
    /// Which link-time optimisation it is.
    pub lto: Lto,
    /// Whether the cargo profile asks for it; otherwise the flags do.
    #[serde(default = "yes")]
    pub lto_in_profile: bool,
    /// Compiler flags; `{plugin}` stands for the path of the plugin, `{sysroot}` for that of a copy of the compiler's own
    /// folder in which the plugin is the backend of `std::autodiff`.
    pub rustflags: Vec<String>,
    /// Environment of cargo and of the compilers.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Whether `--target` must be given.
    #[serde(default)]
    pub target: bool,
    /// Whose markers the programs have.
    #[serde(default)]
    pub markers: Markers,
}

/// Who turns a function's attribute into a request for a derivative.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Markers {
    /// The marker crate.
    #[default]
    Ours,
    /// rustc: `std::autodiff`.
    Rustc,
}

/// A kind of link-time optimisation of the whole program.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Lto {
    Fat,
    Thin,
}

impl Lto {
    /// As cargo, rustc and the plugin spell it.
    pub fn name(self) -> &'static str {
        match self {
            Lto::Fat => "fat",
            Lto::Thin => "thin",
        }
    }
}

fn yes() -> bool {
    true
}

const SOURCES: [(&str, &str); 6] = [
    (
        "rustup-nightly.toml",
        include_str!("../manifests/rustup-nightly.toml"),
    ),
    (
        "rustup-stable.toml",
        include_str!("../manifests/rustup-stable.toml"),
    ),
    (
        "debian-rustc.toml",
        include_str!("../manifests/debian-rustc.toml"),
    ),
    (
        "debian-llvm-22.toml",
        include_str!("../manifests/debian-llvm-22.toml"),
    ),
    (
        "rustup-1.85.toml",
        include_str!("../manifests/rustup-1.85.toml"),
    ),
    (
        "debian-llvm-19.toml",
        include_str!("../manifests/debian-llvm-19.toml"),
    ),
];

/// The LLVM of the plugin as it is built when no other is asked for.
pub const LLVM_MAJOR: u32 = 22;

/// All manifests.
pub fn manifests() -> Result<Vec<Manifest>> {
    SOURCES
        .iter()
        .map(|(name, text)| toml::from_str(text).with_context(|| format!("manifest {name}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_manifest_file_is_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/manifests");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|f| f.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(
            files,
            SOURCES
                .iter()
                .map(|(name, _)| (*name).to_string())
                .collect()
        );
    }

    #[test]
    fn manifests_are_well_formed() {
        let all = manifests().unwrap();
        let mut names = BTreeSet::new();
        for manifest in &all {
            assert!(
                manifest.rust.is_some() || manifest.llvm.is_some(),
                "{} names no compiler",
                manifest.name
            );
            assert!(
                manifest.optional || manifest.llvm_major == LLVM_MAJOR,
                "{} needs another plugin and must not be required",
                manifest.name
            );
            assert!(
                manifest.flows.is_empty() || manifest.rust.is_some(),
                "{}: flows need a rustc",
                manifest.name
            );
            assert!(
                manifest.c_flows.is_empty() || manifest.llvm.is_some(),
                "{}: C flows need a clang",
                manifest.name
            );
            for flow in &manifest.c_flows {
                assert!(
                    names.insert(flow.name.clone()),
                    "two flows are called {}",
                    flow.name
                );
            }
            for flow in &manifest.flows {
                assert!(
                    names.insert(flow.name.clone()),
                    "two flows are called {}",
                    flow.name
                );
                let uses = flow
                    .rustflags
                    .iter()
                    .filter(|f| f.contains("{plugin}") || f.contains("{sysroot}"))
                    .count();
                assert_eq!(uses, 1, "{} must load the plugin once", flow.name);
            }
        }
        assert!(names.contains("nightly-fat") && names.contains("stable-lld"));
    }
}
