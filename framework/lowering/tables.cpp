// fl.aten/1 and fl.build/1 as plugins see them: every count, string and handle is checked, nothing throws.
#include <algorithm>

#include "base/utf8.hpp"
#include "lowering/driver.hpp"

namespace fairlead {
namespace {

constexpr uint64_t kMaximalInputs = 1 << 16;
constexpr uint64_t kMaximalOutputs = 1 << 16;
constexpr uint64_t kMaximalAttributes = 256;
constexpr uint64_t kMaximalList = uint64_t{1} << 24;
constexpr int64_t kMaximalRank = 64;

constexpr uint64_t kMaximalText = 4096;
constexpr std::size_t kMaximalDepth = 64;

Status Malformed(std::string_view what) { return Error("FL2012", "malformed call: {}", what); }

// A name: bounded, and UTF-8, which protobuf would insist on later.
Result<std::string_view> ReadName(fl_str text, std::string_view what) {
  if (text.data == nullptr) return std::string_view();
  if (text.size > kMaximalText)
    return Malformed(fmt::format("{} has {} bytes, the limit is {}", what, text.size, kMaximalText));
  const std::string_view name(text.data, text.size);
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t length = Utf8SequenceLength(name.substr(at));
    if (length == 0) return Malformed(fmt::format("{} is not UTF-8: {}", what, Printable(name)));
    at += length;
  }
  return name;
}

// A list a plugin hands over: null only when empty, and bounded.
template <class T>
Result<std::span<const T>> List(const void* data, uint64_t count, uint64_t limit, std::string_view what) {
  if (count > limit) return Malformed(fmt::format("{} has {} elements, the limit is {}", what, count, limit));
  if (count > 0 && data == nullptr) return Malformed(fmt::format("{} is null and has {} elements", what, count));
  return std::span<const T>(static_cast<const T*>(data), count);
}

Result<Tensor> ReadConstant(const fl_constant* c) {
  if (c == nullptr || c->size < sizeof(fl_constant)) return Malformed("constant has no size");
  FL_ASSIGN_OR_RETURN(const auto dims, List<int64_t>(c->dims, c->rank, kMaximalRank, "dims of a constant"));
  const auto dtype = static_cast<DType>(c->dtype);
  if (c->dtype <= 0 || BitWidth(dtype) == 0) return Malformed(fmt::format("a constant has data type {}", c->dtype));
  int64_t count = 1;
  for (const int64_t dim : dims)
    if (dim < 0 || __builtin_mul_overflow(count, dim, &count)) return Malformed("dims of a constant are out of range");
  if (ByteSize(dtype, static_cast<uint64_t>(count)) != c->nbytes)
    return Malformed(fmt::format("a constant of {} elements of {} has {} bytes", count, Name(dtype), c->nbytes));
  FL_ASSIGN_OR_RETURN(const auto bytes, List<std::byte>(c->data, c->nbytes, uint64_t{1} << 31, "data of a constant"));
  return Tensor::Owned(dtype, {dims.begin(), dims.end()}, {bytes.begin(), bytes.end()});
}

}  // namespace

// Reads what a plugin hands over.
struct BuildTable {
  static Driver& DriverOf(fl_ctx* ctx) { return LoweringContext::From(ctx).driver(); }
  static Target& TargetOf(fl_ctx* ctx) { return DriverOf(ctx).target(); }

