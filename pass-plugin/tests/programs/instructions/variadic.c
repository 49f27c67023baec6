// What: a function of the user's with a variable number of arguments, called with inactive data only.
// Covers: instruction va_arg; function vsnprintf
#include "check.h"
#include "enzyme.h"
#include <stdarg.h>
double __enzyme_autodiff_d(void *, ...);
double __enzyme_fwddiff_d(void *, ...);
static int lines;
__attribute__((noinline)) static void report(const char *format, ...) {
  va_list list;
  va_start(list, format);
  char text[100];
  vsnprintf(text, sizeof text, format, list);
  va_end(list);
  lines++;
}
static double f(double x, int n) {
  report("n is %d\n", n);
  return x * x;
}
int main(void) {
  CHECK(__enzyme_autodiff_d((void *)f, 1.5, enzyme_const, 3), 3);
  CHECK(__enzyme_fwddiff_d((void *)f, 1.5, 1.0, enzyme_const, 3), 3);
  CHECK(lines, 2);
  CHECK_END();
}
