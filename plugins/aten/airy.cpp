// The Airy function Ai: its power series near 0, and asymptotic forms with rational functions on both sides. S. Moshier,
// Cephes Mathematical Library, airy.c, which torch follows (aten/src/ATen/native/Math.h), without the leading
// coefficients of one that Cephes implies.
#include <array>
#include <cmath>
#include <numbers>

#include "families.hpp"
#include "real.hpp"

namespace fairlead::aten {
namespace {

constexpr double kNear = 2.09;         // where the power series ends
constexpr double kVanishes = 103.892;  // from here on torch answers 0

// Beyond kNear, in 1/ζ.
constexpr double kAi[] = {0.346538101525629,  12.007595273964581, 76.27960536152345,  168.08922493463058,
                          159.75639135016442, 70.53609068404442,  14.026469116338967, 1.0};
constexpr double kAiBelow[] = {0.5675945326387702, 14.75625625848472, 84.51389701414746,  177.31808814540045,
                               164.2346928715297,  71.47784008255756, 14.095913560783403, 1.0};
// Below -kNear: the amplitudes of sine and cosine, in 1/ζ².
constexpr double kSine[] = {-0.1316963234183318,    -0.6264565444319123,    -0.6931580360369335,
                            -0.2797799815451191,    -0.04919001326095003,   -0.004062659235948854,
                            -0.0001592764962392621, -2.776491081552329e-06, -1.6778769848911465e-08};
constexpr double kSineBelow[] = {13.356042070655324,   32.682503279522464,    26.736704094149957,
                                 9.187074029072596,    1.4752914677166642,    0.11568717379518804,
                                 0.004402916416152112, 7.547203482874142e-05, 4.5185009297058035e-07};
constexpr double kCosine[] = {0.01973399320916857,  0.39110302961568827,   1.0657989759959559,   0.9391692298166502,
                              0.35146565610554764,  0.06338889196289255,   0.005858041130483885, 0.000282851600836737,
                              6.98793669997261e-06, 8.117892395543892e-08, 3.415517847659236e-10};
constexpr double kCosineBelow[] = {
    9.30892908077442,    19.835292871831214,   15.564662893286462,     5.476860694229755,      0.9542936116189619,
    0.08645808263523921, 0.004126565238242226, 0.00010125908511650914, 1.1716673321441352e-06, 4.9183457006293e-09};

// 1 + z/(first (first+1)) + z²/(first (first+1) (first+3) (first+4)) + …: the series of Ai in z = x³, up to |x| = kNear.
template <int first> consteval std::array<double, 17> PowerSeries() {
  std::array<double, 17> coefficients = {};
  coefficients.back() = 1;
  for (std::size_t k = 1; k < coefficients.size(); ++k) {
    const double at = first + 3 * static_cast<double>(k - 1);
    coefficients[coefficients.size() - 1 - k] = coefficients[coefficients.size() - k] / (at * (at + 1));
  }
  return coefficients;
}
constexpr auto kEven = PowerSeries<2>(), kOdd = PowerSeries<3>();
constexpr double kAtZero = 0.355028053887817239260, kSlopeAtZero = 0.258819403792806798405;  // Ai(0), -Ai'(0)
constexpr double kRootOfPi = std::numbers::inv_sqrtpi;

Real NearZero(Real x) {
  const Real z = x * x * x;
  return kAtZero * Horner(z, kEven) - kSlopeAtZero * x * Horner(z, kOdd);
}

Real Decay(Real x) {
  const Real zeta = 2 * x * Sqrt(x) / 3, z = 1 / zeta;
  return kRootOfPi * (Horner(z, kAi) / Horner(z, kAiBelow)) / (2 * Sqrt(Sqrt(x)) * Exp(zeta));
}

Real Oscillation(Real x) {
  const Real root = Sqrt(-x), zeta = -2 * x * root / 3, z = 1 / zeta, square = z * z;
  const Real sine = 1 + square * Horner(square, kSine) / Horner(square, kSineBelow);
  const Real cosine = z * Horner(square, kCosine) / Horner(square, kCosineBelow);
  const Real angle = zeta + std::numbers::pi / 4;
  return kRootOfPi / Sqrt(root) * (Sin(angle) * sine - Cos(angle) * cosine);
}

Real Ai(Real x) {
  const Real middle = Where(x < kNear, NearZero(x), Decay(x));
  const Real ai = Where(x < -kNear, Oscillation(x), Where(x > kVanishes, 0, middle));
  return Where(Abs(x) == INFINITY, NAN, ai);
}

constexpr Lowering kTable[] = {
    Lower<Elementwise<Ai>>("aten::special_airy_ai(Tensor x) -> Tensor"),
};

}  // namespace

std::span<const Lowering> AiryLowerings() { return kTable; }

}  // namespace fairlead::aten
