// Definitions from other bitcode: which a buffer has, and copies of them in a module.
#include "shim.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/Linker/IRMover.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

extern "C" {

// Names of the functions and constants that the bitcode defines for others to see. Anything that is no bitcode of this LLVM
// defines nothing.
void erx_list_definitions(const char *Data, size_t N, TextSink Sink, void *State) {
  LLVMContext Context;
  auto Read = getLazyBitcodeModule(MemoryBufferRef(StringRef(Data, N), "definitions"), Context, true);
  if (!Read) {
    consumeError(Read.takeError());
    return;
  }
  for (GlobalObject &G : (*Read)->global_objects()) {
    auto *Variable = dyn_cast<GlobalVariable>(&G);
    // A copy of a variable would be another variable.
    bool Copies = !Variable || Variable->isConstant();
    if (!G.isDeclaration() && !G.hasLocalLinkage() && !G.hasAvailableExternallyLinkage() && Copies)
      Sink(State, G.getName().data(), G.getName().size());
  }
}

// Copies a definition into the module, as the module's own, with what is local to its origin. Returns a message when it can't
// be, null otherwise. The module's declaration of that name becomes the copy.
char *erx_import_definition(LLVMModuleRef Into, const char *Data, size_t N, const char *Name, size_t NameN) {
  Module &M = *unwrap(Into);
  StringRef Symbol(Name, NameN);
  auto Text = [](Error E) { return ownedText(toString(std::move(E))); };
  auto Read = getLazyBitcodeModule(MemoryBufferRef(StringRef(Data, N), "definitions"), M.getContext(), true, true);
  if (!Read)
    return Text(Read.takeError());
  std::unique_ptr<Module> Source = std::move(*Read);
  if (Error E = Source->materializeMetadata())
    return Text(std::move(E));
  auto *Wanted = dyn_cast_or_null<GlobalObject>(Source->getNamedValue(Symbol));
  if (!Wanted)
    return ownedText("it is not there");
  if (Error E = Wanted->materialize())
    return Text(std::move(E));
  Wanted->setComdat(nullptr);
  Wanted->setLinkage(GlobalValue::ExternalLinkage);
  std::string State;
  auto Local = [&](GlobalValue &G, IRMover::ValueAdder Add) {
    auto *Variable = dyn_cast<GlobalVariable>(&G);
    if (!G.hasLocalLinkage())
      return;
    if (Variable && !Variable->isConstant())
      State = G.getName().str();
    if (auto *Object = dyn_cast<GlobalObject>(&G))
      Object->setComdat(nullptr);
    Add(G);
  };
  IRMover Mover(M);
  if (Error E = Mover.move(std::move(Source), {Wanted}, Local, /*IsPerformingImport=*/true))
    return Text(std::move(E));
  auto *Copy = dyn_cast_or_null<GlobalObject>(M.getNamedValue(Symbol));
  if (!Copy || Copy->isDeclaration())
    return ownedText("it was not copied");
  Copy->setVisibility(GlobalValue::DefaultVisibility);
  Copy->setLinkage(GlobalValue::InternalLinkage);
  Copy->setDSOLocal(true);
  if (!State.empty())
    return ownedText("it has state of its own (the variable `" + State + "`), of which there must be one only");
  return nullptr;
}
} // extern "C"
