// What: C11 atomics on floats and counters: addition, exchange, compare-and-exchange loops, loads and stores.
// Covers: instruction atomicrmw fadd; instruction atomicrmw xchg; instruction cmpxchg; instruction fence
#include "check.h"
#include "enzyme.h"
#include <stdatomic.h>
void __enzyme_autodiff_v(void *, ...);
void __enzyme_fwddiff_v(void *, ...);
double __enzyme_autodiff_d(void *, ...);

static void add(_Atomic double *sum, const double *x, int n) {
  for (int i = 0; i < n; i++)
    *sum += x[i] * x[i];
}
static double exchanged(double x) {
  _Atomic double cell = x * x;
  double old = atomic_exchange(&cell, 3 * x);
  atomic_thread_fence(memory_order_seq_cst);
  return old * atomic_load(&cell); /* 3 x³ */
}
static double largest(const double *v, int n) {
  _Atomic double best;
  atomic_init(&best, v[0]);
  for (int i = 1; i < n; i++) {
    double seen = atomic_load(&best);
    while (seen < v[i] && !atomic_compare_exchange_weak(&best, &seen, v[i]))
      ;
  }
  double b = atomic_load_explicit(&best, memory_order_relaxed);
  return b * b;
}
struct tally { double value; atomic_int count; };
static void counted(struct tally *t, double x) {
  t->value += x * x;
  atomic_fetch_add(&t->count, 1);
  t->value *= atomic_load(&t->count);
}
int main(void) {
  _Atomic double sum = 0, d_sum = 1;
  double x[3] = {1, 2, 3}, dx[3] = {0};
  __enzyme_autodiff_v((void *)add, enzyme_dup, &sum, &d_sum, enzyme_dup, x, dx, enzyme_const, 3);
  CHECK(dx[0], 2);
  CHECK(dx[2], 6);
  CHECK(sum, 14);
  CHECK(__enzyme_autodiff_d((void *)exchanged, 1.5), 9 * 1.5 * 1.5);
  double v[4] = {1, 7, 3, 2}, dv[4] = {0};
  __enzyme_autodiff_v((void *)largest, enzyme_dup, v, dv, enzyme_const, 4);
  CHECK(dv[1], 14);
  CHECK(dv[0] + dv[2] + dv[3], 0);
  struct tally t = {1, 2}, dt = {1, 0};
  __enzyme_autodiff_v((void *)counted, enzyme_dup, &t, &dt, enzyme_const, 2.0);
  CHECK(dt.value, 3);
  CHECK(atomic_load(&t.count), 3);
  CHECK_END();
}
