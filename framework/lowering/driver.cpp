#include "lowering/driver.hpp"

#include <algorithm>
#include <set>

#include "ir/text.hpp"
#include "lowering/order.hpp"

namespace fairlead {
namespace {

constexpr int kMaximalDepth = 64;

// "aten::gelu.default: " before what a lowering said, unless it says so itself.
std::string Subject(const CallSite& site, std::string_view message) {
  const std::string name = ToString(site.schema().op);
  return message.starts_with(name) ? std::string(message) : fmt::format("{}: {}", name, message);
}

// An operator that is refused on complex tensors is refused for them: what it would take instead helps nobody.
Status AboutComplex(const Graph& graph, const Node& node, Status refusal) {
  const std::string& rule = refusal.error().rule;
  const bool refused = rule == "FL2001" || rule == "FL2003";
  if (!refused || !WorksOnComplex(graph, node)) return refusal;
  return Error("FL2014", "operator {} works on complex tensors: {}", ToString(node.op), refusal.error().message);
}

}  // namespace

LoweringContext::LoweringContext(Driver& driver, CallSite& site, const LoweringRow& row, Location location)
    : CallContext(row.plugin, driver.diagnostics()),
      driver_(driver),
      site_(site),
      row_(row),
      location_(std::move(location)),
      entry_frame_(driver.target().current_frame()),
      mark_(driver.target().MarkAll()) {}

void LoweringContext::Deliver(Finding finding) { driver_.Keep(std::move(finding)); }

Location LocationOfNode(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  std::string name = node.name;
  if (name.empty() && !node.outputs.empty() && node.outputs[0] != kNoValue) name = graph.value(node.outputs[0]).name;
  return LocationOf(graph.source(node.source), std::move(name));
}

// ---- one call

Result<std::vector<TargetValue>> Driver::CallRow(CallSite& site, const LoweringRow& row, const Location& location,
                                                 fl_status* status) {
  if (const AtenParameter* const given = site.FirstGiven(row.unused)) {
    *status = FL_UNIMPLEMENTED;
    return Error("FL2003", "{}", Subject(site, site.Describe(*given) + " is not supported by this lowering"));
  }
  site.ForgetReads();
  LoweringContext context(*this, site, row, location);
  const fl_call call = {
      sizeof(fl_call),       0, context.handle(), {1}, CallContext::Host(), CallContext::CoreTable(), LoweringTables().aten,
      LoweringTables().build};
  *status = Guarded(context, [&] { return row.row->lower(&call, row.row); });
  if (*status == FL_DECLINED) return Error("FL2001", "{}", Subject(site, "declined"));
  if (*status == FL_UNIMPLEMENTED) return Error("FL2003", "{}", Subject(site, context.message()));
  const auto failed = [&](std::string_view what) {
    return Error("FL2012", "lowering of {} by plugin {} failed: {}", ToString(site.schema().op), row.plugin->id(), what);
  };
  if (*status != FL_OK && !context.type_fault().ok()) {
    const ErrorInfo& fault = context.type_fault().error();
    return Error("FL3004", "{}", Subject(site, fault.message)).WithHint(fault.hint);
  }
  if (*status != FL_OK) return failed(context.message().empty() ? std::string(StatusName(*status)) : context.message());
  if (target_.current_frame() != context.entry_frame()) return failed("a nested graph was begun and not ended");
  if (!context.results_given) return failed("it returned no results");
  for (const TargetValue& result : context.results)
    if (result && !target_.IsOpen(result)) return failed("a result is a value of a nested graph that was ended");
  if (const AtenParameter* const unread = site.FirstUnread(row.no_effect | row.unused))
    return Error("FL2003", "{}",
                 Subject(site, site.Describe(*unread) + " was not read by the lowering of plugin " + row.plugin->id()));
  if (Status checked = CheckResults(site, row, context.results); !checked.ok()) return checked;
  return std::move(context.results);
}

Result<std::vector<TargetValue>> Driver::TryRow(CallSite& site, const LoweringRow& row, const Location& location,
                                                fl_status* status) {
  Result<std::vector<TargetValue>> results = CallRow(site, row, location, status);
  // No lowering is to blame for failing at an argument that the program gives wrongly.
  if (!results.ok() && results.error().rule == "FL2012" && !site.program_fault().ok()) return site.program_fault();
  return results;
}

Result<std::vector<TargetValue>> Driver::LowerCall(CallSite& site, const Location& location) {
  const auto& rows = registry_.Choose(site.schema().op, options_.opset);
  if (rows.empty()) return Error("FL2001", "{} has no lowering at opset {}", ToString(site.schema().op), options_.opset);
  ++calls_;
  Status last;
  for (const LoweringRow* const row : rows) {
    const Target::Mark mark = target_.MarkAll();
    const std::size_t used = used_.size(), graphs = closed_graphs_.size(), findings = findings_.size();
    fl_status status = FL_OK;
    Result<std::vector<TargetValue>> results = TryRow(site, *row, location, &status);
    if (results.ok()) {
      --calls_;
      used_.push_back(row);
      return results;
    }
    target_.RollBack(mark);
    used_.resize(used);
    closed_graphs_.resize(graphs);
    findings_.resize(findings);
    last = results.status();
    if (status != FL_DECLINED) break;
  }
  --calls_;
  return last;
}

bool Driver::IsUsed(const CallSite& site, std::size_t result) {
  if (!site.source()) return true;
  const ValueId value = site.node()->outputs[result];
  if (value == kNoValue) return false;
  auto found = uses_.find(site.source());
  if (found == uses_.end()) found = uses_.emplace(site.source(), CountUses(*site.source())).first;
  return found->second[value] > 0;
}

Result<std::vector<TargetValue>> Driver::LowerRequested(const fl_aten_call& call, const Location& location) {
  if (calls_ >= kMaximalDepth) return Error("FL2012", "lowerings call each other more than {} deep", kMaximalDepth);
  const bool readable = call.op.data != nullptr && call.op.size <= 4096;
  const std::string_view name = readable ? std::string_view(call.op.data, call.op.size) : std::string_view();
  const std::size_t colons = name.find("::");
  if (colons == name.npos) return Error("FL2012", "'{}' is not an operator's name", name);
  const std::size_t dot = name.find('.', colons);
  const OpName op{std::string(name.substr(0, colons)), std::string(name.substr(colons + 2, dot - colons - 2)),
                  dot == name.npos ? "default" : std::string(name.substr(dot + 1))};
  const AtenSchema* const schema = FindSchema(op);
  if (!schema) return Error("FL2012", "PyTorch has no operator {}", name);
  CallSite site(call, *schema);
  FL_RETURN_IF_ERROR(site.CheckRequested());
  return LowerCall(site, location);
}

// A node is called what its first result is called, which is unique; ONNX Runtime refuses two nodes of one name.
static void NameNodes(Graph& graph) {
  for (const NodeId id : graph.order()) {
    Node& node = graph.node(id);
    if (!node.outputs.empty() && node.outputs[0] != kNoValue) node.name = graph.value(node.outputs[0]).name;
    ForEachSubgraph(node, NameNodes);
  }
}

// A domain of a vendor is imported at version 1, ONNX's own others at their newest.
static void ImportDomains(const Graph& graph, std::map<std::string, int>& imports) {
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    if (!node.op.domain.empty()) {
      int& version = imports.try_emplace(node.op.domain, 1).first->second;
      version = std::max(version, onnx_room::NewestVersion(node.op.domain, node.op.type));
    }
    ForEachSubgraph(node, [&](const Graph& nested) { ImportDomains(nested, imports); });
  }
}

