//! The log: a file, named in `ENZYME_RS_LOG`, to which everything that is said is appended.
//!
//! Hosts swallow warnings and remarks of builds that succeed, and link steps run out of sight. Modules may be compiled
//! at the same time, in threads and in processes, so each message is one append of its own.

use std::{fs::OpenOptions, io::Write, path::PathBuf};

/// The log's file, when the user asked for one.
pub fn log_path() -> Option<PathBuf> {
    std::env::var_os("ENZYME_RS_LOG")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

/// Appends a message and a newline to the log, if there is one.
pub fn log_line(text: &str) {
    let Some(path) = log_path() else { return };
    let written = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .and_then(|mut file| file.write_all(format!("{text}\n").as_bytes()));
    if let Err(why) = written {
        eprintln!(
            "enzyme-rs: the log {} cannot be written: {why}",
            path.display()
        );
    }
}
