// What: clang's matrix types: products, transposes, loads and stores by column.
// Covers: intrinsic llvm.matrix.multiply; intrinsic llvm.matrix.transpose; intrinsic llvm.matrix.column.major.load
// Flags: -fenable-matrix
#include "check.h"
#include "enzyme.h"
typedef double m2 __attribute__((matrix_type(2, 2)));
double __enzyme_autodiff_d(void *, ...);
double __enzyme_fwddiff_d(void *, ...);
static double f(double x) {
  m2 a, b;
  a[0][0] = x; a[0][1] = 2; a[1][0] = x * x; a[1][1] = 1;
  b = a * a;
  m2 t = __builtin_matrix_transpose(b) + a * x;
  double buf[4];
  __builtin_matrix_column_major_store(t, buf, 2);
  m2 l = __builtin_matrix_column_major_load(buf, 2, 2, 2);
  return l[0][0] + l[0][1] * 3 + l[1][1];
}
/* b00 = x²+2x², b10 = x³+x², b11 = 2x²+1; t00 = 3x²+x², t01 = b10 + 2x, t11 = 2x²+1+x */
static double df(double x) { return 8 * x + 3 * (3 * x * x + 2 * x + 2) + 4 * x + 1; }
int main(void) { CHECK(__enzyme_autodiff_d((void *)f, 1.5), df(1.5)); CHECK(__enzyme_fwddiff_d((void *)f, 1.5, 1.0), df(1.5)); CHECK_END(); }
