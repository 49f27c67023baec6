//! The macros of `enzyme-marker`: `autodiff_reverse`, `autodiff_forward`, `inactive` and `derive(TypeTree)`.
//!
//! An attribute keeps its function as it is and adds the derivative beside it, in three steps: `request` reads what
//! the attribute says, `primal` what the function looks like, and `expand` checks one against the other and writes
//! the derivative. All work that isn't syntax is left to `enzyme_marker::__private`.

mod activity;
mod elision;
mod errors;
mod expand;
mod inactive;
mod primal;
mod request;
mod tree;

use proc_macro::TokenStream;
use quote::quote;

use activity::Mode;

/// Generates the reverse-mode derivative of a function: `#[autodiff_reverse(NAME[, WIDTH], activities…)]`.
///
/// There is one activity for each argument (`Const`, `Active`, `ActiveOnly`, `Duplicated` or `DuplicatedOnly`) and,
/// unless the function returns `()`, one for the result (`Const`, `Active` or `ActiveOnly`). The documentation of
/// `enzyme-marker` lists what each adds to the signature of `NAME`. Write `Self::NAME` for an associated function that
/// mentions neither `self` nor `Self`.
#[proc_macro_attribute]
pub fn autodiff_reverse(attribute: TokenStream, item: TokenStream) -> TokenStream {
    autodiff(Mode::Reverse, attribute, item)
}

/// Generates the forward-mode derivative of a function: `#[autodiff_forward(NAME[, WIDTH], activities…)]`.
///
/// There is one activity for each argument (`Const`, `Dual`, `DualOnly`, `Dualv` or `DualvOnly`) and, unless the function returns `()`, one
/// for the result. The documentation of `enzyme-marker` lists what each adds to the signature of
/// `NAME`. Write `Self::NAME` for an associated function that mentions neither `self` nor `Self`.
#[proc_macro_attribute]
pub fn autodiff_forward(attribute: TokenStream, item: TokenStream) -> TokenStream {
    autodiff(Mode::Forward, attribute, item)
}

/// A function whose result carries no derivative: what it computes is constant for whoever differentiates its callers.
///
/// For functions with a body of their own, generic ones included; not for methods. Without the plugin it doesn't link.
#[proc_macro_attribute]
pub fn inactive(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let function = syn::parse_macro_input!(item as syn::ItemFn);
    if !attribute.is_empty() {
        let error = "inactive takes no arguments";
        return syn::Error::new(proc_macro2::Span::call_site(), error)
            .into_compile_error()
            .into();
    }
    inactive::expand(function)
        .unwrap_or_else(|error| error.into_compile_error())
        .into()
}

/// Describes a type's layout to the engine: `#[derive(TypeTree)]`.
///
/// The types of all fields must implement `TypeTree` as well; `#[type_tree(opaque)]` leaves a field open. Of an enum, the
/// fields of all variants are told. A union needs `#[type_tree(any)]`, which says that any of its fields may be there.
#[proc_macro_derive(TypeTree, attributes(type_tree))]
pub fn type_tree(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    tree::derive(&input)
        .unwrap_or_else(|error| error.into_compile_error())
        .into()
}

fn autodiff(mode: Mode, attribute: TokenStream, item: TokenStream) -> TokenStream {
    let item = proc_macro2::TokenStream::from(item);
    // The function stays whatever happens, so that a misused attribute causes no further errors where it is called.
    let derivative = derivative(mode, attribute.into(), item.clone())
        .unwrap_or_else(|error| error.into_compile_error());
    quote!(#item #derivative).into()
}

fn derivative(
    mode: Mode,
    attribute: proc_macro2::TokenStream,
    item: proc_macro2::TokenStream,
) -> syn::Result<proc_macro2::TokenStream> {
    let primal = primal::Primal::parse(item)?;
    let request = request::Request::parse(attribute)?;
    expand::expand(mode, &request, &primal)
}
