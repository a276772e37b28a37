// Random graphs of every kind of node, value and attribute: what is printed reads back as the same graph.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "ir/number_text.hpp"
#include "ir/text.hpp"
#include "ir/verifier.hpp"

namespace fairlead {
namespace {

class RandomGraph {
 public:
  explicit RandomGraph(uint32_t seed) : random_(seed) {}

  Graph Make(const Graph* around = nullptr, const std::vector<ValueId>& visible = {}, int depth = 0) {
    Graph graph(Chance(3) ? AnyName() : "main");
    std::vector<ValueId> values;
    for (int i = Below(4); i > 0; --i) values.push_back(graph.AddInput(AnyName(), AnyType()));
    for (int i = Below(3); i > 0; --i) {
      values.push_back(graph.AddInitializer(AnyName(), AnyTensor()));
      graph.value(values.back()).type.wrapped_number = Chance(5);
    }
    for (const ValueId outer : visible)
      if (Chance(2)) values.push_back(graph.AddCapture(outer, around->value(outer).type, AnyName()));
    for (int i = Below(6); i > 0; --i) AddNode(graph, values, depth);
    for (int i = Below(4); i > 0; --i) graph.AddOutput(values.empty() || Chance(8) ? kNoValue : Pick(values));
    return graph;
  }

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<uint32_t>(n)); }
  bool Chance(int one_in) { return Below(one_in) == 0; }
  template <class T> const T& Pick(const std::vector<T>& items) {
    return items[static_cast<std::size_t>(Below(static_cast<int>(items.size())))];
  }

  std::string AnyBytes() {
    std::string out;
    for (int i = Below(6); i > 0; --i) out += static_cast<char>(random_() & 0xFF);
    return out;
  }

  std::string AnyName() {
    static const std::vector<std::string> kNames = {
        "",    "x",     "y",          "z", "none",          "float",  "0.weight",   "a.b.c",  "true",   "input", "%0",
        "x%1", "größe", "with space", "`", "torch.strided", "values", "past.0.key", "agraph", "symint", "_"};
    return Chance(10) ? AnyBytes() : Pick(kNames);
  }

  DType AnyDType() {
    while (true) {
      const auto type = static_cast<DType>(1 + Below(26));
      if (BitWidth(type) > 0) return type;
    }
  }

  Dim AnyDim() {
    static const std::vector<std::string> kExpressions = {"batch", "2*s77", "Max(1, s0)", "s0//2 + 1",
                                                          "3",     "?",     "a]b",        "#"};
    if (Chance(5)) return Dim();
    return Chance(3) ? Dim(Pick(kExpressions)) : Dim(Below(5));
  }

  Dims AnyDims() {
    Dims dims;
    for (int i = Below(4); i > 0; --i) dims.push_back(AnyDim());
    return dims;
  }

  Type AnyType() {
    Type type;
    switch (Below(10)) {
      case 0: return type;
      case 1: type.kind = Type::Kind::kNone; return type;
      case 2:
      case 3: return SymIntType(Chance(2) ? "2*s77" : Chance(2) ? "" : "odd)");
      case 4:
        type = Type(AnyDType(), Chance(3) ? std::optional<Dims>() : AnyDims());
        type.kind = Type::Kind::kSequence;
        return type;
      case 5: type = Type(AnyDType(), std::nullopt); break;
      default: type = Type(AnyDType(), AnyDims());
    }
    if (Chance(3)) type.strides = AnyDims();
    if (Chance(5)) type.storage_offset = AnyDim();
    type.wrapped_number = Chance(8);
    return type;
  }

  Tensor AnyTensor() {
    const DType dtype = AnyDType();
    std::vector<int64_t> dims;
    int64_t count = 1;
    for (int i = Below(3); i > 0; --i) {
      dims.push_back(Below(4));
      count *= dims.back();
    }
    if (Chance(8)) return Tensor::Absent(dtype, std::move(dims));
    std::vector<std::byte> bytes(*ByteSize(dtype, static_cast<uint64_t>(count)));
    const DType component = ComponentType(dtype);
    const uint64_t numbers = static_cast<uint64_t>(count) * (component == dtype ? 1 : 2);
    for (uint64_t i = 0; i < numbers; ++i) {
      const uint64_t any = (static_cast<uint64_t>(random_()) << 32) | random_();
      StoreBits(component, bytes, i, any & (~uint64_t{0} >> (64 - BitWidth(component))));
    }
    return Tensor::Owned(dtype, std::move(dims), std::move(bytes));
  }

