#include "mock_host.hpp"

#include <algorithm>
#include <cstring>

namespace fairlead::sdk_test {
namespace {

std::string Str(fl_str text) { return std::string(FromAbi(text)); }

template <class T> std::string Bracketed(const void* data, uint64_t count) {
  std::string out;
  AppendTo(out, std::span(static_cast<const T*>(data), count));
  return out;
}

std::string NumberText(std::span<const std::byte> bytes, DType dtype) {
  const std::optional<Scalar> number = Decode(bytes, dtype);
  if (!number) return "?";
  if (dtype == DType::kBool) return number->IsZero() ? "false" : "true";
  return IsFloat(dtype) ? Format("{}", number->AsDouble()) : Format("{}", number->AsInt());
}

std::string ConstantText(const fl_constant& c) {
  const auto dtype = static_cast<DType>(c.dtype);
  const std::span bytes(static_cast<const std::byte*>(c.data), c.nbytes);
  const std::size_t width = static_cast<std::size_t>(BitWidth(dtype)) / 8;
  if (c.rank == 0) return NumberText(bytes, dtype);
  std::string out = "[";
  for (std::size_t at = 0; at < bytes.size(); at += width)
    (out += at ? ", " : "") += NumberText(bytes.subspan(at, width), dtype);
  return out += "]";
}

template <class T> const T& At(const T* first, std::size_t stride, std::size_t i) {
  return *reinterpret_cast<const T*>(reinterpret_cast<const char*>(first) + i * stride);
}

}  // namespace

// The C tables; `ctx` is the host.
struct MockHost::Tables {
  static MockHost& From(fl_ctx* ctx) { return *reinterpret_cast<MockHost*>(ctx); }

  static fl_status Fail(fl_ctx* ctx, fl_status status, fl_str message) {
    if (From(ctx).error_.empty()) From(ctx).error_ = FromAbi(message);
    return status;
  }
  static fl_status LastError(fl_ctx* ctx, fl_str* out) { return *out = ToAbi(From(ctx).last_error_), FL_OK; }

  static fl_status Arg(fl_ctx* ctx, fl_node, fl_str name, fl_arg* out) {
    MockHost& host = From(ctx);
    for (const Stored& stored : host.arguments_)
      if (stored.name == FromAbi(name)) return host.read_.push_back(stored.name), *out = stored.arg, FL_OK;
    return host.last_error_ = "no such argument", FL_NOT_FOUND;
  }

