#include "archive/zip.hpp"

#include <gmock/gmock.h>
#include <zlib.h>

#include <cstring>
#include <fstream>
#include <sstream>

#include "archive/zip_writer.hpp"

namespace fairlead {
namespace {

using ::testing::HasSubstr;

// A zip made record by record, so that each field can lie.
struct FakeEntry {
  std::string name;
  std::string data;  // as it stands in the file
  uint16_t method = 0, flags = 0;
  std::optional<uint32_t> size = {}, stored_size = {}, header = {}, crc = {};
  std::string extra = {};  // in its directory record
};

struct FakeZip {
  std::vector<FakeEntry> entries;
  std::string comment = {};
  std::optional<uint32_t> directory_offset = {}, directory_size = {};
  std::optional<uint16_t> count = {};
  bool zip64 = false;  // where the directory lies stands in a ZIP64 end record
  std::optional<uint64_t> end64 = {};

  std::string Bytes() const {
    std::string out;
    std::vector<std::size_t> headers;
    for (const FakeEntry& entry : entries) {
      headers.push_back(out.size());
      Put(out, 0x04034b50, 4), Put(out, 0, 22), Put(out, entry.name.size(), 2), Put(out, 0, 2);
      out += entry.name + entry.data;
    }
    const std::size_t directory = out.size();
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const FakeEntry& entry = entries[i];
      const auto crc = crc32(0, reinterpret_cast<const Bytef*>(entry.data.data()), static_cast<uInt>(entry.data.size()));
      Put(out, 0x02014b50, 4), Put(out, 0, 4), Put(out, entry.flags, 2), Put(out, entry.method, 2), Put(out, 0, 4);
      Put(out, entry.crc.value_or(static_cast<uint32_t>(crc)), 4);
      Put(out, entry.stored_size.value_or(static_cast<uint32_t>(entry.data.size())), 4);
      Put(out, entry.size.value_or(static_cast<uint32_t>(entry.data.size())), 4);
      Put(out, entry.name.size(), 2), Put(out, entry.extra.size(), 2), Put(out, 0, 10),
          Put(out, entry.header.value_or(static_cast<uint32_t>(headers[i])), 4);
      out += entry.name + entry.extra;
    }
    const std::size_t size = out.size() - directory;
    if (zip64) PutEnd64(out, directory, size);
    const uint16_t entry_count = zip64 ? UINT16_MAX : count.value_or(static_cast<uint16_t>(entries.size()));
    Put(out, 0x06054b50, 4), Put(out, 0, 4), Put(out, entry_count, 2), Put(out, entry_count, 2);
    Put(out, directory_size.value_or(zip64 ? UINT32_MAX : static_cast<uint32_t>(size)), 4);
    Put(out, directory_offset.value_or(zip64 ? UINT32_MAX : static_cast<uint32_t>(directory)), 4);
    Put(out, comment.size(), 2);
    return out + comment;
  }

  void PutEnd64(std::string& out, std::size_t directory, std::size_t size) const {
    const std::size_t end = out.size();
    Put(out, 0x06064b50, 4), Put(out, 44, 8), Put(out, 0, 12), Put(out, entries.size(), 8), Put(out, entries.size(), 8);
    Put(out, size, 8), Put(out, directory, 8);
    Put(out, 0x07064b50, 4), Put(out, 0, 4), Put(out, end64.value_or(end), 8), Put(out, 1, 4);
  }

  static void Put(std::string& out, uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) out += i < 8 ? static_cast<char>(value >> (8 * i) & 0xff) : '\0';
  }
};

Content Memory(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return OwnedContent({bytes.begin(), bytes.end()});
}

std::string OpenError(const FakeZip& zip) {
  const auto opened = ZipArchive::Open(Memory(zip.Bytes()), "t.zip");
  return opened.ok() ? "opened" : opened.error().message;
}

std::string ReadError(const FakeZip& zip) {
  const auto opened = ZipArchive::Open(Memory(zip.Bytes()), "t.zip");
  if (!opened.ok()) return opened.error().message;
  const auto content = opened->Read(opened->entries()[0], ZipArchive::Crc::kCheck);
  return content.ok() ? "read" : content.error().message;
}

