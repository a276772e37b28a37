// Builder's nested graphs and calls of other ATen operators. Included by builder.hpp, which says what they do.
#pragma once

#include <fairlead/sdk/builder.hpp>

namespace fairlead {
inline namespace sdk_v1 {

template <class Body> fl_graph Builder::Graph(const std::vector<Formal>& formals, Body body) {
  std::vector<fl_type> types;
  std::vector<std::vector<fl_dim>> sizes;
  for (const Formal& formal : formals) {
    const auto rank = formal.dims ? static_cast<int64_t>(formal.dims->size()) : -1;
    types.push_back({sizeof(fl_type), static_cast<int32_t>(formal.dtype), rank, 0, 0});
    sizes.emplace_back();
    for (const Dim& dim : formal.dims.value_or(Dims())) sizes.back().push_back({dim.IsStatic() ? dim.size : -1, {0}});
  }
  static constexpr fl_dim kNoSize = {0, {0}};  // a scalar has dims, but none to point at
  std::vector<const fl_dim*> dims;
  for (std::size_t i = 0; i < formals.size(); ++i)
    dims.push_back(!formals[i].dims ? nullptr : sizes[i].empty() ? &kNoSize : sizes[i].data());

  fl_graph out = {0};
  std::vector<fl_value> handles(formals.size());
  if (status() != FL_OK) return out;
  if (!Succeeded(call_.build->subgraph_begin(call_.ctx, types.data(), dims.data(), formals.size(), handles.data()),
                 "subgraph"))
    return out;
  const std::vector<Value> inputs = Values(this, handles).ToVector();
  const std::vector<Value> results = body(std::span<const Value>(inputs));
  if (status() != FL_OK) return out;
  const Inputs outputs(results);
  Succeeded(call_.build->subgraph_end(call_.ctx, outputs.handles().data(), outputs.handles().size(), &out), "subgraph");
  return out;
}

template <class Then, class Else> std::vector<Value> Builder::If(Value condition, Then then_branch, Else else_branch) {
  std::size_t count = 0, other_count = 0;
  const auto branch = [&](auto& body, std::size_t& size) {
    return Graph({}, [&](std::span<const Value>) {
      std::vector<Value> results = body();
      size = results.size();
      return results;
    });
  };
  const fl_graph then_graph = branch(then_branch, count), else_graph = branch(else_branch, other_count);
  if (count != other_count) Unsupported("the branches return {} and {} values", count, other_count);
  StopIfFailed();
  return OnnxOps::If(condition, {.else_branch = else_graph, .then_branch = then_graph}, count);
}

template <class Body>
std::vector<Value> Builder::Loop(Value trips, Value condition, const std::vector<Value>& initial, Body body,
                                 std::vector<Formal> formals) {
  if (formals.empty())
    for (const Value& state : initial) formals.push_back(FormalOf(state));
  formals.insert(formals.begin(), {{DType::kInt64, Dims()}, {DType::kBool, Dims()}});
  std::size_t outputs = 0;
  const fl_graph graph = Graph(formals, [&](std::span<const Value> inputs) {
    LoopStep step = body(inputs[0], inputs[1], inputs.subspan(2));
    if (!step.condition) step.condition = Identity(inputs[1]);
    outputs = step.states.size() + step.scans.size();
    std::vector<Value> results = {step.condition};
    results.insert(results.end(), step.states.begin(), step.states.end());
    results.insert(results.end(), step.scans.begin(), step.scans.end());
    return results;
  });
  StopIfFailed();
  return OnnxOps::Loop(trips, condition, initial, {.body = graph}, outputs);
}

inline std::vector<Value> Builder::Lower(Subgraph graph, const std::vector<Value>& inputs) {
  constexpr std::size_t kMostResults = 4096;
  StopIfFailed();
  const Inputs given(inputs);
  std::vector<fl_value> results(kMostResults);
  uint64_t count = 0;
  const fl_status lowered = call_.build->lower_subgraph(call_.ctx, graph.handle(), given.handles().data(),
                                                        given.handles().size(), results.data(), results.size(), &count);
  if (Succeeded(lowered, "nested graph") && count > kMostResults) Unsupported("a nested graph has {} results", count);
  StopIfFailed();
  return Values(this, std::span<const fl_value>(results).first(count)).ToVector();
}

inline std::vector<Formal> Builder::InputsOf(Subgraph graph) {
  uint64_t count = 0;
  if (!Succeeded(call_.build->subgraph_inputs(call_.ctx, graph.handle(), nullptr, 0, &count), "nested graph")) return {};
  std::vector<fl_type> types(count, fl_type{sizeof(fl_type), 0, -1, 0, 0});
  if (!Succeeded(call_.build->subgraph_inputs(call_.ctx, graph.handle(), types.data(), count, &count), "nested graph"))
    return {};
  std::vector<Formal> out;
  for (const fl_type& type : types) {
    Formal formal{static_cast<DType>(type.dtype)};
    if (type.rank >= 0) formal.dims.emplace(static_cast<std::size_t>(type.rank), Dim(-1));
    out.push_back(std::move(formal));
  }
  return out;
}

// ---- another ATen operator ----

inline AtenArgument::AtenArgument(std::string_view name, const Scalar& v) : AtenArgument(FL_ARG_NONE, name) {
  if (!v.IsStatic()) {
    arg_.kind = FL_ARG_VALUE, arg_.value = v.symbol().handle();
  } else if (IsComplex(v.dtype())) {
    arg_.kind = FL_ARG_COMPLEX, arg_.f64 = v.AsComplex().real(), arg_.f64_imag = v.AsComplex().imag();
  } else if (IsFloat(v.dtype())) {
    arg_.kind = FL_ARG_F64, arg_.f64 = v.AsDouble();
  } else {
    arg_.kind = v.dtype() == DType::kBool ? FL_ARG_BOOL : FL_ARG_I64, arg_.i64 = v.AsInt();
  }
}

inline AtenArgument::AtenArgument(std::string_view name, const Dim& v)
    : AtenArgument(v.IsStatic() ? FL_ARG_I64 : FL_ARG_DIM, name) {
  arg_.i64 = v.size, arg_.value = v.symbol.handle();
}

inline AtenArgument::AtenArgument(std::string_view name, const Dims& v) : AtenArgument(FL_ARG_DIMS, name) {
  for (const Dim& dim : v) dims_.push_back({dim.size, dim.symbol.handle()});
}

inline fl_aten_arg AtenArgument::ToAbiArgument() const {
  fl_aten_arg out = {sizeof(fl_aten_arg), 0, ToAbi(name_), arg_};
  if (arg_.kind == FL_ARG_VALUES) out.value.data = values_.data(), out.value.count = values_.size();
  if (arg_.kind == FL_ARG_DIMS) out.value.data = dims_.data(), out.value.count = dims_.size();
  return out;
}

inline std::vector<Value> Builder::Aten(std::string_view op, std::initializer_list<AtenArgument> arguments,
                                        std::size_t results) {
  std::vector<fl_aten_arg> args;
  for (const AtenArgument& argument : arguments) args.push_back(argument.ToAbiArgument());
  std::vector<Value> out(results, Invalid());
  if (status() != FL_OK) return out;
  const fl_aten_call call = {sizeof(fl_aten_call), 0,      ToAbi(op), args.data(), static_cast<uint32_t>(args.size()),
                             sizeof(fl_aten_arg),  results};
  std::vector<fl_value> handles(results);
  if (!Succeeded(call_.build->aten(call_.ctx, &call, handles.data()), op)) return out;
  return Values(this, handles).ToVector();
}

inline Value Builder::Aten(std::string_view op, std::initializer_list<AtenArgument> arguments) {
  return Aten(op, arguments, 1)[0];
}

}  // namespace sdk_v1
}  // namespace fairlead