  double AnyDouble() {
    static const std::vector<double> kOdd = {0.0, -0.0, 0.1, 1e300, -1e-310, INFINITY, -INFINITY, 1.0};
    if (Chance(2)) return Pick(kOdd);
    return std::bit_cast<double>((static_cast<uint64_t>(random_()) << 32) | random_());
  }

  OpName AnyOp() {
    static const std::vector<OpName> kOps = {{"", "Relu", ""},
                                             {"com.acme", "Foo", ""},
                                             {"aten", "add", "Tensor"},
                                             {"aten", "relu", "default"},
                                             {"python", "add", "default"},
                                             {"", "odd.name", ""},
                                             {"a b", "c::d", "e"},
                                             {"", "t", "o"}};
    return Pick(kOps);
  }

  // A reference to a new input of the node, or to nothing.
  ValueRef AnyReference(Node& node, const std::vector<ValueId>& values) {
    if (values.empty() || Chance(5)) return {-1};
    node.inputs.push_back(Pick(values));
    return {static_cast<int32_t>(node.inputs.size() - 1)};
  }

  template <class Make> auto ListOf(Make&& make) {
    std::vector<decltype(make())> out;
    for (int i = Below(4); i > 0; --i) out.push_back(make());
    return out;
  }

  AttributeValue AnyAttribute(Graph& graph, Node& node, const std::vector<ValueId>& values, int depth) {
    const auto nested = [&] { return std::make_shared<Graph>(Make(&graph, values, depth + 1)); };
    // What refers to values is for ATen nodes only.
    switch (Below(node.op.IsOnnx() ? 19 : 22)) {
      case 0: return None{};
      case 1: return static_cast<int64_t>((static_cast<uint64_t>(random_()) << 32) | random_());
      case 2: return AnyDouble();
      case 3: return Chance(2);
      case 4: return AnyBytes();
      case 5: return ListOf([&] { return int64_t{Below(100)} - 50; });
      case 6: return ListOf([&] { return AnyDouble(); });
      case 7: return ListOf([&] { return Chance(2); });
      case 8: return ListOf([&] { return AnyBytes(); });
      case 9: return AnyTensor();
      case 10: return ListOf([&] { return AnyTensor(); });
      case 11: return depth < 3 ? AttributeValue(nested()) : AttributeValue(None{});
      case 12: return depth < 2 ? AttributeValue(ListOf(nested)) : AttributeValue(std::vector<GraphPtr>{});
      case 13: return static_cast<DType>(Below(27));
      case 14: return MemoryFormat{Below(8)};
      case 15: return Layout{Below(9)};
      case 16: return Device{Chance(2) ? "cuda:0" : AnyBytes()};
      case 17: return Complex{AnyDouble(), AnyDouble()};
      case 18: return AnyOp();
      case 19: return AnyReference(node, values);
      case 20: return ValueRefs{ListOf([&] { return AnyReference(node, values); })};
      default:
        return SymInts{ListOf([&]() -> std::variant<int64_t, ValueRef> {
          if (Chance(2)) return int64_t{Below(9)};
          return AnyReference(node, values);
        })};
    }
  }

