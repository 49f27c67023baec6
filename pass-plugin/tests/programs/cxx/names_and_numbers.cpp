// What: strings that are members beside numbers: made, appended to, moved into vectors, sorted by, copied with their owners.
// Covers: C++ std::string beside floats in vectors and structs; C++ vector of pairs with strings, sorted
#include "agree.h"
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>
using std::string;
using std::vector;

struct point {
  string name;
  double value;
};

static double short_names(double *x, int n) {
  vector<point> all;
  for (int i = 0; i < n; i++)
    all.push_back({"name", x[i] * x[i]});
  double sum = 0;
  for (auto &p : all)
    sum += p.value * p.value * p.name.size();
  return sum;
}

static double long_names(double *x, int n) {
  vector<point> all;
  for (int i = 0; i < n; i++)
    all.push_back({"a rather long name that is on the heap " + std::to_string(i), x[i] * x[i]});
  double sum = 0;
  for (auto &p : all)
    sum += p.value * p.value * p.name.size();
  return sum;
}

static double appended(double *x, int n) {
  vector<point> all;
  string name = "n";
  for (int i = 0; i < n; i++) {
    name += std::to_string(i) + (i & 1 ? "-grows-and-grows" : "");
    string copy = name;
    all.push_back({std::move(copy), x[i] * x[i]});
  }
  double sum = 0;
  for (auto &p : all)
    sum += p.value * p.name.size() + (p.name[0] == 'n' ? p.value * p.value : 0);
  return sum;
}

static double sorted(double *x, int n) {
  vector<std::pair<string, double>> all;
  for (int i = 0; i < n; i++)
    all.emplace_back("key" + string(1, 'd' - i), x[i] * x[i]);
  std::sort(all.begin(), all.end());
  double sum = 0;
  int k = 1;
  for (auto &[name, value] : all)
    sum += value * (k++) * name.size();
  return sum;
}

struct polynomial {
  string name;
  vector<double> factors;
  double operator()(double t) const {
    double sum = 0;
    for (double f : factors)
      sum = sum * t + f;
    return sum;
  }
};

static double owners(double *x, int n) {
  polynomial p{"a name of more than fifteen letters", vector<double>(x, x + n)};
  polynomial q = p;
  q.factors[0] *= 2;
  q.name += "!";
  vector<std::unique_ptr<polynomial>> all;
  all.push_back(std::make_unique<polynomial>(std::move(p)));
  all.push_back(std::make_unique<polynomial>(q));
  double t = x[0];
  for (auto &f : all)
    t = (*f)(t) * (f->name.back() == '!' ? 2 : 1);
  return t;
}

static double literal_keys(double *x, int n) {
  std::map<string, double> m;
  m["a"] = x[0] * x[0];
  m["b"] = x[1] * x[2];
  m["c"] += x[3];
  return m["a"] * m["b"] + m.at("c");
}

static double commands(double *x, int n) {
  string ops = "+*-";
  double sum = x[0];
  for (size_t i = 0; i < ops.size(); i++)
    switch (ops[i]) {
    case '+':
      sum += x[i + 1];
      break;
    case '*':
      sum *= x[i + 1];
      break;
    default:
      sum -= x[i + 1] * x[0];
    }
  return sum;
}

int main() {
  AGREE(short_names, 4, {0.31, 0.72, 1.13, 1.9});
  AGREE(long_names, 4, {0.31, 0.72, 1.13, 1.9});
  AGREE(appended, 4, {0.31, 0.72, 1.13, 1.9});
  AGREE(sorted, 4, {0.31, 0.72, 1.13, 1.9});
  AGREE(owners, 4, {0.31, 0.72, 1.13, 1.9});
  AGREE(literal_keys, 4, {0.31, 0.72, 1.13, 1.9});
  AGREE(commands, 4, {0.31, 0.72, 1.13, 1.9});
  CHECK_END();
}
