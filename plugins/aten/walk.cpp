#include "walk.hpp"

namespace fairlead::aten {

std::vector<Value> Walk(Builder& b, const std::vector<Value>& states, const std::vector<Value>& sequences, const Path& path,
                        const Step& step) {
  std::vector<Formal> formals;
  std::vector<int64_t> axes;
  for (const Value& state : states) formals.push_back(b.FormalOf(state));
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    const int rank = sequences[i].rank();
    if (rank < 1) return b.Unsupported("a sequence has rank {}, wanted 1 or more", rank);
    axes.push_back(b.Axis(path.axes.empty() ? 0 : path.axes[i], rank));
    if (axes.back() < 0 || axes.back() >= rank) return {};
    formals.push_back(b.FormalOf(sequences[i]));
    formals.back().dims->erase(formals.back().dims->begin() + axes.back());
  }
  std::size_t kept = 0;
  const fl_graph body = b.Graph(formals, [&](std::span<const Value> given) {
    Turn turn = step(given.first(states.size()), given.subspan(states.size()));
    kept = turn.kept.size();
    turn.states.insert(turn.states.end(), turn.kept.begin(), turn.kept.end());
    return turn.states;
  });
  const std::vector<int64_t> kept_axes(kept, path.kept_axis), from_end(sequences.size(), 1), to_front(kept, 1);
  std::vector<Value> inputs = states;
  inputs.insert(inputs.end(), sequences.begin(), sequences.end());
  return b.Scan(inputs,
                {.body = body,
                 .num_scan_inputs = std::ssize(sequences),
                 .scan_input_axes = path.axes.empty() ? Ints() : Ints(axes),
                 .scan_input_directions = path.reverse ? Ints(from_end) : Ints(),
                 .scan_output_axes = path.kept_axis == 0 ? Ints() : Ints(kept_axes),
                 .scan_output_directions = path.reverse ? Ints(to_front) : Ints()},
                states.size() + kept);
}

}  // namespace fairlead::aten
