// Discrete Fourier transforms on parts, along one dimension or several.
//
// The transform itself is `fairlead::dft` (aten/pseudo_schemas.cpp); lengths, half spectra and factors are said with ATen's
// operators. Factors follow torch.fft: an argument norm ("backward", "ortho", "forward"), or the number that the operators
// of the decomposed form have.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "passes/complex_math.hpp"

namespace fairlead {

class FourierTransform {
 public:
  // What the sums over n elements are multiplied by: 1, 1/sqrt(n), 1/n.
  enum class Factor : uint8_t { kNone, kRootN, kN };

  FourierTransform(RealMath& math, ComplexParts& parts) : math_(math), parts_(parts) {}

  // The rank and every size that is a number are known and in range: what the other functions take for granted.
  static constexpr int64_t kLongest = int64_t{1} << 30;
  bool HasSizes(ValueId value) const;

  // Complex to complex, along `dims` (counted from the front).
  Parts Full(Parts x, const std::vector<int64_t>& dims, bool inverse, Factor factor);
  // Real to complex: the last of `dims` keeps the first half of its spectrum when `onesided`.
  Parts OfReal(ValueId x, const std::vector<int64_t>& dims, bool onesided, Factor factor);
  // Inverse, to real numbers: the last of `dims` is half a spectrum of a signal of `length`.
  ValueId ToReal(Parts x, const std::vector<int64_t>& dims, Size length, Factor factor);

  // Cut, or filled with zeros at the end.
  Parts Resized(Parts x, int64_t dim, const Size& size);
  Size SizeOf(ValueId value, int64_t dim);
  int64_t RankOf(Parts x) const { return math_.TypeOf(x.real).rank(); }

  // Numbers of elements, symbolic ones too.
  Size Minus(const Size& x, int64_t y) { return Computed("sub", x, y); }
  Size Minus(const Size& x, const Size& y);
  Size Plus(const Size& x, int64_t y) { return Computed("add", x, y); }
  Size Times(const Size& x, int64_t y) { return Computed("mul", x, y); }
  Size Halved(const Size& x) { return Computed("floordiv", x, 2); }

  ValueId Slice(ValueId x, int64_t dim, const Size& start, const Size& end);

 private:
  Size Computed(std::string_view op, const Size& x, int64_t y);
  ValueId PairOfTransformed(Parts x, int64_t dim, bool inverse, bool onesided);
  Parts Transformed(Parts x, int64_t dim, bool inverse, bool onesided);
  // `x`, whose elements are sums over `dims` of tensors of these sizes (or means, when `inverse`), with the factor.
  Parts Scaled(Parts x, const std::vector<Size>& sizes, bool inverse, Factor factor);
  ValueId Flipped(ValueId x, int64_t dim);

  RealMath& math_;
  ComplexParts& parts_;
};

}  // namespace fairlead
