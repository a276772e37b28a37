#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/runtime.hpp"

namespace fairlead {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Provider : public testing::Test {
 protected:
  Result<std::unique_ptr<ExecutionProvider>> Open(const std::string& fault) {
    PluginSources sources;
    sources.files = {FAIRLEAD_FAULTY_PROVIDER};
    sources.builtin = sources.environment = false;
    sources.options["fairlead.test.faulty"] = {{"fault", fault}};
    HostTables tables;
    tables.exec = ExecTable();
    FL_ASSIGN_OR_RETURN(const auto plugins, PluginLoader(tables).Load(sources, FL_KIND_EP, diagnostics_));
    return OpenProvider("faulty", plugins, diagnostics_);
  }

  Result<NamedTensors> Run(const std::string& fault) {
    FL_ASSIGN_OR_RETURN(const auto provider, Open(fault));
    FL_ASSIGN_OR_RETURN(const auto session, provider->Load("any.onnx"));
    const float x[] = {1, 2, 3};
    const auto bytes = std::as_bytes(std::span(x));
    NamedTensors inputs;
    inputs.tensors.emplace_back("x", Tensor::Owned(DType::kFloat, {3}, {bytes.begin(), bytes.end()}));
    return session->Run(inputs);
  }

  std::string ErrorOf(const std::string& fault) {
    const auto results = Run(fault);
    return results.ok() ? "none" : results.error().rule + " " + results.error().message;
  }

  Diagnostics diagnostics_;
};

TEST_F(Provider, WithoutAFaultRuns) {
  const auto results = Run("none");
  ASSERT_TRUE(results.ok()) << results.error().message;
  EXPECT_EQ(*results->Find("y")->AsDoubles(), (std::vector<double>{2, 4, 6}));
  EXPECT_EQ((*Open("none"))->description(), "doubling 1.0");
}

TEST_F(Provider, ThatThrowsFailsWithItsWords) {
  EXPECT_THAT(ErrorOf("exception"), AllOf(HasSubstr("FL8006"), HasSubstr("the card is on fire")));
  EXPECT_THAT(ErrorOf("exception of no class"), HasSubstr("no std::exception"));
}

TEST_F(Provider, CannotReadOrWriteBeyondItsPorts) {
  EXPECT_THAT(ErrorOf("input past the end"), HasSubstr("input 1 is asked for, the model has 1"));
  EXPECT_THAT(ErrorOf("output past the end"), HasSubstr("output 1 is given, the model has 1"));
}

TEST_F(Provider, CannotGiveAnOutputThatIsNotOne) {
  EXPECT_THAT(ErrorOf("another type"), HasSubstr("output y is given with data type 11, the model says float"));
  EXPECT_THAT(ErrorOf("negative size"), HasSubstr("negative or overflowing size"));
  EXPECT_THAT(ErrorOf("overflow"), HasSubstr("negative or overflowing size"));
  EXPECT_THAT(ErrorOf("more than there is"), HasSubstr("no memory for output y"));
  EXPECT_THAT(ErrorOf("no dims"), HasSubstr("unreadable dims, rank 3"));
  EXPECT_THAT(ErrorOf("small view"), HasSubstr("no place for a tensor"));
  EXPECT_THAT(ErrorOf("output given twice"), HasSubstr("output y is given twice"));
  EXPECT_THAT(ErrorOf("no output"), HasSubstr("gave no value for output y"));
}

TEST_F(Provider, CannotUseTheRunsTableElsewhere) {
  EXPECT_THAT(ErrorOf("input while loading"), HasSubstr("while a model runs only"));
  EXPECT_THAT(ErrorOf("made-up context"), HasSubstr("thin air answers 3"));  // FL_INVALID_ARGUMENT
}

TEST_F(Provider, WithWrongPortsIsRefused) {
  EXPECT_THAT(ErrorOf("port without name"), testing::Not("none"));
  EXPECT_THAT(ErrorOf("two inputs of one name"), HasSubstr("two inputs are named x"));
  EXPECT_THAT(ErrorOf("port of strings"), HasSubstr("x has data type 8, expected numbers"));
  EXPECT_THAT(ErrorOf("rank of 65"), HasSubstr("unreadable dims, rank 65"));
  EXPECT_THAT(ErrorOf("name that is no UTF-8"), HasSubstr("FL9005"));
}

TEST_F(Provider, SaysWhyItIsUnavailable) {
  EXPECT_EQ(ErrorOf("unavailable"), "FL8014 faulty: no such card");
  EXPECT_EQ(ErrorOf("no device"), "FL8014 faulty: this machine has no device for it");
}

TEST_F(Provider, WithoutAKernelSaysSoUnderItsOwnRule) {
  EXPECT_THAT(ErrorOf("no kernel"), AllOf(HasSubstr("FL8007"), HasSubstr("no kernel for Halve")));
}

TEST_F(Provider, OutlivesNothingItNeeds) {
  std::unique_ptr<Session> session;
  {
    auto provider = Open("none");
    session = *(*provider)->Load("any.onnx");
  }
  EXPECT_EQ(session->inputs().size(), 1u);
}

TEST_F(Provider, IsFoundByNameAmongThoseThereAre) {
  PluginSources sources;
  sources.files = {FAIRLEAD_FAULTY_PROVIDER};
  sources.builtin = sources.environment = false;
  const auto plugins = PluginLoader({}).Load(sources, FL_KIND_EP, diagnostics_);
  ASSERT_TRUE(plugins.ok()) << plugins.error().message;
  const auto provider = OpenProvider("other", *plugins, diagnostics_);
  ASSERT_FALSE(provider.ok());
  EXPECT_EQ(provider.error().message, "no plugin has an execution provider named other; there are: faulty");
}

}  // namespace
}  // namespace fairlead
