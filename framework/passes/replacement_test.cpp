#include "passes/replacement.hpp"

#include <gtest/gtest.h>

#include "aten/schema.hpp"

namespace fairlead {
namespace {

// "PASS OP", "PASS" alone where no single operator stands for it, "" where there is none.
std::string Told(const OpName& op) {
  const std::optional<Replacement> found = ReplacementOf(op);
  if (!found) return "";
  return found->op ? fmt::format("{} {}", found->pass, ToString(*found->op)) : std::string(found->pass);
}

TEST(Replacement, IsTheFunctionalFormOfWhatWrites) {
  EXPECT_EQ(Told({"aten", "add_", "Tensor"}), "functionalize aten::add.Tensor");
  EXPECT_EQ(Told({"aten", "atan2", "out"}), "functionalize aten::atan2.default");
  EXPECT_EQ(Told({"aten", "transpose_", "default"}), "functionalize aten::transpose.int");
  EXPECT_EQ(Told({"aten", "copy_", "default"}), "functionalize");
}

TEST(Replacement, IsTheFirstNameOfWhatHasTwo) {
  EXPECT_EQ(Told({"aten", "arccos", "default"}), "canonical-names aten::acos.default");
  EXPECT_EQ(Told({"aten", "special_expit", "default"}), "canonical-names aten::sigmoid.default");
}

TEST(Replacement, IsSeveralOperatorsForOneOfComplexNumbers) {
  EXPECT_EQ(Told({"aten", "_fft_r2c", "default"}), "complex-pairs");
  EXPECT_EQ(Told({"aten", "view_as_real", "default"}), "complex-pairs");
  EXPECT_EQ(Told({"aten", "mul", "Tensor"}), "");
}

TEST(Replacement, IsNothingForAChecksOperator) {
  EXPECT_EQ(Told({"aten", "_assert_scalar", "default"}), "drop-assertions");
}

TEST(Replacement, IsEmptyForWhatALoweringMustKnow) {
  EXPECT_EQ(Told({"aten", "add", "Tensor"}), "");
  EXPECT_EQ(Told({"aten", "set_", "default"}), "");
  EXPECT_EQ(Told({"aten", "batch_norm", "default"}), "");
  EXPECT_EQ(Told({"acme", "add_", "default"}), "");
}

}  // namespace
}  // namespace fairlead
