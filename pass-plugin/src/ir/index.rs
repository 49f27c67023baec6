//! Typed dense indices, so that a block's number is never used where a value's is meant.

macro_rules! define_index {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            pub fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("more than 2^32 entities in one function"))
            }
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    };
}

define_index!(
    /// A value of the function: an argument, a constant, a global or an instruction.
    ValueId,
    "v"
);
define_index!(
    /// A basic block.
    BlockId,
    "b"
);
define_index!(
    /// A natural loop.
    LoopId,
    "loop"
);
define_index!(
    /// An interned type.
    TyId,
    "ty"
);
