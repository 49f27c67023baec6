//! Records as rustc writes them, and records that it never would.

use super::*;
use crate::llvm::{Context, Opcode};
use crate::marker::decode::{Request, decode};

const STABLE: &str = include_str!("stable_optimised.ll");
const NIGHTLY: &str = include_str!("nightly_unoptimised.ll");

const F64: Class = Class::Float(FloatKind::F64);
const F32: Class = Class::Float(FloatKind::F32);

/// Parses a module, and frees it after the question.
fn with_module<T>(text: &str, ask: impl FnOnce(Module) -> T) -> T {
    let context = Context::create();
    let module = Module::parse(context, text).unwrap_or_else(|why| panic!("{why}\n{text}"));
    module.verify().unwrap();
    let answer = ask(module);
    module.dispose();
    context.dispose();
    answer
}

/// Decodes the marker call of a function.
fn decoded<T>(text: &str, caller: &str, ask: impl FnOnce(Result<Request, Refusal>) -> T) -> T {
    with_module(text, |module| {
        let calls = module.function(caller).unwrap().instructions();
        let call = calls.into_iter().find(|i| i.is_op(Opcode::Call)).unwrap();
        ask(decode(call, enzyme_sys::Entry::Autodiff))
    })
}

fn tree(step: u64, cells: &[(i64, Class, Option<TypeTree>)]) -> TypeTree {
    let cells = cells
        .iter()
        .map(|(at, class, inner)| (*at, *class, inner.clone().map(Box::new)))
        .collect();
    TypeTree {
        weak: false,
        complete: true,
        step,
        cells,
        ..TypeTree::default()
    }
}

fn partial(tree: TypeTree) -> TypeTree {
    TypeTree {
        complete: false,
        ..tree
    }
}

fn slice(element: TypeTree) -> TypeTree {
    tree(0, &[(0, Class::Ptr, Some(element)), (8, Class::Int, None)])
}

/// A record written by hand, of 64-bit words.
fn record(name: &str, words: &[&str]) -> String {
    let typed = |w: &&str| {
        if w.starts_with('@') {
            format!("ptr {w}")
        } else {
            format!("i64 {w}")
        }
    };
    let types: Vec<&str> = words
        .iter()
        .map(|w| if w.starts_with('@') { "ptr" } else { "i64" })
        .collect();
    let values: Vec<String> = words.iter().map(typed).collect();
    format!(
        "@{name} = private constant {{ {} }} {{ {} }}\n",
        types.join(", "),
        values.join(", ")
    )
}

/// A node and the function that returns it, named `…_fn`. `rest` starts with the detail.
fn node(name: &str, kind: usize, size: u64, align: u64, rest: &[&str]) -> String {
    let (kind, size, align) = (kind.to_string(), size.to_string(), align.to_string());
    let mut words = vec![&*kind, &*size, &*align, "@name", "1"];
    words.extend(rest);
    words.resize(Node::WORDS, "0");
    format!(
        "{}define ptr @{name}_fn() {{\n  ret ptr @{name}\n}}\n",
        record(name, &words)
    )
}

/// `FORMAT_DOUBLE` as `@f64`, `usize` as `@usize`.
fn scalars() -> String {
    node("f64", Node::KIND_FLOAT, 8, 8, &["4"]) + &node("usize", Node::KIND_INTEGER, 8, 8, &[])
}

fn array(name: &str, element: &str, stride: u64, count: u64) -> String {
    let (element, size) = (format!("@{element}_fn"), stride * count);
    node(
        name,
        Node::KIND_ARRAY,
        size,
        8,
        &["0", &element, &stride.to_string(), &count.to_string()],
    )
}

