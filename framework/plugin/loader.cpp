// Opening plugins: the only file that knows Boost.DLL.
#define BOOST_DLL_USE_STD_FS
#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <mutex>
#include <ranges>
#include <set>

#include "base/utf8.hpp"
#include "plugin/context.hpp"
#include "plugin/descriptor.hpp"
#include "plugin/host.hpp"
#include "plugin/lock.hpp"
#include "plugin/plugin.hpp"
#include "plugin/rules.hpp"
#include "plugin/trust.hpp"

namespace fairlead {
namespace {

constexpr char kEntrySymbol[] = "fl_plugin_entry_v1";

// Every library opened by this process, in order. Never destroyed: code of a plugin may run until the very end.
struct Libraries {
  std::mutex mutex;  // held over entry, init and shutdown, which plugins may expect one at a time
  std::vector<std::unique_ptr<PluginLibrary>> opened;
  bool shut_down = false;
};
Libraries& AllLibraries() {
  static auto* libraries = new Libraries;
  return *libraries;
}

// Bound completely and in its own scope; the loader's own words when it cannot be opened. Stays open for good, also when
// the plugin is refused: a constructor of it may have left pointers to its code.
Result<fl_plugin_entry> OpenLibrary(const std::filesystem::path& path) {
  using boost::dll::load_mode::rtld_local, boost::dll::load_mode::rtld_now;
  static auto* const kept = new std::vector<std::unique_ptr<boost::dll::shared_library>>;
  try {
    const auto& library = kept->emplace_back(std::make_unique<boost::dll::shared_library>(path, rtld_now | rtld_local));
    if (!library->has(kEntrySymbol)) return Error("FL9005", "does not export {}", kEntrySymbol);
    return &library->get<const fl_plugin*(const fl_host*)>(kEntrySymbol);
  } catch (const std::exception& exception) {
    return Error("FL9005", "cannot be opened: {}", RepairUtf8(exception.what()));
  }
}

Result<Descriptor> AskDescriptor(fl_plugin_entry entry, const Manifest& manifest, const PluginMemory& memory) {
  const fl_plugin* descriptor = nullptr;
  if (auto thrown = Thrown([&] { descriptor = entry(CallContext::Host()); })) {
    return Error("FL9005", "{} threw {}", kEntrySymbol, *thrown);
  }
  if (descriptor == nullptr) return Error("FL9005", "{} answered null", kEntrySymbol);
  return ReadDescriptor(descriptor, manifest, memory);
}

Status Initialize(const Descriptor& descriptor, PluginLibrary& library) {
  library.description = descriptor.description;
  library.option_list = descriptor.options;
  library.table = descriptor.table;
  if (descriptor.init != nullptr) {
    fl_status status = FL_INTERNAL;
    if (auto thrown = Thrown([&] { status = descriptor.init(CallContext::Host(), &library.self); })) {
      return Error("FL9005", "init threw {}", *thrown);
    }
    if (status != FL_OK) {
      const std::string_view name = StatusName(status);
      return Error("FL9005", "init answered {}",
                   name.empty() ? fmt::format("{}, which is no status", status) : std::string(name));
    }
  }
  library.shutdown = descriptor.shutdown;
  return Ok();
}

// Tables that are read once and for all, and that what the manifest promised is there.
Status ReadTables(PluginLibrary& library) {
  constexpr std::pair<uint32_t, std::string_view> kTables[] = {
      {FL_KIND_LOWERING, FL_P_LOWERING_ID}, {FL_KIND_EP, "fl.p.ep/1"}, {FL_KIND_RULE, FL_P_RULE_ID}};
  for (const auto& [kind, id] : kTables) {
    if ((library.manifest.kinds & kind) != 0 && Plugin(library, {}).Table(id) == nullptr) {
      return Error("FL9005", "its manifest promises table {}, which it does not have", id);
    }
  }
  if ((library.manifest.kinds & FL_KIND_RULE) == 0) return Ok();
  FL_ASSIGN_OR_RETURN(library.rules, ReadRules(library));
  return Ok();
}

void Shutdown(const PluginLibrary& library) {
  // What it throws can be of no use to anybody: its part of the run is over.
  if (library.shutdown != nullptr) (void)Thrown([&] { library.shutdown(library.self); });
}

Result<std::unique_ptr<PluginLibrary>> Open(const std::filesystem::path& path, const Manifest& manifest) {
  FL_ASSIGN_OR_RETURN(const fl_plugin_entry entry, OpenLibrary(path));
  auto library = std::make_unique<PluginLibrary>();  // its picture of the memory is made now, with the library in it
  library->path = path;
  library->manifest = manifest;
  FL_ASSIGN_OR_RETURN(const Descriptor descriptor, AskDescriptor(entry, manifest, library->memory));
  FL_RETURN_IF_ERROR(Initialize(descriptor, *library));
  if (Status status = ReadTables(*library); !status.ok()) {
    Shutdown(*library);
    return status;
  }
  return library;
}

// The library at `path`, opened before or now. A file that was refused may be tried again.
Result<const PluginLibrary*> OpenOnce(const std::filesystem::path& path, const Manifest& manifest) {
  Libraries& libraries = AllLibraries();
  const std::lock_guard lock(libraries.mutex);
  if (libraries.shut_down) return Error("FL9005", "{}: the plugins of this process were shut down", path.string());
  const auto found = std::ranges::find(libraries.opened, path, [](const auto& library) { return library->path; });
  if (found != libraries.opened.end()) return found->get();
  auto library = Open(path, manifest);
  if (!library.ok()) return Error(library.error().rule, "{}: {}", path.string(), library.status().message());
  libraries.opened.push_back(*std::move(library));
  return libraries.opened.back().get();
}

// Reports failures of one Load and keeps the first that is an error.
class Failures {
 public:
  explicit Failures(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}
  void Add(const Status& status, Level level) {
    const ErrorInfo& error = status.error();
    diagnostics_.Report(
        {.rule = error.rule, .message = error.message, .locations = {}, .hint = error.hint, .level = level, .plugin = {}});
    if (level == Level::kError && first_.ok()) first_ = status;
  }
  const Status& first() const { return first_; }

