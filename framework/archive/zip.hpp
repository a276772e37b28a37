// Reads zip archives from memory, hostile ones included.
//
//   FL_ASSIGN_OR_RETURN(ZipArchive zip, ZipArchive::Open(WholeFile(file), "model.pt2"));
//   const ZipEntry* entry = zip.Find("model/byteorder");
//   FL_ASSIGN_OR_RETURN(Content content, zip.Read(*entry, ZipArchive::Crc::kCheck));
//
// Only the central directory is believed: PyTorch writes zeros into local headers. Stored entries are views into the
// archive's bytes, deflated ones are inflated into memory once. ZIP64 is read, encryption and several disks are refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "archive/content.hpp"
#include "base/status.hpp"

namespace fairlead {

struct ZipEntry {
  std::string name;          // relative, '/' between parts, no ".." part; unique in its archive
  uint64_t offset = 0;       // of the data, from the start of the archive's bytes
  uint64_t stored_size = 0;  // bytes in the archive
  uint64_t size = 0;         // bytes as read
  uint32_t crc = 0;
  uint16_t method = 0;  // 0 stored, 8 deflated; any other is refused by Read
  bool IsStored() const { return method == 0; }
};

// Copies share what was inflated. Not thread-safe.
class ZipArchive {
 public:
  enum class Crc : uint8_t { kCheck, kSkip };

  static constexpr uint64_t kMaxEntries = 1'000'000;
  // What all entries of one archive may inflate to, and by how much an entry over 64 MiB may grow.
  static constexpr uint64_t kMaxInflated = uint64_t{4} << 30;
  static constexpr uint64_t kMaxRatio = 200;

  // FL1001, naming `name`, unless the directory is whole: every entry inside the bytes before the directory, none
  // overlapping another, names unique and relative. Trailing bytes after the archive are refused.
  static Result<ZipArchive> Open(Content content, std::string name);

  const std::string& name() const { return name_; }
  const std::vector<ZipEntry>& entries() const { return entries_; }  // in the directory's order
  const ZipEntry* Find(std::string_view name) const;                 // null when there is none

  // The entry's bytes. FL1001 when its CRC is wrong (kCheck, and always for deflated entries), its method unknown, or
  // when it inflates to anything but `size` bytes.
  Result<Content> Read(const ZipEntry& entry, Crc crc) const;

 private:
  struct Directory {
    uint64_t offset, size, count;
  };
  Result<Directory> FindDirectory() const;
  Status ReadDirectory(const Directory& directory);
  Status LocateData(const Directory& directory, const std::vector<uint64_t>& headers);
  Result<Content> Inflate(const ZipEntry& entry) const;

  struct Inflated {
    std::unordered_map<uint64_t, Content> contents;  // by offset
    uint64_t size = 0;
  };

  Content content_;
  std::string name_;
  std::vector<ZipEntry> entries_;
  std::unordered_map<std::string, std::size_t> index_;
  std::shared_ptr<Inflated> inflated_ = std::make_shared<Inflated>();
};

}  // namespace fairlead