fn structure(name: &str, size: u64, fields: &[(u64, &str)]) -> String {
    let mut words = Vec::new();
    for (offset, ty) in fields {
        words.extend([
            "@name".to_owned(),
            "1".to_owned(),
            offset.to_string(),
            format!("@{ty}_fn"),
            "0".to_owned(),
        ]);
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let list = format!("@{name}_fields");
    record(&list[1..], &words)
        + &node(
            name,
            Node::KIND_STRUCT,
            size,
            8,
            &["0", "0", "0", "0", &list, &fields.len().to_string()],
        )
}

fn pointer(name: &str, extent: usize, words: u64, element: &str) -> String {
    node(
        name,
        Node::KIND_POINTER,
        8 * words,
        8,
        &[&extent.to_string(), element],
    )
}

/// A module with a call whose one argument has this node and size.
fn module(definitions: &str, root: &str, size: u64) -> String {
    let argument = ["@name", "1", root, &size.to_string(), "0"];
    let magic = MAGIC.to_string();
    let version = VERSION.to_string();
    let call = [
        &magic,
        &*version,
        "@file",
        "4",
        "7",
        "1",
        "@name",
        "1",
        "@argument",
        "1",
        "0",
    ];
    format!(
        "target datalayout = \"e-i64:64\"\n\
         @name = private constant [1 x i8] c\"x\"\n@file = private constant [4 x i8] c\"a.rs\"\n\
         @enzyme_rs_types = external global i8\n@enzyme_dup = external global i8\n{}{}{definitions}\
         define void @thunk(ptr) {{\n  ret void\n}}\ndeclare void @__enzyme_autodiff(ptr, ...)\n\
         define void @caller(ptr %a, ptr %b) {{\n  call void (ptr, ...) @__enzyme_autodiff(ptr @thunk, \
         ptr @enzyme_rs_types, ptr @call, ptr @enzyme_dup, ptr %a, ptr %b)\n  ret void\n}}\n",
        record("argument", &argument),
        record("call", &call),
    )
}

fn read_tree(definitions: &str, root: &str, size: u64) -> Option<TypeTree> {
    decoded(&module(definitions, root, size), "caller", |request| {
        request.unwrap().sig.trees[0].clone()
    })
}

fn refusal(text: &str) -> Refusal {
    decoded(text, "caller", |request| {
        request.err().unwrap_or_else(|| panic!("accepted:\n{text}"))
    })
}

#[track_caller]
fn assert_refused(text: &str, why: &str) {
    let refusal = refusal(text);
    assert_eq!(refusal.code, Code::BadMarkerCall);
    assert!(refusal.why.contains(why), "{refusal}");
}

#[test]
fn slices_are_read_from_what_rustc_writes() {
    for text in [STABLE, NIGHTLY] {
        decoded(text, "d_copy", |request| {
            let request = request.unwrap();
            let doubles = || Some(slice(tree(8, &[(0, F64, None)])));
            assert_eq!(request.sig.trees, [doubles(), doubles()]);
            assert_eq!(request.names, ["x", "y"]);
            assert!(request.sig.distinct_args);
        });
    }
}

#[test]
fn tuples_arrays_and_results_are_read_from_what_rustc_writes() {
    for text in [STABLE, NIGHTLY] {
        decoded(text, "d_shape", |request| {
            let request = request.unwrap();
            let tuple = tree(
                0,
                &[
                    (0, F64, None),
                    (8, F32, None),
                    (12, F32, None),
                    (16, F32, None),
                    (24, Class::Ptr, Some(tree(1, &[(0, Class::Int, None)]))),
                    (32, Class::Int, None),
                ],
            );
            let [Some(argument), Some(n), Some(result)] = &request.sig.trees[..] else {
                panic!("{:?}", request.sig.trees)
            };
            assert_eq!(
                (n, result),
                (
                    &tree(0, &[(0, Class::Int, None)]),
                    &tree(0, &[(0, F64, None)])
                )
            );
            assert_eq!(*argument, tree(0, &[(0, Class::Ptr, Some(tuple))]));
            assert_eq!(request.names, ["t", "n", "result"]);
        });
    }
}

#[test]
fn the_attribute_is_the_place_of_a_refusal_without_debug_information() {
    let text = STABLE.replace(
        ", ptr @enzyme_dup, ptr %r, ptr %dr)",
        ", ptr @enzyme_dup, ptr %r)",
    );
    decoded(&text, "d_shape", |request| {
        let refusal = request.err().unwrap();
        assert_eq!(refusal.code, Code::MissingShadow);
        assert_eq!(refusal.span, Some(Span::at_line("src/lib.rs", 4)));
        assert!(
            refusal.what.contains("argument 3 (`result`)") && refusal.what.ends_with("`shape`"),
            "{refusal}"
        );
    });
}

#[test]
fn a_record_of_another_function_is_refused() {
    let text = module(&scalars(), "@f64", 8).replace("@thunk(ptr)", "@thunk(ptr, ptr)");
    let refusal = refusal(&text);
    assert_eq!(
        (refusal.code, refusal.span.clone()),
        (Code::BadMarkerCall, Some(Span::at_line("a.rs", 7)))
    );
    assert!(
        refusal
            .what
            .contains("describes 1 arguments, but the function has 2"),
        "{refusal}"
    );
}

#[test]
fn short_arrays_are_expanded_and_long_ones_repeat() {
    let short = scalars() + &array("a", "f64", 8, 3);
    assert_eq!(
        read_tree(&short, "@a", 24),
        Some(tree(0, &[(0, F64, None), (8, F64, None), (16, F64, None)]))
    );
    let long = scalars()
        + &array("a", "f64", 8, 100)
        + &array("aa", "a", 800, 100)
        + &structure("s", 80000, &[(0, "aa")]);
    assert_eq!(
        read_tree(&long, "@s", 80000),
        Some(tree(8, &[(0, F64, None)]))
    );
    let pairs =
        scalars() + &structure("p", 16, &[(8, "usize"), (0, "f64")]) + &array("a", "p", 16, 1000);
    assert_eq!(
        read_tree(&pairs, "@a", 16000),
        Some(tree(16, &[(0, F64, None), (8, Class::Int, None)]))
    );
    assert_eq!(
        read_tree(&(scalars() + &array("a", "f64", 8, 0)), "@a", 0),
        None
    );
}

#[test]
fn a_long_array_beside_something_else_has_no_tree() {
    let alike =
        scalars() + &array("a", "f64", 8, 100) + &structure("s", 808, &[(0, "a"), (800, "f64")]);
    assert_eq!(
        read_tree(&alike, "@s", 808),
        Some(tree(8, &[(0, F64, None)]))
    );
    let mixed =
        scalars() + &array("a", "f64", 8, 100) + &structure("s", 808, &[(0, "a"), (800, "usize")]);
    assert_eq!(read_tree(&mixed, "@s", 808), None);
    let behind = mixed + &pointer("r", Node::EXTENT_ONE, 1, "@s_fn");
    assert_eq!(
        read_tree(&behind, "@r", 8),
        Some(tree(0, &[(0, Class::Ptr, None)]))
    );
}

#[test]
fn the_extent_of_a_pointer_decides_whether_its_elements_repeat() {
    let one = scalars() + &pointer("r", Node::EXTENT_ONE, 1, "@f64_fn");
    let exact = tree(0, &[(0, F64, None)]);
    assert_eq!(
        read_tree(&one, "@r", 8),
        Some(tree(0, &[(0, Class::Ptr, Some(exact))]))
    );
    let unknown = scalars() + &pointer("r", Node::EXTENT_UNKNOWN, 1, "@f64_fn");
    let repeating = tree(8, &[(0, F64, None)]);
    let raw = TypeTree {
        raw: true,
        ..repeating.clone()
    };
    assert_eq!(
        read_tree(&unknown, "@r", 8),
        Some(tree(0, &[(0, Class::Ptr, Some(raw))]))
    );
    let length = scalars() + &pointer("r", Node::EXTENT_LENGTH, 2, "@f64_fn");
    assert_eq!(read_tree(&length, "@r", 16), Some(slice(repeating)));
    let nothing = pointer("r", Node::EXTENT_UNKNOWN, 1, "0");
    assert_eq!(
        read_tree(&nothing, "@r", 8),
        Some(tree(0, &[(0, Class::Ptr, None)]))
    );
}

#[test]
fn unknown_bytes_are_left_open() {
    assert_eq!(read_tree("", "0", 8), None);
    for kind in [Node::KIND_ENUM, Node::KIND_OPAQUE] {
        let text =
            scalars() + &node("e", kind, 16, 8, &[]) + &structure("s", 24, &[(0, "f64"), (8, "e")]);
        assert_eq!(read_tree(&text, "@e", 16), None);
        assert_eq!(
            read_tree(&text, "@s", 24),
            Some(partial(tree(0, &[(0, F64, None)]))),
            "what is open is not padding: a copy would drop its derivative"
        );
    }
    let placed = scalars() + &structure("s", 16, &[(0, "f64"), (u64::MAX, "f64")]);
    assert_eq!(
        read_tree(&placed, "@s", 16),
        Some(partial(tree(0, &[(0, F64, None)])))
    );
    let elsewhere = pointer("r", Node::EXTENT_ONE, 1, "@imported") + "declare ptr @imported()\n";
    assert_eq!(
        read_tree(&elsewhere, "@r", 8),
        Some(tree(0, &[(0, Class::Ptr, None)]))
    );
}

#[test]
fn recursive_types_are_cut() {
    let list = scalars()
        + &structure("s", 16, &[(0, "f64"), (8, "r")])
        + &pointer("r", Node::EXTENT_ONE, 1, "@s_fn");
    let mut at = read_tree(&list, "@s", 16).unwrap();
    let mut depth = 0;
    loop {
        assert_eq!(
            at.cells.iter().map(|c| (c.0, c.1)).collect::<Vec<_>>(),
            [(0, F64), (8, Class::Ptr)]
        );
        match at.cells.pop().unwrap().2 {
            Some(inner) => at = *inner,
            None => break,
        }
        depth += 1;
    }
    assert_eq!(depth, 2, "a type that leads to itself is told once more");
    // 60 pointers to the same again.
    let wide = pointer("r", Node::EXTENT_ONE, 1, "@a_fn") + &array("a", "r", 8, 60);
    let tree = read_tree(&wide, "@a", 480).unwrap();
    assert_eq!((tree.cells.len(), weight(&tree)), (60, 60 + 60 * 60));
}

#[test]
fn nodes_are_found_through_the_detours_of_unoptimised_code() {
    let slot = "define ptr @by_fn() {\n  %s = alloca ptr\n  store ptr @f64, ptr %s\n  %v = load ptr, ptr %s\n  ret ptr %v\n}\n";
    let tail = "define ptr @by_fn() {\n  %v = tail call ptr @f64_fn()\n  ret ptr %v\n}\n";
    let alias = "@by_fn = alias ptr (), ptr @f64_fn\n";
    let constant = "@place = private constant { i64, ptr } { i64 1, ptr @f64 }\n\
        define ptr @by_fn() {\n  %v = load ptr, ptr getelementptr (i8, ptr @place, i64 8)\n  ret ptr %v\n}\n";
    let words = [2u64, 8, 8, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0];
    let bytes: String = words
        .iter()
        .flat_map(|w| w.to_le_bytes())
        .map(|b| format!("\\{b:02x}"))
        .collect();
    let inside = format!(
        "@big = private constant <{{ i8, [112 x i8] }}> <{{ i8 9, [112 x i8] c\"{bytes}\" }}>\n\
         define ptr @by_fn() {{\n  ret ptr getelementptr inbounds (i8, ptr @big, i64 1)\n}}\n"
    );
    for by in [slot, tail, alias, constant, &inside] {
        let text = scalars() + by + &pointer("r", Node::EXTENT_ONE, 1, "@by_fn");
        let expected = tree(0, &[(0, Class::Ptr, Some(tree(0, &[(0, F64, None)])))]);
        assert_eq!(read_tree(&text, "@r", 8), Some(expected), "{by}");
    }
    let twice = slot.replace("  %v", "  store ptr @usize, ptr %s\n  %v");
    let text = scalars() + &twice + &pointer("r", Node::EXTENT_ONE, 1, "@by_fn");
    assert_refused(&module(&text, "@r", 8), "is not a constant");
}

#[test]
fn words_may_be_made_of_bytes_of_either_order() {
    for (order, bytes) in [
        ("e", "\\02\\01\\00\\00\\00\\00\\00\\00"),
        ("E", "\\00\\00\\00\\00\\00\\00\\01\\02"),
    ] {
        let text = format!(
            "target datalayout = \"{order}-i64:64\"\n@g = constant <{{ [3 x i8], [5 x i8], i32, i32, [8 x i8] }}> <{{ \
             [3 x i8] c\"{}\", [5 x i8] c\"{}\", i32 {}, i32 {}, [8 x i8] undef }}>\n",
            &bytes[..9],
            &bytes[9..],
            if order == "e" { 258 } else { 0 },
            if order == "e" { 0 } else { 258 },
        );
        with_module(&text, |module| {
            let at = |offset| Address {
                base: module.global("g").unwrap(),
                offset,
            };
            let memory = Memory::new(module);
            assert_eq!(memory.word(at(0)), Ok(Word::Int(258)));
            assert_eq!(memory.word(at(8)), Ok(Word::Int(258)));
            assert_eq!(memory.word(at(16)), Ok(Word::Undef));
            assert_eq!(memory.word(at(12)), Ok(Word::Undef));
            assert!(matches!(memory.word(at(17)), Err(Unreadable::Malformed(_))));
            assert!(matches!(
                memory.word(at(u64::MAX)),
                Err(Unreadable::Malformed(_))
            ));
        });
    }
}

#[test]
fn records_of_other_releases_and_other_things_are_refused() {
    let good = module(&scalars(), "@f64", 8);
    let magic = format!("{{ i64 {MAGIC}, i64 2,");
    assert_refused(
        &good.replace(&magic, &magic.replace("i64 2,", "i64 1,")),
        "version 1, and this plugin reads version 2",
    );
    assert_refused(&good.replace(&magic, "{ i64 7, i64 2,"), "no type record");
    assert_refused(
        &good.replace(&magic, &magic.replace("i64 2,", "i64 undef,")),
        "undefined",
    );
    assert_refused(
        &good.replace("ptr @call,", "ptr @argument,"),
        "address instead of a number",
    );
    assert_refused(&good.replace("ptr @call,", "ptr @name,"), "behind the end");
    assert_refused(&good.replace("ptr @call,", "ptr %a,"), "is not a constant");
    assert_refused(&good.replace("ptr @call,", "ptr @thunk,"), "is not data");
    assert_refused(
        &good.replace("@call = private constant", "@call = private global"),
        "is not constant",
    );
    assert_refused(
        &good
            .replace(
                "@enzyme_dup = ext",
                "@far = external global i8\n@enzyme_dup = ext",
            )
            .replace("ptr @call,", "ptr @far,"),
        "defined in another module",
    );
    assert_refused(
        &module(&scalars(), "@f64", 16),
        "16 bytes are announced and 8 described",
    );
    assert_refused(&module(&scalars(), "3", 8), "number instead of an address");
}

#[test]
fn contradictory_nodes_are_refused() {
    let with = |text: String, root: &str, size| module(&(scalars() + &text), root, size);
    assert_refused(&with(node("n", 9, 8, 8, &[]), "@n", 8), "no kind 9");
    assert_refused(
        &with(node("n", Node::KIND_INTEGER, 8, 3, &[]), "@n", 8),
        "aligned to 3",
    );
    assert_refused(
        &with(node("n", Node::KIND_FLOAT, 8, 8, &["3"]), "@n", 8),
        "8 bytes instead of 4",
    );
    assert_refused(
        &with(node("n", Node::KIND_FLOAT, 8, 8, &["6"]), "@n", 8),
        "no format 6",
    );
    assert_refused(&with(pointer("n", 5, 1, "@f64_fn"), "@n", 8), "no extent 5");
    assert_refused(
        &with(pointer("n", Node::EXTENT_LENGTH, 1, "@f64_fn"), "@n", 8),
        "2 words has 8 bytes",
    );
    assert_refused(
        &with(pointer("n", Node::EXTENT_ONE, 1, "@f64"), "@n", 8),
        "is none",
    );
    assert_refused(
        &with(array("n", "f64", 16, 2), "@n", 32),
        "elements of 8 bytes lie 16 apart",
    );
    assert_refused(
        &with(array("n", "f64", 1 << 61, 4), "@n", 1 << 63),
        "has 9223372036854775808 bytes",
    );
    assert_refused(
        &with(structure("n", 8, &[(8, "f64")]), "@n", 8),
        "ends behind the 8 bytes",
    );
    assert_refused(
        &with(structure("n", 16, &[(0, "f64"), (0, "usize")]), "@n", 16),
        "overlap",
    );
    assert_refused(
        &with(structure("n", 8, &[(0, "n")]), "@n", 8),
        "contains itself",
    );
    assert_refused(
        &with(structure("n", 8, &[(0, "n")]), "@n", 8),
        "in the type of `x`",
    );
    let cyclic = node("m", Node::KIND_POINTER, 8, 8, &["1", "@again"])
        + "define ptr @again() {\n  %v = call ptr @again()\n  ret ptr %v\n}\n";
    assert_refused(&with(cyclic, "@m", 8), "too many steps");
}

/// An enum of 16 bytes: each variant is a list of fields, at offsets or where a function says.
fn choice(name: &str, variants: &[&[(&str, &str)]]) -> String {
    let mut text = String::new();
    let mut words = Vec::new();
    for (i, fields) in variants.iter().enumerate() {
        let list = format!("{name}_fields{i}");
        let mut entries = Vec::new();
        for (place, ty) in *fields {
            let (offset, function) = match place.starts_with('@') {
                true => ("-1".to_owned(), place.to_string()),
                false => (place.to_string(), "0".to_owned()),
            };
            entries.extend([
                "@name".into(),
                "1".into(),
                offset,
                format!("@{ty}_fn"),
                function,
            ]);
        }
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        text += &record(&list, &entries);
        words.extend([
            "@name".into(),
            "1".into(),
            format!("@{list}"),
            fields.len().to_string(),
        ]);
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let count = variants.len().to_string();
    let list = format!("@{name}_variants");
    let rest = ["0", "0", "0", "0", "0", "0", "0", &*list, &*count];
    text + &record(&list[1..], &words) + &node(name, Node::KIND_ENUM, 16, 8, &rest)
}

/// The field of a variant behind a tag, as unoptimised code gets there.
const BEHIND_THE_TAG: &str = "define internal ptr @step(ptr %p) {
  %q = getelementptr i8, ptr %p, i64 4
  ret ptr %q
}
define ptr @place(ptr %e) {
entry:
  %slot = alloca ptr
  store ptr %e, ptr %slot
  %tag = load i8, ptr %e
  %c = icmp eq i8 %tag, 1
  br i1 %c, label %is, label %never
is:
  %v = load ptr, ptr %slot
  %q = call ptr @step(ptr %v)
  %r = getelementptr i8, ptr %q, i64 4
  ret ptr %r
never:
  unreachable
}
";

#[test]
fn variants_share_their_bytes() {
    let text =
        scalars() + BEHIND_THE_TAG + &choice("e", &[&[("@place", "f64")], &[("8", "usize")], &[]]);
    let either = Class::IntOrFloat(FloatKind::F64);
    assert_eq!(
        read_tree(&text, "@e", 16),
        Some(tree(0, &[(0, Class::Int, None), (8, either, None)]))
    );
    // As elements they repeat with all that they share.
    let many = text + &pointer("r", Node::EXTENT_UNKNOWN, 1, "@e_fn");
    let element = TypeTree {
        raw: true,
        ..tree(16, &[(0, Class::Int, None), (8, either, None)])
    };
    assert_eq!(
        read_tree(&many, "@r", 8),
        Some(tree(0, &[(0, Class::Ptr, Some(element))]))
    );
}

#[test]
fn contradictory_variants_are_refused() {
    let refused = |variants: &[&[(&str, &str)]], why| {
        let text = scalars() + BEHIND_THE_TAG + &choice("e", variants);
        assert_refused(&module(&text, "@e", 16), why);
    };
    refused(&[&[("12", "f64")]], "ends behind the 16 bytes");
    refused(
        &[&[("@place", "f64"), ("8", "usize")]],
        "two fields of a type overlap",
    );
    let behind = "define ptr @place(ptr %e) {\n  %p = load ptr, ptr %e\n  ret ptr %p\n}\n";
    let text = scalars() + behind + &choice("e", &[&[("@place", "f64")]]);
    assert_refused(&module(&text, "@e", 16), "lies behind a pointer");
}

#[test]
fn what_can_not_be_read_is_left_open() {
    let unclear = "define ptr @place(ptr %e) {\n  %n = load i64, ptr %e\n  \
                   %p = getelementptr i8, ptr %e, i64 %n\n  ret ptr %p\n}\n";
    let text = scalars() + unclear + &choice("e", &[&[("@place", "f64")], &[("8", "f64")]]);
    assert_eq!(
        read_tree(&text, "@e", 16),
        Some(partial(tree(0, &[(8, F64, None)])))
    );
}

#[test]
fn an_owner_tells_where_its_pointer_lies() {
    let second = "define ptr @at(ptr %v) {\n  %q = getelementptr i8, ptr %v, i64 8\n  \
                  %p = load ptr, ptr %q\n  %r = getelementptr i8, ptr %p, i64 16\n  ret ptr %r\n}\n";
    let owner = |extent: usize, words: u64| {
        let extent = extent.to_string();
        scalars()
            + second
            + &node(
                "v",
                Node::KIND_POINTER,
                8 * words,
                8,
                &[&extent, "@f64_fn", "0", "0", "0", "0", "@at"],
            )
    };
    // Of what lies in front of a counted value nothing is told.
    let counted = partial(tree(0, &[(16, F64, None)]));
    let text = owner(Node::EXTENT_ONE, 1);
    assert_refused(&module(&text, "@v", 8), "an address lies at byte 8 of 8");
    let vector = read_tree(&owner(Node::EXTENT_OWNED, 3), "@v", 24).unwrap();
    assert_eq!(
        vector,
        tree(
            0,
            &[
                (0, Class::Int, None),
                (8, Class::Ptr, None),
                (16, Class::Int, None)
            ]
        ),
        "elements that repeat from no known start on are left open"
    );
    let first = second.replace("i64 8", "i64 0");
    let text = owner(Node::EXTENT_ONE, 1).replace(second, &first);
    assert_eq!(
        read_tree(&text, "@v", 8),
        Some(tree(0, &[(0, Class::Ptr, Some(counted))]))
    );
}

#[test]
fn trees_are_shown_in_enzymes_notation() {
    let inner = partial(tree(16, &[(0, F64, None), (8, Class::Int, None)]));
    let shown = tree(
        0,
        &[
            (0, Class::Ptr, Some(inner)),
            (8, Class::IntOrFloat(FloatKind::F32), None),
        ],
    );
    assert_eq!(
        shown.to_string(),
        "{[0]:Pointer, [0,0%16]:Float@double, [0,8%16]:Integer, [0,…]:Unknown, [8]:Integer|Float@float}"
    );
}
