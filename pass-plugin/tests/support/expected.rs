//! Tests that are known to fail with some compiler, each with the reason: the file that `ENZYME_RS_EXPECTED` names.
//!
//! A line `[reason]` begins the tests that fail for it; each is a line of its own, with its configuration (`topic/name[O1]`) or
//! without, which means all of them. A test that is listed must fail: what works again must leave the list.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::files::read;

/// The names of the tests that are to fail, with why.
#[derive(Debug, Default)]
pub struct Expected(BTreeMap<String, String>);

impl Expected {
    /// Those of the file that the environment names, if it names one.
    pub fn from_environment() -> Result<Expected, String> {
        match std::env::var_os("ENZYME_RS_EXPECTED") {
            Some(path) => Expected::parse(&read(&PathBuf::from(path))?),
            None => Ok(Expected::default()),
        }
    }

    fn parse(text: &str) -> Result<Expected, String> {
        let mut reason = None;
        let mut tests = BTreeMap::new();
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(why) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                reason = Some(why.to_owned());
                continue;
            }
            let why = reason
                .clone()
                .ok_or_else(|| format!("no reason stands above `{line}`"))?;
            if tests.insert(line.to_owned(), why).is_some() {
                return Err(format!("`{line}` is listed twice"));
            }
        }
        Ok(Expected(tests))
    }

    /// What a test's result means: one that is listed has to fail.
    pub fn judge(
        &self,
        name: &str,
        config: &str,
        result: Result<(), String>,
    ) -> Result<(), String> {
        let full = format!("{name}[{config}]");
        match (self.0.get(&full).or_else(|| self.0.get(name)), result) {
            (None, result) => result,
            (Some(_), Err(_)) => Ok(()),
            (Some(why), Ok(())) => Err(format!(
                "it passes, and is listed as failing because {why}: take it off the list"
            )),
        }
    }
}
