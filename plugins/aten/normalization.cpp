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

bool IsEmpty(Value value) {
  for (int axis = 0; axis < value.rank(); ++axis)
    if (value.static_dim(axis) == 0) return true;
  return false;
}

Value FilledLike(Builder& b, const Dim& size, double number, DType dtype) { return b.Full({size}, number, dtype); }

// ---- batch ----

Value BatchNormInference(Builder& b, Value input, Value weight, Value bias, Value mean, Value variance, double eps) {
  if (IsEmpty(input)) return input;  // torch takes any rank then
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
  if (rank < 2) {
    b.Unsupported("input has rank {}, wanted at least 2", rank);
    return {};
  }
  const Value x = BitWidth(input.dtype()) < 32 ? b.ToType(input, DType::kFloat) : input;
  const BatchStatistics statistics = StatisticsOf(b, x);
  const Value inverse = b.Reciprocal(b.Sqrt(b.Add(statistics.variance, b.Like(x, eps))));
  Value y = b.Mul(b.Sub(x, PerChannel(b, statistics.mean, rank)), PerChannel(b, inverse, rank));
  if (weight) y = b.Mul(y, PerChannel(b, b.ToType(weight, x.dtype()), rank));
  if (bias) y = b.Add(y, PerChannel(b, b.ToType(bias, x.dtype()), rank));
  return {b.ToType(y, input.dtype()), statistics.mean, inverse, statistics};
}

// (1 - momentum) * running + momentum * observed, the i-th result.
Value Updated(Builder& b, Value running, Value observed, double momentum, std::size_t i) {
  const Value kept = b.Mul(b.ToType(running, observed.dtype()), b.Like(observed, 1 - momentum));
  const Value updated = b.Add(kept, b.Mul(observed, b.Like(observed, momentum)));
  const DType recorded = b.ResultType(i).dtype;
  return b.ToType(updated, recorded == DType::kUndefined ? running.dtype() : recorded);
}

Value BatchNorm(Builder& b, Value input, Value weight, Value bias, Value running_mean, Value running_var, bool training,
                NoEffect<double> /*momentum: the running statistics are another result*/, double eps,
                NoEffect<bool> /*cudnn_enabled*/) {
  if (!training && running_mean) return BatchNormInference(b, input, weight, bias, running_mean, running_var, eps);
  return IsEmpty(input) ? input : NormalizeByBatch(b, input, weight, bias, eps).output;
}

// The statistics of a batch are kept in float for narrower types, or in that type: PyTorch recorded which.
std::array<Value, 3> Saved(Builder& b, const NormalizedBatch& batch) {
  return {batch.output, b.ToResultType(batch.mean, 1), b.ToResultType(batch.inverse_deviation, 2)};
}

std::array<Value, 3> BatchNormNoTraining(Builder& b, Value input, Value weight, Value bias, Value running_mean,
                                         Value running_var, NoEffect<double> /*momentum*/, double eps) {
  // The saved statistics are empty tensors in inference.
  const Value nothing = b.Zeros({0}, BitWidth(input.dtype()) < 32 ? DType::kFloat : input.dtype());
  return {BatchNormInference(b, input, weight, bias, running_mean, running_var, eps), b.ToResultType(nothing, 1),
          b.ToResultType(nothing, 2)};
}

std::array<Value, 3> BatchNormNoStats(Builder& b, Value input, Value weight, Value bias, bool training,
                                      NoEffect<double> /*momentum*/, double eps) {
  if (!training) b.Unsupported("training=false without running statistics");
  return Saved(b, NormalizeByBatch(b, input, weight, bias, eps));
}

// In training what is written to the running statistics is said by the functional form.
std::array<Value, 3> NativeBatchNorm(Builder& b, Value input, Value weight, Value bias, Value running_mean,
                                     Value running_var, bool training, NoEffect<double> /*momentum*/, double eps) {
  if (training) return Saved(b, NormalizeByBatch(b, input, weight, bias, eps));
  if (!running_mean || !running_var) return b.Unsupported("training=false without running statistics");
  return BatchNormNoTraining(b, input, weight, bias, running_mean, running_var, {}, eps);
}

std::array<Value, 4> BatchNormNoUpdate(Builder& b, Value input, Value weight, Value bias, Value running_mean,
                                       Value running_var, NoEffect<double> /*momentum*/, double eps) {
  if (!running_mean || !running_var) return b.Unsupported("running statistics are not given");
  const auto [output, mean, variance] = BatchNormNoTraining(b, input, weight, bias, running_mean, running_var, {}, eps);
  return {output, mean, variance, b.Zeros({0}, DType::kUint8)};
}

// In training, the new running statistics from the result `first` on.
std::array<Value, 5> BatchNormTraining(Builder& b, Value input, Value weight, Value bias, Value running_mean,
                                       Value running_var, double momentum, double eps, std::size_t first) {
  const NormalizedBatch batch = NormalizeByBatch(b, input, weight, bias, eps);
  const BatchStatistics& s = batch.statistics;
  // torch keeps the unbiased variance.
  const Value unbiased = b.Div(b.Mul(s.variance, s.count), b.Sub(s.count, b.Like(s.count, 1)));
  const auto [output, mean, inverse] = Saved(b, batch);
  return {output, mean, inverse, Updated(b, running_mean, s.mean, momentum, first),
          Updated(b, running_var, unbiased, momentum, first + 1)};
}

