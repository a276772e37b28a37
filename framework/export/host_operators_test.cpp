// The host knows no ONNX operator for an ATen one: what the passes make of every program is ATen, to the last node. Only
// plugins lower; cli.export shows that without them nothing is exported.
#include <gtest/gtest.h>

#include <filesystem>

#include "frontend/frontend.hpp"
#include "passes/pass.hpp"

namespace fairlead {
namespace {

struct Count {
  std::size_t nodes = 0, onnx = 0;
};

void CountNodes(const Graph& graph, Count& count) {
  for (const NodeId id : graph.order()) {
    ++count.nodes;
    count.onnx += graph.node(id).op.IsOnnx() ? 1 : 0;
    ForEachSubgraph(graph.node(id), [&](const Graph& nested) { CountNodes(nested, count); });
  }
}

TEST(ProgramPasses, MakeNoOnnxOperatorOutOfAnyFixture) {
  std::size_t programs = 0;
  Count all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(FAIRLEAD_TEST_DATA "/fixtures")) {
    if (entry.path().extension() != ".pt2") continue;
    Diagnostics diagnostics;
    auto program = ReadExportedProgram(entry.path(), {}, diagnostics);
    PassContext context{.diagnostics = diagnostics};
    if (!program.ok() || !RunProgramPasses(*program, context, {}).ok()) continue;
    Count count;
    CountNodes(program->graph, count);
    EXPECT_EQ(count.onnx, 0u) << entry.path();
    all.nodes += count.nodes;
    ++programs;
  }
  EXPECT_GT(programs, 150u);
  EXPECT_GT(all.nodes, 1000u);
}

}  // namespace
}  // namespace fairlead
