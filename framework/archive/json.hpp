// The one door to JSON: a parsed document and small views of its values.
//
//   FL_ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(text, "models/model.json"));
//   for (const JsonValue node : document.root()["graph"]["nodes"]) node["target"].text();
//
// Reading never fails half-way: a missing member, a member of the wrong kind and null are all the same null value, which
// has no text, no elements and no number. The reader decides whether that is an error.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/status.hpp"

namespace fairlead {

struct JsonMember;

// A view; valid as long as its document. Iteration goes over the elements of an array.
class JsonValue {
 public:
  JsonValue() = default;

  bool IsNull() const;
  bool IsObject() const;
  bool IsArray() const;
  bool IsString() const;
  std::optional<bool> AsBool() const;
  std::optional<int64_t> AsInt() const;    // a number written without fraction or exponent that fits
  std::optional<double> AsDouble() const;  // any number, NaN and Infinity included
  std::string_view text() const;           // of a string; else empty

  std::size_t size() const;                          // elements of an array, members of an object, else 0
  JsonValue operator[](std::size_t index) const;     // null past the end
  JsonValue operator[](std::string_view key) const;  // the first member of that name
  JsonMember member(std::size_t index) const;        // null past the end

  class Iterator {
   public:
    Iterator(const JsonValue* array, std::size_t index) : array_(array), index_(index) {}
    JsonValue operator*() const { return (*array_)[index_]; }
    Iterator& operator++() { return ++index_, *this; }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const JsonValue* array_;
    std::size_t index_;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, IsArray() ? size() : 0}; }

 private:
  friend class JsonDocument;
  explicit JsonValue(const void* value) : value_(value) {}
  const void* value_ = nullptr;  // a RapidJSON value, or null for a JSON null that nobody wrote
};

struct JsonMember {
  std::string_view key;
  JsonValue value;
};

// Owns the text and the values. Movable; views stay valid.
class JsonDocument {
 public:
  static constexpr std::size_t kMaxSize = std::size_t{1} << 31;
  static constexpr std::size_t kMaxDepth = 512;

  // UTF-8, RFC 8259 with the bare tokens NaN, Infinity and -Infinity of Python's json. FL1001 with `name` and the offset;
  // also when the text or its nesting exceeds the limits.
  static Result<JsonDocument> Parse(std::string_view text, std::string_view name);
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  JsonValue root() const;

 private:
  struct State;
  explicit JsonDocument(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fairlead
