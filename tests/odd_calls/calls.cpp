#include "calls.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace fairlead {
namespace {

using Base = AtenType::Base;

constexpr int64_t kMost = std::numeric_limits<int64_t>::max(), kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kRoot = 3'037'000'500;  // its square does not fit

constexpr int64_t kNumbers[] = {-7, -1, 0, 1, 2, 3, 9, 70, kRoot, kMost, kLeast};
constexpr double kReals[] = {
    0.5, 0, -1, 1, 2, 1e300, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()};
constexpr DType kTypes[] = {DType::kFloat,  DType::kInt64,   DType::kBool,  DType::kComplex64,
                            DType::kDouble, DType::kFloat16, DType::kUint8, DType::kInt32};
constexpr DType kMoreTypes[] = {DType::kUndefined, DType::kString,     DType::kBFloat16,   DType::kFloat8E5M2,
                                DType::kInt4,      DType::kComplex128, DType::kFloat4E2M1, DType::kUint64};
constexpr std::size_t kLengths[] = {0, 1, 2, 3, 4, 5, 6, 70};
constexpr std::string_view kWords[] = {
    "",       "none",  "mean",    "sum",   "zeros",    "border",   "reflection", "bilinear",   "nearest",  "bicubic",
    "linear", "tanh",  "same",    "valid", "constant", "circular", "replicate",  "reflect",    "fro",      "nuc",
    "ij",     "xy",    "amax",    "prod",  "multiply", "floor",    "trunc",      "left",       "right",    "reduced",
    "ij,jk",  "ii->i", "...i->i", "i->ij", "->",       ",,",       "a..b",       "i...j...->", "ij->ijk,", "\xff\xfe"};

const std::optional<Dims>& ShapeAt(uint64_t i) {
  static const std::array<std::optional<Dims>, 24> kShapes = {
      Dims{},
      Dims{1},
      Dims{3},
      Dims{0},
      Dims{Dim("n")},
      Dims{2, 3},
      Dims{3, 3},
      Dims{0, 3},
      Dims{Dim("n"), 4},
      Dims{3, 5},
      Dims{2, 3, 4},
      Dims{4, 0, 4},
      Dims{Dim(), Dim("n"), 4},
      Dims{2, 3, 4, 4},
      Dims{4, 3, 3, 3},
      Dims{1, 4, 0, 4},
      Dims{Dim("n"), 3, 5, Dim("m")},
      Dims{1, 3, 3, 3, 3},
      Dims{2, 2, 2, 2, 2, 2},
      Dims{kRoot},
      Dims{kRoot, kRoot},
      Dims{1, 1, kRoot, kRoot},
      Dims{2, 3, kRoot, kRoot, kRoot},
      std::nullopt,
  };
  return kShapes[i % kShapes.size()];
}

// Random numbers that are the same with every library.
class Dice {
 public:
  Dice(std::string_view text, uint64_t number) : state_(14695981039346656037u) {
    for (const char c : text) state_ = (state_ ^ static_cast<unsigned char>(c)) * 1099511628211u;
    state_ += number * 0x9e3779b97f4a7c15u;
  }
  uint64_t Next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
  }
  bool OneIn(uint64_t n) { return Next() % n == 0; }
  template <class T, std::size_t n> const T& Of(const T (&items)[n]) { return items[Next() % n]; }

 private:
  uint64_t state_;
};

class CallWriter {
 public:
  CallWriter(const AtenSchema& schema, uint64_t number)
      : schema_(schema),
        dice_(schema.text, number),
        shape_(ShapeAt(dice_.Next())),
        dtype_(dice_.Of(kTypes)),
        number_(dice_.Of(kNumbers)),
        length_(dice_.Of(kLengths)) {}

  ExportedProgram Write() && {
    node_.op = schema_.op;
    if (node_.op.overload == "*") node_.op.overload = "default";
    for (const AtenParameter& parameter : schema_.parameters) {
      if (parameter.default_value && dice_.OneIn(2)) continue;
      node_.attributes.push_back({parameter.name, Argument(parameter)});
    }
    AddResults();
    return std::move(program_);
  }

 private:
  AttributeValue Argument(const AtenParameter& parameter) {
    AtenType type = parameter.type;
    if (type.optional && dice_.OneIn(2)) return None{};
    // Of a kind that the schema does not have here.
    if (dice_.OneIn(100)) {
      constexpr Base kKinds[] = {Base::kTensor, Base::kScalar, Base::kInt,        Base::kBool,
                                 Base::kFloat,  Base::kString, Base::kScalarType, Base::kSubgraph};
      type.base = dice_.Of(kKinds);
      type.list = dice_.OneIn(2);
    }
    return type.list ? List(type) : One(type.base);
  }

  AttributeValue One(Base base) {
    switch (base) {
      case Base::kTensor: return dice_.OneIn(20) ? AttributeValue(Int()) : AttributeValue(TensorValue());
      case Base::kSymInt: return dice_.OneIn(12) ? AttributeValue(SymbolicSize()) : AttributeValue(Int());
      case Base::kInt: return Int();
      case Base::kBool:
      case Base::kSymBool: return dice_.OneIn(2);
      case Base::kFloat:
      case Base::kSymFloat: return dice_.Of(kReals);
      case Base::kScalar:
      case Base::kSymNumber:
      case Base::kAny: return Number();
      case Base::kString: return dice_.OneIn(40) ? std::string(5000, 'i') : std::string(dice_.Of(kWords));
      case Base::kScalarType: return dice_.OneIn(3) ? dice_.Of(kMoreTypes) : dice_.Of(kTypes);
      case Base::kComplex: return Complex{dice_.Of(kReals), dice_.Of(kReals)};
      case Base::kSubgraph: return Subgraph();
      case Base::kLayout: return Layout{7};
      case Base::kMemoryFormat: return MemoryFormat{2};
      case Base::kDevice: return Device{"cpu"};
      case Base::kGenerator: return None{};
    }
    return None{};
  }

