//! Derivatives of every shape, type-checked against the signatures that users rely on.
//!
//! This is an rlib because without the plugin a derivative compiles but doesn't link. The bindings to `fn` types are
//! the assertions. What a signature can't show (operands, ownership, panics) is tested in `tests/calls.rs`.

#![forbid(unsafe_code)]
#![deny(missing_docs, unused, unused_qualifications)]
#![allow(
    clippy::type_complexity,
    clippy::multiple_bound_locations,
    clippy::needless_arbitrary_self_type,
    clippy::unused_unit,
    reason = "unusual signatures are what this file is about"
)]

/// Reverse mode.
pub mod reverse {
    use enzyme_marker::autodiff_reverse;

    /// A slice in, a scalar out; also the three result activities on one function.
    #[autodiff_reverse(d_norm, Duplicated, Active)]
    #[autodiff_reverse(d_norm_only, Duplicated, ActiveOnly)]
    #[autodiff_reverse(d_norm_const, Duplicated, Const)]
    #[inline(never)]
    pub fn norm(x: &[f64]) -> f64 {
        x.iter().map(|v| v * v).sum()
    }

    /// Scalars by value.
    #[autodiff_reverse(d_product, Active, Active, Active)]
    #[autodiff_reverse(d_product_left, Active, Const, Active)]
    #[autodiff_reverse(d_product_both, Active, Active, ActiveOnly)]
    #[autodiff_reverse(d_product_one, Active, Const, ActiveOnly)]
    #[autodiff_reverse(d_product_none, Const, Const, ActiveOnly)]
    #[autodiff_reverse(d_product_const, Active, Active, Const)]
    #[autodiff_reverse(d_product_discarded, ActiveOnly, ActiveOnly, Active)]
    pub fn product(x: f32, mut y: f32) -> f32 {
        y *= x;
        y
    }

    /// No result.
    #[autodiff_reverse(d_scale, Duplicated, Duplicated, Active)]
    #[autodiff_reverse(d_scale_const, Duplicated, Duplicated, Const)]
    pub fn scale(x: &[f64], y: &mut [f64], by: f64) {
        for (y, x) in y.iter_mut().zip(x) {
            *y = x * by;
        }
    }

    /// Two active arguments, no result, spelt out.
    #[autodiff_reverse(d_nothing, Active, Active)]
    pub fn nothing(_: f64, (a, _b): (f64, f64)) -> () {
        let _ = a;
    }

    /// Assertions.
    pub fn signatures() {
        let _: fn(&[f64], &mut [f64], f64) -> f64 = d_norm;
        let _: fn(&[f64], &mut [f64], f64) = d_norm_only;
        let _: fn(&[f64], &mut [f64]) -> f64 = d_norm_const;
        let _: fn(f32, f32, f32) -> (f32, f32, f32) = d_product;
        let _: fn(f32, f32, f32) -> (f32, f32) = d_product_left;
        let _: fn(f32, f32, f32) -> (f32, f32) = d_product_both;
        let _: fn(f32, f32, f32) -> f32 = d_product_one;
        let _: fn(f32, f32, f32) = d_product_none;
        let _: fn(f32, f32) -> (f32, f32, f32) = d_product_const;
        let _: fn(f32, f32, f32) -> f32 = d_product_discarded;
        let _: fn(&[f64], &mut [f64], &mut [f64], &mut [f64], f64) -> f64 = d_scale;
        let _: fn(&[f64], &mut [f64], &mut [f64], &mut [f64], f64) = d_scale_const;
        let _: fn(f64, (f64, f64)) -> (f64, (f64, f64)) = d_nothing;
    }
}

/// Forward mode.
pub mod forward {
    use enzyme_marker::autodiff_forward;

    /// Each width and result activity.
    #[autodiff_forward(t_square, Dual, Dual)]
    #[autodiff_forward(t_square_1, 1, Dual, Dual)]
    #[autodiff_forward(t_square_4, 4, Dual, Dual)]
    #[autodiff_forward(t_square_only, Dual, DualOnly)]
    #[autodiff_forward(t_square_only_2, 2, Dual, DualOnly)]
    #[autodiff_forward(t_square_const, 2, Dual, Const)]
    pub fn square(x: f64) -> f64 {
        x * x
    }

    /// References keep their mutability.
    #[autodiff_forward(t_scale, Dual, Dual, Const)]
    #[autodiff_forward(t_scale_2, 2, Dual, Dual, Dual)]
    pub fn scale(x: &[f64], y: &mut [f64], by: f64) {
        for (y, x) in y.iter_mut().zip(x) {
            *y = x * by;
        }
    }

    /// Owned values, results that own memory.
    #[autodiff_forward(t_double, Dual, Dual)]
    pub fn double(x: Vec<f64>) -> Vec<f64> {
        x.into_iter().map(|x| 2.0 * x).collect()
    }

