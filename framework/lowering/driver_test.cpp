// What the driver makes of rows that decline, read too little, answer the wrong thing or reach for what is not theirs.
#include "lowering/driver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>

#include "ir/text.hpp"
#include "plugin/testing/fake_plugin.hpp"

namespace fairlead {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

fl_str Text(std::string_view text) { return {text.data(), text.size()}; }

// What a row does, in C's terms but short.
class Call {
 public:
  explicit Call(const fl_call& call) : call_(call) {}

  fl_value Input(std::string_view name) {
    fl_arg arg{};
    arg.size = sizeof arg;
    status = call_.aten->arg(call_.ctx, call_.node, Text(name), &arg);
    return arg.value;
  }
  fl_value Emit(std::string_view op, std::vector<fl_value> inputs, std::string_view domain = "",
                const std::vector<fl_attr>& attributes = {}) {
    fl_emit emit{};
    emit.size = sizeof emit;
    emit.domain = Text(domain), emit.op = Text(op);
    emit.inputs = inputs.data(), emit.n_inputs = inputs.size();
    emit.attrs = attributes.data(), emit.n_attrs = static_cast<uint32_t>(attributes.size());
    emit.attr_stride = sizeof(fl_attr), emit.n_outputs = 1;
    fl_value out{};
    status = call_.build->emit(call_.ctx, &emit, &out);
    return out;
  }
  fl_value Number(float number) {
    const fl_constant constant = {sizeof constant, 1, nullptr, 0, &number, sizeof number};
    fl_value out{};
    status = call_.build->constant(call_.ctx, &constant, &out);
    return out;
  }
  void Begin() { status = call_.build->subgraph_begin(call_.ctx, nullptr, nullptr, 0, nullptr); }
  fl_graph End(fl_value output) {
    fl_graph graph{};
    status = call_.build->subgraph_end(call_.ctx, &output, 1, &graph);
    return graph;
  }
  static fl_attr Branch(std::string_view name, const fl_graph& graph) {
    return {sizeof(fl_attr), FL_ATTR_GRAPH, Text(name), 0, 0, &graph, 1};
  }
  fl_status Results(fl_value value) { return status = call_.build->results(call_.ctx, &value, 1); }
  void Warn() { status = call_.core->report(call_.ctx, FL_LEVEL_WARNING, Text("FL2016"), Text("draws")); }

  fl_status status = FL_OK;  // of the last function called

 private:
  const fl_call& call_;
};

// A body in terms of Call.
auto On(std::function<fl_status(Call&)> body) {
  return [body = std::move(body)](const fl_call& call) {
    Call c(call);
    return body(c);
  };
}

class DriverTest : public testing::Test {
 protected:
  // The model's graph, or "RULE: message".
  std::string Lower(std::vector<const FakePlugin*> plugins, std::string_view program) {
    std::vector<PluginPtr> loaded;
    for (const FakePlugin* plugin : plugins) loaded.push_back(plugin->plugin());
    const auto registry = Registry::Make(loaded, {}, diagnostics_);
    EXPECT_TRUE(registry.ok()) << registry.error().message;
    auto graph = ParseGraph(program);
    EXPECT_TRUE(graph.ok()) << graph.error().message;
    ExportedProgram exported;
    exported.graph = *std::move(graph);
    auto model = LowerProgram(exported, *registry, {}, diagnostics_);
    if (!model.ok()) return model.error().rule + ": " + model.error().message;
    imports_ = model->opset_imports;
    for (const NodeId id : model->graph.order()) model->graph.node(id).name.clear();
    return Print(model->graph);
  }
  static std::string Normal(std::string_view graph) { return Print(*ParseGraph(graph)); }

