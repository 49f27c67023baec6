//! Decodes one marker call: the function, each argument with its activity and shadows, the options.

use enzyme_sys::{Entry, Marker};

use super::operands::{Given, Item, Reader, kept_in, operands_of};
use super::request::{ArgActivity, Mode, RetActivity, Signature};
use super::{adapt, callsite};
use std::rc::Rc;

use crate::analysis::cells::{Class, Declared, TypeTree};
use crate::diag::{Code, Refusal, demangle};
use crate::llvm::{AttrIndex, Builder, Function, Module, Opcode, Type, Value, ValueKind};

/// One argument of the differentiated function.
#[derive(Debug)]
pub struct Arg {
    pub primal: Value,
    pub shadows: Vec<Value>,
    /// A struct that is passed by value through memory and is `enzyme_out`: its adjoints are left in the shadows, and
    /// returned from there.
    pub returned: Option<Type>,
}

/// What a call of the split entry points says of its tape.
#[derive(Clone, Copy, Debug, Default)]
pub struct TapeOptions {
    /// The tape's handle is kept in this memory (`enzyme_tape`).
    pub memory: Option<Value>,
    /// The size of that memory, where it is constant.
    pub allocated: Option<u64>,
    /// The reverse pass frees nothing, and may run again.
    pub keep: bool,
}

/// A decoded marker call.
#[derive(Debug)]
pub struct Request {
    pub call: Value,
    pub entry: Entry,
    pub function: Function,
    pub sig: Signature,
    pub args: Vec<Arg>,
    pub primal_return: bool,
    /// `enzyme_noret`: the primal result is not returned.
    pub noret: bool,
    /// Where the function's result is left, if it returns it through memory and the call returns it by value.
    pub result_from: Option<Value>,
    /// Values behind the arguments: seeds and the tape of split mode.
    pub extras: Vec<Value>,
    pub tape: TapeOptions,
    /// The names of the parameters in the user's source; empty where the call doesn't tell them.
    pub names: Vec<String>,
}

/// The entry point that a call calls.
pub fn entry_of(call: Value) -> Option<Entry> {
    if !call.is_op(Opcode::Call) && !call.is_op(Opcode::Invoke) {
        return None;
    }
    let callee = call.callee().strip_constant_casts();
    if callee.kind() != ValueKind::Function {
        return None;
    }
    Entry::from_name(&callee.name())
}

/// The memory that the caller gave for the result, and its type, where the result is returned through memory.
pub fn result_memory(call: Value) -> Option<(Value, crate::llvm::Type)> {
    if call.arg_count() == 0 {
        return None;
    }
    let ty = call.call_attribute(AttrIndex::Param(0), "sret")?.ty()?;
    Some((call.arg(0), ty))
}

/// The function that a marker call names, seen through casts and loads of constants.
pub fn function_of(call: Value) -> Result<Function, Refusal> {
    let refuse = |what: &str| {
        Refusal::new(Code::BadMarkerCall, what)
            .at_value(call)
            .help("the first argument of a marker call is the function to differentiate")
    };
    let first = u32::from(result_memory(call).is_some());
    if call.arg_count() <= first {
        return Err(refuse("a marker call without arguments"));
    }
    let mut v = call.arg(first);
    for _ in 0..8 {
        v = v.strip_constant_casts();
        if let Some(f) = v.as_function() {
            return Ok(f);
        }
        if v.is_op(Opcode::Load) {
            let from = v.operand(0).strip_constant_casts();
            let constant = from.is_global()
                && from.kind() == ValueKind::GlobalVariable
                && from.is_constant_global();
            match constant
                .then(|| from.initializer())
                .flatten()
                .or_else(|| kept_in(from))
            {
                Some(init) => v = init,
                None => break,
            }
        } else if v.is_op(Opcode::BitCast) || v.is_op(Opcode::AddrSpaceCast) {
            v = v.operand(0);
        } else if v.kind() == ValueKind::GlobalAlias {
            match v.aliasee() {
                Some(to) => v = to,
                None => break,
            }
        } else {
            break;
        }
    }
    Err(refuse(
        "the function to differentiate is not known at compile time",
    ))
}

/// The activity of an unmarked parameter, by its type (the convention of Enzyme).
fn default_activity(ty: crate::llvm::Type, forward: bool) -> ArgActivity {
    let dup = ArgActivity::Dup {
        primal_needed: true,
    };
    if ty.scalar().is_float() {
        return if forward { dup } else { ArgActivity::Out };
    }
    if ty.is_pointer() {
        return dup;
    }
    if ty.is_aggregate() {
        let fields: Vec<ArgActivity> = (0..ty.member_count().min(64) as u32)
            .map(|i| default_activity(ty.member(i), forward))
            .collect();
        if fields.contains(&dup) {
            return dup;
        }
        if fields.contains(&ArgActivity::Out) {
            return ArgActivity::Out;
        }
    }
    ArgActivity::Const
}

