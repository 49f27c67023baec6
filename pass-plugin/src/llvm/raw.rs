//! The functions of the C++ shim (`shim/*.cpp`), with its conventions: owned text is freed with
//! `LLVMDisposeMessage`, sequences arrive through a sink and an opaque state.

use llvm_sys::prelude::{
    LLVMBasicBlockRef as B, LLVMBuilderRef, LLVMContextRef as C, LLVMMetadataRef as MD,
    LLVMModuleRef as M, LLVMTypeRef as T, LLVMValueRef as V,
};
use std::ffi::{c_char, c_int, c_uint, c_void};

pub(super) type State = *mut c_void;
pub(super) type ValueSink = extern "C" fn(State, V);
pub(super) type PairSink = extern "C" fn(State, V, V);
pub(super) type TermSink = extern "C" fn(State, V, i64);
pub(super) type TextSink = extern "C" fn(State, *const c_char, usize);
pub(super) type ExitSink = extern "C" fn(State, B, B, c_int, u64);
pub(super) type LoopSink = extern "C" fn(State, c_uint, c_uint, B, c_int);

/// What `erx_expand_exit_counts` fills in; null where nothing is known.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct RawTripCount {
    pub count: V,
    pub holds: B,
    pub if_entered: c_int,
}

unsafe extern "C" {
    // query.cpp
    pub(super) fn erx_value_kind(v: V) -> c_uint;
    pub(super) fn erx_opcode(v: V) -> c_uint;
    pub(super) fn erx_const_opcode(v: V) -> c_uint;
    pub(super) fn erx_type_kind(t: T) -> c_uint;
    pub(super) fn erx_linkage(v: V) -> c_uint;
    pub(super) fn erx_icmp_predicate(v: V) -> c_uint;
    pub(super) fn erx_fcmp_predicate(v: V) -> c_uint;
    pub(super) fn erx_rmw_op(v: V) -> c_uint;
    pub(super) fn erx_ordering(v: V) -> c_uint;
    pub(super) fn erx_sync_scope(v: V) -> c_uint;
    pub(super) fn erx_is_volatile(v: V) -> bool;
    pub(super) fn erx_may_write(v: V) -> bool;
    pub(super) fn erx_may_read(v: V) -> bool;
    pub(super) fn erx_may_side_effect(v: V) -> bool;
    pub(super) fn erx_may_throw(v: V) -> bool;
    pub(super) fn erx_alignment(v: V) -> u64;
    pub(super) fn erx_constant_base(v: V, m: M, offset: *mut i64) -> V;
    pub(super) fn erx_alloca_array_size(v: V) -> V;
    pub(super) fn erx_alloca_is_static(v: V) -> bool;
    pub(super) fn erx_gep_decompose(
        v: V,
        m: M,
        offset: *mut i64,
        sink: TermSink,
        state: State,
    ) -> bool;
    pub(super) fn erx_drop_poison_flags(v: V);
    pub(super) fn erx_poison_flags(v: V) -> c_uint;
    pub(super) fn erx_fast_math(v: V) -> c_uint;
    pub(super) fn erx_int_words(v: V, out: *mut u64, room: c_uint) -> c_uint;
    pub(super) fn erx_fp_bits(v: V) -> V;
    pub(super) fn erx_fp_from_bits(t: T, words: *const u64) -> V;
    pub(super) fn erx_builder_context(b: LLVMBuilderRef) -> C;
    pub(super) fn erx_named_function(m: M, name: *const c_char, n: usize) -> V;
    pub(super) fn erx_named_variable(m: M, name: *const c_char, n: usize) -> V;
    pub(super) fn erx_call_bundle_tags(v: V, sink: TextSink, state: State);
    pub(super) fn erx_call_has_attr(v: V, index: c_uint, kind: c_uint) -> bool;
    pub(super) fn erx_call_memory_effects(v: V) -> u32;
    pub(super) fn erx_function_memory_effects(v: V) -> u32;
    pub(super) fn erx_num_cases(v: V) -> c_uint;
    pub(super) fn erx_case_value(v: V, i: c_uint) -> V;
    pub(super) fn erx_case_block(v: V, i: c_uint) -> B;
    pub(super) fn erx_phi_remove_incoming(v: V, b: B);
    pub(super) fn erx_phi_set_incoming_value(v: V, i: c_uint, x: V);
    pub(super) fn erx_phi_set_incoming_block(v: V, i: c_uint, b: B);
    pub(super) fn erx_landingpad_clauses(v: V) -> c_uint;
    pub(super) fn erx_landingpad_is_cleanup(v: V) -> bool;
    pub(super) fn erx_indices(v: V, out: *mut c_uint, room: c_uint) -> c_uint;
    pub(super) fn erx_verify_function(f: V) -> *mut c_char;
    pub(super) fn erx_print_metadata(m: MD) -> *mut c_char;
    pub(super) fn erx_scope_name(scope: MD, linkage: bool) -> *mut c_char;
    pub(super) fn erx_scope_file(scope: MD, directory: bool) -> *mut c_char;
    pub(super) fn erx_subprogram_line(s: MD) -> c_uint;
    pub(super) fn erx_debug_loc(v: V) -> MD;
    pub(super) fn erx_drop_comdat(v: V);
    pub(super) fn erx_has_comdat(v: V) -> bool;

    // metadata.cpp
    pub(super) fn erx_md_get(v: V, kind: c_uint) -> MD;
    pub(super) fn erx_md_set(v: V, kind: c_uint, m: MD);
    pub(super) fn erx_md_kinds(v: V, sink: TextSink, state: State);
    pub(super) fn erx_md_keep_only(v: V, kinds: *const c_uint, n: usize);
    pub(super) fn erx_md_kind(m: MD) -> c_uint;
    pub(super) fn erx_md_num_operands(m: MD) -> c_uint;
    pub(super) fn erx_md_operand(m: MD, i: c_uint) -> MD;
    pub(super) fn erx_md_string(m: MD) -> *mut c_char;
    pub(super) fn erx_md_constant(m: MD) -> V;
    pub(super) fn erx_md_new_string(c: C, s: *const c_char, n: usize) -> MD;
    pub(super) fn erx_md_new_constant(v: V) -> MD;
    pub(super) fn erx_md_new_node(c: C, ops: *const MD, n: usize, distinct: bool) -> MD;
    pub(super) fn erx_md_replace_operand(m: MD, i: c_uint, x: MD);
    pub(super) fn erx_new_scope_domain(c: C, s: *const c_char, n: usize) -> MD;
    pub(super) fn erx_new_scope(c: C, domain: MD, s: *const c_char, n: usize) -> MD;
    pub(super) fn erx_named_md_node(m: M, s: *const c_char, n: usize, i: c_uint) -> MD;
    pub(super) fn erx_module_flag(m: M, s: *const c_char, n: usize) -> MD;

    // transform.cpp
    // analysis.cpp
    pub(super) fn erx_closed_forms(f: V, counters: *mut V, n: usize, sink: PairSink, state: State);

    // clone.cpp
    pub(super) fn erx_clone_into_signature(
        from: V,
        into: V,
        args: *mut V,
        sink: PairSink,
        state: State,
    );

    pub(super) fn erx_clone_function(
        f: V,
        name: *const c_char,
        n: usize,
        sink: PairSink,
        state: State,
    ) -> V;
    pub(super) fn erx_inline_call(call: V, sink: ValueSink, state: State) -> *mut c_char;
    pub(super) fn erx_promote_allocas(f: V, items: *const V, n: usize) -> usize;
    pub(super) fn erx_drop_debug_records(f: V);
    pub(super) fn erx_run_function_passes(f: V, passes: *const c_char, n: usize) -> *mut c_char;
    pub(super) fn erx_expand_constant_exprs(f: V) -> usize;
    pub(super) fn erx_link_text(
        m: M,
        text: *const c_char,
        n: usize,
        what: *const c_char,
        w: usize,
    ) -> *mut c_char;
    pub(super) fn erx_parse_module(
        c: C,
        text: *const c_char,
        n: usize,
        error: *mut *mut c_char,
    ) -> M;
    pub(super) fn erx_split_before(inst: V, name: *const c_char, n: usize) -> B;
    pub(super) fn erx_remove_unreachable_blocks(f: V);
    pub(super) fn erx_delete_dead_block(b: B);
    pub(super) fn erx_delete_body(f: V);
    pub(super) fn erx_hold_loops(f: V) -> usize;
    pub(super) fn erx_release_loops(f: V) -> usize;
    pub(super) fn erx_retain(m: M, global: V);
    pub(super) fn erx_unretain(m: M, global: V);

    // analysis.cpp
    pub(super) fn erx_loop_exits(f: V, sink: ExitSink, state: State);
    pub(super) fn erx_expand_exit_counts(
        f: V,
        headers: *const B,
        exitings: *const B,
        n: usize,
        out: *mut RawTripCount,
    );
    pub(super) fn erx_loops(f: V, sink: LoopSink, state: State);
    pub(super) fn erx_analyses_new(f: V) -> State;
    pub(super) fn erx_analyses_free(a: State);
    pub(super) fn erx_alias(a: State, p: V, p_size: u64, q: V, q_size: u64) -> c_uint;
    pub(super) fn erx_alias_accesses(a: State, p: V, q: V) -> c_uint;
    pub(super) fn erx_mod_ref(a: State, i: V, p: V, p_size: u64) -> c_uint;
    pub(super) fn erx_mod_ref_access(a: State, i: V, p: V) -> c_uint;

    // import.cpp
    pub(super) fn erx_list_definitions(
        data: *const c_char,
        n: usize,
        sink: TextSink,
        seen: State,
        own: State,
    );
    pub(super) fn erx_importer(into: M) -> State;
    pub(super) fn erx_drop_importer(importer: State);
    pub(super) fn erx_import_definitions(
        importer: State,
        into: M,
        data: *const c_char,
        n: usize,
        names: *const *const c_char,
        lengths: *const usize,
        count: usize,
    ) -> *mut c_char;

    // entry.cpp
    pub(super) fn erx_built_for_major() -> c_uint;
    // late.cpp
    pub(super) fn erx_missing_symbol() -> *const c_char;
    pub(super) fn erx_register_name(builder: State);
    pub(super) fn erx_register_hooks(builder: State);
    pub(super) fn erx_diagnose(c: C, text: *const c_char, n: usize, severity: c_uint);
    pub(super) fn erx_set_diagnostic_sink(c: C, sink: TextSink, state: State);
}
