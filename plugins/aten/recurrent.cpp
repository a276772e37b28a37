// LSTM and GRU over whole sequences, as ONNX's own operators, layer by layer.
#include "families.hpp"

namespace fairlead::aten {
namespace {

struct Layout {
  Values params;  // per layer and direction: w_ih, w_hh and with biases b_ih, b_hh
  bool has_biases, bidirectional, batch_first;
  int64_t num_layers;
};

// Rows of a weight are blocks, one per gate; torch has them in another order than ONNX.
Value Reordered(Builder& b, Value weight, const std::vector<int64_t>& gates, int64_t hidden) {
  std::vector<Value> blocks;
  for (const int64_t gate : gates) blocks.push_back(b.Slice(weight, 0, gate * hidden, (gate + 1) * hidden));
  return b.Concat(blocks, {.axis = 0});
}

// What one ONNX operator takes for both directions of a layer: [directions, gates * hidden, …].
struct LayerWeights {
  Value input, recurrent, bias;
};

LayerWeights WeightsOf(Builder& b, const Layout& layout, int64_t layer, const std::vector<int64_t>& gates, int64_t hidden) {
  const int64_t directions = layout.bidirectional ? 2 : 1, per_direction = layout.has_biases ? 4 : 2;
  std::vector<Value> inputs, recurrents, biases;
  for (int64_t d = 0; d < directions; ++d) {
    const auto first = static_cast<std::size_t>((layer * directions + d) * per_direction);
    const auto gate_rows = [&](std::size_t i) { return Reordered(b, layout.params[first + i], gates, hidden); };
    inputs.push_back(b.Unsqueeze(gate_rows(0), {0}));
    recurrents.push_back(b.Unsqueeze(gate_rows(1), {0}));
    if (layout.has_biases) biases.push_back(b.Unsqueeze(b.Concat({gate_rows(2), gate_rows(3)}, {.axis = 0}), {0}));
  }
  const auto both = [&](const std::vector<Value>& parts) {
    return parts.empty() ? Value() : parts.size() == 1 ? parts[0] : b.Concat(parts, {.axis = 0});
  };
  return {both(inputs), both(recurrents), both(biases)};
}

// [length, directions, batch, hidden] → [length, batch, directions * hidden]
Value MergedDirections(Builder& b, Value y) {
  const Value moved = b.Transpose(y, {.perm = {0, 2, 1, 3}});
  return b.Reshape(moved, b.Constant({0, 0, -1}));
}

Value LayerState(Builder& b, Value states, int64_t layer, int64_t directions) {
  return b.Slice(states, 0, layer * directions, (layer + 1) * directions);
}

// Refuses what the operators cannot say; answers the hidden size.
std::optional<int64_t> HiddenSize(Builder& b, const Layout& layout, std::size_t gates, double dropout, bool train) {
  if (train && dropout != 0 && layout.num_layers > 1) b.Unsupported("train=true with dropout={}", dropout);
  const auto wanted =
      static_cast<std::size_t>(layout.num_layers * (layout.bidirectional ? 2 : 1) * (layout.has_biases ? 4 : 2));
  if (layout.params.size() != wanted) {
    b.Unsupported("params has {} tensors, {} are expected: projections are not lowered", layout.params.size(), wanted);
    return std::nullopt;
  }
  const auto rows = layout.params[1].static_dim(0);
  if (!rows) {
    b.Unsupported("a weight of symbolic size");
    return std::nullopt;
  }
  return *rows / static_cast<int64_t>(gates);
}

Value SequenceFirst(Builder& b, Value input, bool batch_first) {
  return batch_first ? b.Transpose(input, {.perm = {1, 0, 2}}) : input;
}

std::array<Value, 3> Lstm(Builder& b, Value input, Values hx, Values params, bool has_biases, int64_t num_layers,
                          double dropout, bool train, bool bidirectional, bool batch_first) {
  const Layout layout{params, has_biases, bidirectional, batch_first, num_layers};
  const std::vector<int64_t> gates = {0, 3, 1, 2};  // torch: input, forget, cell, output; ONNX: input, output, forget, cell
  const auto hidden = HiddenSize(b, layout, 4, dropout, train);
  if (!hidden) return {};
  if (input.rank() != 3 || hx.size() != 2) return b.Unsupported("input has rank {}, wanted 3", input.rank());
  const int64_t directions = bidirectional ? 2 : 1;
  Value x = SequenceFirst(b, input, batch_first);
  std::vector<Value> last_hidden, last_cell;
  for (int64_t layer = 0; layer < num_layers; ++layer) {
    const LayerWeights w = WeightsOf(b, layout, layer, gates, *hidden);
    const auto out = b.LSTM(x, w.input, w.recurrent, w.bias, {}, LayerState(b, hx[0], layer, directions),
                            LayerState(b, hx[1], layer, directions), {},
                            {.direction = bidirectional ? "bidirectional" : "forward", .hidden_size = *hidden}, 3);
    x = MergedDirections(b, out.Y);
    last_hidden.push_back(out.Y_h);
    last_cell.push_back(out.Y_c);
  }
  const auto stacked = [&](const std::vector<Value>& parts) {
    return parts.size() == 1 ? parts[0] : b.Concat(parts, {.axis = 0});
  };
  return {SequenceFirst(b, x, batch_first), stacked(last_hidden), stacked(last_cell)};
}

std::array<Value, 2> Gru(Builder& b, Value input, Value hx, Values params, bool has_biases, int64_t num_layers,
                         double dropout, bool train, bool bidirectional, bool batch_first) {
  const Layout layout{params, has_biases, bidirectional, batch_first, num_layers};
  const std::vector<int64_t> gates = {1, 0, 2};  // torch: reset, update, new; ONNX: update, reset, hidden
  const auto hidden = HiddenSize(b, layout, 3, dropout, train);
  if (!hidden) return {};
  if (input.rank() != 3) return b.Unsupported("input has rank {}, wanted 3", input.rank());
  const int64_t directions = bidirectional ? 2 : 1;
  Value x = SequenceFirst(b, input, batch_first);
  std::vector<Value> last;
  for (int64_t layer = 0; layer < num_layers; ++layer) {
    const LayerWeights w = WeightsOf(b, layout, layer, gates, *hidden);
    // torch multiplies the reset gate after the linear map of the state.
    const auto out = b.GRU(
        x, w.input, w.recurrent, w.bias, {}, LayerState(b, hx, layer, directions),
        {.direction = bidirectional ? "bidirectional" : "forward", .hidden_size = *hidden, .linear_before_reset = 1}, 2);
    x = MergedDirections(b, out.Y);
    last.push_back(out.Y_h);
  }
  return {SequenceFirst(b, x, batch_first), last.size() == 1 ? last[0] : b.Concat(last, {.axis = 0})};
}

#define FL_RECURRENT \
  "Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> "

constexpr Lowering kTable[] = {
    Lower<Lstm>("aten::lstm.input(Tensor input, Tensor[] hx, " FL_RECURRENT "(Tensor, Tensor, Tensor)"),
    Lower<Gru>("aten::gru.input(Tensor input, Tensor hx, " FL_RECURRENT "(Tensor, Tensor)"),
};

}  // namespace

std::span<const Lowering> RecurrentLowerings() { return kTable; }

}  // namespace fairlead::aten
