//! Decides which runs a `diff:` line needs, and compares their answers: reverse against forward mode, both
//! against central differences and closed forms, and the primal's effects against a plain run.
//!
//! All comparisons are of one scalar functional of the outputs, `phi = sum(results) + sum(w * final memory)`,
//! with fixed pseudo-random weights `w`: its gradient is what one reverse run with `w` as seeds returns, and
//! its derivative along `v` is one forward run. Closed forms are compared under the seeds that the header
//! gives (zero by default), since a reader can check those by hand.

use super::expr;
use super::header::{Diff, Header};
use super::layout::Scalar;
use super::memory::{Answer, Input, Place, Run, build, inputs};
use super::wrappers::Mode;

/// Above this many inputs the forward tangents are taken along a few random directions only.
const MOST_UNIT_DIRECTIONS: usize = 8;
/// The coefficients of the five-point central difference at offsets -2, -1, 1, 2.
const STENCIL: [(f64, f64); 4] = [
    (-2.0, 1.0 / 12.0),
    (-1.0, -8.0 / 12.0),
    (1.0, 8.0 / 12.0),
    (2.0, -1.0 / 12.0),
];

/// The runs of one `diff:` line and what is needed to judge them.
pub struct Experiment<'a> {
    header: &'a Header,
    diff: &'a Diff,
    index: usize,
    inputs: Vec<Input>,
    values: Vec<f64>,
    weights: Vec<f64>,
    closed_weights: Option<Vec<f64>>,
    directions: Vec<(String, Vec<f64>)>,
    steps: Vec<f64>,
    primal_only: bool,
}

/// How close two numbers must be.
struct Tolerances {
    differences: f64,
    modes: f64,
    closed: f64,
}

