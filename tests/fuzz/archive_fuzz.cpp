// libFuzzer target: any bytes as an archive, as the JSON of a program, as a pickle, as tensors.
//
// The first byte chooses. For JSON and pickles the target itself packs a zip around the bytes, so that CRCs do not stand
// between the fuzzer and the readers.
#include <sstream>

#include "archive/json.hpp"
#include "archive/npy.hpp"
#include "archive/pickle.hpp"
#include "archive/safetensors.hpp"
#include "archive/torch_file.hpp"
#include "archive/zip_writer.hpp"
#include "frontend/frontend.hpp"
#include "ir/verifier.hpp"

namespace fairlead {
namespace {

using Bytes = std::span<const std::byte>;

Bytes AsBytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::vector<std::byte> Owned(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

void ReadProgram(std::vector<std::byte> bytes, bool weightless) {
  Diagnostics diagnostics;
  const auto program =
      ReadExportedProgram(MappedFile::FromBytes(std::move(bytes), "fuzz.pt2"), {.weightless = weightless}, diagnostics);
  if (!program.ok()) return;
  const Status verified = VerifyGraph(program->graph);
  FL_CHECK(verified.ok(), "a program that was read holds together");
  for (const auto& [name, tensor] : program->weights)
    if (!tensor.IsAbsent() && tensor.dense_size() < (1 << 16)) tensor.Dense();
}

std::vector<std::byte> Packed(std::initializer_list<std::pair<std::string_view, Bytes>> entries) {
  std::ostringstream out;
  ZipWriter zip(out);
  for (const auto& [name, bytes] : entries) zip.Add(name, {bytes});
  zip.Finish();
  return Owned(AsBytes(out.view()));
}

void ReadPickled(Bytes bytes) {
  const std::string storage(64, 'x');
  const std::vector<std::byte> packed = Packed({{"a/data.pkl", bytes}, {"a/data/0", AsBytes(storage)}});
  const auto file = TorchFile::Open(OwnedContent(packed), "fuzz", ZipArchive::Crc::kSkip);
  if (!file.ok()) return;
  for (const auto& [name, value] : file->Dict()) {
    const auto tensor = file->ReadTensor(value, name);
    if (tensor.ok() && tensor->dense_size() < (1 << 16)) tensor->Dense();
  }
}

void Fuzz(Bytes bytes) {
  const auto choice = static_cast<unsigned>(bytes[0]) % 6;
  bytes = bytes.subspan(1);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  switch (choice) {
    case 0: return ReadProgram(Owned(bytes), false);
    case 1: return ReadProgram(Packed({{"serialized_exported_program.json", bytes}}), true);
    case 2:
      return ReadProgram(Packed({{"a/archive_format", AsBytes("pt2")},
                                 {"a/models/model.json", bytes},
                                 {"a/data/weights/model_weights_config.json", bytes}}),
                         true);
    case 3: return ReadPickled(bytes);
    case 4: (void)ReadSafetensors(OwnedContent(Owned(bytes)), "fuzz"); return;
    default: (void)ReadNpy(OwnedContent(Owned(bytes)), "fuzz"); return;
  }
}

}  // namespace
}  // namespace fairlead

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size > 0) fairlead::Fuzz(std::as_bytes(std::span(data, size)));
  return 0;
}