std::string Deflate(const std::string& text) {
  z_stream stream = {};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

FakeEntry Deflated(const std::string& name, const std::string& text) {
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
  return {.name = name,
          .data = Deflate(text),
          .method = 8,
          .size = static_cast<uint32_t>(text.size()),
          .crc = static_cast<uint32_t>(crc)};
}

TEST(ZipArchive, ReadsStoredEntriesAsViews) {
  const auto zip = ZipArchive::Open(Memory(FakeZip{.entries = {{"a/b", "hello"}, {"c", ""}}}.Bytes()), "t.zip");
  ASSERT_TRUE(zip.ok()) << zip.error().message;
  ASSERT_EQ(zip->entries().size(), 2u);
  EXPECT_EQ(zip->Read(*zip->Find("a/b"), ZipArchive::Crc::kCheck)->text(), "hello");
  EXPECT_EQ(zip->Read(*zip->Find("c"), ZipArchive::Crc::kCheck)->text(), "");
  EXPECT_EQ(zip->Find("b"), nullptr);
}

TEST(ZipArchive, ReadsDeflatedEntries) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += std::to_string(int64_t{i} * i);
  const auto zip = ZipArchive::Open(Memory(FakeZip{.entries = {Deflated("n", text)}}.Bytes()), "t.zip");
  ASSERT_TRUE(zip.ok());
  const auto content = zip->Read(zip->entries()[0], ZipArchive::Crc::kSkip);
  ASSERT_TRUE(content.ok()) << content.error().message;
  EXPECT_EQ(content->text(), text);
}

// An extra field of a directory record; ZIP64's has the id 1.
std::string Extra(uint16_t id, std::initializer_list<uint64_t> numbers) {
  std::string out;
  FakeZip::Put(out, id, 2), FakeZip::Put(out, 8 * numbers.size(), 2);
  for (const uint64_t number : numbers) FakeZip::Put(out, number, 8);
  return out;
}

TEST(ZipArchive, ReadsSizesAndOffsetsFromTheZip64Field) {
  const FakeEntry big{.name = "b",
                      .data = "world",
                      .size = UINT32_MAX,
                      .stored_size = UINT32_MAX,
                      .header = UINT32_MAX,
                      .extra = Extra(0x5455, {7}) + Extra(1, {5, 5, 36})};
  const auto zip = ZipArchive::Open(Memory(FakeZip{.entries = {{"a", "hello"}, big}}.Bytes()), "t.zip");
  ASSERT_TRUE(zip.ok()) << zip.error().message;
  EXPECT_EQ(zip->Find("b")->size, 5u);
  EXPECT_EQ(zip->Read(*zip->Find("b"), ZipArchive::Crc::kCheck)->text(), "world");
}

TEST(ZipArchive, TakesFromTheZip64FieldOnlyWhatDidNotFit) {
  FakeEntry deflated = Deflated("a", std::string(1000, 'x'));
  deflated.extra = Extra(1, {1000});
  deflated.size = UINT32_MAX;
  EXPECT_EQ(ReadError({.entries = {deflated}}), "read");
  deflated.extra = Extra(1, {1000, deflated.data.size()});
  deflated.stored_size = UINT32_MAX;
  EXPECT_EQ(ReadError({.entries = {deflated}}), "read") << "the size as read comes first";
  EXPECT_EQ(ReadError({.entries = {{.name = "a", .data = "x", .header = UINT32_MAX, .extra = Extra(1, {0})}}}), "read");
  EXPECT_EQ(ReadError({.entries = {{.name = "a", .data = "x", .extra = Extra(1, {99, 99, 99})}}}), "read");
}

TEST(ZipArchive, RefusesABrokenZip64Field) {
  const FakeEntry big{.name = "a", .data = "x", .size = UINT32_MAX, .stored_size = UINT32_MAX};
  const auto with = [&](std::string extra) {
    FakeZip zip{.entries = {big}};
    zip.entries[0].extra = std::move(extra);
    return OpenError(zip);
  };
  EXPECT_EQ(with(Extra(1, {1, 1})), "opened");
  EXPECT_THAT(with(Extra(1, {1})), HasSubstr("the ZIP64 field of entry a is broken"));
  EXPECT_THAT(with(Extra(1, {})), HasSubstr("the ZIP64 field of entry a is broken"));
  EXPECT_THAT(with(Extra(1, {1, 1}).substr(0, 12)), HasSubstr("the ZIP64 field of entry a is broken"));
  EXPECT_THAT(with(""), HasSubstr("reaches past the data"));
  EXPECT_THAT(with(Extra(2, {1, 1})), HasSubstr("reaches past the data"));
}

