#include "plugin/rules.hpp"

#include <algorithm>

#include "plugin/graph_view.hpp"

namespace fairlead {
namespace {

// What version 0.1 had; members after these may be missing.
constexpr uint32_t kTableSize = 24, kRowSize = 104;
static_assert(sizeof(fl_p_rule) == kTableSize && sizeof(fl_rule) == kRowSize);
constexpr uint64_t kMaxRules = 1000;
constexpr uint32_t kMaxFindings = 10'000;

// ---- reading

bool IsRuleId(std::string_view id) {
  const std::size_t letters = std::min(id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), id.size());
  const std::string_view digits = id.substr(letters);
  return letters >= 2 && letters <= 8 && digits.size() >= 3 && digits.size() <= 5 &&
         digits.find_first_not_of("0123456789") == digits.npos;
}

Status CheckId(std::string_view id, std::string_view plugin) {
  if (!IsRuleId(id)) return Error("FL9005", "rule '{}': the id should be 2 to 8 capital letters and 3 to 5 digits", id);
  const bool hosts = id.starts_with("FL") && id.size() > 2 && id[2] >= '0' && id[2] <= '9';
  if (hosts && !plugin.starts_with("fairlead."))
    return Error("FL9005", "rule {}: ids that begin with FL are the host's", id);
  return Ok();
}

Result<PluginRule> ReadRule(const void* address, const PluginLibrary& library, uint64_t index) {
  const std::string what = fmt::format("rule {}", index);
  const PluginMemory& memory = library.memory;
  FL_ASSIGN_OR_RETURN(const auto row, memory.Struct<fl_rule>(address, kRowSize, what));
  PluginRule rule;
  FL_ASSIGN_OR_RETURN(rule.id, memory.Text(row.id, 16, what + ": id"));
  FL_RETURN_IF_ERROR(CheckId(rule.id, library.manifest.id));
  FL_ASSIGN_OR_RETURN(rule.name, memory.Text(row.name, 128, rule.id + ": name"));
  FL_ASSIGN_OR_RETURN(rule.summary, memory.Text(row.summary, 1024, rule.id + ": summary"));
  FL_ASSIGN_OR_RETURN(rule.help, memory.OptionalText(row.help, 4096, rule.id + ": help"));
  FL_ASSIGN_OR_RETURN(rule.op, memory.OptionalText(row.op, 256, rule.id + ": op"));
  if (row.level < FL_LEVEL_NOTE || row.level > FL_LEVEL_ERROR) {
    return Error("FL9005", "rule {}: level {}, wanted {} to {}", rule.id, row.level, +FL_LEVEL_NOTE, +FL_LEVEL_ERROR);
  }
  if (row.scope != FL_RULE_GRAPH && row.scope != FL_RULE_NODE) {
    return Error("FL9005", "rule {}: scope {}, wanted {} or {}", rule.id, row.scope, +FL_RULE_GRAPH, +FL_RULE_NODE);
  }
  if (!memory.IsCode(row.check)) return Error("FL9005", "rule {}: check does not point to code", rule.id);
  rule.level = static_cast<Level>(row.level);
  rule.per_node = row.scope == FL_RULE_NODE;
  rule.row = static_cast<const fl_rule*>(address);
  return rule;
}

// ---- running

// One rule's calls. fl.diag/1 is served in it, fl.build/1 is not: a rule that builds is told FL_FAILED_PRECONDITION.
class RuleContext final : public GraphContext {
 public:
  RuleContext(PluginPtr plugin, Diagnostics& diagnostics, const GraphView& view, const PluginRule& rule)
      : GraphContext(std::move(plugin), diagnostics, view), rule_(rule) {}

  Location location() const override { return node_ ? LocationOfNode(*node_) : Location(); }
  void CheckNode(std::optional<uint32_t> node) {
    NewCall();
    node_ = node;
  }
  fl_status Report(const fl_finding& finding);

 private:
  Location LocationOfNode(uint32_t number) const;

