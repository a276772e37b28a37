#include "base/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace fairlead {

Result<std::shared_ptr<const MappedFile>> MappedFile::Open(const std::filesystem::path& path) {
  std::shared_ptr<MappedFile> file(new MappedFile);
  file->path_ = path;
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  file->descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file->descriptor_ < 0)
    return Error("FL1001", "{} cannot be opened: {}", path.string(), std::strerror(errno))
        .WithHint("Check the path and its permissions.");
  struct stat info = {};
  if (fstat(file->descriptor_, &info) != 0)
    return Error("FL1001", "{} cannot be examined: {}", path.string(), std::strerror(errno));
  if (!S_ISREG(info.st_mode))
    return Error("FL1001", "{} is not a regular file", path.string()).WithHint("Name a file, not a folder or a device.");
  file->links_ = info.st_nlink;
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0) return std::shared_ptr<const MappedFile>(file);
  void* const address = mmap(nullptr, size, PROT_READ, MAP_SHARED, file->descriptor_, 0);
  if (address == MAP_FAILED)
    return Error("FL1001", "{} cannot be mapped: {}", path.string(), std::strerror(errno))
        .WithHint(
            "Raise the limit of the address space (ulimit -v): files are mapped, which takes room in it and no memory.");
  file->bytes_ = {static_cast<const std::byte*>(address), size};
  return std::shared_ptr<const MappedFile>(file);
}

std::shared_ptr<const MappedFile> MappedFile::FromBytes(std::vector<std::byte> bytes, std::filesystem::path name) {
  std::shared_ptr<MappedFile> file(new MappedFile);
  file->path_ = std::move(name);
  file->memory_ = std::move(bytes);
  file->bytes_ = file->memory_;
  return file;
}

bool MappedFile::IsAt(const std::filesystem::path& path) const {
  struct stat ours = {}, theirs = {};
  return descriptor_ >= 0 && fstat(descriptor_, &ours) == 0 && stat(path.c_str(), &theirs) == 0 &&
         ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

MappedFile::~MappedFile() {
  if (descriptor_ >= 0 && !bytes_.empty()) munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace fairlead
