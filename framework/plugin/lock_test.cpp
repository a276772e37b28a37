#include "plugin/lock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace fairlead {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// FIPS 180-2, appendix B.1: the digest of "abc".
constexpr std::string_view kDigestOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class LockTest : public testing::Test {
 protected:
  LockTest() {
    std::string folder = fs::temp_directory_path() / "fairlead-lock-XXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    root_ = folder;
    plugin_ = Written("acme.fairlead.so", "abc");
  }
  ~LockTest() override { fs::remove_all(root_); }

  fs::path Written(const std::string& name, std::string_view text) {
    std::ofstream(root_ / name, std::ios::binary) << text;
    return root_ / name;
  }
  static Manifest Named(std::string id, std::string version) {
    Manifest manifest;
    manifest.id = std::move(id);
    manifest.version = std::move(version);
    return manifest;
  }
  // What is wrong with acme 1.2 under a lock of this text: "RULE: message", empty when nothing is.
  std::string Refusal(const std::string& text) {
    const auto lock = PluginLock::Read(Written("plugins.lock", text));
    const Status status = lock.ok() ? lock->Check(plugin_, Named("acme", "1.2")) : lock.status();
    return status.ok() ? "" : fmt::format("{}: {}", status.error().rule, status.message());
  }

  fs::path root_, plugin_;
};

TEST_F(LockTest, DigestsAFile) {
  const auto digest = Sha256(plugin_);
  ASSERT_TRUE(digest.ok());
  EXPECT_EQ(*digest, kDigestOfAbc);
  EXPECT_FALSE(Sha256(root_ / "nothing").ok());
}

TEST_F(LockTest, TakesWhatItWrote) {
  const std::pair<fs::path, Manifest> plugins[] = {{plugin_, Named("zeta", "0.1")}, {plugin_, Named("acme", "1.2")}};
  const auto text = LockText(plugins);
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(*text, fmt::format("# SHA-256  id version\n{0}  acme 1.2\n{0}  zeta 0.1\n", kDigestOfAbc));
  EXPECT_EQ(Refusal(*text), "");
}

TEST_F(LockTest, RefusesWhatItDoesNotHold) {
  EXPECT_THAT(Refusal("# nothing\n\n"), HasSubstr("FL9017: " + plugin_.string() + ": plugin acme is not in "));
  EXPECT_THAT(Refusal(fmt::format("{} acme 1.3", kDigestOfAbc)), HasSubstr("acme has version 1.2, "));
  EXPECT_THAT(Refusal(std::string(64, '0') + " acme 1.2"), HasSubstr("acme has SHA-256 ba7816bf"));
}

TEST_F(LockTest, RefusesAnotherForm) {
  const std::string line = fmt::format("{} acme 1.2", kDigestOfAbc);
  for (const std::string& text : {std::string("sha256 acme 1.2"), std::string(kDigestOfAbc), line + " more", line.substr(1),
                                  "A" + line.substr(1), std::string("\0\xff", 2)}) {
    EXPECT_THAT(Refusal(line + "\r\n" + text), HasSubstr("plugins.lock, line 2: '")) << text;
  }
  EXPECT_THAT(Refusal(line + "\n" + line), HasSubstr("line 2: acme is there twice"));
  EXPECT_THAT(Refusal(std::string((1 << 20) + 1, '#')), HasSubstr("over 1048576 bytes"));
  fs::create_directory(root_ / "folder");
  for (const char* name : {"nothing", "folder"}) {
    const auto lock = PluginLock::Read(root_ / name);
    ASSERT_FALSE(lock.ok());
    EXPECT_EQ(lock.error().rule, "FL9004");
  }
}

}  // namespace
}  // namespace fairlead
