// fl.graph/1: each function finds the call's context, checks the handle, and answers from the view.
#include "plugin/graph_view.hpp"

namespace fairlead {
namespace {

fl_str View(std::string_view text) { return {text.data(), text.size()}; }
fl_str Known(const std::string& text) { return text.empty() ? fl_str{nullptr, 0} : View(text); }

// Writes a list in the two-call form.
template <class T, class At>
fl_status WriteList(GraphContext& context, std::size_t count, At at, T* out, uint64_t capacity, uint64_t* total) {
  if (total == nullptr || (out == nullptr && capacity > 0))
    return context.Fail(FL_INVALID_ARGUMENT, "fl.graph/1: an output is null");
  for (std::size_t i = 0; i < count && i < capacity; ++i) out[i] = at(i);
  *total = count;
  return FL_OK;
}

// Runs `answer(context, number)` when the context, the handle and the output are good.
template <class H, class Out, class Answer> fl_status Ask(fl_ctx* ctx, H handle, Out* out, Answer answer) {
  auto* context = CallContext::Find<GraphContext>(ctx);
  if (context == nullptr) return CallContext::WrongContext(ctx, "fl.graph/1 is not served in this call");
  if (out == nullptr) return context->Fail(FL_INVALID_ARGUMENT, "fl.graph/1: the output is null");
  const std::optional<uint32_t> number = context->NumberOf(handle);
  return number ? answer(*context, *number) : FL_INVALID_ARGUMENT;
}

// A struct that the plugin gave with its size set: what it has room for is written.
template <class T> fl_status WriteStruct(GraphContext& context, const T& value, T* out) {
  if (out->size < sizeof(T)) {
    return context.Fail(FL_INVALID_ARGUMENT,
                        fmt::format("fl.graph/1: a struct of {} bytes, wanted {}", out->size, sizeof(T)));
  }
  *out = value;
  return FL_OK;
}

fl_status ValueList(GraphContext& context, uint32_t graph, const std::vector<ValueId>& values, fl_value* out,
                    uint64_t capacity, uint64_t* total) {
  const auto at = [&](std::size_t i) {
    return values[i] == kNoValue ? fl_value{0} : context.ValueHandle(context.view().NumberOfValue(graph, values[i]));
  };
  return WriteList(context, values.size(), at, out, capacity, total);
}

// ---- graphs

fl_status GraphName(fl_ctx* ctx, fl_graph graph, fl_str* out) {
  return Ask(ctx, graph, out, [&](GraphContext& context, uint32_t number) {
    *out = View(context.view().graphs()[number].graph->name());
    return FL_OK;
  });
}

fl_status GraphOpset(fl_ctx* ctx, fl_graph graph, fl_str domain, uint32_t* out) {
  return Ask(ctx, graph, out, [&](GraphContext& context, uint32_t) {
    const std::string name = Sanitized(domain, 256);
    const auto found = context.view().opsets().find(name);
    if (found == context.view().opsets().end()) {
      return context.Fail(FL_NOT_FOUND, fmt::format("fl.graph/1 opset: the model does not import domain '{}'", name));
    }
    *out = static_cast<uint32_t>(found->second);
    return fl_status{FL_OK};
  });
}

fl_status GraphParent(fl_ctx* ctx, fl_graph graph, fl_graph* out) {
  return Ask(ctx, graph, out, [&](GraphContext& context, uint32_t number) {
    *out = number == 0 ? fl_graph{0} : context.GraphHandle(context.view().graphs()[number].parent);
    return FL_OK;
  });
}

fl_status GraphInputs(fl_ctx* ctx, fl_graph graph, fl_value* out, uint64_t capacity, uint64_t* total) {
  return Ask(ctx, graph, total, [&](GraphContext& context, uint32_t number) {
    return ValueList(context, number, context.view().graphs()[number].graph->inputs(), out, capacity, total);
  });
}

fl_status GraphOutputs(fl_ctx* ctx, fl_graph graph, fl_value* out, uint64_t capacity, uint64_t* total) {
  return Ask(ctx, graph, total, [&](GraphContext& context, uint32_t number) {
    return ValueList(context, number, context.view().graphs()[number].graph->outputs(), out, capacity, total);
  });
}

fl_status GraphInitializers(fl_ctx* ctx, fl_graph graph, fl_value* out, uint64_t capacity, uint64_t* total) {
  return Ask(ctx, graph, total, [&](GraphContext& context, uint32_t number) {
    const auto& initializers = context.view().graphs()[number].graph->initializers();
    const auto at = [&](std::size_t i) {
      return context.ValueHandle(context.view().NumberOfValue(number, initializers[i].value));
    };
    return WriteList(context, initializers.size(), at, out, capacity, total);
  });
}

fl_status GraphNodes(fl_ctx* ctx, fl_graph graph, fl_node* out, uint64_t capacity, uint64_t* total) {
  return Ask(ctx, graph, total, [&](GraphContext& context, uint32_t number) {
    const auto& order = context.view().graphs()[number].graph->order();
    const auto at = [&](std::size_t i) { return context.NodeHandle(context.view().NumberOfNode(number, order[i])); };
    return WriteList(context, order.size(), at, out, capacity, total);
  });
}

// ---- nodes

fl_status NodeOp(fl_ctx* ctx, fl_node node, fl_op* out) {
  return Ask(ctx, node, out, [&](GraphContext& context, uint32_t number) {
    const OpName& op = context.view().node(number).op;
    return WriteStruct(context, {sizeof(fl_op), 0, View(op.domain), View(op.type)}, out);
  });
}

fl_status NodeName(fl_ctx* ctx, fl_node node, fl_str* out) {
  return Ask(ctx, node, out, [&](GraphContext& context, uint32_t number) {
    *out = View(context.view().node(number).name);
    return FL_OK;
  });
}

fl_status NodeGraph(fl_ctx* ctx, fl_node node, fl_graph* out) {
  return Ask(ctx, node, out, [&](GraphContext& context, uint32_t number) {
    *out = context.GraphHandle(context.view().PlaceOfNode(number).graph);
    return FL_OK;
  });
}

fl_status NodeSource(fl_ctx* ctx, fl_node node, fl_source* out) {
  return Ask(ctx, node, out, [&](GraphContext& context, uint32_t number) {
    const Graph& graph = *context.view().graphs()[context.view().PlaceOfNode(number).graph].graph;
    const Location& location = context.Keep(LocationOf(graph.source(context.view().node(number).source)));
    const fl_source source = {sizeof(fl_source),           location.line,
                              Known(location.module_path), Known(location.file),
                              Known(location.function),    Known(location.code)};
    return WriteStruct(context, source, out);
  });
}

fl_status NodeInputs(fl_ctx* ctx, fl_node node, fl_value* out, uint64_t capacity, uint64_t* total) {
  return Ask(ctx, node, total, [&](GraphContext& context, uint32_t number) {
    const uint32_t graph = context.view().PlaceOfNode(number).graph;
    return ValueList(context, graph, context.view().node(number).inputs, out, capacity, total);
  });
}

fl_status NodeOutputs(fl_ctx* ctx, fl_node node, fl_value* out, uint64_t capacity, uint64_t* total) {
  return Ask(ctx, node, total, [&](GraphContext& context, uint32_t number) {
    const uint32_t graph = context.view().PlaceOfNode(number).graph;
    return ValueList(context, graph, context.view().node(number).outputs, out, capacity, total);
  });
}

// ---- attributes

struct AttributeWriter {
  GraphContext& context;
  fl_attr& out;

