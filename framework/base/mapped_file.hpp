// A regular file mapped read-only; the bytes are the kernel's page cache, never a copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "base/status.hpp"

namespace fairlead {

// Stays mapped until the last shared_ptr goes. Views of `bytes()` must hold one.
class MappedFile {
 public:
  // FL1001 when the file cannot be opened or is not a regular file. An empty file maps to an empty span.
  static Result<std::shared_ptr<const MappedFile>> Open(const std::filesystem::path& path);
  // The same view of bytes that stand in no file: descriptor() is -1, links() is 0.
  static std::shared_ptr<const MappedFile> FromBytes(std::vector<std::byte> bytes, std::filesystem::path name);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }
  const std::filesystem::path& path() const { return path_; }  // as given to Open
  int descriptor() const { return descriptor_; }               // open for reading while the object lives; -1: in memory
  uint64_t links() const { return links_; }                    // hard links of the file when it was opened
  bool IsAt(const std::filesystem::path& path) const;          // whether `path` leads to this file now, by whatever links

 private:
  MappedFile() = default;

  std::span<const std::byte> bytes_;
  std::vector<std::byte> memory_;  // what bytes_ views when there is no descriptor
  std::filesystem::path path_;
  int descriptor_ = -1;
  uint64_t links_ = 0;
};

}  // namespace fairlead
