#include "verify/verify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fairlead {
namespace {

using testing::HasSubstr;

const Type kFloats(DType::kFloat, Dims{2, 3});

// x → Relu → y, which every test spoils in its own way.
class VerifyModelTest : public testing::Test {
 protected:
  VerifyModelTest() {
    model_.opset_imports = {{"", 20}};
    Graph& graph = model_.graph;
    const ValueId x = graph.AddInput("x", kFloats);
    relu_ = graph.AddNode({.op = {"", "Relu", ""}, .inputs = {x}}, 1);
    y_ = graph.node(relu_).outputs[0];
    graph.value(y_).type = kFloats;
    graph.value(y_).name = "y";
    graph.AddOutput(y_);
  }
  Node& relu() { return model_.graph.node(relu_); }
  std::string Verify() {
    const Status status = VerifyModel(model_, diagnostics_);
    return status.ok() ? "ok" : status.error().rule + " " + status.error().message;
  }

  Model model_;
  Diagnostics diagnostics_;
  NodeId relu_ = kNoNode;
  ValueId y_ = kNoValue;
};

TEST_F(VerifyModelTest, IsSilentAboutAGoodModel) {
  EXPECT_EQ(Verify(), "ok");
  EXPECT_TRUE(diagnostics_.findings().empty());
}

TEST_F(VerifyModelTest, FindsNodesThatWereNotLowered) {
  relu().op = {"aten", "relu", "default"};
  EXPECT_THAT(Verify(), HasSubstr("FL7012"));
}

TEST_F(VerifyModelTest, FindsNodesThatAreIllegalAtTheOpset) {
  relu().op.type = "Swish";
  EXPECT_EQ(Verify(), "FL7012 Swish exists since opset 24, the target is 20");
  model_.opset_imports = {{"", 24}};
  EXPECT_EQ(Verify(), "ok");
}

TEST_F(VerifyModelTest, FindsDomainsThatAreNotImported) {
  relu().op = {"com.acme", "Foo", ""};
  EXPECT_THAT(Verify(), HasSubstr("which the model does not import"));
  model_.opset_imports["com.acme"] = 1;
  EXPECT_EQ(Verify(), "ok");
}

TEST_F(VerifyModelTest, FindsNamesThatAreMissingOrTaken) {
  model_.graph.value(y_).name = "x";
  EXPECT_EQ(Verify(), "FL7012 two values are called x");
  model_.graph.value(y_).name = "";
  EXPECT_THAT(Verify(), HasSubstr("has no name"));
}

TEST_F(VerifyModelTest, AcceptsOneNameForAnInputAndItsDefault) {
  model_.graph.mutable_initializers().push_back(
      {model_.graph.inputs()[0], Tensor::Owned(DType::kFloat, {2, 3}, std::vector<std::byte>(24))});
  EXPECT_EQ(Verify(), "ok");
}

TEST_F(VerifyModelTest, WarnsOfValuesWithoutRank) {
  model_.graph.value(y_).type.dims.reset();
  EXPECT_EQ(Verify(), "ok");
  ASSERT_EQ(diagnostics_.findings().size(), 1u);
  EXPECT_EQ(diagnostics_.findings()[0].rule, "FL4009");
  EXPECT_EQ(diagnostics_.findings()[0].message, "1 value has no known type or rank: y");
}

TEST_F(VerifyModelTest, LooksIntoNestedGraphs) {
  auto branch = std::make_shared<Graph>("branch");
  const ValueId x = branch->AddCapture(model_.graph.inputs()[0], kFloats, "x");
  const NodeId swish = branch->AddNode({.op = {"", "Swish", ""}, .inputs = {x}}, 1);
  branch->value(branch->node(swish).outputs[0]).type = kFloats;
  branch->value(branch->node(swish).outputs[0]).name = "z";
  branch->AddOutput(branch->node(swish).outputs[0]);
  const ValueId flag = model_.graph.AddInput("flag", Type(DType::kBool, Dims{}));
  const NodeId chosen = model_.graph.AddNode(
      {.op = {"", "If", ""}, .inputs = {flag}, .attributes = {{"then_branch", branch}, {"else_branch", branch}}}, 1);
  model_.graph.value(model_.graph.node(chosen).outputs[0]).type = kFloats;
  model_.graph.value(model_.graph.node(chosen).outputs[0]).name = "w";
  EXPECT_EQ(Verify(), "FL7012 Swish exists since opset 24, the target is 20");
}

TEST_F(VerifyModelTest, RefusesOpsetsThatAreNotWritten) {
  model_.opset_imports = {{"", 27}};
  EXPECT_EQ(Verify(), "FL7012 the model imports opset 27, 18 to 26 are written");
}

}  // namespace
}  // namespace fairlead
