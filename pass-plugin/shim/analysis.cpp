// LLVM's own analyses, asked in one call each: managers are built, used and dropped here, so nothing goes stale.
#include "shim.h"
#include "version.h"
#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/MemoryLocation.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/PassManager.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace {
// The four managers and the builder that fills them. Order of members matters: the managers refer to each other and
// are dropped in the reverse order.
struct Managers {
  LoopAnalysisManager LAM;
  FunctionAnalysisManager FAM;
  CGSCCAnalysisManager CGAM;
  ModuleAnalysisManager MAM;
  PassBuilder PB;
  Managers() {
    PB.registerModuleAnalyses(MAM);
    PB.registerCGSCCAnalyses(CGAM);
    PB.registerFunctionAnalyses(FAM);
    PB.registerLoopAnalyses(LAM);
    PB.crossRegisterProxies(LAM, FAM, CGAM, MAM);
  }
};

// An analysis session for one frozen function: Rust asks many questions between erx_analyses_new and _free.
struct Analyses {
  Managers M;
  Function &F;
  explicit Analyses(Function &F) : F(F) {}
};
} // namespace

typedef void (*ExitSink)(void *, LLVMBasicBlockRef Header, LLVMBasicBlockRef Exiting, int Kind, uint64_t Constant);

extern "C" {

// Every (loop header, exiting block) of F. Kind: 0 unknown, 1 computable, 2 the given constant.
void erx_loop_exits(LLVMValueRef Fn, ExitSink Sink, void *State) {
  Function &F = *as<Function>(Fn);
  Managers M;
  LoopInfo &LI = M.FAM.getResult<LoopAnalysis>(F);
  ScalarEvolution &SE = M.FAM.getResult<ScalarEvolutionAnalysis>(F);
  for (Loop *L : LI.getLoopsInPreorder()) {
    SmallVector<BasicBlock *, 8> Exiting;
    L->getExitingBlocks(Exiting);
    for (BasicBlock *B : Exiting) {
      const SCEV *Count = SE.getExitCount(L, B);
      int Kind = isa<SCEVCouldNotCompute>(Count) ? 0 : 1;
      uint64_t Constant = 0;
      if (auto *C = dyn_cast<SCEVConstant>(Count))
        if (C->getAPInt().getActiveBits() <= 64) {
          Kind = 2;
          Constant = C->getAPInt().getZExtValue();
        }
      Sink(State, wrap(L->getHeader()), wrap(B), Kind, Constant);
    }
  }
}

namespace {
// A condition, and what it is where control goes on to what it guards.
using Guard = std::pair<Value *, bool>;

// The blocks from which F can return.
SmallPtrSet<const BasicBlock *, 16> returningBlocks(const Function &F) {
  SmallPtrSet<const BasicBlock *, 16> Returning;
  SmallVector<const BasicBlock *, 16> Work;
  for (const BasicBlock &B : F)
    if (isa<ReturnInst>(B.getTerminator()) && Returning.insert(&B).second)
      Work.push_back(&B);
  while (!Work.empty())
    for (const BasicBlock *Before : predecessors(Work.pop_back_val()))
      if (Returning.insert(Before).second)
        Work.push_back(Before);
  return Returning;
}

// What decides whether a loop is entered when the loop around it is.
struct Entry {
  // The branches that do, innermost first.
  SmallVector<Guard, 4> Guards;
  // There is a way past the loop that the function does not return from (a bounds check that fails).
  bool LastWays = false;
};

// What decides whether control gets from Up's header to the block To inside Up; false where a branch that does is not
// known before Up.
bool guardsWithin(const Loop *Up, BasicBlock *To, const LoopInfo &LI, const DominatorTree &DT,
                  const SmallPtrSetImpl<const BasicBlock *> &Returning, Entry &Entry) {
  Instruction *Before = Up->getLoopPreheader()->getTerminator();
  for (BasicBlock *B = To; B != Up->getHeader();) {
    BasicBlock *Above = DT.getNode(B)->getIDom()->getBlock();
    Instruction *End = Above->getTerminator();
    unsigned Leading = 0, Which = 0;
    bool Returns = false;
    for (unsigned K = 0; K < End->getNumSuccessors(); ++K)
      if (DT.dominates(BasicBlockEdge(Above, End->getSuccessor(K)), B)) {
        ++Leading;
        Which = K;
      } else if (Returning.contains(End->getSuccessor(K))) {
        Returns = true;
      }
    const Loop *Around = LI.getLoopFor(Above);
    bool Left = Around && !Around->contains(B);
    B = Above;
    // All ways from Above lead to B, or it is the end of a loop, which is reached sooner or later.
    if (Leading == 0 || End->getNumSuccessors() == 1 || (Left && Around->getExitingBlock()))
      continue;
    if (!Returns) {
      Entry.LastWays = true;
      continue;
    }
    auto *Branch = dyn_cast<BranchInst>(End);
    if (!Branch)
      return false;
    Value *Condition = Branch->getCondition();
    auto *I = dyn_cast<Instruction>(Condition);
    if (I && !DT.dominates(I, Before))
      return false;
    Entry.Guards.push_back({Condition, Which == 0});
  }
  return true;
}
} // namespace

// A loop's backedge-taken count for one exit: an i64, the header of the loop before which it stands, and whether it is
// right only where the loop is entered.
struct TripCount {
  LLVMValueRef Count;
  LLVMBasicBlockRef Holds;
  int IfEntered;
};

// The counts of N loops, each for one exit; null where SCEV has none, the loop has no preheader, or expanding it there
// could trap or use a value that is not available. A count is put before the outermost loop around its loop before which
// it is known. SCEV's count holds only where the loop is entered (n - 1 iterations, after a test of n > 0): it is made 0
// where it is not, if the conditions are known too; ways past the loop that the function does not return from are left
// open (IfEntered), and other ways end the search.
void erx_expand_exit_counts(LLVMValueRef Fn, const LLVMBasicBlockRef *Headers, const LLVMBasicBlockRef *Exitings,
                            size_t N, TripCount *Out) {
  Function &F = *as<Function>(Fn);
  Managers M;
  DominatorTree &DT = M.FAM.getResult<DominatorTreeAnalysis>(F);
  LoopInfo &LI = M.FAM.getResult<LoopAnalysis>(F);
  ScalarEvolution &SE = M.FAM.getResult<ScalarEvolutionAnalysis>(F);
  auto Returning = returningBlocks(F);
  Type *I64 = Type::getInt64Ty(F.getContext());
  for (size_t K = 0; K < N; ++K) {
    Out[K] = {nullptr, nullptr, 0};
    BasicBlock *Exiting = unwrap(Exitings[K]);
    Loop *L = LI.getLoopFor(unwrap(Headers[K]));
    if (!L || L->getHeader() != unwrap(Headers[K]) || !L->isLoopExiting(Exiting) || !L->getLoopPreheader())
      continue;
    const SCEV *Count = SE.getExitCount(L, Exiting);
    if (isa<SCEVCouldNotCompute>(Count) || !Count->getType()->isIntegerTy() ||
        Count->getType()->getIntegerBitWidth() > 64)
      continue;
    Count = SE.getZeroExtendExpr(Count, I64);
    version::Expander Expander(SE, "trips");
    if (!Expander.isSafeToExpandAt(Count, L->getLoopPreheader()->getTerminator()))
      continue;
    SmallVector<Guard, 4> Guards;
    Loop *From = L;
    while (Loop *Up = From->getParentLoop()) {
      BasicBlock *Outside = Up->getLoopPreheader();
      Entry More;
      // What decided further in must be known out here too.
      auto Known = [&](const Guard &G) {
        auto *I = dyn_cast<Instruction>(G.first);
        return !I || DT.dominates(I, Outside->getTerminator());
      };
      if (!Outside || !all_of(Guards, Known) || !SE.isLoopInvariant(Count, Up) ||
          !Expander.isSafeToExpandAt(Count, Outside->getTerminator()) ||
          !guardsWithin(Up, From->getLoopPreheader(), LI, DT, Returning, More))
        break;
      Guards.append(More.Guards);
      Out[K].IfEntered |= More.LastWays;
      From = Up;
    }
    Instruction *At = From->getLoopPreheader()->getTerminator();
    Out[K].Holds = wrap(From->getHeader());
    Value *Result = Expander.expandCodeFor(Count, I64, At);
    IRBuilder<> Build(At);
    Value *Zero = ConstantInt::get(I64, 0);
    for (auto [Condition, Taken] : Guards)
      Result = Taken ? Build.CreateSelect(Condition, Result, Zero) : Build.CreateSelect(Condition, Zero, Result);
    Out[K].Count = wrap(Result);
  }
}

// Natural loops, outermost first: for each the header, then its blocks, told apart by Kind (0 header, 1 member).
typedef void (*LoopSink)(void *, unsigned Loop, unsigned Depth, LLVMBasicBlockRef Block, int Kind);
void erx_loops(LLVMValueRef Fn, LoopSink Sink, void *State) {
  Function &F = *as<Function>(Fn);
  Managers M;
  LoopInfo &LI = M.FAM.getResult<LoopAnalysis>(F);
  unsigned Number = 0;
  for (Loop *L : LI.getLoopsInPreorder()) {
    Sink(State, Number, L->getLoopDepth(), wrap(L->getHeader()), 0);
    for (BasicBlock *B : L->blocks())
      if (B != L->getHeader())
        Sink(State, Number, L->getLoopDepth(), wrap(B), 1);
    ++Number;
  }
}

void *erx_analyses_new(LLVMValueRef Fn) { return new Analyses(*as<Function>(Fn)); }
void erx_analyses_free(void *A) { delete static_cast<Analyses *>(A); }

// How two memory ranges relate: 0 no alias, 1 may, 2 partial, 3 must. A size of ~0 means unknown, before and after
// the pointer. The answer holds within one iteration of the loops around both.
unsigned erx_alias(void *A, LLVMValueRef P, uint64_t PSize, LLVMValueRef Q, uint64_t QSize) {
  auto *S = static_cast<Analyses *>(A);
  AAResults &AA = S->M.FAM.getResult<AAManager>(S->F);
  auto Range = [](LLVMValueRef V, uint64_t N) {
    Value *P = unwrap(V);
    return N == ~0ull ? MemoryLocation::getBeforeOrAfter(P) : MemoryLocation(P, LocationSize::precise(N));
  };
  return static_cast<unsigned>(static_cast<AliasResult::Kind>(AA.alias(Range(P, PSize), Range(Q, QSize))));
}

// How two accesses (loads, stores) relate, with their !tbaa and alias scopes; numbers as erx_alias.
unsigned erx_alias_accesses(void *A, LLVMValueRef P, LLVMValueRef Q) {
  auto *S = static_cast<Analyses *>(A);
  AAResults &AA = S->M.FAM.getResult<AAManager>(S->F);
  auto L = MemoryLocation::getOrNone(as<Instruction>(P)), R = MemoryLocation::getOrNone(as<Instruction>(Q));
  if (!L || !R)
    return 1;
  return static_cast<unsigned>(static_cast<AliasResult::Kind>(AA.alias(*L, *R)));
}

// Whether instruction I may read (1) or write (2) the memory range.
unsigned erx_mod_ref(void *A, LLVMValueRef I, LLVMValueRef P, uint64_t PSize) {
  auto *S = static_cast<Analyses *>(A);
  AAResults &AA = S->M.FAM.getResult<AAManager>(S->F);
  Value *V = unwrap(P);
  MemoryLocation Where =
      PSize == ~0ull ? MemoryLocation::getBeforeOrAfter(V) : MemoryLocation(V, LocationSize::precise(PSize));
  return static_cast<unsigned>(AA.getModRefInfo(as<Instruction>(I), Where));
}

// Whether instruction I may read (1) or write (2) what the load or store P accesses, with P's metadata in view.
unsigned erx_mod_ref_access(void *A, LLVMValueRef I, LLVMValueRef P) {
  auto *S = static_cast<Analyses *>(A);
  AAResults &AA = S->M.FAM.getResult<AAManager>(S->F);
  auto Where = MemoryLocation::getOrNone(as<Instruction>(P));
  return static_cast<unsigned>(AA.getModRefInfo(as<Instruction>(I), Where));
}
} // extern "C"

