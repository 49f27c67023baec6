/* Runs the cases of matrix.txt: compares what each mode finds, and what it leaves of the primal, with the Jacobian
 * and with a plain call. */
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef void primal(double *in, double *out);
typedef void derivative(double *in, double *d_in, double *out, double *d_out);

enum { most = 64, lanes = 4 };

static int bad;

static double weight(int k) { return 1 + 0.25 * (k % 5) - 0.125 * (k % 3); }

static void compare(const char *type, const char *what, int lane, long number, double got, double want, double scale,
                    double tolerance) {
  if (got == want || fabs(got - want) <= tolerance * fmax(scale, 1e-3))
    return;
  if (++bad <= 12)
    printf("%s: %s, lane %d, number %ld: %.17g, expected %.17g\n", type, what, lane, number, got, want);
}

void matrix_case(const char *type, long inputs, long outputs, const double *point, const double *jacobian, primal *f,
                 double tolerance, derivative *fwd1, derivative *fwd2, derivative *fwd4, derivative *rev1,
                 derivative *rev2) {
  derivative *all[] = {fwd1, fwd2, fwd4, rev1, rev2};
  const int widths[] = {1, 2, 4, 1, 2};
  const char *names[] = {"forward", "forward, width 2", "forward, width 4", "reverse", "reverse, width 2"};
  double plain[most] = {0}, in[most], out[most];
  memcpy(in, point, inputs * sizeof(double));
  f(in, plain);
  for (int m = 0; m < 5; m++) {
    /* Room behind the shadows that nobody may touch. */
    double d_in[lanes * most + 1], d_out[lanes * most + 1];
    int forward = m < 3;
    for (int k = 0; k <= lanes * most; k++)
      d_in[k] = d_out[k] = 0;
    double *seed = forward ? d_in : d_out, *found = forward ? d_out : d_in;
    long seeds = forward ? inputs : outputs, results = forward ? outputs : inputs;
    for (int lane = 0; lane < widths[m]; lane++)
      for (long k = 0; k < seeds; k++)
        seed[lane * seeds + k] = weight(7 * lane + (int)k);
    if (!forward) /* Adjoints are added to what is there. */
      for (int lane = 0; lane < widths[m]; lane++)
        for (long k = 0; k < results; k++)
          found[lane * results + k] = 0.5;
    memcpy(in, point, inputs * sizeof(double));
    memset(out, 0, sizeof out);
    all[m](in, d_in, out, d_out);
    for (int lane = 0; lane < widths[m]; lane++)
      for (long r = 0; r < results; r++) {
        double want = forward ? 0 : 0.5, size = forward ? 0 : 0.5;
        for (long s = 0; s < seeds; s++) {
          double partial = forward ? jacobian[r * inputs + s] : jacobian[s * inputs + r];
          double term = partial == 0 ? 0 : partial * weight(7 * lane + (int)s);
          want += term;
          size += fabs(term);
        }
        compare(type, names[m], lane, r, found[lane * results + r], want, size, 4 * tolerance);
      }
    if (!forward)
      for (int lane = 0; lane < widths[m]; lane++)
        for (long k = 0; k < outputs; k++)
          compare(type, "cleared adjoint", lane, k, d_out[lane * outputs + k], 0, 0, 0);
    for (long k = 0; k < outputs; k++)
      compare(type, "primal result", 0, k, out[k], plain[k], fabs(plain[k]), tolerance);
    for (long k = 0; k < inputs; k++)
      compare(type, "input", 0, k, in[k], point[k], 0, 0);
    compare(type, "past the shadow", 0, 0, d_in[widths[m] * inputs], 0, 0, 0);
    compare(type, "past the shadow", 0, 1, d_out[widths[m] * outputs], 0, 0, 0);
  }
}

int matrix_result(void) { return bad != 0; }

/* Compiler support for bfloat, which older compilers' libraries lack: rounding to nearest, ties to even. */
__bf16 __truncsfbf2(float x) {
  unsigned bits;
  memcpy(&bits, &x, sizeof bits);
  unsigned short top = (unsigned short)(x != x ? (bits >> 16) | 0x40 : (bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
  __bf16 result;
  memcpy(&result, &top, sizeof result);
  return result;
}

__bf16 __truncdfbf2(double x) { return __truncsfbf2((float)x); }
