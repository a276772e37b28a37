// What a plugin's pointers may be followed to. Tables and strings of a plugin are read only through this, so that a wild
// pointer is a sentence and not a crash.
//
//   PluginMemory memory;                                        // after the library was opened
//   memory.IsReadable(table, 64);                               // 64 bytes from there
//   FL_ASSIGN_OR_RETURN(std::string id, memory.Text(row.id, 95, "id"));
#pragma once

#include <fairlead/sdk/abi/base.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"

namespace fairlead {

// Bounds on what a plugin may claim; far beyond what any needs.
inline constexpr uint32_t kMaxStructSize = 4096;
inline constexpr uint64_t kMaxRows = 100'000;
inline constexpr uint64_t kMaxText = 64 * 1024;

// A picture of the segments mapped when it was made. Immutable, any thread.
class PluginMemory {
 public:
  PluginMemory();

  // Segments of loaded libraries are known; memory elsewhere (a plugin's heap) is asked of the kernel, page by page.
  bool IsReadable(const void* data, uint64_t size) const;
  // In an executable segment of a loaded library.
  bool IsCode(const void* function) const;
  template <class F> bool IsCode(F* function) const { return IsCode(reinterpret_cast<const void*>(function)); }

  // A copy of a string that must be present, at most `limit` bytes of valid UTF-8. `what` names it in the message; FL9005.
  Result<std::string> Text(fl_str text, uint64_t limit, std::string_view what) const;
  // The same for one that may be absent: then empty.
  Result<std::string> OptionalText(fl_str text, uint64_t limit, std::string_view what) const;

  // Copies a growing struct: the part that the host knows, the rest zero. FL9005 when it is unreadable, misaligned, shorter
  // than `least` (what the first version had), longer than kMaxStructSize, or sets bytes that this host does not know.
  template <class T> Result<T> Struct(const void* data, uint32_t least, std::string_view what) const {
    T copy{};
    FL_RETURN_IF_ERROR(CopyStruct(data, least, sizeof(T), &copy, what));
    return copy;
  }

 private:
  struct Segment {
    uint64_t begin, end;
    uint32_t flags;
  };
  Status CopyStruct(const void* data, uint32_t least, uint32_t known, void* out, std::string_view what) const;

  std::vector<Segment> segments_;  // sorted, of PT_LOAD
};

// The length of a row array is checked once: count, stride, product, readability. FL9005.
Status CheckRows(const PluginMemory& memory, const void* rows, uint64_t count, uint32_t stride, uint32_t least,
                 uint64_t limit, std::string_view what);

bool IsValidUtf8(std::string_view text);

}  // namespace fairlead
