// The evaluator against ONNX's own reference evaluator (testing/make_fold_cases.py), and what it must leave alone.
#include "passes/onnx_evaluator.hpp"

#include "passes/test_program.hpp"

namespace fairlead {
namespace {

struct FoldCase {
  std::string_view node, inputs, result;
};

constexpr FoldCase kCases[] = {
#include "passes/testing/fold_cases.inc"
};

// What the evaluator makes of the only node of "y = node" with the given initializers.
std::optional<Tensor> Evaluated(std::string_view node, std::string_view initializers) {
  const std::string text = fmt::format("agraph () => (float y) <{}> {{ y = {} }}", initializers, node);
  Result<Graph> graph = ParseGraph(text);
  EXPECT_TRUE(graph.ok()) << text << "\n" << (graph.ok() ? "" : graph.error().message);
  if (!graph.ok()) return std::nullopt;
  const Node& parsed = graph->node(graph->order()[0]);
  std::vector<const Tensor*> inputs;
  for (const ValueId input : parsed.inputs) inputs.push_back(input == kNoValue ? nullptr : graph->FindInitializer(input));
  return EvaluateOnnx(parsed, inputs);
}

Tensor Expected(std::string_view initializer) {
  Result<Graph> graph = ParseGraph(fmt::format("agraph () => () <{}> {{}}", initializer));
  EXPECT_TRUE(graph.ok()) << initializer << "\n" << (graph.ok() ? "" : graph.error().message);
  return graph.ok() ? graph->initializers()[0].tensor : Tensor();
}

TEST(EvaluateOnnx, AgreesWithOnnxsReferenceToTheBit) {
  for (const auto& [node, inputs, result] : kCases) {
    const std::optional<Tensor> computed = Evaluated(node, inputs);
    ASSERT_TRUE(computed.has_value()) << node << " " << inputs;
    EXPECT_TRUE(SameContent(*computed, Expected(result))) << node << "\n" << inputs << "\n" << result;
  }
}

TEST(EvaluateOnnx, LeavesWhatIsNotDefined) {
  EXPECT_FALSE(Evaluated("Div(a, b)", "int64[1] a = {1}, int64[1] b = {0}"));
  EXPECT_FALSE(Evaluated("Mod(a, b)", "int64[1] a = {1}, int64[1] b = {0}"));
  EXPECT_FALSE(Evaluated("Div(a, b)", "int8[1] a = {-128}, int8[1] b = {-1}"));
  EXPECT_FALSE(Evaluated("Neg(a)", "int8[1] a = {-128}"));
  EXPECT_FALSE(Evaluated("Cast<to = 6>(a)", "float[1] a = {2147483648.0}"));
  EXPECT_TRUE(Evaluated("Cast<to = 6>(a)", "float[1] a = {2147483520.0}"));
  EXPECT_FALSE(Evaluated("Cast<to = 7>(a)", "float[1] a = {nan}"));
  EXPECT_FALSE(Evaluated("Cast<to = 2>(a)", "float[1] a = {-1.0}"));
  EXPECT_FALSE(Evaluated("Max(a, b)", "float[1] a = {nan}, float[1] b = {0.0}"));
  EXPECT_FALSE(Evaluated("Mod(a, b)", "float[1] a = {1.0}, float[1] b = {2.0}"));
}

TEST(EvaluateOnnx, LeavesIllegalArguments) {
  EXPECT_FALSE(Evaluated("Add(a, b)", "int64[2] a = {1, 2}, int64[3] b = {1, 2, 3}"));
  EXPECT_FALSE(Evaluated("Add(a, b)", "int64[1] a = {1}, int32[1] b = {1}"));
  EXPECT_FALSE(Evaluated("Gather(a, b)", "int64[2] a = {1, 2}, int64[] b = {2}"));
  EXPECT_FALSE(Evaluated("Gather<axis = 1>(a, b)", "int64[2] a = {1, 2}, int64[] b = {0}"));
  EXPECT_FALSE(Evaluated("Reshape(a, b)", "int64[3] a = {1, 2, 3}, int64[2] b = {-1, 2}"));
  EXPECT_FALSE(Evaluated("Reshape(a, b)", "int64[2] a = {1, 2}, int64[2] b = {-1, -1}"));
  EXPECT_FALSE(Evaluated("Squeeze(a, b)", "int64[2] a = {1, 2}, int64[1] b = {0}"));
  EXPECT_FALSE(Evaluated("Unsqueeze(a, b)", "int64[2] a = {1, 2}, int64[2] b = {0, 0}"));
  EXPECT_FALSE(Evaluated("Slice(a, b, c, d, e)",
                         "int64[2] a = {1, 2}, int64[1] b = {0}, int64[1] c = {2}, int64[1] d = {0}, int64[1] e = {0}"));
  EXPECT_FALSE(Evaluated("Slice(a, b, c, d)", "int64[2] a = {1, 2}, int64[1] b = {0}, int64[1] c = {2}, int64[1] d = {1}"));
  EXPECT_FALSE(Evaluated("Transpose<perm = [0, 0]>(a)", "int64[1,2] a = {1, 2}"));
  EXPECT_FALSE(Evaluated("Range(a, b, c)", "int64[] a = {0}, int64[] b = {5}, int64[] c = {0}"));
  EXPECT_FALSE(Evaluated("ConstantOfShape(a)", "int64[1] a = {-1}"));
}

TEST(EvaluateOnnx, LeavesWhatWouldBeLarge) {
  EXPECT_FALSE(Evaluated("ConstantOfShape(a)", "int64[1] a = {1025}"));
  EXPECT_TRUE(Evaluated("ConstantOfShape(a)", "int64[1] a = {1024}"));
  EXPECT_FALSE(Evaluated("ConstantOfShape(a)", "int64[2] a = {9223372036854775807, 2}"));
  EXPECT_FALSE(Evaluated("Expand(a, b)", "int64[1] a = {1}, int64[2] b = {9223372036854775807, 9223372036854775807}"));
  EXPECT_FALSE(Evaluated("Range(a, b, c)", "int64[] a = {0}, int64[] b = {9223372036854775807}, int64[] c = {1}"));
  EXPECT_FALSE(Evaluated("Range(a, b, c)",
                         "int64[] a = {-9223372036854775807}, int64[] b = {9223372036854775807}, int64[] c = {1}"));
}

TEST(EvaluateOnnx, LeavesOperatorsThatAreNotListed) {
  EXPECT_FALSE(CanEvaluate({"", "Softmax", ""}));
  EXPECT_FALSE(CanEvaluate({"com.acme", "Add", ""}));
  EXPECT_FALSE(CanEvaluate({"aten", "Add", "Tensor"}));
  EXPECT_FALSE(Evaluated("Sqrt(a)", "float16[1] a = {4.0}"));
}

}  // namespace
}  // namespace fairlead
