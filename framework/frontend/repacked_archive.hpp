// For tests: a fixture taken apart, changed, and packed again with right CRCs.
//
//   RepackedArchive archive("pt2-2.14.1/shared.pt2");
//   archive.Replace(archive.program(), "\"as_int\": 4", "\"as_int\": -4");
//   ReadExportedProgram(archive.Pack(), {}, diagnostics);
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "archive/zip.hpp"
#include "archive/zip_writer.hpp"

namespace fairlead {

inline std::vector<std::byte> ToBytes(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

// Entries of one zip, in order. An entry that is itself a zip (a torch.save file) is opened with Nested.
class RepackedZip {
 public:
  explicit RepackedZip(const Content& content) {
    const auto zip = ZipArchive::Open(content, "repacked");
    EXPECT_TRUE(zip.ok()) << zip.error().message;
    if (!zip.ok()) return;
    for (const ZipEntry& entry : zip->entries())
      entries_.emplace_back(entry.name, std::string(zip->Read(entry, ZipArchive::Crc::kSkip)->text()));
  }

  // The first entry whose name ends so; a failure when there is none.
  std::string& Entry(std::string_view suffix) {
    for (auto& [name, bytes] : entries_)
      if (name.ends_with(suffix)) return bytes;
    ADD_FAILURE() << "no entry " << suffix;
    return entries_.emplace_back(suffix, "").second;
  }
  bool Has(std::string_view suffix) const {
    for (const auto& [name, bytes] : entries_)
      if (name.ends_with(suffix)) return true;
    return false;
  }
  void Remove(std::string_view suffix) {
    std::erase_if(entries_, [&](const auto& entry) { return entry.first.ends_with(suffix); });
  }
  void Add(std::string name, std::string bytes) { entries_.emplace_back(std::move(name), std::move(bytes)); }
  std::vector<std::pair<std::string, std::string>>& entries() { return entries_; }

  std::string Bytes() const {
    std::ostringstream out;
    ZipWriter writer(out);
    for (const auto& [name, bytes] : entries_) writer.Add(name, {std::as_bytes(std::span(bytes))});
    EXPECT_TRUE(writer.Finish());
    return out.str();
  }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

class RepackedArchive : public RepackedZip {
 public:
  explicit RepackedArchive(const std::string& fixture) : RepackedZip(Open(fixture)) {}

  std::string& program() {
    return Has("models/model.json") ? Entry("models/model.json") : Entry("serialized_exported_program.json");
  }
  std::shared_ptr<const MappedFile> Pack() const { return MappedFile::FromBytes(ToBytes(Bytes()), "repacked.pt2"); }

  // Replaces every occurrence; a failure when there is none.
  static void Replace(std::string& text, std::string_view from, std::string_view to) {
    std::size_t count = 0;
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()), ++count)
      text.replace(at, from.size(), to);
    EXPECT_GT(count, 0u) << from;
  }

  static Content Open(const std::string& fixture) {
    const auto file = MappedFile::Open(std::filesystem::path(FAIRLEAD_TEST_DATA "/fixtures") / fixture);
    EXPECT_TRUE(file.ok()) << fixture;
    return WholeFile(*file);
  }
};

}  // namespace fairlead
