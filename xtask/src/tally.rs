//! Counts of what passed and failed, and the closing line that CI reads.

use crate::steps::{echo, stream};
use anyhow::Result;
use std::process::Command;

/// How many checks passed, and the names of those that failed.
#[derive(Default)]
pub struct Tally {
    passed: usize,
    failed: Vec<String>,
    unnamed: usize,
}

impl Tally {
    /// Counts one check and prints its line; a failure with the reason below it.
    pub fn check(&mut self, name: &str, result: Result<()>) {
        match result {
            Ok(()) => {
                echo(&format!("check {name} ... ok"));
                self.passed += 1;
            }
            Err(reason) => {
                echo(&format!("check {name} ... FAILED"));
                for line in format!("{reason:#}").lines() {
                    echo(&format!("    {line}"));
                }
                self.failed.push(name.to_string());
            }
        }
    }

    /// Runs a `cargo test`, shows it, and adds what its `test result:` lines count. One that fails without a failed test
    /// (it did not build, or it crashed) counts as one failure.
    pub fn cargo_test(&mut self, name: &str, command: &mut Command) -> Result<()> {
        let mut failed = 0;
        let status = stream(command, |line| {
            if let Some((p, f)) = test_result(line) {
                self.passed += p;
                failed += f;
            }
            echo(line);
            true
        })?;
        if failed > 0 || !status.success() {
            self.unnamed += failed.saturating_sub(1);
            self.failed.push(name.to_string());
        }
        Ok(())
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.passed == 0 && self.failed.is_empty()
    }

    /// How many passed, and how many failed.
    pub fn counts(&self) -> (usize, usize) {
        (self.passed, self.failed.len() + self.unnamed)
    }

    /// Adds another tally's counts.
    pub fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed.extend(other.failed);
        self.unnamed += other.unnamed;
    }

    /// Prints the failures' names and the closing line; whether all passed. Nothing run at all is no success.
    pub fn close(self) -> bool {
        for name in &self.failed {
            echo(&format!("failed: {name}"));
        }
        let (passed, failed) = self.counts();
        echo(&format!("{passed} passed, {failed} failed"));
        failed == 0 && passed > 0
    }
}

/// The counts in `test result: ok. 3 passed; 0 failed; …`.
pub fn test_result(line: &str) -> Option<(usize, usize)> {
    let rest = line.trim().strip_prefix("test result: ")?;
    let number_before = |word: &str| {
        rest.split([' ', ';', '.'])
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .windows(2)
            .find_map(|pair| {
                if pair[1] == word {
                    pair[0].parse().ok()
                } else {
                    None
                }
            })
    };
    Some((number_before("passed")?, number_before("failed")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

    #[test]
    fn result_lines_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.0s";
        assert_eq!(test_result(line), Some((12, 3)));
        assert_eq!(test_result("test a ... ok"), None);
    }

    #[test]
    fn a_test_run_that_does_not_build_is_a_failure() {
        let mut tally = Tally::default();
        tally
            .cargo_test("x", Command::new("sh").args(["-c", "exit 101"]))
            .unwrap();
        assert!(!tally.close());
    }

    #[test]
    fn failures_and_emptiness_do_not_close_well() {
        assert!(Tally::default().is_empty());
        assert!(!Tally::default().close());
        let mut tally = Tally::default();
        tally.check("good", Ok(()));
        assert!(!tally.is_empty());
        let mut bad = Tally::default();
        bad.check("bad", (|| bail!("why"))());
        tally.add(bad);
        assert!(!tally.close());
    }
}
