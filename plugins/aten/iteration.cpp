// Functions applied along an axis of tensors: scan, associative_scan and map, as ONNX's Scan and Loop.
#include "families.hpp"
#include "walk.hpp"

namespace fairlead::aten {
namespace {

// What a nested graph is given: the lists one after the other, what it reads besides last.
std::vector<Value> Joined(std::span<const Value> first, std::span<const Value> second, Values additional) {
  std::vector<Value> all(first.begin(), first.end());
  all.insert(all.end(), second.begin(), second.end());
  for (std::size_t i = 0; i < additional.size(); ++i) all.push_back(additional[i]);
  return all;
}

// PyTorch 2.7 and later move the axis to the front and flip what is walked from the end before they call scan. 2.6 says
// `dim` and `reverse`, and stacks along the first axis nevertheless.
std::vector<Value> Scan(Builder& b, Subgraph combine_graph, Values init, Values xs, Values additional, bool reverse,
                        int64_t dim) {
  if (xs.empty()) return b.Unsupported("xs has no tensors");
  const std::vector<Value> sequences = xs.ToVector();
  const Path path = {
      .axes = dim == 0 ? std::vector<int64_t>() : std::vector(sequences.size(), dim), .kept_axis = 0, .reverse = reverse};
  return Walk(b, init.ToVector(), sequences, path, [&](auto states, auto elements) {
    const std::vector<Value> results = b.Lower(combine_graph, Joined(states, elements, additional));
    const auto split = results.begin() + static_cast<std::ptrdiff_t>(std::min(states.size(), results.size()));
    return Turn{{results.begin(), split}, {split, results.end()}};
  });
}

// Everything but the first element along the axis, and the last one once more.
Value Shifted(Builder& b, Value x, int64_t axis) {
  return b.Concat({b.Slice(x, axis, 1, INT64_MAX), b.Slice(x, axis, -1, INT64_MAX)}, {.axis = axis});
}

// combine is associative, so elements may be combined one after the other. Each turn keeps what is combined so far and adds
// the next element; the last turn's sum is one element too long and is not read. So a single element takes no turn less.
std::vector<Value> AssociativeScan(Builder& b, Subgraph combine_graph, Values xs, Values additional, int64_t dim) {
  const std::vector<Formal> elements = b.InputsOf(combine_graph);
  std::vector<Value> first, rest;
  std::vector<int64_t> axes;
  for (std::size_t i = 0; i < xs.size() && i < elements.size(); ++i) {
    const Value x = xs[i];
    const int64_t axis = b.Axis(dim, x.rank());
    // PyTorch 2.5 and 2.6 record combine_graph for single numbers, or for whole tensors.
    if (elements[i].dims && std::ssize(*elements[i].dims) + 1 != x.rank())
      return b.Unsupported("combine_graph takes tensors of rank {}, an element of xs has rank {}",
                           std::ssize(*elements[i].dims), x.rank() - 1);
    first.push_back(b.Select(x, axis, 0));
    rest.push_back(Shifted(b, x, axis));
    axes.push_back(axis);
  }
  if (first.empty()) return b.Unsupported("xs has no tensors");
  const Path path = {.axes = dim == 0 ? std::vector<int64_t>() : axes, .kept_axis = axes[0], .reverse = false};
  std::vector<Value> results = Walk(b, first, rest, path, [&](auto sums, auto next) {
    return Turn{b.Lower(combine_graph, Joined(sums, next, additional)), {sums.begin(), sums.end()}};
  });
  results.erase(results.begin(), results.begin() + static_cast<std::ptrdiff_t>(std::min(first.size(), results.size())));
  return results;
}

// A Loop, for runtimes refuse a Scan of no elements.
std::vector<Value> Map(Builder& b, Subgraph body_graph, Values mapped, Values additional) {
  if (mapped.empty()) return b.Unsupported("mapped has no tensors");
  for (std::size_t i = 0; i < mapped.size(); ++i)
    if (mapped[i].rank() < 1) return b.Unsupported("mapped has a tensor of rank {}", mapped[i].rank());
  const Value always = b.Constant(true, DType::kBool);  // Loop takes two inputs at least
  return b.Loop(b.ToValue(mapped[0].dim(0)), always, {}, [&](Value turn, Value, std::span<const Value>) {
    std::vector<Value> elements;
    for (std::size_t i = 0; i < mapped.size(); ++i) elements.push_back(b.Gather(mapped[i], turn));
    return LoopStep{.condition = {}, .states = {}, .scans = b.Lower(body_graph, Joined(elements, {}, additional))};
  });
}

constexpr Lowering kTable[] = {
    Lower<AssociativeScan>("higher_order::associative_scan(Subgraph combine_graph, Tensor[] xs, Tensor[] additional, "
                           "int dim=0) -> Tensor[]"),
    Lower<Map>("higher_order::map_impl(Subgraph body_graph, Tensor[] mapped, Tensor[] additional) -> Tensor[]"),
    Lower<Scan>("higher_order::scan(Subgraph combine_graph, Tensor[] init, Tensor[] xs, Tensor[] additional, "
                "bool reverse=False, int dim=0) -> Tensor[]"),
};

}  // namespace

std::span<const Lowering> IterationLowerings() { return kTable; }

}  // namespace fairlead::aten
