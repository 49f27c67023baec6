//! The table of derivative rules: one line a function, in maths.
//!
//! # How to read and extend it
//!
//! `sin(x) = cos(x)` declares the function's names, its parameters and its partial derivative with respect to each
//! active parameter, separated by commas. `r` is the result. Adding a function is adding a line here and a test point
//! in `tests.rs`, which the tests insist on. A line that starts with a blank continues the one above; `#` starts a
//! comment.
//!
//! - **Names.** `fmin|llvm.minnum(…)` gives one row several names. A bare name stands for the C functions of all
//!   widths (`sin`, `sinf`, `sinl`, `sinf128`), their `__sin_finite` forms, CUDA's `__nv_sin(f)`, ROCm's
//!   `__ocml_sin_f64`, Flang's `__fd_sin_1`, and the intrinsic `llvm.sin.*`. `llvm.name` is an intrinsic only,
//!   `enzyme_rs.name` a function of our runtime, `%name` an instruction, and `?` stands for compiler-rt's letters of
//!   the widths (s, d, x, t).
//! - **Parameters** are active floats. `n: int` is an integer; `y: const` is a float that never carries a derivative.
//!   Neither has a partial.
//! - **Several results**: `f(x) -> (u, v) = du/dx | dv/dx`, where `u` and `v` may be named in formulas. A result marked
//!   `out` is stored through a trailing pointer argument in C, and is a field of the returned struct in the
//!   intrinsic. `int` results carry no derivative; their partials are left out.
//! - **Formulas** have `+ - * /`, calls of the functions in `calls.rs`, `if(c, a, b)` with `== != < <= > >= && ||`,
//!   `float(n)` for integers, and the constants `pi`, `ln2`, `ln10`, `sqrtpi`. Both arms of `if` are evaluated.
//!
//! Prefer formulas in the result where they are cheaper (`exp`: `r`), in the operands otherwise.
//!
//! # Where the derivative does not exist
//!
//! One policy for all rows, compatible with Enzyme unless its choice is wrong:
//!
//! - **Roots at zero** (`sqrt`, `cbrt`, `hypot`, `cabs`, and `pow` with 0 < y < 1): 0, not infinity, since what flows
//!   into a root at 0 is nearly always 0 · ∞. `sqrt` of NaN or of a negative number keeps NaN.
//! - **Poles** (`log(0)`, `1/0`, `asin(1)`, `pow(0, -1)`): the true infinity.
//! - **`pow`**: d/dx is 0 for y = 0 whatever x is, d/dy is 0 where the result is 0, and at 0⁰. With x < 0, d/dy is NaN.
//! - **`fabs`** at ±0: +1. `copysign`: sign(x)·sign(y), the second argument carries nothing.
//! - **Minimum**: a tie goes to the second argument. **Maximum**: a tie goes to the first. `fdim`: a tie counts as
//!   x > y. Where a NaN operand is ignored by the primal (`fmin`, `minnum`, `minimumnum`, …), the other operand, which
//!   is the result, gets the derivative.
//! - **Steps** (`fmod`, `remainder`, `modf`, `frexp`, `nextafter`): the derivative of the piece that the point lies in.
//!   For `fmod` and `remainder`, d/dy is minus the whole quotient that the primal used, recovered from its result;
//!   `trunc(x/y)` is off by one where the division rounds up (`fmod(1, 0.1)`: 9, not 10).
//! - **`atan2(0, 0)`**, and `sinc` and `sincn` at 0: 0.

/// Instructions, and the functions that are their twins.
pub const ARITHMETIC: &str = "
%fadd(x, y) = 1, 1
%fsub(x, y) = 1, -1
%fmul(x, y) = y, x
%fdiv(x, y) = 1/y, -(r/y)
%fneg(x) = -1
%frem|fmod(x, y) = 1, rint((r - x)/y)
remainder|drem(x, y) = 1, rint((r - x)/y)
remquo(x, y) -> (r, q: int out) = 1, rint((r - x)/y)
fma|llvm.fmuladd(x, y, z) = y, x, 1
llvm.canonicalize|llvm.arithmetic.fence(x) = 1
__mul?c3(a, b, c, d) -> (u, v) = c, -d, a, -b | d, c, b, a
__div?c3(a, b, c, d) -> (u, v) =
    c/(c*c + d*d), d/(c*c + d*d), -((u*c + v*d)/(c*c + d*d)), (v*c - u*d)/(c*c + d*d) |
    -(d/(c*c + d*d)), c/(c*c + d*d), (u*d - v*c)/(c*c + d*d), -((u*c + v*d)/(c*c + d*d))
