// What: forward split mode: tangents after an augmented run; what it can't do is refused elsewhere (errors/fwdsplit.c).
// Covers: entry __enzyme_fwdsplit
#include "check.h"
#include "enzyme.h"

struct fwd {
  void *tape;
  double value;
};
struct fwd __enzyme_augmentfwd(void *, ...);
void *__enzyme_augmentfwd_void(void *, ...);
double __enzyme_fwdsplit(void *, ...);
void __enzyme_fwdsplit_void(void *, ...);
double __enzyme_reverse(void *, ...);
void __enzyme_reverse_void(void *, ...);

static double square(double x) { return x * x; }
static void squares(const double *x, double *y, int n) {
  for (int i = 0; i < n; i++)
    y[i] = x[i] * x[i];
}

int main(void) {
  struct fwd r = __enzyme_augmentfwd((void *)square, 3.0);
  CHECK(__enzyme_fwdsplit((void *)square, 3.0, 2.0, r.tape), 12);
  /* Tangents leave the tape as it is, so others may follow; the reverse sweep frees it. */
  CHECK(__enzyme_fwdsplit((void *)square, 3.0, 0.5, r.tape), 3);
  CHECK(__enzyme_reverse((void *)square, 3.0, 1.0, r.tape), 6);
  double x[2] = {2, 3}, dx[2] = {1, 10}, y[2], dy[2] = {0, 0};
  void *tape = __enzyme_augmentfwd_void((void *)squares, x, dx, y, dy, 2);
  __enzyme_fwdsplit_void((void *)squares, x, dx, y, dy, 2, tape);
  CHECK(dy[0], 4);
  CHECK(dy[1], 60);
  dx[0] = dx[1] = 0, dy[0] = 1, dy[1] = 2;
  __enzyme_reverse_void((void *)squares, x, dx, y, dy, 2, tape);
  CHECK(dx[0], 4);
  CHECK(dx[1], 12);
  CHECK_END();
}