impl<'a> Experiment<'a> {
    pub fn new(
        header: &'a Header,
        diff: &'a Diff,
        index: usize,
        primal_only: bool,
    ) -> Result<Experiment<'a>, String> {
        let inputs = inputs(diff);
        let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ (index as u64 + 1));
        let mut weights: Vec<f64> = Vec::new();
        for input in &inputs {
            let weight = random.next();
            weights.push(match input.place {
                Place::Slot(_) => 0.0,
                Place::Cell { .. } => weight,
            });
        }
        let closed_weights = if diff.grads.is_empty() {
            None
        } else {
            Some(closed_weights(diff, &inputs)?)
        };
        let mut directions = Vec::new();
        if inputs.len() <= MOST_UNIT_DIRECTIONS {
            for (number, input) in inputs.iter().enumerate() {
                let mut direction = vec![0.0; inputs.len()];
                direction[number] = 1.0;
                directions.push((format!("along {}", input.name), direction));
            }
        }
        for number in 0..if directions.is_empty() { 4 } else { 1 } {
            let direction = inputs.iter().map(|_| random.next()).collect();
            directions.push((format!("along random direction {number}"), direction));
        }
        let narrow = is_narrow(header, diff, &inputs);
        let steps = inputs
            .iter()
            .map(|input| {
                let step = if narrow { 1.0 / 64.0 } else { 1.0 / 4096.0 };
                step * input.value.abs().max(1.0)
            })
            .collect();
        Ok(Experiment {
            header,
            diff,
            index,
            values: inputs.iter().map(|i| i.value).collect(),
            inputs,
            weights,
            closed_weights,
            directions,
            steps,
            primal_only,
        })
    }

    /// Every run, in the order in which [`Experiment::judge`] takes the answers.
    pub fn runs(&self) -> Vec<Run> {
        let zero = vec![0.0; self.inputs.len()];
        let run = |mode, values: &[f64], shadows: &[f64]| {
            build(self.index, self.diff, mode, values, shadows)
        };
        let mut runs = vec![run(Mode::Primal, &self.values, &zero)];
        if self.header.differences {
            for (number, step) in self.steps.iter().enumerate() {
                for (offset, _) in STENCIL {
                    let mut values = self.values.clone();
                    values[number] += offset * step;
                    runs.push(run(Mode::Primal, &values, &zero));
                }
            }
        }
        if self.primal_only {
            return runs;
        }
        if self.header.reverse {
            runs.push(run(Mode::Reverse, &self.values, &self.weights));
            if let Some(weights) = &self.closed_weights {
                runs.push(run(Mode::Reverse, &self.values, weights));
            }
        }
        if self.header.forward {
            for (_, direction) in &self.directions {
                runs.push(run(Mode::Forward, &self.values, direction));
            }
        }
        runs
    }

    /// Compares the answers to [`Experiment::runs`]; every disagreement becomes a line of `problems`.
    pub fn judge(&self, answers: &[Answer], problems: &mut Vec<String>) -> Result<(), String> {
        let mut answers = answers.iter();
        let mut next = || {
            answers
                .next()
                .ok_or_else(|| "an answer is missing".to_owned())
        };
        let tolerances = self.tolerances();
        let primal = next()?;
        self.judge_value(primal, &tolerances, problems)?;
        let mut differences: Option<(Vec<f64>, Option<Vec<f64>>)> = None;
        if self.header.differences {
            let mut gradient = Vec::new();
            let mut closed = self.closed_weights.as_ref().map(|_| Vec::new());
            for step in &self.steps {
                let (mut slope, mut closed_slope) = (0.0, 0.0);
                for (_, coefficient) in STENCIL {
                    let answer = next()?;
                    slope += coefficient / step * self.functional(answer, &self.weights);
                    if let Some(weights) = &self.closed_weights {
                        closed_slope += coefficient / step * self.functional(answer, weights);
                    }
                }
                gradient.push(slope);
                if let Some(closed) = &mut closed {
                    closed.push(closed_slope);
                }
            }
            differences = Some((gradient, closed));
        }
        let expected = self.closed_forms()?;
        let mut reverse: Option<Vec<f64>> = None;
        let mut report = |what: &str, name: &str, a: f64, b: f64, scale: f64, tolerance: f64| {
            if !close(a, b, scale, tolerance) {
                problems.push(format!(
                    "@{} point {}: {what}: {name}: {a:e} against {b:e} (off by {:.1e}, allowed {:.1e})",
                    self.diff.function,
                    self.index,
                    (a - b).abs(),
                    tolerance * scale
                ));
            }
        };
        if self.primal_only {
            // Without derivatives the closed forms can still be checked against the differences.
            if let (Some((_, Some(slopes))), Some(expected)) = (&differences, &expected) {
                for (number, want) in expected {
                    let (name, slope) = (&self.inputs[*number].name, slopes[*number]);
                    let scale = want.abs().max(1.0);
                    let what = "differences against closed form";
                    report(what, name, slope, *want, scale, tolerances.differences);
                }
            }
            return Ok(());
        }
        if self.header.reverse {
            let answer = next()?;
            let gradient = answer.at_inputs(&self.inputs, true);
            if let Some((slopes, _)) = &differences {
                for (number, input) in self.inputs.iter().enumerate() {
                    let (a, b) = (gradient[number], slopes[number]);
                    let scale = a.abs().max(b.abs()).max(1.0);
                    let what = "reverse against differences";
                    report(what, &input.name, a, b, scale, tolerances.differences);
                }
            }
            self.judge_effects("reverse", primal, answer, &mut report);
            reverse = Some(gradient);
            if self.closed_weights.is_some() {
                let gradient = next()?.at_inputs(&self.inputs, true);
                for (number, want) in expected.as_deref().unwrap_or_default() {
                    let (name, got) = (&self.inputs[*number].name, gradient[*number]);
                    let scale = want.abs().max(1.0);
                    let what = "reverse against closed form";
                    report(what, name, got, *want, scale, tolerances.closed);
                }
            }
        }
        if self.header.forward {
            for (name, direction) in &self.directions {
                let answer = next()?;
                let slope = self.tangent(answer);
                self.judge_effects("forward", primal, answer, &mut report);
                let dot = |gradient: &[f64]| -> (f64, f64) {
                    let terms = gradient.iter().zip(direction).map(|(g, v)| g * v);
                    (terms.clone().sum(), terms.map(f64::abs).sum())
                };
                if let Some((slopes, _)) = &differences {
                    let (want, size) = dot(slopes);
                    let what = "forward against differences";
                    report(
                        what,
                        name,
                        slope,
                        want,
                        size.max(1.0),
                        tolerances.differences,
                    );
                }
                if let Some(gradient) = &reverse {
                    let (want, size) = dot(gradient);
                    let what = "forward against reverse";
                    report(what, name, slope, want, size.max(1e-3), tolerances.modes);
                }
                if self.closed_weights.is_some() && reverse.is_none() {
                    self.judge_forward_closed(
                        direction,
                        answer,
                        &expected,
                        &tolerances,
                        &mut report,
                    );
                }
            }
        }
        Ok(())
    }

    fn judge_forward_closed(
        &self,
        direction: &[f64],
        answer: &Answer,
        expected: &Option<Vec<(usize, f64)>>,
        tolerances: &Tolerances,
        report: &mut impl FnMut(&str, &str, f64, f64, f64, f64),
    ) {
        // Only unit directions pick out one number of a closed form that may not list every input.
        let ones = direction.iter().filter(|v| **v == 1.0).count();
        let zeros = direction.iter().filter(|v| **v == 0.0).count();
        if ones != 1 || ones + zeros != direction.len() {
            return;
        }
        let Some(weights) = &self.closed_weights else {
            return;
        };
        let slope = self.tangent_with(answer, weights);
        for (number, want) in expected.as_deref().unwrap_or_default() {
            if direction[*number] == 1.0 {
                let what = "forward against closed form";
                let name = &self.inputs[*number].name;
                report(
                    what,
                    name,
                    slope,
                    *want,
                    want.abs().max(1.0),
                    tolerances.closed,
                );
            }
        }
    }

    /// The derivative call must leave what the primal leaves, in memory and (if asked for) as a value.
    fn judge_effects(
        &self,
        mode: &str,
        primal: &Answer,
        after: &Answer,
        report: &mut impl FnMut(&str, &str, f64, f64, f64, f64),
    ) {
        let what = format!("primal memory after {mode}");
        let (want, got) = (
            primal.primal_memory(self.diff),
            after.primal_memory(self.diff),
        );
        for ((name, scalar, a), (_, _, b)) in want.into_iter().zip(got) {
            if scalar.is_float() {
                let (a, b) = (scalar.load_float(&a), scalar.load_float(&b));
                let tolerance = if scalar == Scalar::F32 { 1e-6 } else { 1e-14 };
                report(&what, &name, b, a, a.abs().max(b.abs()), tolerance);
            } else {
                let number = |bytes: &[u8]| {
                    bytes
                        .iter()
                        .rev()
                        .fold(0.0, |n, byte| n * 256.0 + f64::from(*byte))
                };
                report(&what, &name, number(&b), number(&a), 1.0, 0.0);
            }
        }
        if self.header.primal_return {
            let what = format!("primal result of {mode}");
            let results = primal.result(self.diff, false);
            for (a, b) in results.into_iter().zip(after.result(self.diff, false)) {
                report(&what, "result", b, a, a.abs(), 1e-14);
            }
        }
    }

    fn judge_value(
        &self,
        primal: &Answer,
        tolerances: &Tolerances,
        problems: &mut Vec<String>,
    ) -> Result<(), String> {
        let Some(text) = &self.diff.value else {
            return Ok(());
        };
        let want = self.evaluate(text)?;
        let got = primal.result(self.diff, false);
        let got = *got
            .first()
            .ok_or("`value:` for a function without result")?;
        if !close(got, want, want.abs().max(1.0), tolerances.closed) {
            problems.push(format!(
                "@{} point {}: the primal returned {got:e}, the header says {want:e}",
                self.diff.function, self.index
            ));
        }
        Ok(())
    }

    /// `phi` of a plain run.
    fn functional(&self, answer: &Answer, weights: &[f64]) -> f64 {
        self.weighted(answer, weights, false)
    }

    /// The derivative of `phi` that a forward run found.
    fn tangent(&self, answer: &Answer) -> f64 {
        self.weighted(answer, &self.weights, true)
    }

    fn tangent_with(&self, answer: &Answer, weights: &[f64]) -> f64 {
        self.weighted(answer, weights, true)
    }

    fn weighted(&self, answer: &Answer, weights: &[f64], shadow: bool) -> f64 {
        let memory = answer.at_inputs(&self.inputs, shadow);
        let result: f64 = answer.result(self.diff, shadow).iter().sum();
        // A slot's own value is no output, and its weight is zero; the product must not see an infinity there.
        let cells = memory.iter().zip(weights).zip(&self.inputs);
        result
            + cells
                .filter(|(_, input)| matches!(input.place, Place::Cell { .. }))
                .map(|((value, weight), _)| value * weight)
                .sum::<f64>()
    }

    fn evaluate(&self, text: &str) -> Result<f64, String> {
        expr::eval(text, &|name, index| {
            let full = match index {
                Some(index) => format!("{name}[{index}]"),
                None => name.to_owned(),
            };
            if let Some(input) = self.inputs.iter().find(|i| i.name == full) {
                return Some(input.value);
            }
            let arg = &self.diff.args[self.diff.position(name)?];
            match (&arg.kind, index) {
                (super::layout::ArgKind::Constant { value, .. }, None) => Some(*value),
                (super::layout::ArgKind::Buffer(buffer), Some(index)) => {
                    match buffer.cells.get(index)? {
                        super::layout::Cell::Number(value) => Some(*value),
                        _ => None,
                    }
                }
                _ => None,
            }
        })
    }

    /// Input number and expected derivative, for every input that the header speaks about.
    fn closed_forms(&self) -> Result<Option<Vec<(usize, f64)>>, String> {
        if self.diff.grads.is_empty() {
            return Ok(None);
        }
        let mut list = Vec::new();
        for (name, values) in &self.diff.grads {
            let numbers: Vec<usize> = (0..self.inputs.len())
                .filter(|n| {
                    let input = &self.inputs[*n].name;
                    input == name
                        || input.strip_suffix(']').is_some_and(|i| {
                            i.split_once('[').is_some_and(|(base, _)| base == name)
                        })
                })
                .collect();
            if numbers.len() != values.len() {
                return Err(format!(
                    "grad: `{name}` has {} float cells, {} values are given",
                    numbers.len(),
                    values.len()
                ));
            }
            for (number, value) in numbers.into_iter().zip(values) {
                list.push((number, self.evaluate(value)?));
            }
        }
        Ok(Some(list))
    }

    fn tolerances(&self) -> Tolerances {
        let narrow = is_narrow(self.header, self.diff, &self.inputs);
        Tolerances {
            differences: self
                .header
                .tolerance
                .unwrap_or(if narrow { 2e-3 } else { 1e-7 }),
            modes: if narrow { 1e-4 } else { 1e-10 },
            closed: if narrow { 1e-4 } else { 1e-12 },
        }
    }
}

