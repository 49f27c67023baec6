//! `#[autodiff_reverse]` of rustc on memory: slices, structs, references, vectors inside, calls, generics, methods.
#![feature(autodiff)]

use checks::{cases, close};
use std::autodiff::autodiff_reverse;
use std::process::ExitCode;

#[autodiff_reverse(weighted_grad, Duplicated, Active)]
fn weighted(x: &[f64]) -> f64 {
    x.iter()
        .enumerate()
        .map(|(i, v)| (i + 1) as f64 * v * v)
        .sum()
}

#[autodiff_reverse(in_place_grad, Duplicated, Duplicated)]
fn in_place(x: &[f64; 3], out: &mut [f64; 2]) {
    out[0] = x[0] * x[1];
    out[1] = x[1] * x[2].exp();
}

struct Model {
    scale: f64,
    steps: usize,
    offset: f64,
}

#[autodiff_reverse(model_grad, Duplicated, Active, Active)]
fn model(m: &Model, x: f64) -> f64 {
    let mut history = vec![x];
    for _ in 0..m.steps {
        let last = history[history.len() - 1];
        history.push(last * m.scale + m.offset);
    }
    history.iter().map(|h| h * h).sum()
}

fn numeric(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let h = 1e-5;
    (8.0 * (f(x + h) - f(x - h)) - (f(x + 2.0 * h) - f(x - 2.0 * h))) / (12.0 * h)
}

struct Spring(f64);

impl Spring {
    #[autodiff_reverse(energy_grad, Const, Duplicated, Active)]
    fn energy(&self, x: &[f64]) -> f64 {
        x.windows(2).map(|w| self.0 * (w[1] - w[0]).powi(2)).sum()
    }
}

fn weighted_squares() {
    let x = [1.0, 2.0, 3.0];
    let mut grad = [0.0; 3];
    close(weighted_grad(&x, &mut grad, 1.0), 36.0);
    for (g, want) in grad.iter().zip([2.0, 8.0, 18.0]) {
        close(*g, want);
    }
}

fn outputs_in_memory() {
    let x = [2.0, 3.0, 0.5f64];
    let (mut dx, mut out, mut dout) = ([0.0; 3], [0.0; 2], [1.0, 10.0]);
    in_place_grad(&x, &mut dx, &mut out, &mut dout);
    close(out[0], 6.0);
    close(dx[0], 3.0);
    close(dx[1], 2.0 + 10.0 * x[2].exp());
    close(dx[2], 10.0 * 3.0 * x[2].exp());
}

fn fields_and_a_vector_inside() {
    let m = Model {
        scale: 1.1,
        steps: 6,
        offset: 0.3,
    };
    let mut dm = Model {
        scale: 0.0,
        steps: 6,
        offset: 0.0,
    };
    let (value, dx) = model_grad(&m, &mut dm, 0.7, 1.0);
    close(value, model(&m, 0.7));
    let near = |got: f64, want: f64| {
        assert!(
            (got - want).abs() < 1e-7 * want.abs(),
            "{got} is not {want}"
        )
    };
    near(dx, numeric(|x| model(&m, x), 0.7));
    near(
        dm.scale,
        numeric(|scale| model(&Model { scale, ..m }, 0.7), 1.1),
    );
    near(
        dm.offset,
        numeric(|offset| model(&Model { offset, ..m }, 0.7), 0.3),
    );
}

fn methods() {
    let x = [0.0, 1.0, 3.0];
    let mut grad = [0.0; 3];
    close(Spring(2.0).energy_grad(&x, &mut grad, 1.0), 10.0);
    for (g, want) in grad.iter().zip([-4.0, -4.0, 8.0]) {
        close(*g, want);
    }
}

fn main() -> ExitCode {
    cases!(
        weighted_squares,
        outputs_in_memory,
        fields_and_a_vector_inside,
        methods,
    )
}
