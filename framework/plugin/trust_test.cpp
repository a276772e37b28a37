#include "plugin/trust.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace fairlead {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class TrustTest : public testing::Test {
 protected:
  TrustTest() {
    std::string folder = fs::temp_directory_path() / "fairlead-trust-XXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    root_ = fs::canonical(folder);
    fs::create_directory(root_ / "plugins");
    Mode(root_ / "plugins", 0755);
    file_ = root_ / "plugins" / "a.fairlead.so";
    std::ofstream(file_) << "x";
    Mode(file_, 0644);
  }
  ~TrustTest() override { fs::remove_all(root_); }

  static void Mode(const fs::path& path, mode_t mode) { ASSERT_EQ(chmod(path.c_str(), mode), 0); }
  static std::string Refusal(const fs::path& path, Origin origin) {
    const auto trusted = TrustedPath(path, origin);
    return trusted.ok() ? "" : std::string(trusted.error().message);
  }

  fs::path root_, file_;
};

TEST_F(TrustTest, TakesAFileThatOnlyTheUserMayChange) {
  for (const Origin origin : {Origin::kFile, Origin::kDirectory, Origin::kEnvironment, Origin::kBuiltin}) {
    EXPECT_EQ(Refusal(file_, origin), "");
  }
}

TEST_F(TrustTest, RefusesAFileThatEveryoneMayChange) {
  Mode(file_, 0646);
  for (const Origin origin : {Origin::kFile, Origin::kDirectory, Origin::kEnvironment, Origin::kBuiltin}) {
    EXPECT_THAT(Refusal(file_, origin), HasSubstr("may write it (mode 646)"));
  }
}

TEST_F(TrustTest, LetsAGroupChangeAFileThatWasNamed) {
  Mode(file_, 0664);
  EXPECT_EQ(Refusal(file_, Origin::kFile), "");
  EXPECT_THAT(Refusal(file_, Origin::kDirectory), HasSubstr("others may write it (mode 664)"));
}

TEST_F(TrustTest, RefusesFoldersThatOthersMayChange) {
  Mode(root_ / "plugins", 0775);
  EXPECT_THAT(Refusal(file_, Origin::kDirectory), HasSubstr("plugins: others may write it (mode 775)"));
  Mode(root_ / "plugins", 0755);
  Mode(root_, 0777);
  EXPECT_THAT(Refusal(file_, Origin::kEnvironment), HasSubstr("others may write it (mode 777)")) << "a folder further up";
  EXPECT_EQ(Refusal(file_, Origin::kFile), "");
}

TEST_F(TrustTest, RefusesFilesOfAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(chown(file_.c_str(), 12345, 12345), 0);
  EXPECT_THAT(Refusal(file_, Origin::kDirectory), HasSubstr("belongs to user 12345"));
  EXPECT_EQ(Refusal(file_, Origin::kFile), "");
}

TEST_F(TrustTest, RefusesLinksThatLeadOutOfTheFolder) {
  std::ofstream(root_ / "outside.fairlead.so") << "x";
  Mode(root_ / "outside.fairlead.so", 0644);
  fs::create_symlink(root_ / "outside.fairlead.so", root_ / "plugins" / "b.fairlead.so");
  EXPECT_THAT(Refusal(root_ / "plugins" / "b.fairlead.so", Origin::kDirectory), HasSubstr("outside its folder"));
  fs::create_symlink("a.fairlead.so", root_ / "plugins" / "c.fairlead.so");
  EXPECT_EQ(Refusal(root_ / "plugins" / "c.fairlead.so", Origin::kDirectory), "");
}

TEST_F(TrustTest, NamesAFileThatIsNotThere) {
  EXPECT_THAT(Refusal(root_ / "nobody.fairlead.so", Origin::kFile), HasSubstr("nobody.fairlead.so: No such file"));
}

class SearchTest : public TrustTest {
 protected:
  SearchTest() { setenv("FAIRLEAD_PLUGIN_PATH", "", 1); }
  ~SearchTest() override { unsetenv("FAIRLEAD_PLUGIN_PATH"); }

  std::vector<std::string> Names(PluginSources sources) {
    sources.builtin = false;
    std::vector<std::string> names;
    for (const PluginFile& file : FindPluginFiles(sources, diagnostics_)) names.push_back(file.path.filename());
    return names;
  }
  Diagnostics diagnostics_;
};

TEST_F(SearchTest, SortsAFolderAndTakesOnlyItsPlugins) {
  for (const char* name : {"c.fairlead.so", "b.fairlead.so", "lib.so", "notes.txt"})
    std::ofstream(root_ / "plugins" / name) << "x";
  fs::create_directory(root_ / "plugins" / "nested");
  std::ofstream(root_ / "plugins" / "nested" / "d.fairlead.so") << "x";
  EXPECT_THAT(Names({.files = {}, .directories = {root_ / "plugins"}, .options = {}}),
              testing::ElementsAre("a.fairlead.so", "b.fairlead.so", "c.fairlead.so"));
  EXPECT_TRUE(diagnostics_.findings().empty());
}

TEST_F(SearchTest, GoesThroughFilesFoldersAndTheEnvironmentInOrder) {
  fs::create_directory(root_ / "more");
  std::ofstream(root_ / "more" / "z.fairlead.so") << "x";
  std::ofstream(root_ / "y.fairlead.so") << "x";
  setenv("FAIRLEAD_PLUGIN_PATH", (":" + (root_ / "more").string() + ":").c_str(), 1);
  PluginSources sources;
  sources.files = {root_ / "y.fairlead.so"};
  sources.directories = {root_ / "plugins"};
  EXPECT_THAT(Names(sources), testing::ElementsAre("y.fairlead.so", "a.fairlead.so", "z.fairlead.so"));
  sources.environment = false;
  EXPECT_THAT(Names(sources), testing::ElementsAre("y.fairlead.so", "a.fairlead.so"));
}

TEST_F(SearchTest, NeverSearchesTheCurrentFolder) {
  const fs::path before = fs::current_path();
  fs::current_path(root_ / "plugins");
  setenv("FAIRLEAD_PLUGIN_PATH", "::.:plugins", 1);
  EXPECT_TRUE(Names({}).empty());
  fs::current_path(before);
  ASSERT_EQ(diagnostics_.findings().size(), 2u);
  EXPECT_EQ(diagnostics_.findings()[0].message, "FAIRLEAD_PLUGIN_PATH: '.' is not an absolute path");
}

TEST_F(SearchTest, WarnsOfFoldersThatAreNotThere) {
  EXPECT_TRUE(Names({.files = {}, .directories = {root_ / "nobody"}, .options = {}}).empty());
  ASSERT_EQ(diagnostics_.findings().size(), 1u);
  EXPECT_EQ(diagnostics_.findings()[0].level, Level::kWarning);
  EXPECT_THAT(diagnostics_.findings()[0].message, HasSubstr("nobody: No such file"));
}

TEST_F(SearchTest, RefusesFoldersThatTheUserNamedAndThatAreNotThere) {
  EXPECT_TRUE(CheckFolders({.files = {}, .directories = {root_ / "plugins"}, .options = {}}).ok());
  const Status status = CheckFolders({.files = {}, .directories = {root_ / "plugins", root_ / "nobody"}, .options = {}});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL9005");
  EXPECT_THAT(status.message(), HasSubstr("nobody: No such file"));
}

}  // namespace
}  // namespace fairlead
