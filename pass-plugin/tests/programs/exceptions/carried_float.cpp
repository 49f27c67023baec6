// What: an exception that carries active data to its handler: the derivative is right where none is thrown, and stops the program where one is read
// Covers: c++ exceptions that carry floats
#include "check.h"
#include "enzyme.h"
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double caught(double x) {
  try {
    if (x > 1)
      throw x * 2;
    return x * x;
  } catch (double d) {
    return d * d;
  }
}

// Whether the program ends by `abort` when it differentiates at `x`.
template <class F> static bool aborts(F f) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    f();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

int main() {
  CHECK(__enzyme_autodiff((void *)caught, 0.5), 1);
  CHECK(__enzyme_fwddiff((void *)caught, 0.5, 1.0), 1);
  CHECK(aborts([] { __enzyme_autodiff((void *)caught, 1.5); }), true);
  CHECK(aborts([] { __enzyme_fwddiff((void *)caught, 1.5, 1.0); }), true);
  CHECK_END();
}
