//! A sysroot in which rustc's `std::autodiff` finds the plugin as its backend.
//!
//! rustc looks for `lib/rustlib/<host>/lib/libEnzyme-<LLVM>.so` in its sysroot. The user's toolchain is never touched: a
//! folder of links to it is made, with that one file added.

use anyhow::{Context, Result, bail};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::rust::RustSet;
use crate::{Plugin, probe};

/// Makes the sysroot for this compiler and plugin, once: it lies beside the plugin's file, whose path names its content.
pub fn with_backend(rust: &RustSet, plugin: &Plugin) -> Result<PathBuf> {
    let version = rust.version()?;
    let original = probe::stdout_of(rust.rustc().args(["--print", "sysroot"]))?;
    let original = Path::new(original.trim());
    let folder = plugin.path().parent().context("a plugin in no folder")?;
    let name = original
        .file_name()
        .context("a sysroot without a name")?
        .to_string_lossy();
    let made = folder.join(format!("sysroot-{name}-{}", version.release));
    if made.is_dir() {
        return Ok(made);
    }
    // Made aside and renamed, so that half a sysroot is never used.
    let aside = folder.join(format!("sysroot.{}", std::process::id()));
    let libraries = PathBuf::from(format!("lib/rustlib/{}/lib", version.host));
    if !original.join(&libraries).is_dir() {
        bail!(
            "{} has no {}: is the target's standard library installed?",
            original.display(),
            libraries.display()
        );
    }
    link_along(original, &aside, &libraries)?;
    let backend = aside
        .join(&libraries)
        .join(format!("libEnzyme-{}.so", version.llvm_major));
    symlink(plugin.path(), &backend).with_context(|| format!("linking {}", backend.display()))?;
    match fs::rename(&aside, &made) {
        Ok(()) => {}
        // Another process was faster; its is the same.
        Err(_) if made.is_dir() => fs::remove_dir_all(&aside)?,
        Err(why) => return Err(why).with_context(|| format!("making {}", made.display())),
    }
    Ok(made)
}

/// Links everything in `from` into the new folder `to`; the folders along `path` are made anew, so that the last of them
/// can hold more.
fn link_along(from: &Path, to: &Path, path: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("creating {}", to.display()))?;
    let mut parts = path.components();
    let next = parts.next().map(|part| part.as_os_str().to_owned());
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        if Some(entry.file_name()) == next {
            link_along(&entry.path(), &to.join(entry.file_name()), parts.as_path())?;
            continue;
        }
        // A backend that the toolchain brings is not the one that is asked for.
        if entry
            .file_name()
            .to_string_lossy()
            .starts_with("libEnzyme-")
        {
            continue;
        }
        symlink(entry.path(), to.join(entry.file_name()))
            .with_context(|| format!("linking {}", entry.path().display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_folders_along_the_path_are_new() {
        let base = std::env::temp_dir().join(format!("enzyme-rs-sysroot-{}", std::process::id()));
        let from = base.join("from");
        fs::create_dir_all(from.join("lib/rustlib/host/lib")).unwrap();
        fs::create_dir_all(from.join("bin")).unwrap();
        for file in [
            "bin/rustc",
            "lib/rustlib/host/lib/libstd.rlib",
            "lib/rustlib/host/lib/libEnzyme-22.so",
        ] {
            fs::write(from.join(file), file).unwrap();
        }
        let to = base.join("to");
        link_along(&from, &to, Path::new("lib/rustlib/host/lib")).unwrap();
        assert!(to.join("bin").is_symlink());
        let libraries = to.join("lib/rustlib/host/lib");
        assert!(!libraries.is_symlink() && libraries.join("libstd.rlib").is_file());
        assert!(!libraries.join("libEnzyme-22.so").exists());
        fs::remove_dir_all(&base).unwrap();
    }
}