  static Result<AttributeValue> ReadAttribute(Driver& driver, const fl_attr& a) {
    switch (a.kind) {
      case FL_ATTR_INT: return AttributeValue(a.i);
      case FL_ATTR_FLOAT: return AttributeValue(static_cast<double>(static_cast<float>(a.f)));
      case FL_ATTR_STRING: {
        FL_ASSIGN_OR_RETURN(const auto text, List<char>(a.data, a.count, kMaximalList, "a string attribute"));
        return AttributeValue(std::string(text.begin(), text.end()));
      }
      case FL_ATTR_INTS: {
        FL_ASSIGN_OR_RETURN(const auto items, List<int64_t>(a.data, a.count, kMaximalList, "an integer list"));
        return AttributeValue(std::vector<int64_t>(items.begin(), items.end()));
      }
      case FL_ATTR_FLOATS: {
        FL_ASSIGN_OR_RETURN(const auto items, List<double>(a.data, a.count, kMaximalList, "a float list"));
        std::vector<double> rounded;
        for (const double item : items) rounded.push_back(static_cast<float>(item));
        return AttributeValue(std::move(rounded));
      }
      case FL_ATTR_STRINGS: {
        FL_ASSIGN_OR_RETURN(const auto items, List<fl_str>(a.data, a.count, kMaximalList, "a string list"));
        std::vector<std::string> texts;
        for (const fl_str& item : items) {
          FL_ASSIGN_OR_RETURN(const auto text, List<char>(item.data, item.size, kMaximalList, "a string of a list"));
          texts.emplace_back(text.begin(), text.end());
        }
        return AttributeValue(std::move(texts));
      }
      case FL_ATTR_TENSOR: {
        FL_ASSIGN_OR_RETURN(Tensor tensor, ReadConstant(static_cast<const fl_constant*>(a.data)));
        return AttributeValue(std::move(tensor));
      }
      case FL_ATTR_GRAPH: {
        const auto* const graph = static_cast<const fl_graph*>(a.data);
        if (graph == nullptr || graph->id == 0 || graph->id > driver.closed_graphs_.size() ||
            !driver.closed_graphs_[graph->id - 1].graph)
          return Malformed("a graph attribute names no graph that was ended in this call");
        if (driver.closed_graphs_[graph->id - 1].around != driver.target_.current_frame())
          return Malformed("a graph attribute names a graph that was begun in another one than its node");
        return AttributeValue(std::exchange(driver.closed_graphs_[graph->id - 1].graph, nullptr));
      }
      default: return Malformed(fmt::format("attribute kind {}", a.kind));
    }
  }

  static Result<Node> ReadNode(Driver& driver, const fl_emit& emit) {
    FL_ASSIGN_OR_RETURN(const std::string_view op, ReadName(emit.op, "the name of an operator"));
    if (op.empty()) return Malformed("an operator without a name");
    FL_ASSIGN_OR_RETURN(std::string_view domain, ReadName(emit.domain, "a domain"));
    if (domain == "ai.onnx") domain = "";  // the long name of ONNX's own
    if (emit.n_outputs > kMaximalOutputs) return Malformed(fmt::format("{} outputs", emit.n_outputs));
    if (emit.n_attrs > kMaximalAttributes) return Malformed(fmt::format("{} attributes", emit.n_attrs));
    if (emit.n_attrs > 0 && (emit.attrs == nullptr || emit.attr_stride < sizeof(fl_attr)))
      return Malformed(fmt::format("attributes with stride {}", emit.attr_stride));
    Node node{.op = {std::string(domain), std::string(op), ""}};
    for (uint32_t i = 0; i < emit.n_attrs; ++i) {
      const auto& a = *reinterpret_cast<const fl_attr*>(reinterpret_cast<const char*>(emit.attrs) +
                                                        static_cast<std::size_t>(i) * emit.attr_stride);
      if (a.kind == FL_ATTR_UNSET) continue;
      FL_ASSIGN_OR_RETURN(AttributeValue value, ReadAttribute(driver, a));
      FL_ASSIGN_OR_RETURN(const std::string_view name, ReadName(a.name, "the name of an attribute"));
      if (name.empty() || node.Find(name))
        return Malformed(fmt::format("{} has two attributes '{}', or one without a name", op, name));
      node.attributes.push_back({std::string(name), std::move(value)});
    }
    // Alphabetical, so that the bytes do not depend on how a lowering lists them.
    std::ranges::sort(node.attributes, {}, &Attribute::name);
    return node;
  }

  static Result<std::vector<TargetValue>> Resolved(Target& target, const fl_value* values, uint64_t count) {
    FL_ASSIGN_OR_RETURN(const auto handles, List<fl_value>(values, count, kMaximalInputs, "a list of values"));
    std::vector<TargetValue> resolved;
    for (const fl_value handle : handles) {
      FL_ASSIGN_OR_RETURN(const TargetValue value, target.Resolve(handle));
      resolved.push_back(value);
    }
    return resolved;
  }

  static Result<std::vector<TargetValue>> Emit(fl_ctx* ctx, const fl_emit* emit) {
    if (emit == nullptr || emit->size < sizeof(fl_emit)) return Malformed("emit has no size");
    LoweringContext& context = LoweringContext::From(ctx);
    Driver& driver = context.driver();
    FL_ASSIGN_OR_RETURN(const auto inputs, Resolved(driver.target_, emit->inputs, emit->n_inputs));
    FL_ASSIGN_OR_RETURN(Node node, ReadNode(driver, *emit));
    return driver.target_.Emit(std::move(node), inputs, emit->n_outputs, context.row().authored);
  }

