//! The complex functions of the table, by their definitions.

type Number = (f64, f64);

const ONE: Number = (1.0, 0.0);
const I: Number = (0.0, 1.0);

fn add(a: Number, b: Number) -> Number {
    (a.0 + b.0, a.1 + b.1)
}

fn sub(a: Number, b: Number) -> Number {
    (a.0 - b.0, a.1 - b.1)
}

fn mul(a: Number, b: Number) -> Number {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

fn div(a: Number, b: Number) -> Number {
    let norm = b.0 * b.0 + b.1 * b.1;
    let (re, im) = mul(a, (b.0, -b.1));
    (re / norm, im / norm)
}

fn half(a: Number) -> Number {
    (a.0 / 2.0, a.1 / 2.0)
}

fn exp(z: Number) -> Number {
    (z.0.exp() * z.1.cos(), z.0.exp() * z.1.sin())
}

fn log(z: Number) -> Number {
    (z.0.hypot(z.1).ln(), z.1.atan2(z.0))
}

fn sqrt(z: Number) -> Number {
    let r = z.0.hypot(z.1);
    (
        ((r + z.0) / 2.0).sqrt(),
        ((r - z.0) / 2.0).sqrt().copysign(z.1),
    )
}

fn sinh(z: Number) -> Number {
    half(sub(exp(z), exp((-z.0, -z.1))))
}

fn cosh(z: Number) -> Number {
    half(add(exp(z), exp((-z.0, -z.1))))
}

/// f(iz)/i for the hyperbolic f that belongs to a circular function.
fn turned(f: impl Fn(Number) -> Number, z: Number) -> Number {
    div(f(mul(I, z)), I)
}

fn asinh(z: Number) -> Number {
    log(add(z, sqrt(add(mul(z, z), ONE))))
}

fn atanh(z: Number) -> Number {
    half(sub(log(add(ONE, z)), log(sub(ONE, z))))
}

pub fn is_unary(name: &str) -> bool {
    name.starts_with('c') && !["cbrt", "ceil", "copysign", "cospi", "cabs", "cpow"].contains(&name)
}

pub fn unary(name: &str, x: f64, y: f64) -> Vec<f64> {
    let z = (x, y);
    let (u, v) = match name {
        "creal" => return vec![x],
        "cimag" => return vec![y],
        "carg" => return vec![y.atan2(x)],
        "conj" => (x, -y),
        "cproj" => z,
        "cexp" => exp(z),
        "clog" => log(z),
        "csqrt" => sqrt(z),
        "csin" => turned(sinh, z),
        "ccos" => cosh(mul(I, z)),
        "ctan" => div(turned(sinh, z), cosh(mul(I, z))),
        "csinh" => sinh(z),
        "ccosh" => cosh(z),
        "ctanh" => div(sinh(z), cosh(z)),
        "casin" => turned(asinh, z),
        "cacos" => sub((std::f64::consts::FRAC_PI_2, 0.0), turned(asinh, z)),
        "catan" => turned(atanh, z),
        "casinh" => asinh(z),
        "cacosh" => log(add(z, mul(sqrt(add(z, ONE)), sqrt(sub(z, ONE))))),
        "catanh" => atanh(z),
        _ => panic!("no implementation of {name}"),
    };
    vec![u, v]
}

pub fn power(a: f64, b: f64, c: f64, d: f64) -> Vec<f64> {
    let (u, v) = exp(mul((c, d), log((a, b))));
    vec![u, v]
}