";

/// Roots, powers, exponentials and logarithms.
pub const POWERS: &str = "
sqrt(x) = if(r == 0, 0, 0.5/r)
rsqrt(x) = -0.5*r/x
# Approximations in hardware: the derivatives of what they approximate, from the approximation.
llvm.x86.sse.rcp.ps|llvm.x86.avx.rcp.ps.256(x) = -(r*r)
llvm.x86.sse.rsqrt.ps|llvm.x86.avx.rsqrt.ps.256(x) = -0.5*(r*r*r)
cbrt(x) = if(r == 0, 0, 1/(3*r*r))
hypot|cabs(x, y) = if(r == 0, 0, x/r), if(r == 0, 0, y/r)
pow(x, y) = if(y == 0, 0, if(x == 0 && y > 0, if(y == 1, 1, 0), y*(r/x))),
    if(r == 0 || x == 0 && y == 0, 0, r*log(x))
powi|__powi?f2(x, n: int) = if(n == 0, 0, float(n)*powi(x, n - 1))
exp(x) = r
exp2(x) = r*ln2
exp10|pow10(x) = r*ln10
expm1(x) = r + 1
exp2m1(x) = (r + 1)*ln2
exp10m1(x) = (r + 1)*ln10
log(x) = 1/x
log2(x) = (1/ln2)/x
log10(x) = (1/ln10)/x
log1p|logp1(x) = 1/(1 + x)
log2p1(x) = (1/ln2)/(1 + x)
log10p1(x) = (1/ln10)/(1 + x)
xlogy_jl(x, y) = log(y), x/y
";

/// Circular and hyperbolic functions and their inverses.
pub const TRIGONOMETRIC: &str = "
sin(x) = cos(x)
cos(x) = -sin(x)
tan(x) = 1 + r*r
sincos(x) -> (s: out, c: out) = c | -s
asin(x) = 1/sqrt((1 - x)*(1 + x))
acos(x) = -1/sqrt((1 - x)*(1 + x))
atan(x) = 1/(1 + x*x)
atan2(y, x) = if(x == 0 && y == 0, 0, x/(x*x + y*y)), if(x == 0 && y == 0, 0, -(y/(x*x + y*y)))
sinpi(x) = pi*cospi(x)
cospi(x) = -pi*sinpi(x)
tanpi(x) = pi*(1 + r*r)
sincospi(x) -> (s: out, c: out) = pi*c | -pi*s
asinpi(x) = (1/pi)/sqrt((1 - x)*(1 + x))
acospi(x) = (-1/pi)/sqrt((1 - x)*(1 + x))
atanpi(x) = (1/pi)/(1 + x*x)
atan2pi(y, x) =
    if(x == 0 && y == 0, 0, (1/pi)*(x/(x*x + y*y))), if(x == 0 && y == 0, 0, (-1/pi)*(y/(x*x + y*y)))
sinh(x) = cosh(x)
cosh(x) = sinh(x)
tanh(x) = 1 - r*r
asinh(x) = 1/sqrt(x*x + 1)
acosh(x) = 1/sqrt((x - 1)*(x + 1))
atanh(x) = 1/((1 - x)*(1 + x))
# sin(x)/x, and sin(pi x)/(pi x).
sinc(x) = if(x == 0, 0, (cos(x) - r)/x)
sincn(x) = if(x == 0, 0, (cos(pi*x) - r)/x)
";

/// Functions that move between pieces, pick an operand, or take a float apart.
pub const PIECEWISE: &str = "
fabs(x) = if(x < 0, -1, 1)
copysign(x, y: const) = copysign(1, x)*copysign(1, y)
fmin|fminimum_num|llvm.minnum|llvm.minimumnum(x, y) = if(x < y || y != y, 1, 0), if(x < y || y != y, 0, 1)
fmax|fmaximum_num|llvm.maxnum|llvm.maximumnum(x, y) = if(x < y || x != x, 0, 1), if(x < y || x != x, 1, 0)
fminimum|llvm.minimum(x, y) = if(x < y, 1, 0), if(x < y, 0, 1)
fmaximum|llvm.maximum(x, y) = if(x < y, 0, 1), if(x < y, 1, 0)
fdim(x, y) = if(x < y, 0, 1), if(x < y, 0, -1)
nextafter|nexttoward(x, y: const) = 1
nextup|nextdown(x) = 1
ldexp|scalbn|scalbln(x, n: int) = exp2(float(n))
modf(x) -> (r, whole: out) = 1 | 0
frexp(x) -> (r, e: int out) = exp2(-float(e))
";

