#include <fairlead/sdk/abi/p_ep.h>

#include <algorithm>
#include <mutex>
#include <set>

#include "runtime/run_context.hpp"
#include "runtime/runtime.hpp"

namespace fairlead {
namespace {

constexpr uint64_t kMaxPorts = 65'536;
constexpr uint64_t kMaxName = 4'096;
constexpr int64_t kMaxRank = 64;

fl_ep_call CallOf(CallContext& context) {
  return {sizeof(fl_ep_call), 0, context.handle(), CallContext::Host(), CallContext::CoreTable(), ExecTable()};
}

// Why a call into the provider failed, under `rule`.
Status Failed(std::string_view rule, std::string_view subject, const CallContext& context, fl_status status) {
  const std::string& message = context.message();
  return Error(rule, "{}: {}", subject, message.empty() ? StatusName(status) : message);
}

std::string_view LoadRule(fl_status status) { return status == FL_UNIMPLEMENTED ? "FL8007" : "FL8006"; }

Status CheckTable(const fl_p_ep& table, const Plugin& plugin) {
  if (auto name = plugin.memory().Text(table.name, 64, "the provider's name"); !name.ok()) return std::move(name).status();
  const auto is_code = [&](auto* function) { return plugin.memory().IsCode(function); };
  const bool complete = is_code(table.device) && is_code(table.create) && is_code(table.destroy) &&
                        is_code(table.describe) && is_code(table.load) && is_code(table.unload) && is_code(table.info) &&
                        is_code(table.port) && is_code(table.run);
  return complete ? Ok() : Error("FL9005", "{}: table {} lacks a function", plugin.id(), FL_P_EP_ID);
}

// A created provider. Sessions keep it alive.
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

struct PortRow {
  Port port;
  bool has_default = false;
};

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

Result<Dims> ReadDims(const PluginMemory& memory, const fl_port& row, std::string_view name) {
  if (row.rank == 0) return Dims();
  if (row.rank > kMaxRank || !memory.IsReadable(row.dims, static_cast<uint64_t>(row.rank) * sizeof(fl_port_dim)))
    return Error("FL8006", "{} has unreadable dims, rank {}", name, row.rank);
  Dims dims;
  for (const fl_port_dim& dim : std::span(row.dims, static_cast<std::size_t>(row.rank))) {
    FL_ASSIGN_OR_RETURN(std::string symbol, memory.OptionalText(dim.symbol, kMaxName, "a dimension"));
    if (dim.size >= 0) {
      dims.emplace_back(dim.size);
    } else {
      dims.push_back(symbol.empty() ? Dim() : Dim(std::move(symbol)));
    }
  }
  return dims;
}

Result<PortRow> EpSession::ReadPort(fl_port_direction direction, uint64_t index) const {
  const PluginMemory& memory = ep_->plugin->memory();
  CallContext context(ep_->plugin, ep_->diagnostics);
  const fl_ep_call call = CallOf(context);
  fl_port row{};
  row.size = sizeof row;
  const fl_status status = Guarded(context, [&] { return ep_->table.port(&call, model_, direction, index, &row); });
  if (status != FL_OK) return Failed("FL8006", fmt::format("{}: port {}", ep_->name, index), context, status);
  FL_ASSIGN_OR_RETURN(std::string name, memory.Text(row.name, kMaxName, "the name of a port"));
  const auto dtype = static_cast<DType>(row.dtype);
  if (BitWidth(dtype) == 0) return Error("FL8006", "{}: {} has data type {}, expected numbers", ep_->name, name, row.dtype);
  Type type(dtype, std::nullopt);
  if (row.rank >= 0) {
    FL_ASSIGN_OR_RETURN(type.dims, ReadDims(memory, row, name));
  }
  return PortRow{{std::move(name), std::move(type)}, row.has_default != 0};
}

Status EpSession::ReadPorts() {
  CallContext context(ep_->plugin, ep_->diagnostics);
  const fl_ep_call call = CallOf(context);
  fl_ep_info info{};
  info.size = sizeof info;
  const fl_status status = Guarded(context, [&] { return ep_->table.info(&call, model_, &info); });
  if (status != FL_OK) return Failed("FL8006", ep_->name, context, status);
  if (info.n_inputs > kMaxPorts || info.n_outputs > kMaxPorts)
    return Error("FL8006", "{}: the model has {} inputs and {} outputs, at most {} are read", ep_->name, info.n_inputs,
                 info.n_outputs, kMaxPorts);
  may_run_concurrently_ = info.may_run_concurrently != 0;
  std::set<std::string> names;
  for (uint64_t i = 0; i < info.n_inputs; ++i) {
    FL_ASSIGN_OR_RETURN(PortRow row, ReadPort(FL_PORT_INPUT, i));
    if (!names.insert(row.port.name).second)
      return Error("FL8006", "{}: two inputs are named {}", ep_->name, row.port.name);
    has_default_.push_back(row.has_default);
    inputs_.push_back(std::move(row.port));
  }
  for (uint64_t i = 0; i < info.n_outputs; ++i) {
    FL_ASSIGN_OR_RETURN(PortRow row, ReadPort(FL_PORT_OUTPUT, i));
    outputs_.push_back(std::move(row.port));
  }
  return Ok();
}

bool Fits(const Type& port, const Tensor& tensor) {
  if (port.dtype != tensor.dtype()) return false;
  if (!port.dims) return true;
  if (port.dims->size() != tensor.dims().size()) return false;
  for (std::size_t axis = 0; axis < port.dims->size(); ++axis)
    if ((*port.dims)[axis].IsStatic() && (*port.dims)[axis].size() != tensor.dims()[axis]) return false;
  return true;
}

std::string EpSession::InputNames() const {
  std::string names;
  for (const Port& port : inputs_) names += (names.empty() ? "" : ", ") + port.name;
  return names.empty() ? "none" : names;
}

Result<std::vector<std::optional<Tensor>>> EpSession::Bind(const NamedTensors& given) const {
  for (const auto& [name, tensor] : given.tensors) {
    const bool known = std::any_of(inputs_.begin(), inputs_.end(), [&](const Port& port) { return port.name == name; });
    if (!known) return Error("FL8013", "{} is no input of the model; those are: {}", name, InputNames());
  }
  std::vector<std::optional<Tensor>> bound(inputs_.size());
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const Port& port = inputs_[i];
    const Tensor* tensor = given.Find(port.name);
    if (tensor == nullptr && has_default_[i]) continue;
    if (tensor == nullptr) return Error("FL8013", "input {} {} is missing", port.name, ToString(port.type));
    if (tensor->IsAbsent()) return Error("FL8013", "input {} has a type but no data", port.name);
    if (!Fits(port.type, *tensor))
      return Error("FL8013", "input {} is {}, the model takes {}", port.name, ToString(tensor->type()),
                   ToString(port.type));
    bound[i] = AlignedDense(*tensor);
  }
  return bound;
}

Result<NamedTensors> EpSession::Run(const NamedTensors& inputs) {
  FL_ASSIGN_OR_RETURN(std::vector<std::optional<Tensor>> bound, Bind(inputs));
  RunContext context(ep_->plugin, ep_->diagnostics, std::move(bound), outputs_);
  const fl_ep_call call = CallOf(context);
  std::unique_lock lock(running_, std::defer_lock);
  if (!may_run_concurrently_) lock.lock();
  const fl_status status = Guarded(context, [&] { return ep_->table.run(&call, model_); });
  if (status != FL_OK) return Failed(LoadRule(status), ep_->description, context, status);
  NamedTensors results;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const std::optional<Tensor>& output = context.outputs()[i];
    if (!output) return Error("FL8006", "{} gave no value for output {}", ep_->description, outputs_[i].name);
    results.tensors.emplace_back(outputs_[i].name, *output);
  }
  return results;
}

