//! `test-lto`: programs built through whole compilers and run, bad input that must be refused, and a fresh crate.

mod autodiff;
mod bad_input;
mod c_programs;
mod caches;
mod collapse;
mod enzyme_tool;
mod fresh_crate;
mod loops;
mod matrix;
mod mixed;
mod profiles;
mod programs;

use crate::plugin::Plugins;
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{plugin, steps};
use anyhow::{Result, bail};
pub use matrix::print as print_matrix;
use matrix::{Cell, Outcome};
use std::path::Path;
use toolchains::{CFlow, Flow, LLVM_MAJOR, Markers, Plugin};

/// The flows that every program goes through in `cargo xtask test` too.
const MAIN_FLOWS: [&str; 2] = ["nightly-fat", "stable-lld"];

/// The programs that go through other flows there: calls into other crates, and memory that the standard library
/// allocates and grows, which is where flows differ.
const TELLING: [&str; 2] = ["calls", "scratch"];

/// Those flows: each way of optimising at link time that the main ones are not. What remains differs from one of these, or
/// from a main one, in who gives a flag, or in who built the compiler or the linker, and is left to `test-lto`.
const OTHER_FLOWS: [&str; 5] = [
    "nightly-thin",
    "nightly-lld-thin",
    "stable-lld-thin",
    "stable-bootstrap-fat",
    "debian-fat",
];

/// Programs whose crates take long to build in each flow: left to `test-lto`, and there to the main flows
/// where they are not asked for by name.
const LARGE: [&str; 2] = ["argmin", "faer"];

/// Profiles that there only the first of the main flows goes through.
const PROFILES_LEFT: [&str; 5] = [
    "profile-O1",
    "profile-O2",
    "profile-Os",
    "profile-Oz",
    "profile-incremental",
];

/// The tests that belong to no flow; one that is asked for by its name needs no plugin for another LLVM.
const OUTSIDE: [&str; 5] = [
    "without-plugin",
    "backend",
    "caches",
    "cargo-enzyme",
    "fresh-crate",
];

/// Which tests are asked for.
#[derive(Default)]
pub struct Selection {
    filter: Option<String>,
    flows: Vec<Flow>,
    c_flows: Vec<CFlow>,
    /// Whether flows were chosen, so that what belongs to none is left out.
    chosen: bool,
}

impl Selection {
    /// The flows are found by their name or that of their toolchain. A mistyped name is said before anything is built.
    pub fn new(
        filter: Option<String>,
        flow: Option<String>,
        toolchain: Option<String>,
    ) -> Result<Self> {
        let mut c_flows = CFlow::all()?;
        let mut flows = match &flow {
            Some(name) => {
                c_flows.retain(|flow| flow.name() == name);
                match c_flows.is_empty() {
                    true => vec![Flow::find(name)?],
                    false => Vec::new(),
                }
            }
            None => Flow::all()?,
        };
        if let Some(set) = &toolchain {
            flows.retain(|flow| flow.set() == set);
            c_flows.retain(|flow| flow.set() == set);
            if flows.is_empty() && c_flows.is_empty() {
                bail!("no such flow belongs to a toolchain called {set}");
            }
        }
        Ok(Self {
            filter,
            flows,
            c_flows,
            chosen: flow.is_some() || toolchain.is_some(),
        })
    }

    fn only_outside(&self) -> bool {
        let names = |filter: &str| OUTSIDE.contains(&filter);
        self.filter.as_deref().is_some_and(names)
    }

    fn wants(&self, name: &str) -> bool {
        self.filter.as_ref().is_none_or(|f| name.contains(f))
    }
}

/// Builds the plugin, runs the tests and prints the matrix of flows.
pub fn run(workspace: &Workspace, selection: &Selection, json: Option<&Path>) -> Result<bool> {
    let plugin = plugin::build(workspace)?;
    let mut plugins = Plugins::new(workspace, &plugin);
    let mut tally = Tally::default();
    let mut cells = Vec::new();
    let through = !selection.only_outside();
    for flow in selection.flows.iter().filter(|_| through) {
        let small = |name: &str| !LARGE.contains(&name) || MAIN_FLOWS.contains(&flow.name());
        let wanted =
            |name: &str| selection.wants(name) && (selection.filter.is_some() || small(name));
        let cell = through_flow(workspace, &mut plugins, flow, &wanted, &mut tally)?;
        cells.push(cell);
    }
    for flow in selection.c_flows.iter().filter(|_| through) {
        let wanted = |name: &str| selection.wants(name);
        let cell = through_c_flow(workspace, &mut plugins, flow, &wanted, &mut tally)?;
        cells.push(cell);
    }
    if !selection.chosen {
        outside_flows(
            workspace,
            &plugin,
            &|name| selection.wants(name),
            &mut tally,
        )?;
    }
    if tally.is_empty() && selection.filter.is_some() {
        bail!(
            "no LTO test's name contains {:?}; the names are those of the programs in lto-tests/cases (scalars, no_body, …), \
             shared-library, profile-O0 (and so on), mixed, chain, plain-loop, those of the folders of lto-tests/c, and without-plugin, \
             backend, caches, cargo-enzyme and fresh-crate where no flow is chosen",
            selection.filter.as_deref().unwrap_or_default()
        );
    }
    matrix::print(&cells);
    if let Some(path) = json {
        matrix::write(&cells, path)?;
    }
    Ok(tally.close())
}