    /// Assertions.
    pub fn signatures() {
        let _: fn(f64, f64) -> (f64, f64) = t_square;
        let _: fn(f64, f64) -> (f64, f64) = t_square_1;
        let _: fn(f64, f64, f64, f64, f64) -> [f64; 5] = t_square_4;
        let _: fn(f64, f64) -> f64 = t_square_only;
        let _: fn(f64, f64, f64) -> [f64; 2] = t_square_only_2;
        let _: fn(f64, f64, f64) -> f64 = t_square_const;
        let _: fn(&[f64], &[f64], &mut [f64], &mut [f64], f64) = t_scale;
        type TwoWide =
            fn(&[f64], &[f64], &[f64], &mut [f64], &mut [f64], &mut [f64], f64, f64, f64);
        let _: TwoWide = t_scale_2;
        let _: fn(Vec<f64>, Vec<f64>) -> (Vec<f64>, Vec<f64>) = t_double;
    }
}

/// Generics, lifetimes, `impl Trait`.
pub mod generic {
    use std::ops::Mul;

    use enzyme_marker::{autodiff_forward, autodiff_reverse};

    /// Type and const parameters, a where-clause.
    #[autodiff_reverse(d_sum, Duplicated, Active, Active)]
    #[autodiff_forward(t_sum, 2, Dual, Dual, Dual)]
    pub fn sum<T: Copy, const N: usize>(x: &[T; N], by: T) -> f64
    where
        T: Mul<Output = T> + Into<f64>,
    {
        x.iter().map(|&v| (v * by).into()).sum()
    }

    /// Named lifetimes, early and late bound.
    #[autodiff_reverse(d_pick, Duplicated, Const, Const)]
    pub fn pick<'a, 'b: 'b>(x: &'a [f64], y: &'b [f64]) -> &'a f64 {
        if y.is_empty() { &x[0] } else { &x[1] }
    }

    /// A result that borrows from the only reference, left out.
    #[autodiff_reverse(d_first, Duplicated, Const)]
    #[autodiff_forward(t_first, Dual, Dual)]
    pub fn first(x: &[f64]) -> &f64 {
        &x[0]
    }

    /// The same, left out with `'_`.
    #[autodiff_forward(t_last, Dual, Dual)]
    pub fn last(x: &'_ [f64]) -> Option<&'_ f64> {
        x.last()
    }

    /// `impl Trait` and trait objects as arguments, `impl Trait` as the result.
    #[autodiff_reverse(d_apply, Const, Const, Active, Const)]
    #[autodiff_forward(t_apply, Dual, Const, Dual, Const)]
    pub fn apply(
        f: impl Fn(&f64) -> f64 + Copy,
        g: &dyn Fn(f64) -> f64,
        x: f64,
    ) -> impl Iterator<Item = f64> {
        [f(&x), g(x)].into_iter()
    }

    /// Assertions.
    pub fn signatures() {
        let _: fn(&[f32; 3], &mut [f32; 3], f32, f64) -> (f64, f32) = d_sum::<f32, 3>;
        type TwoWide = fn(&[f64; 3], &[f64; 3], &[f64; 3], f64, f64, f64) -> [f64; 3];
        let _: TwoWide = t_sum::<f64, 3>;
        let _: for<'a> fn(&'a [f64], &'a mut [f64], &'static [f64]) -> &'a f64 = d_pick;
        let _: for<'a> fn(&'a [f64], &mut [f64]) -> &'a f64 = d_first;
        let _: for<'a> fn(&'a [f64], &'a [f64]) -> (&'a f64, &'a f64) = t_first;
        type Last = for<'a> fn(&'a [f64], &'a [f64]) -> (Option<&'a f64>, Option<&'a f64>);
        let _: Last = t_last;
        let (_, dx): (_, f64) = d_apply(|x| x + 1.0, &|x| x, 2.0);
        let double = |x: &f64| x * 2.0;
        let _: Vec<f64> = t_apply(double, double, &|x| x, dx, 1.0).collect();
    }
}

/// Methods, associated functions and trait items.
pub mod associated {
    use enzyme_marker::{autodiff_forward, autodiff_reverse};

