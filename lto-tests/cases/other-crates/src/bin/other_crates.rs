//! Other people's crates, as they come from the registry.

use checks::{close, is_gradient};
use enzyme_marker::autodiff_reverse;

const POINT: [f64; 8] = [0.4, -0.9, 1.3, 0.7, -0.2, 1.1, 0.6, 0.5];

fn check(f: impl Fn(&[f64]) -> f64, gradient: impl Fn(&[f64], &mut [f64], f64) -> f64) {
    for n in [4, 8] {
        let mut dx = [0.0; 8];
        close(gradient(&POINT[..n], &mut dx[..n], 1.0), f(&POINT[..n]));
        is_gradient(&f, &POINT[..n], &dx[..n]);
    }
}

#[autodiff_reverse(na_static_grad, Duplicated, Active)]
fn na_static(x: &[f64]) -> f64 {
    use nalgebra::*;
    let a = Matrix2::new(x[0] + 2.0, x[1], x[2], x[3] + 3.0);
    let v = Vector2::new(x[1], x[2]);
    let b = a * a.transpose() * v;
    b.dot(&v) + a.determinant() + (a.try_inverse().unwrap() * v).norm()
}
#[autodiff_reverse(na_dyn_grad, Duplicated, Active)]
fn na_dyn(x: &[f64]) -> f64 {
    use nalgebra::*;
    let n = 4;
    let m = DMatrix::from_fn(n, n, |i, j| {
        x[(i + j) % x.len()] * 0.3 + if i == j { 2.0 } else { 0.0 }
    });
    let v = DVector::from_row_slice(&x[..n]);
    let w = &m * &v;
    let s = m.clone().lu().solve(&w).unwrap();
    s.dot(&v) + w.norm_squared() + m.trace()
}
#[autodiff_reverse(na_chol_grad, Duplicated, Active)]
fn na_chol(x: &[f64]) -> f64 {
    use nalgebra::*;
    let a = DMatrix::from_fn(3, 3, |i, j| x[(i * 2 + j) % x.len()]);
    let s = &a * a.transpose() + DMatrix::identity(3, 3) * 2.0;
    let c = s.clone().cholesky().unwrap();
    c.l().diagonal().iter().map(|d| d.ln()).sum::<f64>() * 2.0
        + c.solve(&DVector::from_row_slice(&x[..3])).sum()
}
#[autodiff_reverse(na_rot_grad, Duplicated, Active)]
fn na_rot(x: &[f64]) -> f64 {
    use nalgebra::*;
    let r = Rotation3::from_euler_angles(x[0], x[1], x[2]);
    let q = UnitQuaternion::from_euler_angles(x[1], x[2], x[3]);
    let p = Point3::new(1.0, 2.0, x[3]);
    let t = r * p;
    let u = q * t;
    u.x * u.y + u.z
}
#[autodiff_reverse(nd1_grad, Duplicated, Active)]
fn nd1(x: &[f64]) -> f64 {
    use ndarray::*;
    let a = ArrayView1::from(x);
    let b = a.mapv(|v| v * v + 1.0);
    let c = &a * &b;
    c.sum() + a.dot(&b) + b.fold(1.0, |p, v| p * v)
}
#[autodiff_reverse(cplx_grad, Duplicated, Active)]
fn cplx(x: &[f64]) -> f64 {
    use num_complex::Complex64;
    let z = Complex64::new(x[0], x[1]);
    let w = Complex64::new(x[2], x[3]);
    let p = x
        .iter()
        .rev()
        .fold(Complex64::new(0.0, 0.0), |a, c| a * z + c);
    (z * w / (w + 2.0)).norm()
        + (z.exp() + w.sin()).re
        + p.im
        + z.powi(3).norm_sqr()
        + (w.sqrt() * z.ln()).im
}
#[autodiff_reverse(st_grad, Duplicated, Active)]
fn st(x: &[f64]) -> f64 {
    use statrs::distribution::*;
    let n = Normal::new(x[0], x[1].abs() + 0.5).unwrap();
    x.iter().map(|v| n.ln_pdf(*v) + n.cdf(*v)).sum::<f64>()
}
#[autodiff_reverse(stg_grad, Duplicated, Active)]
fn stg(x: &[f64]) -> f64 {
    use statrs::function::gamma::*;
    x.iter()
        .map(|v| ln_gamma(v.abs() + 1.0) + gamma(v.abs() + 0.7))
        .sum::<f64>()
        + statrs::function::erf::erf(x[0])
        + statrs::function::beta::ln_beta(x[0] + 2.0, 1.5)
}
#[autodiff_reverse(rnd_grad, Duplicated, Active)]
fn rnd(x: &[f64]) -> f64 {
    use rand::{Rng, SeedableRng};
    let mut r = rand::rngs::SmallRng::seed_from_u64(7);
    let mut s = 0.0;
    for _ in 0..20 {
        let w: f64 = r.random();
        let i = r.random_range(0..x.len());
        s += w * x[i] * x[i];
    }
    s
}
struct Osc {
    k: f64,
    c: f64,
}
impl ode_solvers::System<f64, ode_solvers::Vector2<f64>> for Osc {
    fn system(&self, _t: f64, y: &ode_solvers::Vector2<f64>, dy: &mut ode_solvers::Vector2<f64>) {
        dy[0] = y[1];
        dy[1] = -self.k * y[0] - self.c * y[1];
    }
}
#[autodiff_reverse(ode_grad, Duplicated, Active)]
fn ode(x: &[f64]) -> f64 {
    use ode_solvers::*;
    let mut s = Rk4::new(
        Osc {
            k: x[0] + 2.0,
            c: 0.1 + x[3] * 0.1,
        },
        0.0,
        Vector2::new(x[1], x[2]),
        1.0,
        0.1,
    );
    s.integrate().unwrap();
    let y = s.y_out().last().unwrap();
    y[0] * y[0] + y[1]
}

checks::checked! {
    // Supports: crates: nalgebra, matrices of fixed size: products, determinant, inverse (not in oxide-enzyme, std::autodiff)
    na_static, na_static_grad;
    // Supports: crates: nalgebra, matrices of any size: LU, products (not in oxide-enzyme, std::autodiff)
    na_dyn, na_dyn_grad;
    // Supports: crates: nalgebra, Cholesky (not in oxide-enzyme, std::autodiff)
    na_chol, na_chol_grad;
    // Supports: crates: nalgebra, rotations and quaternions (not in oxide-enzyme, std::autodiff)
    na_rot, na_rot_grad;
    // Supports: crates: ndarray, vectors: mapv, dot, fold (not in oxide-enzyme, std::autodiff)
    nd1, nd1_grad;
    // Supports: crates: num-complex (not in oxide-enzyme, std::autodiff)
    cplx, cplx_grad;
    // Supports: crates: statrs, the normal distribution (not in oxide-enzyme, std::autodiff)
    st, st_grad;
    // Supports: crates: statrs, gamma, erf and beta (not in oxide-enzyme, std::autodiff)
    stg, stg_grad;
    // Supports: crates: rand (inactive) (not in oxide-enzyme, std::autodiff)
    rnd, rnd_grad;
    // Supports: crates: ode_solvers, Runge-Kutta (not in oxide-enzyme, std::autodiff)
    ode, ode_grad;
}
