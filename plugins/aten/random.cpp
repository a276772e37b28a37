// Random numbers. ONNX's generators draw, and each lowering warns that a runtime draws others than PyTorch; --seed makes
// them the same on every run. Distributions follow aten/src/ATen/native/Distributions.cpp and core/TransformationHelper.h.
#include <cmath>

#include "families.hpp"

namespace fairlead::aten {
namespace {

using Pin = NoEffect<std::optional<bool>>;
using Rng = NoEffect<Generator>;
using Type = std::optional<DType>;

void Announce(Builder& b) {
  b.Warn("FL2016", "draws random numbers; a runtime draws others than PyTorch, and others on every run without --seed");
}

// What is drawn in: ONNX Runtime's generators know these two.
DType DrawType(DType type) { return type == DType::kDouble ? DType::kDouble : DType::kFloat; }

// Draws by RandomUniform or RandomNormal where the shape is an attribute, by their Like forms where it is known at run
// time. A scalar is drawn as a tensor of one element.
template <class Plain, class Like> Value Drawn(Builder& b, const Dims& size, Plain plain, Like like) {
  if (size.empty()) return b.Reshape(plain(std::vector<int64_t>{1}), Dims());
  bool is_plain = true;
  for (const Dim& dim : size) is_plain = is_plain && dim.IsStatic() && dim.size > 0;
  return is_plain ? plain(size.sizes()) : like(b.Zeros(size, DType::kFloat));
}

// In [0, 1), float or double.
Value Uniform(Builder& b, const Dims& size, DType type) {
  const auto dtype = static_cast<int64_t>(type);
  return Drawn(
      b, size, [&](const std::vector<int64_t>& sizes) { return b.RandomUniform({.dtype = dtype, .shape = Ints(sizes)}); },
      [&](Value shaped) { return b.RandomUniformLike(shaped, {.dtype = dtype}); });
}

// Of mean 0 and standard deviation 1, float or double.
Value Normal(Builder& b, const Dims& size, DType type) {
  const auto dtype = static_cast<int64_t>(type);
  return Drawn(
      b, size, [&](const std::vector<int64_t>& sizes) { return b.RandomNormal({.dtype = dtype, .shape = Ints(sizes)}); },
      [&](Value shaped) { return b.RandomNormalLike(shaped, {.dtype = dtype}); });
}

// In (0, 1].
Value PositiveUniform(Builder& b, const Dims& size, DType type) {
  return b.Sub(b.Constant(1, type), Uniform(b, size, type));
}

// torch draws as many binary digits as the type holds, so that rounding never makes a 1.
Value UniformOf(Builder& b, const Dims& size, DType type) {
  const Value drawn = Uniform(b, size, DrawType(type));
  const int digits = type == DType::kFloat16 ? 11 : type == DType::kBFloat16 ? 8 : 0;
  if (digits == 0) return drawn;
  const double steps = std::ldexp(1, digits);
  return b.Mul(b.Floor(b.Mul(drawn, b.Like(drawn, steps))), b.Like(drawn, 1 / steps));
}

bool Refuses(Builder& b, DType type) {
  if (IsFloat(type)) return false;
  b.Unsupported("dtype={}: random numbers are drawn in floating point", type);
  return true;
}

// ---- in [0, 1) and normal ----

Value Rand(Builder& b, const Dims& size, DType type) {
  if (Refuses(b, type)) return {};
  Announce(b);
  return b.ToType(UniformOf(b, size, type), type);
}
Value Randn(Builder& b, const Dims& size, DType type) {
  if (Refuses(b, type)) return {};
  Announce(b);
  return b.ToType(Normal(b, size, DrawType(type)), type);
}
template <auto Draw> Value Sized(Builder& b, Dims size, Type dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  return Draw(b, size, dtype.value_or(DType::kFloat));
}
template <auto Draw> Value SizedBy(Builder& b, Dims size, Rng, Type dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  return Draw(b, size, dtype.value_or(DType::kFloat));
}
template <auto Draw>
Value Like(Builder& b, Value self, Type dtype, NoEffect<Layout>, NoEffect<Device>, Pin, NoEffect<MemoryFormat>) {
  return Draw(b, self.dims(), dtype.value_or(self.dtype()));
}
template <auto Draw>
Value LikeBy(Builder& b, Value self, Rng, Type dtype, NoEffect<Layout>, NoEffect<Device>, Pin, NoEffect<MemoryFormat>) {
  return Draw(b, self.dims(), dtype.value_or(self.dtype()));
}

// ---- whole numbers ----

Value Integers(Builder& b, const Dims& size, Value low, Value count, DType type) {
  Announce(b);
  const Value drawn = b.Mul(Uniform(b, size, DType::kDouble), b.ToType(count, DType::kDouble));
  return b.ToType(b.Add(b.ToType(b.Floor(drawn), DType::kInt64), low), type);
}
Value Between(Builder& b, const Dims& size, const Dim& low, const Dim& high, DType type) {
  return Integers(b, size, b.ToValue(low), b.ToValue(b.Minus(high, low)), type);
}
Value Randint(Builder& b, Dim high, Dims size, Type dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  return Between(b, size, 0, high, dtype.value_or(DType::kInt64));
}
Value RandintBy(Builder& b, Dim high, Dims size, Rng, Type dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  return Between(b, size, 0, high, dtype.value_or(DType::kInt64));
}
Value RandintLow(Builder& b, Dim low, Dim high, Dims size, Type dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  return Between(b, size, low, high, dtype.value_or(DType::kInt64));
}
Value RandintLowBy(Builder& b, Dim low, Dim high, Dims size, Rng, Type dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  return Between(b, size, low, high, dtype.value_or(DType::kInt64));
}
Value RandintLike(Builder& b, Value self, Dim high, Type dtype, NoEffect<Layout>, NoEffect<Device>, Pin,
                  NoEffect<MemoryFormat>) {
  return Between(b, self.dims(), 0, high, dtype.value_or(self.dtype()));
}
Value RandintLikeTensor(Builder& b, Value self, Value high, Type dtype, NoEffect<Layout>, NoEffect<Device>, Pin,
                        NoEffect<MemoryFormat>) {
  const Value bound = b.ToType(b.Reshape(high, Dims()), DType::kInt64);
  return Integers(b, self.dims(), b.Constant(0, DType::kInt64), bound, dtype.value_or(self.dtype()));
}
Value RandintLikeLow(Builder& b, Value self, Dim low, Dim high, Type dtype, NoEffect<Layout>, NoEffect<Device>, Pin,
                     NoEffect<MemoryFormat>) {
  return Between(b, self.dims(), low, high, dtype.value_or(self.dtype()));
}

// One past the largest number that random_() gives: what the type can count up to.
double CountOf(DType type) {
  switch (type) {
    case DType::kFloat: return std::ldexp(1, 24) + 1;
    case DType::kDouble: return std::ldexp(1, 53) + 1;
    case DType::kFloat16: return std::ldexp(1, 11) + 1;
    case DType::kBFloat16: return std::ldexp(1, 8) + 1;
    case DType::kBool: return 2;
    default: return std::ldexp(1, BitWidth(type) - (IsSigned(type) ? 1 : 0));
  }
}
Value Below(Builder& b, Value self, double count) {
  return Integers(b, self.dims(), b.Constant(0, DType::kInt64), b.Constant(count, DType::kDouble), self.dtype());
}
// random.from has no row: torch.export cannot write it, "from" being a word of Python.
Value RandomTo(Builder& b, Value self, int64_t to, Rng) { return Below(b, self, static_cast<double>(to)); }
Value Random(Builder& b, Value self, Rng) { return Below(b, self, CountOf(self.dtype())); }

// The order that sorts random numbers.
Value Permutation(Builder& b, const Dim& n, DType type) {
  Announce(b);
  const Value keys = Uniform(b, {n}, DType::kDouble);
  return b.ToType(b.TopK(keys, b.ShapeOf({n})).Indices, type);
}
Value Randperm(Builder& b, Dim n, Type dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  return Permutation(b, n, dtype.value_or(DType::kInt64));
}
Value RandpermBy(Builder& b, Dim n, Rng, Type dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  return Permutation(b, n, dtype.value_or(DType::kInt64));
}

// ---- of given probability ----

// True with the probability `p`, a number or a tensor of the same shape.
Value Chance(Builder& b, const Dims& size, Value p) {
  const DType type = DrawType(p.dtype());
  return b.Less(Uniform(b, size, type), b.ToType(p, type));
}
Value Bernoulli(Builder& b, Value self, Rng) {
  Announce(b);
  return b.ToType(Chance(b, self.dims(), self), self.dtype());
}
Value BernoulliP(Builder& b, Value self, double p, Rng) {
  Announce(b);
  return b.ToType(Chance(b, self.dims(), b.Constant(p, DType::kFloat)), self.dtype());
}
Value BernoulliTensor(Builder& b, Value self, Value p, Rng) {
  Announce(b);
  return b.ToType(Chance(b, self.dims(), p), self.dtype());
}

// The largest of log(p) plus Gumbel noise: once for each sample with replacement, the first few of all without.
Value Multinomial(Builder& b, Value self, Dim num_samples, bool replacement, Rng) {
  const int rank = self.rank();
  if (rank != 1 && rank != 2) return b.Unsupported("self has rank {}, wanted 1 or 2", rank);
  Announce(b);
  Value weights = b.Log(b.ToType(rank == 1 ? b.Unsqueeze(self, {0}) : self, DType::kFloat));
  if (replacement) weights = b.Unsqueeze(weights, {1});
  Dims size = weights.dims();
  if (replacement) size[1] = num_samples;
  const Value noise = b.Neg(b.Log(b.Neg(b.Log(PositiveUniform(b, size, DType::kFloat)))));
  const Value keys = b.Add(weights, noise);
  const Value drawn = replacement ? b.ArgMax(keys, {.axis = -1, .keepdims = 0})
                                  : b.TopK(keys, b.ShapeOf({num_samples}), {.axis = -1}).Indices;
  return rank == 1 ? b.Squeeze(drawn, {0}) : drawn;
}

// ---- distributions ----

// mean + std * normal in the type of the tensors, drawn for each element of the broadcast shape.
Value NormalAround(Builder& b, Value mean, Value std) {
  Announce(b);
  const DType type = DrawType(mean.dtype());
  const Value shaped = b.Add(mean, std);
  const Value drawn = Normal(b, shaped.dims(), type);
  const Value spread = b.Mul(drawn, b.ToType(std, type));
  return b.ToType(b.Add(spread, b.ToType(mean, type)), shaped.dtype());
}
Value NormalTensors(Builder& b, Value mean, Value std, Rng) {
  const auto [m, s] = b.Promote(mean, std);
  return NormalAround(b, m, s);
}
Value NormalMean(Builder& b, Value mean, double std, Rng) { return NormalAround(b, mean, b.Like(mean, std)); }
Value NormalStd(Builder& b, double mean, Value std, Rng) { return NormalAround(b, b.Like(std, mean), std); }
Value NormalSized(Builder& b, double mean, double std, Dims size, Rng, Type dtype, NoEffect<Layout>, NoEffect<Device>,
                  Pin) {
  const DType type = dtype.value_or(DType::kFloat);
  if (Refuses(b, type)) return {};
  Announce(b);
  const Value drawn = Normal(b, size, DrawType(type));
  return b.ToType(b.Add(b.Mul(drawn, b.Like(drawn, std)), b.Like(drawn, mean)), type);
}
Value NormalFunctional(Builder& b, Value self, double mean, double std, Rng) {
  return NormalSized(b, mean, std, self.dims(), {}, self.dtype(), {}, {}, {});
}
Value UniformBetween(Builder& b, Value self, double from, double to, Rng) {
  if (Refuses(b, self.dtype())) return {};
  Announce(b);
  const Value drawn = UniformOf(b, self.dims(), self.dtype());
  return b.ToType(b.Add(b.Mul(drawn, b.Like(drawn, to - from)), b.Like(drawn, from)), self.dtype());
}
Value Exponential(Builder& b, Value self, double lambd, Rng) {
  if (Refuses(b, self.dtype())) return {};
  Announce(b);
  const Value drawn = PositiveUniform(b, self.dims(), DrawType(self.dtype()));
  return b.ToType(b.Mul(b.Log(drawn), b.Like(drawn, -1 / lambd)), self.dtype());
}
Value LogNormal(Builder& b, Value self, double mean, double std, Rng) {
  if (Refuses(b, self.dtype())) return {};
  Announce(b);
  const Value drawn = Normal(b, self.dims(), DrawType(self.dtype()));
  return b.ToType(b.Exp(b.Add(b.Mul(drawn, b.Like(drawn, std)), b.Like(drawn, mean))), self.dtype());
}
Value Cauchy(Builder& b, Value self, double median, double sigma, Rng) {
  if (Refuses(b, self.dtype())) return {};
  Announce(b);
  const Value drawn = Uniform(b, self.dims(), DrawType(self.dtype()));
  const Value angle = b.Mul(b.Sub(drawn, b.Like(drawn, 0.5)), b.Like(drawn, M_PI));
  return b.ToType(b.Add(b.Mul(b.Tan(angle), b.Like(drawn, sigma)), b.Like(drawn, median)), self.dtype());
}
// How many tries it takes: at least one.
Value Geometric(Builder& b, Value self, double p, Rng) {
  Announce(b);
  const Value drawn = PositiveUniform(b, self.dims(), DrawType(self.dtype()));
  const Value tries = b.Ceil(b.Mul(b.Log(drawn), b.Like(drawn, 1 / std::log1p(-p))));
  return b.ToType(b.Max({tries, b.Like(drawn, 1)}), self.dtype());
}

// ---- dropout ----

// A program exported without model.eval() draws; torch's warning is the rule's.
Value Dropout(Builder& b, Value input, double p, bool train) {
  if (!train || p == 0) return input;
  if (p == 1) return b.Mul(input, b.Like(input, 0));
  Announce(b);
  const Value kept = Chance(b, input.dims(), b.Constant(1 - p, DType::kFloat));
  return b.Mul(input, b.Mul(b.ToType(kept, input.dtype()), b.Like(input, 1 / (1 - p))));
}

std::array<Value, 2> NativeDropout(Builder& b, Value input, double p, std::optional<bool> train) {
  const Dims size = input.dims();
  if (!train.value_or(true)) return {input, b.Full(size, true, DType::kBool)};
  if (p == 1) return {b.Mul(input, b.Like(input, 0)), b.Full(size, false, DType::kBool)};
  Announce(b);
  const Value kept = Chance(b, size, b.Constant(1 - p, DType::kFloat));
  return {b.Mul(input, b.Mul(b.ToType(kept, input.dtype()), b.Like(input, 1 / (1 - p)))), kept};
}

// Whole channels at a time: one draw for each of the first two axes.
Dims ChannelsOf(Builder& b, Value input) {
  Dims size = input.dims();
  if (size.size() < 2) b.Unsupported("input has rank {}, wanted 2 or more", input.rank());
  for (std::size_t axis = 2; axis < size.size(); ++axis) size[axis] = 1;
  return size;
}
Value FeatureDropout(Builder& b, Value input, double p, bool train) {
  if (!train || p == 0) return input;
  if (p == 1) return b.Mul(input, b.Like(input, 0));
  Announce(b);
  const Value kept = Chance(b, ChannelsOf(b, input), b.Constant(1 - p, DType::kFloat));
  return b.Mul(input, b.Mul(b.ToType(kept, input.dtype()), b.Like(input, 1 / (1 - p))));
}

// What is dropped becomes SELU's negative saturation, and the whole is scaled back to its mean and variance.
Value AlphaNoise(Builder& b, Value input, double p, const Dims& size) {
  if (p == 1) return b.Mul(input, b.Like(input, 0));
  Announce(b);
  constexpr double kAlpha = 1.7580993408473766;
  const double a = 1 / std::sqrt((kAlpha * kAlpha * p + 1) * (1 - p));
  const Value kept = b.ToType(Chance(b, size, b.Constant(1 - p, DType::kFloat)), input.dtype());
  const Value shift = b.Add(b.Mul(b.Sub(kept, b.Like(input, 1)), b.Like(input, kAlpha * a)), b.Like(input, kAlpha * a * p));
  return b.Add(b.Mul(input, b.Mul(kept, b.Like(input, a))), shift);
}
Value AlphaDropout(Builder& b, Value input, double p, bool train) {
  return !train || p == 0 ? input : AlphaNoise(b, input, p, input.dims());
}
Value FeatureAlphaDropout(Builder& b, Value input, double p, bool train) {
  return !train || p == 0 ? input : AlphaNoise(b, input, p, ChannelsOf(b, input));
}

// Slopes of what is not positive; their mean in inference.
Value Rrelu(Builder& b, Value self, Scalar lower, Scalar upper, bool training, Rng) {
  const double least = lower.AsDouble(), most = upper.AsDouble();
  if (!training) return b.Aten("aten::leaky_relu", {{"self", self}, {"negative_slope", (least + most) / 2}});
  Announce(b);
  const Value drawn = Uniform(b, self.dims(), DrawType(self.dtype()));
  const Value slopes = b.Add(b.Mul(drawn, b.Like(drawn, most - least)), b.Like(drawn, least));
  return b.Where(b.LessOrEqual(self, b.Like(self, 0)), b.Mul(self, b.ToType(slopes, self.dtype())), self);
}

#define FL_DTYPE(initial) "ScalarType? dtype=" initial ", Layout? layout=None, Device? device=None, bool? pin_memory=None"
#define FL_FACTORY FL_DTYPE("None") ") -> Tensor"
#define FL_WHOLE FL_DTYPE("4") ") -> Tensor"
#define FL_LIKE FL_DTYPE("None") ", MemoryFormat? memory_format=None) -> Tensor"
#define FL_RNG "*, Generator? generator=None) -> Tensor"

constexpr Lowering kTable[] = {
    Lower<Sized<Rand>>("aten::rand(SymInt[] size, *, " FL_FACTORY),
    Lower<SizedBy<Rand>>("aten::rand.generator(SymInt[] size, *, Generator? generator, " FL_FACTORY),
    Lower<Like<Rand>>("aten::rand_like(Tensor self, *, " FL_LIKE),
    Lower<LikeBy<Rand>>("aten::rand_like.generator(Tensor self, *, Generator? generator, " FL_LIKE),
    Lower<Sized<Randn>>("aten::randn(SymInt[] size, *, " FL_FACTORY),
    Lower<SizedBy<Randn>>("aten::randn.generator(SymInt[] size, *, Generator? generator, " FL_FACTORY),
    Lower<Like<Randn>>("aten::randn_like(Tensor self, *, " FL_LIKE),
    Lower<LikeBy<Randn>>("aten::randn_like.generator(Tensor self, *, Generator? generator, " FL_LIKE),
    Lower<Randint>("aten::randint(SymInt high, SymInt[] size, *, " FL_WHOLE),
    Lower<RandintBy>("aten::randint.generator(SymInt high, SymInt[] size, *, Generator? generator, " FL_WHOLE),
    Lower<RandintLow>("aten::randint.low(SymInt low, SymInt high, SymInt[] size, *, " FL_WHOLE),
    Lower<RandintLowBy>(
        "aten::randint.low_generator(SymInt low, SymInt high, SymInt[] size, *, Generator? generator, " FL_WHOLE),
    Lower<RandintLike>("aten::randint_like(Tensor self, SymInt high, *, " FL_LIKE),
    Lower<RandintLikeTensor>("aten::randint_like.Tensor(Tensor self, Tensor high, *, " FL_LIKE),
    Lower<RandintLikeLow>("aten::randint_like.low_dtype(Tensor self, SymInt low, SymInt high, *, " FL_LIKE),
    Lower<Random>("aten::random(Tensor self, " FL_RNG),
    Lower<RandomTo>("aten::random.to(Tensor self, int to, " FL_RNG),
    Lower<Randperm>("aten::randperm(SymInt n, *, " FL_WHOLE),
    Lower<RandpermBy>("aten::randperm.generator(SymInt n, *, Generator? generator, " FL_WHOLE),
    Lower<Bernoulli>("aten::bernoulli(Tensor self, " FL_RNG),
    Lower<BernoulliP>("aten::bernoulli.p(Tensor self, float p, " FL_RNG),
    Lower<BernoulliTensor>("aten::bernoulli.Tensor(Tensor self, Tensor p, " FL_RNG),
    Lower<Multinomial>("aten::multinomial(Tensor self, SymInt num_samples, bool replacement=False, " FL_RNG),
    Lower<NormalTensors>("aten::normal.Tensor_Tensor(Tensor mean, Tensor std, " FL_RNG),
    Lower<NormalMean>("aten::normal.Tensor_float(Tensor mean, float std=1., " FL_RNG),
    Lower<NormalStd>("aten::normal.float_Tensor(float mean, Tensor std, " FL_RNG),
    Lower<NormalSized>(
        "aten::normal.float_float(float mean, float std, SymInt[] size, *, Generator? generator=None, " FL_FACTORY),
    Lower<NormalFunctional>("aten::normal_functional(Tensor self, float mean=0., float std=1., " FL_RNG),
    Lower<UniformBetween>("aten::uniform(Tensor self, float from=0., float to=1., " FL_RNG),
    Lower<Exponential>("aten::exponential(Tensor self, float lambd=1., " FL_RNG),
    Lower<LogNormal>("aten::log_normal(Tensor self, float mean=1., float std=2., " FL_RNG),
    Lower<Cauchy>("aten::cauchy(Tensor self, float median=0., float sigma=1., " FL_RNG),
    Lower<Geometric>("aten::geometric(Tensor self, float p, " FL_RNG),
    Lower<Dropout>("aten::dropout(Tensor input, float p, bool train) -> Tensor"),
    Lower<NativeDropout>("aten::native_dropout(Tensor input, float p, bool? train) -> (Tensor, Tensor)"),
    Lower<FeatureDropout>("aten::feature_dropout(Tensor input, float p, bool train) -> Tensor"),
    Lower<AlphaDropout>("aten::alpha_dropout(Tensor input, float p, bool train) -> Tensor"),
    Lower<FeatureAlphaDropout>("aten::feature_alpha_dropout(Tensor input, float p, bool train) -> Tensor"),
    Lower<Rrelu>("aten::rrelu(Tensor self, Scalar lower=0.125, Scalar upper=0.3333333333333333, bool training=False, "
                 "Generator? generator=None) -> Tensor"),
};

}  // namespace

std::span<const Lowering> RandomLowerings() { return kTable; }

}  // namespace fairlead::aten
