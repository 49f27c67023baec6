// What every file of the shim shares: the C types, wrapping, and the calling conventions with Rust.
//
// Conventions with the Rust side (src/llvm/raw.rs):
//  * every function is `extern "C"`, named `erx_*`, and takes and returns only C types, so that no C++ ABI leaks;
//  * strings handed to Rust are malloc'ed (LLVMDisposeMessage frees them), null meaning "none";
//  * sequences are handed to a sink, a callback with an opaque state, in order.
#pragma once
#include "llvm-c/Core.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/BasicBlock.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Metadata.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/CBindingWrapping.h"
#include <cstdlib>
#include <cstring>

typedef void (*ValueSink)(void *, LLVMValueRef);
typedef void (*PairSink)(void *, LLVMValueRef, LLVMValueRef);
typedef void (*TermSink)(void *, LLVMValueRef, int64_t);
typedef void (*TextSink)(void *, const char *, size_t);
typedef void (*MetadataSink)(void *, LLVMMetadataRef);

inline char *ownedText(llvm::StringRef S) {
  char *P = static_cast<char *>(std::malloc(S.size() + 1));
  if (!P)
    std::abort();
  std::memcpy(P, S.data(), S.size());
  P[S.size()] = 0;
  return P;
}

template <typename T> T *as(LLVMValueRef V) { return llvm::cast<T>(llvm::unwrap(V)); }
template <typename T> T *tryAs(LLVMValueRef V) { return llvm::dyn_cast_or_null<T>(llvm::unwrap(V)); }
