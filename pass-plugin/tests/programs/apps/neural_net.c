// What: dense layers with tanh, relu and softmax, cross entropy; weights allocated on the heap, layers in an array of structs.
// Covers: memory malloc; memory pointer to pointer; memory array of structs
#include "check.h"
#include "enzyme.h"
#include <string.h>
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

struct layer {
  int in, out, kind;
  double *w, *b;
};

static void forward(const struct layer *l, const double *x, double *y) {
  for (int i = 0; i < l->out; i++) {
    double s = l->b[i];
    for (int j = 0; j < l->in; j++)
      s += l->w[i * l->in + j] * x[j];
    switch (l->kind) {
    case 0:
      y[i] = tanh(s);
      break;
    case 1:
      y[i] = s > 0 ? s : 0;
      break;
    default:
      y[i] = s;
    }
  }
}

static double cross_entropy(const struct layer *l, int layers, const double *x, int label) {
  double *a = malloc(8 * sizeof(double)), *b = malloc(8 * sizeof(double));
  memcpy(a, x, l[0].in * sizeof(double));
  for (int i = 0; i < layers; i++) {
    forward(&l[i], a, b);
    double *t = a;
    a = b;
    b = t;
  }
  int n = l[layers - 1].out;
  double top = a[0], sum = 0;
  for (int i = 1; i < n; i++)
    if (a[i] > top)
      top = a[i];
  for (int i = 0; i < n; i++)
    sum += exp(a[i] - top);
  double loss = log(sum) + top - a[label];
  free(a);
  free(b);
  return loss;
}

static void make(struct layer *l, int in, int out, int kind, int zero) {
  l->in = in;
  l->out = out;
  l->kind = kind;
  l->w = malloc(in * out * sizeof(double));
  l->b = malloc(out * sizeof(double));
  for (int i = 0; i < in * out; i++)
    l->w[i] = zero ? 0 : sin(3 * i + kind + 1);
  for (int i = 0; i < out; i++)
    l->b[i] = zero ? 0 : 0.1 * i;
}

int main(void) {
  struct layer net[3], dnet[3], tnet[3];
  const int sizes[4] = {3, 4, 5, 3}, kinds[3] = {0, 1, 2};
  for (int i = 0; i < 3; i++) {
    make(&net[i], sizes[i], sizes[i + 1], kinds[i], 0);
    make(&dnet[i], sizes[i], sizes[i + 1], kinds[i], 1);
    make(&tnet[i], sizes[i], sizes[i + 1], kinds[i], 1);
  }
  double x[3] = {0.5, -1, 2}, dx[3] = {0}, zero[3] = {0};
  __enzyme_autodiff((void *)cross_entropy, enzyme_dup, net, dnet, enzyme_const, 3, enzyme_dup, x, dx, enzyme_const, 1);
  for (int l = 0; l < 3; l++) {
    for (int i = 0; i < sizes[l] * sizes[l + 1]; i++) {
      tnet[l].w[i] = 1;
      double f = __enzyme_fwddiff((void *)cross_entropy, enzyme_dup, net, tnet, enzyme_const, 3, enzyme_dup, x, zero,
                                  enzyme_const, 1);
      CHECK(f, dnet[l].w[i]);
      tnet[l].w[i] = 0;
    }
    for (int i = 0; i < sizes[l + 1]; i++) {
      tnet[l].b[i] = 1;
      double f = __enzyme_fwddiff((void *)cross_entropy, enzyme_dup, net, tnet, enzyme_const, 3, enzyme_dup, x, zero,
                                  enzyme_const, 1);
      CHECK(f, dnet[l].b[i]);
      tnet[l].b[i] = 0;
    }
  }
  /* The last biases: softmax minus one-hot; they sum to zero. */
  CHECK(dnet[2].b[0] + dnet[2].b[1] + dnet[2].b[2], 0);
  CHECK(dnet[2].b[1] < 0, 1);
  for (int i = 0; i < 3; i++) {
    double t[3] = {i == 0, i == 1, i == 2};
    double f = __enzyme_fwddiff((void *)cross_entropy, enzyme_const, net, enzyme_const, 3, enzyme_dup, x, t,
                                enzyme_const, 1);
    CHECK(f, dx[i]);
  }
  for (int i = 0; i < 3; i++) {
    free(net[i].w), free(net[i].b), free(dnet[i].w), free(dnet[i].b), free(tnet[i].w), free(tnet[i].b);
  }
  CHECK_END();
}
