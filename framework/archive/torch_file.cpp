#include "archive/torch_file.hpp"

#include <algorithm>
#include <array>

namespace fairlead {
namespace {

using Kind = PickleNode::Kind;

struct NamedDType {
  std::string_view name;
  DType dtype;
};

// Storage classes of module torch.
constexpr std::array kStorages = std::to_array<NamedDType>({
    {"FloatStorage", DType::kFloat},
    {"DoubleStorage", DType::kDouble},
    {"HalfStorage", DType::kFloat16},
    {"BFloat16Storage", DType::kBFloat16},
    {"LongStorage", DType::kInt64},
    {"IntStorage", DType::kInt32},
    {"ShortStorage", DType::kInt16},
    {"CharStorage", DType::kInt8},
    {"ByteStorage", DType::kUint8},
    {"BoolStorage", DType::kBool},
    {"ComplexFloatStorage", DType::kComplex64},
    {"ComplexDoubleStorage", DType::kComplex128},
});

// dtypes of module torch.
constexpr std::array kDTypes = std::to_array<NamedDType>({
    {"float32", DType::kFloat},
    {"float64", DType::kDouble},
    {"float16", DType::kFloat16},
    {"bfloat16", DType::kBFloat16},
    {"int64", DType::kInt64},
    {"int32", DType::kInt32},
    {"int16", DType::kInt16},
    {"int8", DType::kInt8},
    {"uint8", DType::kUint8},
    {"uint16", DType::kUint16},
    {"uint32", DType::kUint32},
    {"uint64", DType::kUint64},
    {"bool", DType::kBool},
    {"complex64", DType::kComplex64},
    {"complex128", DType::kComplex128},
    {"float8_e4m3fn", DType::kFloat8E4M3FN},
    {"float8_e4m3fnuz", DType::kFloat8E4M3FNUZ},
    {"float8_e5m2", DType::kFloat8E5M2},
    {"float8_e5m2fnuz", DType::kFloat8E5M2FNUZ},
    {"float8_e8m0fnu", DType::kFloat8E8M0},
});

template <std::size_t N> std::optional<DType> FindDType(const std::array<NamedDType, N>& table, std::string_view name) {
  const auto found = std::ranges::find(table, name, &NamedDType::name);
  return found == table.end() ? std::nullopt : std::optional(found->dtype);
}

// What a rebuild function of PyTorch makes.
enum class Rebuilder : uint8_t { kStrided, kStridedTyped, kParameter, kFromType, kNoData, kUnsupported };

struct RebuildFunction {
  std::string_view module, name;
  Rebuilder rebuilder;
};

constexpr std::array kRebuildFunctions = std::to_array<RebuildFunction>({
    {"torch._utils", "_rebuild_tensor_v2", Rebuilder::kStrided},
    {"torch._utils", "_rebuild_tensor_v3", Rebuilder::kStridedTyped},
    {"torch._utils", "_rebuild_parameter", Rebuilder::kParameter},
    {"torch._utils", "_rebuild_parameter_with_state", Rebuilder::kParameter},
    {"torch._tensor", "_rebuild_from_type_v2", Rebuilder::kFromType},
    {"torch._utils", "_rebuild_meta_tensor_no_storage", Rebuilder::kNoData},
    {"torch._export.serde.serialize", "_reconstruct_fake_tensor", Rebuilder::kNoData},
    {"torch._utils", "_rebuild_sparse_tensor", Rebuilder::kUnsupported},
    {"torch._utils", "_rebuild_qtensor", Rebuilder::kUnsupported},
    {"torch._utils", "_rebuild_nested_tensor", Rebuilder::kUnsupported},
    {"torch._utils", "_rebuild_wrapper_subclass", Rebuilder::kUnsupported},
});

const RebuildFunction* FindRebuildFunction(const PickleNode& callee) {
  const auto found = std::ranges::find_if(
      kRebuildFunctions, [&](const RebuildFunction& f) { return f.module == callee.module && f.name == callee.text; });
  return found == kRebuildFunctions.end() ? nullptr : &*found;
}

Status NotATensor(std::string_view name, std::string_view what) {
  return Error("FL1001", "{} is not a tensor that can be read: {}", name, what);
}

}  // namespace

Result<TorchFile> TorchFile::Open(Content content, std::string name, ZipArchive::Crc crc) {
  FL_ASSIGN_OR_RETURN(ZipArchive zip, ZipArchive::Open(std::move(content), std::move(name)));
  const ZipEntry* pickled = nullptr;
  for (const ZipEntry& entry : zip.entries())
    if (entry.name == "data.pkl" || entry.name.ends_with("/data.pkl")) pickled = &entry;
  if (!pickled) return Error("FL1001", "{}: no data.pkl in it, so torch.save did not write it", zip.name());
  std::string prefix = pickled->name.substr(0, pickled->name.size() - std::string_view("data.pkl").size());
  FL_ASSIGN_OR_RETURN(Content text, zip.Read(*pickled, ZipArchive::Crc::kSkip));
  FL_ASSIGN_OR_RETURN(Pickle pickle, Pickle::Parse(text.bytes, zip.name()));
  TorchFile file(std::move(zip), std::move(prefix), std::move(text), std::move(pickle), crc);
  if (const ZipEntry* const order = file.zip_.Find(file.prefix_ + "byteorder")) {
    FL_ASSIGN_OR_RETURN(const Content word, file.zip_.Read(*order, ZipArchive::Crc::kSkip));
    file.byte_order_ = ByteOrder(word.text() == "big");
  }
  return file;
}

std::vector<std::pair<std::string_view, PickleId>> TorchFile::Dict() const {
  std::vector<std::pair<std::string_view, PickleId>> out;
  const PickleNode& root = pickle_.node(pickle_.root());
  if (root.kind != Kind::kDict) return out;
  for (std::size_t i = 0; i + 1 < root.items.size(); i += 2)
    if (const PickleNode& key = pickle_.node(root.items[i]); key.kind == Kind::kString)
      out.emplace_back(key.text, root.items[i + 1]);
  return out;
}

bool TorchFile::IsTensor(PickleId id) const {
  const PickleNode& node = pickle_.node(id);
  return node.kind == Kind::kCall && FindRebuildFunction(pickle_.node(node.callee)) != nullptr;
}

Result<Tensor> TorchFile::ReadTensor(PickleId id, std::string_view name) const { return ReadNested(id, name, 0); }

Result<Tensor> TorchFile::ReadNested(PickleId id, std::string_view name, int depth) const {
  const PickleNode& node = pickle_.node(id);
  // A parameter holds a tensor; a hostile pickle may hold itself.
  if (depth > 4) return NotATensor(name, "nested too deep");
  if (node.kind != Kind::kCall) return NotATensor(name, "a plain Python value");
  return Rebuild(node.callee, pickle_.arguments(node), name, depth);
}

Result<Tensor> TorchFile::Rebuild(PickleId callee, const std::vector<PickleId>& arguments, std::string_view name,
                                  int depth) const {
  const PickleNode& function = pickle_.node(callee);
  const RebuildFunction* const known = FindRebuildFunction(function);
  if (!known) return NotATensor(name, fmt::format("made by {}.{}", function.module, function.text));
  switch (known->rebuilder) {
    case Rebuilder::kStrided: return RebuildStrided(arguments, false, name);
    case Rebuilder::kStridedTyped: return RebuildStrided(arguments, true, name);
    case Rebuilder::kParameter:
      if (arguments.empty()) return NotATensor(name, "a parameter without data");
      return ReadNested(arguments[0], name, depth + 1);
    case Rebuilder::kFromType: {
      if (arguments.size() < 3 || pickle_.node(arguments[2]).kind != Kind::kTuple)
        return NotATensor(name, "a broken tensor subclass");
      const PickleNode& type = pickle_.node(arguments[1]);
      if (!pickle_.IsGlobal(arguments[1], "torch", "Tensor") &&
          !pickle_.IsGlobal(arguments[1], "torch.nn.parameter", "Parameter"))
        return NotATensor(name, fmt::format("a tensor subclass {}.{}", type.module, type.text));
      if (depth > 4) return NotATensor(name, "nested too deep");
      return Rebuild(arguments[0], pickle_.node(arguments[2]).items, name, depth + 1);
    }
    case Rebuilder::kNoData:
      return Error("FL1009", "{} has no data: the program was saved from fake or meta tensors", name);
    case Rebuilder::kUnsupported:
      return Error("FL2015", "{} is saved by {}: sparse, quantized or a subclass", name, function.text);
  }
  return NotATensor(name, "unknown");
}

// Arguments: storage, offset, sizes, strides, requires_grad, hooks[, dtype][, metadata].
Result<Tensor> TorchFile::RebuildStrided(const std::vector<PickleId>& arguments, bool typed, std::string_view name) const {
  const std::size_t needed = typed ? 7 : 4;
  if (arguments.size() < needed) return NotATensor(name, "too few arguments");
  StridedView view;
  const PickleNode& offset = pickle_.node(arguments[1]);
  auto dims = Ints(arguments[2]), strides = Ints(arguments[3]);
  if (offset.kind != Kind::kInt || !dims || !strides) return NotATensor(name, "sizes that are no numbers");
  view.offset = offset.integer;
  view.dims = *std::move(dims);
  view.strides = *std::move(strides);
  const std::size_t metadata = typed ? 7 : 6;
  if (arguments.size() > metadata) {
    const PickleNode& flags = pickle_.node(arguments[metadata]);
    for (std::size_t i = 1; flags.kind == Kind::kDict && i < flags.items.size(); i += 2)
      if (const PickleNode& flag = pickle_.node(flags.items[i]); flag.kind == Kind::kBool && flag.integer != 0)
        return NotATensor(name, "a lazily conjugated or negated tensor");
  }
  FL_ASSIGN_OR_RETURN(const Storage storage, ReadStorage(arguments[0], name));
  view.dtype = storage.dtype;
  if (typed) {
    const PickleNode& dtype = pickle_.node(arguments[6]);
    const auto found =
        dtype.kind == Kind::kGlobal && dtype.module == "torch" ? FindDType(kDTypes, dtype.text) : std::nullopt;
    if (!found) return NotATensor(name, fmt::format("data type {}", dtype.text));
    view.dtype = *found;
  }
  if (view.dtype == DType::kUndefined) return NotATensor(name, "a storage without a data type");
  return byte_order_.Read(storage.content, view, name);
}

// The persistent id ('storage', class, key, location, element count).
Result<TorchFile::Storage> TorchFile::ReadStorage(PickleId id, std::string_view name) const {
  const PickleNode& persistent = pickle_.node(id);
  if (persistent.kind != Kind::kPersistent) return NotATensor(name, "no storage");
  const PickleNode& tuple = pickle_.node(persistent.items[0]);
  if (tuple.kind != Kind::kTuple || tuple.items.size() < 5) return NotATensor(name, "a broken storage");
  const PickleNode& type = pickle_.node(tuple.items[1]);
  const PickleNode& key = pickle_.node(tuple.items[2]);
  const PickleNode& location = pickle_.node(tuple.items[3]);
  const PickleNode& count = pickle_.node(tuple.items[4]);
  if (type.kind != Kind::kGlobal || key.kind != Kind::kString || location.kind != Kind::kString || count.kind != Kind::kInt)
    return NotATensor(name, "a broken storage");
  if (location.text == "meta") return Error("FL1009", "{} has no data: it was saved from the meta device", name);

  Storage storage;
  if (type.module == "torch") storage.dtype = FindDType(kStorages, type.text).value_or(DType::kUndefined);
  const bool untyped = type.text == "UntypedStorage" && (type.module == "torch.storage" || type.module == "torch");
  if (storage.dtype == DType::kUndefined && !untyped)
    return Error("FL2015", "{} has a storage of class {}.{}", name, type.module, type.text);
  const ZipEntry* const entry = zip_.Find(fmt::format("{}data/{}", prefix_, key.text));
  if (!entry) return Error("FL1001", "{}: storage {} of {} is not in the file", zip_.name(), key.text, name);
  FL_ASSIGN_OR_RETURN(storage.content, zip_.Read(*entry, crc_));
  const uint64_t width = untyped ? 1 : static_cast<uint64_t>(BitWidth(storage.dtype)) / 8;
  if (count.integer < 0 || static_cast<uint64_t>(count.integer) > storage.content.bytes.size() / width)
    return Error("FL1001", "{}: storage {} of {} has {} bytes, {} elements of {} bytes are promised", zip_.name(), key.text,
                 name, storage.content.bytes.size(), count.integer, width);
  return storage;
}

std::optional<std::vector<int64_t>> TorchFile::Ints(PickleId id) const {
  const PickleNode* node = &pickle_.node(id);
  // torch.Size((2, 3))
  if (node->kind == Kind::kCall && pickle_.IsGlobal(node->callee, "torch", "Size") && pickle_.arguments(*node).size() == 1)
    node = &pickle_.node(pickle_.arguments(*node)[0]);
  if (node->kind != Kind::kTuple && node->kind != Kind::kList) return std::nullopt;
  std::vector<int64_t> out;
  for (const PickleId item : node->items) {
    if (pickle_.node(item).kind != Kind::kInt) return std::nullopt;
    out.push_back(pickle_.node(item).integer);
  }
  return out;
}

}  // namespace fairlead
