// What: a local array of 1 to 24 doubles is filled in a loop and copied to an argument that is seen nowhere else: no element is lost, in split mode either.
// Covers: memory copies of a known length; entry __enzyme_augmentfwd; entry __enzyme_reverse
#include "check.h"
#include <string.h>

struct handle { void *tape; double r; };
extern double __enzyme_autodiff(void *, ...);
extern struct handle __enzyme_augmentfwd(void *, ...);
extern double __enzyme_reverse(void *, ...);
extern int enzyme_dup, enzyme_out;

#define SIZE(N, COPY)                                                                                          \
  static __attribute__((noinline)) double filled##N##COPY(double a, double *x) {                               \
    double t[N];                                                                                               \
    for (int i = 0; i < N; i++) t[i] = (i + 1) * a;                                                            \
    COPY(x, t, sizeof t);                                                                                      \
    return 0.5;                                                                                                \
  }                                                                                                            \
  static void check##N##COPY(void) {                                                                           \
    double want = 0, x[N] = {0}, d[N], s[N];                                                                   \
    for (int i = 0; i < N; i++) { d[i] = s[i] = 0.25 * i + 1; want += (i + 1) * d[i]; }                        \
    CHECK(__enzyme_autodiff((void *)filled##N##COPY, enzyme_out, 2.0, enzyme_dup, x, d), want);                \
    struct handle h = __enzyme_augmentfwd((void *)filled##N##COPY, enzyme_out, 2.0, enzyme_dup, x, s);         \
    CHECK(__enzyme_reverse((void *)filled##N##COPY, enzyme_out, 2.0, enzyme_dup, x, s, 1.0, h.tape), want);    \
    for (int i = 0; i < N; i++) { CHECK(d[i], 0); CHECK(s[i], 0); CHECK(x[i], 2.0 * (i + 1)); }                \
  }
SIZE(1, memcpy) SIZE(2, memcpy) SIZE(3, memmove) SIZE(7, memcpy) SIZE(8, memmove) SIZE(8, memcpy) SIZE(9, memcpy) SIZE(16, memmove) SIZE(24, memcpy)

int main(void) {
  check1memcpy(); check2memcpy(); check3memmove(); check7memcpy(); check8memmove(); check8memcpy(); check9memcpy(); check16memmove(); check24memcpy();
  CHECK_END();
}
