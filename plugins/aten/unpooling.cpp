// Pools that say where their elements come from: max pools undone, and max pools over windows at random places.
#include "families.hpp"
#include "window_tables.hpp"

namespace fairlead::aten {
namespace {

// Every element goes to its place in a plane of zeros.
Value UnpooledTo(Builder& b, Value self, Value indices, const Dims& output_size) {
  const auto axes = std::ssize(output_size);
  const int64_t lead = self.rank() - axes;
  if (lead < 1 || lead > 2) return b.Unsupported("self has rank {}, wanted {} or {}", self.rank(), axes + 1, axes + 2);
  Dims planes, flat, result;
  for (int64_t axis = 0; axis < lead; ++axis) planes.push_back(self.dim(axis));
  flat = result = planes;
  const Dims own = self.dims();
  flat.push_back(b.Product(Dims(own.begin() + lead, own.end())));
  planes.push_back(b.Product(output_size));
  result.insert(result.end(), output_size.begin(), output_size.end());
  const Value places = b.Reshape(AsIndex(b, indices), flat);
  const Value written = b.ScatterElements(b.Zeros(planes, self.dtype()), places, b.Reshape(self, flat), {.axis = lead});
  return b.Reshape(written, result);
}

Value MaxUnpool2d(Builder& b, Value self, Value indices, Dims output_size) {
  if (output_size.size() != 2) return b.Unsupported("output_size has {} numbers, wanted 2", output_size.size());
  return UnpooledTo(b, self, indices, output_size);
}
// Where the elements go is said by the indices and the size alone.
Value MaxUnpool3d(Builder& b, Value self, Value indices, Dims output_size, NoEffect<Ints> /*stride*/,
                  NoEffect<Ints> /*padding*/) {
  if (output_size.size() != 3) return b.Unsupported("output_size has {} numbers, wanted 3", output_size.size());
  return UnpooledTo(b, self, indices, output_size);
}

// [batch, channel, windows, kernel]: the places of the windows of one axis. The last window ends where the axis does; the
// others begin at int((i + sample) * alpha) - int(sample * alpha).
Value PlacesOfAxis(Builder& b, Value sample, const Dim& size, int64_t kernel, int64_t windows) {
  const Value last = b.ToValue(b.Minus(size, kernel));
  Value begins = b.Expand(last, b.Shape(sample));
  if (windows > 1) {
    const DType type = sample.dtype();
    const Value index = b.Iota(windows);
    const Value alpha = b.Div(b.ToType(last, type), b.Constant(windows - 1, type));
    const auto whole = [&](Value x) { return b.ToType(x, DType::kInt64); };
    const Value moved = whole(b.Mul(b.Add(b.ToType(index, type), sample), alpha));
    const Value is_last = b.Equal(index, b.Constant(windows - 1, DType::kInt64));
    begins = b.Where(is_last, last, b.Sub(moved, whole(b.Mul(sample, alpha))));
  }
  return b.Add(b.Unsqueeze(begins, {3}), b.Iota(kernel));
}

template <int axes>
std::array<Value, 2> FractionalMaxPool(Builder& b, Value self, Ints kernel_size, Ints output_size, Value random_samples) {
  const std::vector<int64_t> kernel = PerAxis(kernel_size, axes), windows = PerAxis(output_size, axes);
  const int64_t lead = self.rank() - axes;
  if (lead < 1 || lead > 2) return b.Unsupported("self has rank {}, wanted {} or {}", self.rank(), axes + 1, axes + 2);
  for (const auto* numbers : {&kernel, &windows})
    if (std::ssize(*numbers) != axes || std::ranges::any_of(*numbers, [](int64_t n) { return n < 1; }))
      return b.Unsupported("kernel_size={}, output_size={}", kernel_size, output_size);
  const Value x = lead == 2 ? self : b.Unsqueeze(self, {0});
  // [batch, channel, windows 1, windows 2 …, kernel 1, kernel 2 …]: places in the plane of all axes.
  Value plane;
  Dims shape = {x.dim(0), x.dim(1)};
  int64_t elements = 1;
  for (int i = 0; i < axes; ++i) {
    // Of two samples the first is that of the last axis; of three, each is that of its axis.
    const int at = axes == 2 ? 1 - i : i;
    const auto axis = static_cast<std::size_t>(i);
    const Dim size = x.dim(2 + i);
    const Value sample = b.Slice(random_samples, 2, at, at + 1);
    const Value places = PlacesOfAxis(b, sample, size, kernel[axis], windows[axis]);
    std::vector<int64_t> others;
    for (int64_t other = 0; other < 2 * axes; ++other)
      if (other != i && other != axes + i) others.push_back(2 + other);
    const Value wide = b.Unsqueeze(places, others);
    plane = plane ? b.Add(b.Mul(plane, b.ToValue(size)), wide) : wide;
    shape.push_back(windows[axis]);
    elements *= kernel[axis];
  }
  shape.push_back(elements);
  const Dims sizes = x.dims();
  const auto flattened = [&](const Value& value, const Dims& dims) {
    return b.Reshape(value, {dims[0], dims[1], b.Product(Dims(dims.begin() + 2, dims.end()))});
  };
  const Value places = flattened(plane, shape);
  const Value picked = b.GatherElements(flattened(x, sizes), places, {.axis = 2});
  const Largest found = LargestOfLast(b, b.Reshape(picked, shape));
  const int64_t last = axes + 2;
  const Value index = b.GatherElements(b.Reshape(places, shape), b.Unsqueeze(found.places, {last}), {.axis = last});
  const auto unbatched = [&](Value value) { return lead == 2 ? value : b.Squeeze(value, {0}); };
  return {unbatched(found.values), unbatched(b.Squeeze(index, {last}))};
}

#define FL_FRACTIONAL(axes) \
  "(Tensor self, int[" axes "] kernel_size, int[" axes "] output_size, Tensor random_samples) -> (Tensor, Tensor)"

constexpr Lowering kTable[] = {
    Lower<MaxUnpool2d>("aten::max_unpool2d(Tensor self, Tensor indices, SymInt[2] output_size) -> Tensor"),
    Lower<MaxUnpool3d>("aten::max_unpool3d(Tensor self, Tensor indices, SymInt[3] output_size, int[3] stride, "
                       "int[3] padding) -> Tensor"),
    Lower<FractionalMaxPool<2>>("aten::fractional_max_pool2d" FL_FRACTIONAL("2")),
    Lower<FractionalMaxPool<3>>("aten::fractional_max_pool3d" FL_FRACTIONAL("3")),
};

}  // namespace

std::span<const Lowering> UnpoolingLowerings() { return kTable; }

}  // namespace fairlead::aten
