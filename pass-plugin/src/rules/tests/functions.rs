//! The functions of the table as functions of f64, and the points that each row is tested at.

use super::runtime;
use std::f64::consts::{FRAC_2_SQRT_PI, LN_2, LN_10, PI};

/// Test points by the row's name: arguments at which all partials exist and are not negligible.
pub const POINTS: &[(&str, &[&[f64]])] = &[
    ("%fadd", &[&[1.5, -2.25]]),
    ("%fsub", &[&[1.5, -2.25]]),
    ("%fmul", &[&[1.5, -2.25]]),
    ("%fdiv", &[&[1.5, -2.25], &[-3.0, 0.5]]),
    ("%fneg", &[&[1.5]]),
    (
        "%frem",
        &[&[7.3, 2.0], &[-7.3, 2.0], &[7.3, -2.0], &[0.4, 3.0]],
    ),
    ("remainder", &[&[7.3, 2.0], &[-6.8, 2.0], &[5.5, 2.0]]),
    ("remquo", &[&[7.3, 2.0], &[-6.8, 2.0]]),
    ("fma", &[&[1.5, -2.25, 0.5]]),
    ("llvm.canonicalize", &[&[1.5]]),
    ("__mul?c3", &[&[1.5, -0.5, 0.75, 2.0]]),
    (
        "__div?c3",
        &[&[1.5, -0.5, 0.75, 2.0], &[-0.5, 2.5, 1.25, -0.75]],
    ),
    ("sqrt", &[&[2.5], &[0.3]]),
    ("rsqrt", &[&[2.5]]),
    ("llvm.x86.sse.rcp.ps", &[&[2.5], &[-0.4]]),
    ("llvm.x86.sse.rsqrt.ps", &[&[2.5]]),
    ("cbrt", &[&[2.5], &[-2.5]]),
    ("hypot", &[&[3.0, -4.0], &[0.5, 0.25]]),
    ("pow", &[&[1.7, 2.3], &[0.4, -1.5], &[0.8, 0.5]]),
    (
        "powi",
        &[
            &[1.7, 5.0],
            &[-1.3, 2.0],
            &[0.7, -3.0],
            &[1.2, 1.0],
            &[1.2, 0.0],
        ],
    ),
    ("exp", &[&[0.7], &[-1.2]]),
    ("exp2", &[&[0.7]]),
    ("exp10", &[&[0.7]]),
    ("expm1", &[&[0.7], &[-1.2]]),
    ("exp2m1", &[&[0.7]]),
    ("exp10m1", &[&[0.7]]),
    ("log", &[&[2.5], &[0.3]]),
    ("log2", &[&[2.5]]),
    ("log10", &[&[2.5]]),
    ("log1p", &[&[2.5], &[-0.4]]),
    ("log2p1", &[&[2.5]]),
    ("log10p1", &[&[2.5]]),
    ("xlogy_jl", &[&[1.5, 2.5]]),
    ("sin", &[&[0.7], &[2.9]]),
    ("cos", &[&[0.7], &[2.9]]),
    ("tan", &[&[0.7], &[2.9]]),
    ("sincos", &[&[0.7]]),
    ("asin", &[&[0.7], &[-0.3]]),
    ("acos", &[&[0.7], &[-0.3]]),
    ("atan", &[&[0.7], &[-2.3]]),
    ("atan2", &[&[0.7, 1.2], &[0.7, -1.2], &[-0.7, -1.2]]),
    ("sinpi", &[&[0.3]]),
    ("cospi", &[&[0.3]]),
    ("tanpi", &[&[0.3]]),
    ("sincospi", &[&[0.3]]),
    ("asinpi", &[&[0.3]]),
    ("acospi", &[&[0.3]]),
    ("atanpi", &[&[0.3]]),
    ("atan2pi", &[&[0.7, 1.2], &[0.7, -1.2]]),
    ("sinh", &[&[0.7], &[-1.1]]),
    ("cosh", &[&[0.7], &[-1.1]]),
    ("tanh", &[&[0.7], &[-1.1]]),
    ("asinh", &[&[0.7], &[-1.1]]),
    ("acosh", &[&[1.7]]),
    ("atanh", &[&[0.7], &[-0.3]]),
    ("sinc", &[&[0.7], &[-2.0]]),
    ("sincn", &[&[0.7]]),
    ("fabs", &[&[0.7], &[-0.7]]),
    (
        "copysign",
        &[&[0.7, 2.0], &[0.7, -2.0], &[-0.7, 2.0], &[-0.7, -2.0]],
    ),
    ("fmin", &[&[0.7, 2.0], &[2.0, 0.7]]),
    ("fmax", &[&[0.7, 2.0], &[2.0, 0.7]]),
    ("fminimum", &[&[0.7, 2.0], &[2.0, 0.7]]),
    ("fmaximum", &[&[0.7, 2.0], &[2.0, 0.7]]),
    ("fdim", &[&[0.7, 2.0], &[2.0, 0.7]]),
    ("nextafter", &[&[0.7, 2.0]]),
    ("nextup", &[&[0.7]]),
    ("ldexp", &[&[0.7, 3.0], &[0.7, -2.0]]),
    ("modf", &[&[2.7], &[-2.7]]),
    ("frexp", &[&[2.7], &[-0.2]]),
    ("erf", &[&[0.7], &[-1.1]]),
    ("erfc", &[&[0.7], &[-1.1]]),
    ("erfi", &[&[0.7]]),
    ("erfcx", &[&[0.7]]),
    ("erfinv", &[&[0.3], &[-0.6]]),
    ("erfcinv", &[&[0.3], &[1.6]]),
    ("Faddeeva_dawson_re", &[&[0.7], &[1.6]]),
    ("tgamma", &[&[2.5], &[-1.5], &[0.4]]),
    ("lgamma", &[&[2.5], &[-1.7], &[12.5]]),
    ("lgamma_r", &[&[2.5], &[-0.3]]),
    ("enzyme_rs.digamma", &[&[2.5], &[-1.7], &[0.4], &[30.0]]),
    ("enzyme_rs.trigamma", &[&[2.5], &[-1.7], &[0.4], &[3.0]]),
    ("j0", &[&[1.7], &[-4.0]]),
    ("j1", &[&[0.7], &[-4.0]]),
    ("creal", &[&[0.7, -1.2]]),
    ("cimag", &[&[0.7, -1.2]]),
    ("conj", &[&[0.7, -1.2]]),
    ("cproj", &[&[0.7, -1.2]]),
    ("carg", &[&[0.7, -1.2], &[-0.7, 1.2]]),
    ("cexp", &[&[0.7, -1.2]]),
    ("clog", &[&[0.7, -1.2]]),
    ("csqrt", &[&[0.7, -1.2], &[-0.7, 1.2]]),
    ("csin", &[&[0.7, -1.2]]),
    ("ccos", &[&[0.7, -1.2]]),
    ("ctan", &[&[0.7, -1.2]]),
    ("csinh", &[&[0.7, -1.2]]),
    ("ccosh", &[&[0.7, -1.2]]),
    ("ctanh", &[&[0.7, -1.2]]),
    ("casin", &[&[0.7, -1.2], &[-0.4, 0.3]]),
    ("cacos", &[&[0.7, -1.2], &[-0.4, 0.3]]),
    ("catan", &[&[0.7, -1.2], &[-0.4, 0.3]]),
    ("casinh", &[&[0.7, -1.2], &[-0.4, 0.3]]),
    ("cacosh", &[&[0.7, -1.2], &[1.4, 0.3]]),
    ("catanh", &[&[0.7, -1.2], &[-0.4, 0.3]]),
    ("cpow", &[&[0.7, -1.2, 1.5, -0.5], &[-0.4, 0.3, 2.0, 0.25]]),
    ("jn", &[&[2.0, 1.7], &[0.0, 1.7], &[-1.0, 1.7]]),
    ("y0", &[&[1.7]]),
    ("y1", &[&[1.7]]),
    ("yn", &[&[2.0, 1.7], &[3.0, 4.0]]),
];

