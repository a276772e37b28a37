// Layers of recurrent cells: as ONNX's own operators, or step by step in a Scan where those cannot say it.
#include <algorithm>

#include "recurrent.hpp"

namespace fairlead::aten {
namespace {

constexpr int64_t GatesOf(Cell cell) { return cell == Cell::kLstm ? 4 : cell == Cell::kGru ? 3 : 1; }

Value Joined(Builder& b, const std::vector<Value>& parts, int64_t axis) {
  return parts.empty() ? Value() : parts.size() == 1 ? parts[0] : b.Concat(parts, {.axis = axis});
}

Value StatesOfLayer(Builder& b, const Layers& layers, Value states, int64_t layer) {
  return b.Slice(states, 0, layer * layers.directions(), (layer + 1) * layers.directions());
}

std::vector<CellWeights> WeightsOf(const Layers& layers, int64_t layer) {
  const auto directions = static_cast<std::size_t>(layers.directions());
  const std::size_t each = layers.params.size() / (directions * static_cast<std::size_t>(layers.count));
  const std::size_t plain = layers.has_biases ? 4 : 2;
  std::vector<CellWeights> out(directions);
  for (std::size_t d = 0; d < directions; ++d) {
    const std::size_t first = (static_cast<std::size_t>(layer) * directions + d) * each;
    out[d].input = layers.params[first], out[d].recurrent = layers.params[first + 1];
    if (layers.has_biases) out[d].input_bias = layers.params[first + 2], out[d].recurrent_bias = layers.params[first + 3];
    if (each > plain) out[d].projection = layers.params[first + plain];
  }
  return out;
}

// ---- as one operator ----

// Rows of a weight are blocks, one per gate; torch has them in another order than ONNX.
Value InOrderOfOnnx(Builder& b, Cell cell, Value weight, int64_t hidden) {
  std::vector<int64_t> order = {0};
  if (cell == Cell::kLstm) order = {0, 3, 1, 2};  // torch: input, forget, cell, output; ONNX: input, output, forget, cell
  if (cell == Cell::kGru) order = {1, 0, 2};      // torch: reset, update, new; ONNX: update, reset, hidden
  if (order.size() == 1) return weight;
  std::vector<Value> blocks;
  for (const int64_t gate : order) blocks.push_back(b.Slice(weight, 0, gate * hidden, (gate + 1) * hidden));
  return b.Concat(blocks, {.axis = 0});
}

// [length, directions, batch, hidden] → [length, batch, directions * hidden]
Value MergedDirections(Builder& b, Value y, int64_t directions, int64_t hidden) {
  if (directions == 1) return b.Squeeze(y, {1});
  const Value moved = b.Transpose(y, {.perm = {0, 2, 1, 3}});
  return b.Reshape(moved, Dims{moved.dim(0), moved.dim(1), directions * hidden});
}

std::vector<Value> RunOperator(Builder& b, const Layers& layers, const Sequences& sequences,
                               const std::vector<CellWeights>& weights, const std::vector<Value>& states, int64_t hidden) {
  std::vector<Value> inputs, recurrents, biases;
  for (const CellWeights& w : weights) {
    const auto rows = [&](Value weight) { return InOrderOfOnnx(b, layers.cell, weight, hidden); };
    inputs.push_back(b.Unsqueeze(rows(w.input), {0}));
    recurrents.push_back(b.Unsqueeze(rows(w.recurrent), {0}));
    if (w.input_bias)
      biases.push_back(b.Unsqueeze(b.Concat({rows(w.input_bias), rows(w.recurrent_bias)}, {.axis = 0}), {0}));
  }
  const Value w = Joined(b, inputs, 0), r = Joined(b, recurrents, 0), bias = Joined(b, biases, 0);
  const std::string_view direction = layers.bidirectional ? "bidirectional" : "forward";
  const auto merged = [&](Value y) { return MergedDirections(b, y, layers.directions(), hidden); };
  if (layers.cell == Cell::kLstm) {
    const auto out = b.LSTM(sequences.x, w, r, bias, sequences.lengths, states[0], states[1], {},
                            {.direction = direction, .hidden_size = hidden}, 3);
    return {merged(out.Y), out.Y_h, out.Y_c};
  }
  if (layers.cell == Cell::kGru) {
    // torch multiplies the reset gate after the linear map of the state.
    const auto out = b.GRU(sequences.x, w, r, bias, sequences.lengths, states[0],
                           {.direction = direction, .hidden_size = hidden, .linear_before_reset = 1}, 2);
    return {merged(out.Y), out.Y_h};
  }
  const std::vector<fl_str> relus(weights.size(), ToAbi("Relu"));
  const Strings activations = layers.cell == Cell::kRelu ? Strings(relus) : Strings();
  const auto out = b.RNN(sequences.x, w, r, bias, sequences.lengths, states[0],
                         {.activations = activations, .direction = direction, .hidden_size = hidden}, 2);
  return {merged(out.Y), out.Y_h};
}

// ---- step by step ----

// The sequence of hidden states, [length, batch, state], then the last states, of one direction.
std::vector<Value> RunScan(Builder& b, Cell cell, const Sequences& sequences, const CellWeights& weights,
                           const std::vector<Value>& states, bool backwards) {
  std::vector<Value> inputs = states;
  inputs.push_back(LinearMap(b, sequences.x, weights.input, weights.input_bias));
  if (sequences.inside) inputs.push_back(sequences.inside);
  std::vector<Formal> formals;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Formal formal = b.FormalOf(inputs[i]);
    if (i >= states.size() && formal.dims) formal.dims->erase(formal.dims->begin());
    formals.push_back(std::move(formal));
  }
  const fl_graph body = b.Graph(formals, [&](std::span<const Value> given) {
    std::vector<Value> next = NextStates(b, cell, given[states.size()], given.first(states.size()), weights);
    if (sequences.inside)
      for (std::size_t i = 0; i < next.size(); ++i) next[i] = b.Where(given.back(), next[i], given[i]);
    next.push_back(b.Identity(next[0]));
    return next;
  });
  const std::vector<int64_t> in(inputs.size() - states.size(), backwards), out = {backwards};
  std::vector<Value> results = b.Scan(inputs,
                                      {.body = body,
                                       .num_scan_inputs = std::ssize(in),
                                       .scan_input_directions = backwards ? Ints(in) : Ints(),
                                       .scan_output_directions = backwards ? Ints(out) : Ints()},
                                      states.size() + 1);
  std::rotate(results.begin(), results.end() - 1, results.end());
  return results;
}

std::vector<Value> RunSteps(Builder& b, const Layers& layers, const Sequences& sequences,
                            const std::vector<CellWeights>& weights, const std::vector<Value>& states) {
  std::vector<std::vector<Value>> parts(states.size() + 1);
  for (std::size_t d = 0; d < weights.size(); ++d) {
    std::vector<Value> initial;
    for (const Value& state : states) initial.push_back(b.Select(state, 0, static_cast<int64_t>(d)));
    const std::vector<Value> out = RunScan(b, layers.cell, sequences, weights[d], initial, d == 1);
    for (std::size_t i = 0; i < out.size(); ++i) parts[i].push_back(i == 0 ? out[i] : b.Unsqueeze(out[i], {0}));
  }
  std::vector<Value> results = {Joined(b, parts[0], 2)};
  for (std::size_t i = 1; i < parts.size(); ++i) results.push_back(Joined(b, parts[i], 0));
  return results;
}

}  // namespace

