// Programs with writes, and what they become. Expected graphs follow PyTorch's semantics of views: a write is seen by every
// value that shares the memory, whatever its name.
#include <gmock/gmock.h>

#include "passes/passes.hpp"
#include "passes/test_program.hpp"

namespace fairlead {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using InputKind = InputSpec::Kind;
using OutputKind = OutputSpec::Kind;

// Records types of intermediate values, as torch.export does, in the textual form: "y: float[2,3]; b: bool[2]".
void RecordTypes(ExportedProgram& program, std::string_view types) {
  while (!types.empty()) {
    const std::string_view entry = types.substr(0, types.find(';'));
    types.remove_prefix(std::min(types.size(), entry.size() + 1));
    const std::size_t colon = entry.find(':');
    std::string name(entry.substr(0, colon)), type(entry.substr(colon + 1));
    std::erase(name, ' ');
    Result<Graph> graph = ParseGraph("agraph (" + type + " value) => (" + type + " value) {}");
    ASSERT_TRUE(graph.ok()) << entry << ": " << graph.error().message;
    program.graph.value(ValueNamed(program.graph, name)).type = graph->value(graph->inputs()[0]).type;
  }
}

struct FunctionalizeTest : testing::Test {
  Diagnostics diagnostics;
  PassContext context{.diagnostics = diagnostics};

  // What `text` becomes, dead nodes left out.
  std::string Functional(std::string_view text, std::string_view types = {}) {
    program = ProgramFrom(text);
    RecordTypes(program, types);
    const Status status = RunPass(passes::Functionalize(), program, context);
    EXPECT_TRUE(status.ok()) << status.message();
    EXPECT_TRUE(RunPass(passes::ProgramDeadCode(), program, context).ok());
    return Anonymous(program.graph);
  }

  Status Refused(std::string_view text, std::string_view types = {}) {
    program = ProgramFrom(text);
    RecordTypes(program, types);
    return passes::Functionalize().Run(program, context);
  }

  ExportedProgram program;
};

#define EXPECT_FUNCTIONAL(actual, expected) EXPECT_EQ(actual, Anonymous(expected))

TEST_F(FunctionalizeTest, AnInPlaceOperatorBecomesItsTwin) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[2] x) => (float[2] z) {
    y = aten::neg.default(self=x)
    z = aten::add_.Tensor(self=y, other=1, alpha=2)
  })",
                               "y: float[2]; z: float[2]"),
                    R"(agraph (float[2] x) => (float[2] z) {
    y = aten::neg.default(self=x)
    z = aten::add.Tensor(self=y, other=1, alpha=2)
  })");
  EXPECT_EQ(program.outputs.size(), 1u);
}

TEST_F(FunctionalizeTest, AnInputThatIsWrittenBecomesAMutationOutput) {
  Functional(R"(agraph (float[2] x) => (float[2] z) { z = aten::mul_.Tensor(self=x, other=2.0) })", "z: float[2]");
  ASSERT_EQ(program.outputs.size(), 2u);
  EXPECT_EQ(program.outputs[1].kind, OutputKind::kInputMutation);
  EXPECT_EQ(program.outputs[1].target, "x");
  EXPECT_EQ(program.outputs[1].value, program.outputs[0].value);
  EXPECT_EQ(program.graph.outputs().size(), 2u);
}

TEST_F(FunctionalizeTest, ABufferThatIsWrittenIsNamedByItsTarget) {
  program = ProgramFrom(R"(agraph (int64[] count, float[2] x) => (float[2] z) {
    next = aten::add_.Tensor(self=count, other=1)
    z = aten::relu.default(self=x)
  })");
  RecordTypes(program, "next: int64[]");
  MakeWeight(program, "count", InputKind::kBuffer, "bn.num_batches_tracked", Tensor::Scalar<int64_t>(DType::kInt64, 0));
  ASSERT_TRUE(RunPass(passes::Functionalize(), program, context).ok());
  ASSERT_EQ(program.outputs.size(), 2u);
  EXPECT_EQ(program.outputs[1].kind, OutputKind::kBufferMutation);
  EXPECT_EQ(program.outputs[1].target, "bn.num_batches_tracked");
}

