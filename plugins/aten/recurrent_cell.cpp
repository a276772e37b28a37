// One step of an LSTM, a GRU and Elman's networks, written out.
#include "families.hpp"
#include "recurrent.hpp"

namespace fairlead::aten {

Value LinearMap(Builder& b, Value x, Value weight, Value bias) {
  return b.Aten("aten::linear", {{"input", x}, {"weight", weight}, {"bias", bias}});
}

namespace {

std::vector<Value> NextOfLstm(Builder& b, Value gates, Value cell, Value projection) {
  const std::vector<Value> parts = b.Split(gates, {.axis = -1, .num_outputs = 4}, 4);  // input, forget, cell, output
  const Value kept = b.Mul(b.Sigmoid(parts[1]), cell);
  const Value next = b.Add(kept, b.Mul(b.Sigmoid(parts[0]), b.Tanh(parts[2])));
  const Value hidden = b.Mul(b.Sigmoid(parts[3]), b.Tanh(next));
  return {projection ? LinearMap(b, hidden, projection, {}) : hidden, next};
}

// The reset gate is applied after the linear map of the state.
Value NextOfGru(Builder& b, Value input_gates, Value state_gates, Value state) {
  const std::vector<Value> x = b.Split(input_gates, {.axis = -1, .num_outputs = 3}, 3);  // reset, update, new
  const std::vector<Value> h = b.Split(state_gates, {.axis = -1, .num_outputs = 3}, 3);
  const Value reset = b.Sigmoid(b.Add(x[0], h[0])), update = b.Sigmoid(b.Add(x[1], h[1]));
  const Value fresh = b.Tanh(b.Add(x[2], b.Mul(reset, h[2])));
  return b.Add(fresh, b.Mul(update, b.Sub(state, fresh)));
}

}  // namespace

std::vector<Value> NextStates(Builder& b, Cell cell, Value input_gates, std::span<const Value> states,
                              const CellWeights& weights) {
  const Value state_gates = LinearMap(b, states[0], weights.recurrent, weights.recurrent_bias);
  if (cell == Cell::kGru) return {NextOfGru(b, input_gates, state_gates, states[0])};
  const Value gates = b.Add(input_gates, state_gates);
  if (cell == Cell::kLstm) return NextOfLstm(b, gates, states[1], weights.projection);
  return {cell == Cell::kTanh ? b.Tanh(gates) : b.Relu(gates)};
}

namespace {

// One step in float where the type is narrower.
template <std::size_t count>
std::array<Value, count> Step(Builder& b, Cell cell, Value input, std::array<Value, count> states, CellWeights weights) {
  const DType type = input.dtype();
  const auto wide = [&](Value& value) {
    if (BitWidth(type) < 32) value = b.ToType(value, DType::kFloat);
  };
  for (Value* value : {&input, &weights.input, &weights.recurrent, &weights.input_bias, &weights.recurrent_bias})
    wide(*value);
  for (Value& state : states) wide(state);
  const std::vector<Value> next =
      NextStates(b, cell, LinearMap(b, input, weights.input, weights.input_bias), states, weights);
  std::array<Value, count> out;
  for (std::size_t i = 0; i < count; ++i) out[i] = b.ToType(next[i], type);
  return out;
}

std::array<Value, 2> LstmCell(Builder& b, Value input, Values hx, Value w_ih, Value w_hh, Value b_ih, Value b_hh) {
  if (hx.size() != 2) return b.Unsupported("hx has {} tensors, wanted 2", hx.size());
  return Step<2>(b, Cell::kLstm, input, {hx[0], hx[1]}, {w_ih, w_hh, b_ih, b_hh, {}});
}

template <Cell cell> Value OneState(Builder& b, Value input, Value hx, Value w_ih, Value w_hh, Value b_ih, Value b_hh) {
  return Step<1>(b, cell, input, {hx}, {w_ih, w_hh, b_ih, b_hh, {}})[0];
}

#define FL_CELL "Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor"

constexpr Lowering kTable[] = {
    Lower<LstmCell>("aten::lstm_cell(Tensor input, Tensor[] hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, "
                    "Tensor? b_hh=None) -> (Tensor, Tensor)"),
    Lower<OneState<Cell::kGru>>("aten::gru_cell(Tensor input, " FL_CELL),
    Lower<OneState<Cell::kTanh>>("aten::rnn_tanh_cell(Tensor input, " FL_CELL),
    Lower<OneState<Cell::kRelu>>("aten::rnn_relu_cell(Tensor input, " FL_CELL),
};

}  // namespace

std::span<const Lowering> RecurrentCellLowerings() { return kTable; }

}  // namespace fairlead::aten
