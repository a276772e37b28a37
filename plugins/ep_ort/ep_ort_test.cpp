#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "archive/tensors_file.hpp"
#include "runtime/runtime.hpp"

// Through the host's loader and runtime, as every user meets the plugin. FAIRLEAD_ONNXRUNTIME is set by CMake.
namespace fairlead {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::filesystem::path kModels = FAIRLEAD_TEST_DATA "/onnx";
using Settings = std::map<std::string, std::string>;

class EpOrt : public testing::Test {
 protected:
  Result<std::unique_ptr<ExecutionProvider>> Open(Settings settings = {}) {
    PluginSources sources;
    sources.files = {FAIRLEAD_EP_ORT};
    sources.builtin = sources.environment = false;
    if (!settings.empty()) sources.options["fairlead.ep_ort"] = std::move(settings);
    HostTables tables;
    tables.exec = ExecTable();
    FL_ASSIGN_OR_RETURN(const auto plugins, PluginLoader(tables).Load(sources, FL_KIND_EP, diagnostics_));
    return OpenProvider("ort", plugins, diagnostics_);
  }

  Result<std::unique_ptr<Session>> Load(const std::string& model) {
    FL_ASSIGN_OR_RETURN(const auto provider, Open());
    return provider->Load(kModels / model);
  }

  // Runs NAME.onnx with the inputs of a set of NAME.safetensors and compares all its outputs.
  void ExpectOutputs(const std::string& name, const std::string& set = "",
                     std::map<std::string, std::string> metadata = {}) {
    auto session = Load(name + ".onnx");
    ASSERT_TRUE(session.ok()) << session.error().message;
    const auto file = ReadTensors(kModels / (name + ".safetensors"));
    ASSERT_TRUE(file.ok()) << file.error().message;
    const auto io = MatchExpected(*file, set, (*session)->inputs(), (*session)->outputs(), metadata);
    ASSERT_TRUE(io.ok()) << io.error().message;
    ASSERT_EQ(io->outputs.tensors.size(), (*session)->outputs().size());
    const auto results = (*session)->Run(io->inputs);
    ASSERT_TRUE(results.ok()) << results.error().message;
    for (const auto& [output, expected] : io->outputs.tensors) {
      const Comparison comparison = Compare(output, *results->Find(output), expected);
      EXPECT_TRUE(comparison.equal) << output << " " << comparison.reason;
    }
  }

  std::string ErrorOf(const std::string& model) {
    const auto session = Load(model);
    return session.ok() ? "" : session.error().rule + " " + session.error().message;
  }

  Diagnostics diagnostics_;
};

TEST_F(EpOrt, SaysWhichRuntimeItIs) {
  const auto provider = Open();
  ASSERT_TRUE(provider.ok()) << provider.error().message;
  EXPECT_EQ((*provider)->id(), "ort");
  EXPECT_THAT((*provider)->description(), testing::MatchesRegex("onnxruntime 1\\.[0-9.]+ CPU"));
}

TEST_F(EpOrt, PassesEveryDataType) { ExpectOutputs("identities"); }
TEST_F(EpOrt, RunsScalarsEmptyTensorsAndSizesFoundAtRunTime) { ExpectOutputs("shapes"); }
TEST_F(EpOrt, ReadsExternalData) { ExpectOutputs("external"); }
TEST_F(EpOrt, LeavesStateToItsDefault) { ExpectOutputs("counter"); }

TEST_F(EpOrt, RunsOneModelAtTwoSizes) {
  const std::map<std::string, std::string> lists{{"fairlead.inputs", R"(["x", null])"},
                                                 {"fairlead.outputs", R"([null, "y"])"}};
  ExpectOutputs("linear", "a", lists);
  ExpectOutputs("linear", "b", lists);
}

TEST_F(EpOrt, NamesAndTypesItsPorts) {
  const auto session = Load("counter.onnx");
  ASSERT_TRUE(session.ok()) << session.error().message;
  ASSERT_EQ((*session)->inputs().size(), 2u);
  EXPECT_EQ((*session)->inputs()[1].name, "count");
  EXPECT_EQ(ToString((*session)->inputs()[1].type), "int64[]");
  EXPECT_EQ((*session)->outputs()[1].name, "count.next");
  const auto linear = Load("linear.onnx");
  EXPECT_EQ(ToString((*linear)->inputs()[0].type), "float[batch,3]");
}

TEST_F(EpOrt, TakesStateThatIsGiven) {
  const auto session = Load("counter.onnx");
  NamedTensors inputs;
  const float x[] = {0, 0, 0};
  const auto bytes = std::as_bytes(std::span(x));
  inputs.tensors.emplace_back("x", Tensor::Owned(DType::kFloat, {3}, {bytes.begin(), bytes.end()}));
  inputs.tensors.emplace_back("count", Tensor::Scalar(DType::kInt64, int64_t{41}));
  const auto results = (*session)->Run(inputs);
  ASSERT_TRUE(results.ok()) << results.error().message;
  EXPECT_THAT(*results->Find("count.next")->AsInts(), ElementsAre(42));
}

TEST_F(EpOrt, RunsFromSeveralThreads) {
  const auto session = Load("shapes.onnx");
  const auto file = ReadTensors(kModels / "shapes.safetensors");
  const auto io = MatchExpected(*file, "", (*session)->inputs(), (*session)->outputs(), {});
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int run = 0; run < 20; ++run) {
        const auto results = (*session)->Run(io->inputs);
        good += results.ok() && Compare("places", *results->Find("places"), *io->outputs.Find("places")).equal;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 80);
}

