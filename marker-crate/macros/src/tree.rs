//! `#[derive(TypeTree)]`: the layout of a type, told by the compiler that lays it out.
//!
//! The offsets of a struct's fields are `offset_of!`s. Of an enum's fields stable Rust tells no offset, so a function is
//! written for each of them that goes there by its pattern; the plugin reads it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{
    Attribute, Data, DataEnum, DeriveInput, Field, Fields, FieldsNamed, GenericParam, Member, Type,
    parse_quote,
};

use crate::errors::Errors;

/// What `#[type_tree(…)]` may say.
#[derive(Default)]
struct Options {
    /// Nothing is known of the field.
    opaque: bool,
    /// Any field of the union may be the one that is there.
    any: bool,
}

impl Options {
    fn read(attributes: &[Attribute], on_type: bool) -> syn::Result<Options> {
        let mut options = Options::default();
        let marked = attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("type_tree"));
        for attribute in marked {
            attribute.parse_nested_meta(|meta| {
                if !on_type && meta.path.is_ident("opaque") {
                    options.opaque = true;
                } else if on_type && meta.path.is_ident("any") {
                    options.any = true;
                } else {
                    return Err(meta.error(
                        "expected `opaque` on a field of which nothing is to be told, or `any` on a union",
                    ));
                }
                Ok(())
            })?;
        }
        Ok(options)
    }
}

/// Writes the implementation for a type.
pub fn derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let options = Options::read(&input.attrs, true)?;
    let name = input.ident.to_string();
    let node = match &input.data {
        Data::Struct(data) => {
            let fields = at_offsets(&data.fields)?;
            quote!(wire::Node::record::<Self>(#name, const { &[#(#fields),*] }))
        }
        Data::Enum(data) => {
            let variants = variants(data)?;
            quote!(wire::Node::choice::<Self>(#name, const { &[#(#variants),*] }))
        }
        Data::Union(data) if options.any => {
            let variants = any_field(&data.fields)?;
            quote!(wire::Node::choice::<Self>(#name, const { &[#(#variants),*] }))
        }
        Data::Union(data) => {
            return Err(syn::Error::new(
                data.union_token.span(),
                "nothing tells which field of a union is there: write `#[type_tree(any)]` if each of them may be, \
                 in any of its valid values",
            ));
        }
    };
    if options.any && !matches!(input.data, Data::Union(_)) {
        return Err(syn::Error::new_spanned(
            &input.ident,
            "`any` is for unions: what a struct or an enum holds is known",
        ));
    }
    let mut generics = input.generics.clone();
    for parameter in &mut generics.params {
        if let GenericParam::Type(parameter) = parameter {
            parameter
                .bounds
                .push(parse_quote!(::enzyme_marker::TypeTree));
        }
    }
    let ident = &input.ident;
    let (parameters, arguments, conditions) = generics.split_for_impl();
    Ok(quote! {
        // SAFETY: offsets and places are the compiler's own.
        #[automatically_derived]
        unsafe impl #parameters ::enzyme_marker::TypeTree for #ident #arguments #conditions {
            const NODE: &'static ::enzyme_marker::wire::Node = {
                use ::enzyme_marker::wire;
                &#node
            };
        }
    })
}

fn member(index: usize, field: &Field) -> (Member, String) {
    match &field.ident {
        Some(ident) => (Member::Named(ident.clone()), ident.to_string()),
        None => (Member::Unnamed(index.into()), index.to_string()),
    }
}

/// The function that returns the description of a field's type.
fn node_of(field: &Field) -> syn::Result<TokenStream> {
    let ty: &Type = &field.ty;
    Ok(match Options::read(&field.attrs, false)?.opaque {
        true => quote!(::enzyme_marker::__private::opaque_node::<#ty>),
        // The span makes the error of a type without a tree point at the field.
        false => quote_spanned!(ty.span()=> <#ty as ::enzyme_marker::TypeTree>::node),
    })
}

fn at_offsets(fields: &Fields) -> syn::Result<Vec<TokenStream>> {
    let mut errors = Errors::default();
    let mut out = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let (member, text) = member(index, field);
        match node_of(field) {
            Ok(node) => out.push(quote! {
                wire::Field::at(#text, ::core::mem::offset_of!(Self, #member), #node)
            }),
            Err(error) => errors.push(error),
        }
    }
    errors.finish()?;
    Ok(out)
}

/// Each field of a union as a variant with that field alone.
fn any_field(fields: &FieldsNamed) -> syn::Result<Vec<TokenStream>> {
    let fields = at_offsets(&Fields::Named(fields.clone()))?;
    Ok(fields
        .iter()
        .map(|field| quote!(wire::Variant::new("", const { &[#field] })))
        .collect())
}

fn variants(data: &DataEnum) -> syn::Result<Vec<TokenStream>> {
    let mut errors = Errors::default();
    let mut out = Vec::new();
    for variant in &data.variants {
        let (name, text) = (&variant.ident, variant.ident.to_string());
        let mut fields = Vec::new();
        for (index, field) in variant.fields.iter().enumerate() {
            match node_of(field) {
                Ok(node) => fields.push(through(name, index, field, &node)),
                Err(error) => errors.push(error),
            }
        }
        out.push(quote!(wire::Variant::new(#text, const { &[#(#fields),*] })));
    }
    errors.finish()?;
    Ok(out)
}

/// A field of a variant, with the function that goes there.
fn through(variant: &Ident, index: usize, field: &Field, node: &TokenStream) -> TokenStream {
    let (member, text) = member(index, field);
    let ty = &field.ty;
    let value = Ident::new("value", Span::mixed_site());
    // A closure, for unlike a function it may name the generics in scope.
    quote! {
        wire::Field::through(
            #text,
            {
                let place = |outer: *const Self| -> *const #ty {
                    // SAFETY: it is for values of this variant alone.
                    unsafe {
                        match &*outer {
                            Self::#variant { #member: #value, .. } => ::core::ptr::from_ref(#value),
                            #[allow(unreachable_patterns, reason = "there may be one variant only")]
                            _ => ::core::hint::unreachable_unchecked(),
                        }
                    }
                };
                place as fn(*const Self) -> *const #ty as *const ()
            },
            #node,
        )
    }
}
