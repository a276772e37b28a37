#include <algorithm>

#include "diagnostics/diagnostics.hpp"

namespace fairlead {
namespace {

constexpr Level kE = Level::kError, kW = Level::kWarning, kN = Level::kNote;

// Exit codes as in docs/cli.md.
constexpr int kUsage = 2, kInput = 10, kOperators = 11, kCheck = 12, kNumbers = 13, kProvider = 14, kPlugin = 15,
              kOutput = 17, kOurBug = 70, kInterrupted = 130;

// Sorted by id. The numbers are stable: a rule that goes leaves a hole.
constexpr Rule kRules[] = {
    // 1xxx: the program and how it was captured
    {"FL1001", "UnreadableProgram", kE, kInput, "A file cannot be opened, or is not what it has to be.",
     "Check the path, and that the file is complete and of the kind that is wanted there. A program is one that "
     "torch.export.save(program, path) wrote."},
    {"FL1002", "UnsupportedProgramSchema", kE, kInput,
     "The program was saved in a version of PyTorch's schema that Fairlead does not read.",
     "Save it with PyTorch 2.1 or later, or update Fairlead when the program is newer than it."},
    {"FL1003", "ProgramNotFunctional", kE, kOperators, "An in-place operator cannot be turned into a functional one.",
     "Call program.run_decompositions() before torch.export.save, or write the operation without the in-place form."},
    {"FL1004", "TrainingModeOperator", kW, kOperators, "An operator runs in training mode.",
     "Call model.eval() before torch.export.export, unless training behaviour is meant."},
    {"FL1005", "BackwardGraph", kE, kOperators, "An output is a gradient: the program is a step of training.",
     "Export the forward computation alone, without a loss."},
    {"FL1006", "ConstantInputSpecialised", kN, kInput, "An input that is not a tensor was fixed to its value at export.",
     "Pass a tensor, or mark it dynamic in torch.export.export, if it must vary."},
    {"FL1007", "RuntimeAssertionDropped", kN, kCheck, "A run-time assertion has no form in ONNX and is not checked there.",
     "Check the condition before the model is called."},
    {"FL1008", "SideEffectDropped", kW, kOperators, "A side effect of the program is lost in ONNX.",
     "Move printing and logging out of forward()."},
    {"FL1009", "WeightDataMissing", kE, kInput, "A weight has no data in the archive.",
     "Load real weights before torch.export.export; programs made under FakeTensorMode or on the meta device have none."},
    // 2xxx: operators and lowerings
    {"FL2001", "UnsupportedOperator", kE, kOperators, "An operator has no lowering.",
     "Rewrite the module with a supported operator, or load a plugin that lowers it with --plugin FILE."},
    {"FL2002", "UnsupportedOverload", kE, kOperators, "This overload has no lowering, but others of the operator have.",
     "Cast or reorder the arguments so that PyTorch picks a supported overload, or load a plugin with --plugin FILE."},
    {"FL2003", "UnsupportedArgument", kE, kOperators, "A lowering does not accept the value of an argument.",
     "Use one of the accepted values, or rewrite the call."},
    {"FL2004", "CustomOperatorWithoutLowering", kE, kOperators, "A custom operator has no lowering.",
     "Load a plugin that lowers it with --plugin FILE, or write the operation with PyTorch's own operators."},
    {"FL2005", "OpsetTooLow", kE, kOperators, "Every lowering of an operator needs a newer opset than the target.",
     "Raise --opset."},
    {"FL2006", "InefficientDecomposition", kW, kOperators, "One operator became many nodes or large intermediate values.",
     "Raise --opset where a fused operator exists, or load a plugin that lowers it."},
    {"FL2008", "ApproximateLowering", kW, kOperators, "A lowering differs from PyTorch in a way that can be seen.",
     "Compare the outputs with --verify, and accept the difference or change the mode that is named."},
    {"FL2011", "LoweringConflict", kW, kPlugin, "Two plugins lower the same operator.",
     "Choose one with --lowering OPERATOR=PLUGIN."},
    {"FL2012", "LoweringFailed", kE, kPlugin, "A lowering failed, or what it made is not valid.",
     "Report it to the author of the plugin; --lowering OPERATOR=!PLUGIN goes on without it."},
    {"FL2013", "NonTensorType", kW, kOperators, "A value is a sequence or an optional, which few runtimes accept.",
     "Return tensors."},
    {"FL2014", "ComplexTensor", kE, kOperators, "A complex tensor has no direct form in ONNX.",
     "Use real arithmetic: torch.view_as_real, or real and imaginary parts as two tensors."},
    {"FL2015", "SparseOrQuantisedLayout", kE, kOperators, "A tensor is sparse, quantized or in an opaque layout.",
     "Call .to_dense() or .dequantize() before the export."},
    {"FL2016", "RandomOperator", kW, kOperators, "An operator draws random numbers; runtimes draw others than PyTorch.",
     "Pass the noise as an input, or call model.eval() if it is a dropout."},
    {"FL2019", "ControlFlowBranchMismatch", kE, kOperators, "The branches of a conditional return different types.",
     "Cast or pad in one branch so that both return the same dtype and rank."},
    {"FL2021", "HigherOrderUnsupported", kE, kOperators, "A higher-order operator is not supported.",
     "Rewrite it with torch.cond or while_loop, or as a loop in Python, which torch.export unrolls."},
    {"FL2022", "ComplexAsPairs", kN, kInput, "A complex input or output is a real one with a dimension more.",
     "Feed and read real and imaginary part side by side, as torch.view_as_real gives them."},
    // 3xxx: types and numerics
    {"FL3001", "LossyIntegerNarrowing", kW, kCheck, "int64 values are stored as int32.",
     "Bound the value with torch._check, or keep int64."},
    {"FL3002", "LossyFloatNarrowing", kW, kCheck, "Floating-point data is stored in a smaller type.",
     "Keep the type if the precision matters."},
    {"FL3003", "Float64Introduced", kN, kCheck, "A float64 constant widens a float32 computation.",
     "Write the constant as a tensor of the type that is meant."},
    {"FL3004", "TypeUnsupportedInOpset", kE, kOperators,
     "ONNX, or one of its operators, does not have the data type at the target opset.",
     "Raise --opset, or cast to another type in the model."},
    {"FL3005", "TypeUnsupportedByRuntime", kW, kProvider, "The target runtime has no kernel for the data type.",
     "Cast around the operation in the model, or run it on another provider."},
    {"FL3008", "ConstantOutOfRange", kW, kCheck, "A constant does not fit into the type it is cast to.",
     "Use torch.finfo(dtype).min or -inf instead of a fixed large number."},
    {"FL3009", "NonFiniteWeight", kW, kInput, "A weight holds NaN or infinity.",
     "Look at the training run; masks that hold -inf on purpose are fine."},
    // 4xxx: shapes and dynamism
    {"FL4001", "DimensionSpecialised", kW, kInput, "A dimension that was meant to be dynamic is fixed in the program.",
     "Remove the comparison or size use that fixes it, and export again with dynamic_shapes."},
    {"FL4002", "ExampleSizeZeroOrOne", kW, kInput, "A dynamic dimension was traced with size 0 or 1, which PyTorch fixes.",
     "Export with an example of size 2 or more."},
    {"FL4003", "ReshapeBakesDynamicSize", kW, kInput,
     "A constant in a reshape equals the example size of a dynamic dimension.",
     "Write x.shape[i] or -1 instead of the number."},
    {"FL4004", "DataDependentShape", kN, kCheck, "The size of an output depends on the data.",
     "Pad to a fixed size if the target needs a bound."},
    {"FL4005", "UnboundedDimension", kW, kCheck, "A dynamic dimension has no upper bound.",
     "Give it one with torch.export.Dim(name, max=…)."},
    {"FL4008", "DimensionNameCollision", kE, kUsage, "One name stands for two different dimensions.",
     "Choose another name for one of them."},
    {"FL4009", "UnknownRank", kW, kCheck, "The rank of a value is not known.",
     "Report it to the author of the lowering that made the value."},
    {"FL4010", "InferredShapeDisagrees", kE, kCheck, "ONNX infers another shape than PyTorch recorded.",
     "Report it to the author of the lowering that made the value."},
    {"FL4011", "InferredTypeDisagrees", kE, kCheck, "ONNX infers another data type than PyTorch recorded.",
     "Report it to the author of the lowering that made the value."},
    // 5xxx: state, mutation, aliasing
    {"FL5001", "BufferMutationDropped", kW, kOperators, "A buffer is updated in forward() and the update is lost.",
     "Keep it with --state io, or call model.eval() before the export if it belongs to training."},
    {"FL5002", "BufferMutationExposed", kN, kOperators, "A buffer that forward() updates became an input and an output.",
     "Feed the output back in the next call, or drop the update with --state drop."},
    {"FL5003", "InputMutationExposed", kW, kOperators, "An input is modified in place; its new value is an extra output.",
     "Avoid the in-place form if the new value is not needed."},
    {"FL5004", "InPlaceViewMutation", kE, kOperators, "A write through a view of a tensor cannot be made functional.",
     "Call .clone() before the write."},
    {"FL5007", "ParameterMutated", kW, kOperators, "A parameter is changed in forward().",
     "Make it a buffer, or move the update out of forward()."},
    {"FL5009", "ConstantOutput", kW, kInput, "An output does not depend on any input.",
     "The export captured a constant: look at where the output is computed."},
    {"FL5010", "NoOutput", kE, kOperators, "The program returns no tensor, and a model has to have an output.",
     "Return a tensor from forward(); state that it updates is an output with --state io."},
    // 6xxx: weights, constants, files
    {"FL6001", "LargeEmbeddedConstant", kW, kOutput, "A large constant is stored inside the model file.",
     "Store weights beside the model with --weights external."},
    {"FL6002", "DuplicatedWeights", kW, kOutput, "The same bytes are stored twice.",
     "Share one parameter in the model, so that the archive holds it once."},
    {"FL6003", "TiedWeightsSplit", kW, kOutput, "Parameters that are tied in PyTorch are stored separately.",
     "Leave the transposition in the graph instead of folding it."},
    {"FL6005", "ExpandedStorage", kW, kOutput, "An expanded tensor is stored in full.",
     "Expand it in forward() instead of storing the expanded tensor."},
    {"FL6007", "ProtobufLimit", kE, kOutput, "The model would be larger than the 2 GiB a protobuf file can hold.",
     "Store weights beside the model with --weights external."},
    {"FL6008", "ExternalPathUnsafe", kE, kInput, "External data is not inside the folder of the model.",
     "Use a plain file name relative to the model."},
    {"FL6009", "ExternalDataBroken", kE, kInput, "External data is missing, too short or overlaps.",
     "Copy the data files together with the model, or write the model again."},
    {"FL6011", "UnusedInitialiser", kN, kCheck, "An initializer is not used.",
     "Nothing has to be done; it can be removed."},
    {"FL6012", "UnusedInput", kW, kCheck, "A graph input is not used.",
     "Keep it for the sake of the interface, or remove the argument from forward()."},
    {"FL6015", "OutputNotWritable", kE, kOutput, "A file cannot be written.",
     "Check the folder, its permissions and the free space; -o chooses another place."},
    {"FL6016", "WeightsNotReferable", kE, kUsage, "The weights cannot be used where they lie.",
     "Write the model into the folder of the .pt2, or use --weights external."},
    // 7xxx: the ONNX graph
    {"FL7001", "NameCollision", kW, kCheck, "Two values have the same name; one was renamed.", "Give unique names."},
    {"FL7002", "InterfaceNameChanged", kW, kCheck, "An input or output is not called as in the program's signature.",
     "Use the name that is shown."},
    {"FL7004", "CheckerFailed", kE, kCheck, "The model does not pass ONNX's checker.",
     "Report it to the author of the lowering that made the node; nothing was written."},
    {"FL7005", "ShapeInferenceFailed", kW, kCheck, "ONNX's shape inference refuses a node.",
     "Report it to the author of the lowering that made the node."},
    {"FL7006", "IrVersionTooNew", kW, kCheck, "The IR version is newer than the target runtime reads.", "Lower --opset."},
    {"FL7007", "OpsetTooNewForTarget", kW, kCheck, "The opset is newer than the target runtime supports.",
     "Lower --opset."},
    {"FL7012", "PassBrokeInvariant", kE, kOurBug, "A graph is not valid after a pass.",
     "This is a bug of Fairlead: report it with the program. --passes -NAME goes on without the pass."},
    {"FL7014", "PathLeakedInMetadata", kN, kOutput, "The metadata of the model holds a path of this machine.",
     "Remove the metadata before the model is published."},
    // 8xxx: runtimes and verification
    {"FL8001", "OutputMismatch", kE, kNumbers, "An output differs from the reference by more than the tolerance.",
     "Compare with float64 inputs and smaller modules to find the operator; report it if a lowering is at fault."},
    {"FL8003", "NonFiniteIntroduced", kE, kNumbers, "The model gives NaN or infinity where PyTorch does not.",
     "Look for masks and constants that overflow in a small float type."},
    {"FL8004", "OutputTypeMismatch", kE, kNumbers, "An output has another data type than the reference.",
     "Check that the expected values belong to this program."},
    {"FL8005", "OutputShapeMismatch", kE, kNumbers, "An output has another shape than the reference.",
     "Check that the expected values belong to this program and to these inputs."},
    {"FL8006", "RuntimeLoadFailed", kE, kProvider, "The execution provider cannot load or run the model.",
     "Check that the provider supports the opset and the operators of the model."},
    {"FL8007", "RuntimeKernelMissing", kE, kProvider, "The execution provider has no kernel for a node.",
     "Choose another --opset or another provider."},
    {"FL8008", "OtherSizesNotVerified", kN, kNumbers, "A dynamic dimension was verified at one size only.",
     "Verify with expected values of a second size."},
    {"FL8009", "MismatchAtOtherSize", kE, kNumbers, "An output is wrong at another size than the example's.",
     "Look for sizes that were fixed at export: FL4001, FL4003."},
    {"FL8013", "InputsDoNotFit", kE, kInput, "The inputs given are not those the model takes.",
     "Give every input under its name with the type that is shown."},
    {"FL8014", "ProviderUnavailable", kE, kProvider, "The execution provider is not there.",
     "Load its plugin with --plugin FILE, and check that the library it needs is installed."},
    {"FL8015", "OutputMissing", kE, kNumbers, "An expected output is not among the model's.",
     "Check the names in the file of expected values."},
    {"FL8016", "NothingToCompareWith", kW, kNumbers, "Outputs are to be compared, and there are no expected ones.",
     "Give inputs and the outputs that PyTorch computed from them: --expect IO."},
    // 9xxx: about Fairlead and its plugins, not about the model
    {"FL9001", "RuleFailed", kE, kPlugin, "A diagnostic rule of a plugin failed.",
     "Report it to the author of the plugin. The model is not affected, what the rule says of it is incomplete."},
    {"FL9003", "UnknownName", kE, kUsage, "A command, option or rule of this name does not exist.",
     "Look at the spelling: fairlead --help."},
    {"FL9004", "InvalidOption", kE, kUsage, "The value of an option cannot be used.",
     "Look at what the option takes: fairlead help COMMAND."},
    {"FL9005", "PluginLoadFailed", kE, kPlugin, "A file is not a plugin, or cannot be loaded.",
     "Check the path, and that the plugin was built for this machine."},
    {"FL9006", "PluginAbiMismatch", kE, kPlugin, "A plugin was built for another ABI, machine or sanitizer.",
     "Build it again with the SDK of this version of Fairlead."},
    {"FL9007", "PluginIdConflict", kW, kPlugin, "Two plugins have the same id; the first that was found is used.",
     "Remove one of them, or name the one to use with --plugin FILE."},
    {"FL9014", "InternalError", kE, kOurBug, "Fairlead is broken.", "Report it with the program and the command line."},
    {"FL9015", "WrongUsage", kE, kUsage, "The command line is incomplete or contradicts itself.",
     "Look at how the command is used: fairlead help COMMAND."},
    {"FL9016", "Interrupted", kE, kInterrupted, "The run was interrupted.", "Start it again; nothing was left behind."},
    {"FL9017", "PluginNotLocked", kE, kPlugin, "A plugin is not the one that the lock of plugins holds.",
     "Where the change is meant, write the lock anew: fairlead plugin lock."},
};

// Nothing of Fairlead reports these yet. tests/rooms holds the list against the sources.
constexpr std::string_view kReserved[] = {
    "FL2006", "FL2008", "FL2013", "FL2019", "FL3001", "FL3002", "FL3003", "FL3005", "FL3008", "FL3009",
    "FL4001", "FL4002", "FL4003", "FL4004", "FL4005", "FL4008", "FL5009", "FL6001", "FL6002", "FL6003",
    "FL6005", "FL6011", "FL6012", "FL7002", "FL7006", "FL7007", "FL7014", "FL8008", "FL8009",
};

constexpr bool Less(const Rule& a, const Rule& b) { return a.id < b.id; }
static_assert(std::ranges::is_sorted(kRules, Less), "FindRule searches by halves");

}  // namespace

std::span<const Rule> HostRules() { return kRules; }

bool IsReserved(std::string_view id) { return std::ranges::find(kReserved, id) != std::end(kReserved); }

const Rule* FindRule(std::string_view id) {
  const auto found = std::ranges::lower_bound(kRules, id, {}, &Rule::id);
  return found != std::end(kRules) && found->id == id ? &*found : nullptr;
}

}  // namespace fairlead
