//! The crate `libm`: arithmetic on the bits of floats, or the rules of C's functions where rustc loads the plugin. These are
//! right either way; `libm_by_name` has those that need the rules.

checks::of_two_numbers! {
    // Supports: crates: libm, powers and roots, circular and hyperbolic functions, erf, gamma and Bessel functions (not in oxide-enzyme, std::autodiff)
    f_exp, g_exp, exp(x, y): libm::exp(x*y);
    f_exp2, g_exp2, exp2(x, y): libm::exp2(x*y);
    f_expm1, g_expm1, expm1(x, y): libm::expm1(x*y);
    f_log2, g_log2, log2(x, y): libm::log2(x*y);
    f_log10, g_log10, log10(x, y): libm::log10(x*y);
    f_log1p, g_log1p, log1p(x, y): libm::log1p(x*y);
    f_sin, g_sin, sin(x, y): libm::sin(x*y);
    f_cos, g_cos, cos(x, y): libm::cos(x*y);
    f_tan, g_tan, tan(x, y): libm::tan(x*y);
    f_asin, g_asin, asin(x, y): libm::asin(x*y);
    f_acos, g_acos, acos(x, y): libm::acos(x*y);
    f_atan, g_atan, atan(x, y): libm::atan(x*y);
    f_atan2, g_atan2, atan2(x, y): libm::atan2(x,y);
    f_sinh, g_sinh, sinh(x, y): libm::sinh(x*y);
    f_cosh, g_cosh, cosh(x, y): libm::cosh(x*y);
    f_tanh, g_tanh, tanh(x, y): libm::tanh(x*y);
    f_asinh, g_asinh, asinh(x, y): libm::asinh(x*y);
    f_acosh, g_acosh, acosh(x, y): libm::acosh(1.5+x*y);
    f_atanh, g_atanh, atanh(x, y): libm::atanh(x*y);
    f_pow, g_pow, pow(x, y): libm::pow(x,y);
    f_sqrt, g_sqrt, sqrt(x, y): libm::sqrt(x*y);
    f_cbrt, g_cbrt, cbrt(x, y): libm::cbrt(x*y);
    f_hypot, g_hypot, hypot(x, y): libm::hypot(x,y);
    f_fmod, g_fmod, fmod(x, y): libm::fmod(x,y);
    f_rem, g_rem, remainder(x, y): libm::remainder(x,y);
    f_fdim, g_fdim, fdim(x, y): libm::fdim(x,y);
    f_fmax, g_fmax, fmax(x, y): libm::fmax(x,y);
    f_fmin, g_fmin, fmin(x, y): libm::fmin(x,y);
    f_fabs, g_fabs, fabs(x, y): libm::fabs(x-y);
    f_copysign, g_copysign, copysign(x, y): libm::copysign(x,y);
    f_rint, g_rint, rint(x, y): x * libm::rint(y*3.8);
    f_ldexp, g_ldexp, ldexp(x, y): y*libm::ldexp(x, 3);
    f_scalbn, g_scalbn, scalbn(x, y): y*libm::scalbn(x, -3);
    f_erf, g_erf, erf(x, y): libm::erf(x*y);
    f_erfc, g_erfc, erfc(x, y): libm::erfc(x*y);
    f_lgamma, g_lgamma, lgamma(x, y): libm::lgamma(x+y);
    f_tgamma, g_tgamma, tgamma(x, y): libm::tgamma(x+y);
    f_j0, g_j0, j0(x, y): libm::j0(x+y);
    f_j1, g_j1, j1(x, y): libm::j1(x+y);
    f_y0, g_y0, y0(x, y): libm::y0(x+y);
    f_jn, g_jn, jn(x, y): libm::jn(2, x+y);
    f_frexp, g_frexp, frexp(x, y): { let (s, c)=libm::frexp(x*y*9.1); s*x+ c as f64*y };
}
