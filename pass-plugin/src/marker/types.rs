//! Reads the record of a call's types, and turns it into what is known of the memory behind the thunk's parameters.
//!
//! The record's format is [`enzyme_sys::wire`]. A thunk takes pointers to its arguments, so the tree of a parameter is
//! the layout of its argument's own bytes, and references in there lead to further trees.
//!
//! A tree may leave bytes open: a type of which nothing is known, or a long array beside something else that it can't
//! be told from by its offset. Only where nothing is open does the engine take what no cell covers for padding, which has
//! no derivative. The variants of an enum share its bytes: each byte may be what any of them has there.

mod accessor;
mod constant;
mod layout;
mod show;
#[cfg(test)]
mod tests;

use enzyme_sys::wire::{Argument, Call, Field, MAGIC, Node, VERSION, Variant};

use self::constant::{Address, Memory, Unreadable, Word, malformed};
use self::layout::{Layout, Scalar, weight};
use crate::analysis::cells::{Class, TypeTree};
use crate::diag::{Code, Refusal, Span};
use crate::ir::FloatKind;
use crate::llvm::{Module, Value};

/// How many references are followed from an argument: recursive types have no last one.
const DEPTH: u32 = 6;
/// Values inside of each other without a reference between; a finite type doesn't get near it.
const NESTING: u32 = 64;
/// An array of at most so many cells is described cell by cell, a longer one by its period.
const EXPANDED: u64 = 64;
/// What is read of one argument, in nodes; wide types are followed less deep instead.
const NODES: u32 = 4096;
const TEXT: u64 = 4096;

/// What the record of a call says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// The attribute that asked for the derivative.
    pub file: String,
    pub line: u32,
    /// The primal function, as the user wrote it.
    pub function: String,
    /// The names of the thunk's parameters; the last is the result, where there is one.
    pub names: Vec<String>,
    /// What is known of the memory behind each of the thunk's parameters.
    pub trees: Vec<Option<TypeTree>>,
}

impl Record {
    /// The place of the attribute.
    pub fn span(&self) -> Span {
        Span::at_line(self.file.clone(), self.line)
    }
}

/// Reads the record behind the operand of `enzyme_rs_types`.
pub fn read(module: Module, operand: Value) -> Result<Record, Refusal> {
    let reader = Reader {
        memory: Memory::new(module),
    };
    reader
        .memory
        .address(operand)
        .and_then(|at| reader.call(at))
        .map_err(|why| {
            let why = match why {
                Unreadable::Elsewhere => "it is defined in another module".to_owned(),
                Unreadable::Malformed(why) => why,
            };
            Refusal::new(
                Code::BadMarkerCall,
                "the type record of a marker call can't be read",
            )
            .why(why)
            .help("build with a marker crate and a plugin of one release of enzyme-rs")
        })
}

/// The part of a node that all kinds have.
struct Head {
    at: Address,
    kind: usize,
    size: u64,
}

struct Reader {
    memory: Memory,
}

/// How far one reading of an argument goes.
struct Reach {
    depth: u32,
    nodes: u32,
    /// The types whose pointers are being followed: a type that leads to itself is told once more, and no further.
    way: Vec<Address>,
}

type Read<T> = Result<T, Unreadable>;

impl Reader {
    fn call(&self, at: Address) -> Read<Record> {
        if !(2..=8).contains(&self.memory.word_size()) {
            return malformed("this target's pointers have an unusual size");
        }
        if self.int(at, Call::WORD_MAGIC)? != MAGIC as u64 {
            return malformed("what `enzyme_rs_types` is followed by is no type record");
        }
        let version = self.int(at, Call::WORD_VERSION)?;
        if version != VERSION as u64 {
            return malformed(format!(
                "it is of version {version}, and this plugin reads version {VERSION}"
            ));
        }
        let Ok(line) = u32::try_from(self.int(at, Call::WORD_LINE)?) else {
            return malformed("a line's number is too large");
        };
        let mut record = Record {
            file: self.text(at, Call::WORD_FILE)?,
            line,
            function: self.text(at, Call::WORD_FUNCTION)?,
            names: Vec::new(),
            trees: Vec::new(),
        };
        let mut arguments = self.list(at, Call::WORD_ARGUMENTS, Argument::WORDS)?;
        arguments.extend(self.optional(at, Call::WORD_RESULT)?);
        for argument in arguments {
            let name = self.text(argument, Argument::WORD_NAME)?;
            let tree = self.argument(argument).map_err(|why| match why {
                Unreadable::Malformed(why) => {
                    Unreadable::Malformed(format!("in the type of `{name}`, {why}"))
                }
                Unreadable::Elsewhere => why,
            })?;
            record.names.push(name);
            record.trees.push(tree);
        }
        Ok(record)
    }

