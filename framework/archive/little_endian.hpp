// Little-endian numbers at a byte offset. The caller has checked the bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace fairlead {

// The host is little-endian (x86-64, AArch64), and so is every container read here.
template <class T> T LoadAt(std::span<const std::byte> bytes, uint64_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

inline uint16_t Load16(std::span<const std::byte> bytes, uint64_t offset) { return LoadAt<uint16_t>(bytes, offset); }
inline uint32_t Load32(std::span<const std::byte> bytes, uint64_t offset) { return LoadAt<uint32_t>(bytes, offset); }
inline uint64_t Load64(std::span<const std::byte> bytes, uint64_t offset) { return LoadAt<uint64_t>(bytes, offset); }

}  // namespace fairlead
