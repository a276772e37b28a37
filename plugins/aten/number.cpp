// Questions about the representation of numbers, neighbours in a float type, divisors of integers, and sin(πx)/(πx).
#include <array>
#include <cmath>
#include <numbers>

#include "families.hpp"

namespace fairlead::aten {
namespace {

Value Everywhere(Builder& b, Value self, bool answer) { return b.Expand(b.Constant(answer, DType::kBool), b.Shape(self)); }

// -0 is negative; the sign of a NaN is not seen.
Value SignBit(Builder& b, Value self) {
  if (!IsFloat(self.dtype()) && (self.dtype() == DType::kBool || !IsSigned(self.dtype())))
    return Everywhere(b, self, false);
  const Value zero = b.Like(self, 0), negative = b.Less(self, zero);
  return IsFloat(self.dtype()) ? b.Or(negative, b.Less(b.Reciprocal(self), zero)) : negative;
}

Value IsReal(Builder& b, Value self) {
  if (IsComplex(self.dtype())) return b.Unsupported("self has dtype {}", self.dtype());
  return Everywhere(b, self, true);
}

Value ConjPhysical(Builder& b, Value self) {
  if (IsComplex(self.dtype())) return b.Unsupported("self has dtype {}", self.dtype());
  return self;
}

Value Sinc(Builder& b, Value self) {
  return b.InFloat32(b.ToFloat(self), [&](Value x) {
    const Value turned = b.Mul(x, b.Like(x, std::numbers::pi));
    return b.Where(b.Equal(turned, b.Like(x, 0)), b.Like(x, 1), b.Div(b.Sin(turned), turned));
  });
}

// ---- neighbours ----

// A float type: half the distance from 1 to the next number, the smallest number above 0, the largest finite one.
struct Spacing {
  double unit, least, most;
};

std::optional<Spacing> SpacingOf(DType type) {
  switch (type) {
    case DType::kDouble: return Spacing{0x1p-53, 0x1p-1074, 0x1.fffffffffffffp1023};
    case DType::kFloat: return Spacing{0x1p-24, 0x1p-149, 0x1.fffffep127};
    case DType::kFloat16: return Spacing{0x1p-11, 0x1p-24, 65504};
    case DType::kBFloat16: return Spacing{0x1p-8, 0x1p-133, 0x1.fep127};
    default: return std::nullopt;
  }
}

// The neighbours of x lie at x ± φ|x| rounded to nearest, φ = u(1 + 2u); small numbers are scaled up by 1/u first, and the
// smallest have their neighbours at the least distance that there is. S. Rump, P. Zimmermann, S. Boldo, G. Melquiond,
// "Computing predecessor and successor in rounding to nearest", BIT 49 (2009), algorithm 2.
Value Neighbour(Builder& b, Value x, Value upwards, const Spacing& spacing) {
  const double phi = spacing.unit * (1 + 2 * spacing.unit);
  const auto number = [&](double value) { return b.Like(x, value); };
  const auto moved = [&](Value from, Value step) { return b.Add(from, b.Where(upwards, step, b.Neg(step))); };
  const Value size = b.Abs(x);
  const Value near = moved(x, b.Mul(size, number(phi)));
  const Value scaled = b.Div(x, number(spacing.unit));
  const Value small = b.Mul(moved(scaled, b.Mul(b.Abs(scaled), number(phi))), number(spacing.unit));
  const Value tiny = moved(x, number(spacing.least));
  const double small_below = 0.5 * spacing.least / spacing.unit / spacing.unit, tiny_below = spacing.least / spacing.unit;
  return b.Where(b.Less(size, number(tiny_below)), tiny, b.Where(b.Less(size, number(small_below)), small, near));
}

Value NextAfter(Builder& b, Value self, Value other) {
  const auto [x, y] = b.Promote(self, other);
  const auto spacing = SpacingOf(x.dtype());
  if (!spacing) return b.Unsupported("self and other have dtype {}", x.dtype());
  const Value next = Neighbour(b, x, b.Less(x, y), *spacing);
  const Value most = b.Where(b.Less(x, y), b.Like(x, -spacing->most), b.Like(x, spacing->most));
  const Value moved = b.Where(b.Equal(b.Abs(x), b.Like(x, INFINITY)), most, next);
  const Value unequal = b.Or(b.Less(x, y), b.Less(y, x));
  return b.Where(unequal, moved, b.Where(b.Equal(x, y), y, b.Add(x, y)));  // the sum of a NaN and anything is NaN
}

// ---- mantissa and exponent ----

// x / 2^exponent, in two steps: one power alone may be beyond the type.
Value Unscaled(Builder& b, Value x, Value exponent) {
  const auto power = [&](Value e) { return b.Pow(b.Like(x, 2), e); };
  const Value half = b.Floor(b.Mul(exponent, b.Like(x, 0.5)));
  return b.Div(b.Div(x, power(half)), power(b.Sub(exponent, half)));
}

// x = mantissa · 2^exponent with 0.5 <= |mantissa| < 1. The logarithm is off by one at the most, near a power of two, which
// the mantissa shows. Numbers without one (0, infinity, NaN) are their own mantissa, with exponent 0.
std::array<Value, 2> Frexp(Builder& b, Value self) {
  if (!IsFloat(self.dtype())) return {b.Unsupported("self has dtype {}", self.dtype()), {}};
  const Value x = self.dtype() == DType::kDouble ? self : b.ToType(self, DType::kFloat);
  const auto number = [&](double value) { return b.Like(x, value); };
  const Value size = b.Abs(x);
  const Value is_plain = b.And(b.Greater(size, number(0)), b.Less(size, number(INFINITY)));
  const Value safe = b.Where(is_plain, x, number(0.5)), safe_size = b.Abs(safe);
  const Value near = b.Add(b.Floor(b.Div(b.Log(safe_size), number(std::numbers::ln2))), number(1));
  const Value rough = b.Abs(Unscaled(b, safe, near));
  const Value above = b.Where(b.Less(rough, number(1)), number(0), number(1));
  const Value below = b.Where(b.Less(rough, number(0.5)), number(1), number(0));
  const Value exponent = b.Sub(b.Add(near, above), below);
  const Value mantissa = b.Where(is_plain, Unscaled(b, safe, exponent), x);
  return {b.ToType(mantissa, self.dtype()), b.ToType(b.Where(is_plain, exponent, number(0)), DType::kInt32)};
}

// ---- divisors ----

Value AnyNonzero(Builder& b, Value x) {
  const Value count = b.ReduceSum(b.ToType(b.Not(b.Equal(x, b.Like(x, 0))), DType::kInt64), Ints(), false);
  return b.Greater(count, b.Like(count, 0));
}

// Euclid's algorithm on every pair until each has come to an end. Both have the same shape.
Value GreatestDivisor(Builder& b, Value x, Value y) {
  const auto turn = [&](Value /*iteration*/, Value /*condition*/, std::span<const Value> states) {
    const Value a = states[0], c = states[1], ended = b.Equal(a, b.Like(a, 0));
    const Value remainder = b.Where(ended, a, b.Mod(c, b.Where(ended, b.Like(a, 1), a)));
    return LoopStep{AnyNonzero(b, remainder), {remainder, b.Where(ended, c, a)}, {}};
  };
  const auto ends = b.Loop({}, AnyNonzero(b, x), {x, y}, turn);
  return ends.size() == 2 ? ends[1] : Value();
}

struct Whole {
  Value x, y;
  DType type;  // what torch answers in; narrower ones are computed in int32, as there
};

std::optional<Whole> WholeNumbers(Builder& b, Value self, Value other) {
  const DType type = b.PromotedType({self, other});
  if (!IsInteger(type)) {
    b.Unsupported("self and other have dtype {}", type);
    return std::nullopt;
  }
  const DType wide = BitWidth(type) == 64 ? type : DType::kInt32;
  const Value x = b.ToType(self, wide), y = b.ToType(other, wide);
  const Value zeros = b.Mul(b.Add(x, y), b.Like(x, 0));  // in the shape of both
  return Whole{b.Add(x, zeros), b.Add(y, zeros), type};
}

Value Gcd(Builder& b, Value self, Value other) {
  const auto whole = WholeNumbers(b, self, other);
  if (!whole) return {};
  return b.ToType(GreatestDivisor(b, b.Abs(whole->x), b.Abs(whole->y)), whole->type);
}

Value Lcm(Builder& b, Value self, Value other) {
  const auto whole = WholeNumbers(b, self, other);
  if (!whole) return {};
  const Value divisor = GreatestDivisor(b, b.Abs(whole->x), b.Abs(whole->y));
  const Value safe = b.Where(b.Equal(divisor, b.Like(divisor, 0)), b.Like(divisor, 1), divisor);
  return b.ToType(b.Abs(b.Mul(b.Div(whole->x, safe), whole->y)), whole->type);
}

constexpr Lowering kTable[] = {
    Lower<SignBit>("aten::signbit(Tensor self) -> Tensor"),
    Lower<IsReal>("aten::isreal(Tensor self) -> Tensor"),
    Lower<ConjPhysical>("aten::conj_physical(Tensor self) -> Tensor"),
    Lower<Sinc>("aten::sinc(Tensor self) -> Tensor"),
    Lower<NextAfter>("aten::nextafter(Tensor self, Tensor other) -> Tensor"),
    Lower<Frexp>("aten::frexp.Tensor(Tensor self) -> (Tensor mantissa, Tensor exponent)"),
    Lower<Gcd>("aten::gcd(Tensor self, Tensor other) -> Tensor"),
    Lower<Lcm>("aten::lcm(Tensor self, Tensor other) -> Tensor"),
};

}  // namespace

std::span<const Lowering> NumberLowerings() { return kTable; }

}  // namespace fairlead::aten
