// The error function's complement, its inverses and the normal distribution's functions that are made of it.
//
// The rational functions of the complement: S. Moshier, Cephes Mathematical Library, ndtr.c; those of the normal quantile:
// ndtri.c. The start of the inverse: G. Pavlis' erfinv, which torch improves by two steps of Newton's method as well
// (aten/src/ATen/native/Math.h).
#include "error_function.hpp"

#include <cmath>
#include <numbers>

#include "families.hpp"

namespace fairlead::aten {
namespace {

// erf(x) / x up to 1, in x².
constexpr double kNear[] = {9.604973739870516, 90.02601972038427, 2232.005345946843, 7003.325141128051, 55592.30130103949};
constexpr double kNearBelow[] = {
    1.0, 33.56171416475031, 521.3579497801527, 4594.323829709801, 22629.000061389095, 49267.39426086359};
// exp(x²) erfc(x) from 1 to 8, and beyond.
constexpr double kMiddle[] = {2.461969814735305e-10, 0.5641895648310689, 7.463210564422699,
                              48.63719709856814,     196.5208329560771,  526.4451949954773,
                              934.5285271719576,     1027.5518868951572, 557.5353353693994};
constexpr double kMiddleBelow[] = {1.0,
                                   13.228195115474499,
                                   86.70721408859897,
                                   354.9377788878199,
                                   975.7085017432055,
                                   1823.9091668790973,
                                   2246.3376081871097,
                                   1656.6630919416134,
                                   557.5353408177277};
constexpr double kFar[] = {0.5641895835477551, 1.275366707599781,  5.019050422511805,
                           6.160210979930536,  7.4097426995044895, 2.9788666537210022};
constexpr double kFarBelow[] = {1.0,
                                2.2605286322011726,
                                9.396035249380015,
                                12.048953980809666,
                                17.08144507475659,
                                9.608968090632859,
                                3.369076451000815};

Real NearZero(Real x) {
  const Real z = x * x;
  return x * Horner(z, kNear) / Horner(z, kNearBelow);
}

// exp(x²) erfc(x) for x ≥ 1. Where the powers of x would overflow only 1 / (x √π) is left.
Real ScaledTail(Real x) {
  constexpr double kOnlyTheFirstTerm = 1e9;
  const Real middle = Horner(x, kMiddle) / Horner(x, kMiddleBelow), far = Horner(x, kFar) / Horner(x, kFarBelow);
  const Real tail = Where(x < 8, middle, far);
  return Where(x > kOnlyTheFirstTerm, std::numbers::inv_sqrtpi / x, tail);
}

Real Erf(Real x) {
  const Real size = Abs(x), far = 1 - Exp(-(x * x)) * ScaledTail(size);
  return Where(size < 1, NearZero(x), Where(x < 0, -far, far));
}

Real Erfcx(Real x) {
  const Real growth = Exp(x * x), tail = ScaledTail(Abs(x));
  return Where(Abs(x) < 1, growth * (1 - NearZero(x)), Where(x < 0, 2 * growth - tail, tail));
}

// ---- inverses ----

constexpr double kCentre[] = {-0.140543331, 0.914624893, -1.645349621, 0.886226899};
constexpr double kCentreBelow[] = {0.012229801, -0.329097515, 1.442710462, -2.118377725, 1.0};
constexpr double kTail[] = {1.641345311, 3.429567803, -1.624906493, -1.970840454};
constexpr double kTailBelow[] = {1.6370678, 3.5438892, 1.0};

Real Erfinv(Real y) {
  const Real z = y * y, t = Sqrt(-Log((1 - Abs(y)) / 2)), tail = Horner(t, kTail) / Horner(t, kTailBelow);
  const Real centre = y * Horner(z, kCentre) / Horner(z, kCentreBelow);
  Real x = Where(Abs(y) <= 0.7, centre, Where(y < 0, -tail, tail));
  for (int step = 0; step < 2; ++step) x = x - (Erf(x) - y) / (2 * std::numbers::inv_sqrtpi * Exp(-(x * x)));
  const Real inside = Where(y == 1, INFINITY, Where(y == -1, -INFINITY, x));
  return Where(Abs(y) > 1, NAN, inside);
}

// The normal quantile around ½, and from both ends in 1 / √(-2 log y) down to e⁻³² and below.
constexpr double kHalf[] = {-59.96335010141079, 98.00107541859997, -56.67628574690703, 13.931260938727968,
                            -1.2391658386738125};
constexpr double kHalfBelow[] = {1.0,
                                 1.9544885833814176,
                                 4.676279128988815,
                                 86.36024213908905,
                                 -225.46268785411937,
                                 200.26021238006066,
                                 -82.03722561683334,
                                 15.90562251262117,
                                 -1.1833162112133};
constexpr double kSide[] = {4.0554489230596245,  31.525109459989388,   57.16281922464213,
                            44.08050738932008,   14.684956192885803,   2.1866330685079025,
                            -0.1402560791713545, -0.03504246268278482, -0.0008574567851546854};
constexpr double kSideBelow[] = {1.0,
                                 15.779988325646675,
                                 45.39076351288792,
                                 41.3172038254672,
                                 15.04253856929075,
                                 2.504649462083094,
                                 -0.14218292285478779,
                                 -0.03808064076915783,
                                 -0.0009332594808954574};
constexpr double kEnd[] = {3.2377489177694603,     6.915228890689842,      3.9388102529247444,
                           1.3330346081580755,     0.20148538954917908,    0.012371663481782003,
                           0.00030158155350823543, 2.6580697468673755e-06, 6.239745391849833e-09};
constexpr double kEndBelow[] = {1.0,
                                6.02427039364742,
                                3.6798356385616087,
                                1.3770209948908132,
                                0.21623699359449663,
                                0.013420400608854318,
                                0.00032801446468212774,
                                2.8924786474538068e-06,
                                6.790194080099813e-09};

Real Ndtri(Real y) {
  constexpr double kEdge = 0.13533528323661269189;  // e⁻²
  const Truth upper = y > 1 - kEdge;
  const Real p = Where(upper, 1 - y, y);
  const Real from_half = p - 0.5, square = from_half * from_half;
  const Real centre = from_half + from_half * (square * Horner(square, kHalf) / Horner(square, kHalfBelow));
  const Real x = Sqrt(-2 * Log(p)), z = 1 / x;
  const Real side = Horner(z, kSide) / Horner(z, kSideBelow), end = Horner(z, kEnd) / Horner(z, kEndBelow);
  const Real far = x - Log(x) / x - z * Where(x < 8, side, end);
  const Real quantile = Where(p > kEdge, centre * std::sqrt(2 * std::numbers::pi), Where(upper, far, -far));
  const Real inside = Where(y == 0, -INFINITY, Where(y == 1, INFINITY, quantile));
  return Where((y < 0) | (y > 1), NAN, inside);
}

// ---- the normal distribution ----

Real Ndtr(Real x) { return 0.5 * Erfc(x * -std::numbers::sqrt2 / 2); }

// Below -1 the logarithm of the scaled tail, which does not vanish.
Real LogNdtr(Real x) {
  const Real t = x * (std::numbers::sqrt2 / 2);
  return Where(x < -1, Log(Erfcx(-t) / 2) - t * t, Log1p(Erfc(t) * -0.5));
}

constexpr Lowering kTable[] = {
    Lower<Elementwise<Erfc>>("aten::erfc(Tensor self) -> Tensor"),
    Lower<Elementwise<Erfinv>>("aten::erfinv(Tensor self) -> Tensor"),
    Lower<Elementwise<Erfcx>>("aten::special_erfcx(Tensor self) -> Tensor"),
    Lower<Elementwise<Ndtr>>("aten::special_ndtr(Tensor self) -> Tensor"),
    Lower<Elementwise<Ndtri>>("aten::special_ndtri(Tensor self) -> Tensor"),
    Lower<Elementwise<LogNdtr>>("aten::special_log_ndtr(Tensor self) -> Tensor"),
};

}  // namespace

Real Erfc(Real x) {
  const Real tail = Exp(-(x * x)) * ScaledTail(Abs(x));
  return Where(Abs(x) < 1, 1 - NearZero(x), Where(x < 0, 2 - tail, tail));
}

std::span<const Lowering> ErrorFunctionLowerings() { return kTable; }

}  // namespace fairlead::aten
