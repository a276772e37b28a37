#include "frontend/expression.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <regex>

#include "archive/json.hpp"
#include "frontend/program_archive.hpp"

namespace fairlead {
namespace {

std::string Read(std::string_view text, std::map<std::string, std::string> names = {}) {
  return ExpressionReader(std::move(names)).Read(text).value_or("not understood");
}

TEST(Expression, HasOneFormForBothGrammars) {
  const std::vector<std::pair<std::string, std::string>> same = {
      {"Mul(Integer(2), Symbol('s0', positive=True, integer=True))", "2*s0"},
      {"Add(Symbol('s0', positive=True, integer=True), Integer(-3))", "s0 - 3"},
      {"FloorDiv(Add(Symbol('s0'), Integer(3)), Integer(4))", "((s0 + 3)//4)"},
      {"Mod(Symbol('s0'), Integer(4))", "Mod(s0, 4)"},
      {"Max(Integer(1), Symbol('s0'))", "Max(s0, 1)"},
      {"Mul(Integer(-1), Symbol('s0'))", "-s0"},
      {"Pow(Symbol('s0'), Integer(2))", "s0*s0"},
      {"Add(Mul(Integer(2), Symbol('b')), Mul(Integer(3), Symbol('a')))", "3*a + 2*b"},
      {"StrictGreaterThan(Symbol('s0'), Integer(4))", "s0 > 4"},
      {"And(LessThan(Symbol('s0'), Integer(4)), GreaterThan(Symbol('s1'), Integer(2)))", "(s1 >= 2) & (s0 <= 4)"},
      {"Piecewise(ExprCondPair(Symbol('a'), StrictLessThan(Symbol('a'), Integer(5))), ExprCondPair(Symbol('b'), true))",
       "Piecewise((a, a < 5), (b, True))"},
      {"CeilDiv(Symbol('s0'), Integer(2))", "(s0 + 1)//2"},
      {"TruncToInt(IntTrueDiv(Symbol('s0'), Integer(3)))", "TruncToInt(s0/3)"},
  };
  for (const auto& [srepr, infix] : same) {
    EXPECT_EQ(Read(srepr), Read(infix)) << srepr;
    EXPECT_NE(Read(srepr), "not understood") << srepr;
  }
}

TEST(Expression, ReadsItsOwnText) {
  for (const std::string text : {"2*n", "(n+3)//4", "2*((n+3)//4)+1", "m*n**2", "-n+1", "max(1,n)", "n%4", "2*(n%4)",
                                 "where(n>5,n,2*n)", "not (m==n)", "trunc(0.7*float(n))", "a and b", "n<<m", "2**n"})
    EXPECT_EQ(Read(text), text);
}

TEST(Expression, MultipliesOutAndSorts) {
  EXPECT_EQ(Read("(b + 1)*(a + 1)"), "a*b+a+b+1");
  EXPECT_EQ(Read("2*(n + 3) - 6"), "2*n");
  EXPECT_EQ(Read("n - n"), "0");
  EXPECT_EQ(Read("(4*n + 8)//4"), "n+2");
  EXPECT_EQ(Read("Mod(4*n, 4)"), "0");
  EXPECT_EQ(Read("b*a*2"), Read("2*a*b"));
  EXPECT_EQ(Read("Max(3, n, 5, n)"), "max(5,n)");
  EXPECT_EQ(Read("-7//2"), "-4");  // Python's rounding
  EXPECT_EQ(Read("Mod(-7, 4)"), "1");
  EXPECT_EQ(Read("-2**2"), "-4");
  EXPECT_EQ(Read("2**3**2"), "512");
}

TEST(Expression, GivesSymbolsTheirNames) {
  EXPECT_EQ(Read("2*s77 + u0", {{"s77", "x_dim0"}}), "u0+2*x_dim0");
  // A foreign symbol with the name of ours would make two sizes look equal.
  EXPECT_EQ(Read("x_dim0 + 1", {{"s77", "x_dim0"}}), "not understood");
}

TEST(Expression, IsNotUnderstoodRatherThanGuessed) {
  for (const std::string text : {"",
                                 "(",
                                 "s0 +",
                                 "s0 s1",
                                 "oo",
                                 "-oo",
                                 "int_oo",
                                 "n//0",
                                 "Mod(n, 0)",
                                 "f(",
                                 "f(n)",
                                 "Symbol('a b')",
                                 "Symbol(",
                                 "1e999",
                                 "99999999999999999999",
                                 "9223372036854775807 + 1",
                                 "9223372036854775807*2*n",
                                 "Add(n",
                                 "n,",
                                 "'n'",
                                 "Piecewise((a, b))",
                                 "@",
                                 "Symbol('s0', positive)"})
    EXPECT_EQ(Read(text), "not understood") << text;
}

TEST(Expression, KeepsItsLimits) {
  EXPECT_EQ(Read(std::string(10000, '(')), "not understood");
  EXPECT_EQ(Read(std::string(10000, '-') + "1"), "not understood");
  EXPECT_EQ(Read(std::string(100000, '1')), "not understood");
  std::string product = "(a+b+c+d)", nested = "n";
  for (int i = 0; i < 12; ++i) product += "*(a+b+c+d)";
  EXPECT_EQ(Read(product), "not understood");
  // Would double at each step.
  for (int i = 0; i < 60; ++i) nested = "((" + nested + ")//3+1)**9";
  EXPECT_EQ(Read(nested), "not understood");
}

TEST(BareSymbol, IsASymbolAlone) {
  EXPECT_EQ(BareSymbol("Symbol('s77', positive=True, integer=True)"), "s77");
  EXPECT_EQ(BareSymbol("s0"), "s0");
  for (const char* const text : {"2*s0", "Integer(3)", "true", "float(s0)", "", "Max(s0, 1)"})
    EXPECT_FALSE(BareSymbol(text)) << text;
}

// ---- every expression of the fixtures, against the value PyTorch recorded beside it

struct Hinted {
  std::string text;
  std::optional<int64_t> hint;
};

void Collect(JsonValue json, std::vector<Hinted>& out) {
  if (json["expr_str"].IsString()) {
    const JsonValue hint = json["hint"];
    out.push_back({std::string(json["expr_str"].text()), hint.AsInt() ? hint.AsInt() : hint["as_int"].AsInt()});
  }
  for (const JsonValue element : json) Collect(element, out);
  for (std::size_t i = 0; json.IsObject() && i < json.size(); ++i) Collect(json.member(i).value, out);
}

std::vector<Hinted> Expressions(const std::filesystem::path& path) {
  const auto file = MappedFile::Open(path);
  auto zip = ZipArchive::Open(WholeFile(*file), path.string());
  const auto archive = ProgramArchive::Open(std::make_shared<const ZipArchive>(*std::move(zip)), false);
  if (!archive.ok()) return {};
  const auto document = JsonDocument::Parse(archive->program().text(), path.string());
  std::vector<Hinted> out;
  Collect(document->root()["graph_module"], out);
  return out;
}

// The canonical text with each symbol replaced by its number.
std::string Substituted(std::string text, const std::map<std::string, int64_t>& values) {
  for (const auto& [symbol, value] : values)
    text = std::regex_replace(text, std::regex("\\b" + symbol + "\\b"), std::to_string(value));
  return text;
}

TEST(Expression, HasTheValueThatPyTorchRecorded) {
  std::size_t checked = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(FAIRLEAD_TEST_DATA "/fixtures")) {
    if (entry.path().extension() != ".pt2") continue;
    SCOPED_TRACE(entry.path().string());
    const std::vector<Hinted> expressions = Expressions(entry.path());
    std::map<std::string, int64_t> values;
    for (const Hinted& hinted : expressions)
      if (const auto symbol = BareSymbol(hinted.text); symbol && hinted.hint) values[*symbol] = *hinted.hint;
    for (const Hinted& hinted : expressions) {
      const std::string canonical = Read(hinted.text);
      EXPECT_NE(canonical, "not understood") << hinted.text;
      // Real numbers and choices are not folded: trunc(0.7*float(n)), where(n>5,n,2*n).
      if (!hinted.hint || std::regex_search(canonical, std::regex("float|trunc|where|\\*\\*-"))) continue;
      EXPECT_EQ(Read(Substituted(canonical, values)), std::to_string(*hinted.hint)) << hinted.text;
      ++checked;
    }
  }
  EXPECT_GT(checked, 1000u);
}

}  // namespace
}  // namespace fairlead