TEST_F(FunctionalizeTest, AWriteThroughAViewIsSeenInItsBase) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[2,3] x) => (float[2,3] y) {
    y = aten::neg.default(self=x)
    v = aten::select.int(self=y, dim=0, index=1)
    w = aten::zero_.default(self=v)
  })",
                               "y: float[2,3]; v: float[3]; w: float[3]"),
                    R"(agraph (float[2,3] x) => (float[2,3] y_1) {
    y = aten::neg.default(self=x)
    v = aten::select.int(self=y, dim=0, index=1)
    w = aten::zeros_like.default(self=v)
    y_1 = aten::select_scatter.default(self=y, src=w, dim=0, index=1)
  })");
}

TEST_F(FunctionalizeTest, AWriteToTheBaseIsSeenInAViewTakenBefore) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[2,3] x) => (float[3,2] v) {
    y = aten::neg.default(self=x)
    v = aten::t.default(self=y)
    w = aten::add_.Tensor(self=y, other=1)
  })",
                               "y: float[2,3]; v: float[3,2]; w: float[2,3]"),
                    R"(agraph (float[2,3] x) => (float[3,2] v) {
    y = aten::neg.default(self=x)
    w = aten::add.Tensor(self=y, other=1)
    v = aten::t.default(self=w)
  })");
}

TEST_F(FunctionalizeTest, AWriteThroughAChainOfViewsGoesUpAndDownAgain) {
  // x.view(6)[1:3] += 1, read through x.t(): both views of one memory.
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[2,3] x) => (float[3,2] t) {
    y = aten::neg.default(self=x)
    t = aten::t.default(self=y)
    f = aten::view.default(self=y, size=[6])
    s = aten::slice.Tensor(self=f, dim=0, start=1, end=3)
    a = aten::add_.Tensor(self=s, other=1)
  })",
                               "y: float[2,3]; t: float[3,2]; f: float[6]; s: float[2]; a: float[2]"),
                    R"(agraph (float[2,3] x) => (float[3,2] t) {
    y = aten::neg.default(self=x)
    f = aten::view.default(self=y, size=[6])
    s = aten::slice.Tensor(self=f, dim=0, start=1, end=3)
    a = aten::add.Tensor(self=s, other=1)
    g = aten::slice_scatter.default(self=f, src=a, dim=0, start=1, end=3)
    h = aten::reshape.default(self=g, shape=[2,3])
    t = aten::t.default(self=h)
  })");
}

TEST_F(FunctionalizeTest, AssigningToASliceIsACopyThroughTheSlice) {
  // x[:, 0] = 0, as torch.export writes it.
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[2,3] x, float[] c) => (float[2,3] y) {
    y = aten::clone.default(self=x)
    k = aten::lift_fresh_copy.default(self=c)
    s = aten::select.int(self=y, dim=1, index=0)
    f = aten::fill_.Tensor(self=s, value=k)
  })",
                               "y: float[2,3]; k: float[]; s: float[2]; f: float[2]"),
                    R"(agraph (float[2,3] x, float[] c) => (float[2,3] z) {
    y = aten::clone.default(self=x)
    k = aten::lift_fresh_copy.default(self=c)
    f = aten::expand.default(self=k, size=[2])
    z = aten::select_scatter.default(self=y, src=f, dim=1, index=0)
  })");
}

TEST_F(FunctionalizeTest, CopyCastsAndExpandsItsSource) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[2,n] x, int64[n] s) => (float[2,n] y) {
    y = aten::neg.default(self=x)
    c = aten::copy_.default(self=y, src=s)
  })",
                               "y: float[2,n]; c: float[2,n]"),
                    R"(agraph (float[2,n] x, int64[n] s) => (float[2,n] e) {
    y = aten::neg.default(self=x)
    c = aten::to.dtype(self=s, dtype=float)
    e = aten::expand_as.default(self=c, other=y)
  })");
}

TEST_F(FunctionalizeTest, CopyOfTheSameTypeIsTheSourceItself) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[2] x, float[2] s) => (float[2] y) {
    y = aten::neg.default(self=x)
    c = aten::copy_.default(self=y, src=s)
    d = aten::add_.Tensor(self=y, other=s)
  })",
                               "y: float[2]; c: float[2]; d: float[2]"),
                    R"(agraph (float[2] x, float[2] s) => (float[2] d) { d = aten::add.Tensor(self=s, other=s) })");
}

