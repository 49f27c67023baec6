// Queries on the IR that LLVM's C API lacks, or answers with an enum that may grow.
#include "shim.h"
#include "version.h"
#include "llvm/ADT/APInt.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/Attributes.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Intrinsics.h"
#include "llvm/IR/Operator.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

// Effects on memory, 2 bits a location (1 reads, 2 writes): argument memory, inaccessible, errno, others.
static uint32_t packed(MemoryEffects E) {
  auto Of = [&](IRMemLocation L) { return static_cast<uint32_t>(E.getModRef(L)); };
  uint32_t R = Of(IRMemLocation::ArgMem) | Of(IRMemLocation::InaccessibleMem) << 2;
  R |= Of(version::Errno) << 4 | Of(IRMemLocation::Other) << 6;
  return R;
}

extern "C" {

// The numbers of these kinds are those of the C API, which are stable; they pass as plain integers so that a
// number which Rust does not know is a value and not undefined behaviour.
unsigned erx_value_kind(LLVMValueRef V) { return LLVMGetValueKind(V); }
unsigned erx_opcode(LLVMValueRef V) { return LLVMGetInstructionOpcode(V); }
unsigned erx_const_opcode(LLVMValueRef V) { return LLVMGetConstOpcode(V); }
unsigned erx_type_kind(LLVMTypeRef T) { return LLVMGetTypeKind(T); }
unsigned erx_linkage(LLVMValueRef V) { return LLVMGetLinkage(V); }
unsigned erx_icmp_predicate(LLVMValueRef V) { return static_cast<unsigned>(as<ICmpInst>(V)->getPredicate()); }
unsigned erx_fcmp_predicate(LLVMValueRef V) { return static_cast<unsigned>(as<FCmpInst>(V)->getPredicate()); }
unsigned erx_rmw_op(LLVMValueRef V) { return version::rmwNumber(as<AtomicRMWInst>(V)->getOperation()); }

// The ordering of a load, store, atomicrmw, fence, or a cmpxchg's success side; 0 when not atomic.
unsigned erx_ordering(LLVMValueRef V) {
  Instruction *I = as<Instruction>(V);
  if (auto *L = dyn_cast<LoadInst>(I))
    return static_cast<unsigned>(L->getOrdering());
  if (auto *S = dyn_cast<StoreInst>(I))
    return static_cast<unsigned>(S->getOrdering());
  if (auto *R = dyn_cast<AtomicRMWInst>(I))
    return static_cast<unsigned>(R->getOrdering());
  if (auto *C = dyn_cast<AtomicCmpXchgInst>(I))
    return static_cast<unsigned>(C->getSuccessOrdering());
  if (auto *F = dyn_cast<FenceInst>(I))
    return static_cast<unsigned>(F->getOrdering());
  return 0;
}

// The synchronisation scope of an atomic access.
unsigned erx_sync_scope(LLVMValueRef V) {
  auto Scope = getAtomicSyncScopeID(as<Instruction>(V));
  return Scope ? *Scope : static_cast<unsigned>(SyncScope::System);
}

bool erx_is_volatile(LLVMValueRef V) { return as<Instruction>(V)->isVolatile(); }

bool erx_may_write(LLVMValueRef V) { return as<Instruction>(V)->mayWriteToMemory(); }
bool erx_may_read(LLVMValueRef V) { return as<Instruction>(V)->mayReadFromMemory(); }
bool erx_may_side_effect(LLVMValueRef V) { return as<Instruction>(V)->mayHaveSideEffects(); }
bool erx_may_throw(LLVMValueRef V) { return as<Instruction>(V)->mayThrow(); }

LLVMValueRef erx_constant_base(LLVMValueRef V, LLVMModuleRef M, int64_t *Offset) {
  const DataLayout &DL = unwrap(M)->getDataLayout();
  Value *P = unwrap(V);
  APInt Sum(DL.getIndexTypeSizeInBits(P->getType()), 0);
  P = P->stripAndAccumulateConstantOffsets(DL, Sum, /*AllowNonInbounds=*/true);
  *Offset = Sum.getSExtValue();
  return wrap(P);
}

uint64_t erx_alignment(LLVMValueRef V) {
  Value *P = unwrap(V);
  if (auto *L = dyn_cast<LoadInst>(P))
    return L->getAlign().value();
  if (auto *S = dyn_cast<StoreInst>(P))
    return S->getAlign().value();
  if (auto *A = dyn_cast<AllocaInst>(P))
    return A->getAlign().value();
  if (auto *R = dyn_cast<AtomicRMWInst>(P))
    return R->getAlign().value();
  if (auto *C = dyn_cast<AtomicCmpXchgInst>(P))
    return C->getAlign().value();
  if (auto *G = dyn_cast<GlobalObject>(P))
    return G->getPointerAlignment(G->getParent()->getDataLayout()).value();
  return 0;
}

LLVMValueRef erx_alloca_array_size(LLVMValueRef V) { return wrap(as<AllocaInst>(V)->getArraySize()); }
bool erx_alloca_is_static(LLVMValueRef V) { return as<AllocaInst>(V)->isStaticAlloca(); }

// Splits one GEP (instruction or constant) into a constant byte offset and scaled index values. False where the
// offset has no such form (scalable vectors) or the GEP yields a vector of pointers.
bool erx_gep_decompose(LLVMValueRef V, LLVMModuleRef M, int64_t *Offset, TermSink Sink, void *State) {
  auto *G = dyn_cast<GEPOperator>(unwrap(V));
  if (!G || G->getType()->isVectorTy())
    return false;
  const DataLayout &DL = unwrap(M)->getDataLayout();
  unsigned Bits = DL.getIndexTypeSizeInBits(G->getType());
  version::GepTerms Terms;
  APInt Constant(Bits, 0);
  if (!G->collectOffset(DL, Bits, Terms, Constant) || Bits > 64)
    return false;
  *Offset = Constant.getSExtValue();
  for (auto &T : Terms)
    Sink(State, wrap(T.first), T.second.getSExtValue());
  return true;
}

unsigned erx_gep_flags(LLVMValueRef V) {
  if (auto *G = dyn_cast<GEPOperator>(unwrap(V)))
    return G->getNoWrapFlags().getRaw();
  return 0;
}

void erx_drop_poison_flags(LLVMValueRef V) { as<Instruction>(V)->dropPoisonGeneratingAnnotations(); }

// Bits: 1 nuw, 2 nsw, 4 exact, 8 disjoint, 16 nneg, 32 samesign, 64 inbounds, 128 nusw, 256 nuw of a GEP.
unsigned erx_poison_flags(LLVMValueRef V) {
  Value *P = unwrap(V);
  unsigned R = 0;
  if (auto *O = dyn_cast<OverflowingBinaryOperator>(P))
    R |= (O->hasNoUnsignedWrap() ? 1 : 0) | (O->hasNoSignedWrap() ? 2 : 0);
  if (auto *T = dyn_cast<TruncInst>(P))
    R |= (T->hasNoUnsignedWrap() ? 1 : 0) | (T->hasNoSignedWrap() ? 2 : 0);
  if (auto *E = dyn_cast<PossiblyExactOperator>(P))
    R |= E->isExact() ? 4 : 0;
  if (auto *D = dyn_cast<PossiblyDisjointInst>(P))
    R |= D->isDisjoint() ? 8 : 0;
  if (auto *N = dyn_cast<PossiblyNonNegInst>(P))
    R |= N->hasNonNeg() ? 16 : 0;
  if (auto *C = dyn_cast<ICmpInst>(P))
    R |= version::hasSameSign(*C) ? 32 : 0;
  if (auto *G = dyn_cast<GEPOperator>(P)) {
    GEPNoWrapFlags F = G->getNoWrapFlags();
    R |= (F.isInBounds() ? 64 : 0) | (F.hasNoUnsignedSignedWrap() ? 128 : 0) | (F.hasNoUnsignedWrap() ? 256 : 0);
  }
  return R;
}

unsigned erx_fast_math(LLVMValueRef V) {
  return LLVMCanValueUseFastMathFlags(V) ? static_cast<unsigned>(LLVMGetFastMathFlags(V)) : 0;
}

// Words of an integer constant, least significant first.
unsigned erx_int_words(LLVMValueRef V, uint64_t *Out, unsigned Room) {
  const APInt &A = as<ConstantInt>(V)->getValue();
  unsigned N = A.getNumWords();
  for (unsigned I = 0; I < N && I < Room; ++I)
    Out[I] = A.getRawData()[I];
  return N;
}

// The bits of a floating constant, as an integer constant of the same width.
LLVMValueRef erx_fp_bits(LLVMValueRef V) {
  auto *C = as<ConstantFP>(V);
  return wrap(ConstantInt::get(C->getContext(), C->getValueAPF().bitcastToAPInt()));
}

// A floating constant from its bits, two words of which the less significant is the first.
LLVMValueRef erx_fp_from_bits(LLVMTypeRef T, const uint64_t *Words) {
  Type *Ty = unwrap(T);
  APInt Bits(Ty->getPrimitiveSizeInBits().getFixedValue(), ArrayRef<uint64_t>(Words, 2));
  return wrap(ConstantFP::get(Ty, APFloat(Ty->getFltSemantics(), Bits)));
}

LLVMContextRef erx_builder_context(LLVMBuilderRef B) { return wrap(&unwrap(B)->getContext()); }

// The function, or the global variable, of that name; null when there is none.
LLVMValueRef erx_named_function(LLVMModuleRef M, const char *S, size_t N) {
  return wrap(unwrap(M)->getFunction(StringRef(S, N)));
}
LLVMValueRef erx_named_variable(LLVMModuleRef M, const char *S, size_t N) {
  return wrap(unwrap(M)->getGlobalVariable(StringRef(S, N), /*AllowInternal=*/true));
}

void erx_call_bundle_tags(LLVMValueRef V, TextSink Sink, void *State) {
  auto *C = as<CallBase>(V);
  for (unsigned I = 0, N = C->getNumOperandBundles(); I < N; ++I) {
    StringRef T = C->getOperandBundleAt(I).getTagName();
    Sink(State, T.data(), T.size());
  }
}

// Whether a call has an attribute, on the call site or on its callee. Index as in the C API.
bool erx_call_has_attr(LLVMValueRef V, unsigned Index, unsigned Kind) {
  auto *C = as<CallBase>(V);
  auto K = static_cast<Attribute::AttrKind>(Kind);
  if (Index == AttributeList::FunctionIndex)
    return C->hasFnAttr(K);
  if (Index == AttributeList::ReturnIndex)
    return C->hasRetAttr(K);
  return C->paramHasAttr(Index - AttributeList::FirstArgIndex, K);
}

uint32_t erx_call_memory_effects(LLVMValueRef V) { return packed(as<CallBase>(V)->getMemoryEffects()); }

uint32_t erx_function_memory_effects(LLVMValueRef V) { return packed(as<Function>(V)->getMemoryEffects()); }

unsigned erx_num_cases(LLVMValueRef V) { return as<SwitchInst>(V)->getNumCases(); }
LLVMValueRef erx_case_value(LLVMValueRef V, unsigned I) {
  return wrap(cast<Value>((as<SwitchInst>(V)->case_begin() + I)->getCaseValue()));
}
LLVMBasicBlockRef erx_case_block(LLVMValueRef V, unsigned I) {
  return wrap((as<SwitchInst>(V)->case_begin() + I)->getCaseSuccessor());
}

void erx_phi_remove_incoming(LLVMValueRef V, LLVMBasicBlockRef B) {
  as<PHINode>(V)->removeIncomingValue(unwrap(B), /*DeletePHIIfEmpty=*/false);
}
void erx_phi_set_incoming_value(LLVMValueRef V, unsigned I, LLVMValueRef X) {
  as<PHINode>(V)->setIncomingValue(I, unwrap(X));
}
void erx_phi_set_incoming_block(LLVMValueRef V, unsigned I, LLVMBasicBlockRef B) {
  as<PHINode>(V)->setIncomingBlock(I, unwrap(B));
}

unsigned erx_landingpad_clauses(LLVMValueRef V) { return as<LandingPadInst>(V)->getNumClauses(); }
bool erx_landingpad_is_cleanup(LLVMValueRef V) { return as<LandingPadInst>(V)->isCleanup(); }

unsigned erx_indices(LLVMValueRef V, unsigned *Out, unsigned Room) {
  ArrayRef<unsigned> A;
  if (auto *E = dyn_cast<ExtractValueInst>(unwrap(V)))
    A = E->getIndices();
  else
    A = as<InsertValueInst>(V)->getIndices();
  for (size_t I = 0; I < A.size() && I < Room; ++I)
    Out[I] = A[I];
  return A.size();
}

// Whether the module of the verifier's complaint is to blame is said in the text; null means the function is sound.
char *erx_verify_function(LLVMValueRef F) {
  std::string Text;
  raw_string_ostream OS(Text);
  if (!verifyFunction(*as<Function>(F), &OS))
    return nullptr;
  return ownedText(Text);
}

char *erx_print_metadata(LLVMMetadataRef M) {
  std::string Text;
  raw_string_ostream OS(Text);
  unwrap(M)->print(OS);
  return ownedText(Text);
}

char *erx_print_function_type_name(LLVMTypeRef T) {
  std::string Text;
  raw_string_ostream OS(Text);
  unwrap(T)->print(OS, false, /*NoDetails=*/true);
  return ownedText(Text);
}

// The subprogram that a debug scope lies in: its source name, and its linkage name.
char *erx_scope_name(LLVMMetadataRef Scope, bool Linkage) {
  auto *L = dyn_cast_or_null<DILocalScope>(unwrap(Scope));
  if (!L)
    return nullptr;
  DISubprogram *S = L->getSubprogram();
  StringRef N = Linkage ? S->getLinkageName() : S->getName();
  return N.empty() ? nullptr : ownedText(N);
}

char *erx_scope_file(LLVMMetadataRef Scope, bool Directory) {
  auto *S = dyn_cast_or_null<DIScope>(unwrap(Scope));
  if (!S)
    return nullptr;
  StringRef N = Directory ? S->getDirectory() : S->getFilename();
  return N.empty() ? nullptr : ownedText(N);
}

unsigned erx_subprogram_line(LLVMMetadataRef S) {
  auto *P = dyn_cast_or_null<DISubprogram>(unwrap(S));
  return P ? P->getLine() : 0;
}

LLVMMetadataRef erx_debug_loc(LLVMValueRef V) {
  auto *I = dyn_cast<Instruction>(unwrap(V));
  return I ? wrap(I->getDebugLoc().get()) : nullptr;
}

void erx_drop_comdat(LLVMValueRef V) { as<GlobalObject>(V)->setComdat(nullptr); }
bool erx_has_comdat(LLVMValueRef V) { return as<GlobalObject>(V)->hasComdat(); }
bool erx_dso_local(LLVMValueRef V) { return as<GlobalValue>(V)->isDSOLocal(); }

unsigned erx_address_space(LLVMTypeRef T) { return cast<PointerType>(unwrap(T))->getAddressSpace(); }
bool erx_type_is_scalable(LLVMTypeRef T) { return unwrap(T)->isScalableTy(); }
} // extern "C"
