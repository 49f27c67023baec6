// Metadata nodes as such: reading operands, minting alias scopes, and removing what must not reach generated code.
#include "shim.h"
#include "llvm/IR/Instruction.h"
#include "llvm/IR/MDBuilder.h"

using namespace llvm;

extern "C" {

LLVMMetadataRef erx_md_get(LLVMValueRef V, unsigned Kind) {
  Value *P = unwrap(V);
  if (auto *I = dyn_cast<Instruction>(P))
    return wrap(I->getMetadata(Kind));
  if (auto *G = dyn_cast<GlobalObject>(P))
    return wrap(G->getMetadata(Kind));
  return nullptr;
}

void erx_md_set(LLVMValueRef V, unsigned Kind, LLVMMetadataRef M) {
  Value *P = unwrap(V);
  MDNode *N = M ? cast<MDNode>(unwrap(M)) : nullptr;
  if (auto *I = dyn_cast<Instruction>(P))
    I->setMetadata(Kind, N);
  else if (auto *G = dyn_cast<GlobalObject>(P))
    G->setMetadata(Kind, N);
}

void erx_md_kinds(LLVMValueRef V, TextSink Sink, void *State) {
  Value *P = unwrap(V);
  SmallVector<std::pair<unsigned, MDNode *>, 8> All;
  if (auto *I = dyn_cast<Instruction>(P))
    I->getAllMetadataOtherThanDebugLoc(All);
  else if (auto *G = dyn_cast<GlobalObject>(P))
    G->getAllMetadata(All);
  SmallVector<StringRef, 64> Names;
  P->getContext().getMDKindNames(Names);
  for (auto &E : All)
    Sink(State, Names[E.first].data(), Names[E.first].size());
}

void erx_md_keep_only(LLVMValueRef V, const unsigned *Kinds, size_t N) {
  as<Instruction>(V)->dropUnknownNonDebugMetadata(ArrayRef<unsigned>(Kinds, N));
}

// 0 node, 1 string, 2 constant (ConstantAsMetadata), 3 other.
unsigned erx_md_kind(LLVMMetadataRef M) {
  Metadata *P = unwrap(M);
  if (isa<MDNode>(P))
    return 0;
  if (isa<MDString>(P))
    return 1;
  if (isa<ConstantAsMetadata>(P))
    return 2;
  return 3;
}

unsigned erx_md_num_operands(LLVMMetadataRef M) {
  auto *N = dyn_cast<MDNode>(unwrap(M));
  return N ? N->getNumOperands() : 0;
}

LLVMMetadataRef erx_md_operand(LLVMMetadataRef M, unsigned I) {
  return wrap(cast<MDNode>(unwrap(M))->getOperand(I).get());
}

char *erx_md_string(LLVMMetadataRef M) {
  auto *S = dyn_cast<MDString>(unwrap(M));
  return S ? ownedText(S->getString()) : nullptr;
}

LLVMValueRef erx_md_constant(LLVMMetadataRef M) {
  auto *C = dyn_cast<ConstantAsMetadata>(unwrap(M));
  return C ? wrap(C->getValue()) : nullptr;
}

LLVMMetadataRef erx_md_new_string(LLVMContextRef C, const char *S, size_t N) {
  return wrap(MDString::get(*unwrap(C), StringRef(S, N)));
}

LLVMMetadataRef erx_md_new_constant(LLVMValueRef V) { return wrap(ConstantAsMetadata::get(as<Constant>(V))); }

LLVMMetadataRef erx_md_new_node(LLVMContextRef C, LLVMMetadataRef *Ops, size_t N, bool Distinct) {
  SmallVector<Metadata *, 8> Items;
  for (size_t I = 0; I < N; ++I)
    Items.push_back(unwrap(Ops[I]));
  if (Distinct)
    return wrap(MDNode::getDistinct(*unwrap(C), Items));
  return wrap(MDNode::get(*unwrap(C), Items));
}

void erx_md_replace_operand(LLVMMetadataRef M, unsigned I, LLVMMetadataRef X) {
  cast<MDNode>(unwrap(M))->replaceOperandWith(I, unwrap(X));
}

LLVMMetadataRef erx_new_scope_domain(LLVMContextRef C, const char *S, size_t N) {
  return wrap(MDBuilder(*unwrap(C)).createAnonymousAliasScopeDomain(StringRef(S, N)));
}

LLVMMetadataRef erx_new_scope(LLVMContextRef C, LLVMMetadataRef Domain, const char *S, size_t N) {
  return wrap(MDBuilder(*unwrap(C)).createAnonymousAliasScope(cast<MDNode>(unwrap(Domain)), StringRef(S, N)));
}

LLVMMetadataRef erx_named_md_node(LLVMModuleRef M, const char *S, size_t N, unsigned I) {
  NamedMDNode *Node = unwrap(M)->getNamedMetadata(StringRef(S, N));
  return Node && I < Node->getNumOperands() ? wrap(Node->getOperand(I)) : nullptr;
}

LLVMMetadataRef erx_module_flag(LLVMModuleRef M, const char *S, size_t N) {
  return wrap(unwrap(M)->getModuleFlag(StringRef(S, N)));
}
} // extern "C"
