#include "archive/json.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <string>
#include <vector>

namespace fairlead {
namespace {

using ::testing::HasSubstr;

JsonDocument Parsed(std::string_view text) {
  auto document = JsonDocument::Parse(text, "t.json");
  EXPECT_TRUE(document.ok()) << document.error().message;
  return *std::move(document);
}

std::string ErrorOf(std::string_view text) {
  const auto document = JsonDocument::Parse(text, "t.json");
  return document.ok() ? "parsed" : document.error().message;
}

TEST(Json, GivesViewsOfEveryKind) {
  const JsonDocument document = Parsed(R"({"a": [1, 2.5, "t\u00e4", true, null], "b": {"c": -7}})");
  const JsonValue a = document.root()["a"];
  ASSERT_EQ(a.size(), 5u);
  EXPECT_EQ(a[0].AsInt(), 1);
  EXPECT_EQ(a[1].AsInt(), std::nullopt);
  EXPECT_EQ(a[1].AsDouble(), 2.5);
  EXPECT_EQ(a[2].text(), "t\xc3\xa4");
  EXPECT_EQ(a[3].AsBool(), true);
  EXPECT_TRUE(a[4].IsNull());
  EXPECT_EQ(document.root()["b"]["c"].AsInt(), -7);
  EXPECT_EQ(document.root().member(1).key, "b");
}

TEST(Json, AnswersNullForWhatIsNotThere) {
  const JsonDocument document = Parsed(R"({"a": 1})");
  EXPECT_TRUE(document.root()["b"]["c"][7]["d"].IsNull());
  EXPECT_EQ(document.root()["a"].size(), 0u);
  EXPECT_EQ(document.root()["a"].text(), "");
  for (const JsonValue element : document.root()["a"]) ADD_FAILURE() << element.text();
}

TEST(Json, KeepsIntegersAndDoublesExactly) {
  const JsonDocument document = Parsed("[9223372036854775807, -9223372036854775808, 3.4028234663852886e+38, 1e-05, 0.1]");
  EXPECT_EQ(document.root()[0].AsInt(), INT64_MAX);
  EXPECT_EQ(document.root()[1].AsInt(), INT64_MIN);
  EXPECT_EQ(document.root()[2].AsDouble(), 3.4028234663852886e+38);
  EXPECT_EQ(document.root()[3].AsDouble(), 1e-05);
  EXPECT_EQ(document.root()[4].AsDouble(), 0.1);
}

TEST(Json, ReadsZerosWithExponentsAndOddNumbers) {
  const JsonDocument document =
      Parsed("[0e-30, 0.0e30, -0.0, 5e-324, 1.7976931348623157e308, 18446744073709551615, 1e-400]");
  const std::vector<double> values = {0, 0, 0, 5e-324, 1.7976931348623157e308, 18446744073709551615.0, 0};
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(document.root()[i].AsDouble(), values[i]) << i;
  EXPECT_TRUE(std::signbit(*document.root()[2].AsDouble()));
}

TEST(Json, ReadsPythonsNonFiniteNumbers) {
  const JsonDocument document = Parsed("[NaN, Infinity, -Infinity]");
  EXPECT_TRUE(std::isnan(*document.root()[0].AsDouble()));
  EXPECT_EQ(document.root()[1].AsDouble(), INFINITY);
  EXPECT_EQ(document.root()[2].AsDouble(), -INFINITY);
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const char* const text : {"", "{", "[1,]", "{\"a\" 1}", "1 2", "\"\xff\"", "nul", "[1}", "1e400", "--1", "01"})
    EXPECT_THAT(ErrorOf(text), HasSubstr("t.json: not JSON at offset")) << text;
}

TEST(Json, RefusesCutOffUtf8) {
  for (const std::string text : {"[\"\xf0", "[\"\xf0\x90", "[\"\xe2\x82", "[\"\xc3"})
    EXPECT_THAT(ErrorOf(text), HasSubstr("not JSON")) << text;
}

TEST(Json, RefusesTextAfterANulByte) { EXPECT_THAT(ErrorOf(std::string_view("{}\0{}", 5)), HasSubstr("NUL byte")); }

TEST(Json, RefusesDeepNesting) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(ErrorOf(nested(512)), "parsed");
  EXPECT_THAT(ErrorOf(nested(513)), HasSubstr("nested deeper than 512"));
  EXPECT_THAT(ErrorOf(std::string(10'000'000, '[')), HasSubstr("nested deeper than 512"));
}

}  // namespace
}  // namespace fairlead
