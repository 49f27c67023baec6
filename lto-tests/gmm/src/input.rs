//! ADBench's text format for GMM inputs, and the flat vector view that the checks use.

use std::path::Path;

/// One problem: the parameters that are differentiated (`alphas`, `means`, `icf`), and the data.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Dimension of the points.
    pub d: usize,
    /// Number of mixture components.
    pub k: usize,
    /// Number of points.
    pub n: usize,
    /// Unnormalised log-weights, `k`.
    pub alphas: Vec<f64>,
    /// Means, `k` rows of `d`.
    pub means: Vec<f64>,
    /// Inverse covariance factors, `k` rows of `d` log-diagonals and the strictly lower triangle by columns.
    pub icf: Vec<f64>,
    /// Points, `n` rows of `d`.
    pub x: Vec<f64>,
    /// Scale of the Wishart prior.
    pub gamma: f64,
    /// Extra degrees of freedom of the Wishart prior.
    pub m: i32,
}

/// Length of one component's row of inverse covariance factors.
pub fn icf_len(d: usize) -> usize {
    d * (d + 1) / 2
}

impl Problem {
    /// Reads a file in ADBench's format; the message of an error names the file and what is wrong with it.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        Self::parse(&text).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// Parses the text of an input file. ADBench's files hold one point per line; a file that replicates a single point
    /// for all `n` (another of its options) is not among our inputs and is refused by the count.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut words = text.split_ascii_whitespace();
        let (d, k, n) = (
            count(&mut words, "d")?,
            count(&mut words, "K")?,
            count(&mut words, "n")?,
        );
        let alphas = floats(&mut words, k, "alphas")?;
        let means = floats(&mut words, k * d, "means")?;
        let icf = floats(&mut words, k * icf_len(d), "icf")?;
        let x = floats(&mut words, n * d, "x")?;
        let gamma = floats(&mut words, 1, "gamma")?[0];
        let m = words.next().ok_or("the Wishart m is missing")?;
        let m = m
            .parse()
            .map_err(|e| format!("the Wishart m is {m:?}: {e}"))?;
        match words.next() {
            Some(extra) => Err(format!("unexpected {extra:?} after the last value")),
            None => Ok(Self {
                d,
                k,
                n,
                alphas,
                means,
                icf,
                x,
                gamma,
                m,
            }),
        }
    }

    /// Number of differentiated inputs.
    pub fn inputs(&self) -> usize {
        self.alphas.len() + self.means.len() + self.icf.len()
    }

    /// Adds `by` to differentiated input `index`, counted through alphas, means and icf in this order.
    pub fn shift(&mut self, index: usize, by: f64) {
        let (a, m) = (self.alphas.len(), self.means.len());
        if index < a {
            self.alphas[index] += by;
        } else if index < a + m {
            self.means[index - a] += by;
        } else {
            self.icf[index - a - m] += by;
        }
    }
}

/// A value for each differentiated input: a gradient or a direction.
#[derive(Clone, Debug, PartialEq)]
pub struct Shadow {
    pub alphas: Vec<f64>,
    pub means: Vec<f64>,
    pub icf: Vec<f64>,
}

impl Shadow {
    /// All zeros, in the shape of `problem`.
    pub fn zeros(problem: &Problem) -> Self {
        Self {
            alphas: vec![0.0; problem.alphas.len()],
            means: vec![0.0; problem.means.len()],
            icf: vec![0.0; problem.icf.len()],
        }
    }

    /// Sets every entry to zero without giving memory back, as a caller in a loop would.
    pub fn clear(&mut self) {
        self.alphas.fill(0.0);
        self.means.fill(0.0);
        self.icf.fill(0.0);
    }

    /// Mutable access by the index that `Problem::shift` uses.
    pub fn entry(&mut self, index: usize) -> &mut f64 {
        let (a, m) = (self.alphas.len(), self.means.len());
        if index < a {
            &mut self.alphas[index]
        } else if index < a + m {
            &mut self.means[index - a]
        } else {
            &mut self.icf[index - a - m]
        }
    }

    /// The entries in the order of that index.
    pub fn flat(&self) -> Vec<f64> {
        [&self.alphas[..], &self.means[..], &self.icf[..]].concat()
    }
}

fn count<'a>(words: &mut impl Iterator<Item = &'a str>, what: &str) -> Result<usize, String> {
    let word = words.next().ok_or_else(|| format!("{what} is missing"))?;
    word.parse().map_err(|e| format!("{what} is {word:?}: {e}"))
}

fn floats<'a>(
    words: &mut impl Iterator<Item = &'a str>,
    len: usize,
    what: &str,
) -> Result<Vec<f64>, String> {
    let values: Vec<f64> = words
        .take(len)
        .map(|word| word.parse().map_err(|e| format!("{what}: {word:?}: {e}")))
        .collect::<Result<_, String>>()?;
    if values.len() == len {
        Ok(values)
    } else {
        Err(format!("{what}: {} of {len} values", values.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_input_is_read_in_order() {
        let p = Problem::parse("1 2 3\n 0.1 0.2\n 1 2\n 3 4\n 5 6 7\n 1.5 2\n").unwrap();
        assert_eq!((p.d, p.k, p.n, p.m), (1, 2, 3, 2));
        assert_eq!(
            (p.alphas[1], p.means[1], p.icf[0], p.x[2], p.gamma),
            (0.2, 2.0, 3.0, 7.0, 1.5)
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(Problem::parse("1 2 3 0.1").unwrap_err().contains("alphas"));
        assert!(
            Problem::parse("1 1 1 0 0 0 0 1 0 9")
                .unwrap_err()
                .contains("\"9\"")
        );
        assert!(
            Problem::parse("1 1 1 0 0 x 0 1 0")
                .unwrap_err()
                .contains("icf")
        );
    }

    #[test]
    fn shift_and_entry_agree() {
        let mut p = Problem::parse("1 2 1 0 0 0 0 0 0 0 1 0").unwrap();
        let mut s = Shadow::zeros(&p);
        for i in 0..p.inputs() {
            p.shift(i, i as f64);
            *s.entry(i) = i as f64;
        }
        assert_eq!(s.flat(), [&p.alphas[..], &p.means, &p.icf].concat());
    }
}
