// A walk along an axis of tensors, as ONNX's Scan.
#pragma once

#include <functional>

#include <fairlead/sdk/lowering.hpp>

namespace fairlead::aten {

// Where a walk goes: along an axis of each sequence (the first ones, when empty), from its end when `reverse`.
struct Path {
  std::vector<int64_t> axes = {};
  int64_t kept_axis = 0;  // what the turns keep is stacked along it
  bool reverse = false;
};

struct Turn {
  std::vector<Value> states;  // as many as the walk has, in order
  std::vector<Value> kept;
};

// One turn: the states and the next element of each sequence are given.
using Step = std::function<Turn(std::span<const Value> states, std::span<const Value> elements)>;

// Answers the last states, then what was kept. States have the sizes of their initial values.
std::vector<Value> Walk(Builder& b, const std::vector<Value>& states, const std::vector<Value>& sequences, const Path& path,
                        const Step& step);

}  // namespace fairlead::aten