/// What of it `cargo xtask test` runs: everything through the main flows, and what tells flows apart through the others.
pub fn in_test(workspace: &Workspace, plugin: &Plugin) -> Result<Tally> {
    let mut plugins = Plugins::new(workspace, plugin);
    let mut tally = Tally::default();
    let mut cells = Vec::new();
    for flow in Flow::all()? {
        if flow.llvm_major() != LLVM_MAJOR {
            let by = format!("cargo xtask test-llvm {}", flow.llvm_major());
            cells.push(Cell::new(&flow, Outcome::Elsewhere { by }));
            continue;
        }
        let main = MAIN_FLOWS.contains(&flow.name()) || flow.markers() == Markers::Rustc;
        if !main && !OTHER_FLOWS.contains(&flow.name()) {
            let by = "cargo xtask test-lto".to_owned();
            cells.push(Cell::new(&flow, Outcome::Elsewhere { by }));
            continue;
        }
        let first = flow.name() == MAIN_FLOWS[0];
        let wanted = |name: &str| match main {
            true => !LARGE.contains(&name) && (first || !PROFILES_LEFT.contains(&name)),
            false => TELLING.contains(&name),
        };
        cells.push(through_flow(
            workspace,
            &mut plugins,
            &flow,
            &wanted,
            &mut tally,
        )?);
    }
    let of_this_llvm = |flow: &CFlow| flow.llvm_major() == LLVM_MAJOR;
    for flow in CFlow::all()?.iter().filter(|f| of_this_llvm(f)) {
        let cell = through_c_flow(workspace, &mut plugins, flow, &|_| true, &mut tally)?;
        cells.push(cell);
    }
    // Builds of three flows, three times each, and of a workspace in three flows more: left to `test-lto`.
    let left = ["caches", "cargo-enzyme-more"];
    outside_flows(workspace, plugin, &|name| !left.contains(&name), &mut tally)?;
    matrix::print(&cells);
    Ok(tally)
}

/// The plugin for a flow, or why that can't be used here, which is said.
fn plugin_for(
    plugins: &mut Plugins<'_>,
    flow: &str,
    major: u32,
    lacking: Option<String>,
) -> Result<Result<Plugin, String>> {
    match lacking.or_else(|| plugins.unavailable(major)) {
        Some(why) => {
            steps::say(&format!("{flow} is not available here: {why}"));
            Ok(Err(why))
        }
        None => plugins.of(major).map(Ok),
    }
}

/// Runs what `wanted` accepts through one flow.
pub fn through_flow(
    workspace: &Workspace,
    plugins: &mut Plugins<'_>,
    flow: &Flow,
    wanted: &dyn Fn(&str) -> bool,
    all: &mut Tally,
) -> Result<Cell> {
    let plugin = match plugin_for(plugins, flow.name(), flow.llvm_major(), flow.unavailable())? {
        Ok(plugin) => plugin,
        Err(why) => return Ok(Cell::new(flow, Outcome::NotAvailable { why })),
    };
    let plugin = &plugin;
    steps::say(&format!(
        "LTO tests through {} ({})",
        flow.name(),
        flow.summary()
    ));
    let mut tally = Tally::default();
    match flow.markers() {
        Markers::Rustc => autodiff::check(workspace, plugin, flow, wanted, &mut tally)?,
        Markers::Ours => {
            programs::check(workspace, plugin, flow, wanted, &mut tally)?;
            bad_input::check(workspace, plugin, flow, wanted, &mut tally)?;
            if MAIN_FLOWS.contains(&flow.name()) {
                profiles::check(workspace, plugin, flow, wanted, &mut tally);
            }
            if flow.optimises_in_linker() && wanted("mixed") {
                mixed::check(workspace, plugin, flow, &mut tally)?;
            }
            if wanted("chain") {
                let result = collapse::before_and_after(workspace, plugin, flow);
                let name = format!("{}/chain: one loop before, vectors after", flow.name());
                tally.check(&name, result);
            }
            if wanted("plain-loop") {
                let result = loops::arrive_as_written(workspace, plugin, flow);
                let name = format!("{}/plain-loop: loops arrive scalar and rolled", flow.name());
                tally.check(&name, result);
            }
        }
    }
    let (passed, failed) = tally.counts();
    all.add(tally);
    Ok(Cell::new(flow, Outcome::Ran { passed, failed }))
}

/// Runs what `wanted` accepts of the C and C++ programs through one flow.
pub fn through_c_flow(
    workspace: &Workspace,
    plugins: &mut Plugins<'_>,
    flow: &CFlow,
    wanted: &dyn Fn(&str) -> bool,
    all: &mut Tally,
) -> Result<Cell> {
    let plugin = match plugin_for(plugins, flow.name(), flow.llvm_major(), flow.unavailable())? {
        Ok(plugin) => plugin,
        Err(why) => return Ok(Cell::of_c(flow, Outcome::NotAvailable { why })),
    };
    steps::say(&format!(
        "C and C++ programs through {} ({})",
        flow.name(),
        flow.summary()
    ));
    let mut tally = Tally::default();
    c_programs::check(workspace, &plugin, flow, wanted, &mut tally)?;
    let (passed, failed) = tally.counts();
    all.add(tally);
    Ok(Cell::of_c(flow, Outcome::Ran { passed, failed }))
}

/// What belongs to no flow, or to several.
fn outside_flows(
    workspace: &Workspace,
    plugin: &Plugin,
    wanted: &dyn Fn(&str) -> bool,
    tally: &mut Tally,
) -> Result<()> {
    if wanted("without-plugin") {
        let result = bad_input::without_plugin(workspace);
        tally.check(
            "without-plugin: the link fails and names the marker",
            result,
        );
    }
    if wanted("backend") {
        let result = autodiff::as_backend(workspace, plugin);
        tally.check(
            "backend: our library, handed the markers as another engine",
            result,
        );
    }
    caches::check(workspace, plugin, wanted, tally)?;
    enzyme_tool::check(workspace, plugin, wanted, tally)?;
    fresh_crate::check(workspace, plugin, wanted, tally)
}
