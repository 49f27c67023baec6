//! What the annotated function looks like, reduced to what its derivative needs.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{
    Attribute, Block, FnArg, Generics, Item, ItemFn, Macro, Pat, Path, PointerMutability, Receiver,
    ReceiverKind, ReturnType, Safety, Signature, TraitItemFn, Type, Visibility, parse_quote,
    parse_quote_spanned,
};

use crate::elision;
use crate::errors::Errors;

/// The thunks of the marker crate take no more arguments than this.
pub const MAX_ARGUMENTS: usize = 12;

/// The attributes of the primal that its derivative needs as well.
const COPIED_ATTRIBUTES: [&str; 7] = [
    "inline",
    "cfg",
    "cfg_attr",
    "allow",
    "warn",
    "deny",
    "target_feature",
];

/// The annotated function.
pub struct Primal {
    pub name: Ident,
    pub visibility: Visibility,
    pub attributes: Vec<Attribute>,
    pub is_unsafe: bool,
    pub abi: Option<syn::Abi>,
    /// Those of the derivative; `impl Trait` arguments have become parameters.
    pub generics: Generics,
    /// The type and const parameters that a call of the primal names.
    pub turbofish: Vec<Ident>,
    pub arguments: Vec<Argument>,
    pub result: Option<Outcome>,
    /// Whether the function is known to stand in an `impl` or a trait.
    pub associated: bool,
}

/// An argument of the primal.
pub struct Argument {
    /// The name of the derivative's argument: the primal's, or `arg<i>` for a pattern.
    pub name: Ident,
    /// The name without `r#`, for shadows and messages.
    pub text: String,
    pub ty: Type,
    /// The type from which those of the shadows are made: shadows share no lifetime that the user left out.
    pub shadow_ty: Type,
    pub receiver: Option<Receiver>,
}

/// The result of the primal; functions that return `()` have none.
pub struct Outcome {
    pub ty: Type,
    /// The type contains `impl Trait`, so it can't be named again.
    pub is_impl: bool,
}

/// How a type points at what it refers to, as far as its tokens tell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pointing {
    /// `&T`, `*const T` and `*mut T`.
    Shared,
    /// `&mut T`.
    Unique,
    /// Any other type.
    Not,
}

impl Primal {
    /// Reads an item.
    pub fn parse(item: TokenStream) -> syn::Result<Primal> {
        let function: ItemFn = match syn::parse2(item.clone()) {
            Ok(function) => function,
            Err(_) if syn::parse2::<TraitItemFn>(item.clone()).is_ok() => {
                return Err(syn::Error::new(
                    item_span(item),
                    "autodiff must be applied to function with a body",
                ));
            }
            Err(error) => {
                // An item that isn't a function at all, or a function with a syntax error, which rustc reports.
                let is_function =
                    syn::parse2::<Item>(item.clone()).is_ok_and(|item| matches!(item, Item::Fn(_)));
                return Err(if is_function {
                    error
                } else {
                    syn::Error::new(item_span(item), "autodiff must be applied to function")
                });
            }
        };
        Primal::from_function(function)
    }

    fn from_function(function: ItemFn) -> syn::Result<Primal> {
        let associated = mentions_self(&function.sig, &function.block);
        let signature = function.sig;
        refuse_unsupported(&signature)?;

        let turbofish = signature
            .generics
            .params
            .iter()
            .filter_map(|parameter| match parameter {
                syn::GenericParam::Type(ty) => Some(ty.ident.clone()),
                syn::GenericParam::Const(constant) => Some(constant.ident.clone()),
                syn::GenericParam::Lifetime(_) => None,
            })
            .collect();
        let mut generics = signature.generics;
        let mut arguments: Vec<Argument> = signature
            .inputs
            .into_iter()
            .enumerate()
            .map(|(index, argument)| Argument::new(index, argument))
            .collect();
        let mut result = Outcome::new(signature.output);

        let mut impls = Vec::new();
        for argument in &mut arguments {
            elision::name_impls(&mut argument.ty, &mut impls);
            argument.shadow_ty = argument.ty.clone();
        }
        generics
            .params
            .extend(impls.into_iter().map(syn::GenericParam::Type));
        if let Some(result) = &mut result {
            name_borrow(&mut arguments, &mut result.ty, &mut generics);
        }

        Ok(Primal {
            name: signature.ident,
            visibility: function.vis,
            attributes: copied(function.attrs),
            is_unsafe: matches!(signature.safety, Safety::Unsafe(_)),
            abi: signature.abi,
            generics,
            turbofish,
            arguments,
            result,
            associated,
        })
    }

