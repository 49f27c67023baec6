//! The files of a folder of tests.

use std::fs;
use std::path::{Path, PathBuf};

/// What a folder holds, sorted.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let list = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in list {
        paths.push(
            entry
                .map_err(|e| format!("{}: {e}", folder.display()))?
                .path(),
        );
    }
    paths.sort();
    Ok(paths)
}

pub fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

/// A file's name without folder and extension.
pub fn stem(path: &Path) -> String {
    path.file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default()
}