    /// A generic type.
    #[derive(Clone, Copy)]
    pub struct Layer<'a, T, const N: usize> {
        weights: &'a [T; N],
        bias: T,
    }

    impl<'a, T: Copy + Into<f64>, const N: usize> Layer<'a, T, N> {
        /// `&self`.
        #[autodiff_reverse(d_apply, Duplicated, Active, Active)]
        #[autodiff_forward(t_apply, Dual, Dual, Dual)]
        pub fn apply(&self, x: f64) -> f64 {
            self.weights.iter().map(|&w| w.into() * x).sum::<f64>() + self.bias.into()
        }

        /// `&mut self`, borrowed by the result.
        #[autodiff_reverse(d_bias, Duplicated, Active, Const)]
        pub fn bias(&mut self, _x: f64) -> &T {
            &self.bias
        }

        /// `self`.
        #[autodiff_forward(t_consume, Dual, Dual)]
        #[autodiff_reverse(d_consume, Const, Active)]
        pub fn consume(mut self) -> f64 {
            self.bias = self.weights[0];
            self.bias.into()
        }

        /// `self` with a type.
        #[autodiff_reverse(d_typed, Duplicated, Const)]
        pub fn typed(self: &Self) -> f64 {
            self.bias.into()
        }

        /// `Self` in the body alone.
        #[autodiff_reverse(d_shift, Active, Active)]
        pub fn shift(x: f64) -> f64 {
            x + Self::one()
        }

        /// Neither `self` nor `Self`.
        #[autodiff_reverse(Self::d_one, Active)]
        pub fn one() -> f64 {
            1.0
        }

        /// A method's own generics.
        #[autodiff_reverse(d_with, Const, Active, Active)]
        pub fn with<U: Copy + Into<f64>>(&self, u: U) -> f64 {
            u.into() + self.bias.into()
        }
    }

    /// A trait with a default body and derivatives that an implementation provides.
    pub trait Model {
        /// Default body, perhaps unsized `Self`.
        #[autodiff_reverse(d_twice, Duplicated, Active, Active)]
        fn twice(&self, x: f64) -> f64 {
            2.0 * self.once(x)
        }
        /// Required.
        fn once(&self, x: f64) -> f64;
        /// Required derivative.
        fn d_once(&self, dself_0: &mut Self, x: f64, dret: f64) -> (f64, f64);
    }

    impl Model for [f64] {
        #[autodiff_reverse(d_once, Duplicated, Active, Active)]
        fn once(&self, x: f64) -> f64 {
            self[0] * x
        }
    }

    /// Assertions.
    pub fn signatures() {
        type L<'a> = Layer<'a, f32, 2>;
        type Bias = for<'s> fn(&'s mut L<'static>, &mut L<'static>, f64) -> (&'s f32, f64);
        let _: fn(&L<'static>, &mut L<'static>, f64, f64) -> (f64, f64) = L::d_apply;
        let _: fn(&L<'static>, &L<'static>, f64, f64) -> (f64, f64) = L::t_apply;
        let _: Bias = L::d_bias;
        let _: fn(L<'static>, L<'static>) -> (f64, f64) = L::t_consume;
        let _: fn(L<'static>, f64) -> f64 = L::d_consume;
        let _: fn(&L<'static>, &mut L<'static>) -> f64 = L::d_typed;
        let _: fn(f64, f64) -> (f64, f64) = L::d_shift;
        let _: fn(f64) -> f64 = L::d_one;
        let _: fn(&L<'static>, f32, f64) -> (f64, f32) = L::d_with::<f32>;
        let _: fn(&[f64], &mut [f64], f64, f64) -> (f64, f64) = <[f64] as Model>::d_twice;
    }
}

/// Qualifiers of functions.
pub mod qualified {
    use enzyme_marker::{autodiff_forward, autodiff_reverse};

    /// `const`.
    #[autodiff_reverse(d_constant, Active, Active)]
    pub const fn constant(x: f64) -> f64 {
        x * x
    }

    /// `extern "C"`.
    #[autodiff_reverse(d_external, Active, ActiveOnly)]
    pub extern "C" fn external(x: f64) -> f64 {
        x * x
    }

    /// Private, with names that the expansion uses itself.
    #[autodiff_reverse(d_private, Active, Active, Active, Active)]
    fn private(r: f64, p0: f64, thunk: f64) -> f64 {
        r * p0 * thunk
    }

    /// Raw names.
    #[autodiff_forward(t_raw, Dual, Dual)]
    pub fn raw(r#type: f64) -> f64 {
        r#type
    }

    /// As many arguments as there may be.
    #[autodiff_reverse(
        d_many, Active, Const, Const, Const, Const, Const, Const, Const, Const, Const, Const,
        Active, Active
    )]
    #[allow(clippy::too_many_arguments, reason = "that is the point")]
    pub fn many(
        a: f64,
        b: f64,
        c: f64,
        d: f64,
        e: f64,
        f: f64,
        g: f64,
        h: f64,
        i: f64,
        j: f64,
        k: f64,
        l: f64,
    ) -> f64 {
        a + b + c + d + e + f + g + h + i + j + k + l
    }

    /// Within a function.
    pub fn outer() -> f64 {
        #[autodiff_reverse(d_inner, Active, ActiveOnly)]
        fn inner(x: f64) -> f64 {
            x
        }
        d_inner(1.0, 1.0)
    }

    /// Assertions.
    pub fn signatures() {
        let _: fn(f64, f64) -> (f64, f64) = d_constant;
        let _: extern "C" fn(f64, f64) -> f64 = d_external;
        let _: fn(f64, f64, f64, f64) -> (f64, f64, f64, f64) = d_private;
        let _: fn(f64, f64) -> (f64, f64) = t_raw;
        let _ = d_many;
    }
}
