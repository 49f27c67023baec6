//! A way to build a C or C++ program with the plugin: clang alone, or with the linker's optimisation, or opt.

use crate::Plugin;
use crate::manifest::{CFlowSpec, LlvmTools, Lto, Manifest, manifests};
use anyhow::Result;
use std::process::Command;

/// A flow of a set that has clang, lld and opt.
#[derive(Clone, Debug)]
pub struct CFlow {
    set: String,
    tools: LlvmTools,
    llvm_major: u32,
    spec: CFlowSpec,
}

impl CFlow {
    /// Every flow of every manifest.
    pub fn all() -> Result<Vec<Self>> {
        Ok(manifests()?.iter().flat_map(Self::of).collect())
    }

    fn of(manifest: &Manifest) -> Vec<Self> {
        let of_tools = |tools: &LlvmTools| {
            let flows = manifest.c_flows.iter().map(|spec| Self {
                set: manifest.name.clone(),
                tools: tools.clone(),
                llvm_major: manifest.llvm_major,
                spec: spec.clone(),
            });
            flows.collect()
        };
        manifest.llvm.as_ref().map_or_else(Vec::new, of_tools)
    }

    /// The compiler set that it belongs to.
    pub fn set(&self) -> &str {
        &self.set
    }

    pub fn name(&self) -> &str {
        &self.spec.name
    }

    pub fn summary(&self) -> &str {
        &self.spec.summary
    }

    /// The LLVM that the plugin is built for.
    pub fn llvm_major(&self) -> u32 {
        self.llvm_major
    }

    /// Which link-time optimisation it is, if any.
    pub fn lto(&self) -> Option<Lto> {
        self.spec.lto
    }

    /// Whether opt, and not clang, loads the plugin.
    pub fn by_opt(&self) -> bool {
        !self.spec.opt.is_empty()
    }

    /// Why the flow cannot be used on this machine, if so.
    pub fn unavailable(&self) -> Option<String> {
        self.tools.missing()
    }

    /// The compiler of C, or of C++.
    pub fn compiler(&self, cxx: bool) -> Command {
        Command::new(match cxx {
            true => self.tools.clang.replace("clang", "clang++"),
            false => self.tools.clang.clone(),
        })
    }

    /// opt with its flags.
    pub fn opt(&self, plugin: &Plugin) -> Command {
        let mut opt = Command::new(&self.tools.opt);
        opt.args(with_plugin(&self.spec.opt, plugin));
        opt
    }

    /// What the compiler is given for each file.
    pub fn compile_flags(&self, plugin: &Plugin) -> Vec<String> {
        with_plugin(&self.spec.compile, plugin)
    }

    /// What it is given for the link.
    pub fn link_flags(&self, plugin: &Plugin) -> Vec<String> {
        with_plugin(&self.spec.link, plugin)
    }
}

fn with_plugin(flags: &[String], plugin: &Plugin) -> Vec<String> {
    let path = plugin.path().display().to_string();
    flags.iter().map(|f| f.replace("{plugin}", &path)).collect()
}
