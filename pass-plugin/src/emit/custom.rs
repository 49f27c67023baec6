//! Derivatives that the user wrote: small functions with the engine's conventions around functions with the user's.
//!
//! The user's conventions are those of `__enzyme_register_gradient` and its kin. C passes structs in pieces, by
//! address, or as other types of the same size, so what a rule returns, its tape and its seed are looked at as images
//! of memory: the members at the offsets that C gives them.

mod tangent;

use super::reverse;
use super::runtime::Runtime;
use crate::diag::{Code, Refusal, demangle};
use crate::engine::{Derivative, Engine};
use crate::llvm::{AttrIndex, Builder, Function, Module, Type, Value};
use crate::marker::request::{ArgActivity, Mode, RetActivity, Signature};
use crate::registry::{Custom, Gradient, Tangent};

/// The derivative of `f` by the user's rule; `None`: the user wrote none for this direction, or none that fits, and the
/// body of `f` is to be differentiated.
pub fn derivative(
    engine: &mut Engine,
    f: Function,
    sig: &Signature,
    custom: &Custom,
) -> Result<Option<Derivative>, Refusal> {
    if sig.width > 1 && engine.overwrites_what_it_reads(f) {
        return Err(Refusal::new(
            Code::BadRegistration,
            format!(
                "the rule of `{}` is called once for each of {} lanes, and the function overwrites memory that it reads",
                demangle(&f.name()),
                sig.width
            ),
        )
        .why("the second lane would start from what the first left in the primal memory")
        .help("differentiate one lane at a time, or let the function write its results elsewhere"));
    }
    match sig.mode {
        Mode::Forward => {
            let Some(tangent) = custom.forward() else {
                return Ok(None);
            };
            let (first, second) = match tangent {
                Tangent::Direct(rule) => (Fit::new(f, *rule, sig, &[], Behind::Nothing)?, None),
                Tangent::Split { augmented, tangent } => (
                    Fit::new(f, *augmented, sig, &[], Behind::Nothing)?,
                    Some(Fit::new(f, *tangent, sig, &[], Behind::Tape)?),
                ),
            };
            if ![Some(&first), second.as_ref()]
                .into_iter()
                .flatten()
                .all(|fit| fit.has_all_shadows(f, sig, custom))
            {
                return unshadowed(f, first_rule(tangent), custom).map(|()| None);
            }
            let derivative = super::forward::declare(engine, f, sig);
            engine.declared(f, sig, derivative);
            if let Derivative::Forward { function } = derivative {
                match (tangent, second) {
                    (Tangent::Direct(rule), _) | (Tangent::Split { tangent: rule, .. }, None) => {
                        tangent::forward(f, sig, *rule, &first, None, function)?;
                    }
                    (Tangent::Split { augmented, tangent }, Some(second)) => {
                        let before = Some((*augmented, &first));
                        tangent::forward(f, sig, *tangent, &second, before, function)?;
                    }
                }
            }
            Ok(Some(derivative))
        }
        Mode::ReverseCombined | Mode::ReverseSplit => {
            let Some(rule) = &custom.gradient else {
                return Ok(None);
            };
            if sig.ret == RetActivity::DupActive || sig.args.contains(&ArgActivity::DupOut) {
                let what =
                    "would pass pointers and floats in one value, for which there is no convention";
                return Err(refuse(f, rule.gradient, what.into()));
            }
            let fit = Fit::new(f, rule.augmented, sig, &rule.by_reference, Behind::Nothing)?;
            let backwards = Backwards::new(f, rule, &fit)?;
            if !fit.has_all_shadows(f, sig, custom) {
                return unshadowed(f, rule.augmented, custom).map(|()| None);
            }
            let derivative = reverse::declare(engine, f, sig);
            engine.declared(f, sig, derivative);
            let job = Job {
                f,
                sig,
                rule,
                fit: &fit,
                backwards: &backwards,
            };
            match derivative {
                Derivative::Combined { function } => job.combined(function)?,
                Derivative::Split { augmented, reverse } => {
                    let runtime = Runtime::get(engine.module)?;
                    job.split(&runtime, augmented, reverse)?;
                }
                Derivative::Forward { .. } => {
                    return Err(Refusal::internal("a forward derivative in reverse mode"));
                }
            }
            Ok(Some(derivative))
        }
    }
}