/// Single precision somewhere, or a tolerance that says so.
fn is_narrow(header: &Header, diff: &Diff, inputs: &[Input]) -> bool {
    let f32 = |scalar: &Scalar| *scalar == Scalar::F32;
    inputs.iter().any(|i| f32(&i.scalar))
        || diff.ret.iter().any(f32)
        || header.tolerance.is_some_and(|t| t >= 1e-4)
}

fn closed_weights(diff: &Diff, inputs: &[Input]) -> Result<Vec<f64>, String> {
    let mut weights = vec![0.0; inputs.len()];
    for (name, values) in &diff.seeds {
        let prefix = format!("{name}[");
        let numbers: Vec<usize> = (0..inputs.len())
            .filter(|n| inputs[*n].name.starts_with(&prefix))
            .collect();
        if numbers.len() != values.len() {
            return Err(format!(
                "seed: `{name}` has {} float cells, {} values are given",
                numbers.len(),
                values.len()
            ));
        }
        for (number, value) in numbers.into_iter().zip(values) {
            weights[number] = *value;
        }
    }
    Ok(weights)
}

/// Equal up to `tolerance * scale`; equal infinities and two NaNs count as equal.
fn close(a: f64, b: f64, scale: f64, tolerance: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= tolerance * scale
}

/// A small fixed generator: weights must be the same in every run of the tests.
struct Random(u64);

impl Random {
    /// In `0.25..1.25`, of either sign, rounded so that single precision holds it exactly.
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let bits = (self.0 >> 40) as u32;
        let size = 0.25 + f64::from(bits >> 8) / 65536.0;
        if bits & 1 == 0 { size } else { -size }
    }
}
