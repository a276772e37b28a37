#include "plugin/context.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "plugin/plain_tables.hpp"

namespace fairlead {
namespace {

using testing::HasSubstr;

fl_str Text(std::string_view text) { return {text.data(), text.size()}; }
std::string String(fl_str text) { return {text.data, text.size}; }

class ContextTest : public testing::Test {
 protected:
  ContextTest() {
    library_.manifest.id = "com.acme";
    library_.option_list = {
        {"threads", "4", "", FL_OPTION_I64}, {"scale", "0.5", "", FL_OPTION_F64}, {"fast", "true", "", FL_OPTION_BOOL}};
    library_.rules = {{.id = "ACME001", .name = "A", .summary = "a", .help = {}, .op = {}}};
    plugin_ = std::make_shared<const Plugin>(
        library_, std::map<std::string, std::string>{{"threads", "8"}, {"scale", "0.5"}, {"fast", "true"}});
    context_ = std::make_unique<CallContext>(plugin_, diagnostics_);
  }

  const fl_core& core() const { return *CallContext::CoreTable(); }

  PluginLibrary library_;
  PluginPtr plugin_;
  Diagnostics diagnostics_;
  std::unique_ptr<CallContext> context_;
};

TEST_F(ContextTest, IsGoodOnlyWhileItsCallRuns) {
  fl_ctx* const ctx = context_->handle();
  EXPECT_EQ(core().fail(ctx, FL_INTERNAL, Text("early")), FL_INVALID_ARGUMENT);
  EXPECT_EQ(Guarded(*context_, [&] { return core().fail(ctx, FL_UNIMPLEMENTED, Text("now")); }), FL_UNIMPLEMENTED);
  EXPECT_EQ(core().fail(ctx, FL_INTERNAL, Text("late")), FL_INVALID_ARGUMENT);
  EXPECT_EQ(context_->message(), "now");
}

TEST_F(ContextTest, IsNotGoodOnAnotherThread) {
  fl_status elsewhere = FL_OK;
  (void)Guarded(*context_, [&] {
    std::thread([&] { elsewhere = core().fail(context_->handle(), FL_INTERNAL, Text("x")); }).join();
    return fl_status{FL_OK};
  });
  EXPECT_EQ(elsewhere, FL_INVALID_ARGUMENT);
}

TEST_F(ContextTest, RefusesPointersFromThinAir) {
  const fl_status status =
      Guarded(*context_, [&] { return core().fail(reinterpret_cast<fl_ctx*>(0x10), FL_INTERNAL, Text("x")); });
  EXPECT_EQ(status, FL_INVALID_ARGUMENT);
}

TEST_F(ContextTest, KeepsTheFirstWordsOfThePlugin) {
  (void)Guarded(*context_, [&] {
    context_->Fail(FL_INVALID_ARGUMENT, "the host's");
    core().fail(context_->handle(), FL_INTERNAL, Text("first"));
    return core().fail(context_->handle(), FL_INTERNAL, Text("second"));
  });
  EXPECT_EQ(context_->message(), "first");
}

TEST_F(ContextTest, FallsBackToTheFirstFailureOfTheHostThatMatters) {
  context_->Fail(FL_NOT_FOUND, "no constant");
  EXPECT_EQ(context_->message(), "no constant");
  context_->Fail(FL_INVALID_ARGUMENT, "Add refuses its inputs");
  context_->Fail(FL_INVALID_ARGUMENT, "a value is invalid");
  EXPECT_EQ(context_->message(), "Add refuses its inputs");
  EXPECT_EQ(context_->last_error(), "a value is invalid");
}

TEST_F(ContextTest, TurnsExceptionsIntoSentences) {
  EXPECT_EQ(Guarded(*context_, []() -> fl_status { throw std::out_of_range("at: 7"); }), FL_INTERNAL);
  EXPECT_EQ(context_->message(), "threw an exception: at: 7");
  context_->Reset(plugin_);
  EXPECT_EQ(Guarded(*context_, []() -> fl_status { throw 7; }), FL_INTERNAL);
  EXPECT_EQ(context_->message(), "threw an exception that is no std::exception");
  EXPECT_EQ(CallContext::Find(context_->handle()), nullptr) << "the call ended with the exception";
}

TEST_F(ContextTest, TakesNoBrokenPromiseOfTheHostForThePlugins) {
  EXPECT_THROW((void)Guarded(*context_, []() -> fl_status { throw CheckFailure("it does not hold"); }), CheckFailure);
}

TEST_F(ContextTest, TurnsUnknownStatusesIntoSentences) {
  EXPECT_EQ(Guarded(*context_, [] { return fl_status{12345}; }), FL_INTERNAL);
  EXPECT_EQ(context_->message(), "returned status 12345, which the ABI does not have");
  EXPECT_EQ(Guarded(*context_, [] { return fl_status{FL_DECLINED}; }), FL_DECLINED);
}

TEST_F(ContextTest, BoundsAndRepairsMessages) {
  (void)Guarded(*context_, [&] {
    std::string message(200'000, 'x');
    message[1] = '\xff';
    return core().fail(context_->handle(), FL_INTERNAL, Text(message));
  });
  EXPECT_EQ(context_->message().substr(0, 5), "x\xEF\xBF\xBDx");
  EXPECT_LE(context_->message().size(), 64u * 1024 + 2);
}

TEST_F(ContextTest, AllocatesAlignedMemoryUpToABound) {
  void* memory = nullptr;
  (void)Guarded(*context_, [&] { return core().allocate(context_->handle(), 100, 4096, &memory); });
  EXPECT_NE(memory, nullptr);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 4096, 0u);
  const auto allocate = [&](uint64_t bytes, uint64_t alignment) {
    return Guarded(*context_, [&] { return core().allocate(context_->handle(), bytes, alignment, &memory); });
  };
  EXPECT_EQ(allocate(UINT64_MAX, 8), FL_RESOURCE_EXHAUSTED);
  EXPECT_EQ(allocate((256ull << 20) - 99, 8), FL_RESOURCE_EXHAUSTED) << "100 are taken already";
  EXPECT_EQ(allocate(8, 0), FL_INVALID_ARGUMENT);
  EXPECT_EQ(allocate(8, 24), FL_INVALID_ARGUMENT);
  EXPECT_EQ(allocate(8, 8192), FL_INVALID_ARGUMENT);
}

TEST_F(ContextTest, GivesOptionsAsWhatTheyAre) {
  fl_str text{};
  int64_t threads = 0;
  double scale = 0;
  int32_t fast = 0;
  (void)Guarded(*context_, [&] {
    fl_ctx* const ctx = context_->handle();
    EXPECT_EQ(core().option(ctx, Text("threads"), &text), FL_OK);
    EXPECT_EQ(OptionsTable()->i64(ctx, Text("threads"), &threads), FL_OK);
    EXPECT_EQ(OptionsTable()->f64(ctx, Text("scale"), &scale), FL_OK);
    EXPECT_EQ(OptionsTable()->boolean(ctx, Text("fast"), &fast), FL_OK);
    EXPECT_EQ(OptionsTable()->i64(ctx, Text("scale"), &threads), FL_INVALID_ARGUMENT);
    EXPECT_EQ(OptionsTable()->i64(ctx, Text("nobody"), &threads), FL_NOT_FOUND);
    EXPECT_EQ(core().option(ctx, Text("nobody"), &text), FL_NOT_FOUND);
    return fl_status{FL_OK};
  });
  EXPECT_EQ(String(text), "8");
  EXPECT_EQ(threads, 8);
  EXPECT_EQ(scale, 0.5);
  EXPECT_EQ(fast, 1);
}

TEST_F(ContextTest, ReportsFindingsOfRulesThatSomebodyDeclared) {
  const auto report = [&](fl_level level, std::string_view rule) {
    return Guarded(*context_, [&] { return core().report(context_->handle(), level, Text(rule), Text("said")); });
  };
  EXPECT_EQ(report(FL_LEVEL_WARNING, "FL2016"), FL_OK);
  EXPECT_EQ(report(FL_LEVEL_NOTE, "ACME001"), FL_OK);
  EXPECT_EQ(report(FL_LEVEL_NOTE, "ACME002"), FL_NOT_FOUND);
  EXPECT_EQ(report(FL_LEVEL_ERROR, "ACME001"), FL_INVALID_ARGUMENT);
  EXPECT_EQ(report(77, "ACME001"), FL_INVALID_ARGUMENT);
  ASSERT_EQ(diagnostics_.findings().size(), 2u);
  EXPECT_EQ(diagnostics_.findings()[0].plugin, "com.acme");
  EXPECT_EQ(diagnostics_.findings()[1].level, Level::kNote);
}

TEST(Host, HandsOutTablesByIdAndSize) {
  const fl_host* host = CallContext::Host();
  const void* table = nullptr;
  EXPECT_EQ(host->get_interface(host, Text("fl.core/1"), sizeof(fl_core), &table), FL_OK);
  EXPECT_EQ(table, CallContext::CoreTable());
  EXPECT_EQ(host->get_interface(host, Text("fl.core/1"), sizeof(fl_core) + 8, &table), FL_UNIMPLEMENTED);
  EXPECT_EQ(host->get_interface(host, Text("fl.core/2"), 8, &table), FL_NOT_FOUND);
  EXPECT_EQ(host->get_interface(host, {nullptr, 9}, 8, &table), FL_INVALID_ARGUMENT);
  for (const char* id : {"fl.graph/1", "fl.types/1", "fl.tensor/1", "fl.diag/1", "fl.options/1", "fl.schema/1"}) {
    EXPECT_EQ(host->get_interface(host, Text(id), 8, &table), FL_OK) << id;
  }
}

TEST(SchemaTable, KnowsOperatorsOfOnnxAndPyTorch) {
  uint32_t since = 0;
  EXPECT_EQ(SchemaTable()->onnx_since(Text(""), Text("Gelu"), 20, &since), FL_OK);
  EXPECT_EQ(since, 20u);
  EXPECT_EQ(SchemaTable()->onnx_since(Text(""), Text("Gelu"), 19, &since), FL_NOT_FOUND);
  fl_str text{};
  EXPECT_EQ(SchemaTable()->aten(Text("aten::relu.default"), &text), FL_OK);
  EXPECT_THAT(String(text), HasSubstr("relu(Tensor self) -> Tensor"));
  EXPECT_EQ(SchemaTable()->aten(Text("aten::nobody.default"), &text), FL_NOT_FOUND);
  EXPECT_EQ(SchemaTable()->aten(Text("relu"), &text), FL_INVALID_ARGUMENT);
}

}  // namespace
}  // namespace fairlead
