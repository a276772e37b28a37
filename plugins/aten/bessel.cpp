// Bessel functions of the first and second kind of orders 0 and 1, and the spherical one of order 0.
//
// Up to 5 a rational function with the zeros there taken out, beyond it the asymptotic form whose amplitudes are rational
// functions in 25/x²: S. Moshier, Cephes Mathematical Library, j0.c and j1.c, which torch follows
// (aten/src/ATen/native/Math.h). Coefficients of the highest power come first. Where Cephes implies a leading one, torch
// has none, and that is followed.
#include <cmath>
#include <numbers>

#include "families.hpp"
#include "real.hpp"

namespace fairlead::aten {
namespace {

// The amplitudes of the asymptotic form, P/P' and Q/Q'.
struct Amplitudes {
  std::span<const double> p, p_below, q, q_below;
};

// The two parts of the wave at x > 5: J is their sum, Y the same a quarter turn later.
struct Wave {
  Real cosine_part, sine_part, angle, scale;
};

Wave WaveAt(Real x, const Amplitudes& a, double phase) {
  const Real z = 25 / (x * x);
  return {Horner(z, a.p) / Horner(z, a.p_below), 5 / x * (Horner(z, a.q) / Horner(z, a.q_below)), x - phase,
          Sqrt(2 / (std::numbers::pi * x))};
}
Real FirstKind(const Wave& w) { return (w.cosine_part * Cos(w.angle) - w.sine_part * Sin(w.angle)) * w.scale; }
Real SecondKind(const Wave& w) { return (w.cosine_part * Sin(w.angle) + w.sine_part * Cos(w.angle)) * w.scale; }

// The second kind is NaN below 0 and has a pole at 0.
Real WithPole(Real x, Real y) { return Where(x == 0, -INFINITY, Where(x < 0, NAN, y)); }

// ---- order 0 ----

constexpr double kPhase0 = std::numbers::pi / 4;
constexpr double kP0[] = {0.0007969367292973471,
                          0.08283523921074408,
                          1.239533716464143,
                          5.447250030587687,
                          8.74716500199817,
                          5.303240382353949,
                          1.0};
constexpr double kP0Below[] = {0.0009244088105588637,
                               0.08562884743544745,
                               1.2535274390105895,
                               5.470977403304171,
                               8.761908832370695,
                               5.306052882353947,
                               1.0};
constexpr double kQ0[] = {-0.011366383889846916, -1.2825271867050931, -19.553954425773597, -93.20601521237683,
                          -177.68116798048806,   -147.07750515495118, -51.41053267665993,  -6.050143506007285};
constexpr double kQ0Below[] = {64.3178256118178,  856.4300259769806,  3882.4018360540163, 7240.467741956525,
                               5930.727011873169, 2062.0933166032783, 242.0057402402914};
constexpr Amplitudes kAmplitudes0 = {kP0, kP0Below, kQ0, kQ0Below};
// J0 up to 5, without its squared zeros.
constexpr double kJ0[] = {-4794432209.782018, 1956174919465.5657, -249248344360967.72, 9708622510473064.0};
constexpr double kJ0Below[] = {499.563147152651,  173785.4016763747,  48440965.83399621,      11185553704.535683,
                               2112775201154.892, 310518229857422.56, 3.1812195594320496e+16, 1.7108629408104315e+18};
constexpr double kJ0Zeros[] = {5.78318596294678452118, 30.4712623436620863991};
// What Y0 has beside (2/π) log(x) J0(x) up to 5.
constexpr double kY0[] = {15592.436785523574, -14663929.59039716,  5435264770.518765,      -982136065717.9115,
                          87590639439536.7,   -3466283033847297.0, 4.4273326857256984e+16, -1.8495080043698668e+16};
constexpr double kY0Below[] = {1041.2835366425984, 626107.330137135,   268919633.39381415,    86400248710.3935,
                               20297961275010.555, 3171577528429750.5, 2.5059625617265306e+17};

Real SmallJ0(Real x) {
  const Real z = x * x;
  return (z - kJ0Zeros[0]) * (z - kJ0Zeros[1]) * Horner(z, kJ0) / Horner(z, kJ0Below);
}
Real J0(Real self) {
  const Real x = Abs(self);
  return Where(x <= 5, SmallJ0(x), FirstKind(WaveAt(x, kAmplitudes0, kPhase0)));
}
Real Y0(Real x) {
  const Real z = x * x;
  const Real small = Horner(z, kY0) / Horner(z, kY0Below) + 2 / std::numbers::pi * Log(x) * SmallJ0(x);
  return WithPole(x, Where(x <= 5, small, SecondKind(WaveAt(x, kAmplitudes0, kPhase0))));
}

// ---- order 1 ----

constexpr double kPhase1 = 3 * std::numbers::pi / 4;
constexpr double kP1[] = {0.0007621256162081731,
                          0.07313970569409176,
                          1.1271960812968493,
                          5.112079511468076,
                          8.424045901417724,
                          5.214515986823615,
                          1.0};
constexpr double kP1Below[] = {0.0005713231280725487,
                               0.06884559087544954,
                               1.105142326340617,
                               5.073863861286015,
                               8.399855543276042,
                               5.209828486823619,
                               1.0};
constexpr double kQ1[] = {0.05108625947501766, 4.982138729512334, 75.82382841325453,  366.7796093601508,
                          710.8563049989261,   597.4896124006136, 211.68875710057213, 25.207020585802372};
constexpr double kQ1Below[] = {74.23732770356752, 1056.4488603826283, 4986.410583376536, 9562.318924047562,
                               7997.041604473507, 2826.1927851763908, 336.0936078106983};
constexpr Amplitudes kAmplitudes1 = {kP1, kP1Below, kQ1, kQ1Below};
// J1 up to 5, without x and its squared zeros.
constexpr double kJ1[] = {-899971225.7055594, 452228297998.19403, -72749424522181.83, 3682957328638529.0};
constexpr double kJ1Below[] = {620.8364781180543, 256987.25675774884, 83514679.14319493,     22151159547.97925,
                               4749141220799.914, 784369607876235.9,  8.952223361846274e+16, 5.322786203326801e+18};
constexpr double kJ1Zeros[] = {14.6819706421238932572, 49.2184563216946036703};
// What Y1 / x has beside (2/π) (log(x) J1(x) - 1/x) up to 5.
constexpr double kY1[] = {1263204747.9017804,  -647355876379.1603,    114509511541823.73,
                          -8127702555013251.0, 2.024394757135949e+17, -7.788771962659501e+17};
constexpr double kY1Below[] = {594.3015923461282,  235564.09294306856, 73481194.44597217,     18760131610.870617,
                               3882312774962.3857, 620557727146953.8,  6.871410873553005e+16, 3.9727060811656064e+18};

Real SmallJ1(Real x) {
  const Real z = x * x;
  return Horner(z, kJ1) / Horner(z, kJ1Below) * x * (z - kJ1Zeros[0]) * (z - kJ1Zeros[1]);
}
Real J1(Real self) {
  const Real x = Abs(self);
  const Real large = FirstKind(WaveAt(x, kAmplitudes1, kPhase1));
  return Where(x <= 5, SmallJ1(self), Where(self < 0, -large, large));
}
Real Y1(Real x) {
  const Real z = x * x;
  const Real small = x * (Horner(z, kY1) / Horner(z, kY1Below)) + 2 / std::numbers::pi * (SmallJ1(x) * Log(x) - 1 / x);
  return WithPole(x, Where(x <= 5, small, SecondKind(WaveAt(x, kAmplitudes1, kPhase1))));
}

// ---- the spherical one ----

Real SphericalJ0(Real x) { return Where(x == 0, 1, Where(Abs(x) == INFINITY, 0, Sin(x) / x)); }

constexpr Lowering kTable[] = {
    Lower<Elementwise<J0>>("aten::special_bessel_j0(Tensor self) -> Tensor"),
    Lower<Elementwise<J1>>("aten::special_bessel_j1(Tensor self) -> Tensor"),
    Lower<Elementwise<Y0>>("aten::special_bessel_y0(Tensor self) -> Tensor"),
    Lower<Elementwise<Y1>>("aten::special_bessel_y1(Tensor self) -> Tensor"),
    Lower<Elementwise<SphericalJ0>>("aten::special_spherical_bessel_j0(Tensor x) -> Tensor"),
};

}  // namespace

std::span<const Lowering> BesselLowerings() { return kTable; }

}  // namespace fairlead::aten
