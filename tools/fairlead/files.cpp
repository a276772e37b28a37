#include "files.hpp"

#include <sys/stat.h>

#include <map>

#include "export/inspection.hpp"

namespace fairlead::cli {

std::string IdentityOf(const std::filesystem::path& path) {
  struct stat file {};
  if (stat(path.c_str(), &file) == 0) return fmt::format("{}:{}", file.st_dev, file.st_ino);
  std::error_code failed;
  const std::filesystem::path place = std::filesystem::weakly_canonical(std::filesystem::absolute(path), failed);
  return failed ? std::filesystem::absolute(path).lexically_normal().string() : place.string();
}

Status CheckFiles(const std::vector<NamedFile>& read, const std::vector<NamedFile>& written) {
  std::map<std::string, const NamedFile*> others;
  for (const NamedFile& file : read) others.try_emplace(IdentityOf(file.path), &file);
  for (const NamedFile& file : written) {
    const auto [other, is_new] = others.try_emplace(IdentityOf(file.path), &file);
    if (!is_new) return Error("FL9015", "{} is {} and {}", file.path.string(), other->second->role, file.role);
  }
  return Ok();
}

std::vector<NamedFile> ModelFiles(const std::filesystem::path& model) {
  std::vector<NamedFile> files = {{model, "the model"}};
  const auto data = onnx_room::ExternalDataFiles(model);
  if (!data.ok()) return files;  // reading the model will say why
  for (const std::filesystem::path& file : *data) files.push_back({file, "the model's weights"});
  return files;
}

std::vector<NamedFile> OutputFiles(const std::filesystem::path& output, WeightPolicy weights) {
  std::vector<NamedFile> files = {{output, "the output"}};
  if (weights == WeightPolicy::kEmbed || weights == WeightPolicy::kExternal) {
    files.push_back({DataFileOf(output), "the output's weights"});
  }
  return files;
}

std::vector<NamedFile> PluginFiles(const PluginSources& sources) {
  std::vector<NamedFile> files;
  for (const std::filesystem::path& file : sources.files) files.push_back({file, "a plugin"});
  if (sources.lock) files.push_back({*sources.lock, "the lock of plugins"});
  return files;
}

std::vector<NamedFile> JsonFile(const Arguments& arguments) {
  if (!arguments.Has("json") || arguments.Text("json") == "-") return {};
  return {{arguments.Text("json"), "the file of --json"}};
}

}  // namespace fairlead::cli