class EpProvider : public ExecutionProvider {
 public:
  explicit EpProvider(std::shared_ptr<const OpenEp> ep) : ep_(std::move(ep)) {}

  std::string id() const override { return ep_->name; }
  std::string description() const override { return ep_->description; }
  Result<std::unique_ptr<Session>> Load(const std::filesystem::path& model) override;

 private:
  std::shared_ptr<const OpenEp> ep_;
};

Result<std::unique_ptr<Session>> EpProvider::Load(const std::filesystem::path& model) {
  CallContext context(ep_->plugin, ep_->diagnostics);
  const fl_ep_call call = CallOf(context);
  std::error_code no_current_folder;
  const std::string path = std::filesystem::absolute(model, no_current_folder).string();
  if (no_current_folder) return Error("FL8006", "{}: {}", model, no_current_folder.message());
  const fl_ep_source source{sizeof(fl_ep_source), 0, {path.data(), path.size()}, nullptr, 0};
  fl_ep_model* loaded = nullptr;
  const fl_status status = Guarded(context, [&] { return ep_->table.load(&call, ep_->ep, &source, &loaded); });
  if (status != FL_OK) return Failed(LoadRule(status), ep_->description, context, status);
  if (loaded == nullptr) return Error("FL8006", "{} loaded {} and gave no model", ep_->description, model);
  auto session = std::make_unique<EpSession>(ep_, loaded);
  FL_RETURN_IF_ERROR(session->ReadPorts());
  return std::unique_ptr<Session>(std::move(session));
}

