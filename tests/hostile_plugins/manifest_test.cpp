// Manifests that lie: copies of a good plugin with bytes changed. Nothing of them may be executed; that the loader is not
// reached is seen by ReadManifest alone refusing them.
#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <random>

#include "zoo.hpp"

namespace fairlead {
namespace {

using testing::HasSubstr;

class ManifestTest : public testing::Test {
 protected:
  ManifestTest() : bytes_(ReadBytes(kZoo / "descriptor_good.fairlead.so")) {}

  template <class T> T* At(std::size_t offset) { return reinterpret_cast<T*>(bytes_.data() + offset); }
  Elf64_Ehdr& header() { return *At<Elf64_Ehdr>(0); }
  Elf64_Phdr& NoteSegment() {
    for (int i = 0; i < header().e_phnum; ++i) {
      auto* segment = At<Elf64_Phdr>(header().e_phoff + static_cast<std::size_t>(i) * sizeof(Elf64_Phdr));
      if (segment->p_type == PT_NOTE) return *segment;
    }
    throw std::logic_error("a plugin has a note segment");
  }
  fl_manifest_note& Note() {
    static constexpr char kHead[] = {4, 0, 0, 0, char(sizeof(fl_manifest)), 0, 0, 0, 1, 0, 0x4c, 0x46, 'F', 'L', '1', 0};
    const auto found = std::search(bytes_.begin(), bytes_.end(), std::begin(kHead), std::end(kHead));
    if (found == bytes_.end()) throw std::logic_error("a plugin has a note");
    return *At<fl_manifest_note>(static_cast<std::size_t>(found - bytes_.begin()));
  }
  Verdict Read() const {
    const TemporaryFile file(bytes_);
    const Result<Manifest> manifest = ReadManifest(file.path());
    if (manifest.ok()) return {};
    EXPECT_THAT(manifest.error().message, HasSubstr(file.path().string()));
    return {manifest.error().rule, manifest.error().message};
  }
  void ExpectRefused(const char* rule, const char* sentence) const {
    const Verdict verdict = Read();
    EXPECT_EQ(verdict.rule, rule);
    EXPECT_THAT(verdict.message, HasSubstr(sentence));
  }

