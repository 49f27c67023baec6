// Transformations of the IR for which LLVM has C++ functions only: cloning, inlining, promotion, passes, linking.
#include "shim.h"
#include "version.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Passes/StandardInstrumentations.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

using namespace llvm;

extern "C" {

// A copy of F with internal linkage, and (old, new) for its arguments, blocks and instructions in F's order.
LLVMValueRef erx_clone_function(LLVMValueRef Fn, const char *Name, size_t N, PairSink Sink, void *State) {
  Function *F = as<Function>(Fn);
  ValueToValueMapTy Map;
  Function *Copy =
      Function::Create(F->getFunctionType(), F->getLinkage(), F->getAddressSpace(), StringRef(Name, N), F->getParent());
  for (auto [Old, New] : zip_equal(F->args(), Copy->args())) {
    New.setName(Old.getName());
    Map[&Old] = &New;
  }
  version::cloneBody(F, Copy, Map);
  Copy->setComdat(nullptr);
  Copy->setLinkage(GlobalValue::InternalLinkage);
  Copy->setVisibility(GlobalValue::DefaultVisibility);
  Copy->setDLLStorageClass(GlobalValue::DefaultStorageClass);
  Copy->setDSOLocal(true);
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
  return wrap(static_cast<Value *>(Copy));
}

// Null when the call was inlined, else LLVM's reason. Emits the calls that came with the body. The caller's attributes
// are merged as the inliner would.
char *erx_inline_call(LLVMValueRef Call, ValueSink Sink, void *State) {
  auto *C = as<CallBase>(Call);
  Function *Callee = C->getCalledFunction();
  if (!Callee || Callee->isDeclaration())
    return ownedText("the callee is not a function with a body");
  InlineFunctionInfo Info;
  InlineResult R = InlineFunction(*C, Info, /*MergeAttributes=*/true);
  if (R.isSuccess())
    for (CallBase *New : Info.InlinedCallSites)
      Sink(State, wrap(static_cast<Value *>(New)));
  return R.isSuccess() ? nullptr : ownedText(R.getFailureReason());
}

// Turns the promotable ones of the given allocas (all of one function) into SSA; returns how many.
size_t erx_promote_allocas(LLVMValueRef Fn, LLVMValueRef *Items, size_t N) {
  Function *F = as<Function>(Fn);
  SmallVector<AllocaInst *, 16> Good;
  for (size_t I = 0; I < N; ++I) {
    auto *A = dyn_cast<AllocaInst>(unwrap(Items[I]));
    if (A && isAllocaPromotable(A))
      Good.push_back(A);
  }
  if (Good.empty())
    return 0;
  DominatorTree DT(*F);
  PromoteMemToReg(Good, DT);
  return Good.size();
}

// Runs function passes in opt's syntax; null on success, else what is wrong with the text.
char *erx_run_function_passes(LLVMValueRef Fn, const char *Passes, size_t N) {
  Function &F = *as<Function>(Fn);
  LoopAnalysisManager LAM;
  FunctionAnalysisManager FAM;
  CGSCCAnalysisManager CGAM;
  ModuleAnalysisManager MAM;
  // As in the host's own pipelines: `optnone` is obeyed.
  PassInstrumentationCallbacks PIC;
  StandardInstrumentations SI(F.getContext(), /*DebugLogging=*/false);
  PassBuilder PB(nullptr, PipelineTuningOptions(), std::nullopt, &PIC);
  PB.registerModuleAnalyses(MAM);
  PB.registerCGSCCAnalyses(CGAM);
  PB.registerFunctionAnalyses(FAM);
  PB.registerLoopAnalyses(LAM);
  PB.crossRegisterProxies(LAM, FAM, CGAM, MAM);
  SI.registerCallbacks(PIC, &MAM);
  FunctionPassManager FPM;
  if (Error E = PB.parsePassPipeline(FPM, StringRef(Passes, N)))
    return ownedText(toString(std::move(E)));
  FPM.run(F, FAM);
  return nullptr;
}

static bool holdsExprIn(const Constant *C, SmallPtrSetImpl<const Constant *> &Seen) {
  if (isa<ConstantExpr>(C))
    return true;
  if (!isa<ConstantAggregate>(C) || !Seen.insert(C).second)
    return false;
  for (const Use &U : C->operands())
    if (holdsExprIn(cast<Constant>(U.get()), Seen))
      return true;
  return false;
}

static bool holdsExpr(const Constant *C) {
  SmallPtrSet<const Constant *, 16> Seen;
  return holdsExprIn(C, Seen);
}

static Value *materialise(Constant *C, Instruction *At, SmallVectorImpl<Instruction *> &Work) {
  if (auto *E = dyn_cast<ConstantExpr>(C)) {
    Instruction *I = E->getAsInstruction();
    I->insertBefore(At->getIterator());
    I->setDebugLoc(At->getDebugLoc());
    Work.push_back(I);
    return I;
  }
  IRBuilder<> B(At);
  Value *Out = PoisonValue::get(C->getType());
  for (unsigned I = 0, N = C->getNumOperands(); I < N; ++I) {
    auto *Part = cast<Constant>(C->getOperand(I));
    Value *V = holdsExpr(Part) ? materialise(Part, At, Work) : Part;
    if (C->getType()->isVectorTy())
      Out = B.CreateInsertElement(Out, V, B.getInt64(I));
    else
      Out = B.CreateInsertValue(Out, V, I);
  }
  return Out;
}

// Rewrites the constant expressions among the operands of F's instructions as instructions before their users (for
// a phi: at the end of the incoming block), so that the analyses need to know instructions only. Returns how many
// operands changed. Landing pad clauses, immediate arguments and called operands stay: they must be constants.
void erx_drop_debug_records(LLVMValueRef Fn) {
  for (BasicBlock &B : *as<Function>(Fn))
    for (Instruction &I : B)
      I.dropDbgRecords();
}

size_t erx_expand_constant_exprs(LLVMValueRef Fn) {
  Function *F = as<Function>(Fn);
  SmallVector<Instruction *, 64> Work;
  for (BasicBlock &B : *F)
    for (Instruction &I : B)
      Work.push_back(&I);
  size_t Changed = 0;
  while (!Work.empty()) {
    Instruction *I = Work.pop_back_val();
    if (isa<LandingPadInst>(I) || I->isEHPad())
      continue;
    if (auto *P = dyn_cast<PHINode>(I)) {
      for (unsigned K = 0; K < P->getNumIncomingValues(); ++K) {
        auto *C = dyn_cast<Constant>(P->getIncomingValue(K));
        Instruction *T = P->getIncomingBlock(K)->getTerminator();
        if (!C || !holdsExpr(C) || T->isEHPad())
          continue;
        Value *V = materialise(C, T, Work);
        // A block that comes in twice must bring the same value both times.
        for (unsigned J = 0; J < P->getNumIncomingValues(); ++J)
          if (P->getIncomingBlock(J) == P->getIncomingBlock(K))
            P->setIncomingValue(J, V);
        ++Changed;
      }
      continue;
    }
    auto *Call = dyn_cast<CallBase>(I);
    for (Use &U : I->operands()) {
      auto *C = dyn_cast<Constant>(U.get());
      if (!C || !holdsExpr(C))
        continue;
      if (Call) {
        if (!Call->isArgOperand(&U) || Call->paramHasAttr(Call->getArgOperandNo(&U), Attribute::ImmArg))
          continue;
      }
      if (isa<SwitchInst>(I) && U.getOperandNo() != 0)
        continue;
      U.set(materialise(C, I, Work));
      ++Changed;
    }
  }
  return Changed;
}

// Parses textual IR in the module's context and links it in; null on success, else what went wrong. What the module
// defines already under the same name is kept.
char *erx_link_text(LLVMModuleRef M, const char *Text, size_t N, const char *What, size_t WhatN) {
  Module *Into = unwrap(M);
  SMDiagnostic Err;
  std::string Body(Text, N);
  // clang's release builds drop the names of values, which text can't be read without.
  LLVMContext &C = Into->getContext();
  bool Discards = C.shouldDiscardValueNames();
  C.setDiscardValueNames(false);
  std::unique_ptr<Module> Part = parseAssembly(MemoryBufferRef(Body, StringRef(What, WhatN)), Err, C);
  C.setDiscardValueNames(Discards);
  if (!Part) {
    std::string Msg;
    raw_string_ostream OS(Msg);
    Err.print("", OS, false);
    return ownedText(Msg);
  }
  Part->setDataLayout(Into->getDataLayout());
  Part->setTargetTriple(Into->getTargetTriple());
  SmallVector<Function *, 8> Dropped;
  for (Function &F : *Part)
    if (!F.isDeclaration())
      if (GlobalValue *Old = Into->getNamedValue(F.getName()))
        if (!Old->isDeclaration())
          Dropped.push_back(&F);
  for (Function *F : Dropped)
    F->deleteBody();
  if (Linker::linkModules(*Into, std::move(Part)))
    return ownedText("LLVM could not link the parts of the module");
  return nullptr;
}

// Parses textual IR into a new module; null on failure, with the message in *Error.
LLVMModuleRef erx_parse_module(LLVMContextRef C, const char *Text, size_t N, char **Error) {
  SMDiagnostic Err;
  std::string Body(Text, N);
  std::unique_ptr<Module> M = parseAssembly(MemoryBufferRef(Body, "<text>"), Err, *unwrap(C));
  if (!M) {
    std::string Msg;
    raw_string_ostream OS(Msg);
    Err.print("", OS, false);
    *Error = ownedText(Msg);
  }
  return wrap(M.release());
}

LLVMBasicBlockRef erx_split_before(LLVMValueRef Inst, const char *Name, size_t N) {
  Instruction *I = as<Instruction>(Inst);
  return wrap(I->getParent()->splitBasicBlock(I->getIterator(), StringRef(Name, N)));
}

void erx_remove_unreachable_blocks(LLVMValueRef F) { removeUnreachableBlocks(*as<Function>(F)); }

// Unlinks a block from its successors' phis and deletes it; its values must have no users outside of it.
void erx_delete_dead_block(LLVMBasicBlockRef B) { DeleteDeadBlock(unwrap(B)); }

void erx_delete_body(LLVMValueRef F) { as<Function>(F)->deleteBody(); }

// The name of our own mark beside `llvm.loop.disable_nonforced`, so that stripping removes only what we added.
static const char *const HeldMark = "enzyme_rs.held";

static bool isNamed(const Metadata *M, StringRef Name) {
  auto *N = dyn_cast_or_null<MDNode>(M);
  if (!N || N->getNumOperands() == 0)
    return false;
  auto *S = dyn_cast_or_null<MDString>(N->getOperand(0));
  return S && S->getString() == Name;
}

static bool isHeld(const MDNode *LoopID) {
  for (unsigned I = 1; LoopID && I < LoopID->getNumOperands(); ++I)
    if (isNamed(LoopID->getOperand(I), HeldMark))
      return true;
  return false;
}

static MDNode *newLoopID(LLVMContext &C, SmallVectorImpl<Metadata *> &Ops) {
  MDNode *ID = MDNode::getDistinct(C, Ops);
  ID->replaceOperandWith(0, ID);
  return ID;
}

// Asks LLVM to leave F's loops as they are until erx_release_loops; returns how many were marked.
size_t erx_hold_loops(LLVMValueRef Fn) {
  Function *F = as<Function>(Fn);
  LLVMContext &C = F->getContext();
  DominatorTree DT(*F);
  LoopInfo LI(DT);
  size_t Count = 0;
  for (Loop *L : LI.getLoopsInPreorder()) {
    MDNode *Old = L->getLoopID();
    if (isHeld(Old))
      continue;
    SmallVector<Metadata *, 8> Ops = {nullptr};
    for (unsigned I = 1; Old && I < Old->getNumOperands(); ++I)
      Ops.push_back(Old->getOperand(I));
    Ops.push_back(MDNode::get(C, MDString::get(C, "llvm.loop.disable_nonforced")));
    Ops.push_back(MDNode::get(C, MDString::get(C, HeldMark)));
    L->setLoopID(newLoopID(C, Ops));
    ++Count;
  }
  return Count;
}

// Undoes erx_hold_loops, wherever the marked branches are by now; returns how many were changed.
size_t erx_release_loops(LLVMValueRef Fn) {
  size_t Count = 0;
  for (BasicBlock &B : *as<Function>(Fn)) {
    Instruction *T = B.getTerminator();
    MDNode *Old = T ? T->getMetadata(LLVMContext::MD_loop) : nullptr;
    if (!isHeld(Old))
      continue;
    SmallVector<Metadata *, 8> Ops = {nullptr};
    for (unsigned I = 1; I < Old->getNumOperands(); ++I)
      if (!isNamed(Old->getOperand(I), HeldMark) && !isNamed(Old->getOperand(I), "llvm.loop.disable_nonforced"))
        Ops.push_back(Old->getOperand(I));
    T->setMetadata(LLVMContext::MD_loop, Ops.size() == 1 ? nullptr : newLoopID(B.getContext(), Ops));
    ++Count;
  }
  return Count;
}

// Keeps a global from being removed until erx_unretain, also by a linker's LTO.
void erx_retain(LLVMModuleRef M, LLVMValueRef Global) {
  appendToUsed(*unwrap(M), {as<GlobalValue>(Global)});
}

// Takes a global out of llvm.used and llvm.compiler.used.
void erx_unretain(LLVMModuleRef M, LLVMValueRef Global) {
  auto *G = as<GlobalValue>(Global);
  removeFromUsedLists(*unwrap(M), [&](Constant *C) { return C->stripPointerCasts() == G; });
}
} // extern "C"
