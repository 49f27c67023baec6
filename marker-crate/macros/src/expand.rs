//! Writes the derivative.
//!
//! Its body moves the arguments and shadows into locals that nobody drops, describes the call in a constant, and calls
//! the engine with the address of a thunk and with pointers to those locals. All locals have `mixed_site` spans, so
//! they can't clash with the user's names.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use crate::activity::{Activity, Kind, Mode};
use crate::errors::Errors;
use crate::primal::{Argument, Outcome, Pointing, Primal, mutable, pointing};
use crate::request::Request;

/// Checks the request against the function and writes the derivative.
pub fn expand(mode: Mode, request: &Request, primal: &Primal) -> syn::Result<TokenStream> {
    check(mode, request, primal)?;

    let mut derivative = Derivative::default();
    for (index, argument) in primal.arguments.iter().enumerate() {
        derivative.add_argument(mode, request, index, argument);
    }
    if let (Some(result), Some(activity)) = (&primal.result, request.activities.last()) {
        derivative.add_result(mode, request.width, result, activity.kind);
    }
    Ok(derivative.finish(mode, request, primal))
}

fn check(mode: Mode, request: &Request, primal: &Primal) -> syn::Result<()> {
    let mut errors = Errors::default();
    let expected = primal.arguments.len() + usize::from(primal.result.is_some());
    let found = request.activities.len();
    if expected != found {
        errors.push(syn::Error::new(
            Span::call_site(),
            format!("expected {expected} activities, but found {found}"),
        ));
        return errors.finish();
    }
    for (argument, activity) in primal.arguments.iter().zip(&request.activities) {
        if let Err(error) = check_argument(mode, argument, *activity) {
            errors.push(error);
        }
    }
    if let (Some(result), Some(activity)) = (&primal.result, request.activities.last()) {
        if let Err(error) = check_result(mode, request.width, result, *activity) {
            errors.push(error);
        }
    }
    errors.finish()
}

fn check_argument(mode: Mode, argument: &Argument, activity: Activity) -> syn::Result<()> {
    activity.check_argument(mode)?;
    let points = pointing(&argument.ty) != Pointing::Not;
    let fits = match activity.kind {
        Kind::Duplicated | Kind::DuplicatedOnly => points,
        // What a reference points at isn't passed by value, so its derivative has no place in a returned value.
        Kind::Active | Kind::ActiveOnly => !points,
        _ => true,
    };
    if fits {
        Ok(())
    } else {
        Err(activity.wrong_type())
    }
}

fn check_result(mode: Mode, width: u32, result: &Outcome, activity: Activity) -> syn::Result<()> {
    activity.check_result(mode, width)?;
    if result.is_impl && activity.kind.is_active() {
        return Err(activity.error(format!(
            "{} can not be used for `impl Trait`, which has no name for its shadow",
            activity.kind
        )));
    }
    if mode == Mode::Reverse && activity.kind.is_active() && pointing(&result.ty) != Pointing::Not {
        return Err(activity.wrong_type());
    }
    Ok(())
}

/// A local variable of the derivative.
fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// The module of the marker crate that expansions call.
fn private() -> TokenStream {
    quote!(::enzyme_marker::__private)
}

/// The parts of the derivative, in the order in which they are written.
#[derive(Default)]
struct Derivative {
    parameters: Vec<TokenStream>,
    length_checks: Vec<TokenStream>,
    locals: Vec<TokenStream>,
    /// Pointers to the locals that hold the arguments and the result, whose types are those of the thunk.
    places: Vec<TokenStream>,
    descriptions: Vec<TokenStream>,
    result_description: Option<TokenStream>,
    operands: Vec<TokenStream>,
    returned_types: Vec<TokenStream>,
    returned: Vec<TokenStream>,
    /// Forward mode with several tangents returns an array instead of a tuple.
    returns_array: bool,
    is_unsafe: bool,
}

