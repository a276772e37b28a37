// One model loaded by ONNX Runtime: its ports, and running it.
#pragma once

#include <fairlead/sdk/ep.hpp>
#include <memory>
#include <vector>

#include "provider.hpp"

namespace fairlead::ep_ort {

class OrtModel : public EpModel {
 public:
  // FL_UNIMPLEMENTED for ports that are no tensors of numbers (sequences, strings).
  OrtModel(std::shared_ptr<const Environment> environment, Owned<OrtSession> session);

  // The model's inputs, then the initializers that an input of the same name may replace.
  const std::vector<EpPort>& inputs() const override { return inputs_; }
  const std::vector<EpPort>& outputs() const override { return outputs_; }
  bool may_run_concurrently() const override { return true; }
  void Run(const EpCall& call) override;

 private:
  const OrtApi& api() const { return *environment_->library.api; }
  void GiveOutput(const EpCall& call, std::size_t index, const OrtValue* value) const;

  std::shared_ptr<const Environment> environment_;
  Owned<OrtSession> session_;
  Owned<OrtMemoryInfo> memory_;
  std::vector<EpPort> inputs_, outputs_;
  std::vector<const char*> output_names_;  // of outputs_
};

}  // namespace fairlead::ep_ort
