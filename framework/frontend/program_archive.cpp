#include "frontend/program_archive.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace fairlead {
namespace {

constexpr std::string_view kMarker = "archive_format";

// The content of an entry, or no bytes when there is none of that name.
Result<Content> ReadOptional(const ZipArchive& zip, const std::string& name, ZipArchive::Crc crc) {
  const ZipEntry* const entry = zip.Find(name);
  if (!entry) return Content();
  return zip.Read(*entry, crc);
}

// PyTorch 2.1 and 2.2 name their torch.save files .json.
Result<Content> ReadFlat(const ZipArchive& zip, const std::string& stem, ZipArchive::Crc crc) {
  return ReadOptional(zip, zip.Find(stem + ".pt") ? stem + ".pt" : stem + ".json", crc);
}

}  // namespace

std::optional<std::string> FindArchiveRoot(const ZipArchive& zip) {
  for (const ZipEntry& entry : zip.entries()) {
    if (entry.name != kMarker && !entry.name.ends_with("/archive_format")) continue;
    const auto content = zip.Read(entry, ZipArchive::Crc::kSkip);
    if (content.ok() && content->text().starts_with("pt2")) return entry.name.substr(0, entry.name.size() - kMarker.size());
  }
  return std::nullopt;
}

std::vector<std::string> ProgramNames(const ZipArchive& zip, std::string_view root) {
  constexpr std::string_view kSuffix = ".json";
  const std::string folder = std::string(root) + "models/";
  std::vector<std::string> out;
  for (const ZipEntry& entry : zip.entries())
    if (entry.name.starts_with(folder) && entry.name.ends_with(kSuffix) &&
        entry.name.size() > folder.size() + kSuffix.size())
      out.push_back(entry.name.substr(folder.size(), entry.name.size() - folder.size() - kSuffix.size()));
  return out;
}

Result<ProgramArchive> ProgramArchive::Open(const std::shared_ptr<const ZipArchive>& zip, bool check_crc) {
  const auto crc = check_crc ? ZipArchive::Crc::kCheck : ZipArchive::Crc::kSkip;
  ProgramArchive archive;
  if (const auto root = FindArchiveRoot(*zip)) {
    FL_RETURN_IF_ERROR(archive.OpenFolders(zip, *root, crc));
  } else {
    FL_RETURN_IF_ERROR(archive.OpenFlat(*zip, crc));
  }
  return archive;
}

Status ProgramArchive::OpenFlat(const ZipArchive& zip, ZipArchive::Crc crc) {
  layout_ = "A";
  const ZipEntry* const program = zip.Find(kFlatProgram);
  if (!program) return Error("FL1001", "{}: no {} in it", zip.name(), kFlatProgram);
  FL_ASSIGN_OR_RETURN(program_, zip.Read(*program, ZipArchive::Crc::kCheck));
  FL_ASSIGN_OR_RETURN(Content weights, ReadFlat(zip, "serialized_state_dict", crc));
  FL_ASSIGN_OR_RETURN(Content constants, ReadFlat(zip, "serialized_constants", crc));
  FL_ASSIGN_OR_RETURN(sample_inputs_, ReadFlat(zip, "serialized_example_inputs", crc));
  FL_ASSIGN_OR_RETURN(weights_, OpenStateDict(std::move(weights), zip.name() + ": serialized_state_dict", crc));
  FL_ASSIGN_OR_RETURN(constants_, OpenStateDict(std::move(constants), zip.name() + ": serialized_constants", crc));
  return Ok();
}

Status ProgramArchive::OpenFolders(const std::shared_ptr<const ZipArchive>& shared, const std::string& root,
                                   ZipArchive::Crc crc) {
  const ZipArchive& zip = *shared;
  const std::vector<std::string> programs = ProgramNames(zip, root);
  if (programs.empty()) return Error("FL1001", "{}: no {}models/*.json in it", zip.name(), root);
  const bool standard = std::ranges::find(programs, "model") != programs.end();
  if (programs.size() > 1 && !standard)
    return Error("FL1001", "{}: it holds several programs ({}) and none named model", zip.name(),
                 fmt::join(programs, ", "));
  const std::string model = standard ? "model" : programs[0];
  FL_ASSIGN_OR_RETURN(program_, ReadOptional(zip, fmt::format("{}models/{}.json", root, model), ZipArchive::Crc::kCheck));
  FL_ASSIGN_OR_RETURN(sample_inputs_, ReadOptional(zip, fmt::format("{}data/sample_inputs/{}.pt", root, model), crc));
  FL_ASSIGN_OR_RETURN(const Content order, ReadOptional(zip, root + "byteorder", ZipArchive::Crc::kCheck));
  const bool big_endian = order.text().starts_with("big");

  layout_ = "B";
  for (const std::string_view kind : {"weights", "constants"}) {
    const std::string folder = fmt::format("{}data/{}/", root, kind);
    auto& store = kind == "weights" ? weights_ : constants_;
    if (const ZipEntry* const config = zip.Find(fmt::format("{}{}_{}_config.json", folder, model, kind))) {
      layout_ = "C";
      FL_ASSIGN_OR_RETURN(Content text, zip.Read(*config, ZipArchive::Crc::kCheck));
      FL_ASSIGN_OR_RETURN(store, OpenPayloads(shared, std::move(text), folder, big_endian, crc));
    } else {
      const std::string name = fmt::format("{}{}.pt", folder, model);
      FL_ASSIGN_OR_RETURN(Content pickled, ReadOptional(zip, name, crc));
      FL_ASSIGN_OR_RETURN(store, OpenStateDict(std::move(pickled), fmt::format("{}: {}", zip.name(), name), crc));
    }
  }
  return Ok();
}

}  // namespace fairlead
