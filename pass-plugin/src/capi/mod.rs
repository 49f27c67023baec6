//! libEnzyme's C API, as far as a compiler that carries markers of its own asks for it.
//!
//! rustc's `std::autodiff` looks for `libEnzyme-22.so` in its sysroot and, through these functions, sets options, builds
//! type trees and registers the pass `enzyme`. The same file as the plugin, under that name, serves it. What an option
//! does is in [`options`], what a type tree is in [`tree`]; here are their C forms.
//!
//! Functions of that API which differentiate one function on demand (`EnzymeCreatePrimalAndGradient` …) are not here: no
//! compiler of our LLVM calls them.

pub mod options;
pub mod tree;

use crate::entry;
use options::Switch;
use std::ffi::{CStr, CString, c_char, c_void};
use std::sync::atomic::AtomicU64;
use tree::{Concrete, Tree};

/// A switch of the C API: callers know it by its address, and set it through [`EnzymeSetCLBool`].
///
/// The word is never read: what is set is kept by [`options`]. It is there to have an address.
macro_rules! switches {
    ($($name:ident => $switch:ident,)*) => {
        $(
            #[unsafe(no_mangle)]
            pub static $name: AtomicU64 = AtomicU64::new(0);
        )*

        /// The switch with that address.
        fn switch_at(address: *const c_void) -> Option<Switch> {
            $(
                if std::ptr::eq(address, std::ptr::from_ref(&$name).cast()) {
                    return Some(Switch::$switch);
                }
            )*
            None
        }
    };
}

switches! {
    EnzymePrint => Print,
    EnzymePrintActivity => PrintActivity,
    EnzymePrintType => PrintType,
    EnzymePrintPerf => PrintPerf,
    EnzymeFunctionToAnalyze => FunctionToAnalyze,
    EnzymeStrictAliasing => StrictAliasing,
    EnzymeInline => Inline,
    EnzymeMaxTypeDepth => MaxTypeDepth,
    RustTypeRules => RustTypeRules,
    looseTypeAnalysis => LooseTypes,
}

/// Registers the pass `enzyme` with a `PassBuilder`, so that the caller can ask for it by name.
///
/// `augment` asks for the default pipelines to be changed too, which a host gets by loading the plugin as a plugin.
///
/// # Safety
/// `builder` is a live `llvm::PassBuilder` of the LLVM version that this library was built for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn registerEnzymeAndPassPipeline(builder: *mut c_void, augment: bool) {
    // SAFETY: the caller vouches for the builder.
    unsafe { entry::register_by_name(builder, augment) }
}

/// Sets the switch at that address; an address that is none of ours is ignored, as are switches without a meaning here.
#[unsafe(no_mangle)]
pub extern "C" fn EnzymeSetCLBool(option: *mut c_void, value: u8) {
    if let Some(switch) = switch_at(option) {
        options::set(switch, value != 0);
    }
}

/// Sets the text of the option at that address.
///
/// # Safety
/// `value` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn EnzymeSetCLString(option: *mut c_void, value: *const c_char) {
    if let (Some(Switch::FunctionToAnalyze), false) = (switch_at(option), value.is_null()) {
        // SAFETY: the caller passes a C string.
        let text = unsafe { CStr::from_ptr(value) };
        options::set_function_to_analyze(&text.to_string_lossy());
    }
}

/// Sets the number at that address; none of the numbers means anything to this engine, which has no such limits.
#[unsafe(no_mangle)]
pub extern "C" fn EnzymeSetCLInteger(_option: *mut c_void, _value: i64) {}

/// An empty tree: nothing is known.
#[unsafe(no_mangle)]
pub extern "C" fn EnzymeNewTypeTree() -> *mut Tree {
    Box::into_raw(Box::default())
}

/// The tree of a value that is of one kind altogether.
#[unsafe(no_mangle)]
pub extern "C" fn EnzymeNewTypeTreeCT(kind: u32, _context: *mut c_void) -> *mut Tree {
    let tree = Concrete::from_number(kind).map_or_else(Tree::default, Tree::of);
    Box::into_raw(Box::new(tree))
}

/// A copy of a tree.
///
/// # Safety
/// `tree` was made by this API and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn EnzymeNewTypeTreeTR(tree: *const Tree) -> *mut Tree {
    // SAFETY: the caller passes a live tree.
    let tree = unsafe { &*tree };
    Box::into_raw(Box::new(tree.clone()))
}

/// Frees a tree.
///
/// # Safety
/// `tree` was made by this API and is not used again; null is nothing to free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn EnzymeFreeTypeTree(tree: *mut Tree) {
    if !tree.is_null() {
        // SAFETY: every tree of this API comes from `Box::into_raw`.
        drop(unsafe { Box::from_raw(tree) });
    }
}

