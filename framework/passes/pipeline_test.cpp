#include "passes/pipeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "passes/test_program.hpp"

namespace fairlead {
namespace {

using testing::HasSubstr;

// Leaves the only node out of the order, so that the output comes from nowhere.
class BreakingProgramPass final : public ProgramPass {
 public:
  std::string_view name() const override { return "breaking"; }
  Status Run(ExportedProgram& program, PassContext&) const override {
    program.graph.SetOrder({});
    return Ok();
  }
};
class BreakingModelPass final : public ModelPass {
 public:
  std::string_view name() const override { return "breaking"; }
  Status Run(Model& model, PassContext&) const override {
    model.graph.SetOrder({});
    return Ok();
  }
};

class PipelineTest : public testing::Test {
 protected:
  // What running a pass that breaks the graph comes to, by the option this was built with.
  static void ExpectFound(const Status& status) {
#ifdef FAIRLEAD_VERIFY_PASSES
    EXPECT_TRUE(VerifiesPasses());
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().rule, "FL7012");
    EXPECT_THAT(status.error().message, HasSubstr("after pass \"breaking\": "));
    EXPECT_EQ(ExitCode(status), 70);
#else
    EXPECT_FALSE(VerifiesPasses());
    EXPECT_TRUE(status.ok()) << status.message();
#endif
  }

  Diagnostics diagnostics_;
  PassContext context_{.diagnostics = diagnostics_};
};

TEST_F(PipelineTest, FindsTheProgramPassThatBreaksAGraph) {
  ExportedProgram program = ProgramFrom("agraph (float[2] x) => (float[2] z) { z = aten::relu.default(self=x) }");
  const BreakingProgramPass breaking;
  const Step<ProgramPass> steps[] = {{breaking}};
  ExpectFound(RunSteps(steps, program, context_, {}));
}

TEST_F(PipelineTest, FindsTheModelPassThatBreaksAGraph) {
  Model model = ModelFrom("agraph (float[2] x) => (float[2] z) { z = Relu(x) }");
  const BreakingModelPass breaking;
  const Step<ModelPass> steps[] = {{breaking}};
  ExpectFound(RunSteps(steps, model, context_, {}));
}

TEST_F(PipelineTest, LeavesOutWhatIsDisabled) {
  Model model = ModelFrom("agraph (float[2] x) => (float[2] z) { z = Relu(x) }");
  const BreakingModelPass breaking;
  const Step<ModelPass> steps[] = {{breaking}};
  ASSERT_TRUE(RunSteps(steps, model, context_, std::vector<std::string>{"breaking"}).ok());
  EXPECT_EQ(model.graph.order().size(), 1u);
}

}  // namespace
}  // namespace fairlead