  AttributeValue Number() {
    switch (dice_.Next() % 8) {
      case 0: return dice_.OneIn(2);
      case 1: return SymbolicSize();
      case 2: return Complex{1, dice_.Of(kReals)};
      case 3:
      case 4: return dice_.Of(kReals);
      default: return Int();
    }
  }

  AttributeValue List(const AtenType& type) {
    std::size_t length = dice_.OneIn(2) ? length_ : dice_.Of(kLengths);
    if (type.list_size > 0 && dice_.OneIn(3)) length = static_cast<std::size_t>(type.list_size);
    switch (type.base) {
      case Base::kTensor:
      case Base::kSymNumber:
      case Base::kAny: {
        ValueRefs refs;
        for (; length > 0; --length)
          refs.items.push_back(type.optional_element && dice_.OneIn(3) ? ValueRef{} : TensorValue());
        return refs;
      }
      case Base::kBool: {
        std::vector<bool> bools;
        for (; length > 0; --length) bools.push_back(dice_.OneIn(2));
        return bools;
      }
      case Base::kFloat:
      case Base::kSymFloat: {
        std::vector<double> reals;
        for (; length > 0; --length) reals.push_back(dice_.Of(kReals));
        return reals;
      }
      case Base::kString: return std::vector<std::string>(length, std::string(dice_.Of(kWords)));
      default: return Ints(type, length);
    }
  }

  AttributeValue Ints(const AtenType& type, std::size_t length) {
    if (length == 0) return std::vector<int64_t>();
    if (type.list_size > 0 && dice_.OneIn(8)) return Int();  // one number for all
    SymInts sizes;
    std::vector<int64_t> ints;
    const bool symbolic = type.base == Base::kSymInt && dice_.OneIn(6), same = dice_.OneIn(2);
    for (; length > 0; --length) {
      const int64_t item = same ? number_ : Int();
      ints.push_back(item);
      if (symbolic && dice_.OneIn(2))
        sizes.items.push_back(SymbolicSize());
      else
        sizes.items.push_back(item);
    }
    return symbolic ? AttributeValue(sizes) : AttributeValue(ints);
  }

  int64_t Int() { return dice_.OneIn(2) ? number_ : dice_.Of(kNumbers); }

  Type OddType() {
    const std::optional<Dims> shape = dice_.OneIn(3) ? ShapeAt(dice_.Next()) : shape_;
    return Type(dice_.OneIn(4) ? dice_.Of(kTypes) : dtype_, shape);
  }

  ValueRef TensorValue() {
    Graph& graph = program_.graph;
    if (!graph.inputs().empty() && dice_.OneIn(8)) return Refer(graph.inputs()[dice_.Next() % graph.inputs().size()]);
    const std::string name = fmt::format("t{}", graph.value_count());
    if (!dice_.OneIn(6)) return Refer(graph.AddInput(name, OddType()));
    return Refer(graph.AddInitializer(name, KnownNumbers()));
  }

  // A constant: indices, sizes, a number.
  Tensor KnownNumbers() {
    if (dice_.OneIn(3)) return Tensor::Scalar(DType::kFloat, static_cast<float>(dice_.Of(kReals)));
    if (dice_.OneIn(2)) return Tensor::Scalar(DType::kInt64, Int());
    std::vector<int64_t> ints;
    for (std::size_t length = dice_.Of(kLengths); length > 0; --length) ints.push_back(Int());
    return Tensor::Ints(ints);
  }

  ValueRef SymbolicSize() {
    return Refer(program_.graph.AddInput(fmt::format("s{}", program_.graph.value_count()), SymIntType("n")));
  }

  ValueRef Refer(ValueId value) {
    node_.inputs.push_back(value);
    return {static_cast<int32_t>(node_.inputs.size() - 1)};
  }

  // Hands on what it is given, or some of it.
  GraphPtr Subgraph() {
    auto nested = std::make_shared<Graph>("nested");
    for (uint64_t i = dice_.Next() % 4; i > 0; --i) {
      const ValueId input = nested->AddInput(fmt::format("i{}", i), OddType());
      if (!dice_.OneIn(3)) nested->AddOutput(input);
    }
    return nested;
  }

  void AddResults() {
    const bool has_list = std::ranges::any_of(schema_.results, [](const auto& result) { return result.type.list; });
    std::size_t outputs = 0;
    for (const AtenParameter& result : schema_.results) {
      const std::size_t count = result.type.list ? dice_.Next() % 4 : 1;
      if (has_list) node_.output_lists.push_back(result.type.list ? static_cast<int32_t>(count) : -1);
      outputs += count;
    }
    Graph& graph = program_.graph;
    const NodeId node = graph.AddNode(std::move(node_), outputs);
    const bool recorded = dice_.OneIn(2);
    for (const ValueId output : graph.node(node).outputs) {
      if (recorded) graph.value(output).type = OddType();
      graph.AddOutput(output);
      program_.outputs.push_back({.value = output});
    }
  }

  const AtenSchema& schema_;
  Dice dice_;
  const std::optional<Dims> shape_;
  const DType dtype_;
  const int64_t number_;
  const std::size_t length_;
  ExportedProgram program_;
  Node node_;
};

}  // namespace

ExportedProgram OddCall(const AtenSchema& schema, uint64_t number) { return CallWriter(schema, number).Write(); }

}  // namespace fairlead