  void AddNode(Graph& graph, std::vector<ValueId>& values, int depth) {
    Node node;
    node.op = AnyOp();
    node.name = Chance(4) ? AnyName() : "";
    for (int i = Below(5); i > 0; --i) node.attributes.push_back({AnyName(), AnyAttribute(graph, node, values, depth)});
    for (int i = node.op.IsOnnx() ? Below(4) : 0; i > 0; --i)
      node.inputs.push_back(values.empty() || Chance(4) ? kNoValue : Pick(values));
    std::size_t outputs = 0;
    if (Chance(3)) {
      for (int i = 1 + Below(3); i > 0; --i) {
        node.output_lists.push_back(Below(4) - 1);
        outputs += node.output_lists.back() < 0 ? 1 : static_cast<std::size_t>(node.output_lists.back());
      }
    } else {
      outputs = static_cast<std::size_t>(Below(4));
    }
    const NodeId id = graph.AddNode(std::move(node), outputs);
    for (ValueId& output : graph.node(id).outputs) {
      if (Chance(6)) {
        graph.value(output).producer = kNoNode;
        output = kNoValue;
        continue;
      }
      graph.value(output).name = AnyName();
      graph.value(output).type = AnyType();
      values.push_back(output);
    }
  }

  std::mt19937 random_;
};

// Two graphs of the same nodes, attributes, values and wiring; ids may differ. `outer` maps values of the graph around.
class Comparison {
 public:
  Comparison(const Graph& a, const Graph& b, const std::vector<ValueId>* outer)
      : a_(a), b_(b), outer_(outer), map_(a.value_count(), kNoValue) {}

  void Run() {
    EXPECT_EQ(a_.name(), b_.name());
    ASSERT_EQ(a_.inputs().size(), b_.inputs().size());
    for (std::size_t i = 0; i < a_.inputs().size(); ++i) Match(a_.inputs()[i], b_.inputs()[i]);
    ASSERT_EQ(a_.initializers().size(), b_.initializers().size());
    for (std::size_t i = 0; i < a_.initializers().size(); ++i) {
      Match(a_.initializers()[i].value, b_.initializers()[i].value);
      ExpectSameTensor(a_.initializers()[i].tensor, b_.initializers()[i].tensor);
    }
    for (const Capture& capture : a_.captures()) MatchCapture(capture);
    ASSERT_EQ(a_.order().size(), b_.order().size());
    for (std::size_t i = 0; i < a_.order().size(); ++i) CompareNodes(a_.node(a_.order()[i]), b_.node(b_.order()[i]));
    ASSERT_EQ(a_.outputs().size(), b_.outputs().size());
    for (std::size_t i = 0; i < a_.outputs().size(); ++i) EXPECT_EQ(Mapped(a_.outputs()[i]), b_.outputs()[i]);
  }

 private:
  void Match(ValueId a, ValueId b) {
    ASSERT_EQ(a == kNoValue, b == kNoValue);
    if (a == kNoValue) return;
    map_[a] = b;
    EXPECT_EQ(a_.value(a).name, b_.value(b).name);
    EXPECT_EQ(a_.value(a).type, b_.value(b).type);
  }

  // A capture nobody reads is not in the text.
  void MatchCapture(const Capture& capture) {
    for (const Capture& other : b_.captures())
      if (outer_ != nullptr && other.outer == (*outer_)[capture.outer]) map_[capture.inner] = other.inner;
  }

  ValueId Mapped(ValueId value) const { return value == kNoValue ? kNoValue : map_[value]; }

  static void ExpectSameTensor(const Tensor& a, const Tensor& b) {
    EXPECT_EQ(a.IsAbsent(), b.IsAbsent());
    EXPECT_EQ(a.type(), b.type());
    EXPECT_TRUE(a.IsAbsent() || SameContent(a, b));
  }

