// What is known of a value: data type and dimensions.
//
//   Type type(DType::kFloat, {Dim("batch"), Dim(3), Dim(224), Dim(224)});
//   ToString(type);   // "float[batch,3,224,224]"
//
// A dimension is a number, a symbolic expression over names ("2*batch"; equal text means equal size), or unknown ("?").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead {

// ONNX's TensorProto.DataType numbers, used everywhere.
enum class DType : int32_t {
  kUndefined = 0,
  kFloat = 1,
  kUint8 = 2,
  kInt8 = 3,
  kUint16 = 4,
  kInt16 = 5,
  kInt32 = 6,
  kInt64 = 7,
  kString = 8,
  kBool = 9,
  kFloat16 = 10,
  kDouble = 11,
  kUint32 = 12,
  kUint64 = 13,
  kComplex64 = 14,
  kComplex128 = 15,
  kBFloat16 = 16,
  kFloat8E4M3FN = 17,
  kFloat8E4M3FNUZ = 18,
  kFloat8E5M2 = 19,
  kFloat8E5M2FNUZ = 20,
  kUint4 = 21,
  kInt4 = 22,
  kFloat4E2M1 = 23,
  kFloat8E8M0 = 24,
  kUint2 = 25,
  kInt2 = 26,
};

// "float", "int64", "bfloat16": ONNX's names in lower case, as the textual form writes them.
std::string_view Name(DType type);
std::optional<DType> ParseDType(std::string_view name);
// "f32", "i64", "bf16": what the terminal shows.
std::string_view ShortName(DType type);
std::optional<DType> ParseShortDType(std::string_view name);
// Bits of one element; 0 for kUndefined and kString.
int BitWidth(DType type);
bool IsFloat(DType type);    // real floating point, 8-bit and 4-bit forms included
bool IsInteger(DType type);  // signed or unsigned, not bool
bool IsComplex(DType type);
// Bytes of `elements` densely stored; sub-byte types are packed. Empty when the count or the product overflows.
std::optional<uint64_t> ByteSize(DType type, uint64_t elements);

class Dim {
 public:
  Dim() = default;  // unknown
  Dim(int64_t size) : size_(size) {}
  explicit Dim(std::string expression) : expression_(std::move(expression)) {}

  bool IsStatic() const { return size_ >= 0; }
  bool IsSymbolic() const { return !expression_.empty(); }
  bool IsUnknown() const { return !IsStatic() && !IsSymbolic(); }
  int64_t size() const { return size_; }                         // -1 unless static
  const std::string& expression() const { return expression_; }  // empty unless symbolic
  friend bool operator==(const Dim&, const Dim&) = default;

 private:
  int64_t size_ = -1;
  std::string expression_;
};

using Dims = std::vector<Dim>;

std::string ToString(const Dim& dim);

// A tensor type, or a Python number that torch.export keeps symbolic (kSymInt and kin: a 0-d tensor once it is in ONNX).
struct Type {
  enum class Kind : uint8_t { kUnknown, kTensor, kSymInt, kSymFloat, kSymBool, kSequence, kNone };

  Type() = default;
  Type(DType dtype, std::optional<Dims> dims) : kind(Kind::kTensor), dtype(dtype), dims(std::move(dims)) {}

  bool IsTensor() const { return kind == Kind::kTensor; }
  bool IsSymbolicNumber() const { return kind == Kind::kSymInt || kind == Kind::kSymFloat || kind == Kind::kSymBool; }
  int64_t rank() const { return dims ? static_cast<int64_t>(dims->size()) : -1; }
  // Product of the dims when all are static and it fits; empty otherwise.
  std::optional<int64_t> ElementCount() const;
  friend bool operator==(const Type&, const Type&) = default;

  Kind kind = Kind::kUnknown;
  DType dtype = DType::kUndefined;  // of a sequence: of its elements
  std::optional<Dims> dims;         // empty: the rank is unknown. A symbolic number has none.
  // Only while the program is ATen: element strides and offset as PyTorch recorded them (may be symbolic). Empty after
  // functionalization; no ONNX value has any.
  std::vector<Dim> strides;
  Dim storage_offset = Dim(0);
  // A symbolic number's expression ("2*s77", infix), or empty.
  std::string expression;
  // True for the tensor that stands for a Python number in ATen (Tensor argument given as a scalar).
  bool wrapped_number = false;
};

Type SymIntType(std::string expression = {});

// "float[batch,3]", "int64[]", "float[*]" for an unknown rank, "symint(2*s77)", "none", "unknown".
std::string ToString(const Type& type);

}  // namespace fairlead