 private:
  Diagnostics& diagnostics_;
  Status first_;
};

Level LevelOf(Origin origin) { return origin == Origin::kFile ? Level::kError : Level::kWarning; }

struct Trusted {
  std::filesystem::path path;
  Manifest manifest;
};
Result<Trusted> Judge(const PluginFile& file) {
  FL_ASSIGN_OR_RETURN(std::filesystem::path path, TrustedPath(file.path, file.origin));
  FL_ASSIGN_OR_RETURN(Manifest manifest, ReadManifest(path));
  return Trusted{std::move(path), std::move(manifest)};
}

Result<std::optional<PluginLock>> LockOf(const PluginSources& sources) {
  if (!sources.lock) return std::optional<PluginLock>();
  FL_ASSIGN_OR_RETURN(PluginLock lock, PluginLock::Read(*sources.lock));
  return std::optional(std::move(lock));
}

using GivenOptions = std::map<std::string, std::string>;

// Defaults, overridden by what the user gave.
Result<GivenOptions> ResolveOptions(const PluginLibrary& library, const GivenOptions& given) {
  GivenOptions options;
  for (const PluginOption& option : library.option_list) options[option.key] = option.default_value;
  for (const auto& [key, value] : given) {
    const auto option = std::ranges::find(library.option_list, key, &PluginOption::key);
    if (option == library.option_list.end()) {
      return Error("FL9004", "plugin {} has no option {}", library.manifest.id, key)
          .WithHint(options.empty() ? "it has none"
                                    : fmt::format("it has: {}", fmt::join(std::views::keys(options), ", ")));
    }
    if (Status status = CheckOptionValue(*option, value); !status.ok()) {
      return Error("FL9004", "plugin {}: {}", library.manifest.id, status.message());
    }
    options[key] = value;
  }
  return options;
}

}  // namespace

PluginLoader::PluginLoader(const HostTables& tables) { ServeTables(tables); }

Result<std::vector<PluginPtr>> PluginLoader::Load(const PluginSources& sources, uint32_t kinds, Diagnostics& diagnostics) {
  Failures failures(diagnostics);
  if (const Status folders = CheckFolders(sources); !folders.ok()) {
    failures.Add(folders, Level::kError);
    return failures.first();
  }
  const Result<std::optional<PluginLock>> lock = LockOf(sources);
  if (!lock.ok()) {
    failures.Add(lock.status(), Level::kError);
    return failures.first();
  }
  std::map<std::string, std::filesystem::path> seen;  // by id
  std::vector<PluginPtr> plugins;
  for (const PluginFile& file : FindPluginFiles(sources, diagnostics)) {
    Result<Trusted> trusted = Judge(file);
    if (!trusted.ok()) {
      failures.Add(trusted.status(), LevelOf(file.origin));
      continue;
    }
    const auto& [path, manifest] = *trusted;
    const auto [first, is_new] = seen.try_emplace(manifest.id, path);
    if (!is_new) {
      if (first->second == path) continue;  // the same file, found twice
      failures.Add(Error("FL9007", "{}: plugin {} was loaded from {}", path.string(), manifest.id, first->second.string()),
                   Level::kWarning);
      continue;
    }
    if (kinds != 0 && (manifest.kinds & kinds) == 0) continue;
    if (const Status pinned = *lock ? (*lock)->Check(path, manifest) : Ok(); !pinned.ok()) {
      failures.Add(pinned, Level::kError);
      continue;
    }
    Result<const PluginLibrary*> library = OpenOnce(path, manifest);
    if (!library.ok()) {
      failures.Add(library.status(), LevelOf(file.origin));
      continue;
    }
    const auto given = sources.options.find(manifest.id);
    auto options = ResolveOptions(**library, given == sources.options.end() ? GivenOptions() : given->second);
    if (!options.ok()) {
      failures.Add(options.status(), Level::kError);
      continue;
    }
    plugins.push_back(std::make_shared<const Plugin>(**library, *std::move(options)));
  }
  for (const auto& [id, options] : sources.options) {
    if (seen.contains(id)) continue;
    failures.Add(Error("FL9004", "options are given for plugin {}, which is not there", id)
                     .WithHint(fmt::format("there are: {}", fmt::join(std::views::keys(seen), ", "))),
                 Level::kError);
  }
  if (!failures.first().ok()) return failures.first();
  return plugins;
}

Result<FoundPlugins> PluginLoader::List(const PluginSources& sources, Diagnostics& diagnostics) {
  FL_RETURN_IF_ERROR(CheckFolders(sources));
  FL_ASSIGN_OR_RETURN(const std::optional<PluginLock> lock, LockOf(sources));
  FoundPlugins list;
  for (const PluginFile& file : FindPluginFiles(sources, diagnostics)) {
    Result<Trusted> trusted = Judge(file);
    if (!trusted.ok()) {
      list.emplace_back(file.path, trusted.status());
    } else if (const Status pinned = lock ? lock->Check(trusted->path, trusted->manifest) : Ok(); !pinned.ok()) {
      list.emplace_back(trusted->path, pinned);
    } else {
      list.emplace_back(trusted->path, std::move(trusted->manifest));
    }
  }
  return list;
}

void ShutdownPlugins() {
  Libraries& libraries = AllLibraries();
  const std::lock_guard lock(libraries.mutex);
  if (libraries.shut_down) return;
  libraries.shut_down = true;
  for (const auto& library : std::views::reverse(libraries.opened)) Shutdown(*library);
}

const PluginRule* Plugin::FindRule(std::string_view id) const {
  const auto found = std::ranges::find(rules(), id, &PluginRule::id);
  return found == rules().end() ? nullptr : &*found;
}

const void* Plugin::Table(std::string_view id) const {
  const void* table = nullptr;
  if (Thrown([&] { table = library_.table(library_.self, {id.data(), id.size()}); })) return nullptr;
  return table;
}

}  // namespace fairlead
