// What: structs with padding behind or between their members, passed and returned by value through recursion: the padding is moved by words of its own, and is no data.
// Covers: calls structs by value with padding; control recursion
#include "agree.h"

typedef struct { double re, im; int steps; } State;

static State julia(State z, State c, int depth) {
  if (depth == 0 || z.re * z.re + z.im * z.im > 100)
    return z;
  State w = {z.re * z.re - z.im * z.im + c.re, 2 * z.re * z.im + c.im, z.steps + 1};
  return julia(w, c, depth - 1);
}

static double orbit(double *x, int n) {
  State z = {x[0], x[1], 0}, c = {x[2], x[3], 0};
  State r = julia(z, c, 5);
  return r.re * r.re + r.im + r.steps * x[n - 1];
}

typedef struct { int kind; double size; struct { short mark; double at[2]; int left; } inner; } Nested;

static Nested halve(Nested s, int depth) {
  if (depth == 0)
    return s;
  Nested t = s;
  t.kind++;
  t.size = s.size * s.inner.at[s.kind % 2];
  t.inner.at[s.kind % 2] = 0.5 * s.size;
  return halve(t, depth - 1);
}

static double nested(double *x, int n) {
  Nested s = {0, x[0], {1, {x[1], x[2]}, 7}};
  Nested r = halve(s, n);
  return r.size * r.kind + r.inner.at[0] * r.inner.left;
}

int main(void) {
  AGREE(orbit, 4, {0.3, 0.2, 0.1, -0.4});
  AGREE(nested, 3, {1.3, 0.7, 1.1});
  CHECK_END();
}
