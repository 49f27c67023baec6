//! Decodes one marker call: the function, each argument with its activity and shadows, the options.

use enzyme_sys::{Entry, Marker, Operand};

use super::request::{ArgActivity, Mode, RetActivity, Signature};
use super::types::{self, Record};
use crate::diag::{Code, Refusal, demangle};
use crate::llvm::{AttrIndex, Function, Opcode, Value, ValueKind};

/// A decoded marker call.
#[derive(Debug)]
pub struct Request {
    pub call: Value,
    pub function: Function,
    pub sig: Signature,
    /// The primal and its shadows, for each parameter.
    pub args: Vec<(Value, Vec<Value>)>,
    pub primal_return: bool,
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
            match from.initializer().filter(|_| constant) {
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

/// The name of a marker operand (`enzyme_…`), whether its address or its value is passed.
fn marker_name(v: Value) -> Option<String> {
    let v = v.strip_constant_casts();
    match v.kind() {
        ValueKind::GlobalVariable => Some(v.name()).filter(|n| n.starts_with("enzyme_")),
        ValueKind::Metadata => v
            .metadata_operand()
            .and_then(|m| {
                m.as_string()
                    .or_else(|| m.operands().first().copied().flatten()?.as_string())
            })
            .filter(|n| n.starts_with("enzyme_")),
        ValueKind::Instruction(Opcode::Load) => marker_name(v.operand(0)),
        ValueKind::Instruction(Opcode::Alloca) => {
            Some(v.name()).filter(|n| n.starts_with("enzyme_"))
        }
        ValueKind::Instruction(
            Opcode::PtrToInt
            | Opcode::Trunc
            | Opcode::IntToPtr
            | Opcode::AddrSpaceCast
            | Opcode::BitCast
            | Opcode::SExt
            | Opcode::ZExt,
        ) => marker_name(v.operand(0)),
        ValueKind::Instruction(Opcode::Phi) => {
            let names: Vec<String> = v
                .incoming()
                .iter()
                .filter_map(|(x, _)| marker_name(*x))
                .collect();
            let all = names.len() == v.incoming().len() && names.windows(2).all(|w| w[0] == w[1]);
            names.into_iter().next().filter(|_| all)
        }
        _ => None,
    }
}

enum Item {
    Marker(Marker),
    Value(Value),
}

struct Reader {
    call: Value,
    items: std::vec::IntoIter<Value>,
    function: String,
    /// What the marker crate tells of the call, once it was read.
    record: Option<Record>,
}

impl Reader {
    /// A refusal at the call, or where the module has no debug information, at the attribute.
    fn refuse(&self, code: Code, what: String) -> Refusal {
        Refusal::new(
            code,
            format!("{what}, in the derivative of `{}`", self.function),
        )
        .at(self.record.as_ref().map(Record::span))
        .at_value(self.call)
    }

    /// Argument `i`, for people.
    fn argument(&self, i: usize) -> String {
        match self
            .record
            .as_ref()
            .and_then(|record| record.names.get(i))
            .filter(|name| !name.is_empty())
        {
            Some(name) => format!("argument {} (`{name}`)", i + 1),
            None => format!("argument {}", i + 1),
        }
    }

    /// Reads the type record, which is to describe so many parameters.
    fn read_record(&mut self, params: usize) -> Result<(), Refusal> {
        let operand = self.value("the type record", Code::BadMarkerCall)?;
        let Some(module) = self.call.module() else {
            return Err(Refusal::internal("a marker call outside of a module"));
        };
        let record = types::read(module, operand).map_err(|why| why.at_value(self.call))?;
        let described = record.trees.len();
        self.function.clone_from(&record.function);
        self.record = Some(record);
        if described == params {
            return Ok(());
        }
        Err(self.refuse(
            Code::BadMarkerCall,
            format!(
                "the type record describes {described} arguments, but the function has {params}"
            ),
        ))
    }

    fn next(&mut self) -> Result<Option<Item>, Refusal> {
        let Some(v) = self.items.next() else {
            return Ok(None);
        };
        match marker_name(v) {
            None => Ok(Some(Item::Value(v))),
            Some(name) => match Marker::from_name(&name) {
                Some(m) => Ok(Some(Item::Marker(m))),
                None => Err(self
                    .refuse(Code::UnknownMarker, format!("unknown marker `{name}`"))
                    .help("see enzyme.h for the markers there are")),
            },
        }
    }

    fn value(&mut self, what: &str, code: Code) -> Result<Value, Refusal> {
        match self.next()? {
            Some(Item::Value(v)) => Ok(v),
            Some(Item::Marker(m)) => Err(self.refuse(
                code,
                format!(
                    "{what} is missing: the marker `{}` stands in its place",
                    m.name()
                ),
            )),
            None => Err(self.refuse(code, format!("{what} is missing at the end of the call"))),
        }
    }
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

/// Decodes a call of `__enzyme_autodiff` or `__enzyme_fwddiff`.
pub fn decode(call: Value, entry: Entry) -> Result<Request, Refusal> {
    let function = function_of(call)?;
    let forward = entry == Entry::FwdDiff;
    if function.param_count() > 0 && function.has_attribute(AttrIndex::Param(0), "sret") {
        return Err(Refusal::new(
            Code::BadMarkerCall,
            format!(
                "`{}` returns a struct through memory, which is not supported yet",
                demangle(&function.name())
            ),
        )
        .at_value(call)
        .help("pass the result as a pointer argument with a shadow"));
    }
    let params: Vec<Value> = function.params();
    let mut r = Reader {
        call,
        items: call
            .args()
            .split_off(1 + usize::from(result_memory(call).is_some()))
            .into_iter(),
        function: demangle(&function.name()),
        record: None,
    };
    let mut width: Option<u64> = None;
    let mut primal_return = false;
    let mut ret: Option<RetActivity> = None;
    let mut distinct_args = false;
    let mut activity: Option<(ArgActivity, Marker)> = None;
    let mut activities = Vec::new();
    let mut args: Vec<(Value, Vec<Value>)> = Vec::new();
    while let Some(item) = r.next()? {
        match item {
            Item::Marker(m) => match m {
                Marker::Const => activity = Some((ArgActivity::Const, m)),
                Marker::Dup => {
                    activity = Some((
                        ArgActivity::Dup {
                            primal_needed: true,
                        },
                        m,
                    ))
                }
                Marker::DupNoNeed => {
                    activity = Some((
                        ArgActivity::Dup {
                            primal_needed: false,
                        },
                        m,
                    ));
                }
                Marker::Out => {
                    if forward {
                        return Err(r.refuse(
                            Code::BadMarkerCall,
                            "`enzyme_out` has no meaning in forward mode".into(),
                        ));
                    }
                    activity = Some((ArgActivity::Out, m));
                }
                Marker::Width => {
                    let v = r.value("the width", Code::BadMarkerCall)?;
                    let n = v.const_u64().filter(|n| (1..=1024).contains(n));
                    width = Some(n.ok_or_else(|| {
                        r.refuse(
                            Code::BadMarkerCall,
                            "the width is not a constant from 1 to 1024".into(),
                        )
                    })?);
                }
                Marker::PrimalReturn => primal_return = true,
                Marker::ConstReturn => ret = Some(RetActivity::Const),
                Marker::ActiveReturn => ret = Some(RetActivity::Active),
                Marker::DupReturn => ret = Some(RetActivity::Dup),
                Marker::NoRet => primal_return = false,
                Marker::RsTypes => {
                    r.read_record(params.len())?;
                    distinct_args = true;
                }
                Marker::DupV
                | Marker::DupNoNeedV
                | Marker::ByRef
                | Marker::NotOverwritten
                | Marker::Interleave
                | Marker::Tape
                | Marker::Allocated
                | Marker::NoFree
                | Marker::RuntimeActivity
                | Marker::StrongZero
                | Marker::Interface
                | Marker::Trace
                | Marker::DupTrace
                | Marker::Likelihood
                | Marker::DupLikelihood
                | Marker::Observations
                | Marker::ActiveRandVar
                | Marker::Scalar
                | Marker::Vector
                | Marker::Buffer => {
                    let needs: Vec<&str> = m.operands().iter().map(operand_name).collect();
                    return Err(r
                        .refuse(
                            Code::BadMarkerCall,
                            format!("the marker `{}` is not supported yet", m.name()),
                        )
                        .note(format!("it is followed by: {}", needs.join(", "))));
                }
            },
            Item::Value(v) => {
                let Some(param) = params.get(args.len()) else {
                    return Err(r.refuse(
                        Code::BadMarkerCall,
                        format!("too many arguments: the function has {}", params.len()),
                    ));
                };
                let a = activity
                    .take()
                    .map_or_else(|| default_activity(param.ty(), forward), |(a, _)| a);
                let primal = adapt(&r, v, param.ty(), args.len())?;
                let mut shadows = Vec::new();
                if a.has_shadow() {
                    let lanes = width.unwrap_or(1);
                    for _ in 0..lanes {
                        let what = format!("the shadow of {}", r.argument(args.len()));
                        let s = r.value(&what, Code::MissingShadow)?;
                        shadows.push(adapt(&r, s, param.ty(), args.len())?);
                    }
                }
                activities.push(a);
                args.push((primal, shadows));
            }
        }
    }
    if args.len() != params.len() {
        return Err(r
            .refuse(
                Code::BadMarkerCall,
                format!(
                    "{} arguments are given, but the function has {}",
                    args.len(),
                    params.len()
                ),
            )
            .note(format!("{} is missing", r.argument(args.len()))));
    }
    let ret_ty = function.return_type();
    let default_ret = match default_activity(ret_ty, forward) {
        ArgActivity::Const => RetActivity::Const,
        ArgActivity::Out => RetActivity::Active,
        ArgActivity::Dup { .. } if forward => RetActivity::Active,
        ArgActivity::Dup { .. } => RetActivity::Dup,
    };
    let ret = if ret_ty.is_void() {
        RetActivity::Const
    } else {
        ret.unwrap_or(default_ret)
    };
    if primal_return && ret_ty.is_void() {
        return Err(r.refuse(
            Code::BadMarkerCall,
            "`enzyme_primal_return` of a function that returns nothing".into(),
        ));
    }
    let mode = if forward {
        Mode::Forward
    } else {
        Mode::ReverseCombined
    };
    let (trees, names) = match r.record {
        Some(record) => (record.trees, record.names),
        None => (vec![None; activities.len()], Vec::new()),
    };
    let sig = Signature {
        mode,
        width: width.unwrap_or(1) as u32,
        args: activities,
        ret,
        runtime_activity: false,
        distinct_args,
        stable_args: Vec::new(),
        trees,
    };
    Ok(Request {
        call,
        function,
        sig,
        args,
        primal_return,
        names,
    })
}

fn operand_name(operand: &Operand) -> &'static str {
    match operand {
        Operand::Primal => "the argument",
        Operand::Shadow | Operand::Shadows => "its shadow",
        Operand::Lanes => "its lanes",
        Operand::Stride => "a stride in bytes",
        Operand::ByteSize => "a size in bytes",
        Operand::Width => "a width",
        Operand::Memory => "memory",
        Operand::Value => "a value",
        Operand::Text => "a text",
        Operand::Types => "a type record",
    }
}

/// A variadic argument as the parameter's type: the same bits, or a promoted float or integer.
fn adapt(r: &Reader, v: Value, ty: crate::llvm::Type, i: usize) -> Result<Value, Refusal> {
    if v.ty() == ty {
        return Ok(v);
    }
    let b = crate::llvm::Builder::before(r.call);
    let (from, to) = (v.ty(), ty);
    let double = r.call.context().double_type();
    if from == double && to == r.call.context().float_type() {
        return Ok(b.cast(Opcode::FPTrunc, v, to));
    }
    if let (Some(a), Some(w)) = (from.int_width(), to.int_width()) {
        return Ok(match a.cmp(&w) {
            std::cmp::Ordering::Greater => b.cast(Opcode::Trunc, v, to),
            std::cmp::Ordering::Less => b.cast(Opcode::SExt, v, to),
            std::cmp::Ordering::Equal => v,
        });
    }
    Err(r.refuse(
        Code::BadMarkerCall,
        format!(
            "{} has type `{from}`, but the function's parameter is `{to}`",
            r.argument(i)
        ),
    ))
}
