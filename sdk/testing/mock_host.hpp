// A host small enough for a test of the C++ layer alone: it hands out arguments, records nodes, and prints what was
// lowered.
//
//   MockHost host({{"self", Tensor{"x", DType::kFloat, {2, 3}}}, {"alpha", int64_t{2}}});
//   host.Lower(row);  host.text();  // "y0 = Mul(x, 2)\nreturn y0\n"
//
// Printed order is a depth-first walk from the results, inputs left to right, so it does not depend on the order in which
// a compiler evaluates nested calls. A node's type is that of its first input, Cast's the one it is told.
#pragma once

#include <deque>
#include <string>
#include <variant>
#include <vector>

#include <fairlead/sdk/lowering.hpp>

namespace fairlead::sdk_test {

struct Tensor {
  std::string name;
  DType dtype = DType::kFloat;
  std::vector<int64_t> sizes;  // -1: symbolic, "name.axis" in the text
  bool wrapped = false;
};
struct None {};
struct Symbol {
  std::string name;
};
using SymInts = std::vector<std::variant<int64_t, Symbol>>;
using ArgumentValue = std::variant<None, Tensor, std::vector<Tensor>, bool, int64_t, double, std::complex<double>,
                                   std::string, std::vector<int64_t>, DType, Symbol, SymInts>;
struct Argument {
  std::string name;
  ArgumentValue value;
};

class MockHost {
 public:
  explicit MockHost(std::vector<Argument> arguments, int opset = 20);

  fl_status Lower(const fl_lowering& row);
  std::string text() const;                            // the nodes the results need, then "return …"
  const std::string& error() const { return error_; }  // the first message, or empty
  const std::vector<std::string>& read() const { return read_; }
  const std::vector<std::string>& calls() const { return calls_; }  // of other ATen operators, as text

  Tensor recorded = {"", DType::kUndefined, {}};  // what PyTorch recorded for every result

 private:
  struct Node {
    std::string op, attributes;
    std::vector<uint64_t> inputs, outputs;
  };
  struct Known {
    Tensor type;
    int64_t node = -1;
    std::vector<std::byte> data;
  };
  struct Stored {
    std::string name;
    fl_arg arg;
    std::vector<fl_value> values;
    std::vector<fl_dim> dims;
    std::vector<int64_t> ints;
    std::string text;
  };
  struct Tables;

  fl_value NewValue(Tensor type, int64_t node = -1);
  void Store(const Argument& argument, Stored& out);
  std::string Attributes(const fl_emit& node) const;
  fl_status Emit(const fl_emit& node, fl_value* outputs);
  fl_status Constant(const fl_constant& constant, fl_value* output);
  void Print(uint64_t id, std::vector<std::string>& names, std::vector<bool>& done, std::string& out) const;
  std::string GraphText(const std::vector<uint64_t>& results, std::vector<std::string> names) const;

  int opset_;
  std::deque<Stored> arguments_;
  std::deque<Known> values_ = {{}};  // index 0 is the absent value
  std::vector<Node> nodes_;
  std::vector<uint64_t> results_;
  std::vector<std::string> read_, calls_, graphs_;
  std::string error_, last_error_;
};

}  // namespace fairlead::sdk_test
