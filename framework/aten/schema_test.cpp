#include "aten/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "aten/table.hpp"

namespace fairlead {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Base = AtenType::Base;

AtenSchema Parsed(std::string_view text) {
  Result<AtenSchema> schema = ParseSchema(text);
  EXPECT_TRUE(schema.ok()) << text;
  return schema.ok() ? *schema : AtenSchema{};
}

AttributeValue Default(std::string_view text, std::string_view parameter) {
  return Parsed(text).Find(parameter)->default_value.value();
}

template <class T> T DefaultAs(std::string_view text, std::string_view parameter) {
  return std::get<T>(Default(text, parameter));
}

TEST(ParseSchema, ReadsNamesTypesAndDefaults) {
  const AtenSchema add = Parsed("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor");
  EXPECT_EQ(add.op, (OpName{"aten", "add", "Tensor"}));
  ASSERT_EQ(add.parameters.size(), 3u);
  EXPECT_EQ(add.parameters[2].type.base, Base::kScalar);
  EXPECT_TRUE(add.parameters[2].keyword_only);
  EXPECT_FALSE(add.parameters[1].keyword_only);
  EXPECT_EQ(std::get<int64_t>(*add.parameters[2].default_value), 1);
  EXPECT_EQ(add.results.size(), 1u);
  EXPECT_FALSE(add.mutates());
  EXPECT_FALSE(add.returns_view());
}

TEST(ParseSchema, RepeatsASingleDefaultForASizedList) {
  EXPECT_EQ(DefaultAs<std::vector<int64_t>>("aten::f(int[2] padding=0) -> Tensor", "padding"),
            (std::vector<int64_t>{0, 0}));
  EXPECT_EQ(DefaultAs<std::vector<int64_t>>("aten::f(int[2] stride=[]) -> Tensor", "stride"), (std::vector<int64_t>{}));
  EXPECT_EQ(DefaultAs<std::vector<int64_t>>("aten::f(SymInt[2] d=[-2, -1]) -> Tensor", "d"),
            (std::vector<int64_t>{-2, -1}));
}

TEST(ParseSchema, GivesDefaultsTheParametersType) {
  EXPECT_EQ(DefaultAs<double>("aten::f(float eps=1) -> Tensor", "eps"), 1.0);
  EXPECT_EQ(DefaultAs<double>("aten::f(float eps=1.0000000000000001e-05) -> Tensor", "eps"), 1e-5);
  EXPECT_EQ(DefaultAs<double>("aten::f(Scalar alpha=1.) -> Tensor", "alpha"), 1.0);
  EXPECT_EQ(DefaultAs<int64_t>("aten::f(Scalar alpha=-1) -> Tensor", "alpha"), -1);
  EXPECT_TRUE(DefaultAs<bool>("aten::f(bool b=True) -> Tensor", "b"));
  EXPECT_EQ(DefaultAs<None>("aten::f(Tensor? w=None) -> Tensor", "w"), None{});
  EXPECT_EQ(DefaultAs<DType>("aten::f(ScalarType? d=4) -> Tensor", "d"), DType::kInt64);
  EXPECT_EQ(DefaultAs<DType>("aten::f(ScalarType d=long) -> Tensor", "d"), DType::kInt64);
  EXPECT_EQ(DefaultAs<MemoryFormat>("aten::f(MemoryFormat m=0) -> Tensor", "m").value, 1);
  EXPECT_EQ(DefaultAs<MemoryFormat>("aten::f(MemoryFormat m=preserve_format) -> Tensor", "m").value, 4);
  EXPECT_EQ(DefaultAs<int64_t>("aten::f(int reduction=Mean) -> Tensor", "reduction"), 1);
}

TEST(ParseSchema, KeepsCommasAndEscapesInsideStrings) {
  const std::string_view text =
      "aten::f(str s=\"a, (\\\"b\\n\", int[] l=[0, 1], *, Generator? g=None) -> (Tensor(a!) y, Tensor[] z)";
  EXPECT_EQ(DefaultAs<std::string>(text, "s"), "a, (\"b\n");
  EXPECT_EQ(DefaultAs<std::vector<int64_t>>(text, "l"), (std::vector<int64_t>{0, 1}));
  EXPECT_EQ(Parsed(text).results[1].name, "z");
  EXPECT_TRUE(Parsed(text).results[1].type.list);
}

TEST(ParseSchema, ReadsAliasMarksAndOptionals) {
  const AtenSchema out = Parsed("aten::add.out(Tensor self, *, Scalar alpha=1, Tensor(a!) out) -> Tensor(a!)");
  EXPECT_TRUE(out.Find("out")->is_out);
  EXPECT_TRUE(out.mutates());
  EXPECT_FALSE(out.returns_view());
  const AtenSchema split = Parsed("aten::split.Tensor(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[]");
  EXPECT_EQ(split.parameters[0].alias->set, "a");
  EXPECT_TRUE(split.returns_view());
  EXPECT_TRUE(split.results[0].type.list);
  const AtenSchema types = Parsed("aten::f(Tensor?[] a, Tensor[]? b, int[2]? c, float? d) -> ()");
  EXPECT_TRUE(types.parameters[0].type.optional_element && !types.parameters[0].type.optional);
  EXPECT_TRUE(types.parameters[1].type.optional && !types.parameters[1].type.optional_element);
  EXPECT_TRUE(types.parameters[2].type.optional && types.parameters[2].type.list_size == 2);
  EXPECT_TRUE(types.parameters[3].type.optional && !types.parameters[3].type.list);
  EXPECT_TRUE(types.results.empty());
}

TEST(ParseSchema, RefusesWhatIsNoSchema) {
  for (const std::string_view text : {"",
                                      "(",
                                      "f(Tensor self) -> Tensor",
                                      "aten::f(Tensor self",
                                      "aten::f(Tensor self)",
                                      "aten::f(Tensor self) Tensor",
                                      "aten::f(Tensor) -> Tensor",
                                      "aten::f(Tensor a, Tensor a) -> Tensor",
                                      "aten::f(int a=x) -> Tensor",
                                      "aten::f(Tensor[ a) -> Tensor",
                                      "aten::f(int[99999999999999999999] a) -> Tensor",
                                      "aten::f(int[1000000] a=0) -> Tensor",
                                      "aten::f(str s=\"open) -> Tensor",
                                      "aten::f(str s=\"\\\") -> Tensor",
                                      "aten::f(...) -> Tensor",
                                      "aten::f(Tensor a) -> (Tensor",
                                      "aten::f(Tensor a) -> Tensor, Tensor",
                                      "aten::.x(Tensor a) -> Tensor",
                                      "aten::f(int[] l=[1,) -> ()",
                                      "aten::f(a=1) -> ()"}) {
    const Result<AtenSchema> schema = ParseSchema(text);
    ASSERT_FALSE(schema.ok()) << text;
    EXPECT_EQ(schema.error().rule, "FL2012");
  }
  EXPECT_FALSE(ParseSchema("aten::f(" + std::string(70000, '(') + ") -> Tensor").ok());
}

// ---- printing back, item by item, in PyTorch's way of writing numbers ------------------------------------------------

std::string FloatText(double value) {
  std::string text = fmt::format("{:.17g}", value);
  return text.find_first_of(".en") == text.npos ? text + "." : text;
}

std::string Quoted(const std::string& value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string DefaultText(const AttributeValue& value, const AtenType& type) {
  if (std::holds_alternative<None>(value)) return "None";
  if (const auto* i = std::get_if<int64_t>(&value)) return std::to_string(*i);
  if (const auto* f = std::get_if<double>(&value)) return type.optional ? fmt::format("{}", *f) : FloatText(*f);
  if (const auto* b = std::get_if<bool>(&value)) return *b ? "True" : "False";
  if (const auto* s = std::get_if<std::string>(&value)) return Quoted(*s);
  if (const auto* d = std::get_if<DType>(&value)) return *d == DType::kInt64 ? "4" : "?";
  if (const auto* m = std::get_if<MemoryFormat>(&value)) return m->value == 1 ? "0" : "?";
  if (const auto* l = std::get_if<std::vector<int64_t>>(&value)) return fmt::format("[{}]", fmt::join(*l, ", "));
  return "?";
}

std::string TypeText(const AtenParameter& item) {
  constexpr std::string_view kNames[] = {"Tensor",       "Scalar",    "int",     "SymInt",     "bool",      "SymBool",
                                         "float",        "SymFloat",  "str",     "ScalarType", "Layout",    "Device",
                                         "MemoryFormat", "Generator", "complex", "Subgraph",   "SymNumber", "Any"};
  const AtenType& type = item.type;
  std::string out(kNames[static_cast<int>(type.base)]);
  if (item.alias) out += fmt::format("({}{})", item.alias->set, item.alias->is_write ? "!" : "");
  if (type.optional_element) out += "?";
  if (type.list) out += type.list_size ? fmt::format("[{}]", type.list_size) : "[]";
  return out + (type.optional ? "?" : "");
}

std::string ItemText(const AtenParameter& item, bool collapse) {
  std::string out = TypeText(item);
  if (!item.name.empty()) out += " " + item.name;
  if (!item.default_value) return out;
  const auto* list = std::get_if<std::vector<int64_t>>(&*item.default_value);
  if (collapse && list && !list->empty()) return out + "=" + std::to_string(list->front());
  return out + "=" + DefaultText(*item.default_value, item.type);
}

// The items of a registered text, cut at its commas by a reader of its own: depth of brackets, no strings with commas.
std::vector<std::string> Items(std::string_view text) {
  std::vector<std::string> out(1);
  int depth = 0;
  for (const char c : text) {
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (c == ',' && depth == 0)
      out.emplace_back();
    else if (c != ' ' || !out.back().empty())
      out.back() += c;
  }
  std::erase(out, "*");
  std::erase(out, "");
  return out;
}

std::string WithoutArrow(std::string text) {
  if (const std::size_t at = text.find(" -> *"); at != text.npos) text.erase(at, 5);
  return text;
}

void ExpectItems(const std::vector<std::string>& expected, const std::vector<AtenParameter>& items,
                 std::string_view schema) {
  ASSERT_EQ(expected.size(), items.size()) << schema;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string text = WithoutArrow(expected[i]);
    if (items[i].type.base == Base::kAny)
      EXPECT_EQ(text.substr(text.find(' ')), " " + items[i].name) << schema;
    else
      EXPECT_TRUE(text == ItemText(items[i], false) || text == ItemText(items[i], true)) << schema << "\n"
                                                                                         << text << "\n"
                                                                                         << ItemText(items[i], false);
  }
}

TEST(SchemaTable, EverySchemaParsesAndPrintsBack) {
  ASSERT_GT(aten_detail::RegisteredSchemas().size(), 3000u);
  for (const std::string_view text : aten_detail::RegisteredSchemas()) {
    const Result<AtenSchema> schema = ParseSchema(text);
    ASSERT_TRUE(schema.ok()) << schema.error().message;
    const std::size_t open = text.find('('), arrow = text.rfind(") -> ");
    EXPECT_EQ(text.substr(0, open), aten_detail::NameOf(text));
    ExpectItems(Items(text.substr(open + 1, arrow - open - 1)), schema->parameters, text);
    std::string_view results = text.substr(arrow + 5);
    if (results.starts_with('(')) results = results.substr(1, results.size() - 2);
    if (results.find("__torch__") == results.npos && results.find("QScheme") == results.npos &&
        results.find("Dict") == results.npos)
      ExpectItems(Items(results), schema->results, text);
  }
}

TEST(SchemaTable, IsSortedByNameWithoutDuplicates) {
  const std::vector<std::string_view> all = AllSchemas();
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_LT(aten_detail::NameOf(all[i - 1]), aten_detail::NameOf(all[i]));
  for (const std::string_view text : aten_detail::PseudoSchemas()) EXPECT_TRUE(ParseSchema(text).ok()) << text;
}

TEST(FindSchema, FindsOverloadsOfEveryNamespaceAndNothingElse) {
  const AtenSchema* add = FindSchema({"aten", "add", "Tensor"});
  ASSERT_NE(add, nullptr);
  EXPECT_EQ(add, FindSchema({"aten", "add", "Tensor"}));
  EXPECT_EQ(add->op, (OpName{"aten", "add", "Tensor"}));
  EXPECT_NE(FindSchema({"aten", "relu", "default"}), nullptr);
  EXPECT_NE(FindSchema({"prims", "convert_element_type", "default"}), nullptr);
  EXPECT_NE(FindSchema({"quantized_decomposed", "quantize_per_tensor", "tensor"}), nullptr);
  EXPECT_NE(FindSchema({"higher_order", "cond", "default"}), nullptr);
  EXPECT_NE(FindSchema({"python", "floordiv", "default"}), nullptr);
  EXPECT_NE(FindSchema({"torchvision", "nms", "default"}), nullptr);
  EXPECT_EQ(FindSchema({"aten", "add", "default"}), nullptr);
  EXPECT_EQ(FindSchema({"aten", "ad", "default"}), nullptr);
  EXPECT_EQ(FindSchema({"acme", "add", "Tensor"}), nullptr);
  EXPECT_EQ(FindSchema({"", "Add", ""}), nullptr);
}

TEST(FindSchemaText, FindsTextsAsTheyAreRegisteredOnly) {
  EXPECT_EQ(FindSchemaText("aten::relu(Tensor self) -> Tensor"), (OpName{"aten", "relu", "default"}));
  for (const OpName& op : {OpName{"aten", "add", "Tensor"}, OpName{"higher_order", "cond", "default"}})
    EXPECT_EQ(FindSchemaText(FindSchema(op)->text), op);
  for (const char* text :
       {"", "aten::relu", "aten::relu(Tensor x) -> Tensor", "acme::relu(Tensor self) -> Tensor", "::", "(("})
    EXPECT_EQ(FindSchemaText(text), std::nullopt) << text;
}

TEST(FindSchema, AnswersManyThreadsWithOneObject) {
  std::array<const AtenSchema*, 8> found{};
  std::vector<std::thread> threads;
  for (auto& slot : found) threads.emplace_back([&slot] { slot = FindSchema({"aten", "conv2d", "default"}); });
  for (std::thread& thread : threads) thread.join();
  for (const AtenSchema* schema : found) EXPECT_EQ(schema, found[0]);
}

TEST(Overloads, AreSortedAndStopAtTheName) {
  EXPECT_THAT(Overloads("aten", "add_"), ElementsAre("Scalar", "Tensor"));
  EXPECT_THAT(Overloads("aten", "relu"), ElementsAre("default", "out"));
  EXPECT_THAT(Overloads("aten", "no_such_operator"), ElementsAre());
}

TEST(NearestOperators, NamesTheClosestFirst) {
  EXPECT_THAT(NearestOperators("aten", "layernorm", 1), ElementsAre("layer_norm"));
  EXPECT_EQ(NearestOperators("aten", "conv2", 3).size(), 3u);
  EXPECT_TRUE(NearestOperators("acme", "conv2", 3).empty());
  EXPECT_THAT(NearestOperators("aten", "layernorm", 8, 1), ElementsAre("layer_norm"));
  EXPECT_TRUE(NearestOperators("aten", "frobnicate", 8, 2).empty());
  EXPECT_EQ(NearestOperators("aten", std::string(1 << 16, 'x'), 2).size(), 2u);
}

// ---- facts -----------------------------------------------------------------------------------------------------------

std::string TwinOf(const OpName& op) {
  const std::optional<FunctionalForm> form = FindFunctionalForm(op);
  return form ? fmt::format("{} {}", ToString(form->op), fmt::join(form->written, ",")) : "none";
}

TEST(FindFunctionalForm, ReadsTheTwinFromNameAndParameters) {
  EXPECT_EQ(TwinOf({"aten", "add_", "Tensor"}), "aten::add.Tensor self");
  EXPECT_EQ(TwinOf({"aten", "add", "out"}), "aten::add.Tensor out");
  EXPECT_EQ(TwinOf({"aten", "relu_", "default"}), "aten::relu.default self");
  EXPECT_EQ(TwinOf({"aten", "__iand__", "Tensor"}), "aten::__and__.Tensor self");
  EXPECT_EQ(TwinOf({"aten", "__ilshift__", "Scalar"}), "aten::__lshift__.Scalar self");
  EXPECT_EQ(TwinOf({"aten", "max", "dim_max"}), "aten::max.dim max,max_values");
  EXPECT_EQ(TwinOf({"aten", "dropout_", "default"}), "aten::dropout.default self");
  EXPECT_EQ(TwinOf({"aten", "index_put_", "default"}), "aten::index_put.default self");
  EXPECT_EQ(TwinOf({"aten", "_native_batch_norm_legit", "default"}),
            "aten::_native_batch_norm_legit_functional.default running_mean,running_var");
}

TEST(FindFunctionalForm, KnowsTwinsWithOtherNames) {
  EXPECT_EQ(TwinOf({"aten", "zero_", "default"}), "aten::zeros_like.default self");
  EXPECT_EQ(TwinOf({"aten", "normal_", "default"}), "aten::normal_functional.default self");
  EXPECT_EQ(TwinOf({"aten", "bernoulli_", "float"}), "aten::bernoulli.p self");
  EXPECT_EQ(TwinOf({"aten", "polygamma_", "default"}), "aten::polygamma.default self");
  EXPECT_EQ(TwinOf({"aten", "batch_norm", "default"}),
            "aten::_native_batch_norm_legit_functional.default running_mean,running_var");
}

TEST(FindFunctionalForm, IsEmptyForWhatWritesNothingOrIsUnknown) {
  EXPECT_EQ(TwinOf({"aten", "add", "Tensor"}), "none");
  EXPECT_EQ(TwinOf({"aten", "set_", "default"}), "none");
  EXPECT_EQ(TwinOf({"acme", "add_", "default"}), "none");
}

TEST(ViewKindOf, FollowsAliasMarksAndTheTableOfUndecidedOnes) {
  EXPECT_EQ(ViewKindOf({"aten", "select", "int"}), ViewKind::kView);
  EXPECT_EQ(ViewKindOf({"aten", "split", "Tensor"}), ViewKind::kView);
  EXPECT_EQ(ViewKindOf({"aten", "detach", "default"}), ViewKind::kView);
  EXPECT_EQ(ViewKindOf({"aten", "reshape", "default"}), ViewKind::kMaybeView);
  EXPECT_EQ(ViewKindOf({"aten", "to", "dtype"}), ViewKind::kMaybeView);
  EXPECT_EQ(ViewKindOf({"aten", "dropout", "default"}), ViewKind::kMaybeView);
  EXPECT_EQ(ViewKindOf({"aten", "add", "Tensor"}), ViewKind::kNone);
  EXPECT_EQ(ViewKindOf({"aten", "add_", "Tensor"}), ViewKind::kNone);
  EXPECT_EQ(ViewKindOf({"acme", "view", "default"}), ViewKind::kNone);
}

TEST(CanonicalOf, IsAnOperatorThatTakesTheSame) {
  for (const OpName& name : Aliases()) {
    const std::optional<OpName> canonical = CanonicalOf(name);
    ASSERT_TRUE(canonical.has_value());
    EXPECT_FALSE(CanonicalOf(*canonical)) << ToString(name) << " has two steps to go";
    const AtenSchema* const from = FindSchema(name);
    const AtenSchema* const to = FindSchema(*canonical);
    ASSERT_TRUE(from && to) << ToString(name);
    ASSERT_EQ(from->parameters.size(), to->parameters.size()) << from->text;
    for (std::size_t i = 0; i < from->parameters.size(); ++i) {
      const AtenParameter &a = from->parameters[i], &b = to->parameters[i];
      EXPECT_EQ(a.type.list, b.type.list) << from->text << " " << to->text;
      EXPECT_EQ(a.type.base == AtenType::Base::kTensor, b.type.base == AtenType::Base::kTensor) << from->text;
    }
  }
}

TEST(CanonicalOf, KnowsSecondNamesAndViewsAsCopies) {
  EXPECT_EQ(CanonicalOf({"aten", "arccos", "default"}), (OpName{"aten", "acos", "default"}));
  EXPECT_EQ(CanonicalOf({"aten", "special_round", "default"}), (OpName{"aten", "round", "decimals"}));
  EXPECT_EQ(CanonicalOf({"aten", "transpose_copy", "int"}), (OpName{"aten", "transpose", "int"}));
  EXPECT_FALSE(CanonicalOf({"aten", "acos", "default"}));
  EXPECT_FALSE(CanonicalOf({"acme", "arccos", "default"}));
}

TEST(IsAssertion, IsTrueOfChecksOnly) {
  EXPECT_TRUE(IsAssertion({"aten", "_assert_async", "msg"}));
  EXPECT_TRUE(IsAssertion({"aten", "sym_constrain_range_for_size", "default"}));
  EXPECT_TRUE(IsAssertion({"higher_order", "print", "default"}));
  EXPECT_FALSE(IsAssertion({"aten", "ge", "Scalar"}));
  EXPECT_FALSE(IsAssertion({"higher_order", "cond", "default"}));
}

TEST(IsPointwise, IsTrueOfOverloadsNotOfNames) {
  EXPECT_TRUE(IsPointwise({"aten", "add", "Tensor"}));
  EXPECT_TRUE(IsPointwise({"aten", "__and__", "Tensor"}));
  EXPECT_TRUE(IsPointwise({"aten", "relu_", "default"}));
  EXPECT_TRUE(IsPointwise({"aten", "max", "other"}));
  EXPECT_FALSE(IsPointwise({"aten", "max", "default"}));
  EXPECT_FALSE(IsPointwise({"aten", "sum", "default"}));
  EXPECT_FALSE(IsPointwise({"aten", "add", "out"}));
}

TEST(IsRandom, FollowsPyTorchsTag) {
  EXPECT_TRUE(IsRandom({"aten", "randn_like", "default"}));
  EXPECT_TRUE(IsRandom({"aten", "dropout", "default"}));
  EXPECT_FALSE(IsRandom({"aten", "relu", "default"}));
  EXPECT_FALSE(IsRandom({"", "RandomNormal", ""}));
}

}  // namespace
}  // namespace fairlead