  std::vector<char> bytes_;
};

TEST_F(ManifestTest, SaysWhatThePluginIs) {
  const Result<Manifest> manifest = ReadManifest(kZoo / "descriptor_good.fairlead.so");
  ASSERT_TRUE(manifest.ok()) << manifest.error().message;
  EXPECT_EQ(manifest->id, "com.acme.hostile");
  EXPECT_EQ(manifest->version, "1.0.0");
  EXPECT_EQ(manifest->kinds, uint32_t{FL_KIND_LOWERING});
}

TEST_F(ManifestTest, RefusesWhatIsNoElfFile) {
  bytes_ = {'#', '!', '/', 'b', 'i', 'n'};
  ExpectRefused("FL9005", "has 6 bytes, which is no ELF file");
  bytes_ = std::vector<char>(4096, 'x');
  ExpectRefused("FL9005", "is not an ELF file");
}

TEST_F(ManifestTest, RefusesEveryTruncation) {
  const std::vector<char> whole = bytes_;
  const std::size_t needed = NoteSegment().p_offset + NoteSegment().p_filesz;
  for (std::size_t size = 0; size < needed; size += 7) {
    bytes_.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(Read().rule, "FL9005") << size;
  }
}

TEST_F(ManifestTest, RefusesFolders) { EXPECT_EQ(ReadManifest(kZoo).error().rule, "FL9005"); }

TEST_F(ManifestTest, DoesNotHangOnANamedPipe) {
  const TemporaryFile file({});
  const std::filesystem::path pipe = file.path().parent_path() / "pipe.fairlead.so";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(ReadManifest(pipe).error().message, HasSubstr("is not a regular file"));
}

TEST_F(ManifestTest, RefusesAnotherMachine) {
  header().e_machine = EM_S390;
  ExpectRefused("FL9006", "is for machine 22");
}

TEST_F(ManifestTest, RefusesAnotherWordSize) {
  header().e_ident[EI_CLASS] = ELFCLASS32;
  ExpectRefused("FL9006", "ELF class 1");
}

TEST_F(ManifestTest, RefusesPrograms) {
  header().e_type = ET_EXEC;
  ExpectRefused("FL9005", "is an ELF file of type 2");
}

TEST_F(ManifestTest, BoundsTheSegments) {
  header().e_phnum = 65;
  ExpectRefused("FL9005", "has 65 program headers");
  header().e_phnum = 4;
  header().e_phoff = UINT64_MAX - 8;
  ExpectRefused("FL9005", "the table of segments should be bytes 18446744073709551607");
}

TEST_F(ManifestTest, BoundsTheNotes) {
  NoteSegment().p_filesz = 6ull << 30;
  ExpectRefused("FL9005", "has more than 65536 bytes of notes");
  NoteSegment().p_filesz = 1024;
  NoteSegment().p_offset = bytes_.size() - 512;
  ExpectRefused("FL9005", "a segment of notes should be bytes");
}

TEST_F(ManifestTest, RefusesNotesWithLyingSizes) {
  fl_manifest_note& note = Note();
  note.desc_size = 0xFFFFFFF0;
  ExpectRefused("FL9005", "a note claims 4 and 4294967280 bytes");
  note.desc_size = sizeof(fl_manifest);
  note.name_size = 0xFFFFFFFF;
  EXPECT_EQ(Read().rule, "FL9005");
}

TEST_F(ManifestTest, RefusesAManifestOfAnotherSize) {
  Note().desc_size = sizeof(fl_manifest) - 32;
  EXPECT_THAT(Read().message, HasSubstr("its manifest has 148 bytes, wanted 180"));
}

TEST_F(ManifestTest, RefusesAnotherAbi) {
  Note().manifest.abi_major = 9;
  ExpectRefused("FL9006", "needs ABI 9.1 or newer, this host has 0.1");
}

TEST_F(ManifestTest, RefusesAFloorAboveTheHost) {
  Note().manifest.abi_minor_built = Note().manifest.abi_minor_floor = 200;
  ExpectRefused("FL9006", "needs ABI 0.200 or newer");
}

TEST_F(ManifestTest, TakesAPluginBuiltForANewerHostThatDoesNotNeedIt) {
  Note().manifest.abi_minor_built = 200;
  EXPECT_EQ(Read().message, "");
}

TEST_F(ManifestTest, RefusesAFloorAboveWhatItWasBuiltWith) {
  Note().manifest.abi_minor_built = 0;
  ExpectRefused("FL9005", "says it needs ABI 0.1 and was built with the older 0.0");
}

TEST_F(ManifestTest, RefusesAnotherSanitizer) {
  Note().manifest.sanitizer = FL_SANITIZER_MEMORY;
  ExpectRefused("FL9006", "was built with the memory sanitizer");
  Note().manifest.sanitizer = 999;
  ExpectRefused("FL9006", "was built with an unknown sanitizer");
}

TEST_F(ManifestTest, RefusesFlagsAndRevisionsItDoesNotKnow) {
  Note().manifest.flags = 2;
  ExpectRefused("FL9006", "sets flags 0x2");
  Note().manifest.revision = 2;
  ExpectRefused("FL9006", "has a manifest of revision 2");
}

TEST_F(ManifestTest, RefusesOneThatOffersNothing) {
  Note().manifest.kinds = 0;
  ExpectRefused("FL9005", "offers nothing");
}

TEST_F(ManifestTest, RefusesTextThatIsNotFilledWithZeros) {
  std::memset(Note().manifest.id, 'a', sizeof Note().manifest.id);
  ExpectRefused("FL9005", "the id of its manifest");
  std::memset(Note().manifest.id, 0, sizeof Note().manifest.id);
  ExpectRefused("FL9005", "the id of its manifest");
  std::strcpy(Note().manifest.id, "acme");
  Note().manifest.id[50] = 'x';
  ExpectRefused("FL9005", "the id of its manifest");
}

TEST_F(ManifestTest, RefusesIdsThatCouldDriveATerminalOrAPath) {
  for (const char* id : {"Acme", "acme/../x", "acme x", "acme\x1b[2J", "\xc3\xa4"}) {
    std::memset(Note().manifest.id, 0, sizeof Note().manifest.id);
    std::strcpy(Note().manifest.id, id);
    EXPECT_EQ(Read().rule, "FL9005") << id;
  }
}

// The reader must not crash on anything; whether a changed file is taken depends on the byte.
TEST_F(ManifestTest, SurvivesAnyByteInTheFirstPage) {
  const std::vector<char> whole = bytes_;
  std::mt19937 random(20);  // the same bytes each run
  for (int i = 0; i < 1000; ++i) {
    bytes_ = whole;
    for (int changes = 0; changes < 3; ++changes) bytes_[random() % 1024] = static_cast<char>(random());
    (void)Read();
  }
}

}  // namespace
}  // namespace fairlead
