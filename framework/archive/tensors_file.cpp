#include "archive/tensors_file.hpp"

#include <algorithm>
#include <fstream>
#include <unordered_set>

#include "archive/npy.hpp"
#include "archive/safetensors.hpp"
#include "archive/zip.hpp"
#include "archive/zip_writer.hpp"

namespace fairlead {
namespace {

constexpr std::string_view kNpy = ".npy";

Result<NamedTensors> ReadNpz(const Content& content, const std::string& name) {
  FL_ASSIGN_OR_RETURN(const ZipArchive zip, ZipArchive::Open(content, name));
  NamedTensors out;
  for (const ZipEntry& entry : zip.entries()) {
    if (!entry.name.ends_with(kNpy)) return Error("FL1001", "{}: entry {} is not a .npy array", name, entry.name);
    FL_ASSIGN_OR_RETURN(const Content array, zip.Read(entry, ZipArchive::Crc::kCheck));
    FL_ASSIGN_OR_RETURN(Tensor tensor, ReadNpy(array, name + ": " + entry.name));
    out.tensors.emplace_back(entry.name.substr(0, entry.name.size() - kNpy.size()), std::move(tensor));
  }
  return out;
}

Status WriteNpz(std::ostream& out, const NamedTensors& tensors) {
  ZipWriter zip(out);
  for (const auto& [name, tensor] : tensors.tensors) {
    const std::string header = NpyHeader(tensor);
    if (tensor.IsAbsent() || header.empty())
      return Error(
          "FL6015", "tensor {} cannot be written: {}", name,
          tensor.IsAbsent() ? "it has no data" : fmt::format("numpy has no {}; write .safetensors", Name(tensor.dtype())));
    zip.Add(name + std::string(kNpy), {std::as_bytes(std::span(header)), tensor.Dense().bytes()});
  }
  return zip.Finish() ? Ok() : Error("FL6015", "the file cannot be written to its end");
}

Status CheckUniqueNames(const NamedTensors& tensors) {
  std::unordered_set<std::string_view> names;
  for (const auto& [name, tensor] : tensors.tensors)
    if (!names.insert(name).second) return Error("FL6015", "two tensors are named {}", name);
  return Ok();
}

}  // namespace

const Tensor* NamedTensors::Find(std::string_view name) const {
  const auto found = std::ranges::find(tensors, name, &std::pair<std::string, Tensor>::first);
  return found == tensors.end() ? nullptr : &found->second;
}

namespace {

Result<NamedTensors> ReadByContent(const std::shared_ptr<const MappedFile>& file, const std::filesystem::path& path) {
  const Content content = WholeFile(file);
  if (content.text().starts_with("\x93NUMPY")) {
    FL_ASSIGN_OR_RETURN(Tensor tensor, ReadNpy(content, path.string()));
    NamedTensors out;
    out.tensors.emplace_back(path.stem().string(), std::move(tensor));
    return out;
  }
  if (content.text().starts_with("PK")) return ReadNpz(content, path.string());
  return ReadSafetensors(content, path.string());
}

}  // namespace

Result<NamedTensors> ReadTensors(const std::filesystem::path& path) {
  FL_ASSIGN_OR_RETURN(const auto file, MappedFile::Open(path));
  Result<NamedTensors> tensors = ReadByContent(file, path);
  if (tensors.ok() || !tensors.error().hint.empty()) return tensors;
  return std::move(tensors).status().WithHint(
      "Give a .npz, .npy or .safetensors file, complete and with arrays of numbers: numpy.savez or safetensors write one.");
}

Status WriteTensors(const std::filesystem::path& path, const NamedTensors& tensors) {
  const std::string extension = path.extension().string();
  if (extension != ".npz" && extension != ".safetensors")
    return Error("FL6015", "{}: tensors are written to .npz and .safetensors files", path.string());
  FL_RETURN_IF_ERROR(CheckUniqueNames(tensors));
  std::filesystem::path partial = path;
  partial += ".partial";
  std::ofstream out(partial, std::ios::binary | std::ios::trunc);
  if (!out) return Error("FL6015", "{} cannot be opened for writing", partial.string());
  Status written = extension == ".npz" ? WriteNpz(out, tensors) : WriteSafetensors(out, tensors);
  out.close();
  std::error_code failed;
  if (written.ok() && out) std::filesystem::rename(partial, path, failed);
  if (written.ok() && (failed || !out)) written = Error("FL6015", "{} cannot be written", path.string());
  if (!written.ok()) std::filesystem::remove(partial, failed);
  return written;
}

}  // namespace fairlead
