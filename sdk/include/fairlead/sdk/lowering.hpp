// A lowering: a function with the ATen operator's parameters, and the row that joins it to the operator's schema.
//
//   // aten::leaky_relu in ONNX's words.
//   Value LeakyRelu(Builder& b, Value self, Scalar negative_slope) {
//     return b.LeakyRelu(self, {.alpha = negative_slope.AsDouble()});
//   }
//
//   constexpr Lowering kTable[] = {
//       Lower<LeakyRelu>("aten::leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor"),
//   };
//
// Lower compares the function with the schema while compiling: the parameters after the Builder must have the schema's
// types, in its order (the mapping is kAtenTypes in value.hpp), and the result must be
//   Value                                      for one tensor or number,
//   std::array<Value, N> or a struct of Values for N of them,
//   std::vector<Value>                         for a list, and for values and a list together.
// A row that does not fit does not compile, and the message names the C++ type, the parameter and the schema.
//
// At run time the host fills in defaults, calls the row, and replaces the node by the results. Arguments are fetched by
// name; one of type Unused<T> or NoEffect<T> is not fetched. Nothing is thrown into the host.
#pragma once

#include <exception>
#include <new>
#include <tuple>

#include <fairlead/sdk/builder.hpp>
#include <fairlead/sdk/schema.hpp>

