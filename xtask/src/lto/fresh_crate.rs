//! The README, done by a newcomer: its example in a new crate outside the workspace, built by each of its command lines.
//!
//! The crate also depends on a proc-macro and has a build script, which is where flags for a whole program go wrong: with
//! them cargo compiles code for the compiler's own process too.

use crate::steps;
use crate::tally::Tally;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;
use toolchains::{Plugin, RustSet};

/// Tries each command line of the README.
pub fn check(
    workspace: &Workspace,
    plugin: &Plugin,
    wanted: &dyn Fn(&str) -> bool,
    tally: &mut Tally,
) -> Result<()> {
    let path = workspace.path("README.md");
    let readme =
        std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let program = block(&readme, "```rust").context("the README has no program")?;
    let printed =
        block(&readme, "```text").context("the README does not say what the program prints")?;
    let commands = commands(&readme);
    if commands.len() < 3 {
        bail!(
            "the README has {} command lines that load the plugin, not the three forms",
            commands.len()
        );
    }
    if wanted("fresh-crate") {
        tally.check(
            "fresh-crate: doctor --new",
            made_by_the_doctor(workspace, &printed),
        );
    }
    let dir = std::env::temp_dir().join(format!("enzyme-rs-fresh-{}", std::process::id()));
    let result = (|| {
        write_crate(&dir, &workspace.path("marker-crate"), &program)?;
        for command in commands.iter().filter(|_| wanted("fresh-crate")) {
            tally.check(
                &format!("fresh-crate: {command}"),
                run(&dir, plugin, command, &printed),
            );
        }
        Ok(())
    })();
    // The folder is ours; failing to remove it leaves rubbish in the temporary folder, not a wrong result.
    let _ = std::fs::remove_dir_all(&dir);
    result
}

/// The crate that the doctor makes, run by the command that it names.
fn made_by_the_doctor(workspace: &Workspace, printed: &str) -> Result<()> {
    let dir = std::env::temp_dir().join(format!("enzyme-rs-new-{}", std::process::id()));
    let result = crate::new_crate::write(workspace, &dir).and_then(|_| {
        let mut cargo = RustSet::rustup("stable").cargo();
        cargo
            .args(["run", "--quiet", "--release"])
            .current_dir(&dir)
            .env_remove("CARGO_TARGET_DIR");
        let done = steps::capture("running the new crate", &mut cargo)?;
        if !done.status.success() || done.stdout.trim() != printed.trim() {
            bail!("it printed\n{}\n{}", done.stdout.trim(), done.tail(25));
        }
        Ok(())
    });
    // The folder is ours, as below.
    let _ = std::fs::remove_dir_all(&dir);
    result
}

fn run(dir: &Path, plugin: &Plugin, command: &str, printed: &str) -> Result<()> {
    // The shell sees what a person's shell would: no cargo around it, and `$PLUGIN` set as the README says.
    let mut shell = Command::new("bash");
    let clean = RustSet::rustup("stable").cargo();
    for (name, _) in clean.get_envs() {
        shell.env_remove(name);
    }
    shell
        .args(["-c", command])
        .current_dir(dir)
        .env("PLUGIN", plugin.path())
        .env_remove("CARGO_TARGET_DIR");
    let done = steps::capture(command, &mut shell)?;
    if !done.status.success() {
        bail!("it failed ({}):\n{}", done.status, done.tail(25));
    }
    if done.stdout.trim() != printed.trim() {
        bail!(
            "the program printed\n{}\ninstead of\n{}",
            done.stdout.trim(),
            printed.trim()
        );
    }
    Ok(())
}

fn write_crate(dir: &Path, marker: &Path, program: &str) -> Result<()> {
    let write = |name: &str, text: String| {
        let path = dir.join(name);
        let parent = path.parent().context("a file in no folder")?;
        std::fs::create_dir_all(parent)
            .with_context(|| format!("creating {}", parent.display()))?;
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
    };
    write(
        "Cargo.toml",
        format!(
            "[package]\nname = \"fresh\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nenzyme-marker = {{ path = {:?} }}\nfresh-macro = {{ path = \"fresh-macro\" }}\n",
            marker.display().to_string()
        ),
    )?;
    write(
        "build.rs",
        "fn main() { println!(\"cargo::rustc-check-cfg=cfg(fresh)\"); }\n".into(),
    )?;
    write(
        "src/main.rs",
        format!("{program}\n#[derive(fresh_macro::Named)]\npub struct WithMacro;\n"),
    )?;
    write(
        "fresh-macro/Cargo.toml",
        "[package]\nname = \"fresh-macro\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[lib]\nproc-macro = true\n".into(),
    )?;
    write(
        "fresh-macro/src/lib.rs",
        "#[proc_macro_derive(Named)]\npub fn named(_: proc_macro::TokenStream) -> proc_macro::TokenStream {\n    \
         \"impl WithMacro { pub const NAME: &str = \\\"with macro\\\"; }\".parse().unwrap()\n}\n"
            .into(),
    )
}

/// The text of the first fenced block that begins with this line.
fn block(readme: &str, fence: &str) -> Option<String> {
    let mut lines = readme.lines().skip_while(|line| line.trim() != fence);
    lines.next()?;
    Some(
        lines
            .take_while(|line| line.trim() != "```")
            .collect::<Vec<_>>()
            .join("\n"),
    )
}

/// The README's shell commands that load the plugin and run a program, with continued lines joined.
fn commands(readme: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut inside = false;
    for line in readme.replace("\\\n", "").lines() {
        match line.trim() {
            "```sh" => inside = true,
            "```" => inside = false,
            command
                if inside
                    && command.contains("$PLUGIN")
                    && command.contains("cargo")
                    && command.contains(" run ") =>
            {
                commands.push(
                    command
                        .split_ascii_whitespace()
                        .collect::<Vec<_>>()
                        .join(" "),
                );
            }
            _ => {}
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_has_a_program_and_the_three_forms() {
        let readme = include_str!("../../../README.md");
        assert!(
            block(readme, "```rust")
                .is_some_and(|p| p.contains("fn main()") && p.contains("autodiff_reverse"))
        );
        assert!(block(readme, "```text").is_some_and(|t| !t.is_empty()));
        let commands = commands(readme);
        assert!(
            commands
                .iter()
                .any(|c| c.contains("-Clto=fat") && c.contains("--target")),
            "{commands:?}"
        );
        assert!(
            commands
                .iter()
                .any(|c| c.contains("CARGO_PROFILE_RELEASE_LTO=fat") && c.contains("+nightly"))
        );
        assert!(
            commands
                .iter()
                .any(|c| c.contains("-Clinker-plugin-lto") && c.contains("+stable"))
        );
    }

    /// The flags that a person copies are those that the flows use.
    #[test]
    fn the_readme_has_the_flags_of_the_manifests() {
        let commands = commands(include_str!("../../../README.md"));
        for name in ["nightly-fat", "nightly-fat-bare", "stable-lld"] {
            let flow = toolchains::Flow::find(name).unwrap();
            let flags = flow
                .invocation(&Plugin::at(Path::new("$PLUGIN")), "release")
                .unwrap()
                .rustflags;
            assert!(
                commands
                    .iter()
                    .any(|c| flags.iter().all(|flag| c.contains(flag.as_str()))),
                "no command of the README has all flags of {name}: {flags:?}"
            );
        }
    }
}
