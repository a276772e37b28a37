// Recurrent cells, and what layers of them are run over: shared by the families of sequences and of cells.
#pragma once

#include <vector>

#include <fairlead/sdk/lowering.hpp>

namespace fairlead::aten {

enum class Cell { kLstm, kGru, kTanh, kRelu };

// One direction of a layer, as torch keeps it: `input` [gates * hidden, inputs], `recurrent` [gates * hidden, state] and
// the biases of both; those of an LSTM with a projection have a matrix more, [state, hidden].
struct CellWeights {
  Value input, recurrent, input_bias, recurrent_bias, projection;
};

// x × weightᵀ + bias over the last axis.
Value LinearMap(Builder& b, Value x, Value weight, Value bias);

// One step: the next states, the hidden state first, from the input's share of the gates, x × inputᵀ + input_bias.
std::vector<Value> NextStates(Builder& b, Cell cell, Value input_gates, std::span<const Value> states,
                              const CellWeights& weights);

// The parameters of a stack of layers.
struct Layers {
  Cell cell;
  std::vector<Value> params;  // per layer and direction: those of CellWeights that there are, in order
  bool has_biases, bidirectional;
  int64_t count;

  int64_t directions() const { return bidirectional ? 2 : 1; }
};

// Sequences side by side: `x` [length, batch, inputs]. Where they differ in length, `lengths` is int32 [batch] and `inside`
// bool [length, batch, 1]; what lies outside of a sequence may be anything.
struct Sequences {
  Value x, lengths, inside;
};

// The sequences after all layers, [length, batch, directions * state], then the last states of every layer.
std::vector<Value> RunLayers(Builder& b, const Layers& layers, Sequences sequences, const std::vector<Value>& states);

}  // namespace fairlead::aten
