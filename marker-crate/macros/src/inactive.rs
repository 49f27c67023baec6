//! `#[inactive]`: a function whose result carries no derivative.

use proc_macro2::{Ident, Span, TokenStream};
use syn::ItemFn;

use crate::wrapper;

/// Writes the function: the engine calls it as it is and differentiates nothing.
pub fn expand(function: &ItemFn) -> syn::Result<TokenStream> {
    let mut errors = wrapper::check("inactive", function);
    if let Some(rules) = wrapper::other_wrapper(function) {
        errors.push(syn::Error::new_spanned(
            rules,
            "a function is either inactive or has rules",
        ));
    }
    errors.finish()?;
    let entry = Ident::new("__enzyme_call_inactive", Span::call_site());
    Ok(wrapper::expand(function, &entry, &TokenStream::new()))
}