/// The decoder at work.
struct Decoder {
    r: Reader,
    b: Builder,
    module: Module,
    forward: bool,
    params: Vec<Value>,
    function: Function,
    args: Vec<Arg>,
    activities: Vec<ArgActivity>,
    width: u32,
    /// What the next value's marker said.
    next: Next,
    ret: Option<RetActivity>,
    primal_return: bool,
    noret: bool,
    distinct_args: bool,
    runtime_activity: bool,
    strong_zero: bool,
    tape: TapeOptions,
    extras: Vec<Value>,
    result_from: Option<Value>,
}

/// The markers since the last argument.
#[derive(Clone, Copy, Default)]
struct Next {
    activity: Option<ArgActivity>,
    /// One shadow pointer, with so many bytes from lane to lane.
    stride: Option<Value>,
    /// The argument is behind a pointer.
    byref: Option<u64>,
}

/// Decodes a call of one of the entry points that differentiate.
pub fn decode(call: Value, entry: Entry) -> Result<Request, Refusal> {
    let function = function_of(call)?;
    let Some(module) = call.module() else {
        return Err(Refusal::internal("a marker call outside of a module"));
    };
    let name = demangle(&function.name());
    let first = 1 + u32::from(result_memory(call).is_some());
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    let mut decoder = Decoder {
        r: Reader::new(call, first, name.clone()),
        b,
        module,
        forward: matches!(entry, Entry::FwdDiff | Entry::FwdSplit),
        params: function.params(),
        function,
        args: Vec::new(),
        activities: Vec::new(),
        width: width_of(call, first, &name)?,
        next: Next::default(),
        ret: None,
        primal_return: false,
        noret: false,
        distinct_args: false,
        runtime_activity: false,
        strong_zero: false,
        tape: TapeOptions::default(),
        extras: Vec::new(),
        result_from: None,
    };
    decoder.run(entry)?;
    decoder.finish(call, entry)
}

/// The width is looked up first: it may stand behind arguments whose shadows it counts.
fn width_of(call: Value, first: u32, name: &str) -> Result<u32, Refusal> {
    let mut r = Reader::new(call, first, name.to_owned());
    let mut width = None;
    while let Some(item) = r.next()? {
        if !matches!(item, Item::Marker(Marker::Width)) {
            continue;
        }
        let n = r.number("the width")?;
        if !(1..=1024).contains(&n) {
            return Err(r.refuse(Code::BadMarkerCall, "the width is not from 1 to 1024"));
        }
        if width.replace(n as u32).is_some() {
            return Err(r.refuse(Code::BadMarkerCall, "two widths are given"));
        }
    }
    Ok(width.unwrap_or(1))
}

impl Decoder {
    fn run(&mut self, entry: Entry) -> Result<(), Refusal> {
        let mut result = self.result_type();
        while let Some(item) = self.r.next()? {
            match item {
                Item::Marker(m) => self.marker(m)?,
                Item::Value(given) => {
                    // The shadow of a result in memory stands first in reverse mode.
                    if let Some(ty) = result.take()
                        && self.result_in_memory(ty, Some(given))?
                    {
                        continue;
                    }
                    if self.args.len() < self.params.len() {
                        self.argument(given)?;
                    } else {
                        self.extra(given, entry)?;
                    }
                }
            }
        }
        match result {
            Some(ty) => self.result_in_memory(ty, None).map(|_| ()),
            None => Ok(()),
        }
    }

    /// The type of a result that the function returns through its first parameter.
    fn result_type(&self) -> Option<Type> {
        if self.params.is_empty() {
            return None;
        }
        self.function
            .attribute(AttrIndex::Param(0), "sret")
            .and_then(|a| a.ty())
    }

