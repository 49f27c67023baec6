// What: forward split mode of a function that overwrites its input is refused: its tape does not hold what was there.
// Error: "fwdsplit.c:12" "ER0012" "overwrites memory that it reads"
#include "enzyme.h"

void *__enzyme_augmentfwd(void *, ...);
void __enzyme_fwdsplit(void *, ...);

static void square(double *x) { *x = *x * *x; }

int main(void) {
  double x = 3, dx = 1;
  __enzyme_fwdsplit((void *)square, &x, &dx, __enzyme_augmentfwd((void *)square, &x, &dx));
}