    /// Whether the ABI is Rust's.
    pub fn has_rust_abi(&self) -> bool {
        match &self.abi {
            None => true,
            Some(abi) => abi.name.as_ref().is_some_and(|name| name.value() == "Rust"),
        }
    }
}

impl Argument {
    fn new(index: usize, argument: FnArg) -> Argument {
        match argument {
            FnArg::Receiver(mut receiver) => {
                let ty = receiver_type(&receiver);
                receiver.mutability = None;
                receiver.attrs.clear();
                Argument {
                    name: Ident::new("self", receiver.self_token.span),
                    text: "self".to_owned(),
                    shadow_ty: ty.clone(),
                    ty,
                    receiver: Some(receiver),
                }
            }
            FnArg::Typed(typed) => {
                let name = match &*typed.pat {
                    Pat::Ident(pattern) if pattern.subpat.is_none() => pattern.ident.clone(),
                    pattern => format_ident!("arg{index}", span = pattern.span()),
                };
                Argument {
                    text: name.unraw().to_string(),
                    name,
                    shadow_ty: (*typed.ty).clone(),
                    ty: *typed.ty,
                    receiver: None,
                }
            }
        }
    }
}

impl Outcome {
    fn new(output: ReturnType) -> Option<Outcome> {
        let ReturnType::Type(_, ty) = output else {
            return None;
        };
        if matches!(strip(&ty), Type::Tuple(tuple) if tuple.elems.is_empty()) {
            return None;
        }
        Some(Outcome {
            is_impl: elision::has_impl(&ty),
            ty: *ty,
        })
    }
}

/// A type without the parentheses around it.
pub fn strip(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => strip(&group.elem),
        Type::Paren(paren) => strip(&paren.elem),
        other => other,
    }
}

/// How a type points.
pub fn pointing(ty: &Type) -> Pointing {
    match strip(ty) {
        Type::Reference(reference) if reference.mutability.is_some() => Pointing::Unique,
        Type::Reference(_) | Type::Ptr(_) => Pointing::Shared,
        _ => Pointing::Not,
    }
}

/// The type of a `Duplicated` argument's shadow: `&T` becomes `&mut T`, and `*const T` becomes `*mut T`.
pub fn mutable(ty: &Type) -> Type {
    let mut ty = strip(ty).clone();
    match &mut ty {
        Type::Reference(reference) => {
            reference.mutability.get_or_insert_with(Default::default);
        }
        Type::Ptr(pointer) => {
            if let PointerMutability::Const(constant) = &pointer.mutability {
                pointer.mutability = PointerMutability::Mut(syn::Token![mut](constant.span));
            }
        }
        _ => {}
    }
    ty
}

