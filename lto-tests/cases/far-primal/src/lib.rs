//! A primal that lives in another crate than its derivative, in several modules and so in several codegen units. Nothing in
//! it is generic or marked for inlining: its bodies reach the derivative only through LTO.

mod physics {
    pub fn attenuate(x: f64, depth: f64) -> f64 {
        x * (-depth).exp() + super::table::correction(x)
    }
}

mod table {
    const COEFFICIENTS: [f64; 4] = [0.1, -0.2, 0.05, 0.3];

    #[inline(never)]
    pub fn correction(x: f64) -> f64 {
        COEFFICIENTS.iter().rev().fold(0.0, |a, c| a * x + c)
    }
}

mod sum {
    #[inline(never)]
    pub fn accumulate(x: &[f64], rate: f64, out: &mut Vec<f64>) {
        let mut depth = 0.0;
        for v in x {
            depth += rate * v * v;
            out.push(super::physics::attenuate(*v, depth));
        }
    }
}

/// Sum of what is left of each value after the decay along the way to it.
pub fn decay(x: &[f64], rate: f64) -> f64 {
    let mut left = Vec::with_capacity(x.len());
    sum::accumulate(x, rate, &mut left);
    left.iter().sum()
}

mod links {
    pub fn stretch(x: f64) -> f64 {
        2.0 * x + 1.0
    }

    pub fn product(x: f64) -> f64 {
        3.0 * stretch(x) * shift(x)
    }

    pub fn shift(x: f64) -> f64 {
        x - 4.0
    }
}

/// A chain of small functions, none of which is marked for inlining.
pub fn shape(x: f64) -> f64 {
    let y = links::product(x);
    y * y
}

/// Something that answers by which of several implementations it is.
pub trait Response {
    fn respond(&self, x: f64) -> f64;
}

mod responses {
    pub struct Damped(pub f64);
    pub struct Squared;

    impl super::Response for Damped {
        #[inline(never)]
        fn respond(&self, x: f64) -> f64 {
            x * (-self.0 * x).exp()
        }
    }

    impl super::Response for Squared {
        #[inline(never)]
        fn respond(&self, x: f64) -> f64 {
            x * x + super::table::correction(x)
        }
    }
}

mod choice {
    use super::{Response, responses};

    #[inline(never)]
    pub fn choose(i: usize, rate: f64) -> Box<dyn Response> {
        if i % 2 == 0 {
            Box::new(responses::Damped(rate))
        } else {
            Box::new(responses::Squared)
        }
    }

    #[inline(never)]
    pub fn function(i: usize) -> fn(f64) -> f64 {
        [
            super::links::stretch,
            super::links::product,
            super::table::correction,
        ][i % 3]
    }
}

/// Calls what another unit chose: trait objects whose vtables are there.
pub fn respond(x: &[f64], rate: f64) -> f64 {
    let value = |(i, v): (usize, &f64)| choice::choose(i, rate * v).respond(*v);
    x.iter().enumerate().map(value).sum()
}

/// The same with pointers to functions.
pub fn look_up(x: &[f64]) -> f64 {
    x.iter()
        .enumerate()
        .map(|(i, v)| choice::function(i)(*v))
        .product()
}
