#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <unordered_map>

#include "onnx/schema.hpp"

namespace fairlead::onnx_room {
namespace {

using testing::HasSubstr;

// A graph that is typed node by node, as lowering does it.
class Inference : public testing::Test, public ConstantLookup {
 protected:
  const Tensor* Find(ValueId value) const override {
    if (const Tensor* const initializer = graph_.FindInitializer(value)) return initializer;
    const NodeId producer = graph_.value(value).producer;
    if (producer == kNoNode || graph_.node(producer).op.type != "Constant") return nullptr;
    return std::get_if<Tensor>(&graph_.node(producer).Find("value")->value);
  }

  ValueId Input(Type type) { return graph_.AddInput("", std::move(type)); }
  ValueId Ints(const std::vector<int64_t>& values) { return graph_.AddInitializer("", Tensor::Ints(values)); }
  ValueId Int(int64_t value) { return graph_.AddInitializer("", Tensor::Scalar(DType::kInt64, value)); }

  Result<std::vector<Type>> Infer(Node node, std::size_t outputs = 1) {
    const NodeId id = graph_.AddNode(std::move(node), outputs);
    Result<std::vector<Type>> types = InferTypes(graph_, graph_.node(id), opset_, *this);
    if (!types.ok()) return types;
    for (std::size_t i = 0; i < outputs; ++i) graph_.value(graph_.node(id).outputs[i]).type = (*types)[i];
    return types;
  }
  // Types the node and answers its first output.
  ValueId Emit(const char* op, std::vector<ValueId> inputs, std::vector<Attribute> attributes = {}) {
    const auto types = Infer({.op = {"", op, ""}, .inputs = std::move(inputs), .attributes = std::move(attributes)});
    EXPECT_TRUE(types.ok()) << types.error().message;
    return graph_.node(graph_.order().back()).outputs[0];
  }
  std::string TypeOf(ValueId value) const { return ToString(graph_.value(value).type); }

