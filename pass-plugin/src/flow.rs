//! What to do at which of the host's hooks.
//!
//! Which hook sees the whole program depends on the link-time optimisation that follows, and a module does not say
//! which that is: at `-O0` LLVM calls every pre-link phase `None`. So the plugin is told, by the environment variable
//! `ENZYME_RS_FLOW`, which our tools set:
//!
//! | value | meaning |
//! |---|---|
//! | `direct` | no LTO follows: each module is on its own, and a missing body is an error |
//! | `fat`, `thin`, `lto` | that LTO follows, or some: nothing is differentiated before it, and there a missing body is an error |
//! | unset or empty | differentiate what has all its bodies and leave the rest to a later step or the linker |
//!
//! Unset, some cases are still certain: a module that clang made for no LTO is on its own, and what a linker does, or a rustc that
//! was told `-C lto`, is link-time optimisation. LLVM 19 names no phase at all before a link; there this and what the
//! environment says is all that is known.

use std::ffi::OsStr;
use std::path::Path;

use crate::hold;
use crate::llvm::{Context, Module};
use crate::marker::referred;

/// Where in the build the plugin was called, as far as it matters to us.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// The optimizer of a build step that says nothing of LTO.
    None,
    /// Before thin LTO.
    ThinPreLink,
    /// One module of a thin LTO, with what was imported into it.
    ThinPostLink,
    /// Before full LTO.
    FullPreLink,
    /// The start of full LTO, on the whole program.
    FullLtoEarly,
    /// Before any LTO or none: LLVM 19 does not say.
    Unsaid,
    /// Asked for by name: `opt -passes=enzyme`.
    Named,
}

/// The hooks of the host's pipeline; the numbers are those of `shim/entry.cpp`.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Hook {
    Named = 0,
    PipelineStart = 1,
    EarlySimplification = 2,
    OptimizerEarly = 3,
    FullLtoEarly = 4,
}

/// What the user's tools said follows.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Flow {
    Direct,
    Lto,
    Unknown,
}

/// What the module itself shows of the LTO that follows.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Shown {
    /// It was compiled for none.
    Alone,
    /// It was compiled for one.
    ForLto,
    Nothing,
}

/// What a marker whose function has no body means.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum MissingBody {
    Error,
    /// Leave the marker as it is: a later step sees more, or the link fails on the marker's name.
    Defer,
}

/// How the engine is to differentiate a module.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Policy {
    pub phase: Phase,
    pub missing_body: MissingBody,
}

/// What to do at a hook.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    Nothing,
    /// Keep loops and functions as they are until link time: see [`hold`].
    Hold,
    /// Differentiate, then let go of what was held.
    Differentiate(Policy),
}

impl Hook {
    pub fn from_number(number: u32) -> Option<Hook> {
        [
            Hook::Named,
            Hook::PipelineStart,
            Hook::EarlySimplification,
            Hook::OptimizerEarly,
            Hook::FullLtoEarly,
        ]
        .into_iter()
        .find(|hook| *hook as u32 == number)
    }
}

impl Phase {
    /// The phase at a hook, given its number in `shim/version.h`.
    pub fn new(hook: Hook, number: u32) -> Option<Phase> {
        match (hook, number) {
            (Hook::Named, _) => Some(Phase::Named),
            (Hook::FullLtoEarly, _) => Some(Phase::FullLtoEarly),
            (_, 0) => Some(Phase::None),
            (_, 1) => Some(Phase::ThinPreLink),
            (_, 2) => Some(Phase::ThinPostLink),
            (_, 3) => Some(Phase::FullPreLink),
            (_, 5) => Some(Phase::Unsaid),
            _ => None,
        }
    }
}

impl Flow {
    /// The flow that a value of `ENZYME_RS_FLOW` names; the error is a sentence for the user.
    pub fn parse(value: Option<&str>) -> Result<Flow, String> {
        match value {
            None | Some("") => Ok(Flow::Unknown),
            Some("direct") => Ok(Flow::Direct),
            // Which LTO it is shows in the hooks that are called; that there is one does not.
            Some("fat" | "thin" | "lto") => Ok(Flow::Lto),
            Some(other) => Err(format!(
                "the environment variable ENZYME_RS_FLOW is `{other}`; it may be `direct`, `fat`, `thin`, `lto` or unset"
            )),
        }
    }
}

