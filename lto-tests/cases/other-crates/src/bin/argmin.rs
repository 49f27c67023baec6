//! The optimisers of `argmin` on Rosenbrock's function, with the gradient that the plugin makes.

use argmin::core::{CostFunction, Error, Executor, Gradient, State};
use argmin::solver::gradientdescent::SteepestDescent;
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use checks::near;
use enzyme_marker::autodiff_reverse;

struct Rosenbrock {
    a: f64,
    b: f64,
}

impl Rosenbrock {
    fn value(&self, x: &[f64]) -> f64 {
        let term = |w: &[f64]| (self.a - w[0]).powi(2) + self.b * (w[1] - w[0] * w[0]).powi(2);
        x.windows(2).map(term).sum()
    }

    fn by_hand(&self, x: &[f64]) -> Vec<f64> {
        let mut d = vec![0.0; x.len()];
        for i in 1..x.len() {
            let off = x[i] - x[i - 1] * x[i - 1];
            d[i] += 2.0 * self.b * off;
            d[i - 1] -= 2.0 * (self.a - x[i - 1]) + 4.0 * self.b * off * x[i - 1];
        }
        d
    }
}

#[autodiff_reverse(rosenbrock_grad, Const, Duplicated, Active)]
fn rosenbrock(problem: &Rosenbrock, x: &[f64]) -> f64 {
    problem.value(x)
}

impl CostFunction for Rosenbrock {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, x: &Vec<f64>) -> Result<f64, Error> {
        Ok(self.value(x))
    }
}

impl Gradient for Rosenbrock {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let mut d = vec![0.0; x.len()];
        rosenbrock_grad(self, x, &mut d, 1.0);
        for (got, want) in d.iter().zip(self.by_hand(x)) {
            near(*got, want, 1e-10);
        }
        Ok(d)
    }
}

const PROBLEM: Rosenbrock = Rosenbrock { a: 1.0, b: 100.0 };

/// Its least value is 0, where all are 1.
fn is_least(best: &[f64]) {
    for v in best {
        near(*v, 1.0, 1e-5);
    }
}

fn lbfgs() {
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), 5);
    let start = vec![-1.2, 1.0, -0.5, 0.8];
    let done = Executor::new(PROBLEM, solver)
        .configure(|state| state.param(start).max_iters(100))
        .run()
        .unwrap();
    is_least(done.state.get_best_param().unwrap());
}

fn steepest_descent() {
    let solver = SteepestDescent::new(MoreThuenteLineSearch::new());
    let done = Executor::new(Rosenbrock { a: 1.0, b: 1.0 }, solver)
        .configure(|state| state.param(vec![-0.5, 0.8]).max_iters(200))
        .run()
        .unwrap();
    is_least(done.state.get_best_param().unwrap());
}

fn main() -> std::process::ExitCode {
    // Supports: crates: argmin with our gradient: L-BFGS, steepest descent (not in oxide-enzyme, std::autodiff)
    checks::cases!(lbfgs, steepest_descent)
}
