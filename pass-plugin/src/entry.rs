//! Where the host comes in: the plugin's information, its registration, and the hooks, none of which may unwind.

use crate::{
    backend,
    diag::{Code, Refusal},
    flow::{self, Hook, Phase},
    llvm::{self, Module, PLUGIN_API_VERSION, PassPluginLibraryInfo},
};
use llvm_sys::prelude::LLVMModuleRef;
use std::{
    any::Any,
    ffi::{c_char, c_int, c_uint, c_void},
    panic::{AssertUnwindSafe, catch_unwind},
    ptr,
};

/// A version that no LLVM has, so that the host reports the plugin as unusable instead of running without it.
const REFUSED: u32 = 0;

unsafe extern "C" {
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

/// The LLVM version of the process we are in, `None` when it is older than the function that tells (LLVM 16).
///
/// The lookup is by name: a host without the symbol would otherwise not load the plugin, and so not say why.
fn host_version() -> Option<(u32, u32, u32)> {
    type GetVersion = unsafe extern "C" fn(*mut c_uint, *mut c_uint, *mut c_uint);
    // SAFETY: a null handle asks the whole process (RTLD_DEFAULT), and the name is a C string.
    let found = unsafe { dlsym(ptr::null_mut(), c"LLVMGetVersion".as_ptr()) };
    if found.is_null() {
        return None;
    }
    // SAFETY: this is the C API's function, whose signature is stable.
    let get_version = unsafe { std::mem::transmute::<*mut c_void, GetVersion>(found) };
    let (mut major, mut minor, mut patch) = (0, 0, 0);
    // SAFETY: three writable integers.
    unsafe { get_version(&mut major, &mut minor, &mut patch) };
    Some((major, minor, patch))
}

/// Why this host cannot be served, in one sentence. Nothing of LLVM may be called before it was asked.
fn refuse_host(
    version: Option<(u32, u32, u32)>,
    built_for: u32,
    missing: Option<String>,
) -> Option<String> {
    let host = match version {
        Some((major, minor, patch)) if major == built_for => {
            let missing = missing?;
            return Some(format!(
                "error[{}]: this compiler's LLVM {major}.{minor}.{patch} lacks `{missing}`, which libenzyme_rs.so needs: rebuild \
                 the plugin with the headers of the compiler's own LLVM",
                Code::HostMismatch
            ));
        }
        Some((major, minor, patch)) => format!("LLVM {major}.{minor}.{patch}"),
        None => "an LLVM older than 16".to_owned(),
    };
    Some(format!(
        "error[{}]: libenzyme_rs.so was built for LLVM {built_for}, but this compiler uses {host}: \
         use a compiler with LLVM {built_for}, or rebuild the plugin for this one",
        Code::HostMismatch
    ))
}

fn refusal() -> Option<String> {
    refuse_host(
        host_version(),
        llvm::built_for_major(),
        llvm::missing_symbol(),
    )
}

/// The symbol that a host of LLVM's pass plugins looks up.
#[unsafe(no_mangle)]
pub extern "C" fn llvmGetPassPluginInfo() -> PassPluginLibraryInfo {
    let refusal = refusal();
    if let Some(sentence) = &refusal {
        eprintln!("{sentence}");
    }
    PassPluginLibraryInfo {
        api_version: if refusal.is_none() {
            PLUGIN_API_VERSION
        } else {
            REFUSED
        },
        name: c"enzyme-rs".as_ptr(),
        version: concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast(),
        register: refusal.is_none().then_some(register),
        #[cfg(not(feature = "llvm-19"))]
        pre_codegen: ptr::null(),
    }
}

extern "C" fn register(builder: *mut c_void) {
    match backend::chosen() {
        // SAFETY: the host passes its live PassBuilder, and its LLVM version was checked before we handed this out.
        None => unsafe { llvm::register(builder, true) },
        // SAFETY: the same.
        Some(path) => unsafe { backend::register(&path, builder) },
    }
}

/// Registers the pass `enzyme` for a caller of libEnzyme's C API; see [`crate::capi`].
///
/// # Safety
/// `builder` is the caller's live `PassBuilder`.
pub(crate) unsafe fn register_by_name(builder: *mut c_void, hooks: bool) {
    match refusal() {
        // SAFETY: the caller vouches for the builder, and its LLVM is ours.
        None => unsafe { llvm::register(builder, hooks) },
        Some(sentence) => eprintln!("{sentence}"),
    }
}

/// What a panic said.
pub fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "it gave no message".to_owned())
}