/// Decides what to do.
pub fn decide(hook: Hook, phase: Phase, flow: Flow, shown: Shown) -> Action {
    let missing_body = match (phase, flow) {
        (Phase::Named | Phase::FullLtoEarly, _) => MissingBody::Error,
        (Phase::ThinPostLink, Flow::Direct | Flow::Lto) => MissingBody::Error,
        // Nothing comes after it; but rustc names this phase where no LTO follows, too.
        (Phase::ThinPostLink, Flow::Unknown) if shown == Shown::ForLto => MissingBody::Error,
        (_, Flow::Direct) => MissingBody::Error,
        _ if shown == Shown::Alone => MissingBody::Error,
        _ => MissingBody::Defer,
    };
    let differentiate = Action::Differentiate(Policy {
        phase,
        missing_body,
    });
    match (hook, phase) {
        // What is registered is kept whole there, whatever follows: see `registry`.
        (Hook::PipelineStart, _) => Action::Nothing,
        (Hook::Named | Hook::FullLtoEarly, _) => differentiate,
        // Imported bodies are gone again by OptimizerEarly, so post-link is served where they are still there.
        (Hook::EarlySimplification, Phase::ThinPostLink) => differentiate,
        (Hook::EarlySimplification, _) => Action::Nothing,
        (Hook::OptimizerEarly, Phase::ThinPostLink) => Action::Nothing,
        (Hook::OptimizerEarly, Phase::ThinPreLink | Phase::FullPreLink) => Action::Hold,
        (Hook::OptimizerEarly, Phase::Unsaid) if flow == Flow::Lto || shown == Shown::ForLto => {
            Action::Hold
        }
        // Pipelines of -O0 name no phase. They vectorise nothing, so there is nothing to hold; and what is compiled
        // without LTO beside the program (build scripts) is left alone as well.
        (Hook::OptimizerEarly, _) if flow == Flow::Lto => Action::Nothing,
        (Hook::OptimizerEarly, _) => differentiate,
    }
}

/// Reads it off the module, in which clang has flags for LTO and leaves them out where there is none, and off the host's
/// command line.
fn shown(module: Module, command_line: &[String]) -> Shown {
    let lto_flags = ["ThinLTO", "EnableSplitLTOUnit", "UnifiedLTO"];
    let clang = module.idents().iter().any(|ident| ident.contains("clang"));
    match (
        clang,
        lto_flags.iter().any(|name| module.flag(name).is_some()),
    ) {
        (false, _) if links(command_line) => Shown::ForLto,
        (false, _) => Shown::Nothing,
        (true, true) => Shown::ForLto,
        (true, false) => Shown::Alone,
    }
}

/// Whether a command line is a linker's, or that of a rustc which links with LTO.
fn links(command_line: &[String]) -> bool {
    let program = command_line.first().map(Path::new);
    let name = program.and_then(Path::file_name).and_then(OsStr::to_str);
    if name.is_some_and(|name| name.contains("lld")) {
        return true;
    }
    let option = |i: usize, word: &str| match word.strip_prefix("-C") {
        Some("") => command_line.get(i + 1).cloned(),
        other => other.map(str::to_owned),
    };
    let mut lto = None;
    for (i, word) in command_line.iter().enumerate() {
        if let Some(option) = option(i, word) {
            match option.split_once('=') {
                Some(("lto", value)) => lto = Some(value.to_owned()),
                None if option == "lto" => lto = Some("fat".to_owned()),
                _ => {}
            }
        }
    }
    lto.is_some_and(|lto| ["fat", "thin", "yes", "y", "on", "true"].contains(&lto.as_str()))
}

