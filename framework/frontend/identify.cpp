// What a file is, by its bytes.
#include <algorithm>

#include "archive/zip.hpp"
#include "frontend/frontend.hpp"
#include "frontend/program_archive.hpp"

namespace fairlead {
namespace {

constexpr std::string_view kSave = "save the program with torch.export.save(program, path)";

bool HasEntry(const ZipArchive& zip, auto predicate) {
  return std::ranges::any_of(zip.entries(), predicate, &ZipEntry::name);
}

FileIdentity IdentifyZip(const ZipArchive& zip) {
  const auto root = FindArchiveRoot(zip);
  if ((root && !ProgramNames(zip, *root).empty()) || zip.Find(kFlatProgram))
    return {FileKind::kExportedProgram, "an exported program", ""};
  if (HasEntry(zip, [](const std::string& name) { return name.find("data/aotinductor/") != std::string::npos; }))
    return {FileKind::kAotInductorPackage, "an AOTInductor package: compiled code without the program", std::string(kSave)};
  if (root)
    return {FileKind::kIncomplete,
            "an archive without a program: torch.export.save failed or was interrupted while writing it",
            "save it again and look at the error of torch.export.save"};
  if (HasEntry(zip, [](const std::string& name) {
        return name.ends_with("constants.pkl") || name.find("/code/") != std::string::npos;
      }))
    return {FileKind::kTorchScript, "a TorchScript file (torch.jit.save)",
            "export the module with torch.export.export and " + std::string(kSave)};
  if (HasEntry(zip, [](const std::string& name) { return name == "data.pkl" || name.ends_with("/data.pkl"); }))
    return {FileKind::kStateDict, "a torch.save file: weights or objects without a program",
            "load it into its module, export that with torch.export.export and " + std::string(kSave)};
  return {FileKind::kUnknown, "a zip archive without a program", std::string(kSave)};
}

// A length, then a JSON object of that length: 2^63 and more would overflow the sum.
bool IsSafetensors(std::string_view text) {
  if (text.size() < 10 || text[8] != '{') return false;
  uint64_t length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | static_cast<uint8_t>(text[static_cast<std::size_t>(i)]);
  return length <= text.size() - 8;
}

// ModelProto begins with field 1, ir_version, a small number; then comes another of its fields.
bool IsOnnx(std::string_view text) {
  constexpr std::string_view kNextTags = "\x12\x1a\x22\x28\x32\x3a\x42\x72";
  return text.size() > 3 && text[0] == 8 && text[1] > 0 && text[1] < 64 &&
         kNextTags.find(text[2]) != std::string_view::npos;
}

// torch.save before 1.6: a pickled magic number of ten bytes.
constexpr std::string_view kOldTorchSave("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 14);

}  // namespace

FileIdentity Identify(const std::shared_ptr<const MappedFile>& file) {
  const Content content = WholeFile(file);
  const std::string_view text = content.text();
  if (text.empty()) return {FileKind::kEmpty, "an empty file", std::string(kSave)};
  if (const auto zip = ZipArchive::Open(content, file->path().filename().string()); zip.ok()) {
    return IdentifyZip(*zip);
  } else if (text.starts_with("PK\x03\x04")) {
    return {FileKind::kTruncated, "a damaged zip archive: " + zip.error().message,
            "compare its size with the original, copy or download it again"};
  }
  if (text.starts_with(kOldTorchSave))
    return {FileKind::kStateDict, "a torch.save file of the format before PyTorch 1.6", std::string(kSave)};
  if (IsSafetensors(text))
    return {FileKind::kSafetensors, "a safetensors file: tensors without a program", std::string(kSave)};
  if (IsOnnx(text)) return {FileKind::kOnnx, "an ONNX model", "it needs no export"};
  return {FileKind::kUnknown, "no file that PyTorch writes programs in", std::string(kSave)};
}

FileIdentity Identify(const std::filesystem::path& path) {
  const auto file = MappedFile::Open(path);
  if (!file.ok()) return {FileKind::kUnknown, file.error().message, ""};
  return Identify(*file);
}

}  // namespace fairlead
