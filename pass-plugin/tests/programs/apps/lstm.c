// What: an LSTM cell over a sequence with weights in one flat array, state carried in local arrays.
// Covers: control nested loops; memory variable index
#include "check.h"
#include "enzyme.h"
#include <string.h>
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

enum { H = 2, I = 3, T = 4, ROW = H + I + 1, W = 4 * H * ROW };

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

static double lstm(const double *w, const double *x, int steps) {
  double h[H] = {0}, c[H] = {0}, gate[4][H];
  for (int t = 0; t < steps; t++) {
    for (int g = 0; g < 4; g++)
      for (int i = 0; i < H; i++) {
        const double *row = w + (g * H + i) * ROW;
        double s = row[H + I];
        for (int j = 0; j < H; j++)
          s += row[j] * h[j];
        for (int j = 0; j < I; j++)
          s += row[H + j] * x[t * I + j];
        gate[g][i] = g == 3 ? tanh(s) : sigmoid(s);
      }
    for (int i = 0; i < H; i++) {
      c[i] = gate[0][i] * c[i] + gate[1][i] * gate[3][i];
      h[i] = gate[2][i] * tanh(c[i]);
    }
  }
  double loss = 0;
  for (int i = 0; i < H; i++)
    loss += (h[i] - 0.5) * (h[i] - 0.5);
  return loss;
}

int main(void) {
  double w[W], x[T * I], dw[W] = {0}, dx[T * I] = {0}, t[W], zero[T * I] = {0};
  for (int i = 0; i < W; i++)
    w[i] = 0.5 * sin(i + 1);
  for (int i = 0; i < T * I; i++)
    x[i] = cos(2 * i);
  __enzyme_autodiff((void *)lstm, enzyme_dup, w, dw, enzyme_dup, x, dx, enzyme_const, T);
  for (int i = 0; i < W; i++) {
    memset(t, 0, sizeof t);
    t[i] = 1;
    CHECK(__enzyme_fwddiff((void *)lstm, enzyme_dup, w, t, enzyme_dup, x, zero, enzyme_const, T), dw[i]);
  }
  for (int i = 0; i < T * I; i++) {
    double tx[T * I] = {0};
    tx[i] = 1;
    CHECK(__enzyme_fwddiff((void *)lstm, enzyme_const, w, enzyme_dup, x, tx, enzyme_const, T), dx[i]);
  }
  /* One number by hand: the bias of the output gate after one step. */
  memset(dw, 0, sizeof dw);
  __enzyme_autodiff((void *)lstm, enzyme_dup, w, dw, enzyme_const, x, enzyme_const, 1);
  double s[4];
  for (int g = 0; g < 4; g++) {
    const double *row = w + g * H * ROW;
    s[g] = row[H + I] + row[H] * x[0] + row[H + 1] * x[1] + row[H + 2] * x[2];
  }
  double c = sigmoid(s[1]) * tanh(s[3]), o = sigmoid(s[2]);
  CHECK(dw[2 * H * ROW + H + I], 2 * (o * tanh(c) - 0.5) * tanh(c) * o * (1 - o));
  CHECK_END();
}
