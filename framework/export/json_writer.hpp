// Writes JSON in the order of the calls, so that the same content gives the same bytes.
//
//   JsonWriter json;
//   json.BeginObject().Key("output").String("model.onnx").Key("inputs").BeginArray().String("x").End().End();
//   json.text();   // {"output":"model.onnx","inputs":["x"]}
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead {

class JsonWriter {
 public:
  JsonWriter& BeginObject() { return Begin('{', '}'); }
  JsonWriter& BeginArray() { return Begin('[', ']'); }
  JsonWriter& End();  // of the innermost object or array
  JsonWriter& Key(std::string_view key);
  JsonWriter& String(std::string_view text);  // invalid UTF-8 becomes U+FFFD, control characters \uNNNN
  JsonWriter& Integer(int64_t number);
  JsonWriter& Number(double number);  // NaN and infinities, which JSON does not have, become strings
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  JsonWriter& Raw(std::string_view json);  // one value that is JSON already

  const std::string& text() const { return text_; }

 private:
  JsonWriter& Begin(char open, char close);
  void Separate();

  std::string text_;
  std::vector<char> open_;  // what closes each open object or array
  bool first_ = true;       // nothing stands in the innermost one yet
  bool after_key_ = false;
};

}  // namespace fairlead
