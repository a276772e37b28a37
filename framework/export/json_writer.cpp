#include "export/json_writer.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/status.hpp"
#include "base/utf8.hpp"

namespace fairlead {

JsonWriter& JsonWriter::Begin(char open, char close) {
  Separate();
  text_ += open;
  open_.push_back(close);
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::End() {
  FL_CHECK(!open_.empty() && !after_key_, "every End closes a Begin");
  text_ += open_.back();
  open_.pop_back();
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  String(key);
  text_ += ':';
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view text) {
  Separate();
  text_ += '"';
  const std::string repaired = RepairUtf8(text);
  for (std::size_t i = 0; i < repaired.size(); ++i) {
    const auto byte = static_cast<unsigned char>(repaired[i]);
    if (byte == '"' || byte == '\\') {
      text_ += '\\';
      text_ += repaired[i];
    } else if (byte < 0x20 || byte == 0x7F) {
      text_ += fmt::format("\\u{:04x}", byte);
    } else if (byte == 0xC2 &&
               static_cast<unsigned char>(repaired[i + 1]) < 0xA0) {  // U+0080 to U+009F steer terminals, too
      text_ += fmt::format("\\u{:04x}", static_cast<unsigned char>(repaired[++i]));
    } else {
      text_ += repaired[i];
    }
  }
  text_ += '"';
  return *this;
}

JsonWriter& JsonWriter::Integer(int64_t number) { return Raw(fmt::format("{}", number)); }

JsonWriter& JsonWriter::Number(double number) {
  if (!std::isfinite(number)) return String(std::isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
  return Raw(fmt::format("{}", number));
}

JsonWriter& JsonWriter::Bool(bool value) { return Raw(value ? "true" : "false"); }

JsonWriter& JsonWriter::Null() { return Raw("null"); }

JsonWriter& JsonWriter::Raw(std::string_view json) {
  Separate();
  text_ += json;
  return *this;
}

void JsonWriter::Separate() {
  if (!first_ && !after_key_) text_ += ',';
  first_ = after_key_ = false;
}

}  // namespace fairlead
