#include "plugin/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <stdexcept>

#include "ir/text.hpp"
#include "plugin/context.hpp"

namespace fairlead {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

fl_str Text(std::string_view text) { return {text.data(), text.size()}; }
std::string String(fl_str text) { return {text.data, text.size}; }

constexpr char kGraph[] =
    "agraph (float[n,3] x, bool[] flag) => (float[n,3] y) {\n"
    "  w = Constant<value = float[3] {1.0, 2.0, 4.0}>()  # float[3]\n"
    "  a = Mul(x, w)  # float[n,3]\n"
    "  b = LeakyRelu<alpha=0.25>(a)  # float[n,3]\n"
    "  y = If<then_branch=agraph then () => (float[n,3] r) { r = Relu(a) }, else_branch=agraph else () => (float[n,3] s) { "
    "s = Add(a, b) }>(flag)  # float[n,3]\n"
    "}";

// What the rule under test does; rows are constants, so that it cannot be captured.
std::function<fl_status(const fl_rule_call&)> body;
fl_status Check(const fl_rule_call* call, const fl_rule*) { return body(*call); }

class RulesTest : public testing::Test {
 protected:
  RulesTest() : graph_(*ParseGraph(kGraph)) {
    library_.manifest.id = "com.acme";
    row_.check = Check;
  }

  void Run(bool per_node, const std::string& op, std::function<fl_status(const fl_rule_call&)> check) {
    body = std::move(check);
    library_.rules = {{.id = "ACME001",
                       .name = "A",
                       .summary = "a",
                       .help = "help",
                       .op = op,
                       .level = Level::kWarning,
                       .per_node = per_node,
                       .row = &row_}};
    RunRules(graph_, {{"", 20}}, {std::make_shared<const Plugin>(library_, std::map<std::string, std::string>{})},
             diagnostics_);
  }
  Finding Only() const {
    EXPECT_EQ(diagnostics_.findings().size(), 1u);
    return diagnostics_.findings().empty() ? Finding{} : diagnostics_.findings()[0];
  }
  static std::string OpOf(const fl_rule_call& call, fl_node node) {
    fl_op op{};
    op.size = sizeof op;
    EXPECT_EQ(call.graphs->node_op(call.ctx, node, &op), FL_OK);
    return String(op.type);
  }

