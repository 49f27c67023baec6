// What: a stack machine steered by a string, and a recursive-descent evaluator of a formula: the derivative of the formula.
// Covers: control switch; calls mutual recursion; memory local array as a stack
#include "check.h"
#include "enzyme.h"
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double run(const char *program, double x) {
  double stack[16];
  int top = 0;
  for (const char *c = program; *c; c++)
    switch (*c) {
    case 'x':
      stack[top++] = x;
      break;
    case '+':
      top--;
      stack[top - 1] += stack[top];
      break;
    case '*':
      top--;
      stack[top - 1] *= stack[top];
      break;
    case 's':
      stack[top - 1] = sin(stack[top - 1]);
      break;
    case 'd':
      stack[top] = stack[top - 1];
      top++;
      break;
    default:
      if (*c >= '0' && *c <= '9')
        stack[top++] = *c - '0';
    }
  return stack[0];
}

struct parser {
  const char *at;
  double x;
};
static double sum(struct parser *p);

static double atom(struct parser *p) {
  char c = *p->at++;
  if (c == 'x')
    return p->x;
  if (c == '(') {
    double v = sum(p);
    p->at++;
    return v;
  }
  return c - '0';
}
static double product(struct parser *p) {
  double v = atom(p);
  while (*p->at == '*' || *p->at == '/') {
    char op = *p->at++;
    double w = atom(p);
    if (op == '*')
      v *= w;
    else
      v /= w;
  }
  return v;
}
static double sum(struct parser *p) {
  double v = product(p);
  while (*p->at == '+' || *p->at == '-') {
    char op = *p->at++;
    double w = product(p);
    v = op == '+' ? v + w : v - w;
  }
  return v;
}
static double formula(const char *text, double x) {
  struct parser p = {text, x};
  return sum(&p);
}

int main(void) {
  double x = 0.7;
  /* sin(x * x) * x + 3 */
  const char *program = "xd*sx*3+";
  double want = cos(x * x) * 2 * x * x + sin(x * x);
  CHECK(__enzyme_autodiff((void *)run, enzyme_const, program, enzyme_out, x), want);
  CHECK(__enzyme_fwddiff((void *)run, enzyme_const, program, enzyme_dup, x, 1.0), want);
  const char *text = "x*x*(3-x)/(1+x)-2*x";
  double q = 1 + x, n = 3 * x * x - x * x * x;
  want = (6 * x - 3 * x * x) / q - n / (q * q) - 2;
  CHECK(__enzyme_autodiff((void *)formula, enzyme_const, text, enzyme_out, x), want);
  CHECK(__enzyme_fwddiff((void *)formula, enzyme_const, text, enzyme_dup, x, 1.0), want);
  CHECK_END();
}
