//! Compiles the C and C++ sources to bitcode, for the link-time optimisation that `MIXED_LTO` names (`full` or `thin`).

fn main() {
    println!("cargo::rerun-if-changed=c");
    println!("cargo::rerun-if-env-changed=MIXED_LTO");
    let lto = std::env::var("MIXED_LTO").unwrap_or_else(|_| "full".to_owned());
    let build = |compiler: &str| {
        let mut build = cc::Build::new();
        // As in Rust: loops stay as they are until the plugin has seen them, and the linker vectorises afterwards.
        build
            .compiler(compiler)
            .archiver("llvm-ar-22")
            .opt_level(2)
            .flag(format!("-flto={lto}"))
            .flag("-fno-vectorize")
            .flag("-fno-slp-vectorize");
        build
    };
    build("clang-22").file("c/energy.c").compile("energy");
    build("clang++-22")
        .cpp(true)
        .file("c/drive.cpp")
        .compile("drive");
}
