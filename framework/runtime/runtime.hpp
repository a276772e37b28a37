// Running an ONNX file on an execution provider, and comparing what it gives.
#pragma once

#include <fairlead/sdk/abi/exec.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "archive/tensors_file.hpp"
#include "diagnostics/diagnostics.hpp"
#include "plugin/plugin.hpp"

namespace fairlead {

struct Port {
  std::string name;
  Type type;
};

// A model loaded by a provider. Run may be called again with other sizes.
class Session {
 public:
  virtual ~Session() = default;
  virtual const std::vector<Port>& inputs() const = 0;
  virtual const std::vector<Port>& outputs() const = 0;
  // Inputs by name; those with a default (initializer of the same name) may be left out. FL8006 with the provider's text,
  // FL8007 where it has no kernel; FL8013 when inputs are missing, unknown, or of another dtype, rank or fixed size.
  // Outputs come in the order of the ports. Any thread.
  virtual Result<NamedTensors> Run(const NamedTensors& inputs) = 0;
};

class ExecutionProvider {
 public:
  virtual ~ExecutionProvider() = default;
  virtual std::string id() const = 0;           // "ort"
  virtual std::string description() const = 0;  // "onnxruntime 1.31.1 CPU"
  // The session may outlive the provider. FL8006, FL8007 where a kernel is missing.
  virtual Result<std::unique_ptr<Session>> Load(const std::filesystem::path& model) = 0;
};

// From the plugins' fl.p.ep/1 tables, by the name the user gives (--ep ort), on its first device. FL8014 when nobody has
// it, or when the provider says it is unavailable (library not found), with its reason; FL9004 when a setting of it is
// wrong. `diagnostics` outlives the provider and its sessions.
Result<std::unique_ptr<ExecutionProvider>> OpenProvider(const std::string& name, const std::vector<PluginPtr>& plugins,
                                                        Diagnostics& diagnostics);

// fl.exec/1, what HostTables.exec is; static storage.
const fl_exec* ExecTable();

struct Tolerance {
  double rtol, atol;  // |got - expected| <= rtol |expected| + atol max|expected|, per output
};
// rtol 1e-3, atol 1e-4; float16 1e-2, 5e-3; bfloat16 5e-2, 3e-2; float8 one step; integers, bool and the rest exact (both
// 0). Complex numbers are compared part by part.
Tolerance DefaultTolerance(DType type);

struct Comparison {
  std::string output;
  bool equal = false;
  double max_abs = 0, max_rel = 0;
  Tolerance tolerance{};
  std::string rule;    // "FL8001" numbers, "FL8003" NaN or infinity, "FL8004" dtype, "FL8005" shape, "FL8015" missing
  std::string reason;  // empty when equal
};
// Dtype and shape exact; NaN and infinities in the same places.
Comparison Compare(const std::string& output, const Tensor& got, const Tensor& expected);

// Expected values of one model, matched to its names (design/decisions.md, --expect).
struct ExpectedIo {
  NamedTensors inputs, outputs;
  std::vector<std::string> missing;  // keys that want an output or new state the model does not have, or name nothing
  std::vector<std::string> unused;   // inputs the model does not take, outputs that are no tensors, state that was dropped
};
// Keys: ONNX names, or in.K / out.K / mut.FQN / inmut.K counted in pytree leaves, optionally under `set` + ".". The model's
// metadata ("fairlead.inputs", "fairlead.outputs": JSON lists of names or null per leaf; "fairlead.dropped_state": what has
// no new state) maps K to names.
Result<ExpectedIo> MatchExpected(const NamedTensors& file, const std::string& set, const std::vector<Port>& inputs,
                                 const std::vector<Port>& outputs,
                                 const std::map<std::string, std::string>& model_metadata);

}  // namespace fairlead
