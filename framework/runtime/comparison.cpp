#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "runtime/numbers.hpp"
#include "runtime/runtime.hpp"

namespace fairlead {
namespace {

constexpr uint64_t kChunk = 4096;  // elements converted at a time; even, so that packed types start at a byte

// Calls visit(first, size) for consecutive ranges that cover `count` elements.
template <class Visit> void ForChunks(uint64_t count, Visit visit) {
  for (uint64_t first = 0; first < count; first += kChunk) visit(first, std::min(kChunk, count - first));
}

Comparison Unequal(Comparison comparison, std::string_view rule, std::string reason) {
  comparison.rule = rule;
  comparison.reason = std::move(reason);
  return comparison;
}

std::string IndexText(const std::vector<int64_t>& dims, uint64_t element) {
  std::vector<uint64_t> index(dims.size());
  for (std::size_t axis = dims.size(); axis-- > 0;) {
    index[axis] = element % static_cast<uint64_t>(dims[axis]);
    element /= static_cast<uint64_t>(dims[axis]);
  }
  return fmt::format("[{}]", fmt::join(index, ", "));
}

double LargestFinite(DType type, std::span<const std::byte> bytes, uint64_t count) {
  std::vector<double> numbers(std::min(count, kChunk));
  double largest = 0;
  ForChunks(count, [&](uint64_t first, uint64_t size) {
    ReadFloats(type, bytes, first, std::span(numbers).first(size));
    for (uint64_t i = 0; i < size; ++i)
      if (std::isfinite(numbers[i])) largest = std::max(largest, std::abs(numbers[i]));
  });
  return largest;
}

// Not finite in the same way: both NaN, or the same infinity.
bool SameSpecial(double got, double expected) {
  return (std::isnan(got) && std::isnan(expected)) || (std::isinf(got) && got == expected);
}

struct Offender {
  uint64_t element = 0;
  double got = 0, expected = 0, excess = 0;
};

// Real floating point elements; a complex tensor is given as its parts.
class FloatComparison {
 public:
  FloatComparison(DType type, Tolerance tolerance, double scale)
      : type_(type), tolerance_(tolerance), floor_(tolerance.atol * scale) {}

  void Run(std::span<const std::byte> got, std::span<const std::byte> expected, uint64_t count) {
    std::vector<double> got_numbers(std::min(count, kChunk)), expected_numbers(got_numbers.size());
    ForChunks(count, [&](uint64_t first, uint64_t size) {
      ReadFloats(type_, got, first, std::span(got_numbers).first(size));
      ReadFloats(type_, expected, first, std::span(expected_numbers).first(size));
      for (uint64_t i = 0; i < size; ++i) Visit(first + i, got_numbers[i], expected_numbers[i]);
    });
  }

  double max_abs = 0, max_rel = 0;
  uint64_t specials = 0, over = 0;  // elements not finite on one side only; elements over the tolerance
  Offender first_special, worst;

 private:
  void Visit(uint64_t element, double got, double expected) {
    if (!std::isfinite(got) || !std::isfinite(expected)) {
      if (!SameSpecial(got, expected) && specials++ == 0) first_special = {element, got, expected, 0};
      return;
    }
    const double difference = std::abs(got - expected);
    max_abs = std::max(max_abs, difference);
    if (expected != 0) max_rel = std::max(max_rel, difference / std::abs(expected));
    const double excess = difference - (tolerance_.rtol * std::abs(expected) + floor_);
    if (excess <= 0) return;
    if (over++ == 0 || excess > worst.excess) worst = {element, got, expected, excess};
  }

