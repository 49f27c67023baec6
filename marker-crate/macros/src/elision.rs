//! Rewrites of a primal's types that keep them valid in its derivative.

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Lifetime, ParenthesizedGenericArguments, Type, TypeFnPtr, TypeImplTrait, TypeReference};

/// A name for the lifetime that a result borrows from, where the user left it out.
pub fn borrowed() -> Lifetime {
    Lifetime::new("'__enzyme_borrowed", Span::mixed_site())
}

/// Whether a type has a lifetime that was left out.
pub fn has_elided(ty: &Type) -> bool {
    struct Finder(bool);

    impl<'ast> Visit<'ast> for Finder {
        fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
            self.0 |= reference.lifetime.is_none();
            visit::visit_type_reference(self, reference);
        }

        fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
            self.0 |= lifetime.ident == "_";
        }

        // Lifetimes left out in `fn(&T)` and `Fn(&T)` belong to those types alone.
        fn visit_type_fn_ptr(&mut self, _: &'ast TypeFnPtr) {}
        fn visit_parenthesized_generic_arguments(
            &mut self,
            _: &'ast ParenthesizedGenericArguments,
        ) {
        }
    }

    let mut finder = Finder(false);
    finder.visit_type(ty);
    finder.0
}

/// The lifetimes that a type names, `'static` left out.
pub fn named(ty: &Type) -> Vec<Lifetime> {
    struct Collector(Vec<Lifetime>);

    impl<'ast> Visit<'ast> for Collector {
        fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
            if lifetime.ident != "_" && lifetime.ident != "static" && !self.0.contains(lifetime) {
                self.0.push(lifetime.clone());
            }
        }

        fn visit_type_fn_ptr(&mut self, _: &'ast TypeFnPtr) {}
        fn visit_parenthesized_generic_arguments(
            &mut self,
            _: &'ast ParenthesizedGenericArguments,
        ) {
        }
    }

    let mut collector = Collector(Vec::new());
    collector.visit_type(ty);
    collector.0
}

/// Gives a name to each lifetime that was left out.
pub fn set_elided(ty: &mut Type, lifetime: &Lifetime) {
    struct Setter<'a>(&'a Lifetime);

    impl VisitMut for Setter<'_> {
        fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
            reference.lifetime.get_or_insert_with(|| self.0.clone());
            visit_mut::visit_type_reference_mut(self, reference);
        }

        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            if lifetime.ident == "_" {
                *lifetime = self.0.clone();
            }
        }

        fn visit_type_fn_ptr_mut(&mut self, _: &mut TypeFnPtr) {}
        fn visit_parenthesized_generic_arguments_mut(
            &mut self,
            _: &mut ParenthesizedGenericArguments,
        ) {
        }
    }

    Setter(lifetime).visit_type_mut(ty);
}

/// Whether a type contains an `impl Trait`.
pub fn has_impl(ty: &Type) -> bool {
    struct Finder(bool);

    impl<'ast> Visit<'ast> for Finder {
        fn visit_type_impl_trait(&mut self, _: &'ast TypeImplTrait) {
            self.0 = true;
        }
    }

    let mut finder = Finder(false);
    finder.visit_type(ty);
    finder.0
}

/// Replaces each `impl Trait` of an argument by a type parameter, and returns the parameters.
///
/// A shadow has the type of its primal, which two `impl Trait`s never share.
pub fn name_impls(ty: &mut Type, parameters: &mut Vec<syn::TypeParam>) {
    struct Namer<'a>(&'a mut Vec<syn::TypeParam>);

    impl VisitMut for Namer<'_> {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            if let Type::ImplTrait(found) = ty {
                let name: Ident =
                    format_ident!("__EnzymeImpl{}", self.0.len(), span = Span::mixed_site());
                self.0.push(syn::TypeParam {
                    attrs: Vec::new(),
                    ident: name.clone(),
                    colon_token: Some(Default::default()),
                    bounds: found.bounds.clone(),
                    default: None,
                });
                *ty = syn::parse_quote!(#name);
            } else {
                visit_mut::visit_type_mut(self, ty);
            }
        }
    }

    Namer(parameters).visit_type_mut(ty);
}
