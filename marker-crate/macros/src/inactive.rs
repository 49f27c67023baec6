//! `#[inactive]`: a function whose result carries no derivative.
//!
//! Its body becomes that of a thunk, which is called through an entry point of the engine that calls it as it is and
//! differentiates nothing. Arguments and result lie in memory, as for derivatives.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::{FnArg, ItemFn, ReturnType};

use crate::errors::Errors;

/// Writes the function.
pub fn expand(function: ItemFn) -> syn::Result<TokenStream> {
    let mut errors = Errors::default();
    let signature = &function.sig;
    if let Some(asyncness) = &signature.asyncness {
        errors.push(syn::Error::new_spanned(
            asyncness,
            "inactive can not be applied to an async function",
        ));
    }
    if let Some(constness) = &signature.constness {
        errors.push(syn::Error::new_spanned(
            constness,
            "inactive can not be applied to a const function",
        ));
    }
    let (mut patterns, mut types) = (Vec::new(), Vec::new());
    for argument in &signature.inputs {
        match argument {
            FnArg::Receiver(receiver) => errors.push(syn::Error::new_spanned(
                receiver,
                "inactive can not be applied to a method: call a function in it that is inactive",
            )),
            FnArg::Typed(typed) => {
                patterns.push(&typed.pat);
                types.push(&typed.ty);
            }
        }
    }
    errors.finish()?;

    let private = quote!(::enzyme_marker::__private);
    let local = |name: String| Ident::new(&name, Span::mixed_site());
    let arguments: Vec<Ident> = (0..types.len()).map(|i| local(format!("a{i}"))).collect();
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

    let mut outer = signature.clone();
    outer.inputs = arguments
        .iter()
        .zip(&types)
        .map(|(name, ty)| -> FnArg { syn::parse_quote!(#name: #ty) })
        .collect();
    let (attributes, visibility, block) = (&function.attrs, &function.vis, &function.block);
    Ok(quote! {
        #(#attributes)*
        #visibility #outer {
            #(let #places = #private::ManuallyDrop::new(#arguments);)*
            #declare
            let #thunk = #private::#make(
                |#(#patterns: #types),*| #output #block,
                #(&raw const #places,)*
                #to_thunk
            );
            // The engine replaces this call by one of the thunk, which reads the arguments and writes the result.
            unsafe {
                #private::__enzyme_call_inactive(#thunk, #(&raw const #places,)* #store);
                #value
            }
        }
    })
}