std::array<Value, 5> BatchNormFunctional(Builder& b, Value input, Value weight, Value bias, Value running_mean,
                                         Value running_var, bool training, double momentum, double eps) {
  if (training) return BatchNormTraining(b, input, weight, bias, running_mean, running_var, momentum, eps, 3);
  const auto [output, mean, variance] = BatchNormNoTraining(b, input, weight, bias, running_mean, running_var, {}, eps);
  return {output, mean, variance, b.ToResultType(running_mean, 3), b.ToResultType(running_var, 4)};
}

std::array<Value, 6> BatchNormWithUpdate(Builder& b, Value input, Value weight, Value bias, Value running_mean,
                                         Value running_var, double momentum, double eps) {
  const auto [output, mean, inverse, new_mean, new_var] =
      BatchNormTraining(b, input, weight, bias, running_mean, running_var, momentum, eps, 4);
  return {output, mean, inverse, b.Zeros({0}, DType::kUint8), new_mean, new_var};
}

// ---- layer ----

LayerNormalizationOutputs NormalizeLayer(Builder& b, Value input, const Dims& normalized_shape, Value weight, Value bias,
                                         double eps, std::size_t outputs) {
  // torch takes float weights for narrower inputs, ONNX wants one type.
  const DType type = input.dtype(), wide = weight ? weight.dtype() : bias ? bias.dtype() : type;
  if (!weight) weight = b.Ones(normalized_shape, wide);  // ONNX requires Scale
  auto norm = b.LayerNormalization(b.ToType(input, wide), weight, b.ToType(bias, wide),
                                   {.axis = -std::ssize(normalized_shape), .epsilon = eps}, outputs);
  norm.Y = b.ToType(norm.Y, type);
  return norm;
}

Value LayerNorm(Builder& b, Value input, Dims normalized_shape, Value weight, Value bias, double eps,
                NoEffect<bool> /*cudnn_enable*/) {
  return NormalizeLayer(b, input, normalized_shape, weight, bias, eps, 1).Y;
}

std::array<Value, 3> NativeLayerNorm(Builder& b, Value input, Dims normalized_shape, Value weight, Value bias, double eps) {
  const auto norm = NormalizeLayer(b, input, normalized_shape, weight, bias, eps, 3);
  return {norm.Y, b.ToResultType(norm.Mean, 1), b.ToResultType(norm.InvStdDev, 2)};
}

// ---- groups and instances ----

// Until opset 20 GroupNormalization scaled by group, which is not what torch does: groups as instances, then scaled.
Value GroupNormComposed(Builder& b, Value input, int64_t groups, Value weight, Value bias, double eps) {
  if (input.rank() < 2) return b.Unsupported("input has rank {}, wanted at least 2", input.rank());
  if (IsEmpty(input)) return input;
  const Value grouped = b.Reshape(input, Dims{input.dim(0), groups, -1});
  const Value ones = b.Ones({groups}, input.dtype()), zeros = b.Zeros({groups}, input.dtype());
  Value y = b.Reshape(b.InstanceNormalization(grouped, ones, zeros, {.epsilon = eps}), input.dims());
  if (weight) y = b.Mul(y, PerChannel(b, weight, input.rank()));
  return bias ? b.Add(y, PerChannel(b, bias, input.rank())) : y;
}

Value GroupNormOperator(Builder& b, Value input, int64_t groups, Value weight, Value bias, double eps) {
  if (input.rank() < 3 || IsEmpty(input)) return GroupNormComposed(b, input, groups, weight, bias, eps);
  if (!weight) weight = FilledLike(b, input.dim(1), 1, input.dtype());
  if (!bias) bias = FilledLike(b, input.dim(1), 0, input.dtype());
  return b.GroupNormalization(input, weight, bias, {.epsilon = eps, .num_groups = groups});
}

using GroupNormForm = Value (*)(Builder&, Value, int64_t, Value, Value, double);

template <GroupNormForm form>
Value GroupNorm(Builder& b, Value input, int64_t num_groups, Value weight, Value bias, double eps,
                NoEffect<bool> /*cudnn_enabled*/) {
  if (num_groups < 1) return b.Unsupported("num_groups={}", num_groups);
  return form(b, input, num_groups, weight, bias, eps);
}

