#include "plugin/memory.hpp"

#include <fcntl.h>
#include <link.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/utf8.hpp"

namespace fairlead {
namespace {

// write() reads the byte in the kernel: a bad address is EFAULT there instead of a signal here.
bool KernelCanRead(uint64_t begin, uint64_t size) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return false;
  constexpr uint64_t kPage = 4096;
  bool readable = true;
  for (uint64_t at = begin; readable && at < begin + size; at = std::min((at / kPage + 1) * kPage, begin + size)) {
    char byte;
    ssize_t written;
    do written = write(ends[1], reinterpret_cast<const void*>(at), 1);
    while (written < 0 && errno == EINTR);
    readable = written == 1 && read(ends[0], &byte, 1) == 1;
  }
  close(ends[0]);
  close(ends[1]);
  return readable;
}

}  // namespace

PluginMemory::PluginMemory() {
  const auto visit = [](dl_phdr_info* image, std::size_t, void* data) {
    auto& segments = *static_cast<std::vector<Segment>*>(data);
    for (int i = 0; i < image->dlpi_phnum; ++i) {
      const ElfW(Phdr)& header = image->dlpi_phdr[i];
      if (header.p_type != PT_LOAD) continue;
      const uint64_t begin = image->dlpi_addr + header.p_vaddr;
      segments.push_back({begin, begin + header.p_memsz, header.p_flags});
    }
    return 0;
  };
  dl_iterate_phdr(visit, &segments_);
  std::ranges::sort(segments_, {}, &Segment::begin);
}

bool PluginMemory::IsReadable(const void* data, uint64_t size) const {
  const auto begin = reinterpret_cast<uint64_t>(data);
  if (data == nullptr || size > UINT64_MAX - begin) return false;
  if (size == 0) return true;
  auto after = std::ranges::upper_bound(segments_, begin, {}, &Segment::begin);
  if (after != segments_.begin()) {
    const Segment& segment = *std::prev(after);
    if (begin < segment.end) return (segment.flags & PF_R) != 0 && begin + size <= segment.end;
  }
  return KernelCanRead(begin, size);
}

bool PluginMemory::IsCode(const void* function) const {
  const auto at = reinterpret_cast<uint64_t>(function);
  auto after = std::ranges::upper_bound(segments_, at, {}, &Segment::begin);
  if (function == nullptr || after == segments_.begin()) return false;
  const Segment& segment = *std::prev(after);
  return at < segment.end && (segment.flags & PF_X) != 0;
}

Result<std::string> PluginMemory::Text(fl_str text, uint64_t limit, std::string_view what) const {
  if (text.data == nullptr || text.size == 0) return Error("FL9005", "{} is empty", what);
  return OptionalText(text, limit, what);
}

Result<std::string> PluginMemory::OptionalText(fl_str text, uint64_t limit, std::string_view what) const {
  if (text.data == nullptr) return std::string();
  if (text.size > limit) return Error("FL9005", "{} claims {} bytes, at most {} are allowed", what, text.size, limit);
  if (!IsReadable(text.data, text.size)) return Error("FL9005", "{} points to memory that cannot be read", what);
  std::string copy(text.data, text.size);
  if (!IsValidUtf8(copy)) return Error("FL9005", "{} is not UTF-8", what);
  return copy;
}

Status PluginMemory::CopyStruct(const void* data, uint32_t least, uint32_t known, void* out, std::string_view what) const {
  if (data == nullptr) return Error("FL9005", "{} is null", what);
  if (reinterpret_cast<uint64_t>(data) % alignof(uint64_t) != 0) return Error("FL9005", "{} is not aligned", what);
  if (!IsReadable(data, sizeof(uint32_t))) return Error("FL9005", "{} lies in memory that cannot be read", what);
  uint32_t size;
  std::memcpy(&size, data, sizeof size);
  if (size < least || size > kMaxStructSize) {
    return Error("FL9005", "{} says it has {} bytes, wanted {} to {}", what, size, least, kMaxStructSize);
  }
  if (!IsReadable(data, size)) return Error("FL9005", "{} says it has {} bytes, which cannot all be read", what, size);
  const auto* bytes = static_cast<const unsigned char*>(data);
  std::memcpy(out, bytes, std::min(size, known));
  if (size > known && std::any_of(bytes + known, bytes + size, [](unsigned char byte) { return byte != 0; })) {
    return Error("FL9005", "{} sets members after byte {}, which this host does not know", what, known);
  }
  return Ok();
}

Status CheckRows(const PluginMemory& memory, const void* rows, uint64_t count, uint32_t stride, uint32_t least,
                 uint64_t limit, std::string_view what) {
  if (count > limit) return Error("FL9005", "{}: {} rows, at most {} are allowed", what, count, limit);
  if (count == 0) return Ok();
  if (stride < least || stride > kMaxStructSize || stride % alignof(uint64_t) != 0) {
    return Error("FL9005", "{}: a stride of {} bytes, wanted a multiple of 8 from {} to {}", what, stride, least,
                 kMaxStructSize);
  }
  if (rows == nullptr) return Error("FL9005", "{}: {} rows at a null pointer", what, count);
  if (!memory.IsReadable(rows, (count - 1) * stride + least)) {
    return Error("FL9005", "{}: {} rows of {} bytes, which cannot all be read", what, count, stride);
  }
  return Ok();
}

bool IsValidUtf8(std::string_view text) {
  while (true) {
    uint64_t word;  // eight ASCII bytes at a time, which is what plugins write
    for (; text.size() >= sizeof word; text.remove_prefix(sizeof word)) {
      std::memcpy(&word, text.data(), sizeof word);
      if ((word & 0x8080808080808080) != 0) break;
    }
    if (text.empty()) return true;
    const std::size_t length = Utf8SequenceLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
}

}  // namespace fairlead
