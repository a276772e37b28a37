#include "archive/safetensors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "archive/json.hpp"
#include "archive/little_endian.hpp"
#include "archive/storage.hpp"

namespace fairlead {
namespace {

constexpr uint64_t kMaxHeader = 100'000'000;  // as the reference implementation

struct TypeName {
  std::string_view name;
  DType dtype;
};

constexpr std::array kTypes = std::to_array<TypeName>({
    {"F32", DType::kFloat},
    {"F64", DType::kDouble},
    {"F16", DType::kFloat16},
    {"BF16", DType::kBFloat16},
    {"I64", DType::kInt64},
    {"I32", DType::kInt32},
    {"I16", DType::kInt16},
    {"I8", DType::kInt8},
    {"U64", DType::kUint64},
    {"U32", DType::kUint32},
    {"U16", DType::kUint16},
    {"U8", DType::kUint8},
    {"BOOL", DType::kBool},
    {"C64", DType::kComplex64},
    {"F8_E4M3", DType::kFloat8E4M3FN},
    {"F8_E5M2", DType::kFloat8E5M2},
    {"F8_E4M3FNUZ", DType::kFloat8E4M3FNUZ},
    {"F8_E5M2FNUZ", DType::kFloat8E5M2FNUZ},
    {"F8_E8M0", DType::kFloat8E8M0},
});

struct Place {
  uint64_t begin, end;
};

std::optional<std::vector<int64_t>> ReadDims(JsonValue json) {
  if (!json.IsArray() || json.size() > 64) return std::nullopt;
  std::vector<int64_t> out;
  for (const JsonValue element : json) {
    const auto size = element.AsInt();
    if (!size) return std::nullopt;
    out.push_back(*size);
  }
  return out;
}

Result<std::pair<Tensor, Place>> ReadEntry(const Content& data, std::string_view name, JsonValue json) {
  const auto type = std::ranges::find(kTypes, json["dtype"].text(), &TypeName::name);
  if (type == kTypes.end()) return Error("FL1001", "tensor {} has the unknown type '{}'", name, json["dtype"].text());
  const auto dims = ReadDims(json["shape"]);
  const auto begin = json["data_offsets"][std::size_t{0}].AsInt(), end = json["data_offsets"][1].AsInt();
  const auto count = dims ? ElementCount(*dims) : std::nullopt;
  const auto size = count ? ByteSize(type->dtype, static_cast<uint64_t>(*count)) : std::nullopt;
  const uint64_t limit = data.bytes.size();
  if (!size || !begin || !end || *begin < 0 || *end < *begin || static_cast<uint64_t>(*end) > limit ||
      static_cast<uint64_t>(*end - *begin) != *size)
    return Error("FL1001", "tensor {} ({} of shape [{}]) does not stand where the header says", name, type->name,
                 fmt::join(dims.value_or(std::vector<int64_t>()), ", "));
  const Place place{static_cast<uint64_t>(*begin), static_cast<uint64_t>(*end)};
  const Content content = data.Slice(place.begin, *size);
  return std::pair(Tensor::View(type->dtype, *dims, {}, content.bytes, content.owner, content.range), place);
}

// Tensors stand one after the other and fill the file.
bool FillExactly(std::vector<Place> places, uint64_t size) {
  std::ranges::sort(places, {}, [](const Place& p) { return std::pair(p.begin, p.end); });
  uint64_t at = 0;
  for (const Place& place : places) {
    if (place.begin != at) return false;
    at = place.end;
  }
  return at == size;
}

std::string JsonText(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

Result<NamedTensors> ReadSafetensors(const Content& content, std::string_view name) {
  if (content.bytes.size() < 8) return Error("FL1001", "{}: too short for a safetensors file", name);
  const uint64_t length = Load64(content.bytes, 0);
  if (length > kMaxHeader || length > content.bytes.size() - 8)
    return Error("FL1001", "{}: a header of {} bytes does not fit", name, length);
  FL_ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(content.Slice(8, length).text(), name));
  const Content data = content.Slice(8 + length, content.bytes.size() - 8 - length);
  const JsonValue header = document.root();
  if (!header.IsObject()) return Error("FL1001", "{}: the header is not an object", name);

  NamedTensors out;
  std::vector<Place> places;
  std::unordered_set<std::string_view> names;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const auto [key, json] = header.member(i);
    if (!names.insert(key).second) return Error("FL1001", "{}: two tensors are named {}", name, key);
    if (key == "__metadata__") {
      for (std::size_t j = 0; j < json.size(); ++j)
        out.metadata.emplace_back(json.member(j).key, json.member(j).value.text());
      continue;
    }
    auto entry = ReadEntry(data, key, json);
    if (!entry.ok()) return Error("FL1001", "{}: {}", name, entry.error().message);
    out.tensors.emplace_back(key, std::move(entry->first));
    places.push_back(entry->second);
  }
  if (!FillExactly(std::move(places), data.bytes.size()))
    return Error("FL1001", "{}: the tensors do not fill its {} bytes one after the other", name, data.bytes.size());
  return out;
}

Status WriteSafetensors(std::ostream& out, const NamedTensors& tensors) {
  std::string header = "{";
  const auto comma = [&] { header += header.size() > 1 ? "," : ""; };
  if (!tensors.metadata.empty()) {
    header += "\"__metadata__\":{";
    for (std::size_t i = 0; i < tensors.metadata.size(); ++i)
      header += fmt::format("{}{}:{}", i > 0 ? "," : "", JsonText(tensors.metadata[i].first),
                            JsonText(tensors.metadata[i].second));
    header += '}';
  }
  uint64_t at = 0;
  for (const auto& [name, tensor] : tensors.tensors) {
    const auto type = std::ranges::find(kTypes, tensor.dtype(), &TypeName::dtype);
    if (tensor.IsAbsent() || type == kTypes.end())
      return Error("FL6015", "tensor {} cannot be written: {}", name,
                   tensor.IsAbsent() ? "it has no data" : fmt::format("safetensors has no {}", Name(tensor.dtype())));
    comma();
    header += fmt::format("{}:{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{},{}]}}", JsonText(name), type->name,
                          fmt::join(tensor.dims(), ","), at, at + tensor.dense_size());
    at += tensor.dense_size();
  }
  header += '}';
  header.append((8 - header.size() % 8) % 8, ' ');
  const uint64_t length = header.size();
  out.write(reinterpret_cast<const char*>(&length), sizeof length);
  out.write(header.data(), static_cast<std::streamsize>(length));
  for (const auto& [name, tensor] : tensors.tensors) {
    const Tensor dense = tensor.Dense();
    out.write(reinterpret_cast<const char*>(dense.bytes().data()), static_cast<std::streamsize>(dense.bytes().size()));
  }
  return out.flush() ? Ok() : Error("FL6015", "the file cannot be written to its end");
}

}  // namespace fairlead
