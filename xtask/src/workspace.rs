//! Where things are: the repository, and the folder that build products go to.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository that this xtask belongs to.
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The repository is the folder above xtask's own; the build folder is cargo's, `CARGO_TARGET_DIR` included.
    pub fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask lies in no folder")?;
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => std::path::absolute(PathBuf::from(dir))?,
            None => root.join("target"),
        };
        Ok(Self {
            root: root.to_path_buf(),
            target,
        })
    }

    /// A path in the repository.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A folder for products of this tool, created when missing.
    pub fn products(&self, name: &str) -> Result<PathBuf> {
        let dir = self.target.join("enzyme-rs").join(name);
        std::fs::create_dir_all(&dir).with_context(|| format!("creating {}", dir.display()))?;
        Ok(dir)
    }

    /// cargo for the workspace itself: the one that runs xtask, so that nothing is built twice.
    pub fn cargo(&self, subcommand: &str) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .arg(subcommand)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// cargo for a crate of its own workspace below the repository, in a build folder of its own.
    pub fn cargo_in(&self, folder: &str, subcommand: &str) -> Result<Command> {
        let mut command = self.cargo(subcommand);
        command
            .current_dir(self.path(folder))
            .env("CARGO_TARGET_DIR", self.products("host")?);
        Ok(command)
    }
}
