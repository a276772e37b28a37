// Normalization by batch, layer, group, instance and root mean square.
#include <limits>

#include "families.hpp"

namespace fairlead::aten {
namespace {

// `value` as [1, C, 1, 1 …], to meet axis 1 of a tensor of that rank.
Value PerChannel(Builder& b, Value value, int rank) {
  std::vector<int64_t> sizes(static_cast<std::size_t>(rank), 1);
  sizes[1] = -1;
  return b.Reshape(value, b.Constant(sizes));
}

Value FilledLike(Builder& b, const Dim& size, double number, DType dtype) { return b.Full({size}, number, dtype); }

// ---- batch ----

Value BatchNormInference(Builder& b, Value input, Value weight, Value bias, Value mean, Value variance, double eps) {
  if (input.rank() < 2) return b.Unsupported("input has rank {}, wanted at least 2", input.rank());
  const Dim channels = mean.dim(0);
  if (!weight) weight = FilledLike(b, channels, 1, input.dtype());
  if (!bias) bias = FilledLike(b, channels, 0, input.dtype());
  return b.BatchNormalization(input, weight, bias, mean, variance, {.epsilon = eps}).Y;
}

struct BatchStatistics {
  Value mean, variance;  // [C], the variance divided by n
  Value count;           // n, in the statistics' dtype
};

std::vector<int64_t> AllButChannels(int rank) {
  std::vector<int64_t> axes = {0};
  for (int axis = 2; axis < rank; ++axis) axes.push_back(axis);
  return axes;
}

BatchStatistics StatisticsOf(Builder& b, Value x) {
  const std::vector<int64_t> axes = AllButChannels(x.rank());
  const Value mean = b.ReduceMean(x, axes, true);
  const Value centred = b.Sub(x, mean);
  Dims sizes;
  for (const int64_t axis : axes) sizes.push_back(x.dim(axis));
  return {b.Squeeze(mean, axes), b.ReduceMean(b.Mul(centred, centred), axes, false),
          b.ToType(b.ToValue(b.Product(sizes)), x.dtype())};
}

struct NormalizedBatch {
  Value output, mean, inverse_deviation;
  BatchStatistics statistics;
};

NormalizedBatch NormalizeByBatch(Builder& b, Value input, Value weight, Value bias, double eps) {
  const int rank = input.rank();
  const Value x = BitWidth(input.dtype()) < 32 ? b.ToType(input, DType::kFloat) : input;
  const BatchStatistics statistics = StatisticsOf(b, x);
  const Value inverse = b.Reciprocal(b.Sqrt(b.Add(statistics.variance, b.Like(x, eps))));
  Value y = b.Mul(b.Sub(x, PerChannel(b, statistics.mean, rank)), PerChannel(b, inverse, rank));
  if (weight) y = b.Mul(y, PerChannel(b, b.ToType(weight, x.dtype()), rank));
  if (bias) y = b.Add(y, PerChannel(b, b.ToType(bias, x.dtype()), rank));
  return {b.ToType(y, input.dtype()), statistics.mean, inverse, statistics};
}

// (1 - momentum) * running + momentum * observed
Value Updated(Builder& b, Value running, Value observed, double momentum) {
  return b.Add(b.Mul(running, b.Like(running, 1 - momentum)),
               b.Mul(b.ToType(observed, running.dtype()), b.Like(running, momentum)));
}

Value BatchNorm(Builder& b, Value input, Value weight, Value bias, Value running_mean, Value running_var, bool training,
                NoEffect<double> /*momentum: the running statistics are another result*/, double eps,
                NoEffect<bool> /*cudnn_enabled*/) {
  if (!training && running_mean) return BatchNormInference(b, input, weight, bias, running_mean, running_var, eps);
  return NormalizeByBatch(b, input, weight, bias, eps).output;
}

std::array<Value, 3> BatchNormNoTraining(Builder& b, Value input, Value weight, Value bias, Value running_mean,
                                         Value running_var, NoEffect<double> /*momentum*/, double eps) {
  // The saved statistics are empty tensors in inference.
  const Value nothing = b.Zeros({0}, BitWidth(input.dtype()) < 32 ? DType::kFloat : input.dtype());
  return {BatchNormInference(b, input, weight, bias, running_mean, running_var, eps), nothing, nothing};
}

std::array<Value, 3> BatchNormNoStats(Builder& b, Value input, Value weight, Value bias, bool training,
                                      NoEffect<double> /*momentum*/, double eps) {
  if (!training) b.Unsupported("training=false without running statistics");
  const NormalizedBatch batch = NormalizeByBatch(b, input, weight, bias, eps);
  return {batch.output, batch.mean, batch.inverse_deviation};
}

std::array<Value, 5> BatchNormFunctional(Builder& b, Value input, Value weight, Value bias, Value running_mean,
                                         Value running_var, bool training, double momentum, double eps) {
  if (!training) {
    const auto [output, mean, variance] = BatchNormNoTraining(b, input, weight, bias, running_mean, running_var, {}, eps);
    return {output, mean, variance, running_mean, running_var};
  }
  const NormalizedBatch batch = NormalizeByBatch(b, input, weight, bias, eps);
  const BatchStatistics& s = batch.statistics;
  // torch keeps the unbiased variance.
  const Value unbiased = b.Div(b.Mul(s.variance, s.count), b.Sub(s.count, b.Like(s.count, 1)));
  return {batch.output, batch.mean, batch.inverse_deviation, Updated(b, running_mean, s.mean, momentum),
          Updated(b, running_var, unbiased, momentum)};
}

// ---- layer ----

LayerNormalizationOutputs NormalizeLayer(Builder& b, Value input, Ints normalized_shape, Value weight, Value bias,
                                         double eps, std::size_t outputs) {
  if (!weight) weight = b.Ones(Dims(normalized_shape), input.dtype());  // ONNX requires Scale
  return b.LayerNormalization(input, weight, bias, {.axis = -std::ssize(normalized_shape), .epsilon = eps}, outputs);
}

Value LayerNorm(Builder& b, Value input, Ints normalized_shape, Value weight, Value bias, double eps,
                NoEffect<bool> /*cudnn_enable*/) {
  return NormalizeLayer(b, input, normalized_shape, weight, bias, eps, 1).Y;
}

std::array<Value, 3> NativeLayerNorm(Builder& b, Value input, Ints normalized_shape, Value weight, Value bias, double eps) {
  const auto norm = NormalizeLayer(b, input, normalized_shape, weight, bias, eps, 3);
  return {norm.Y, b.ToResultType(norm.Mean, 1), b.ToResultType(norm.InvStdDev, 2)};
}

// ---- groups and instances ----

// Until opset 20 GroupNormalization scaled by group, which is not what torch does: groups as instances, then scaled.
Value GroupNormComposed(Builder& b, Value input, int64_t groups, Value weight, Value bias, double eps) {
  if (input.rank() < 2) return b.Unsupported("input has rank {}, wanted at least 2", input.rank());
  const Value grouped = b.Reshape(input, Dims{input.dim(0), groups, -1});
  const Value ones = b.Ones({groups}, input.dtype()), zeros = b.Zeros({groups}, input.dtype());
  Value y = b.Reshape(b.InstanceNormalization(grouped, ones, zeros, {.epsilon = eps}), input.dims());
  if (weight) y = b.Mul(y, PerChannel(b, weight, input.rank()));
  return bias ? b.Add(y, PerChannel(b, bias, input.rank())) : y;
}

Value GroupNormOperator(Builder& b, Value input, int64_t groups, Value weight, Value bias, double eps) {
  if (input.rank() < 3) return GroupNormComposed(b, input, groups, weight, bias, eps);
  if (!weight) weight = FilledLike(b, input.dim(1), 1, input.dtype());
  if (!bias) bias = FilledLike(b, input.dim(1), 0, input.dtype());
  return b.GroupNormalization(input, weight, bias, {.epsilon = eps, .num_groups = groups});
}

using GroupNormForm = Value (*)(Builder&, Value, int64_t, Value, Value, double);

template <GroupNormForm form>
Value GroupNorm(Builder& b, Value input, int64_t num_groups, Value weight, Value bias, double eps,
                NoEffect<bool> /*cudnn_enabled*/) {
  return form(b, input, num_groups, weight, bias, eps);
}

std::array<Value, 3> NativeGroupNorm(Builder& b, Value input, Value weight, Value bias, NoEffect<Dim> /*N*/,
                                     NoEffect<Dim> /*C*/, NoEffect<Dim> /*HxW*/, int64_t group, double eps) {
  const Value grouped = b.Reshape(input, Dims{input.dim(0), group, -1});
  const Value mean = b.ReduceMean(grouped, {2}, true);
  const Value centred = b.Sub(grouped, mean);
  const Value variance = b.ReduceMean(b.Mul(centred, centred), {2}, false);
  const Value inverse = b.Reciprocal(b.Sqrt(b.Add(variance, b.Like(variance, eps))));
  return {GroupNormComposed(b, input, group, weight, bias, eps), b.Squeeze(mean, {2}), inverse};
}

Value InstanceNorm(Builder& b, Value input, Value weight, Value bias, Value running_mean, Value running_var,
                   bool use_input_stats, NoEffect<double> /*momentum*/, double eps, NoEffect<bool> /*cudnn_enabled*/) {
  if (!use_input_stats) return BatchNormInference(b, input, weight, bias, running_mean, running_var, eps);
  if (input.rank() < 3) return b.Unsupported("input has rank {}, wanted at least 3", input.rank());
  if (!weight) weight = FilledLike(b, input.dim(1), 1, input.dtype());
  if (!bias) bias = FilledLike(b, input.dim(1), 0, input.dtype());
  return b.InstanceNormalization(input, weight, bias, {.epsilon = eps});
}

// ---- root mean square ----

// What torch takes for eps when none is given.
std::optional<double> MachineEpsilon(DType dtype) {
  if (dtype == DType::kFloat) return std::numeric_limits<float>::epsilon();
  if (dtype == DType::kDouble) return std::numeric_limits<double>::epsilon();
  if (dtype == DType::kFloat16) return 0x1p-10;
  if (dtype == DType::kBFloat16) return 0x1p-7;
  return std::nullopt;
}

Value RmsNormComposed(Builder& b, Value input, Ints normalized_shape, Value weight, std::optional<double> eps) {
  const auto epsilon = eps ? eps : MachineEpsilon(input.dtype());
  if (!epsilon) return b.Unsupported("input has dtype {}", input.dtype());
  std::vector<int64_t> axes;
  for (int64_t axis = -std::ssize(normalized_shape); axis < 0; ++axis) axes.push_back(axis);
  const Value normal = b.InFloat32(input, [&](Value x) {
    const Value square = b.ReduceMean(b.Mul(x, x), b.Axes(axes, x.rank()), true);
    return b.Mul(x, b.Reciprocal(b.Sqrt(b.Add(square, b.Like(x, *epsilon)))));
  });
  return weight ? b.Mul(normal, b.ToType(weight, normal.dtype())) : normal;
}

Value RmsNormOperator(Builder& b, Value input, Ints normalized_shape, Value weight, std::optional<double> eps) {
  const auto epsilon = eps ? eps : MachineEpsilon(input.dtype());
  if (!epsilon) return b.Unsupported("input has dtype {}", input.dtype());
  if (!weight) weight = b.Ones(Dims(normalized_shape), input.dtype());
  return b.RMSNormalization(input, weight, {.axis = -std::ssize(normalized_shape), .epsilon = *epsilon});
}

// g * v / |v|, the length taken over all axes but `dim`.
Value WeightNorm(Builder& b, Value v, Value g, int64_t dim) {
  std::vector<int64_t> axes;
  const int64_t kept = dim == -1 ? -1 : b.Axis(dim, v.rank());
  for (int axis = 0; axis < v.rank(); ++axis)
    if (axis != kept) axes.push_back(axis);
  return b.Mul(v, b.Div(g, b.ReduceL2(v, axes, true)));
}

constexpr std::string_view kGroupNorm =
    "aten::group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float eps=1e-05, "
    "bool cudnn_enabled=True) -> Tensor";
constexpr std::string_view kRmsNorm =
    "aten::rms_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, float? eps=None) -> Tensor";

#define FL_AFFINE "Tensor input, Tensor? weight, Tensor? bias, "

constexpr Lowering kTable[] = {
    Lower<BatchNorm>("aten::batch_norm(" FL_AFFINE "Tensor? running_mean, Tensor? running_var, bool training, "
                     "float momentum, float eps, bool cudnn_enabled) -> Tensor"),
    Lower<BatchNormNoTraining>("aten::_native_batch_norm_legit_no_training(" FL_AFFINE
                               "Tensor running_mean, Tensor running_var, float momentum, float eps) "
                               "-> (Tensor, Tensor, Tensor)"),
    Lower<BatchNormNoStats>("aten::_native_batch_norm_legit.no_stats(" FL_AFFINE
                            "bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor)"),
    Lower<BatchNormFunctional>("aten::_native_batch_norm_legit_functional(" FL_AFFINE
                               "Tensor running_mean, Tensor running_var, bool training, float momentum, float eps) -> "
                               "(Tensor, Tensor, Tensor, Tensor running_mean_out, Tensor running_var_out)"),
    Lower<LayerNorm>("aten::layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? bias=None, "
                     "float eps=1e-05, bool cudnn_enable=True) -> Tensor"),
    Lower<NativeLayerNorm>("aten::native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? bias, "
                           "float eps) -> (Tensor, Tensor, Tensor)"),
    Lower<GroupNorm<GroupNormOperator>>(kGroupNorm).Since(21),
    Lower<GroupNorm<GroupNormComposed>>(kGroupNorm).Until(20),
    Lower<NativeGroupNorm>("aten::native_group_norm(" FL_AFFINE
                           "SymInt N, SymInt C, SymInt HxW, int group, float eps) -> (Tensor, Tensor, Tensor)"),
    Lower<InstanceNorm>("aten::instance_norm(" FL_AFFINE "Tensor? running_mean, Tensor? running_var, "
                        "bool use_input_stats, float momentum, float eps, bool cudnn_enabled) -> Tensor"),
    Lower<RmsNormOperator>(kRmsNorm).Since(23),
    Lower<RmsNormComposed>(kRmsNorm).Until(22),
    Lower<WeightNorm>("aten::_weight_norm(Tensor v, Tensor g, int dim=0) -> Tensor"),
};

}  // namespace

std::span<const Lowering> NormalizationLowerings() { return kTable; }

}  // namespace fairlead::aten