TEST_F(FunctionalizeTest, TheResultIsCastBackToTheTypeThatIsWritten) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float16[2] x, float[2] o) => (float16[2] z) {
    y = aten::neg.default(self=x)
    z = aten::add_.Tensor(self=y, other=o)
  })",
                               "y: float16[2]; z: float16[2]"),
                    R"(agraph (float16[2] x, float[2] o) => (float16[2] z) {
    y = aten::neg.default(self=x)
    a = aten::add.Tensor(self=y, other=o)
    z = aten::to.dtype(self=a, dtype=float16)
  })");
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[2] x) => (float[2] z) {
    y = aten::neg.default(self=x)
    z = aten::gt_.Scalar(self=y, other=0)
  })",
                               "y: float[2]; z: float[2]"),
                    R"(agraph (float[2] x) => (float[2] z) {
    y = aten::neg.default(self=x)
    a = aten::gt.Scalar(self=y, other=0)
    z = aten::to.dtype(self=a, dtype=float)
  })");
}

TEST_F(FunctionalizeTest, ASplitResultIsWrittenBackAtItsPlace) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[6,n] x) => (float[6,n] y) {
    y = aten::neg.default(self=x)
    [a, b, c] = aten::split_with_sizes.default(self=y, split_sizes=[1, 2, 3], dim=0)
    z = aten::zero_.default(self=c)
  })",
                               "y: float[6,n]; a: float[1,n]; b: float[2,n]; c: float[3,n]; z: float[3,n]"),
                    R"(agraph (float[6,n] x) => (float[6,n] w) {
    y = aten::neg.default(self=x)
    [a, b, c] = aten::split_with_sizes.default(self=y, split_sizes=[1, 2, 3], dim=0)
    z = aten::zeros_like.default(self=c)
    w = aten::slice_scatter.default(self=y, src=z, dim=0, start=3, end=6)
  })");
}

TEST_F(FunctionalizeTest, ASplitOfASymbolicSizeMeasuresTheResultsBeforeIt) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[n] x) => (float[n] y) {
    y = aten::neg.default(self=x)
    [a, b] = aten::chunk.default(self=y, chunks=2)
    z = aten::zero_.default(self=b)
  })",
                               "y: float[n]; a: float[p]; b: float[q]; z: float[q]"),
                    R"(agraph (float[n] x) => (float[n] w) {
    y = aten::neg.default(self=x)
    [a, b] = aten::chunk.default(self=y, chunks=2)
    z = aten::zeros_like.default(self=b)
    i = aten::sym_size.int(self=a, dim=0)
    j = aten::sym_size.int(self=b, dim=0)
    k = python::add.default(a=i, b=j)
    w = aten::slice_scatter.default(self=y, src=z, dim=0, start=i, end=k)
  })");
}

TEST_F(FunctionalizeTest, UnbindResultsAreSelections) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[2,3] x) => (float[2,3] y) {
    y = aten::neg.default(self=x)
    [a, b] = aten::unbind.int(self=y)
    z = aten::zero_.default(self=b)
  })",
                               "y: float[2,3]; a: float[3]; b: float[3]; z: float[3]"),
                    R"(agraph (float[2,3] x) => (float[2,3] w) {
    y = aten::neg.default(self=x)
    [a, b] = aten::unbind.int(self=y)
    z = aten::zeros_like.default(self=b)
    w = aten::select_scatter.default(self=y, src=z, dim=0, index=1)
  })");
}

TEST_F(FunctionalizeTest, PermutingViewsAreInverted) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[2,3,4] x) => (float[2,3,4] y) {
    y = aten::neg.default(self=x)
    p = aten::permute.default(self=y, dims=[2, 0, 1])
    z = aten::relu_.default(self=p)
  })",
                               "y: float[2,3,4]; p: float[4,2,3]; z: float[4,2,3]"),
                    R"(agraph (float[2,3,4] x) => (float[2,3,4] w) {
    y = aten::neg.default(self=x)
    p = aten::permute.default(self=y, dims=[2, 0, 1])
    z = aten::relu.default(self=p)
    w = aten::permute.default(self=z, dims=[1, 2, 0])
  })");
  EXPECT_THAT(Functional(R"(agraph (float[2,3,4] x) => (float[2,3,4] y) {
    y = aten::neg.default(self=x)
    p = aten::movedim.int(self=y, source=0, destination=-1)
    z = aten::relu_.default(self=p)
  })",
                         "y: float[2,3,4]; p: float[3,4,2]; z: float[3,4,2]"),
              HasSubstr("dims=[2, 0, 1]"));
}

