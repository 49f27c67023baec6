//! The names that the plugin replaces. They are defined nowhere, so a program built without it doesn't link.

// The ABI is "C-unwind" because a primal may panic: through plain "C" a panic would abort the program.
//
// SAFETY: the plugin replaces every use of these names; nothing else defines them.
unsafe extern "C-unwind" {
    /// Reverse mode.
    pub fn __enzyme_autodiff(thunk: *const (), ...);
    /// Forward mode.
    pub fn __enzyme_fwddiff(thunk: *const (), ...);

    /// Calls the thunk, and differentiates nothing.
    pub fn __enzyme_call_inactive(thunk: *const (), ...);
    /// Calls the thunk. Its derivatives are those of a forward rule, and of the two halves of a reverse rule; then come the
    /// sets of shadows that either can do without.
    pub fn __enzyme_rs_call_custom(
        thunk: *const (),
        forward: *const (),
        augmented: *const (),
        gradient: *const (),
        forward_absent: u64,
        reverse_absent: u64,
        ...
    );
    /// Its argument, whose derivative is cut.
    pub fn __enzyme_ignore_derivatives_f32(x: f32) -> f32;
    /// Its argument, whose derivative is cut.
    pub fn __enzyme_ignore_derivatives_f64(x: f64) -> f64;

    /// The next operand is a primal without derivative.
    pub static enzyme_const: u8;
    /// The next operands are a primal and its shadows.
    pub static enzyme_dup: u8;
    /// The next operands are a primal that isn't needed afterwards and its shadows.
    pub static enzyme_dupnoneed: u8;
    /// The next operand is the number of shadows of each primal.
    pub static enzyme_width: u8;
    /// The next operand points at the description of the call.
    pub static enzyme_rs_types: u8;
}
