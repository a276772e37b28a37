// An execution provider in C++: two classes, and one line that makes a plugin of them.
//
//   class AcmeModel : public EpModel {
//     const std::vector<EpPort>& inputs() const override { … }
//     const std::vector<EpPort>& outputs() const override { … }
//     void Run(const EpCall& call) override {
//       const fl_view x = call.Input(0).value();
//       const fl_view y = call.Output(0, DType::kFloat, {x.dims, x.rank});
//       …
//     }
//   };
//   class AcmeEp : public Ep {
//    public:
//     AcmeEp(const EpCall& call, const fl_ep_config& config);
//     std::string description() const override { return "Acme 2.1"; }
//     std::unique_ptr<EpModel> Load(const EpCall& call, const EpSource& source) override { … }
//   };
//   FL_MANIFEST("com.acme.ep", "1.0.0", FL_KIND_EP)
//   FL_EP_PLUGIN("com.acme.ep", "1.0.0", "Runs models on Acme's card", "acme", AcmeEp, kOptions)
//
// Failing is throwing EpError; whatever else is thrown is reported too, and nothing leaves the plugin.
#pragma once

#include <fairlead/sdk/abi/manifest.h>
#include <fairlead/sdk/abi/p_ep.h>

#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fairlead/sdk/value.hpp>

