//! The wire format in which the marker crate describes a call and its types to the engine.
//!
//! The marker crate builds these records as constants that rustc itself evaluates, so sizes and offsets are the
//! compiler's own; the engine reads them out of the module's initialisers. The operand after `enzyme_rs_types`
//! points at a [`Call`].
//!
//! # How to read it
//!
//! Every field is one *word*: an unsigned integer of a pointer's size, or a pointer. A record is a sequence of words
//! without padding, so word `i` lies at byte `i * pointer_size` on every target. The `WORD_*` constants name the
//! indices. [`Text`] and [`List`] are two words: a pointer and a length (in bytes, in records); of an empty one the
//! pointer is never read. rustc emits constants as packed structs of byte strings and pointers, and merges equal
//! functions and constants: read by byte offset, not by field, and compare nodes by content, not by address.
//!
//! A pointer to another type is a [`NodeFn`], a function that returns the node's address (`ret ptr @node`), and not
//! the address itself: that is what lets a recursive type (a list, a tree) be described by finite constants.
//!
//! # Versions
//!
//! [`Call::version`] is [`VERSION`]. A reader refuses any other, with a message that asks for marker crate and plugin
//! of one release. Words are only ever appended together with a new version.

/// The first word of a [`Call`]: `ENRS` in ASCII.
pub const MAGIC: usize = 0x454e_5253;

/// The version of the format that this crate describes.
pub const VERSION: usize = 2;

/// A function that returns the description of a type.
pub type NodeFn = fn() -> &'static Node;

/// UTF-8 text that lives as long as the program.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// The first byte.
    pub ptr: *const u8,
    /// The number of bytes.
    pub len: usize,
}

impl Text {
    /// Refers to a string.
    pub const fn new(text: &'static str) -> Text {
        Text {
            ptr: text.as_ptr(),
            len: text.len(),
        }
    }
}

/// Records that live as long as the program.
#[repr(C)]
#[derive(Debug)]
pub struct List<T: 'static> {
    /// The first record.
    pub ptr: *const T,
    /// The number of records.
    pub len: usize,
}

impl<T> List<T> {
    /// The list without records.
    pub const EMPTY: List<T> = List::new(&[]);

    /// Refers to a slice.
    pub const fn new(records: &'static [T]) -> List<T> {
        List {
            ptr: records.as_ptr(),
            len: records.len(),
        }
    }
}

/// One derivative call: where it was asked for, and what its operands point at.
#[repr(C)]
#[derive(Debug)]
pub struct Call {
    /// [`MAGIC`].
    pub magic: usize,
    /// [`VERSION`].
    pub version: usize,
    /// `file!()` of the attribute.
    pub file: Text,
    /// `line!()` of the attribute.
    pub line: usize,
    /// `column!()` of the attribute.
    pub column: usize,
    /// The name of the primal function, as the user wrote it.
    pub function: Text,
    /// The arguments of the primal, in the order of the call's argument markers.
    pub arguments: List<Argument>,
    /// The result, whose marker is the call's last; `None` when the primal returns nothing.
    pub result: Option<&'static Argument>,
}

impl Call {
    /// The word of [`Call::magic`].
    pub const WORD_MAGIC: usize = 0;
    /// The word of [`Call::version`].
    pub const WORD_VERSION: usize = 1;
    /// The first word of [`Call::file`].
    pub const WORD_FILE: usize = 2;
    /// The word of [`Call::line`].
    pub const WORD_LINE: usize = 4;
    /// The word of [`Call::column`].
    pub const WORD_COLUMN: usize = 5;
    /// The first word of [`Call::function`].
    pub const WORD_FUNCTION: usize = 6;
    /// The first word of [`Call::arguments`].
    pub const WORD_ARGUMENTS: usize = 8;
    /// The word of [`Call::result`].
    pub const WORD_RESULT: usize = 10;
    /// The number of words.
    pub const WORDS: usize = 11;
}

/// An argument (or the result) of a primal function.
///
/// The operand after the argument's marker points at memory that holds a value of this type.
#[repr(C)]
#[derive(Debug)]
pub struct Argument {
    /// Its name.
    pub name: Text,
    /// Its type; `None` when nothing is known of it.
    pub ty: Option<&'static Node>,
    /// The size of its type in bytes, or [`Argument::SIZE_UNKNOWN`].
    pub size: usize,
    /// A sum of the `FLAG_*` constants.
    pub flags: usize,
}

