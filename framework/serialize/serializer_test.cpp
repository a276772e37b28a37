#include "serialize/serializer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <numeric>

#include "base/mapped_file.hpp"
#include "onnx/testing/judge.hpp"

namespace fairlead {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_onnx::Folder;
using testing_onnx::JudgedValid;
using testing_onnx::ReadBytes;
using testing_onnx::WriteBytes;

// Float weights in a file, as a program's archive holds them.
class Weights {
 public:
  Weights(const fs::path& path, int64_t floats) {
    std::vector<float> numbers(static_cast<std::size_t>(floats));
    std::iota(numbers.begin(), numbers.end(), 0.5f);
    WriteBytes(path, {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float)});
    Open(path);
  }
  // A file of zeros that takes no space.
  static Weights Sparse(const fs::path& path, uint64_t size) {
    WriteBytes(path, "");
    fs::resize_file(path, size);
    return Weights(path);
  }

  Tensor View(std::vector<int64_t> dims, uint64_t offset = 0, std::vector<int64_t> strides = {}) const {
    int64_t last = 1;
    for (std::size_t i = 0; i < dims.size(); ++i)
      last = strides.empty() ? last * dims[i] : last + (dims[i] - 1) * strides[i];
    const uint64_t size = static_cast<uint64_t>(last) * sizeof(float);
    return Tensor::View(DType::kFloat, std::move(dims), std::move(strides), file_->bytes().subspan(offset, size), file_,
                        FileRange{file_, offset, size});
  }

 private:
  explicit Weights(const fs::path& path) { Open(path); }
  void Open(const fs::path& path) {
    auto file = MappedFile::Open(path);
    FL_CHECK(file.ok(), "the file was just written");
    file_ = *std::move(file);
  }
  std::shared_ptr<const MappedFile> file_;
};

// y = x + w for every weight w, which must broadcast with [rows, n].
Model Sum(const std::vector<Tensor>& weights, int64_t n) {
  Model model;
  model.opset_imports = {{"", 20}};
  model.metadata = {{"source", "test"}};
  Graph& graph = model.graph;
  ValueId sum = graph.AddInput("x", Type(DType::kFloat, Dims{1, n}));
  int64_t rows = 1;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const ValueId weight = graph.AddInitializer("layer." + std::to_string(i) + ".weight", weights[i]);
    const NodeId add = graph.AddNode({.op = {"", "Add", ""}, .inputs = {sum, weight}}, 1);
    sum = graph.node(add).outputs[0];
    if (weights[i].dims().size() == 2) rows = std::max(rows, weights[i].dims()[0]);
    graph.value(sum).type = Type(DType::kFloat, Dims{rows, n});
  }
  graph.AddOutput(sum);
  NameValues(graph);
  return model;
}

void WriteExpected(const Model& model, const fs::path& onnx_file) {
  fs::path folder = onnx_file;
  folder.replace_extension(".weights");
  for (const Initializer& initializer : model.graph.initializers()) {
    const Tensor dense = initializer.tensor.Dense();
    WriteBytes(folder / model.graph.value(initializer.value).name,
               {reinterpret_cast<const char*>(dense.bytes().data()), dense.bytes().size()});
  }
}

// ONNX's package and ONNX Runtime both find the weights.
testing::AssertionResult Right(const fs::path& folder) {
  const testing::AssertionResult valid = JudgedValid(folder);
  return valid ? testing_onnx::Succeeds("../../serialize/testing/run_sums.py", folder.string()) : valid;
}

