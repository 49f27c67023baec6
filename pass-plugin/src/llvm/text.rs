//! Strings across the C border.

use llvm_sys::core::LLVMDisposeMessage;
use std::ffi::{CStr, CString, c_char, c_void};

/// A C string for LLVM; LLVM's names end at the first NUL anyway, so that is where ours are cut.
pub(super) fn c_string(text: &str) -> CString {
    let end = text.find('\0').unwrap_or(text.len());
    CString::new(&text[..end]).unwrap_or_default()
}

/// Copies `len` bytes of text which LLVM owns; null is empty.
///
/// # Safety
/// `at` is null or points to `len` readable bytes.
pub(super) unsafe fn borrowed(at: *const c_char, len: usize) -> String {
    if at.is_null() {
        return String::new();
    }
    // SAFETY: the caller vouches for the range.
    let bytes = unsafe { std::slice::from_raw_parts(at.cast::<u8>(), len) };
    String::from_utf8_lossy(bytes).into_owned()
}

/// Copies a NUL-terminated string which LLVM owns; null is none.
///
/// # Safety
/// `at` is null or a C string.
pub(super) unsafe fn borrowed_c(at: *const c_char) -> Option<String> {
    // SAFETY: the caller vouches for the string.
    (!at.is_null()).then(|| unsafe { CStr::from_ptr(at) }.to_string_lossy().into_owned())
}

/// Takes over a message that LLVM or the shim allocated; null is none.
///
/// # Safety
/// `at` is null or a C string made by `LLVMCreateMessage` or the shim's `ownedText`, not yet disposed of.
pub(super) unsafe fn owned(at: *mut c_char) -> Option<String> {
    if at.is_null() {
        return None;
    }
    // SAFETY: as the caller vouches; the copy is made before the message goes.
    let text = unsafe { CStr::from_ptr(at) }.to_string_lossy().into_owned();
    // SAFETY: as above, and nothing refers to the message any more.
    unsafe { LLVMDisposeMessage(at) };
    Some(text)
}

/// A text sink of the shim that collects into the `Vec<String>` behind `state`.
pub(super) extern "C" fn collect_texts(state: *mut c_void, at: *const c_char, len: usize) {
    // SAFETY: every caller in this folder passes a `&mut Vec<String>` as the state, and the shim passes valid ranges.
    unsafe { (*state.cast::<Vec<String>>()).push(borrowed(at, len)) }
}