TEST_F(FunctionalizeTest, SymbolicSizesAreTakenFromTheBase) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[n,m] x) => (float[n,m] y) {
    y = aten::neg.default(self=x)
    f = aten::flatten.using_ints(self=y)
    z = aten::relu_.default(self=f)
  })",
                               "y: float[n,m]; f: float[n*m]; z: float[n*m]"),
                    R"(agraph (float[n,m] x) => (float[n,m] w) {
    y = aten::neg.default(self=x)
    f = aten::flatten.using_ints(self=y)
    z = aten::relu.default(self=f)
    w = aten::view_as.default(self=z, other=y)
  })");
}

TEST_F(FunctionalizeTest, MetadataInPlaceIsAView) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[2,3] x) => (float[2,3] y) {
    y = aten::neg.default(self=x)
    u = aten::unsqueeze_.default(self=y, dim=0)
    z = aten::relu_.default(self=u)
  })",
                               "y: float[2,3]; u: float[1,2,3]; z: float[1,2,3]"),
                    R"(agraph (float[2,3] x) => (float[2,3] w) {
    y = aten::neg.default(self=x)
    u = aten::unsqueeze.default(self=y, dim=0)
    z = aten::relu.default(self=u)
    w = aten::squeeze.dim(self=z, dim=0)
  })");
}

TEST_F(FunctionalizeTest, OutArgumentsReceiveTheResult) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[2] x, float[2] y) => (float[2] o) {
    o = aten::zeros_like.default(self=x)
    r = aten::add.out(self=x, other=y, out=o)
  })",
                               "o: float[2]; r: float[2]"),
                    R"(agraph (float[2] x, float[2] y) => (float[2] r) { r = aten::add.Tensor(self=x, other=y) })");
}

TEST_F(FunctionalizeTest, AnOutArgumentOfAnotherSizeIsResized) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[2] x, float[2] y) => (float[2] o) {
    o = aten::empty.memory_format(size=[0])
    r = aten::add.out(self=x, other=y, out=o)
  })",
                               "o: float[0]; r: float[2]"),
                    R"(agraph (float[2] x, float[2] y) => (float[2] r) { r = aten::add.Tensor(self=x, other=y) })");
}

TEST_F(FunctionalizeTest, BatchNormInTrainingUpdatesItsStatistics) {
  program = ProgramFrom(R"(agraph (float[3] m, float[3] v, float[2,3,4] x) => (float[2,3,4] y) {
    y = aten::batch_norm.default(input=x, weight=none, bias=none, running_mean=m, running_var=v, training=true,
                                 momentum=0.1, eps=0.00001, cudnn_enabled=true)
  })");
  const auto three = [] { return Tensor::Owned(DType::kFloat, {3}, std::vector<std::byte>(12)); };
  MakeWeight(program, "m", InputKind::kBuffer, "bn.running_mean", three());
  MakeWeight(program, "v", InputKind::kBuffer, "bn.running_var", three());
  ASSERT_TRUE(RunPass(passes::Functionalize(), program, context).ok());
  ASSERT_EQ(program.graph.order().size(), 1u);
  const Node& node = program.graph.node(program.graph.order()[0]);
  EXPECT_EQ(ToString(node.op), "aten::_native_batch_norm_legit_functional.default");
  ASSERT_EQ(node.outputs.size(), 5u);
  ASSERT_EQ(program.outputs.size(), 3u);
  EXPECT_EQ(program.outputs[0].value, node.outputs[0]);
  EXPECT_EQ(program.outputs[1].target, "bn.running_mean");
  EXPECT_EQ(program.outputs[1].value, node.outputs[3]);
  EXPECT_EQ(program.outputs[2].value, node.outputs[4]);
  EXPECT_EQ(diagnostics.findings()[0].rule, "FL1004");
}

TEST_F(FunctionalizeTest, BatchNormInInferenceStaysAsItIs) {
  const std::string text = R"(agraph (float[3] m, float[3] v, float[2,3,4] x) => (float[2,3,4] y) {
    y = aten::batch_norm.default(input=x, weight=none, bias=none, running_mean=m, running_var=v, training=false,
                                 momentum=0.1, eps=0.00001, cudnn_enabled=true)
  })";
  EXPECT_FUNCTIONAL(Functional(text), text);
}

