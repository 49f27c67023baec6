//! Adding compiler flags to those that the user's environment and cargo's files already give.
//!
//! cargo takes flags from one place only, in this order: the environment, `target.*.rustflags` of its files, and
//! `build.rustflags`. Where the user has flags, ours must go there too, or one of the two is lost.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use toml::{Table, Value};

/// The flags that the environment gives, if it gives any.
pub fn rustflags_variable() -> Option<Vec<String>> {
    let of = |name: &str| env::var(name).ok().filter(|text| !text.is_empty());
    let encoded = of("CARGO_ENCODED_RUSTFLAGS").map(|text| split(&text, '\x1f'));
    encoded.or_else(|| of("RUSTFLAGS").map(|text| split(&text, ' ')))
}

fn split(text: &str, at: char) -> Vec<String> {
    let words = text.split(at).filter(|word| !word.is_empty());
    words.map(str::to_string).collect()
}

/// A setting for cargo's `--config` that adds these flags to those of the files that cargo reads in `folder`.
pub fn rustflags_setting(folder: &Path, flags: &[String]) -> Result<String> {
    let list = Value::Array(flags.iter().cloned().map(Value::String).collect());
    // Lists of one key are joined; but any list for a target replaces that for all builds.
    Ok(match gives_target_flags(folder)? {
        true => format!("target.'cfg(all())'.rustflags={list}"),
        false => format!("build.rustflags={list}"),
    })
}

/// Whether a file that cargo reads in that folder has flags for a target.
fn gives_target_flags(folder: &Path) -> Result<bool> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    let folders = folder.ancestors().map(|dir| dir.join(".cargo")).chain(home);
    for dir in folders {
        for name in ["config.toml", "config"] {
            let path = dir.join(name);
            if !path.is_file() {
                continue;
            }
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("reading {}", path.display()))?;
            let table: Table =
                toml::from_str(&text).with_context(|| format!("reading {}", path.display()))?;
            let targets = table.get("target").and_then(Value::as_table);
            if targets.is_some_and(|t| t.values().any(|one| one.get("rustflags").is_some())) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_go_where_the_users_are() {
        let dir = env::temp_dir().join(format!("enzyme-rs-config-{}", std::process::id()));
        let inner = dir.join("crate/src");
        std::fs::create_dir_all(dir.join(".cargo")).unwrap();
        std::fs::create_dir_all(&inner).unwrap();
        let flags = vec!["-Zllvm-plugins=/p q.so".to_string()];
        let write = |text: &str| std::fs::write(dir.join(".cargo/config.toml"), text).unwrap();
        write("[build]\nrustflags = [\"-Ctarget-cpu=native\"]\n");
        assert_eq!(
            rustflags_setting(&inner, &flags).unwrap(),
            "build.rustflags=[\"-Zllvm-plugins=/p q.so\"]"
        );
        write("[target.x86_64-unknown-linux-gnu]\nrustflags = [\"-Ctarget-cpu=native\"]\n");
        assert!(
            rustflags_setting(&inner, &flags)
                .unwrap()
                .starts_with("target.'cfg(all())'")
        );
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