/// A rule that wants a shadow of memory that has none here: the body will do, if there is one. For rules that say without
/// which shadows they can do it won't: such a rule may not be what the body's derivative is.
fn unshadowed(f: Function, rule: Function, custom: &Custom) -> Result<(), Refusal> {
    if !f.is_declaration() && custom.absent.is_none() {
        return Ok(());
    }
    Err(refuse(
        f,
        rule,
        "takes a shadow of an argument that carries no derivative here".to_owned(),
    )
    .help("give the argument a shadow, or write a rule that does without"))
}

/// The function that is called first.
fn first_rule(tangent: &Tangent) -> Function {
    match tangent {
        Tangent::Direct(rule) => *rule,
        Tangent::Split { augmented, .. } => *augmented,
    }
}

fn refuse(f: Function, rule: Function, what: String) -> Refusal {
    Refusal::new(
        Code::BadRegistration,
        format!(
            "the rule `{}` that is registered for `{}` {what}",
            demangle(&rule.name()),
            demangle(&f.name())
        ),
    )
    .at_value(rule.as_value())
}

// ---- conventions ----

/// How the leading parameters of a rule correspond to those of its primal.
struct Fit {
    /// Whether each parameter of the primal is followed by its shadow.
    shadowed: Vec<bool>,
    /// How many parameters of the rule they are, a result through memory not counted.
    count: usize,
    /// Parameters of the rule that are passed by their address.
    by_reference: Vec<u32>,
}

fn sret(rule: Function) -> Option<Type> {
    if rule.param_count() == 0 {
        return None;
    }
    rule.attribute(AttrIndex::Param(0), "sret")?.ty()
}

/// The parameters that a caller passes values for.
fn values(rule: Function) -> Vec<Type> {
    let skip = usize::from(sret(rule).is_some());
    rule.params().iter().skip(skip).map(|p| p.ty()).collect()
}

impl Fit {
    /// Finds which parameters have shadows.
    fn new(
        f: Function,
        rule: Function,
        sig: &Signature,
        by_reference: &[u32],
        behind: Behind,
    ) -> Result<Fit, Refusal> {
        let primal: Vec<Type> = f.params().iter().map(|p| p.ty()).collect();
        let given = values(rule);
        let search = Search {
            primal: &primal,
            given: &given,
            by_reference,
            prefer: sig
                .args
                .iter()
                .zip(&primal)
                .map(|(a, ty)| a.has_shadow() || (behind == Behind::Tape && ty.scalar().is_float()))
                .collect(),
            known: None,
            behind,
        };
        let mut shadowed = Vec::new();
        let Some(count) = search.from(0, 0, &mut shadowed) else {
            let list = |types: &[Type]| {
                let texts: Vec<String> = types.iter().map(Type::to_string).collect();
                texts.join(", ")
            };
            return Err(refuse(f, rule, "does not take its arguments".to_owned())
                .note(format!("the function takes: {}", list(&primal)))
                .note(format!("the rule takes: {}", list(&given)))
                .help(
                    "a rule takes each argument, directly followed by its shadow where it has one",
                ));
        };
        Ok(Fit {
            shadowed,
            count,
            by_reference: by_reference.to_vec(),
        })
    }

    fn has_all_shadows(&self, f: Function, sig: &Signature, custom: &Custom) -> bool {
        let params = f.params();
        let absent = custom.absent.map_or(0, |absent| match sig.mode {
            Mode::Forward => absent.forward,
            Mode::ReverseCombined | Mode::ReverseSplit => absent.reverse,
        });
        (0..params.len()).all(|i| {
            !self.shadowed[i]
                || sig.args[i].has_shadow()
                || (i < 64 && absent >> i & 1 == 1)
                || (sig.mode == Mode::Forward && params[i].ty().scalar().is_float())
        })
    }
}

struct Search<'a> {
    primal: &'a [Type],
    given: &'a [Type],
    by_reference: &'a [u32],
    prefer: Vec<bool>,
    /// As another rule of the same function has them.
    known: Option<&'a [bool]>,
    behind: Behind,
}

/// What may follow the arguments of the primal and their shadows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Behind {
    Nothing,
    /// A seed or a tape.
    Tape,
}