    fn marker(&mut self, m: Marker) -> Result<(), Refusal> {
        let dup = |primal_needed| Some(ArgActivity::Dup { primal_needed });
        match m {
            Marker::Const => self.next.activity = Some(ArgActivity::Const),
            Marker::Dup => self.next.activity = dup(true),
            Marker::DupNoNeed => self.next.activity = dup(false),
            Marker::DupV | Marker::DupNoNeedV => {
                self.next.activity = dup(m == Marker::DupV);
                let what = "the stride of the shadows in bytes";
                let stride = self.r.value(what, Code::BadMarkerCall)?.value;
                if !stride.ty().is_integer() {
                    return Err(self
                        .r
                        .refuse(Code::BadMarkerCall, format!("{what} is no integer")));
                }
                self.next.stride = Some(stride);
            }
            Marker::Out => {
                if self.forward {
                    return Err(self.r.refuse(
                        Code::BadMarkerCall,
                        "`enzyme_out` has no meaning in forward mode",
                    ));
                }
                self.next.activity = Some(ArgActivity::Out);
            }
            Marker::ByRef => self.next.byref = Some(self.r.number("the size of the argument")?),
            // A promise that the tape may rely on only if both calls of a pair make it, and neither knows of the other.
            Marker::NotOverwritten => {}
            // Its value was read before; it is decoded again to get past it.
            Marker::Width => {
                self.r.number("the width")?;
            }
            Marker::PrimalReturn => self.primal_return = true,
            Marker::NoRet => {
                self.noret = true;
                self.primal_return = false;
            }
            Marker::ConstReturn => self.ret = Some(RetActivity::Const),
            Marker::ActiveReturn => self.ret = Some(RetActivity::Active),
            Marker::DupReturn => self.ret = Some(RetActivity::Dup),
            Marker::RsTypes => {
                self.r.read_record(self.params.len())?;
                self.distinct_args = true;
            }
            Marker::Tape => {
                let memory = self
                    .r
                    .value("the memory of the tape", Code::BadMarkerCall)?;
                self.tape.memory = Some(memory.value);
            }
            Marker::Allocated => {
                let what = "the size of the tape";
                let size = self.r.value(what, Code::BadMarkerCall)?.value;
                self.tape.allocated = size.const_u64();
            }
            Marker::NoFree => self.tape.keep = true,
            Marker::RuntimeActivity => self.runtime_activity = true,
            Marker::StrongZero => self.strong_zero = true,
            // The reader took what stands behind it apart.
            Marker::Interleave => {
                return Err(self
                    .r
                    .refuse(Code::BadMarkerCall, "`enzyme_interleave` stands twice"));
            }
            Marker::Interface
            | Marker::Trace
            | Marker::DupTrace
            | Marker::Likelihood
            | Marker::DupLikelihood
            | Marker::Observations
            | Marker::ActiveRandVar
            | Marker::Scalar
            | Marker::Vector
            | Marker::Buffer => {
                return Err(self
                    .r
                    .refuse(
                        Code::BadMarkerCall,
                        format!("the marker `{}` is not supported yet", m.name()),
                    )
                    .note(format!("it is followed by: {}", operands_of(m))));
            }
        }
        Ok(())
    }

    fn argument(&mut self, given: Given) -> Result<(), Refusal> {
        let i = self.args.len();
        let ty = self.params[i].ty();
        let next = std::mem::take(&mut self.next);
        let mut activity = next
            .activity
            .unwrap_or_else(|| default_activity(ty, self.forward));
        let by_value = ty.is_pointer().then(|| self.r.byval_type(given)).flatten();
        let primal = self.operand(given, next.byref)?;
        let mut returned = None;
        let mut shadows = Vec::new();
        if activity == ArgActivity::Out
            && let Some(pointee) = by_value.or_else(|| self.byval_param(i))
        {
            activity = ArgActivity::Dup {
                primal_needed: true,
            };
            returned = Some(pointee);
            for _ in 0..self.width {
                shadows.push(self.zeroed(pointee));
            }
        } else if activity.has_shadow() {
            let what = format!("the shadow of {}", self.r.argument(i));
            if let Some(stride) = next.stride {
                let first = self.r.shadow(&what)?;
                if !first.value.ty().is_pointer() {
                    let what =
                        format!("{what} is no pointer, but lanes are to be found by a stride");
                    return Err(self.r.refuse(Code::BadMarkerCall, what));
                }
                let stride = crate::emit::shadow::to_i64(&self.b, stride);
                for lane in 0..self.width {
                    let lane = stride.ty().const_int(u64::from(lane));
                    let at = self.b.ptr_add(first.value, self.b.mul(stride, lane));
                    shadows.push(self.lane_of_strided(at, ty));
                }
            } else {
                for _ in 0..self.width {
                    let given = self.r.shadow(&what)?;
                    shadows.push(self.operand(given, next.byref)?);
                }
            }
        }
        self.activities.push(activity);
        self.args.push(Arg {
            primal,
            shadows,
            returned,
        });
        Ok(())
    }

