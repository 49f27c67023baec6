//! The plugin file under a path that names its content.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// A plugin that flows can load.
#[derive(Clone, Debug)]
pub struct Plugin {
    path: PathBuf,
}

impl Plugin {
    /// Copies the built plugin to `<folder>/<hash of its content>/libenzyme_rs.so`. cargo does not see that a file named in
    /// RUSTFLAGS changed; a path that changes with the content makes it build anew.
    pub fn publish(built: &Path, folder: &Path) -> Result<Self> {
        let content =
            std::fs::read(built).with_context(|| format!("reading {}", built.display()))?;
        let dir = folder.join(format!("{:016x}", fnv1a(&content)));
        let path = dir.join("libenzyme_rs.so");
        if std::fs::read(&path).is_ok_and(|there| there == content) {
            return Ok(Self { path });
        }
        std::fs::create_dir_all(&dir).with_context(|| format!("creating {}", dir.display()))?;
        // Written aside and renamed, so that a compiler never loads half a file.
        let aside = dir.join(format!("libenzyme_rs.so.{}", std::process::id()));
        std::fs::write(&aside, &content).with_context(|| format!("writing {}", aside.display()))?;
        std::fs::rename(&aside, &path).with_context(|| format!("writing {}", path.display()))?;
        Ok(Self { path })
    }

    /// A file that is where it should be: its path names its content, or will not change.
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
        }
    }

    /// Absolute path of the file to load.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// A 64-bit FNV-1a hash: it tells builds of one file apart and need not resist anybody.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_content_is_another_path() {
        let dir = std::env::temp_dir().join(format!("enzyme-rs-publish-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let built = dir.join("built.so");
        let publish = |content: &str| {
            std::fs::write(&built, content).unwrap();
            Plugin::publish(&built, &dir.join("plugins"))
                .unwrap()
                .path()
                .to_path_buf()
        };
        let (one, two, again) = (publish("one"), publish("two"), publish("one"));
        assert_ne!(one, two);
        assert_eq!(one, again);
        assert!(one.ends_with("libenzyme_rs.so"));
        assert_eq!(std::fs::read(&two).unwrap(), b"two");
        std::fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
    }
}
