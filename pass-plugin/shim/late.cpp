// Looks up what the host's LLVM provides when the plugin is loaded; build/late.rs says why.
#include <cstddef>
#include <dlfcn.h>

extern "C" {
// In the object that build/late.rs makes of the plugin's names, which only the plugin is linked with: all names, those of
// functions first; the table through which the functions' stubs jump; and how many functions and names there are.
extern const char *const erx_host_names[] __attribute__((weak));
extern void *erx_host_functions[] __attribute__((weak));
extern const size_t erx_host_counts[2] __attribute__((weak));

static const char *Missing = nullptr;

// Whatever of the plugin is called first, by whichever host, comes later than this.
__attribute__((constructor)) static void erx_find_host_symbols() {
  if (!erx_host_counts)
    return;
  for (size_t I = 0; I < erx_host_counts[1]; I++) {
    void *Found = dlsym(RTLD_DEFAULT, erx_host_names[I]);
    if (I < erx_host_counts[0])
      erx_host_functions[I] = Found;
    if (!Found && !Missing)
      Missing = erx_host_names[I];
  }
}

// The name of a symbol that the host lacks, or null.
const char *erx_missing_symbol() { return Missing; }
} // extern "C"
