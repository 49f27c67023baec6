//! Reads registration globals and `llvm.global.annotations`.

use enzyme_sys::Registration;

use super::leaf::{Leaf, describe, leaves};
use super::{ALLOCATOR, DEALLOCATOR, FREES, Gradient, INACTIVE, MATH, Tangent};
use crate::diag::{Code, Refusal, demangle};
use crate::llvm::{Function, Module, Value};
use crate::rules;

/// One thing that a registration says.
#[derive(Debug)]
pub enum Fact {
    Gradient(Function, Gradient),
    Tangent(Function, Tangent),
    /// A function gets a string attribute.
    Function(Function, &'static str, String),
    NoFree(Function),
    InactiveGlobal(Value),
}

/// The registration globals of a module: each with what it registers.
pub fn registrations(module: Module) -> Vec<(Value, Registration)> {
    module
        .globals()
        .into_iter()
        .filter_map(|g| Some((g, Registration::from_name(&g.name())?)))
        .filter(|(g, _)| !g.is_declaration())
        .collect()
}

/// All that registration globals and annotations say.
pub fn read(module: Module) -> Vec<Result<Fact, Refusal>> {
    let mut out = Vec::new();
    for (global, what) in registrations(module) {
        let Some(initializer) = global.initializer() else {
            continue;
        };
        match read_one(&leaves(initializer), what) {
            Ok(facts) => out.extend(facts.into_iter().map(Ok)),
            Err(why) => out.push(Err(refuse(global, what, &why))),
        }
    }
    out.extend(annotations(module));
    out
}

/// The functions that a registration is about and that must be kept whole until they are differentiated. A rule's own
/// functions are like any others.
pub fn registered(leaves: &[Leaf], what: Registration) -> Vec<Function> {
    let functions = leaves.iter().filter_map(|leaf| match leaf {
        Leaf::Function(f) => Some(*f),
        Leaf::Text(_) | Leaf::Variable(_) | Leaf::Number(_) | Leaf::Other(_) => None,
    });
    match what {
        Registration::Gradient | Registration::Derivative | Registration::SplitDerivative => {
            functions.take(1).collect()
        }
        Registration::InactiveFunction
        | Registration::FunctionLike
        | Registration::AllocationLike => functions.collect(),
        Registration::InactiveGlobal
        | Registration::NoFree
        | Registration::SparseAccumulate
        | Registration::ShouldRecompute => Vec::new(),
    }
}

fn refuse(global: Value, what: Registration, why: &str) -> Refusal {
    let form = match what {
        Registration::Gradient => {
            "{ (void*)f, (void*)augmented, (void*)gradient }, and \"byref_<n>\" after it"
        }
        Registration::Derivative => "{ (void*)f, (void*)forward }",
        Registration::SplitDerivative => "{ (void*)f, (void*)augmented, (void*)forward }",
        Registration::InactiveFunction
        | Registration::NoFree
        | Registration::ShouldRecompute
        | Registration::SparseAccumulate => "{ (void*)f }",
        Registration::InactiveGlobal => "{ &variable }",
        Registration::FunctionLike => "{ (void*)f, (void*)\"name\" }",
        Registration::AllocationLike => {
            "{ (void*)alloc, (void*)size_index, (void*)\"-1\", (void*)dealloc }"
        }
    };
    Refusal::new(
        Code::BadRegistration,
        format!(
            "the registration `{}` is malformed: {why}",
            demangle(&global.name())
        ),
    )
    .help(format!("initialise it with constants: {form}"))
}

fn function(leaves: &[Leaf], i: usize, role: &str) -> Result<Function, String> {
    match leaves.get(i) {
        Some(Leaf::Function(f)) => Ok(*f),
        Some(other) => Err(format!(
            "{role} is to be a function, but is {}",
            describe(other)
        )),
        None => Err(format!(
            "{role} is missing: it must be a constant of size at least {}",
            i + 1
        )),
    }
}

fn each_function(leaves: &[Leaf]) -> Result<Vec<Function>, String> {
    if leaves.is_empty() {
        return Err("it names no function".to_owned());
    }
    (0..leaves.len())
        .map(|i| function(leaves, i, "each element"))
        .collect()
}

fn read_one(leaves: &[Leaf], what: Registration) -> Result<Vec<Fact>, String> {
    let primal = || function(leaves, 0, "the function");
    match what {
        Registration::Gradient => {
            let gradient = Gradient {
                augmented: function(leaves, 1, "the augmented function")?,
                gradient: function(leaves, 2, "the gradient")?,
                by_reference: by_reference(&leaves[3..])?,
            };
            Ok(vec![Fact::Gradient(primal()?, gradient)])
        }
        Registration::Derivative => {
            let tangent = Tangent::Direct(function(leaves, 1, "the derivative")?);
            Ok(vec![Fact::Tangent(primal()?, tangent)])
        }
        Registration::SplitDerivative => {
            let tangent = Tangent::Split {
                augmented: function(leaves, 1, "the augmented function")?,
                tangent: function(leaves, 2, "the derivative")?,
            };
            Ok(vec![Fact::Tangent(primal()?, tangent)])
        }
        Registration::InactiveFunction => Ok(each_function(leaves)?
            .into_iter()
            .map(|f| Fact::Function(f, INACTIVE, String::new()))
            .collect()),
        Registration::NoFree => Ok(each_function(leaves)?
            .into_iter()
            .map(Fact::NoFree)
            .collect()),
        // Hints on how to be fast: the plan weighs costs itself, and numbers don't depend on it.
        Registration::ShouldRecompute | Registration::SparseAccumulate => {
            each_function(leaves).map(|_| Vec::new())
        }
        Registration::InactiveGlobal => {
            let variables: Vec<Fact> = leaves
                .iter()
                .filter_map(|leaf| match leaf {
                    Leaf::Variable(v) => Some(Fact::InactiveGlobal(*v)),
                    Leaf::Function(_) | Leaf::Text(_) | Leaf::Number(_) | Leaf::Other(_) => None,
                })
                .collect();
            match leaves.iter().find(|l| !matches!(l, Leaf::Variable(_))) {
                Some(other) => Err(format!("{} is no variable", describe(other))),
                None if variables.is_empty() => Err("it names no variable".to_owned()),
                None => Ok(variables),
            }
        }
        Registration::FunctionLike => {
            let f = primal()?;
            let Some(Leaf::Text(name)) = leaves.get(1) else {
                return Err("the name of the function that it is like is missing".to_owned());
            };
            function_like(f, name)
        }
        Registration::AllocationLike => allocation_like(leaves),
    }
}

fn by_reference(leaves: &[Leaf]) -> Result<Vec<u32>, String> {
    leaves
        .iter()
        .map(|leaf| match leaf {
            Leaf::Text(text) => text
                .strip_prefix("byref_")
                .and_then(|n| n.parse().ok())
                .ok_or_else(|| format!("\"{text}\" is not of the form \"byref_<n>\"")),
            Leaf::Function(_) | Leaf::Variable(_) | Leaf::Number(_) | Leaf::Other(_) => {
                Err(format!("{} is one too many", describe(leaf)))
            }
        })
        .collect()
}

fn function_like(f: Function, name: &str) -> Result<Vec<Fact>, String> {
    let params = f.param_count() as usize;
    match rules::lookup_function(name) {
        Some(rule) if rule.arity() != params => Err(format!(
            "`{name}` has {} arguments, but `{}` has {params}",
            rule.arity(),
            demangle(&f.name())
        )),
        Some(_) => Ok(vec![Fact::Function(f, MATH, name.to_owned())]),
        None if rules::inactive_function(name, None).is_some() => {
            Ok(vec![Fact::Function(f, INACTIVE, String::new())])
        }
        None => Err(format!("no rule is known for a function `{name}`")),
    }
}

fn allocation_like(leaves: &[Leaf]) -> Result<Vec<Fact>, String> {
    let alloc = function(leaves, 0, "the allocator")?;
    let Some(Leaf::Number(size)) = leaves.get(1) else {
        return Err("the index of the argument with the size is missing".to_owned());
    };
    let Some(Leaf::Text(places)) = leaves.get(2) else {
        return Err("the list of the deallocator's arguments (\"-1\") is missing".to_owned());
    };
    let frees = function(leaves, 3, "the deallocator")?;
    if *size < 0 || *size >= i64::from(alloc.param_count()) {
        return Err(format!("the allocator has no argument {size}"));
    }
    let memory = places.split(',').position(|part| part.trim() == "-1");
    let Some(memory) = memory.filter(|m| *m < frees.param_count() as usize) else {
        return Err(format!(
            "\"{places}\" does not say which argument of the deallocator is the memory (-1)"
        ));
    };
    Ok(vec![
        Fact::Function(alloc, ALLOCATOR, size.to_string()),
        Fact::Function(alloc, DEALLOCATOR, places.clone()),
        Fact::Function(frees, FREES, memory.to_string()),
    ])
}

/// What `__attribute__((annotate("enzyme_…")))` says; other annotations are none of ours.
fn annotations(module: Module) -> Vec<Result<Fact, Refusal>> {
    annotated(module)
        .into_iter()
        .filter_map(|(target, text)| {
            let f = target.as_function();
            match (text.as_str(), f) {
                ("enzyme_inactive", Some(f)) => {
                    Some(Ok(Fact::Function(f, INACTIVE, String::new())))
                }
                ("enzyme_inactive", None) => Some(Ok(Fact::InactiveGlobal(target))),
                ("enzyme_nofree", Some(f)) => Some(Ok(Fact::NoFree(f))),
                (text, Some(f)) => {
                    let name = text.strip_prefix("enzyme_function_like=")?;
                    match function_like(f, name) {
                        Ok(facts) => facts.into_iter().map(Ok).next(),
                        Err(why) => Some(Err(Refusal::new(
                            Code::BadRegistration,
                            format!("the annotation \"{text}\" is malformed: {why}"),
                        )
                        .at_value(target))),
                    }
                }
                (_, None) => None,
            }
        })
        .collect()
}

/// The functions and variables with an annotation of ours, and its text.
pub fn annotated(module: Module) -> Vec<(Value, String)> {
    let Some(list) = module
        .global("llvm.global.annotations")
        .and_then(Value::initializer)
    else {
        return Vec::new();
    };
    (0..list.ty().member_count() as u32)
        .filter_map(|i| {
            let entry = list.aggregate_element(i)?;
            let target = entry.aggregate_element(0)?.strip_constant_casts();
            let text = super::string(entry.aggregate_element(1)?)?;
            (target.is_global() && text.starts_with("enzyme_")).then_some((target, text))
        })
        .collect()
}
