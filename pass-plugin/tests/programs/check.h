/* What every program includes: the entry points' markers, and checks that say what they found. */
#ifndef ENZYME_RS_TESTS_CHECK_H
#define ENZYME_RS_TESTS_CHECK_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static int check_failures = 0;

static void check_at(const char *file, int line, const char *what, double got, double want, double tol) {
  double scale = fmax(1.0, fmax(fabs(got), fabs(want)));
  if (got == want || fabs(got - want) <= tol * scale)
    return;
  fprintf(stderr, "%s:%d: %s is %.17g, not %.17g\n", file, line, what, got, want);
  check_failures++;
}

/* `got` is `want`, to 1e-10 of the larger. */
#define CHECK(got, want) check_at(__FILE__, __LINE__, #got, (double)(got), (double)(want), 1e-10)
/* For single precision, and where an algorithm has an error of its own. */
#define CHECK_TOL(got, want, tol) check_at(__FILE__, __LINE__, #got, (double)(got), (double)(want), (tol))
/* The last line of `main`. */
#define CHECK_END() return check_failures != 0

#endif