  const PluginRule& rule_;
  std::optional<uint32_t> node_;
  uint32_t findings_ = 0;
};

Location RuleContext::LocationOfNode(uint32_t number) const {
  const Node& node = view().node(number);
  const Graph& graph = *view().graphs()[view().PlaceOfNode(number).graph].graph;
  std::string name = node.name;
  for (const ValueId output : node.outputs) {
    if (name.empty() && output != kNoValue) name = graph.value(output).name;
  }
  return LocationOf(graph.source(node.source), std::move(name));
}

fl_status RuleContext::Report(const fl_finding& finding) {
  if (finding.size < sizeof(fl_finding)) {
    return Fail(FL_INVALID_ARGUMENT,
                fmt::format("fl.diag/1: a finding of {} bytes, wanted {}", finding.size, sizeof(fl_finding)));
  }
  if (finding.level < 0 || finding.level > FL_LEVEL_ERROR) {
    return Fail(FL_INVALID_ARGUMENT, fmt::format("fl.diag/1: level {}, wanted 0 to {}", finding.level, +FL_LEVEL_ERROR));
  }
  std::optional<uint32_t> node = node_;
  if (finding.node.id != 0) {
    node = NumberOf(finding.node);
    if (!node) return FL_INVALID_ARGUMENT;
  }
  if (++findings_ > kMaxFindings) {
    return Fail(FL_RESOURCE_EXHAUSTED, fmt::format("fl.diag/1: more than {} findings of one rule", kMaxFindings));
  }
  std::string hint = Sanitized(finding.hint);
  Finding result{.rule = rule_.id,
                 .message = Sanitized(finding.message),
                 .locations = {},
                 .hint = hint.empty() ? rule_.help : std::move(hint),
                 .level = finding.level == 0 ? rule_.level : static_cast<Level>(finding.level),
                 .plugin = plugin()->id()};
  if (node) result.locations.push_back(LocationOfNode(*node));
  diagnostics().Report(std::move(result));
  return FL_OK;
}

fl_status DiagReport(fl_ctx* ctx, const fl_finding* finding) {
  auto* context = CallContext::Find<RuleContext>(ctx);
  if (context == nullptr) return CallContext::WrongContext(ctx, "fl.diag/1 is for rules");
  if (finding == nullptr) return context->Fail(FL_INVALID_ARGUMENT, "fl.diag/1: the finding is null");
  return context->Report(*finding);
}

constexpr fl_diag kDiag = {sizeof(fl_diag), 0, DiagReport};

// False when the rule failed and must not be asked again.
bool CheckOne(RuleContext& context, const PluginRule& rule, std::optional<uint32_t> node) {
  context.CheckNode(node);
  const uint32_t graph = node ? context.view().PlaceOfNode(*node).graph : 0;
  const fl_rule_call call = {sizeof(fl_rule_call),
                             0,
                             context.handle(),
                             context.GraphHandle(graph),
                             node ? context.NodeHandle(*node) : fl_node{0},
                             CallContext::Host(),
                             CallContext::CoreTable(),
                             GraphTable(),
                             TypesTable(),
                             TensorTable(),
                             DiagTable()};
  const fl_status status = Guarded(context, [&] { return rule.row->check(&call, rule.row); });
  if (status == FL_OK) return true;
  context.diagnostics().Report(
      {.rule = "FL9001",
       .message = fmt::format("rule {} of plugin {} failed with {}: {}", rule.id, context.plugin()->id(),
                              StatusName(status), context.message().empty() ? "it gave no reason" : context.message()),
       .locations = {context.location()},
       .hint = {},
       .plugin = {}});
  return false;
}

void RunRule(const GraphView& view, const PluginPtr& plugin, const PluginRule& rule, Diagnostics& diagnostics) {
  RuleContext context(plugin, diagnostics, view, rule);
  if (!rule.per_node) {
    CheckOne(context, rule, std::nullopt);
    return;
  }
  for (uint32_t graph = 0; graph < view.graphs().size(); ++graph) {
    for (const NodeId id : view.graphs()[graph].graph->order()) {
      const uint32_t node = view.NumberOfNode(graph, id);
      if (!rule.op.empty() && ToString(view.node(node).op) != rule.op) continue;
      if (!CheckOne(context, rule, node)) return;
    }
  }
}

}  // namespace

Result<std::vector<PluginRule>> ReadRules(const PluginLibrary& library) {
  const Plugin plugin(library, {});
  FL_ASSIGN_OR_RETURN(const auto table, plugin.Read<fl_p_rule>(FL_P_RULE_ID, kTableSize));
  std::vector<PluginRule> rules;
  if (!table) return rules;
  FL_RETURN_IF_ERROR(CheckRows(library.memory, table->rows, table->count, table->stride, kRowSize, kMaxRules, "rules"));
  const auto* row = reinterpret_cast<const std::byte*>(table->rows);
  for (uint64_t i = 0; i < table->count; ++i) {
    FL_ASSIGN_OR_RETURN(PluginRule rule, ReadRule(row + i * table->stride, library, i));
    rules.push_back(std::move(rule));
  }
  return rules;
}

void RunRules(const Graph& graph, const std::map<std::string, int>& opsets, const std::vector<PluginPtr>& plugins,
              Diagnostics& diagnostics) {
  const GraphView view(graph, opsets);
  std::map<std::string, std::string> owners;  // rule → plugin
  for (const PluginPtr& plugin : plugins) {
    for (const PluginRule& rule : plugin->rules()) {
      const auto [owner, is_new] = owners.try_emplace(rule.id, plugin->id());
      if (is_new) {
        RunRule(view, plugin, rule, diagnostics);
      } else {
        diagnostics.Report({.rule = "FL9007",
                            .message = fmt::format("rule {} of plugin {} is not run: plugin {} has a rule of this id",
                                                   rule.id, plugin->id(), owner->second),
                            .locations = {},
                            .hint = {},
                            .level = Level::kWarning,
                            .plugin = {}});
      }
    }
  }
}

const fl_diag* DiagTable() { return &kDiag; }

}  // namespace fairlead