extern "C" {
// For each header phi that scalar evolution knows as a polynomial in its loop's iteration number: an equal value,
// computed behind the header's phis from Iv[L], the loop's canonical counter. Emits (phi, value).
void erx_closed_forms(LLVMValueRef Fn, LLVMValueRef *Counters, size_t N, PairSink Sink, void *State) {
  Function &F = *as<Function>(Fn);
  Managers M;
  LoopInfo &LI = M.FAM.getResult<LoopAnalysis>(F);
  ScalarEvolution &SE = M.FAM.getResult<ScalarEvolutionAnalysis>(F);
  for (size_t I = 0; I < N; ++I) {
    auto *Counter = cast<PHINode>(unwrap(Counters[I]));
    Loop *L = LI.getLoopFor(Counter->getParent());
    if (!L || L->getHeader() != Counter->getParent())
      continue;
    SmallVector<PHINode *, 8> Phis;
    for (PHINode &P : Counter->getParent()->phis())
      if (&P != Counter && SE.isSCEVable(P.getType()))
        Phis.push_back(&P);
    for (PHINode *P : Phis) {
      auto *Rec = dyn_cast<SCEVAddRecExpr>(SE.getSCEV(P));
      if (!Rec || Rec->getLoop() != L || Rec->getNumOperands() > 3)
        continue;
      const SCEV *At = SE.getUnknown(Counter);
      if (!Rec->isAffine() || SE.getTypeSizeInBits(Rec->getType()) != 64) {
        // The counter at the phi's own width; a quadratic one needs all 64 bits of it.
        if (!Rec->isAffine() && SE.getTypeSizeInBits(Rec->getType()) > 64)
          continue;
        At = SE.getTruncateOrZeroExtend(At, SE.getEffectiveSCEVType(Rec->getType()));
      }
      const SCEV *Value = Rec->evaluateAtIteration(At, SE);
      if (isa<SCEVCouldNotCompute>(Value))
        continue;
      Instruction *Where = &*Counter->getParent()->getFirstInsertionPt();
      version::Expander Expander(SE, "closed");
      // Not isSafeToExpandAt: to that, the counter is too late in this very block.
      auto Known = [&](const SCEV *S) { return SE.properlyDominates(S, Counter->getParent()); };
      if (!Expander.isSafeToExpand(Value) || !all_of(Rec->operands(), Known))
        continue;
      llvm::Value *Out = Expander.expandCodeFor(Value, P->getType(), Where);
      if (Out != P)
        Sink(State, wrap(static_cast<llvm::Value *>(P)), wrap(Out));
    }
  }
}
} // extern "C"
