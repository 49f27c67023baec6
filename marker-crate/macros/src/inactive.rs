//! `#[inactive]`: a function whose result carries no derivative.

use proc_macro2::{Ident, Span, TokenStream};
use syn::ItemFn;

use crate::wrapper;

/// Writes the function: the engine calls it as it is and differentiates nothing.
pub fn expand(function: &ItemFn) -> syn::Result<TokenStream> {
    wrapper::check("inactive", function).finish()?;
    let entry = Ident::new("__enzyme_call_inactive", Span::call_site());
    Ok(wrapper::expand(function, &entry, &TokenStream::new()))
}
