//! Derivatives that the user writes: `#[custom_derivative]` on the function, `#[derivative_of(…)]` on each rule.
//!
//! The two find each other through a type that has the function's name: types and functions don't share names, and a path
//! or a `use` of one means the other as well. A rule implements a trait for that type, and the function asks which traits
//! hold. Everything lies in memory, so that the engine needn't know how Rust passes it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::visit::{self, Visit};
use syn::{FnArg, GenericParam, ItemFn, Path, ReturnType, Signature, Token, Type};

use crate::activity::{Activity, Kind, Mode};
use crate::elision;
use crate::errors::Errors;
use crate::primal::{MAX_ARGUMENTS, Pointing, mutable, pointing, strip};
use crate::wrapper;

/// Writes the function that has rules, and the type of its name.
pub fn primal(function: &ItemFn) -> syn::Result<TokenStream> {
    let mut errors = wrapper::check("custom_derivative", function);
    let signature = &function.sig;
    not_generic(
        "custom_derivative",
        signature,
        "write a function without generics that calls it",
        &mut errors,
    );
    if let ReturnType::Type(_, ty) = &signature.output {
        match strip(ty) {
            ty @ Type::Never(_) => errors.push(syn::Error::new_spanned(
                ty,
                "custom_derivative can not be applied to a function that never returns",
            )),
            ty if elision::has_impl(ty) => errors.push(syn::Error::new_spanned(
                ty,
                "custom_derivative can not be applied to a function that returns `impl Trait`: a rule has to name the type",
            )),
            _ => {}
        }
    }
    if let Some(inactive) = wrapper::other_wrapper(function) {
        errors.push(syn::Error::new_spanned(
            inactive,
            "a function is either inactive or has rules",
        ));
    }
    if signature.inputs.is_empty() {
        errors.push(syn::Error::new_spanned(
            &signature.ident,
            "custom_derivative needs a function with arguments",
        ));
    }
    errors.finish()?;
    let private = quote!(::enzyme_marker::__private);
    let (name, visibility) = (&signature.ident, &function.vis);
    let conditions = function.attrs.iter().filter(|a| a.path().is_ident("cfg"));
    let entry = Ident::new("__enzyme_rs_call_custom", Span::call_site());
    let ask = |what: TokenStream| {
        quote! {
            const {
                #[allow(unused_imports, reason = "it may have all rules")]
                use #private::{NoForwardRule as _, NoReverseRule as _};
                <#private::Rules<#name>>::#what
            },
        }
    };
    let between: TokenStream = [
        quote!(FORWARD.0),
        quote!(REVERSE.0),
        quote!(REVERSE.1),
        quote!(FORWARD.1),
        quote!(REVERSE.2),
    ]
    .into_iter()
    .map(ask)
    .collect();
    let wrapped = wrapper::expand(function, &entry, &between);
    Ok(quote! {
        ::enzyme_marker::only_free_functions_have_rules! { type
            #(#conditions)*
            #[doc(hidden)]
            #[allow(non_camel_case_types, reason = "it has the name of the function, whose rules it has")]
            #visibility #name
        }
        #wrapped
    })
}

fn not_generic(what: &str, signature: &Signature, instead: &str, errors: &mut Errors) {
    for argument in &signature.inputs {
        match argument {
            FnArg::Receiver(receiver) => errors.push(syn::Error::new_spanned(
                receiver,
                format!("{what} can not be applied to a method: let it call a function"),
            )),
            FnArg::Typed(typed) if elision::has_impl(&typed.ty) => {
                errors.push(syn::Error::new_spanned(
                    &typed.ty,
                    format!("{what} can not be applied to a generic function: {instead}"),
                ));
            }
            FnArg::Typed(_) => {}
        }
    }
    if let Some(parameter) = signature.generics.params.first() {
        errors.push(syn::Error::new_spanned(
            parameter,
            match parameter {
                GenericParam::Lifetime(_) => format!(
                    "{what} can not be applied to a function with named lifetimes: leave them out"
                ),
                GenericParam::Type(_) | GenericParam::Const(_) => {
                    format!("{what} can not be applied to a generic function: {instead}")
                }
            },
        ));
    }
    // Only an impl and a trait have a `Self`.
    let mut find = FindSelf(None);
    find.visit_signature(signature);
    if let Some(found) = find.0 {
        errors.push(syn::Error::new(
            found,
            format!("{what} can not be applied to an associated function: let it call a function"),
        ));
    }
}

/// Finds the type `Self`.
struct FindSelf(Option<Span>);

