// What a lowering writes its ONNX nodes with: every operator of ONNX (onnx_ops.hpp) and what is made of them.
//
//   Value Gelu(Builder& b, Value self, std::string_view approximate) { return b.Gelu(self, {.approximate = approximate}); }
//
// Errors are deferred: see emitter.hpp. Methods follow opset 26. Attributes that have their newest default are not written,
// so that older schemas accept the node; where an older form differs in more than that it is a method with a number
// (DFT17). An operator that does not exist at the target fails there: such lowerings have rows with Since and Until.
#pragma once

#include <utility>

#include <fairlead/sdk/format.hpp>
#include <fairlead/sdk/onnx_ops.hpp>
#include <fairlead/sdk/promotion.hpp>

namespace fairlead {
inline namespace sdk_v1 {

// What a refused lowering returns; converts to any result type.
class Refusal {
 public:
  explicit constexpr Refusal(Value invalid) : invalid_(invalid) {}
  constexpr operator Value() const { return invalid_; }
  operator std::vector<Value>() const { return {invalid_}; }
  template <class Results>
    requires std::is_aggregate_v<Results> && (sizeof(Results) % sizeof(Value) == 0)
  constexpr operator Results() const {
    std::array<Value, sizeof(Results) / sizeof(Value)> values;
    values.fill(invalid_);
    return std::bit_cast<Results>(values);
  }

 private:
  Value invalid_;
};

// What takes part in type promotion: a tensor, a 0-d tensor, a wrapped number, or a Scalar. An absent value does not.
class Operand {
 public:
  Operand(Value value) : value_(value) {}
  Operand(const Scalar& number) : number_(number) {}

  void AddTo(Promotion& promotion) const;

 private:
  friend class Builder;
  Value value_;
  std::optional<Scalar> number_;
};

// What PyTorch recorded for a result of the node.
struct RecordedType {
  DType dtype = DType::kUndefined;
  int rank = -1;
  std::vector<int64_t> sizes;  // -1 where symbolic; empty when the rank is unknown
};

// The type of an input of a nested ONNX graph. Without dims the rank is open; a symbolic size is left open.
struct Formal {
  DType dtype = DType::kUndefined;
  std::optional<Dims> dims = std::nullopt;
};

// What one turn of a Loop hands on. An absent condition goes on until the trip count is reached.
struct LoopStep {
  Value condition;
  std::vector<Value> states;  // as many as the loop has, in order
  std::vector<Value> scans;   // each is stacked over the turns along a new first axis
};

class AtenArgument;

// What functions like sin and true division compute in: float for integers and bools.
constexpr DType FloatType(DType type) { return IsInteger(type) || type == DType::kBool ? DType::kFloat : type; }

// `axis` counted from the front; a 0-d tensor counts as 1-d, as in torch. One out of range is answered as it is.
constexpr int64_t NormalizeAxis(int64_t axis, int64_t rank) {
  const int64_t axes = rank == 0 ? 1 : rank;
  return axis < 0 && axis >= -axes ? axis + axes : axis;
}

class Builder : public OnnxOps {
 public:
  using OnnxOps::OnnxOps;

  // ---- constants ----

  // A number as a 0-d tensor. A symbolic one is cast.
  Value Constant(const Scalar& number, DType dtype);
  // A 1-D int64 tensor.
  Value Constant(const Ints& items);
  // A 1-D tensor of floats.
  Value Constant(const Floats& items, DType dtype);
  // Any tensor: dense, little-endian bytes.
  Value Constant(DType dtype, const Ints& dims, std::span<const std::byte> bytes);
  // A 0-d tensor in the dtype of `value`.
  Value Like(Value value, const Scalar& number) { return Constant(number, value.dtype()); }
  Value Full(const Dims& dims, const Scalar& number, DType dtype);
  Value Zeros(const Dims& dims, DType dtype) { return Full(dims, 0, dtype); }
  Value Ones(const Dims& dims, DType dtype) { return Full(dims, 1, dtype); }
  // 0, 1 … n-1 as int64.
  Value Iota(const Dim& n);

  // The elements of a constant of integers or bools; empty when the value is none, or large (65,536 bytes).
  std::optional<std::vector<int64_t>> ConstantInts(Value value);
  // The number in a constant of one element.
  std::optional<Scalar> ConstantNumber(Value value);

  // ---- types ----

  // Casts unless the value has that dtype already. Constants are converted at once.
  Value ToType(Value value, DType dtype);
  // Integers and bools in torch's default dtype, float; others as they are.
  Value ToFloat(Value value) { return ToType(value, FloatType(value.dtype())); }
  // torch.result_type.
  DType PromotedType(std::initializer_list<Operand> operands) const;
  // The operands in the dtype torch computes with: `const auto [x, y] = b.Promote(self, other);`
  template <class... Operands> auto Promote(const Operands&... operands) -> std::array<Value, sizeof...(Operands)>;
  // An operand as a tensor of that dtype.
  Value ToTensor(const Operand& operand, DType dtype);
  // What PyTorch recorded for the i-th result (nothing when another lowering asked for this operator through Aten), and a
  // value cast to the dtype recorded, if one is.
  RecordedType ResultType(std::size_t i = 0) const;
  // How many values the node has as results; those of a list each count.
  std::size_t ResultCount() const;
  // Whether anything reads the i-th result; one that nothing reads may hold anything of the right type.
  bool IsResultUsed(std::size_t i) const;
  Value ToResultType(Value value, std::size_t i = 0);
  // Sets the sizes PyTorch recorded for the i-th result where ONNX's inference left them open.
  Value AdoptResultType(Value value, std::size_t i = 0);
  // Computes `compute(value)` in float where the value is narrower, and casts back: for functions whose intermediate
  // results torch keeps in float as well.
  template <class Compute> Value InFloat32(Value value, Compute compute);

  // ---- sizes ----

  // A 1-D int64 tensor of sizes.
  Value ShapeOf(const Dims& dims);
  // A size as an int64 scalar of the graph.
  Value ToValue(const Dim& dim) { return dim.IsStatic() ? Constant(dim.size, DType::kInt64) : dim.symbol; }
  // Sizes of the value, static or symbolic. The axis may be negative.
  Dim SizeOf(Value value, int64_t axis) { return value.dim(axis); }
  Dims SizesOf(Value value) { return value.dims(); }
  // The number of elements.
  Dim CountOf(Value value) { return Product(value.dims()); }
  // True when both sizes are known to be equal.
  bool SameDim(Value a, int64_t axis_a, Value b, int64_t axis_b) const;

  // Arithmetic on sizes; what is static is folded, with a refusal on overflow.
  Dim Plus(const Dim& a, const Dim& b);
  Dim Minus(const Dim& a, const Dim& b);
  Dim Multiply(const Dim& a, const Dim& b);
  Dim FloorDivide(const Dim& a, const Dim& b);  // towards minus infinity
  Dim CeilDivide(const Dim& a, const Dim& b);
  Dim Least(const Dim& a, const Dim& b);
  Dim Greatest(const Dim& a, const Dim& b);
  Dim Product(const Dims& dims);

  // `axis` counted from the front. Out of range, or where the rank is unknown (-1), it is refused and ends the lowering.
  int64_t Axis(int64_t axis, int64_t rank);
  std::vector<int64_t> Axes(const Ints& axes, int64_t rank);

  // ---- shapes of tensors ----

  using OnnxOps::Reshape, OnnxOps::Squeeze, OnnxOps::Unsqueeze, OnnxOps::Slice, OnnxOps::Expand;
  // One size may be -1: what the others leave. A single symbolic size is written as -1 too. Sizes of zero are sizes.
  Value Reshape(Value value, const Dims& dims);
  Value Squeeze(Value value, const Ints& axes) { return axes.empty() ? value : OnnxOps::Squeeze(value, Constant(axes)); }
  Value Unsqueeze(Value value, const Ints& axes) {
    return axes.empty() ? value : OnnxOps::Unsqueeze(value, Constant(axes));
  }
  // Broadcasts to `dims`; a static size of -1 keeps the value's own.
  Value Expand(Value value, const Dims& dims);
  // Elements start, start+step … before end of one axis, as ONNX's Slice counts them.
  Value Slice(Value value, int64_t axis, const Dim& start, const Dim& end, const Dim& step = 1);
  // One position of an axis, which vanishes.
  Value Select(Value value, int64_t axis, const Dim& index) { return Gather(value, ToValue(index), {.axis = axis}); }

  using OnnxOps::ReduceMax, OnnxOps::ReduceMean, OnnxOps::ReduceMin, OnnxOps::ReduceProd, OnnxOps::ReduceSum,
      OnnxOps::ReduceL1, OnnxOps::ReduceL2, OnnxOps::ReduceLogSumExp, OnnxOps::ReduceSumSquare;
  // Reductions over axes; an empty list means all of them.
  Value ReduceL1(Value x, const Ints& axes, bool keepdims) { return Reduce("ReduceL1", x, axes, keepdims); }
  Value ReduceL2(Value x, const Ints& axes, bool keepdims) { return Reduce("ReduceL2", x, axes, keepdims); }
  Value ReduceLogSumExp(Value x, const Ints& axes, bool keepdims) { return Reduce("ReduceLogSumExp", x, axes, keepdims); }
  Value ReduceMax(Value x, const Ints& axes, bool keepdims) { return Reduce("ReduceMax", x, axes, keepdims); }
  Value ReduceMean(Value x, const Ints& axes, bool keepdims) { return Reduce("ReduceMean", x, axes, keepdims); }
  Value ReduceMin(Value x, const Ints& axes, bool keepdims) { return Reduce("ReduceMin", x, axes, keepdims); }
  Value ReduceProd(Value x, const Ints& axes, bool keepdims) { return Reduce("ReduceProd", x, axes, keepdims); }
  Value ReduceSum(Value x, const Ints& axes, bool keepdims) { return Reduce("ReduceSum", x, axes, keepdims); }
  Value ReduceSumSquare(Value x, const Ints& axes, bool keepdims) { return Reduce("ReduceSumSquare", x, axes, keepdims); }

  // Bools are chosen by logic: few runtimes have a Where of them.
  Value Where(Value condition, Value X, Value Y) {
    if (X.dtype() != DType::kBool) return OnnxOps::Where(condition, X, Y);
    return Or(And(condition, X), And(Not(condition), Y));
  }
  // Towards zero.
  Value Trunc(Value value) { return Where(Less(value, Like(value, 0)), Ceil(value), Floor(value)); }
  // Modes in opset 20's words ("linear", "cubic") at every target.
  Value GridSample(Value X, Value grid, const GridSampleAttributes& a = {});

  // ---- nested graphs and other operators ----

  // What answers a list (If, Loop, Lower) ends the lowering when it fails: how long the list is, is not known then.
  //
  // Both branches are functions without parameters that return the same number of values.
  using OnnxOps::If, OnnxOps::Loop;
  template <class Then, class Else> std::vector<Value> If(Value condition, Then then_branch, Else else_branch);
  // `body(Value iteration, Value condition, std::span<const Value> states) -> LoopStep`; absent `trips` means no bound.
  // Returns the last states, then the scans. States have the sizes of their initial values unless `formals` says otherwise.
  template <class Body>
  std::vector<Value> Loop(Value trips, Value condition, const std::vector<Value>& initial, Body body,
                          std::vector<Formal> formals = {});
  // A nested ONNX graph of what `body(std::span<const Value> inputs) -> std::vector<Value>` emits.
  template <class Body> fl_graph Graph(const std::vector<Formal>& formals, Body body);
  Formal FormalOf(Value value) {
    return {value.dtype(), value.rank() < 0 ? std::nullopt : std::optional(StaticDims(value))};
  }

  // A nested ATen graph, lowered at this place, and the types of its inputs.
  std::vector<Value> Lower(Subgraph graph, const std::vector<Value>& inputs);
  std::vector<Formal> InputsOf(Subgraph graph);

  // Another ATen operator in place of this one: b.Aten("aten::mean.dim", {{"self", x}, {"dim", Ints{1}}, {"keepdim",
  // true}}).
  Value Aten(std::string_view op, std::initializer_list<AtenArgument> arguments);
  std::vector<Value> Aten(std::string_view op, std::initializer_list<AtenArgument> arguments, std::size_t results);

  // ---- refusals ----

  // Refuses the node. Say what was found: Unsupported("dropout_p={}: attention dropout has no inference form", dropout_p).
  template <class... Args> Refusal Unsupported(std::type_identity_t<FormatString<Args...>> format, const Args&... args) {
    Fail(FL_UNIMPLEMENTED, Format<Args...>(format, args...));
    return Refusal(Invalid());
  }
  // Leaves the node to the next lowering that serves the operator, if there is one.
  template <class... Args> Refusal Decline(std::type_identity_t<FormatString<Args...>> format, const Args&... args) {
    Fail(FL_DECLINED, Format<Args...>(format, args...));
    return Refusal(Invalid());
  }

 private:
  Value Reduce(std::string_view op, Value x, const Ints& axes, bool keepdims);
  Dims StaticDims(Value value) const;
  std::optional<std::span<const std::byte>> ConstantBytes(Value value);
  // A static result, or what `emit` makes of the two scalars.
  template <class Node> Dim Calculated(const Dim& a, const Dim& b, bool (*fold)(int64_t, int64_t, int64_t*), Node emit);
};

// y = f(x) where the ONNX operator is the whole lowering: Lower<Unary<&Builder::Sigmoid>>("aten::sigmoid(…) -> Tensor").
template <auto Method> Value Unary(Builder& b, Value self) {
  OnnxOps& ops = b;  // the class that the generated methods belong to
  return (ops.*Method)(self);
}

// The same for functions that torch computes in float where the input is an integer or a bool.
template <auto Method> Value FloatUnary(Builder& b, Value self) { return Unary<Method>(b, b.ToFloat(self)); }

// An argument of Builder::Aten, by the schema's name; those not given have the schema's default.
class AtenArgument {
 public:
  AtenArgument(std::string_view name, std::nullopt_t) : AtenArgument(FL_ARG_NONE, name) {}
  AtenArgument(std::string_view name, Value v) : AtenArgument(v ? FL_ARG_VALUE : FL_ARG_NONE, name) {
    arg_.value = v.handle();
  }
  AtenArgument(std::string_view name, const std::vector<Value>& v) : AtenArgument(FL_ARG_VALUES, name) {
    for (const Value& value : v) values_.push_back(value.handle());
  }
  AtenArgument(std::string_view name, Values v) : AtenArgument(name, v.ToVector()) {}
  AtenArgument(std::string_view name, int64_t v) : AtenArgument(FL_ARG_I64, name) { arg_.i64 = v; }
  AtenArgument(std::string_view name, int v) : AtenArgument(name, int64_t{v}) {}
  template <std::same_as<bool> Bool> AtenArgument(std::string_view name, Bool v) : AtenArgument(FL_ARG_BOOL, name) {
    arg_.i64 = v;
  }
  AtenArgument(std::string_view name, double v) : AtenArgument(FL_ARG_F64, name) { arg_.f64 = v; }
  AtenArgument(std::string_view name, DType v) : AtenArgument(FL_ARG_DTYPE, name) { arg_.i64 = static_cast<int64_t>(v); }
  AtenArgument(std::string_view name, const char* v) : AtenArgument(name, std::string_view(v)) {}
  AtenArgument(std::string_view name, std::string_view v) : AtenArgument(FL_ARG_STR, name) {
    arg_.data = v.data(), arg_.count = v.size();
  }
  AtenArgument(std::string_view name, const Scalar& v);
  AtenArgument(std::string_view name, const Dim& v);
  AtenArgument(std::string_view name, const Dims& v);
  AtenArgument(std::string_view name, const Ints& v) : AtenArgument(FL_ARG_I64S, name) {
    arg_.data = v.data(), arg_.count = v.size();
  }
  AtenArgument(std::string_view name, const std::vector<int64_t>& v) : AtenArgument(name, Ints(v)) {}
  template <class T>
  AtenArgument(std::string_view name, const std::optional<T>& v)
      : AtenArgument(v ? AtenArgument(name, *v) : AtenArgument(name, std::nullopt)) {}

 private:
  friend class Builder;
  AtenArgument(fl_arg_kind kind, std::string_view name) : name_(name) { arg_.size = sizeof arg_, arg_.kind = kind; }
  fl_aten_arg ToAbiArgument() const;

  std::string_view name_;
  fl_arg arg_ = {};
  std::vector<fl_value> values_;
  std::vector<fl_dim> dims_;
};

}  // namespace sdk_v1
}  // namespace fairlead

#include <fairlead/sdk/builder_graphs.hpp>
#include <fairlead/sdk/builder_values.hpp>
