// Writing protobuf's wire format by hand, for messages whose bytes must not all be in memory.
#pragma once

#include <google/protobuf/message_lite.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace fairlead::onnx_room {

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5 };

inline void PutVarint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}
inline void PutTag(std::string& out, int field, WireType type) {
  PutVarint(out, static_cast<uint64_t>(field) << 3 | static_cast<uint64_t>(type));
}
inline void PutNumber(std::string& out, int field, uint64_t value) {
  PutTag(out, field, WireType::kVarint);
  PutVarint(out, value);
}
// Announces `size` bytes of a string or message, which the caller appends.
inline void PutLengthHeader(std::string& out, int field, uint64_t size) {
  PutTag(out, field, WireType::kLength);
  PutVarint(out, size);
}
inline void PutBytes(std::string& out, int field, std::string_view bytes) {
  PutLengthHeader(out, field, bytes.size());
  out += bytes;
}
inline void PutMessage(std::string& out, int field, const google::protobuf::MessageLite& message) {
  PutBytes(out, field, message.SerializeAsString());
}

}  // namespace fairlead::onnx_room