  Graph graph_;
  fl_rule row_{};
  PluginLibrary library_;
  Diagnostics diagnostics_;
};

TEST_F(RulesTest, SeeEachNodeOnceNestedGraphsIncluded) {
  std::vector<std::string> seen;
  Run(true, "", [&](const fl_rule_call& call) {
    seen.push_back(OpOf(call, call.node));
    return FL_OK;
  });
  EXPECT_THAT(seen, ElementsAre("Constant", "Mul", "LeakyRelu", "If", "Relu", "Add"));
  EXPECT_TRUE(diagnostics_.findings().empty());
}

TEST_F(RulesTest, SeeOnlyTheOperatorTheyNamed) {
  int calls = 0;
  Run(true, "Add", [&](const fl_rule_call&) { return ++calls, FL_OK; });
  EXPECT_EQ(calls, 1);
}

TEST_F(RulesTest, ReadTypesAndSymbolicSizes) {
  Run(true, "Mul", [&](const fl_rule_call& call) {
    fl_value inputs[2];
    uint64_t total = 0;
    EXPECT_EQ(call.graphs->node_inputs(call.ctx, call.node, inputs, 2, &total), FL_OK);
    EXPECT_EQ(total, 2u);
    fl_value_type type{};
    type.size = sizeof type;
    EXPECT_EQ(call.types->value(call.ctx, inputs[0], &type), FL_OK);
    EXPECT_EQ(type.dtype, 1);
    EXPECT_EQ(type.rank, 2);
    fl_dim_text dims[2];
    EXPECT_EQ(call.types->dims(call.ctx, inputs[0], nullptr, 0, &total), FL_OK);
    EXPECT_EQ(total, 2u);
    EXPECT_EQ(call.types->dims(call.ctx, inputs[0], dims, 2, &total), FL_OK);
    EXPECT_EQ(String(dims[0].expression), "n");
    EXPECT_EQ(dims[0].size, -1);
    EXPECT_EQ(dims[1].size, 3);
    EXPECT_EQ(dims[1].expression.data, nullptr);
    return FL_OK;
  });
}

TEST_F(RulesTest, ReadAttributesAndConstants) {
  Run(false, "", [&](const fl_rule_call& call) {
    fl_node nodes[4];
    uint64_t total = 0;
    EXPECT_EQ(call.graphs->nodes(call.ctx, call.graph, nodes, 4, &total), FL_OK);
    EXPECT_EQ(total, 4u) << "nested nodes are not among them";
    fl_attr alpha{};
    alpha.size = sizeof alpha;
    EXPECT_EQ(call.graphs->attribute_by_name(call.ctx, nodes[2], Text("alpha"), &alpha), FL_OK);
    EXPECT_EQ(alpha.kind, FL_ATTR_FLOAT);
    EXPECT_EQ(alpha.f, 0.25);
    EXPECT_EQ(call.graphs->attribute_by_name(call.ctx, nodes[2], Text("beta"), &alpha), FL_NOT_FOUND);
    fl_value w;
    EXPECT_EQ(call.graphs->node_outputs(call.ctx, nodes[0], &w, 1, &total), FL_OK);
    fl_tensor tensor;
    EXPECT_EQ(call.graphs->value_tensor(call.ctx, w, &tensor), FL_OK);
    fl_tensor_info info{};
    info.size = sizeof info;
    EXPECT_EQ(call.tensors->info(call.ctx, tensor, &info), FL_OK);
    EXPECT_EQ(info.rank, 1u);
    EXPECT_EQ(info.dims[0], 3);
    const void* data = nullptr;
    uint64_t nbytes = 0;
    EXPECT_EQ(call.tensors->data(call.ctx, tensor, &data, &nbytes), FL_OK);
    float numbers[3];
    EXPECT_EQ(nbytes, sizeof numbers);
    std::memcpy(numbers, data, sizeof numbers);
    EXPECT_THAT(numbers, ElementsAre(1.f, 2.f, 4.f));
    return FL_OK;
  });
}

TEST_F(RulesTest, FollowValuesIntoNestedGraphs) {
  Run(true, "Mul", [&](const fl_rule_call& call) {
    fl_value a;
    uint64_t total = 0;
    EXPECT_EQ(call.graphs->node_outputs(call.ctx, call.node, &a, 1, &total), FL_OK);
    fl_node users[8];
    EXPECT_EQ(call.graphs->value_users(call.ctx, a, users, 8, &total), FL_OK);
    std::vector<std::string> ops;
    for (uint64_t i = 0; i < total; ++i) ops.push_back(OpOf(call, users[i]));
    EXPECT_THAT(ops, testing::UnorderedElementsAre("LeakyRelu", "Relu", "Add"));
    fl_node producer;
    EXPECT_EQ(call.graphs->value_producer(call.ctx, a, &producer), FL_OK);
    EXPECT_EQ(producer.id, call.node.id);
    return FL_OK;
  });
}

TEST_F(RulesTest, KnowTheOpsetAndTheGraphAround) {
  Run(true, "Relu", [&](const fl_rule_call& call) {
    uint32_t opset = 0;
    EXPECT_EQ(call.graphs->opset(call.ctx, call.graph, Text(""), &opset), FL_OK);
    EXPECT_EQ(opset, 20u);
    EXPECT_EQ(call.graphs->opset(call.ctx, call.graph, Text("com.acme"), &opset), FL_NOT_FOUND);
    fl_graph main{}, none{7};
    EXPECT_EQ(call.graphs->parent(call.ctx, call.graph, &main), FL_OK);
    EXPECT_EQ(call.graphs->parent(call.ctx, main, &none), FL_OK);
    EXPECT_EQ(none.id, 0u);
    return FL_OK;
  });
}

TEST_F(RulesTest, ReportAtTheirNodeWithTheirLevelAndHelp) {
  Run(true, "LeakyRelu", [&](const fl_rule_call& call) {
    const fl_finding finding = {sizeof(fl_finding), 0, {0}, Text("slope"), {nullptr, 0}};
    return call.diag->report(call.ctx, &finding);
  });
  const Finding finding = Only();
  EXPECT_EQ(finding.rule, "ACME001");
  EXPECT_EQ(finding.level, Level::kWarning);
  EXPECT_EQ(finding.hint, "help");
  EXPECT_EQ(finding.plugin, "com.acme");
  ASSERT_EQ(finding.locations.size(), 1u);
  EXPECT_EQ(finding.locations[0].node, "b");
}

TEST_F(RulesTest, AreRefusedHandlesOfEarlierCalls) {
  fl_node kept{};
  fl_status status = FL_OK;
  Run(true, "", [&](const fl_rule_call& call) {
    if (kept.id == 0) {
      kept = call.node;
    } else {
      fl_op op{};
      op.size = sizeof op;
      status = call.graphs->node_op(call.ctx, kept, &op);
    }
    return FL_OK;
  });
  EXPECT_EQ(status, FL_INVALID_ARGUMENT);
}

TEST_F(RulesTest, AreRefusedHandlesFromThinAir) {
  Run(true, "Mul", [&](const fl_rule_call& call) {
    fl_str name{};
    uint64_t total = 0;
    uint64_t random = 0x9E3779B97F4A7C15;
    for (int i = 0; i < 10'000; ++i) {
      random = random * 6364136223846793005u + 1442695040888963407u;
      EXPECT_EQ(call.graphs->value_name(call.ctx, {random}, &name), FL_INVALID_ARGUMENT);
      EXPECT_EQ(call.graphs->node_name(call.ctx, {random}, &name), FL_INVALID_ARGUMENT);
      EXPECT_EQ(call.graphs->inputs(call.ctx, {random}, nullptr, 0, &total), FL_INVALID_ARGUMENT);
      EXPECT_EQ(call.tensors->data(call.ctx, {random}, nullptr, nullptr), FL_INVALID_ARGUMENT);
    }
    EXPECT_EQ(call.graphs->node_name(call.ctx, {call.graph.id}, &name), FL_INVALID_ARGUMENT) << "a graph is no node";
    EXPECT_EQ(call.graphs->node_name(call.ctx, {call.node.id + 1'000'000}, &name), FL_INVALID_ARGUMENT);
    EXPECT_EQ(call.graphs->node_name(call.ctx, call.node, nullptr), FL_INVALID_ARGUMENT);
    return FL_OK;
  });
}

TEST_F(RulesTest, ThatFailAreNotAskedAgain) {
  int calls = 0;
  Run(true, "", [&](const fl_rule_call&) -> fl_status {
    ++calls;
    throw std::runtime_error("no more");
  });
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(Only().rule, "FL9001");
  EXPECT_EQ(Only().level, Level::kError);
  EXPECT_EQ(diagnostics_.exit_code(), 15);
  EXPECT_EQ(Only().message, "rule ACME001 of plugin com.acme failed with INTERNAL: threw an exception: no more");
}

TEST_F(RulesTest, AreBoundedInWhatTheySay) {
  Run(false, "", [&](const fl_rule_call& call) {
    const fl_finding finding = {sizeof(fl_finding), 0, {0}, Text("again"), {nullptr, 0}};
    for (int i = 0; i < 10'000; ++i) EXPECT_EQ(call.diag->report(call.ctx, &finding), FL_OK);
    EXPECT_EQ(call.diag->report(call.ctx, &finding), FL_RESOURCE_EXHAUSTED);
    fl_finding wrong = finding;
    wrong.level = 9;
    EXPECT_EQ(call.diag->report(call.ctx, &wrong), FL_INVALID_ARGUMENT);
    wrong.size = 4;
    EXPECT_EQ(call.diag->report(call.ctx, &wrong), FL_INVALID_ARGUMENT);
    EXPECT_EQ(call.diag->report(call.ctx, nullptr), FL_INVALID_ARGUMENT);
    return FL_OK;
  });
}

// ---- reading the table

fl_rule table_row;
fl_p_rule table;
const void* GetTable(void*, fl_str) { return &table; }

class RuleTableTest : public testing::Test {
 protected:
  RuleTableTest() {
    table_row = {sizeof(fl_rule),    FL_LEVEL_WARNING, FL_RULE_NODE, 0,    Text("ACME001"), Text("Name"),
                 Text("A summary."), {nullptr, 0},     {nullptr, 0}, Check};
    table = {sizeof(fl_p_rule), sizeof(fl_rule), &table_row, 1};
    library_.manifest.id = "com.acme";
    library_.table = GetTable;
  }
  std::string Refusal() const {
    const auto rules = ReadRules(library_);
    return rules.ok() ? "" : rules.error().message;
  }
  PluginLibrary library_;
};

TEST_F(RuleTableTest, IsRead) {
  const auto rules = ReadRules(library_);
  ASSERT_TRUE(rules.ok()) << rules.error().message;
  ASSERT_EQ(rules->size(), 1u);
  EXPECT_EQ((*rules)[0].id, "ACME001");
}

TEST_F(RuleTableTest, IsRefusedWithIdsThatAreNotOne) {
  for (const char* id : {"acme001", "A001", "ACME1", "ACME", "001", "ACME123456", "ACME-001"}) {
    table_row.id = Text(id);
    EXPECT_THAT(Refusal(), HasSubstr("the id should be 2 to 8 capital letters and 3 to 5 digits")) << id;
  }
}

TEST_F(RuleTableTest, IsRefusedTheIdsOfTheHost) {
  table_row.id = Text("FL2001");
  EXPECT_THAT(Refusal(), HasSubstr("ids that begin with FL are the host's"));
  library_.manifest.id = "fairlead.rules_core";
  EXPECT_EQ(Refusal(), "");
}

TEST_F(RuleTableTest, IsRefusedWithMembersOutOfRange) {
  table_row.level = 0;
  EXPECT_THAT(Refusal(), HasSubstr("level 0, wanted 1 to 3"));
  table_row.level = FL_LEVEL_NOTE;
  table_row.scope = 3;
  EXPECT_THAT(Refusal(), HasSubstr("scope 3"));
  table_row.scope = FL_RULE_GRAPH;
  table_row.check = nullptr;
  EXPECT_THAT(Refusal(), HasSubstr("check does not point to code"));
  table.count = UINT64_MAX;
  EXPECT_THAT(Refusal(), HasSubstr("18446744073709551615 rows, at most 1000 are allowed"));
}

}  // namespace
}  // namespace fairlead
