#include "runtime/ep_session.hpp"

#include <algorithm>
#include <set>

#include "runtime/run_context.hpp"

namespace fairlead {
namespace {

constexpr uint64_t kMaxPorts = 65'536;
constexpr int64_t kMaxRank = 64;

Result<Dims> ReadDims(const PluginMemory& memory, const fl_port& row, std::string_view name) {
  if (row.rank == 0) return Dims();
  if (row.rank > kMaxRank || !memory.IsReadable(row.dims, static_cast<uint64_t>(row.rank) * sizeof(fl_port_dim)))
    return Error("FL8006", "{} has unreadable dims, rank {}", name, row.rank);
  Dims dims;
  for (const fl_port_dim& dim : std::span(row.dims, static_cast<std::size_t>(row.rank))) {
    FL_ASSIGN_OR_RETURN(std::string symbol, memory.OptionalText(dim.symbol, kMaxEpText, "a dimension"));
    if (dim.size >= 0) {
      dims.emplace_back(dim.size);
    } else {
      dims.push_back(symbol.empty() ? Dim() : Dim(std::move(symbol)));
    }
  }
  return dims;
}

bool Fits(const Type& port, const Tensor& tensor) {
  if (port.dtype != tensor.dtype()) return false;
  if (!port.dims) return true;
  if (port.dims->size() != tensor.dims().size()) return false;
  for (std::size_t axis = 0; axis < port.dims->size(); ++axis)
    if ((*port.dims)[axis].IsStatic() && (*port.dims)[axis].size() != tensor.dims()[axis]) return false;
  return true;
}

}  // namespace

fl_ep_call EpCallOf(CallContext& context) {
  return {sizeof(fl_ep_call), 0, context.handle(), CallContext::Host(), CallContext::CoreTable(), ExecTable()};
}

Status EpFailed(std::string_view rule, std::string_view subject, const CallContext& context, fl_status status) {
  const std::string& message = context.message();
  return Error(rule, "{}: {}", subject, message.empty() ? StatusName(status) : message);
}

std::string_view EpRule(fl_status status) { return status == FL_UNIMPLEMENTED ? "FL8007" : "FL8006"; }

Result<EpSession::PortRow> EpSession::ReadPort(fl_port_direction direction, uint64_t index) const {
  const PluginMemory& memory = ep_->plugin->memory();
  CallContext context(ep_->plugin, ep_->diagnostics);
  const fl_ep_call call = EpCallOf(context);
  fl_port row{};
  row.size = sizeof row;
  const fl_status status = Guarded(context, [&] { return ep_->table.port(&call, model_, direction, index, &row); });
  if (status != FL_OK) return EpFailed("FL8006", fmt::format("{}: port {}", ep_->name, index), context, status);
  FL_ASSIGN_OR_RETURN(std::string name, memory.Text(row.name, kMaxEpText, "the name of a port"));
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
  const fl_ep_call call = EpCallOf(context);
  fl_ep_info info{};
  info.size = sizeof info;
  const fl_status status = Guarded(context, [&] { return ep_->table.info(&call, model_, &info); });
  if (status != FL_OK) return EpFailed("FL8006", ep_->name, context, status);
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
  const fl_ep_call call = EpCallOf(context);
  std::unique_lock lock(running_, std::defer_lock);
  if (!may_run_concurrently_) lock.lock();
  const fl_status status = Guarded(context, [&] { return ep_->table.run(&call, model_); });
  if (status != FL_OK) return EpFailed(EpRule(status), ep_->description, context, status);
  NamedTensors results;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const std::optional<Tensor>& output = context.outputs()[i];
    if (!output) return Error("FL8006", "{} gave no value for output {}", ep_->description, outputs_[i].name);
    results.tensors.emplace_back(outputs_[i].name, *output);
  }
  return results;
}

}  // namespace fairlead
