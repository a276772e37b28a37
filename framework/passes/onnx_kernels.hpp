// The operators that onnx_evaluator.cpp lists. Inputs are present, dense, of whole bytes per element and at most
// kMaxFoldedElements; an optional input that is absent has the dtype kUndefined. Each answers nothing where it cannot tell.
#pragma once

#include <cstring>
#include <optional>
#include <vector>

#include "passes/onnx_evaluator.hpp"

namespace fairlead::kernels {

struct Arguments {
  const Node& node;
  std::vector<Tensor> inputs;

  bool Has(std::size_t i) const { return i < inputs.size() && inputs[i].dtype() != DType::kUndefined; }
  std::optional<int64_t> Int(std::string_view attribute) const;
};

// elementwise.cpp
std::optional<Tensor> Unary(const Arguments& arguments);
std::optional<Tensor> Arithmetic(const Arguments& arguments);
std::optional<Tensor> Comparison(const Arguments& arguments);
std::optional<Tensor> Logic(const Arguments& arguments);
std::optional<Tensor> Cast(const Arguments& arguments);
// layout
std::optional<Tensor> Concat(const Arguments& arguments);
std::optional<Tensor> ConstantOfShape(const Arguments& arguments);
std::optional<Tensor> Expand(const Arguments& arguments);
std::optional<Tensor> Gather(const Arguments& arguments);
std::optional<Tensor> Identity(const Arguments& arguments);
std::optional<Tensor> Range(const Arguments& arguments);
std::optional<Tensor> Reshape(const Arguments& arguments);
std::optional<Tensor> Slice(const Arguments& arguments);
std::optional<Tensor> Squeeze(const Arguments& arguments);
std::optional<Tensor> Transpose(const Arguments& arguments);
std::optional<Tensor> Unsqueeze(const Arguments& arguments);
std::optional<Tensor> Where(const Arguments& arguments);

// -------------------------------------------------------------------------------------------------------------------
// details

using Shape = std::vector<int64_t>;

// Product of the sizes; empty when one is negative or there are more than kMaxFoldedElements elements.
std::optional<int64_t> CountOf(const Shape& shape);
// The shape both broadcast to; empty when they do not.
std::optional<Shape> Broadcast(const Shape& a, const Shape& b);
// For each element of `to` in row-major order, the row-major index of the element of `from` that broadcasts to it.
std::vector<std::size_t> BroadcastIndices(const Shape& from, const Shape& to);

template <class T> std::vector<T> Elements(const Tensor& tensor) {
  std::vector<T> out(static_cast<std::size_t>(tensor.element_count()));
  if (!out.empty()) std::memcpy(out.data(), tensor.bytes().data(), out.size() * sizeof(T));
  return out;
}

template <class T> Tensor MakeTensor(DType dtype, Shape shape, const std::vector<T>& elements) {
  std::vector<std::byte> bytes(elements.size() * sizeof(T));
  if (!bytes.empty()) std::memcpy(bytes.data(), elements.data(), bytes.size());
  return Tensor::Owned(dtype, std::move(shape), std::move(bytes));
}

// Calls `visit` with a value of the C++ type of `dtype`; bool is visited as uint8_t when `with_bool`. Empty otherwise.
template <class Visit> std::optional<Tensor> ForNumber(DType dtype, bool with_bool, const Visit& visit) {
  switch (dtype) {
    case DType::kFloat: return visit(float{});
    case DType::kDouble: return visit(double{});
    case DType::kInt8: return visit(int8_t{});
    case DType::kInt16: return visit(int16_t{});
    case DType::kInt32: return visit(int32_t{});
    case DType::kInt64: return visit(int64_t{});
    case DType::kUint8: return visit(uint8_t{});
    case DType::kUint16: return visit(uint16_t{});
    case DType::kUint32: return visit(uint32_t{});
    case DType::kUint64: return visit(uint64_t{});
    case DType::kBool: return with_bool ? visit(uint8_t{}) : std::nullopt;
    default:  // the types this evaluator has no arithmetic for
      return std::nullopt;
  }
}

}  // namespace fairlead::kernels
