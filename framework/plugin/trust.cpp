#include "plugin/trust.hpp"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace fairlead {
namespace {

namespace fs = std::filesystem;

Result<struct stat> Facts(const fs::path& path) {
  struct stat facts;
  if (stat(path.c_str(), &facts) != 0) return Error("FL9005", "{}: {}", path.string(), std::strerror(errno));
  return facts;
}

Status RefuseWritableByAll(const fs::path& path) {
  FL_ASSIGN_OR_RETURN(const struct stat facts, Facts(path));
  const bool sticky_folder = S_ISDIR(facts.st_mode) && (facts.st_mode & S_ISVTX) != 0 && facts.st_uid == 0;
  if ((facts.st_mode & S_IWOTH) == 0 || sticky_folder) return Ok();
  return Error("FL9005", "{}: everyone may write it (mode {:o})", path.string(), facts.st_mode & 07777)
      .WithHint(fmt::format("chmod o-w '{}'", path.string()));
}

Status RefuseWritableByOthers(const fs::path& path, bool is_file) {
  FL_ASSIGN_OR_RETURN(const struct stat facts, Facts(path));
  if (facts.st_uid != 0 && facts.st_uid != geteuid()) {
    return Error("FL9005", "{}: belongs to user {}, wanted root or user {}", path.string(), facts.st_uid, geteuid());
  }
  const bool sticky_parent = !is_file && facts.st_uid == 0 && (facts.st_mode & S_ISVTX) != 0;
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) == 0 || sticky_parent) return Ok();
  return Error("FL9005", "{}: others may write it (mode {:o})", path.string(), facts.st_mode & 07777)
      .WithHint(fmt::format("chmod go-w '{}', or name the file with --plugin", path.string()));
}

Status RefuseUntrustedChain(const fs::path& file) {
  FL_RETURN_IF_ERROR(RefuseWritableByOthers(file, true));
  for (fs::path folder = file.parent_path();; folder = folder.parent_path()) {
    FL_RETURN_IF_ERROR(RefuseWritableByOthers(folder, false));
    if (folder == folder.root_path()) return Ok();
  }
}

void AddFolder(const fs::path& folder, Origin origin, Diagnostics& diagnostics, std::vector<PluginFile>& files) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) {
    if (origin == Origin::kBuiltin && error == std::errc::no_such_file_or_directory) return;
    diagnostics.Report({.rule = "FL9005",
                        .message = fmt::format("plugin folder {}: {}", folder.string(), error.message()),
                        .locations = {},
                        .hint = {},
                        .level = Level::kWarning,
                        .plugin = {}});
    return;
  }
  std::vector<fs::path> found;
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    if (entries->path().string().ends_with(kPluginSuffix)) found.push_back(entries->path());
  }
  std::ranges::sort(found);
  for (fs::path& path : found) files.push_back({std::move(path), origin});
}

// Entries that are empty or relative would mean the current folder, which is never searched.
void AddEnvironment(Diagnostics& diagnostics, std::vector<PluginFile>& files) {
  const char* variable = secure_getenv("FAIRLEAD_PLUGIN_PATH");
  std::string_view rest = variable == nullptr ? std::string_view() : variable;
  while (!rest.empty()) {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    const fs::path folder(rest.substr(0, colon));
    rest.remove_prefix(std::min(colon + 1, rest.size()));
    if (folder.is_absolute()) {
      AddFolder(folder, Origin::kEnvironment, diagnostics, files);
    } else if (!folder.empty()) {
      diagnostics.Report({.rule = "FL9005",
                          .message = fmt::format("FAIRLEAD_PLUGIN_PATH: '{}' is not an absolute path", folder.string()),
                          .locations = {},
                          .hint = {},
                          .level = Level::kWarning,
                          .plugin = {}});
    }
  }
}

}  // namespace

Result<fs::path> TrustedPath(const fs::path& path, Origin origin) {
  std::error_code error;
  fs::path canonical = fs::canonical(path, error);
  if (error) return Error("FL9005", "{}: {}", path.string(), error.message());
  if (origin == Origin::kFile) {
    FL_RETURN_IF_ERROR(RefuseWritableByAll(canonical));
    return canonical;
  }
  const fs::path folder = fs::canonical(path.parent_path(), error);
  if (error || canonical.parent_path() != folder) {
    return Error("FL9005", "{}: leads to {}, outside its folder", path.string(), canonical.string());
  }
  if (origin == Origin::kBuiltin) {
    FL_RETURN_IF_ERROR(RefuseWritableByAll(canonical));
    FL_RETURN_IF_ERROR(RefuseWritableByAll(folder));
  } else {
    FL_RETURN_IF_ERROR(RefuseUntrustedChain(canonical));
  }
  return canonical;
}

Status CheckFolders(const PluginSources& sources) {
  for (const fs::path& folder : sources.directories) {
    std::error_code error;
    const fs::directory_iterator entries(folder, error);
    if (error)
      return Error("FL9005", "plugin folder {}: {}", folder.string(), error.message())
          .WithHint("Name a folder that can be read.");
  }
  return Ok();
}

std::vector<PluginFile> FindPluginFiles(const PluginSources& sources, Diagnostics& diagnostics) {
  std::vector<PluginFile> files;
  for (const fs::path& path : sources.files) files.push_back({path, Origin::kFile});
  for (const fs::path& folder : sources.directories) AddFolder(folder, Origin::kDirectory, diagnostics, files);
  if (sources.environment) AddEnvironment(diagnostics, files);
  if (sources.builtin) AddFolder(BuiltinPluginFolder(), Origin::kBuiltin, diagnostics, files);
  return files;
}

fs::path BuiltinPluginFolder() {
  Dl_info self;
  std::error_code error;
  if (dladdr(reinterpret_cast<const void*>(&BuiltinPluginFolder), &self) == 0) return {};
  const fs::path image = fs::canonical(self.dli_fname, error);
  if (error) return {};
  const fs::path beside = image.parent_path() / FAIRLEAD_PLUGIN_DIR;
  if (fs::is_directory(beside, error)) return beside;
  // The host linked into a program: PREFIX/bin/program, PREFIX/lib/fairlead/plugins/1.
  return image.parent_path().parent_path() / "lib" / FAIRLEAD_PLUGIN_DIR;
}

}  // namespace fairlead
