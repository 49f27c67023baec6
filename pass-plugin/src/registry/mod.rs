//! What a program says of its own functions and variables: registration globals (`__enzyme_register_gradient…`),
//! annotations, and the attributes and metadata that a front end may write itself.
//!
//! Every spelling is brought into one form before anything is differentiated: attributes on functions (the constants
//! below), which the later stages read, and [`Registry`], plain data, for what no attribute can say. The globals that
//! said it are removed with their work done.
//!
//! The plugin differentiates after the host's inliner has run, so a registered function must be kept whole until then:
//! [`protect`] runs at the start of the pipeline, [`release`] after differentiation.

mod calls;
mod globals;
mod identity;
mod keep;
mod leaf;
mod libm;

pub use calls::{detach_stores, drop_detached, rewrite};
pub use identity::{detached, is_detach};
pub use keep::{expose, keep, protect, release};
pub use libm::tell as tell_libm;

use rustc_hash::FxHashMap;

use crate::diag::Refusal;
use crate::llvm::{AttrIndex, Attribute, Function, Metadata, Module, TypeKind, Value, ValueKind};

/// On a function, a call or a parameter: carries no derivative.
pub const INACTIVE: &str = "enzyme_inactive";
/// On a function: it has the derivative of this function of the C library.
pub const MATH: &str = "enzyme_math";
/// On a function: it makes memory of as many bytes as this argument says (`n` or `n,m` for a product).
pub const ALLOCATOR: &str = "enzyme_allocator";
/// On an allocator: the arguments of its deallocator, as indices of its own arguments; -1 is the memory.
pub const DEALLOCATOR: &str = "enzyme_deallocator";
/// On a function, ours: it frees the memory of this argument.
pub const FREES: &str = "enzyme_rs.frees";
/// On a function, ours: the sets of arguments whose shadows its forward and its reverse rule can do without, as bits.
pub const ABSENT: &str = "enzyme_rs.absent";
/// On a function, ours: a rule of the user's differentiates it.
pub const CUSTOM: &str = "enzyme_rs.custom";

/// A reverse rule: `augmented` is the primal that also makes a tape, `gradient` takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient {
    pub augmented: Function,
    pub gradient: Function,
    /// Arguments of the two functions that are passed by their address.
    pub by_reference: Vec<u32>,
}

/// A forward rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Tangent {
    /// Takes each argument and its tangent; returns the tangent, or the value and the tangent.
    Direct(Function),
    /// Reads the tape of an augmented primal.
    Split {
        augmented: Function,
        tangent: Function,
    },
}

/// Sets of arguments, a bit each, whose shadows may be null.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Absent {
    pub forward: u64,
    pub reverse: u64,
}

impl Absent {
    fn parse(text: &str) -> Option<Absent> {
        let (forward, reverse) = text.split_once(',')?;
        Some(Absent {
            forward: forward.parse().ok()?,
            reverse: reverse.parse().ok()?,
        })
    }
}

/// The rules that the user wrote for one function.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Custom {
    pub gradient: Option<Gradient>,
    pub tangent: Option<Tangent>,
    pub split_tangent: Option<Tangent>,
    /// Rules that take null for the shadows of some arguments; those of C take all shadows.
    pub absent: Option<Absent>,
}

impl Custom {
    /// The forward rule to use: a direct one is cheaper than one over a tape.
    pub fn forward(&self) -> Option<&Tangent> {
        self.tangent.as_ref().or(self.split_tangent.as_ref())
    }
}

/// What attributes can't say.
#[derive(Default, Debug)]
pub struct Registry {
    pub custom: FxHashMap<Function, Custom>,
}

impl Registry {
    /// Reads all that the module says; what is malformed comes back as errors and is left out.
    pub fn read(module: Module) -> (Registry, Vec<Refusal>) {
        let mut registry = Registry::default();
        let mut refused = Vec::new();
        for said in globals::read(module) {
            match said {
                Ok(fact) => registry.add(fact),
                Err(refusal) => refused.push(refusal),
            }
        }
        for f in module.functions() {
            registry.add_function_metadata(f);
        }
        (registry, refused)
    }

