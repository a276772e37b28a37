// Where a program's tensors come from: pickled state dicts, and raw payloads listed in a JSON config.
#include <fmt/format.h>

#include "archive/storage.hpp"
#include "frontend/program_archive.hpp"
#include "frontend/schema.hpp"

namespace fairlead {
namespace {

class NoTensors : public TensorStore {
 public:
  bool Has(std::string_view) const override { return false; }
  Result<Tensor> Read(std::string_view name) const override { return Error("FL1009", "{} is not in the archive", name); }
};

class StateDict : public TensorStore {
 public:
  explicit StateDict(TorchFile file) : file_(std::move(file)) {
    for (const auto& [name, value] : file_.Dict()) entries_.emplace(name, value);
  }
  bool Has(std::string_view name) const override { return entries_.contains(name); }
  Result<Tensor> Read(std::string_view name) const override { return file_.ReadTensor(entries_.at(name), name); }

 private:
  TorchFile file_;
  std::unordered_map<std::string_view, PickleId> entries_;
};

std::optional<int64_t> PlainInt(JsonValue json) {
  if (const auto number = json.AsInt()) return number;
  const Tagged tagged = ReadUnion(json);
  return tagged.tag == "as_int" ? tagged.value.AsInt() : std::nullopt;
}

// A TensorMeta whose sizes are all numbers.
std::optional<StridedView> ReadView(JsonValue meta) {
  StridedView view;
  const auto dtype = ReadScalarType(meta["dtype"]);
  const auto offset = PlainInt(meta["storage_offset"]);
  if (!dtype || !offset || !meta["sizes"].IsArray() || !meta["strides"].IsArray()) return std::nullopt;
  view.dtype = *dtype;
  view.offset = *offset;
  for (const auto& [key, numbers] : {std::pair("sizes", &view.dims), std::pair("strides", &view.strides)}) {
    for (const JsonValue element : meta[key]) {
      const auto number = PlainInt(element);
      if (!number) return std::nullopt;
      numbers->push_back(*number);
    }
  }
  return view;
}

class Payloads : public TensorStore {
 public:
  Payloads(std::shared_ptr<const ZipArchive> zip, JsonDocument config, std::string folder, bool big_endian,
           ZipArchive::Crc crc)
      : zip_(std::move(zip)), config_(std::move(config)), folder_(std::move(folder)), byte_order_(big_endian), crc_(crc) {
    const JsonValue entries = config_.root()["config"];
    for (std::size_t i = 0; i < entries.size(); ++i) entries_.emplace(entries.member(i).key, entries.member(i).value);
  }
  bool Has(std::string_view name) const override { return entries_.contains(name); }

  Result<Tensor> Read(std::string_view name) const override {
    const JsonValue payload = entries_.at(name);
    const std::string path = folder_ + std::string(payload["path_name"].text());
    const ZipEntry* const entry = zip_->Find(path);
    if (!entry) return Error("FL1001", "{}: the bytes of {} ({}) are not in it", zip_->name(), name, path);
    FL_ASSIGN_OR_RETURN(Content content, zip_->Read(*entry, crc_));
    if (payload["use_pickle"].AsBool().value_or(false)) return ReadPickled(std::move(content), path, name);
    if (payload["tensor_meta"].IsNull()) return Error("FL1001", "{} is an object of a custom class, not a tensor", name);
    if (const auto layout = payload["tensor_meta"]["layout"].AsInt(); layout && *layout != 7)
      return Error("FL2015", "tensor {} has layout {} instead of strided", name, *layout);
    const auto view = ReadView(payload["tensor_meta"]);
    if (!view) return Error("FL1001", "{}: the type recorded for {} is broken", zip_->name(), name);
    return byte_order_.Read(content, *view, name);
  }

 private:
  Result<Tensor> ReadPickled(Content content, const std::string& path, std::string_view name) const {
    FL_ASSIGN_OR_RETURN(const TorchFile file, TorchFile::Open(std::move(content), path, crc_));
    return file.ReadTensor(file.pickle().root(), name);
  }

  std::shared_ptr<const ZipArchive> zip_;
  JsonDocument config_;
  std::string folder_;
  mutable ByteOrder byte_order_;
  ZipArchive::Crc crc_;
  std::unordered_map<std::string_view, JsonValue> entries_;
};

// RFC 4648 without line breaks; empty when the text is not base64.
std::vector<std::byte> Decoded(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::byte> out;
  out.reserve(text.size() / 4 * 3);
  while (text.ends_with('=')) text.remove_suffix(1);
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return {};
    bits = bits << 6 | static_cast<uint32_t>(digit);
    if (++count % 4 != 1) out.push_back(static_cast<std::byte>(bits >> (6 - 2 * ((count - 1) % 4)) & 0xff));
  }
  return out;
}

class Embedded : public TensorStore {
 public:
  explicit Embedded(JsonValue constants) {
    for (std::size_t i = 0; i < constants.size(); ++i) entries_.emplace(constants.member(i).key, constants.member(i).value);
  }
  bool Has(std::string_view name) const override { return entries_.contains(name); }
  Result<Tensor> Read(std::string_view name) const override {
    FL_ASSIGN_OR_RETURN(const TorchFile file, TorchFile::Open(OwnedContent(Decoded(entries_.at(name).text())),
                                                              std::string(name), ZipArchive::Crc::kSkip));
    return file.ReadTensor(file.pickle().root(), name);
  }

 private:
  std::unordered_map<std::string_view, JsonValue> entries_;
};

}  // namespace

std::unique_ptr<TensorStore> EmbeddedConstants(JsonValue constants) { return std::make_unique<Embedded>(constants); }

Result<std::unique_ptr<TensorStore>> OpenStateDict(Content content, std::string name, ZipArchive::Crc crc) {
  if (content.bytes.empty()) return std::unique_ptr<TensorStore>(std::make_unique<NoTensors>());
  FL_ASSIGN_OR_RETURN(TorchFile file, TorchFile::Open(std::move(content), std::move(name), crc));
  return std::unique_ptr<TensorStore>(std::make_unique<StateDict>(std::move(file)));
}

Result<std::unique_ptr<TensorStore>> OpenPayloads(std::shared_ptr<const ZipArchive> zip, Content config, std::string folder,
                                                  bool big_endian, ZipArchive::Crc crc) {
  FL_ASSIGN_OR_RETURN(JsonDocument document, JsonDocument::Parse(config.text(), zip->name() + ": " + folder));
  return std::unique_ptr<TensorStore>(
      std::make_unique<Payloads>(std::move(zip), std::move(document), std::move(folder), big_endian, crc));
}

}  // namespace fairlead
