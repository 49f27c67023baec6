//! Another engine: with `ENZYME_RS_BACKEND=/path/to/libEnzyme-22.so` the markers are handed to that library.
//!
//! It is loaded in place of our own passes, through `registerEnzymeAndPassPipeline`, which every build of libEnzyme has.
//! The calling convention is the same, so programs need no change; that is for comparing the two.

use std::{
    ffi::{CStr, CString, c_char, c_int, c_void},
    path::{Path, PathBuf},
    process,
};

use crate::diag::Code;

unsafe extern "C" {
    fn dlopen(path: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    fn dlerror() -> *const c_char;
}

/// Bind all symbols at once, so that a library for another LLVM is refused here and not in mid-flight; its names stay its
/// own, for our plugin has the same.
const RTLD_NOW: c_int = 2;

/// The library that the user chose.
pub(crate) fn chosen() -> Option<PathBuf> {
    std::env::var_os("ENZYME_RS_BACKEND")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

/// Lets the library at `path` register its passes, at the hooks of the default pipelines too. A library that can't be used
/// ends the build: without it the markers would stay in the program.
///
/// # Safety
/// `builder` is the host's live `PassBuilder`.
pub(crate) unsafe fn register(path: &Path, builder: *mut c_void) {
    type Register = unsafe extern "C" fn(*mut c_void, bool);
    match find(path, c"registerEnzymeAndPassPipeline") {
        Ok(found) => {
            // SAFETY: the function of that name has this signature in every libEnzyme.
            let register = unsafe { std::mem::transmute::<*mut c_void, Register>(found) };
            // SAFETY: the caller vouches for the builder.
            unsafe { register(builder, true) }
        }
        Err(why) => {
            eprintln!(
                "error[{}]: the library named by ENZYME_RS_BACKEND cannot be used: {why}",
                Code::HostMismatch
            );
            process::exit(1);
        }
    }
}

/// The symbol of a library that stays loaded.
fn find(path: &Path, symbol: &CStr) -> Result<*mut c_void, String> {
    let text = path.as_os_str().as_encoded_bytes().to_vec();
    let text = CString::new(text).map_err(|_| "its path holds a zero byte".to_owned())?;
    // SAFETY: a C string; that its initialisers are sound is what choosing the library means.
    let handle = unsafe { dlopen(text.as_ptr(), RTLD_NOW) };
    if handle.is_null() {
        // SAFETY: after a failure it is a C string, valid until the next call of these functions on this thread.
        let why = unsafe { CStr::from_ptr(dlerror()) };
        return Err(why.to_string_lossy().into_owned());
    }
    // SAFETY: a live handle and a C string.
    let found = unsafe { dlsym(handle, symbol.as_ptr()) };
    match found.is_null() {
        true => Err(format!("{} has no symbol {symbol:?}", path.display())),
        false => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_library_is_said() {
        let missing = find(Path::new("/no/such/libEnzyme.so"), c"f").unwrap_err();
        assert!(missing.contains("/no/such/libEnzyme.so"), "{missing}");
        let other = find(Path::new("libm.so.6"), c"registerEnzymeAndPassPipeline").unwrap_err();
        assert!(other.contains("registerEnzymeAndPassPipeline"), "{other}");
    }
}
