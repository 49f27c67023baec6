/* Runs the functions of one filetest on memory described by a request file.
 *
 * The request is a list of runs; each names a function of the table that the harness appended to the tested
 * module, the initial bytes of every memory block, and which bytes are addresses of other blocks. Blocks 0
 * and 1 are the two arguments of the function: primal and shadow slots. Every block is its own allocation of
 * the exact size, so that valgrind sees an access out of bounds. After each run the bytes of all blocks are
 * appended to the answer file: the harness owns all arithmetic and every decision. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*run_fn)(void *primal, void *shadow);
extern const run_fn enzyme_rs_runs[];

static void need(int ok, const char *what) {
  if (ok)
    return;
  fprintf(stderr, "driver: %s\n", what);
  exit(98);
}

static void take(FILE *f, void *into, size_t bytes) {
  need(bytes == 0 || fread(into, bytes, 1, f) == 1, "request ends early");
}

static uint64_t number(FILE *f) {
  uint64_t v;
  take(f, &v, sizeof v);
  return v;
}

int main(int argc, char **argv) {
  need(argc == 3, "two arguments expected");
  FILE *in = fopen(argv[1], "rb");
  FILE *out = fopen(argv[2], "wb");
  need(in && out, "files cannot be opened");
  for (uint64_t runs = number(in); runs > 0; runs--) {
    uint64_t function = number(in), blocks = number(in);
    char **block = malloc(blocks * sizeof *block);
    uint64_t *size = malloc(blocks * sizeof *size);
    need(block && size, "out of memory");
    for (uint64_t b = 0; b < blocks; b++) {
      size[b] = number(in);
      block[b] = malloc(size[b] ? size[b] : 1);
      need(block[b] != 0, "out of memory");
      take(in, block[b], size[b]);
    }
    for (uint64_t relocations = number(in); relocations > 0; relocations--) {
      uint64_t b = number(in), offset = number(in), target = number(in);
      uint64_t address = (uint64_t)(uintptr_t)block[target] + number(in);
      memcpy(block[b] + offset, &address, sizeof address);
    }
    enzyme_rs_runs[function](block[0], block[1]);
    for (uint64_t b = 0; b < blocks; b++) {
      need(size[b] == 0 || fwrite(block[b], size[b], 1, out) == 1, "answer");
      free(block[b]);
    }
    free(block);
    free(size);
    need(fflush(out) == 0, "answer");
  }
  fclose(in);
  return fclose(out) ? 98 : 0;
}
