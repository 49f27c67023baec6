//! The enums of the IR, from LLVM's numbers. A number that is not listed becomes `Other`, never undefined behaviour.

/// Declares an enum with LLVM's numbers and the conversion from them.
macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $number:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
            /// A number of a newer LLVM.
            Other(u32),
        }

        impl $name {
            pub(super) fn from_raw(number: u32) -> Self {
                match number {
                    $($number => Self::$variant,)*
                    other => Self::Other(other),
                }
            }
        }
    };
}

numbered! {
    /// What an instruction or constant expression does; the numbers are the C API's.
    Opcode {
        Ret = 1, Br = 2, Switch = 3, IndirectBr = 4, Invoke = 5, Unreachable = 7, Add = 8, FAdd = 9, Sub = 10,
        FSub = 11, Mul = 12, FMul = 13, UDiv = 14, SDiv = 15, FDiv = 16, URem = 17, SRem = 18, FRem = 19, Shl = 20,
        LShr = 21, AShr = 22, And = 23, Or = 24, Xor = 25, Alloca = 26, Load = 27, Store = 28, GetElementPtr = 29,
        Trunc = 30, ZExt = 31, SExt = 32, FPToUI = 33, FPToSI = 34, UIToFP = 35, SIToFP = 36, FPTrunc = 37,
        FPExt = 38, PtrToInt = 39, IntToPtr = 40, BitCast = 41, ICmp = 42, FCmp = 43, Phi = 44, Call = 45,
        Select = 46, UserOp1 = 47, UserOp2 = 48, VAArg = 49, ExtractElement = 50, InsertElement = 51,
        ShuffleVector = 52, ExtractValue = 53, InsertValue = 54, Fence = 55, AtomicCmpXchg = 56, AtomicRmw = 57,
        Resume = 58, LandingPad = 59, AddrSpaceCast = 60, CleanupRet = 61, CatchRet = 62, CatchPad = 63,
        CleanupPad = 64, CatchSwitch = 65, FNeg = 66, CallBr = 67, Freeze = 68, PtrToAddr = 69,
    }
}

impl Opcode {
    pub fn is_terminator(self) -> bool {
        use Opcode::*;
        matches!(
            self,
            Ret | Br
                | Switch
                | IndirectBr
                | Invoke
                | Unreachable
                | Resume
                | CleanupRet
                | CatchRet
                | CatchSwitch
                | CallBr
        )
    }

    pub fn is_call(self) -> bool {
        matches!(self, Opcode::Call | Opcode::Invoke | Opcode::CallBr)
    }

    pub fn is_cast(self) -> bool {
        use Opcode::*;
        matches!(
            self,
            Trunc
                | ZExt
                | SExt
                | FPToUI
                | FPToSI
                | UIToFP
                | SIToFP
                | FPTrunc
                | FPExt
                | PtrToInt
                | PtrToAddr
                | IntToPtr
                | BitCast
                | AddrSpaceCast
        )
    }

    pub fn is_binary(self) -> bool {
        use Opcode::*;
        matches!(
            self,
            Add | FAdd
                | Sub
                | FSub
                | Mul
                | FMul
                | UDiv
                | SDiv
                | FDiv
                | URem
                | SRem
                | FRem
                | Shl
                | LShr
                | AShr
                | And
                | Or
                | Xor
        )
    }
}

numbered! {
    /// The comparison of an `icmp`.
    IntPredicate {
        Eq = 32, Ne = 33, Ugt = 34, Uge = 35, Ult = 36, Ule = 37, Sgt = 38, Sge = 39, Slt = 40, Sle = 41,
    }
}

numbered! {
    /// The comparison of an `fcmp`.
    FloatPredicate {
        False = 0, Oeq = 1, Ogt = 2, Oge = 3, Olt = 4, Ole = 5, One = 6, Ord = 7, Uno = 8, Ueq = 9, Ugt = 10,
        Uge = 11, Ult = 12, Ule = 13, Une = 14, True = 15,
    }
}

numbered! {
    /// The ordering of an atomic access; [`Ordering::NotAtomic`] for plain ones.
    Ordering {
        NotAtomic = 0, Unordered = 1, Monotonic = 2, Acquire = 4, Release = 5, AcquireRelease = 6,
        SequentiallyConsistent = 7,
    }
}

numbered! {
    /// What an `atomicrmw` does; the numbers are those of LLVM's C++ enum.
    RmwOp {
        Xchg = 0, Add = 1, Sub = 2, And = 3, Nand = 4, Or = 5, Xor = 6, Max = 7, Min = 8, UMax = 9, UMin = 10,
        FAdd = 11, FSub = 12, FMax = 13, FMin = 14, FMaximum = 15, FMinimum = 16, UIncWrap = 17, UDecWrap = 18,
        USubCond = 19, USubSat = 20,
    }
}

numbered! {
    /// The linkage of a global; the numbers are the C API's.
    Linkage {
        External = 0, AvailableExternally = 1, LinkOnceAny = 2, LinkOnceOdr = 3, WeakAny = 5, WeakOdr = 6,
        Appending = 7, Internal = 8, Private = 9, ExternalWeak = 12, Common = 14,
    }
}

impl Linkage {
    /// Whether another definition may replace this one at link time with different behaviour.
    pub fn is_interposable(self) -> bool {
        matches!(
            self,
            Linkage::LinkOnceAny | Linkage::WeakAny | Linkage::ExternalWeak | Linkage::Common
        )
    }

    pub fn is_local(self) -> bool {
        matches!(self, Linkage::Internal | Linkage::Private)
    }
}

/// Fast-math flags, as a set of bits.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct FastMath(pub u32);

impl FastMath {
    pub const NONE: FastMath = FastMath(0);
    pub const REASSOC: FastMath = FastMath(1);
    pub const NNAN: FastMath = FastMath(2);
    pub const NINF: FastMath = FastMath(4);
    pub const NSZ: FastMath = FastMath(8);
    pub const ARCP: FastMath = FastMath(16);
    pub const CONTRACT: FastMath = FastMath(32);
    pub const AFN: FastMath = FastMath(64);
    pub const FAST: FastMath = FastMath(127);

    pub fn contains(self, other: FastMath) -> bool {
        self.0 & other.0 == other.0
    }

    pub fn union(self, other: FastMath) -> FastMath {
        FastMath(self.0 | other.0)
    }

    pub fn intersection(self, other: FastMath) -> FastMath {
        FastMath(self.0 & other.0)
    }

    pub fn without(self, other: FastMath) -> FastMath {
        FastMath(self.0 & !other.0)
    }
}
