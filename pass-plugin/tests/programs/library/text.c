// What: text beside floats: C's string functions on members of structs with shadows, results that point into an argument, strings as keys.
// Covers: library strcpy, strncpy, strcat, strncat; library strchr, strrchr, strstr, memchr, stpcpy (pointers into an argument); library strtok_r, strdup, snprintf on data with shadows
#include "agree.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
  char key[8];
  double value;
  struct entry *next;
};

static double tagged(double *x, int n) {
  struct entry e[4];
  for (int i = 0; i < n; i++) {
    strcpy(e[i].key, i & 1 ? "odd" : "even");
    e[i].value = x[i] * x[i];
  }
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += strcmp(e[i].key, "odd") == 0 ? e[i].value * 2 : e[i].value * 3;
  return sum;
}

static double joined(double *x, int n) {
  struct entry e[4];
  for (int i = 0; i < n; i++) {
    snprintf(e[i].key, sizeof e[i].key, "k%d", i);
    char *end = strncat(strcat(e[i].key, "z"), "yyy", 2);
    e[i].value = x[i] * x[i] * (end[1] - '0');
  }
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += e[i].value * (strlen(e[i].key) + e[i].key[1] - '0');
  return sum;
}

static double chained(double *x, int n) {
  struct entry *table[4] = {0};
  for (int i = 0; i < n; i++) {
    char key[8];
    snprintf(key, sizeof key, "k%d", i % 3);
    unsigned hash = 0;
    for (char *c = key; *c; c++)
      hash = hash * 31 + *c;
    struct entry **place = &table[hash & 3], *e = *place;
    while (e && strcmp(e->key, key))
      e = e->next;
    if (!e) {
      e = malloc(sizeof *e);
      strncpy(e->key, key, sizeof e->key);
      e->value = 1;
      e->next = *place;
      *place = e;
    }
    e->value *= x[i];
  }
  double sum = 0;
  for (int h = 0; h < 4; h++)
    for (struct entry *e = table[h]; e;) {
      struct entry *next = e->next;
      sum += e->value * e->value;
      free(e);
      e = next;
    }
  return sum;
}

struct record {
  double a;
  char tag[8];
  int n;
  double b;
};

static double within(double *x, int n) {
  struct record r = {x[0], "abc", 3, x[1]};
  char *found = memchr(r.tag, 'b', sizeof r.tag);
  *found = 'x';
  strchr(r.tag, 'c')[0] = 'y';
  if (strrchr(r.tag, 'q') || strstr(r.tag, "bc"))
    return 0;
  *stpcpy(r.tag + 3, "d") = 0;
  return r.a * r.b * (r.tag[1] == 'x' ? 2 : 1) * (r.tag[3] == 'd' ? 5 : 1) * r.n;
}

static double parsed(double *x, int n) {
  char list[16] = "3,4,5", *rest;
  double sum = 0;
  int i = 0;
  for (char *t = strtok_r(list, ",", &rest); t; t = strtok_r(0, ",", &rest))
    sum += atoi(t) * x[i++ % n] * x[0];
  return sum;
}

struct named {
  char *name;
  double value;
};

static double duplicated(double *x, int n) {
  struct named e[4];
  double sum = 0;
  for (int i = 0; i < n; i++) {
    e[i].name = strdup(i & 1 ? "odd" : "even");
    e[i].value = x[i] * x[i];
  }
  for (int i = 0; i < n; i++) {
    sum += strlen(e[i].name) * e[i].value;
    free(e[i].name);
  }
  return sum;
}

int main(void) {
  AGREE(tagged, 4, {0.31, 0.72, 1.13, 1.9});
  AGREE(joined, 4, {0.31, 0.72, 1.13, 1.9});
  AGREE(chained, 4, {0.31, 0.72, 1.13, 1.9});
  AGREE(within, 4, {0.31, 0.72, 1.13, 1.9});
  AGREE(parsed, 4, {0.31, 0.72, 1.13, 1.9});
  AGREE(duplicated, 4, {0.31, 0.72, 1.13, 1.9});
  CHECK_END();
}
