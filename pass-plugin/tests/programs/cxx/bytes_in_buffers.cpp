// What: floats whose bytes go through buffers of characters, whole and one by one, aligned or not, and in packed structs
// Covers: memory floats as bytes in buffers
#include "agree.h"
#include <cstring>
#include <vector>

template <class T> static T read(const char *p) {
  T t;
  memcpy(&t, p, sizeof t);
  return t;
}

static double weighted(const char *p, int n, int stride) {
  double s = 0;
  for (int i = 0; i < n; i++) {
    double v = read<double>(p + stride * i);
    s += v * v * (i + 1);
  }
  return s;
}

static double through_vectors(double *x, int n) {
  std::vector<double> v(x, x + n);
  std::vector<char> raw(n * 8);
  for (size_t i = 0; i < raw.size(); i++)
    raw[i] = ((const char *)v.data())[i];
  return weighted(raw.data(), n, 8);
}

struct stream {
  std::vector<unsigned char> bytes;
  size_t at = 0;
  template <class T> void put_bytewise(const T &t) {
    for (size_t i = 0; i < sizeof t; i++)
      bytes.push_back(((const unsigned char *)&t)[i]);
  }
  template <class T> void put(const T &t) {
    size_t n = bytes.size();
    bytes.resize(n + sizeof t);
    memcpy(&bytes[n], &t, sizeof t);
  }
  template <class T> T get() {
    T t;
    memcpy(&t, &bytes[at], sizeof t);
    at += sizeof t;
    return t;
  }
};

static double pushed(double *x, int n) {
  stream b;
  for (int i = 0; i < n; i++)
    b.put_bytewise(x[i] * x[i]);
  double s = 0;
  for (int i = 0; i < n; i++)
    s += b.get<double>() * (i + 1);
  return s;
}

static double records(double *x, int n) {
  stream b;
  for (int i = 0; i < n; i++) {
    b.put(i);
    b.put(x[i] * x[i]);
  }
  double s = 0;
  for (int i = 0; i < n; i++) {
    int k = b.get<int>();
    s += b.get<double>() * (k + 1);
  }
  return s;
}

static double records_bytewise(double *x, int n) {
  char *b = (char *)calloc(n, 12);
  for (int i = 0; i < n; i++) {
    *(int *)(b + 12 * i) = i;
    for (int k = 0; k < 8; k++)
      b[12 * i + 4 + k] = ((const char *)&x[i])[k];
  }
  double s = 0;
  for (int i = 0; i < n; i++) {
    double v;
    for (int k = 0; k < 8; k++)
      ((char *)&v)[k] = b[12 * i + 4 + k];
    s += v * v * (*(int *)(b + 12 * i) + 1);
  }
  free(b);
  return s;
}

static double inserted(double *x, int n) {
  std::vector<char> b;
  for (int i = 0; i < n; i++) {
    const char *p = (const char *)&x[i];
    b.insert(b.begin(), p, p + 8);
  }
  return weighted(b.data(), n, 8);
}

static double tagged(double *x, int n) {
  std::vector<char> b;
  for (int i = 0; i < n; i++) {
    const char *p = (const char *)&x[i];
    b.push_back((char)i);
    b.insert(b.end(), p, p + 8);
  }
  return weighted(b.data() + 1, n, 9) + b[9];
}

static double twice_reversed(double *x, int n) {
  std::vector<char> b((const char *)x, (const char *)(x + n));
  std::vector<char> c(b.rbegin(), b.rend()), d(c.rbegin(), c.rend());
  return weighted(d.data(), n, 8);
}

static double copied_twice(double *x, int n) {
  std::vector<char> b(n * 8);
  for (int i = 0; i < n * 8; i++)
    b[i] = ((const char *)x)[i];
  std::vector<char> c(b), d(b);
  return weighted(c.data(), n, 8) * weighted(d.data(), n, 8);
}

static double same_buffer_again(double *x, int n) {
  char *b = (char *)malloc(16);
  double s = 0;
  for (int r = 0; r < 3; r++)
    for (int i = 0; i < n; i++) {
      double w = x[i] * x[i], v;
      for (int k = 0; k < 8; k++)
        b[k + 3] = ((char *)&w)[k];
      for (int k = 0; k < 8; k++)
        ((char *)&v)[k] = b[k + 3];
      s += v * v * (r + 1);
    }
  free(b);
  return s;
}

// The last five characters belong to no float, and the word around them ends behind the buffer.
static double then_a_name(double *x, int n) {
  int size = n * 8 + 5;
  char *b = (char *)malloc(size), *c = (char *)malloc(size);
  for (int i = 0; i < n; i++) {
    double w = x[i] * x[i];
    for (int k = 0; k < 8; k++)
      b[8 * i + k] = ((char *)&w)[k];
  }
  for (int k = 0; k < 5; k++)
    b[8 * n + k] = "name"[k];
  for (int i = 0; i < size; i++)
    c[i] = b[i];
  double s = weighted(c, n, 8) + c[8 * n + 1];
  free(b);
  free(c);
  return s;
}

struct __attribute__((packed)) pointing {
  char tag;
  const double *p;
  double value;
};

static double packed_with_pointer(double *x, int n) {
  pointing r[2];
  for (int i = 0; i < 2; i++)
    r[i] = {(char)i, x + i, x[n - 1 - i]};
  pointing *q = (pointing *)malloc(sizeof r);
  memcpy(q, r, sizeof r);
  double s = 0;
  for (int i = 0; i < 2; i++)
    s += q[i].value * q[i].value * (q[i].tag + 1) * q[i].p[0];
  free(q);
  return s;
}

struct __attribute__((packed)) odd {
  char tag;
  double value;
  int number;
};

static double packed(double *x, int n) {
  odd a[4], c[4];
  for (int i = 0; i < n; i++)
    a[i] = {(char)i, x[i] * x[i], i * i};
  memcpy(c, a, sizeof a);
  for (int i = 0; i < n; i++)
    a[i] = c[n - 1 - i];
  double s = 0;
  for (int i = 0; i < n; i++)
    s += a[i].value * a[i].number + c[i].value * c[i].tag;
  return s;
}

int main() {
  AGREE(through_vectors, 4, {3, -1, 2, 0.5});
  AGREE(pushed, 4, {3, -1, 2, 0.5});
  AGREE(records, 4, {3, -1, 2, 0.5});
  AGREE(records_bytewise, 4, {3, -1, 2, 0.5});
  AGREE(inserted, 4, {3, -1, 2, 0.5});
  AGREE(tagged, 4, {3, -1, 2, 0.5});
  AGREE(twice_reversed, 4, {3, -1, 2, 0.5});
  AGREE(copied_twice, 4, {3, -1, 2, 0.5});
  AGREE(same_buffer_again, 4, {3, -1, 2, 0.5});
  AGREE(then_a_name, 4, {3, -1, 2, 0.5});
  AGREE(packed_with_pointer, 4, {3, -1, 2, 0.5});
  AGREE(packed, 4, {3, -1, 2, 0.5});
  CHECK_END();
}
