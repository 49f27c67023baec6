//! Rust's `libm`: functions of the C library with bodies of their own, which are arithmetic on the bits of floats. They have
//! the rules of the C functions that they are, and are kept whole until then as any function that a program registers.

use super::{INACTIVE, MATH, mark};
use crate::llvm::{AttrIndex, Function, Module, Type};
use crate::rules;

/// What every mangled name of the crate's functions contains, in either scheme.
const MANGLED: &str = "4libm4math";
const PATH: &str = "libm::math::";

/// Tells the crate's functions what they are.
pub fn tell(module: Module) {
    for f in module.functions() {
        let name = f.name();
        if !name.contains(MANGLED) || f.is_variadic() {
            continue;
        }
        let Some(name) = function_of(&crate::diag::demangle(&name)) else {
            continue;
        };
        let known = [MATH, INACTIVE]
            .iter()
            .any(|a| f.has_attribute(AttrIndex::Function, a));
        if known || !is_numeric(f) {
            continue;
        }
        let arity = f.param_count() as usize;
        if rules::lookup_function(&name).is_some_and(|rule| rule.arity() == arity) {
            mark(f, MATH, &name);
        } else if rules::inactive_function(&name, None) == Some(rules::Inactive::ResultInactive) {
            mark(f, INACTIVE, "");
        }
    }
}

/// `exp` for `libm::math::exp::exp`; what is deeper is what such functions are made of.
fn function_of(path: &str) -> Option<String> {
    let mut segments = path.strip_prefix(PATH)?.split("::");
    let (_, name) = (segments.next()?, segments.next()?);
    segments.next().is_none().then(|| name.to_owned())
}

/// Takes numbers and returns one, as C's function does: those that return a pair do not.
fn is_numeric(f: Function) -> bool {
    let number = |ty: Type| ty.is_float() || ty.int_width().is_some();
    number(f.return_type()) && f.params().iter().all(|p| number(p.ty()))
}

#[cfg(test)]
mod tests {
    use super::function_of;

    #[test]
    fn only_functions_with_c_names_are_the_c_functions() {
        assert_eq!(function_of("libm::math::exp::exp").as_deref(), Some("exp"));
        assert_eq!(
            function_of("libm::math::erf::erfc").as_deref(),
            Some("erfc")
        );
        assert_eq!(function_of("libm::math::support::hex_float::parse"), None);
        assert_eq!(function_of("mine::math::exp::exp"), None);
    }
}
