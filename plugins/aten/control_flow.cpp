// Branches and loops as ONNX's If and Loop.
#include "families.hpp"

namespace fairlead::aten {
namespace {

// If and Loop ask for a bool of one element.
Value Condition(Builder& b, Value value) {
  const Value flag = b.ToType(value, DType::kBool);
  return flag.rank() == 0 ? flag : b.Reshape(flag, Dims());
}

// The operands are read by both branches from the graph around them.
std::vector<Value> Cond(Builder& b, Value pred, Subgraph true_graph, Subgraph false_graph, Values operands) {
  const std::vector<Value> inputs = operands.ToVector();
  return b.If(
      Condition(b, pred), [&] { return b.Lower(true_graph, inputs); }, [&] { return b.Lower(false_graph, inputs); });
}

// The condition is asked before the first turn and at the end of each. What a turn answers is also kept when `stacked`.
template <bool stacked>
std::vector<Value> WhileLoop(Builder& b, Subgraph cond_graph, Subgraph body_graph, Values carried, Values additional) {
  const auto asked = [&](const std::vector<Value>& states) -> Value {
    std::vector<Value> inputs = states;
    for (std::size_t i = 0; i < additional.size(); ++i) inputs.push_back(additional[i]);
    const std::vector<Value> answer = b.Lower(cond_graph, inputs);
    if (answer.size() != 1) return b.Unsupported("the condition returns {} values, wanted 1", answer.size());
    return Condition(b, answer[0]);
  };
  const std::vector<Value> initial = carried.ToVector();
  std::vector<Value> results = b.Loop({}, asked(initial), initial, [&](Value, Value, std::span<const Value> states) {
    std::vector<Value> inputs(states.begin(), states.end());
    for (std::size_t i = 0; i < additional.size(); ++i) inputs.push_back(additional[i]);
    LoopStep step;
    step.states = b.Lower(body_graph, inputs);
    for (std::size_t i = 0; i < step.states.size() && i < states.size(); ++i)
      step.states[i] = b.ToType(step.states[i], states[i].dtype());
    step.condition = asked(step.states);
    if (stacked) step.scans = step.states;
    return step;
  });
  const auto last = results.begin() + static_cast<std::ptrdiff_t>(std::min(initial.size(), results.size()));
  if (stacked) results.erase(results.begin(), last);
  return results;
}

constexpr Lowering kTable[] = {
    Lower<Cond>(
        "higher_order::cond(Tensor pred, Subgraph true_graph, Subgraph false_graph, Tensor[] operands) -> Tensor[]"),
    Lower<WhileLoop<false>>("higher_order::while_loop(Subgraph cond_graph, Subgraph body_graph, Tensor[] carried, "
                            "Tensor[] additional) -> Tensor[]"),
    Lower<WhileLoop<true>>("higher_order::while_loop_stack_output(Subgraph cond_graph, Subgraph body_graph, "
                           "Tensor[] carried, Tensor[] additional) -> Tensor[]"),
};

}  // namespace

std::span<const Lowering> ControlFlowLowerings() { return kTable; }

}  // namespace fairlead::aten
