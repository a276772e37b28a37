#include "export/text_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace fairlead {
namespace {

namespace fs = std::filesystem;

class WriteTextFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "fairlead-text-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  static std::string ContentOf(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::size_t FilesInFolder() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

TEST_F(WriteTextFileTest, MakesAndReplaces) {
  ASSERT_TRUE(WriteTextFile(folder_ / "a.json", "one").ok());
  ASSERT_TRUE(WriteTextFile(folder_ / "a.json", "two").ok());
  EXPECT_EQ(ContentOf(folder_ / "a.json"), "two");
  EXPECT_EQ(FilesInFolder(), 1u);
}

TEST_F(WriteTextFileTest, LeavesTheOldFileWhenInterrupted) {
  ASSERT_TRUE(WriteTextFile(folder_ / "a.json", "one").ok());
  const std::atomic<bool> interrupted = true;
  const Status status = WriteTextFile(folder_ / "a.json", "two", &interrupted);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL9016");
  EXPECT_EQ(ContentOf(folder_ / "a.json"), "one");
  EXPECT_EQ(FilesInFolder(), 1u);
}

TEST_F(WriteTextFileTest, ReplacesWhatALinkLeadsTo) {
  ASSERT_TRUE(WriteTextFile(folder_ / "a.json", "one").ok());
  fs::create_symlink("a.json", folder_ / "link.json");
  ASSERT_TRUE(WriteTextFile(folder_ / "link.json", "two").ok());
  EXPECT_EQ(ContentOf(folder_ / "a.json"), "two");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link.json"));
}

TEST_F(WriteTextFileTest, WritesIntoAPipe) {
  ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  std::string read;
  std::thread reader([&] { read = ContentOf(folder_ / "pipe"); });
  EXPECT_TRUE(WriteTextFile(folder_ / "pipe", "one").ok());
  reader.join();
  EXPECT_EQ(read, "one");
  EXPECT_TRUE(fs::is_fifo(folder_ / "pipe"));
}

TEST_F(WriteTextFileTest, RefusesFoldersAndPlacesThatAreNot) {
  fs::create_directory(folder_ / "taken");
  for (const fs::path& path : {folder_ / "taken", folder_ / "no" / "a.json", fs::path("/dev/full")}) {
    const Status status = WriteTextFile(path, "one");
    ASSERT_FALSE(status.ok()) << path;
    EXPECT_EQ(status.error().rule, "FL6015");
  }
  EXPECT_EQ(FilesInFolder(), 1u);
}

}  // namespace
}  // namespace fairlead
