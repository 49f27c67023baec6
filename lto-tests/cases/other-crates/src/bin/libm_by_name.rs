//! Functions of the crate `libm` that have the rules of C's functions where rustc loads the plugin. The linker sees what rustc
//! made of them, arithmetic on the bits of floats that is not understood: there they must be refused.
//@ linker says: arithmetic on the bits of a float

checks::of_two_numbers! {
    // Supports: crates: libm, log and rounding (where rustc loads the plugin; the linker refuses them) (not in oxide-enzyme, std::autodiff)
    f_exp10, g_exp10, exp10(x, y): libm::exp10(x*y);
    f_log, g_log, log(x, y): libm::log(x*y);
    f_fma, g_fma, fma(x, y): libm::fma(x,y,x);
    f_floor, g_floor, floor(x, y): x * libm::floor(y*3.5);
    f_ceil, g_ceil, ceil(x, y): x * libm::ceil(y*3.5);
    f_round, g_round, round(x, y): x * libm::round(y*3.8);
    f_trunc, g_trunc, trunc(x, y): x * libm::trunc(y*3.5);
    f_sincos, g_sincos, sincos(x, y): { let (s, c)=libm::sincos(x*y); s*x+c };
}
