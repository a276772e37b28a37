// The logarithm of the gamma function and its derivatives.
#include "gamma.hpp"

#include <cmath>
#include <numbers>

#include "families.hpp"
#include "zeta.hpp"

namespace fairlead::aten {
namespace {

using std::numbers::pi;

// sin(πx) / π up to its sign. Whole turns are taken out first, so that whole numbers are zeros.
Real SinPi(Real x) { return Sin((x - Round(x)) * pi); }

// ---- the logarithm ----

// Lanczos' approximation with Boost's coefficients (N = 13, g = 6.02…): the sum that is scaled by e^-g, in 1/x.
constexpr double kLanczos[] = {56906521.913471565,  103794043.11634454, 86363131.2881386,   43338889.32467614,
                               14605578.087685067,  3481712.154980646,  601859.6171681099,  75999.29304014542,
                               6955.999602515376,   449.9445569063168,  19.519927882476175, 0.5098416655656676,
                               0.006061842346248907};
constexpr double kLanczosBelow[] = {0.0,       39916800.0, 120543840.0, 150917976.0, 105258076.0, 45995730.0, 13339535.0,
                                    2637558.0, 357423.0,   32670.0,     1925.0,      66.0,        1.0};
constexpr double kLanczosG = 6.024680040776729583740234375;

Real LogGammaFromHalf(Real x) {
  const Real sum = Horner(1 / x, kLanczos) / Horner(1 / x, kLanczosBelow);
  return Log(sum) + (x - 0.5) * (Log(x + (kLanczosG - 0.5)) - 1);
}

// ---- derivatives ----

// ψ in 1/x², as torch has it (Cephes' psi.c).
constexpr double kDigamma[] = {0.08333333333333333,  -0.021092796092796094, 0.007575757575757576, -0.004166666666666667,
                               0.003968253968253968, -0.008333333333333333, 0.08333333333333333};

// Asymptotic from 10 on; smaller x are moved there: ψ(x) = ψ(x + n) - Σ 1 / (x + k).
Real DigammaOfPositive(Real self) {
  constexpr int kSteps = 10;
  const Truth small = self < kSteps;
  Real steps = 1 / self;
  for (int k = 1; k < kSteps; ++k) steps = steps + 1 / (self + k);
  const Real x = Where(small, self + kSteps, self);
  const Real z = 1 / (x * x);
  return Log(x) - 0.5 / x - z * Horner(z, kDigamma) - Where(small, steps, 0);
}

// ψ(x) = ψ(1-x) - π / tan(πx); negative whole numbers have none, and 0 has a pole on each side.
Real Digamma(Real x) {
  const Real turn = (x - Round(x)) * pi;
  const Real positive = DigammaOfPositive(Where(x < 0, 1 - x, Where(x == 0, 1, x)));
  const Real negative = Where(IsWhole(x), NAN, positive - pi * Cos(turn) / Sin(turn));
  return Where(x == 0, -1 / x, Where(x < 0, negative, positive));
}

// Moved by six and asymptotic, as torch has it; `sine` is that of πx, for the reflection below ½.
Real Trigamma(Real self, Real sine) {
  const Truth reflected = self < 0.5;
  Real x = Where(reflected, 1 - self, self), sum = 1 / (x * x);
  for (int k = 1; k < 6; ++k) sum = sum + 1 / ((x + k) * (x + k));
  x = x + 6;
  const Real z = 1 / (x * x);
  sum = sum + (1 + 1 / (2 * x) + z * (1.0 / 6 - z * (1.0 / 30 - z * (1.0 / 42)))) / x;
  return Where(reflected, pi * pi / (sine * sine) - sum, sum);
}

// torch multiplies x by π in its own type, or in float if that is wider. What that rounds to is all that is left at
// negative whole numbers.
Value TrigammaOf(Builder& b, Value self) {
  const DType type = FloatType(self.dtype());
  const Value x = b.ToType(self, BitWidth(type) < 32 ? DType::kFloat : type), angle = b.Mul(x, b.Like(x, pi));
  const auto real = [&](Value value) { return Real(b, b.ToType(value, ComputedIn(type))); };
  return b.ToType(Trigamma(real(x), Sin(real(angle))).value(), type);
}

// (-1)ⁿ⁺¹ n! ζ(n+1, x)
Value Polygamma(Builder& b, int64_t n, Value self) {
  const DType type = FloatType(self.dtype());
  if (n < 0) return b.Unsupported("n={}", n);
  if (IsComplex(type)) return b.Unsupported("self has dtype {}", type);
  if (n == 0) return Elementwise<Digamma>(b, self);
  if (n == 1) return TrigammaOf(b, self);
  const Real x(b, b.ToType(self, ComputedIn(type)));
  const double order = static_cast<double>(n), factor = (n % 2 == 0 ? -1 : 1) * std::tgamma(order + 1);
  return b.ToType((factor * Zeta(x.Number(order + 1), x)).value(), type);
}

constexpr int64_t kMostDimensions = 256;  // each has nodes of its own

// log Γ in p dimensions: p(p-1)/4 log π + Σ log Γ(x - k/2)
Value Mvlgamma(Builder& b, Value self, int64_t p) {
  const DType type = FloatType(self.dtype());
  if (p < 1 || p > kMostDimensions) return b.Unsupported("p={}", p);
  if (IsComplex(type)) return b.Unsupported("self has dtype {}", type);
  const Real x(b, b.ToType(self, ComputedIn(type)));
  Real sum = LogGamma(x);
  for (int64_t k = 1; k < p; ++k) sum = sum + LogGamma(x - 0.5 * static_cast<double>(k));
  const double order = static_cast<double>(p);
  return b.ToType((sum + order * (order - 1) / 4 * std::log(pi)).value(), type);
}

constexpr Lowering kTable[] = {
    Lower<Elementwise<LogGamma>>("aten::lgamma(Tensor self) -> Tensor"),
    Lower<Elementwise<Digamma>>("aten::digamma(Tensor self) -> Tensor"),
    Lower<Polygamma>("aten::polygamma(int n, Tensor self) -> Tensor"),
    Lower<Mvlgamma>("aten::mvlgamma(Tensor self, int p) -> Tensor"),
};

}  // namespace

// log |Γ(x)| = log(π / |sin(πx)|) - log |Γ(1-x)| below ½; infinite at its poles and at both ends.
Real LogGamma(Real x) {
  const Truth reflected = x < 0.5;
  const Real positive = LogGammaFromHalf(Where(reflected, 1 - x, x));
  const Real log_gamma = Where(reflected, Log(pi / Abs(SinPi(x))) - positive, positive);
  const Truth zero = (x == 1) | (x == 2);  // where the approximation leaves a rounding error
  return Where(zero, 0, Where(Abs(x) == INFINITY, INFINITY, log_gamma));
}

std::span<const Lowering> GammaLowerings() { return kTable; }

}  // namespace fairlead::aten
