// Finding, judging and opening plugins. design/sdk.md, research/c-abi.md §6.2 and §6.15.
//
//   manifest (ELF note; nothing is loaded) → trust of the path → lock → Boost.DLL → entry → validated tables
#pragma once

#include <fairlead/sdk/abi/core.h>
#include <fairlead/sdk/abi/manifest.h>
#include <fairlead/sdk/abi/p_lowering.h>
#include <fairlead/sdk/abi/p_rule.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "diagnostics/diagnostics.hpp"
#include "plugin/memory.hpp"

namespace fairlead {

struct Manifest {
  std::string id, version, sdk_version;
  uint16_t abi_major = 0, abi_minor_built = 0, abi_minor_floor = 0, sanitizer = 0;
  uint32_t kinds = 0, flags = 0;
};
// FL9005 not a plugin (not ELF, truncated, no note, lying sizes), FL9006 another ABI, machine or sanitizer. Reads at most
// 64 program headers and 64 KiB of notes; never loads anything.
Result<Manifest> ReadManifest(const std::filesystem::path& path);

// A setting that a plugin declares, --plugin-opt ID:KEY=VALUE.
struct PluginOption {
  std::string key, default_value, help;
  fl_option_kind kind = FL_OPTION_STR;
};

// A rule that a plugin declares in fl.p.rule/1; plugin/rules.hpp runs it.
struct PluginRule {
  std::string id, name, summary, help;
  std::string op;  // only for nodes of this operator; empty: for all
  Level level = Level::kWarning;
  bool per_node = false;
  const fl_rule* row = nullptr;
};

// What was opened, once per file and process: the library stays mapped and the record is never destroyed.
struct PluginLibrary {
  std::filesystem::path path;
  Manifest manifest;
  PluginMemory memory;
  std::string description;
  std::vector<PluginOption> option_list;
  std::vector<PluginRule> rules;
  void* self = nullptr;
  const void* (*table)(void* self, fl_str id) = nullptr;
  void (*shutdown)(void* self) = nullptr;
};

// A loaded plugin, with the options of one run.
class Plugin {
 public:
  Plugin(const PluginLibrary& library, std::map<std::string, std::string> options)
      : library_(library), options_(std::move(options)) {}

  const Manifest& manifest() const { return library_.manifest; }
  const std::filesystem::path& path() const { return library_.path; }
  const std::string& id() const { return library_.manifest.id; }
  const std::string& description() const { return library_.description; }
  const std::vector<PluginOption>& option_list() const { return library_.option_list; }
  const PluginMemory& memory() const { return library_.memory; }
  const std::vector<PluginRule>& rules() const { return library_.rules; }
  const PluginRule* FindRule(std::string_view id) const;

  // A table the plugin gives, by id, as it is: nothing of it was read. Null when it has none, or throws.
  const void* Table(std::string_view id) const;
  // The part of the table that this host knows. Empty when the plugin has none; FL9005 when it is unreadable, shorter than
  // `least` (what version 0.1 had), or sets members that this host does not know.
  template <class T> Result<std::optional<T>> Read(std::string_view id, uint32_t least = sizeof(T)) const {
    const void* table = Table(id);
    if (table == nullptr) return std::optional<T>();
    FL_ASSIGN_OR_RETURN(T copy, memory().Struct<T>(table, least, fmt::format("{}: table {}", this->id(), id)));
    return std::optional<T>(std::move(copy));
  }
  const std::map<std::string, std::string>& options() const { return options_; }  // defaults and --plugin-opt

 private:
  const PluginLibrary& library_;
  std::map<std::string, std::string> options_;
};
using PluginPtr = std::shared_ptr<const Plugin>;

struct PluginSources {
  std::vector<std::filesystem::path> files;  // --plugin FILE: a failure is an error (exit 15)
  // --plugin-dir DIR: sorted, *.fairlead.so; a file's failure is a warning, a folder that cannot be read an error.
  std::vector<std::filesystem::path> directories;
  bool builtin = true;      // lib/fairlead/plugins/1 beside libfairlead.so; false: --no-plugins
  bool environment = true;  // FAIRLEAD_PLUGIN_PATH, unless the process is privileged
  // ID → KEY → VALUE; an unknown key is FL9004, an id nobody has is FL9004 too.
  std::map<std::string, std::map<std::string, std::string>> options;
  std::optional<std::filesystem::path> lock = {};  // only what this plugins.lock holds may be opened (plugin/lock.hpp)
};

using FoundPlugins = std::vector<std::pair<std::filesystem::path, Result<Manifest>>>;

// The tables of lowering/ and runtime/, which plugin/ may not know; null where there is none. plugin/ itself gives
// fl.core/1, fl.graph/1, fl.types/1, fl.tensor/1, fl.schema/1 and fl.diag/1.
struct HostTables {
  const fl_aten* aten = nullptr;
  const fl_build* build = nullptr;
  const void* exec = nullptr;  // fl_exec
};

class PluginLoader {
 public:
  // `tables` are what get_interface answers beside plugin/'s own; they have static storage. A table given once stays.
  explicit PluginLoader(const HostTables& tables);
  // Everything loadable, in search order: files, directories, FAIRLEAD_PLUGIN_PATH, the built-in ones; the first of an id
  // wins and the second is reported (FL9007). With `kinds` other than 0, only plugins whose manifest has one of those
  // FL_KIND_ bits are opened. One that the lock does not hold is an error (FL9017) from wherever it comes. On an error
  // `diagnostics` has all findings, and the Status is the first.
  Result<std::vector<PluginPtr>> Load(const PluginSources& sources, uint32_t kinds, Diagnostics& diagnostics);
  // Manifests only, nothing is opened. What the lock does not hold has FL9017 for a manifest; FL9004 when the lock cannot
  // be read.
  Result<FoundPlugins> List(const PluginSources& sources, Diagnostics& diagnostics);
};

// Calls `shutdown` of every loaded plugin, in reverse order. Called once, explicitly, before main returns.
void ShutdownPlugins();
// The folder of the built-in plugins; FAIRLEAD's own, found from the path of libfairlead.so.
std::filesystem::path BuiltinPluginFolder();

}  // namespace fairlead
