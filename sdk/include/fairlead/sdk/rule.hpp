// A diagnostic rule in C++: a function that reads the finished ONNX graph and reports.
//
//   void ReluOnDouble(RuleCall& rule) {
//     if (rule.node().inputs()[0].dtype() == DType::kDouble) rule.Report("Relu of a double tensor runs on the processor");
//   }
//   constexpr Rule kRules[] = {
//       OnNodes<ReluOnDouble>("Relu", {.id = "ACME001", .name = "DoublePrecisionRelu", .summary = "A Relu is double."})};
//   FL_PLUGIN("com.acme.ops", "1.0.0", "Acme's rules", kRules)
//
// OnGraph rules are called once for the model, OnNodes rules for each node of one operator ("" for every node), nested
// graphs included. Reading cannot fail for handles that came from the host; should it all the same, the reader answers
// nothing (an empty name, no inputs), and the host is told that the rule failed.
#pragma once

#include <exception>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fairlead/sdk/abi/p_rule.h>
#include <fairlead/sdk/format.hpp>
#include <fairlead/sdk/plugin.hpp>

namespace fairlead {
inline namespace sdk_v1 {

class RuleCall;
class NodeReader;

// What is known of a size: a number, an expression over names, or neither.
struct ReadDim {
  int64_t size = -1;
  std::string_view expression;
};

// A value of the graph. Absent (false in a condition) where a node leaves an input out.
class ValueReader {
 public:
  ValueReader(RuleCall& call, fl_value handle) : call_(&call), handle_(handle) {}

  explicit operator bool() const { return handle_.id != 0; }
  friend bool operator==(const ValueReader& a, const ValueReader& b) { return a.handle_.id == b.handle_.id; }
  std::string_view name() const;
  DType dtype() const;
  int64_t rank() const;                                         // -1 when unknown
  std::vector<ReadDim> dims() const;                            // empty when the rank is unknown
  std::optional<NodeReader> producer() const;                   // none for an input or an initializer
  std::vector<NodeReader> users() const;                        // nested graphs included
  std::optional<fl_tensor> tensor() const;                      // of an initializer or a Constant
  std::span<const std::byte> elements(fl_tensor tensor) const;  // dense; empty when the program has no weights

 private:
  RuleCall* call_;
  fl_value handle_;
};

class NodeReader {
 public:
  NodeReader(RuleCall& call, fl_node handle) : call_(&call), handle_(handle) {}

  fl_node handle() const { return handle_; }
  std::string_view domain() const { return op().first; }  // empty: ONNX's own
  std::string_view type() const { return op().second; }   // "Conv"
  std::string_view name() const;
  std::vector<ValueReader> inputs() const;
  std::vector<ValueReader> outputs() const;
  // Attributes by name; none when the node does not have it, or of another kind.
  std::optional<int64_t> Int(std::string_view attribute) const;
  std::optional<double> Float(std::string_view attribute) const;
  std::optional<std::string_view> String(std::string_view attribute) const;
  std::optional<std::span<const int64_t>> Ints(std::string_view attribute) const;
  std::optional<std::span<const double>> Floats(std::string_view attribute) const;

 private:
  std::pair<std::string_view, std::string_view> op() const;
  std::optional<fl_attr> Find(std::string_view attribute, fl_attr_kind kind) const;

  RuleCall* call_;
  fl_node handle_;
};

// One call of a rule.
class RuleCall {
 public:
  explicit RuleCall(const fl_rule_call& call) : call_(call) {}

  NodeReader node() { return {*this, call_.node}; }  // only of an OnNodes rule
  // Of the main graph, or of the one that holds the node.
  std::vector<NodeReader> nodes();
  std::vector<ValueReader> inputs() { return Values(call_.graphs->inputs, call_.graph); }
  std::vector<ValueReader> outputs() { return Values(call_.graphs->outputs, call_.graph); }
  std::vector<ValueReader> initializers() { return Values(call_.graphs->initializers, call_.graph); }
  uint32_t opset(std::string_view domain = "");  // 0 when the model does not import it

  // A finding with the rule's level and help, at the node of the call.
  template <class... Args> void Report(std::type_identity_t<FormatString<Args...>> format, const Args&... args) {
    Report({0}, Format<Args...>(format, args...));
  }
  // The same at another node.
  template <class... Args>
  void ReportAt(NodeReader node, std::type_identity_t<FormatString<Args...>> format, const Args&... args) {
    Report(node.handle(), Format<Args...>(format, args...));
  }

  // The tables, for what is not wrapped here; `Check` keeps the first status that is not FL_OK.
  const fl_rule_call& abi() const { return call_; }
  bool Check(fl_status status) {
    if (status_ == FL_OK) status_ = status;
    return status == FL_OK;
  }
  fl_status status() const { return status_; }
  // A list in the two-call form.
  template <class H, class Of> std::vector<H> List(fl_status (*function)(fl_ctx*, Of, H*, uint64_t, uint64_t*), Of of) {
    uint64_t total = 0;
    if (!Check(function(call_.ctx, of, nullptr, 0, &total))) return {};
    std::vector<H> items(static_cast<std::size_t>(total));
    if (!Check(function(call_.ctx, of, items.data(), items.size(), &total))) return {};
    return items;
  }
  template <class Of>
  std::vector<ValueReader> Values(fl_status (*function)(fl_ctx*, Of, fl_value*, uint64_t, uint64_t*), Of of) {
    std::vector<ValueReader> values;
    for (const fl_value handle : List(function, of)) values.emplace_back(*this, handle);
    return values;
  }

 private:
  void Report(fl_node node, const std::string& message) {
    fl_finding finding = {};
    finding.size = sizeof finding;
    finding.node = node;
    finding.message = ToAbi(message);
    Check(call_.diag->report(call_.ctx, &finding));
  }

  const fl_rule_call& call_;
  fl_status status_ = FL_OK;
};

struct RuleTexts {
  std::string_view id;       // "ACME001"
  std::string_view name;     // "DoublePrecisionRelu"
  std::string_view summary;  // one sentence
  std::string_view help = {};
  fl_level level = FL_LEVEL_WARNING;
};

struct Rule : fl_rule {};

template <auto Function> consteval Rule OnGraph(RuleTexts texts);
template <auto Function> consteval Rule OnNodes(std::string_view op, RuleTexts texts);

// -------------------------------------------------------------------------------------------------------------------
// details

inline std::string_view ValueReader::name() const {
  fl_str text = {};
  return call_->Check(call_->abi().graphs->value_name(call_->abi().ctx, handle_, &text)) ? FromAbi(text)
                                                                                         : std::string_view();
}

inline DType ValueReader::dtype() const {
  fl_value_type type = {sizeof type, 0, -1};
  call_->Check(call_->abi().types->value(call_->abi().ctx, handle_, &type));
  return static_cast<DType>(type.dtype);
}

inline int64_t ValueReader::rank() const {
  fl_value_type type = {sizeof type, 0, -1};
  call_->Check(call_->abi().types->value(call_->abi().ctx, handle_, &type));
  return type.rank;
}

inline std::vector<ReadDim> ValueReader::dims() const {
  std::vector<ReadDim> dims;
  if (rank() < 0) return dims;
  for (const fl_dim_text& dim : call_->List(call_->abi().types->dims, handle_))
    dims.push_back({dim.size, FromAbi(dim.expression)});
  return dims;
}

inline std::optional<NodeReader> ValueReader::producer() const {
  fl_node node = {};
  const fl_status status = call_->abi().graphs->value_producer(call_->abi().ctx, handle_, &node);
  if (status == FL_NOT_FOUND || !call_->Check(status)) return std::nullopt;
  return NodeReader(*call_, node);
}

inline std::vector<NodeReader> ValueReader::users() const {
  std::vector<NodeReader> users;
  for (const fl_node node : call_->List(call_->abi().graphs->value_users, handle_)) users.emplace_back(*call_, node);
  return users;
}

inline std::optional<fl_tensor> ValueReader::tensor() const {
  fl_tensor tensor = {};
  const fl_status status = call_->abi().graphs->value_tensor(call_->abi().ctx, handle_, &tensor);
  if (status == FL_NOT_FOUND || !call_->Check(status)) return std::nullopt;
  return tensor;
}

inline std::span<const std::byte> ValueReader::elements(fl_tensor tensor) const {
  const void* data = nullptr;
  uint64_t nbytes = 0;
  const fl_status status = call_->abi().tensors->data(call_->abi().ctx, tensor, &data, &nbytes);
  if (status == FL_UNAVAILABLE || !call_->Check(status)) return {};
  return {static_cast<const std::byte*>(data), static_cast<std::size_t>(nbytes)};
}

inline std::pair<std::string_view, std::string_view> NodeReader::op() const {
  fl_op op = {};
  op.size = sizeof op;
  if (!call_->Check(call_->abi().graphs->node_op(call_->abi().ctx, handle_, &op))) return {};
  return {FromAbi(op.domain), FromAbi(op.type)};
}

inline std::string_view NodeReader::name() const {
  fl_str text = {};
  return call_->Check(call_->abi().graphs->node_name(call_->abi().ctx, handle_, &text)) ? FromAbi(text)
                                                                                        : std::string_view();
}

inline std::vector<ValueReader> NodeReader::inputs() const {
  return call_->Values(call_->abi().graphs->node_inputs, handle_);
}
inline std::vector<ValueReader> NodeReader::outputs() const {
  return call_->Values(call_->abi().graphs->node_outputs, handle_);
}

inline std::optional<fl_attr> NodeReader::Find(std::string_view attribute, fl_attr_kind kind) const {
  fl_attr found = {};
  found.size = sizeof found;
  const fl_status status = call_->abi().graphs->attribute_by_name(call_->abi().ctx, handle_, ToAbi(attribute), &found);
  if (status == FL_NOT_FOUND || !call_->Check(status) || found.kind != kind) return std::nullopt;
  return found;
}

inline std::optional<int64_t> NodeReader::Int(std::string_view attribute) const {
  const auto found = Find(attribute, FL_ATTR_INT);
  return found ? std::optional(found->i) : std::nullopt;
}
inline std::optional<double> NodeReader::Float(std::string_view attribute) const {
  const auto found = Find(attribute, FL_ATTR_FLOAT);
  return found ? std::optional(found->f) : std::nullopt;
}
inline std::optional<std::string_view> NodeReader::String(std::string_view attribute) const {
  const auto found = Find(attribute, FL_ATTR_STRING);
  if (!found) return std::nullopt;
  return std::string_view(static_cast<const char*>(found->data), static_cast<std::size_t>(found->count));
}
inline std::optional<std::span<const int64_t>> NodeReader::Ints(std::string_view attribute) const {
  const auto found = Find(attribute, FL_ATTR_INTS);
  if (!found) return std::nullopt;
  return std::span(static_cast<const int64_t*>(found->data), static_cast<std::size_t>(found->count));
}
inline std::optional<std::span<const double>> NodeReader::Floats(std::string_view attribute) const {
  const auto found = Find(attribute, FL_ATTR_FLOATS);
  if (!found) return std::nullopt;
  return std::span(static_cast<const double*>(found->data), static_cast<std::size_t>(found->count));
}

inline std::vector<NodeReader> RuleCall::nodes() {
  std::vector<NodeReader> nodes;
  for (const fl_node node : List(call_.graphs->nodes, call_.graph)) nodes.emplace_back(*this, node);
  return nodes;
}

inline uint32_t RuleCall::opset(std::string_view domain) {
  uint32_t opset = 0;
  const fl_status status = call_.graphs->opset(call_.ctx, call_.graph, ToAbi(domain), &opset);
  if (status != FL_NOT_FOUND) Check(status);
  return opset;
}

namespace rule_detail {

// Calls the rule; whatever it throws becomes a status.
template <auto Function> fl_status Thunk(const fl_rule_call* call, const fl_rule*) noexcept {
  const auto fail = [&](fl_status status, std::string_view message) {
    return call->core->fail(call->ctx, status, ToAbi(message));
  };
  try {
    RuleCall rule(*call);
    Function(rule);
    return rule.status();
  } catch (const std::bad_alloc&) {
    return fail(FL_RESOURCE_EXHAUSTED, "out of memory");
  } catch (const std::exception& error) {
    return fail(FL_INTERNAL, error.what());
  } catch (...) {
    return fail(FL_INTERNAL, "an exception of unknown type");
  }
}

template <auto Function> consteval Rule Make(fl_rule_scope scope, std::string_view op, const RuleTexts& texts) {
  return {{sizeof(fl_rule), texts.level, scope, 0, ToAbi(texts.id), ToAbi(texts.name), ToAbi(texts.summary),
           ToAbi(texts.help), op.empty() ? fl_str{nullptr, 0} : ToAbi(op), Thunk<Function>}};
}

}  // namespace rule_detail

template <auto Function> consteval Rule OnGraph(RuleTexts texts) {
  return rule_detail::Make<Function>(FL_RULE_GRAPH, {}, texts);
}
template <auto Function> consteval Rule OnNodes(std::string_view op, RuleTexts texts) {
  return rule_detail::Make<Function>(FL_RULE_NODE, op, texts);
}

template <std::size_t N, const Rule (&Rules)[N]> struct PluginTable<Rules> {
  static constexpr std::string_view kId = FL_P_RULE_ID;
  static constexpr uint32_t kKind = FL_KIND_RULE;
  static constexpr fl_p_rule kTable = {sizeof(fl_p_rule), sizeof(Rule), Rules, N};
};

}  // namespace sdk_v1
}  // namespace fairlead
