// ONNX Runtime's CPU provider as a Fairlead execution provider.
#pragma once

#include <fairlead/sdk/ep.hpp>
#include <memory>
#include <string>

#include "library.hpp"

namespace fairlead::ep_ort {

// What every session made by one provider shares; it outlives them.
struct Environment {
  Library library;
  Owned<OrtEnv> env;
  Owned<OrtSessionOptions> options;
};

class OrtEp : public Ep {
 public:
  OrtEp(const EpCall& call, const fl_ep_config& config);  // FL_UNAVAILABLE: no library; FL_INVALID_ARGUMENT: a setting
  std::string description() const override { return "onnxruntime " + environment_->library.version + " CPU"; }
  std::unique_ptr<EpModel> Load(const EpCall& call, const EpSource& source) override;

 private:
  Owned<OrtSession> OpenFile(const std::string& path) const;
  Owned<OrtSession> OpenBytes(const EpSource& source) const;

  std::shared_ptr<const Environment> environment_;
};

}  // namespace fairlead::ep_ort
