// The small parts: unions, targets, pytree paths, module paths.
#include <gmock/gmock.h>

#include "frontend/pytree.hpp"
#include "frontend/schema.hpp"
#include "frontend/sources.hpp"

namespace fairlead {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

JsonDocument Json(std::string_view text) {
  auto document = JsonDocument::Parse(text, "t");
  EXPECT_TRUE(document.ok()) << document.error().message;
  return *std::move(document);
}

TEST(Union, IsReadInAllFourEncodings) {
  for (const char* const text :
       {R"({"as_int": 3})", R"({"$type": "as_int", "$value": 3})", R"({"type": "as_int", "as_int": 3})",
        R"({"type": "as_int", "value": 3})", R"({"as_none": null, "as_int": 3, "as_ints": null})"}) {
    const JsonDocument json = Json(text);
    const Tagged tagged = ReadUnion(json.root());
    EXPECT_EQ(tagged.tag, "as_int") << text;
    EXPECT_EQ(tagged.value.AsInt(), 3) << text;
  }
}

TEST(Union, HasNoTagUnlessExactlyOneAlternativeIsMeant) {
  for (const char* const text :
       {R"({})", R"(3)", R"([1])", R"({"as_int": 3, "as_float": 2.0})", R"({"as_int": null, "as_float": null})"}) {
    const JsonDocument json = Json(text);
    EXPECT_EQ(ReadUnion(json.root()).tag, "") << text;
  }
}

TEST(Target, BecomesAnOperator) {
  EXPECT_EQ(ToString(ReadTarget("torch.ops.aten.add.Tensor")), "aten::add.Tensor");
  EXPECT_EQ(ToString(ReadTarget("torch.ops.higher_order.cond")), "higher_order::cond.default");
  EXPECT_EQ(ToString(ReadTarget("torch.ops.mylib.foo.default")), "mylib::foo.default");
  EXPECT_EQ(ToString(ReadTarget("_operator.mul")), "python::mul.default");
  EXPECT_EQ(ToString(ReadTarget("math.trunc")), "python::trunc.default");
  EXPECT_EQ(ToString(ReadTarget("torch.sym_max")), "python::sym_max.default");
  EXPECT_EQ(ToString(ReadTarget("torch._sym_sqrt")), "python::_sym_sqrt.default");
  EXPECT_EQ(ToString(ReadTarget("torch._functorch.predispatch._add_batch_dim")), "functorch::_add_batch_dim.default");
  EXPECT_EQ(ToString(ReadTarget("#ext:op")), "ext::op.default");
  EXPECT_EQ(ToString(ReadTarget("my.package.function")), "my.package::function.default");
}

TEST(ScalarType, HasTheNumbersOfTorchExport) {
  const JsonDocument json = Json("[7, 5, 13, 29, 33, 9, 0, 99, -1, null]");
  EXPECT_EQ(ReadScalarType(json.root()[0]), DType::kFloat);
  EXPECT_EQ(ReadScalarType(json.root()[1]), DType::kInt64);
  EXPECT_EQ(ReadScalarType(json.root()[2]), DType::kBFloat16);
  EXPECT_EQ(ReadScalarType(json.root()[3]), DType::kFloat8E4M3FN);
  EXPECT_EQ(ReadScalarType(json.root()[4]), DType::kFloat8E8M0);
  for (std::size_t i = 5; i < 10; ++i) EXPECT_EQ(ReadScalarType(json.root()[i]), std::nullopt) << i;
}

// A spec of the given type and context over leaves and other specs.
std::string Spec(const std::string& type, const std::string& context, const std::vector<std::string>& children) {
  std::string out = R"({"type": ")" + type + R"(", "context": )" + context + R"(, "children_spec": [)";
  for (const std::string& child : children) out += (&child == &children[0] ? "" : ", ") + child;
  return out + "]}";
}
const std::string kLeaf = R"({"type": null, "context": null, "children_spec": []})";

std::vector<std::string> Paths(const std::string& spec, JsonValue fields = {}) {
  return LeafPaths("[1, " + spec + "]", fields);
}

TEST(LeafPaths, AreKeysFieldsAndPositions) {
  EXPECT_THAT(Paths(kLeaf), ElementsAre("output_0"));
  EXPECT_THAT(Paths(Spec("builtins.tuple", "\"null\"", {kLeaf, kLeaf})), ElementsAre("output_0", "output_1"));
  const std::string pair = Spec("builtins.tuple", "\"null\"", {kLeaf, kLeaf});
  EXPECT_THAT(Paths(Spec("builtins.dict", R"("[\"a\", \"b\"]")", {kLeaf, pair})), ElementsAre("a", "b.0", "b.1"));
  EXPECT_THAT(Paths(Spec("transformers.Output", R"("[\"logits\"]")", {kLeaf})), ElementsAre("logits"));
  EXPECT_THAT(Paths(Spec("zoo.DC", R"("[[\"pos\", \"vel\"], []]")", {kLeaf, kLeaf})), ElementsAre("pos", "vel"));
  EXPECT_THAT(Paths(Spec("collections.defaultdict", R"("[null, [\"x\"]]")", {kLeaf})), ElementsAre("x"));
  EXPECT_THAT(Paths(Spec("my.Unknown", R"("{}")", {kLeaf, pair})), ElementsAre("output_0", "output_1.0", "output_1.1"));
}

TEST(LeafPaths, AreNamedTupleFieldsOfTheProgram) {
  const JsonDocument fields = Json(R"({"zoo.NT": {"field_names": ["score", "aux"]}})");
  const std::string spec = Spec("collections.namedtuple", "\"zoo.NT\"", {kLeaf, kLeaf});
  EXPECT_THAT(Paths(spec, fields.root()), ElementsAre("score", "aux"));
  EXPECT_THAT(Paths(spec), ElementsAre("output_0", "output_1"));
}

TEST(LeafPaths, AreEmptyForWhatIsNoSpec) {
  for (const char* const text : {"", "[1]", "[1, 2]", "{}", "[1, {\"type\": \"builtins.tuple\", \"children_spec\": [3]}]"})
    EXPECT_THAT(LeafPaths(text, {}), IsEmpty()) << text;
  std::string deep = kLeaf;
  for (int i = 0; i < 100; ++i) deep = Spec("builtins.list", "\"null\"", {deep});
  EXPECT_THAT(Paths(deep), IsEmpty());
}

TEST(InnermostModule, IsReadInEveryVersionsForm) {
  const auto expect = [](std::string_view stack, std::string_view path, std::string_view type) {
    const ModulePlace place = InnermostModule(stack);
    EXPECT_EQ(place.path, path) << stack;
    EXPECT_EQ(place.type, type) << stack;
  };
  expect("L__self__,,m.Net;L__self__a,a,torch.nn.modules.linear.Linear", "a", "torch.nn.modules.linear.Linear");
  expect("L__self__,,m.Net;L__self__model.layers.0,model.layers.0@2,m.Layer", "model.layers.0", "m.Layer");
  expect("L__self__,,m.Net;L__s___q,L['s'].q,torch.nn.Linear", "q", "torch.nn.Linear");
  expect("L__self__,,m.Net;k,L['self'].a.b,m.B[int, m.C; x]", "a.b", "m.B[int, m.C; x]");
  expect("L__s___a:(L['s'].a,torch.nn.modules.linear.Linear)", "a", "torch.nn.modules.linear.Linear");
  expect("L__self__,,m.Net", "", "m.Net");
  const std::string hook = "_empty_nn_module_stack_from_metadata_hook";
  expect(hook + "," + hook + "," + hook, "", "");
  expect("", "", "");
  expect("no commas", "", "");
}

TEST(SourceReader, KeepsEachPlaceOnce) {
  Graph graph;
  SourceReader reader(graph);
  const JsonDocument json =
      Json(R"([{"stack_trace": "File a", "nn_module_stack": "k,p,T"}, {"nn_module_stack": "k,p,T", "stack_trace": "File a"},
                                     {"stack_trace": "NoneType: None\n"}, {}, {"stack_trace": "File b"}])");
  const SourceId first = reader.Read(json.root()[0]);
  EXPECT_NE(first, 0u);
  EXPECT_EQ(reader.Read(json.root()[1]), first);
  EXPECT_EQ(reader.Read(json.root()[2]), 0u);
  EXPECT_EQ(reader.Read(json.root()[3]), 0u);
  EXPECT_NE(reader.Read(json.root()[4]), first);
  EXPECT_EQ(graph.source(first).module_path, "p");
  EXPECT_EQ(graph.source(first).stack_trace, "File a");
}

}  // namespace
}  // namespace fairlead