TEST_F(FunctionalizeTest, InstanceNormAveragesItsStatisticsOverTheBatch) {
  const std::string text = Functional(R"(agraph (float[3] m, float[3] v, float[2,3,4] x) => (float[2,3,4] y) {
    y = aten::instance_norm.default(input=x, weight=none, bias=none, running_mean=m, running_var=v, use_input_stats=true,
                                    momentum=0.25, eps=0.00001, cudnn_enabled=true)
  })");
  EXPECT_EQ(program.outputs.size(), 3u);
  EXPECT_THAT(text, HasSubstr("running_mean=none"));
  EXPECT_THAT(text, HasSubstr("aten::var.correction"));
  EXPECT_THAT(text, HasSubstr("other=0.75"));
}

TEST_F(FunctionalizeTest, DropoutWithoutTrainingIsItsArgument) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[2] x) => (float[2] y) {
    y = aten::neg.default(self=x)
    d = aten::dropout.default(input=y, p=0.5, train=false)
    e = aten::dropout_.default(self=d, p=0.5, train=false)
    r = aten::relu_.default(self=e)
  })",
                               "y: float[2]; d: float[2]; e: float[2]; r: float[2]"),
                    R"(agraph (float[2] x) => (float[2] r) {
    y = aten::neg.default(self=x)
    r = aten::relu.default(self=y)
  })");
}

TEST_F(FunctionalizeTest, DropoutInTrainingBecomesTheOneThatGivesANewTensor) {
  EXPECT_FUNCTIONAL(Functional(R"(agraph (float[2] x) => (float[2] d) {
    y = aten::neg.default(self=x)
    d = aten::dropout_.default(self=y, p=0.5, train=true)
  })",
                               "y: float[2]; d: float[2]"),
                    R"(agraph (float[2] x) => (float[2] d) {
    y = aten::neg.default(self=x)
    d = aten::dropout.default(input=y, p=0.5, train=true)
  })");
}

TEST_F(FunctionalizeTest, AResizedTensorHasTheFirstElementsInOtherSizes) {
  const std::string resize = R"(agraph (float[2,3] x) => (float[2,2] r) {
    y = aten::neg.default(self=x)
    r = aten::resize_.default(self=y, size=[2,2])
  })";
  EXPECT_FUNCTIONAL(Functional(resize, "y: float[2,3]; r: float[2,2]"), R"(agraph (float[2,3] x) => (float[2,2] r) {
    y = aten::neg.default(self=x)
    flat = aten::reshape.default(self=y, shape=[-1])
    head = aten::slice.Tensor(self=flat, dim=0, start=0, end=4)
    r = aten::reshape.default(self=head, shape=[2, 2])
  })");
}

TEST_F(FunctionalizeTest, AResizedTensorMayNeitherGrowNorBeOpenNorHaveViews) {
  const std::string resize = R"(agraph (float[2,3] x) => (float[2,2] r) {
    y = aten::neg.default(self=x)
    v = aten::select.int(self=y, dim=0, index=0)
    r = aten::resize_.default(self=y, size=[2,2])
  })";
  for (const auto& [types, rule] : {std::pair{"y: float[2,3]; r: float[7]", "FL1003"},
                                    {"y: float[n,3]; r: float[2,2]", "FL1003"},
                                    {"y: float[2,3]; v: float[3]; r: float[2,2]", "FL5004"}}) {
    const Status status = Refused(resize, types);
    ASSERT_FALSE(status.ok()) << types;
    EXPECT_EQ(status.error().rule, rule) << types;
  }
}

TEST_F(FunctionalizeTest, ContiguousOfAContiguousTensorIsTheTensor) {
  program = ProgramFrom(R"(agraph (float[2,3] x) => (float[2,3] y) {
    y = aten::neg.default(self=x)
    t = aten::t.default(self=y)
    c = aten::contiguous.default(self=t)
    k = aten::contiguous.default(self=y)
    a = aten::add_.Tensor(self=c, other=1)
    b = aten::mul_.Tensor(self=k, other=2)
  })");
  RecordTypes(program, "y: float[2,3]; t: float[3,2]; c: float[3,2]; k: float[2,3]; a: float[3,2]; b: float[2,3]");
  const auto strides = [&](std::string_view name, std::vector<Dim> values) {
    program.graph.value(ValueNamed(program.graph, name)).type.strides = std::move(values);
  };
  strides("y", {3, 1});
  strides("k", {3, 1});
  strides("t", {1, 3});
  strides("c", {2, 1});
  ASSERT_TRUE(RunPass(passes::Functionalize(), program, context).ok());
  ASSERT_TRUE(RunPass(passes::ProgramDeadCode(), program, context).ok());
  // The copy's write is lost to y; the alias's is not.
  EXPECT_EQ(Anonymous(program.graph), Anonymous(R"(agraph (float[2,3] x) => (float[2,3] b) {
    y = aten::neg.default(self=x)
    b = aten::mul.Tensor(self=y, other=2)
  })"));
}

