// Complex numbers as real ones, while a graph is rewritten.
//
// A complex value has two real parts of its shape, made when they are first asked for. Where one tensor is wanted, in the
// inputs, outputs and weights of graphs and by nodes that stay as they are, they stand side by side in a trailing dimension
// of size 2, the real part first, as torch.view_as_real has them: the pair. A complex value keeps its id for the pair.
#pragma once

#include <unordered_map>

#include "base/status.hpp"
#include "passes/real_math.hpp"

namespace fairlead {

// float for complex64, double for complex128.
DType PartType(DType complex);
// float[n,2] for complex64[n].
Type PairType(const Type& complex);

// No imaginary part: it is zero.
struct Parts {
  ValueId real = kNoValue;
  ValueId imag = kNoValue;

  bool IsReal() const { return imag == kNoValue; }
};

class ComplexParts {
 public:
  // Complex values without a producer in the order so far are pairs: inputs, captures, initializers.
  explicit ComplexParts(RealMath& math) : math_(math) {}

  bool IsComplex(ValueId value) const;
  // The parts of a complex value; a real one is its own real part.
  Parts PartsOf(ValueId value);
  // The same in `dtype`.
  Parts PartsOf(ValueId value, DType dtype);
  ValueId Imag(Parts parts);  // zeros where it has none
  // `value` has these parts from here on, and no pair until it is asked for.
  void Define(ValueId value, Parts parts);
  // `value` is there as a pair, but nothing is known of its parts.
  void DefinePair(ValueId value) { known_[value] = {}; }
  // Sees to it that `value`, if it is complex, is there as a pair.
  void NeedPair(ValueId value);
  // A node that a rule made, but for those of this class, reads no complex value: its pair would pass for a real tensor.
  // FL1001 where the archive says that a size, a mask or the like is complex.
  Status CheckReads(const Node& node) const;
  // The pair of parts that belong to no value of the program.
  ValueId PairOf(Parts parts) { return math_.Stack({parts.real, Imag(parts)}); }
  // The parts of a pair that belongs to no value of the program: its trailing dimension of size 2 taken apart.
  Parts Split(ValueId pair) { return {math_.Select(pair, -1, 0), math_.Select(pair, -1, 1)}; }

 private:
  struct Known {
    Parts parts;
    bool has_parts = false;
    bool has_pair = true;
  };
  RealMath& math_;
  std::unordered_map<ValueId, Known> known_;
};

}  // namespace fairlead
