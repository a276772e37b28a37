// For tests of functions that are made of Real (real.hpp): their graphs are tables of coefficients for the most part, whose
// numbers are tested in tests/numeric. Text tests say which type they are computed in.
#pragma once

#include <fairlead/testing/lowering_test.hpp>

namespace fairlead::aten {

// Every constant of floats in the graph is of `type`, "double" or "float", and there are some.
inline ::testing::AssertionResult IsComputedIn(std::string_view call, const std::string& type) {
  const testing::Lowered found = testing::LowerText({FAIRLEAD_TEST_PLUGIN}, call, testing::kDefaultOpset);
  if (!found.ok) return ::testing::AssertionFailure() << call << "\nis refused: " << found.error;
  bool any = false;
  for (const char* other : {"double", "float", "float16", "bfloat16"}) {
    const bool is_used = found.text.find(std::string("Constant<value=") + other + " {") != std::string::npos;
    any = any || is_used;
    if (is_used && other != type)
      return ::testing::AssertionFailure() << call << "\nhas constants of " << other << ":\n" << found.text;
  }
  return any ? ::testing::AssertionSuccess() : ::testing::AssertionFailure() << call << "\nhas no constant of floats";
}

}  // namespace fairlead::aten

#define EXPECT_COMPUTED_IN(type, call) EXPECT_TRUE(::fairlead::aten::IsComputedIn(call, type))