impl Argument {
    /// The first word of [`Argument::name`].
    pub const WORD_NAME: usize = 0;
    /// The word of [`Argument::ty`].
    pub const WORD_TYPE: usize = 2;
    /// The word of [`Argument::size`].
    pub const WORD_SIZE: usize = 3;
    /// The word of [`Argument::flags`].
    pub const WORD_FLAGS: usize = 4;
    /// The number of words.
    pub const WORDS: usize = 5;

    /// The type has no name (`impl Trait` as a result), so its size can't be told.
    pub const SIZE_UNKNOWN: usize = usize::MAX;

    /// The argument is a `&mut`: what it points at is reached through it alone while the call runs.
    pub const FLAG_PRIMAL_UNIQUE: usize = 1;
    /// Each shadow is a `&mut`: what it points at is reached through it alone while the call runs.
    pub const FLAG_SHADOW_UNIQUE: usize = 2;
}

/// The description of a type.
///
/// Which words beyond [`Node::name`] have a meaning depends on [`Node::kind`]; the others are zero, null or empty.
#[repr(C)]
#[derive(Debug)]
pub struct Node {
    /// One of the `KIND_*` constants.
    pub kind: usize,
    /// The size in bytes.
    pub size: usize,
    /// The alignment in bytes.
    pub align: usize,
    /// The name of the type, for people.
    pub name: Text,
    /// `KIND_FLOAT`: one of the `FORMAT_*` constants. `KIND_POINTER`: one of the `EXTENT_*` constants.
    pub detail: usize,
    /// `KIND_POINTER`: what is pointed at (`None`: unknown). `KIND_ARRAY`: the element.
    pub element: Option<NodeFn>,
    /// `KIND_ARRAY`: the distance in bytes from one element to the next.
    pub stride: usize,
    /// `KIND_ARRAY`: the number of elements.
    pub count: usize,
    /// `KIND_STRUCT`: the fields, in any order; bytes that none covers are padding.
    pub fields: List<Field>,
    /// `KIND_POINTER`: null if the pointer's first word is the address of what it leads to; otherwise an
    /// `unsafe fn(*const Self) -> *const Element` that yields where that is.
    pub accessor: *const (),
    /// `KIND_ENUM`: the variants. Bytes that belong to none of them hold the tag or are padding.
    pub variants: List<Variant>,
}

impl Node {
    /// Bytes that carry no derivative and no address: integers, `bool`, `char`.
    pub const KIND_INTEGER: usize = 1;
    /// A floating-point number; [`Node::detail`] is its format.
    pub const KIND_FLOAT: usize = 2;
    /// An address (for `EXTENT_LENGTH`, followed by a length); [`Node::detail`] says how much lies behind it.
    pub const KIND_POINTER: usize = 3;
    /// Equal elements at a constant stride.
    pub const KIND_ARRAY: usize = 4;
    /// Fields at constant offsets: structs, tuples, closures.
    pub const KIND_STRUCT: usize = 5;
    /// One of several variants (an enum), or any of several fields (a union).
    pub const KIND_ENUM: usize = 6;
    /// A type of known size about which nothing else is known.
    pub const KIND_OPAQUE: usize = 7;

    /// IEEE binary16, `f16`.
    pub const FORMAT_HALF: usize = 1;
    /// `bf16`.
    pub const FORMAT_BFLOAT: usize = 2;
    /// IEEE binary32, `f32`.
    pub const FORMAT_SINGLE: usize = 3;
    /// IEEE binary64, `f64`.
    pub const FORMAT_DOUBLE: usize = 4;
    /// IEEE binary128, `f128`.
    pub const FORMAT_QUAD: usize = 5;

    /// The pointer is one word and leads to exactly one element.
    pub const EXTENT_ONE: usize = 1;
    /// The pointer is two words, the second of which is the number of elements.
    pub const EXTENT_LENGTH: usize = 2;
    /// The pointer is one word and leads to any number of elements, none included; it may dangle or be null.
    pub const EXTENT_UNKNOWN: usize = 3;

    /// The pointer is one of several words, which [`Node::accessor`] tells; the others are integers. It leads to any
    /// number of elements.
    pub const EXTENT_OWNED: usize = 4;

