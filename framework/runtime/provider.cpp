#include <set>

#include "runtime/ep_session.hpp"
#include "runtime/runtime.hpp"

namespace fairlead {
namespace {

// The plugin is there: what it needs is not.
constexpr std::string_view kLibrary =
    "Check that the library that the provider needs is installed, and where it is looked for.";

Status CheckTable(const fl_p_ep& table, const Plugin& plugin) {
  if (auto name = plugin.memory().Text(table.name, 64, "the provider's name"); !name.ok()) return std::move(name).status();
  const auto is_code = [&](auto* function) { return plugin.memory().IsCode(function); };
  const bool complete = is_code(table.device) && is_code(table.create) && is_code(table.destroy) &&
                        is_code(table.describe) && is_code(table.load) && is_code(table.unload) && is_code(table.info) &&
                        is_code(table.port) && is_code(table.run);
  return complete ? Ok() : Error("FL9005", "{}: table {} lacks a function", plugin.id(), FL_P_EP_ID);
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
  const fl_ep_call call = EpCallOf(context);
  std::error_code no_current_folder;
  const std::string path = std::filesystem::absolute(model, no_current_folder).string();
  if (no_current_folder) return Error("FL8006", "{}: {}", model, no_current_folder.message());
  const fl_ep_source source{sizeof(fl_ep_source), 0, {path.data(), path.size()}, nullptr, 0};
  fl_ep_model* loaded = nullptr;
  const fl_status status = Guarded(context, [&] { return ep_->table.load(&call, ep_->ep, &source, &loaded); });
  if (status != FL_OK) return EpFailed(EpRule(status), ep_->description, context, status);
  if (loaded == nullptr) return Error("FL8006", "{} loaded {} and gave no model", ep_->description, model);
  auto session = std::make_unique<EpSession>(ep_, loaded);
  FL_RETURN_IF_ERROR(session->ReadPorts());
  return std::unique_ptr<Session>(std::move(session));
}

// The provider's first device.
Result<fl_ep_config> FirstDevice(const OpenEp& ep) {
  CallContext context(ep.plugin, ep.diagnostics);
  const fl_ep_call call = EpCallOf(context);
  fl_device device{};
  device.size = sizeof device;
  const fl_status status = Guarded(context, [&] { return ep.table.device(&call, 0, &device); });
  if (status == FL_NOT_FOUND) return Error("FL8014", "{}: this machine has no device for it", ep.name);
  if (status != FL_OK) return EpFailed("FL8014", ep.name, context, status);
  return fl_ep_config{sizeof(fl_ep_config), device.kind, device.index, 0};
}

Status Create(OpenEp& ep) {
  FL_ASSIGN_OR_RETURN(const fl_ep_config config, FirstDevice(ep));
  CallContext context(ep.plugin, ep.diagnostics);
  const fl_ep_call call = EpCallOf(context);
  const fl_status created = Guarded(context, [&] { return ep.table.create(&call, &config, &ep.ep); });
  if (created != FL_OK) ep.ep = nullptr;
  if (created == FL_INVALID_ARGUMENT) return EpFailed("FL9004", ep.plugin->id(), context, created);
  if (created != FL_OK) return EpFailed("FL8014", ep.name, context, created).WithHint(std::string(kLibrary));
  if (ep.ep == nullptr) return Error("FL8014", "{}: the plugin created no provider", ep.name);
  fl_str text{};
  const fl_status described = Guarded(context, [&] { return ep.table.describe(&call, ep.ep, &text); });
  if (described != FL_OK) return EpFailed("FL8006", ep.name, context, described);
  FL_ASSIGN_OR_RETURN(ep.description, ep.plugin->memory().Text(text, kMaxEpText, "the provider's description"));
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
