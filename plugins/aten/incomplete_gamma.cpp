// The regularized incomplete gamma functions P(a, x) and Q(a, x) = 1 - P(a, x).
//
// A series for small x, a continued fraction for large x, and Temme's uniform expansion where both parameters are large and
// close: NIST Digital Library of Mathematical Functions, 8.11.4, 8.9.2 and 8.12.3; torch chooses between them likewise
// (aten/src/ATen/native/Math.h).
#include <cmath>
#include <numbers>

#include "error_function.hpp"
#include "families.hpp"
#include "gamma.hpp"

namespace fairlead::aten {
namespace {

constexpr int64_t kMostTurns = 2000;

double Epsilon(Real x) { return x.dtype() == DType::kDouble ? 0x1p-53 : 0x1p-24; }

// xᵃ e⁻ˣ / Γ(a)
Real Prefactor(Real a, Real x) { return Exp(a * Log(x) - x - LogGamma(a)); }

// P / prefactor · a = 1 + x/(a+1) + x²/((a+1)(a+2)) + …
Real Series(Real a, Real x) {
  Builder& b = a.builder();
  const auto turn = [&](Value /*iteration*/, Value /*condition*/, std::span<const Value> states) {
    const Real divisor = a.With(states[0]) + 1, term = a.With(states[1]) * (x / divisor);
    const Real sum = a.With(states[2]) + term;
    return LoopStep{Any(term > sum * Epsilon(a)), {divisor.value(), term.value(), sum.value()}, {}};
  };
  const Value one = b.Expand(a.Number(1).value(), b.Shape(a.value()));
  const auto ends =
      b.Loop(b.Constant(kMostTurns, DType::kInt64), b.Constant(true, DType::kBool), {a.value(), one, one}, turn);
  return ends.size() == 3 ? a.With(ends[2]) : a;
}

// Q / prefactor by the convergents of the continued fraction, scaled down before they overflow.
Real ContinuedFraction(Real a, Real x) {
  Builder& b = a.builder();
  const double small = 2 * Epsilon(a), large = 1 / small;
  const auto turn = [&](Value iteration, Value /*condition*/, std::span<const Value> states) {
    const Real p2 = a.With(states[0]), q2 = a.With(states[1]), p1 = a.With(states[2]), q1 = a.With(states[3]);
    const Real last = a.With(states[4]), turns = a.With(b.ToType(iteration, a.dtype())) + 1;
    const Real z = x - a + 2 * (turns + 1), y = (turns + 1 - a) * turns;
    const Real p = p1 * z - p2 * y, q = q1 * z - q2 * y;
    const Truth defined = !(q == 0);
    const Real next = Where(defined, p / q, last);
    const Real change = Where(defined, Abs((last - next) / next), 1);
    const Real scale = Where(Abs(p) > large, small, p.Number(1));
    return LoopStep{Any(change > Epsilon(a)),
                    {(p1 * scale).value(), (q1 * scale).value(), (p * scale).value(), (q * scale).value(), next.value()},
                    {}};
  };
  const Value one = b.Expand(a.Number(1).value(), b.Shape(a.value()));
  const Real p1 = x + 1, q1 = (x - a + 2) * x;
  const auto ends = b.Loop(b.Constant(kMostTurns, DType::kInt64), b.Constant(true, DType::kBool),
                           {one, x.value(), p1.value(), q1.value(), (p1 / q1).value()}, turn);
  return ends.size() == 5 ? a.With(ends[4]) : a;
}

// ---- the uniform expansion ----

// Coefficients of Temme's expansion in ηⁿ/aᵏ: a row for each k, the highest power of η first; as many as double needs for
// a > 20.
constexpr double kTemme[8][13] = {
    {1.0261809784240309e-08, 6.707853543401498e-09, -1.7665952736826078e-07, 8.296711340953087e-07, -1.85406221071516e-06,
     -2.1854485106799924e-06, 3.919263178522438e-05, -0.0001787551440329218, 0.0003527336860670194, 0.0011574074074074073,
     -0.014814814814814815, 0.08333333333333333, -0.3333333333333333},
    {1.1951628599778148e-08, -5.752545603517705e-08, 1.378633446915721e-07, 4.647127802807434e-09, -1.6120900894563446e-06,
     7.64916091608111e-06, -1.8098550334489977e-05, -4.018775720164609e-07, 0.00020576131687242798, -0.0009902263374485596,
     0.0026455026455026454, -0.003472222222222222, -0.001851851851851852},
    {-1.409252991086752e-08, -2.0477098421990866e-10, 1.4280614206064242e-07, -6.298992138380055e-07,
     1.3721957309062932e-06, 3.423578734096138e-08, -1.2760635188618728e-05, 5.2923448829120125e-05,
     -0.00010736653226365161, 2.0093878600823047e-06, 0.0007716049382716049, -0.0026813271604938273, 0.004133597883597883},
    {-1.9111168485973655e-08, 8.099464905388083e-08, -1.6958404091930278e-07, -2.7861080291528143e-11,
     1.4230900732435883e-06, -5.6749528269915965e-06, 1.1082654115347302e-05, -2.396505113867297e-07,
     -7.561801671883977e-05, 0.00026772063206283885, -0.0004691894943952557, 0.00022947209362139917, 0.0006494341563786008},
    {2.8865829742708783e-08, 2.956794137544049e-11, -2.292934834000805e-07, 8.907507532205309e-07, -1.6954149536558305e-06,
     2.507497226237533e-10, 1.1375726970678419e-05, -3.968365047179435e-05, 6.641498215465122e-05, -1.4638452578843418e-06,
     -0.0002990724803031902, 0.0007840392217200666, -0.0008618882909167117},
    {4.8240967037894184e-08, -1.8447187191171344e-07, 3.4652846491085265e-07, -3.252473551298454e-10,
     -2.291481176508095e-06, 8.018470256334202e-06, -1.3594048189768693e-05, 1.419062920643967e-07, 6.797780477937208e-05,
     -0.00019932570516188847, 0.0002772753244959392, -6.972813758365858e-05, -0.00033679855336635813},
    {-8.828600746330484e-08, 2.338630673826657e-13, 5.788792863149004e-07, -2.0291327396058603e-06, 3.465155368803609e-06,
     -3.0796134506033047e-09, -1.8329116582843375e-05, 5.61168275310625e-05, -8.153969367561969e-05, 7.902353232660328e-07,
     0.0002708782096718045, -0.0005921664373536939, 0.0005313079364639922},
    {-1.7562973359060463e-07, 6.166714376110408e-07, -1.0595367014026043e-06, 4.93875893393627e-10, 5.7876949497350525e-06,
     -1.8263488805711332e-05, 2.7744451511563645e-05, -1.2741009095484485e-07, -0.00010976582244684731,
     0.0002812695154763237, -0.00033493161081142234, 5.171790908260592e-05, 0.00034436760689237765}};

// ΣΣ kTemme ηⁿ / aᵏ
Real Correction(Real a, Real eta) {
  Real sum = a.Number(0);
  for (std::size_t k = std::size(kTemme); k-- > 0;) sum = sum / a + Horner(eta, kTemme[k]);
  return sum;
}

// Q where x is close to a, with σ = x/a - 1 and ½η² = σ - log(1 + σ).
struct Parts {
  Real lower, upper;
};
Parts Uniform(Real a, Real x) {
  const Real sigma = (x - a) / a, size = Sqrt(2 * Max(sigma - Log1p(sigma), 0));
  const Real eta = Where(sigma < 0, -size, size);
  const Real normal = eta * Sqrt(a / 2);
  const Real rest = Exp(-0.5 * a * eta * eta) * Correction(a, eta) / Sqrt(2 * std::numbers::pi * a);
  return {0.5 * Erfc(-normal) - rest, 0.5 * Erfc(normal) + rest};
}

// ---- the choice ----

// Elsewhere each of the three is given numbers that it is quick with.
Parts Inside(Real a, Real x) {
  const Real distance = Abs(x - a) / a;
  const Truth uniform = ((a > 20) & (a < 200) & (distance < 0.3)) | ((a > 200) & (distance < 4.5 / Sqrt(a)));
  const Truth far = (!uniform) & (x > 1.1) & (x > a), near = !(uniform | far);
  const Real near_a = Where(near, a, 1), near_x = Where(near, x, 0.5);
  const Real far_a = Where(far, a, 1), far_x = Where(far, x, 2);
  const Real series = Prefactor(near_a, near_x) / near_a * Series(near_a, near_x);
  const Real fraction = Prefactor(far_a, far_x) * ContinuedFraction(far_a, far_x);
  const Parts close = Uniform(Where(uniform, a, 100), Where(uniform, x, 100));
  return {Where(uniform, close.lower, Where(far, 1 - fraction, series)),
          Where(uniform, close.upper, Where(far, fraction, 1 - series))};
}

// torch's values at the edges: `at_zero` where x = 0 (or a is infinite), `at_end` where x is infinite (or a = 0).
Real WithEdges(Real a, Real x, Real inside, double at_zero, double at_end) {
  const Truth unknown = IsNan(a) | IsNan(x), outside = (a < 0) | (x < 0);
  const Truth nowhere = unknown | outside | ((a == 0) & (x == 0)) | ((a == INFINITY) & (x == INFINITY));
  const Truth zero = (x == 0) | (a == INFINITY), end = (a == 0) | (x == INFINITY);
  return Where(nowhere, NAN, Where(end, at_end, Where(zero, at_zero, inside)));
}

Parts BothParts(Real a, Real x) {
  const Truth inside = (a > 0) & (x > 0) & (a < INFINITY) & (x < INFINITY);
  return Inside(Where(inside, a, 1), Where(inside, x, 1));
}
Real Igamma(Real a, Real x) { return WithEdges(a, x, BothParts(a, x).lower, 0, 1); }
Real Igammac(Real a, Real x) { return WithEdges(a, x, BothParts(a, x).upper, 1, 0); }

constexpr Lowering kTable[] = {
    Lower<ElementwiseOfTwo<Igamma, Value, Value>>("aten::igamma(Tensor self, Tensor other) -> Tensor"),
    Lower<ElementwiseOfTwo<Igammac, Value, Value>>("aten::igammac(Tensor self, Tensor other) -> Tensor"),
};

}  // namespace

std::span<const Lowering> IncompleteGammaLowerings() { return kTable; }

}  // namespace fairlead::aten