    /// The word of [`Node::kind`].
    pub const WORD_KIND: usize = 0;
    /// The word of [`Node::size`].
    pub const WORD_SIZE: usize = 1;
    /// The word of [`Node::align`].
    pub const WORD_ALIGN: usize = 2;
    /// The first word of [`Node::name`].
    pub const WORD_NAME: usize = 3;
    /// The word of [`Node::detail`].
    pub const WORD_DETAIL: usize = 5;
    /// The word of [`Node::element`].
    pub const WORD_ELEMENT: usize = 6;
    /// The word of [`Node::stride`].
    pub const WORD_STRIDE: usize = 7;
    /// The word of [`Node::count`].
    pub const WORD_COUNT: usize = 8;
    /// The first word of [`Node::fields`].
    pub const WORD_FIELDS: usize = 9;
    /// The word of [`Node::accessor`].
    pub const WORD_ACCESSOR: usize = 11;
    /// The first word of [`Node::variants`].
    pub const WORD_VARIANTS: usize = 12;
    /// The number of words.
    pub const WORDS: usize = 14;

    const fn blank(kind: usize, name: &'static str, size: usize, align: usize) -> Node {
        Node {
            kind,
            size,
            align,
            name: Text::new(name),
            detail: 0,
            element: None,
            stride: 0,
            count: 0,
            fields: List::EMPTY,
            accessor: core::ptr::null(),
            variants: List::EMPTY,
        }
    }

    /// Describes a type whose bytes carry neither a derivative nor an address.
    pub const fn integer<T>(name: &'static str) -> Node {
        Node::blank(
            Node::KIND_INTEGER,
            name,
            core::mem::size_of::<T>(),
            core::mem::align_of::<T>(),
        )
    }

    /// Describes a floating-point type of one of the `FORMAT_*`s.
    pub const fn float<T>(name: &'static str, format: usize) -> Node {
        let mut node = Node::integer::<T>(name);
        node.kind = Node::KIND_FLOAT;
        node.detail = format;
        node
    }

    /// Describes the pointer type `P`, with one of the `EXTENT_*`s.
    pub const fn pointer<P>(name: &'static str, extent: usize, pointee: Option<NodeFn>) -> Node {
        let mut node = Node::integer::<P>(name);
        node.kind = Node::KIND_POINTER;
        node.detail = extent;
        node.element = pointee;
        node
    }

    /// Describes `[T; count]`, given how to describe `T`.
    pub const fn array<T>(name: &'static str, count: usize, element: NodeFn) -> Node {
        let stride = core::mem::size_of::<T>();
        let mut node = Node::blank(
            Node::KIND_ARRAY,
            name,
            stride * count,
            core::mem::align_of::<T>(),
        );
        node.element = Some(element);
        node.stride = stride;
        node.count = count;
        node
    }

    /// Describes the type `T`, made of fields at constant offsets.
    pub const fn record<T>(name: &'static str, fields: &'static [Field]) -> Node {
        let mut node = Node::integer::<T>(name);
        node.kind = Node::KIND_STRUCT;
        node.fields = List::new(fields);
        node
    }

    /// Describes the enum or the union `T`.
    pub const fn choice<T>(name: &'static str, variants: &'static [Variant]) -> Node {
        let mut node = Node::integer::<T>(name);
        node.kind = Node::KIND_ENUM;
        node.variants = List::new(variants);
        node
    }

    /// Describes the type `P` that leads to elements where `accessor`, an `unsafe fn(*const P) -> *const Element`, tells.
    pub const fn owner<P>(
        name: &'static str,
        extent: usize,
        accessor: *const (),
        element: NodeFn,
    ) -> Node {
        let mut node = Node::pointer::<P>(name, extent, Some(element));
        node.accessor = accessor;
        node
    }

    /// Describes the type `T` of which nothing is known but its size.
    pub const fn opaque<T>(name: &'static str) -> Node {
        let mut node = Node::integer::<T>(name);
        node.kind = Node::KIND_OPAQUE;
        node
    }
}

/// A field of a struct, of a tuple or of an enum's variant.
#[repr(C)]
#[derive(Debug)]
pub struct Field {
    /// Its name; a tuple's fields are `0`, `1`, ….
    pub name: Text,
    /// Its offset in bytes, or [`Field::OFFSET_BY_PLACE`].
    pub offset: usize,
    /// Its type.
    pub ty: NodeFn,
    /// Where stable Rust tells no offset: an `unsafe fn(*const Outer) -> *const Inner` that yields its place.
    pub place: *const (),
}

impl Field {
    /// The offset isn't known as a number: [`Field::place`] yields it.
    pub const OFFSET_BY_PLACE: usize = usize::MAX;

    /// The first word of [`Field::name`].
    pub const WORD_NAME: usize = 0;
    /// The word of [`Field::offset`].
    pub const WORD_OFFSET: usize = 2;
    /// The word of [`Field::ty`].
    pub const WORD_TYPE: usize = 3;
    /// The word of [`Field::place`].
    pub const WORD_PLACE: usize = 4;
    /// The number of words.
    pub const WORDS: usize = 5;

