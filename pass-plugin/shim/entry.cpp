// The plugin's registration with LLVM's PassBuilder, and diagnostics. All decisions are taken in Rust.
#include "shim.h"
#include "version.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/PassManager.h"

using namespace llvm;

static_assert(LLVM_PLUGIN_API_VERSION == version::PluginApi, "src/llvm/version.rs says another version of the plugin API");
static_assert(sizeof(PassPluginLibraryInfo) == version::PluginInfoSize, "src/llvm/version.rs declares other fields");

// Defined in src/entry.rs. Hook and phase are numbers that both sides list.
extern "C" bool enzyme_rs_on_hook(LLVMModuleRef M, unsigned Hook, unsigned Phase);

namespace {
enum Hook : unsigned { Named = 0, PipelineStart = 1, EarlySimplification = 2, OptimizerEarly = 3, FullLtoEarly = 4 };

class EnzymePass : public PassInfoMixin<EnzymePass> {
  Hook At;
  version::Phase Phase;

public:
  EnzymePass(Hook At, version::Phase Phase) : At(At), Phase(Phase) {}
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &) {
    bool Changed = enzyme_rs_on_hook(wrap(&M), At, static_cast<unsigned>(Phase));
    return Changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
  }
  // Without this a pipeline at -O0 skips the pass, and the marker would be left over.
  static bool isRequired() { return true; }
};

// Thin LTO after the link at -O0 has no hook at all. What is imported is still there just before this pass, by whose name
// that pipeline is known: in every other one that has it a hook came first.
void registerWithoutHook(PassBuilder &PB, std::shared_ptr<bool> Hooked) {
  version::registerBefore(PB, "EliminateAvailableExternallyPass", [Hooked](const Module *M) {
    if (*Hooked)
      return;
    *Hooked = true;
    enzyme_rs_on_hook(wrap(const_cast<Module *>(M)), EarlySimplification, version::ThinPostLink);
  });
}
} // namespace

extern "C" {

unsigned erx_built_for_major() { return LLVM_VERSION_MAJOR; }

// The pass by its name, for pipelines that are given as text.
void erx_register_name(void *Builder) {
  PassBuilder &PB = *static_cast<PassBuilder *>(Builder);
  PB.registerPipelineParsingCallback([](StringRef Name, ModulePassManager &MPM, ArrayRef<PassBuilder::PipelineElement>) {
    if (Name != "enzyme")
      return false;
    MPM.addPass(EnzymePass(Named, version::None));
    return true;
  });
}

// The pass at the hooks of the default pipelines.
void erx_register_hooks(void *Builder) {
  PassBuilder &PB = *static_cast<PassBuilder *>(Builder);
  auto Hooked = std::make_shared<bool>(false);
  PB.registerPipelineStartEPCallback([Hooked](ModulePassManager &MPM, OptimizationLevel) {
    *Hooked = true;
    MPM.addPass(EnzymePass(PipelineStart, version::None));
  });
  version::registerPhased(
      PB,
      [Hooked](ModulePassManager &MPM, version::Phase P) {
        *Hooked = true;
        if (P == version::ThinPostLink)
          MPM.addPass(EnzymePass(EarlySimplification, P));
      },
      [Hooked](ModulePassManager &MPM, version::Phase P) {
        *Hooked = true;
        MPM.addPass(EnzymePass(OptimizerEarly, P));
      });
  PB.registerFullLinkTimeOptimizationEarlyEPCallback([Hooked](ModulePassManager &MPM, OptimizationLevel) {
    *Hooked = true;
    MPM.addPass(EnzymePass(FullLtoEarly, version::FullPostLink));
  });
  registerWithoutHook(PB, Hooked);
}

// Severity as in the C API: 0 error, 1 warning, 2 remark, 3 note. Every host that we know prints messages of this
// kind, and an error fails the host's build.
void erx_diagnose(LLVMContextRef C, const char *Text, size_t N, unsigned Severity) {
  static const DiagnosticSeverity Map[] = {DS_Error, DS_Warning, DS_Remark, DS_Note};
  std::string Msg(Text, N);
  Twine T(Msg);
  unwrap(C)->diagnose(version::Message(T, Map[Severity < 4 ? Severity : 0]));
}

// Only tests use this: a context of their own whose diagnostics go to a sink instead of ending the process.
void erx_set_diagnostic_sink(LLVMContextRef C, TextSink Sink, void *State) {
  struct Handler : DiagnosticHandler {
    TextSink Sink;
    void *State;
    Handler(TextSink S, void *P) : Sink(S), State(P) {}
    bool handleDiagnostics(const DiagnosticInfo &D) override {
      std::string Text;
      raw_string_ostream OS(Text);
      DiagnosticPrinterRawOStream P(OS);
      D.print(P);
      Sink(State, Text.data(), Text.size());
      return true;
    }
  };
  unwrap(C)->setDiagnosticHandler(std::make_unique<Handler>(Sink, State));
}
} // extern "C"
