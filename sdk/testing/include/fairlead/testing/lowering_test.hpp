// Tests of lowerings, text in, text out, through the real host:
//
//   LOWERING_TEST(AddTensor, ScalesOtherByAlphaInPromotedType) {
//     EXPECT_LOWERS("aten.add.Tensor(x: f32[2,3], y: i64[3], alpha=2) -> f32[2,3]",
//                   "agraph (float[2,3] x, int64[3] y) => (float[2,3] z) {\n"
//                   "  two = Constant<value = float {2.0}>()\n"
//                   "  y_f = Cast<to=1>(y)\n"
//                   "  scaled = Mul(y_f, two)\n"
//                   "  z = Add(x, scaled)\n}");
//   }
//
// How a call is written is told in fairlead/testing/lowering.hpp. Graphs are compared up to the names of their values. The
// plugin is FAIRLEAD_TEST_PLUGIN, which fairlead_add_lowering_test() defines; the target opset is 20 unless a macro with
// _AT names another.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include <fairlead/testing/lowering.hpp>

namespace fairlead::testing {

inline constexpr int kDefaultOpset = 20;

// The graph a call becomes is `wanted`.
inline ::testing::AssertionResult Lowers(const std::string& plugin, std::string_view call, std::string_view wanted,
                                         int opset) {
  const Lowered found = LowerText({plugin}, call, opset);
  if (!found.ok) return ::testing::AssertionFailure() << call << "\nis refused: " << found.error;
  // The report that gtest writes on request says which rows were run: {"row_7": "0..22 aten::rms_norm(…) -> Tensor"}.
  static int recorded = 0;
  for (const RowUsed& row : found.rows)
    ::testing::Test::RecordProperty("row_" + std::to_string(recorded++),
                                    std::to_string(row.since) + ".." + std::to_string(row.until) + " " + row.schema);
  std::string difference;
  if (SameGraph(found.text, wanted, &difference)) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << call << "\nlowers to\n"
                                       << found.text << "\nwanted\n"
                                       << wanted << "\n"
                                       << difference;
}

// A call is refused, and what is said contains `reason`.
inline ::testing::AssertionResult IsRefused(const std::string& plugin, std::string_view call, std::string_view reason,
                                            int opset) {
  const Lowered found = LowerText({plugin}, call, opset);
  if (found.ok) return ::testing::AssertionFailure() << call << "\nis not refused, it lowers to\n" << found.text;
  if (found.error.find(reason) != std::string::npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << call << "\nis refused with\n" << found.error << "\nwanted\n" << reason;
}

}  // namespace fairlead::testing

#define LOWERING_TEST(operation, sentence) TEST(operation, sentence)

#define EXPECT_LOWERS_AT(opset, call, graph) \
  EXPECT_TRUE(::fairlead::testing::Lowers(FAIRLEAD_TEST_PLUGIN, call, graph, opset))
#define EXPECT_REFUSED_AT(opset, call, reason) \
  EXPECT_TRUE(::fairlead::testing::IsRefused(FAIRLEAD_TEST_PLUGIN, call, reason, opset))
#define EXPECT_LOWERS(call, graph) EXPECT_LOWERS_AT(::fairlead::testing::kDefaultOpset, call, graph)
#define EXPECT_REFUSED(call, reason) EXPECT_REFUSED_AT(::fairlead::testing::kDefaultOpset, call, reason)
