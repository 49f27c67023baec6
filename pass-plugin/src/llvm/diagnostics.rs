//! Diagnostics: handing messages to the host, and catching them in contexts of our own.

use super::{Context, raw, text};
use std::{
    cell::RefCell,
    ffi::{c_char, c_void},
    rc::Rc,
};

/// The severity of a diagnostic, with LLVM's numbers.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Severity {
    Error = 0,
    Warning = 1,
    Remark = 2,
    Note = 3,
}

impl Context {
    /// Hands a message to the host's diagnostic handler. With [`Severity::Error`] the host fails its build: `opt`
    /// stops at once, the others after the pass has returned.
    pub fn emit(self, severity: Severity, message: &str) {
        // SAFETY: the context is alive and the message a live slice.
        unsafe {
            raw::erx_diagnose(
                self.0,
                message.as_ptr().cast(),
                message.len(),
                severity as u32,
            )
        }
    }

    pub fn emit_error(self, message: &str) {
        self.emit(Severity::Error, message);
    }

    pub fn emit_warning(self, message: &str) {
        self.emit(Severity::Warning, message);
    }

    pub fn emit_remark(self, message: &str) {
        self.emit(Severity::Remark, message);
    }
}

/// A place for the diagnostics of a context of one's own, so that an error does not end the process.
#[derive(Debug, Default)]
pub struct DiagnosticLog(Rc<RefCell<Vec<String>>>);

extern "C" fn collect(state: *mut c_void, at: *const c_char, len: usize) {
    // SAFETY: `install` passes the cell of a log that outlives the context, and the shim passes a valid range.
    let (cell, text) = unsafe {
        (
            &*state.cast::<RefCell<Vec<String>>>(),
            text::borrowed(at, len),
        )
    };
    cell.borrow_mut().push(text);
}

impl DiagnosticLog {
    /// Collects the diagnostics of a context from now on; the log must outlive the context.
    pub fn install(context: Context) -> DiagnosticLog {
        let log = DiagnosticLog::default();
        // SAFETY: the cell stays where it is while the log lives, which the caller sees to.
        unsafe {
            raw::erx_set_diagnostic_sink(context.0, collect, Rc::as_ptr(&log.0).cast_mut().cast())
        };
        log
    }

    pub fn messages(&self) -> Vec<String> {
        self.0.borrow().clone()
    }
}
