//! Arrays and structs, by reference and by value.

use checks::{cases, close, close_all, is_gradient};
use enzyme_marker::{autodiff_forward, autodiff_reverse};
use std::process::ExitCode;

#[autodiff_reverse(array_grad, Duplicated, Active)]
fn array(x: &[f64; 3]) -> f64 {
    let squared = x.map(|v| v * v);
    squared[0] * squared[1] + squared[2]
}

#[autodiff_reverse(local_arrays_grad, Duplicated, Active)]
fn local_arrays(x: &[f64; 4]) -> f64 {
    let mut history = [[0.0; 4]; 6];
    history[0] = *x;
    for step in 1..6 {
        for i in 0..4 {
            history[step][i] = history[step - 1][(i + 1) % 4].sin() + history[step - 1][i] * 0.5;
        }
    }
    history.iter().flatten().sum()
}

fn determinant<const N: usize>(m: &[[f64; N]; N]) -> f64 {
    let mut m = *m;
    let mut det = 1.0;
    for k in 0..N {
        det *= m[k][k];
        for i in k + 1..N {
            let factor = m[i][k] / m[k][k];
            for j in k..N {
                m[i][j] -= factor * m[k][j];
            }
        }
    }
    det
}

#[autodiff_reverse(det3_grad, Duplicated, Active)]
fn det3(m: &[[f64; 3]; 3]) -> f64 {
    determinant(m)
}

#[derive(Clone, Copy)]
struct Body {
    id: u32,
    mass: f64,
    position: [f64; 2],
}

#[autodiff_reverse(energy_grad, Duplicated, Duplicated, Active)]
fn energy(a: &Body, b: &Body) -> f64 {
    let [dx, dy] = [a.position[0] - b.position[0], a.position[1] - b.position[1]];
    -a.mass * b.mass / dx.hypot(dy) + f64::from(a.id)
}

/// The struct moves by value between the functions of the primal.
fn moved(mut body: Body, by: f64) -> Body {
    body.position = body.position.map(|p| p * by + body.mass);
    body
}

#[autodiff_reverse(moving_grad, Duplicated, Active, Active)]
fn moving(body: &Body, by: f64) -> f64 {
    let body = moved(moved(*body, by), by);
    body.position[0] * body.position[1]
}

#[derive(Clone, Copy)]
struct Pair {
    x: f64,
    y: f64,
}

#[autodiff_forward(pair_fwd, Dual, Dual)]
fn pair(p: Pair) -> f64 {
    p.x.sin() * p.y
}

#[autodiff_reverse(bodies_grad, Duplicated, Active)]
fn bodies(all: &[Body]) -> f64 {
    all.iter()
        .map(|b| b.mass * b.position.iter().map(|p| p * p).sum::<f64>())
        .sum()
}

fn body(id: u32, mass: f64, x: f64, y: f64) -> Body {
    Body {
        id,
        mass,
        position: [x, y],
    }
}

fn array_by_reference() {
    let mut dx = [0.0; 3];
    close(array_grad(&[2.0, 3.0, 4.0], &mut dx, 1.0), 52.0);
    close_all(&dx, &[36.0, 24.0, 8.0]);
}

fn arrays_of_the_function() {
    let x = [0.1, 0.7, -0.4, 1.2];
    let mut dx = [0.0; 4];
    close(local_arrays_grad(&x, &mut dx, 1.0), local_arrays(&x));
    is_gradient(|p| local_arrays(p.try_into().unwrap()), &x, &dx);
}

fn nested_arrays_and_const_generics() {
    let m = [[4.0, 1.0, -2.0], [0.5, 3.0, 1.0], [1.5, -1.0, 5.0]];
    let mut dm = [[0.0; 3]; 3];
    close(det3_grad(&m, &mut dm, 1.0), determinant(&m));
    let point: Vec<f64> = m.iter().flatten().copied().collect();
    let gradient: Vec<f64> = dm.iter().flatten().copied().collect();
    let rebuilt = |p: &[f64]| det3(&[[p[0], p[1], p[2]], [p[3], p[4], p[5]], [p[6], p[7], p[8]]]);
    is_gradient(rebuilt, &point, &gradient);
}

fn struct_by_reference() {
    let (a, b) = (body(7, 2.0, 3.0, 0.0), body(8, 5.0, 0.0, 4.0));
    let (mut da, mut db) = (body(0, 0.0, 0.0, 0.0), body(0, 0.0, 0.0, 0.0));
    close(energy_grad(&a, &mut da, &b, &mut db, 1.0), 5.0);
    close_all(&[da.mass, db.mass], &[-1.0, -0.4]);
    close_all(&da.position, &[10.0 * 3.0 / 125.0, 10.0 * -4.0 / 125.0]);
    close_all(&db.position, &[10.0 * -3.0 / 125.0, 10.0 * 4.0 / 125.0]);
    // Integers of a shadow are not touched.
    assert_eq!((da.id, db.id), (0, 0));
}

fn struct_by_value_inside() {
    let point = [0.5, 1.5, -0.7, 1.1];
    let mut d = body(0, 0.0, 0.0, 0.0);
    let (value, dby) = moving_grad(&body(1, 0.5, 1.5, -0.7), &mut d, 1.1, 1.0);
    let f = |p: &[f64]| moving(&body(1, p[0], p[1], p[2]), p[3]);
    close(value, f(&point));
    is_gradient(f, &point, &[d.mass, d.position[0], d.position[1], dby]);
}

fn struct_by_value_forward() {
    let (value, tangent) = pair_fwd(Pair { x: 0.6, y: 2.0 }, Pair { x: 1.0, y: 3.0 });
    close(value, 0.6f64.sin() * 2.0);
    close(tangent, 0.6f64.cos() * 2.0 + 0.6f64.sin() * 3.0);
}

fn slice_of_structs() {
    let all = [body(1, 2.0, 1.0, 2.0), body(2, 3.0, -1.0, 0.5)];
    let mut d = [body(0, 0.0, 0.0, 0.0); 2];
    bodies_grad(&all, &mut d, 1.0);
    close_all(&[d[0].mass, d[1].mass], &[5.0, 1.25]);
    close_all(&d[1].position, &[-6.0, 3.0]);
}

fn main() -> ExitCode {
    cases![
        array_by_reference,
        arrays_of_the_function,
        nested_arrays_and_const_generics,
        struct_by_reference,
        struct_by_value_inside,
        struct_by_value_forward,
        slice_of_structs,
    ]
}