  Graph graph_;
  int opset_ = 20;
};

const Dim kBatch("batch");

TEST_F(Inference, BroadcastsAndKeepsSymbols) {
  const ValueId x = Input(Type(DType::kFloat, Dims{kBatch, 1, 3}));
  const ValueId y = Input(Type(DType::kFloat, Dims{4, 1}));
  EXPECT_EQ(TypeOf(Emit("Add", {x, y})), "float[batch,4,3]");
}

TEST_F(Inference, ReadsAttributes) {
  const ValueId x = Input(Type(DType::kFloat, Dims{kBatch, 3, 32, 32}));
  const ValueId w = Input(Type(DType::kFloat, Dims{8, 3, 3, 3}));
  const ValueId y =
      Emit("Conv", {x, w}, {{"pads", std::vector<int64_t>{1, 1, 1, 1}}, {"strides", std::vector<int64_t>{2, 2}}});
  EXPECT_EQ(TypeOf(y), "float[batch,8,16,16]");
  EXPECT_EQ(TypeOf(Emit("Cast", {y}, {{"to", int64_t{10}}})), "float16[batch,8,16,16]");
}

TEST_F(Inference, ReadsConstantInputs) {
  const ValueId x = Input(Type(DType::kFloat, Dims{2, 3, 4}));
  EXPECT_EQ(TypeOf(Emit("Reshape", {x, Ints({0, -1})})), "float[2,12]");
  EXPECT_EQ(TypeOf(Emit("ReduceSum", {x, Ints({1})}, {{"keepdims", int64_t{0}}})), "float[2,4]");
  EXPECT_EQ(TypeOf(Emit("Slice", {x, Ints({1}), Ints({3}), Ints({2})})), "float[2,3,2]");
  EXPECT_EQ(TypeOf(Emit("Expand", {x, Ints({5, 1, 1, 1})})), "float[5,2,3,4]");
}

TEST_F(Inference, TypesAConstantFromItsTensorOrList) {
  EXPECT_EQ(TypeOf(Emit("Constant", {}, {{"value", Tensor::Ints(std::vector<int64_t>{1, 2, 3})}})), "int64[3]");
  EXPECT_EQ(TypeOf(Emit("Constant", {}, {{"value_floats", std::vector<double>{1, 2}}})), "float[2]");
  EXPECT_EQ(TypeOf(Emit("Constant", {}, {{"value_float", 1.5}})), "float[]");
}

TEST_F(Inference, FollowsShapeArithmeticToAReshape) {
  const ValueId x = Input(Type(DType::kFloat, Dims{kBatch, Dim("seq"), 64}));
  const ValueId shape = Emit("Shape", {x});
  const ValueId batch = Emit("Gather", {shape, Ints({0})}, {{"axis", int64_t{0}}});
  const ValueId seq = Emit("Gather", {shape, Ints({1})}, {{"axis", int64_t{0}}});
  const ValueId target = Emit("Concat", {batch, seq, Ints({4, 16})}, {{"axis", int64_t{0}}});
  EXPECT_EQ(TypeOf(Emit("Reshape", {x, target})), "float[batch,seq,4,16]");
  EXPECT_EQ(TypeOf(Emit("Expand", {Input(Type(DType::kFloat, Dims{1})), target})), "float[batch,seq,4,16]");
}

TEST_F(Inference, TakesSymbolicIntegersAsSizes) {
  Type size(DType::kInt64, Dims{});
  size.expression = "2*batch";
  const ValueId rows = Emit("Unsqueeze", {Input(size), Ints({0})});
  const ValueId target = Emit("Concat", {rows, Ints({7})}, {{"axis", int64_t{0}}});
  EXPECT_EQ(TypeOf(Emit("Reshape", {Input(Type(DType::kFloat, std::nullopt)), target})), "float[2*batch,7]");
}

TEST_F(Inference, DoesNotLoseItselfInLongShapeArithmetic) {
  ValueId size = Input(Type(DType::kInt64, Dims{1}));
  for (int i = 0; i < 20000; ++i) size = Emit("Add", {size, size});
  EXPECT_EQ(TypeOf(Emit("Reshape", {Input(Type(DType::kFloat, Dims{4})), size})), "float[?]");
}

TEST_F(Inference, AnswersEveryOutput) {
  const ValueId x = Input(Type(DType::kFloat, Dims{2, 10}));
  const auto topk = Infer({.op = {"", "TopK", ""}, .inputs = {x, Ints({3})}}, 2);
  ASSERT_TRUE(topk.ok());
  EXPECT_EQ(ToString((*topk)[0]), "float[2,3]");
  EXPECT_EQ(ToString((*topk)[1]), "int64[2,3]");
  const auto split =
      Infer({.op = {"", "Split", ""}, .inputs = {x}, .attributes = {{"axis", int64_t{1}}, {"num_outputs", int64_t{3}}}}, 3);
  ASSERT_TRUE(split.ok());
  EXPECT_EQ(ToString((*split)[2]), "float[2,2]");
}

TEST_F(Inference, TypesSequences) {
  const ValueId x = Input(Type(DType::kFloat, Dims{2, 3}));
  const ValueId sequence = Emit("SequenceConstruct", {x, x});
  EXPECT_EQ(graph_.value(sequence).type.kind, Type::Kind::kSequence);
  EXPECT_EQ(TypeOf(Emit("SequenceAt", {sequence, Int(0)})), "float[2,3]");
}

TEST_F(Inference, TakesTypesOfNestedGraphs) {
  const ValueId condition = Input(Type(DType::kBool, Dims{}));
  const auto branch = [&](Dims dims) {
    auto graph = std::make_shared<Graph>("branch");
    graph->AddOutput(graph->AddCapture(condition, Type(DType::kFloat, std::move(dims))));
    return graph;
  };
  const ValueId y = Emit("If", {condition}, {{"then_branch", branch({2, 3})}, {"else_branch", branch({2, 4})}});
  EXPECT_EQ(TypeOf(y), "float[2,?]");
}

TEST_F(Inference, TypesALoopFromItsBody) {
  auto body = std::make_shared<Graph>("body");
  body->AddInput("i", Type(DType::kInt64, Dims{}));
  const ValueId condition = body->AddInput("c", Type(DType::kBool, Dims{}));
  const ValueId state = body->AddInput("s", Type(DType::kFloat, Dims{3}));
  for (const ValueId output : {condition, state, state}) body->AddOutput(output);
  const auto types = Infer({.op = {"", "Loop", ""},
                            .inputs = {Int(5), kNoValue, Input(Type(DType::kFloat, Dims{3}))},
                            .attributes = {{"body", body}}},
                           2);
  ASSERT_TRUE(types.ok()) << types.error().message;
  EXPECT_EQ(ToString((*types)[0]), "float[*]") << "ONNX lets a state change its shape from one round to the next";
  EXPECT_EQ(ToString((*types)[1]), "float[?,3]");
}

TEST_F(Inference, TypesOperatorsThroughTheirFunctionBody) {
  opset_ = 21;
  const ValueId x = Input(Type(DType::kFloat16, Dims{kBatch, 4, 5}));
  const ValueId scale = Input(Type(DType::kFloat16, Dims{4}));
  EXPECT_EQ(TypeOf(Emit("GroupNormalization", {x, scale, scale}, {{"num_groups", int64_t{2}}})), "float16[batch,4,5]");
  EXPECT_EQ(TypeOf(Emit("MeanVarianceNormalization", {Input(Type(DType::kFloat, Dims{kBatch, 3, 2, 2}))})),
            "float[batch,3,2,2]");
}

TEST_F(Inference, ReportsWhatONNXRefusesWithItsText) {
  const ValueId x = Input(Type(DType::kFloat, Dims{2, 3}));
  const auto types = Infer({.op = {"", "MatMul", ""}, .inputs = {x, x}, .name = "scores"});
  ASSERT_FALSE(types.ok());
  EXPECT_EQ(types.error().rule, "FL7005");
  EXPECT_THAT(types.error().message, HasSubstr("MatMul (scores): "));
  EXPECT_THAT(types.error().message, HasSubstr("Incompatible dimensions"));
}

TEST_F(Inference, KnowsOnlyOperatorsOfTheOpset) {
  const ValueId x = Input(Type(DType::kFloat, Dims{2, 3}));
  EXPECT_THAT(Infer({.op = {"", "Attention", ""}, .inputs = {x, x, x}}).error().message,
              HasSubstr("no such operator at opset 20"));
  const auto custom = Infer({.op = {"com.acme", "Foo", ""}, .inputs = {x}});
  ASSERT_TRUE(custom.ok());
  EXPECT_EQ(ToString((*custom)[0]), "unknown");
}

TEST_F(Inference, SurvivesInputsWithoutTypes) {
  EXPECT_EQ(TypeOf(Emit("Relu", {Input(Type())})), "unknown");
  EXPECT_EQ(TypeOf(Emit("Shape", {Input(Type())})), "int64[?]");
}

// A budget, not a benchmark: design asks for 100,000 elementwise nodes a second in a release build.
TEST_F(Inference, IsFastEnoughToRunOnEveryNode) {
  const ValueId x = Input(Type(DType::kFloat, Dims{kBatch, 64, 56, 56}));
  const NodeId add = graph_.AddNode({.op = {"", "Add", ""}, .inputs = {x, x}}, 1);
  constexpr int kNodes = 20000;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kNodes; ++i) ASSERT_TRUE(InferTypes(graph_, graph_.node(add), opset_, *this).ok());
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  RecordProperty("nodes_per_second", static_cast<int>(kNodes / elapsed.count()));
  EXPECT_GT(kNodes / elapsed.count(), 5000) << "an unoptimised build on a busy machine reaches this";
}

}  // namespace
}  // namespace fairlead::onnx_room