    fn argument(&self, at: Address) -> Read<Option<TypeTree>> {
        let size = self.int(at, Argument::WORD_SIZE)?;
        let Some(node) = self.optional(at, Argument::WORD_TYPE)? else {
            return Ok(None);
        };
        match self.head(node) {
            Ok(head) if head.size != size => {
                return malformed(format!(
                    "{size} bytes are announced and {} described",
                    head.size
                ));
            }
            Err(Unreadable::Malformed(why)) => return malformed(why),
            Err(Unreadable::Elsewhere) => return Ok(None),
            Ok(_) => {}
        }
        for depth in (0..=DEPTH).rev() {
            let mut reach = Reach {
                depth,
                nodes: NODES,
                way: Vec::new(),
            };
            let layout = self.layout(node, &mut reach, NESTING)?;
            if reach.nodes > 0 {
                return Ok(layout.into_tree());
            }
        }
        Ok(None)
    }

    /// The scalars of a type.
    fn layout(&self, node: Address, reach: &mut Reach, nesting: u32) -> Read<Layout> {
        reach.nodes = reach.nodes.saturating_sub(1);
        if reach.nodes == 0 {
            return Ok(Layout::UNKNOWN);
        }
        let Some(nesting) = nesting.checked_sub(1) else {
            return malformed("a type contains itself");
        };
        let head = match self.head(node) {
            Ok(head) => head,
            Err(Unreadable::Elsewhere) => return Ok(Layout::UNKNOWN),
            Err(why) => return Err(why),
        };
        match head.kind {
            Node::KIND_INTEGER => Ok(self.integer(head.size)),
            Node::KIND_FLOAT => self.float(&head),
            Node::KIND_POINTER => self.pointer(&head, reach),
            Node::KIND_ARRAY => self.array(&head, reach, nesting),
            Node::KIND_STRUCT => self.record(&head, reach, nesting),
            Node::KIND_ENUM => self.choice(&head, reach, nesting),
            Node::KIND_OPAQUE => Ok(Layout::UNKNOWN),
            other => malformed(format!("there is no kind {other} of types")),
        }
    }

    /// A cell for each word, since wide integers are read in parts.
    fn integer(&self, size: u64) -> Layout {
        let word = self.memory.word_size();
        let words = size.div_ceil(word);
        if words > EXPANDED {
            return Layout::UNKNOWN;
        }
        let cell = |i| Scalar::new(i * word, word.min(size - i * word), Class::Int);
        Layout::of((0..words).map(cell).collect())
    }

    fn float(&self, head: &Head) -> Read<Layout> {
        let kind = match self.index(head.at, Node::WORD_DETAIL)? {
            Node::FORMAT_HALF => FloatKind::Half,
            Node::FORMAT_BFLOAT => FloatKind::BFloat,
            Node::FORMAT_SINGLE => FloatKind::F32,
            Node::FORMAT_DOUBLE => FloatKind::F64,
            Node::FORMAT_QUAD => FloatKind::Fp128,
            other => {
                return malformed(format!(
                    "there is no format {other} of floating-point numbers"
                ));
            }
        };
        if kind.bytes() != head.size {
            return malformed(format!(
                "a floating-point number has {} bytes instead of {}",
                head.size,
                kind.bytes()
            ));
        }
        Ok(Layout::of(vec![Scalar::new(
            0,
            head.size,
            Class::Float(kind),
        )]))
    }

