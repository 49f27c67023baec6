// Definitions from other bitcode: which a buffer has, and copies of them in a module.
#include "shim.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/ValueHandle.h"
#include "llvm/Linker/IRMover.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace {
// What copies definitions into a module. LLVM's own looks through all of the module once, when it is made.
struct Importer {
  IRMover Mover;
  // They become the module's own at the end: what is copied later refers to them by their names, which the linker of modules
  // does not see of what is local.
  std::vector<WeakTrackingVH> Copies;

  explicit Importer(Module &M) : Mover(M) {}
  ~Importer() {
    for (WeakTrackingVH &Copy : Copies) {
      auto *Object = dyn_cast_or_null<GlobalObject>(static_cast<Value *>(Copy));
      if (!Object)
        continue;
      Object->setVisibility(GlobalValue::DefaultVisibility);
      Object->setLinkage(GlobalValue::InternalLinkage);
      Object->setDSOLocal(true);
    }
  }
};

// Gives a declaration the body of a copy, which goes: who knows the declaration knows the function then. Where their types
// differ the copy takes the declaration's place.
GlobalObject *takeOver(GlobalObject *Declared, GlobalObject *Copy) {
  auto *To = dyn_cast_or_null<Function>(Declared);
  auto *From = dyn_cast<Function>(Copy);
  if (!To || !From || To->getFunctionType() != From->getFunctionType()) {
    if (Declared) {
      Declared->replaceAllUsesWith(Copy);
      Declared->eraseFromParent();
    }
    return Copy;
  }
  // What the program says of the function stays said.
  AttributeSet Said = To->getAttributes().getFnAttrs();
  To->copyAttributesFrom(From);
  for (Attribute A : Said)
    if (A.isStringAttribute())
      To->addFnAttr(A);
  if (Said.hasAttribute(Attribute::NoInline)) {
    To->removeFnAttr(Attribute::AlwaysInline);
    To->addFnAttr(Attribute::NoInline);
  }
  To->splice(To->end(), From);
  for (auto [Old, New] : zip(From->args(), To->args())) {
    Old.replaceAllUsesWith(&New);
    New.takeName(&Old);
  }
  To->copyMetadata(From, 0);
  From->clearMetadata();
  From->replaceAllUsesWith(To);
  To->takeName(From);
  From->eraseFromParent();
  return To;
}
} // namespace

extern "C" {

// Names of the functions and constants that the bitcode defines, those for others to see and those of its own. Anything that is
// no bitcode of this LLVM defines nothing.
void erx_list_definitions(const char *Data, size_t N, TextSink Sink, void *Seen, void *Own) {
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
    if (!G.isDeclaration() && !G.hasAvailableExternallyLinkage() && Copies)
      Sink(G.hasLocalLinkage() ? Own : Seen, G.getName().data(), G.getName().size());
  }
}

void *erx_importer(LLVMModuleRef Into) { return new Importer(*unwrap(Into)); }

void erx_drop_importer(void *State) { delete static_cast<Importer *>(State); }

// Copies definitions into the importer's module, with what is local to their origin; the module's declarations of those names get
// their bodies. Returns a message when it can't be, null otherwise.
char *erx_import_definitions(void *State, LLVMModuleRef Of, const char *Data, size_t N, const char *const *Names,
                             const size_t *Lengths, size_t Count) {
  auto &Into = *static_cast<Importer *>(State);
  Module &M = *unwrap(Of);
  auto Text = [](Error E) { return ownedText(toString(std::move(E))); };
  auto Read = getLazyBitcodeModule(MemoryBufferRef(StringRef(Data, N), "definitions"), M.getContext(), true, true);
  if (!Read)
    return Text(Read.takeError());
  std::unique_ptr<Module> Source = std::move(*Read);
  if (Error E = Source->materializeMetadata())
    return Text(std::move(E));
  std::vector<GlobalValue *> Wanted;
  std::vector<GlobalObject *> Declared;
  for (size_t I = 0; I < Count; ++I) {
    StringRef Name(Names[I], Lengths[I]);
    // Thin LTO gives what was a module's own another name where others need it.
    GlobalValue *Found = Source->getNamedValue(Name);
    if (!Found)
      Found = Source->getNamedValue(Name.split(".llvm.").first);
    auto *One = dyn_cast_or_null<GlobalObject>(Found);
    if (!One)
      return ownedText("`" + Name.str() + "` is not there");
    One->setName(Name);
    if (Error E = One->materialize())
      return Text(std::move(E));
    One->setComdat(nullptr);
    One->setLinkage(GlobalValue::ExternalLinkage);
    Wanted.push_back(One);
    auto *Known = dyn_cast_or_null<GlobalObject>(M.getNamedValue(Name));
    if (Known)
      Known->setName("");
    Declared.push_back(Known);
  }
  std::string Variables;
  auto Local = [&](GlobalValue &G, IRMover::ValueAdder Add) {
    auto *Variable = dyn_cast<GlobalVariable>(&G);
    if (!G.hasLocalLinkage())
      return;
    if (Variable && !Variable->isConstant())
      Variables = G.getName().str();
    if (auto *Object = dyn_cast<GlobalObject>(&G))
      Object->setComdat(nullptr);
    Add(G);
  };
  if (Error E = Into.Mover.move(std::move(Source), Wanted, Local, /*IsPerformingImport=*/true))
    return Text(std::move(E));
  for (size_t I = 0; I < Count; ++I) {
    StringRef Name(Names[I], Lengths[I]);
    auto *Copy = dyn_cast_or_null<GlobalObject>(M.getNamedValue(Name));
    if (!Copy || Copy->isDeclaration())
      return ownedText("`" + Name.str() + "` was not copied");
    Into.Copies.emplace_back(takeOver(Declared[I], Copy));
  }
  if (!Variables.empty())
    return ownedText("it has state of its own (the variable `" + Variables + "`), of which there must be one only");
  return nullptr;
}
} // extern "C"