  void List(fl_attr_kind kind, const void* data, uint64_t count) const {
    out.kind = kind;
    out.data = data;
    out.count = count;
  }
  template <class H> void Handle(fl_attr_kind kind, H handle) const {
    H* const memory = context.NewArray<H>(1);
    if (memory == nullptr) return;
    *memory = handle;
    List(kind, memory, 1);
  }

  void operator()(int64_t value) const {
    out.kind = FL_ATTR_INT;
    out.i = value;
  }
  void operator()(double value) const {
    out.kind = FL_ATTR_FLOAT;
    out.f = value;
  }
  void operator()(const std::string& value) const { List(FL_ATTR_STRING, value.data(), value.size()); }
  void operator()(const std::vector<int64_t>& value) const { List(FL_ATTR_INTS, value.data(), value.size()); }
  void operator()(const std::vector<double>& value) const { List(FL_ATTR_FLOATS, value.data(), value.size()); }
  void operator()(const std::vector<std::string>& value) const {
    auto* const texts = context.NewArray<fl_str>(value.size());
    if (texts == nullptr) return;
    for (std::size_t i = 0; i < value.size(); ++i) texts[i] = View(value[i]);
    List(FL_ATTR_STRINGS, texts, value.size());
  }
  void operator()(const Tensor& value) const { Handle(FL_ATTR_TENSOR, context.TensorHandle(value)); }
  void operator()(const GraphPtr& value) const {
    Handle(FL_ATTR_GRAPH, context.GraphHandle(context.view().NumberOfGraph(*value)));
  }
  // No attribute of an ONNX operator in use has another kind: it stays FL_ATTR_UNSET.
  template <class T> void operator()(const T&) const {}
};

fl_status WriteAttribute(GraphContext& context, const Attribute& attribute, fl_attr* out) {
  fl_attr written{};
  written.size = sizeof written;
  written.name = View(attribute.name);
  std::visit(AttributeWriter{context, written}, attribute.value);
  return WriteStruct(context, written, out);
}

fl_status NodeAttribute(fl_ctx* ctx, fl_node node, uint64_t index, fl_attr* out) {
  return Ask(ctx, node, out, [&](GraphContext& context, uint32_t number) {
    const auto& attributes = context.view().node(number).attributes;
    if (index >= attributes.size())
      return context.Fail(FL_NOT_FOUND, fmt::format("the node has {} attributes", attributes.size()));
    return WriteAttribute(context, attributes[index], out);
  });
}

fl_status NodeAttributeByName(fl_ctx* ctx, fl_node node, fl_str name, fl_attr* out) {
  return Ask(ctx, node, out, [&](GraphContext& context, uint32_t number) {
    const std::string wanted = Sanitized(name, 256);
    const Attribute* attribute = context.view().node(number).Find(wanted);
    if (attribute == nullptr) return context.Fail(FL_NOT_FOUND, fmt::format("the node has no attribute {}", wanted));
    return WriteAttribute(context, *attribute, out);
  });
}

// ---- values

fl_status ValueName(fl_ctx* ctx, fl_value value, fl_str* out) {
  return Ask(ctx, value, out, [&](GraphContext& context, uint32_t number) {
    *out = View(context.view().value(number).name);
    return FL_OK;
  });
}

fl_status ValueProducer(fl_ctx* ctx, fl_value value, fl_node* out) {
  return Ask(ctx, value, out, [&](GraphContext& context, uint32_t number) {
    const NodeId producer = context.view().value(number).producer;
    if (producer == kNoNode) return context.Fail(FL_NOT_FOUND, "the value is an input or an initializer");
    *out = context.NodeHandle(context.view().NumberOfNode(context.view().PlaceOfValue(number).graph, producer));
    return fl_status{FL_OK};
  });
}

fl_status ValueUsers(fl_ctx* ctx, fl_value value, fl_node* out, uint64_t capacity, uint64_t* total) {
  return Ask(ctx, value, total, [&](GraphContext& context, uint32_t number) {
    const std::vector<uint32_t>& users = context.view().Users(number);
    const auto at = [&](std::size_t i) { return context.NodeHandle(users[i]); };
    return WriteList(context, users.size(), at, out, capacity, total);
  });
}

fl_status ValueTensor(fl_ctx* ctx, fl_value value, fl_tensor* out) {
  return Ask(ctx, value, out, [&](GraphContext& context, uint32_t number) {
    const Tensor* tensor = context.view().TensorOf(number);
    if (tensor == nullptr) return context.Fail(FL_NOT_FOUND, "the value is not a constant");
    *out = context.TensorHandle(*tensor);
    return fl_status{FL_OK};
  });
}

constexpr fl_graphs kTable = {
    sizeof(fl_graphs),   0,         GraphName,     GraphOpset, GraphParent, GraphInputs, GraphOutputs, GraphInitializers,
    GraphNodes,          NodeOp,    NodeName,      NodeGraph,  NodeSource,  NodeInputs,  NodeOutputs,  NodeAttribute,
    NodeAttributeByName, ValueName, ValueProducer, ValueUsers, ValueTensor};

}  // namespace

const fl_graphs* GraphTable() { return &kTable; }

}  // namespace fairlead
