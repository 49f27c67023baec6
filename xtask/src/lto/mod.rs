//! `test-lto`: programs built through whole compilers and run, bad input that must be refused, and a fresh crate.

mod bad_input;
mod fresh_crate;
mod loops;
mod profiles;
mod programs;

use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{plugin, steps};
use anyhow::{Result, bail};
use toolchains::{Flow, Plugin};

/// The flows that every program goes through.
const FLOWS: [&str; 2] = ["nightly-fat", "stable-lld"];

/// Builds the plugin and runs the LTO tests.
pub fn run(workspace: &Workspace, filter: Option<&str>, flow: Option<&str>) -> Result<bool> {
    // A mistyped name is said before anything is built for minutes.
    if let Some(flow) = flow {
        Flow::find(flow)?;
    }
    let plugin = plugin::build(workspace)?;
    let tally = check(workspace, &plugin, filter, flow)?;
    if tally.is_empty() {
        let filter = filter.unwrap_or_default();
        bail!(
            "no LTO test's name contains {filter:?}; the names are those of the programs in lto-tests/cases \
             (scalars, no_body, …), shared-library, profile-O0 (and so on), without-plugin, plain-loop, and fresh-crate without --flow"
        );
    }
    Ok(tally.close())
}

/// Runs the LTO tests whose name contains `filter`, through all main flows or the one that is named.
pub fn check(
    workspace: &Workspace,
    plugin: &Plugin,
    filter: Option<&str>,
    flow: Option<&str>,
) -> Result<Tally> {
    let mut tally = Tally::default();
    let wanted = |name: &str| filter.is_none_or(|f| name.contains(f));
    let flows = match flow {
        Some(name) => vec![Flow::find(name)?],
        None => FLOWS
            .iter()
            .map(|name| Flow::find(name))
            .collect::<Result<_>>()?,
    };
    for flow in &flows {
        steps::say(&format!(
            "LTO tests through {} ({})",
            flow.name(),
            flow.summary()
        ));
        programs::check(workspace, plugin, flow, &wanted, &mut tally)?;
        bad_input::check(workspace, plugin, flow, &wanted, &mut tally)?;
        profiles::check(workspace, plugin, flow, &wanted, &mut tally);
    }
    if wanted("without-plugin") {
        let result = bad_input::without_plugin(workspace);
        tally.check(
            "without-plugin: the link fails and names the marker",
            result,
        );
    }
    if wanted("plain-loop") {
        let seen = if flow.is_some() { flows } else { Flow::all()? };
        for flow in &seen {
            let result = loops::arrive_as_written(workspace, plugin, flow);
            tally.check(
                &format!("{}/plain-loop: loops arrive scalar and rolled", flow.name()),
                result,
            );
        }
    }
    if flow.is_none() {
        fresh_crate::check(workspace, plugin, &wanted, &mut tally)?;
    }
    Ok(tally)
}