impl Derivative {
    fn add_argument(&mut self, mode: Mode, request: &Request, index: usize, argument: &Argument) {
        let private = private();
        let kind = request.activities[index].kind;
        let (name, text, ty) = (&argument.name, &argument.text, &argument.ty);
        let place = local(&format!("p{index}"));

        self.parameters.push(match &argument.receiver {
            Some(receiver) => receiver.to_token_stream(),
            None => quote!(#name: #ty),
        });
        self.locals
            .push(quote!(let #place = #private::ManuallyDrop::new(#name);));
        self.places.push(quote!(&raw const #place));

        let mut shadows = Vec::new();
        let mut shadow_unique = false;
        if mode == Mode::Reverse && kind.is_active() && !kind.is_duplicated() {
            for lane in 0..request.width {
                let shadow = local(&format!("s{index}_{lane}"));
                self.locals
                    .push(quote!(let mut #shadow = #private::zeroed(&raw const #place);));
                shadows.push(shadow);
            }
            if kind == Kind::Active {
                let adjoints = shadows
                    .iter()
                    .map(|shadow| quote!(#private::ManuallyDrop::into_inner(#shadow)));
                let lanes = lanes(request.width, ty, adjoints);
                self.returned_types.push(lanes.0);
                self.returned.push(lanes.1);
            }
        } else if kind.is_strided() {
            let parameter = format_ident!("b{text}_0", span = name.span());
            let shadow_ty = &argument.shadow_ty;
            shadow_unique = pointing(shadow_ty) == Pointing::Unique;
            let (all, width) = (local(&format!("s{index}")), request.width as usize);
            self.length_checks
                .push(quote!(#private::strided_length(#text, &#name, stringify!(#parameter), &#parameter, #width);));
            self.parameters.push(quote!(#parameter: #shadow_ty));
            self.locals
                .push(quote!(let #all = #private::ManuallyDrop::new(#parameter);));
            for lane in 0..request.width as usize {
                let shadow = local(&format!("s{index}_{lane}"));
                // Its length was checked, and lanes don't overlap.
                self.locals.push(
                    quote!(let mut #shadow = unsafe { #private::lane(&#place, &#all, #lane) };),
                );
                shadows.push(shadow);
            }
            self.is_unsafe |= kind.is_only();
        } else if kind.is_active() {
            let (prefix, shadow_ty) = match mode {
                Mode::Reverse => ("d", mutable(&argument.shadow_ty)),
                Mode::Forward => ("b", argument.shadow_ty.clone()),
            };
            shadow_unique = pointing(&shadow_ty) == Pointing::Unique;
            for lane in 0..request.width {
                let parameter = format_ident!("{prefix}{text}_{lane}", span = name.span());
                let shadow = local(&format!("s{index}_{lane}"));
                self.add_length_check(argument, &parameter);
                self.parameters.push(quote!(#parameter: #shadow_ty));
                self.locals
                    .push(quote!(let mut #shadow = #private::ManuallyDrop::new(#parameter);));
                shadows.push(shadow);
            }
            // The caller promises not to look at the primal again, which Rust can't check.
            self.is_unsafe |= kind.is_only();
        }

        let marker = marker(kind);
        self.operands
            .push(quote!(&raw const #private::#marker, &raw const #place #(, &raw mut #shadows)*));
        let primal_unique = pointing(ty) == Pointing::Unique;
        self.descriptions.push(quote! {
            #private::argument::<#ty>(
                #text,
                <#private::Probe<#ty>>::NODE,
                #primal_unique,
                #shadow_unique,
            )
        });
    }

    fn add_length_check(&mut self, argument: &Argument, shadow: &Ident) {
        let private = private();
        let (name, text, shadow_text) = (&argument.name, &argument.text, shadow.to_string());
        self.length_checks.push(quote! {
            #private::same_length(
                #text,
                #private::Shape(&#name).length(),
                #shadow_text,
                #private::Shape(&#shadow).length(),
            );
        });
    }

    fn add_result(&mut self, mode: Mode, width: u32, result: &Outcome, kind: Kind) {
        let private = private();
        let ty = &result.ty;
        let place = local("r");
        self.locals
            .push(quote!(let mut #place = #private::MaybeUninit::uninit();));
        self.places.push(quote!(&raw const #place));

        let mut shadows = Vec::new();
        if mode == Mode::Reverse && kind.is_active() {
            let (seed, lanes) = (format_ident!("dret"), width as usize);
            shadows.extend((0..width).map(|lane| local(&format!("dr_{lane}"))));
            if width == 1 {
                self.parameters.push(quote!(#seed: #ty));
                self.locals
                    .push(quote!(let [#(mut #shadows),*] = #private::seeds([#seed]);));
            } else {
                self.parameters
                    .push(quote!(#seed: impl #private::Seeds<#ty, #lanes>));
                self.locals.push(quote! {
                    let [#(mut #shadows),*] =
                        #private::seeds(#private::Seeds::<#ty, #lanes>::into_lanes(#seed));
                });
            }
        } else if kind.is_active() {
            for lane in 0..width {
                let shadow = local(&format!("br_{lane}"));
                self.locals
                    .push(quote!(let mut #shadow = #private::MaybeUninit::zeroed();));
                self.returned_types.push(ty.to_token_stream());
                self.returned.push(quote!(#shadow.assume_init()));
                shadows.push(shadow);
            }
            self.returns_array = width > 1;
        }
        if !kind.is_only() {
            // The primal comes first: before the tangents, and before the derivatives of active arguments.
            self.returned_types.insert(0, ty.to_token_stream());
            self.returned.insert(0, quote!(#place.assume_init()));
        }

        let marker = marker(kind);
        self.operands
            .push(quote!(&raw const #private::#marker, &raw mut #place #(, &raw mut #shadows)*));
        self.result_description = Some(if result.is_impl {
            quote!(#private::opaque("result"))
        } else {
            quote!(#private::argument::<#ty>("result", <#private::Probe<#ty>>::NODE, false, false))
        });
    }

    fn finish(self, mode: Mode, request: &Request, primal: &Primal) -> TokenStream {
        let private = private();
        let (name, visibility, attributes) =
            (&request.name, &primal.visibility, &primal.attributes);
        let (generics, where_clause) = (&primal.generics, &primal.generics.where_clause);
        let abi = &primal.abi;
        let unsafety = (primal.is_unsafe || self.is_unsafe).then(|| quote!(unsafe));
        // `track_caller` is an error for any other ABI.
        let track_caller = primal.has_rust_abi().then(|| quote!(#[track_caller]));
        let mut documentation = format!(
            "{mode}-mode derivative of `{}`, generated by `autodiff_{}`.",
            primal.name,
            mode.to_string().to_lowercase()
        );
        if unsafety.is_some() {
            documentation.push_str("\n\n# Safety\n");
        }
        if primal.is_unsafe {
            documentation.push_str("\nThe conditions of the function itself hold.\n");
        }
        if self.is_unsafe {
            documentation.push_str(
                "\nNothing relies on what arguments marked `DualOnly` or `DuplicatedOnly` refer to afterwards.\n",
            );
        }

        let parameters = &self.parameters;
        let (output, value) = self.output();
        let (length_checks, locals, operands) = (&self.length_checks, &self.locals, &self.operands);
        let length_checks = (!length_checks.is_empty()).then(|| {
            quote! {{
                #[allow(unused_imports, reason = "not every argument lacks a length")]
                use #private::NoLength as _;
                #(#length_checks)*
            }}
        });

        let thunk = self.thunk(request, primal);
        let call = self.description(primal);
        let entry = format_ident!(
            "{}",
            match mode {
                Mode::Reverse => "__enzyme_autodiff",
                Mode::Forward => "__enzyme_fwddiff",
            }
        );
        let width = (request.width > 1).then(|| {
            let width = i64::from(request.width);
            quote!(&raw const #private::enzyme_width, #width,)
        });

        quote_spanned! {Span::mixed_site()=>
            #[doc = #documentation]
            #(#attributes)*
            #track_caller
            #[allow(clippy::too_many_arguments, reason = "each shadow is an argument")]
            #[allow(clippy::type_complexity, reason = "each derivative is in the returned type")]
            #visibility #unsafety #abi fn #name #generics (#(#parameters),*) #output #where_clause {
                #length_checks
                #(#locals)*
                let thunk = #thunk;
                let call: *const #private::Call = #call;
                // The engine replaces this call with the derivative. It reads the primals, adds to or writes the
                // shadows, and writes the result; all of them are locals that outlive the call.
                unsafe {
                    #private::#entry(
                        thunk,
                        &raw const #private::enzyme_rs_types,
                        call,
                        #width
                        #(#operands),*
                    );
                    #value
                }
            }
        }
    }

    /// The derivative's return type and the value that it returns.
    fn output(&self) -> (Option<TokenStream>, TokenStream) {
        let (types, values) = (&self.returned_types, &self.returned);
        match (&**types, &**values) {
            ([], _) => (None, TokenStream::new()),
            ([ty, ..], _) if self.returns_array => {
                let count = types.len();
                (Some(quote!(-> [#ty; #count])), quote!([#(#values),*]))
            }
            ([ty], [value]) => (Some(quote!(-> #ty)), value.clone()),
            _ => (Some(quote!(-> (#(#types),*))), quote!((#(#values),*))),
        }
    }

    /// The address of the thunk that calls the primal.
    fn thunk(&self, request: &Request, primal: &Primal) -> TokenStream {
        let private = private();
        let name = &primal.name;
        let path = if primal.associated || request.associated {
            quote!(Self::#name)
        } else {
            quote!(#name)
        };
        let parameters = &primal.turbofish;
        let turbofish = (!parameters.is_empty()).then(|| quote!(::<#(#parameters),*>));
        let arguments: Vec<Ident> = (0..primal.arguments.len())
            .map(|index| local(&format!("a{index}")))
            .collect();
        let mut call = quote!(#path #turbofish (#(#arguments),*));
        if primal.is_unsafe {
            // The derivative is unsafe as well, and its callers keep the primal's conditions.
            call = quote!(unsafe { #call });
        }
        let shape = if primal.result.is_some() {
            "value"
        } else {
            "unit"
        };
        let thunk = format_ident!("{shape}{}", arguments.len());
        let places = &self.places;
        quote!(#private::#thunk(|#(#arguments),*| #call #(, #places)*))
    }

    /// The constant that describes the call.
    fn description(&self, primal: &Primal) -> TokenStream {
        let private = private();
        let name = primal.name.to_string();
        let arguments = &self.descriptions;
        let result = match &self.result_description {
            None => quote!(::core::option::Option::None),
            Some(result) => quote!(::core::option::Option::Some(const { &#result })),
        };
        // The inner constants are needed because a reference to what a function returns is promoted only where it is
        // the last expression of a constant. Unlike items, they may use the generics in scope.
        quote! {
            const {
                #[allow(unused_imports, reason = "not every type lacks a type tree")]
                use #private::Unknown as _;
                &#private::call(
                    ::core::file!(),
                    ::core::line!(),
                    ::core::column!(),
                    #name,
                    const { &[#(#arguments),*] },
                    #result,
                )
            }
        }
    }
}

/// One value of a type, or as many as there are lanes.
fn lanes(
    width: u32,
    ty: &syn::Type,
    values: impl Iterator<Item = TokenStream>,
) -> (TokenStream, TokenStream) {
    match width {
        1 => (quote!(#ty), quote!(#(#values)*)),
        _ => {
            let count = width as usize;
            (quote!([#ty; #count]), quote!([#(#values),*]))
        }
    }
}

/// The marker of an activity.
fn marker(kind: Kind) -> Ident {
    let name = if !kind.is_active() {
        "enzyme_const"
    } else if kind.is_only() {
        "enzyme_dupnoneed"
    } else {
        "enzyme_dup"
    };
    format_ident!("{name}")
}
