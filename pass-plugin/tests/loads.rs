//! The plugin loads into every compiler and linker of LLVM 22 that we promise, and is refused cleanly by others.
//!
//! That it loaded is shown by what it says: with a value of `ENZYME_RS_FLOW` that it does not know, the plugin reports
//! an error through the host's diagnostics, so the same run shows that an error of ours fails the host's build.

use object::{Object, ObjectSection, ObjectSymbol, read::elf::ElfFile64};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

const COMPLAINT: &str = "the environment variable ENZYME_RS_FLOW is `no-such-flow`";

/// The plugin of the environment, else the one beside this test, built through cargo if it is not there.
fn plugin() -> &'static Path {
    static PLUGIN: OnceLock<PathBuf> = OnceLock::new();
    PLUGIN.get_or_init(|| {
        if let Some(path) = env::var_os("ENZYME_RS_PLUGIN") {
            return fs::canonicalize(&path)
                .unwrap_or_else(|why| panic!("ENZYME_RS_PLUGIN is {}: {why}", path.display()));
        }
        // The test is <target>/<profile>/deps/loads-<hash>, the plugin <target>/<profile>/libenzyme_rs.so.
        let exe = env::current_exe().expect("the path of this test");
        let profile = exe
            .ancestors()
            .nth(2)
            .expect("the test is in a target directory");
        let path = profile.join("libenzyme_rs.so");
        if !path.is_file() {
            let mut cargo = Command::new(env!("CARGO"));
            cargo.args(["build", "--package", "pass-plugin", "--manifest-path"]);
            cargo.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
            cargo.arg("--target-dir").arg(
                profile
                    .parent()
                    .expect("a profile is in a target directory"),
            );
            if profile.ends_with("release") {
                cargo.arg("--release");
            }
            assert!(
                cargo.status().expect("cargo runs").success(),
                "the plugin was not built"
            );
        }
        path
    })
}

/// A directory for one test's files, with a C, a Rust and an IR program in it.
fn workplace(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("loads-{name}"));
    fs::create_dir_all(&dir).expect("a directory for the test");
    fs::write(dir.join("a.c"), "int main(void) { return 0; }\n").expect("a C program");
    fs::write(dir.join("a.rs"), "fn main() { println!(\"hello\"); }\n").expect("a Rust program");
    fs::write(dir.join("a.ll"), "define void @f() {\n  ret void\n}\n").expect("an IR program");
    dir
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn run(program: &str, args: &[&str], dir: &Path, flow: Option<&str>) -> Output {
    let mut command = Command::new(program);
    command
        .args(args)
        .current_dir(dir)
        .env_remove("ENZYME_RS_FLOW")
        .env("RUSTC_BOOTSTRAP", "1");
    if let Some(flow) = flow {
        command.env("ENZYME_RS_FLOW", flow);
    }
    command
        .output()
        .unwrap_or_else(|why| panic!("{program} cannot be run: {why}"))
}

/// Runs a host with the plugin twice: it succeeds, and it fails without crashing when the plugin reports an error.
#[track_caller]
fn loads(program: &str, args: &[&str], dir: &Path) {
    let good = run(program, args, dir, None);
    assert!(good.status.success(), "{program} {args:?}: {}", text(&good));
    let bad = run(program, args, dir, Some("no-such-flow"));
    assert!(
        text(&bad).contains(COMPLAINT),
        "{program} {args:?} did not run the plugin: {}",
        text(&bad)
    );
    assert!(
        bad.status.code().is_some_and(|code| code != 0),
        "{program} {args:?}: {}",
        bad.status
    );
}

fn flag(prefix: &str) -> String {
    format!("{prefix}{}", plugin().display())
}

/// A rustup toolchain's rustc, as `rustc` itself when it is the one cargo uses.
fn rustc(toolchain: &str) -> String {
    let found = run(
        "rustup",
        &["which", "rustc", "--toolchain", toolchain],
        Path::new("."),
        None,
    );
    assert!(
        found.status.success(),
        "the toolchain {toolchain} is not installed: {}",
        text(&found)
    );
    String::from_utf8_lossy(&found.stdout).trim().to_owned()
}

