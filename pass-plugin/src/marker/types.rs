//! Reads the record of a call's types, and turns it into what is known of the memory behind the thunk's parameters.
//!
//! The record's format is [`enzyme_sys::wire`]. A thunk takes pointers to its arguments, so the tree of a parameter is
//! the layout of its argument's own bytes, and references in there lead to further trees.
//!
//! A tree is only given for memory of which each byte is known to be a cell or padding: the engine takes what no cell
//! covers for padding, which has no derivative. A memory object with an enum in it, or with a long array beside
//! something else that it can't be told from by its offset, has therefore no tree, and code is the only evidence.

mod constant;
#[cfg(test)]
mod tests;

use enzyme_sys::wire::{Argument, Call, Field, MAGIC, Node, VERSION};

use self::constant::{Address, Memory, Unreadable, Word, malformed};
use crate::analysis::cells::{Class, TypeTree};
use crate::analysis::offset::gcd;
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

/// A scalar of a layout.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Scalar {
    at: u64,
    bytes: u64,
    class: Class,
    inner: Option<TypeTree>,
}

/// The scalars of a value. `step` 0: each once; otherwise they repeat every `step` bytes, and lie below it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Layout {
    step: u64,
    scalars: Vec<Scalar>,
}

impl Layout {
    /// The same scalars, repeating every `step` bytes (and as before); `None` where different ones then meet.
    fn folded(&self, step: u64) -> Option<Layout> {
        let step = gcd(self.step, step);
        if step == 0 {
            return Some(self.clone());
        }
        let mut out = Layout {
            step,
            scalars: Vec::new(),
        };
        for scalar in &self.scalars {
            let at = scalar.at % step;
            if at + scalar.bytes > step {
                return None;
            }
            let scalar = Scalar {
                at,
                ..scalar.clone()
            };
            if !out.scalars.contains(&scalar) {
                out.scalars.push(scalar);
            }
        }
        out.is_disjoint().then_some(out)
    }

    fn is_disjoint(&self) -> bool {
        let mut ranges: Vec<(u64, u64)> = self.scalars.iter().map(|s| (s.at, s.bytes)).collect();
        ranges.sort_unstable();
        ranges.windows(2).all(|w| w[0].0 + w[0].1 <= w[1].0)
    }

    fn into_tree(mut self) -> Option<TypeTree> {
        self.scalars.sort_by_key(|s| s.at);
        let cells = self
            .scalars
            .into_iter()
            .map(|s| Some((i64::try_from(s.at).ok()?, s.class, s.inner.map(Box::new))))
            .collect::<Option<Vec<_>>>()?;
        (!cells.is_empty()).then_some(TypeTree {
            weak: false,
            complete: true,
            step: self.step,
            cells,
            ..TypeTree::default()
        })
    }
}