TEST_F(EpOrt, RefusesInputsThatDoNotFit) {
  const auto session = Load("linear.onnx");
  const auto error = [&](const std::string& name, const Tensor& tensor) {
    NamedTensors inputs;
    inputs.tensors.emplace_back(name, tensor);
    const auto results = (*session)->Run(inputs);
    return results.ok() ? "" : results.error().rule + " " + results.error().message;
  };
  const auto zeros = [](DType type, std::vector<int64_t> dims) {
    const Tensor shape = Tensor::Absent(type, dims);
    return Tensor::Owned(type, std::move(dims), std::vector<std::byte>(shape.dense_size()));
  };
  EXPECT_EQ(error("x", zeros(DType::kFloat, {1, 3})), "");
  EXPECT_EQ(error("z", zeros(DType::kFloat, {1, 3})), "FL8013 z is no input of the model; those are: x");
  EXPECT_EQ(error("x", zeros(DType::kDouble, {1, 3})), "FL8013 input x is double[1,3], the model takes float[batch,3]");
  EXPECT_EQ(error("x", zeros(DType::kFloat, {3})), "FL8013 input x is float[3], the model takes float[batch,3]");
  EXPECT_EQ(error("x", zeros(DType::kFloat, {1, 4})), "FL8013 input x is float[1,4], the model takes float[batch,3]");
  const auto nothing = (*session)->Run({});
  ASSERT_FALSE(nothing.ok());
  EXPECT_EQ(nothing.error().message, "input x float[batch,3] is missing");
}

TEST_F(EpOrt, SaysWhatItCannotLoad) {
  EXPECT_THAT(ErrorOf("broken.onnx"), testing::AllOf(HasSubstr("FL8006"), HasSubstr("broken.onnx")));
  EXPECT_THAT(ErrorOf("absent.onnx"), testing::AllOf(HasSubstr("FL8006"), HasSubstr("absent.onnx")));
  EXPECT_THAT(ErrorOf("no_kernel.onnx"), testing::AllOf(HasSubstr("FL8007"), HasSubstr("Add")));
  EXPECT_THAT(ErrorOf("strings.onnx"), testing::AllOf(HasSubstr("FL8007"), HasSubstr("x has elements")));
  EXPECT_THAT(ErrorOf("sequence.onnx"), testing::AllOf(HasSubstr("FL8007"), HasSubstr("y is no tensor")));
}

TEST_F(EpOrt, IsUnavailableWithoutItsLibrary) {
  const auto provider = Open({{"library", "/nowhere/libonnxruntime.so.1"}});
  ASSERT_FALSE(provider.ok());
  EXPECT_EQ(provider.error().rule, "FL8014");
  EXPECT_EQ(ExitCode(provider.status()), 14);
  EXPECT_THAT(provider.error().message, HasSubstr("/nowhere/libonnxruntime.so.1"));
  EXPECT_THAT(provider.error().message, HasSubstr("FAIRLEAD_ONNXRUNTIME"));
}

TEST_F(EpOrt, SaysThatALibraryIsNoOnnxRuntime) {
  const auto provider = Open({{"library", "libc.so.6"}});
  ASSERT_FALSE(provider.ok());
  EXPECT_THAT(provider.error().message, HasSubstr("no function OrtGetApiBase"));
}

TEST_F(EpOrt, PassesSettingsOn) {
  EXPECT_TRUE(Open({{"intra_op_num_threads", "1"}, {"graph_optimization_level", "basic"}}).ok());
  EXPECT_TRUE(Open({{"session.disable_prepacking", "1"}, {"session_config", "session.dynamic_block_base=4;ep.x=1"}}).ok());
  // A value that ONNX Runtime itself refuses when a session is made proves that it arrived.
  const auto provider = Open({{"session.intra_op_thread_affinities", "nonsense"}, {"intra_op_num_threads", "2"}});
  ASSERT_TRUE(provider.ok()) << provider.error().message;
  EXPECT_FALSE((*provider)->Load(kModels / "linear.onnx").ok());
}

TEST_F(EpOrt, RefusesSettingsThatAreWrong) {
  for (const auto& [key, value] : Settings{{"intra_op_num_threads", "-1"},
                                           {"graph_optimization_level", "most"},
                                           {"session_config", "no equals sign"},
                                           {"no_such_setting", "1"}}) {
    const auto provider = Open({{key, value}});
    ASSERT_FALSE(provider.ok()) << key;
    EXPECT_EQ(provider.error().rule, "FL9004") << provider.error().message;
    EXPECT_THAT(provider.error().message, HasSubstr(key));
  }
}

TEST_F(EpOrt, IsAskedForByName) {
  const auto provider = OpenProvider("acme", {}, diagnostics_);
  ASSERT_FALSE(provider.ok());
  EXPECT_EQ(provider.error().message, "no plugin has an execution provider named acme; there are: none");
}

}  // namespace
}  // namespace fairlead
