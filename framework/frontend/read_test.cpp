// Reads every archive of tests/data/fixtures and holds it against outcomes.csv and against what PyTorch said of it.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "archive/tensors_file.hpp"
#include "frontend/frontend.hpp"
#include "ir/text.hpp"
#include "ir/verifier.hpp"

namespace fairlead {
namespace {

using ::testing::HasSubstr;

const std::filesystem::path kFixtures = FAIRLEAD_TEST_DATA "/fixtures";

Result<ExportedProgram> Read(const std::string& file, const ReadOptions& options = {}) {
  Diagnostics diagnostics;
  return ReadExportedProgram(kFixtures / file, options, diagnostics);
}

std::map<std::string, std::string> Outcomes() {
  std::map<std::string, std::string> out;
  std::ifstream table(kFixtures / "outcomes.csv");
  for (std::string line; std::getline(table, line);) {
    const std::size_t comma = line.find(',');
    out[line.substr(0, comma)] = line.substr(comma + 1);
  }
  return out;
}

TEST(Fixtures, AreAllInTheTable) {
  std::set<std::string> files, listed;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kFixtures))
    if (entry.path().extension() == ".pt2") files.insert(std::filesystem::relative(entry.path(), kFixtures).string());
  for (const auto& [file, outcome] : Outcomes()) listed.insert(file);
  EXPECT_EQ(files, listed);
}

TEST(Fixtures, AreReadOrNamedForWhatTheyAre) {
  for (const auto& [file, outcome] : Outcomes()) {
    SCOPED_TRACE(file);
    const auto program = Read(file, {.check_crc = true});
    if (outcome == "program") {
      ASSERT_TRUE(program.ok()) << program.error().message;
    } else {
      ASSERT_FALSE(program.ok());
      EXPECT_EQ(program.error().rule, outcome == "no weights" ? "FL1009" : "FL1001");
      EXPECT_THAT(program.error().message,
                  HasSubstr(outcome == "no weights" ? "has no data" : "an archive without a program"));
    }
  }
}

TEST(Fixtures, GiveGraphsThatHoldTogether) {
  for (const auto& [file, outcome] : Outcomes()) {
    if (outcome == "incomplete") continue;
    SCOPED_TRACE(file);
    const auto program = Read(file, {.weightless = true});
    ASSERT_TRUE(program.ok()) << program.error().message;
    const Status verified = VerifyGraph(program->graph);
    EXPECT_TRUE(verified.ok()) << verified.message();
    EXPECT_FALSE(Print(program->graph).empty());
  }
}

// weights/VERSION/NAME.safetensors: what PyTorch itself reads (weights.py).
TEST(Fixtures, GiveTheWeightsThatPyTorchReads) {
  std::size_t compared = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kFixtures / "weights")) {
    if (entry.path().extension() != ".safetensors") continue;
    SCOPED_TRACE(entry.path().string());
    const auto expected = ReadTensors(entry.path());
    const auto program = Read((entry.path().parent_path().filename() / entry.path().stem()).string() + ".pt2");
    ASSERT_TRUE(expected.ok() && program.ok());
    for (const auto& [name, tensor] : program->weights) {
      const Tensor* const value = expected->Find(name);
      ASSERT_NE(value, nullptr) << name;
      EXPECT_TRUE(SameContent(tensor, *value)) << name;
      ++compared;
    }
  }
  EXPECT_GT(compared, 100u);
}

// expected/VERSION/NAME.safetensors: "in.K" are the sample inputs, "out.K" the outputs, K counts leaves of the pytree.
const Tensor* Leaf(const NamedTensors& tensors, std::string_view kind, std::size_t index) {
  return tensors.Find(std::string(kind) + "." + std::to_string(index));
}

bool Fits(const Type& type, const Tensor& tensor) {
  if (type.dtype != tensor.dtype() || type.rank() != static_cast<int64_t>(tensor.dims().size())) return false;
  for (std::size_t i = 0; i < tensor.dims().size(); ++i)
    if ((*type.dims)[i].IsStatic() && (*type.dims)[i].size() != tensor.dims()[i]) return false;
  return true;
}

TEST(Fixtures, HaveTheInputsAndOutputsThatPyTorchSaw) {
  std::size_t inputs = 0, outputs = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kFixtures / "expected")) {
    if (entry.path().extension() != ".safetensors") continue;
    SCOPED_TRACE(entry.path().string());
    const auto expected = ReadTensors(entry.path());
    const auto program = Read((entry.path().parent_path().filename() / entry.path().stem()).string() + ".pt2");
    ASSERT_TRUE(expected.ok()) << expected.error().message;
    ASSERT_TRUE(program.ok()) << program.error().message;
    std::size_t leaf = 0;
    for (const InputSpec& spec : program->inputs) {
      if (spec.kind != InputSpec::Kind::kUser && spec.kind != InputSpec::Kind::kConstant) continue;
      const Tensor* const tensor = Leaf(*expected, "in", leaf);
      const Type type = spec.value == kNoValue ? Type() : program->graph.value(spec.value).type;
      if (tensor && type.IsTensor()) {
        EXPECT_TRUE(Fits(type, *tensor)) << spec.name << " " << ToString(type);
        ++inputs;
        // The samples stand in the archives of 2.4 and later.
        if (!program->sample_inputs.empty()) {
          ASSERT_TRUE(std::holds_alternative<Tensor>(program->sample_inputs[leaf]));
          EXPECT_TRUE(SameContent(std::get<Tensor>(program->sample_inputs[leaf]), *tensor)) << spec.name;
        }
      }
      EXPECT_EQ(tensor != nullptr, type.IsTensor()) << spec.name;
      ++leaf;
    }
    leaf = 0;
    for (const OutputSpec& spec : program->outputs) {
      if (spec.kind != OutputSpec::Kind::kUser) continue;
      const Tensor* const tensor = Leaf(*expected, "out", leaf++);
      const Type type = spec.value == kNoValue ? Type() : program->graph.value(spec.value).type;
      EXPECT_EQ(tensor != nullptr, type.IsTensor()) << spec.name;
      if (!tensor || !type.IsTensor()) continue;
      EXPECT_TRUE(Fits(type, *tensor)) << spec.name << " " << ToString(type);
      ++outputs;
    }
  }
  EXPECT_GT(inputs, 200u);
  EXPECT_GT(outputs, 200u);
}

TEST(Fixtures, AreWeightlessWhenAsked) {
  const auto program = Read("pt2-2.14.1/fakew.pt2", {.weightless = true});
  ASSERT_TRUE(program.ok()) << program.error().message;
  ASSERT_FALSE(program->weights.empty());
  for (const auto& [name, tensor] : program->weights) EXPECT_TRUE(tensor.IsAbsent()) << name;
}

}  // namespace
}  // namespace fairlead