// ---- the walk

TargetValue Driver::Placeholder(const Type& type) {
  return {target_.current_frame(), target_.current().AddValue(type, "refused")};
}

Status Driver::LowerNode(const Graph& source, NodeId id, ValueMap& values) {
  const Node& node = source.node(id);
  const auto& rows = registry_.Choose(node.op, options_.opset);
  const AtenSchema* schema = FindSchema(node.op);
  if (!schema) schema = rows.empty() ? nullptr : &rows.front()->schema();
  if (!schema) return Error("FL2004", "no lowering for custom operator {}", ToString(node.op));
  if (calls_ == 0) {
    target_.BeginCall();
    closed_graphs_.clear();
    findings_.clear();
    source_ = target_.main().AddSource(source.source(node.source));
  }
  const bool named = !node.outputs.empty() && node.outputs[0] != kNoValue;
  target_.SetOrigin(source_, named ? source.value(node.outputs[0]).name : node.op.type);
  CallSite site(source, id, values, *schema);
  const Location location = LocationOfNode(source, id);
  Result<std::vector<TargetValue>> results = LowerCall(site, location);
  if (calls_ == 0)
    for (Finding& finding : findings_) diagnostics_.Report(std::move(finding));
  if (!results.ok()) {
    const Status refusal = AboutComplex(source, node, results.status());
    diagnostics_.Report({.rule = refusal.error().rule,
                         .message = refusal.error().message,
                         .locations = {location},
                         .hint = refusal.error().hint});
    if (!failed_) first_error_ = refusal;
    failed_ = true;
    std::vector<TargetValue> stand_ins;
    for (std::size_t i = 0; i < node.outputs.size(); ++i) stand_ins.push_back(Placeholder(site.result_type(i)));
    results = std::move(stand_ins);
  }
  for (std::size_t i = 0; i < node.outputs.size(); ++i) {
    if (node.outputs[i] == kNoValue) continue;
    const TargetValue result = (*results)[i];
    values[node.outputs[i]] = result;
    Value& value = target_.graph(result.frame).value(result.value);
    if (value.producer != kNoNode) value.name = source.value(node.outputs[i]).name;
    if (source.value(node.outputs[i]).type.kind == Type::Kind::kSymInt)
      target_.Remember(source.value(node.outputs[i]).type.expression, result);
  }
  ++lowered_;
  return Ok();
}