/// The type of `self`.
pub fn receiver_type(receiver: &Receiver) -> Type {
    let span = receiver.self_token.span;
    match &receiver.kind {
        ReceiverKind::Reference(and, lifetime, mutability) => {
            parse_quote_spanned!(span=> #and #lifetime #mutability Self)
        }
        ReceiverKind::Typed(_, ty) => (**ty).clone(),
        _ => parse_quote_spanned!(span=> Self),
    }
}

/// Names the lifetime that the result borrows from, where the derivative's shadows would make it ambiguous.
fn name_borrow(arguments: &mut [Argument], result: &mut Type, generics: &mut Generics) {
    // With a `self` reference, the result borrows from it in the derivative as well.
    let from_self = arguments
        .first()
        .is_some_and(|first| first.receiver.is_some());
    if from_self || !elision::has_elided(result) {
        return;
    }
    let mut named = Vec::new();
    for lifetime in arguments
        .iter()
        .flat_map(|argument| elision::named(&argument.ty))
    {
        if !named.contains(&lifetime) {
            named.push(lifetime);
        }
    }
    let elided: Vec<_> = arguments
        .iter_mut()
        .filter(|argument| elision::has_elided(&argument.ty))
        .collect();
    // Anything else is an error in the primal, which rustc reports there.
    match (elided.is_empty(), &*named) {
        (true, [only]) => elision::set_elided(result, only),
        (false, []) => {
            let lifetime = elision::borrowed();
            for argument in elided {
                elision::set_elided(&mut argument.ty, &lifetime);
            }
            elision::set_elided(result, &lifetime);
            generics.params.insert(0, parse_quote!(#lifetime));
        }
        _ => {}
    }
}

fn refuse_unsupported(signature: &Signature) -> syn::Result<()> {
    let mut errors = Errors::default();
    if let Some(asyncness) = &signature.asyncness {
        errors.push(syn::Error::new_spanned(
            asyncness,
            "autodiff can not be applied to an async function",
        ));
    }
    if let Some(variadic) = &signature.variadic {
        errors.push(syn::Error::new_spanned(
            variadic,
            "autodiff can not be applied to a variadic function",
        ));
    }
    if let ReturnType::Type(_, ty) = &signature.output {
        if matches!(strip(ty), Type::Never(_)) {
            errors.push(syn::Error::new_spanned(
                ty,
                "autodiff can not be applied to a function that never returns",
            ));
        }
    }
    if let Some(argument) = signature.inputs.iter().nth(MAX_ARGUMENTS) {
        errors.push(syn::Error::new_spanned(
            argument,
            format!("autodiff supports at most {MAX_ARGUMENTS} arguments"),
        ));
    }
    for argument in &signature.inputs {
        let attributes = match argument {
            FnArg::Receiver(receiver) => &receiver.attrs,
            FnArg::Typed(typed) => &typed.attrs,
        };
        for attribute in attributes {
            if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
                errors.push(syn::Error::new_spanned(
                    attribute,
                    "autodiff does not support conditional arguments",
                ));
            }
        }
    }
    errors.finish()
}

fn copied(attributes: Vec<Attribute>) -> Vec<Attribute> {
    attributes
        .into_iter()
        .filter(|attribute| {
            COPIED_ATTRIBUTES
                .iter()
                .any(|name| attribute.path().is_ident(name))
        })
        .collect()
}

/// The span of an item's first line, as good as one token can show it.
fn item_span(item: TokenStream) -> Span {
    syn::Error::new_spanned(item, "").span()
}

/// Whether a function takes `self` or mentions `Self`, both of which only associated functions can.
fn mentions_self(signature: &Signature, block: &Block) -> bool {
    struct Finder(bool);

    impl<'ast> Visit<'ast> for Finder {
        fn visit_path(&mut self, path: &'ast Path) {
            self.0 |= path
                .segments
                .first()
                .is_some_and(|first| first.ident == "Self");
            visit::visit_path(self, path);
        }

        fn visit_receiver(&mut self, _: &'ast Receiver) {
            self.0 = true;
        }

        fn visit_macro(&mut self, found: &'ast Macro) {
            self.0 |= has_self(found.tokens.to_token_stream());
        }

        // An inner item has a `Self` of its own.
        fn visit_item(&mut self, _: &'ast Item) {}
    }

    let mut finder = Finder(false);
    finder.visit_signature(signature);
    finder.visit_block(block);
    finder.0
}

fn has_self(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "Self",
        TokenTree::Group(group) => has_self(group.stream()),
        _ => false,
    })
}
