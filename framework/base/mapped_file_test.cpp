#include "base/mapped_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

namespace fairlead {
namespace {

class MappedFileTest : public testing::Test {
 protected:
  MappedFileTest() { std::filesystem::create_directory(folder_); }
  ~MappedFileTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() /
      (std::string("mapped_file_test.") + testing::UnitTest::GetInstance()->current_test_info()->name() + "." +
       std::to_string(getpid()));
};

TEST_F(MappedFileTest, GivesTheBytesOfTheFile) {
  const auto file = MappedFile::Open(Write("a", "hello"));
  ASSERT_TRUE(file.ok());
  ASSERT_EQ((*file)->bytes().size(), 5U);
  EXPECT_EQ(std::memcmp((*file)->bytes().data(), "hello", 5), 0);
  EXPECT_EQ((*file)->path(), folder_ / "a");
  char through_descriptor[5];
  EXPECT_EQ(pread((*file)->descriptor(), through_descriptor, 5, 0), 5);
}

TEST_F(MappedFileTest, OfAnEmptyFileIsAnEmptySpan) {
  const auto file = MappedFile::Open(Write("empty", ""));
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE((*file)->bytes().empty());
}

TEST_F(MappedFileTest, CountsHardLinks) {
  const auto path = Write("a", "x");
  std::filesystem::create_hard_link(path, folder_ / "b");
  EXPECT_EQ((*MappedFile::Open(path))->links(), 2U);
}

TEST_F(MappedFileTest, KnowsTheNamesThatLeadToIt) {
  const auto path = Write("a", "x");
  const auto file = *MappedFile::Open(path);
  std::filesystem::create_hard_link(path, folder_ / "hard");
  std::filesystem::create_symlink("a", folder_ / "soft");
  for (const char* const name : {"a", "hard", "soft"}) EXPECT_TRUE(file->IsAt(folder_ / name)) << name;
  EXPECT_FALSE(file->IsAt(Write("b", "x")));
  EXPECT_FALSE(file->IsAt(folder_ / "missing"));
  std::filesystem::remove(path);
  EXPECT_FALSE(file->IsAt(Write("a", "x"))) << "another file of that name";
  EXPECT_FALSE(MappedFile::FromBytes({}, path)->IsAt(path));
}

TEST_F(MappedFileTest, StaysReadableAfterTheFileIsUnlinked) {
  const auto path = Write("a", "hello");
  const auto file = MappedFile::Open(path);
  std::filesystem::remove(path);
  EXPECT_EQ(std::memcmp((*file)->bytes().data(), "hello", 5), 0);
}

TEST_F(MappedFileTest, RefusesWhatIsNotARegularFile) {
  const auto missing = MappedFile::Open(folder_ / "missing");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().rule, "FL1001");
  EXPECT_NE(missing.error().message.find("No such file"), std::string::npos);

  const auto folder = MappedFile::Open(folder_);
  ASSERT_FALSE(folder.ok());
  EXPECT_NE(folder.error().message.find("not a regular file"), std::string::npos);

  ASSERT_EQ(mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  EXPECT_FALSE(MappedFile::Open(folder_ / "fifo").ok()) << "and it must not wait for a writer";
}

}  // namespace
}  // namespace fairlead
