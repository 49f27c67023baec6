//! Which activity may stand where.

use enzyme_marker::{autodiff_forward, autodiff_reverse};

#[autodiff_reverse(df, Dual, DualOnly, Active)]
fn dual_in_reverse(x: f64, y: f64) -> f64 {
    x * y
}

#[autodiff_forward(df, Active, Duplicated, ActiveOnly, DuplicatedOnly, Dual)]
fn active_in_forward(x: f64, y: &f64, z: f64, u: &f64) -> f64 {
    x * y * z * u
}

#[autodiff_reverse(df, Duplicated, Duplicated)]
fn duplicated_return(x: &f64) -> f64 {
    *x
}

#[autodiff_reverse(df, Duplicated, Dual)]
fn dual_return_in_reverse(x: &f64) -> f64 {
    *x
}

#[autodiff_forward(df, Dual, ActiveOnly)]
fn active_return_in_forward(x: f64) -> f64 {
    x
}

type Slice<'a> = &'a [f64];

#[autodiff_reverse(df, Duplicated, DuplicatedOnly, Duplicated, Active)]
fn duplicated_values(x: f64, y: Box<f64>, z: Slice<'_>) -> f64 {
    x * *y * z[0]
}

#[autodiff_reverse(df, Active, ActiveOnly, Const)]
fn active_references(x: &[f64], y: *const f64) -> f64 {
    let _ = y;
    x[0]
}

#[autodiff_reverse(df, Const, Active)]
fn active_reference_returned(x: &[f64]) -> &f64 {
    &x[0]
}

#[autodiff_forward(df, 2, Const, Const, Dualv)]
fn strided(x: &[f64], y: &[f64]) -> f64 {
    x[0] * y[0]
}

#[autodiff_forward(df, Dual, Dual)]
fn unnamed_result(x: f64) -> impl Fn(f64) -> f64 {
    move |y| x * y
}

struct Value(f64);

impl Value {
    #[autodiff_reverse(df, Duplicated, Active)]
    fn duplicated_self(self) -> f64 {
        self.0
    }

    #[autodiff_reverse(dg, Active, Active)]
    fn active_self(&self) -> f64 {
        self.0
    }
}

fn main() {}