/// The results of a function of the table, or of a function that formulas call, by its name; integers as floats.
pub fn results(name: &str, args: &[f64]) -> Vec<f64> {
    let name = name.trim_start_matches("enzyme_rs.");
    match (name, args) {
        ("__mul?c3", &[a, b, c, d]) => vec![a * c - b * d, a * d + b * c],
        ("__div?c3", &[a, b, c, d]) => {
            let square = c * c + d * d;
            vec![(a * c + b * d) / square, (b * c - a * d) / square]
        }
        (name, &[x, y]) if super::complex::is_unary(name) => super::complex::unary(name, x, y),
        ("cpow", &[a, b, c, d]) => super::complex::power(a, b, c, d),
        ("sincos", &[x]) => vec![x.sin(), x.cos()],
        ("sincospi", &[x]) => vec![(PI * x).sin(), (PI * x).cos()],
        ("remquo", &[x, y]) => {
            let (remainder, quotient) = libm::remquo(x, y);
            vec![remainder, f64::from(quotient)]
        }
        ("modf", &[x]) => vec![x.fract(), x.trunc()],
        ("frexp", &[x]) => {
            let (mantissa, exponent) = libm::frexp(x);
            vec![mantissa, f64::from(exponent)]
        }
        ("lgamma_r", &[x]) => {
            let (value, sign) = libm::lgamma_r(x);
            vec![value, f64::from(sign)]
        }
        (_, &[x]) => vec![unary(name, x)],
        (_, &[x, y]) => vec![binary(name, x, y)],
        ("fma", &[x, y, z]) => vec![x.mul_add(y, z)],
        _ => panic!("no implementation of {name} with {} arguments", args.len()),
    }
}

