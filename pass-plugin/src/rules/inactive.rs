//! The functions that are declared to have no derivative.
//!
//! Nothing stands here that can move a derivative from one place to another: no function that returns a pointer into
//! its argument (`memchr`: `prepare` computes the pointer from the argument and marks the call), none that fills memory
//! with floats (`fread`, `sscanf`), none that runs code it was given (`catch_unwind`, `qsort`), none whose adjoint would
//! be a communication of its own (`MPI_Bcast`). A function that stands neither here nor in `table.rs`, and has no body,
//! is an error for the user to see.
//!
//! Functions that never return need no row: the reverse sweep never sees the paths that end in them. Those here are
//! listed because they are called with arguments (`core::fmt` objects) that an analysis would otherwise follow.

use super::names;
use std::collections::HashMap;
use std::sync::OnceLock;

/// What it means for a call to be inactive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inactive {
    /// A function without effects whose result is an integer or is constant in pieces: the result carries no
    /// derivative, and the arguments receive none. It may read memory (`strlen`), so whether it can be recomputed is
    /// for its attributes to say.
    ResultInactive,
    /// A pure function of integers. It is inactive if its operands are; the caller has to check that the integers hold
    /// no bits of floats or pointers.
    IfInteger,
    /// A hint or an annotation without run-time effect; it stays where it is in the forward sweep and has no
    /// reverse. (Lifetime markers are among them; the emitter has its own rules for where they may stay.)
    NoEffect,
    /// It acts on the world outside (prints, reads the clock, panics). The forward sweep calls it as the primal does,
    /// the reverse sweep doesn't, and neither its result nor the memory that it writes carries a derivative.
    Effect,
}

use Inactive::{Effect, IfInteger, NoEffect, ResultInactive};

/// C's mathematical functions, at every width, and the intrinsics of the same name.
const MATH: &[(Inactive, &str)] = &[
    // Constant in pieces.
    (
        ResultInactive,
        "floor ceil trunc round roundeven rint nearbyint logb",
    ),
    // Their results are integers.
    (ResultInactive, "lround llround lrint llrint ilogb llogb"),
    (
        ResultInactive,
        "isnan isinf finite isfinite __isnan __isinf __finite",
    ),
    (ResultInactive, "__fpclassify __signbit"),
];