impl Visit<'_> for FindSelf {
    // `self` has its own message, and a type that is not written.
    fn visit_receiver(&mut self, _: &syn::Receiver) {}

    fn visit_path(&mut self, path: &Path) {
        if let Some(first) = path.segments.first().filter(|first| first.ident == "Self") {
            self.0.get_or_insert(first.ident.span());
        }
        visit::visit_path(self, path);
    }
}

/// What `#[derivative_of(FUNCTION, activities…)]` says.
struct Request {
    function: Path,
    activities: Vec<Activity>,
    mode: Mode,
}

impl Request {
    fn parse(input: ParseStream<'_>) -> syn::Result<Request> {
        if input.is_empty() {
            return Err(syn::Error::new(
                Span::call_site(),
                "derivative_of needs the function and an activity for each argument and for the result",
            ));
        }
        let function = function(input)?;
        let mut errors = Errors::default();
        let mut activities: Vec<Activity> = Vec::new();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            match Activity::from_ident(&input.parse()?) {
                Ok(activity) => activities.push(activity),
                Err(error) => errors.push(error),
            }
        }
        let mut mode = None;
        for activity in &activities {
            let of = match activity.kind {
                Kind::Const => continue,
                Kind::Dual => Mode::Forward,
                Kind::Active | Kind::Duplicated => Mode::Reverse,
                Kind::ActiveOnly
                | Kind::DualOnly
                | Kind::Dualv
                | Kind::DualvOnly
                | Kind::DuplicatedOnly => {
                    errors.push(
                        activity.error(format!("{} can not be used in a rule", activity.kind)),
                    );
                    continue;
                }
            };
            match mode {
                None => mode = Some(of),
                Some(mode) if mode == of => {}
                Some(mode) => errors.push(
                    activity.error(format!("{} can not be used in {mode} Mode", activity.kind)),
                ),
            }
        }
        errors.finish()?;
        let Some(mode) = mode else {
            return Err(syn::Error::new(
                Span::call_site(),
                "nothing is differentiated: an activity is to be `Dual` for a forward rule, `Active` or `Duplicated` \
                 for a reverse rule",
            ));
        };
        Ok(Request {
            function,
            activities,
            mode,
        })
    }
}

/// The path of a function that has rules.
fn function(input: ParseStream<'_>) -> syn::Result<Path> {
    let start = input.fork();
    let wrong = |span: Span| {
        syn::Error::new(
            span,
            "derivative_of begins with the path of a free function without generics, as in \
             `derivative_of(module::function, Dual, Dual)`; a method calls one that has rules",
        )
    };
    let path = input
        .call(Path::parse_mod_style)
        .map_err(|_| wrong(start.span()))?;
    if !(input.is_empty() || input.peek(Token![,])) {
        return Err(wrong(start.span()));
    }
    // What stands before the function's name is a module; types are written in another way.
    let is_type = |ident: &Ident| {
        let name = ident.to_string();
        name == "Self" || name.starts_with(char::is_uppercase)
    };
    let before = path.segments.iter().rev().skip(1);
    match before.map(|segment| &segment.ident).find(|i| is_type(i)) {
        Some(ty) => Err(wrong(ty.span())),
        None => Ok(path),
    }
}

/// An argument of the primal, as its rule shows it.
struct Argument<'a> {
    ty: &'a Type,
    kind: Kind,
}

impl Argument<'_> {
    fn points(&self) -> bool {
        pointing(self.ty) != Pointing::Not
    }

    /// Whether the rule can do without a shadow: it has no need of one, or zero will do.
    fn may_lack_shadow(&self) -> bool {
        self.kind == Kind::Const || !self.points()
    }
}

/// Writes what makes a function known as a rule.
pub fn rule(attribute: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let function: ItemFn = syn::parse2(item.clone()).map_err(|_| {
        syn::Error::new(
            syn::Error::new_spanned(item, "").span(),
            "derivative_of must be applied to a function with a body",
        )
    })?;
    let request = Request::parse.parse2(attribute)?;
    let signature = &function.sig;
    let mut errors = Errors::default();
    not_generic(
        "derivative_of",
        signature,
        "write one for each type",
        &mut errors,
    );
    let qualifiers: [Option<&dyn ToTokens>; 3] = [
        signature.asyncness.as_ref().map(|t| t as _),
        signature.variadic.as_ref().map(|t| t as _),
        match &signature.safety {
            syn::Safety::Unsafe(token) => Some(token),
            _ => None,
        },
    ];
    for qualifier in qualifiers.into_iter().flatten() {
        errors.push(syn::Error::new_spanned(
            qualifier,
            "derivative_of can not be applied to such a function",
        ));
    }
    errors.finish()?;

    let parameters: Vec<&Type> = signature
        .inputs
        .iter()
        .filter_map(|argument| match argument {
            FnArg::Typed(typed) => Some(&*typed.ty),
            FnArg::Receiver(_) => None,
        })
        .collect();
    let (arguments, has_result) = arguments(&request, signature, &parameters)?;
    check(&request, &arguments, has_result)?;
    match request.mode {
        Mode::Forward => forward(&request, signature, &arguments, has_result),
        Mode::Reverse => reverse(&request, signature, &arguments, has_result),
    }
}