    fn pointer(&self, head: &Head, reach: &mut Reach) -> Read<Layout> {
        let word = self.memory.word_size();
        let extent = self.index(head.at, Node::WORD_DETAIL)?;
        let words = match extent {
            Node::EXTENT_ONE | Node::EXTENT_UNKNOWN => 1,
            Node::EXTENT_LENGTH => 2,
            Node::EXTENT_OWNED => head.size / word.max(1),
            other => return malformed(format!("there is no extent {other} of pointers")),
        };
        if head.size != words * word || words == 0 || words > EXPANDED {
            return malformed(format!(
                "a pointer of {words} words has {} bytes",
                head.size
            ));
        }
        let (at, before) = match self.accessor(head.at, Node::WORD_ACCESSOR)? {
            None if extent == Node::EXTENT_OWNED => return Ok(Layout::UNKNOWN),
            None => (0, 0),
            Some(accessor::Place::Within(_)) => {
                return malformed("the place behind a pointer is within the pointer itself");
            }
            Some(accessor::Place::Behind { at, offset }) => (at, offset),
        };
        if at % word != 0 || at >= head.size {
            return malformed(format!("an address lies at byte {at} of {}", head.size));
        }
        let inner = self.pointee(head, extent == Node::EXTENT_ONE, before, reach)?;
        let scalars = (0..words)
            .map(|i| match i * word == at {
                true => Scalar {
                    inner: inner.clone(),
                    ..Scalar::new(at, word, Class::Ptr)
                },
                false => Scalar::new(i * word, word, Class::Int),
            })
            .collect();
        Ok(Layout::of(scalars))
    }

    /// What a pointer leads to; the element lies `before` bytes behind its address.
    fn pointee(
        &self,
        head: &Head,
        one: bool,
        before: u64,
        reach: &mut Reach,
    ) -> Read<Option<TypeTree>> {
        if reach.depth == 0 {
            return Ok(None);
        }
        let node = match self.node(head.at, Node::WORD_ELEMENT) {
            Ok(Some(node)) => node,
            Ok(None) | Err(Unreadable::Elsewhere) => return Ok(None),
            Err(why) => return Err(why),
        };
        if reach.way.iter().filter(|at| **at == node).count() > 1 {
            return Ok(None);
        }
        reach.depth -= 1;
        reach.way.push(node);
        let layout = self.layout(node, reach, NESTING);
        reach.way.pop();
        reach.depth += 1;
        let mut layout = layout?;
        if before != 0 {
            // Nothing is told of what lies in front.
            layout = layout.moved(before).and(Layout::UNKNOWN);
        }
        if one || layout.scalars.is_empty() {
            return Ok(layout.into_tree());
        }
        if before != 0 {
            return Ok(None);
        }
        let mut tree = layout.folded(self.head(node)?.size).into_tree();
        if let Some(tree) = &mut tree {
            tree.raw = self.index(head.at, Node::WORD_DETAIL)? == Node::EXTENT_UNKNOWN;
        }
        Ok(tree)
    }