// The provider's first device.
Result<fl_ep_config> FirstDevice(const OpenEp& ep) {
  CallContext context(ep.plugin, ep.diagnostics);
  const fl_ep_call call = CallOf(context);
  fl_device device{};
  device.size = sizeof device;
  const fl_status status = Guarded(context, [&] { return ep.table.device(&call, 0, &device); });
  if (status == FL_NOT_FOUND) return Error("FL8014", "{}: this machine has no device for it", ep.name);
  if (status != FL_OK) return Failed("FL8014", ep.name, context, status);
  return fl_ep_config{sizeof(fl_ep_config), device.kind, device.index, 0};
}

Status Create(OpenEp& ep) {
  FL_ASSIGN_OR_RETURN(const fl_ep_config config, FirstDevice(ep));
  CallContext context(ep.plugin, ep.diagnostics);
  const fl_ep_call call = CallOf(context);
  const fl_status created = Guarded(context, [&] { return ep.table.create(&call, &config, &ep.ep); });
  if (created != FL_OK) ep.ep = nullptr;
  if (created == FL_INVALID_ARGUMENT) return Failed("FL9004", ep.plugin->id(), context, created);
  if (created != FL_OK) return Failed("FL8014", ep.name, context, created);
  if (ep.ep == nullptr) return Error("FL8014", "{}: the plugin created no provider", ep.name);
  fl_str text{};
  const fl_status described = Guarded(context, [&] { return ep.table.describe(&call, ep.ep, &text); });
  if (described != FL_OK) return Failed("FL8006", ep.name, context, described);
  FL_ASSIGN_OR_RETURN(ep.description, ep.plugin->memory().Text(text, kMaxName, "the provider's description"));
  return Ok();
}

// The provider's table of a plugin that has one; what is wrong with a table is a warning, as it may be of a plugin that
// nobody asked for.
std::optional<fl_p_ep> ReadTable(const Plugin& plugin, Diagnostics& diagnostics) {
  auto table = plugin.Read<fl_p_ep>(FL_P_EP_ID);
  Status status = table.ok() ? Ok() : table.status();
  if (status.ok() && *table) status = CheckTable(**table, plugin);
  if (status.ok()) return *table;
  diagnostics.Report(
      {.rule = status.error().rule, .message = status.error().message, .level = Level::kWarning, .plugin = plugin.id()});
  return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<ExecutionProvider>> OpenProvider(const std::string& name, const std::vector<PluginPtr>& plugins,
                                                        Diagnostics& diagnostics) {
  std::set<std::string> names;
  for (const PluginPtr& plugin : plugins) {
    if ((plugin->manifest().kinds & FL_KIND_EP) == 0) continue;
    const std::optional<fl_p_ep> table = ReadTable(*plugin, diagnostics);
    if (!table) continue;
    const std::string offered(table->name.data, table->name.size);
    names.insert(offered);
    if (offered != name) continue;
    auto ep = std::make_shared<OpenEp>(plugin, *table, diagnostics);
    ep->name = name;
    FL_RETURN_IF_ERROR(Create(*ep));
    return std::unique_ptr<ExecutionProvider>(std::make_unique<EpProvider>(std::move(ep)));
  }
  return Error("FL8014", "no plugin has an execution provider named {}; there are: {}", name,
               names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", ")));
}

}  // namespace fairlead
