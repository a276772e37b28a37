#include <fairlead/exporter.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace fairlead {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string ReadBytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A program without operators, which needs no plugin, alone in a folder.
class ExporterTest : public testing::Test {
 protected:
  ExporterTest() {
    fs::create_directory(folder_);
    fs::copy_file(FAIRLEAD_TEST_DATA "/fixtures/pt2-2.14.1/empty_graph.pt2", program_);
    options_.builtin_plugins = false;
  }
  ~ExporterTest() override { fs::remove_all(folder_); }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("exporter_test." + std::to_string(getpid()));
  const fs::path program_ = folder_ / "a.pt2";
  ExportOptions options_;
};

TEST_F(ExporterTest, SavesAsOftenAsItIsAsked) {
  const ONNXProgram program = Exporter(options_).Export(program_);
  program.Save(folder_ / "a.onnx");
  program.Save(folder_ / "a.onnx");
  program.Save(folder_ / "b.onnx");
  EXPECT_FALSE(ReadBytes(folder_ / "a.onnx").empty());
  EXPECT_EQ(ReadBytes(folder_ / "a.onnx"), ReadBytes(folder_ / "b.onnx"));
}

TEST_F(ExporterTest, RefusesOptionsThatMeanNothing) {
  options_.weights = static_cast<ExportOptions::Weights>(77);
  EXPECT_THROW(const Exporter exporter(options_), InvalidExportOptionsError);
}

TEST_F(ExporterTest, NeverSavesOverItsProgram) {
  const std::string before = ReadBytes(program_);
  fs::create_symlink("a.pt2", folder_ / "link.onnx");
  const ONNXProgram program = Exporter(options_).Export(program_);
  for (const char* const name : {"a.pt2", "link.onnx"}) {
    try {
      program.Save(folder_ / name);
      ADD_FAILURE() << name;
    } catch (const OnnxExporterError& error) {
      EXPECT_EQ(error.exit_code(), 17);
      EXPECT_EQ(error.diagnostics().at(0).rule, "FL6015");
      EXPECT_THAT(error.what(), HasSubstr("it is the program that the model was made of"));
    }
  }
  EXPECT_EQ(ReadBytes(program_), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 2);
}

}  // namespace
}  // namespace fairlead
