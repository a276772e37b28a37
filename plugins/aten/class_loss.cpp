// Losses of scores against classes: negative log likelihood, cross entropy, and the margins between classes.
#include "families.hpp"
#include "reduction_of_loss.hpp"

namespace fairlead::aten {
namespace {

// Scores are [C], [N, C] or [N, C, d1, …]; the classes of the target have the same sizes without C.
int64_t ClassAxis(Value self) { return self.rank() == 1 ? 0 : 1; }

Value Wide(Builder& b, Value x) { return BitWidth(x.dtype()) < 32 ? b.ToType(x, DType::kFloat) : x; }
Value SumOfAll(Builder& b, Value x) { return b.ReduceSum(x, {}, false); }

// One weight for each class, in the shape that meets the scores.
Value AlongClasses(Builder& b, Value weight, Value scores) {
  std::vector<int64_t> trailing;
  for (int64_t axis = 2; axis < scores.rank(); ++axis) trailing.push_back(axis - 1);
  return b.Unsqueeze(b.ToType(weight, scores.dtype()), trailing);
}

// ---- negative log likelihood ----

struct Targets {
  Value counted;  // false where the class is the ignored one
  Value classes;  // int64; 0 where it is
};
Targets TargetsOf(Builder& b, Value target, int64_t ignore_index) {
  const Value classes = b.ToType(target, DType::kInt64);
  const Value counted = b.Not(b.Equal(classes, b.Like(classes, ignore_index)));
  return {counted, b.Where(counted, classes, b.Like(classes, 0))};
}

// How much each target counts.
Value WeightsOf(Builder& b, const Targets& targets, Value weight, DType type) {
  if (!weight) return b.ToType(targets.counted, type);
  const Value weights = b.Gather(b.ToType(weight, type), targets.classes);
  return b.Where(targets.counted, weights, b.Like(weights, 0));
}

struct Likelihood {
  Value output, total_weight;
};

// Scores are float or double.
Likelihood Nll(Builder& b, Value scores, Value target, Value weight, int64_t reduction, int64_t ignore_index) {
  if (scores.rank() < 1) return b.Unsupported("self has rank {}", scores.rank());
  const int64_t axis = ClassAxis(scores);
  const Targets targets = TargetsOf(b, target, ignore_index);
  const Value picked =
      b.Neg(b.Squeeze(b.GatherElements(scores, b.Unsqueeze(targets.classes, {axis}), {.axis = axis}), {axis}));
  const Value weights = WeightsOf(b, targets, weight, scores.dtype());
  const Value weighted = weight ? b.Mul(picked, weights) : picked;
  const Value loss = b.Where(targets.counted, weighted, b.Like(weighted, 0));
  const Value total_weight = SumOfAll(b, weights);
  if (reduction == kMean) return {b.Div(SumOfAll(b, loss), total_weight), total_weight};
  return {ReducedLoss(b, loss, reduction), total_weight};
}

Likelihood NllForward(Builder& b, Value self, Value target, Value weight, int64_t reduction, int64_t ignore_index) {
  const Likelihood wide = Nll(b, Wide(b, self), target, weight, reduction, ignore_index);
  // torch does not add the weights up where it keeps every loss of a batch.
  const bool is_total = reduction != kNone || self.rank() == 1;
  const Value total = is_total ? b.ToType(wide.total_weight, self.dtype()) : b.Like(self, 0);
  return {b.ToType(wide.output, self.dtype()), total};
}
Value NllLoss(Builder& b, Value self, Value target, Value weight, int64_t reduction, int64_t ignore_index) {
  return b.ToType(Nll(b, Wide(b, self), target, weight, reduction, ignore_index).output, self.dtype());
}

// ---- cross entropy ----

struct CrossEntropy {
  Value self, target, weight;
  int64_t reduction, ignore_index;
  double label_smoothing;
};

// label_smoothing / C
Value ShareOfClass(Builder& b, const CrossEntropy& c, Value scores) {
  const Value count = b.ToType(b.ToValue(scores.dim(ClassAxis(scores))), scores.dtype());
  return b.Div(b.Like(scores, c.label_smoothing), count);
}

// The target says how probable each class is.
Value OfProbabilities(Builder& b, const CrossEntropy& c, Value scores) {
  const int64_t axis = ClassAxis(scores);
  Value target = b.ToType(c.target, scores.dtype());
  if (c.label_smoothing > 0)
    target = b.Add(b.Mul(target, b.Like(target, 1 - c.label_smoothing)), ShareOfClass(b, c, scores));
  Value product = b.Mul(scores, target);
  if (c.weight) product = b.Mul(product, AlongClasses(b, c.weight, scores));
  const Value loss = b.Neg(b.ReduceSum(product, {axis}, false));
  return ReducedLoss(b, loss, c.reduction);
}

// What smoothing adds to the loss: the mean loss of all classes.
Value Smoothed(Builder& b, const CrossEntropy& c, Value scores, Value loss) {
  const int64_t axis = ClassAxis(scores);
  const Targets targets = TargetsOf(b, c.target, c.ignore_index);
  const Value weighted = c.weight ? b.Mul(scores, AlongClasses(b, c.weight, scores)) : scores;
  const Value all = b.Neg(b.ReduceSum(weighted, {axis}, false));
  Value smooth = b.Where(targets.counted, all, b.Like(all, 0));
  if (c.reduction == kMean)
    smooth = b.Div(SumOfAll(b, smooth), SumOfAll(b, WeightsOf(b, targets, c.weight, scores.dtype())));
  else
    smooth = ReducedLoss(b, smooth, c.reduction);
  return b.Add(b.Mul(loss, b.Like(loss, 1 - c.label_smoothing)), b.Mul(smooth, ShareOfClass(b, c, scores)));
}

Value CrossEntropyLoss(Builder& b, Value self, Value target, Value weight, int64_t reduction, int64_t ignore_index,
                       double label_smoothing) {
  if (self.rank() < 1) return b.Unsupported("self has rank {}", self.rank());
  const CrossEntropy c = {self, target, weight, reduction, ignore_index, label_smoothing};
  const Value scores = b.LogSoftmax(Wide(b, self), {.axis = ClassAxis(self)});
  if (target.rank() == self.rank() && IsFloat(target.dtype())) return b.ToType(OfProbabilities(b, c, scores), self.dtype());
  const Value loss = Nll(b, scores, target, weight, reduction, ignore_index).output;
  return b.ToType(label_smoothing > 0 ? Smoothed(b, c, scores, loss) : loss, self.dtype());
}

// ---- margins between classes ----

// [N, C] of a tensor that may be one row, or one number.
Value Rows(Builder& b, Value self) {
  if (self.rank() == 2) return self;
  return b.Reshape(self, {1, self.rank() == 0 ? Dim(1) : self.dim(0)});
}
Value CountOfClasses(Builder& b, Value rows) { return b.ToType(b.ToValue(rows.dim(1)), rows.dtype()); }
// Positive numbers where they count, else 0; a NaN is not positive.
Value PositiveWhere(Builder& b, Value counts, Value x) {
  return b.Where(b.And(counts, b.Greater(x, b.Like(x, 0))), x, b.Like(x, 0));
}

// Σ max(0, margin - x[y] + x[i])^p over i ≠ y, by the number of classes.
Value MultiMarginLoss(Builder& b, Value self, Value target, Scalar p, Scalar margin, Value weight, int64_t reduction) {
  if (self.rank() < 0 || self.rank() > 2) return b.Unsupported("self has rank {}", self.rank());
  if (p.AsDouble() != 1 && p.AsDouble() != 2) return b.Unsupported("p={}, wanted 1 or 2", p.AsDouble());
  const Value x = Rows(b, Wide(b, self));
  const Value classes = b.Reshape(b.ToType(target, DType::kInt64), {-1, 1});
  const Value others = b.Not(b.Equal(classes, b.Iota(x.dim(1))));
  const Value distance = b.Add(b.Sub(b.Like(x, margin), b.GatherElements(x, classes, {.axis = 1})), x);
  Value margins = PositiveWhere(b, others, distance);
  if (p.AsDouble() == 2) margins = b.Mul(margins, margins);
  if (weight) margins = b.Mul(margins, b.Gather(b.ToType(weight, x.dtype()), classes));
  const Value sums = b.Div(b.ReduceSum(margins, {1}, false), CountOfClasses(b, x));
  const Value loss = target.rank() == 0 ? b.Reshape(sums, Dims()) : sums;
  return b.ToType(ReducedLoss(b, loss, reduction), self.dtype());
}

struct MultilabelMargin {
  Value output, is_target;
};

// Σ max(0, 1 - x[j] + x[i]) over targets j, which a negative one ends, and all i that are no target.
MultilabelMargin MultilabelMarginLossForward(Builder& b, Value self, Value target, int64_t reduction) {
  if (self.rank() < 0 || self.rank() > 2) return b.Unsupported("self has rank {}", self.rank());
  const Value x = Rows(b, Wide(b, self)), given = Rows(b, target);
  const Value ends = b.ToType(b.Less(given, b.Like(given, 0)), DType::kInt32);
  const Value ended = b.CumSum(ends, b.Constant(1, DType::kInt64));
  const Value listed = b.Equal(ended, b.Like(ended, 0));
  const Value classes = b.Where(listed, given, b.Like(given, 0));
  const Value is_this = b.And(b.Equal(b.Unsqueeze(classes, {2}), b.Iota(x.dim(1))), b.Unsqueeze(listed, {2}));
  const Value is_target = b.ReduceMax(b.ToType(is_this, DType::kInt32), {1}, false);  // [N, C]
  const Value is_other = b.Equal(is_target, b.Like(is_target, 0));
  const Value of_target = b.GatherElements(x, classes, {.axis = 1});
  const Value distance = b.Add(b.Sub(b.Like(x, 1), b.Unsqueeze(of_target, {2})), b.Unsqueeze(x, {1}));
  const Value counts = b.And(b.Unsqueeze(listed, {2}), b.Unsqueeze(is_other, {1}));
  const Value sums = b.Div(b.ReduceSum(PositiveWhere(b, counts, distance), {1, 2}, false), CountOfClasses(b, x));
  const Value loss = self.rank() == 2 ? sums : b.Reshape(sums, Dims());
  return {b.ToType(ReducedLoss(b, loss, reduction), self.dtype()),
          b.ToType(b.Reshape(is_target, target.dims()), self.dtype())};
}
Value MultilabelMarginLoss(Builder& b, Value self, Value target, int64_t reduction) {
  return MultilabelMarginLossForward(b, self, target, reduction).output;
}

#define FL_NLL "Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100"
#define FL_NLL_FORWARD                                                                                         \
  "Tensor self, Tensor target, Tensor? weight, int reduction, SymInt ignore_index) -> (Tensor output, Tensor " \
  "total_weight)"

// torch.nn.functional.linear_cross_entropy works through the batch in chunks, to spare memory; the numbers are those of the
// whole. What it computes beside the loss are gradients for a backward pass, which a program that only runs does not read.
Value LinearCrossEntropy(Builder& b, Value input, Value linear_weight, Value target, Value linear_bias, Value weight,
                         int64_t reduction, int64_t ignore_index) {
  const auto like_input = [&](Value value) { return value ? b.ToType(value, input.dtype()) : Value(); };
  const Value scores =
      b.Aten("aten::linear", {{"input", input}, {"weight", like_input(linear_weight)}, {"bias", like_input(linear_bias)}});
  return CrossEntropyLoss(b, scores, target, weight, reduction, ignore_index, 0);
}

std::array<Value, 4> LinearCrossEntropyChunked(Builder& b, Value input, Value linear_weight, Value target,
                                               Value linear_bias, Value weight, std::string_view reduction,
                                               int64_t ignore_index, double label_smoothing,
                                               NoEffect<int64_t> /*batch_chunk_size*/,
                                               NoEffect<std::string_view> /*acc_policy*/, NoEffect<DType> /*acc_dtype*/,
                                               NoEffect<bool> /*allow_retain_graph*/, bool compute_input_grad,
                                               bool compute_linear_weight_grad, bool compute_linear_bias_grad) {
  if (reduction != "mean" && reduction != "sum") return {b.Unsupported("reduction='{}'", reduction.substr(0, 100))};
  for (std::size_t i = 1; i < 4; ++i)
    if (b.IsResultUsed(i)) return {b.Unsupported("a gradient, result {}, is read", i)};
  if (label_smoothing != 0) return {b.Unsupported("label_smoothing={}", label_smoothing)};
  const Value loss = LinearCrossEntropy(b, input, linear_weight, target, linear_bias, weight,
                                        reduction == "mean" ? kMean : kSum, ignore_index);
  const auto unread = [&](bool is_computed, Dims dims) {
    if (!is_computed) std::ranges::fill(dims, Dim(0));
    return b.Zeros(dims, input.dtype());
  };
  return {loss, unread(compute_input_grad, input.dims()), unread(compute_linear_weight_grad, linear_weight.dims()),
          unread(compute_linear_bias_grad, {linear_weight.dims()[0]})};
}

Value LinearCrossEntropyOfEach(Builder& b, Value input, Value linear_weight, Value target, Value linear_bias, Value weight,
                               int64_t ignore_index, NoEffect<int64_t> /*batch_chunk_size*/,
                               NoEffect<std::string_view> /*acc_policy*/, NoEffect<DType> /*acc_dtype*/) {
  return LinearCrossEntropy(b, input, linear_weight, target, linear_bias, weight, kNone, ignore_index);
}

#define FL_LINEAR_LOSS "Tensor input, Tensor linear_weight, Tensor target, Tensor? linear_bias, Tensor? weight, "

constexpr Lowering kTable[] = {
    Lower<NllLoss>("aten::nll_loss(" FL_NLL ") -> Tensor"),
    Lower<NllLoss>("aten::nll_loss2d(" FL_NLL ") -> Tensor"),
    Lower<NllLoss>("aten::nll_loss_nd(" FL_NLL ") -> Tensor"),
    Lower<NllForward>("aten::nll_loss_forward(" FL_NLL_FORWARD),
    Lower<NllForward>("aten::nll_loss2d_forward(" FL_NLL_FORWARD),
    Lower<CrossEntropyLoss>("aten::cross_entropy_loss(" FL_NLL ", float label_smoothing=0.) -> Tensor"),
    Lower<MultiMarginLoss>("aten::multi_margin_loss(Tensor self, Tensor target, Scalar p=1, Scalar margin=1, Tensor? "
                           "weight=None, int reduction=1) -> Tensor"),
    Lower<MultilabelMarginLoss>("aten::multilabel_margin_loss(Tensor self, Tensor target, int reduction=1) -> Tensor"),
    Lower<MultilabelMarginLossForward>("aten::multilabel_margin_loss_forward(Tensor self, Tensor target, int reduction) -> "
                                       "(Tensor output, Tensor is_target)"),
    Lower<LinearCrossEntropyChunked>(
        "torch_nn::_linear_cross_entropy_batch_chunked(" FL_LINEAR_LOSS "str reduction, SymInt ignore_index, float "
        "label_smoothing, SymInt batch_chunk_size, str acc_policy, ScalarType acc_dtype, bool allow_retain_graph, bool "
        "compute_input_grad, bool compute_linear_weight_grad, bool compute_linear_bias_grad) -> (Tensor, Tensor, Tensor, "
        "Tensor)"),
    Lower<LinearCrossEntropyOfEach>(
        "torch_nn::_linear_cross_entropy_batch_chunked_no_reduction(" FL_LINEAR_LOSS
        "SymInt ignore_index, SymInt batch_chunk_size, str acc_policy, ScalarType acc_dtype) -> "
        "Tensor"),
};

}  // namespace

std::span<const Lowering> ClassLossLowerings() { return kTable; }

}  // namespace fairlead::aten