std::array<Value, 3> NativeGroupNorm(Builder& b, Value input, Value weight, Value bias, NoEffect<Dim> /*N*/,
                                     NoEffect<Dim> /*C*/, NoEffect<Dim> /*HxW*/, int64_t group, double eps) {
  if (group < 1) return b.Unsupported("group={}", group);
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

// One over the root of the mean square of the last `count` axes.
Value InverseRoot(Builder& b, Value x, int64_t count, double epsilon) {
  std::vector<int64_t> axes;
  for (int64_t axis = -count; axis < 0; ++axis) axes.push_back(axis);
  const Value square = b.ReduceMean(b.Mul(x, x), b.Axes(axes, x.rank()), true);
  return b.Reciprocal(b.Sqrt(b.Add(square, b.Like(x, epsilon))));
}

Value RmsNormComposed(Builder& b, Value input, Dims normalized_shape, Value weight, std::optional<double> eps) {
  const auto epsilon = eps ? eps : MachineEpsilon(input.dtype());
  if (!epsilon) return b.Unsupported("input has dtype {}", input.dtype());
  const Value normal =
      b.InFloat32(input, [&](Value x) { return b.Mul(x, InverseRoot(b, x, std::ssize(normalized_shape), *epsilon)); });
  return weight ? b.Mul(normal, b.ToType(weight, normal.dtype())) : normal;
}

Value RmsNormOperator(Builder& b, Value input, Dims normalized_shape, Value weight, std::optional<double> eps) {
  const auto epsilon = eps ? eps : MachineEpsilon(input.dtype());
  if (!epsilon) return b.Unsupported("input has dtype {}", input.dtype());
  if (!weight) weight = b.Ones(normalized_shape, input.dtype());
  if (weight.dtype() != input.dtype()) return RmsNormComposed(b, input, normalized_shape, weight, eps);
  return b.RMSNormalization(input, weight, {.axis = -std::ssize(normalized_shape), .epsilon = *epsilon});
}

// The result and one over the root of the mean square.
std::array<Value, 2> FusedRmsNorm(Builder& b, Value input, Ints normalized_shape, Value weight, std::optional<double> eps) {
  const DType type = BitWidth(input.dtype()) < 32 ? DType::kFloat : input.dtype();
  const auto epsilon = eps ? eps : MachineEpsilon(type);
  if (!epsilon) return b.Unsupported("input has dtype {}", input.dtype());
  const Value x = b.ToType(input, type), inverse = InverseRoot(b, x, std::ssize(normalized_shape), *epsilon);
  const Value normal = b.Mul(x, inverse);
  const Value scaled = weight ? b.Mul(normal, b.ToType(weight, type)) : normal;
  return {b.ToResultType(b.ToType(scaled, input.dtype())), b.ToResultType(inverse, 1)};
}

// ---- weights ----

// The length over all axes but `dim`, which are kept with size 1.
Value NormExceptDim(Builder& b, Value v, int64_t pow, int64_t dim) {
  if (dim == -1) return b.Aten("aten::linalg_vector_norm", {{"self", v}, {"ord", Scalar(pow)}});
  std::vector<int64_t> axes;
  const int64_t kept = b.Axis(dim, v.rank());
  for (int axis = 0; axis < v.rank(); ++axis)
    if (axis != kept) axes.push_back(axis);
  return b.Aten("aten::linalg_vector_norm", {{"self", v}, {"ord", Scalar(pow)}, {"dim", axes}, {"keepdim", true}});
}

std::array<Value, 2> WeightNormInterface(Builder& b, Value v, Value g, int64_t dim) {
  const Value length = NormExceptDim(b, v, 2, dim);
  return {b.Mul(v, b.Div(g, length)), b.ToResultType(length, 1)};
}

// g * v / |v|, the length taken over all axes but `dim`.
Value WeightNorm(Builder& b, Value v, Value g, int64_t dim) { return b.Mul(v, b.Div(g, NormExceptDim(b, v, 2, dim))); }

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
    Lower<BatchNormWithUpdate>("aten::_batch_norm_with_update_functional(" FL_AFFINE
                               "Tensor running_mean, Tensor running_var, float momentum, float eps) -> "
                               "(Tensor, Tensor, Tensor, Tensor, Tensor running_mean_out, Tensor running_var_out)"),
    Lower<BatchNormNoUpdate>("aten::_batch_norm_no_update(" FL_AFFINE "Tensor? running_mean, Tensor? running_var, "
                             "float momentum, float eps) -> (Tensor, Tensor, Tensor, Tensor)"),
    Lower<NativeBatchNorm>("aten::native_batch_norm(" FL_AFFINE "Tensor? running_mean, Tensor? running_var, bool training, "
                           "float momentum, float eps) -> (Tensor, Tensor, Tensor)"),
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
    Lower<FusedRmsNorm>("aten::_fused_rms_norm(Tensor input, int[] normalized_shape, Tensor? weight, float? eps) -> "
                        "(Tensor, Tensor)"),
    Lower<NormExceptDim>("aten::norm_except_dim(Tensor v, int pow=2, int dim=0) -> Tensor"),
    Lower<WeightNorm>("aten::_weight_norm(Tensor v, Tensor g, int dim=0) -> Tensor"),
    Lower<WeightNormInterface>("aten::_weight_norm_interface(Tensor v, Tensor g, int dim=0) -> (Tensor, Tensor)"),
};

}  // namespace

std::span<const Lowering> NormalizationLowerings() { return kTable; }

}  // namespace fairlead::aten
