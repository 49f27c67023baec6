// What differs between the LLVM versions that the plugin can be built against; nothing else in the shim asks for the version.
// Rust's half is src/llvm/version.rs. An older LLVM that is to be added is added here.
#pragma once
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/ModRef.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"
#include "llvm/Transforms/Utils/ValueMapper.h"
#include <memory>
#if LLVM_VERSION_MAJOR >= 22
#include "llvm/Plugins/PassPlugin.h"
#else
#include "llvm/Passes/PassPlugin.h"
#endif

namespace version {
// What src/llvm/version.rs declares of the plugin's information.
constexpr unsigned PluginApi = LLVM_VERSION_MAJOR >= 22 ? 2 : 1;
constexpr size_t PluginInfoSize = LLVM_VERSION_MAJOR >= 22 ? 40 : 32;

// An expander of scalar evolution's expressions; older ones want to be told the data layout.
struct Expander : llvm::SCEVExpander {
#if LLVM_VERSION_MAJOR >= 22
  Expander(llvm::ScalarEvolution &SE, const char *Name) : SCEVExpander(SE, Name) {}
#else
  Expander(llvm::ScalarEvolution &SE, const char *Name) : SCEVExpander(SE, SE.getDataLayout(), Name) {}
#endif
};

// The index variables of a GEP with their scales, as collectOffset fills them in.
#if LLVM_VERSION_MAJOR >= 22
using GepTerms = llvm::SmallMapVector<llvm::Value *, llvm::APInt, 4>;
#else
using GepTerms = llvm::MapVector<llvm::Value *, llvm::APInt>;
#endif

// The flag `samesign` of a comparison is younger than LLVM 19.
inline bool hasSameSign(const llvm::ICmpInst &C) {
#if LLVM_VERSION_MAJOR >= 22
  return C.hasSameSign();
#else
  (void)C;
  return false;
#endif
}

// `errno` was among the other memory before it had a place of its own.
#if LLVM_VERSION_MAJOR >= 22
constexpr llvm::IRMemLocation Errno = llvm::IRMemLocation::ErrnoMem;
#else
constexpr llvm::IRMemLocation Errno = llvm::IRMemLocation::Other;
#endif

// The numbers of src/llvm/opcode.rs, which are those of the newest LLVM, for the read-modify-write operations. Older ones
// lack the maximum and the minimum in the middle.
inline unsigned rmwNumber(llvm::AtomicRMWInst::BinOp Op) {
#if LLVM_VERSION_MAJOR >= 22
  return Op;
#else
  return Op <= llvm::AtomicRMWInst::FMin ? Op : Op + 2;
#endif
}

// Copies F's body to the end of G, what it refers to replaced by Map, and F's attributes.
#if LLVM_VERSION_MAJOR >= 22
inline void cloneBody(llvm::Function *F, llvm::Function *G, llvm::ValueToValueMapTy &Map) {
  llvm::SmallVector<llvm::ReturnInst *, 4> Returns;
  llvm::CloneFunctionInto(G, F, Map, llvm::CloneFunctionChangeType::LocalChangesOnly, Returns);
}
#else
// LLVM's own walks all debug information that F's is part of, for each clone: minutes where a program of some size has any.
// Here the copies keep the places in the source, and G has no description of its own for a debugger.
inline void cloneBody(llvm::Function *F, llvm::Function *G, llvm::ValueToValueMapTy &Map) {
  using namespace llvm;
  size_t Before = G->size();
  G->copyAttributesFrom(F);
  for (BasicBlock &B : *F) {
    BasicBlock *Copy = CloneBasicBlock(&B, Map, "", G);
    Map[&B] = Copy;
    if (B.hasAddressTaken())
      Map[BlockAddress::get(F, &B)] = BlockAddress::get(G, Copy);
  }
  for (BasicBlock &B : drop_begin(*G, Before))
    for (Instruction &I : B) {
      // A copy has no variables of the user's, so nothing is assigned to them either.
      I.dropDbgRecords();
      I.setMetadata(LLVMContext::MD_DIAssignID, nullptr);
      RemapInstruction(&I, Map, RF_NoModuleLevelChanges | RF_IgnoreMissingLocals);
    }
  SmallVector<std::pair<unsigned, MDNode *>, 4> Notes;
  F->getAllMetadata(Notes);
  for (auto [Kind, Note] : Notes)
    if (Kind != LLVMContext::MD_dbg)
      G->addMetadata(Kind, *Note);
}
#endif

// A message of no kind in particular.
#if LLVM_VERSION_MAJOR >= 22
using Message = llvm::DiagnosticInfoGeneric;
#else
using Message = llvm::DiagnosticInfoInlineAsm;
#endif

// The link-time optimisation that a pass finds itself in, by src/flow.rs's numbers: those of ThinOrFullLTOPhase, and 5 where
// LLVM does not say whether one follows.
enum Phase : unsigned { None = 0, ThinPreLink = 1, ThinPostLink = 2, FullPreLink = 3, FullPostLink = 4, Unsaid = 5 };

#if LLVM_VERSION_MAJOR >= 22
inline Phase phaseOf(llvm::ThinOrFullLTOPhase P) { return static_cast<Phase>(P); }

// Calls Early and Optimizer with the pass manager and the phase, at the hooks of these names.
template <typename F, typename G> void registerPhased(llvm::PassBuilder &PB, F Early, G Optimizer) {
  PB.registerPipelineEarlySimplificationEPCallback(
      [=](llvm::ModulePassManager &MPM, llvm::OptimizationLevel, llvm::ThinOrFullLTOPhase P) { Early(MPM, phaseOf(P)); });
  PB.registerOptimizerEarlyEPCallback(
      [=](llvm::ModulePassManager &MPM, llvm::OptimizationLevel, llvm::ThinOrFullLTOPhase P) {
        Optimizer(MPM, phaseOf(P));
      });
}
#else
// Hooks say no phase. Only the pipeline of thin LTO after the link has no start: that tells it apart. What precedes a link
// is not told apart from what precedes none.
template <typename F, typename G> void registerPhased(llvm::PassBuilder &PB, F Early, G Optimizer) {
  auto Started = std::make_shared<bool>(false);
  auto Now = [Started] { return *Started ? Unsaid : ThinPostLink; };
  PB.registerPipelineStartEPCallback([Started](llvm::ModulePassManager &, llvm::OptimizationLevel) { *Started = true; });
  PB.registerPipelineEarlySimplificationEPCallback(
      [=](llvm::ModulePassManager &MPM, llvm::OptimizationLevel) { Early(MPM, Now()); });
  PB.registerOptimizerEarlyEPCallback(
      [=](llvm::ModulePassManager &MPM, llvm::OptimizationLevel) { Optimizer(MPM, Now()); });
}
#endif

// Calls Run with the module before each pass of that name.
#if LLVM_VERSION_MAJOR >= 22
template <typename F> void registerBefore(llvm::PassBuilder &PB, const char *Name, F Run) {
  if (llvm::PassInstrumentationCallbacks *PIC = PB.getPassInstrumentationCallbacks())
    PIC->registerBeforeNonSkippedPassCallback([=](llvm::StringRef Pass, llvm::Any IR) {
      if (auto *M = llvm::any_cast<const llvm::Module *>(&IR); M && Pass == Name)
        Run(*M);
    });
}
#else
// What an `Any` holds is told by an address that is not the same in the plugin and in its host.
template <typename F> void registerBefore(llvm::PassBuilder &, const char *, F) {}
#endif
} // namespace version
