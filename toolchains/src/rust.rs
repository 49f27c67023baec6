//! A Rust compiler with its cargo: one of rustup's toolchains, an installed pair, or whatever the user's shell runs.

use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::PathBuf;
use std::process::Command;

/// How to run a Rust compiler and its cargo.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(untagged, deny_unknown_fields)]
pub enum RustSet {
    /// A toolchain of rustup, run as `cargo +NAME`.
    Rustup { toolchain: String },
    /// Programs by their paths.
    Installed { cargo: PathBuf, rustc: PathBuf },
}

/// Version of a compiler, of its LLVM, and what it builds for by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustVersion {
    pub release: String,
    pub llvm_major: u32,
    pub host: String,
}

impl RustSet {
    /// A toolchain of rustup.
    pub fn rustup(toolchain: &str) -> Self {
        Self::Rustup {
            toolchain: toolchain.to_string(),
        }
    }

    /// For people.
    pub fn name(&self) -> String {
        match self {
            Self::Rustup { toolchain } => format!("rustc +{toolchain}"),
            Self::Installed { rustc, .. } => rustc.display().to_string(),
        }
    }

    /// cargo, without what an outer cargo, rustup or user put into the environment for another build.
    pub fn cargo(&self) -> Command {
        let mut cargo = match self {
            Self::Rustup { toolchain } => {
                let mut cargo = Command::new("cargo");
                cargo.arg(format!("+{toolchain}"));
                cargo
            }
            Self::Installed { cargo, .. } => Command::new(cargo),
        };
        forget_outer_build(&mut cargo);
        if let Self::Installed { rustc, .. } = self {
            cargo.env("RUSTC", rustc);
        }
        cargo
    }

    /// The compiler, without the choice of an outer rustup.
    pub fn rustc(&self) -> Command {
        let mut rustc = match self {
            Self::Rustup { toolchain } => {
                let mut rustc = Command::new("rustc");
                rustc.arg(format!("+{toolchain}"));
                rustc
            }
            Self::Installed { rustc, .. } => Command::new(rustc),
        };
        rustc.env_remove("RUSTUP_TOOLCHAIN");
        rustc
    }

    /// Why it cannot be run, if its toolchain is not installed: rustup is asked, for it might install what is only named.
    pub fn missing(&self) -> Option<String> {
        let Self::Rustup { toolchain } = self else {
            return None;
        };
        let installed = Command::new("rustup").args(["toolchain", "list"]).output();
        let installed = match installed {
            Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
            Err(why) => return Some(format!("rustup cannot be run: {why}")),
        };
        let named = |line: &str| {
            let rest = line.strip_prefix(toolchain.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', ' ']))
        };
        match installed.lines().any(named) {
            true => None,
            false => Some(format!(
                "the toolchain {toolchain} is not installed (rustup toolchain install {toolchain})"
            )),
        }
    }

    /// What the compiler says of itself.
    pub fn version(&self) -> Result<RustVersion> {
        RustVersion::ask(&mut self.rustc())
    }
}

impl RustVersion {
    /// Runs `rustc -vV`.
    pub fn ask(rustc: &mut Command) -> Result<Self> {
        let text = crate::probe::stdout_of(rustc.arg("-vV"))?;
        let field = |name: &str| {
            let line = text.lines().find_map(|l| l.strip_prefix(name));
            line.map(str::trim)
                .with_context(|| format!("rustc -vV has no line `{name}`"))
        };
        let llvm = field("LLVM version:")?;
        let major = llvm.split('.').next().unwrap_or(llvm).parse();
        Ok(Self {
            release: field("release:")?.to_string(),
            llvm_major: major.with_context(|| format!("LLVM version {llvm:?}"))?,
            host: field("host:")?.to_string(),
        })
    }

    /// The `95` of `1.95.0`.
    pub fn minor(&self) -> Option<u32> {
        self.release.split('.').nth(1)?.parse().ok()
    }

    /// Whether it takes `-Z` flags.
    pub fn is_nightly(&self) -> bool {
        self.release.contains("nightly") || self.release.contains("dev")
    }
}

/// Takes out of a command's environment what belongs to another build.
pub fn forget_outer_build(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let inherited = text.starts_with("CARGO_PROFILE_")
            || text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_BUILD_")
            || text.starts_with("ENZYME_RS_");
        if inherited {
            command.env_remove(&name);
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
        command.env_remove(name);
    }
}