TEST(ZipArchive, RefusesLiesOfTheZip64Field) {
  const FakeEntry big{.name = "a", .data = "x", .size = UINT32_MAX, .stored_size = UINT32_MAX, .header = UINT32_MAX};
  for (const uint64_t size : {uint64_t{2}, uint64_t{UINT32_MAX} + 2, uint64_t{INT64_MAX}, UINT64_MAX}) {
    FakeZip zip{.entries = {big}};
    zip.entries[0].extra = Extra(1, {size, size, 0});
    EXPECT_THAT(OpenError(zip), HasSubstr("reaches past the data")) << size;
    zip.entries[0].extra = Extra(1, {1, 1, size});
    EXPECT_THAT(OpenError(zip), HasSubstr("no header at offset")) << size;
    zip.entries[0].extra = Extra(1, {size, 1, 0});
    EXPECT_THAT(OpenError(zip), HasSubstr("is stored, but has 1 bytes")) << size;
  }
}

TEST(ZipArchive, FindsTheDirectoryByTheZip64EndRecord) {
  const auto zip = ZipArchive::Open(Memory(FakeZip{.entries = {{"a", "hello"}}, .zip64 = true}.Bytes()), "t.zip");
  ASSERT_TRUE(zip.ok()) << zip.error().message;
  EXPECT_EQ(zip->Read(*zip->Find("a"), ZipArchive::Crc::kCheck)->text(), "hello");
  for (const uint64_t place : {uint64_t{0}, uint64_t{82}, uint64_t{1000}, UINT64_MAX})
    EXPECT_THAT(OpenError({.entries = {{"a", "hello"}}, .zip64 = true, .end64 = place}),
                HasSubstr("the ZIP64 end record is not at offset"));
}

TEST(ZipArchive, ReadsWhatPyTorchWroteWithItsPositionInTheFile) {
  const auto file = MappedFile::Open(FAIRLEAD_TEST_DATA "/fixtures/pt2-2.14.1/shared.pt2");
  ASSERT_TRUE(file.ok());
  const auto zip = ZipArchive::Open(WholeFile(*file), "shared.pt2");
  ASSERT_TRUE(zip.ok()) << zip.error().message;
  EXPECT_EQ(zip->entries().size(), 19u);
  for (const ZipEntry& entry : zip->entries()) {
    const auto content = zip->Read(entry, ZipArchive::Crc::kCheck);
    ASSERT_TRUE(content.ok()) << content.error().message;
    ASSERT_TRUE(content->range.has_value());
    // An empty record has no payload to align.
    if (entry.size > 0) {
      EXPECT_EQ(content->range->offset % 64, 0u) << entry.name;
    }
    EXPECT_EQ(content->range->size, entry.size);
  }
}

TEST(ZipArchive, TurnsBackslashesOfWindowsWritersIntoSlashes) {
  const auto zip = ZipArchive::Open(Memory(FakeZip{.entries = {{"a\\b", "x"}}}.Bytes()), "t.zip");
  ASSERT_TRUE(zip.ok());
  EXPECT_NE(zip->Find("a/b"), nullptr);
}

TEST(ZipArchive, AcceptsAComment) { EXPECT_EQ(OpenError({.entries = {{"a", "x"}}, .comment = "PK\5\6 hi"}), "opened"); }

TEST(ZipArchive, RefusesTruncatedBytes) {
  const std::string whole = FakeZip{.entries = {{"a", "hello"}}}.Bytes();
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(ZipArchive::Open(Memory(whole.substr(0, size)), "t.zip").ok()) << size;
}

TEST(ZipArchive, RefusesBytesAfterTheEnd) {
  EXPECT_FALSE(ZipArchive::Open(Memory(FakeZip{.entries = {{"a", "x"}}}.Bytes() + "x"), "t.zip").ok());
}

TEST(ZipArchive, RefusesNamesThatLeaveTheArchive) {
  using namespace std::string_literals;
  for (const std::string& name : {"../a"s, "a/../b"s, "/a"s, "a/.."s, "..\\a"s, ""s, "a\0b"s})
    EXPECT_THAT(OpenError({.entries = {{name, "x"}}}), HasSubstr("is not a relative path")) << name;
  EXPECT_EQ(OpenError({.entries = {{"a..b/..c", "x"}}}), "opened");
}

TEST(ZipArchive, RefusesDuplicateNames) {
  EXPECT_THAT(OpenError({.entries = {{"a", "x"}, {"a", "y"}}}), HasSubstr("two entries are named a"));
}

TEST(ZipArchive, RefusesOverlappingEntries) {
  EXPECT_THAT(OpenError({.entries = {{"a", "x"}, {.name = "b", .data = "y", .header = 0}}}), HasSubstr("overlaps"));
}

