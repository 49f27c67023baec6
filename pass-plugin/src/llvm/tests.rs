//! The handles against a real LLVM.

use super::*;

/// A context and a module of it, freed together.
struct Fixture {
    context: Context,
    module: Module,
}

impl Fixture {
    fn new(text: &str) -> Fixture {
        let context = Context::create();
        let module = Module::parse(context, text).unwrap();
        module.verify().unwrap();
        Fixture { context, module }
    }

    fn function(&self, name: &str) -> Function {
        self.module.function(name).unwrap()
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        self.module.dispose();
        self.context.dispose();
    }
}

#[test]
fn a_module_can_be_parsed_and_walked() {
    let text =
        "define double @f(double %x) {\n  %y = fmul fast double %x, 2.5\n  ret double %y\n}\n";
    let it = Fixture::new(text);
    let f = it.function("f");
    let [product, ret] = f.instructions()[..] else {
        panic!("{f}")
    };
    assert_eq!(
        (product.opcode(), ret.opcode()),
        (Some(Opcode::FMul), Some(Opcode::Ret))
    );
    assert_eq!(product.operand(0), f.param(0));
    assert_eq!(product.operand(1).const_f64(), Some((2.5, false)));
    assert!(product.fast_math().contains(FastMath::NNAN));
    assert_eq!(
        f.param(0).uses(),
        [Use {
            user: product,
            operand: 0
        }]
    );
    assert!(Module::parse(it.context, "define nonsense").is_err());
}

#[test]
fn a_clone_pairs_old_and_new() {
    let it = Fixture::new("define i32 @f(i32 %x) {\n  %y = add nsw i32 %x, 1\n  ret i32 %y\n}\n");
    let f = it.function("f");
    let copy = f.clone_into("g");
    assert_eq!(copy.pairs.len(), 4);
    assert_eq!(copy.pairs[0], (f.param(0), copy.function.param(0)));
    assert_eq!(copy.function.linkage(), Linkage::Internal);
    let sum = copy.pairs[2].1;
    assert!(sum.poison_flags().nsw);
    sum.drop_poison_flags();
    assert_eq!(sum.poison_flags(), PoisonFlags::default());
    assert!(
        f.instructions()[0].poison_flags().nsw,
        "the original keeps its flags"
    );
    copy.function.verify().unwrap();
}

#[test]
fn geps_are_split() {
    let text = "define ptr @f(ptr %p, i64 %i, i32 %j) {\n  \
                %q = getelementptr inbounds { i64, [8 x { float, double }] }, ptr %p, i64 %i, i32 1, i32 %j, i32 1\n  \
                ret ptr %q\n}\n";
    let it = Fixture::new(text);
    let f = it.function("f");
    let parts = f.instructions()[0].gep_decompose(it.module).unwrap();
    let terms = vec![(f.param(1), 136), (f.param(2), 16)];
    assert_eq!(
        parts,
        GepParts {
            base: f.param(0),
            offset: 16,
            terms
        }
    );
    assert!(f.instructions()[0].poison_flags().inbounds);
    assert_eq!(f.instructions()[1].gep_decompose(it.module), None);
}

