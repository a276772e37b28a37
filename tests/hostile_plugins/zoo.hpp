// Loading one plugin of the zoo, and copies of one with bytes changed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "plugin/plugin.hpp"

namespace fairlead {

inline const std::filesystem::path kZoo = ZOO;

// What the loader says to it: empty when it was loaded. `plugin` receives it.
struct Verdict {
  std::string rule, message;
};
Verdict LoadFile(const std::filesystem::path& path, PluginPtr* plugin = nullptr);
inline Verdict LoadFromZoo(const std::string& name) { return LoadFile(kZoo / (name + ".fairlead.so")); }

std::vector<char> ReadBytes(const std::filesystem::path& path);

// A file in a folder of its own that goes away with it.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::vector<char>& bytes, const std::string& name = "copy.fairlead.so");
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace fairlead
