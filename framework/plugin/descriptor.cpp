#include "plugin/descriptor.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace fairlead {
namespace {

// What version 0.1 had; members after these may be missing.
constexpr uint32_t kPluginSize = 104;
constexpr uint32_t kOptionSize = 56;
static_assert(sizeof(fl_plugin) == kPluginSize && sizeof(fl_option_desc) == kOptionSize);
constexpr uint32_t kMaxOptions = 256;

bool IsOptionKey(std::string_view key) {
  return std::ranges::all_of(
      key, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'; });
}

Result<PluginOption> ReadOption(const void* row, const PluginMemory& memory, uint32_t index) {
  const std::string what = fmt::format("option {}", index);
  FL_ASSIGN_OR_RETURN(const auto desc, memory.Struct<fl_option_desc>(row, kOptionSize, what));
  PluginOption option;
  FL_ASSIGN_OR_RETURN(option.key, memory.Text(desc.key, 64, what + ": key"));
  if (!IsOptionKey(option.key))
    return Error("FL9005", "{}: key '{}', wanted letters a-z, digits, '_', '-' and '.'", what, option.key);
  if (desc.kind < FL_OPTION_STR || desc.kind > FL_OPTION_BOOL) {
    return Error("FL9005", "option {}: kind {}, wanted {} to {}", option.key, desc.kind, +FL_OPTION_STR, +FL_OPTION_BOOL);
  }
  option.kind = desc.kind;
  FL_ASSIGN_OR_RETURN(option.default_value, memory.OptionalText(desc.default_value, 4096, what + ": default"));
  FL_ASSIGN_OR_RETURN(option.help, memory.OptionalText(desc.help, 4096, what + ": help"));
  if (Status status = CheckOptionValue(option, option.default_value); !status.ok()) {
    return Error("FL9005", "default of {}", status.message());
  }
  return option;
}

Result<std::vector<PluginOption>> ReadOptions(const fl_plugin& plugin, const PluginMemory& memory) {
  FL_RETURN_IF_ERROR(
      CheckRows(memory, plugin.options, plugin.n_options, plugin.option_stride, kOptionSize, kMaxOptions, "options"));
  std::vector<PluginOption> options;
  const auto* row = reinterpret_cast<const std::byte*>(plugin.options);
  for (uint32_t i = 0; i < plugin.n_options; ++i) {
    FL_ASSIGN_OR_RETURN(PluginOption option, ReadOption(row + uint64_t{i} * plugin.option_stride, memory, i));
    if (std::ranges::count(options, option.key, &PluginOption::key) != 0)
      return Error("FL9005", "declares option {} twice", option.key);
    options.push_back(std::move(option));
  }
  return options;
}

Status CheckSameAsManifest(const fl_plugin& plugin, const Manifest& manifest, const PluginMemory& memory) {
  if (plugin.abi_major != manifest.abi_major || plugin.abi_minor_built != manifest.abi_minor_built ||
      plugin.abi_minor_floor != manifest.abi_minor_floor) {
    return Error("FL9005", "descriptor says ABI {}.{} from {}, its manifest {}.{} from {}", plugin.abi_major,
                 plugin.abi_minor_built, plugin.abi_minor_floor, manifest.abi_major, manifest.abi_minor_built,
                 manifest.abi_minor_floor);
  }
  FL_ASSIGN_OR_RETURN(const std::string id, memory.Text(plugin.id, 95, "id"));
  FL_ASSIGN_OR_RETURN(const std::string version, memory.Text(plugin.version, 31, "version"));
  if (id != manifest.id) return Error("FL9005", "descriptor has the id '{}', its manifest '{}'", id, manifest.id);
  if (version != manifest.version) {
    return Error("FL9005", "descriptor has version '{}', its manifest '{}'", version, manifest.version);
  }
  return Ok();
}

}  // namespace

Result<Descriptor> ReadDescriptor(const fl_plugin* descriptor, const Manifest& manifest, const PluginMemory& memory) {
  FL_ASSIGN_OR_RETURN(const auto plugin, memory.Struct<fl_plugin>(descriptor, kPluginSize, "descriptor"));
  FL_RETURN_IF_ERROR(CheckSameAsManifest(plugin, manifest, memory));
  if (plugin.reserved0 != 0 || plugin.reserved1 != 0) return Error("FL9005", "descriptor: a reserved member is not zero");
  Descriptor read;
  FL_ASSIGN_OR_RETURN(read.description, memory.OptionalText(plugin.description, 4096, "description"));
  FL_ASSIGN_OR_RETURN(read.options, ReadOptions(plugin, memory));
  if (plugin.init != nullptr && !memory.IsCode(plugin.init))
    return Error("FL9005", "descriptor: init does not point to code");
  if (plugin.shutdown != nullptr && !memory.IsCode(plugin.shutdown)) {
    return Error("FL9005", "descriptor: shutdown does not point to code");
  }
  if (!memory.IsCode(plugin.table)) return Error("FL9005", "descriptor: table does not point to code");
  read.init = plugin.init;
  read.shutdown = plugin.shutdown;
  read.table = plugin.table;
  return read;
}

Status CheckOptionValue(const PluginOption& option, std::string_view value) {
  const char* end = value.data() + value.size();
  switch (option.kind) {
    case FL_OPTION_STR: return Ok();
    case FL_OPTION_I64: {
      int64_t number;
      const auto [stop, error] = std::from_chars(value.data(), end, number);
      if (error == std::errc() && stop == end) return Ok();
      return Error("FL9004", "option {}: '{}' is not an integer", option.key, value);
    }
    case FL_OPTION_F64: {
      double number;
      const auto [stop, error] = std::from_chars(value.data(), end, number);
      if (error == std::errc() && stop == end) return Ok();
      return Error("FL9004", "option {}: '{}' is not a number", option.key, value);
    }
    case FL_OPTION_BOOL:
      if (value == "true" || value == "false") return Ok();
      return Error("FL9004", "option {}: '{}' is neither true nor false", option.key, value);
  }
  return Error("FL9004", "option {}: of unknown kind {}", option.key, option.kind);
}

}  // namespace fairlead