/// LLVM's intrinsics, by the part of their name before the types.
const INTRINSICS: &[(Inactive, &str)] = &[
    (
        ResultInactive,
        "is.fpclass fptosi.sat fptoui.sat is.constant objectsize",
    ),
    (
        ResultInactive,
        "type.test public.type.test eh.typeid.for allow.runtime.check \
        allow.ubsan.check",
    ),
    (ResultInactive, "vscale get.active.lane.mask"),
    // x86: signs, comparisons and conversions to integers.
    (
        ResultInactive,
        "x86.sse.movmsk x86.sse2.movmsk x86.avx.movmsk x86.sse2.pmovmskb x86.avx2.pmovmskb",
    ),
    (
        ResultInactive,
        "x86.sse.comieq x86.sse.comige x86.sse.comigt x86.sse.comile x86.sse.comilt x86.sse.comineq",
    ),
    (
        ResultInactive,
        "x86.sse.ucomieq x86.sse.ucomige x86.sse.ucomigt x86.sse.ucomile x86.sse.ucomilt x86.sse.ucomineq",
    ),
    (
        ResultInactive,
        "x86.sse2.comieq x86.sse2.comige x86.sse2.comigt x86.sse2.comile x86.sse2.comilt x86.sse2.comineq",
    ),
    (
        ResultInactive,
        "x86.sse2.ucomieq x86.sse2.ucomige x86.sse2.ucomigt x86.sse2.ucomile x86.sse2.ucomilt x86.sse2.ucomineq",
    ),
    (
        ResultInactive,
        "x86.sse.cvtss2si x86.sse.cvtss2si64 x86.sse.cvttss2si x86.sse.cvttss2si64 x86.sse2.cvtsd2si",
    ),
    (
        ResultInactive,
        "x86.sse2.cvtsd2si64 x86.sse2.cvttsd2si x86.sse2.cvttsd2si64 x86.sse2.cvtps2dq x86.sse2.cvttps2dq",
    ),
    (
        ResultInactive,
        "x86.sse2.cvtpd2dq x86.sse2.cvttpd2dq x86.avx.cvt.ps2dq x86.avx.cvtt.ps2dq x86.avx.cvt.pd2dq.256",
    ),
    (
        ResultInactive,
        "x86.avx.cvtt.pd2dq.256 x86.sse41.ptestz x86.sse41.ptestc x86.sse41.ptestnzc x86.avx.ptestz",
    ),
    (
        ResultInactive,
        "x86.avx.ptestc x86.avx.ptestnzc x86.avx.vtestz x86.avx.vtestc x86.avx.vtestnzc",
    ),
    (
        Effect,
        "x86.sse.sfence x86.sse2.lfence x86.sse2.mfence x86.sse2.pause x86.rdtsc x86.rdtscp",
    ),
    (
        ResultInactive,
        // Constant in pieces also where the integer is the bits of a float.
        "scmp ucmp ctpop ctlz cttz",
    ),
    (IfInteger, "abs smax smin umax umin"),
    (
        IfInteger,
        "bswap bitreverse fshl fshr expect expect.with.probability",
    ),
    (
        IfInteger,
        "sadd.with.overflow uadd.with.overflow ssub.with.overflow usub.with.overflow",
    ),
    (
        IfInteger,
        "smul.with.overflow umul.with.overflow sadd.sat uadd.sat ssub.sat usub.sat",
    ),
    (
        IfInteger,
        "sshl.sat ushl.sat vector.reduce.add vector.reduce.mul vector.reduce.and",
    ),
    (
        IfInteger,
        "vector.reduce.or vector.reduce.xor vector.reduce.smax vector.reduce.smin",
    ),
    (IfInteger, "vector.reduce.umax vector.reduce.umin"),
    (
        NoEffect,
        "assume prefetch lifetime.start lifetime.end invariant.start invariant.end",
    ),
    (
        NoEffect,
        "experimental.noalias.scope.decl dbg.value dbg.declare dbg.assign dbg.label",
    ),
    (
        NoEffect,
        "donothing sideeffect pseudoprobe var.annotation codeview.annotation fake.use",
    ),
    (Effect, "trap debugtrap ubsantrap"),
    (Effect, "get.rounding readcyclecounter readsteadycounter"),
];