std::vector<std::string> Names(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

class WriteModelTest : public testing::Test {
 protected:
  fs::path Output(const std::string& name = "m.onnx") const { return folder_.path() / name; }
  Result<WrittenFiles> Write(const Model& model, WeightPolicy policy, const std::string& name = "m.onnx") {
    return WriteModel(model, {.output = Output(name), .weights = policy}, diagnostics_);
  }
  Model Mixed() {
    const Weights weights(Output("program.bin"), 20000);
    return Sum({weights.View({4096}, 64), weights.View({1, 4096}, 1024), Small(), weights.View({3, 4096}, 128),
                weights.View({4096}, 0, {3})},
               4096);
  }
  static Tensor Small() {
    const float two = 2;
    return Tensor::Scalar(DType::kFloat, two);
  }

  Folder folder_;
  Diagnostics diagnostics_;
};

TEST_F(WriteModelTest, EmbedsWeightsWhereverTheirBytesAre) {
  const Model model = Mixed();
  const auto written = Write(model, WeightPolicy::kEmbed);
  ASSERT_TRUE(written.ok()) << written.error().message;
  WriteExpected(model, Output());
  EXPECT_TRUE(Right(folder_.path()));
  EXPECT_THAT(written->data, IsEmpty());
  EXPECT_EQ(written->bytes, fs::file_size(Output()));
}

TEST_F(WriteModelTest, PutsLargeWeightsOnPagesOfADataFile) {
  const Model model = Mixed();
  const auto written = Write(model, WeightPolicy::kExternal);
  ASSERT_TRUE(written.ok()) << written.error().message;
  WriteExpected(model, Output());
  EXPECT_TRUE(Right(folder_.path()));
  EXPECT_THAT(written->data, ElementsAre(Output("m.onnx.data")));
  EXPECT_EQ(written->bytes, fs::file_size(Output()) + fs::file_size(Output("m.onnx.data")));
  EXPECT_LT(fs::file_size(Output()), 2000u);
  EXPECT_EQ(fs::file_size(Output("m.onnx.data")) % 64, 0u);
}

TEST_F(WriteModelTest, RefersToWeightsWhereTheyLie) {
  const Weights weights(Output("program.pt2"), 20000);
  const Model model = Sum({weights.View({4096}, 64), weights.View({2, 4096}, 256), Small()}, 4096);
  const auto written = Write(model, WeightPolicy::kReference);
  ASSERT_TRUE(written.ok()) << written.error().message;
  WriteExpected(model, Output());
  EXPECT_TRUE(Right(folder_.path()));
  EXPECT_THAT(written->data, IsEmpty());
  EXPECT_THAT(ReadBytes(Output()), HasSubstr("program.pt2"));
}

TEST_F(WriteModelTest, RefusesToReferToWeightsThatCannotBeUsedWhereTheyLie) {
  fs::create_directory(Output("elsewhere"));
  const auto why = [&](const Tensor& tensor, const std::string& name = "m.onnx") {
    const auto written = Write(Sum({tensor}, 4096), WeightPolicy::kReference, name);
    EXPECT_FALSE(written.ok());
    EXPECT_FALSE(fs::exists(Output()));
    return written.error().rule + " " + written.error().message;
  };
  const Weights weights(Output("program.pt2"), 20000);
  EXPECT_THAT(why(weights.View({4096}, 0, {2})),
              HasSubstr("FL6016 weight layer.0.weight cannot be used where it lies: its elements"));
  EXPECT_THAT(why(weights.View({4096}, 2)), HasSubstr("not aligned"));
  EXPECT_THAT(why(weights.View({4096}), "program.pt2"), HasSubstr("would be overwritten"));
  EXPECT_THAT(why(Weights(Output("elsewhere/program.pt2"), 20000).View({4096})), HasSubstr("is not in the folder of"));
  fs::create_hard_link(Output("program.pt2"), Output("second.pt2"));
  EXPECT_THAT(why(Tensor::Owned(DType::kFloat, {4096}, std::vector<std::byte>(16384))),
              HasSubstr("it is compressed, or was computed"));
  auto linked = MappedFile::Open(Output("second.pt2"));
  ASSERT_TRUE(linked.ok());
  EXPECT_THAT(
      why(Tensor::View(DType::kFloat, {4096}, {}, (*linked)->bytes().first(16384), *linked, FileRange{*linked, 0, 16384})),
      HasSubstr("has 2 hard links"));
}

TEST_F(WriteModelTest, NeverReplacesTheProgramItWasMadeOf) {
  Model model = Mixed();
  WriteBytes(Output("a.pt2"), "program");
  fs::create_symlink("a.pt2", Output("soft.onnx"));
  fs::create_hard_link(Output("a.pt2"), Output("hard.onnx.data"));
  model.program = *MappedFile::Open(Output("a.pt2"));
  const std::vector<std::string> before = Names(folder_.path());
  const auto refused = [&](WeightPolicy policy, const std::string& name) {
    const auto written = Write(model, policy, name);
    ASSERT_FALSE(written.ok()) << name;
    EXPECT_EQ(written.error().rule, "FL6015");
    EXPECT_THAT(written.error().message, HasSubstr("it is the program that the model was made of"));
    EXPECT_EQ(ReadBytes(Output("a.pt2")), "program");
    EXPECT_EQ(Names(folder_.path()), before);
  };
  refused(WeightPolicy::kEmbed, "a.pt2");
  refused(WeightPolicy::kNone, "a.pt2");
  refused(WeightPolicy::kEmbed, "soft.onnx");
  refused(WeightPolicy::kExternal, "hard.onnx");
  EXPECT_TRUE(Write(model, WeightPolicy::kEmbed, "hard.onnx").ok()) << "its weights are not in hard.onnx.data";
}

TEST_F(WriteModelTest, MakesWeightsInputsOfAModelWithoutWeights) {
  Model model = Sum({Tensor::Absent(DType::kFloat, {4}), Small()}, 4);
  const ValueId state = model.graph.AddInput("state", Type(DType::kInt64, Dims{1}));
  model.graph.mutable_initializers().push_back({state, Tensor::Ints(std::vector<int64_t>{1})});
  const auto written = Write(model, WeightPolicy::kNone);
  ASSERT_TRUE(written.ok()) << written.error().message;
  fs::create_directory(Output("m.weights"));  // no initializer is expected
  EXPECT_TRUE(JudgedValid(folder_.path()));
  EXPECT_EQ(Write(model, WeightPolicy::kEmbed).error().rule, "FL1009");
  EXPECT_EQ(Write(model, WeightPolicy::kExternal).error().rule, "FL1009");
}

TEST_F(WriteModelTest, GivesTheSameBytesEveryTime) {
  const Model model = Mixed();
  for (const WeightPolicy policy : {WeightPolicy::kEmbed, WeightPolicy::kExternal, WeightPolicy::kNone}) {
    ASSERT_TRUE(Write(model, policy).ok());
    const std::string once = ReadBytes(Output()), data = ReadBytes(Output("m.onnx.data"));
    ASSERT_TRUE(Write(model, policy).ok());
    EXPECT_EQ(ReadBytes(Output()), once);
    EXPECT_EQ(ReadBytes(Output("m.onnx.data")), data);
  }
}

TEST_F(WriteModelTest, LeavesOldFilesAloneWhenTheCheckerRefuses) {
  WriteBytes(Output(), "old");
  WriteBytes(Output("m.onnx.data"), "old data");
  Model model = Mixed();
  model.graph.value(model.graph.outputs()[0]).type.dtype = DType::kInt8;
  const std::vector<std::string> before = Names(folder_.path());
  EXPECT_EQ(Write(model, WeightPolicy::kExternal).error().rule, "FL7004");
  EXPECT_EQ(ReadBytes(Output()), "old");
  EXPECT_EQ(ReadBytes(Output("m.onnx.data")), "old data");
  EXPECT_EQ(Names(folder_.path()), before);
}

TEST_F(WriteModelTest, TakesBackTheDataWhenTheModelCannotBePlaced) {
  const Model model = Mixed();
  fs::create_directory(Output());
  WriteBytes(Output("m.onnx.data"), "old data");
  const std::vector<std::string> before = Names(folder_.path());
  const auto written = Write(model, WeightPolicy::kExternal);
  EXPECT_EQ(written.error().rule, "FL6015");
  EXPECT_THAT(written.error().message, HasSubstr("is a directory"));
  EXPECT_EQ(ReadBytes(Output("m.onnx.data")), "old data");
  EXPECT_EQ(Names(folder_.path()), before);
}

TEST_F(WriteModelTest, ReplacesOldFilesOnlyAsAWhole) {
  WriteBytes(Output(), "old");
  WriteBytes(Output("m.onnx.data"), "old data");
  ASSERT_TRUE(Write(Mixed(), WeightPolicy::kExternal).ok());
  EXPECT_THAT(Names(folder_.path()), ElementsAre("m.onnx", "m.onnx.data", "program.bin"));
  EXPECT_TRUE(JudgedValid(folder_.path()));
}

TEST_F(WriteModelTest, GivesFilesTheModeOfTheUsersMask) {
  const mode_t mask = umask(027);
  ASSERT_TRUE(Write(Mixed(), WeightPolicy::kExternal).ok());
  umask(mask);
  struct stat info = {};
  ASSERT_EQ(stat(Output("m.onnx.data").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640u);
}

TEST_F(WriteModelTest, ReportsFoldersAndNamesThatCannotBe) {
  const Model model = Sum({Small()}, 4);
  const auto error = [&](const fs::path& output) { return WriteModel(model, {.output = output}, diagnostics_).error(); };
  EXPECT_EQ(error(Output("missing/m.onnx")).rule, "FL6015");
  EXPECT_EQ(error("").rule, "FL6015");
  EXPECT_EQ(error(folder_.path() / "").rule, "FL6015");
}

// The limit stands for a full disk: the kernel answers EFBIG as it would answer ENOSPC.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit = {bytes, old_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &old_); }

 private:
  rlimit old_ = {};
};

TEST_F(WriteModelTest, LeavesNothingBehindWhenTheDiskIsFull) {
  const Model model = Mixed();
  for (const WeightPolicy policy : {WeightPolicy::kEmbed, WeightPolicy::kExternal}) {
    const FileSizeLimit full(10000);
    EXPECT_EQ(Write(model, policy).error().rule, "FL6015");
    EXPECT_THAT(Names(folder_.path()), ElementsAre("program.bin"));
  }
}

TEST_F(WriteModelTest, MovesWeightsOutsideWhenTheyAreTooLargeForProtobuf) {
  const Weights weights = Weights::Sparse(Output("program.bin"), uint64_t{2200} << 20);
  const Model model = Sum({weights.View({550, 1 << 20})}, 1 << 20);
  const FileSizeLimit full(1 << 20);  // what follows is not worth writing gigabytes
  EXPECT_EQ(Write(model, WeightPolicy::kEmbed).error().rule, "FL6015");
  ASSERT_EQ(diagnostics_.findings().size(), 1u);
  EXPECT_EQ(diagnostics_.findings()[0].rule, "FL6007");
  EXPECT_EQ(diagnostics_.findings()[0].level, Level::kNote);
  EXPECT_THAT(diagnostics_.findings()[0].message, HasSubstr("m.onnx.data"));
}

long PeakKiB() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// Another file system: the kernel does not copy between the two.
TEST_F(WriteModelTest, CopiesFromAnotherFileSystem) {
  if (!fs::exists("/dev/shm")) GTEST_SKIP() << "there is no second file system to copy from";
  const fs::path source = fs::path("/dev/shm") / folder_.path().filename();
  const Weights weights(source, 1 << 20);
  const Model model = Sum({weights.View({1 << 19}, 64), weights.View({2, 1 << 19})}, 1 << 19);
  const auto written = Write(model, WeightPolicy::kExternal);
  fs::remove(source);
  ASSERT_TRUE(written.ok()) << written.error().message;
  WriteExpected(model, Output());
  EXPECT_TRUE(JudgedValid(folder_.path()));
}

TEST_F(WriteModelTest, LeavesNothingBehindWhenItIsInterrupted) {
  const std::atomic<bool> interrupted = true;
  const auto written = WriteModel(Mixed(), {.output = Output(), .interrupted = &interrupted}, diagnostics_);
  EXPECT_EQ(written.error().rule, "FL9016");
  EXPECT_THAT(Names(folder_.path()), ElementsAre("program.bin"));
}

TEST_F(WriteModelTest, NeverReplacesWhatIsNotAFile) {
  ASSERT_EQ(mkfifo(Output().c_str(), 0600), 0);
  EXPECT_THAT(Write(Mixed(), WeightPolicy::kEmbed).error().message, HasSubstr("it is not a regular file"));
  EXPECT_EQ(fs::status(Output()).type(), fs::file_type::fifo);
}

TEST_F(WriteModelTest, NeedsNoMemoryForAGigabyteOfWeights) {
  const Weights weights = Weights::Sparse(Output("program.bin"), uint64_t{1} << 30);
  const auto written = Write(Sum({weights.View({256, 1 << 20})}, 1 << 20), WeightPolicy::kEmbed);
  ASSERT_TRUE(written.ok()) << written.error().message;
  EXPECT_GT(written->bytes, uint64_t{1} << 30);
  EXPECT_LT(PeakKiB(), 128 << 10);
}

TEST_F(WriteModelTest, NeedsLittleMemoryForStridedWeights) {
  constexpr int64_t kRows = 64, kColumns = 1 << 20;
  const Weights weights = Weights::Sparse(Output("program.bin"), kRows * kColumns * sizeof(float));
  const auto written = Write(Sum({weights.View({kColumns, kRows}, 0, {1, kColumns})}, kRows), WeightPolicy::kExternal);
  ASSERT_TRUE(written.ok()) << written.error().message;
  EXPECT_LT(PeakKiB(), 128 << 10) << "256 MiB are read in pieces whose pages are given back";
}

}  // namespace
}  // namespace fairlead
