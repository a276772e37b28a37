// Promotion and rounding against what PyTorch answers (promotion_expected.inc).
#include <gtest/gtest.h>

#include <cmath>

#include <fairlead/sdk/promotion.hpp>

namespace fairlead {
namespace {

TEST(PromoteTypes, AnswersWhatTorchDoes) {
#define PROMOTED(a, b, result) EXPECT_EQ(PromoteTypes(DType::a, DType::b), DType::result) << #a " with " #b;
#include "promotion_expected.inc"
#undef PROMOTED
}

TEST(PromoteTypes, LetsAnUndefinedTypeGiveWay) {
  EXPECT_EQ(PromoteTypes(DType::kUndefined, DType::kInt8), DType::kInt8);
  EXPECT_EQ(PromoteTypes(DType::kFloat16, DType::kUndefined), DType::kFloat16);
}

TEST(Promotion, LetsTensorsWithDimensionsDecideOverScalarTensors){
#define ZERO_DIMS(with_dims, zero_dims, result)                                   \
  {                                                                               \
    Promotion promotion;                                                          \
    promotion.AddTensor(DType::zero_dims, false);                                 \
    promotion.AddTensor(DType::with_dims, true);                                  \
    EXPECT_EQ(promotion.type(), DType::result) << #with_dims " with " #zero_dims; \
  }
#include "promotion_expected.inc"
#undef ZERO_DIMS
}

TEST(Promotion, LetsTensorsDecideOverNumbers){
#define NUMBER(tensor, has_dims, number, result)                            \
  {                                                                         \
    Promotion promotion;                                                    \
    promotion.AddNumber(DType::number);                                     \
    promotion.AddTensor(DType::tensor, has_dims);                           \
    EXPECT_EQ(promotion.type(), DType::result) << #tensor " with " #number; \
  }
#include "promotion_expected.inc"
#undef NUMBER
}

TEST(Encode, RoundsNarrowFloatsAsTorchDoes){
#define ROUNDED(bits, half, brain)                                                    \
  {                                                                                   \
    const double value = double{std::bit_cast<float>(uint32_t{bits})};                \
    uint16_t found = 0;                                                               \
    std::memcpy(&found, Encode(value, DType::kFloat16)->bytes.data(), sizeof found);  \
    EXPECT_EQ(found, half) << value << " as float16";                                 \
    std::memcpy(&found, Encode(value, DType::kBFloat16)->bytes.data(), sizeof found); \
    EXPECT_EQ(found, brain) << value << " as bfloat16";                               \
  }
#include "promotion_expected.inc"
#undef ROUNDED
}

TEST(Encode, GivesBackEveryFloat16) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const auto number = Decode(std::as_bytes(std::span(&half, 1)), DType::kFloat16);
    ASSERT_TRUE(number.has_value());
    if (std::isnan(number->AsDouble())) continue;
    uint16_t again = 0;
    std::memcpy(&again, Encode(*number, DType::kFloat16)->bytes.data(), sizeof again);
    ASSERT_EQ(again, half);
  }
}

TEST(Encode, GivesBackIntegersOfEveryWidth) {
  const auto round_trip = [](int64_t value, DType type) {
    const auto element = Encode(value, type);
    return element ? Decode(std::span(element->bytes).first(element->size), type)->AsInt() : 0;
  };
  EXPECT_EQ(round_trip(-128, DType::kInt8), -128);
  EXPECT_EQ(round_trip(255, DType::kUint8), 255);
  EXPECT_EQ(round_trip(65535, DType::kUint16), 65535);
  EXPECT_EQ(round_trip(-32768, DType::kInt16), -32768);
  EXPECT_EQ(round_trip(4294967295, DType::kUint32), 4294967295);
  EXPECT_EQ(round_trip(std::numeric_limits<int64_t>::min(), DType::kInt64), std::numeric_limits<int64_t>::min());
}

TEST(Encode, RefusesTypesNarrowerThanAByte) {
  EXPECT_FALSE(Encode(1, DType::kInt4).has_value());
  EXPECT_FALSE(Encode(1, DType::kFloat8E5M2).has_value());
  EXPECT_FALSE(Decode({}, DType::kUndefined).has_value());
}

TEST(Scalar, KeepsIntegersOutOfRangeAtTheNearestOne) {
  EXPECT_EQ(Scalar(1e30).AsInt(), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(Scalar(-INFINITY).AsInt(), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(Scalar(NAN).AsInt(), 0);
}

}  // namespace
}  // namespace fairlead