    /// A lane's shadow at an address: the address itself, or for a by-value parameter what lies there.
    fn lane_of_strided(&self, at: Value, ty: Type) -> Value {
        match ty.is_pointer() {
            true => at,
            false => self.b.load(ty, at, 1, false),
        }
    }

    fn byval_param(&self, i: usize) -> Option<Type> {
        self.function
            .attribute(AttrIndex::Param(i as u32), "byval")
            .and_then(|a| a.ty())
    }

    /// An operand as the parameter that comes next.
    fn operand(&self, given: Given, byref: Option<u64>) -> Result<Value, Refusal> {
        let i = self.args.len();
        let ty = self.params[i].ty();
        if let Some(bytes) = byref {
            let size = self.module.store_size(ty);
            if bytes != size || !given.value.ty().is_pointer() {
                return Err(self.r.refuse(
                    Code::BadMarkerCall,
                    format!(
                        "{} is passed by reference as {bytes} bytes, but the function's parameter has {size}",
                        self.r.argument(i)
                    ),
                ));
            }
            return Ok(self.b.load(ty, given.value, 1, false));
        }
        if let Some(pointee) = self.r.byval_type(given) {
            // The callee gets a copy of its own, which it may write to.
            if ty.is_pointer() {
                let copy = self.b.entry_alloca(pointee, "byval");
                let bytes = self.module.abi_size(pointee);
                let bytes = self.b.context().i64_type().const_int(bytes);
                self.b.memcpy(copy, 1, given.value, 1, bytes);
                return Ok(copy);
            }
            return Ok(self.b.load(ty, given.value, 1, false));
        }
        adapt::convert(&self.b, self.module, given.value, ty).ok_or_else(|| {
            self.r.refuse(
                Code::BadMarkerCall,
                format!(
                    "{} has type `{}`, but the function's parameter is `{ty}`",
                    self.r.argument(i),
                    given.value.ty()
                ),
            )
        })
    }

    fn zeroed(&self, ty: Type) -> Value {
        let place = self.b.entry_alloca(ty, "result");
        self.b.store(ty.const_null(), place, 1, false);
        place
    }

    /// The function returns a struct through its first parameter. In forward mode the call's own result memory holds
    /// the primal, where it is asked for, then the tangents; in reverse mode `given` is the shadow. Returns whether it
    /// was used up.
    fn result_in_memory(&mut self, ty: Type, given: Option<Given>) -> Result<bool, Refusal> {
        let memory = result_memory(self.r.call);
        let bytes = self.module.abi_size(ty);
        let i64t = self.b.context().i64_type();
        let ret = self.ret.unwrap_or(RetActivity::Dup);
        let mut shadows = Vec::new();
        let primal;
        if self.forward {
            let tangents = match ret {
                RetActivity::Const => 0,
                RetActivity::Active | RetActivity::Dup | RetActivity::DupActive => {
                    u64::from(self.width)
                }
            };
            let parts = tangents + u64::from(self.primal_return_follows());
            let base = match memory {
                Some((base, space)) if self.module.abi_size(space) >= parts * bytes => base,
                Some((_, space)) => {
                    return Err(self.r.refuse(
                        Code::BadMarkerCall,
                        format!(
                            "the result has {} bytes, but the derivative's has {}",
                            self.module.abi_size(space),
                            parts * bytes
                        ),
                    ));
                }
                None => {
                    let place = self.b.entry_alloca(ty.array_of(parts.max(1)), "result");
                    self.result_from = Some(place);
                    place
                }
            };
            let mut at = 0;
            let mut part = |this: &Self| {
                let place = this.b.ptr_add(base, i64t.const_int(at));
                at += bytes;
                place
            };
            primal = match self.primal_return_follows() {
                true => part(self),
                false => self.b.entry_alloca(ty, "primal"),
            };
            for _ in 0..tangents {
                let place = part(self);
                self.b.store(ty.const_null(), place, 1, false);
                shadows.push(place);
            }
        } else {
            primal = match memory {
                Some((base, _)) if self.primal_return_follows() => base,
                _ => self.b.entry_alloca(ty, "primal"),
            };
            if ret != RetActivity::Const {
                let mut given = given;
                for _ in 0..self.width {
                    let given = match given.take() {
                        Some(given) => given,
                        None => self
                            .r
                            .value("the shadow of the result", Code::MissingShadow)?,
                    };
                    shadows.push(self.operand(given, None)?);
                }
            }
        }
        let used = !self.forward && !shadows.is_empty();
        self.activities.push(match shadows.is_empty() {
            true => ArgActivity::Const,
            false => ArgActivity::Dup {
                primal_needed: true,
            },
        });
        self.args.push(Arg {
            primal,
            shadows,
            returned: None,
        });
        Ok(used)
    }