/// Adds what `from` knows to `into`; returns whether that was news.
///
/// # Safety
/// Both were made by this API and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn EnzymeMergeTypeTree(into: *mut Tree, from: *const Tree) -> u8 {
    // SAFETY: the caller passes live trees; the second is copied first, for they may be one.
    let (from, into) = unsafe { ((*from).clone(), &mut *into) };
    u8::from(into.merge(&from))
}

/// The tree of a value that has `tree` at offset `offset` and nothing else; -1 means at every offset.
///
/// # Safety
/// `tree` was made by this API and not freed, and nothing else uses it meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn EnzymeTypeTreeOnlyEq(tree: *mut Tree, offset: i64) {
    // SAFETY: the caller passes a live tree.
    let tree = unsafe { &mut *tree };
    *tree = tree.only(offset);
}

/// The tree of what is at the start of the value.
///
/// # Safety
/// As for [`EnzymeTypeTreeOnlyEq`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn EnzymeTypeTreeData0Eq(tree: *mut Tree) {
    // SAFETY: the caller passes a live tree.
    let tree = unsafe { &mut *tree };
    *tree = tree.data0();
}

/// The part of the tree from `offset`, `max_size` bytes of it (-1: all), moved to `add_offset`.
///
/// # Safety
/// As for [`EnzymeTypeTreeOnlyEq`]; `layout` is LLVM's text of a data layout, as a C string, or null for one with
/// pointers of eight bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn EnzymeTypeTreeShiftIndiciesEq(
    tree: *mut Tree,
    layout: *const c_char,
    offset: i64,
    max_size: i64,
    add_offset: u64,
) {
    let layout = match layout.is_null() {
        true => c"",
        // SAFETY: the caller passes a C string.
        false => unsafe { CStr::from_ptr(layout) },
    };
    let pointer = tree::pointer_size(&layout.to_string_lossy());
    // SAFETY: the caller passes a live tree.
    let tree = unsafe { &mut *tree };
    *tree = tree.shift(offset, max_size, add_offset, pointer);
}

/// Says what is at a place: offsets from the outermost value inwards.
///
/// # Safety
/// As for [`EnzymeTypeTreeOnlyEq`]; `indices` are `count` readable numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn EnzymeTypeTreeInsertEq(
    tree: *mut Tree,
    indices: *const i64,
    count: usize,
    kind: u32,
    _context: *mut c_void,
) {
    let path = match count {
        0 => &[][..],
        // SAFETY: the caller passes that many numbers.
        _ => unsafe { std::slice::from_raw_parts(indices, count) },
    };
    // SAFETY: the caller passes a live tree.
    let tree = unsafe { &mut *tree };
    if let Some(kind) = Concrete::from_number(kind) {
        tree.insert(path, kind);
    }
}

/// The tree in the grammar of the attribute `enzyme_type`; to be freed by [`EnzymeTypeTreeToStringFree`].
///
/// # Safety
/// `tree` was made by this API and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn EnzymeTypeTreeToString(tree: *const Tree) -> *mut c_char {
    // SAFETY: the caller passes a live tree.
    let text = unsafe { &*tree }.to_string();
    // A tree's text has no zero byte.
    CString::new(text).unwrap_or_default().into_raw()
}

/// Frees a text of [`EnzymeTypeTreeToString`].
///
/// # Safety
/// `text` came from there and is not used again; null is nothing to free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn EnzymeTypeTreeToStringFree(text: *mut c_char) {
    if !text.is_null() {
        // SAFETY: it came from `CString::into_raw`.
        drop(unsafe { CString::from_raw(text) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_go_through_the_c_interface() {
        // SAFETY: every tree and text is made here and freed once.
        unsafe {
            let tree = EnzymeNewTypeTreeCT(5, std::ptr::null_mut());
            EnzymeTypeTreeOnlyEq(tree, -1);
            let pointer = EnzymeNewTypeTreeCT(2, std::ptr::null_mut());
            assert_eq!(EnzymeMergeTypeTree(pointer, pointer), 0);
            EnzymeTypeTreeOnlyEq(tree, -1);
            EnzymeTypeTreeOnlyEq(pointer, -1);
            assert_eq!(EnzymeMergeTypeTree(tree, pointer), 1);
            let text = EnzymeTypeTreeToString(tree);
            assert_eq!(
                CStr::from_ptr(text).to_str(),
                Ok("{[-1]:Pointer, [-1,-1]:Float@double}")
            );
            EnzymeTypeTreeToStringFree(text);
            EnzymeFreeTypeTree(tree);
            EnzymeFreeTypeTree(pointer);
        }
    }

    #[test]
    fn an_unknown_address_is_no_switch() {
        let mut word = 0u64;
        EnzymeSetCLBool((&raw mut word).cast(), 1);
        assert_eq!(word, 0);
        let print = std::ptr::from_ref(&EnzymePrintPerf).cast();
        assert_eq!(switch_at(print), Some(Switch::PrintPerf));
    }
}
