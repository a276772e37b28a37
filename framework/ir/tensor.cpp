#include "ir/tensor.hpp"

#include <bit>
#include <cmath>
#include <cstring>

namespace fairlead {
namespace {

int64_t CountOf(const std::vector<int64_t>& dims) {
  int64_t count = 1;
  for (const int64_t dim : dims) count *= dim;
  return count;
}

// IEEE half to double, subnormals and specials included.
double FromHalf(uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const int mantissa = bits & 1023;
  const double sign = (bits & 0x8000) != 0 ? -1.0 : 1.0;
  if (exponent == 31) return mantissa != 0 ? std::nan("") : sign * INFINITY;
  if (exponent == 0) return sign * std::ldexp(mantissa, -24);
  return sign * std::ldexp(mantissa + 1024, exponent - 25);
}

double FromBFloat16(uint16_t bits) { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }

template <class T> T Load(std::span<const std::byte> bytes, std::size_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

std::optional<double> ElementAsDouble(DType dtype, std::span<const std::byte> bytes, std::size_t i) {
  switch (dtype) {
    case DType::kFloat: return Load<float>(bytes, i);
    case DType::kDouble: return Load<double>(bytes, i);
    case DType::kFloat16: return FromHalf(Load<uint16_t>(bytes, i));
    case DType::kBFloat16: return FromBFloat16(Load<uint16_t>(bytes, i));
    case DType::kUint64: return static_cast<double>(Load<uint64_t>(bytes, i));
    default: return std::nullopt;
  }
}

std::optional<int64_t> ElementAsInt(DType dtype, std::span<const std::byte> bytes, std::size_t i) {
  switch (dtype) {
    case DType::kBool: return Load<uint8_t>(bytes, i) != 0;
    case DType::kUint8: return Load<uint8_t>(bytes, i);
    case DType::kInt8: return Load<int8_t>(bytes, i);
    case DType::kUint16: return Load<uint16_t>(bytes, i);
    case DType::kInt16: return Load<int16_t>(bytes, i);
    case DType::kUint32: return Load<uint32_t>(bytes, i);
    case DType::kInt32: return Load<int32_t>(bytes, i);
    case DType::kInt64: return Load<int64_t>(bytes, i);
    default: return std::nullopt;
  }
}

}  // namespace

Tensor Tensor::Owned(DType dtype, std::vector<int64_t> dims, std::vector<std::byte> bytes) {
  Tensor tensor;
  tensor.dtype_ = dtype;
  tensor.dims_ = std::move(dims);
  auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  tensor.bytes_ = *owner;
  tensor.owner_ = std::move(owner);
  FL_CHECK(tensor.dense_size() == tensor.bytes_.size(), "a dense tensor has as many bytes as its type says");
  return tensor;
}

Tensor Tensor::View(DType dtype, std::vector<int64_t> dims, std::vector<int64_t> strides, std::span<const std::byte> bytes,
                    std::shared_ptr<const void> owner, std::optional<FileRange> range) {
  Tensor tensor;
  tensor.dtype_ = dtype;
  tensor.dims_ = std::move(dims);
  tensor.strides_ = std::move(strides);
  tensor.bytes_ = bytes;
  tensor.owner_ = std::move(owner);
  tensor.range_ = std::move(range);
  FL_CHECK(!tensor.strides_.empty() || tensor.dense_size() == bytes.size(), "a dense view covers its elements exactly");
  return tensor;
}

Tensor Tensor::AsPairs() const {
  FL_CHECK(IsComplex(dtype_), "only complex numbers are pairs");
  const DType part = dtype_ == DType::kComplex64 ? DType::kFloat : DType::kDouble;
  std::vector<int64_t> dims = dims_, strides = strides_;
  dims.push_back(2);
  if (absent_) return Absent(part, std::move(dims));
  for (int64_t& stride : strides) stride *= 2;
  if (!strides.empty()) strides.push_back(1);
  return View(part, std::move(dims), std::move(strides), bytes_, owner_, range_);
}

Tensor Tensor::Absent(DType dtype, std::vector<int64_t> dims) {
  Tensor tensor;
  tensor.dtype_ = dtype;
  tensor.dims_ = std::move(dims);
  tensor.absent_ = true;
  return tensor;
}

Tensor Tensor::Ints(std::span<const int64_t> values) {
  const auto bytes = std::as_bytes(values);
  return Owned(DType::kInt64, {static_cast<int64_t>(values.size())}, {bytes.begin(), bytes.end()});
}

int64_t Tensor::element_count() const { return CountOf(dims_); }

uint64_t Tensor::dense_size() const { return ByteSize(dtype_, static_cast<uint64_t>(element_count())).value_or(0); }

Type Tensor::type() const { return Type(dtype_, Dims(dims_.begin(), dims_.end())); }

Tensor Tensor::Dense() const {
  if (IsDense() || absent_) return *this;
  const std::size_t width = static_cast<std::size_t>(BitWidth(dtype_)) / 8;
  const int64_t count = element_count();
  std::vector<std::byte> out(dense_size());
  if (count == 0) return Owned(dtype_, dims_, {});
  // An odometer over all axes but the last, which is copied in one loop.
  const std::size_t rank = dims_.size();
  const int64_t inner = rank > 0 ? dims_.back() : 1;
  const int64_t inner_stride = rank > 0 ? strides_.back() : 1;
  std::vector<int64_t> index(rank, 0);
  int64_t base = 0;
  std::byte* to = out.data();
  for (int64_t done = 0; done < count; done += inner) {
    for (int64_t i = 0; i < inner; ++i, to += width)
      std::memcpy(to, bytes_.data() + static_cast<std::size_t>(base + i * inner_stride) * width, width);
    for (std::size_t axis = rank - (rank > 0); axis-- > 0;) {
      base += strides_[axis];
      if (++index[axis] < dims_[axis]) break;
      base -= strides_[axis] * dims_[axis];
      index[axis] = 0;
    }
  }
  return Owned(dtype_, dims_, std::move(out));
}

std::optional<std::vector<int64_t>> Tensor::AsInts(int64_t limit) const {
  if (absent_ || !IsDense() || element_count() > limit) return std::nullopt;
  std::vector<int64_t> out;
  for (std::size_t i = 0; i < static_cast<std::size_t>(element_count()); ++i) {
    const auto value = ElementAsInt(dtype_, bytes_, i);
    if (!value) return std::nullopt;
    out.push_back(*value);
  }
  return out;
}

std::optional<std::vector<double>> Tensor::AsDoubles(int64_t limit) const {
  if (absent_ || !IsDense() || element_count() > limit) return std::nullopt;
  std::vector<double> out;
  for (std::size_t i = 0; i < static_cast<std::size_t>(element_count()); ++i) {
    if (const auto value = ElementAsDouble(dtype_, bytes_, i)) {
      out.push_back(*value);
    } else if (const auto integer = ElementAsInt(dtype_, bytes_, i)) {
      out.push_back(static_cast<double>(*integer));
    } else {
      return std::nullopt;
    }
  }
  return out;
}

bool SameContent(const Tensor& a, const Tensor& b) {
  if (a.dtype_ != b.dtype_ || a.dims_ != b.dims_ || a.absent_ || b.absent_) return false;
  if (SameView(a, b)) return true;
  const Tensor x = a.Dense(), y = b.Dense();
  return x.bytes_.empty() || std::memcmp(x.bytes_.data(), y.bytes_.data(), x.bytes_.size()) == 0;
}

bool SameView(const Tensor& a, const Tensor& b) {
  return a.dtype_ == b.dtype_ && a.dims_ == b.dims_ && a.strides_ == b.strides_ && !a.absent_ && !b.absent_ &&
         a.bytes_.data() == b.bytes_.data() && a.bytes_.size() == b.bytes_.size();
}

}  // namespace fairlead
