// Cloning a function's body into a function of another signature.
#include "shim.h"
#include "version.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

extern "C" {

// Copies From's body to the end of Into (declared so far, of any signature), parameter I of From becoming Args[I].
// Emits (old, new) for arguments, blocks and instructions in From's order. No attribute of From is kept.
void erx_clone_into_signature(LLVMValueRef From, LLVMValueRef Into, LLVMValueRef *Args, PairSink Sink, void *State) {
  Function *F = as<Function>(From), *G = as<Function>(Into);
  ValueToValueMapTy Map;
  unsigned N = 0;
  for (Argument &A : F->args())
    Map[&A] = unwrap(Args[N++]);
  AttributeList Mine = G->getAttributes();
  CallingConv::ID Convention = G->getCallingConv();
  GlobalValue::LinkageTypes Linkage = G->getLinkage();
  version::cloneBody(F, G, Map);
  G->setAttributes(Mine);
  // A generated function is called with its own convention, also where the primal is, say, fastcc.
  G->setCallingConv(Convention);
  G->setLinkage(Linkage);
  auto Emit = [&](Value *Old) {
    if (Value *New = Map.lookup(Old))
      Sink(State, wrap(Old), wrap(New));
  };
  for (Argument &A : F->args())
    Emit(&A);
  for (BasicBlock &B : *F)
    Emit(&B);
  for (BasicBlock &B : *F)
    for (Instruction &I : B)
      Emit(&I);
}
} // extern "C"
