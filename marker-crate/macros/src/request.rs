//! What the user writes in the attribute: `NAME[, WIDTH], activities…`.

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{LitInt, Token};

use crate::activity::Activity;
use crate::errors::Errors;

/// More shadows for each argument than this are refused: a width is written out in the signature.
const MAX_WIDTH: u128 = 1024;

/// The contents of an attribute.
pub struct Request {
    /// The name of the derivative.
    pub name: Ident,
    /// Whether it was written as `Self::NAME`.
    pub associated: bool,
    /// The number of shadows of each differentiated argument.
    pub width: u32,
    /// The activities, the result's included.
    pub activities: Vec<Activity>,
}

impl Request {
    /// Reads an attribute's tokens.
    pub fn parse(tokens: TokenStream) -> syn::Result<Request> {
        if tokens.is_empty() {
            return Err(syn::Error::new(
                Span::call_site(),
                "autodiff requires at least a name and mode",
            ));
        }
        parse_request.parse2(tokens)
    }
}

fn parse_request(input: ParseStream<'_>) -> syn::Result<Request> {
    let associated = input.peek(Token![Self]) && input.peek2(Token![::]);
    if associated {
        input.parse::<Token![Self]>()?;
        input.parse::<Token![::]>()?;
    }
    let name: Ident = input
        .parse()
        .map_err(|error| syn::Error::new(error.span(), "expected the name of the derivative"))?;

    let mut request = Request {
        name,
        associated,
        width: 1,
        activities: Vec::new(),
    };
    let mut errors = Errors::default();
    let mut first = true;
    while !input.is_empty() {
        input.parse::<Token![,]>()?;
        if input.is_empty() {
            break;
        }
        if first && input.peek(LitInt) {
            let literal: LitInt = input.parse()?;
            match parse_width(&literal) {
                Ok(width) => request.width = width,
                Err(error) => errors.push(error),
            }
        } else {
            // Keywords are read as well, so that each wrong word is named in an error of its own.
            let activity = input
                .call(Ident::parse_any)
                .map_err(|error| syn::Error::new(error.span(), "expected an activity"))?;
            match Activity::from_ident(&activity) {
                Ok(activity) => request.activities.push(activity),
                Err(error) => errors.push(error),
            }
        }
        first = false;
    }
    errors.finish()?;
    Ok(request)
}

fn parse_width(literal: &LitInt) -> syn::Result<u32> {
    let width: u128 = literal.base10_parse()?;
    let Ok(narrow) = u32::try_from(width) else {
        return Err(syn::Error::new(
            literal.span(),
            format!("autodiff width must fit u32, but is {width}"),
        ));
    };
    if width == 0 {
        return Err(syn::Error::new(
            literal.span(),
            "autodiff width must be at least 1",
        ));
    }
    if width > MAX_WIDTH {
        return Err(syn::Error::new(
            literal.span(),
            format!("autodiff width must be at most {MAX_WIDTH}, but is {width}"),
        ));
    }
    Ok(narrow)
}