/// The arguments of the primal among the rule's parameters, and whether there is a result.
fn arguments<'a>(
    request: &Request,
    signature: &Signature,
    parameters: &[&'a Type],
) -> syn::Result<(Vec<Argument<'a>>, bool)> {
    let mut arguments = Vec::new();
    let mut next = 0;
    for activity in &request.activities {
        let Some(ty) = parameters.get(next) else {
            break;
        };
        let tangents = usize::from(activity.kind == Kind::Dual);
        if next + tangents >= parameters.len() {
            return Err(syn::Error::new_spanned(
                ty,
                "a tangent is missing: a forward rule takes each `Dual` argument directly followed by its tangent",
            ));
        }
        arguments.push(Argument {
            ty,
            kind: activity.kind,
        });
        next += 1 + tangents;
    }
    let results = request.activities.len() - arguments.len();
    if next < parameters.len() || results > 1 || arguments.is_empty() {
        let found = parameters.len();
        return Err(syn::Error::new_spanned(
            &signature.ident,
            match request.mode {
                Mode::Forward => format!(
                    "a forward rule takes each argument, directly followed by its tangent unless it is `Const`: the \
                     {} activities don't fit {found} parameters",
                    request.activities.len()
                ),
                Mode::Reverse => format!(
                    "a reverse rule takes the arguments of its function: the {} activities don't fit {found} parameters",
                    request.activities.len()
                ),
            },
        ));
    }
    if arguments.len() > MAX_ARGUMENTS {
        return Err(syn::Error::new_spanned(
            &signature.ident,
            format!("derivative_of supports at most {MAX_ARGUMENTS} arguments"),
        ));
    }
    Ok((arguments, results == 1))
}

