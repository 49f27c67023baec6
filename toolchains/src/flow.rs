//! A flow with its plugin: the command line and environment by which cargo builds a program through it.

use crate::manifest::{FlowSpec, manifests};
use crate::{Plugin, host_triple};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A way to build a Rust program with the plugin.
#[derive(Clone, Debug)]
pub struct Flow {
    toolchain: String,
    spec: FlowSpec,
}

/// What a flow needs said on the command line and in the environment, for people and for tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    pub env: Vec<(String, String)>,
    pub rustflags: Vec<String>,
    pub target: Option<String>,
}

impl Flow {
    pub(crate) fn new(toolchain: &str, spec: &FlowSpec) -> Self {
        Self {
            toolchain: toolchain.to_string(),
            spec: spec.clone(),
        }
    }

    /// The flow of that name.
    pub fn find(name: &str) -> Result<Self> {
        let all = Self::all()?;
        match all.iter().find(|f| f.name() == name) {
            Some(flow) => Ok(flow.clone()),
            None => {
                let names: Vec<&str> = all.iter().map(Flow::name).collect();
                bail!("no flow is called {name}; there are {}", names.join(", "))
            }
        }
    }

    /// Every flow of every manifest.
    pub fn all() -> Result<Vec<Self>> {
        let mut flows = Vec::new();
        for manifest in manifests()? {
            if let Some(rust) = &manifest.rust {
                flows.extend(
                    manifest
                        .flows
                        .iter()
                        .map(|spec| Self::new(&rust.toolchain, spec)),
                );
            }
        }
        Ok(flows)
    }

    pub fn name(&self) -> &str {
        &self.spec.name
    }

    pub fn summary(&self) -> &str {
        &self.spec.summary
    }

    /// The rustup toolchain of the flow.
    pub fn toolchain(&self) -> &str {
        &self.toolchain
    }

    /// The flags and the environment for this plugin, for the cargo profile `profile` (`release`, `dev`, …).
    pub fn invocation(&self, plugin: &Path, profile: &str) -> Result<Invocation> {
        let Some(plugin) = plugin.to_str() else {
            bail!("the plugin's path {} is not UTF-8", plugin.display())
        };
        let mut env: Vec<(String, String)> = self.spec.env.clone().into_iter().collect();
        if let Some(lto) = &self.spec.lto {
            let profile = profile.to_uppercase().replace('-', "_");
            env.push((format!("CARGO_PROFILE_{profile}_LTO"), lto.clone()));
        }
        // The plugin cannot see which LTO will follow a pre-link phase: whoever chose the flags says so.
        env.push(("ENZYME_RS_FLOW".into(), "fat".into()));
        let rustflags = self
            .spec
            .rustflags
            .iter()
            .map(|f| f.replace("{plugin}", plugin))
            .collect();
        let target = if self.spec.target {
            Some(host_triple(&self.toolchain)?)
        } else {
            None
        };
        Ok(Invocation {
            env,
            rustflags,
            target,
        })
    }

    /// A `cargo +toolchain SUBCOMMAND` in release mode with the flow's flags. The plugin's path holds a hash of its content,
    /// so cargo builds anew when the plugin changed.
    pub fn cargo(&self, subcommand: &str, plugin: &Plugin) -> Result<Command> {
        self.cargo_with(subcommand, plugin, &[])
    }

    /// As `cargo`, with further compiler flags.
    pub fn cargo_with(
        &self,
        subcommand: &str,
        plugin: &Plugin,
        further: &[&str],
    ) -> Result<Command> {
        let mut invocation = self.invocation(plugin.path(), "release")?;
        invocation
            .rustflags
            .extend(further.iter().map(|flag| (*flag).to_string()));
        let mut cargo = clean_cargo(&self.toolchain);
        cargo.arg(subcommand).arg("--release");
        cargo.envs(invocation.env);
        // The encoded form keeps flags with spaces whole.
        cargo.env("CARGO_ENCODED_RUSTFLAGS", invocation.rustflags.join("\x1f"));
        if let Some(target) = invocation.target {
            cargo.args(["--target", &target]);
        }
        Ok(cargo)
    }

    /// Whether the linker, and not rustc, does the link-time optimisation and loads the plugin.
    pub fn optimises_in_linker(&self) -> bool {
        self.spec
            .rustflags
            .iter()
            .any(|flag| flag == "-Clinker-plugin-lto")
    }

    /// Where cargo puts this flow's release binaries within `target_dir`.
    pub fn release_dir(&self, target_dir: &Path) -> Result<PathBuf> {
        let base = if self.spec.target {
            target_dir.join(host_triple(&self.toolchain)?)
        } else {
            target_dir.to_path_buf()
        };
        Ok(base.join("release"))
    }
}

/// `cargo +toolchain` without what an outer cargo, rustup or user put into the environment for another build.
pub fn clean_cargo(toolchain: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.arg(format!("+{toolchain}"));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let inherited = text.starts_with("CARGO_PROFILE_")
            || text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_BUILD_")
            || text.starts_with("ENZYME_RS_");
        if inherited {
            cargo.env_remove(&name);
        }
    }
    for name in [
        "CARGO",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "RUSTC",
        "RUSTC_BOOTSTRAP",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTFLAGS",
        "RUSTUP_TOOLCHAIN",
    ] {
        cargo.env_remove(name);
    }
    cargo
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_of_the_two_main_flows() {
        let plugin = Path::new("/p/libenzyme_rs.so");
        let nightly = Flow::find("nightly-fat")
            .unwrap()
            .invocation(plugin, "release")
            .unwrap();
        assert_eq!(nightly.rustflags, ["-Zllvm-plugins=/p/libenzyme_rs.so"]);
        assert!(
            nightly
                .env
                .contains(&("CARGO_PROFILE_RELEASE_LTO".into(), "fat".into()))
        );
        assert_eq!(nightly.target, None);

        let stable = Flow::find("stable-lld")
            .unwrap()
            .invocation(plugin, "dev")
            .unwrap();
        for flag in [
            "-Clinker-plugin-lto",
            "-Cno-vectorize-loops",
            "-Cno-vectorize-slp",
            "-Cllvm-args=-unroll-runtime=false",
            "-Clink-arg=-Wl,--load-pass-plugin=/p/libenzyme_rs.so",
            "-Clink-arg=-Wl,-z,defs",
        ] {
            assert!(stable.rustflags.iter().any(|f| f == flag), "{flag}");
        }
        assert!(
            stable
                .env
                .contains(&("CARGO_PROFILE_DEV_LTO".into(), "fat".into()))
        );
        assert!(
            stable.rustflags.iter().all(|f| !f.starts_with("-Z")),
            "no nightly flag on stable"
        );
    }

    #[test]
    fn an_unknown_flow_lists_the_known_ones() {
        let error = Flow::find("nightly-thick").unwrap_err().to_string();
        assert!(
            error.contains("nightly-thick") && error.contains("stable-lld"),
            "{error}"
        );
    }
}
