//! Reads constant memory by byte offset, whatever constants it was initialised with.
//!
//! rustc writes a record as a packed struct of byte strings and pointers, and LLVM is free to write it otherwise, so
//! nothing here goes by the shape of an initialiser: only by what lies at which byte.

use crate::llvm::{Module, Opcode, Value, ValueKind};

/// A byte of a global or, at offset 0, a function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Address {
    pub base: Value,
    pub offset: u64,
}

/// What lies in memory at some place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Word {
    Int(u64),
    Address(Address),
    /// Padding, or never written.
    Undef,
}

/// Why something can't be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unreadable {
    /// It is defined in another module.
    Elsewhere,
    /// It is nothing that a record holds.
    Malformed(String),
}

pub fn malformed<T>(what: impl Into<String>) -> Result<T, Unreadable> {
    Err(Unreadable::Malformed(what.into()))
}

/// How many steps from one constant to the next are taken: records need a handful, and aliases may not be trusted to
/// end.
const FUEL: u32 = 32;

/// The constant memory of a module.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    module: Module,
    big_endian: bool,
}

impl Memory {
    pub fn new(module: Module) -> Memory {
        Memory {
            module,
            big_endian: module.data_layout_text().split('-').any(|part| part == "E"),
        }
    }

    /// The size of a word of a record.
    pub fn word_size(self) -> u64 {
        u64::from(self.module.pointer_size())
    }

    /// The address that a value is, looking through the detours of unoptimised code.
    pub fn address(self, value: Value) -> Result<Address, Unreadable> {
        match self.evaluate(value, FUEL)? {
            Word::Address(address) => Ok(address),
            Word::Int(_) | Word::Undef => {
                malformed(format!("`{value}` is not the address of a constant"))
            }
        }
    }

    /// The word at an address.
    pub fn word(self, at: Address) -> Result<Word, Unreadable> {
        self.load(at, self.word_size(), FUEL)
    }

    /// The bytes from an address on.
    pub fn bytes(self, at: Address, len: u64) -> Result<Vec<u8>, Unreadable> {
        (0..len)
            .map(|i| {
                let offset = at.offset.checked_add(i);
                match offset.map(|offset| self.load(Address { offset, ..at }, 1, FUEL)) {
                    Some(Ok(Word::Int(byte))) => Ok(byte as u8),
                    Some(Err(why)) => Err(why),
                    Some(Ok(Word::Address(_) | Word::Undef)) | None => {
                        malformed("a text is not made of bytes")
                    }
                }
            })
            .collect()
    }

    /// What a function without parameters returns, which is to be a constant address.
    pub fn returned(self, function: Address) -> Result<Address, Unreadable> {
        match self.call(function, FUEL)? {
            Word::Address(address) => Ok(address),
            Word::Int(_) | Word::Undef => {
                malformed("a function that describes a type returns no address")
            }
        }
    }

    fn call(self, function: Address, fuel: u32) -> Result<Word, Unreadable> {
        let Some(f) = function.base.as_function().filter(|_| function.offset == 0) else {
            return malformed("a function that describes a type is none");
        };
        if f.is_declaration() {
            return Err(Unreadable::Elsewhere);
        }
        let rets: Vec<Value> = f
            .instructions()
            .into_iter()
            .filter(|i| i.is_op(Opcode::Ret))
            .collect();
        match rets[..] {
            [ret] if ret.num_operands() == 1 => self.evaluate(ret.operand(0), fuel),
            _ => malformed(format!(
                "`{}` does not just return the description of a type",
                f.name()
            )),
        }
    }

    /// The constant that a value is.
    fn evaluate(self, value: Value, fuel: u32) -> Result<Word, Unreadable> {
        let Some(fuel) = fuel.checked_sub(1) else {
            return malformed("a constant is defined in too many steps");
        };
        match value.kind() {
            ValueKind::ConstantInt => match value.const_u64() {
                Some(number) => Ok(Word::Int(number)),
                None => malformed("a number is wider than a word"),
            },
            ValueKind::ConstantNull => Ok(Word::Int(0)),
            ValueKind::Undef | ValueKind::Poison => Ok(Word::Undef),
            ValueKind::Function | ValueKind::GlobalVariable => Ok(Word::Address(Address {
                base: value,
                offset: 0,
            })),
            ValueKind::GlobalAlias => match value.aliasee() {
                Some(to) => self.evaluate(to, fuel),
                None => Err(Unreadable::Elsewhere),
            },
            ValueKind::ConstantExpr(op) | ValueKind::Instruction(op) => match op {
                Opcode::BitCast
                | Opcode::AddrSpaceCast
                | Opcode::IntToPtr
                | Opcode::PtrToInt
                | Opcode::Freeze => self.evaluate(value.operand(0), fuel),
                Opcode::GetElementPtr => self.element(value, fuel),
                Opcode::Load => self.loaded(value, fuel),
                Opcode::Call | Opcode::Invoke if value.arg_count() == 0 => {
                    let Word::Address(callee) = self.evaluate(value.callee(), fuel)? else {
                        return malformed("a function that describes a type is none");
                    };
                    self.call(callee, fuel)
                }
                _ => malformed(format!("`{value}` is not a constant")),
            },
            _ => malformed(format!("`{value}` is not a constant")),
        }
    }

