// Discrete Fourier transforms of pairs of real and imaginary part, which the host makes of torch.fft and torch.stft
// (framework/passes/complex_fourier.hpp), and the frequencies they stand for.
#include "families.hpp"

namespace fairlead::aten {
namespace {

// ONNX Runtime takes another algorithm where the length is no power of two, which loses digits in float32; torch's does
// not.
DType TypeOfSums(Value self, int64_t axis) {
  const std::optional<int64_t> length = self.static_dim(axis);
  const bool power_of_two = length && *length > 0 && (*length & (*length - 1)) == 0;
  return power_of_two ? self.dtype() : DType::kDouble;
}

Value Dft(Builder& b, Value self, int64_t dim, bool inverse, bool onesided) {
  const int64_t axis = b.Axis(dim, self.rank());
  const Value x = b.ToType(self, TypeOfSums(self, axis));
  return b.ToType(b.DFT(x, {}, b.ToValue(axis), {.inverse = inverse, .onesided = onesided}), self.dtype());
}

// Before opset 20 the axis is an attribute.
Value DftOfAttribute(Builder& b, Value self, int64_t dim, bool inverse, bool onesided) {
  const int64_t axis = b.Axis(dim, self.rank());
  const Value x = b.ToType(self, TypeOfSums(self, axis));
  return b.ToType(b.DFT17(x, {.axis = axis, .inverse = inverse, .onesided = onesided}), self.dtype());
}

using Pin = NoEffect<std::optional<bool>>;

constexpr int64_t kMostFrequencies = 1 << 20;

// k / (n d) for k = 0, 1 … and, but for real signals, the negative ones.
template <bool kReal>
Value Frequencies(Builder& b, int64_t n, double d, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  if (n <= 0 || n > kMostFrequencies) return b.Unsupported("n={}", n);
  const int64_t count = kReal ? n / 2 + 1 : n, positive = kReal ? count : (n + 1) / 2;
  std::vector<double> out;
  for (int64_t k = 0; k < count; ++k)
    out.push_back(static_cast<double>(k < positive ? k : k - n) / (static_cast<double>(n) * d));
  return b.Constant(Floats(out), dtype.value_or(DType::kFloat));
}

constexpr std::string_view kDft = "fairlead::dft(Tensor self, int dim, bool inverse, bool onesided) -> Tensor";
#define FL_FREQUENCIES                                                                                               \
  "(int n, float d=1., *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) " \
  "-> Tensor"

constexpr Lowering kTable[] = {
    Lower<Dft>(kDft).Since(20),
    Lower<DftOfAttribute>(kDft).Until(19),
    Lower<Frequencies<false>>("aten::fft_fftfreq" FL_FREQUENCIES),
    Lower<Frequencies<true>>("aten::fft_rfftfreq" FL_FREQUENCIES),
};

}  // namespace

std::span<const Lowering> FourierLowerings() { return kTable; }

}  // namespace fairlead::aten
