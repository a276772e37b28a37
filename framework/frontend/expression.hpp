// Symbolic sizes: what torch.export wrote about them, as text in one canonical form.
//
//   ExpressionReader reader({{"s77", "x_dim0"}});
//   reader.Read("FloorDiv(Add(Symbol('s77', integer=True), Integer(3)), Integer(4))");   // "(x_dim0+3)//4"
//   reader.Read("2*s77");                                                                // "2*x_dim0"
//
// Both grammars of the archives are read: sympy's srepr (schema 8.2 and later) and infix Python (before, and in range
// keys). Sums and products are multiplied out and sorted, so equal text means equal size. The text is Python without blanks
// around operators: + - * // % ** / << >> comparisons, `and or not` with blanks, max(…), min(…), where(c,a,b), trunc(…),
// floor(…), ceil(…), round(…), float(…), sqrt(…) and other unary functions by name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace fairlead {

class ExpressionReader {
 public:
  // `names`: PyTorch's symbol → ours. A symbol that is not in it keeps its name.
  explicit ExpressionReader(std::map<std::string, std::string> names = {});

  // The canonical text ("7" for a constant); empty when the expression is not understood, infinite or over the limits
  // (16 KiB of text, nesting 100 deep, 64 terms). Remembers what it has read.
  const std::optional<std::string>& Read(std::string_view text);

 private:
  std::map<std::string, std::string> names_;
  std::unordered_map<std::string, std::optional<std::string>> read_;
};

// The symbol's own name when the expression is nothing but a symbol ("Symbol('s77', positive=True)", "s77").
std::optional<std::string> BareSymbol(std::string_view text);

}  // namespace fairlead