/// Symbols, by their exact name.
const SYMBOLS: &[(Inactive, &str)] = &[
    // Comparisons of bytes: integers whatever the bytes are.
    (
        ResultInactive,
        "memcmp bcmp strlen strnlen strcmp strncmp strcasecmp strncasecmp strcoll strspn strcspn",
    ),
    (
        ResultInactive,
        "isalpha isdigit isspace isalnum isupper islower ispunct isxdigit isprint iscntrl isgraph isblank toupper tolower",
    ),
    // Text that is copied; the result is the first argument, which `prepare/library.rs` puts in its place.
    (
        Effect,
        "strcpy strncpy strcat strncat __strcpy_chk __strncpy_chk __strcat_chk __strncat_chk",
    ),
    // Numbers read from text are new constants.
    (ResultInactive, "atoi atol atoll atof"),
    (
        ResultInactive,
        "malloc_usable_size malloc_size _msize fegetround __errno_location",
    ),
    // They also store where the number ended.
    (Effect, "strtol strtoul strtoll strtoull strtod strtof"),
    // Output: what is written is text or bytes outside the program, or a buffer of text.
    (
        Effect,
        "printf fprintf vprintf vfprintf sprintf snprintf vsnprintf dprintf puts",
    ),
    (
        Effect,
        "__printf_chk __fprintf_chk __sprintf_chk __snprintf_chk __vsnprintf_chk",
    ),
    (
        Effect,
        "fputs putchar putc fputc _IO_putc fwrite write fflush fopen fclose perror",
    ),
    (
        Effect,
        "getc fgetc getchar ungetc feof ferror clearerr fseek ftell rewind fileno setvbuf setbuf remove rename tmpfile",
    ),
    (
        Effect,
        "abort exit _exit _Exit __assert_fail __stack_chk_fail atexit __cxa_atexit",
    ),
    (
        Effect,
        "__cxa_guard_acquire __cxa_guard_release __cxa_guard_abort",
    ),
    (
        Effect,
        "time clock clock_gettime omp_get_wtime gettimeofday getenv mkdir stat getpid sched_yield",
    ),
    // Random numbers do not depend on what the program computed.
    (Effect, "rand srand random srandom drand48 lrand48 srand48"),
    (
        ResultInactive,
        "omp_get_max_threads omp_get_num_threads omp_get_thread_num",
    ),
    // Queries only: an exchange of data has an adjoint exchange.
    (
        Effect,
        "MPI_Init MPI_Init_thread MPI_Initialized MPI_Finalize MPI_Finalized MPI_Abort",
    ),
    (
        Effect,
        "MPI_Comm_rank MPI_Comm_size MPI_Get_processor_name MPI_Get_count MPI_Wtime",
    ),
    (
        Effect,
        "PMPI_Init PMPI_Init_thread PMPI_Initialized PMPI_Finalize PMPI_Finalized \
        PMPI_Abort",
    ),
    (
        Effect,
        "PMPI_Comm_rank PMPI_Comm_size PMPI_Get_processor_name PMPI_Get_count PMPI_Wtime",
    ),
    // They keep the allocator linked in and read a flag.
    (
        Effect,
        "__rust_no_alloc_shim_is_unstable __rust_no_alloc_shim_is_unstable_v2",
    ),
    (
        Effect,
        "__rust_alloc_error_handler rust_begin_unwind rust_panic _Unwind_Resume",
    ),
    // libstdc++: insertion of C strings, endl, flush, the streams' start-up and the widening table of a locale.
    (
        Effect,
        "_ZSt4endlIcSt11char_traitsIcEERSt13basic_ostreamIT_T0_ES6_ \
        _ZNKSt5ctypeIcE13_M_widen_initEv",
    ),
    (
        Effect,
        "_ZNSt8ios_base4InitC1Ev _ZNSt8ios_base4InitD1Ev _ZSt9terminatev",
    ),
];

/// Symbols, by how they start. Only families of which every member is inactive.
const SYMBOL_PREFIXES: &[(Inactive, &str)] = &[
    // `std::ostream`'s members, and the inserters of text; the stream that they return is no data of the program.
    (Effect, "_ZNSo"),
    (
        Effect,
        "_ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_",
    ),
    (Effect, "_ZSt16__ostream_insertI"),
    // `std::string`'s members and allocator, in both of libstdc++'s ABIs: text.
    (
        Effect,
        "_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE",
    ),
    (
        Effect,
        "_ZNKSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE",
    ),
    (Effect, "_ZNSs"),
    (Effect, "_ZNKSs"),
    (Effect, "_ZNSaIcE"),
    // Sizes of hash tables and hashes of bytes.
    (Effect, "_ZNKSt8__detail20_Prime_rehash_policy"),
    (Effect, "_ZSt11_Hash_bytes"),
    // Streams, locales and what they throw.
    (Effect, "_ZNSt8ios_base"),
    (Effect, "_ZNSt9basic_ios"),
    (Effect, "_ZNKSt9basic_ios"),
    (Effect, "_ZNSt6locale"),
    (Effect, "_ZNSt15basic_streambuf"),
    (Effect, "_ZSt20__throw_"),
    // Ours: whether an object is of a type.
    (Effect, "enzyme_rs.cast."),
    // Ours: in which order elements are, and where one is.
    (Effect, "enzyme_rs.sort."),
    // Sanitizers: what they report, and what they ask of memory.
    (Effect, "__ubsan_handle_"),
    (Effect, "__asan_report_"),
    (Effect, "__asan_handle_no_return"),
    (Effect, "__asan_load"),
    (Effect, "__asan_store"),
    (Effect, "__sanitizer_cov_"),
    // `std::chrono::_V2::*_clock::now`.
    (Effect, "_ZNSt6chrono3_V2"),
];

