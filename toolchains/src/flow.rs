//! A flow with its plugin: the command line and environment by which cargo builds a program through it.

use crate::manifest::{FlowSpec, Lto, Manifest, Markers, manifests};
use crate::rust::RustSet;
use crate::{Plugin, sysroot};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A way to build a Rust program with the plugin.
#[derive(Clone, Debug)]
pub struct Flow {
    set: String,
    rust: RustSet,
    llvm_major: u32,
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
    /// All flows of a compiler set.
    pub(crate) fn of(manifest: &Manifest) -> Vec<Self> {
        let of_rust = |rust: &RustSet| {
            let flows = manifest.flows.iter().map(|spec| Self {
                set: manifest.name.clone(),
                rust: rust.clone(),
                llvm_major: manifest.llvm_major,
                spec: spec.clone(),
            });
            flows.collect()
        };
        manifest.rust.as_ref().map_or_else(Vec::new, of_rust)
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
        Ok(manifests()?.iter().flat_map(Self::of).collect())
    }

    /// The compiler set that it belongs to.
    pub fn set(&self) -> &str {
        &self.set
    }

    pub fn name(&self) -> &str {
        &self.spec.name
    }

    pub fn summary(&self) -> &str {
        &self.spec.summary
    }

    /// The compiler of the flow.
    pub fn rust(&self) -> &RustSet {
        &self.rust
    }

    /// The LLVM that the plugin is built for.
    pub fn llvm_major(&self) -> u32 {
        self.llvm_major
    }

    /// Which link-time optimisation it is.
    pub fn lto(&self) -> Lto {
        self.spec.lto
    }

    /// Whose markers the programs have that it builds.
    pub fn markers(&self) -> Markers {
        self.spec.markers
    }

    /// Why the flow cannot be used on this machine, if so.
    pub fn unavailable(&self) -> Option<String> {
        if let Some(why) = self.rust.missing() {
            return Some(why);
        }
        match self.rust.version() {
            Ok(version) if version.llvm_major == self.llvm_major => None,
            Ok(version) => Some(format!(
                "{} {} has LLVM {}, the plugin is for LLVM {}",
                self.rust.name(),
                version.release,
                version.llvm_major,
                self.llvm_major
            )),
            Err(why) => Some(format!("{why:#}")),
        }
    }

    /// The flags and the environment for this plugin, for the cargo profile `profile` (`release`, `dev`, …).
    pub fn invocation(&self, plugin: &Plugin, profile: &str) -> Result<Invocation> {
        let Some(path) = plugin.path().to_str() else {
            bail!("the plugin's path {} is not UTF-8", plugin.path().display())
        };
        let mut env: Vec<(String, String)> = self.spec.env.clone().into_iter().collect();
        if self.spec.lto_in_profile {
            let profile = profile.to_uppercase().replace('-', "_");
            let lto = self.spec.lto.name().to_string();
            env.push((format!("CARGO_PROFILE_{profile}_LTO"), lto));
        }
        // The plugin cannot see which LTO will follow a pre-link phase: whoever chose the flags says so.
        env.push(("ENZYME_RS_FLOW".into(), self.spec.lto.name().into()));
        let mut rustflags = Vec::new();
        for flag in &self.spec.rustflags {
            let mut flag = flag.replace("{plugin}", path);
            if flag.contains("{sysroot}") {
                let sysroot = sysroot::with_backend(&self.rust, plugin)?;
                flag = flag.replace("{sysroot}", &sysroot.display().to_string());
            }
            rustflags.push(flag);
        }
        let target = if self.spec.target {
            Some(self.rust.version()?.host)
        } else {
            None
        };
        Ok(Invocation {
            env,
            rustflags,
            target,
        })
    }

    /// The flow's cargo in release mode with its flags. The plugin's path holds a hash of its content, so cargo builds anew
    /// when the plugin changed.
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
        let mut invocation = self.invocation(plugin, "release")?;
        invocation
            .rustflags
            .extend(further.iter().map(|flag| (*flag).to_string()));
        let mut cargo = self.rust.cargo();
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
            target_dir.join(self.rust.version()?.host)
        } else {
            target_dir.to_path_buf()
        };
        Ok(base.join("release"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_of_the_two_main_flows() {
        let plugin = &Plugin::at(Path::new("/p/libenzyme_rs.so"));
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