  static const Known& Of(fl_ctx* ctx, fl_value value) { return From(ctx).values_[value.id]; }
  static fl_status Type(fl_ctx* ctx, fl_value value, fl_type* out) {
    const Tensor& type = Of(ctx, value).type;
    *out = {sizeof(fl_type), static_cast<int32_t>(type.dtype), std::ssize(type.sizes), type.wrapped, 0};
    return FL_OK;
  }
  static fl_status Dims(fl_ctx* ctx, fl_value value, fl_dim* out, uint64_t capacity, uint64_t* total) {
    const Tensor& type = Of(ctx, value).type;
    for (std::size_t i = 0; i < std::min<std::size_t>(capacity, type.sizes.size()); ++i) out[i] = {type.sizes[i], {0}};
    return *total = type.sizes.size(), FL_OK;
  }
  static fl_status Dim(fl_ctx* ctx, fl_value value, int64_t axis, fl_dim* out) {
    const Tensor type = Of(ctx, value).type;
    const auto at = static_cast<std::size_t>(NormalizeAxis(axis, std::ssize(type.sizes)));
    if (type.sizes[at] >= 0) return *out = {type.sizes[at], {0}}, FL_OK;
    *out = {-1, From(ctx).NewValue({Format("{}.{}", type.name, at), DType::kInt64, {}})};
    return FL_OK;
  }
  static fl_status SameDim(fl_ctx*, fl_value a, int64_t axis_a, fl_value b, int64_t axis_b, int32_t* out) {
    return *out = a.id == b.id && axis_a == axis_b, FL_OK;
  }
  static fl_status Shape(fl_ctx* ctx, const fl_dim* dims, uint64_t count, fl_value* out) {
    MockHost& host = From(ctx);
    std::string text;
    for (uint64_t i = 0; i < count; ++i) {
      const std::string item = dims[i].symbol.id ? host.values_[dims[i].symbol.id].type.name : Format("{}", dims[i].size);
      (text += i ? ", " : "") += item;
    }
    *out = host.NewValue({"[" + text + "]", DType::kInt64, {static_cast<int64_t>(count)}});
    return FL_OK;
  }
  static fl_status ConstantData(fl_ctx* ctx, fl_value value, const void** data, uint64_t* size) {
    const Known& known = Of(ctx, value);
    if (known.data.empty()) return FL_NOT_FOUND;
    return *data = known.data.data(), *size = known.data.size(), FL_OK;
  }
  static fl_status ResultType(fl_ctx* ctx, uint64_t, fl_type* out, fl_dim* dims, uint64_t capacity) {
    const Tensor& type = From(ctx).recorded;
    *out = {sizeof(fl_type), static_cast<int32_t>(type.dtype), std::ssize(type.sizes), 0, 0};
    for (std::size_t i = 0; i < std::min<std::size_t>(capacity, type.sizes.size()); ++i) dims[i] = {type.sizes[i], {0}};
    return FL_OK;
  }
  static fl_status Aten(fl_ctx* ctx, const fl_aten_call* call, fl_value* results) {
    MockHost& host = From(ctx);
    std::string text = Str(call->op) + "(";
    for (uint32_t i = 0; i < call->n_args; ++i) {
      const auto& argument = At(call->args, call->arg_stride, i);
      (text += i ? ", " : "") += Str(argument.name) + Format(":{}", argument.value.kind);
      if (argument.value.kind == FL_ARG_DIMS) text += Format("x{}", argument.value.count);
    }
    host.calls_.push_back(text + ")");
    for (uint64_t i = 0; i < call->n_results; ++i) results[i] = host.NewValue({Format("r{}", i), DType::kFloat, {}});
    return FL_OK;
  }
  static fl_status Results(fl_ctx* ctx, const fl_value* values, uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) From(ctx).results_.push_back(values[i].id);
    return FL_OK;
  }
  static fl_status SubgraphBegin(fl_ctx* ctx, const fl_type* types, const fl_dim* const* dims, uint64_t n,
                                 fl_value* formals) {
    for (uint64_t i = 0; i < n; ++i) {
      Tensor type{Format("f{}", i), static_cast<DType>(types[i].dtype), {}};
      for (int64_t axis = 0; dims[i] != nullptr && axis < types[i].rank; ++axis) type.sizes.push_back(dims[i][axis].size);
      formals[i] = From(ctx).NewValue(type);
    }
    return FL_OK;
  }
  static fl_status SubgraphEnd(fl_ctx* ctx, const fl_value* outputs, uint64_t n, fl_graph* out) {
    MockHost& host = From(ctx);
    std::vector<uint64_t> ids;
    for (uint64_t i = 0; i < n; ++i) ids.push_back(outputs[i].id);
    host.graphs_.push_back(host.GraphText(ids, {}));
    return *out = {host.graphs_.size()}, FL_OK;
  }
  static fl_status LowerSubgraph(fl_ctx*, fl_graph, const fl_value*, uint64_t, fl_value*, uint64_t, uint64_t*) {
    return FL_UNIMPLEMENTED;
  }
  static fl_status Opset(fl_ctx* ctx, uint32_t* out) { return *out = static_cast<uint32_t>(From(ctx).opset_), FL_OK; }
  static fl_status SubgraphInputs(fl_ctx*, fl_graph, fl_type*, uint64_t, uint64_t*) { return FL_UNIMPLEMENTED; }
  static fl_status Adopt(fl_ctx*, fl_value, uint64_t) { return FL_OK; }
};

MockHost::MockHost(std::vector<Argument> arguments, int opset) : opset_(opset), arguments_(arguments.size()) {
  for (std::size_t i = 0; i < arguments.size(); ++i) Store(arguments[i], arguments_[i]);
}