    fn array(&self, head: &Head, reach: &mut Reach, nesting: u32) -> Read<Layout> {
        let stride = self.int(head.at, Node::WORD_STRIDE)?;
        let count = self.int(head.at, Node::WORD_COUNT)?;
        if stride.checked_mul(count) != Some(head.size) {
            return malformed(format!(
                "{count} elements of {stride} bytes don't make {} bytes",
                head.size
            ));
        }
        let element = match self.node(head.at, Node::WORD_ELEMENT) {
            Ok(Some(element)) => element,
            Ok(None) => return malformed("an array has no element type"),
            Err(Unreadable::Elsewhere) => return Ok(Layout::UNKNOWN),
            Err(why) => return Err(why),
        };
        match self.head(element) {
            Ok(element) if element.size != stride => {
                return malformed(format!(
                    "elements of {} bytes lie {stride} apart",
                    element.size
                ));
            }
            Ok(_) | Err(Unreadable::Elsewhere) => {}
            Err(why) => return Err(why),
        }
        let layout = self.layout(element, reach, nesting)?;
        if count == 0 || layout.scalars.is_empty() {
            return Ok(match count {
                0 => Layout::EMPTY,
                _ => layout,
            });
        }
        let cells = (layout.scalars.len() as u64).saturating_mul(count);
        if layout.step == 0 && cells <= EXPANDED {
            // The elements' copies count too: arrays of pointers to arrays of pointers grow without bounds.
            let one: u64 = layout
                .scalars
                .iter()
                .map(|s| 1 + s.inner.as_ref().map_or(0, weight))
                .sum();
            reach.nodes = reach
                .nodes
                .saturating_sub(u32::try_from(one * count).unwrap_or(u32::MAX));
            if reach.nodes == 0 {
                return Ok(Layout::UNKNOWN);
            }
            return Ok((0..count)
                .map(|i| layout.clone().moved(i * stride))
                .fold(Layout::EMPTY, Layout::and));
        }
        Ok(layout.folded(stride))
    }

    fn record(&self, head: &Head, reach: &mut Reach, nesting: u32) -> Read<Layout> {
        let fields = self.list(head.at, Node::WORD_FIELDS, Field::WORDS)?;
        self.fields(head, fields, reach, nesting)
    }

    /// The fields of a struct or of a variant.
    fn fields(
        &self,
        head: &Head,
        fields: Vec<Address>,
        reach: &mut Reach,
        nesting: u32,
    ) -> Read<Layout> {
        let mut all = Layout::EMPTY;
        let mut ranges = Vec::new();
        for field in fields {
            let node = match self.node(field, Field::WORD_TYPE) {
                Ok(Some(node)) => node,
                Ok(None) => return malformed("a field has no type"),
                Err(Unreadable::Elsewhere) => return Ok(Layout::UNKNOWN),
                Err(why) => return Err(why),
            };
            let mut offset = self.int(field, Field::WORD_OFFSET)?;
            if self.is_unknown_offset(offset) {
                match self.accessor(field, Field::WORD_PLACE)? {
                    Some(accessor::Place::Within(at)) => offset = at,
                    Some(accessor::Place::Behind { .. }) => {
                        return malformed("a field lies behind a pointer");
                    }
                    None => {
                        all.complete = false;
                        continue;
                    }
                }
            }
            let size = match self.head(node) {
                Ok(head) => head.size,
                Err(Unreadable::Elsewhere) => return Ok(Layout::UNKNOWN),
                Err(why) => return Err(why),
            };
            if offset.checked_add(size).is_none_or(|end| end > head.size) {
                return malformed(format!(
                    "a field ends behind the {} bytes of its type",
                    head.size
                ));
            }
            if size > 0 {
                ranges.push((offset, size));
            }
            all = all.and(self.layout(node, reach, nesting)?.moved(offset));
        }
        ranges.sort_unstable();
        if ranges.windows(2).any(|w| w[0].0 + w[0].1 > w[1].0) {
            return malformed("two fields of a type overlap");
        }
        Ok(all.folded(0))
    }

    /// What an enum or a union may hold. What none of the variants describes is the tag or padding.
    fn choice(&self, head: &Head, reach: &mut Reach, nesting: u32) -> Read<Layout> {
        let variants = self.list(head.at, Node::WORD_VARIANTS, Variant::WORDS)?;
        if variants.is_empty() {
            return Ok(Layout::UNKNOWN);
        }
        let mut all = Layout::EMPTY;
        for variant in variants {
            let fields = self.list(variant, Variant::WORD_FIELDS, Field::WORDS)?;
            all = all.or(self.fields(head, fields, reach, nesting)?);
        }
        if all.complete && all.step == 0 {
            let word = self.memory.word_size();
            if head.size > EXPANDED * word {
                return Ok(Layout::UNKNOWN);
            }
            let rest = all.uncovered(head.size, word);
            all.scalars
                .extend(rest.into_iter().map(|(at, bytes)| Scalar {
                    shared: true,
                    ..Scalar::new(at, bytes, Class::Int)
                }));
        }
        Ok(all.folded(0))
    }

