//! Compiles the C++ shim against the headers of the LLVM that the plugin is for.
//!
//! The plugin itself links no LLVM: its host provides it. Unit and integration tests have no such host, so they link
//! the libLLVM found here (see `src/llvm/version.rs` for the unit tests' half of this).

#[path = "build/late.rs"]
mod late;

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, exit},
};

const SOURCES: [&str; 8] = [
    "analysis.cpp",
    "clone.cpp",
    "entry.cpp",
    "import.cpp",
    "late.cpp",
    "metadata.cpp",
    "query.cpp",
    "transform.cpp",
];

/// The only folder of Rust that calls LLVM.
const RUST: &str = "src/llvm";

/// The LLVM that the plugin is built for, and the names that go with it.
struct Llvm {
    major: u32,
    /// A header that this version has and others do not.
    header: &'static str,
    /// The environment variable of `llvm-sys` for where it is.
    variable: &'static str,
}

const LLVM_22: Llvm = Llvm {
    major: 22,
    header: "llvm/Plugins/PassPlugin.h",
    variable: "LLVM_SYS_221_PREFIX",
};

const LLVM_19: Llvm = Llvm {
    major: 19,
    header: "llvm/Passes/PassPlugin.h",
    variable: "LLVM_SYS_191_PREFIX",
};

impl Llvm {
    /// Where its headers and its library are, or a sentence saying what is missing.
    fn find(&self) -> Result<(PathBuf, PathBuf), String> {
        println!("cargo::rerun-if-env-changed={}", self.variable);
        let header = |dir: &Path| dir.join(self.header).is_file();
        let prefix = |prefix: PathBuf| (prefix.join("include"), prefix.join("lib"));
        if let Some(dir) = env::var_os(self.variable) {
            let found = prefix(PathBuf::from(&dir));
            return if header(&found.0) {
                Ok(found)
            } else {
                Err(format!(
                    "{} is {}, which has no include/{}",
                    self.variable,
                    dir.display(),
                    self.header
                ))
            };
        }
        let usual = prefix(PathBuf::from(format!("/usr/lib/llvm-{}", self.major)));
        if header(&usual.0) {
            return Ok(usual);
        }
        let ask = |flag: &str| -> Option<PathBuf> {
            let program = format!("llvm-config-{}", self.major);
            let out = Command::new(program).arg(flag).output().ok()?;
            Some(PathBuf::from(String::from_utf8(out.stdout).ok()?.trim()))
        };
        match (ask("--includedir"), ask("--libdir")) {
            (Some(include), Some(lib)) if header(&include) => Ok((include, lib)),
            _ => Err(format!("the headers of LLVM {} were not found", self.major)),
        }
    }
}

fn main() {
    let llvm = match env::var_os("CARGO_FEATURE_LLVM_19") {
        Some(_) => LLVM_19,
        None => LLVM_22,
    };
    let (include, lib) = llvm.find().unwrap_or_else(|why| {
        println!(
            "cargo::error={why}; install the package llvm-{0}-dev (Debian and Ubuntu), \
             or set {1} to the prefix of an LLVM {0} with headers",
            llvm.major, llvm.variable
        );
        exit(1)
    });
    // `cc` turns off cargo's default of watching the whole package, so what the shim is made of is named here.
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=shim");
    println!("cargo::rerun-if-changed={RUST}");

    let mut build = cc::Build::new();
    for source in SOURCES {
        build.file(Path::new("shim").join(source));
    }
    build
        .cpp(true)
        .std("c++17")
        .opt_level(2)
        .debug(false)
        .pic(true)
        .flag("-fno-rtti")
        .flag("-fno-exceptions")
        .flag("-fvisibility=hidden")
        // LLVM's headers are not ours to mend: as system headers they give no warnings.
        .flag(format!("-isystem{}", include.display()))
        .define("_GNU_SOURCE", None)
        .define("__STDC_CONSTANT_MACROS", None)
        .define("__STDC_FORMAT_MACROS", None)
        .define("__STDC_LIMIT_MACROS", None)
        .warnings(true)
        // libstdc++ goes in statically (below): rustc's libLLVM keeps its own copy private, so nothing would provide it.
        .cpp_link_stdlib(None)
        .compile("enzyme_rs_shim");

    let compiler = build.get_compiler();
    let asked = compiler
        .to_command()
        .arg("-print-file-name=libstdc++.a")
        .output();
    let archive = asked
        .ok()
        .and_then(|out| String::from_utf8(out.stdout).ok())
        .map(|text| PathBuf::from(text.trim()));
    match archive
        .as_deref()
        .filter(|path| path.is_absolute())
        .and_then(Path::parent)
    {
        Some(dir) => {
            println!("cargo::rustc-link-search=native={}", dir.display());
            println!("cargo::rustc-link-lib=static:-bundle=stdc++");
        }
        None => {
            println!(
                "cargo::error=libstdc++.a was not found; install the package g++ (it brings libstdc++-*-dev)"
            );
            exit(1);
        }
    }
    // All symbols are bound at load (rustc's default is stated here because it matters). Bound lazily, a missing one would end
    // the user's compiler in mid-flight.
    println!("cargo::rustc-link-arg-cdylib=-Wl,-z,now");
    if let Err(why) = bind_late(&include) {
        println!("cargo::error=the symbols of LLVM: {why}");
        exit(1);
    }

    println!("cargo::rustc-link-search=native={}", lib.display());
    for arg in [
        format!("-L{}", lib.display()),
        format!("-Wl,-rpath,{}", lib.display()),
        format!("-lLLVM-{}", llvm.major),
    ] {
        println!("cargo::rustc-link-arg-tests={arg}");
    }
}

/// What the host's LLVM provides is looked up by the plugin itself: see [`late`].
fn bind_late(include: &Path) -> Result<(), String> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let symbols = late::weaken(&out.join("libenzyme_rs_shim.a"))?;
    let functions = late::functions(Path::new(RUST), &include.join("llvm-c"))?;
    let source = late::stubs(&functions, &symbols)?;
    let mut build = cc::Build::new();
    build.file(source).cargo_metadata(false);
    for object in build.compile_intermediates() {
        println!("cargo::rustc-link-arg-cdylib={}", object.display());
    }
    Ok(())
}
