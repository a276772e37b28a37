#include "archive/json.hpp"

#include <charconv>
#include <cstring>

#define RAPIDJSON_ASSERT(condition) FL_CHECK(condition, "RapidJSON is used within its contract")
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

namespace fairlead {
namespace {

const rapidjson::Value& Native(const void* value) {
  static const rapidjson::Value kNull;
  return value == nullptr ? kNull : *static_cast<const rapidjson::Value*>(value);
}

// Passes events on to the document, numbers as their exact values, and stops when values are nested too deep.
class Builder {
 public:
  Builder(rapidjson::Document& document, std::size_t& depth) : document_(document), depth_(depth) {}

  bool Null() { return document_.Null(); }
  bool Bool(bool value) { return document_.Bool(value); }
  // RapidJSON's own conversion computes with the logarithm of zero for "0e-30".
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    const char* const end = text + size;
    int64_t integer = 0;
    if (const auto [stop, error] = std::from_chars(text, end, integer); error == std::errc() && stop == end)
      return document_.Int64(integer);
    double real = 0;
    const auto [stop, error] = std::from_chars(text, end, real);  // "NaN" and "Infinity" too
    // RapidJSON has refused what is too large, so this one is too small.
    if (error == std::errc::result_out_of_range) real = *text == '-' ? -0.0 : 0.0;
    return stop == end && document_.Double(real);
  }
  // Not called: numbers come as text.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }
  bool String(const char* text, rapidjson::SizeType size, bool copy) { return document_.String(text, size, copy); }
  bool Key(const char* text, rapidjson::SizeType size, bool copy) { return document_.Key(text, size, copy); }
  bool StartObject() { return Enter() && document_.StartObject(); }
  bool EndObject(rapidjson::SizeType members) { return --depth_, document_.EndObject(members); }
  bool StartArray() { return Enter() && document_.StartArray(); }
  bool EndArray(rapidjson::SizeType elements) { return --depth_, document_.EndArray(elements); }

 private:
  bool Enter() { return ++depth_ <= JsonDocument::kMaxDepth; }

  rapidjson::Document& document_;
  std::size_t& depth_;
};

// RapidJSON ends at a NUL, but looks three bytes further where a UTF-8 sequence is cut off.
constexpr std::size_t kPadding = 8;

constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag | rapidjson::kParseNanAndInfFlag |
                            rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag;

}  // namespace

// ---- values

bool JsonValue::IsNull() const { return Native(value_).IsNull(); }
bool JsonValue::IsObject() const { return Native(value_).IsObject(); }
bool JsonValue::IsArray() const { return Native(value_).IsArray(); }
bool JsonValue::IsString() const { return Native(value_).IsString(); }

std::optional<bool> JsonValue::AsBool() const {
  const auto& value = Native(value_);
  return value.IsBool() ? std::optional(value.GetBool()) : std::nullopt;
}

std::optional<int64_t> JsonValue::AsInt() const {
  const auto& value = Native(value_);
  return value.IsInt64() ? std::optional(value.GetInt64()) : std::nullopt;
}

std::optional<double> JsonValue::AsDouble() const {
  const auto& value = Native(value_);
  return value.IsNumber() ? std::optional(value.GetDouble()) : std::nullopt;
}

std::string_view JsonValue::text() const {
  const auto& value = Native(value_);
  return value.IsString() ? std::string_view(value.GetString(), value.GetStringLength()) : std::string_view();
}

std::size_t JsonValue::size() const {
  const auto& value = Native(value_);
  return value.IsArray() ? value.Size() : value.IsObject() ? value.MemberCount() : 0;
}

JsonValue JsonValue::operator[](std::size_t index) const {
  const auto& value = Native(value_);
  if (!value.IsArray() || index >= value.Size()) return {};
  return JsonValue(&value[static_cast<rapidjson::SizeType>(index)]);
}

JsonValue JsonValue::operator[](std::string_view key) const {
  const auto& value = Native(value_);
  if (!value.IsObject()) return {};
  for (auto member = value.MemberBegin(); member != value.MemberEnd(); ++member)
    if (member->name.GetStringLength() == key.size() && std::memcmp(member->name.GetString(), key.data(), key.size()) == 0)
      return JsonValue(&member->value);
  return {};
}

JsonMember JsonValue::member(std::size_t index) const {
  const auto& value = Native(value_);
  if (!value.IsObject() || index >= value.MemberCount()) return {};
  const auto member = value.MemberBegin() + static_cast<std::ptrdiff_t>(index);
  return {{member->name.GetString(), member->name.GetStringLength()}, JsonValue(&member->value)};
}

// ---- the document

struct JsonDocument::State {
  std::unique_ptr<char[]> text;  // strings are unescaped in it and stay there
  rapidjson::Document document;
};

JsonDocument::JsonDocument(std::unique_ptr<State> state) : state_(std::move(state)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

JsonValue JsonDocument::root() const { return JsonValue(static_cast<const rapidjson::Value*>(&state_->document)); }

Result<JsonDocument> JsonDocument::Parse(std::string_view text, std::string_view name) {
  if (text.size() > kMaxSize)
    return Error("FL1001", "{}: {} bytes of JSON, at most {} are read", name, text.size(), kMaxSize);
  auto state = std::make_unique<State>();
  state->text = std::make_unique_for_overwrite<char[]>(text.size() + kPadding);
  if (!text.empty()) std::memcpy(state->text.get(), text.data(), text.size());
  std::memset(state->text.get() + text.size(), 0, kPadding);

  rapidjson::Reader reader;
  rapidjson::InsituStringStream stream(state->text.get());
  std::size_t depth = 0;
  auto generate = [&](rapidjson::Document& document) {
    Builder handler(document, depth);
    return !reader.Parse<kFlags>(stream, handler).IsError();
  };
  state->document.Populate(generate);
  if (depth > kMaxDepth) return Error("FL1001", "{}: JSON nested deeper than {}", name, kMaxDepth);
  if (reader.HasParseError())
    return Error("FL1001", "{}: not JSON at offset {}: {}", name, reader.GetErrorOffset(),
                 rapidjson::GetParseError_En(reader.GetParseErrorCode()));
  // RapidJSON takes a NUL for the end.
  if (stream.Tell() != text.size()) return Error("FL1001", "{}: a NUL byte at offset {} of the JSON", name, stream.Tell());
  return JsonDocument(std::move(state));
}

}  // namespace fairlead
