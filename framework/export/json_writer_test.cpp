#include "export/json_writer.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "archive/json.hpp"

namespace fairlead {
namespace {

TEST(JsonWriter, SeparatesAndNests) {
  JsonWriter json;
  json.BeginObject().Key("a").BeginArray().Integer(1).Null().Bool(true).BeginObject().End().End().Key("b").Raw("[2]").End();
  EXPECT_EQ(json.text(), R"({"a":[1,null,true,{}],"b":[2]})");
}

TEST(JsonWriter, WhatItWritesReadsBack) {
  const std::string text = "quote \" slash \\ line\n bell\x07 umlaut \xC3\xA4 \xF0\x9F\x9A\xA2";
  JsonWriter json;
  json.BeginArray().String(text).Number(0.1).Number(1e300).Integer(INT64_MIN).End();
  const auto document = JsonDocument::Parse(json.text(), "written");
  ASSERT_TRUE(document.ok()) << document.status().message();
  EXPECT_EQ(document->root()[0].text(), text);
  EXPECT_EQ(document->root()[1].AsDouble(), 0.1);
  EXPECT_EQ(document->root()[2].AsDouble(), 1e300);
  EXPECT_EQ(document->root()[3].AsInt(), INT64_MIN);
}

TEST(JsonWriter, NumbersThatJsonDoesNotHaveAreText) {
  JsonWriter json;
  json.BeginArray().Number(std::numeric_limits<double>::quiet_NaN()).Number(-std::numeric_limits<double>::infinity()).End();
  EXPECT_EQ(json.text(), R"(["NaN","-Infinity"])");
}

TEST(JsonWriter, LeavesNoControlCharacterAndNoBrokenUtf8) {
  JsonWriter json;
  json.String("\x1b[2J \xC2\x9B \xFF");
  EXPECT_EQ(json.text(), "\"\\u001b[2J \\u009b \xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace fairlead
