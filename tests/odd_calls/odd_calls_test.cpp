// Every row of the built-in lowerings, called as no exporter calls it: it lowers or it refuses, and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "calls.hpp"
#include "ir/text.hpp"
#include "ir/verifier.hpp"
#include "lowering/lowering.hpp"
#include "trials.hpp"

namespace fairlead {
namespace {

constexpr int kOpsets[] = {20, 18, 23, 26};
constexpr std::size_t kShown = 20;

std::size_t CallsOfRow() {
  if (const char* const wanted = std::getenv("FAIRLEAD_ODD_CALLS")) return std::strtoull(wanted, nullptr, 10);
  return CALLS_OF_ROW;
}

const Registry& BuiltinRows() {
  static const Registry* const registry = [] {
    PluginSources sources;
    sources.files = {PLUGIN_FILES};
    sources.builtin = sources.environment = false;
    Diagnostics diagnostics;
    auto plugins = PluginLoader(LoweringTables()).Load(sources, FL_KIND_LOWERING, diagnostics);
    if (!plugins.ok()) throw std::runtime_error(plugins.error().message);
    auto made = Registry::Make(*plugins, {}, diagnostics);
    if (!made.ok()) throw std::runtime_error(made.error().message);
    return new Registry(*std::move(made));
  }();
  return *registry;
}

// What exceptions of the C++ library say of themselves; no refusal speaks like that.
bool IsOfAnException(std::string_view message) {
  constexpr std::string_view kWords[] = {"out of memory", "an exception", "std::",    "vector::", "basic_string",
                                         "array::at",     "map::at",      "max_size", " threw "};
  return std::ranges::any_of(kWords, [&](std::string_view word) { return message.find(word) != message.npos; });
}

struct Part {
  const char* plugin;
  std::size_t part, parts;
};
void PrintTo(const Part& one, std::ostream* out) { *out << one.plugin << " " << one.part << "/" << one.parts; }

class OddCalls : public testing::TestWithParam<Part> {
 protected:
  void SetUp() override {
    const auto [plugin, part, parts] = GetParam();
    std::size_t i = 0;
    for (const LoweringRow* const row : BuiltinRows().Rows())
      if (row->plugin->id() == plugin && i++ % parts == part) rows_.push_back(row);
  }

  ExportedProgram Program(std::size_t call) const { return OddCall(rows_[call / calls_]->schema(), call % calls_); }

  static int Opset(std::size_t call) { return kOpsets[call % std::size(kOpsets)]; }

  // What is wrong with what is made of the call; empty when nothing is.
  std::string Complaint(std::size_t call) const {
    Diagnostics diagnostics;
    const ExportedProgram program = Program(call);
    const Result<Model> model = LowerProgram(program, BuiltinRows(), {.opset = Opset(call)}, diagnostics);
    if (model.ok()) return std::string(VerifyGraph(model->graph).message());
    const ErrorInfo& error = model.error();
    if (error.message.empty()) return "a refusal without a word";
    // The host refuses an argument that a lowering passed over; our own have to honour it or refuse it by name.
    const bool passed_over = error.message.find("was not read by the lowering of plugin") != std::string::npos;
    if (error.rule == "FL9014" || passed_over || IsOfAnException(error.message)) return error.rule + ": " + error.message;
    return {};
  }

  std::vector<const LoweringRow*> rows_;
  std::size_t calls_ = CallsOfRow();
};

TEST_P(OddCalls, AreLoweredOrRefused) {
  ASSERT_FALSE(rows_.empty());
  const auto casualties = Try(
      rows_.size() * calls_, [&](std::size_t call) { return Complaint(call); }, kShown);
  for (const auto& [call, what] : casualties)
    ADD_FAILURE() << what << "\nat opset " << Opset(call) << ":\n" << Print(Program(call).graph);
}

// The aten rows in parts, so that they can run side by side.
constexpr Part kParts[] = {
    {"fairlead.aten", 0, 4}, {"fairlead.aten", 1, 4},      {"fairlead.aten", 2, 4},
    {"fairlead.aten", 3, 4}, {"fairlead.quantized", 0, 1}, {"fairlead.torchvision", 0, 1},
};
INSTANTIATE_TEST_SUITE_P(Builtin, OddCalls, testing::ValuesIn(kParts), [](const auto& param) {
  const std::string_view plugin = param.param.plugin;
  return fmt::format("{}_{}", plugin.substr(plugin.rfind('.') + 1), param.param.part);
});

TEST(OddCall, IsTheSameForTheSameNumber) {
  const AtenSchema& schema = *FindSchema({"aten", "conv2d", "default"});
  for (uint64_t number = 0; number < 50; ++number)
    EXPECT_EQ(Print(OddCall(schema, number).graph), Print(OddCall(schema, number).graph));
  EXPECT_NE(Print(OddCall(schema, 0).graph), Print(OddCall(schema, 1).graph));
}

TEST(Trials, SayWhichOneDiedAndGoOnAfterIt) {
  const auto casualties = Try(
      6,
      [](std::size_t i) -> std::string {
        if (i == 1) std::abort();
        if (i == 2) _exit(9);
        return i == 4 ? "complains" : "";
      },
      10);
  ASSERT_EQ(casualties.size(), 3u);
  EXPECT_EQ(casualties[0].trial, 1u);
  EXPECT_THAT(casualties[0].what, testing::HasSubstr("signal 6"));
  EXPECT_EQ(casualties[1].trial, 2u);
  EXPECT_EQ(casualties[1].what, "ended the process with status 9");
  EXPECT_EQ(casualties[2].trial, 4u);
  EXPECT_EQ(casualties[2].what, "complains");
}

}  // namespace
}  // namespace fairlead
