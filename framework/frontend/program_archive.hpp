// The archive around a program, whichever of PyTorch's three layouts it has: the program's JSON and tensors by name.
//
// A: flat zip of PyTorch 2.1 to 2.7. B: the archive format with pickled weights, 2.8 only. C: the archive format with raw
// weights, 2.9 and later.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "archive/json.hpp"
#include "archive/torch_file.hpp"
#include "archive/zip.hpp"
#include "base/status.hpp"

namespace fairlead {

// Tensors by fully qualified name.
class TensorStore {
 public:
  virtual ~TensorStore() = default;
  virtual bool Has(std::string_view name) const = 0;
  // FL1009 for a tensor without data; FL1001 or FL2015 when it cannot be read. Only for names that it has.
  virtual Result<Tensor> Read(std::string_view name) const = 0;
};

class ProgramArchive {
 public:
  // FL1001 when the zip is broken or holds no program, or several.
  static Result<ProgramArchive> Open(const std::shared_ptr<const ZipArchive>& zip, bool check_crc);

  const std::string& layout() const { return layout_; }
  Content program() const { return program_; }
  const TensorStore& weights() const { return *weights_; }
  const TensorStore& constants() const { return *constants_; }
  // The torch.save file of the sample inputs; empty content when there is none.
  Content sample_inputs() const { return sample_inputs_; }

 private:
  Status OpenFlat(const ZipArchive& zip, ZipArchive::Crc crc);
  Status OpenFolders(const std::shared_ptr<const ZipArchive>& shared, const std::string& root, ZipArchive::Crc crc);

  std::string layout_;
  Content program_, sample_inputs_;
  std::unique_ptr<TensorStore> weights_, constants_;
};

// The folder of an archive in PyTorch's archive format, with its '/'; empty optional when the zip has none.
std::optional<std::string> FindArchiveRoot(const ZipArchive& zip);
inline constexpr std::string_view kFlatProgram = "serialized_exported_program.json";
// Names of the programs in an archive-format zip: "model" for models/model.json.
std::vector<std::string> ProgramNames(const ZipArchive& zip, std::string_view root);

// A state dict written by torch.save; no bytes at all mean an empty one.
Result<std::unique_ptr<TensorStore>> OpenStateDict(Content content, std::string name, ZipArchive::Crc crc);
// A payload config ("model_weights_config.json") and the raw storages beside it in `folder`.
Result<std::unique_ptr<TensorStore>> OpenPayloads(std::shared_ptr<const ZipArchive> zip, Content config, std::string folder,
                                                  bool big_endian, ZipArchive::Crc crc);
// Constants inside the program's JSON, as schema 1 has them: name → torch.save's bytes in base64. `constants` must outlive
// the store.
std::unique_ptr<TensorStore> EmbeddedConstants(JsonValue constants);

}  // namespace fairlead
