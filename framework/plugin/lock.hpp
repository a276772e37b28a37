// plugins.lock: the plugins that a run may load, by their content. design/sdk.md point 7.
//
//   # SHA-256  id version; '#' begins a comment
//   9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  acme 1.2.0
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "plugin/plugin.hpp"

namespace fairlead {

// The digest of a file's bytes, 64 lower-case hexadecimal digits. FL1001 when it cannot be read.
Result<std::string> Sha256(const std::filesystem::path& path);

class PluginLock {
 public:
  // FL9004 when the file cannot be read, is over 1 MiB, holds another line than those above or an id twice.
  static Result<PluginLock> Read(const std::filesystem::path& path);

  // FL9017 unless the lock holds this id with this version and the content of `file`.
  Status Check(const std::filesystem::path& file, const Manifest& manifest) const;

 private:
  struct Pin {
    std::string version, sha256;
  };
  Status Add(std::string_view line);

  std::filesystem::path path_;
  std::map<std::string, Pin, std::less<>> pins_;  // by id
};

// A lock of exactly these plugins, sorted by id; each of them is read.
Result<std::string> LockText(std::span<const std::pair<std::filesystem::path, Manifest>> plugins);

}  // namespace fairlead
