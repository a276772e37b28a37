// Writes zip archives with stored entries, as numpy and PyTorch read them.
//
//   ZipWriter zip(out);            // a std::ostream opened in binary mode
//   zip.Add("x.npy", {header, data});
//   zip.Finish();                  // the directory; false when the stream failed
#pragma once

#include <cstdint>
#include <initializer_list>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead {

class ZipWriter {
 public:
  explicit ZipWriter(std::ostream& out) : out_(out) {}

  // One entry of the concatenated parts. ZIP64 where sizes or offsets need it.
  void Add(std::string_view name, std::initializer_list<std::span<const std::byte>> parts);
  bool Finish();

 private:
  struct Entry {
    std::string name;
    uint64_t header, size;
    uint32_t crc;
  };
  void Write(std::span<const std::byte> bytes);
  void Write(std::string_view text) { Write(std::as_bytes(std::span(text))); }
  void WriteDirectoryRecord(const Entry& entry);

  std::ostream& out_;
  uint64_t written_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace fairlead
