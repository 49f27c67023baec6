//! Functions whose body becomes that of a thunk, which is called through an entry point of the engine: `#[inactive]` and
//! `#[custom_derivative]`. Arguments and result lie in memory, as for derivatives.
//!
//! What LLVM can't see it can't take apart, so such a function is whole when the engine meets it, in every flow.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, FnArg, ItemFn, Macro, Path, ReturnType, Type};

use crate::errors::Errors;
use crate::primal::{MAX_ARGUMENTS, receiver_type};

/// Reads the function that an attribute is applied to.
pub fn function(name: &str, item: TokenStream) -> syn::Result<ItemFn> {
    syn::parse2(item.clone()).map_err(|_| {
        syn::Error::new(
            syn::Error::new_spanned(item, "").span(),
            format!("{name} must be applied to a function with a body"),
        )
    })
}

/// The other attribute of that kind that the function has as well.
pub fn other_wrapper(function: &ItemFn) -> Option<&Attribute> {
    function.attrs.iter().find(|attribute| {
        let name = attribute.path().segments.last();
        name.is_some_and(|s| s.ident == "inactive" || s.ident == "custom_derivative")
    })
}

/// What is refused in any function that is wrapped.
pub fn check(name: &str, function: &ItemFn) -> Errors {
    let mut errors = Errors::default();
    let signature = &function.sig;
    if let Some(asyncness) = &signature.asyncness {
        errors.push(syn::Error::new_spanned(
            asyncness,
            format!("{name} can not be applied to an async function"),
        ));
    }
    if let Some(constness) = &signature.constness {
        errors.push(syn::Error::new_spanned(
            constness,
            format!("{name} can not be applied to a const function"),
        ));
    }
    if let Some(variadic) = &signature.variadic {
        errors.push(syn::Error::new_spanned(
            variadic,
            format!("{name} can not be applied to a variadic function"),
        ));
    }
    if let Some(argument) = signature.inputs.iter().nth(MAX_ARGUMENTS) {
        errors.push(syn::Error::new_spanned(
            argument,
            format!("{name} supports at most {MAX_ARGUMENTS} arguments"),
        ));
    }
    errors
}

/// Writes the function anew: it calls `entry` with its thunk, the operands `between`, and the places of its arguments and
/// of its result.
pub fn expand(function: &ItemFn, entry: &Ident, between: &TokenStream) -> TokenStream {
    let private = quote!(::enzyme_marker::__private);
    let local = |name: String| Ident::new(&name, Span::mixed_site());
    let signature = &function.sig;
    let mut block = function.block.clone();
    let (mut patterns, mut types, mut given) = (Vec::new(), Vec::<Type>::new(), Vec::new());
    let mut outer = signature.clone();
    for (index, argument) in outer.inputs.iter_mut().enumerate() {
        match argument {
            FnArg::Receiver(receiver) => {
                // A closure has no `self`, so the body names it otherwise.
                let this = local("this".into());
                let mutability = receiver.mutability.take();
                patterns.push(quote!(#mutability #this));
                types.push(receiver_type(receiver));
                given.push(receiver.self_token.to_token_stream());
                RenameSelf(&this).visit_block_mut(&mut block);
            }
            FnArg::Typed(typed) => {
                let name = local(format!("a{index}"));
                patterns.push(typed.pat.to_token_stream());
                types.push((*typed.ty).clone());
                given.push(name.to_token_stream());
                let ty = &typed.ty;
                *argument = syn::parse_quote!(#name: #ty);
            }
        }
    }
    let places: Vec<Ident> = (0..types.len()).map(|i| local(format!("p{i}"))).collect();
    let (result, thunk) = (local("r".into()), local("thunk".into()));
    let has_result = matches!(signature.output, ReturnType::Type(..));
    let output = &signature.output;
    let make = format_ident!(
        "{}{}",
        if has_result { "value" } else { "unit" },
        types.len()
    );
    let (declare, to_thunk, store, value) = match has_result {
        true => (
            Some(quote!(let mut #result = #private::MaybeUninit::uninit();)),
            Some(quote!(&raw const #result)),
            Some(quote!(&raw mut #result)),
            Some(quote!(#result.assume_init())),
        ),
        false => (None, None, None, None),
    };
    let (attributes, visibility) = (&function.attrs, &function.vis);
    quote! {
        #(#attributes)*
        #visibility #outer {
            #(let #places = #private::ManuallyDrop::new(#given);)*
            #declare
            let #thunk = #private::#make(
                |#(#patterns: #types),*| #output #block,
                #(&raw const #places,)*
                #to_thunk
            );
            // The engine replaces this call by one of the thunk, which reads the arguments and writes the result.
            unsafe {
                #private::#entry(#thunk, #between #(&raw const #places,)* #store);
                #value
            }
        }
    }
}

/// Gives `self` another name.
struct RenameSelf<'a>(&'a Ident);

impl VisitMut for RenameSelf<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        // `self::item` is a module.
        if path.is_ident("self") {
            let span = path.segments[0].ident.span();
            path.segments[0].ident =
                Ident::new(&self.0.to_string(), span.resolved_at(self.0.span()));
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_macro_mut(&mut self, found: &mut Macro) {
        found.tokens = self.tokens(found.tokens.clone());
    }

    // An inner item has a `self` of its own.
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

impl RenameSelf<'_> {
    fn tokens(&self, tokens: TokenStream) -> TokenStream {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let colon =
            |i: usize| matches!(tokens.get(i), Some(TokenTree::Punct(p)) if p.as_char() == ':');
        let is_path = |i: usize| colon(i + 1) && colon(i + 2);
        let renamed = tokens.iter().enumerate().map(|(i, token)| match token {
            TokenTree::Ident(ident) if ident == "self" && !is_path(i) => {
                let span = ident.span().resolved_at(self.0.span());
                TokenTree::Ident(Ident::new(&self.0.to_string(), span))
            }
            TokenTree::Group(group) => TokenTree::Group(self.group(group)),
            other => other.clone(),
        });
        renamed.collect()
    }

    fn group(&self, group: &Group) -> Group {
        let delimiter: Delimiter = group.delimiter();
        let mut new = Group::new(delimiter, self.tokens(group.stream()));
        new.set_span(group.span());
        new
    }
}