impl Search<'_> {
    fn takes(&self, j: usize, ty: Type) -> bool {
        match self.given.get(j) {
            Some(given) if self.by_reference.contains(&(j as u32)) => given.is_pointer(),
            Some(given) => *given == ty,
            None => false,
        }
    }

    /// Matches parameter `i` of the primal and those after it against the rule's from `j` on.
    fn from(&self, i: usize, j: usize, shadowed: &mut Vec<bool>) -> Option<usize> {
        let Some(ty) = self.primal.get(i) else {
            return (self.behind == Behind::Tape || j == self.given.len()).then_some(j);
        };
        if !self.takes(j, *ty) {
            return None;
        }
        let wanted = match self.known {
            Some(known) => vec![known[i]],
            None => vec![self.prefer[i], !self.prefer[i]],
        };
        for shadow in wanted {
            if shadow && !self.takes(j + 1, *ty) {
                continue;
            }
            shadowed.truncate(i);
            shadowed.push(shadow);
            if let Some(count) = self.from(i + 1, j + 1 + usize::from(shadow), shadowed) {
                return Some(count);
            }
        }
        None
    }
}

/// Members at the offsets that C gives them.
#[derive(Clone, Debug)]
struct Image {
    offsets: Vec<u64>,
    bytes: u64,
    align: u64,
}

impl Image {
    fn of(module: Module, members: &[Type]) -> Image {
        let mut image = Image {
            offsets: Vec::new(),
            bytes: 0,
            align: 1,
        };
        for ty in members {
            image.push(module.abi_size(*ty), u64::from(module.abi_align(*ty)));
        }
        image.bytes = image.bytes.next_multiple_of(image.align);
        image
    }

    fn push(&mut self, bytes: u64, align: u64) -> u64 {
        let at = self.bytes.next_multiple_of(align.max(1));
        self.offsets.push(at);
        self.bytes = at + bytes;
        self.align = self.align.max(align);
        at
    }
}

/// What a gradient takes behind the arguments, and what the augmented function returns.
struct Backwards {
    /// The types in which the seed is passed; empty: the result is no float.
    seed: Vec<Type>,
    tape: Tape,
    /// Where the augmented function leaves the result and its shadow in what it returns.
    result: Option<u64>,
    shadow: Option<u64>,
    returned: Option<Type>,
}

/// How the gradient takes the tape.
enum Tape {
    None,
    /// As so many scalars.
    Pieces(Vec<Type>),
    /// As a copy in memory.
    Copy(Type),
}

impl Tape {
    fn image(&self, module: Module) -> Image {
        match self {
            Tape::None => Image::of(module, &[]),
            Tape::Pieces(types) => Image::of(module, types),
            Tape::Copy(ty) => Image::of(module, &[*ty]),
        }
    }
}

/// What a function returns, by value or through memory.
fn returned(rule: Function) -> Option<Type> {
    sret(rule).or_else(|| Some(rule.return_type()).filter(|ty| !ty.is_void()))
}

impl Backwards {
    fn new(f: Function, rule: &Gradient, fit: &Fit) -> Result<Backwards, Refusal> {
        let module = f.module();
        let gradient = rule.gradient;
        let given = values(gradient);
        let matches = {
            let primal: Vec<Type> = f.params().iter().map(|p| p.ty()).collect();
            let search = Search {
                primal: &primal,
                given: &given,
                by_reference: &rule.by_reference,
                prefer: Vec::new(),
                known: Some(&fit.shadowed),
                behind: Behind::Tape,
            };
            search.from(0, 0, &mut Vec::new()) == Some(fit.count)
        };
        if !matches {
            return Err(refuse(
                f,
                gradient,
                "does not begin with the arguments of the augmented function".to_owned(),
            ));
        }
        let ret = f.return_type();
        let mut rest = given[fit.count..].to_vec();
        let mut seed = Vec::new();
        if has_float(ret) {
            let wanted = module.store_size(ret);
            let mut bytes = 0;
            while bytes < wanted && !rest.is_empty() {
                let piece = rest.remove(0);
                bytes += module.store_size(piece);
                seed.push(piece);
            }
            if bytes != wanted {
                return Err(refuse(
                    f,
                    gradient,
                    format!("takes no `{ret}` behind the arguments: the derivative of the result"),
                ));
            }
        }
        let first = gradient.param_count() - rest.len() as u32;
        let copy = (rest.len() == 1)
            .then(|| gradient.attribute(AttrIndex::Param(first), "byval"))
            .flatten()
            .and_then(|a| a.ty());
        let tape = match (rest.is_empty(), copy) {
            (true, _) => Tape::None,
            (false, Some(ty)) => Tape::Copy(ty),
            (false, None) => Tape::Pieces(rest),
        };
        let mut this = Backwards {
            seed,
            tape,
            result: None,
            shadow: None,
            returned: returned(rule.augmented),
        };
        this.find_result(f, rule)?;
        Ok(this)
    }