Status Driver::LowerNodes(const Graph& source, ValueMap& values) {
  for (const NodeId id : source.order()) FL_RETURN_IF_ERROR(LowerNode(source, id, values));
  return Ok();
}

Result<std::vector<TargetValue>> Driver::LowerSubgraph(const Graph& source, std::span<const TargetValue> inputs) {
  if (target_.depth() >= kMaximalDepth) return Error("FL2012", "graphs are nested more than {} deep", kMaximalDepth);
  if (inputs.size() != source.inputs().size())
    return Error("FL2012", "nested graph {} has {} inputs, {} were given", source.name(), source.inputs().size(),
                 inputs.size());
  ValueMap values(source.value_count());
  for (std::size_t i = 0; i < inputs.size(); ++i) values[source.inputs()[i]] = inputs[i];
  for (const Initializer& initializer : source.initializers())
    values[initializer.value] = target_.Constant(initializer.tensor);
  FL_RETURN_IF_ERROR(LowerNodes(source, values));
  std::vector<TargetValue> outputs;
  for (const ValueId output : source.outputs()) outputs.push_back(output == kNoValue ? TargetValue{} : values[output]);
  return outputs;
}

void Driver::AddInputs(const ExportedProgram& program, ValueMap& values) {
  Graph& main = target_.main();
  const Graph& source = program.graph;
  for (const ValueId input : source.inputs()) {
    const Value& value = source.value(input);
    values[input] = {0, main.AddInput(value.name, OnnxType(value.type))};
  }
  for (const Initializer& initializer : source.initializers()) {
    // A buffer with state is an input whose default is the initializer of the same value.
    if (values[initializer.value]) {
      main.mutable_initializers().push_back({values[initializer.value].value, initializer.tensor});
    } else {
      values[initializer.value] = {0, main.AddInitializer(source.value(initializer.value).name, initializer.tensor)};
    }
  }
  for (const ValueId input : source.inputs())
    if (source.value(input).type.kind == Type::Kind::kSymInt)
      target_.Remember(source.value(input).type.expression, values[input]);
}

std::vector<LoweringUse> Driver::Uses() const {
  const std::set<const LoweringRow*> rows(used_.begin(), used_.end());
  std::vector<LoweringUse> uses;
  for (const LoweringRow* const row : rows) uses.push_back({row->plugin->id(), row->schema().text, row->since, row->until});
  std::ranges::sort(uses);
  return uses;
}

Result<Model> Driver::Run(const ExportedProgram& program, LoweringStatistics* statistics) {
  FL_RETURN_IF_ERROR(ReportMissing(program.graph, registry_, options_.opset, diagnostics_));
  ValueMap values(program.graph.value_count());
  AddInputs(program, values);
  FL_RETURN_IF_ERROR(LowerNodes(program.graph, values));
  if (failed_) return first_error_;
  Model model;
  Graph& main = target_.main();
  target_.SetOrigin(0, "");
  for (std::size_t i = 0; i < program.graph.outputs().size(); ++i) {
    const ValueId source_value = program.graph.outputs()[i];
    ValueId value = values[source_value].value;
    // ONNX wants each output to be a value of its own, made by a node.
    if (main.value(value).producer == kNoNode || std::ranges::find(main.outputs(), value) != main.outputs().end()) {
      Type type = main.value(value).type;
      const NodeId identity = main.AddNode({.op = {"", "Identity", ""}, .inputs = {value}}, 1);
      value = main.node(identity).outputs[0];
      main.value(value).type = std::move(type);
    }
    main.AddOutput(value);
  }
  for (std::size_t i = 0; i < program.outputs.size(); ++i) {
    // Specs of constants have no value; the others stand in the order of the graph's outputs.
    const OutputSpec& spec = program.outputs[i];
    if (spec.value == kNoValue || spec.name.empty()) continue;
    std::size_t at = 0;
    for (std::size_t j = 0; j < i; ++j) at += program.outputs[j].value != kNoValue;
    if (at < main.outputs().size()) main.value(main.outputs()[at]).name = spec.name;
  }
  OrderFromResults(main);
  NameValues(main);
  NameNodes(main);
  if (statistics) *statistics = {lowered_, main.order().size(), Uses()};
  model.graph = target_.TakeMain();
  model.opset_imports[""] = options_.opset;
  ImportDomains(model.graph, model.opset_imports);
  return model;
}

Result<Model> LowerProgram(const ExportedProgram& program, const Registry& registry, const LoweringOptions& options,
                           Diagnostics& diagnostics, LoweringStatistics* statistics) {
  return Driver(registry, options, diagnostics).Run(program, statistics);
}

}  // namespace fairlead