    /// Whether the primal result is asked for, by this marker or one that comes later.
    fn primal_return_follows(&self) -> bool {
        self.primal_return || self.r.says(Marker::PrimalReturn)
    }

    /// A value behind the arguments.
    fn extra(&mut self, given: Given, entry: Entry) -> Result<(), Refusal> {
        if matches!(entry, Entry::Reverse | Entry::FwdSplit) {
            let value = match self.r.byval_type(given) {
                Some(ty) => self.b.load(ty, given.value, 1, false),
                None => given.value,
            };
            self.extras.push(value);
            return Ok(());
        }
        let what = format!("too many arguments: the function has {}", self.params.len());
        Err(self.r.refuse(Code::BadMarkerCall, what))
    }

    fn finish(self, call: Value, entry: Entry) -> Result<Request, Refusal> {
        let Decoder { r, .. } = &self;
        let (given, wanted) = (self.args.len(), self.params.len());
        if given != wanted {
            let what = format!("{given} arguments are given, but the function has {wanted}");
            return Err(r
                .refuse(Code::BadMarkerCall, what)
                .note(format!("{} is missing", r.argument(given))));
        }
        let ret_ty = self.function.return_type();
        let default_ret = match default_activity(ret_ty, self.forward) {
            ArgActivity::Const => RetActivity::Const,
            ArgActivity::Out => RetActivity::Active,
            ArgActivity::Dup { .. } if self.forward => RetActivity::Active,
            ArgActivity::Dup { .. } | ArgActivity::DupOut => RetActivity::Dup,
        };
        let mut ret = match ret_ty.is_void() {
            true => RetActivity::Const,
            false => self.ret.unwrap_or(default_ret),
        };
        if self.forward && ret == RetActivity::Dup {
            ret = RetActivity::Active;
        }
        if self.primal_return && ret_ty.is_void() && self.result_type().is_none() {
            let what = "`enzyme_primal_return` of a function that returns nothing";
            return Err(r.refuse(Code::BadMarkerCall, what));
        }
        if self.primal_return && entry == Entry::Reverse {
            let what = "`enzyme_primal_return` in `__enzyme_reverse`";
            return Err(r
                .refuse(Code::BadMarkerCall, what)
                .help("`__enzyme_augmentfwd` returns the primal result"));
        }
        let mode = match entry {
            Entry::FwdDiff | Entry::FwdSplit => Mode::Forward,
            Entry::AugmentFwd | Entry::Reverse => Mode::ReverseSplit,
            _ => Mode::ReverseCombined,
        };
        let stable_args = match mode {
            Mode::ReverseSplit => vec![false; self.activities.len()],
            Mode::ReverseCombined | Mode::Forward => Vec::new(),
        };
        let (trees, names) = match self.r.record {
            Some(record) => (record.trees, record.names),
            None => {
                let module = self.function.module();
                // The two calls of split mode must ask for one and the same derivative, so what only one of them
                // knows does not count.
                let known = |a: &Arg| match mode {
                    Mode::ReverseSplit => None,
                    Mode::ReverseCombined | Mode::Forward => weak_tree(module, a.primal),
                };
                (self.args.iter().map(known).collect(), Vec::new())
            }
        };
        Ok(Request {
            call,
            entry,
            function: self.function,
            sig: Signature {
                mode,
                width: self.width,
                args: self.activities,
                ret,
                runtime_activity: self.runtime_activity,
                strong_zero: self.strong_zero,
                distinct_args: self.distinct_args,
                stable_args,
                unshadowed: Vec::new(),
                trees,
            },
            args: self.args,
            primal_return: self.primal_return,
            noret: self.noret,
            result_from: self.result_from,
            extras: self.extras,
            tape: self.tape,
            names,
        })
    }
}

/// What the caller seems to keep behind a pointer.
fn weak_tree(module: Module, v: Value) -> Option<TypeTree> {
    if !v.ty().is_pointer() {
        return None;
    }
    let layout = callsite::layout_behind(module, v)?;
    let cells = layout.cells.iter();
    let declared = (!layout.extents.is_empty()).then(|| Declared {
        base: layout.extents.start,
        extents: Rc::new(layout.extents.clone()),
    });
    Some(TypeTree {
        weak: true,
        complete: false,
        step: layout.step,
        cells: cells
            .map(|(at, said)| (*at, Class::from(*said), None))
            .collect(),
        declared: declared.into_iter().collect(),
        ..TypeTree::default()
    })
}