/// Special functions.
pub const SPECIAL: &str = "
erf|Faddeeva_erf_re(x) = (2/sqrtpi)*exp(-(x*x))
erfc|Faddeeva_erfc_re(x) = (-2/sqrtpi)*exp(-(x*x))
erfi|Faddeeva_erfi_re(x) = (2/sqrtpi)*exp(x*x)
erfcx|Faddeeva_erfcx_re(x) = 2*x*r - 2/sqrtpi
erfinv(x) = (sqrtpi/2)*exp(r*r)
erfcinv(x) = (-sqrtpi/2)*exp(r*r)
Faddeeva_dawson_re(x) = 1 - 2*x*r
tgamma(x) = r*digamma(x)
lgamma(x) = digamma(x)
lgamma_r(x) -> (r, sign: int out) = digamma(x)
enzyme_rs.digamma(x) = trigamma(x)
enzyme_rs.trigamma(x) = tetragamma(x)
j0(x) = -j1(x)
j1(x) = if(x == 0, 0.5, j0(x) - r/x)
jn(n: int, x) = 0.5*(jn(n - 1, x) - jn(n + 1, x))
y0(x) = -y1(x)
y1(x) = y0(x) - r/x
yn(n: int, x) = 0.5*(yn(n - 1, x) - yn(n + 1, x))
";

/// Functions of a complex number x + iy (and c + id) with the result u + iv. Where f' = p + iq, the partials are p, -q
/// and q, p.
pub const COMPLEX: &str = "
creal(x, y) = 1, 0
cimag(x, y) = 0, 1
conj(x, y) -> (u, v) = 1, 0 | 0, -1
cproj(x, y) -> (u, v) = 1, 0 | 0, 1
carg(x, y) = if(x == 0 && y == 0, 0, -(y/(x*x + y*y))), if(x == 0 && y == 0, 0, x/(x*x + y*y))
cexp(x, y) -> (u, v) = u, -v | v, u
# 1/z
clog(x, y) -> (u, v) = x/(x*x + y*y), y/(x*x + y*y) | -(y/(x*x + y*y)), x/(x*x + y*y)
# 1/(2 f)
csqrt(x, y) -> (u, v) =
    if(u == 0 && v == 0, 0, 0.5*u/(u*u + v*v)), if(u == 0 && v == 0, 0, 0.5*v/(u*u + v*v)) |
    if(u == 0 && v == 0, 0, -0.5*v/(u*u + v*v)), if(u == 0 && v == 0, 0, 0.5*u/(u*u + v*v))
# cos z
csin(x, y) -> (u, v) = cos(x)*cosh(y), sin(x)*sinh(y) | -(sin(x)*sinh(y)), cos(x)*cosh(y)
# -sin z
ccos(x, y) -> (u, v) = -(sin(x)*cosh(y)), cos(x)*sinh(y) | -(cos(x)*sinh(y)), -(sin(x)*cosh(y))
# 1 + f^2
ctan(x, y) -> (u, v) = 1 + (u*u - v*v), -2*u*v | 2*u*v, 1 + (u*u - v*v)
# cosh z
csinh(x, y) -> (u, v) = cosh(x)*cos(y), -(sinh(x)*sin(y)) | sinh(x)*sin(y), cosh(x)*cos(y)
# sinh z
ccosh(x, y) -> (u, v) = sinh(x)*cos(y), -(cosh(x)*sin(y)) | cosh(x)*sin(y), sinh(x)*cos(y)
# 1 - f^2
ctanh(x, y) -> (u, v) = 1 - (u*u - v*v), 2*u*v | -2*u*v, 1 - (u*u - v*v)
# 1/cos f
casin(x, y) -> (u, v) =
    cos(u)*cosh(v)/(cos(u)*cosh(v)*cos(u)*cosh(v) + sin(u)*sinh(v)*sin(u)*sinh(v)),
    -(sin(u)*sinh(v)/(cos(u)*cosh(v)*cos(u)*cosh(v) + sin(u)*sinh(v)*sin(u)*sinh(v))) |
    sin(u)*sinh(v)/(cos(u)*cosh(v)*cos(u)*cosh(v) + sin(u)*sinh(v)*sin(u)*sinh(v)),
    cos(u)*cosh(v)/(cos(u)*cosh(v)*cos(u)*cosh(v) + sin(u)*sinh(v)*sin(u)*sinh(v))
