#include "runtime/numbers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "archive/tensors_file.hpp"

namespace fairlead {
namespace {

// Codes and values of a format as ml_dtypes has them, tests/data/dtypes/make_dtypes.py.
struct Table {
  std::vector<std::byte> codes;  // one element after the other, packed
  std::vector<double> values;
};

Table ReadTable(const std::string& format) {
  const auto file = ReadTensors(FAIRLEAD_TEST_DATA "/dtypes/dtypes.safetensors");
  EXPECT_TRUE(file.ok());
  const Tensor* codes = file->Find(format + ".codes");
  const Tensor* values = file->Find(format + ".values");
  Table table{{codes->bytes().begin(), codes->bytes().end()}, *values->AsDoubles(1 << 16)};
  return table;
}

struct Format {
  DType type;
  const char* name;
};
class SmallFloat : public testing::TestWithParam<Format> {};

TEST_P(SmallFloat, HasTheValuesOfMlDtypes) {
  const Table table = ReadTable(GetParam().name);
  std::vector<double> numbers(table.values.size());
  ReadFloats(GetParam().type, table.codes, 0, numbers);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (std::isnan(table.values[i])) {
      EXPECT_TRUE(std::isnan(numbers[i])) << "element " << i;
    } else {
      EXPECT_EQ(numbers[i], table.values[i]) << "element " << i;
      EXPECT_EQ(std::signbit(numbers[i]), std::signbit(table.values[i])) << "element " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, SmallFloat,
                         testing::Values(Format{DType::kFloat16, "float16"}, Format{DType::kBFloat16, "bfloat16"},
                                         Format{DType::kFloat8E4M3FN, "float8_e4m3fn"},
                                         Format{DType::kFloat8E4M3FNUZ, "float8_e4m3fnuz"},
                                         Format{DType::kFloat8E5M2, "float8_e5m2"},
                                         Format{DType::kFloat8E5M2FNUZ, "float8_e5m2fnuz"},
                                         Format{DType::kFloat8E8M0, "float8_e8m0fnu"}),
                         [](const auto& format) { return format.param.name; });

TEST(PackedFloat4, HasTwoElementsInAByteLowFirst) {
  const Table table = ReadTable("float4_e2m1fn");
  std::vector<std::byte> packed;
  for (std::size_t i = 0; i < table.codes.size(); i += 2) packed.push_back(table.codes[i] | table.codes[i + 1] << 4);
  std::vector<double> numbers(table.values.size());
  ReadFloats(DType::kFloat4E2M1, packed, 0, numbers);
  EXPECT_EQ(numbers, table.values);
}

std::vector<int64_t> Integers(DType type, std::vector<std::byte> bytes, uint64_t first, std::size_t count) {
  std::vector<uint64_t> numbers(count);
  ReadIntegers(type, bytes, first, numbers);
  return {numbers.begin(), numbers.end()};
}

TEST(PackedInteger, IsSignExtendedFromAnyElement) {
  const std::vector<std::byte> bytes{std::byte{0x8F}, std::byte{0x71}};
  EXPECT_EQ(Integers(DType::kInt4, bytes, 1, 3), (std::vector<int64_t>{-8, 1, 7}));
  EXPECT_EQ(Integers(DType::kUint4, bytes, 0, 4), (std::vector<int64_t>{15, 8, 1, 7}));
  EXPECT_EQ(Integers(DType::kInt2, bytes, 2, 4), (std::vector<int64_t>{0, -2, 1, 0}));
  EXPECT_EQ(Integers(DType::kUint2, bytes, 3, 2), (std::vector<int64_t>{2, 1}));
}

TEST(Integer, KeepsSignAndFullRange) {
  const std::vector<std::byte> ones(8, std::byte{0xFF});
  EXPECT_EQ(Integers(DType::kInt8, ones, 7, 1), (std::vector<int64_t>{-1}));
  EXPECT_EQ(Integers(DType::kUint16, ones, 0, 1), (std::vector<int64_t>{65535}));
  EXPECT_EQ(Integers(DType::kInt32, ones, 1, 1), (std::vector<int64_t>{-1}));
  EXPECT_EQ(Integers(DType::kUint32, ones, 1, 1), (std::vector<int64_t>{4294967295}));
  EXPECT_EQ(Integers(DType::kBool, ones, 0, 1), (std::vector<int64_t>{1}));
  std::vector<uint64_t> number(1);
  ReadIntegers(DType::kUint64, ones, 0, number);
  EXPECT_EQ(number[0], UINT64_MAX);
}

}  // namespace
}  // namespace fairlead