  DType type_;
  Tolerance tolerance_;
  double floor_;
};

Comparison CompareFloats(Comparison comparison, const Tensor& got, const Tensor& expected) {
  const bool complex = IsComplex(expected.dtype());
  const DType part = !complex ? expected.dtype() : expected.dtype() == DType::kComplex64 ? DType::kFloat : DType::kDouble;
  const uint64_t parts = complex ? 2 : 1;
  const uint64_t count = static_cast<uint64_t>(expected.element_count()) * parts;
  const double scale = LargestFinite(part, expected.bytes(), count);
  FloatComparison run(part, comparison.tolerance, scale);
  run.Run(got.bytes(), expected.bytes(), count);
  comparison.max_abs = run.max_abs;
  comparison.max_rel = run.max_rel;
  if (run.specials > 0)
    return Unequal(std::move(comparison), "FL8003",
                   fmt::format("{} of {} elements are NaN or infinite on one side only; the first, {}, is {}, expected {}",
                               run.specials, count, IndexText(expected.dims(), run.first_special.element / parts),
                               run.first_special.got, run.first_special.expected));
  if (run.over > 0)
    return Unequal(
        std::move(comparison), "FL8001",
        fmt::format("{} of {} elements differ by more than {:g} |expected| + {:g} max|expected|, which is {:.6g}; "
                    "the worst, {}, is {:.8g}, expected {:.8g}",
                    run.over, count, comparison.tolerance.rtol, comparison.tolerance.atol, scale,
                    IndexText(expected.dims(), run.worst.element / parts), run.worst.got, run.worst.expected));
  comparison.equal = true;
  return comparison;
}

std::string IntegerText(DType type, uint64_t bits) {
  return IsSigned(type) ? fmt::to_string(static_cast<int64_t>(bits)) : fmt::to_string(bits);
}

double Distance(DType type, uint64_t a, uint64_t b) {
  const bool a_less = IsSigned(type) ? static_cast<int64_t>(a) < static_cast<int64_t>(b) : a < b;
  return static_cast<double>(a_less ? b - a : a - b);  // modulo 2^64, which is the distance for signed numbers too
}

Comparison CompareIntegers(Comparison comparison, const Tensor& got, const Tensor& expected) {
  const DType type = expected.dtype();
  const auto count = static_cast<uint64_t>(expected.element_count());
  std::vector<uint64_t> got_numbers(std::min(count, kChunk)), expected_numbers(got_numbers.size());
  uint64_t unequal = 0;
  std::string first_unequal;
  ForChunks(count, [&](uint64_t first, uint64_t size) {
    ReadIntegers(type, got.bytes(), first, std::span(got_numbers).first(size));
    ReadIntegers(type, expected.bytes(), first, std::span(expected_numbers).first(size));
    for (uint64_t i = 0; i < size; ++i) {
      if (got_numbers[i] == expected_numbers[i]) continue;
      const double distance = Distance(type, got_numbers[i], expected_numbers[i]);
      comparison.max_abs = std::max(comparison.max_abs, distance);
      if (expected_numbers[i] != 0)
        comparison.max_rel = std::max(comparison.max_rel, distance / Distance(type, expected_numbers[i], 0));
      if (unequal++ == 0)
        first_unequal = fmt::format("{}, is {}, expected {}", IndexText(expected.dims(), first + i),
                                    IntegerText(type, got_numbers[i]), IntegerText(type, expected_numbers[i]));
    }
  });
  if (unequal > 0)
    return Unequal(std::move(comparison), "FL8001",
                   fmt::format("{} of {} elements differ; the first, {}", unequal, count, first_unequal));
  comparison.equal = true;
  return comparison;
}

}  // namespace

Tolerance DefaultTolerance(DType type) {
  switch (type) {
    case DType::kFloat16: return {1e-2, 5e-3};
    case DType::kBFloat16: return {5e-2, 3e-2};
    case DType::kFloat:
    case DType::kDouble:
    case DType::kComplex64:
    case DType::kComplex128: return {1e-3, 1e-4};
    // A last bit: the value rounded to them may have been on the edge.
    case DType::kFloat8E4M3FN:
    case DType::kFloat8E4M3FNUZ: return {0.125, 0};
    case DType::kFloat8E5M2:
    case DType::kFloat8E5M2FNUZ: return {0.25, 0};
    default: return {0, 0};
  }
}

Comparison Compare(const std::string& output, const Tensor& got, const Tensor& expected) {
  Comparison comparison;
  comparison.output = output;
  comparison.tolerance = DefaultTolerance(expected.dtype());
  if (got.dtype() != expected.dtype())
    return Unequal(std::move(comparison), "FL8004",
                   fmt::format("is {}, expected {}", Name(got.dtype()), Name(expected.dtype())));
  if (got.dims() != expected.dims())
    return Unequal(std::move(comparison), "FL8005", fmt::format("has shape {}, expected {}", got.dims(), expected.dims()));
  if (BitWidth(expected.dtype()) == 0)
    return Unequal(std::move(comparison), "FL8004",
                   fmt::format("is {}, which has no numbers to compare", Name(got.dtype())));
  if (got.IsAbsent() || expected.IsAbsent()) return Unequal(std::move(comparison), "FL8015", "has no data to compare");
  const bool floating = IsFloat(expected.dtype()) || IsComplex(expected.dtype());
  return floating ? CompareFloats(std::move(comparison), got.Dense(), expected.Dense())
                  : CompareIntegers(std::move(comparison), got.Dense(), expected.Dense());
}

}  // namespace fairlead
