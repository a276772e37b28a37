#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "runtime/runtime.hpp"

namespace fairlead {
namespace {

using testing::HasSubstr;

template <class T> Tensor Make(DType type, std::vector<int64_t> dims, const std::vector<T>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return Tensor::Owned(type, std::move(dims), {bytes.begin(), bytes.end()});
}
Tensor Floats(const std::vector<float>& values) {
  return Make(DType::kFloat, {static_cast<int64_t>(values.size())}, values);
}

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

TEST(CompareFloats, AcceptsWhatIsWithinRelativePlusScaledAbsoluteTolerance) {
  // 1e-3 * 1 + 1e-4 * 100 = 0.011
  const Comparison comparison = Compare("y", Floats({1.0109f, 100}), Floats({1, 100}));
  EXPECT_TRUE(comparison.equal) << comparison.reason;
  EXPECT_NEAR(comparison.max_abs, 0.0109, 1e-6);
  EXPECT_NEAR(comparison.max_rel, 0.0109, 1e-6);
  EXPECT_EQ(comparison.rule, "");
}

TEST(CompareFloats, RefusesWhatIsOverItAndNamesTheWorst) {
  const Comparison comparison = Compare("y", Floats({1.0111f, 100, 101}), Floats({1, 100, 100}));
  EXPECT_FALSE(comparison.equal);
  EXPECT_EQ(comparison.rule, "FL8001");
  EXPECT_THAT(comparison.reason, HasSubstr("2 of 3 elements"));
  EXPECT_THAT(comparison.reason, HasSubstr("[2], is 101, expected 100"));
}

TEST(CompareFloats, TakesTheScaleFromFiniteExpectedValuesOnly) {
  EXPECT_FALSE(Compare("y", Floats({0.5f, kInf}), Floats({0, kInf})).equal);
  EXPECT_FALSE(Compare("y", Floats({1e30f, 0}), Floats({0, 0})).equal);
}

TEST(CompareFloats, WantsNaNAndInfinityInTheSamePlaces) {
  EXPECT_TRUE(Compare("y", Floats({kNaN, kInf, -kInf, 1}), Floats({kNaN, kInf, -kInf, 1})).equal);
  for (const auto& [got, expected] : {std::pair{kNaN, 1.f}, {1.f, kNaN}, {kInf, -kInf}, {kInf, kNaN}, {3e38f, kInf}}) {
    const Comparison comparison = Compare("y", Floats({0, got}), Floats({0, expected}));
    EXPECT_EQ(comparison.rule, "FL8003") << got << " " << expected;
    EXPECT_THAT(comparison.reason, HasSubstr("the first, [1],"));
  }
}

TEST(CompareFloats, LooksBeyondTheFirstChunk) {
  std::vector<float> expected(10'000, 1.f), got = expected;
  got[9'999] = 2.f;
  const Comparison comparison =
      Compare("y", Make(DType::kFloat, {100, 100}, got), Make(DType::kFloat, {100, 100}, expected));
  EXPECT_THAT(comparison.reason, HasSubstr("[99, 99], is 2, expected 1"));
}

TEST(CompareFloats, TreatsPartsOfComplexNumbersAsNumbers) {
  const auto complex = [](std::vector<float> parts) { return Make(DType::kComplex64, {2}, parts); };
  EXPECT_TRUE(Compare("y", complex({1, 2, 3, 4}), complex({1, 2, 3, 4})).equal);
  EXPECT_THAT(Compare("y", complex({1, 2, 3, 5}), complex({1, 2, 3, 4})).reason, HasSubstr("[1], is 5, expected 4"));
}

TEST(CompareFloats, IsLooserForSixteenBits) {
  const auto halves = [](uint16_t bits) { return Make(DType::kFloat16, {1}, std::vector<uint16_t>{bits}); };
  EXPECT_TRUE(Compare("y", halves(0x3C08), halves(0x3C00)).equal);   // 1.0078, 1
  EXPECT_FALSE(Compare("y", halves(0x3C20), halves(0x3C00)).equal);  // 1.03125, 1
  const auto brains = [](uint16_t bits) { return Make(DType::kBFloat16, {1}, std::vector<uint16_t>{bits}); };
  EXPECT_TRUE(Compare("y", brains(0x3F88), brains(0x3F80)).equal);   // 1.0625, 1
  EXPECT_FALSE(Compare("y", brains(0x3F90), brains(0x3F80)).equal);  // 1.125, 1
}

TEST(CompareIntegers, AreExact) {
  const auto ints = [](int64_t value) { return Make(DType::kInt64, {1}, std::vector<int64_t>{value}); };
  EXPECT_TRUE(Compare("n", ints(INT64_MAX), ints(INT64_MAX)).equal);
  const Comparison comparison = Compare("n", ints(INT64_MAX - 1), ints(INT64_MAX));
  EXPECT_EQ(comparison.rule, "FL8001");
  EXPECT_EQ(comparison.max_abs, 1);
  EXPECT_EQ(Compare("n", ints(-5), ints(5)).max_abs, 10);
  EXPECT_EQ(Compare("n", ints(-5), ints(5)).max_rel, 2);
}

TEST(CompareIntegers, TakeAnyNonZeroByteForTrue) {
  const auto bools = [](uint8_t value) { return Make(DType::kBool, {1}, std::vector<uint8_t>{value}); };
  EXPECT_TRUE(Compare("b", bools(1), bools(255)).equal);
  EXPECT_FALSE(Compare("b", bools(0), bools(1)).equal);
}

TEST(Compare, WantsTheVeryTypeAndShape) {
  EXPECT_EQ(Compare("y", Make(DType::kDouble, {1}, std::vector<double>{1}), Floats({1})).rule, "FL8004");
  const Comparison comparison = Compare("y", Make(DType::kFloat, {1, 2}, std::vector<float>{1, 2}), Floats({1, 2}));
  EXPECT_EQ(comparison.rule, "FL8005");
  EXPECT_EQ(comparison.reason, "has shape [1, 2], expected [2]");
}

TEST(Compare, HoldsForScalarsAndForNothing) {
  EXPECT_TRUE(Compare("y", Tensor::Scalar(DType::kFloat, 1.f), Tensor::Scalar(DType::kFloat, 1.f)).equal);
  EXPECT_TRUE(Compare("y", Make<float>(DType::kFloat, {0, 3}, {}), Make<float>(DType::kFloat, {0, 3}, {})).equal);
  EXPECT_FALSE(Compare("y", Tensor::Absent(DType::kFloat, {1}), Floats({1})).equal);
}

TEST(Compare, ReadsStridedTensors) {
  const std::vector<float> column{1, 2, 3, 4};
  const auto owner = std::make_shared<std::vector<float>>(column);
  const Tensor strided = Tensor::View(DType::kFloat, {2}, {2}, std::as_bytes(std::span(*owner)).first(12), owner, {});
  EXPECT_TRUE(Compare("y", strided, Floats({1, 3})).equal);
}

}  // namespace
}  // namespace fairlead
