// torch.vmap's markers, as torch.export writes them, and the plain operators they become.
#include <gmock/gmock.h>

#include "passes/passes.hpp"
#include "passes/test_program.hpp"

namespace fairlead {
namespace {

using testing::HasSubstr;

struct VmapTest : testing::Test {
  Diagnostics diagnostics;
  PassContext context{.diagnostics = diagnostics};

  // `types`: recorded types of intermediate values, without the hidden dimensions.
  std::string Undone(std::string_view text, const std::vector<std::pair<std::string, Type>>& types) {
    program = ProgramFrom(text);
    for (const auto& [name, type] : types) program.graph.value(ValueNamed(program.graph, name)).type = type;
    const Status status = RunPass(passes::Vmap(), program, context);
    EXPECT_TRUE(status.ok()) << status.message();
    return Anonymous(program.graph);
  }

  ExportedProgram program;
};

Type Float(Dims dims) { return Type(DType::kFloat, std::move(dims)); }

#define EXPECT_PROGRAM(actual, expected) EXPECT_EQ(actual, Anonymous(expected))

TEST_F(VmapTest, PointwiseOperatorsAreAligned) {
  // vmap(lambda a, b: a + b.sum(), in_dims=(1, 0), out_dims=1)
  EXPECT_PROGRAM(Undone(R"(agraph (float[4,3] x, float[3,5] y) => (float[4,3] z) {
    functorch::lazy_load_decompositions.default()
    functorch::_vmap_increment_nesting.default(batch_size=3, randomness="error")
    a = functorch::_add_batch_dim.default(self=x, batch_dim=1, level=1)
    b = functorch::_add_batch_dim.default(self=y, batch_dim=0, level=1)
    s = aten::sum.default(self=b)
    c = aten::add.Tensor(self=a, other=s)
    z = functorch::_remove_batch_dim.default(self=c, level=1, batch_size=3, out_dim=1)
    functorch::_vmap_decrement_nesting.default()
  })",
                        {{"a", Float({4})}, {"b", Float({5})}, {"s", Float({})}, {"c", Float({4})}}),
                 R"(agraph (float[4,3] x, float[3,5] y) => (float[4,3] z) {
    a = aten::movedim.int(self=x, source=1, destination=0)
    b = aten::movedim.int(self=y, source=0, destination=0)
    s = aten::sum.dim_IntList(self=b, dim=[1])
    t = aten::unsqueeze.default(self=s, dim=1)
    c = aten::add.Tensor(self=a, other=t)
    z = aten::movedim.int(self=c, source=0, destination=1)
  })");
  EXPECT_EQ(ToString(program.graph.value(ValueNamed(program.graph, "c")).type), "float[3,4]");
}

TEST_F(VmapTest, NestedLevelsStandInOrder) {
  // vmap over q outside of k: k <= q
  EXPECT_PROGRAM(Undone(R"(agraph (int64[4] q, int64[5] k) => (bool[4,5] z) {
    functorch::_vmap_increment_nesting.default(batch_size=4, randomness="error")
    a = functorch::_add_batch_dim.default(self=q, batch_dim=0, level=1)
    functorch::_vmap_increment_nesting.default(batch_size=5, randomness="error")
    b = functorch::_add_batch_dim.default(self=k, batch_dim=0, level=2)
    c = aten::le.Tensor(self=b, other=a)
    d = functorch::_remove_batch_dim.default(self=c, level=2, batch_size=5, out_dim=0)
    functorch::_vmap_decrement_nesting.default()
    z = functorch::_remove_batch_dim.default(self=d, level=1, batch_size=4, out_dim=0)
    functorch::_vmap_decrement_nesting.default()
  })",
                        {{"a", Type(DType::kInt64, Dims{})},
                         {"b", Type(DType::kInt64, Dims{})},
                         {"c", Type(DType::kBool, Dims{})},
                         {"d", Type(DType::kBool, Dims{5})}}),
                 R"(agraph (int64[4] q, int64[5] k) => (bool[4,5] z) {
    a = aten::movedim.int(self=q, source=0, destination=0)
    b = aten::movedim.int(self=k, source=0, destination=0)
    u = aten::unsqueeze.default(self=a, dim=1)
    c = aten::le.Tensor(self=b, other=u)
    d = aten::movedim.int(self=c, source=1, destination=1)
    z = aten::movedim.int(self=d, source=0, destination=0)
  })");
}

TEST_F(VmapTest, AResultThatWasNotMappedIsRepeated) {
  EXPECT_PROGRAM(Undone(R"(agraph (float[3,2] x, float[2] y) => (float[3,2] z) {
    functorch::_vmap_increment_nesting.default(batch_size=3, randomness="error")
    a = functorch::_add_batch_dim.default(self=x, batch_dim=0, level=1)
    b = aten::neg.default(self=y)
    z = functorch::_remove_batch_dim.default(self=b, level=1, batch_size=3, out_dim=0)
    functorch::_vmap_decrement_nesting.default()
  })",
                        {{"a", Float({2})}, {"b", Float({2})}}),
                 R"(agraph (float[3,2] x, float[2] y) => (float[3,2] z) {
    a = aten::movedim.int(self=x, source=0, destination=0)
    b = aten::neg.default(self=y)
    u = aten::unsqueeze.default(self=b, dim=0)
    z = aten::expand.default(self=u, size=[3, -1])
  })");
}

TEST_F(VmapTest, VectorsBecomeRowsAndColumnsOfProducts) {
  EXPECT_PROGRAM(Undone(R"(agraph (float[3,4] x, float[3,4,5] y) => (float[3,5] z) {
    functorch::_vmap_increment_nesting.default(batch_size=3, randomness="error")
    a = functorch::_add_batch_dim.default(self=x, batch_dim=0, level=1)
    b = functorch::_add_batch_dim.default(self=y, batch_dim=0, level=1)
    c = aten::matmul.default(self=a, other=b)
    z = functorch::_remove_batch_dim.default(self=c, level=1, batch_size=3, out_dim=0)
    functorch::_vmap_decrement_nesting.default()
  })",
                        {{"a", Float({4})}, {"b", Float({4, 5})}, {"c", Float({5})}}),
                 R"(agraph (float[3,4] x, float[3,4,5] y) => (float[3,5] z) {
    a = aten::movedim.int(self=x, source=0, destination=0)
    b = aten::movedim.int(self=y, source=0, destination=0)
    r = aten::unsqueeze.default(self=a, dim=1)
    m = aten::matmul.default(self=r, other=b)
    c = aten::squeeze.dims(self=m, dim=[-2])
    z = aten::movedim.int(self=c, source=0, destination=0)
  })");
}

TEST_F(VmapTest, AnOperatorWithoutARuleIsRefusedWithAWayOut) {
  program = ProgramFrom(R"(agraph (float[3,4,4] x) => (float[3,4,4] z) {
    a = functorch::_add_batch_dim.default(self=x, batch_dim=0, level=1)
    c = aten::linalg_inv.default(A=a)
    z = functorch::_remove_batch_dim.default(self=c, level=1, batch_size=3, out_dim=0)
  })");
  for (const std::string_view name : {"a", "c"}) program.graph.value(ValueNamed(program.graph, name)).type = Float({4, 4});
  const Status status = passes::Vmap().Run(program, context);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL2021");
  EXPECT_THAT(status.error().message, HasSubstr("aten::linalg_inv.default"));
  EXPECT_THAT(status.error().hint, HasSubstr("run_decompositions"));
}

}  // namespace
}  // namespace fairlead
