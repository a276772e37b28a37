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
  for (std::string repaired = RepairUtf8(text); const char c : repaired) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      text_ += fmt::format("\\u{:04x}", byte);
    } else {
      text_ += c;
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
