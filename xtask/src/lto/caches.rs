//! That no cache serves a derivative of what was: cargo's and rustc's incremental builds, and the linker's cache of thin LTO.

use crate::steps::{capture, must};
use crate::tally::Tally;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::process::Command;
use toolchains::{Flow, Plugin};

/// The flows whose caches are looked at: in thin LTO each module has an object of its own that may be used again.
const FLOWS: [&str; 3] = ["nightly-thin", "stable-lld-thin", "stable-lld"];

pub fn check(
    workspace: &Workspace,
    plugin: &Plugin,
    wanted: &dyn Fn(&str) -> bool,
    tally: &mut Tally,
) -> Result<()> {
    if !wanted("caches") {
        return Ok(());
    }
    for name in FLOWS {
        let flow = Flow::find(name)?;
        if flow.unavailable().is_none() {
            let result = incremental(workspace, plugin, &flow);
            tally.check(&format!("caches: incremental builds by {name}"), result);
        }
    }
    let result = linker_cache(workspace, plugin);
    tally.check("caches: the linker's cache of thin LTO is refused", result);
    Ok(())
}

/// Builds incrementally, changes a function two crates away, and then the plugin: each time the derivative is a new one.
fn incremental(workspace: &Workspace, plugin: &Plugin, flow: &Flow) -> Result<()> {
    let folder = workspace.products(&format!("caches/{}", flow.name()))?;
    std::fs::remove_dir_all(&folder).with_context(|| format!("emptying {}", folder.display()))?;
    let marker = workspace.path("marker-crate");
    let write = |path: &str, text: &str| -> Result<()> {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
    };
    let package = |name: &str, dependencies: &str| {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}"
        );
        write(&format!("{name}/Cargo.toml"), &manifest)
    };
    write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"app\", \"near\", \"far\"]\n",
    )?;
    package("far", "")?;
    package("near", "far = { path = \"../far\" }\n")?;
    package(
        "app",
        &format!(
            "near = {{ path = \"../near\" }}\nenzyme-marker = {{ path = {:?} }}\n",
            marker.display().to_string()
        ),
    )?;
    write(
        "near/src/lib.rs",
        "#[inline(never)]\npub fn energy(x: f64) -> f64 { far::shape(x) }\n",
    )?;
    write(
        "app/src/main.rs",
        "use enzyme_marker::autodiff_reverse;\n\n#[autodiff_reverse(grad, Active, Active)]\nfn energy(x: f64) -> f64 { near::energy(x) }\n\n\
         fn main() { println!(\"{}\", grad(std::hint::black_box(3.0), 1.0).1); }\n",
    )?;
    let log = folder.join("log");
    let slope = |plugin: &Plugin| -> Result<String> {
        let mut cargo = flow.cargo("build", plugin)?;
        cargo
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", folder.join("target"))
            .env("CARGO_PROFILE_RELEASE_INCREMENTAL", "true")
            .env("ENZYME_RS_LOG", &log)
            .env("ENZYME_RS_PRINT", "perf");
        must(
            &format!("{}: building incrementally", flow.name()),
            &mut cargo,
        )?;
        let program = flow.release_dir(&folder.join("target"))?.join("app");
        Ok(must("running it", &mut Command::new(program))?
            .trim()
            .to_string())
    };
    let expect = |got: String, want: &str, when: &str| match got == want {
        true => Ok(()),
        false => bail!("{when} the slope is {got}, not {want}"),
    };
    write(
        "far/src/lib.rs",
        "#[inline(never)]\npub fn shape(x: f64) -> f64 { x * x }\n",
    )?;
    expect(slope(plugin)?, "6", "at first")?;
    write(
        "far/src/lib.rs",
        "#[inline(never)]\npub fn shape(x: f64) -> f64 { x * x * x }\n",
    )?;
    expect(slope(plugin)?, "27", "after a change two crates away")?;
    // Another plugin, which does the same.
    let built = folder.join("changed.so");
    let mut content = std::fs::read(plugin.path())?;
    content.push(0);
    std::fs::write(&built, content)?;
    let changed = Plugin::publish(&built, &folder.join("plugins"))?;
    if log.is_file() {
        std::fs::remove_file(&log)?;
    }
    expect(slope(&changed)?, "27", "with another plugin")?;
    match log.is_file() {
        true => Ok(()),
        false => bail!("the changed plugin was not asked: cargo took the old program"),
    }
}

/// The cache's key knows the modules of a link, and not what the plugin is nor what it reads.
fn linker_cache(workspace: &Workspace, plugin: &Plugin) -> Result<()> {
    let folder = workspace.products("caches/linker")?;
    let plugin = plugin.path().display();
    let mut link = Command::new("clang-22");
    link.args(["-O2", "-flto=thin", "-fuse-ld=lld", "-lm", "-o"])
        .arg(folder.join("program"))
        .arg(format!("-fpass-plugin={plugin}"))
        .arg(format!("-Wl,--load-pass-plugin={plugin}"))
        .arg(workspace.path("lto-tests/c/alone/alone.c"));
    must("building without a cache", &mut link)?;
    link.arg(format!(
        "-Wl,--thinlto-cache-dir={}",
        folder.join("cache").display()
    ));
    let done = capture("building with a cache", &mut link)?;
    if done.status.success() || !done.stderr.contains("error[ER0016]") {
        bail!("it was not refused:\n{}", done.tail(15));
    }
    Ok(())
}