namespace fairlead {
inline namespace sdk_v1 {

// One row of a table. The conditions return a changed copy, so that they can be chained.
struct Lowering : fl_lowering {
  // For target opsets from `opset` on.
  constexpr Lowering Since(uint32_t opset) const {
    Lowering row = *this;
    row.since_opset = opset;
    return row;
  }
  // For target opsets up to and including `opset`, whose operators the row then emits.
  constexpr Lowering Until(uint32_t opset) const {
    Lowering row = *this;
    row.until_opset = opset;
    if (row.authored_opset > opset) row.authored_opset = opset;
    return row;
  }
  // Chosen before rows of lower priority (ours have 0) that serve the operator too.
  constexpr Lowering Priority(int32_t priority) const {
    Lowering row = *this;
    row.priority = priority;
    return row;
  }
  // One line for the operator list: what is not covered.
  constexpr Lowering Note(std::string_view text) const {
    Lowering row = *this;
    row.note = ToAbi(text);
    return row;
  }
};

template <auto Function> consteval Lowering Lower(std::string_view schema);

// A family's rows, as the plugin lists them: {"activation", ActivationLowerings}.
struct Family {
  std::string_view name;
  std::span<const Lowering> (*rows)();
};

// -------------------------------------------------------------------------------------------------------------------
// details: comparing a function with a schema

namespace lowering_detail {

template <class T> inline constexpr bool kIgnored = false;
template <class T> inline constexpr bool kIgnored<Unused<T>> = true;
template <class T> inline constexpr bool kIgnored<NoEffect<T>> = true;
template <class T> inline constexpr bool kNoEffect = false;
template <class T> inline constexpr bool kNoEffect<NoEffect<T>> = true;
template <class T> inline constexpr bool kUnused = false;
template <class T> inline constexpr bool kUnused<Unused<T>> = true;

// Bit i: the i-th parameter.
struct Masks {
  uint64_t no_effect = 0, unused = 0;
};

template <class T> struct Accepts {
  static constexpr bool Type(std::string_view written) {
    for (std::string_view types = kAtenTypes<T>; !types.empty();) {
      const std::string_view type = types.substr(0, types.find('|'));
      if (IsType(written, type)) return true;
      types.remove_prefix(type.size() < types.size() ? type.size() + 1 : type.size());
    }
    return false;
  }
};
template <class T> struct Accepts<std::optional<T>> {
  static constexpr bool Type(std::string_view written) {
    return written.ends_with('?') && Accepts<T>::Type(written.substr(0, written.size() - 1));
  }
};
template <class T> struct Accepts<Unused<T>> : Accepts<T> {};
template <class T> struct Accepts<NoEffect<T>> : Accepts<T> {};

// Results: how many values a result type holds; kList for a list of any length.
inline constexpr std::size_t kList = ~std::size_t{0};
template <class R> inline constexpr std::size_t kResults = std::is_aggregate_v<R> ? sizeof(R) / sizeof(Value) : 0;
template <> inline constexpr std::size_t kResults<Value> = 1;
template <> inline constexpr std::size_t kResults<std::vector<Value>> = kList;

// A wrong row calls one of these while it is evaluated. They are not constexpr, which stops the compiler there: its
// message has the name and the template arguments, and its notes show the row with the whole schema.
template <int Position, class CppType> void ParameterTypeDiffersFromSchema() {}  // positions count from 1, after Builder&
template <int InFunction> void ParameterCountDiffersFromSchema() {}
template <class CppType> void ResultTypeDiffersFromSchema() {}
inline void ThisIsNotAnAtenSchema() {}
inline void OnlyTheFirst64ParametersMayBeIgnored() {}

template <int Position, int Count, class T> constexpr void CheckParameter(SchemaReader& reader, Masks& masks) {
  SchemaItem item;
  if (!reader.NextParameter(item)) ParameterCountDiffersFromSchema<Count>();
  if (!Accepts<T>::Type(item.type)) ParameterTypeDiffersFromSchema<Position + 1, T>();
  if (kIgnored<T> && Position >= 64) OnlyTheFirst64ParametersMayBeIgnored();
  if (kNoEffect<T>) masks.no_effect |= uint64_t{1} << Position;
  if (kUnused<T>) masks.unused |= uint64_t{1} << Position;
}

template <class R> constexpr void CheckResults(SchemaReader& reader) {
  SchemaItem item;
  std::size_t count = 0;
  bool has_list = false;
  for (; reader.NextResult(item); ++count) has_list = has_list || item.type.ends_with("[]");
  if (has_list) count = kList;
  if (count != kResults<R>) ResultTypeDiffersFromSchema<R>();
}

template <class R, class... Parameters, std::size_t... Positions>
constexpr Masks CheckAgainst(std::string_view schema, std::index_sequence<Positions...>) {
  constexpr int kCount = sizeof...(Parameters);
  SchemaReader reader(schema);
  if (reader.bad()) ThisIsNotAnAtenSchema();
  Masks masks;
  (CheckParameter<Positions, kCount, Parameters>(reader, masks), ...);
  if (SchemaItem item; reader.NextParameter(item)) ParameterCountDiffersFromSchema<kCount>();
  CheckResults<R>(reader);
  return masks;
}

// -------------------------------------------------------------------------------------------------------------------
// details: from a C call to the function

// Reads the arguments of one call in the schema's order.
class Arguments {
 public:
  Arguments(Builder& builder, const fl_call& call, std::string_view schema)
      : builder_(builder), call_(call), reader_(schema) {}

  template <class T> T Next() {
    reader_.NextParameter(item_);
    if constexpr (kIgnored<T>) {
      return {};
    } else {
      fl_arg arg = {};
      arg.size = sizeof arg;
      const fl_status status = call_.aten->arg(call_.ctx, call_.node, ToAbi(item_.name), &arg);
      if (status != FL_OK) builder_.Fail(status, Format("{}: the argument cannot be read", item_.name));
      return As(arg, static_cast<T*>(nullptr));
    }
  }

 private:
  // True when the argument has the kind that was asked for; otherwise the error is kept, with the parameter's name.
  bool Is(const fl_arg& arg, fl_arg_kind kind) {
    if (arg.kind == kind || builder_.status() != FL_OK) return arg.kind == kind;
    const bool symbolic = arg.kind == FL_ARG_DIM || arg.kind == FL_ARG_DIMS || arg.kind == FL_ARG_VALUE;
    if (symbolic)
      builder_.Fail(FL_UNIMPLEMENTED, Format("{}: a symbolic number is not lowered here", item_.name));
    else
      builder_.Fail(FL_INTERNAL, Format("{}: the argument is of kind {}, wanted kind {}", item_.name, arg.kind, kind));
    return false;
  }
  template <class T> std::span<const T> List(const fl_arg& arg, fl_arg_kind kind) {
    if (!Is(arg, kind)) return {};
    return {static_cast<const T*>(arg.data), static_cast<std::size_t>(arg.count)};
  }

  // A number where the schema has a tensor or a symbolic number is a scalar of the graph.
  Value As(const fl_arg& arg, Value*) {
    switch (arg.kind) {
      case FL_ARG_NONE: return {};
      case FL_ARG_DIM: return {&builder_, arg.value};
      case FL_ARG_I64: return builder_.Constant(arg.i64, DType::kInt64);
      case FL_ARG_F64: return builder_.Constant(arg.f64, DType::kDouble);
      case FL_ARG_BOOL: return builder_.Constant(arg.i64 != 0, DType::kBool);
      default: return Is(arg, FL_ARG_VALUE) ? Value(&builder_, arg.value) : Value();
    }
  }
  Values As(const fl_arg& arg, Values*) {
    if (arg.kind == FL_ARG_NONE) return {};
    return {&builder_, List<fl_value>(arg, FL_ARG_VALUES)};
  }
  Scalar As(const fl_arg& arg, Scalar*) {
    switch (arg.kind) {
      case FL_ARG_F64: return arg.f64;
      case FL_ARG_BOOL: return arg.i64 != 0;
      case FL_ARG_COMPLEX: return std::complex<double>(arg.f64, arg.f64_imag);
      case FL_ARG_VALUE:
      case FL_ARG_DIM: return Scalar(Value(&builder_, arg.value));
      default: return As(arg, static_cast<int64_t*>(nullptr));
    }
  }
  std::vector<Scalar> As(const fl_arg& arg, std::vector<Scalar>*) {
    std::vector<Scalar> out;
    if (arg.kind == FL_ARG_DIMS)
      for (const Dim& dim : As(arg, static_cast<Dims*>(nullptr)))
        out.push_back(dim.IsStatic() ? dim.size : Scalar(dim.symbol));
    else if (arg.kind == FL_ARG_I64S)
      for (const int64_t number : List<int64_t>(arg, FL_ARG_I64S)) out.push_back(number);
    else if (arg.kind == FL_ARG_BOOLS)
      for (const uint8_t number : List<uint8_t>(arg, FL_ARG_BOOLS)) out.push_back(number != 0);
    else
      for (const double number : List<double>(arg, FL_ARG_F64S)) out.push_back(number);
    return out;
  }
  Dim As(const fl_arg& arg, Dim*) {
    if (arg.kind == FL_ARG_DIM || arg.kind == FL_ARG_VALUE) return Dim(Value(&builder_, arg.value));
    return As(arg, static_cast<int64_t*>(nullptr));
  }
  Dims As(const fl_arg& arg, Dims*) {
    if (arg.kind != FL_ARG_DIMS) return Dims(Ints(List<int64_t>(arg, FL_ARG_I64S)));
    Dims out;
    for (const fl_dim& dim : List<fl_dim>(arg, FL_ARG_DIMS))
      out.push_back(dim.symbol.id == 0 ? Dim(dim.size) : Dim(Value(&builder_, dim.symbol)));
    return out;
  }
  Subgraph As(const fl_arg& arg, Subgraph*) {
    const std::span<const fl_graph> graph = List<fl_graph>(arg, FL_ARG_GRAPH);
    return graph.empty() ? Subgraph() : Subgraph(graph[0]);
  }
  int64_t As(const fl_arg& arg, int64_t*) { return Is(arg, FL_ARG_I64) ? arg.i64 : 0; }
  Ints As(const fl_arg& arg, Ints*) { return List<int64_t>(arg, FL_ARG_I64S); }
  bool As(const fl_arg& arg, bool*) { return Is(arg, FL_ARG_BOOL) && arg.i64 != 0; }
  Bools As(const fl_arg& arg, Bools*) { return List<uint8_t>(arg, FL_ARG_BOOLS); }
  double As(const fl_arg& arg, double*) {
    if (arg.kind == FL_ARG_I64) return static_cast<double>(arg.i64);
    return Is(arg, FL_ARG_F64) ? arg.f64 : 0;
  }
  Floats As(const fl_arg& arg, Floats*) { return List<double>(arg, FL_ARG_F64S); }
  DType As(const fl_arg& arg, DType*) { return Is(arg, FL_ARG_DTYPE) ? static_cast<DType>(arg.i64) : DType::kUndefined; }
  std::string_view As(const fl_arg& arg, std::string_view*) {
    const std::span<const char> text = List<char>(arg, FL_ARG_STR);
    return {text.data(), text.size()};
  }
  template <class T> std::optional<T> As(const fl_arg& arg, std::optional<T>*) {
    if (arg.kind == FL_ARG_NONE) return std::nullopt;
    return As(arg, static_cast<T*>(nullptr));
  }

  Builder& builder_;
  const fl_call& call_;
  SchemaReader reader_;
  SchemaItem item_;
};

inline fl_status Return(const fl_call& call, std::span<const Value> values) {
  std::vector<fl_value> handles;
  for (const Value& value : values) handles.push_back(value.handle());
  return call.build->results(call.ctx, handles.data(), handles.size());
}

inline fl_status ReturnResult(const fl_call& call, const Value& value) { return Return(call, {&value, 1}); }
inline fl_status ReturnResult(const fl_call& call, const std::vector<Value>& values) { return Return(call, values); }
template <class Results> fl_status ReturnResult(const fl_call& call, const Results& results) {
  return Return(call, std::bit_cast<std::array<Value, kResults<Results>>>(results));
}

// Any lowering, without its type. Row<decltype(Function)> knows the type again.
using AnyFunction = void (*)();
using Body = fl_status (*)(AnyFunction, Builder&, const fl_call&, std::string_view schema);

// Calls `body`; whatever it throws becomes a status. What is thrown after an error was kept comes of it.
inline fl_status Guarded(Body body, AnyFunction function, const fl_call& call, const fl_lowering& row) noexcept {
  const auto fail = [&](fl_status status, std::string_view message) {
    return call.core->fail(call.ctx, status, ToAbi(message));
  };
  try {
    Builder builder(call);
    try {
      return body(function, builder, call, FromAbi(row.schema));
    } catch (...) {
      if (builder.status() != FL_OK) return builder.status();
      throw;
    }
  } catch (const std::bad_alloc&) {
    return fail(FL_RESOURCE_EXHAUSTED, "out of memory");
  } catch (const std::exception& error) {
    return fail(FL_INTERNAL, error.what());
  } catch (...) {
    return fail(FL_INTERNAL, "an exception of unknown type");
  }
}

// What depends on the signature alone, so that rows of one signature share it.
template <class Function> struct Row;

template <class R, class... Parameters> struct Row<R (*)(Builder&, Parameters...)> {
  using Function = R (*)(Builder&, Parameters...);

  static constexpr Masks Check(std::string_view schema) {
    return CheckAgainst<R, Parameters...>(schema, std::index_sequence_for<Parameters...>{});
  }

  static fl_status Call(AnyFunction any, Builder& b, const fl_call& call, std::string_view schema) {
    Arguments arguments(b, call, schema);
    const std::tuple<Builder&, Parameters...> values{b, arguments.Next<Parameters>()...};  // braces: left to right
    if (b.status() != FL_OK) return b.status();
    const R results = std::apply(reinterpret_cast<Function>(any), values);
    return b.status() == FL_OK ? ReturnResult(call, results) : b.status();
  }
};

template <auto Function> fl_status Thunk(const fl_call* call, const fl_lowering* row) noexcept {
  return Guarded(Row<decltype(Function)>::Call, reinterpret_cast<AnyFunction>(Function), *call, *row);
}

}  // namespace lowering_detail

template <auto Function> consteval Lowering Lower(std::string_view schema) {
  const lowering_detail::Masks masks = lowering_detail::Row<decltype(Function)>::Check(schema);
  return {{sizeof(fl_lowering),
           0,
           kOnnxOpset,
           0,
           0,
           0,
           masks.no_effect,
           masks.unused,
           ToAbi(schema),
           {},
           lowering_detail::Thunk<Function>}};
}

}  // namespace sdk_v1
}  // namespace fairlead
