/* Markers of Enzyme-style automatic differentiation, for C and C++.
 *
 * Compile with the plugin (clang -fpass-plugin=libenzyme_rs.so, or at link time lld --load-pass-plugin). It replaces
 * each call of an entry point below and all markers in it; without it the program does not link.
 *
 * Entry points. Any function whose name contains an entry point's name is that entry point, so declare what you need
 * with the types that you need. A typed declaration converts its arguments and yields a typed result:
 *
 *     double __enzyme_autodiff_square(void *, double);            // d(square)/dx: enzyme_out is a double's default
 *     double d = __enzyme_autodiff_square((void *)square, 3.0);
 *
 * In C++ give it C linkage, or use the templates at the end of this file. A variadic declaration serves all calls with
 * one result type; keep in mind that C's promotions turn a float into a double:
 *
 *     extern double __enzyme_autodiff(void *, ...);
 *     extern double __enzyme_fwddiff(void *, ...);
 *     __enzyme_autodiff((void *)f, enzyme_dup, x, dx, enzyme_const, n);
 *
 * The first operand is the function to differentiate (pass it as `void *`). The others are its arguments, each after
 * its marker. Unmarked arguments: floating point is `enzyme_out` in reverse and `enzyme_dup` in forward mode, pointers
 * are `enzyme_dup`, integers and function pointers are `enzyme_const`.
 */
#ifndef ENZYME_H
#define ENZYME_H

#ifdef __cplusplus
extern "C" {
#endif

/* Markers of one argument. Each stands before the operands named beside it. `s...` is one shadow for each lane of
 * enzyme_width (by default one). */
extern int enzyme_const;           /* x             no derivative                                            */
extern int enzyme_dup;             /* x, s...       with its shadow; reverse mode adds to pointer shadows    */
extern int enzyme_dupnoneed;       /* x, s...       as enzyme_dup; x is not needed afterwards                */
extern int enzyme_dupv;            /* stride, x, s  lane i of the shadow lies at s + i * stride bytes        */
extern int enzyme_dupnoneedv;      /* stride, x, s  both of the above                                        */
extern int enzyme_out;             /* x             by value; its derivative is returned (reverse mode)      */
extern int enzyme_byref;           /* bytes         the next value points at the argument                    */
extern int enzyme_not_overwritten; /*               the next argument's memory is not modified in between (not relied upon) */
extern int enzyme_interleave;      /*               primals before, all shadows after this marker            */

/* Markers of the whole call; they may stand between any two arguments. */
extern int enzyme_width;            /* n        constant number of tangents or adjoints at once  */
extern int enzyme_primal_return;    /*          also return the primal result, first             */
extern int enzyme_noret;            /*          do not return the primal result                  */
extern int enzyme_const_return;     /*          the result has no derivative                     */
extern int enzyme_active_return;    /*          the result is seeded                             */
extern int enzyme_dup_return;       /*          return the shadow of the result                  */
extern int enzyme_tape;             /* p        memory of the tape                               */
extern int enzyme_allocated;        /* bytes    constant size of the tape at p                   */
extern int enzyme_nofree;           /*          the reverse pass frees no tape                   */
extern int enzyme_runtime_activity; /*          decide activity by comparing primal with shadow  */
extern int enzyme_strong_zero;      /*          0 * inf is 0 in adjoints                         */

/* Markers of probabilistic programs. */
extern int enzyme_interface;       /* table    */
extern int enzyme_trace;           /* t        */
extern int enzyme_duptrace;        /* t, dt    */
extern int enzyme_likelihood;      /* l        */
extern int enzyme_duplikelihood;   /* l, dl    */
extern int enzyme_observations;    /* t        */
extern int enzyme_active_rand_var; /* "name"   */

/* Markers of __enzyme_batch. */
extern int enzyme_scalar; /* x            shared by all lanes            */
extern int enzyme_vector; /* x0, x1, ...  one for each lane              */
extern int enzyme_buffer; /* stride, p    lane i lies at p + i * stride  */

/* Written by the Rust marker crate; a pointer to the description of the call's types follows. */
extern int enzyme_rs_types;

/* Entry points that are of one type whoever calls them: hints about what memory holds, `bytes` of it. */
extern void __enzyme_float(void *p, ...);   /* p[, bytes] */
extern void __enzyme_double(void *p, ...);  /* p[, bytes] */
extern void __enzyme_integer(void *p, ...); /* p[, bytes] */
extern void __enzyme_pointer(void *p, ...); /* p[, bytes] */

/* The other entry points; declare them typed as shown above (f is the function, acts are the marked arguments):
 *
 *     __enzyme_autodiff(f, acts)                   reverse mode; returns the derivatives of enzyme_out arguments
 *     __enzyme_fwddiff(f, acts)                    forward mode; returns the result's tangent
 *     __enzyme_augmentfwd(f, acts)                 split reverse mode, forward half; returns { tape, ... }
 *     __enzyme_reverse(f, acts, seed, tape)        split reverse mode, reverse half
 *     __enzyme_augmentsize(f, markers)             size of that tape in bytes
 *     __enzyme_fwdsplit(f, acts, tape)             forward mode after __enzyme_augmentfwd
 *     __enzyme_virtualreverse(f)                   shadow of a function pointer
 *     __enzyme_batch(f, enzyme_width, n, acts)     n lanes at once
 *     __enzyme_call_inactive(f, args)              call without derivative
 *     __enzyme_error_estimate(f, acts)             rounding errors
 *     __enzyme_truncate_mem_func(f, from, to)      and __enzyme_truncate_op_func: other precisions
 *     __enzyme_truncate_mem_value(v, from, to)     and __enzyme_expand_mem_value
 *     __enzyme_todense(load, store, ctx...)        dense view of sparse storage
 *     __enzyme_iter(x, k)                          hint of sparse iteration
 *     __enzyme_ignore_derivatives(x)               x, without its derivative
 *     __enzyme_trace, __enzyme_condition, __enzyme_likelihood, __enzyme_sample, __enzyme_observe
 *                                                  probabilistic programs
 *
 * Registrations are globals; the part after the name is yours to choose:
 *
 *     void *__enzyme_register_gradient_f[] = {(void *)f, (void *)augmented, (void *)gradient};
 *     void *__enzyme_register_derivative_f[] = {(void *)f, (void *)forward};
 *     void *__enzyme_inactivefn_log[] = {(void *)log_line};
 *     void *__enzyme_function_like_f[] = {(void *)f, "sin"};
 */

#ifdef __cplusplus
} /* extern "C" */

/* Typed by their template arguments; the mangled names contain the entry points' names. */
template <typename Result, typename... Arguments> Result __enzyme_autodiff(void *, Arguments...);
template <typename Result, typename... Arguments> Result __enzyme_fwddiff(void *, Arguments...);
#endif

#endif /* ENZYME_H */
