#include "export/metadata.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace fairlead {
namespace {

// forward(x, 3, y) -> ({"a": x'}, None), one parameter, one buffer that is changed.
ExportedProgram Program() {
  ExportedProgram program;
  const ValueId weight = program.graph.AddInput("p_weight", Type(DType::kFloat, Dims{3}));
  const ValueId x = program.graph.AddInput("x", Type(DType::kFloat, Dims{Dim("batch"), 3}));
  const ValueId y = program.graph.AddInput("y\"", Type(DType::kFloat, Dims{3}));
  program.inputs.resize(4);
  program.inputs[0] = {
      .kind = InputSpec::Kind::kParameter, .value = weight, .name = "p_weight", .target = "weight", .constant = {}};
  program.inputs[1] = {.kind = InputSpec::Kind::kUser, .value = x, .name = "x", .target = {}, .constant = {}};
  program.inputs[2] = {.kind = InputSpec::Kind::kConstant, .name = "n", .target = {}, .constant = int64_t{3}};
  program.inputs[3] = {.kind = InputSpec::Kind::kUser, .value = y, .name = "y", .target = {}, .constant = {}};
  program.outputs.resize(3);
  program.outputs[0] = {
      .kind = OutputSpec::Kind::kBufferMutation, .value = y, .name = "buffer.next", .target = "buffer", .constant = {}};
  program.outputs[1] = {.kind = OutputSpec::Kind::kUser, .value = x, .name = "a", .target = {}, .constant = {}};
  program.outputs[2] = {.kind = OutputSpec::Kind::kUser, .name = "output_1", .target = {}, .constant = {}};
  program.ranges = {{"batch", {1, 64}}, {"length", {2, std::nullopt}}, {"2*batch", {2, 128}}};
  program.archive_path = "somewhere/model.pt2";
  return program;
}

TEST(ModelMetadata, NamesTensorLeavesAndMarksTheOthers) {
  const auto metadata = ModelMetadata(Program());
  EXPECT_EQ(metadata.at("fairlead.inputs"), R"(["x",null,"y\""])");
  EXPECT_EQ(metadata.at("fairlead.outputs"), R"(["a",null])");
}

OutputSpec Constant(ConstantLeaf value) {
  return {.kind = OutputSpec::Kind::kUser, .name = {}, .target = {}, .constant = std::move(value)};
}

TEST(ModelMetadata, HasTheValuesOfOutputsThatAreNoTensors) {
  ExportedProgram program = Program();
  EXPECT_EQ(ModelMetadata(program).at("fairlead.output_constants"), R"({"1":null})");
  for (const ConstantLeaf& leaf : {ConstantLeaf(int64_t{-7}), ConstantLeaf(2.0), ConstantLeaf(1e30), ConstantLeaf(0.1),
                                   ConstantLeaf(true), ConstantLeaf(std::string("a\"b")), ConstantLeaf(-INFINITY)})
    program.outputs.push_back(Constant(leaf));
  EXPECT_EQ(ModelMetadata(program).at("fairlead.output_constants"),
            R"({"1":null,"2":-7,"3":2.0,"4":1e+30,"5":0.1,"6":true,"7":"a\"b","8":{"float":"-Infinity"}})");
}

TEST(ModelMetadata, HasNoEntryForWhatThereIsNot) {
  ExportedProgram program = Program();
  program.outputs.pop_back();
  EXPECT_FALSE(ModelMetadata(program).contains("fairlead.output_constants"));
  EXPECT_FALSE(ModelMetadata(program).contains("fairlead.dropped_state"));
}

TEST(ModelMetadata, NamesTheStateThatWasDropped) {
  ExportedProgram program = Program();
  program.dropped_state = {"norm.running_mean", "x"};
  EXPECT_EQ(ModelMetadata(program).at("fairlead.dropped_state"), R"(["norm.running_mean","x"])");
}

TEST(ModelMetadata, HasTheRangesOfSymbols) {
  EXPECT_EQ(ModelMetadata(Program()).at("fairlead.ranges"), R"({"batch":[1,64],"length":[2,null]})");
}

TEST(ModelMetadata, SaysNothingOfThePlace) {
  for (const auto& [key, text] : ModelMetadata(Program())) EXPECT_EQ(text.find("somewhere"), std::string::npos) << key;
}

}  // namespace
}  // namespace fairlead