    /// The place that a function of a record tells; `None` where it can't be found out.
    fn accessor(&self, at: Address, word: usize) -> Read<Option<accessor::Place>> {
        Ok(self
            .optional(at, word)?
            .filter(|function| function.offset == 0)
            .and_then(|function| function.base.as_function())
            .and_then(accessor::place))
    }

    fn head(&self, at: Address) -> Read<Head> {
        let (size, align) = (
            self.int(at, Node::WORD_SIZE)?,
            self.int(at, Node::WORD_ALIGN)?,
        );
        if !align.is_power_of_two() || size % align != 0 {
            return malformed(format!("a type of {size} bytes is aligned to {align}"));
        }
        // Offsets are signed in the engine.
        if size > i64::MAX as u64 {
            return malformed(format!("a type has {size} bytes"));
        }
        Ok(Head {
            at,
            kind: self.index(at, Node::WORD_KIND)?,
            size,
        })
    }

    fn is_unknown_offset(&self, offset: u64) -> bool {
        let bits = 8 * self.memory.word_size() as u32;
        offset == u64::MAX >> (64 - bits)
    }

    fn word(&self, at: Address, word: usize) -> Read<Word> {
        self.memory.word(self.moved(at, word)?)
    }

    fn moved(&self, at: Address, words: usize) -> Read<Address> {
        match (words as u64)
            .checked_mul(self.memory.word_size())
            .and_then(|by| at.offset.checked_add(by))
        {
            Some(offset) => Ok(Address { offset, ..at }),
            None => malformed("it refers to what lies behind the end of a constant"),
        }
    }

    fn int(&self, at: Address, word: usize) -> Read<u64> {
        match self.word(at, word)? {
            Word::Int(number) => Ok(number),
            Word::Address(_) => malformed(format!(
                "word {word} of a part is an address instead of a number"
            )),
            Word::Undef => malformed(format!("word {word} of a part is undefined")),
        }
    }

    /// A number that is compared with constants of the wire format.
    fn index(&self, at: Address, word: usize) -> Read<usize> {
        self.int(at, word)
            .map(|number| usize::try_from(number).unwrap_or(usize::MAX))
    }

    fn optional(&self, at: Address, word: usize) -> Read<Option<Address>> {
        match self.word(at, word)? {
            Word::Address(address) => Ok(Some(address)),
            Word::Int(0) => Ok(None),
            Word::Int(_) => malformed(format!(
                "word {word} of a part is a number instead of an address"
            )),
            Word::Undef => malformed(format!("word {word} of a part is undefined")),
        }
    }

    /// The node that a function returns.
    fn node(&self, at: Address, word: usize) -> Read<Option<Address>> {
        self.optional(at, word)?
            .map(|function| self.memory.returned(function))
            .transpose()
    }

    /// The addresses of the records of a list.
    fn list(&self, at: Address, word: usize, words: usize) -> Read<Vec<Address>> {
        let len = self.index(at, word + 1)?;
        // An empty list has a dangling pointer.
        if len == 0 {
            return Ok(Vec::new());
        }
        let Some(first) = self.optional(at, word)? else {
            return malformed("a list has no records");
        };
        if len > NODES as usize {
            return malformed(format!("a list has {len} records"));
        }
        (0..len).map(|i| self.moved(first, i * words)).collect()
    }

    fn text(&self, at: Address, word: usize) -> Read<String> {
        let len = self.int(at, word + 1)?;
        if len == 0 {
            return Ok(String::new());
        }
        if len > TEXT {
            return malformed(format!("a name has {len} bytes"));
        }
        let Some(first) = self.optional(at, word)? else {
            return malformed("a text has no bytes");
        };
        Ok(String::from_utf8_lossy(&self.memory.bytes(first, len)?).into_owned())
    }
}
