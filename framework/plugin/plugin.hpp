// Finding, judging and opening plugins. design/sdk.md, research/c-abi.md §6.2 and §6.15.
//
//   manifest (ELF note, read with bounds, nothing is loaded) → trust of the path → Boost.DLL → entry → validated tables
#pragma once

#include <fairlead/sdk/abi/core.h>
#include <fairlead/sdk/abi/manifest.h>
#include <fairlead/sdk/abi/p_lowering.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "diagnostics/diagnostics.hpp"

namespace fairlead {

struct Manifest {
  std::string id, version, sdk_version;
  uint16_t abi_major = 0, abi_minor_built = 0, abi_minor_floor = 0, sanitizer = 0;
  uint32_t kinds = 0, flags = 0;
};
// FL9005 not a plugin (not ELF, truncated, no note, lying sizes), FL9006 another ABI, machine or sanitizer. Reads at most
// 64 program headers and 64 KiB of notes; never loads anything.
Result<Manifest> ReadManifest(const std::filesystem::path& path);

// A loaded plugin. Its library stays mapped for the life of the process.
class Plugin {
 public:
  const Manifest& manifest() const { return manifest_; }
  const std::filesystem::path& path() const { return path_; }
  const std::string& id() const { return manifest_.id; }
  // A table the plugin gives, by id; null when it has none. Already validated tables: see the typed readers.
  const void* Table(std::string_view id) const;
  const std::map<std::string, std::string>& options() const { return options_; }  // defaults and --plugin-opt

 private:
  friend class PluginLoader;
  Manifest manifest_;
  std::filesystem::path path_;
  const fl_plugin* descriptor_ = nullptr;
  void* self_ = nullptr;
  std::map<std::string, std::string> options_;
};
using PluginPtr = std::shared_ptr<const Plugin>;

struct PluginSources {
  std::vector<std::filesystem::path> files;        // --plugin FILE: a failure is an error (exit 15)
  std::vector<std::filesystem::path> directories;  // --plugin-dir DIR: sorted, *.fairlead.so; a failure is a warning
  bool builtin = true;                             // lib/fairlead/plugins/1 beside libfairlead.so; false: --no-plugins
  bool environment = true;                         // FAIRLEAD_PLUGIN_PATH, unless the process is privileged
  // ID → KEY → VALUE; an unknown key is FL9004, an id nobody has is FL9004 too.
  std::map<std::string, std::map<std::string, std::string>> options;
};

// What the host's tables do when a plugin calls them; lowering/ and runtime/ derive from this. `fl_ctx*` is one of these.
// The tables themselves (fl_core, fl_aten, fl_build …) are handed out by HostInterface in registration order.
struct HostTables {
  const fl_aten* aten = nullptr;
  const fl_build* build = nullptr;
  const void* exec = nullptr;  // fl_exec
  const void* diag = nullptr;
  const void* graph = nullptr;
};

class PluginLoader {
 public:
  // `tables` are what get_interface answers beside fl.core/1; they have static storage.
  explicit PluginLoader(const HostTables& tables);
  // Everything loadable, in search order; the first of an id wins and the second is reported (FL9007). With `kinds`, only
  // plugins whose manifest has one of those FL_KIND_ bits are opened.
  Result<std::vector<PluginPtr>> Load(const PluginSources& sources, uint32_t kinds, Diagnostics& diagnostics);
  // Manifests only, nothing is opened.
  std::vector<std::pair<std::filesystem::path, Result<Manifest>>> List(const PluginSources& sources, Diagnostics& diagnostics);
};

// Calls `shutdown` of every loaded plugin, in reverse order. Called once, explicitly, before main returns.
void ShutdownPlugins();
// The folder of the built-in plugins; FAIRLEAD's own, found from the path of libfairlead.so.
std::filesystem::path BuiltinPluginFolder();

}  // namespace fairlead