    /// Describes a field at a constant offset.
    pub const fn at(name: &'static str, offset: usize, ty: NodeFn) -> Field {
        Field {
            name: Text::new(name),
            offset,
            ty,
            place: core::ptr::null(),
        }
    }

    /// Describes a field whose place an `unsafe fn(*const Outer) -> *const Inner` yields.
    pub const fn through(name: &'static str, place: *const (), ty: NodeFn) -> Field {
        Field {
            name: Text::new(name),
            offset: Field::OFFSET_BY_PLACE,
            ty,
            place,
        }
    }
}

/// A variant of an enum.
#[repr(C)]
#[derive(Debug)]
pub struct Variant {
    /// Its name.
    pub name: Text,
    /// Its fields, with offsets from the enum's first byte.
    pub fields: List<Field>,
}

impl Variant {
    /// Describes a variant.
    pub const fn new(name: &'static str, fields: &'static [Field]) -> Variant {
        Variant {
            name: Text::new(name),
            fields: List::new(fields),
        }
    }

    /// The first word of [`Variant::name`].
    pub const WORD_NAME: usize = 0;
    /// The first word of [`Variant::fields`].
    pub const WORD_FIELDS: usize = 2;
    /// The number of words.
    pub const WORDS: usize = 4;
}

// The promise that a reader relies on: each record is its words and nothing else, each where its constant says.
const _: () = {
    use core::mem::{offset_of, size_of};
    const P: usize = size_of::<usize>();
    assert!(size_of::<*const ()>() == P && size_of::<Option<NodeFn>>() == P);

    assert!(size_of::<Call>() == Call::WORDS * P);
    assert!(offset_of!(Call, magic) == Call::WORD_MAGIC * P);
    assert!(offset_of!(Call, version) == Call::WORD_VERSION * P);
    assert!(offset_of!(Call, file) == Call::WORD_FILE * P);
    assert!(offset_of!(Call, line) == Call::WORD_LINE * P);
    assert!(offset_of!(Call, column) == Call::WORD_COLUMN * P);
    assert!(offset_of!(Call, function) == Call::WORD_FUNCTION * P);
    assert!(offset_of!(Call, arguments) == Call::WORD_ARGUMENTS * P);
    assert!(offset_of!(Call, result) == Call::WORD_RESULT * P);

    assert!(size_of::<Argument>() == Argument::WORDS * P);
    assert!(offset_of!(Argument, name) == Argument::WORD_NAME * P);
    assert!(offset_of!(Argument, ty) == Argument::WORD_TYPE * P);
    assert!(offset_of!(Argument, size) == Argument::WORD_SIZE * P);
    assert!(offset_of!(Argument, flags) == Argument::WORD_FLAGS * P);

    assert!(size_of::<Node>() == Node::WORDS * P);
    assert!(offset_of!(Node, kind) == Node::WORD_KIND * P);
    assert!(offset_of!(Node, size) == Node::WORD_SIZE * P);
    assert!(offset_of!(Node, align) == Node::WORD_ALIGN * P);
    assert!(offset_of!(Node, name) == Node::WORD_NAME * P);
    assert!(offset_of!(Node, detail) == Node::WORD_DETAIL * P);
    assert!(offset_of!(Node, element) == Node::WORD_ELEMENT * P);
    assert!(offset_of!(Node, stride) == Node::WORD_STRIDE * P);
    assert!(offset_of!(Node, count) == Node::WORD_COUNT * P);
    assert!(offset_of!(Node, fields) == Node::WORD_FIELDS * P);
    assert!(offset_of!(Node, accessor) == Node::WORD_ACCESSOR * P);
    assert!(offset_of!(Node, variants) == Node::WORD_VARIANTS * P);

    assert!(size_of::<Field>() == Field::WORDS * P);
    assert!(offset_of!(Field, name) == Field::WORD_NAME * P);
    assert!(offset_of!(Field, offset) == Field::WORD_OFFSET * P);
    assert!(offset_of!(Field, ty) == Field::WORD_TYPE * P);
    assert!(offset_of!(Field, place) == Field::WORD_PLACE * P);

    assert!(size_of::<Variant>() == Variant::WORDS * P);
    assert!(offset_of!(Variant, name) == Variant::WORD_NAME * P);
    assert!(offset_of!(Variant, fields) == Variant::WORD_FIELDS * P);
};
