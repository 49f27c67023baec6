//! Refuses type trees that the code contradicts: a derivative that believes one of the two is wrong if the other is right.

use rustc_hash::FxHashSet;

use super::Engine;
use crate::analysis::cells::{Cells, Class};
use crate::analysis::contradiction::{Contradiction, Place, Places};
use crate::diag::{Code, Refusal};
use crate::ir::FloatKind;
use crate::ir::build::Snapshot;
use crate::llvm::Function;
use crate::marker::request::{ArgActivity, Signature};

/// The function of the marker call at hand, with the names of its parameters: of these a type record speaks.
#[derive(Default)]
pub struct Described {
    function: Option<Function>,
    names: Vec<String>,
}

/// Calls are followed so deep.
const DEPTH: u32 = 8;

/// The functions that were looked at, with what was known of their arguments.
type Seen<'t> = FxHashSet<(Function, Vec<Option<Place<'t>>>)>;

impl Engine {
    /// A type record describes the parameters of a function by these names; there is none where there are no names.
    pub fn describe(&mut self, function: Function, names: &[String]) {
        self.described = Described {
            function: Some(function).filter(|_| !names.is_empty()),
            names: names.to_vec(),
        };
    }

    /// Whether `f`, and what it calls, use memory as the type record says.
    pub(super) fn check_trees(
        &mut self,
        f: Function,
        sig: &Signature,
        snapshot: &Snapshot,
        cells: &Cells,
    ) -> Result<(), Refusal> {
        if self.described.function != Some(f) {
            return Ok(());
        }
        let starts: Vec<_> = (sig.trees.iter().enumerate())
            .map(|(i, tree)| tree.as_ref().map(|tree| Place::of(i, tree)))
            .collect();
        let carries = |i: usize| {
            sig.args
                .get(i)
                .is_some_and(|activity| *activity != ArgActivity::Const)
        };
        self.check_uses(
            snapshot,
            cells,
            &starts,
            &carries,
            &mut Seen::default(),
            DEPTH,
        )
    }

    fn check_uses<'t>(
        &mut self,
        snapshot: &Snapshot,
        cells: &Cells,
        starts: &[Option<Place<'t>>],
        carries: &dyn Fn(usize) -> bool,
        seen: &mut Seen<'t>,
        depth: u32,
    ) -> Result<(), Refusal> {
        let places = Places::find(&snapshot.body, cells, starts);
        if let Some(found) = places.contradiction(carries) {
            return Err(self.contradicted(snapshot, &found));
        }
        let Some(depth) = depth.checked_sub(1) else {
            return Ok(());
        };
        for (name, given) in places.passed_on() {
            let Some(callee) = self.module.function(name) else {
                continue;
            };
            if !seen.insert((callee, given.clone())) {
                continue;
            }
            // What can't be prepared is refused where it matters.
            let Ok(template) = self.template(callee) else {
                continue;
            };
            let summaries = self.summaries_of(&template);
            let lookup = |name: &str| summaries.get(name).cloned().flatten();
            let body = &template.snapshot.body;
            let untold = vec![None; body.params.len()];
            let cells = Cells::run(body, &untold, &lookup);
            self.check_uses(&template.snapshot, &cells, &given, carries, seen, depth)?;
        }
        Ok(())
    }

    fn contradicted(&self, snapshot: &Snapshot, found: &Contradiction) -> Refusal {
        let name = match self.described.names.get(found.param) {
            Some(name) if !name.is_empty() => format!("`{name}`"),
            Some(_) | None => "the result".to_owned(),
        };
        let way: String = (found.through.iter().rev())
            .map(|at| format!(" behind the pointer at byte {at}"))
            .collect();
        let help = match (found.told, found.used) {
            (Class::Int, Class::Float(_)) => {
                "correct its `TypeTree`, or, where integers keep the bits of floats that are constants here, pass them in an \
                 argument that is `Const`"
            }
            _ => {
                "correct its `TypeTree`: bytes that hold now this and now that are a union's or an enum's, or opaque"
            }
        };
        Refusal::new(
            Code::TypeContradiction,
            format!(
                "the type tree of {name} says that {} lies at byte {}{way}, but here it is used as {}",
                spelled(found.told),
                found.byte,
                spelled(found.used)
            ),
        )
        .at_value(snapshot.llvm[found.at.index()])
        .why("the derivative would be wrong, or access memory that isn't there, if it believed the one that is wrong")
        .help(help)
    }
}

fn spelled(class: Class) -> &'static str {
    match class {
        Class::Int => "an integer",
        Class::Ptr => "a pointer",
        Class::Float(FloatKind::F64) => "a float of 64 bits",
        Class::Float(FloatKind::F32) => "a float of 32 bits",
        Class::Float(_) => "a float of another size",
        Class::IntOrFloat(_) | Class::PtrOrFloat | Class::Piece(_) => "one of several things",
        Class::Unknown | Class::Conflict => "something unknown",
    }
}
