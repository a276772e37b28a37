// Files on their way to ONNX's own Python package, which judges what this code wrote.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace fairlead::testing_onnx {

// A folder of its own for each test, removed with the object.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "fairlead-test.XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline void WriteBytes(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}
inline std::string ReadBytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Runs one of the scripts in this folder; what it prints is the failure's text.
inline testing::AssertionResult Succeeds(const std::string& script, const std::string& arguments) {
  const Folder logs;
  const std::filesystem::path log = logs.path() / "log";
  const std::string command = std::string(FAIRLEAD_PYTHON " " FAIRLEAD_ONNX_TESTING "/") + script + " " + arguments +
                              " > " + log.string() + " 2>&1";
  return std::system(command.c_str()) == 0 ? testing::AssertionSuccess() : testing::AssertionFailure() << ReadBytes(log);
}

inline testing::AssertionResult JudgedValid(const std::filesystem::path& folder) {
  return Succeeds("judge_models.py", folder.string());
}

}  // namespace fairlead::testing_onnx