  Diagnostics diagnostics_;
  std::map<std::string, int> imports_;
};

constexpr char kSchema[] = "acme::f(Tensor x, int n=1) -> Tensor";
constexpr char kProgram[] = "agraph (float[2] x) => (float[2] y) { y = acme::f.default(x=x) }";
constexpr char kRelu[] = "agraph (float[2] x) => (float[2] y) { y = Relu(x) }";

fl_status LowerToRelu(Call& call) { return call.Results(call.Emit("Relu", {call.Input("x")})); }

TEST_F(DriverTest, ADecliningRowLeavesNothingBehind) {
  const FakePlugin first("a.first", {{kSchema, On([](Call& call) {
                                        call.Emit("Foo", {call.Input("x")}, "com.acme");
                                        call.Warn();
                                        call.Begin();
                                        call.End(call.Number(1));
                                        return fl_status{FL_DECLINED};
                                      })}});
  const FakePlugin second("b.second", {{kSchema, On(LowerToRelu)}});
  EXPECT_EQ(Lower({&first, &second}, kProgram), Normal(kRelu));
  EXPECT_THAT(imports_, ElementsAre(Pair("", 20)));
  for (const Finding& finding : diagnostics_.findings()) EXPECT_NE(finding.rule, "FL2016") << finding.message;
}

TEST_F(DriverTest, ARowThatStaysIsHeard) {
  const FakePlugin plugin("a", {{kSchema, On([](Call& call) {
                                   call.Warn();
                                   return call.Results(call.Emit("Foo", {call.Input("x")}, "com.acme"));
                                 })}});
  EXPECT_THAT(Lower({&plugin}, kProgram), HasSubstr("com.acme::Foo"));
  EXPECT_THAT(imports_, ElementsAre(Pair("", 20), Pair("com.acme", 1)));
  ASSERT_EQ(diagnostics_.findings().size(), 1u);
  EXPECT_EQ(diagnostics_.findings()[0].rule, "FL2016");
}

TEST_F(DriverTest, ArgumentsThatNobodyReadAreRefused) {
  const FakePlugin plugin("a", {{kSchema, On(LowerToRelu)}});
  EXPECT_THAT(Lower({&plugin}, "agraph (float[2] x) => (float[2] y) { y = acme::f.default(x=x, n=2) }"),
              HasSubstr("FL2003: acme::f.default: n=2 was not read by the lowering of plugin a"));
  EXPECT_EQ(Lower({&plugin}, "agraph (float[2] x) => (float[2] y) { y = acme::f.default(x=x, n=1) }"), Normal(kRelu));
}

TEST_F(DriverTest, UnusedParametersTakeTheirDefaultOnly) {
  bool called = false;
  const FakePlugin plugin("a", {{.schema = kSchema,
                                 .body = On([&](Call& call) {
                                   called = true;
                                   return LowerToRelu(call);
                                 }),
                                 .unused = 2}});
  EXPECT_THAT(Lower({&plugin}, "agraph (float[2] x) => (float[2] y) { y = acme::f.default(x=x, n=2) }"),
              HasSubstr("FL2003: acme::f.default: n=2 is not supported by this lowering"));
  EXPECT_FALSE(called);
}

TEST_F(DriverTest, AnArgumentThatTheSchemaDoesNotHaveIsNotFound) {
  fl_status answered = FL_OK;
  const FakePlugin plugin("a", {{kSchema, On([&](Call& call) {
                                   call.Input("nobody");
                                   answered = call.status;
                                   return LowerToRelu(call);
                                 })}});
  EXPECT_EQ(Lower({&plugin}, kProgram), Normal(kRelu));
  EXPECT_EQ(answered, FL_NOT_FOUND);
}

TEST_F(DriverTest, TheLongNameOfOnnxsDomainIsTheShortOne) {
  const FakePlugin relu(
      "a", {{kSchema, On([](Call& call) { return call.Results(call.Emit("Relu", {call.Input("x")}, "ai.onnx")); })}});
  EXPECT_EQ(Lower({&relu}, kProgram), Normal(kRelu));
  const FakePlugin newer("a", {{kSchema, On([](Call& call) {
                                  const fl_value x = call.Input("x");
                                  call.Emit("Attention", {x, x, x}, "ai.onnx");
                                  return call.status;
                                })}});
  EXPECT_THAT(Lower({&newer}, kProgram), HasSubstr("Attention exists since opset 23"));
}

TEST_F(DriverTest, ResultsOfAnEndedGraphAreRefused) {
  const FakePlugin plugin("a", {{kSchema, On([](Call& call) {
                                   const fl_value x = call.Input("x");
                                   call.Begin();
                                   const fl_value inner = call.Emit("Relu", {x});
                                   call.Results(inner);
                                   call.End(inner);
                                   return fl_status{FL_OK};
                                 })}});
  EXPECT_THAT(Lower({&plugin}, kProgram), HasSubstr("a result is a value of a nested graph that was ended"));
}

TEST_F(DriverTest, AGraphBelongsToANodeOfTheGraphItWasBegunIn) {
  const FakePlugin plugin(
      "a", {{kSchema, On([](Call& call) {
               const fl_value x = call.Input("x");
               call.Begin();
               const fl_graph branch = call.End(call.Emit("Relu", {x}));
               call.Begin();
               const fl_value sum = call.Emit("ReduceSum", {x});
               const fl_value positive = call.Emit("Greater", {sum, call.Number(0)});
               call.Emit("If", {positive}, "", {Call::Branch("then_branch", branch), Call::Branch("else_branch", branch)});
               return call.status;
             })}});
  EXPECT_THAT(Lower({&plugin}, kProgram), HasSubstr("begun in another one than its node"));
}

TEST_F(DriverTest, NestingHasAnEnd) {
  const FakePlugin plugin("a", {{kSchema, On([](Call& call) {
                                   for (int i = 0; i < 1000 && call.status == FL_OK; ++i) call.Begin();
                                   return call.status;
                                 })}});
  EXPECT_THAT(Lower({&plugin}, kProgram), HasSubstr("nested more than 64 deep"));
}

TEST_F(DriverTest, NamesAreBoundedUtf8) {
  for (const auto& [op, sentence] : {std::pair<std::string, const char*>{"Fo\xffo", "is not UTF-8"},
                                     {std::string(5000, 'x'), "has 5000 bytes, the limit is 4096"}}) {
    const FakePlugin plugin("a", {{kSchema, On([&](Call& call) {
                                     call.Emit(op, {call.Input("x")}, "com.acme");
                                     return call.status;
                                   })}});
    EXPECT_THAT(Lower({&plugin}, kProgram), HasSubstr(sentence));
  }
}

// The numbers that a nested graph shares end with it; the next one has its own.
TEST_F(DriverTest, NestedGraphsOfTwoNodesShareNothing) {
  const FakePlugin plugin(
      "a",
      {{kSchema, On([](Call& call) {
          const fl_value x = call.Input("x");
          const fl_value positive = call.Emit("Greater", {call.Emit("ReduceSum", {x}), call.Number(0)});
          std::array<fl_graph, 2> branches;
          for (fl_graph& branch : branches) {
            call.Begin();
            const fl_value one = call.Number(1);
            branch = call.End(call.Emit("Add", {x, one}));
          }
          return call.Results(call.Emit(
              "If", {positive}, "", {Call::Branch("then_branch", branches[0]), Call::Branch("else_branch", branches[1])}));
        })}});
  const std::string text = Lower({&plugin},
                                 "agraph (float[2] x) => (float[2] z) { y = acme::f.default(x=x)\n"
                                 "z = acme::f.default(x=y) }");
  std::size_t constants = 0;
  for (std::size_t at = text.find("float {1.0}"); at != text.npos; at = text.find("float {1.0}", at + 1)) ++constants;
  EXPECT_EQ(constants, 4u) << text;
}

}  // namespace
}  // namespace fairlead
