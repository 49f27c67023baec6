//! `cargo enzyme`: which flow serves the user's crate and toolchain, and the cargo command for it.
//!
//! The user's own cargo and rustc are run, whatever rustup, `rust-toolchain.toml` or `+toolchain` choose; a flow of the
//! manifests gives the flags.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::rust::RustVersion;
use crate::{Flow, Plugin, config, probe};

/// What the user asks for by `--flow`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Wish {
    /// The linker does the link-time optimisation of the whole program and loads the plugin: any toolchain.
    Stable,
    /// The same, with thin LTO.
    StableThin,
    /// rustc does it and loads the plugin.
    Fat,
    /// rustc does it by thin LTO and loads the plugin.
    Thin,
}

impl Wish {
    /// The flow of the manifests whose flags these are.
    fn flow(self) -> &'static str {
        match self {
            Wish::Stable => "stable-lld",
            Wish::StableThin => "stable-lld-thin",
            Wish::Fat => "nightly-fat",
            Wish::Thin => "nightly-thin",
        }
    }

    fn needs_nightly(self) -> bool {
        match self {
            Wish::Stable | Wish::StableThin => false,
            Wish::Fat | Wish::Thin => true,
        }
    }
}

/// A cargo command with the plugin's flags.
#[derive(Debug)]
pub struct Build {
    command: Command,
    shown: String,
}

impl Build {
    /// Chooses the flow, finds the plugin and makes the command. What is missing is an error with what to do about it.
    pub fn new(subcommand: &str, wish: Option<Wish>, arguments: &[String]) -> Result<Self> {
        let version = RustVersion::ask(&mut Command::new("rustc"))
            .context("cargo enzyme runs the rustc of your PATH")?;
        let crates = crates(arguments)?;
        let wish = choose(&version, wish, &crates)?;
        let flow = Flow::find(wish.flow())?;
        if version.llvm_major != flow.llvm_major() {
            bail!(
                "rustc {} has LLVM {}, and the plugin is for LLVM {}: use a toolchain with that LLVM (rustc -vV says which one it has)",
                version.release,
                version.llvm_major,
                flow.llvm_major()
            );
        }
        let plugin = plugin()?;
        let profile = profile(subcommand, arguments);
        let mut flags = flow.invocation(&plugin, profile)?;
        // What a test or benchmark runs is built by these.
        for name in ["DEV", "RELEASE"].map(|p| format!("CARGO_PROFILE_{p}_LTO")) {
            if flags.env.iter().all(|(known, _)| *known != name) {
                flags.env.push((name, flow.lto().name().to_string()));
            }
        }
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        let mut shown = String::new();
        for (name, value) in &flags.env {
            shown += &format!("{name}={value} ");
        }
        command.envs(flags.env);
        command.arg(subcommand);
        shown += &format!("cargo {subcommand}");
        match config::rustflags_variable() {
            // What the user put there stays; an environment variable replaces what files of cargo's say, as ever.
            Some(theirs) => {
                let all: Vec<String> = theirs.into_iter().chain(flags.rustflags).collect();
                shown = format!("RUSTFLAGS={:?} {shown}", all.join(" "));
                command.env("CARGO_ENCODED_RUSTFLAGS", all.join("\x1f"));
            }
            None => {
                let setting = config::rustflags_setting(&env::current_dir()?, &flags.rustflags)?;
                shown += &format!(" --config '{setting}'");
                command.arg("--config").arg(setting);
            }
        }
        command.args(arguments);
        for argument in arguments {
            shown += &format!(" {argument}");
        }
        Ok(Self { command, shown })
    }

    /// The command as a person would type it.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The command to run.
    pub fn command(&mut self) -> Result<&mut Command> {
        Ok(&mut self.command)
    }
}

/// The profile whose LTO is set.
fn profile<'a>(subcommand: &str, arguments: &'a [String]) -> &'a str {
    let own = arguments.iter().take_while(|a| *a != "--");
    let own: Vec<&str> = own.map(String::as_str).collect();
    for (i, argument) in own.iter().enumerate() {
        if let Some(name) = argument.strip_prefix("--profile=") {
            return name;
        }
        if *argument == "--profile" {
            return own.get(i + 1).copied().unwrap_or("dev");
        }
    }
    let release = own.iter().any(|a| *a == "--release" || *a == "-r");
    match (release, subcommand) {
        (true, _) => "release",
        (false, "bench") => "bench",
        (false, "test") => "test",
        (false, _) => "dev",
    }
}

