//! What the build needs from the machine: looked for quickly, and installed where that is possible.

use crate::steps::{must, say};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use toolchains::RustSet;

/// A package of Debian, and what shows that it, or its equal, is there.
struct Package {
    name: &'static str,
    there: fn() -> bool,
}

const PACKAGES: [Package; 7] = [
    Package {
        name: "llvm-22",
        there: || runs("opt-22"),
    },
    Package {
        name: "llvm-22-dev",
        there: || has_llvm_headers(22),
    },
    Package {
        name: "clang-22",
        there: || runs("clang-22"),
    },
    Package {
        name: "lld-22",
        there: || runs("ld.lld-22"),
    },
    Package {
        name: "g++",
        there: || runs("c++"),
    },
    Package {
        name: "libstdc++-12-dev",
        there: has_static_libstdcxx,
    },
    // Kernels of Eigen are among the programs that the tests differentiate.
    Package {
        name: "libeigen3-dev",
        there: || Path::new("/usr/include/eigen3/Eigen/Dense").exists(),
    },
];

/// Toolchains of rustup, in which the flows run.
const TOOLCHAINS: [&str; 2] = ["stable", "nightly"];

/// Installs what is missing, or says what to install. Takes a fraction of a second when all is there.
pub fn run() -> Result<()> {
    let missing = missing_packages();
    if !missing.is_empty() && may_install() {
        install(&missing)?;
    }
    check()
}

/// Says what is missing, and changes nothing.
pub fn check() -> Result<()> {
    let missing = missing_packages();
    if !missing.is_empty() {
        bail!(
            "these Debian packages are missing, or their equals: {0}\n\
             run as root: apt-get update && apt-get install -y {0}",
            missing.join(" ")
        );
    }
    let missing: Vec<&str> = TOOLCHAINS
        .into_iter()
        .filter(|name| RustSet::rustup(name).missing().is_some())
        .collect();
    if !missing.is_empty() {
        bail!(
            "these Rust toolchains are missing; run: rustup toolchain install {}",
            missing.join(" ")
        );
    }
    Ok(())
}

fn missing_packages() -> Vec<&'static str> {
    PACKAGES
        .iter()
        .filter(|p| !(p.there)())
        .map(|p| p.name)
        .collect()
}

fn install(packages: &[&str]) -> Result<()> {
    say(&format!("missing: {}", packages.join(" ")));
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    must("apt-get update", apt().arg("update"))?;
    let what = format!("apt-get install {}", packages.join(" "));
    must(
        &what,
        apt()
            .args(["install", "-y", "--no-install-recommends"])
            .args(packages),
    )?;
    match missing_packages()[..] {
        [] => Ok(()),
        ref still => bail!("still missing after apt-get install: {}", still.join(" ")),
    }
}

/// Root on a Debian: elsewhere, what to install is the person's decision.
fn may_install() -> bool {
    let root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|o| o.stdout.trim_ascii() == b"0");
    root && Path::new("/etc/debian_version").exists()
}

fn runs(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .output()
        .is_ok_and(|o| o.status.success())
}

/// Whether the plugin can be built for that LLVM.
pub fn has_llvm_headers(major: u32) -> bool {
    let config = format!("llvm-config-{major}");
    let output = Command::new(config).arg("--includedir").output();
    output.is_ok_and(|o| {
        let folder = PathBuf::from(String::from_utf8_lossy(&o.stdout).trim());
        // Older versions have it in another folder.
        let header = |name: &str| folder.join(name).exists();
        o.status.success()
            && (header("llvm/Plugins/PassPlugin.h") || header("llvm/Passes/PassPlugin.h"))
    })
}

/// The plugin links libstdc++ statically, because rustc keeps its own private. A compiler that has no such file prints
/// back the bare name.
fn has_static_libstdcxx() -> bool {
    let output = Command::new("c++")
        .arg("-print-file-name=libstdc++.a")
        .output();
    output.is_ok_and(|o| Path::new(String::from_utf8_lossy(&o.stdout).trim()).is_absolute())
}
