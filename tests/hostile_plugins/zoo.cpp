#include "zoo.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

namespace fairlead {

Verdict LoadFile(const std::filesystem::path& path, PluginPtr* plugin) {
  PluginSources sources;
  sources.files = {path};
  sources.builtin = sources.environment = false;
  Diagnostics diagnostics;
  auto plugins = PluginLoader({}).Load(sources, 0, diagnostics);
  if (!plugins.ok()) return {plugins.error().rule, plugins.error().message};
  if (plugin != nullptr) *plugin = plugins->front();
  return {};
}

std::vector<char> ReadBytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

TemporaryFile::TemporaryFile(const std::vector<char>& bytes, const std::string& name) {
  std::string folder = std::filesystem::temp_directory_path() / "fairlead-zoo-XXXXXX";
  EXPECT_NE(mkdtemp(folder.data()), nullptr);
  path_ = std::filesystem::path(folder) / name;
  std::ofstream(path_, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  chmod(path_.c_str(), 0644);
}

TemporaryFile::~TemporaryFile() {
  std::error_code error;
  std::filesystem::remove_all(path_.parent_path(), error);
}

}  // namespace fairlead