/// The kinds of output of the workspace's packages.
#[derive(Debug, Default, PartialEq, Eq)]
struct Crates {
    /// A package whose library is a `dylib`.
    dylib: Option<String>,
    /// A package whose library is more than one kind at once, such as `["cdylib", "rlib"]`.
    several: Option<String>,
}

/// Asks cargo for the packages of the user's workspace.
fn crates(arguments: &[String]) -> Result<Crates> {
    let mut metadata = cargo_metadata::MetadataCommand::new();
    metadata.no_deps();
    if let Some(path) = option(arguments, "--manifest-path") {
        metadata.manifest_path(path);
    }
    let metadata = metadata.exec().context("reading the crate's manifest")?;
    let mut found = Crates::default();
    for package in metadata.workspace_packages() {
        for target in &package.targets {
            if target.crate_types.iter().any(|t| t.to_string() == "dylib") {
                found.dylib = Some(package.name.to_string());
            }
            if target.crate_types.len() > 1 {
                found.several = Some(package.name.to_string());
            }
        }
    }
    Ok(found)
}

/// The value of an option of cargo's, in either spelling.
fn option(arguments: &[String], name: &str) -> Option<String> {
    let own: Vec<&String> = arguments.iter().take_while(|a| *a != "--").collect();
    own.iter().enumerate().find_map(|(i, argument)| {
        let joined = argument.strip_prefix(&format!("{name}="));
        match joined {
            Some(value) => Some(value.to_string()),
            None if *argument == name => own.get(i + 1).map(|value| value.to_string()),
            None => None,
        }
    })
}

/// The flow for this toolchain and workspace.
fn choose(version: &RustVersion, wish: Option<Wish>, crates: &Crates) -> Result<Wish> {
    if let Some(package) = &crates.dylib {
        bail!(
            "the library of package {package} is a dylib: rustc does no link-time optimisation for those, so the plugin would \
             not see the program; make it a cdylib or an rlib"
        );
    }
    let nightly = version.is_nightly();
    if let Some(wish) = wish {
        if wish.needs_nightly() && !nightly {
            bail!(
                "the flow {} passes -Z flags, which rustc {} does not take: use --flow stable, or a nightly (cargo +nightly enzyme …)",
                clap::ValueEnum::to_possible_value(&wish)
                    .map_or_else(String::new, |v| v.get_name().to_string()),
                version.release
            );
        }
        if wish.needs_nightly()
            && let Some(package) = &crates.several
        {
            bail!(
                "the library of package {package} is of several kinds at once, for which rustc does no fat LTO: use --flow stable, \
                 whose linker does it"
            );
        }
        return Ok(wish);
    }
    match (nightly, &crates.several) {
        // cargo and rustc do no fat LTO for several kinds at once, and the linker's is thin then.
        (_, Some(_)) => Ok(Wish::StableThin),
        (true, None) => Ok(Wish::Fat),
        (false, None) => Ok(Wish::Stable),
    }
}

/// The plugin: the one that `ENZYME_RS_PLUGIN` names, one that lies beside this program (`../lib`), or that of the repository
/// from which this program was installed, which is built if need be.
pub fn plugin() -> Result<Plugin> {
    const FILE: &str = "libenzyme_rs.so";
    if let Some(given) = env::var_os("ENZYME_RS_PLUGIN").filter(|path| !path.is_empty()) {
        let given = PathBuf::from(given);
        if !given.is_file() {
            bail!("ENZYME_RS_PLUGIN is {}, which is no file", given.display());
        }
        return publish(&given);
    }
    let beside = env::current_exe()?
        .parent()
        .and_then(Path::parent)
        .map(|prefix| prefix.join("lib").join(FILE));
    if let Some(file) = beside.filter(|file| file.is_file()) {
        return publish(&file);
    }
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("a crate in no folder")?;
    if !repository.join("pass-plugin/Cargo.toml").is_file() {
        bail!(
            "the plugin was not found: set ENZYME_RS_PLUGIN to the path of {FILE} (cargo build --release -p pass-plugin makes it, \
             in a clone of enzyme-rs)"
        );
    }
    let target = repository.join("target");
    let mut cargo = Command::new("cargo");
    crate::forget_outer_build(&mut cargo);
    cargo
        .args(["build", "--release", "--quiet", "--package", "pass-plugin"])
        .env("CARGO_TARGET_DIR", &target)
        .current_dir(repository);
    probe::stdout_of(&mut cargo).context("building the plugin")?;
    publish(&target.join("release").join(FILE))
}

