//! `#[derive(Named)]`: a type's name as a constant. It is here because flags for a program must not reach proc-macros.
use proc_macro::{TokenStream, TokenTree};

#[proc_macro_derive(Named)]
pub fn named(item: TokenStream) -> TokenStream {
    let mut tokens = item.into_iter();
    tokens
        .find(|t| t.to_string() == "struct")
        .expect("a struct");
    let Some(TokenTree::Ident(name)) = tokens.next() else {
        panic!("a struct has a name");
    };
    format!("impl {name} {{ pub const NAME: &'static str = \"{name}\"; }}")
        .parse()
        .expect("valid Rust")
}