fn check(request: &Request, arguments: &[Argument<'_>], has_result: bool) -> syn::Result<()> {
    let mut errors = Errors::default();
    for (argument, activity) in arguments.iter().zip(&request.activities) {
        let fits = match activity.kind {
            Kind::Duplicated => argument.points(),
            Kind::Active => !argument.points(),
            _ => true,
        };
        if !fits {
            errors.push(activity.wrong_type());
        }
    }
    if let (true, Some(result)) = (has_result, request.activities.last()) {
        match result.kind {
            Kind::Const => errors.push(
                result.error(
                    "a result without a derivative needs no rule: the function is `#[inactive]`"
                        .to_owned(),
                ),
            ),
            Kind::Duplicated => errors.push(result.error(format!(
                "invalid return activity {} in {} Mode",
                result.kind, request.mode
            ))),
            _ => {}
        }
    }
    errors.finish()
}

/// The two halves of what a rule returns.
fn pair(signature: &Signature, what: &str) -> syn::Result<(Type, Type)> {
    if let ReturnType::Type(_, ty) = &signature.output {
        if let Type::Tuple(tuple) = strip(ty) {
            if let (2, Some(first), Some(second)) =
                (tuple.elems.len(), tuple.elems.first(), tuple.elems.last())
            {
                return Ok((first.clone(), second.clone()));
            }
        }
    }
    Err(syn::Error::new_spanned(&signature.ident, what))
}

fn local(name: String) -> Ident {
    Ident::new(&name, Span::mixed_site())
}

fn names(prefix: &str, arguments: &[Argument<'_>]) -> Vec<Ident> {
    (0..arguments.len())
        .map(|i| local(format!("{prefix}{i}")))
        .collect()
}

/// A bit for each argument without which the rule can do.
fn mask(arguments: &[Argument<'_>], has_result: bool) -> u64 {
    let mut mask = 0;
    for (i, argument) in arguments.iter().enumerate() {
        mask |= u64::from(argument.may_lack_shadow()) << i;
    }
    mask | u64::from(has_result) << arguments.len()
}

/// The rule and its function take the same; what is passed by value owns nothing.
///
/// Expansions name what is theirs with `__`: rule, function and types may have any other name.
fn same(request: &Request, arguments: &[Argument<'_>], result: Option<&Type>) -> TokenStream {
    let function = &request.function;
    let types = arguments.iter().map(|a| a.ty);
    let (output, plain) = match result {
        Some(ty) => (
            Some(quote!(-> #ty)),
            Some(quote!(__private::plain::<#ty>();)),
        ),
        None => (None, None),
    };
    let by_value = arguments
        .iter()
        .filter(|a| !a.points() && a.kind != Kind::Const)
        .map(|a| a.ty);
    let owned = arguments
        .iter()
        .filter(|a| !a.points() && a.kind == Kind::Const)
        .map(|a| a.ty);
    quote! {
        const _: fn(#(#types),*) #output = #function;
        const _: () = {
            #(__private::plain::<#by_value>();)*
            #(__private::unowned::<#owned>();)*
            #plain
        };
    }
}

fn forward(
    request: &Request,
    signature: &Signature,
    arguments: &[Argument<'_>],
    has_result: bool,
) -> syn::Result<TokenStream> {
    let (function, rule) = (&request.function, &signature.ident);
    let result = match (has_result, &signature.output) {
        (true, _) => Some(
            pair(
                signature,
                "a forward rule returns the value and its tangent, `(R, R)`",
            )?
            .0,
        ),
        (false, ReturnType::Default) => None,
        (false, ReturnType::Type(_, ty)) => {
            return Err(syn::Error::new_spanned(
                ty,
                "the activity of the result is missing",
            ));
        }
    };
    let (places, shadows) = (names("p", arguments), names("s", arguments));
    let types: Vec<&Type> = arguments.iter().map(|a| a.ty).collect();
    let given = arguments
        .iter()
        .zip(places.iter().zip(&shadows))
        .map(|(argument, (place, shadow))| {
            let tangent = (argument.kind == Kind::Dual).then(|| match argument.points() {
                true => {
                    let ty = argument.ty;
                    quote!(<#ty as __private::Refers>::at(<#ty as __private::Refers>::place(#place.cast(), #shadow.cast())),)
                }
                false => quote!(__private::tangent(#shadow),),
            });
            quote!(#place.read(), #tangent)
        });
    let call = quote!(#rule(#(#given)*));
    let (parameters, body) = match &result {
        Some(ty) => (
            Some(quote!(__r: *mut #ty, __br: *mut #ty)),
            quote!(__private::give(#call, __r, __br)),
        ),
        None => (None, call),
    };
    let (mask, same) = (
        mask(arguments, has_result),
        same(request, arguments, result.as_ref()),
    );
    Ok(quote! {
        ::enzyme_marker::only_free_functions_have_rules! { rule
            use ::enzyme_marker::__private as __private;
            #same
            /// # Safety
            ///
            /// The pointers lead to values, and the results may be written.
            #[allow(unused_variables, reason = "a `Const` argument has a place for a shadow too")]
            #[allow(clippy::too_many_arguments, reason = "each shadow is an argument")]
            unsafe extern "C-unwind" fn __forward(
                #(#places: *const #types, #shadows: *const #types,)*
                #parameters
            ) {
                // SAFETY: as the caller says.
                unsafe { #body }
            }
            // SAFETY: the rule takes what the function takes, as is checked above.
            unsafe impl __private::ForwardRule for #function {
                const RULE: (*const (), u64) = (__forward as *const (), #mask);
            }
        }
    })
}

fn reverse(
    request: &Request,
    signature: &Signature,
    arguments: &[Argument<'_>],
    has_result: bool,
) -> syn::Result<TokenStream> {
    let (function, rule) = (&request.function, &signature.ident);
    let result = match (has_result, &signature.output) {
        (true, _) => Some(
            pair(
                signature,
                "a reverse rule returns the value and a closure that pulls an adjoint back, \
                 `(R, impl FnOnce(R, …) -> … + use<>)`",
            )?
            .0,
        ),
        (false, ReturnType::Type(_, _)) => None,
        (false, ReturnType::Default) => {
            return Err(syn::Error::new_spanned(
                &signature.ident,
                "a reverse rule returns a closure that pulls adjoints back",
            ));
        }
    };
    let (places, shadows) = (names("p", arguments), names("s", arguments));
    let types: Vec<&Type> = arguments.iter().map(|a| a.ty).collect();
    let read = &places;
    // The rule's closure takes the seed, and the shadows of what is passed by reference. Where they lie is kept with it: when
    // the second half runs, other arguments may stand in the places of these.
    let mut kept = Vec::new();
    let mut given = Vec::new();
    for ((argument, place), shadow) in arguments.iter().zip(&places).zip(&shadows) {
        if argument.kind == Kind::Duplicated {
            let ty = mutable(argument.ty);
            let behind = local(format!("behind_{shadow}"));
            kept.push(
                quote!(let #behind = <#ty as __private::Refers>::place(#place.cast(), #shadow);),
            );
            given.push(quote!(<#ty as __private::Refers>::at(#behind),));
        }
    }
    let active: Vec<(&Type, &Ident)> = arguments
        .iter()
        .zip(&shadows)
        .filter(|(argument, _)| argument.kind == Kind::Active)
        .map(|(argument, shadow)| (argument.ty, shadow))
        .collect();
    let adjoints = match &*active {
        [] => quote!(()),
        [(ty, _)] => quote!(#ty),
        several => {
            let types = several.iter().map(|(ty, _)| ty);
            quote!((#(#types),*))
        }
    };
    let pullback = quote!(FnOnce(#result) -> #adjoints);
    let (seed, seed_name) = match &result {
        Some(ty) => (
            Some(quote!(__private::seed(__dr))),
            Some(quote!(__seed: #ty)),
        ),
        None => (None, None),
    };
    let seed_given = result.as_ref().map(|_| quote!(__seed,));
    let outs: Vec<Ident> = (0..active.len())
        .map(|i| local(format!("out{i}")))
        .collect();
    let pattern = match &*outs {
        [] => quote!(()),
        [one] => quote!(#one),
        several => quote!((#(#several),*)),
    };
    let add = active
        .iter()
        .zip(&outs)
        .map(|((ty, shadow), out)| quote!(__private::add(#shadow.cast::<#ty>().cast_mut(), #out);));
    let (result_parameters, result_types, store) = match &result {
        Some(ty) => (
            Some(quote!(__r: *mut #ty, __dr: *mut #ty,)),
            Some(quote!(*mut #ty, *mut #ty,)),
            quote! {
                let (__value, __pullback) = #rule(#(#read.read()),*);
                __r.write(__value);
            },
        ),
        None => (
            None,
            None,
            quote!(let __pullback = #rule(#(#read.read()),*);),
        ),
    };
    let (mask, same) = (
        mask(arguments, has_result),
        same(request, arguments, result.as_ref()),
    );
    Ok(quote! {
        ::enzyme_marker::only_free_functions_have_rules! { rule
            use ::enzyme_marker::__private as __private;
            #same
            /// # Safety
            ///
            /// The pointers lead to values, and the result may be written.
            #[allow(unused_variables, reason = "the pointers of the other half stand here too")]
            #[allow(clippy::too_many_arguments, reason = "each shadow is an argument")]
            unsafe extern "C-unwind" fn __augmented(
                #(#places: *const #types, #shadows: *const (),)*
                #result_parameters
            ) -> __private::Tape<impl #pullback + use<>> {
                // SAFETY: as the caller says.
                unsafe {
                    #(#kept)*
                    #store
                    __private::Tape::new(move |#seed_name| -> #adjoints {
                        __pullback(#seed_given #(#given)*)
                    })
                }
            }
            /// # Safety
            ///
            /// The shadows lead to values or are null, and the tape is what `__augmented` returned.
            #[allow(unused_variables, reason = "the pointers of the other half stand here too")]
            #[allow(clippy::too_many_arguments, reason = "each shadow is an argument")]
            unsafe extern "C-unwind" fn __gradient<__P: #pullback>(
                #(#places: *const #types, #shadows: *const (),)*
                #result_parameters
                __tape: __private::Tape<__P>,
            ) {
                // SAFETY: as the caller says.
                unsafe {
                    let #pattern = (__tape.take())(#seed);
                    #(#add)*
                }
            }
            #[allow(clippy::type_complexity, reason = "it is the type of the function above")]
            const fn __gradient_of<__P: #pullback>(
                _: unsafe extern "C-unwind" fn(
                    #(*const #types, *const (),)*
                    #result_types
                ) -> __private::Tape<__P>,
            ) -> *const () {
                __gradient::<__P> as *const ()
            }
            // SAFETY: the rule takes what the function takes, as is checked above.
            unsafe impl __private::ReverseRule for #function {
                const RULE: (*const (), *const (), u64) =
                    (__augmented as *const (), __gradient_of(__augmented), #mask);
            }
        }
    })
}