TEST_F(FunctionalizeTest, ReshapeCopiesWhereTheStridesDoNotAllowAView) {
  program = ProgramFrom(R"(agraph (float[2,3] x) => (float[2,3] y) {
    y = aten::neg.default(self=x)
    t = aten::t.default(self=y)
    f = aten::reshape.default(self=t, shape=[6])
    a = aten::add_.Tensor(self=f, other=1)
  })");
  RecordTypes(program, "y: float[2,3]; t: float[3,2]; f: float[6]; a: float[6]");
  program.graph.value(ValueNamed(program.graph, "t")).type.strides = {1, 3};
  ASSERT_TRUE(RunPass(passes::Functionalize(), program, context).ok());
  ASSERT_TRUE(RunPass(passes::ProgramDeadCode(), program, context).ok());
  EXPECT_EQ(program.graph.order().size(), 1u);
}

constexpr std::string_view kUndecided = R"(agraph (float[n,m] x) => (float[n,m] y, float[n*m] f) {
    y = aten::neg.default(self=x)
    t = aten::transpose.int(self=y, dim0=0, dim1=1)
    f = aten::reshape.default(self=t, shape=[-1])
    a = aten::add_.Tensor(self=WRITTEN, other=1)
  })";

TEST_F(FunctionalizeTest, AReshapeThatMayCopyIsRefusedWhenItIsWrittenAndReadElsewhere) {
  for (const std::string written : {"f", "y"}) {
    std::string text(kUndecided);
    text.replace(text.find("WRITTEN"), 7, written);
    program = ProgramFrom(text);
    RecordTypes(program, "y: float[n,m]; t: float[m,n]; f: float[n*m]; a: float[n*m]");
    program.graph.value(ValueNamed(program.graph, "y")).type.strides = {Dim("m"), 1};
    program.graph.value(ValueNamed(program.graph, "t")).type.strides = {1, Dim("m")};
    const Status status = passes::Functionalize().Run(program, context);
    ASSERT_FALSE(status.ok()) << written;
    EXPECT_EQ(status.error().rule, "FL5004");
    EXPECT_THAT(status.error().message, HasSubstr("aten::reshape.default"));
  }
}

TEST_F(FunctionalizeTest, AWriteThroughAnExpandedTensorIsRefused) {
  const Status status = Refused(R"(agraph (float[1] x) => (float[4] z) {
    y = aten::neg.default(self=x)
    e = aten::expand.default(self=y, size=[4])
    z = aten::relu_.default(self=e)
  })",
                                "y: float[1]; e: float[4]; z: float[4]");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL5004");
  EXPECT_EQ(diagnostics.findings().size(), 1u);
}

TEST_F(FunctionalizeTest, OperatorsThatChangeStorageAreRefused) {
  const Status status = Refused(R"(agraph (float[2] x) => (float[4] z) { z = aten::resize_.default(self=x, size=[4]) })");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL1003");
  EXPECT_THAT(status.error().message, HasSubstr("aten::resize_.default"));
}

TEST_F(FunctionalizeTest, AStridedReadsTheMemoryInItsOrder) {
  // y is channels-last: as_strided sees its elements in the order of memory.
  program = ProgramFrom(R"(agraph (float[1,2,3] x) => (float[3] z) {
    y = aten::neg.default(self=x)
    z = aten::as_strided.default(self=y, size=[3], stride=[2])
  })");
  RecordTypes(program, "y: float[1,2,3]; z: float[3]");
  program.graph.value(ValueNamed(program.graph, "y")).type.strides = {6, 1, 2};
  ASSERT_TRUE(RunPass(passes::Functionalize(), program, context).ok());
  EXPECT_EQ(Anonymous(program.graph), Anonymous(R"(agraph (float[1,2,3] x) => (float[3] z) {
    y = aten::neg.default(self=x)
    m = aten::permute.default(self=y, dims=[0, 2, 1])
    z = aten::as_strided.default(self=m, size=[3], stride=[2], storage_offset=0)
  })"));
}

