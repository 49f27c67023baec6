//! Compiles the C library, as build scripts do: with the system's compiler, without LTO.
fn main() {
    println!("cargo::rerun-if-changed=c");
    cc::Build::new().file("c/steps.c").compile("steps");
}
