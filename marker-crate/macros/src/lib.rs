//! The macros of `enzyme-marker`: `autodiff_reverse`, `autodiff_forward`, `inactive`, `custom_derivative`,
//! `derivative_of` and `derive(TypeTree)`.
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
mod rule;
mod tree;
mod wrapper;

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
/// For functions and methods with a body of their own, generic ones included. Without the plugin it doesn't link.
#[proc_macro_attribute]
pub fn inactive(attribute: TokenStream, item: TokenStream) -> TokenStream {
    wrapped("inactive", &attribute, item, inactive::expand)
}

/// A function whose derivatives are what the functions with `#[derivative_of(…)]` say, in place of its body's.
///
/// A free function without generics; without a rule for a direction its body is differentiated. Without the plugin it
/// doesn't link.
#[proc_macro_attribute]
pub fn custom_derivative(attribute: TokenStream, item: TokenStream) -> TokenStream {
    wrapped("custom_derivative", &attribute, item, rule::primal)
}

/// The rule by which a function with `#[custom_derivative]` is differentiated: `#[derivative_of(FUNCTION, activities…)]`.
///
/// There is one activity for each argument and one for the result, if there is one. With `Dual` it is a forward rule,
/// which takes each argument, directly followed by its tangent unless it is `Const`, and returns the value and its
/// tangent. With `Active` and `Duplicated` it is a reverse rule, which takes the arguments and returns the value and a
/// closure that pulls an adjoint back; the documentation of `enzyme-marker` has examples.
#[proc_macro_attribute]
pub fn derivative_of(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let item = proc_macro2::TokenStream::from(item);
    let rule = rule::rule(attribute.into(), item.clone())
        .unwrap_or_else(|error| error.into_compile_error());
    quote!(#item #rule).into()
}

/// Writes a function anew.
fn wrapped(
    name: &str,
    attribute: &TokenStream,
    item: TokenStream,
    expand: fn(&syn::ItemFn) -> syn::Result<proc_macro2::TokenStream>,
) -> TokenStream {
    let item = proc_macro2::TokenStream::from(item);
    no_arguments(name, attribute)
        .and_then(|()| wrapper::function(name, item.clone()))
        .and_then(|function| expand(&function))
        .unwrap_or_else(|error| {
            // The function stays, so that there are no further errors where it is called.
            let error = error.into_compile_error();
            quote!(#item #error)
        })
        .into()
}

fn no_arguments(name: &str, attribute: &TokenStream) -> syn::Result<()> {
    match attribute.is_empty() {
        true => Ok(()),
        false => Err(syn::Error::new(
            proc_macro2::Span::call_site(),
            format!("{name} takes no arguments"),
        )),
    }
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