TEST_F(FunctionalizeTest, AsStridedCountsFromTheFirstElementOfAnInput) {
  // x is the end of some larger storage.
  program = ProgramFrom(R"(agraph (float[4] x) => (float[2] z, float[2] v) {
    z = aten::as_strided.default(self=x, size=[2], stride=[1])
    v = aten::as_strided.default(self=x, size=[2], stride=[1], storage_offset=6)
  })");
  RecordTypes(program, "z: float[2]; v: float[2]");
  program.graph.value(ValueNamed(program.graph, "x")).type.storage_offset = Dim(5);
  ASSERT_TRUE(RunPass(passes::Functionalize(), program, context).ok());
  EXPECT_EQ(Anonymous(program.graph), Anonymous(R"(agraph (float[4] x) => (float[2] z, float[2] v) {
    z = aten::as_strided.default(self=x, size=[2], stride=[1], storage_offset=0)
    v = aten::as_strided.default(self=x, size=[2], stride=[1], storage_offset=1)
  })"));
}

TEST_F(FunctionalizeTest, AsStridedCopyReadsTheMemoryInItsOrder) {
  program = ProgramFrom(R"(agraph (float[2,3] x) => (float[3] z) {
    y = aten::t.default(self=x)
    z = aten::as_strided_copy.default(self=y, size=[3], stride=[2])
  })");
  RecordTypes(program, "y: float[3,2]; z: float[3]");
  program.graph.value(ValueNamed(program.graph, "y")).type.strides = {1, 3};
  ASSERT_TRUE(RunPass(passes::Functionalize(), program, context).ok());
  EXPECT_THAT(TextOf(program.graph),
              HasSubstr("aten::as_strided_copy.default(self=x, size=[3], stride=[2], storage_offset=0)"));
}

TEST_F(FunctionalizeTest, AsStridedScatterNeedsItsArgumentInTheOrderOfMemory) {
  program = ProgramFrom(R"(agraph (float[2,3] x, float[2] s) => (float[3,2] z) {
    y = aten::t.default(self=x)
    z = aten::as_strided_scatter.default(self=y, src=s, size=[2], stride=[1])
  })");
  RecordTypes(program, "y: float[3,2]; z: float[3,2]");
  program.graph.value(ValueNamed(program.graph, "y")).type.strides = {1, 3};
  const Status status = passes::Functionalize().Run(program, context);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL5004");
}

TEST_F(FunctionalizeTest, GraphsOfLoopsWriteToWhatTheyMadeAndToNothingElse) {
  constexpr std::string_view kMap = R"(agraph (float[3,2] x, float[2] k) => (float[3,2] z) {
    [z] = higher_order::map_impl.default(body_graph=agraph g (float[2] a, float[2] b) => (float[2] c) {
      own = aten::mul.Tensor(self=a, other=b)
      c = aten::add_.Tensor(self=WRITTEN, other=a)
    }, mapped=[x], additional=[k])
  })";
  const auto writes_to = [&](std::string_view written) {
    std::string text(kMap);
    return text.replace(text.find("WRITTEN"), 7, written);
  };
  EXPECT_THAT(Functional(writes_to("own")), HasSubstr("aten::add.Tensor(self="));
  for (const std::string_view operand : {"a", "b"}) {
    const Status status = Refused(writes_to(operand));
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().rule, "FL5004");
    EXPECT_EQ(status.error().message, "higher_order::map_impl.default: a graph inside of it changes an operand");
  }
}

TEST_F(FunctionalizeTest, WeightsThatAreTheSameTensorAreOneMemory) {
  program = ProgramFrom(R"(agraph (float[2] a, float[2] b) => (float[2] z) {
    w = aten::add_.Tensor(self=a, other=1)
    z = aten::relu.default(self=b)
  })");
  const Tensor shared = Tensor::Owned(DType::kFloat, {2}, std::vector<std::byte>(8));
  MakeWeight(program, "a", InputKind::kBuffer, "first", shared);
  MakeWeight(program, "b", InputKind::kBuffer, "second", shared);
  ASSERT_TRUE(RunPass(passes::Functionalize(), program, context).ok());
  EXPECT_THAT(TextOf(program.graph), HasSubstr("aten::relu.default(self=w)"));
  ASSERT_EQ(program.outputs.size(), 3u);
  EXPECT_EQ(program.outputs[1].target, "first");
  EXPECT_EQ(program.outputs[2].target, "second");
}

