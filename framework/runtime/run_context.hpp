// fl.exec/1 on the host's side: what one run of a model takes and gives.
#pragma once

#include <fairlead/sdk/abi/exec.h>

#include <optional>
#include <vector>

#include "plugin/context.hpp"
#include "runtime/runtime.hpp"

namespace fairlead {

// One call of fl_p_ep.run. Inputs are dense and aligned to their element; one left out is empty.
class RunContext : public CallContext {
 public:
  RunContext(PluginPtr plugin, Diagnostics& diagnostics, std::vector<std::optional<Tensor>> inputs,
             const std::vector<Port>& output_ports)
      : CallContext(std::move(plugin), diagnostics),
        inputs_(std::move(inputs)),
        output_ports_(output_ports),
        outputs_(output_ports.size()) {}

  // fl_exec's functions.
  fl_status Input(uint64_t index, fl_view* out);
  fl_status Output(uint64_t index, int32_t dtype, const int64_t* dims, uint64_t rank, fl_view* out);

  // In the order of the ports; empty where the provider gave nothing.
  const std::vector<std::optional<Tensor>>& outputs() const { return outputs_; }

 private:
  std::vector<std::optional<Tensor>> inputs_;
  const std::vector<Port>& output_ports_;
  std::vector<std::optional<Tensor>> outputs_;
};

// `tensor` itself where its bytes are dense and aligned to the element, else a copy that is.
Tensor AlignedDense(const Tensor& tensor);

}  // namespace fairlead
