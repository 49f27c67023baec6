//! Reads the operands of a marker call one by one: markers by their names, everything else as values.

use enzyme_sys::{Marker, Operand};

use super::types::{self, Record};
use crate::diag::{Code, Refusal};
use crate::dump;
use crate::llvm::{AttrIndex, Opcode, Value, ValueKind};

/// An operand that is no marker.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    pub value: Value,
    /// Its place among the call's arguments.
    pub index: u32,
}

/// The next operand.
pub enum Item {
    Marker(Marker),
    Value(Given),
}

/// The name of a marker operand (`enzyme_…`), whether its address or its value is passed.
fn marker_name(v: Value) -> Option<String> {
    let v = v.strip_constant_casts();
    let named = |v: Value| Some(v.name()).filter(|n| n.starts_with("enzyme_"));
    match v.kind() {
        ValueKind::GlobalVariable => named(v),
        ValueKind::Metadata => v
            .metadata_operand()
            .and_then(|m| {
                m.as_string()
                    .or_else(|| m.operands().first().copied().flatten()?.as_string())
            })
            .filter(|n| n.starts_with("enzyme_")),
        ValueKind::Instruction(Opcode::Load) => {
            let from = v.operand(0);
            marker_name(from).or_else(|| marker_name(kept_in(from)?))
        }
        ValueKind::Instruction(Opcode::Alloca) => named(v),
        ValueKind::Instruction(
            Opcode::PtrToInt
            | Opcode::Trunc
            | Opcode::IntToPtr
            | Opcode::AddrSpaceCast
            | Opcode::BitCast
            | Opcode::SExt
            | Opcode::ZExt
            | Opcode::Freeze,
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

/// What a variable holds that is written once: code without optimisation keeps operands in such.
pub fn kept_in(variable: Value) -> Option<Value> {
    if !variable.is_op(Opcode::Alloca) {
        return None;
    }
    let mut stored = None;
    for user in variable.users() {
        match user.opcode() {
            Some(Opcode::Load) => {}
            Some(Opcode::Store) if user.operand(1) == variable && user.operand(0) != variable => {
                if stored.replace(user.operand(0)).is_some() {
                    return None;
                }
            }
            // Its address goes elsewhere.
            _ => return None,
        }
    }
    stored
}

/// Whether an operand is one of the markers there are.
pub fn is_marker(v: Value) -> bool {
    marker_name(v).is_some_and(|name| Marker::from_name(&name).is_some())
}

/// What a marker is followed by, for messages.
pub fn operands_of(marker: Marker) -> String {
    let names: Vec<&str> = marker.operands().iter().map(operand_name).collect();
    names.join(", ")
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

/// The operands after the function.
pub struct Reader {
    pub call: Value,
    /// The function's name, for people.
    pub function: String,
    /// What the marker crate tells of the call, once it was read.
    pub record: Option<Record>,
    items: std::vec::IntoIter<Given>,
    /// What stands behind `enzyme_interleave`, where the call has it: the shadows.
    shadows: Option<std::vec::IntoIter<Given>>,
}

impl Reader {
    /// Reads from operand `first` on.
    pub fn new(call: Value, first: u32, function: String) -> Reader {
        let mut items: Vec<Given> = (first..call.arg_count())
            .map(|index| Given {
                value: call.arg(index),
                index,
            })
            .collect();
        let interleave = items
            .iter()
            .position(|i| marker_name(i.value).as_deref() == Some(Marker::Interleave.name()));
        let shadows = interleave.map(|at| {
            let behind = items.split_off(at + 1);
            items.pop();
            behind.into_iter()
        });
        Reader {
            call,
            function,
            record: None,
            items: items.into_iter(),
            shadows,
        }
    }

    /// A refusal at the call, or where the module has no debug information, at the attribute.
    pub fn refuse(&self, code: Code, what: impl Into<String>) -> Refusal {
        let what: String = what.into();
        Refusal::new(
            code,
            format!("{what}, in the derivative of `{}`", self.function),
        )
        .at(self.record.as_ref().map(Record::span))
        .at_value(self.call)
    }

    /// Argument `i`, for people.
    pub fn argument(&self, i: usize) -> String {
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
    pub fn read_record(&mut self, params: usize) -> Result<(), Refusal> {
        let operand = self.value("the type record", Code::BadMarkerCall)?.value;
        let Some(module) = self.call.module() else {
            return Err(Refusal::internal("a marker call outside of a module"));
        };
        let record = types::read(module, operand).map_err(|why| why.at_value(self.call))?;
        dump::told(&record);
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

    /// The next operand; after the primals, what is left behind the shadows.
    pub fn next(&mut self) -> Result<Option<Item>, Refusal> {
        let given = self
            .items
            .next()
            .or_else(|| self.shadows.as_mut().and_then(Iterator::next));
        let Some(given) = given else {
            return Ok(None);
        };
        match marker_name(given.value) {
            None => Ok(Some(Item::Value(given))),
            Some(name) => match Marker::from_name(&name) {
                Some(m) => Ok(Some(Item::Marker(m))),
                None => Err(self
                    .refuse(Code::UnknownMarker, format!("unknown marker `{name}`"))
                    .help("see enzyme.h for the markers there are")),
            },
        }
    }

    /// An operand that must be a value.
    pub fn value(&mut self, what: &str, code: Code) -> Result<Given, Refusal> {
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

    /// The next shadow, from behind `enzyme_interleave` if the call has it.
    pub fn shadow(&mut self, what: &str) -> Result<Given, Refusal> {
        if let Some(shadows) = &mut self.shadows {
            let given = shadows.next();
            return given.ok_or_else(|| {
                self.refuse(
                    Code::MissingShadow,
                    format!("{what} is missing behind `enzyme_interleave`"),
                )
            });
        }
        self.value(what, Code::MissingShadow)
    }

    /// A constant number that must follow a marker.
    pub fn number(&mut self, what: &str) -> Result<u64, Refusal> {
        let given = self.value(what, Code::BadMarkerCall)?;
        given.value.const_u64().ok_or_else(|| {
            self.refuse(
                Code::BadMarkerCall,
                format!("{what} is not a constant number"),
            )
        })
    }

    /// Whether a marker of the whole call stands further on.
    pub fn says(&self, marker: Marker) -> bool {
        let behind = self.shadows.as_ref().map_or(&[][..], |s| s.as_slice());
        let mut rest = self.items.as_slice().iter().chain(behind);
        rest.any(|i| marker_name(i.value).as_deref() == Some(marker.name()))
    }

    /// The type that an operand is passed by value as, through memory.
    pub fn byval_type(&self, given: Given) -> Option<crate::llvm::Type> {
        self.call
            .call_attribute(AttrIndex::Param(given.index), "byval")?
            .ty()
    }
}