    fn add(&mut self, fact: globals::Fact) {
        use globals::Fact;
        match fact {
            Fact::Gradient(f, gradient) => {
                mark(f, CUSTOM, "");
                self.custom.entry(f).or_default().gradient = Some(gradient);
            }
            Fact::Tangent(f, tangent @ Tangent::Direct(_)) => {
                mark(f, CUSTOM, "");
                self.custom.entry(f).or_default().tangent = Some(tangent);
            }
            Fact::Tangent(f, tangent @ Tangent::Split { .. }) => {
                mark(f, CUSTOM, "");
                self.custom.entry(f).or_default().split_tangent = Some(tangent);
            }
            Fact::Function(f, name, value) => mark(f, name, &value),
            Fact::NoFree(f) => {
                f.add_enum_attribute(AttrIndex::Function, "nofree");
            }
            Fact::InactiveGlobal(global) => {
                let node = Metadata::node(global.context(), &[]);
                global.set_metadata(INACTIVE, Some(node));
            }
        }
    }

    /// What a front end wrote as metadata of a function; allocators name their deallocators so.
    fn add_function_metadata(&mut self, f: Function) {
        let named = |kind: &str| named_in(f.as_value(), kind)?.as_function();
        let augmented = named("enzyme_augment");
        if let (Some(augmented), Some(gradient)) = (augmented, named("enzyme_gradient")) {
            let gradient = Gradient {
                augmented,
                gradient,
                by_reference: Vec::new(),
            };
            self.add(globals::Fact::Gradient(f, gradient));
        }
        if let (Some(augmented), Some(tangent)) = (augmented, named("enzyme_splitderivative")) {
            self.add(globals::Fact::Tangent(
                f,
                Tangent::Split { augmented, tangent },
            ));
        }
        if let Some(tangent) = named("enzyme_derivative") {
            self.add(globals::Fact::Tangent(f, Tangent::Direct(tangent)));
        }
        let absent = f.attribute(AttrIndex::Function, ABSENT);
        if let (Some(absent), Some(custom)) = (absent, self.custom.get_mut(&f)) {
            custom.absent = absent.text().as_deref().and_then(Absent::parse);
        }
        if let Some(frees) = named("enzyme_deallocator_fn") {
            let places = f.attribute(AttrIndex::Function, DEALLOCATOR);
            let places = places.and_then(|a| a.text()).unwrap_or_default();
            let memory = places.split(',').position(|part| part.trim() == "-1");
            mark(frees, FREES, &memory.unwrap_or(0).to_string());
        }
    }
}

/// The global that a node of metadata names.
fn named_in(global: Value, kind: &str) -> Option<Value> {
    let node = global.metadata(kind)?;
    let value = node
        .as_constant()
        .or_else(|| node.operands().first().copied().flatten()?.as_constant())?;
    Some(value.strip_constant_casts())
}

/// Whether a variable was declared to carry no derivative.
pub fn is_inactive_global(global: Value) -> bool {
    global.metadata(INACTIVE).is_some()
}

/// The variable that the user gave as the shadow of this one.
pub fn shadow_global(global: Value) -> Option<Value> {
    named_in(global, "enzyme_shadow")
}

fn mark(f: Function, name: &str, value: &str) {
    let attribute = Attribute::string(f.context(), name, value);
    f.add_attribute(AttrIndex::Function, attribute);
}

/// The text of a string attribute of a call or its callee.
pub fn text(call: Value, name: &str) -> Option<String> {
    call.call_attribute(AttrIndex::Function, name)?.text()
}

/// Whether the user wrote a rule for this function.
pub fn is_custom(f: Function) -> bool {
    f.has_attribute(AttrIndex::Function, CUSTOM)
}

/// Whether a value is a string constant, and which.
fn string(v: Value) -> Option<String> {
    let v = v.strip_constant_casts();
    if v.kind() != ValueKind::GlobalVariable {
        return None;
    }
    let bytes = v.initializer()?;
    if !matches!(bytes.ty().kind(), TypeKind::Array(_)) {
        return None;
    }
    let count = bytes.ty().member_count();
    let text: Option<Vec<u8>> = (0..count as u32)
        .map(|i| {
            bytes
                .aggregate_element(i)?
                .const_u64()
                .and_then(|b| u8::try_from(b).ok())
        })
        .collect();
    let text = text.filter(|t| bytes.ty().element().int_width() == Some(8) && !t.is_empty())?;
    let end = text.iter().position(|b| *b == 0).unwrap_or(text.len());
    String::from_utf8(text[..end].to_vec()).ok()
}
