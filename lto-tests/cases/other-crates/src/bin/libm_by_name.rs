//! Functions of the crate `libm` that have the rules of C's functions where rustc loads the plugin. The linker sees what rustc
//! made of them, arithmetic on the bits of floats that is not understood: there they must be refused.
//@ linker says: arithmetic on the bits of a float

use checks::is_gradient;
use enzyme_marker::autodiff_reverse;

/// Functions of two numbers, each with its gradient and a case that compares them.
macro_rules! functions {
    ($($f:ident, $gradient:ident, $case:ident($x:ident, $y:ident): $value:expr;)*) => {
        $(
            #[autodiff_reverse($gradient, Duplicated, Active)]
            fn $f(at: &[f64]) -> f64 {
                let ($x, $y) = (at[0], at[1]);
                $value
            }
            fn $case() {
                for at in [[0.4, 0.7], [0.8, 0.3]] {
                    let mut d = [0.0; 2];
                    checks::close($gradient(&at, &mut d, 1.0), $f(&at));
                    is_gradient($f, &at, &d);
                }
            }
        )*
        fn main() -> std::process::ExitCode {
            checks::cases!($($case),*)
        }
    };
}

functions! {
    // Supports: crates: libm, log and rounding (where rustc loads the plugin; the linker refuses them)
    f_exp10, g_exp10, exp10(x, y): libm::exp10(x*y);
    f_log, g_log, log(x, y): libm::log(x*y);
    f_fma, g_fma, fma(x, y): libm::fma(x,y,x);
    f_floor, g_floor, floor(x, y): x * libm::floor(y*3.5);
    f_ceil, g_ceil, ceil(x, y): x * libm::ceil(y*3.5);
    f_round, g_round, round(x, y): x * libm::round(y*3.8);
    f_trunc, g_trunc, trunc(x, y): x * libm::trunc(y*3.5);
    f_sincos, g_sincos, sincos(x, y): { let (s, c)=libm::sincos(x*y); s*x+c };
}