    fn find_result(&mut self, f: Function, rule: &Gradient) -> Result<(), Refusal> {
        let module = f.module();
        let ret = f.return_type();
        let bytes = self.returned.map_or(0, |ty| module.abi_size(ty));
        let mut image = self.tape.image(module);
        if image.bytes > bytes {
            return Err(refuse(
                f,
                rule.augmented,
                format!(
                    "returns no tape of {} bytes, which the gradient takes",
                    image.bytes
                ),
            ));
        }
        if ret.is_void() {
            return Ok(());
        }
        let (size, align) = (module.abi_size(ret), u64::from(module.abi_align(ret)));
        // A tape that the gradient does not look at may still be there.
        if matches!(self.tape, Tape::None)
            && let Some(ty) = self.returned.filter(|ty| ty.is_aggregate() && *ty != ret)
            && ty.member_count() > 1
            && bytes > size
        {
            let first = ty.member(0);
            image.push(module.abi_size(first), u64::from(module.abi_align(first)));
        }
        let at = image.push(size, align);
        if at + size <= bytes {
            self.result = Some(at);
            let at = image.push(size, align);
            if at + size <= bytes && !has_float(ret) {
                self.shadow = Some(at);
            }
        }
        Ok(())
    }
}

fn has_float(ty: Type) -> bool {
    if ty.is_aggregate() {
        return (0..ty.member_count().min(64) as u32).any(|i| has_float(ty.member(i)));
    }
    ty.scalar().is_float()
}

// ---- code ----

/// Attributes that decide how an argument travels.
const PASSING: [&str; 6] = ["sret", "byval", "align", "zeroext", "signext", "inreg"];

/// Calls a user's function with the values that it takes; what it returns lies in memory afterwards, `room` bytes of it
/// at least.
fn call_rule(b: &Builder, rule: Function, args: Vec<Value>, room: u64) -> Value {
    let module = rule.module();
    let i8t = b.context().i8_type();
    let bytes = returned(rule).map_or(0, |ty| module.abi_size(ty));
    let place = b.entry_alloca(i8t.array_of(bytes.max(room).max(1)), "returned");
    place.set_alignment(16);
    let mut all = Vec::new();
    if sret(rule).is_some() {
        all.push(place);
    }
    all.extend(args);
    let call = b.call_function(rule, &all);
    for i in 0..all.len() as u32 {
        for name in PASSING {
            if let Some(attribute) = rule.attribute(AttrIndex::Param(i), name) {
                call.add_call_attribute(AttrIndex::Param(i), attribute);
            }
        }
    }
    if sret(rule).is_none() && !call.ty().is_void() {
        b.store(call, place, 16, false);
    }
    place
}

fn at(b: &Builder, place: Value, offset: u64) -> Value {
    super::bulk::at_offset(b, place, offset)
}

/// The values of a rule's leading parameters: each argument of the primal, and its shadow in this lane.
fn leading(b: &Builder, fit: &Fit, args: &[(Value, Option<Value>)]) -> Vec<Value> {
    let mut out = Vec::new();
    let mut push = |v: Value| {
        let by_reference = fit.by_reference.contains(&(out.len() as u32));
        out.push(match by_reference {
            true => {
                let place = b.entry_alloca(v.ty(), "by.reference");
                b.store(v, place, 0, false);
                place
            }
            false => v,
        });
    };
    for ((value, shadow), shadowed) in args.iter().zip(&fit.shadowed) {
        push(*value);
        if *shadowed {
            push(shadow.unwrap_or_else(|| value.ty().const_null()));
        }
    }
    out
}

/// The parameters of a derivative, from `first` on, as pairs for one lane.
fn pairs(f: Function, sig: &Signature, given: &[Value], lane: u32) -> Vec<(Value, Option<Value>)> {
    let mut out = Vec::new();
    let mut next = 0;
    for (_, activity) in f.params().iter().zip(&sig.args) {
        let value = given[next];
        next += 1;
        let shadow = activity.has_shadow().then(|| given[next + lane as usize]);
        if activity.has_shadow() {
            next += sig.width as usize;
        }
        out.push((value, shadow));
    }
    out
}

fn primal_values(f: Function, sig: &Signature, given: &[Value]) -> Vec<Value> {
    pairs(f, sig, given, 0).into_iter().map(|p| p.0).collect()
}

struct Job<'a> {
    f: Function,
    sig: &'a Signature,
    rule: &'a Gradient,
    fit: &'a Fit,
    backwards: &'a Backwards,
}