namespace fairlead {
inline namespace sdk_v1 {

// FL_UNAVAILABLE: what the provider runs on is missing. FL_UNIMPLEMENTED: no kernel. FL_INVALID_ARGUMENT: a bad model,
// input or setting.
class EpError : public std::exception {
 public:
  EpError(fl_status status, std::string message) : status_(status), message_(std::move(message)) {}
  // A function of the host failed, which has noted the reason already.
  explicit EpError(fl_status status) : status_(status) {}

  fl_status status() const { return status_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  fl_status status_;
  std::string message_;
};

struct EpDim {
  int64_t size = -1;   // -1: symbolic, or unknown
  std::string symbol;  // "batch"
};

struct EpPort {
  std::string name;
  DType dtype = DType::kUndefined;
  std::optional<std::vector<EpDim>> dims;  // empty: any rank
  bool has_default = false;                // an input that may be left out
};

struct EpDevice {
  fl_device_kind kind = FL_DEVICE_CPU;
  int32_t index = 0;
  uint64_t memory = 0;  // bytes; 0: the machine's
  std::string name = "CPU";
};

// A model's file, or its bytes, which are valid during Load only.
struct EpSource {
  std::string path;                  // absolute; beside bytes: where external data lies; may be empty then
  std::span<const std::byte> bytes;  // empty: read the file
};

// One call of the host, valid until it returns.
class EpCall {
 public:
  explicit EpCall(const fl_ep_call& call) : call_(call) {}

  // A setting that the plugin declares: the user's, or its default. Empty when it has neither.
  std::string_view Option(std::string_view key) const {
    fl_str value{};
    const fl_status status = call_.core->option(call_.ctx, ToAbi(key), &value);
    if (status != FL_OK) throw EpError(status);
    return FromAbi(value);
  }
  // In Run: the index-th input, or nothing when the user left it to its default.
  std::optional<fl_view> Input(uint64_t index) const {
    fl_view view{};
    view.size = sizeof view;
    const fl_status status = call_.exec->input(call_.ctx, index, &view);
    if (status == FL_NOT_FOUND) return std::nullopt;
    if (status != FL_OK) throw EpError(status);
    return view;
  }
  // In Run: memory for the index-th output; once for each.
  fl_view Output(uint64_t index, DType dtype, std::span<const int64_t> dims) const {
    fl_view view{};
    view.size = sizeof view;
    const fl_status status =
        call_.exec->output(call_.ctx, index, static_cast<int32_t>(dtype), dims.data(), dims.size(), &view);
    if (status != FL_OK) throw EpError(status);
    return view;
  }
  const fl_ep_call& abi() const { return call_; }

 private:
  const fl_ep_call& call_;
};

// A loaded model.
class EpModel {
 public:
  virtual ~EpModel() = default;
  virtual const std::vector<EpPort>& inputs() const = 0;
  virtual const std::vector<EpPort>& outputs() const = 0;
  virtual bool may_run_concurrently() const { return false; }
  virtual void Run(const EpCall& call) = 0;
};

// A provider on one device. A derived class has a constructor (const EpCall&, const fl_ep_config&), and may have a static
// `std::vector<EpDevice> Devices(const EpCall&)`; without it there is one device, the CPU.
class Ep {
 public:
  virtual ~Ep() = default;
  virtual std::string description() const = 0;  // "onnxruntime 1.31.1 CPU"
  virtual std::unique_ptr<EpModel> Load(const EpCall& call, const EpSource& source) = 0;
};

// ---------------------------------------------------------------------------------------------------------------------
// The C table of a provider class.

namespace ep_detail {

inline fl_status Fail(const fl_ep_call* call, fl_status status, std::string_view message) {
  return message.empty() ? status : call->core->fail(call->ctx, status, ToAbi(message));
}

// Runs `body`, and turns what it throws into a status and a message.
template <class Body> fl_status Guarded(const fl_ep_call* call, Body body) noexcept {
  try {
    body(EpCall(*call));
    return FL_OK;
  } catch (const EpError& error) {
    return Fail(call, error.status(), error.what());
  } catch (const std::bad_alloc&) {
    return Fail(call, FL_RESOURCE_EXHAUSTED, "out of memory");
  } catch (const std::exception& error) {
    return Fail(call, FL_INTERNAL, error.what());
  } catch (...) {
    return Fail(call, FL_INTERNAL, "an exception that is no std::exception");
  }
}

// What an fl_ep* is: the provider, and the text that describe gives out.
struct OpenEp {
  std::unique_ptr<Ep> ep;
  std::string description;
};

// What an fl_ep_model* is. The ports' sizes in the C form have its lifetime.
struct OpenModel {
  explicit OpenModel(std::unique_ptr<EpModel> loaded) : model(std::move(loaded)) {
    for (const EpPort& port : model->inputs()) input_dims.push_back(DimsOf(port));
    for (const EpPort& port : model->outputs()) output_dims.push_back(DimsOf(port));
  }
  static std::vector<fl_port_dim> DimsOf(const EpPort& port) {
    std::vector<fl_port_dim> dims;
    if (!port.dims) return dims;
    for (const EpDim& dim : *port.dims) dims.push_back({dim.size, dim.symbol.empty() ? fl_str{} : ToAbi(dim.symbol)});
    return dims;
  }

  std::unique_ptr<EpModel> model;
  std::vector<std::vector<fl_port_dim>> input_dims, output_dims;
};

inline fl_str CopyOf(const EpCall& call, std::string_view text) {
  void* memory = nullptr;
  const fl_status status = call.abi().core->allocate(call.abi().ctx, text.size() + 1, 1, &memory);
  if (status != FL_OK) throw EpError(status);
  text.copy(static_cast<char*>(memory), text.size());
  return {static_cast<char*>(memory), text.size()};
}

// Fills a struct of the host, which says in `size` how much of it there is.
template <class T> void Fill(T* out, T value) {
  const uint32_t size = out->size;
  value.size = size;
  std::memcpy(out, &value, size < sizeof value ? size : sizeof value);
}

template <class E> std::vector<EpDevice> DevicesOf(const EpCall& call) {
  if constexpr (requires { E::Devices(call); }) return E::Devices(call);
  return {EpDevice{}};
}

inline EpSource SourceOf(const fl_ep_source& source) {
  const auto* bytes = static_cast<const std::byte*>(source.bytes);
  if (source.path.data == nullptr && bytes == nullptr) throw EpError(FL_INVALID_ARGUMENT, "a model needs a path or bytes");
  return {std::string(FromAbi(source.path)), {bytes, bytes == nullptr ? 0 : static_cast<std::size_t>(source.nbytes)}};
}

inline fl_port PortOf(const EpPort& port, const std::vector<fl_port_dim>& dims) {
  return {sizeof(fl_port),
          static_cast<int32_t>(port.dtype),
          ToAbi(port.name),
          dims.data(),
          port.dims ? static_cast<int64_t>(dims.size()) : -1,
          port.has_default,
          0};
}

template <class E> struct Thunks {
  static fl_status Device(const fl_ep_call* abi, uint64_t index, fl_device* out) noexcept {
    return Guarded(abi, [&](const EpCall& call) {
      const std::vector<EpDevice> devices = DevicesOf<E>(call);
      if (index >= devices.size()) throw EpError(FL_NOT_FOUND);
      const EpDevice& device = devices[index];
      Fill(out, {sizeof(fl_device), device.kind, device.index, 0, device.memory, CopyOf(call, device.name)});
    });
  }
  static fl_status Create(const fl_ep_call* abi, const fl_ep_config* config, fl_ep** out) noexcept {
    return Guarded(abi, [&](const EpCall& call) {
      auto ep = std::make_unique<E>(call, *config);
      std::string description = ep->description();
      *out = reinterpret_cast<fl_ep*>(new OpenEp{std::move(ep), std::move(description)});
    });
  }
  static void Destroy(fl_ep* ep) noexcept { delete reinterpret_cast<OpenEp*>(ep); }
  static fl_status Describe(const fl_ep_call*, fl_ep* ep, fl_str* out) noexcept {
    *out = ToAbi(reinterpret_cast<OpenEp*>(ep)->description);
    return FL_OK;
  }
  static fl_status Load(const fl_ep_call* abi, fl_ep* ep, const fl_ep_source* source, fl_ep_model** out) noexcept {
    return Guarded(abi, [&](const EpCall& call) {
      auto model = std::make_unique<OpenModel>(reinterpret_cast<OpenEp*>(ep)->ep->Load(call, SourceOf(*source)));
      *out = reinterpret_cast<fl_ep_model*>(model.release());
    });
  }
  static void Unload(fl_ep_model* model) noexcept { delete reinterpret_cast<OpenModel*>(model); }
  static fl_status Info(const fl_ep_call*, fl_ep_model* model, fl_ep_info* out) noexcept {
    const EpModel& loaded = *reinterpret_cast<OpenModel*>(model)->model;
    Fill(out, {sizeof(fl_ep_info), loaded.may_run_concurrently(), loaded.inputs().size(), loaded.outputs().size()});
    return FL_OK;
  }
  static fl_status Port(const fl_ep_call*, fl_ep_model* model, fl_port_direction direction, uint64_t index,
                        fl_port* out) noexcept {
    const OpenModel& open = *reinterpret_cast<OpenModel*>(model);
    const bool input = direction == FL_PORT_INPUT;
    const std::vector<EpPort>& ports = input ? open.model->inputs() : open.model->outputs();
    if (index >= ports.size()) return FL_NOT_FOUND;
    Fill(out, PortOf(ports[index], (input ? open.input_dims : open.output_dims)[index]));
    return FL_OK;
  }
  static fl_status Run(const fl_ep_call* abi, fl_ep_model* model) noexcept {
    return Guarded(abi, [&](const EpCall& call) { reinterpret_cast<OpenModel*>(model)->model->Run(call); });
  }
};

}  // namespace ep_detail

// The fl.p.ep/1 table of class E under the name the user gives; constant data, so that nothing runs when the plugin loads.
template <class E> constexpr fl_p_ep EpTable(std::string_view name) {
  using T = ep_detail::Thunks<E>;
  return {sizeof(fl_p_ep), 0,       ToAbi(name), T::Device, T::Create, T::Destroy,
          T::Describe,     T::Load, T::Unload,   T::Info,   T::Port,   T::Run};
}

}  // namespace sdk_v1
}  // namespace fairlead

// The entry of a plugin that is one provider. `options` is an array of fl_option_desc with static storage.
#define FL_EP_PLUGIN(plugin_id, plugin_version, plugin_description, ep_name, EpClass, options) \
  namespace {                                                                                  \
  constexpr fl_p_ep kFairleadEpTable = ::fairlead::EpTable<EpClass>(ep_name);                  \
  const void* FairleadEpTables(void*, fl_str id) noexcept {                                    \
    return ::fairlead::FromAbi(id) == FL_P_EP_ID ? &kFairleadEpTable : nullptr;                \
  }                                                                                            \
  }                                                                                            \
  extern "C" FL_EXPORT const fl_plugin* fl_plugin_entry_v1(const fl_host*) noexcept {          \
    static constexpr fl_plugin kPlugin = {sizeof(fl_plugin),                                   \
                                          FL_ABI_MAJOR,                                        \
                                          FL_ABI_MINOR,                                        \
                                          FL_ABI_FLOOR,                                        \
                                          0,                                                   \
                                          static_cast<uint32_t>(std::size(options)),           \
                                          sizeof(fl_option_desc),                              \
                                          0,                                                   \
                                          FL_STR(plugin_id),                                   \
                                          FL_STR(plugin_version),                              \
                                          FL_STR(plugin_description),                          \
                                          options,                                             \
                                          nullptr,                                             \
                                          nullptr,                                             \
                                          FairleadEpTables};                                   \
    return &kPlugin;                                                                           \
  }