/// Rust's own functions, by demangled path. A row that ends in `::` stands for everything below that path; any other
/// stands for that function, whatever its type parameters.
const RUST: &[(Inactive, &str)] = &[
    (Effect, "core::panicking::"),
    (Effect, "std::panicking::begin_panic"),
    (Effect, "std::panicking::panic_with_hook"),
    (Effect, "std::panicking::rust_panic_with_hook"),
    (Effect, "std::panicking::panic_count::"),
    (Effect, "std::thread::panicking"),
    (Effect, "core::option::unwrap_failed"),
    (Effect, "core::option::expect_failed"),
    (Effect, "core::result::unwrap_failed"),
    (Effect, "core::cell::panic_already_borrowed"),
    (Effect, "core::cell::panic_already_mutably_borrowed"),
    (Effect, "core::slice::index::slice_index_fail"),
    (Effect, "core::slice::index::slice_start_index_len_fail"),
    (Effect, "core::slice::index::slice_end_index_len_fail"),
    (Effect, "core::slice::index::slice_index_order_fail"),
    (
        Effect,
        "core::slice::copy_from_slice_impl::len_mismatch_fail",
    ),
    (Effect, "core::str::slice_error_fail"),
    (Effect, "alloc::alloc::handle_alloc_error"),
    (Effect, "alloc::raw_vec::handle_error"),
    (Effect, "alloc::raw_vec::capacity_overflow"),
    // Formatting turns values into text, which carries no derivative.
    (Effect, "core::fmt::"),
    (Effect, "alloc::fmt::"),
    (Effect, "std::io::stdio::_print"),
    (Effect, "std::io::stdio::_eprint"),
    (Effect, "std::io::stdio::stdout"),
    (Effect, "std::io::stdio::stderr"),
    (Effect, "std::io::stdio::Stdout::"),
    (Effect, "std::io::stdio::Stderr::"),
    (Effect, "std::time::"),
    (Effect, "std::env::"),
    (Effect, "std::process::abort"),
    (Effect, "std::process::exit"),
    (Effect, "std::process::id"),
    (Effect, "std::thread::functions::panicking"),
    (Effect, "std::sys::random::hashmap_random_keys"),
    // The log crate hands text to a logger.
    (Effect, "log::__private_api::"),
    // The compiler's own symbols, which it mangles since 1.89.
    (Effect, "__rustc::__rust_no_alloc_shim_is_unstable"),
    (Effect, "__rustc::__rust_no_alloc_shim_is_unstable_v2"),
    (Effect, "__rustc::__rust_alloc_error_handler"),
    (Effect, "__rustc::rust_begin_unwind"),
    (Effect, "__rustc::rust_panic"),
];

/// Traits whose implementations for std's own types only write text.
const TEXT_TRAITS: &[&str] = &["core::fmt::", "std::io::Write"];