  void CompareNodes(const Node& a, const Node& b) {
    EXPECT_EQ(a.op, b.op);
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.output_lists, b.output_lists);
    ASSERT_EQ(a.attributes.size(), b.attributes.size());
    for (std::size_t i = 0; i < a.attributes.size(); ++i) {
      EXPECT_EQ(a.attributes[i].name, b.attributes[i].name);
      CompareValues(a, a.attributes[i].value, b, b.attributes[i].value);
    }
    ASSERT_EQ(a.inputs.size(), b.inputs.size());
    for (std::size_t i = 0; i < a.inputs.size(); ++i) EXPECT_EQ(Mapped(a.inputs[i]), b.inputs[i]);
    ASSERT_EQ(a.outputs.size(), b.outputs.size());
    for (std::size_t i = 0; i < a.outputs.size(); ++i) Match(a.outputs[i], b.outputs[i]);
  }

  static bool SameBits(double a, double b) { return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b); }

  void CompareValues(const Node&, const AttributeValue& a, const Node&, const AttributeValue& b) {
    ASSERT_EQ(a.index(), b.index());
    std::visit(
        [&](const auto& x) {
          using T = std::decay_t<decltype(x)>;
          const T& y = std::get<T>(b);
          if constexpr (std::is_same_v<T, Tensor>) {
            ExpectSameTensor(x, y);
          } else if constexpr (std::is_same_v<T, std::vector<Tensor>>) {
            ASSERT_EQ(x.size(), y.size());
            for (std::size_t i = 0; i < x.size(); ++i) ExpectSameTensor(x[i], y[i]);
          } else if constexpr (std::is_same_v<T, GraphPtr>) {
            Comparison(*x, *y, &map_).Run();
          } else if constexpr (std::is_same_v<T, std::vector<GraphPtr>>) {
            ASSERT_EQ(x.size(), y.size());
            for (std::size_t i = 0; i < x.size(); ++i) Comparison(*x[i], *y[i], &map_).Run();
          } else if constexpr (std::is_same_v<T, double>) {
            EXPECT_TRUE(SameBits(x, y)) << x << ' ' << y;
          } else if constexpr (std::is_same_v<T, std::vector<double>>) {
            EXPECT_TRUE(std::ranges::equal(x, y, SameBits));
          } else if constexpr (std::is_same_v<T, Complex>) {
            EXPECT_TRUE(SameBits(x.real, y.real) && SameBits(x.imag, y.imag));
          } else {
            EXPECT_EQ(x, y);
          }
        },
        a);
  }

  const Graph& a_;
  const Graph& b_;
  const std::vector<ValueId>* const outer_;
  std::vector<ValueId> map_;
};

TEST(TextRoundTrip, RandomGraphsReadBackAsTheSameGraph) {
  const PrintOptions options = {.strides = true};
  for (uint32_t seed = 0; seed < 600; ++seed) {
    const Graph graph = RandomGraph(seed).Make();
    const std::string text = Print(graph, options);
    const auto parsed = ParseGraph(text);
    ASSERT_TRUE(parsed.ok()) << "seed " << seed << ": " << parsed.error().message << "\n" << text;
    ASSERT_EQ(Print(*parsed, options), text) << "seed " << seed;
    Comparison(graph, *parsed, nullptr).Run();
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed << "\n" << text;
  }
}

TEST(TextRoundTrip, OtherOptionsReachAFixedPointToo) {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    const Graph graph = RandomGraph(seed).Make();
    for (const PrintOptions& options : {PrintOptions{}, PrintOptions{.types = false}}) {
      const std::string text = Print(graph, options);
      const auto parsed = ParseGraph(text);
      ASSERT_TRUE(parsed.ok()) << "seed " << seed << ": " << parsed.error().message << "\n" << text;
      ASSERT_EQ(Print(*parsed, options), text) << "seed " << seed;
    }
  }
}

TEST(TextRoundTrip, DamagedTextsAreRefusedOrReadAndNeverMore) {
  std::mt19937 random(7);
  int refused = 0;
  for (uint32_t seed = 0; seed < 200; ++seed) {
    const std::string text = Print(RandomGraph(seed).Make());
    for (int i = 0; i < 20; ++i) {
      std::string damaged = text;
      const std::size_t at = random() % damaged.size();
      switch (random() % 3) {
        case 0: damaged.resize(at); break;
        case 1: damaged[at] = "()[]{}<>=,\"`%#/:.0e-\n "[random() % 23]; break;
        default: damaged.erase(at, 1 + random() % 5);
      }
      const auto parsed = ParseGraph(damaged);
      if (parsed.ok()) {
        ASSERT_TRUE(ParseGraph(Print(*parsed)).ok()) << damaged;
      } else {
        ++refused;
        ASSERT_EQ(parsed.error().message.rfind("line ", 0), 0U) << parsed.error().message;
      }
    }
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace fairlead