TEST(ZipArchive, RefusesEntriesThatReachIntoTheDirectory) {
  EXPECT_THAT(OpenError({.entries = {{.name = "a", .data = "x", .size = 9, .stored_size = 9}}}), HasSubstr("reaches past"));
}

TEST(ZipArchive, RefusesAHeaderThatIsNotThere) {
  EXPECT_THAT(OpenError({.entries = {{.name = "a", .data = "x", .header = 1}}}), HasSubstr("no header at offset 1"));
  EXPECT_THAT(OpenError({.entries = {{.name = "a", .data = "x", .header = 0xfffffff0}}}), HasSubstr("no header"));
}

TEST(ZipArchive, RefusesADirectoryOutsideTheFile) {
  EXPECT_THAT(OpenError({.entries = {{"a", "x"}}, .directory_offset = 0xffffff00}), HasSubstr("does not lie before"));
  EXPECT_THAT(OpenError({.entries = {{"a", "x"}}, .directory_size = 0xffffff00}), HasSubstr("does not lie before"));
}

TEST(ZipArchive, RefusesMoreEntriesThanTheDirectoryHolds) {
  EXPECT_THAT(OpenError({.entries = {{"a", "x"}}, .count = 2}), HasSubstr("do not fit"));
}

TEST(ZipArchive, RefusesStoredEntriesWithTwoSizes) {
  EXPECT_THAT(OpenError({.entries = {{.name = "a", .data = "xyz", .size = 2}}}),
              HasSubstr("is stored, but has 3 bytes of 2"));
}

TEST(ZipArchive, RefusesEncryptedEntries) {
  EXPECT_THAT(OpenError({.entries = {{.name = "a", .data = "x", .flags = 1}}}), HasSubstr("encrypted"));
}

TEST(ZipArchive, RefusesUnknownCompressionWhenItIsRead) {
  EXPECT_THAT(ReadError({.entries = {{.name = "a", .data = "x", .method = 12}}}), HasSubstr("compression method 12"));
}

TEST(ZipArchive, ReportsDamagedBytes) {
  EXPECT_THAT(ReadError({.entries = {{.name = "a", .data = "x", .crc = 1}}}), HasSubstr("damaged"));
  FakeEntry entry = Deflated("a", "hello");
  entry.crc = 7;
  EXPECT_THAT(ReadError({.entries = {entry}}), HasSubstr("damaged"));
}

TEST(ZipArchive, RefusesDeflateBombs) {
  FakeEntry lie = Deflated("a", "hello");
  lie.size = 0xf0000000;
  EXPECT_THAT(ReadError({.entries = {lie}}), HasSubstr("which is refused"));
  // A true one: 80 MiB of zeros, a thousandfold.
  EXPECT_THAT(ReadError({.entries = {Deflated("a", std::string(80 << 20, '\0'))}}), HasSubstr("which is refused"));
}

TEST(ZipArchive, InflatesAnEntryOnce) {
  const auto zip = ZipArchive::Open(Memory(FakeZip{.entries = {Deflated("a", std::string(1000, 'x'))}}.Bytes()), "t.zip");
  ASSERT_TRUE(zip.ok());
  const auto first = zip->Read(zip->entries()[0], ZipArchive::Crc::kSkip);
  const auto second = zip->Read(zip->entries()[0], ZipArchive::Crc::kSkip);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->bytes.data(), second->bytes.data());
}

TEST(ZipArchive, RefusesDeflateThatGivesAnotherSize) {
  FakeEntry more = Deflated("a", "hello"), fewer = Deflated("a", "hello");
  more.size = 4;
  fewer.size = 6;
  EXPECT_THAT(ReadError({.entries = {more}}), HasSubstr("is broken"));
  EXPECT_THAT(ReadError({.entries = {fewer}}), HasSubstr("is broken"));
}

TEST(ZipWriter, WritesWhatZipArchiveReads) {
  std::ostringstream out;
  ZipWriter writer(out);
  const std::string a = "hello", b = " world";
  writer.Add("x/y", {std::as_bytes(std::span(a)), std::as_bytes(std::span(b))});
  writer.Add("empty", {});
  ASSERT_TRUE(writer.Finish());
  const auto zip = ZipArchive::Open(Memory(out.str()), "t.zip");
  ASSERT_TRUE(zip.ok()) << zip.error().message;
  EXPECT_EQ(zip->Read(*zip->Find("x/y"), ZipArchive::Crc::kCheck)->text(), "hello world");
  EXPECT_EQ(zip->Find("empty")->size, 0u);
}

}  // namespace
}  // namespace fairlead