fl_value MockHost::NewValue(Tensor type, int64_t node) {
  values_.push_back({std::move(type), node, {}});
  return {values_.size() - 1};
}

void MockHost::Store(const Argument& argument, Stored& out) {
  out.name = argument.name;
  fl_arg& arg = out.arg = {};
  arg.size = sizeof arg;
  struct Visitor {
    MockHost& host;
    Stored& out;
    fl_arg& arg;
    void operator()(None) { arg.kind = FL_ARG_NONE; }
    void operator()(const Tensor& t) { arg.kind = FL_ARG_VALUE, arg.value = host.NewValue(t); }
    void operator()(const std::vector<Tensor>& ts) {
      for (const Tensor& t : ts) out.values.push_back(host.NewValue(t));
      arg.kind = FL_ARG_VALUES, arg.data = out.values.data(), arg.count = out.values.size();
    }
    void operator()(bool v) { arg.kind = FL_ARG_BOOL, arg.i64 = v; }
    void operator()(int64_t v) { arg.kind = FL_ARG_I64, arg.i64 = v; }
    void operator()(double v) { arg.kind = FL_ARG_F64, arg.f64 = v; }
    void operator()(std::complex<double> v) { arg.kind = FL_ARG_COMPLEX, arg.f64 = v.real(), arg.f64_imag = v.imag(); }
    void operator()(const std::string& v) {
      out.text = v;
      arg.kind = FL_ARG_STR, arg.data = out.text.data(), arg.count = v.size();
    }
    void operator()(const std::vector<int64_t>& v) {
      out.ints = v;
      arg.kind = FL_ARG_I64S, arg.data = out.ints.data(), arg.count = v.size();
    }
    void operator()(DType v) { arg.kind = FL_ARG_DTYPE, arg.i64 = static_cast<int64_t>(v); }
    void operator()(const Symbol& v) { arg.kind = FL_ARG_DIM, arg.value = host.NewValue({v.name, DType::kInt64, {}}); }
    void operator()(const SymInts& v) {
      for (const auto& item : v) {
        if (const auto* size = std::get_if<int64_t>(&item)) out.dims.push_back({*size, {0}});
        if (const auto* symbol = std::get_if<Symbol>(&item))
          out.dims.push_back({-1, host.NewValue({symbol->name, DType::kInt64, {}})});
      }
      arg.kind = FL_ARG_DIMS, arg.data = out.dims.data(), arg.count = out.dims.size();
    }
  };
  std::visit(Visitor{*this, out, arg}, argument.value);
}

std::string MockHost::Attributes(const fl_emit& node) const {
  std::string out;
  for (uint32_t i = 0; i < node.n_attrs; ++i) {
    const fl_attr& a = At(node.attrs, node.attr_stride, i);
    if (a.kind == FL_ATTR_UNSET) continue;
    (out += out.empty() ? "" : ", ") += Str(a.name) + "=";
    switch (a.kind) {
      case FL_ATTR_INT: AppendTo(out, a.i); break;
      case FL_ATTR_FLOAT: AppendTo(out, static_cast<float>(a.f)); break;
      case FL_ATTR_STRING: out += '"' + std::string(static_cast<const char*>(a.data), a.count) + '"'; break;
      case FL_ATTR_INTS: out += Bracketed<int64_t>(a.data, a.count); break;
      case FL_ATTR_FLOATS: out += Bracketed<double>(a.data, a.count); break;
      case FL_ATTR_GRAPH: out += "{" + graphs_[static_cast<const fl_graph*>(a.data)->id - 1] + "}"; break;
      default: out += "?";
    }
  }
  return out;
}