/// Whether the function of this symbol is declared to have no derivative. `demangled` is its Rust path if it has one,
/// with or without hash and crate disambiguators.
pub fn inactive_function(name: &str, demangled: Option<&str>) -> Option<Inactive> {
    if let Some(rest) = name.strip_prefix("llvm.") {
        let below = |base: &str| {
            rest.strip_prefix(base)
                .is_some_and(|types| types.is_empty() || types.starts_with('.'))
        };
        // Of MATH only the names that LLVM has occur here.
        let rows = INTRINSICS.iter().chain(MATH);
        return rows
            .filter(|(_, bases)| bases.split_whitespace().any(below))
            .map(|(class, _)| *class)
            .next();
    }
    let by_prefix = || {
        SYMBOL_PREFIXES
            .iter()
            .find(|(_, prefix)| name.starts_with(prefix))
            .map(|(class, _)| *class)
    };
    symbols()
        .get(name)
        .copied()
        .or_else(by_prefix)
        .or_else(|| inactive_path(&plain_path(demangled?)))
}

/// Whether only the implementation defines functions of this name: mangled names that are looked up are those of
/// standard libraries, and what copies or compares memory is what its name says even where a program brings its own.
pub fn is_reserved(name: &str) -> bool {
    ["_", "llvm.", "enzyme_rs.", "rust_", "mem", "str", "bcmp"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// The spellings of [`MATH`] and [`SYMBOLS`]; built once, constant from then on.
fn symbols() -> &'static HashMap<String, Inactive> {
    static ALL: OnceLock<HashMap<String, Inactive>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = HashMap::new();
        for (class, group) in MATH {
            for name in group.split_whitespace() {
                all.extend(
                    names::spellings(name)
                        .into_iter()
                        .map(|(spelling, ..)| (spelling, *class)),
                );
            }
        }
        for (class, group) in SYMBOLS {
            all.extend(
                group
                    .split_whitespace()
                    .map(|name| (name.to_string(), *class)),
            );
        }
        all
    })
}

/// Removes crate disambiguators: `core[8a3f01]::fmt` becomes `core::fmt`. Slices (`[f64]`) and arrays stay.
fn plain_path(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some(open) = rest.find('[') {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        let after_name = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let close = from.find(']').unwrap_or(0);
        if after_name && close > 1 && from[1..close].bytes().all(|b| b.is_ascii_hexdigit()) {
            rest = &from[close + 1..];
        } else {
            out.push('[');
            rest = &from[1..];
        }
    }
    out + rest
}

fn inactive_path(path: &str) -> Option<Inactive> {
    // `<core::fmt::Formatter>::pad` is an inherent method, `<f64 as core::fmt::Display>::fmt` one of a trait.
    if let Some(inner) = path.strip_prefix('<') {
        let (of, method) = split_qualified(inner)?;
        let Some((of, of_trait)) = of.split_once(" as ") else {
            return inactive_path(&format!("{}{method}", without_generics(of)));
        };
        let text = TEXT_TRAITS.iter().any(|t| of_trait.starts_with(t));
        // A user's implementation is a function like any other, with a body to be looked at.
        return (text && is_std_type(of)).then_some(Effect);
    }
    let found = RUST.iter().find(|(_, row)| match path.strip_prefix(row) {
        Some(_) if row.ends_with("::") => true,
        Some(rest) => rest.is_empty() || rest.starts_with("::<") || is_hash(rest),
        None => false,
    });
    found.map(|(class, _)| *class)
}

