#include "ir/number_text.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <fstream>
#include <sstream>

namespace fairlead {
namespace {

// Lines of tests/data/numbers/numbers.txt that begin with `kind`; made by make_numbers.py with numpy and ml_dtypes.
std::vector<std::array<std::string, 3>> Lines(const std::string& kind) {
  std::ifstream file(FAIRLEAD_TEST_DATA "/numbers/numbers.txt");
  std::vector<std::array<std::string, 3>> lines;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string first;
    std::array<std::string, 3> rest;
    words >> first >> rest[0] >> rest[1] >> rest[2];
    if (first == kind) lines.push_back(rest);
  }
  return lines;
}

TEST(NumberText, GivesTheValueThatNumpyGivesForTheSameBits) {
  const auto lines = Lines("decode");
  ASSERT_GT(lines.size(), 1000U);
  for (const auto& [type_name, bits_text, value_text] : lines) {
    const DType type = *ParseDType(type_name);
    const uint64_t bits = std::stoull(bits_text, nullptr, 16);
    const std::string text = NumberText(type, bits);
    if (value_text == "nan") {
      EXPECT_EQ(text.substr(0, 3), "nan") << type_name << ' ' << bits_text;
    } else {
      // The shortest decimal stands for the same number of the type, not for the same double.
      const double expected = std::stod(value_text), got = *ParseDouble(text);
      EXPECT_EQ(std::signbit(got), std::signbit(expected)) << type_name << ' ' << bits_text;
      EXPECT_EQ(std::isinf(got), std::isinf(expected)) << type_name << ' ' << bits_text;
      EXPECT_EQ(ParseNumber(type, value_text), bits) << type_name << ' ' << bits_text << ' ' << value_text;
    }
    EXPECT_EQ(ParseNumber(type, text), bits) << type_name << ' ' << bits_text << ' ' << text;
  }
}

TEST(ParseNumber, RoundsAsNumpyDoes) {
  const auto lines = Lines("round");
  ASSERT_GT(lines.size(), 300U);
  for (const auto& [type_name, value_text, bits_text] : lines)
    EXPECT_EQ(ParseNumber(*ParseDType(type_name), value_text), std::stoull(bits_text, nullptr, 16))
        << type_name << ' ' << value_text;
}

TEST(NumberText, IsTheShortestThatReadsBack) {
  EXPECT_EQ(NumberText(DType::kFloat, std::bit_cast<uint32_t>(0.1F)), "0.1");
  EXPECT_EQ(NumberText(0.1), "0.1");
  EXPECT_EQ(NumberText(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(NumberText(DType::kFloat16, *ParseNumber(DType::kFloat16, "0.1")), "0.1");
  EXPECT_EQ(NumberText(DType::kBFloat16, *ParseNumber(DType::kBFloat16, "3.14")), "3.14");
  EXPECT_EQ(NumberText(DType::kFloat8E4M3FN, *ParseNumber(DType::kFloat8E4M3FN, "448")), "450.0") << "448 is its nearest";
}

TEST(NumberText, OfAFloatNeverLooksLikeAnInteger) {
  EXPECT_EQ(NumberText(1.0), "1.0");
  EXPECT_EQ(NumberText(-0.0), "-0.0");
  EXPECT_EQ(NumberText(1e20), "1e+20");
  EXPECT_EQ(NumberText(INFINITY), "inf");
  EXPECT_EQ(NumberText(-INFINITY), "-inf");
  EXPECT_EQ(NumberText(DType::kInt64, 1), "1");
}

TEST(NumberText, ReadsBackForEveryBitPatternOfTheSmallTypes) {
  for (const DType type :
       {DType::kFloat16, DType::kBFloat16, DType::kFloat8E4M3FN, DType::kFloat8E4M3FNUZ, DType::kFloat8E5M2,
        DType::kFloat8E5M2FNUZ, DType::kFloat8E8M0, DType::kFloat4E2M1, DType::kInt8, DType::kUint8, DType::kInt4,
        DType::kUint4, DType::kInt2, DType::kUint2, DType::kBool, DType::kInt16, DType::kUint16}) {
    for (uint64_t bits = 0; bits < (uint64_t{1} << BitWidth(type)); ++bits)
      ASSERT_EQ(ParseNumber(type, NumberText(type, bits)), bits)
          << Name(type) << ' ' << bits << ' ' << NumberText(type, bits);
  }
}

TEST(NumberText, SaysTheBitsOfAnUnusualNan) {
  EXPECT_EQ(NumberText(DType::kFloat, 0x7FC00000), "nan");
  EXPECT_EQ(NumberText(DType::kFloat, 0x7F800001), "nan(0x7f800001)");
  EXPECT_EQ(ParseNumber(DType::kFloat, "nan(0x7f800001)"), 0x7F800001U);
  EXPECT_EQ(ParseNumber(DType::kDouble, NumberText(DType::kDouble, 0xFFF8000000000000)), 0xFFF8000000000000U);
  EXPECT_EQ(ParseNumber(DType::kFloat, "nan(0x3f800000)"), std::nullopt) << "these bits are 1.0";
}

TEST(ParseNumber, RefusesWhatIsOutOfRange) {
  EXPECT_EQ(ParseNumber(DType::kInt8, "127"), 127U);
  EXPECT_EQ(ParseNumber(DType::kInt8, "128"), std::nullopt);
  EXPECT_EQ(ParseNumber(DType::kInt8, "-128"), 0x80U);
  EXPECT_EQ(ParseNumber(DType::kInt8, "-129"), std::nullopt);
  EXPECT_EQ(ParseNumber(DType::kUint64, "18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(ParseNumber(DType::kUint64, "18446744073709551616"), std::nullopt);
  EXPECT_EQ(ParseNumber(DType::kUint8, "-1"), std::nullopt);
  EXPECT_EQ(ParseNumber(DType::kInt4, "8"), std::nullopt);
  EXPECT_EQ(ParseNumber(DType::kFloat, "1e39"), std::nullopt);
  EXPECT_EQ(ParseNumber(DType::kFloat16, "65519"), 0x7BFFU);
  EXPECT_EQ(ParseNumber(DType::kFloat16, "65520"), std::nullopt);
  EXPECT_EQ(ParseNumber(DType::kFloat8E4M3FN, "inf"), std::nullopt);
  EXPECT_EQ(ParseNumber(DType::kFloat4E2M1, "nan"), std::nullopt);
  EXPECT_EQ(ParseNumber(DType::kFloat8E8M0, "-1.0"), std::nullopt);
}

TEST(ParseNumber, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "-", "x", "1x", "0x10", "infinity", "NaN", "--1", "1e", "+1", "nan(", "nan(0x)", " 1"}) {
    EXPECT_EQ(ParseNumber(DType::kFloat, text), std::nullopt) << text;
    EXPECT_EQ(ParseNumber(DType::kInt64, text), std::nullopt) << text;
    EXPECT_EQ(ParseDouble(text), std::nullopt) << text;
  }
  EXPECT_EQ(ParseNumber(DType::kInt64, "1.0"), std::nullopt);
  EXPECT_EQ(ParseNumber(DType::kString, "1"), std::nullopt);
  EXPECT_EQ(ParseNumber(DType::kComplex64, "1"), std::nullopt);
}

TEST(StoreBits, PacksSubByteElementsLowBitsFirst) {
  std::vector<std::byte> bytes(2);
  for (uint64_t i = 0; i < 3; ++i) StoreBits(DType::kUint4, bytes, i, i + 1);
  EXPECT_EQ(bytes[0], std::byte{0x21});
  EXPECT_EQ(bytes[1], std::byte{0x03});
  StoreBits(DType::kUint4, bytes, 0, 0xF);
  EXPECT_EQ(bytes[0], std::byte{0x2F});
  EXPECT_EQ(LoadBits(DType::kUint4, bytes, 1), 2U);
  EXPECT_EQ(LoadBits(DType::kUint2, bytes, 5), 0U);
  EXPECT_EQ(LoadBits(DType::kUint2, bytes, 4), 3U);
}

}  // namespace
}  // namespace fairlead
