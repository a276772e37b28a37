#include "files.hpp"

#include <sys/stat.h>

#include <map>

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

std::vector<NamedFile> JsonFile(const Arguments& arguments) {
  if (!arguments.Has("json") || arguments.Text("json") == "-") return {};
  return {{arguments.Text("json"), "the file of --json"}};
}

}  // namespace fairlead::cli