/// Splits `T as Trait>::method` at the bracket that closes it, at depth zero.
fn split_qualified(inner: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    for (at, c) in inner.char_indices() {
        match c {
            '<' => depth += 1,
            // The arrow of a function type closes nothing.
            '>' if inner[..at].ends_with('-') => {}
            '>' if depth == 0 => return Some((&inner[..at], &inner[at + 1..])),
            '>' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn without_generics(path: &str) -> &str {
    path.split('<').next().unwrap_or(path)
}

/// A primitive, or a type of the standard library that holds none of the user's types.
fn is_std_type(of: &str) -> bool {
    let of = of.trim_start_matches('&');
    let primitive = [
        "bool", "char", "str", "f32", "f64", "u8", "u16", "u32", "u64", "u128", "usize",
    ]
    .contains(&of)
        || ["i8", "i16", "i32", "i64", "i128", "isize"].contains(&of);
    let of_std = ["core::", "alloc::", "std::"]
        .iter()
        .any(|krate| of.starts_with(krate));
    primitive || of_std && !of.contains('<')
}

/// The `::h0123456789abcdef` of the legacy mangling.
fn is_hash(rest: &str) -> bool {
    rest.strip_prefix("::h")
        .is_some_and(|hash| hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::super::{lookup_function, rows};
    use super::*;

    #[test]
    fn steps_and_integers_are_inactive_at_every_width() {
        for name in [
            "floor",
            "floorf",
            "ceill",
            "llvm.round.v4f32",
            "llvm.roundeven.f64",
            "lroundf",
            "llvm.llrint.i64.f64",
        ] {
            assert_eq!(
                inactive_function(name, None),
                Some(ResultInactive),
                "{name}"
            );
        }
        assert_eq!(
            inactive_function("llvm.is.fpclass.f64", None),
            Some(ResultInactive)
        );
        assert_eq!(inactive_function("llvm.umax.i64", None), Some(IfInteger));
        assert_eq!(inactive_function("llvm.assume", None), Some(NoEffect));
        assert_eq!(inactive_function("printf", None), Some(Effect));
        assert_eq!(
            inactive_function("_ZNSo9_M_insertIdEERSoT_", None),
            Some(Effect)
        );
    }

    #[test]
    fn rust_paths_in_all_manglings() {
        let inactive = [
            "core::panicking::panic_bounds_check::h0123456789abcdef",
            "core[8a3f01cc]::panicking::panic_fmt",
            "std::io::stdio::_print",
            "std::io::stdio::_print::h0123456789abcdef",
            "<core::fmt::Formatter>::pad",
            "<f64 as core::fmt::Display>::fmt",
            "<core[1a]::time::Duration as core[1a]::fmt::Debug>::fmt",
            "std::time::Instant::now",
            "<std::time::Instant>::now",
            "__rustc[5bfa]::__rust_no_alloc_shim_is_unstable_v2",
            "alloc::raw_vec::handle_error",
        ];
        for path in inactive {
            assert_eq!(
                inactive_function("_Rxyz", Some(path)),
                Some(Effect),
                "{path}"
            );
        }
    }

    #[test]
    fn what_may_carry_a_derivative_is_not_declared() {
        for name in [
            "memchr",
            "memcpy",
            "fread",
            "sscanf",
            "qsort",
            "sin",
            "llvm.memcpy.p0.p0.i64",
            "llvm.ptrmask.p0.i64",
        ] {
            assert_eq!(inactive_function(name, None), None, "{name}");
        }
        for name in [
            "llvm.floors",
            "llvm.fabs.f64",
            "llvm.ptr.annotation.p0",
            "MPI_Bcast",
            "my_floor",
            "_ZNSirsERd",
        ] {
            assert_eq!(inactive_function(name, None), None, "{name}");
        }
        let active = [
            "std::panicking::catch_unwind",
            "std::panicking::begin_panicky",
            "<mine::Matrix as core::fmt::Display>::fmt",
            "<alloc::vec::Vec<mine::Cell> as core::fmt::Debug>::fmt",
            "<mine::Sum<core::fmt::Error> as mine::Add>::add",
            "mine::core::panicking::panic",
            "std::io::stdio::Stdin::read_line",
            "core::slice::copy_from_slice_impl",
        ];
        for path in active {
            assert_eq!(inactive_function("_Rxyz", Some(path)), None, "{path}");
        }
    }

    #[test]
    fn nothing_is_both_active_and_inactive() {
        for (_, name) in rows() {
            assert_eq!(inactive_function(name, None), None, "{name}");
            assert_eq!(
                inactive_function(&format!("llvm.{name}"), None),
                None,
                "{name}"
            );
        }
        for name in symbols().keys() {
            assert!(lookup_function(name).is_none(), "{name}");
        }
    }
}
