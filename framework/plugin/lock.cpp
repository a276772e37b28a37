// The only file that knows libmd.
#include "plugin/lock.hpp"

#include <sha2.h>

#include <algorithm>
#include <array>

#include "base/mapped_file.hpp"
#include "base/utf8.hpp"

namespace fairlead {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;
constexpr std::string_view kBlank = " \t\r";

bool IsDigest(std::string_view text) {
  return text.size() == SHA256_DIGEST_STRING_LENGTH - 1 &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// The next word of a line, taken from its front; empty at the end.
std::string_view TakeWord(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kBlank));
  line.remove_prefix(word.size());
  return word;
}

}  // namespace

Result<std::string> Sha256(const std::filesystem::path& path) {
  FL_ASSIGN_OR_RETURN(const auto file, MappedFile::Open(path));
  SHA2_CTX context;
  SHA256Init(&context);
  SHA256Update(&context, reinterpret_cast<const uint8_t*>(file->bytes().data()), file->bytes().size());
  std::array<char, SHA256_DIGEST_STRING_LENGTH> digest;
  SHA256End(&context, digest.data());
  return std::string(digest.data());
}

Status PluginLock::Add(std::string_view line) {
  std::string_view rest = line.substr(0, line.find('#'));
  const std::string_view sha256 = TakeWord(rest), id = TakeWord(rest), version = TakeWord(rest);
  if (sha256.empty()) return Ok();
  if (!IsDigest(sha256) || version.empty() || !TakeWord(rest).empty())
    return Error("FL9004", "'{}' is not of the form SHA-256 ID VERSION", RepairUtf8(line.substr(0, 200)));
  if (!pins_.try_emplace(std::string(id), std::string(version), std::string(sha256)).second)
    return Error("FL9004", "{} is there twice", RepairUtf8(id));
  return Ok();
}

Result<PluginLock> PluginLock::Read(const std::filesystem::path& path) {
  const auto file = MappedFile::Open(path);
  if (!file.ok()) return Error("FL9004", "lock {}", file.status().message());
  const std::span<const std::byte> bytes = (*file)->bytes();
  if (bytes.size() > kMostBytes) return Error("FL9004", "lock {}: over {} bytes", path.string(), kMostBytes);
  std::string_view rest(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  PluginLock lock;
  lock.path_ = path;
  for (int number = 1; !rest.empty(); ++number) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (const Status status = lock.Add(line); !status.ok())
      return Error("FL9004", "lock {}, line {}: {}", path.string(), number, status.message());
  }
  return lock;
}

Status PluginLock::Check(const std::filesystem::path& file, const Manifest& manifest) const {
  const auto pin = pins_.find(manifest.id);
  if (pin == pins_.end()) return Error("FL9017", "{}: plugin {} is not in {}", file.string(), manifest.id, path_.string());
  if (pin->second.version != manifest.version) {
    return Error("FL9017", "{}: plugin {} has version {}, {} wants {}", file.string(), manifest.id, manifest.version,
                 path_.string(), pin->second.version);
  }
  FL_ASSIGN_OR_RETURN(const std::string sha256, Sha256(file));
  if (pin->second.sha256 == sha256) return Ok();
  return Error("FL9017", "{}: plugin {} has SHA-256 {}, {} wants {}", file.string(), manifest.id, sha256, path_.string(),
               pin->second.sha256);
}

Result<std::string> LockText(std::span<const std::pair<std::filesystem::path, Manifest>> plugins) {
  std::map<std::string, std::string> lines;
  for (const auto& [path, manifest] : plugins) {
    FL_ASSIGN_OR_RETURN(const std::string sha256, Sha256(path));
    lines.emplace(manifest.id, fmt::format("{}  {} {}\n", sha256, manifest.id, manifest.version));
  }
  std::string text = "# SHA-256  id version\n";
  for (const auto& [id, line] : lines) text += line;
  return text;
}

}  // namespace fairlead
