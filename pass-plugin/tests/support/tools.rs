//! Where the tests find clang, opt, valgrind and the plugin under test.
//!
//! Everything has a default that fits a machine with LLVM 22's distribution packages, and an environment
//! variable that overrides it. A plugin that cannot be found is an error that each test reports: a test
//! without its subject must fail, not pass.

use std::env;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The programs a test runs, and the plugin it loads into them.
#[derive(Clone, Debug)]
pub struct Tools {
    pub clang: String,
    plugin: Result<PathBuf, String>,
}

impl Tools {
    /// Reads the environment once; the answer is the same for every test of the process.
    pub fn from_environment() -> Tools {
        Tools {
            clang: env::var("ENZYME_RS_CLANG").unwrap_or_else(|_| "clang-22".to_owned()),
            plugin: find_plugin(),
        }
    }

    /// The plugin's path, or why there is none.
    pub fn plugin(&self) -> Result<&Path, String> {
        self.plugin.as_deref().map_err(String::clone)
    }
}

/// `ENZYME_RS_PLUGIN` when set, else the newest `libenzyme_rs.so` of the target directory this test lies in.
fn find_plugin() -> Result<PathBuf, String> {
    if let Ok(path) = env::var("ENZYME_RS_PLUGIN") {
        let path = PathBuf::from(path);
        return match path.canonicalize() {
            Ok(path) => Ok(path),
            Err(e) => Err(format!("ENZYME_RS_PLUGIN = {}: {e}", path.display())),
        };
    }
    // The test binary is <target>/<profile>/deps/<name>-<hash>.
    let exe = env::current_exe().map_err(|e| format!("current_exe: {e}"))?;
    let target = exe
        .ancestors()
        .nth(3)
        .ok_or_else(|| format!("{} is not inside a target directory", exe.display()))?;
    let mut newest: Option<(SystemTime, PathBuf)> = None;
    for profile in ["debug", "release"] {
        for folder in [target.join(profile), target.join(profile).join("deps")] {
            let candidate = folder.join("libenzyme_rs.so");
            if let Ok(time) = candidate.metadata().and_then(|m| m.modified())
                && newest.as_ref().is_none_or(|(best, _)| time > *best)
            {
                newest = Some((time, candidate));
            }
        }
    }
    newest.map(|(_, path)| path).ok_or_else(|| {
        format!(
            "no libenzyme_rs.so under {} and ENZYME_RS_PLUGIN is not set",
            target.display()
        )
    })
}