fn unary(name: &str, x: f64) -> f64 {
    match name {
        "%fneg" => -x,
        "llvm.canonicalize" => x,
        "sqrt" => x.sqrt(),
        "rsqrt" | "llvm.x86.sse.rsqrt.ps" => 1.0 / x.sqrt(),
        "llvm.x86.sse.rcp.ps" => 1.0 / x,
        "cbrt" => x.cbrt(),
        "exp" => x.exp(),
        "exp2" => x.exp2(),
        "exp10" => libm::exp10(x),
        "expm1" => x.exp_m1(),
        "exp2m1" => (x * LN_2).exp_m1(),
        "exp10m1" => (x * LN_10).exp_m1(),
        "log" => x.ln(),
        "log2" => x.log2(),
        "log10" => x.log10(),
        "log1p" => x.ln_1p(),
        "log2p1" => x.ln_1p() / LN_2,
        "log10p1" => x.ln_1p() / LN_10,
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "asin" => x.asin(),
        "acos" => x.acos(),
        "atan" => x.atan(),
        "sinpi" => (PI * x).sin(),
        "cospi" => (PI * x).cos(),
        "tanpi" => (PI * x).tan(),
        "asinpi" => x.asin() / PI,
        "acospi" => x.acos() / PI,
        "atanpi" => x.atan() / PI,
        "sinh" => x.sinh(),
        "cosh" => x.cosh(),
        "tanh" => x.tanh(),
        "asinh" => x.asinh(),
        "acosh" => x.acosh(),
        "atanh" => x.atanh(),
        "sinc" => sin_over(x),
        "sincn" => sin_over(PI * x),
        "fabs" => x.abs(),
        "rint" => x.round_ties_even(),
        "nextup" => x.next_up(),
        "erf" => libm::erf(x),
        "erfc" => libm::erfc(x),
        "erfi" => erfi(x),
        "erfcx" => (x * x).exp() * libm::erfc(x),
        "erfinv" => inverse_erf(x),
        "erfcinv" => inverse_erf(1.0 - x),
        "Faddeeva_dawson_re" => (-x * x).exp() * erfi(x) / FRAC_2_SQRT_PI,
        "tgamma" => libm::tgamma(x),
        "lgamma" => libm::lgamma(x),
        "digamma" | "trigamma" | "tetragamma" => runtime::run(name, x),
        "j0" => libm::j0(x),
        "j1" => libm::j1(x),
        "y0" => libm::y0(x),
        "y1" => libm::y1(x),
        _ => panic!("no implementation of {name}"),
    }
}

fn binary(name: &str, x: f64, y: f64) -> f64 {
    match name {
        "%fadd" => x + y,
        "%fsub" => x - y,
        "%fmul" => x * y,
        "%fdiv" => x / y,
        "%frem" => x % y,
        "remainder" => libm::remainder(x, y),
        "hypot" => x.hypot(y),
        "pow" => x.powf(y),
        "powi" => x.powi(y as i32),
        "xlogy_jl" => x * y.ln(),
        "atan2" => x.atan2(y),
        "atan2pi" => x.atan2(y) / PI,
        "copysign" => x.copysign(y),
        // Rust's minimum and maximum of a NaN and a number are the number, as C's fmin and fmax.
        "fmin" => x.min(y),
        "fmax" => x.max(y),
        "fminimum" => libm::fminimum(x, y),
        "fmaximum" => libm::fmaximum(x, y),
        "fdim" => libm::fdim(x, y),
        "nextafter" => libm::nextafter(x, y),
        "ldexp" => libm::ldexp(x, y as i32),
        "jn" => libm::jn(x as i32, y),
        "yn" => libm::yn(x as i32, y),
        _ => panic!("no implementation of {name}"),
    }
}

fn sin_over(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { x.sin() / x }
}

/// The power series, good for small arguments: 2/sqrt(pi) sum x^(2n+1) / (n! (2n+1)).
fn erfi(x: f64) -> f64 {
    let (mut power, mut sum) = (x, 0.0);
    for n in 0..60 {
        let n = f64::from(n);
        sum += power / (2.0 * n + 1.0);
        power *= x * x / (n + 1.0);
    }
    FRAC_2_SQRT_PI * sum
}

/// Newton's method, until it no longer moves.
fn inverse_erf(y: f64) -> f64 {
    let mut x = 0.0_f64;
    for _ in 0..60 {
        x -= (libm::erf(x) - y) / (FRAC_2_SQRT_PI * (-x * x).exp());
    }
    x
}
