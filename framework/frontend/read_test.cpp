// Reads every archive of tests/data/fixtures and holds it against outcomes.csv and against what PyTorch said of it.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

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

TEST(Fixtures, AreWeightlessWhenAsked) {
  const auto program = Read("pt2-2.14.1/fakew.pt2", {.weightless = true});
  ASSERT_TRUE(program.ok()) << program.error().message;
  ASSERT_FALSE(program->weights.empty());
  for (const auto& [name, tensor] : program->weights) EXPECT_TRUE(tensor.IsAbsent()) << name;
}

}  // namespace
}  // namespace fairlead
