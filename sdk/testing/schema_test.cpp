#include <gtest/gtest.h>

#include <fairlead/sdk/schema.hpp>

namespace fairlead {
namespace {

constexpr SchemaItem Parameter(std::string_view schema, int wanted) {
  SchemaReader reader(schema);
  SchemaItem item;
  for (int i = 0; i <= wanted; ++i)
    if (!reader.NextParameter(item)) return {};
  return item;
}

constexpr bool IsBad(std::string_view schema) { return SchemaReader(schema).bad(); }

// The same code runs while compiling: a row is checked there.
constexpr std::string_view kAdd = "aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor";
static_assert(SchemaReader(kAdd).name() == "aten::add.Tensor");
static_assert(Parameter(kAdd, 2).type == "Scalar" && Parameter(kAdd, 2).name == "alpha");
static_assert(Parameter(kAdd, 2).default_text == "1" && Parameter(kAdd, 2).keyword_only);
static_assert(!Parameter(kAdd, 1).keyword_only && Parameter(kAdd, 3).name.empty());

TEST(SchemaReader, TakesAliasMarksListsAndQuotedDefaults) {
  constexpr std::string_view kMixed =
      "aten::f(Tensor(a!) x, int[2] padding=[0,0], str s=\"a, b=\\\"(\", Tensor(a -> *)[] l, *, Generator? g=None) -> "
      "(Tensor(a!) y, Tensor[] z)";
  EXPECT_EQ(Parameter(kMixed, 1).default_text, "[0,0]");
  EXPECT_EQ(Parameter(kMixed, 2).name, "s");
  EXPECT_EQ(Parameter(kMixed, 2).default_text, "\"a, b=\\\"(\"");
  EXPECT_EQ(Parameter(kMixed, 3).type, "Tensor(a -> *)[]");
  EXPECT_EQ(Parameter(kMixed, 4).name, "g");
  EXPECT_TRUE(Parameter(kMixed, 4).keyword_only);
}

TEST(SchemaReader, ReadsResults) {
  SchemaReader reader("aten::f(Tensor self) -> (Tensor output, Tensor[] rest)");
  SchemaItem item;
  while (reader.NextParameter(item)) continue;
  ASSERT_TRUE(reader.NextResult(item));
  EXPECT_EQ(item.name, "output");
  ASSERT_TRUE(reader.NextResult(item));
  EXPECT_EQ(item.type, "Tensor[]");
  EXPECT_FALSE(reader.NextResult(item));
}

TEST(SchemaReader, RefusesWhatIsNoSchema) {
  EXPECT_TRUE(IsBad("aten::f(Tensor self"));
  EXPECT_TRUE(IsBad("f(Tensor self) -> Tensor"));
  EXPECT_TRUE(IsBad("aten::f(Tensor self)"));
  EXPECT_TRUE(IsBad(""));
  EXPECT_FALSE(IsBad("aten::f() -> ()"));
}

TEST(IsType, LeavesOutAliasMarksAndLengths) {
  EXPECT_TRUE(IsType("Tensor(a!)", "Tensor"));
  EXPECT_TRUE(IsType("int[2]", "int[]"));
  EXPECT_TRUE(IsType("SymInt[2]?", "SymInt[]?"));
  EXPECT_TRUE(IsType("Tensor(a -> *)[]", "Tensor[]"));
  EXPECT_TRUE(IsType("Tensor(a!)?", "Tensor?"));
  EXPECT_TRUE(IsType("Tensor?[]", "Tensor?[]"));
  EXPECT_FALSE(IsType("Tensor?", "Tensor"));
  EXPECT_FALSE(IsType("int", "int[]"));
  EXPECT_FALSE(IsType("SymInt", "Sym"));
  EXPECT_FALSE(IsType("Tensor(a", "Tensor"));
}

}  // namespace
}  // namespace fairlead
