// Recurrent networks over whole sequences, and the packing of sequences that differ in length.
#include "recurrent.hpp"
#include "families.hpp"

namespace fairlead::aten {
namespace {

// The operator's results in the type of its input: narrower types are computed in float.
template <std::size_t count>
std::array<Value, count> Run(Builder& b, Layers layers, Value input, const std::vector<Value>& hx, double dropout,
                             bool train, bool batch_first) {
  if (train && dropout != 0 && layers.count > 1) return b.Unsupported("train=true with dropout={}", dropout);
  const int rank = input.rank();
  if (rank != 3 && (rank != 2 || batch_first))
    return b.Unsupported("input has rank {} with batch_first={}", rank, batch_first);
  const DType type = input.dtype(), wide = BitWidth(type) < 32 ? DType::kFloat : type;
  std::vector<Value> params, states;
  for (const Value& param : layers.params) params.push_back(b.ToType(param, wide));
  layers.params = params;
  Value x = b.ToType(input, wide);
  if (rank == 2) x = b.Unsqueeze(x, {1});
  if (batch_first) x = b.Transpose(x, {.perm = {1, 0, 2}});
  for (const Value& state : hx) states.push_back(b.ToType(rank == 2 ? b.Unsqueeze(state, {1}) : state, wide));

  std::vector<Value> results = RunLayers(b, layers, {x, {}, {}}, states);
  if (results.size() != count) return {};
  if (batch_first) results[0] = b.Transpose(results[0], {.perm = {1, 0, 2}});
  std::array<Value, count> out;
  for (std::size_t i = 0; i < count; ++i) out[i] = b.ToType(rank == 2 ? b.Squeeze(results[i], {1}) : results[i], type);
  return out;
}

std::array<Value, 3> Lstm(Builder& b, Value input, Values hx, Values params, bool has_biases, int64_t num_layers,
                          double dropout, bool train, bool bidirectional, bool batch_first) {
  if (hx.size() != 2) return b.Unsupported("hx has {} tensors, wanted 2", hx.size());
  return Run<3>(b, {Cell::kLstm, params.ToVector(), has_biases, bidirectional, num_layers}, input, hx.ToVector(), dropout,
                train, batch_first);
}

template <Cell cell>
std::array<Value, 2> OneState(Builder& b, Value input, Value hx, Values params, bool has_biases, int64_t num_layers,
                              double dropout, bool train, bool bidirectional, bool batch_first) {
  return Run<2>(b, {cell, params.ToVector(), has_biases, bidirectional, num_layers}, input, {hx}, dropout, train,
                batch_first);
}

// The elements of all sequences, step by step, and how many sequences reach each step. Lengths fall.
std::array<Value, 2> PackPaddedSequence(Builder& b, Value input, Value lengths, bool batch_first) {
  if (input.rank() < 2) return b.Unsupported("input has rank {}, wanted at least 2", input.rank());
  const Value x = batch_first ? b.Aten("aten::transpose.int", {{"self", input}, {"dim0", 0}, {"dim1", 1}}) : input;
  const Value steps = b.Unsqueeze(b.Iota(x.dim(0)), {1});
  const Value inside = b.Less(steps, b.ToType(lengths, DType::kInt64));  // [length, batch]
  // PyTorch's own shape function says float of what is int64.
  const DType recorded = b.ResultType(1).dtype;
  if (b.IsResultUsed(1) && recorded != DType::kInt64)
    return b.Unsupported("batch_sizes was captured as {}, and is int64", recorded);
  Dims rows = x.dims();
  rows.erase(rows.begin());
  rows[0] = -1;
  const Value positions = b.Squeeze(b.NonZero(b.Reshape(inside, {-1})), {0});
  const Value counts = b.ReduceSum(b.ToType(inside, DType::kInt64), {1}, false);
  const Value reached = b.Slice(counts, Value(b.Reshape(b.Constant(0, DType::kInt64), {1})), b.Slice(lengths, 0, 0, 1));
  return {b.Gather(b.Reshape(x, rows), positions), b.ToResultType(reached, 1)};
}

#define FL_RECURRENT \
  "Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> "

constexpr Lowering kTable[] = {
    Lower<Lstm>("aten::lstm.input(Tensor input, Tensor[] hx, " FL_RECURRENT "(Tensor, Tensor, Tensor)"),
    Lower<OneState<Cell::kGru>>("aten::gru.input(Tensor input, Tensor hx, " FL_RECURRENT "(Tensor, Tensor)"),
    Lower<OneState<Cell::kTanh>>("aten::rnn_tanh.input(Tensor input, Tensor hx, " FL_RECURRENT "(Tensor, Tensor)"),
    Lower<OneState<Cell::kRelu>>("aten::rnn_relu.input(Tensor input, Tensor hx, " FL_RECURRENT "(Tensor, Tensor)"),
    Lower<PackPaddedSequence>(
        "aten::_pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first) -> (Tensor, Tensor)"),
};

}  // namespace

std::span<const Lowering> RecurrentLowerings() { return kTable; }

}  // namespace fairlead::aten
