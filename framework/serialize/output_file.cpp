#include "serialize/output_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "serialize/dense_reader.hpp"

namespace fairlead {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBufferSize = 1 << 20;
constexpr std::size_t kChunk = 64 << 20;  // what one system call may move: an interruption waits no longer

// Kernels and file systems that cannot copy between these two files say so in one of these ways.
bool CannotCopyInKernel(int error) {
  return error == EXDEV || error == EINVAL || error == ENOSYS || error == EOPNOTSUPP || error == EBADF || error == EPERM ||
         error == ETXTBSY;
}

}  // namespace

Status CheckInterruption(const std::atomic<bool>* interrupted) {
  return interrupted != nullptr && *interrupted ? Error("FL9016", "interrupted") : Ok();
}

Result<OutputFile> OutputFile::Create(const fs::path& path, const std::atomic<bool>* interrupted) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) return Error("FL6015", "{} cannot be written: {}", path.string(), std::strerror(errno));
  return OutputFile(path, descriptor, interrupted);
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      interrupted_(other.interrupted_),
      size_(other.size_) {}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

Status OutputFile::Failed(int error) const {
  return Error("FL6015", "{} cannot be written: {}", path_.string(), std::strerror(error));
}

Status OutputFile::Close() {
  const int result = close(std::exchange(descriptor_, -1));
  return result == 0 || errno == EINTR ? Ok() : Failed(errno);
}

Status OutputFile::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    FL_RETURN_IF_ERROR(CheckInterruption(interrupted_));
    const ssize_t written = write(descriptor_, bytes.data(), std::min<std::size_t>(bytes.size(), kChunk));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed(errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    size_ += static_cast<uint64_t>(written);
  }
  return Ok();
}

Status OutputFile::WriteZeros(uint64_t count) {
  const std::string zeros(static_cast<std::size_t>(std::min<uint64_t>(count, 1 << 16)), '\0');
  for (uint64_t done = 0; done < count; done += zeros.size())
    FL_RETURN_IF_ERROR(
        Write(std::string_view(zeros).substr(0, static_cast<std::size_t>(std::min<uint64_t>(count - done, zeros.size())))));
  return Ok();
}

Status OutputFile::WriteTensor(const Tensor& tensor) {
  FL_CHECK(!tensor.IsAbsent(), "the caller asks for bytes that are there");
  if (!tensor.IsDense()) return WriteStrided(tensor);
  if (tensor.range() && tensor.range()->size == tensor.dense_size()) return Copy(*tensor.range());
  return Write({reinterpret_cast<const char*>(tensor.bytes().data()), tensor.bytes().size()});
}

Status OutputFile::Copy(const FileRange& range) {
  uint64_t done = 0;
  while (done < range.size) {
    FL_RETURN_IF_ERROR(CheckInterruption(interrupted_));
    auto from = static_cast<loff_t>(range.offset + done);
    const auto chunk = static_cast<std::size_t>(std::min<uint64_t>(range.size - done, kChunk));
    const ssize_t copied = copy_file_range(range.file->descriptor(), &from, descriptor_, nullptr, chunk, 0);
    if (copied < 0 && errno == EINTR) continue;
    if (copied < 0 && !CannotCopyInKernel(errno)) return Failed(errno);
    // Some file systems answer 0 instead of an error.
    if (copied <= 0) return CopyThroughMemory(range, done);
    done += static_cast<uint64_t>(copied);
    size_ += static_cast<uint64_t>(copied);
  }
  return Ok();
}

Status OutputFile::CopyThroughMemory(const FileRange& range, uint64_t done) {
  std::string buffer(static_cast<std::size_t>(std::min<uint64_t>(range.size - done, kBufferSize)), '\0');
  while (done < range.size) {
    const auto chunk = static_cast<std::size_t>(std::min<uint64_t>(range.size - done, buffer.size()));
    const ssize_t got = pread(range.file->descriptor(), buffer.data(), chunk, static_cast<off_t>(range.offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0)
      return Error("FL1001", "{} cannot be read at {}: {}", range.file->path().string(), range.offset + done,
                   got < 0 ? std::strerror(errno) : "it has become shorter");
    FL_RETURN_IF_ERROR(Write(std::string_view(buffer).substr(0, static_cast<std::size_t>(got))));
    done += static_cast<uint64_t>(got);
  }
  return Ok();
}

Status OutputFile::WriteStrided(const Tensor& tensor) {
  DenseReader reader(tensor);
  std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<uint64_t>(tensor.dense_size(), 16 * kBufferSize)));
  while (const std::size_t filled = reader.Read(buffer)) {
    FL_RETURN_IF_ERROR(Write({reinterpret_cast<const char*>(buffer.data()), filled}));
    reader.GiveBackPages();
  }
  return Ok();
}

Result<Staging> Staging::Open(const fs::path& destination) {
  const fs::path parent = destination.empty() ? fs::path(".") : destination;
  std::string pattern = (parent / ".fairlead.XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr)
    return Error("FL6015", "nothing can be written in {}: {}", parent.string(), std::strerror(errno));
  return Staging(parent, pattern);
}

Staging::Staging(Staging&& other) noexcept
    : destination_(std::move(other.destination_)), folder_(std::exchange(other.folder_, {})) {}

Staging::~Staging() {
  std::error_code ignored;  // nothing can be done about it, and nothing was promised about hidden folders
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

Status Staging::PublishOne(const std::string& name, bool* exchanged) {
  const fs::path from = folder_ / name, to = destination_ / name;
  std::error_code error;
  const fs::file_type present = fs::status(to, error).type();
  if (present == fs::file_type::directory) return Error("FL6015", "{} cannot be written: it is a directory", to.string());
  if (present != fs::file_type::not_found && present != fs::file_type::regular)
    return Error("FL6015", "{} cannot be written: it is not a regular file", to.string());
  // The old file goes where the new one was, so that it can come back.
  *exchanged =
      present != fs::file_type::not_found && renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) == 0;
  if (*exchanged || std::rename(from.c_str(), to.c_str()) == 0) return Ok();
  return Error("FL6015", "{} cannot be written: {}", to.string(), std::strerror(errno));
}

void Staging::TakeBack(const std::string& name, bool exchanged) {
  const fs::path made = folder_ / name, published = destination_ / name;
  if (exchanged)
    renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, published.c_str(), RENAME_EXCHANGE);
  else
    std::rename(published.c_str(), made.c_str());
}

Status Staging::Publish(std::span<const std::string> names) {
  std::vector<bool> exchanged;
  for (const std::string& name : names) {
    bool was_there = false;
    const Status status = PublishOne(name, &was_there);
    if (status.ok()) {
      exchanged.push_back(was_there);
      continue;
    }
    while (!exchanged.empty()) {
      TakeBack(names[exchanged.size() - 1], exchanged.back());
      exchanged.pop_back();
    }
    return status;
  }
  return Ok();
}

}  // namespace fairlead
