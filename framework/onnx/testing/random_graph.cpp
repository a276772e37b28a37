#include "onnx/testing/random_graph.hpp"

#include <functional>

#include "onnx/schema.hpp"

namespace fairlead::testing_onnx {
namespace {

struct NoConstants : onnx_room::ConstantLookup {
  const Tensor* Find(ValueId) const override { return nullptr; }
};

class Generator {
 public:
  Generator(uint32_t seed) : random_(seed) {}

  Graph Make() {
    Graph graph("g" + std::to_string(Number(1000)));
    std::vector<ValueId> floats = {graph.AddInput("x", Type(DType::kFloat, Dims{Dim("batch"), 4})),
                                   graph.AddInput("", Type(DType::kFloat, Dims{1, 4}))};
    const ValueId condition = graph.AddInput("flag", Type(DType::kBool, Dims{}));
    for (int i = 0; i < 3; ++i) floats.push_back(Weight(graph));
    for (int i = 0; i < 20; ++i) Step(graph, floats, condition, 2);
    for (const DType dtype : {DType::kInt8, DType::kFloat16, DType::kBFloat16, DType::kBool, DType::kUint64, DType::kDouble,
                              DType::kFloat8E4M3FN, DType::kComplex64})
      graph.AddOutput(Emit(graph, "Identity", {Filled(graph, dtype)}));
    graph.AddOutput(Emit(graph, "Identity", {floats.back()}));
    NameValues(graph);
    return graph;
  }

 private:
  int Number(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  ValueId Pick(const std::vector<ValueId>& values) {
    return values[static_cast<std::size_t>(Number(static_cast<int>(values.size())))];
  }

  ValueId Filled(Graph& graph, DType dtype) {
    const std::vector<int64_t> dims = {Number(3) + 1, Number(4)};
    std::vector<std::byte> bytes(*ByteSize(dtype, static_cast<uint64_t>(dims[0] * dims[1])));
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(dtype == DType::kBool ? Number(2) : Number(256));
    return graph.AddInitializer("", Tensor::Owned(dtype, dims, std::move(bytes)));
  }
  ValueId Weight(Graph& graph) {
    std::vector<float> numbers(4);
    for (float& number : numbers) number = static_cast<float>(Number(100)) / 7;
    const auto bytes = std::as_bytes(std::span(numbers));
    return graph.AddInitializer("", Tensor::Owned(DType::kFloat, {4}, {bytes.begin(), bytes.end()}));
  }

  ValueId Emit(Graph& graph, const char* op, std::vector<ValueId> inputs, std::vector<Attribute> attributes = {}) {
    Node node = {.op = {"", op, ""}, .inputs = std::move(inputs), .attributes = std::move(attributes)};
    if (Number(2) == 0) node.name = "n" + std::to_string(graph.node_count());
    const NodeId id = graph.AddNode(std::move(node), 1);
    auto types = onnx_room::InferTypes(graph, graph.node(id), 20, NoConstants());
    if (!types.ok()) CheckFailed(op, types.error().message.c_str(), __FILE__, __LINE__);
    graph.value(graph.node(id).outputs[0]).type = (*types)[0];
    return graph.node(id).outputs[0];
  }

  GraphPtr Branch(const Graph& outer, const std::vector<ValueId>& floats, ValueId condition, int depth) {
    auto graph = std::make_shared<Graph>("branch" + std::to_string(Number(1000)));
    std::vector<ValueId> inner;
    for (int i = 0; i < 2; ++i) {
      const ValueId captured = Pick(floats);
      inner.push_back(graph->AddCapture(captured, outer.value(captured).type));
    }
    inner.push_back(Weight(*graph));
    const ValueId flag = graph->AddCapture(condition, outer.value(condition).type);
    for (int i = 0; i < 3; ++i) Step(*graph, inner, flag, depth - 1);
    graph->AddOutput(Emit(*graph, "Identity", {inner.back()}));
    return graph;
  }

  void Step(Graph& graph, std::vector<ValueId>& floats, ValueId condition, int depth) {
    const std::function<ValueId()> steps[] = {
        [&] {
          return Emit(graph, "Add", {Pick(floats), Pick(floats)});
        },
        [&] {
          return Emit(graph, "LeakyRelu", {Pick(floats)}, {{"alpha", 0.25}});
        },
        [&] {
          return Emit(graph, "Clip",
                      {Pick(floats), kNoValue, graph.AddInitializer("", Tensor::Scalar(DType::kFloat, 6.0f))});
        },
        [&] {
          return Emit(graph, "Concat", {Pick(floats)}, {{"axis", int64_t{0}}});
        },
        [&] {
          return Emit(
              graph, "Transpose",
              {Emit(graph, "Unsqueeze", {Pick(floats), graph.AddInitializer("", Tensor::Ints(std::vector<int64_t>{0}))})});
        },
        [&] {
          return Emit(graph, "Constant", {}, {{"value_floats", std::vector<double>{0.5, 1, 2, 3}}});
        },
        [&] {
          return depth == 0 ? Emit(graph, "Neg", {Pick(floats)})
                            : Emit(graph, "If", {condition},
                                   {{"then_branch", Branch(graph, floats, condition, depth)},
                                    {"else_branch", Branch(graph, floats, condition, depth)}});
        },
    };
    const ValueId made = steps[Number(std::size(steps))]();
    const Type& type = graph.value(made).type;
    // Only what broadcasts with everything else stays in the pool.
    if (type.IsTensor() && type.dims && type.rank() <= 2 && type.rank() > 0 && type.dims->back() == Dim(4))
      floats.push_back(made);
  }

  std::mt19937 random_;
};

}  // namespace

Graph RandomGraph(uint32_t seed) { return Generator(seed).Make(); }

}  // namespace fairlead::testing_onnx
