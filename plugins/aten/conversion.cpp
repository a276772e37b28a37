// The same numbers in another data type, and operators that leave a tensor as it is.
#include <limits>

#include "families.hpp"

namespace fairlead::aten {
namespace {

// What is too large for a float8 that torch does not bound: infinity, or NaN in the types without it. Casts of runtimes
// disagree about numbers that are rounded up to such a one, so these are made infinity before.
Value Converted(Builder& b, Value value, DType dtype) {
  if (!IsFloat(dtype) || BitWidth(dtype) != 8 || value.dtype() == dtype) return b.ToType(value, dtype);
  const Value x = b.ToType(value, DType::kFloat);
  if (dtype == DType::kFloat8E4M3FN) return b.ToType(x, dtype);  // bounded, as ONNX's Cast does by default
  const bool is_fnuz = dtype != DType::kFloat8E5M2;
  const double too_large = dtype == DType::kFloat8E4M3FNUZ ? 248 : 61440;
  const double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  const Value beyond = b.Mul(x, b.Like(x, is_fnuz ? nan : infinity));
  const Value bounded = b.Where(b.GreaterOrEqual(b.Abs(x), b.Like(x, too_large)), beyond, x);
  return b.Cast(bounded, {.saturate = 0, .to = static_cast<int64_t>(dtype)});
}

Value Same(Builder&, Value self) { return self; }
Value SameMemory(Builder&, Value self, NoEffect<MemoryFormat>) { return self; }

Value ToDtype(Builder& b, Value self, DType dtype, NoEffect<bool> /*non_blocking*/, NoEffect<bool> /*copy*/,
              NoEffect<MemoryFormat>) {
  return Converted(b, self, dtype);
}

Value ToDevice(Builder& b, Value self, NoEffect<Device>, DType dtype, NoEffect<bool> /*non_blocking*/,
               NoEffect<bool> /*copy*/, NoEffect<MemoryFormat>) {
  return Converted(b, self, dtype);
}

Value ToDtypeLayout(Builder& b, Value self, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>,
                    NoEffect<std::optional<bool>> /*pin_memory*/, NoEffect<bool> /*non_blocking*/, NoEffect<bool> /*copy*/,
                    NoEffect<MemoryFormat>) {
  return dtype ? Converted(b, self, *dtype) : self;
}

Value ToCopy(Builder& b, Value self, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>,
             NoEffect<std::optional<bool>> /*pin_memory*/, NoEffect<bool> /*non_blocking*/, NoEffect<MemoryFormat>) {
  return dtype ? Converted(b, self, *dtype) : self;
}

Value ToOther(Builder& b, Value self, Value other, NoEffect<bool> /*non_blocking*/, NoEffect<bool> /*copy*/,
              NoEffect<MemoryFormat>) {
  return Converted(b, self, other.dtype());
}

Value TypeAs(Builder& b, Value self, Value other) { return Converted(b, self, other.dtype()); }
Value ConvertElementType(Builder& b, Value a, DType dtype) { return Converted(b, a, dtype); }

// A real tensor is its own real part.
Value Real(Builder& b, Value self) {
  if (IsComplex(self.dtype())) return b.Unsupported("self has dtype {}", self.dtype());
  return self;
}

// The number in a tensor of one element.
Value Item(Builder& b, Value self) {
  const Value number = self.rank() == 0 ? self : b.Reshape(self, Dims());
  if (IsFloat(number.dtype())) return b.ToType(number, DType::kDouble);
  return number.dtype() == DType::kBool ? number : b.ToType(number, DType::kInt64);
}

constexpr Lowering kTable[] = {
    Lower<Same>("aten::alias(Tensor(a) self) -> Tensor(a)"),
    Lower<Same>("aten::detach(Tensor(a) self) -> Tensor(a)"),
    Lower<Same>("aten::lift_fresh(Tensor(a) self) -> Tensor(a)"),
    Lower<Same>("aten::positive(Tensor(a) self) -> Tensor(a)"),
    Lower<Same>("aten::resolve_conj(Tensor(a) self) -> Tensor(a)"),
    Lower<Same>("aten::resolve_neg(Tensor(a) self) -> Tensor(a)"),
    Lower<SameMemory>("aten::clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor"),
    Lower<SameMemory>("aten::contiguous(Tensor(a) self, *, MemoryFormat memory_format=0) -> Tensor(a)"),
    Lower<Real>("aten::real(Tensor(a) self) -> Tensor(a)"),
    Lower<ToDtype>("aten::to.dtype(Tensor(a) self, ScalarType dtype, bool non_blocking=False, bool copy=False, "
                   "MemoryFormat? memory_format=None) -> Tensor(a)"),
    Lower<ToDevice>("aten::to.device(Tensor(a) self, Device device, ScalarType dtype, bool non_blocking=False, "
                    "bool copy=False, MemoryFormat? memory_format=None) -> Tensor(a)"),
    Lower<ToDtypeLayout>("aten::to.dtype_layout(Tensor(a) self, *, ScalarType? dtype=None, Layout? layout=None, "
                         "Device? device=None, bool? pin_memory=None, bool non_blocking=False, bool copy=False, "
                         "MemoryFormat? memory_format=None) -> Tensor(a)"),
    Lower<ToOther>("aten::to.other(Tensor(a) self, Tensor other, bool non_blocking=False, bool copy=False, "
                   "MemoryFormat? memory_format=None) -> Tensor(a)"),
    Lower<ToCopy>("aten::_to_copy(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
                  "bool? pin_memory=None, bool non_blocking=False, MemoryFormat? memory_format=None) -> Tensor"),
    Lower<TypeAs>("aten::type_as(Tensor self, Tensor other) -> Tensor"),
    Lower<ConvertElementType>("prims::convert_element_type(Tensor a, ScalarType dtype) -> Tensor"),
    Lower<Item>("aten::item(Tensor self) -> Scalar"),
    Lower<Item>("aten::_local_scalar_dense(Tensor self) -> Scalar"),
};

}  // namespace

std::span<const Lowering> ConversionLowerings() { return kTable; }

}  // namespace fairlead::aten
