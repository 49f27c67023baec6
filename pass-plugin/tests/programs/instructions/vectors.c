// What: vector extensions of clang: arithmetic, comparison and selection, subscripts, conversions, shuffles, vectors in structs and memory.
// Covers: types __attribute__((vector_size(32))); types __attribute__((ext_vector_type(4)))
#include "check.h"
#include "enzyme.h"
typedef double v4d __attribute__((vector_size(32)));
typedef float v4f __attribute__((vector_size(16)));
typedef long v4l __attribute__((vector_size(32)));
typedef int v4i __attribute__((vector_size(16)));
typedef float float4 __attribute__((ext_vector_type(4)));
typedef double double3 __attribute__((ext_vector_type(3)));
double __enzyme_autodiff_d(void *, ...);
double __enzyme_fwddiff_d(void *, ...);
void __enzyme_autodiff_v(void *, ...);
void __enzyme_fwddiff_v(void *, ...);

static double sum(v4d v) { return v[0] + v[1] + v[2] + v[3]; }
static double broadcast(double x) {
  v4d v = {x, 2 * x, x * x, 1};
  v4d w = v * v + x * v - v / 2.0;
  return sum(w);
}
/* w = x²+x²-x/2, 4x²+2x²-x, x⁴+x³-x²/2, 1+x-1/2 */
static double broadcast_d(double x) { return 4 * x - 0.5 + 12 * x - 1 + 4 * x * x * x + 3 * x * x - x + 1; }
static double select_lanes(double x) {
  v4d v = {x, -x, 2 * x, -3 * x};
  v4l positive = v > 0.0;
  v4d w = (v4d)(((v4l)v & positive) | ((v4l)(v * v) & ~positive));
  return sum(w);
}
static double select_lanes_d(double x) { return 1 + 2 * x + 2 + 18 * x; }
static void in_memory(const v4d *a, v4d *out, int n) {
  for (int i = 0; i < n; i++)
    out[i] = a[i] * a[i] + a[n - 1 - i];
}
static double by_element(const v4f *v, int n) {
  double s = 0;
  const float *p = (const float *)v;
  for (int i = 0; i < 4 * n; i++)
    s += p[i] * v[i / 4][i % 4];
  return s;
}
static double swizzle(double x) {
  float4 v = {(float)x, 2, 3, 4};
  float4 w = v.wzyx * v + v.xxyy;
  double3 d = {x, w.x, w.w};
  d.xy = d.yx * 2;
  return d.x + d.y * d.z;
}
/* w.x = 4x + x = 5x, w.w = 4x + 2; d = {10x, 2x, 4x+2}: 10x + 2x(4x+2) */
static double swizzle_d(double x) { return 10 + 16 * x + 4; }
static double convert(double x) {
  v4d v = {x, x + 1, x + 2, x + 3};
  v4f f = __builtin_convertvector(v, v4f);
  v4i i = __builtin_convertvector(f, v4i);
  v4f g = f * __builtin_convertvector(i, v4f);
  v4f s = __builtin_shufflevector(g, f, 0, 5, 2, 7);
  return s[0] + s[1] + s[2] + s[3];
}
struct body { v4f position; float mass; v4f velocity; };
static void step(struct body *b, float dt) {
  b->position += b->velocity * dt;
  b->velocity -= b->position * b->mass;
}
int main(void) {
  CHECK(__enzyme_autodiff_d((void *)broadcast, 1.5), broadcast_d(1.5));
  CHECK(__enzyme_fwddiff_d((void *)broadcast, 1.5, 1.0), broadcast_d(1.5));
  CHECK(__enzyme_autodiff_d((void *)select_lanes, 1.5), select_lanes_d(1.5));
  CHECK(__enzyme_fwddiff_d((void *)select_lanes, 1.5, 1.0), select_lanes_d(1.5));
  v4d a[2] = {{1, 2, 3, 4}, {5, 6, 7, 8}}, da[2] = {{0}}, out[2], d_out[2] = {{1, 1, 1, 1}, {0, 2, 0, 0}};
  __enzyme_autodiff_v((void *)in_memory, enzyme_dup, a, da, enzyme_dup, out, d_out, enzyme_const, 2);
  CHECK(da[0][1], 2 * 2 + 2);
  CHECK(da[1][1], 2 * 2 * 6 + 1);
  v4f v[2] = {{1, 2, 3, 4}, {5, 6, 7, 8}}, dv[2] = {{0}};
  __enzyme_autodiff_v((void *)by_element, enzyme_dup, v, dv, enzyme_const, 2);
  CHECK(dv[1][2], 14);
  CHECK_TOL(__enzyme_autodiff_d((void *)swizzle, 1.5), swizzle_d(1.5), 1e-6);
  CHECK_TOL(__enzyme_fwddiff_d((void *)swizzle, 1.5, 1.0), swizzle_d(1.5), 1e-6);
  CHECK_TOL(__enzyme_autodiff_d((void *)convert, 1.5), 1 + 1 + 3 + 1, 1e-6);
  struct body b = {{1, 2, 3, 0}, 2, {0.5f, 0, -1, 0}}, db = {{0}, 0, {1, 0, 0, 0}};
  __enzyme_autodiff_v((void *)step, enzyme_dup, &b, &db, enzyme_out, 0.1f);
  CHECK_TOL(db.position[0], -2, 1e-6);
  CHECK_TOL(db.velocity[0], 1 - 2 * 0.1, 1e-6);
  CHECK_TOL(db.mass, -(1 + 0.5 * 0.1), 1e-6);
  CHECK_END();
}