/// What happens at a hook; returns whether the module changed.
pub fn on_hook(module: Module, hook: Hook, phase: Phase) -> bool {
    if hook == Hook::PipelineStart {
        return crate::registry::protect(module);
    }
    let context: Context = module.context();
    let flow = match Flow::parse(std::env::var("ENZYME_RS_FLOW").ok().as_deref()) {
        Ok(flow) => flow,
        Err(why) => {
            context.emit_error(&why);
            return false;
        }
    };
    let command_line = std::env::args_os().map(|a| a.to_string_lossy().into_owned());
    let shown = shown(module, &command_line.collect::<Vec<_>>());
    match decide(hook, phase, flow, shown) {
        Action::Nothing => false,
        Action::Hold => {
            let thin = phase == Phase::ThinPreLink;
            let referred = thin && referred::call_handed(module);
            hold::hold(module) || referred
        }
        Action::Differentiate(policy) => {
            let released = hold::release_functions(module) | referred::drop_calls(module);
            let changed = crate::run_on_module(module, policy);
            hold::release(module) || changed || released
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(phase: Phase, missing_body: MissingBody) -> Action {
        Action::Differentiate(Policy {
            phase,
            missing_body,
        })
    }

    #[test]
    fn whole_programs_are_differentiated_and_must_be_complete() {
        for flow in [Flow::Direct, Flow::Lto, Flow::Unknown] {
            let named = decide(Hook::Named, Phase::Named, flow, Shown::Nothing);
            assert_eq!(named, policy(Phase::Named, MissingBody::Error));
            let fat = decide(
                Hook::FullLtoEarly,
                Phase::FullLtoEarly,
                flow,
                Shown::Nothing,
            );
            assert_eq!(fat, policy(Phase::FullLtoEarly, MissingBody::Error));
        }
    }

    #[test]
    fn before_the_link_nothing_is_differentiated() {
        for flow in [Flow::Direct, Flow::Lto, Flow::Unknown] {
            for phase in [Phase::ThinPreLink, Phase::FullPreLink] {
                assert_eq!(
                    decide(Hook::OptimizerEarly, phase, flow, Shown::Nothing),
                    Action::Hold
                );
                assert_eq!(
                    decide(Hook::EarlySimplification, phase, flow, Shown::Nothing),
                    Action::Nothing
                );
            }
        }
        assert_eq!(
            decide(Hook::OptimizerEarly, Phase::None, Flow::Lto, Shown::Nothing),
            Action::Nothing
        );
    }

    #[test]
    fn thin_lto_is_served_once_where_imports_are_visible() {
        let early = decide(
            Hook::EarlySimplification,
            Phase::ThinPostLink,
            Flow::Lto,
            Shown::Nothing,
        );
        assert_eq!(early, policy(Phase::ThinPostLink, MissingBody::Error));
        assert_eq!(
            decide(
                Hook::OptimizerEarly,
                Phase::ThinPostLink,
                Flow::Lto,
                Shown::Nothing
            ),
            Action::Nothing
        );
    }

    #[test]
    fn a_module_of_clang_is_complete_after_thin_lto() {
        let of = |shown| {
            decide(
                Hook::EarlySimplification,
                Phase::ThinPostLink,
                Flow::Unknown,
                shown,
            )
        };
        let policy = |missing| policy(Phase::ThinPostLink, missing);
        assert_eq!(of(Shown::ForLto), policy(MissingBody::Error));
        assert_eq!(of(Shown::Nothing), policy(MissingBody::Defer));
    }

    #[test]
    fn without_being_told_only_a_module_on_its_own_must_be_complete() {
        let of = |flow, shown| decide(Hook::OptimizerEarly, Phase::None, flow, shown);
        assert_eq!(
            of(Flow::Unknown, Shown::Nothing),
            policy(Phase::None, MissingBody::Defer)
        );
        assert_eq!(
            of(Flow::Unknown, Shown::Alone),
            policy(Phase::None, MissingBody::Error)
        );
        assert_eq!(
            of(Flow::Direct, Shown::Nothing),
            policy(Phase::None, MissingBody::Error)
        );
    }

    #[test]
    fn a_misspelt_flow_is_refused() {
        assert_eq!(Flow::parse(Some("")), Ok(Flow::Unknown));
        assert_eq!(Flow::parse(Some("direct")), Ok(Flow::Direct));
        assert!(Flow::parse(Some("phat")).is_err_and(|why| why.contains("`phat`")));
    }

    #[test]
    fn where_no_phase_is_said_the_flags_of_clang_and_the_environment_count() {
        let of = |flow, shown| decide(Hook::OptimizerEarly, Phase::Unsaid, flow, shown);
        for (flow, shown) in [
            (Flow::Lto, Shown::Nothing),
            (Flow::Lto, Shown::ForLto),
            (Flow::Unknown, Shown::ForLto),
        ] {
            assert_eq!(of(flow, shown), Action::Hold);
        }
        assert_eq!(
            of(Flow::Unknown, Shown::Alone),
            policy(Phase::Unsaid, MissingBody::Error)
        );
        assert_eq!(
            of(Flow::Unknown, Shown::Nothing),
            policy(Phase::Unsaid, MissingBody::Defer)
        );
    }

    #[test]
    fn clang_modules_show_whether_lto_follows() {
        let context = Context::create();
        let of = |text: &str| {
            let module = Module::parse(context, text).unwrap();
            let answer = shown(module, &[]);
            module.dispose();
            answer
        };
        let ident = |name: &str| format!("!llvm.ident = !{{!9}}\n!9 = !{{!\"{name}\"}}\n");
        let flag = "!llvm.module.flags = !{!0}\n!0 = !{i32 1, !\"ThinLTO\", i32 0}\n";
        let clang = ident("Debian clang version 22.1.8");
        assert_eq!(of(&clang), Shown::Alone);
        assert_eq!(of(&format!("{clang}{flag}")), Shown::ForLto);
        assert_eq!(of(&ident("rustc version 1.95.0")), Shown::Nothing);
        context.dispose();
    }

    #[test]
    fn linkers_and_rustc_with_lto_show_that_there_is_one() {
        let of = |line: &str| links(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert!(of("/usr/lib/rust-lld a.o -o a"));
        assert!(of("ld.lld-22 a.o"));
        assert!(of("rustc a.rs -C lto=thin -C opt-level=3"));
        assert!(of("rustc a.rs -Clto"));
        assert!(!of("rustc lto -C lto=off"));
        assert!(!of("rustc a.rs -Clto=fat -Clto=no"));
        assert!(!of("rustc a.rs -C linker-plugin-lto"));
        assert!(!of("/usr/bin/clang a.c -fuse-ld=lld"));
    }
}
