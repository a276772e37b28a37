// Which files may be opened as plugins. A plugin is native code with the user's rights: these checks stop accidents and
// tampering by other users of the machine, not a hostile vendor.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "plugin/plugin.hpp"

namespace fairlead {

enum class Origin : uint8_t { kFile, kDirectory, kEnvironment, kBuiltin };

struct PluginFile {
  std::filesystem::path path;  // canonical, once trusted
  Origin origin;
};

// Refused (FL9005, with the owner or mode found, and the chmod that helps):
//   kFile         when everyone may write the file
//   kBuiltin      when everyone may write the file or its folder: who can write there can replace libfairlead.so too
//   others        unless the file and every folder above it belong to root or the user, and nobody else may write them. A
//                 folder of root with the sticky bit (/tmp) is safe as a parent.
// Answers the canonical path. For all but kFile it must lie in the folder that was searched: no link leads out of it.
Result<std::filesystem::path> TrustedPath(const std::filesystem::path& path, Origin origin);

// FL9005 for a folder that the user named and that cannot be read.
Status CheckFolders(const PluginSources& sources);

// The files named by `sources`, in search order; those of a folder sorted by name. A folder that is missing or not readable
// is reported (a built-in one that is missing is not: an application may ship without).
std::vector<PluginFile> FindPluginFiles(const PluginSources& sources, Diagnostics& diagnostics);

inline constexpr std::string_view kPluginSuffix = ".fairlead.so";

}  // namespace fairlead