/// What the augmented call of one lane left.
struct Left {
    /// Where what it returned lies; the tape is at the start.
    place: Value,
    /// The arguments of the gradient that are known by then.
    args: Vec<(Value, Option<Value>)>,
}

impl Job<'_> {
    /// The augmented calls of all lanes; the result and its shadows.
    fn forward(&self, b: &Builder, given: &[Value]) -> Result<(Vec<Left>, Vec<Value>), Refusal> {
        let f = self.f;
        let ret = f.return_type();
        let mut left = Vec::new();
        let mut results: Vec<Value> = Vec::new();
        let mut shadows = Vec::new();
        for lane in 0..self.sig.width {
            let args = pairs(f, self.sig, given, lane);
            let values = leading(b, self.fit, &args);
            let place = call_rule(b, self.rule.augmented, values, 0);
            if !ret.is_void() {
                if lane == 0 {
                    results.push(match self.backwards.result {
                        Some(offset) => b.load(ret, at(b, place, offset), 1, false),
                        // The rule leaves the value to the function itself.
                        None => b.call_function(f, &primal_values(f, self.sig, given)),
                    });
                }
                if self.sig.ret == RetActivity::Dup {
                    let Some(offset) = self.backwards.shadow else {
                        return Err(refuse(
                            f,
                            self.rule.augmented,
                            "returns no shadow of the result".to_owned(),
                        )
                        .help("it returns { tape, result, shadow of the result }"));
                    };
                    shadows.push(b.load(ret, at(b, place, offset), 1, false));
                }
            }
            left.push(Left { place, args });
        }
        results.extend(shadows);
        Ok((left, results))
    }

    /// The gradient call of one lane; adds the derivatives of by-value arguments to `outs`.
    fn backward(
        &self,
        b: &Builder,
        left: &Left,
        seed: Option<Value>,
        outs: &mut [Vec<Value>],
    ) -> Result<(), Refusal> {
        let f = self.f;
        let module = f.module();
        let gradient = self.rule.gradient;
        let mut args = leading(b, self.fit, &left.args);
        if !self.backwards.seed.is_empty() {
            let ret = f.return_type();
            let seed = seed.unwrap_or_else(|| ret.const_null());
            let place = b.entry_alloca(ret, "seed");
            b.store(seed, place, 0, false);
            let image = Image::of(module, &self.backwards.seed);
            for (ty, offset) in self.backwards.seed.iter().zip(&image.offsets) {
                args.push(b.load(*ty, at(b, place, *offset), 1, false));
            }
        }
        match &self.backwards.tape {
            Tape::None => {}
            Tape::Pieces(types) => {
                let image = Image::of(module, types);
                for (ty, offset) in types.iter().zip(&image.offsets) {
                    args.push(b.load(*ty, at(b, left.place, *offset), 1, false));
                }
            }
            Tape::Copy(_) => args.push(left.place),
        }
        let floats: Vec<(usize, Type)> = f
            .params()
            .iter()
            .enumerate()
            .filter(|(_, p)| has_float(p.ty()))
            .map(|(i, p)| (i, p.ty()))
            .collect();
        let types: Vec<Type> = floats.iter().map(|(_, ty)| *ty).collect();
        let image = Image::of(module, &types);
        let bytes = returned(gradient).map_or(0, |ty| module.abi_size(ty));
        let wanted = self.sig.args.contains(&ArgActivity::Out);
        if wanted && bytes < image.bytes {
            return Err(refuse(
                f,
                gradient,
                format!(
                    "returns {bytes} bytes, but the derivatives of the arguments that are passed by value are {}",
                    image.bytes
                ),
            )
            .help("it returns one derivative, or a struct of all, in the order of the arguments"));
        }
        let place = call_rule(b, gradient, args, 0);
        let mut next = 0;
        for ((i, ty), offset) in floats.iter().zip(&image.offsets) {
            if self.sig.args[*i] == ArgActivity::Out {
                outs[next].push(b.load(*ty, at(b, place, *offset), 1, false));
                next += 1;
            }
        }
        Ok(())
    }

    fn count_outs(&self) -> usize {
        let out = |a: &&ArgActivity| **a == ArgActivity::Out;
        self.sig.args.iter().filter(out).count()
    }

    fn seed(&self, seeds: &[Value], lane: u32) -> Option<Value> {
        (self.sig.ret == RetActivity::Active).then(|| seeds[lane as usize])
    }

    /// Forward and backward in one function.
    fn combined(&self, function: Function) -> Result<(), Refusal> {
        let entry = function.append_block("entry");
        let b = Builder::at_end(entry);
        let params = function.params();
        let seeds = match self.sig.ret {
            RetActivity::Active => params.len() - self.sig.width as usize,
            RetActivity::Const | RetActivity::Dup | RetActivity::DupActive => params.len(),
        };
        let (given, seeds) = params.split_at(seeds);
        let (left, results) = self.forward(&b, given)?;
        let mut outs = vec![Vec::new(); self.count_outs()];
        for (lane, left) in left.iter().enumerate() {
            self.backward(&b, left, self.seed(seeds, lane as u32), &mut outs)?;
        }
        give(&b, function, results, outs);
        Ok(())
    }

    /// The augmented function keeps what the gradient takes in a frame on the tape.
    fn split(
        &self,
        runtime: &Runtime,
        augmented: Function,
        reverse: Function,
    ) -> Result<(), Refusal> {
        let module = self.f.module();
        let b = Builder::at_end(augmented.append_block("entry"));
        let params = augmented.params();
        let (arena, given) = (params[0], &params[1..]);
        let (left, results) = self.forward(&b, given)?;
        // The frame: for each lane, the tape and the arguments with their shadows.
        let tape = self.backwards.tape.image(module);
        let mut layout = Image::of(module, &[]);
        let mut places = Vec::new();
        for lane in &left {
            let tape_at = layout.push(tape.bytes, 16);
            let mut args = Vec::new();
            for (value, shadow) in &lane.args {
                let size = module.abi_size(value.ty());
                let align = u64::from(module.abi_align(value.ty()));
                let at_value = layout.push(size, align);
                args.push((
                    value.ty(),
                    at_value,
                    shadow.map(|_| layout.push(size, align)),
                ));
            }
            places.push((tape_at, args));
        }
        let i64t = b.context().i64_type();
        let frame = b.call_function(runtime.keep, &[arena, i64t.const_int(layout.bytes.max(1))]);
        for (lane, (tape_at, args)) in left.iter().zip(&places) {
            if tape.bytes > 0 {
                let to = at(&b, frame, *tape_at);
                b.memcpy(to, 1, lane.place, 1, i64t.const_int(tape.bytes));
            }
            for ((value, shadow), (_, at_value, at_shadow)) in lane.args.iter().zip(args) {
                b.store(*value, at(&b, frame, *at_value), 1, false);
                if let (Some(shadow), Some(offset)) = (shadow, at_shadow) {
                    b.store(*shadow, at(&b, frame, *offset), 1, false);
                }
            }
        }
        let ty = augmented.return_type();
        let mut out = b.insert_value(ty.poison(), frame, 0);
        for (i, result) in results.into_iter().enumerate() {
            out = b.insert_value(out, result, i as u32 + 1);
        }
        b.ret(out);

        let b = Builder::at_end(reverse.append_block("entry"));
        let params = reverse.params();
        let (frame, seeds) = (params[0], &params[1..]);
        let mut outs = vec![Vec::new(); self.count_outs()];
        for (lane, (tape_at, args)) in places.iter().enumerate() {
            let args = args
                .iter()
                .map(|(ty, at_value, at_shadow)| {
                    let load = |offset: u64| b.load(*ty, at(&b, frame, offset), 1, false);
                    (load(*at_value), at_shadow.map(load))
                })
                .collect();
            let left = Left {
                place: at(&b, frame, *tape_at),
                args,
            };
            self.backward(&b, &left, self.seed(seeds, lane as u32), &mut outs)?;
        }
        give(&b, reverse, Vec::new(), outs);
        Ok(())
    }
}

/// Returns results, then the derivatives of by-value arguments, each with all its lanes.
fn give(b: &Builder, function: Function, results: Vec<Value>, outs: Vec<Vec<Value>>) {
    let ty = function.return_type();
    let mut out = ty.poison();
    let mut next = 0;
    for result in results {
        out = b.insert_value(out, result, next);
        next += 1;
    }
    for lanes in outs {
        let field = ty.member(next);
        let value = match &lanes[..] {
            [one] => *one,
            _ => {
                let mut all = field.poison();
                for (k, lane) in lanes.iter().enumerate() {
                    all = b.insert_value(all, *lane, k as u32);
                }
                all
            }
        };
        out = b.insert_value(out, value, next);
        next += 1;
    }
    b.ret(out);
}
