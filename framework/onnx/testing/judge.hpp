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

// Runs testing/judge_models.py over the folder; its complaints are the failure's text.
inline testing::AssertionResult JudgedValid(const std::filesystem::path& folder) {
  const std::filesystem::path log = folder / "judge.log";
  const std::string command =
      std::string(FAIRLEAD_PYTHON " " FAIRLEAD_JUDGE " ") + folder.string() + " > " + log.string() + " 2>&1";
  const int code = std::system(command.c_str());
  return code == 0 ? testing::AssertionSuccess() : testing::AssertionFailure() << ReadBytes(log);
}

}  // namespace fairlead::testing_onnx