  static Result<Type> ReadType(const fl_type& type, const fl_dim* dims) {
    const auto dtype = static_cast<DType>(type.dtype);
    if (type.dtype <= 0 || Name(dtype) == "undefined") return Malformed(fmt::format("a type has data type {}", type.dtype));
    if (type.rank < 0 || dims == nullptr) {
      if (type.rank == 0) return Type(dtype, Dims{});
      return Type(dtype, std::nullopt);
    }
    if (type.rank > kMaximalRank) return Malformed(fmt::format("a type has rank {}", type.rank));
    Dims read;
    for (int64_t i = 0; i < type.rank; ++i) read.push_back(dims[i].size >= 0 ? Dim(dims[i].size) : Dim());
    return Type(dtype, std::move(read));
  }
};

namespace {

// Sizes that a plugin states are asked of the allocator; what that throws ends here.
template <class Function> Status Tried(Function function) {
  try {
    return function();
  } catch (const std::exception& exception) {
    return Malformed(exception.what());
  }
}

// Runs what may fail and turns its Status into the context's message. `outs`: where results go; none may be null.
template <class Function> fl_status Answer(fl_ctx* ctx, std::initializer_list<const void*> outs, Function function) {
  LoweringContext* const context = CallContext::Find<LoweringContext>(ctx);
  if (context == nullptr) return CallContext::WrongContext(ctx, "fl.aten/1 and fl.build/1 serve lowerings");
  const bool null = std::ranges::find(outs, nullptr) != outs.end();
  const Status status = null ? Malformed("the pointer to a result is null") : Tried(function);
  return status.ok() ? FL_OK : context->Refuse(status);
}

// A list to be filled with `count` results.
Status CheckRoom(const void* out, uint64_t count) {
  return out != nullptr || count == 0 ? Ok() : Malformed(fmt::format("the pointer to {} results is null", count));
}

// A struct to be filled, whose size the plugin states.
template <class T> Status CheckSize(const T* out, std::string_view what) {
  return out->size >= sizeof(T) ? Ok() : Malformed(fmt::format("{} has size {}, wanted {}", what, out->size, sizeof(T)));
}

fl_type TypeToAbi(const Type& type, uint32_t size) {
  const bool tensor = type.IsTensor();
  return {size, tensor ? static_cast<int32_t>(type.dtype) : 0, tensor ? type.rank() : -1, type.wrapped_number, 0};
}

void DimsToAbi(const Type& type, fl_dim* out, uint64_t capacity) {
  for (std::size_t i = 0; out != nullptr && type.dims && i < type.dims->size() && i < capacity; ++i)
    out[i] = {(*type.dims)[i].size(), {0}};
}

Result<TargetValue> ResolvePresent(fl_ctx* ctx, fl_value handle) {
  FL_ASSIGN_OR_RETURN(const TargetValue value, BuildTable::TargetOf(ctx).Resolve(handle));
  if (!value) return Malformed("a value is absent");
  return value;
}

// ---- fl.aten/1

fl_status AtenArg(fl_ctx* ctx, fl_node, fl_str name, fl_arg* out) {
  std::optional<std::string> unknown;
  const fl_status status = Answer(ctx, {out}, [&]() -> Status {
    FL_RETURN_IF_ERROR(CheckSize(out, "an argument"));
    FL_ASSIGN_OR_RETURN(const std::string_view parameter, ReadName(name, "the name of an argument"));
    CallSite& site = LoweringContext::From(ctx).site();
    if (!site.schema().Find(parameter)) {
      unknown = fmt::format("{} has no parameter {}", ToString(site.schema().op), parameter);
      return Ok();
    }
    fl_arg read = {};
    read.size = out->size;
    FL_RETURN_IF_ERROR(site.Read(parameter, BuildTable::TargetOf(ctx), &read));
    *out = read;
    return Ok();
  });
  return unknown ? LoweringContext::From(ctx).Fail(FL_NOT_FOUND, *unknown) : status;
}

fl_status AtenSchemaText(fl_ctx* ctx, fl_node, fl_str* out) {
  return Answer(ctx, {out}, [&]() -> Status {
    const std::string& text = LoweringContext::From(ctx).site().schema().text;
    *out = {text.data(), text.size()};
    return Ok();
  });
}

fl_status AtenResultCount(fl_ctx* ctx, fl_node, uint64_t* out) {
  return Answer(ctx, {out}, [&]() -> Status {
    *out = LoweringContext::From(ctx).site().result_count();
    return Ok();
  });
}

fl_status AtenResultUsed(fl_ctx* ctx, fl_node, uint64_t index, int32_t* out) {
  return Answer(ctx, {out}, [&]() -> Status {
    const CallSite& site = LoweringContext::From(ctx).site();
    if (index >= site.result_count()) return Malformed(fmt::format("result {} of {}", index, site.result_count()));
    *out = BuildTable::DriverOf(ctx).IsUsed(site, index);
    return Ok();
  });
}

// ---- fl.build/1

fl_status BuildEmit(fl_ctx* ctx, const fl_emit* emit, fl_value* outputs) {
  return Answer(ctx, {}, [&]() -> Status {
    FL_ASSIGN_OR_RETURN(const std::vector<TargetValue> values, BuildTable::Emit(ctx, emit));
    FL_RETURN_IF_ERROR(CheckRoom(outputs, values.size()));
    for (std::size_t i = 0; i < values.size(); ++i) outputs[i] = BuildTable::TargetOf(ctx).Handle(values[i]);
    return Ok();
  });
}

fl_status BuildConstant(fl_ctx* ctx, const fl_constant* constant, fl_value* output) {
  return Answer(ctx, {output}, [&]() -> Status {
    FL_ASSIGN_OR_RETURN(const Tensor tensor, ReadConstant(constant));
    Target& target = BuildTable::TargetOf(ctx);
    *output = target.Handle(target.Constant(tensor));
    return Ok();
  });
}

fl_status BuildType(fl_ctx* ctx, fl_value handle, fl_type* out) {
  return Answer(ctx, {out}, [&]() -> Status {
    FL_RETURN_IF_ERROR(CheckSize(out, "a type"));
    FL_ASSIGN_OR_RETURN(const TargetValue value, ResolvePresent(ctx, handle));
    *out = TypeToAbi(BuildTable::TargetOf(ctx).TypeOf(value), out->size);
    return Ok();
  });
}

fl_status BuildDims(fl_ctx* ctx, fl_value handle, fl_dim* out, uint64_t capacity, uint64_t* total) {
  bool unknown = false;
  const fl_status status = Answer(ctx, {total}, [&]() -> Status {
    FL_ASSIGN_OR_RETURN(const TargetValue value, ResolvePresent(ctx, handle));
    const Type& type = BuildTable::TargetOf(ctx).TypeOf(value);
    unknown = !type.dims;
    if (unknown) return Ok();
    DimsToAbi(type, out, capacity);
    *total = type.dims->size();
    return Ok();
  });
  return unknown ? LoweringContext::From(ctx).Fail(FL_FAILED_PRECONDITION, "the rank of the value is unknown") : status;
}

fl_status BuildDim(fl_ctx* ctx, fl_value handle, int64_t axis, fl_dim* out) {
  return Answer(ctx, {out}, [&]() -> Status {
    FL_ASSIGN_OR_RETURN(const TargetValue value, ResolvePresent(ctx, handle));
    FL_ASSIGN_OR_RETURN(*out, BuildTable::TargetOf(ctx).Size(value, axis));
    return Ok();
  });
}

Result<Dim> DimOf(fl_ctx* ctx, fl_value handle, int64_t axis) {
  FL_ASSIGN_OR_RETURN(const TargetValue value, ResolvePresent(ctx, handle));
  const Type& type = BuildTable::TargetOf(ctx).TypeOf(value);
  if (!type.dims) return Dim();
  if (axis < 0) axis += type.rank();
  if (axis < 0 || axis >= type.rank()) return Malformed(fmt::format("axis {} is outside of rank {}", axis, type.rank()));
  return (*type.dims)[static_cast<std::size_t>(axis)];
}

fl_status BuildSameDim(fl_ctx* ctx, fl_value a, int64_t axis_a, fl_value b, int64_t axis_b, int32_t* out) {
  return Answer(ctx, {out}, [&]() -> Status {
    FL_ASSIGN_OR_RETURN(const Dim x, DimOf(ctx, a, axis_a));
    FL_ASSIGN_OR_RETURN(const Dim y, DimOf(ctx, b, axis_b));
    *out = !x.IsUnknown() && x == y;
    return Ok();
  });
}

fl_status BuildShape(fl_ctx* ctx, const fl_dim* dims, uint64_t count, fl_value* output) {
  return Answer(ctx, {output}, [&]() -> Status {
    FL_ASSIGN_OR_RETURN(const auto list, List<fl_dim>(dims, count, kMaximalRank, "a shape"));
    Target& target = BuildTable::TargetOf(ctx);
    FL_ASSIGN_OR_RETURN(const TargetValue value, target.Shape(list));
    *output = target.Handle(value);
    return Ok();
  });
}

fl_status BuildConstantData(fl_ctx* ctx, fl_value handle, const void** data, uint64_t* nbytes) {
  const Tensor* tensor = nullptr;
  const fl_status status = Answer(ctx, {data, nbytes}, [&]() -> Status {
    FL_ASSIGN_OR_RETURN(const TargetValue value, ResolvePresent(ctx, handle));
    tensor = BuildTable::TargetOf(ctx).FindConstant(value.frame, value.value);
    return Ok();
  });
  if (status != FL_OK) return status;
  // Not being a constant is an answer, not a failure of the call.
  if (tensor == nullptr || tensor->IsAbsent() || !tensor->IsDense() || tensor->dense_size() > 65536) return FL_NOT_FOUND;
  *data = tensor->bytes().data();
  *nbytes = tensor->bytes().size();
  return FL_OK;
}

fl_status BuildResultType(fl_ctx* ctx, uint64_t index, fl_type* out, fl_dim* dims, uint64_t capacity) {
  return Answer(ctx, {out}, [&]() -> Status {
    FL_RETURN_IF_ERROR(CheckSize(out, "a type"));
    const CallSite& site = LoweringContext::From(ctx).site();
    if (index >= site.result_count()) return Malformed(fmt::format("result {} of {}", index, site.result_count()));
    *out = TypeToAbi(site.result_type(index), out->size);
    DimsToAbi(site.result_type(index), dims, capacity);
    return Ok();
  });
}

fl_status BuildAten(fl_ctx* ctx, const fl_aten_call* call, fl_value* results) {
  return Answer(ctx, {}, [&]() -> Status {
    if (call == nullptr || call->size < sizeof(fl_aten_call) || call->n_results > kMaximalOutputs ||
        call->n_args > kMaximalAttributes || (call->n_args > 0 && (!call->args || call->arg_stride < sizeof(fl_aten_arg))))
      return Malformed("aten");
    LoweringContext& context = LoweringContext::From(ctx);
    FL_ASSIGN_OR_RETURN(const auto values, context.driver().LowerRequested(*call, context.location()));
    if (values.size() != call->n_results)
      return Malformed(fmt::format("the operator has {} results, {} were asked for", values.size(), call->n_results));
    FL_RETURN_IF_ERROR(CheckRoom(results, values.size()));
    for (std::size_t i = 0; i < values.size(); ++i) results[i] = context.driver().target().Handle(values[i]);
    return Ok();
  });
}

fl_status BuildResults(fl_ctx* ctx, const fl_value* values, uint64_t count) {
  return Answer(ctx, {}, [&]() -> Status {
    LoweringContext& context = LoweringContext::From(ctx);
    if (context.results_given) return Malformed("results were given twice");
    FL_ASSIGN_OR_RETURN(context.results, BuildTable::Resolved(context.driver().target(), values, count));
    context.results_given = true;
    return Ok();
  });
}

fl_status BuildSubgraphBegin(fl_ctx* ctx, const fl_type* types, const fl_dim* const* dims, uint64_t n, fl_value* formals) {
  return Answer(ctx, {}, [&]() -> Status {
    FL_RETURN_IF_ERROR(CheckRoom(formals, n));
    if (BuildTable::TargetOf(ctx).depth() >= kMaximalDepth || BuildTable::TargetOf(ctx).IsFull())
      return Malformed("graphs are nested more than 64 deep, or there are more than 65,000 in a call");
    FL_ASSIGN_OR_RETURN(const auto list, List<fl_type>(types, n, kMaximalInputs, "inputs of a nested graph"));
    std::vector<Type> read;
    for (std::size_t i = 0; i < list.size(); ++i) {
      FL_ASSIGN_OR_RETURN(Type type, BuildTable::ReadType(list[i], dims ? dims[i] : nullptr));
      read.push_back(std::move(type));
    }
    Target& target = BuildTable::TargetOf(ctx);
    const std::vector<TargetValue> values = target.OpenGraph(read);
    for (std::size_t i = 0; i < values.size(); ++i) formals[i] = target.Handle(values[i]);
    return Ok();
  });
}

fl_status BuildSubgraphEnd(fl_ctx* ctx, const fl_value* outputs, uint64_t n, fl_graph* out) {
  return Answer(ctx, {out}, [&]() -> Status {
    Driver& driver = BuildTable::DriverOf(ctx);
    if (driver.target().current_frame() == LoweringContext::From(ctx).entry_frame())
      return Malformed("subgraph_end without subgraph_begin");
    FL_ASSIGN_OR_RETURN(const auto values, BuildTable::Resolved(driver.target(), outputs, n));
    for (const TargetValue& value : values)
      if (!value) return Malformed("an output of a nested graph is absent");
    *out = {driver.KeepGraph(driver.target().CloseGraph(values))};
    return Ok();
  });
}

fl_status BuildLowerSubgraph(fl_ctx* ctx, fl_graph handle, const fl_value* inputs, uint64_t n_inputs, fl_value* outputs,
                             uint64_t capacity, uint64_t* n_outputs) {
  return Answer(ctx, {n_outputs}, [&]() -> Status {
    FL_RETURN_IF_ERROR(CheckRoom(outputs, capacity));
    LoweringContext& context = LoweringContext::From(ctx);
    const Graph* const graph = context.site().FindSubgraph(handle);
    if (graph == nullptr) return Malformed("the graph is not an argument of this node");
    Target& target = context.driver().target();
    FL_ASSIGN_OR_RETURN(const auto values, BuildTable::Resolved(target, inputs, n_inputs));
    if (graph->outputs().size() > capacity)
      return Malformed(fmt::format("the graph has {} outputs, room is for {}", graph->outputs().size(), capacity));
    FL_ASSIGN_OR_RETURN(const auto results, context.driver().LowerSubgraph(*graph, values));
    *n_outputs = results.size();
    for (std::size_t i = 0; i < results.size(); ++i) outputs[i] = target.Handle(results[i]);
    return Ok();
  });
}

fl_status BuildOpset(fl_ctx* ctx, uint32_t* out) {
  return Answer(ctx, {out}, [&]() -> Status {
    *out = static_cast<uint32_t>(BuildTable::TargetOf(ctx).opset());
    return Ok();
  });
}

fl_status BuildSubgraphInputs(fl_ctx* ctx, fl_graph handle, fl_type* types, uint64_t capacity, uint64_t* total) {
  return Answer(ctx, {total}, [&]() -> Status {
    const Graph* const graph = LoweringContext::From(ctx).site().FindSubgraph(handle);
    if (graph == nullptr) return Malformed("the graph is not an argument of this node");
    *total = graph->inputs().size();
    for (std::size_t i = 0; types != nullptr && i < graph->inputs().size() && i < capacity; ++i)
      types[i] = TypeToAbi(OnnxType(graph->value(graph->inputs()[i]).type), sizeof(fl_type));
    return Ok();
  });
}

fl_status BuildAdoptResultType(fl_ctx* ctx, fl_value handle, uint64_t index) {
  return Answer(ctx, {}, [&]() -> Status {
    FL_ASSIGN_OR_RETURN(const TargetValue value, ResolvePresent(ctx, handle));
    const CallSite& site = LoweringContext::From(ctx).site();
    if (index >= site.result_count()) return Malformed(fmt::format("result {} of {}", index, site.result_count()));
    const Type& recorded = site.result_type(index);
    // A value that was there before would keep the sizes when the call is rolled back.
    const Target::Mark& mark = LoweringContext::From(ctx).mark();
    if (value.frame < mark.frame || (value.frame == mark.frame && value.value < mark.graph.values)) return Ok();
    Type& type = BuildTable::TargetOf(ctx).graph(value.frame).value(value.value).type;
    if (recorded.dims && (!type.dims || type.rank() == recorded.rank())) type = Type(type.dtype, recorded.dims);
    return Ok();
  });
}

constexpr fl_aten kAten = {sizeof(fl_aten), 0, AtenArg, AtenSchemaText, AtenResultCount, AtenResultUsed};
constexpr fl_build kBuild = {sizeof(fl_build),   0,          BuildEmit,           BuildConstant,       BuildType,
                             BuildDims,          BuildDim,   BuildSameDim,        BuildShape,          BuildConstantData,
                             BuildResultType,    BuildAten,  BuildResults,        BuildSubgraphBegin,  BuildSubgraphEnd,
                             BuildLowerSubgraph, BuildOpset, BuildSubgraphInputs, BuildAdoptResultType};

}  // namespace

HostTables LoweringTables() {
  HostTables tables;
  tables.aten = &kAten;
  tables.build = &kBuild;
  return tables;
}

}  // namespace fairlead
