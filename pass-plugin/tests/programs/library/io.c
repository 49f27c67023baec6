// What: printing, files, time, random numbers, strings and conversions carry no derivative and keep their effects
// Covers: function printf; function fwrite; function fopen; function time; function rand; function getenv; function strtod; function strcpy; function isalpha; function sscanf; function __assert_fail
#include "../check.h"
#include <string.h>
#include <time.h>
#include <ctype.h>
#include <assert.h>
#include <errno.h>
#include <sys/time.h>
extern double __enzyme_autodiff(void *, ...);
extern double __enzyme_fwddiff(void *, ...);
extern int enzyme_const;
double f1(double x) { printf("x = %f\n", x); puts("hello"); putchar('c'); fprintf(stdout, "%g %d\n", x * x, 3); fflush(stdout); return x * x; }
double f2(double x) { char buf[64]; snprintf(buf, sizeof buf, "%.3f", x); sprintf(buf + 20, "%d", 4); return x * strlen(buf); }
double f3(double x) { FILE *f = fopen("/dev/null", "w"); if (!f) return 0; fwrite(&x, 8, 1, f); fputs("abc", f); fputc('d', f); fclose(f); return x * x; }
double f4(double x) { clock_t a = clock(); time_t t = time(NULL); struct timeval tv; gettimeofday(&tv, NULL); struct timespec ts; clock_gettime(CLOCK_MONOTONIC, &ts); return x * x + 0.0 * (double)(t > 0) + 0 * (a > 100); }
double f5(double x) { srand(1); int r = rand() % 10; return r * 0 + x * x; }
double f6(double x) { assert(x > 0); if (x < 0) { fprintf(stderr, "bad %f\n", x); exit(1); } if (x > 1e6) abort(); return x * x; }
double f7(double x) { const char *e = getenv("NOPE"); return e ? x : x * x; }
double f8(double x, const char *s) { int n = 0; for (const char *p = s; *p; p++) if (isalpha(*p)) n++; else if (isdigit(*p) || isspace(*p) || ispunct(*p)) n += 10; n += toupper('a') == 'A'; return n * x; }
double f9(double x) { double y = strtod("2.5", NULL) + atof("1.5"); int k = atoi("3"); errno = 0; return x * y * k; }
double f10(double x) { char a[8] = "abc", b[8]; strcpy(b, a); strcat(b, "d"); strncpy(a, b, 3); return x * strlen(b) * (strcmp(a, "abc") == 0) * (strchr(b, 'd') - b) * (strncmp(a, b, 3) == 0) + (strstr(b, "cd") - b) * x; }
double f11(double x) { struct tm tm; time_t t = 0; localtime_r(&t, &tm); gmtime(&t); return x * x + difftime(t, t); }
double f12(double x) { int v = 0; sscanf("5", "%d", &v); return x * v; }
double f13(double x) { double v = 0; sscanf("5.5", "%lf", &v); return x * v; }
double f14(double x) { perror("hi"); setvbuf(stdout, NULL, _IOFBF, 0); fprintf(stderr, "%s\n", strerror(1)); return x * x; }
double f15(double x) { int a = abs(-3); long b = labs(-4L); div_t d = div(7, 2); return x * (a + b + d.quot); }
#define T(f, want) CHECK(__enzyme_autodiff((void *)f, 2.0), want); CHECK(__enzyme_fwddiff((void *)f, 2.0, 1.0), want)
int main() {
  T(f1, 4); T(f2, 5); T(f3, 4); T(f4, 4); T(f5, 4); T(f6, 4); T(f7, 4); T(f9, 12); T(f10, 4 * 3 + 2); T(f11, 4); T(f12, 5); T(f13, 5.5); T(f14, 4); T(f15, 10);
  CHECK(__enzyme_autodiff((void *)f8, 2.0, enzyme_const, "ab 1"), 23);
  CHECK(__enzyme_fwddiff((void *)f8, 2.0, 1.0, enzyme_const, "ab 1"), 23);
  CHECK_END();
}