const LOOP: &str = "define void @f(ptr %p, i64 %n) {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %next, %l ]
  %q = getelementptr double, ptr %p, i64 %i
  store double 1.0, ptr %q, !tbaa !0
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %l, label %e
e:
  ret void
}
!0 = !{!1, !1, i64 0}
!1 = !{!\"double\", !2}
!2 = !{!\"root\"}
";

#[test]
fn trip_counts_are_found_and_written_out() {
    let it = Fixture::new(LOOP);
    let f = it.function("f");
    let [exit] = f.loop_exit_counts()[..] else {
        panic!("one loop with one exit")
    };
    assert_eq!(exit.kind, ExitKind::Computable);
    let [Some(found)] = f.expand_trip_counts(&[(exit.header, exit.exiting)])[..] else {
        panic!("the loop has a count")
    };
    assert!(!found.if_entered);
    let count = found.count;
    assert_eq!(count.ty(), it.context.i64_type());
    assert_eq!(count.parent_block(), Some(f.entry()));
    f.verify().unwrap();
    let [inner] = &f.natural_loops()[..] else {
        panic!("one loop")
    };
    assert_eq!(
        (inner.header, inner.depth, inner.blocks.len()),
        (exit.header, 1, 1)
    );
}

#[test]
fn metadata_is_kept_only_as_asked() {
    let it = Fixture::new(LOOP);
    let store = it
        .function("f")
        .instructions()
        .into_iter()
        .find(|inst| inst.is_op(Opcode::Store))
        .unwrap();
    let domain = Metadata::new_scope_domain(it.context, "d");
    let scope = Metadata::new_scope(domain, it.context, "s");
    store.set_metadata("alias.scope", Some(Metadata::node(it.context, &[scope])));
    assert_eq!(store.metadata_kinds(), ["tbaa", "alias.scope"]);
    assert_eq!(store.metadata("alias.scope").unwrap().scopes(), [scope]);
    assert_eq!(scope.scope_domain(), Some(domain));
    it.module.verify().unwrap();
    store.strip_unknown_metadata(&["tbaa"]);
    assert_eq!(store.metadata_kinds(), ["tbaa"]);
}

#[test]
fn calls_tell_their_attributes_and_can_be_inlined() {
    let text = "define internal double @g(ptr noalias readonly %p) {\n  %v = load double, ptr %p\n  ret double %v\n}
define double @f(ptr %p) {\n  %r = call double @g(ptr nonnull %p)\n  ret double %r\n}
declare noalias ptr @take(i64, i64) #0
attributes #0 = { allockind(\"alloc,zeroed,aligned\") allocsize(0) \"alloc-family\"=\"fam\" memory(argmem: read) }\n";
    let it = Fixture::new(text);
    let f = it.function("f");
    let call = f.instructions()[0];
    assert_eq!(call.called_function(), Some(it.function("g")));
    assert!(
        call.arg_has_attr(0, "nonnull")
            && call.arg_has_attr(0, "noalias")
            && !call.arg_has_attr(0, "byval")
    );
    call.inline_call().unwrap();
    let load = f
        .instructions()
        .into_iter()
        .find(|inst| inst.is_op(Opcode::Load))
        .unwrap();
    let scopes = load.metadata("alias.scope").unwrap().scopes();
    assert_eq!(scopes.len(), 1, "the noalias parameter became a scope");
    let take = it.function("take");
    let kind = take.alloc_kind().unwrap();
    assert!(
        kind.has(AllocKind::ALLOC) && kind.has(AllocKind::ZEROED) && !kind.has(AllocKind::FREE)
    );
    assert_eq!(
        (take.alloc_family().as_deref(), take.alloc_size()),
        (Some("fam"), Some((0, None)))
    );
    assert!(take.memory_effects().only_reads() && take.memory_effects().only_args());
    let names: Vec<String> = take
        .attributes(AttrIndex::Function)
        .into_iter()
        .map(Attribute::name)
        .collect();
    assert!(
        names.iter().any(|name| name == "allockind")
            && names.iter().all(|name| !name.contains('#')),
        "{names:?}"
    );
    take.clear_all_attributes();
    assert!(
        take.attributes(AttrIndex::Function).is_empty()
            && take.attributes(AttrIndex::Return).is_empty()
    );
}

#[test]
fn constant_expressions_become_instructions() {
    let text = "@g = global [4 x double] zeroinitializer
define i64 @f(i1 %c) {
  br i1 %c, label %a, label %b
a:
  br label %b
b:
  %r = phi i64 [ ptrtoint (ptr getelementptr (i8, ptr @g, i64 8) to i64), %a ], [ 1, %0 ]
  store [1 x ptr] [ptr getelementptr (i8, ptr @g, i64 16)], ptr @g
  ret i64 %r
}\n";
    let it = Fixture::new(text);
    let f = it.function("f");
    assert_eq!(f.expand_constant_exprs(), 3, "{f}");
    f.verify().unwrap();
    for inst in f.instructions() {
        assert!(
            !inst
                .operands()
                .iter()
                .any(|op| matches!(op.kind(), ValueKind::ConstantExpr(_))),
            "{f}"
        );
    }
    assert_eq!(f.expand_constant_exprs(), 0);
}

#[test]
fn text_is_linked_and_what_is_there_is_kept() {
    let it = Fixture::new("define i32 @have() {\n  ret i32 1\n}\n");
    let part = "define i32 @have() {\n  ret i32 2\n}\ndefine i32 @new() {\n  %r = call i32 @have()\n  ret i32 %r\n}\n";
    it.module.link_text(part, "support").unwrap();
    it.module.verify().unwrap();
    assert!(!it.function("new").is_declaration());
    assert_eq!(
        it.function("have").instructions()[0].operand(0).const_u64(),
        Some(1)
    );
    assert!(it.module.link_text("define", "support").is_err());
}

#[test]
fn instructions_are_built_and_optimised() {
    let it = Fixture::new("");
    let double = it.context.double_type();
    let f = it.module.add_function(
        "f",
        double.function_type(&[double, it.context.ptr_type()], false),
    );
    let b = Builder::at_end(f.append_block("entry"));
    let slot = b.entry_alloca(double, "slot");
    b.store(f.param(0), slot, 8, false);
    let root = b.intrinsic("llvm.sqrt", &[double], &[b.load(double, slot, 8, false)]);
    let at = b.ptr_add(f.param(1), it.context.const_i64(24));
    b.store(root, at, 4, true);
    b.ret(b.fadd(root, double.const_f64(1.0)));
    f.verify().unwrap();
    assert_eq!(f.promote_allocas(&[slot]), 1);
    let store = f
        .instructions()
        .into_iter()
        .find(|inst| inst.is_op(Opcode::Store))
        .unwrap();
    assert_eq!(
        (
            store.alignment(),
            store.is_volatile(),
            store.pointer_operand()
        ),
        (4, true, Some(at))
    );
    assert_eq!(root.intrinsic_name().as_deref(), Some("llvm.sqrt.f64"));
    f.run_passes("sroa,instcombine<no-verify-fixpoint>,simplifycfg")
        .unwrap();
    assert!(f.run_passes("no-such-pass").is_err());
    f.verify().unwrap();
}

#[test]
fn alias_queries_are_answered() {
    let text = "define void @f(ptr noalias %p, ptr noalias %q) {\n  store i32 1, ptr %p\n  %v = load i32, ptr %q\n  \
                ret void\n}\n";
    let it = Fixture::new(text);
    let f = it.function("f");
    let session = Analyses::new(f);
    let insts = f.instructions();
    assert_eq!(
        session.alias(f.param(0), Some(4), f.param(1), None),
        Alias::No
    );
    assert_eq!(
        session.alias(f.param(0), Some(4), f.param(0), Some(4)),
        Alias::Must
    );
    assert_eq!(session.alias_accesses(insts[0], insts[1]), Alias::No);
    assert_eq!(
        session.mod_ref(insts[0], f.param(0), Some(4)),
        ModRef {
            reads: false,
            writes: true
        }
    );
}

#[test]
fn debug_locations_tell_the_whole_chain() {
    let text = "define void @f() !dbg !4 {\n  ret void, !dbg !7\n}
!llvm.dbg.cu = !{!0}\n!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C, file: !1, emissionKind: LineTablesOnly)
!1 = !DIFile(filename: \"a.c\", directory: \"/d\")\n!2 = !{i32 2, !\"Debug Info Version\", i32 3}
!3 = !DISubroutineType(types: !{})
!4 = distinct !DISubprogram(name: \"f\", file: !1, line: 3, type: !3, unit: !0, spFlags: DISPFlagDefinition)
!5 = distinct !DISubprogram(name: \"g\", linkageName: \"_g\", file: !1, line: 9, type: !3, unit: !0, \
                spFlags: DISPFlagDefinition)
!6 = distinct !DILocation(line: 4, column: 2, scope: !4)
!7 = !DILocation(line: 10, column: 5, scope: !5, inlinedAt: !6)\n";
    let it = Fixture::new(text);
    let f = it.function("f");
    let frames = f.instructions()[0].debug_loc().unwrap().frames();
    let short: Vec<_> = frames
        .iter()
        .map(|frame| (frame.line, frame.column, frame.function.as_deref()))
        .collect();
    assert_eq!(short, [(10, 5, Some("g")), (4, 2, Some("f"))]);
    assert_eq!(
        (frames[0].file.as_deref(), frames[0].linkage_name.as_deref()),
        (Some("a.c"), Some("_g"))
    );
    assert_eq!(f.line(), Some(3));
    assert_eq!(it.module.flag_u64("Debug Info Version"), Some(3));
}

/// A module as bitcode.
fn bitcode(text: &str) -> Vec<u8> {
    use llvm_sys::bit_writer::LLVMWriteBitcodeToMemoryBuffer;
    use llvm_sys::core::{LLVMDisposeMemoryBuffer, LLVMGetBufferSize, LLVMGetBufferStart};
    let it = Fixture::new(text);
    // SAFETY: the module is alive, and the buffer until it is disposed of.
    unsafe {
        let buffer = LLVMWriteBitcodeToMemoryBuffer(it.module.0);
        let (start, size) = (LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
        let bytes = std::slice::from_raw_parts(start.cast::<u8>(), size).to_vec();
        LLVMDisposeMemoryBuffer(buffer);
        bytes
    }
}

#[test]
fn a_definition_from_elsewhere_is_that_of_its_declaration() {
    let elsewhere = bitcode(
        "define i32 @even(i32 %n) noinline {\n  %r = call i32 @odd(i32 %n)\n  ret i32 %r\n}\n\
         define i32 @odd(i32 %n) {\n  %r = call i32 @even(i32 %n)\n  %s = call i32 @own(i32 %r)\n  ret i32 %s\n}\n\
         define internal i32 @own(i32 %n) {\n  ret i32 %n\n}\n",
    );
    let names = definitions(&elsewhere);
    assert_eq!(
        (names.seen.len(), &names.own[..]),
        (2, &["own".to_owned()][..])
    );
    let it = Fixture::new(
        "declare i32 @even(i32) #0\ndeclare i32 @own.llvm.17(i32)\n\
         define i32 @main(i32 %n) {\n  %r = call i32 @even(i32 %n)\n  %s = call i32 @own.llvm.17(i32 %r)\n  ret i32 %s\n}\n\
         attributes #0 = { \"said\"=\"of it\" }\n",
    );
    let even = it.function("even");
    let mut importer = Importer::new(it.module);
    for name in ["even", "odd", "own.llvm.17"] {
        importer.import(&elsewhere, &[name.to_owned()]).unwrap();
    }
    assert!(importer.import(&elsewhere, &["none".to_owned()]).is_err());
    it.module.verify().unwrap();
    assert!(even == it.function("even") && !even.is_declaration());
    assert!(even.has_attribute(AttrIndex::Function, "said"));
    assert!(even.has_attribute(AttrIndex::Function, "noinline"));
    assert!(!it.function("own.llvm.17").is_declaration());
    // They call each other, not copies.
    let called = |f: &str| it.function(f).instructions()[0].called_function();
    assert_eq!(called("even"), Some(it.function("odd")));
    assert_eq!(called("odd"), Some(even));
    assert_ne!(even.linkage(), Linkage::Internal);
    drop(importer);
    assert_eq!(even.linkage(), Linkage::Internal);
    it.module.verify().unwrap();
}
