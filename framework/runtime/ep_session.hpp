// A model that a plugin's provider has loaded, seen as a Session.
#pragma once

#include <fairlead/sdk/abi/p_ep.h>

#include <mutex>

#include "plugin/context.hpp"
#include "runtime/runtime.hpp"

namespace fairlead {

inline constexpr uint64_t kMaxEpText = 4'096;  // bytes of a port's name, a symbol, a description

// A created provider; sessions keep it alive.
struct OpenEp {
  OpenEp(PluginPtr plugin, const fl_p_ep& table, Diagnostics& diagnostics)
      : plugin(std::move(plugin)), table(table), diagnostics(diagnostics) {}
  ~OpenEp() {
    if (ep != nullptr) ReportThrown(Thrown([&] { table.destroy(ep); }), "destroy");
  }
  OpenEp(const OpenEp&) = delete;
  OpenEp& operator=(const OpenEp&) = delete;

  void ReportThrown(const std::optional<std::string>& thrown, std::string_view function) const {
    if (thrown) diagnostics.Report({.rule = "FL8006", .message = fmt::format("{}: {} threw {}", name, function, *thrown)});
  }

  const PluginPtr plugin;
  const fl_p_ep table;
  Diagnostics& diagnostics;
  std::string name, description;
  fl_ep* ep = nullptr;
};

// What a call into the provider gets.
fl_ep_call EpCallOf(CallContext& context);
// Why a call into the provider failed, under `rule`.
Status EpFailed(std::string_view rule, std::string_view subject, const CallContext& context, fl_status status);
// The rule of a model that is not loaded or run.
std::string_view EpRule(fl_status status);

class EpSession : public Session {
 public:
  EpSession(std::shared_ptr<const OpenEp> ep, fl_ep_model* model) : ep_(std::move(ep)), model_(model) {}
  ~EpSession() override {
    ep_->ReportThrown(Thrown([&] { ep_->table.unload(model_); }), "unload");
  }

  // Asks the provider what it loaded.
  Status ReadPorts();

  const std::vector<Port>& inputs() const override { return inputs_; }
  const std::vector<Port>& outputs() const override { return outputs_; }
  Result<NamedTensors> Run(const NamedTensors& inputs) override;

 private:
  struct PortRow {
    Port port;
    bool has_default = false;
  };
  Result<PortRow> ReadPort(fl_port_direction direction, uint64_t index) const;
  Result<std::vector<std::optional<Tensor>>> Bind(const NamedTensors& given) const;
  std::string InputNames() const;

  std::shared_ptr<const OpenEp> ep_;
  fl_ep_model* model_;
  std::vector<Port> inputs_, outputs_;
  std::vector<bool> has_default_;  // of inputs_
  bool may_run_concurrently_ = false;
  std::mutex running_;
};

}  // namespace fairlead