fl_status MockHost::Emit(const fl_emit& node, fl_value* outputs) {
  if (FromAbi(node.op) == "Hardmax") return last_error_ = "not on this host", FL_INVALID_ARGUMENT;
  Node made{Str(node.op), Attributes(node), {}, {}};
  Tensor type = node.n_inputs > 0 ? values_[node.inputs[0].id].type : Tensor{};
  type.wrapped = false;
  for (uint32_t i = 0; i < node.n_attrs; ++i)
    if (const fl_attr& a = At(node.attrs, node.attr_stride, i); FromAbi(a.name) == "to")
      type.dtype = static_cast<DType>(a.i);
  for (uint64_t i = 0; i < node.n_inputs; ++i) made.inputs.push_back(node.inputs[i].id);
  type.name.clear();
  for (uint64_t i = 0; i < node.n_outputs; ++i) {
    outputs[i] = NewValue(type, std::ssize(nodes_));
    made.outputs.push_back(outputs[i].id);
  }
  nodes_.push_back(std::move(made));
  return FL_OK;
}

fl_status MockHost::Constant(const fl_constant& c, fl_value* output) {
  *output = NewValue({ConstantText(c), static_cast<DType>(c.dtype), {c.dims, c.dims + c.rank}});
  const auto* data = static_cast<const std::byte*>(c.data);
  values_.back().data.assign(data, data + c.nbytes);
  return FL_OK;
}

fl_status MockHost::Lower(const fl_lowering& row) {
  static constexpr fl_core kCore = {sizeof(fl_core), 0, Tables::Fail, Tables::LastError, nullptr, nullptr, nullptr};
  static constexpr fl_aten kAten = {sizeof(fl_aten), 0, Tables::Arg, nullptr, nullptr, nullptr};
  static constexpr fl_build kBuild = {
      sizeof(fl_build),
      0,
      [](fl_ctx* ctx, const fl_emit* node, fl_value* outputs) { return Tables::From(ctx).Emit(*node, outputs); },
      [](fl_ctx* ctx, const fl_constant* constant, fl_value* output) {
        return Tables::From(ctx).Constant(*constant, output);
      },
      Tables::Type,
      Tables::Dims,
      Tables::Dim,
      Tables::SameDim,
      Tables::Shape,
      Tables::ConstantData,
      Tables::ResultType,
      Tables::Aten,
      Tables::Results,
      Tables::SubgraphBegin,
      Tables::SubgraphEnd,
      Tables::LowerSubgraph,
      Tables::Opset,
      Tables::SubgraphInputs,
      Tables::Adopt};
  const fl_call call = {sizeof(fl_call), 0, reinterpret_cast<fl_ctx*>(this), {1}, nullptr, &kCore, &kAten, &kBuild};
  return row.lower(&call, &row);
}

void MockHost::Print(uint64_t id, std::vector<std::string>& names, std::vector<bool>& done, std::string& out) const {
  const Known& value = values_[id];
  if (value.node < 0) {
    names[id] = value.type.name;
    return;
  }
  const auto at = static_cast<std::size_t>(value.node);
  if (done[at]) return;
  done[at] = true;
  const Node& node = nodes_[at];
  for (const uint64_t input : node.inputs) Print(input, names, done, out);
  std::string left, right;
  for (const uint64_t output : node.outputs) {
    const auto earlier = std::ranges::count_if(names, [](const std::string& name) { return name.starts_with('y'); });
    names[output] = Format("y{}", earlier);
    (left += left.empty() ? "" : ", ") += names[output];
  }
  std::size_t inputs = node.inputs.size();
  while (inputs > 0 && node.inputs[inputs - 1] == 0) --inputs;
  for (std::size_t i = 0; i < inputs; ++i) (right += i == 0 ? "" : ", ") += names[node.inputs[i]];
  out += left + " = " + node.op + (node.attributes.empty() ? "" : "<" + node.attributes + ">") + "(" + right + ")\n";
}

std::string MockHost::GraphText(const std::vector<uint64_t>& results, std::vector<std::string> names) const {
  names.resize(values_.size());
  std::vector<bool> done(nodes_.size());
  std::string out, returned;
  for (const uint64_t id : results) {
    Print(id, names, done, out);
    (returned += returned.empty() ? "" : ", ") += names[id];
  }
  return out + "return " + returned + "\n";
}

std::string MockHost::text() const { return GraphText(results_, {}); }

}  // namespace fairlead::sdk_test
