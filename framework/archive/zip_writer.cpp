#include "archive/zip_writer.hpp"

#include <zlib.h>

#include <algorithm>

namespace fairlead {
namespace {

// Builds a record field by field, little-endian.
class Record {
 public:
  Record& U16(uint64_t value) { return Number(value, 2); }
  Record& U32(uint64_t value) { return Number(value, 4); }
  Record& U64(uint64_t value) { return Number(value, 8); }
  std::string_view text() const { return text_; }

 private:
  Record& Number(uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) text_ += static_cast<char>(value >> (8 * i) & 0xff);
    return *this;
  }
  std::string text_;
};

constexpr uint64_t kVersion = 45, kUtf8Flag = 0x800, kDate1980 = 0x21;

}  // namespace

void ZipWriter::Write(std::span<const std::byte> bytes) {
  out_.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  written_ += bytes.size();
}

void ZipWriter::Add(std::string_view name, std::initializer_list<std::span<const std::byte>> parts) {
  Entry entry{std::string(name), written_, 0, 0};
  for (const auto part : parts) {
    entry.size += part.size();
    entry.crc = static_cast<uint32_t>(crc32_z(entry.crc, reinterpret_cast<const Bytef*>(part.data()), part.size()));
  }
  // The ZIP64 field is always there: readers must skip what they do not need.
  const uint64_t size32 = std::min<uint64_t>(entry.size, UINT32_MAX);
  Record header;
  header.U32(0x04034b50).U16(kVersion).U16(kUtf8Flag).U16(0).U16(0).U16(kDate1980).U32(entry.crc);
  header.U32(size32).U32(size32).U16(name.size()).U16(20);
  Write(header.text());
  Write(name);
  Write(Record().U16(1).U16(16).U64(entry.size).U64(entry.size).text());
  for (const auto part : parts) Write(part);
  entries_.push_back(std::move(entry));
}

void ZipWriter::WriteDirectoryRecord(const Entry& entry) {
  const bool large = entry.size >= UINT32_MAX || entry.header >= UINT32_MAX;
  Record record;
  record.U32(0x02014b50).U16(kVersion).U16(kVersion).U16(kUtf8Flag).U16(0).U16(0).U16(kDate1980).U32(entry.crc);
  for (int i = 0; i < 2; ++i) record.U32(large ? UINT32_MAX : entry.size);
  record.U16(entry.name.size()).U16(large ? 28 : 0).U16(0).U16(0).U16(0).U32(0).U32(large ? UINT32_MAX : entry.header);
  Write(record.text());
  Write(entry.name);
  if (large) Write(Record().U16(1).U16(24).U64(entry.size).U64(entry.size).U64(entry.header).text());
}

bool ZipWriter::Finish() {
  const uint64_t directory = written_;
  for (const Entry& entry : entries_) WriteDirectoryRecord(entry);
  const uint64_t size = written_ - directory, count = entries_.size();
  if (count >= UINT16_MAX || directory >= UINT32_MAX || size >= UINT32_MAX) {
    const uint64_t end64 = written_;
    Record record;
    record.U32(0x06064b50).U64(44).U16(kVersion).U16(kVersion).U32(0).U32(0).U64(count).U64(count).U64(size).U64(directory);
    record.U32(0x07064b50).U32(0).U64(end64).U32(1);
    Write(record.text());
  }
  Record end;
  end.U32(0x06054b50).U16(0).U16(0);
  for (int i = 0; i < 2; ++i) end.U16(std::min<uint64_t>(count, UINT16_MAX));
  end.U32(std::min<uint64_t>(size, UINT32_MAX)).U32(std::min<uint64_t>(directory, UINT32_MAX)).U16(0);
  Write(end.text());
  return static_cast<bool>(out_.flush());
}

}  // namespace fairlead
