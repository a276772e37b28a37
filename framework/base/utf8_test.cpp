#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace fairlead {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";

TEST(Utf8SequenceLength, KnowsTheEdgesOfEachLength) {
  EXPECT_EQ(Utf8SequenceLength(""), 0U);
  EXPECT_EQ(Utf8SequenceLength("\x7F"), 1U);
  EXPECT_EQ(Utf8SequenceLength("\xC2\x80"), 2U);          // U+0080
  EXPECT_EQ(Utf8SequenceLength("\xE0\xA0\x80"), 3U);      // U+0800
  EXPECT_EQ(Utf8SequenceLength("\xED\x9F\xBF"), 3U);      // U+D7FF
  EXPECT_EQ(Utf8SequenceLength("\xF0\x90\x80\x80"), 4U);  // U+10000
  EXPECT_EQ(Utf8SequenceLength("\xF4\x8F\xBF\xBF"), 4U);  // U+10FFFF
}

TEST(Utf8SequenceLength, RefusesWhatIsNotWellFormed) {
  for (const char* text : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC2", "\xE2\x82", "\xF0\x9F\x98", "\xC2x"})
    EXPECT_EQ(Utf8SequenceLength(text), 0U);
}

TEST(RepairUtf8, KeepsWellFormedText) { EXPECT_EQ(RepairUtf8("größe 😀"), "größe 😀"); }

TEST(RepairUtf8, ReplacesEachBrokenByte) {
  EXPECT_EQ(RepairUtf8("a\xFF\x62"), std::string("a") + kReplacement + "b");
  EXPECT_EQ(RepairUtf8("\xE2\x82"), std::string(kReplacement) + kReplacement);
}

}  // namespace
}  // namespace fairlead
