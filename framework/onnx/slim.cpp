#include "onnx/slim.hpp"

#include <cstring>

#include "onnx/wire.hpp"

namespace fairlead::onnx_room {
namespace {

constexpr int kMaxDepth = 100;  // protobuf's own

enum class Kind : uint8_t { kModel, kTraining, kFunction, kGraph, kNode, kAttribute, kSparse, kTensor };

// Where messages that may hold tensors stand in one another. Anything else is copied as it is.
struct Nesting {
  Kind outer;
  int field;
  Kind inner;
};
constexpr Nesting kNesting[] = {
    {Kind::kModel, onnx::ModelProto::kGraphFieldNumber, Kind::kGraph},
    {Kind::kModel, onnx::ModelProto::kFunctionsFieldNumber, Kind::kFunction},
    {Kind::kModel, onnx::ModelProto::kTrainingInfoFieldNumber, Kind::kTraining},
    {Kind::kTraining, onnx::TrainingInfoProto::kInitializationFieldNumber, Kind::kGraph},
    {Kind::kTraining, onnx::TrainingInfoProto::kAlgorithmFieldNumber, Kind::kGraph},
    {Kind::kFunction, onnx::FunctionProto::kNodeFieldNumber, Kind::kNode},
    {Kind::kFunction, onnx::FunctionProto::kAttributeProtoFieldNumber, Kind::kAttribute},
    {Kind::kGraph, onnx::GraphProto::kNodeFieldNumber, Kind::kNode},
    {Kind::kGraph, onnx::GraphProto::kInitializerFieldNumber, Kind::kTensor},
    {Kind::kGraph, onnx::GraphProto::kSparseInitializerFieldNumber, Kind::kSparse},
    {Kind::kNode, onnx::NodeProto::kAttributeFieldNumber, Kind::kAttribute},
    {Kind::kAttribute, onnx::AttributeProto::kTFieldNumber, Kind::kTensor},
    {Kind::kAttribute, onnx::AttributeProto::kTensorsFieldNumber, Kind::kTensor},
    {Kind::kAttribute, onnx::AttributeProto::kGFieldNumber, Kind::kGraph},
    {Kind::kAttribute, onnx::AttributeProto::kGraphsFieldNumber, Kind::kGraph},
    {Kind::kAttribute, onnx::AttributeProto::kSparseTensorFieldNumber, Kind::kSparse},
    {Kind::kAttribute, onnx::AttributeProto::kSparseTensorsFieldNumber, Kind::kSparse},
    {Kind::kSparse, onnx::SparseTensorProto::kValuesFieldNumber, Kind::kTensor},
    {Kind::kSparse, onnx::SparseTensorProto::kIndicesFieldNumber, Kind::kTensor},
};

const Nesting* FindNesting(Kind outer, uint64_t field) {
  for (const Nesting& nesting : kNesting)
    if (nesting.outer == outer && static_cast<uint64_t>(nesting.field) == field) return &nesting;
  return nullptr;
}

// Reads wire format from front to back; every read is within the bytes.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  bool AtEnd() const { return at_ == bytes_.size(); }
  std::size_t at() const { return at_; }

  bool Varint(uint64_t* value) {
    *value = 0;
    for (int shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
      const auto byte = static_cast<uint64_t>(bytes_[at_++]);
      *value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  bool Take(uint64_t size, std::span<const std::byte>* taken) {
    if (size > bytes_.size() - at_) return false;
    *taken = bytes_.subspan(at_, static_cast<std::size_t>(size));
    at_ += static_cast<std::size_t>(size);
    return true;
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
};

std::string_view Text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class Slimmer {
 public:
  explicit Slimmer(SlimModel& slim) : slim_(slim) {}

  Status Message(std::span<const std::byte> bytes, Kind kind, int depth, std::string& out) {
    if (depth > kMaxDepth) return Error("FL1001", "messages nest deeper than {}", kMaxDepth);
    for (Reader reader(bytes); !reader.AtEnd();) FL_RETURN_IF_ERROR(Field(reader, bytes, kind, depth, out));
    return Ok();
  }

 private:
  Status Field(Reader& reader, std::span<const std::byte> bytes, Kind kind, int depth, std::string& out) {
    const std::size_t start = reader.at();
    uint64_t tag = 0, number = 0;
    std::span<const std::byte> content;
    if (!reader.Varint(&tag)) return Truncated();
    const uint64_t field = tag >> 3;
    switch (static_cast<WireType>(tag & 7)) {
      case WireType::kVarint:
        if (!reader.Varint(&number)) return Truncated();
        break;
      case WireType::kFixed64:
        if (!reader.Take(8, &content)) return Truncated();
        break;
      case WireType::kFixed32:
        if (!reader.Take(4, &content)) return Truncated();
        break;
      case WireType::kLength:
        if (!reader.Varint(&number) || !reader.Take(number, &content)) return Truncated();
        return Content(content, field, kind, depth, out);
      default: return Error("FL1001", "a field has wire type {}, which ONNX does not use", tag & 7);
    }
    out += Text(bytes.subspan(start, reader.at() - start));
    return Ok();
  }

  Status Content(std::span<const std::byte> content, uint64_t field, Kind kind, int depth, std::string& out) {
    const int number = static_cast<int>(field);
    if (kind == Kind::kTensor && number == onnx::TensorProto::kRawDataFieldNumber) {
      const uint64_t index = slim_.blobs.size();
      slim_.blobs.push_back(content);
      PutBytes(out, number, {reinterpret_cast<const char*>(&index), sizeof index});
      return Ok();
    }
    if (kind == Kind::kTensor && number == onnx::TensorProto::kExternalDataFieldNumber) KeepLocation(content);
    if (field > 536870911) return Error("FL1001", "a field has number {}", field);
    if (const Nesting* const nesting = FindNesting(kind, field)) {
      std::string nested;
      FL_RETURN_IF_ERROR(Message(content, nesting->inner, depth + 1, nested));
      PutBytes(out, number, nested);
      return Ok();
    }
    PutBytes(out, number, Text(content));
    return Ok();
  }

  void KeepLocation(std::span<const std::byte> content) {
    onnx::StringStringEntryProto entry;
    if (!entry.ParseFromString(std::string(Text(content))) || entry.key() != "location") return;
    slim_.locations.insert(entry.value());
  }

  static Status Truncated() { return Error("FL1001", "a message ends in the middle of a field"); }

  SlimModel& slim_;
};

}  // namespace

std::span<const std::byte> SlimModel::RawData(const onnx::TensorProto& tensor) const {
  if (!tensor.has_raw_data()) return {};
  uint64_t index = 0;
  FL_CHECK(tensor.raw_data().size() == sizeof index, "every raw_data was replaced by a number");
  std::memcpy(&index, tensor.raw_data().data(), sizeof index);
  return blobs[static_cast<std::size_t>(index)];
}

Result<SlimModel> ReadSlimModel(std::span<const std::byte> file) {
  SlimModel slim;
  std::string message;
  FL_RETURN_IF_ERROR(Slimmer(slim).Message(file, Kind::kModel, 0, message));
  if (message.size() > INT32_MAX || !slim.model.ParseFromString(message)) return Error("FL1001", "it is not an ONNX model");
  if (!slim.model.has_graph() || !slim.model.has_ir_version())
    return Error("FL1001", "it is an ONNX message without a graph");
  return slim;
}

}  // namespace fairlead::onnx_room