    fn element(self, gep: Value, fuel: u32) -> Result<Word, Unreadable> {
        let parts = gep
            .gep_decompose(self.module)
            .filter(|parts| parts.terms.is_empty());
        let Some(parts) = parts else {
            return malformed(format!("`{gep}` is not a constant"));
        };
        match self.evaluate(parts.base, fuel)? {
            Word::Address(at) => match at.offset.checked_add_signed(parts.offset) {
                Some(offset) => Ok(Word::Address(Address { offset, ..at })),
                None => malformed("an address lies before its object"),
            },
            Word::Int(at) => Ok(Word::Int(at.wrapping_add_signed(parts.offset))),
            Word::Undef => Ok(Word::Undef),
        }
    }

    /// At -O0 values pass through stack slots that are written once.
    fn loaded(self, load: Value, fuel: u32) -> Result<Word, Unreadable> {
        let slot = load.operand(0);
        if slot.is_op(Opcode::Alloca) {
            let users = slot.users();
            let plain = users.iter().all(|u| {
                u.is_op(Opcode::Load)
                    || (u.is_op(Opcode::Store) && u.operand(1) == slot && u.operand(0) != slot)
            });
            let stores: Vec<&Value> = users.iter().filter(|u| u.is_op(Opcode::Store)).collect();
            return match stores[..] {
                [store] if plain => self.evaluate(store.operand(0), fuel),
                _ => malformed(format!("`{load}` is not a constant")),
            };
        }
        match self.evaluate(slot, fuel)? {
            Word::Address(at) => self.load(at, self.module.store_size(load.ty()), fuel),
            Word::Int(_) | Word::Undef => malformed(format!("`{load}` is not a constant")),
        }
    }

    fn load(self, at: Address, size: u64, fuel: u32) -> Result<Word, Unreadable> {
        let global = at.base;
        if global.kind() != ValueKind::GlobalVariable {
            return malformed(format!("`{}` is not data", global.name()));
        }
        let Some(init) = global.initializer() else {
            return Err(Unreadable::Elsewhere);
        };
        if !global.is_constant_global() {
            return malformed(format!("`{}` is not constant", global.name()));
        }
        let end = at.offset.checked_add(size);
        if end.is_none_or(|end| end > self.module.store_size(global.global_value_type())) {
            return malformed("it refers to what lies behind the end of a constant");
        }
        self.part(init, at.offset, size, fuel)
    }

    /// `size` bytes at `offset` of a constant.
    fn part(self, constant: Value, offset: u64, size: u64, fuel: u32) -> Result<Word, Unreadable> {
        match constant.kind() {
            ValueKind::ConstantNull => return Ok(Word::Int(0)),
            ValueKind::Undef | ValueKind::Poison => return Ok(Word::Undef),
            _ => {}
        }
        let ty = constant.ty();
        if !ty.is_aggregate() {
            if offset == 0 && size == self.module.store_size(ty) {
                return self.evaluate(constant, fuel);
            }
            return match (constant.const_words(), size) {
                (Some(words), 1) => {
                    let bytes = self.module.store_size(ty);
                    let place = if self.big_endian {
                        bytes - 1 - offset
                    } else {
                        offset
                    };
                    let word = words.get((place / 8) as usize).copied().unwrap_or(0);
                    Ok(Word::Int((word >> (place % 8 * 8)) & 0xff))
                }
                (Some(_), _) => self.assemble(constant, offset, size, fuel),
                (None, _) => malformed(format!(
                    "`{constant}` is not a number or an address of a word's size"
                )),
            };
        }
        let (index, start, bytes) = self.member_at(constant, offset);
        if offset >= start + bytes {
            // Padding in front of the next member, or behind the last one.
            return if size == 1 {
                Ok(Word::Undef)
            } else {
                self.assemble(constant, offset, size, fuel)
            };
        }
        if offset + size > start + bytes {
            return self.assemble(constant, offset, size, fuel);
        }
        match constant.aggregate_element(index) {
            Some(member) => self.part(member, offset - start, size, fuel),
            None => malformed(format!("`{constant}` has no member {index}")),
        }
    }

    /// The last member that starts at or before `offset`, where it starts, and its size.
    fn member_at(self, constant: Value, offset: u64) -> (u32, u64, u64) {
        let ty = constant.ty();
        if ty.fields().is_empty() {
            let stride = self.module.abi_size(ty.element()).max(1);
            let index = offset / stride;
            return (
                index as u32,
                index * stride,
                self.module.store_size(ty.element()),
            );
        }
        let count = ty.member_count() as u32;
        // A member without size may share its start with the next one, so the last one counts.
        let index = (0..count)
            .rev()
            .find(|i| self.module.field_offset(ty, *i) <= offset)
            .unwrap_or(0);
        (
            index,
            self.module.field_offset(ty, index),
            self.module.store_size(ty.member(index)),
        )
    }

    /// A number from single bytes. An undefined byte makes all of it undefined.
    fn assemble(
        self,
        constant: Value,
        offset: u64,
        size: u64,
        fuel: u32,
    ) -> Result<Word, Unreadable> {
        if size > 8 {
            return malformed("a number is wider than a word");
        }
        let mut number = 0;
        for i in 0..size {
            let byte = match self.part(constant, offset + i, 1, fuel)? {
                Word::Int(byte) => byte & 0xff,
                Word::Undef => return Ok(Word::Undef),
                Word::Address(_) => return malformed("an address lies at the wrong place"),
            };
            let place = if self.big_endian { size - 1 - i } else { i };
            number |= byte << (8 * place);
        }
        Ok(Word::Int(number))
    }
}
