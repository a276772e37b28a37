#include "onnx/external_data.hpp"

#include <charconv>
#include <optional>

namespace fairlead::onnx_room {
namespace fs = std::filesystem;

namespace {

struct Entries {
  std::string location;
  uint64_t offset = 0;
  std::optional<uint64_t> length;
};

bool ParseNumber(const std::string& text, uint64_t* value) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *value);
  return error == std::errc{} && stop == end;
}

Result<Entries> ReadEntries(const onnx::TensorProto& tensor) {
  Entries entries;
  for (const auto& entry : tensor.external_data()) {
    uint64_t number = 0;
    const bool is_number = entry.key() == "offset" || entry.key() == "length";
    if (is_number && !ParseNumber(entry.value(), &number))
      return Error("FL6009", "tensor {}: {} of its external data is \"{}\"", tensor.name(), entry.key(), entry.value());
    if (entry.key() == "location") entries.location = entry.value();
    if (entry.key() == "offset") entries.offset = number;
    if (entry.key() == "length") entries.length = number;
  }
  return entries;
}

bool LeavesFolder(const fs::path& relative) {
  for (const fs::path& part : relative)
    if (part == "..") return true;
  return relative.empty() || relative.is_absolute();
}

// True when `path`, with every symbolic link resolved, lies in `folder`.
bool LiesIn(const fs::path& path, const fs::path& folder) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  if (error) return false;
  const fs::path real_folder = fs::canonical(folder.empty() ? "." : folder, error);
  if (error) return false;
  const fs::path relative = real.lexically_relative(real_folder);
  return !LeavesFolder(relative);
}

}  // namespace

bool IsExternal(const onnx::TensorProto& tensor) {
  return tensor.has_data_location() && tensor.data_location() == onnx::TensorProto::EXTERNAL;
}

Result<std::shared_ptr<const MappedFile>> ExternalFiles::Open(const std::string& tensor, const std::string& location) {
  if (const auto found = open_.find(location); found != open_.end()) return found->second;
  const auto unsafe = [&](std::string_view why) {
    return Error("FL6008", "tensor {}: its external data is in \"{}\", which {}", tensor, location, why);
  };
  if (location.find('\0') != std::string::npos) return unsafe("is not a file name");
  const fs::path relative = fs::path(location).lexically_normal();
  if (LeavesFolder(relative)) return unsafe("is not inside the model's folder");
  const fs::path path = folder_ / relative;
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (status.type() == fs::file_type::not_found)
    return Error("FL6009", "tensor {}: its external data should be in {}, which does not exist", tensor, path.string());
  if (status.type() == fs::file_type::symlink) return unsafe("is a symbolic link");
  if (!LiesIn(path, folder_)) return unsafe("is not inside the model's folder");
  auto file = MappedFile::Open(path);
  if (!file.ok()) return Error("FL6009", "tensor {}: {}", tensor, file.error().message);
  if ((*file)->links() > 1) return unsafe("has several hard links");
  return open_[location] = *std::move(file);
}

Result<FileRange> ExternalFiles::Find(const onnx::TensorProto& tensor, uint64_t size) {
  FL_ASSIGN_OR_RETURN(const Entries entries, ReadEntries(tensor));
  FL_ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> file, Open(tensor.name(), entries.location));
  const uint64_t length = entries.length.value_or(size), available = file->bytes().size();
  if (length != size)
    return Error("FL6009", "tensor {}: its external data has length {}, its type needs {}", tensor.name(), length, size);
  if (entries.offset > available || length > available - entries.offset)
    return Error("FL6009", "tensor {} needs bytes {} to {} of {}, which has {}", tensor.name(), entries.offset,
                 entries.offset + length, file->path().string(), available);
  return FileRange{std::move(file), entries.offset, length};
}

}  // namespace fairlead::onnx_room
