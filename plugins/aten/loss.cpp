// Losses of two tensors element by element, then reduced. Those of classes are in class_loss.cpp. The arithmetic follows
// aten/src/ATen/native/Loss.cpp, its infinities included.
#include <cmath>
#include <numbers>

#include "families.hpp"
#include "reduction_of_loss.hpp"

namespace fairlead::aten {
namespace {

// Both in the type that torch computes in.
struct Pair {
  Value x, y;
};
Pair Promoted(Builder& b, Value self, Value target) {
  const auto [x, y] = b.Promote(self, target);
  return {x, y};
}
Pair PromotedToFloat(Builder& b, Value self, Value target) {
  const DType type = FloatType(b.PromotedType({self, target}));
  return {b.ToType(self, type), b.ToType(target, type)};
}

Value Scaled(Builder& b, Value x, double factor) { return b.Mul(x, b.Like(x, factor)); }
// clamp_min(0), which leaves a NaN as it is.
Value Positive(Builder& b, Value x) { return b.Where(b.Less(x, b.Like(x, 0)), b.Like(x, 0), x); }
Value OneMinus(Builder& b, Value x) { return b.Sub(b.Like(x, 1), x); }

// ---- distances of numbers ----

Value MseLoss(Builder& b, Value self, Value target, int64_t reduction) {
  const auto [x, y] = Promoted(b, self, target);
  const Value difference = b.Sub(x, y);
  return ReducedLoss(b, b.Mul(difference, difference), reduction);
}

Value L1Loss(Builder& b, Value self, Value target, int64_t reduction) {
  const auto [x, y] = Promoted(b, self, target);
  return ReducedLoss(b, b.Abs(b.Sub(x, y)), reduction);
}

// A parabola below `knee`, a line above.
Value Bent(Builder& b, Value distance, double knee, double curvature, double slope) {
  const auto bent = [&](Value z) {
    const Value parabola = Scaled(b, b.Mul(z, z), curvature);
    const Value line = Scaled(b, b.Sub(z, b.Like(z, 0.5 * knee)), slope);
    return b.Where(b.Less(z, b.Like(z, knee)), parabola, line);
  };
  return b.InFloat32(distance, bent);
}

Value SmoothL1Loss(Builder& b, Value self, Value target, int64_t reduction, double beta) {
  if (beta == 0) return L1Loss(b, self, target, reduction);
  const auto [x, y] = Promoted(b, self, target);
  return ReducedLoss(b, Bent(b, b.Abs(b.Sub(x, y)), beta, 0.5 / beta, 1), reduction);
}

Value HuberLoss(Builder& b, Value self, Value target, int64_t reduction, double delta) {
  const auto [x, y] = Promoted(b, self, target);
  return ReducedLoss(b, Bent(b, b.Abs(b.Sub(x, y)), delta, 0.5, delta), reduction);
}

// ---- of probabilities and rates ----

// Logarithms below -100 count as -100.
Value BinaryCrossEntropy(Builder& b, Value self, Value target, Value weight, int64_t reduction) {
  const auto wide = [&](Value x) { return BitWidth(x.dtype()) < 32 ? b.ToType(x, DType::kFloat) : x; };
  const Value p = wide(self), y = b.ToType(target, p.dtype());
  const auto bounded = [&](Value x) { return b.Where(b.Less(x, b.Like(x, -100)), b.Like(x, -100), x); };
  const Value of_no = bounded(b.Aten("aten::log1p", {{"self", b.Neg(p)}}));
  const Value loss = b.Sub(b.Mul(b.Sub(y, b.Like(y, 1)), of_no), b.Mul(y, bounded(b.Log(p))));
  const Value rounded = b.ToType(loss, self.dtype());
  return ReducedLoss(b, weight ? b.Mul(rounded, b.ToType(weight, self.dtype())) : rounded, reduction);
}

Value BinaryCrossEntropyWithLogits(Builder& b, Value self, Value target, Value weight, Value pos_weight,
                                   int64_t reduction) {
  const auto [x, y] = PromotedToFloat(b, self, target);
  Value of_yes = b.Aten("aten::log_sigmoid", {{"self", x}});
  if (pos_weight) {
    const Value excess = b.Sub(b.ToType(pos_weight, x.dtype()), b.Like(x, 1));
    of_yes = b.Mul(b.Add(b.Mul(excess, y), b.Like(x, 1)), of_yes);
  }
  const Value loss = b.Sub(b.Mul(OneMinus(b, y), x), of_yes);
  return ReducedLoss(b, weight ? b.Mul(loss, b.ToType(weight, loss.dtype())) : loss, reduction);
}

Value KlDiv(Builder& b, Value self, Value target, int64_t reduction, bool log_target) {
  const auto [x, y] = PromotedToFloat(b, self, target);
  if (log_target) return ReducedLoss(b, b.Mul(b.Exp(y), b.Sub(y, x)), reduction);
  const Value entropy = b.Aten("aten::xlogy.Tensor", {{"self", y}, {"other", y}});
  return ReducedLoss(b, b.Sub(entropy, b.Mul(y, x)), reduction);
}

// The last term is Stirling's for the logarithm of target's factorial.
Value PoissonNllLoss(Builder& b, Value input, Value target, bool log_input, bool full, double eps, int64_t reduction) {
  const auto [x, y] = PromotedToFloat(b, input, target);
  Value loss = log_input ? b.Sub(b.Exp(x), b.Mul(y, x)) : b.Sub(x, b.Mul(y, b.Log(b.Add(x, b.Like(x, eps)))));
  if (full) {
    const Value root = Scaled(b, b.Log(Scaled(b, y, 2 * std::numbers::pi)), 0.5);
    const Value stirling = b.Add(b.Sub(b.Mul(y, b.Log(y)), y), root);
    loss = b.Add(loss, b.Where(b.LessOrEqual(y, b.Like(y, 1)), b.Like(y, 0), stirling));
  }
  return ReducedLoss(b, loss, reduction);
}

// log(1 + e^-xy) as it is written: the exponential overflows, in float16 from 65520 on, which runtimes that compute in
// float would not notice.
Value SoftMarginLoss(Builder& b, Value self, Value target, int64_t reduction) {
  const auto [x, y] = Promoted(b, self, target);
  const bool is_half = x.dtype() == DType::kFloat16;
  const auto softened = [&](Value product) {
    Value power = b.Exp(b.Neg(product));
    if (is_half) power = b.Where(b.GreaterOrEqual(power, b.Like(power, 65520)), b.Like(power, INFINITY), power);
    return b.Log(b.Add(power, b.Like(power, 1)));
  };
  return ReducedLoss(b, b.InFloat32(b.Mul(x, y), softened), reduction);
}

// ---- margins ----

Value IsNumber(Builder& b, Value target, int64_t number) { return b.Equal(target, b.Like(target, number)); }

// The margin is taken in the type of self, which may be an integer.
Value HingeEmbeddingLoss(Builder& b, Value self, Value target, double margin, int64_t reduction) {
  const Value zero = b.Like(self, 0);
  const Value far = b.Where(IsNumber(b, target, 1), zero, Positive(b, b.Sub(b.Like(self, margin), self)));
  const Value near = b.Where(IsNumber(b, target, -1), zero, self);
  return ReducedLoss(b, b.Add(far, near), reduction);
}

// Σ x y over an axis; integers and bools are summed as int64.
Value SumOfProducts(Builder& b, Value self, Value other, int64_t axis) {
  const auto [x, y] = b.Promote(self, other);
  const Value product = x.dtype() == DType::kBool ? b.And(x, y) : b.Mul(x, y);
  if (!IsFloat(x.dtype())) return b.ToFloat(b.ReduceSum(b.ToType(product, DType::kInt64), {axis}, false));
  return b.InFloat32(product, [&](Value wide) { return b.ReduceSum(wide, {axis}, false); });
}

Value CosineEmbeddingLoss(Builder& b, Value input1, Value input2, Value target, double margin, int64_t reduction) {
  const int64_t axis = target.rank();
  if (axis != 0 && axis != 1) return b.Unsupported("target has rank {}", axis);
  const auto squares = [&](Value x) {
    const Value sum = SumOfProducts(b, x, x, axis);
    return b.Add(sum, b.Like(sum, 1e-12));
  };
  const auto [first, second] = b.Promote(squares(input1), squares(input2));
  const Value cosine = b.Div(SumOfProducts(b, input1, input2, axis), b.Sqrt(b.Mul(first, second)));
  const Value zero = b.Like(cosine, 0);
  const Value alike = b.Where(IsNumber(b, target, 1), OneMinus(b, cosine), zero);
  // A target of bools has no -1.
  if (target.dtype() == DType::kBool) return ReducedLoss(b, alike, reduction);
  const Value apart = Positive(b, b.Sub(cosine, b.Like(cosine, margin)));
  return ReducedLoss(b, b.Add(alike, b.Where(IsNumber(b, target, -1), apart, zero)), reduction);
}

Value MarginRankingLoss(Builder& b, Value input1, Value input2, Value target, double margin, int64_t reduction) {
  const auto [x, y] = b.Promote(input1, input2);
  const auto [sign, difference] = b.Promote(target, b.Sub(x, y));
  // Bytes come round: their negation is taken before they become numbers.
  const Value opposed = b.ToFloat(b.Aten("aten::neg", {{"self", b.Mul(sign, difference)}}));
  return ReducedLoss(b, Positive(b, b.Add(opposed, b.Like(opposed, margin))), reduction);
}

Value TripletMarginLoss(Builder& b, Value anchor, Value positive, Value negative, double margin, double p, double eps,
                        bool swap, int64_t reduction) {
  const auto distance = [&](Value x, Value y) {
    return b.Aten("aten::pairwise_distance", {{"x1", x}, {"x2", y}, {"p", p}, {"eps", eps}});
  };
  Value far = distance(anchor, negative);
  if (swap) far = b.Aten("aten::minimum", {{"self", far}, {"other", distance(positive, negative)}});
  const auto [near, apart] = b.Promote(distance(anchor, positive), far);
  return ReducedLoss(b, Positive(b, b.Sub(b.Add(near, b.Like(near, margin)), apart)), reduction);
}

#define FL_PAIR "Tensor self, Tensor target, "
#define FL_TRIPLE "Tensor input1, Tensor input2, Tensor target, "
#define FL_MEAN "int reduction=1) -> Tensor"

constexpr Lowering kTable[] = {
    Lower<MseLoss>("aten::mse_loss(" FL_PAIR FL_MEAN),
    Lower<L1Loss>("aten::l1_loss(" FL_PAIR FL_MEAN),
    Lower<SmoothL1Loss>("aten::smooth_l1_loss(" FL_PAIR "int reduction=1, float beta=1.) -> Tensor"),
    Lower<HuberLoss>("aten::huber_loss(" FL_PAIR "int reduction=1, float delta=1.) -> Tensor"),
    Lower<BinaryCrossEntropy>("aten::binary_cross_entropy(" FL_PAIR "Tensor? weight=None, " FL_MEAN),
    Lower<BinaryCrossEntropyWithLogits>("aten::binary_cross_entropy_with_logits(" FL_PAIR
                                        "Tensor? weight=None, Tensor? pos_weight=None, " FL_MEAN),
    Lower<KlDiv>("aten::kl_div(" FL_PAIR "int reduction=1, *, bool log_target=False) -> Tensor"),
    Lower<PoissonNllLoss>("aten::poisson_nll_loss(Tensor input, Tensor target, bool log_input, bool full, float eps, int "
                          "reduction) -> Tensor"),
    Lower<SoftMarginLoss>("aten::soft_margin_loss(" FL_PAIR FL_MEAN),
    Lower<HingeEmbeddingLoss>("aten::hinge_embedding_loss(" FL_PAIR "float margin=1., " FL_MEAN),
    Lower<CosineEmbeddingLoss>("aten::cosine_embedding_loss(" FL_TRIPLE "float margin=0., " FL_MEAN),
    Lower<MarginRankingLoss>("aten::margin_ranking_loss(" FL_TRIPLE "float margin=0., " FL_MEAN),
    Lower<TripletMarginLoss>("aten::triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, float margin=1., "
                             "float p=2., float eps=9.9999999999999995e-07, bool swap=False, " FL_MEAN),
};

}  // namespace

std::span<const Lowering> LossLowerings() { return kTable; }

}  // namespace fairlead::aten