TEST_F(FunctionalizeTest, WeightsThatOverlapMustNotBeWritten) {
  program = ProgramFrom(R"(agraph (float[2] a, float[1] b) => (float[2] z) {
    w = aten::add_.Tensor(self=a, other=1)
    z = aten::add.Tensor(self=w, other=b)
  })");
  const Tensor whole = Tensor::Owned(DType::kFloat, {2}, std::vector<std::byte>(8));
  const Tensor part = Tensor::View(DType::kFloat, {1}, {}, whole.bytes().subspan(4), nullptr, std::nullopt);
  MakeWeight(program, "a", InputKind::kBuffer, "whole", whole);
  MakeWeight(program, "b", InputKind::kBuffer, "part", part);
  const Status status = passes::Functionalize().Run(program, context);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message, HasSubstr("whole"));
  EXPECT_THAT(status.error().message, HasSubstr("part"));
}

TEST_F(FunctionalizeTest, BranchesOfCondReturnTheOperandsTheyChange) {
  const std::string text = Functional(R"(agraph (bool[] p, float[2] x) => (float[2] y) {
    y = aten::neg.default(self=x)
    [r] = higher_order::cond.default(pred=p,
      true_graph=agraph t (float[2] a) => (float[2] c) {
        b = aten::add_.Tensor(self=a, other=1)
        c = aten::relu.default(self=a)
      },
      false_graph=agraph f (float[2] d) => (float[2] e) { e = aten::neg.default(self=d) },
      operands=[y])
  })",
                                      "y: float[2]; r: float[2]");
  const Node& cond = program.graph.node(program.graph.order().back());
  ASSERT_EQ(cond.outputs.size(), 2u);
  EXPECT_EQ(cond.output_lists, std::vector<int32_t>{2});
  EXPECT_EQ(program.graph.outputs()[0], cond.outputs[1]);
  EXPECT_THAT(text, Not(HasSubstr("add_")));
}

TEST_F(FunctionalizeTest, MutationsThatAreRecordedStay) {
  program = ProgramFrom(R"(agraph (float[2] b, float[2] x) => (float[2] z) {
    n = aten::add.Tensor(self=b, other=x)
    z = aten::relu.default(self=x)
  })");
  AddMutation(program, "n", OutputKind::kBufferMutation, "state");
  ASSERT_TRUE(RunPass(passes::Functionalize(), program, context).ok());
  ASSERT_EQ(program.outputs.size(), 2u);
  EXPECT_EQ(program.outputs[1].target, "state");
}

TEST_F(FunctionalizeTest, NoStridesAreLeft) {
  program = ProgramFrom("agraph (float[2,3] x) => (float[3,2] y) { y = aten::t.default(self=x) }");
  program.graph.value(ValueNamed(program.graph, "y")).type.strides = {1, 3};
  ASSERT_TRUE(RunPass(passes::Functionalize(), program, context).ok());
  for (ValueId value = 0; value < program.graph.value_count(); ++value)
    EXPECT_TRUE(program.graph.value(value).type.strides.empty());
}

TEST_F(FunctionalizeTest, AChainOfViewsThatIsTooLongToRefreshIsRefused) {
  program = ProgramFrom("agraph (float[2,2] x) => (float[2,2] y) { y = aten::neg.default(self=x) }");
  Graph& graph = program.graph;
  const ValueId base = program.outputs[0].value;
  ValueId view = base;
  for (int i = 0; i < 2000; ++i) {
    Node node{.op = {"aten", "t", "default"}};
    node.inputs = {view};
    node.Set("self", ValueRef{0});
    view = graph.node(graph.AddNode(std::move(node), 1)).outputs[0];
    graph.value(view).type = graph.value(base).type;
  }
  Node write{.op = {"aten", "zero_", "default"}};
  write.inputs = {base};
  write.Set("self", ValueRef{0});
  graph.AddNode(std::move(write), 1);
  program.outputs[0].value = view;
  graph.mutable_outputs()[0] = view;
  const Status status = passes::Functionalize().Run(program, context);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL5004");
}

}  // namespace
}  // namespace fairlead