/// Called by the shim's pass, at a hook and phase by their numbers; returns whether the module changed.
#[unsafe(no_mangle)]
extern "C" fn enzyme_rs_on_hook(module: LLVMModuleRef, hook: c_uint, phase: c_uint) -> bool {
    // SAFETY: the shim passes the module that the host is running us on.
    let module = unsafe { Module::from_raw(module) };
    on_large_stack(module, |module| {
        let Some(hook) = Hook::from_number(hook) else {
            panic!("no hook has the number {hook}")
        };
        // A phase that is none of ours (full post-link at another hook) has nothing for us to do.
        Phase::new(hook, phase).is_some_and(|phase| flow::on_hook(module, hook, phase))
    })
}

/// Stack for what goes deep: derivatives of callees are made on the way, and the host's own threads may have 2 MiB. The
/// pages that are not touched cost nothing.
const STACK_BYTES: usize = 1 << 30;

/// The module in a thread of ours, while the host's thread waits.
struct Lent(Module);

// SAFETY: the host's thread, which owns the module and its context, does nothing until ours has ended, and what it did is
// visible to ours and the other way round, because threads are started and joined in order.
unsafe impl Sync for Lent {}

/// Runs the work in a thread with a large stack, or here if there can be none.
fn on_large_stack(module: Module, work: impl FnOnce(Module) -> bool + Send) -> bool {
    let lent = Lent(module);
    let work = std::sync::Mutex::new(Some(work));
    let run = || {
        let lent = &lent;
        let module = lent.0;
        guard(module, || {
            let taken = work.lock().ok().and_then(|mut work| work.take());
            taken.is_some_and(|work| work(module))
        })
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("enzyme-rs".to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, run);
        match thread {
            Ok(thread) => thread.join().unwrap_or(true),
            Err(_) => run(),
        }
    })
}

/// Runs what the plugin does to a module. A panic must not reach C++: it becomes an internal error, which fails the
/// build, so a module that is half changed goes nowhere.
fn guard(module: Module, work: impl FnOnce() -> bool) -> bool {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        // Even this must not unwind: printing it touches LLVM and the log.
        let report = || Refusal::internal(&panic_message(&*payload)).report(module.context());
        if catch_unwind(AssertUnwindSafe(report)).is_err() {
            module
                .context()
                .emit_error("enzyme-rs failed, and failed again at saying why");
        }
        true
    })
}

/// Kept so that the number of arguments of the hook cannot drift from the shim's without a compile error here.
const _: extern "C" fn(LLVMModuleRef, c_uint, c_uint) -> bool = enzyme_rs_on_hook;
const _: () = assert!(size_of::<c_int>() == 4);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llvm::{Context, DiagnosticLog};

    #[test]
    fn only_the_version_built_for_is_served() {
        assert_eq!(refuse_host(Some((22, 1, 4)), 22, None), None);
        let other = refuse_host(Some((19, 1, 7)), 22, Some("LLVMX".into())).unwrap();
        assert!(
            other.contains("LLVM 19.1.7") && other.contains("built for LLVM 22"),
            "{other}"
        );
        assert!(
            refuse_host(None, 22, None)
                .unwrap()
                .contains("older than 16")
        );
        let lacking = refuse_host(Some((22, 1, 4)), 22, Some("LLVMX".into())).unwrap();
        assert!(lacking.contains("LLVMX") && lacking.contains("22.1.4"));
    }

    #[test]
    fn this_process_is_of_the_version_built_for() {
        assert_eq!(
            host_version().map(|(major, ..)| major),
            Some(llvm::built_for_major())
        );
        let info = llvmGetPassPluginInfo();
        assert_eq!(info.api_version, PLUGIN_API_VERSION);
        assert!(info.register.is_some());
    }

    #[test]
    fn no_profile_aborts_on_panic() {
        // With `panic = "abort"` a mistake in the plugin would take the user's compiler down with it.
        let manifest = include_str!("../../Cargo.toml");
        let settings: Vec<&str> = manifest
            .lines()
            .filter(|line| line.trim_start().starts_with("panic"))
            .collect();
        assert_eq!(settings, ["panic = \"unwind\""]);
    }

    #[test]
    fn a_panic_becomes_an_internal_error() {
        let context = Context::create();
        let log = DiagnosticLog::install(context);
        let module = Module::parse(context, "").unwrap();
        assert!(guard(module, || panic!("the reason")));
        assert_eq!(log.messages().len(), 1);
        assert!(
            log.messages()[0].contains("the reason") && log.messages()[0].contains("error[ER"),
            "{log:?}"
        );
        module.dispose();
        context.dispose();
    }
}