# -1/sin f
cacos(x, y) -> (u, v) =
    -(sin(u)*cosh(v)/(sin(u)*cosh(v)*sin(u)*cosh(v) + cos(u)*sinh(v)*cos(u)*sinh(v))),
    -(cos(u)*sinh(v)/(sin(u)*cosh(v)*sin(u)*cosh(v) + cos(u)*sinh(v)*cos(u)*sinh(v))) |
    cos(u)*sinh(v)/(sin(u)*cosh(v)*sin(u)*cosh(v) + cos(u)*sinh(v)*cos(u)*sinh(v)),
    -(sin(u)*cosh(v)/(sin(u)*cosh(v)*sin(u)*cosh(v) + cos(u)*sinh(v)*cos(u)*sinh(v)))
# 1/(1 + z^2)
catan(x, y) -> (u, v) =
    (1 + x*x - y*y)/((1 + x*x - y*y)*(1 + x*x - y*y) + 4*x*x*y*y),
    2*x*y/((1 + x*x - y*y)*(1 + x*x - y*y) + 4*x*x*y*y) |
    -2*x*y/((1 + x*x - y*y)*(1 + x*x - y*y) + 4*x*x*y*y),
    (1 + x*x - y*y)/((1 + x*x - y*y)*(1 + x*x - y*y) + 4*x*x*y*y)
# 1/cosh f
casinh(x, y) -> (u, v) =
    cosh(u)*cos(v)/(cosh(u)*cos(v)*cosh(u)*cos(v) + sinh(u)*sin(v)*sinh(u)*sin(v)),
    sinh(u)*sin(v)/(cosh(u)*cos(v)*cosh(u)*cos(v) + sinh(u)*sin(v)*sinh(u)*sin(v)) |
    -(sinh(u)*sin(v)/(cosh(u)*cos(v)*cosh(u)*cos(v) + sinh(u)*sin(v)*sinh(u)*sin(v))),
    cosh(u)*cos(v)/(cosh(u)*cos(v)*cosh(u)*cos(v) + sinh(u)*sin(v)*sinh(u)*sin(v))
# 1/sinh f
cacosh(x, y) -> (u, v) =
    sinh(u)*cos(v)/(sinh(u)*cos(v)*sinh(u)*cos(v) + cosh(u)*sin(v)*cosh(u)*sin(v)),
    cosh(u)*sin(v)/(sinh(u)*cos(v)*sinh(u)*cos(v) + cosh(u)*sin(v)*cosh(u)*sin(v)) |
    -(cosh(u)*sin(v)/(sinh(u)*cos(v)*sinh(u)*cos(v) + cosh(u)*sin(v)*cosh(u)*sin(v))),
    sinh(u)*cos(v)/(sinh(u)*cos(v)*sinh(u)*cos(v) + cosh(u)*sin(v)*cosh(u)*sin(v))
# 1/(1 - z^2)
catanh(x, y) -> (u, v) =
    (1 - x*x + y*y)/((1 - x*x + y*y)*(1 - x*x + y*y) + 4*x*x*y*y),
    -2*x*y/((1 - x*x + y*y)*(1 - x*x + y*y) + 4*x*x*y*y) |
    2*x*y/((1 - x*x + y*y)*(1 - x*x + y*y) + 4*x*x*y*y),
    (1 - x*x + y*y)/((1 - x*x + y*y)*(1 - x*x + y*y) + 4*x*x*y*y)
# w f/z, and f log z; 0 where z is.
cpow(x, y, c, d) -> (u, v) =
    if(x == 0 && y == 0, 0, ((c*u - d*v)*x + (c*v + d*u)*y)/(x*x + y*y)),
    if(x == 0 && y == 0, 0, ((c*u - d*v)*y - (c*v + d*u)*x)/(x*x + y*y)),
    if(x == 0 && y == 0, 0, 0.5*u*log(x*x + y*y) - v*atan2(y, x)),
    if(x == 0 && y == 0, 0, -u*atan2(y, x) - 0.5*v*log(x*x + y*y)) |
    if(x == 0 && y == 0, 0, ((c*v + d*u)*x - (c*u - d*v)*y)/(x*x + y*y)),
    if(x == 0 && y == 0, 0, ((c*u - d*v)*x + (c*v + d*u)*y)/(x*x + y*y)),
    if(x == 0 && y == 0, 0, u*atan2(y, x) + 0.5*v*log(x*x + y*y)),
    if(x == 0 && y == 0, 0, 0.5*u*log(x*x + y*y) - v*atan2(y, x))
";

/// All sections, in the order in which rows are numbered.
pub const SECTIONS: &[&str] = &[
    ARITHMETIC,
    POWERS,
    TRIGONOMETRIC,
    PIECEWISE,
    SPECIAL,
    COMPLEX,
];