/// How many cells a tree has, with those behind its pointers.
fn weight(tree: &TypeTree) -> u64 {
    tree.cells
        .iter()
        .map(|(_, _, inner)| 1 + inner.as_deref().map_or(0, weight))
        .sum()
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
            };
            let layout = self.layout(node, &mut reach, NESTING)?;
            if reach.nodes > 0 {
                return Ok(layout.and_then(Layout::into_tree));
            }
        }
        Ok(None)
    }

    /// The scalars of a type; `None` where not each of its bytes is known.
    fn layout(&self, node: Address, reach: &mut Reach, nesting: u32) -> Read<Option<Layout>> {
        reach.nodes = reach.nodes.saturating_sub(1);
        if reach.nodes == 0 {
            return Ok(None);
        }
        let Some(nesting) = nesting.checked_sub(1) else {
            return malformed("a type contains itself");
        };
        let head = match self.head(node) {
            Ok(head) => head,
            Err(Unreadable::Elsewhere) => return Ok(None),
            Err(why) => return Err(why),
        };
        match head.kind {
            Node::KIND_INTEGER => Ok(self.integer(head.size)),
            Node::KIND_FLOAT => self.float(&head).map(Some),
            Node::KIND_POINTER => self.pointer(&head, reach).map(Some),
            Node::KIND_ARRAY => self.array(&head, reach, nesting),
            Node::KIND_STRUCT => self.record(&head, reach, nesting),
            Node::KIND_ENUM | Node::KIND_OPAQUE => Ok(None),
            other => malformed(format!("there is no kind {other} of types")),
        }
    }

    /// A cell for each word, since wide integers are read in parts.
    fn integer(&self, size: u64) -> Option<Layout> {
        let word = self.memory.word_size();
        let cell = |at| Scalar {
            at,
            bytes: word.min(size - at),
            class: Class::Int,
            inner: None,
        };
        let words = size.div_ceil(word);
        (words <= EXPANDED).then(|| Layout {
            step: 0,
            scalars: (0..words).map(|i| cell(i * word)).collect(),
        })
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
        let scalar = Scalar {
            at: 0,
            bytes: head.size,
            class: Class::Float(kind),
            inner: None,
        };
        Ok(Layout {
            step: 0,
            scalars: vec![scalar],
        })
    }

    fn pointer(&self, head: &Head, reach: &mut Reach) -> Read<Layout> {
        let word = self.memory.word_size();
        let extent = self.index(head.at, Node::WORD_DETAIL)?;
        let words = match extent {
            Node::EXTENT_ONE | Node::EXTENT_UNKNOWN => 1,
            Node::EXTENT_LENGTH => 2,
            other => return malformed(format!("there is no extent {other} of pointers")),
        };
        if head.size != words * word {
            return malformed(format!(
                "a pointer of {words} words has {} bytes",
                head.size
            ));
        }
        let inner = self.pointee(head, extent == Node::EXTENT_ONE, reach)?;
        let mut scalars = vec![Scalar {
            at: 0,
            bytes: word,
            class: Class::Ptr,
            inner,
        }];
        if words == 2 {
            scalars.push(Scalar {
                at: word,
                bytes: word,
                class: Class::Int,
                inner: None,
            });
        }
        Ok(Layout { step: 0, scalars })
    }

    fn pointee(&self, head: &Head, one: bool, reach: &mut Reach) -> Read<Option<TypeTree>> {
        if reach.depth == 0 {
            return Ok(None);
        }
        let node = match self.node(head.at, Node::WORD_ELEMENT) {
            Ok(Some(node)) => node,
            Ok(None) | Err(Unreadable::Elsewhere) => return Ok(None),
            Err(why) => return Err(why),
        };
        reach.depth -= 1;
        let layout = self.layout(node, reach, NESTING);
        reach.depth += 1;
        let Some(layout) = layout? else {
            return Ok(None);
        };
        if one || layout.scalars.is_empty() {
            return Ok(layout.into_tree());
        }
        Ok(layout
            .folded(self.head(node)?.size)
            .and_then(Layout::into_tree))
    }

    fn array(&self, head: &Head, reach: &mut Reach, nesting: u32) -> Read<Option<Layout>> {
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
            Err(Unreadable::Elsewhere) => return Ok(None),
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
        let Some(layout) = self.layout(element, reach, nesting)? else {
            return Ok(None);
        };
        if count == 0 || layout.scalars.is_empty() {
            return Ok(Some(Layout::default()));
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
                return Ok(None);
            }
            let moved = |i: u64| {
                layout.scalars.iter().map(move |s| Scalar {
                    at: s.at + i * stride,
                    ..s.clone()
                })
            };
            return Ok(Some(Layout {
                step: 0,
                scalars: (0..count).flat_map(moved).collect(),
            }));
        }
        Ok(layout.folded(stride))
    }

    fn record(&self, head: &Head, reach: &mut Reach, nesting: u32) -> Read<Option<Layout>> {
        let mut all = Layout::default();
        let mut complete = true;
        let mut ranges = Vec::new();
        for field in self.list(head.at, Node::WORD_FIELDS, Field::WORDS)? {
            let offset = self.int(field, Field::WORD_OFFSET)?;
            let node = match self.node(field, Field::WORD_TYPE) {
                Ok(Some(node)) => node,
                Ok(None) => return malformed("a field has no type"),
                Err(Unreadable::Elsewhere) => return Ok(None),
                Err(why) => return Err(why),
            };
            // The place is known to a function only.
            if self.is_unknown_offset(offset) {
                complete = false;
                continue;
            }
            let size = match self.head(node) {
                Ok(head) => head.size,
                Err(Unreadable::Elsewhere) => return Ok(None),
                Err(why) => return Err(why),
            };
            if offset.checked_add(size).is_none_or(|end| end > head.size) {
                return malformed(format!(
                    "a field ends behind the {} bytes of its struct",
                    head.size
                ));
            }
            if size > 0 {
                ranges.push((offset, size));
            }
            match self.layout(node, reach, nesting)? {
                None => complete = false,
                Some(layout) => {
                    all.step = gcd(all.step, layout.step);
                    all.scalars
                        .extend(layout.scalars.into_iter().map(|s| Scalar {
                            at: s.at + offset,
                            ..s
                        }));
                }
            }
        }
        ranges.sort_unstable();
        if ranges.windows(2).any(|w| w[0].0 + w[0].1 > w[1].0) {
            return malformed("two fields of a struct overlap");
        }
        if !complete || all.step == 0 {
            return Ok(complete.then_some(all));
        }
        Ok(all.folded(0))
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
