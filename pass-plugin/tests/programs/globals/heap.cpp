// What: variables whose memory is made once and stays
// Covers: c++ globals
#include "../cxx/derivative.h"
static std::vector<double> ws; static double *heap; static int cap;
double f(double x) { ws.resize(3); for (int i = 0; i < 3; i++) ws[i] = x * i; double s = 0; for (double w : ws) s += w * w; return s; }
double g(double x) { if (!heap) { heap = (double *)malloc(32); } heap[1] = x; heap[2] = heap[1] * x; return heap[2] * heap[1]; }
int main() { d1(f, 1.3); d1(g, 0.7); CHECK_END(); }