#[test]
fn the_plugin_needs_no_llvm_and_no_libstdcxx() {
    let data = fs::read(plugin()).expect("the plugin's file");
    let file = ElfFile64::<object::Endianness>::parse(&*data).expect("an ELF file");
    let strings = file
        .section_by_name(".dynstr")
        .expect("dynamic strings")
        .data()
        .expect("their bytes");
    let dynamic = file
        .section_by_name(".dynamic")
        .expect("a dynamic section")
        .data()
        .expect("its bytes");
    let word = |at: &[u8]| u64::from_le_bytes(at.try_into().expect("eight bytes"));
    const DT_NEEDED: u64 = 1;
    let needed: Vec<String> = dynamic
        .chunks_exact(16)
        .filter(|entry| word(&entry[..8]) == DT_NEEDED)
        .map(|entry| {
            let name = &strings[word(&entry[8..]) as usize..];
            String::from_utf8_lossy(name.split(|byte| *byte == 0).next().unwrap_or_default())
                .into_owned()
        })
        .collect();
    assert!(
        needed.iter().any(|name| name.starts_with("libc.")),
        "the list was read: {needed:?}"
    );
    assert!(
        !needed
            .iter()
            .any(|name| name.contains("LLVM") || name.contains("stdc++")),
        "{needed:?}"
    );
    // A host of another LLVM must get as far as the message that names the LLVM that is needed.
    let bound_by_the_linker: Vec<&str> = file
        .dynamic_symbols()
        .filter(|symbol| symbol.is_undefined() && !symbol.is_weak())
        .filter_map(|symbol| symbol.name().ok())
        .filter(|name| name.contains("LLVM") || name.contains("4llvm"))
        .collect();
    assert!(bound_by_the_linker.is_empty(), "{bound_by_the_linker:?}");
    let exported = |symbol: &object::read::elf::ElfSymbol64<'_, '_>| {
        symbol.is_definition() && symbol.is_global()
    };
    assert!(
        file.dynamic_symbols()
            .filter(exported)
            .any(|symbol| symbol.name() == Ok("llvmGetPassPluginInfo"))
    );
}

#[test]
fn opt_loads_it() {
    let dir = workplace("opt");
    loads(
        "opt-22",
        &[
            &flag("-load-pass-plugin="),
            "-passes=enzyme",
            "-S",
            "a.ll",
            "-o",
            "b.ll",
        ],
        &dir,
    );
}

#[test]
fn clang_loads_it() {
    let dir = workplace("clang");
    for level in ["-O0", "-O2"] {
        loads(
            "clang-22",
            &[level, &flag("-fpass-plugin="), "-c", "a.c", "-o", "a.o"],
            &dir,
        );
    }
}

#[test]
fn lld_loads_it_for_full_and_thin_lto() {
    let dir = workplace("lld");
    for lto in ["-flto=full", "-flto=thin"] {
        let object = run(
            "clang-22",
            &["-O2", lto, "-c", "a.c", "-o", "a.o"],
            &dir,
            None,
        );
        assert!(object.status.success(), "{}", text(&object));
        loads(
            "ld.lld-22",
            &["-r", "a.o", "-o", "b.o", &flag("--load-pass-plugin=")],
            &dir,
        );
    }
}

#[test]
fn rustc_nightly_loads_it() {
    let dir = workplace("nightly");
    let flag = flag("-Zllvm-plugins=");
    loads(&rustc("nightly"), &["-O", &flag, "a.rs", "-o", "a"], &dir);
    loads(
        &rustc("nightly"),
        &["-O", "-Clto=fat", &flag, "a.rs", "-o", "a"],
        &dir,
    );
}

#[test]
fn rustc_stable_loads_it_as_a_bootstrap_compiler() {
    let dir = workplace("stable");
    loads(
        &rustc("stable"),
        &["-O", &flag("-Zllvm-plugins="), "a.rs", "-o", "a"],
        &dir,
    );
}

#[test]
fn the_bundled_rust_lld_loads_it() {
    let dir = workplace("rust-lld");
    let link = flag("-Clink-arg=-Wl,--load-pass-plugin=");
    loads(
        &rustc("stable"),
        &[
            "-O",
            "-Clinker-plugin-lto",
            "-Clto=fat",
            &link,
            "a.rs",
            "-o",
            "a",
        ],
        &dir,
    );
    let ran = run("./a", &[], &dir, None);
    assert_eq!(text(&ran), "hello\n");
}

/// Hosts of other LLVMs, where the machine has some: the load fails with a message that says which LLVM is needed, and nothing
/// crashes. `cargo xtask test-llvm` tries linkers and rustc, and a plugin for another LLVM in this one's compilers.
#[test]
fn another_llvm_refuses_it_cleanly() {
    let dir = workplace("other");
    for version in 14..=25 {
        let opt = format!("/usr/lib/llvm-{version}/bin/opt");
        if version == 22 || !Path::new(&opt).is_file() {
            continue;
        }
        let args = [
            &flag("-load-pass-plugin="),
            "-passes=enzyme",
            "-S",
            "a.ll",
            "-o",
            "b.ll",
        ];
        let refused = run(&opt, &args, &dir, None);
        assert_eq!(refused.status.code(), Some(1), "{opt}: {}", text(&refused));
        let text = text(&refused);
        assert!(
            text.contains("error[ER0009]: libenzyme_rs.so was built for LLVM 22"),
            "{opt}: {text}"
        );
    }
}