std::vector<Value> RunLayers(Builder& b, const Layers& layers, Sequences sequences, const std::vector<Value>& states) {
  const int64_t given = std::ssize(layers.params);
  if (layers.count < 1 || layers.count > given)
    return b.Unsupported("num_layers={} with {} tensors in params", layers.count, given);
  const int64_t groups = layers.count * layers.directions(), plain = layers.has_biases ? 4 : 2;
  const bool projects = layers.cell == Cell::kLstm && given == groups * (plain + 1);
  if (given != groups * plain && !projects) return b.Unsupported("params has {} tensors, wanted {}", given, groups * plain);
  const auto rows = layers.params[1].static_dim(0);
  // ONNX's operators know no projection, and runtimes have them for float only.
  const bool in_steps = projects || sequences.x.dtype() == DType::kDouble || !rows;
  std::vector<std::vector<Value>> last(states.size());
  for (int64_t layer = 0; layer < layers.count; ++layer) {
    const std::vector<CellWeights> weights = WeightsOf(layers, layer);
    std::vector<Value> initial;
    for (const Value& state : states) initial.push_back(StatesOfLayer(b, layers, state, layer));
    const std::vector<Value> out = in_steps
                                       ? RunSteps(b, layers, sequences, weights, initial)
                                       : RunOperator(b, layers, sequences, weights, initial, *rows / GatesOf(layers.cell));
    sequences.x = out[0];
    for (std::size_t i = 0; i < states.size(); ++i) last[i].push_back(out[i + 1]);
  }
  std::vector<Value> results = {sequences.x};
  for (const std::vector<Value>& parts : last) results.push_back(Joined(b, parts, 0));
  return results;
}

}  // namespace fairlead::aten