/// The plugin under a path that names its content, in the user's cache folder.
fn publish(file: &Path) -> Result<Plugin> {
    let cache = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| {
            let home = env::var_os("HOME").map(PathBuf::from)?;
            Some(home.join(".cache"))
        });
    let folder = cache.unwrap_or_else(env::temp_dir).join("enzyme-rs");
    Plugin::publish(file, &folder)
}

/// Prints what can be used, with this plugin.
pub fn doctor() -> Result<()> {
    let plugin = plugin();
    match &plugin {
        Ok(plugin) => println!("ok  plugin: {}", plugin.path().display()),
        Err(why) => println!("NO  plugin: {why:#}"),
    }
    let scratch = env::temp_dir().join(format!("cargo-enzyme-doctor-{}", std::process::id()));
    let plugins = |major: u32| match &plugin {
        _ if major != crate::LLVM_MAJOR => bail!("wants a plugin for LLVM {major}"),
        Ok(plugin) => Ok(plugin.clone()),
        Err(why) => bail!("{why:#}"),
    };
    let result = probe::doctor(plugins, &scratch, |finding| match finding.state {
        Ok(what) => println!("ok  {}: {what}", finding.name),
        Err(why) if finding.optional => println!("--  {}: {why} (optional)", finding.name),
        Err(why) => println!("NO  {}: {why}", finding.name),
    });
    // Rubbish in the temporary folder is no wrong result.
    let _ = std::fs::remove_dir_all(&scratch);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(release: &str) -> RustVersion {
        RustVersion {
            release: release.to_string(),
            llvm_major: 22,
            host: "x86_64-unknown-linux-gnu".to_string(),
        }
    }

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_string).collect()
    }

    #[test]
    fn the_flow_follows_the_toolchain() {
        let plain = Crates::default();
        let of = |release, wish| choose(&version(release), wish, &plain);
        assert_eq!(of("1.95.0", None).unwrap(), Wish::Stable);
        assert_eq!(of("1.97.0-nightly", None).unwrap(), Wish::Fat);
        assert_eq!(
            of("1.97.0-nightly", Some(Wish::Stable)).unwrap(),
            Wish::Stable
        );
        let refused = of("1.95.0", Some(Wish::Thin)).unwrap_err().to_string();
        assert!(
            refused.contains("--flow stable") && refused.contains("thin"),
            "{refused}"
        );
    }

    #[test]
    fn kinds_of_libraries_are_handled_or_explained() {
        let dylib = Crates {
            dylib: Some("plot".to_string()),
            ..Crates::default()
        };
        let refused = choose(&version("1.95.0"), None, &dylib)
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains("plot") && refused.contains("cdylib"),
            "{refused}"
        );
        let several = Crates {
            several: Some("both".to_string()),
            ..Crates::default()
        };
        assert_eq!(
            choose(&version("1.97.0-nightly"), None, &several).unwrap(),
            Wish::StableThin
        );
    }

    #[test]
    fn the_profile_is_cargos() {
        let of = |subcommand, line: &str| profile(subcommand, &words(line)).to_string();
        assert_eq!(of("build", ""), "dev");
        assert_eq!(of("run", "--release -- --profile x"), "release");
        assert_eq!(of("run", "-r"), "release");
        assert_eq!(of("build", "--profile fast"), "fast");
        assert_eq!(of("bench", "--profile=fast"), "fast");
        assert_eq!(of("bench", ""), "bench");
        assert_eq!(of("test", "-- --release"), "test");
    }

    #[test]
    fn options_are_found_in_either_spelling() {
        let of = |line: &str| option(&words(line), "--manifest-path");
        assert_eq!(
            of("--manifest-path a/Cargo.toml").as_deref(),
            Some("a/Cargo.toml")
        );
        assert_eq!(
            of("--manifest-path=b.toml --release").as_deref(),
            Some("b.toml")
        );
        assert_eq!(of("-- --manifest-path c.toml"), None);
    }
}
