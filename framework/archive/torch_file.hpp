// What torch.save wrote: a zip with a pickle and raw storages. Read without running anything.
//
//   FL_ASSIGN_OR_RETURN(const TorchFile file, TorchFile::Open(content, "data/weights/model.pt", ZipArchive::Crc::kSkip));
//   for (const auto& [name, value] : file.Dict()) file.ReadTensor(value, name);
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "archive/content.hpp"
#include "archive/pickle.hpp"
#include "archive/storage.hpp"
#include "archive/zip.hpp"
#include "base/status.hpp"
#include "ir/tensor.hpp"

namespace fairlead {

// Not thread-safe, as the zip it reads.
class TorchFile {
 public:
  // FL1001 naming `name` when `content` is no such zip. `crc` is for the storages; the pickle's is not checked, because
  // PyTorch can be told to write none.
  static Result<TorchFile> Open(Content content, std::string name, ZipArchive::Crc crc);

  const Pickle& pickle() const { return pickle_; }
  // The root's items, in order; empty unless the root is a dict with string keys.
  std::vector<std::pair<std::string_view, PickleId>> Dict() const;
  // True when the node describes a tensor, whether or not it can be read.
  bool IsTensor(PickleId id) const;
  // FL1009 for a tensor without data (meta, fake), FL2015 for a sparse or quantized one, FL1001 naming `name` for
  // anything that is no tensor or reads outside its storage.
  Result<Tensor> ReadTensor(PickleId id, std::string_view name) const;

 private:
  TorchFile(ZipArchive zip, std::string prefix, Content text, Pickle pickle, ZipArchive::Crc crc)
      : zip_(std::move(zip)), prefix_(std::move(prefix)), text_(std::move(text)), pickle_(std::move(pickle)), crc_(crc) {}

  struct Storage {
    DType dtype = DType::kUndefined;  // kUndefined: bytes
    Content content;
  };
  Result<Tensor> Rebuild(PickleId callee, const std::vector<PickleId>& arguments, std::string_view name, int depth) const;
  Result<Tensor> RebuildStrided(const std::vector<PickleId>& arguments, bool typed, std::string_view name) const;
  Result<Tensor> ReadNested(PickleId id, std::string_view name, int depth) const;
  Result<Storage> ReadStorage(PickleId id, std::string_view name) const;
  std::optional<std::vector<int64_t>> Ints(PickleId id) const;

  ZipArchive zip_;
  std::string prefix_;  // folder of data.pkl in the zip, with its '/'
  Content text_;        // the pickle's bytes
  Pickle pickle_;
  ZipArchive::Crc crc_;
  mutable ByteOrder byte_order_;
};

}  // namespace fairlead
