// The C++ layer through the C tables of a mock host: arguments, results, errors, masks.
#include <gmock/gmock.h>

#include <cmath>
#include <stdexcept>

#include "mock_host.hpp"

namespace fairlead::sdk_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Tensor kX{"x", DType::kFloat, {2, 3}}, kI{"i", DType::kInt64, {3}}, kHalf{"h", DType::kFloat16, {2}};

std::string Lowered(const Lowering& row, std::vector<Argument> arguments, int opset = 20) {
  MockHost host(std::move(arguments), opset);
  return host.Lower(row) == FL_OK ? host.text() : "refused: " + host.error();
}

// ---- arguments ----

Value EveryKind(Builder& b, Value self, Value absent, Scalar number, int64_t axis, Ints sizes, bool flag, double eps,
                std::string_view mode, DType dtype, std::optional<int64_t> none) {
  if (absent || none || !flag || eps != 0.5 || mode != "tanh" || dtype != DType::kDouble)
    return b.Unsupported("wrong argument");
  return b.Reshape(b.Add(self, b.Like(self, number)), Dims(Ints(std::vector<int64_t>{axis, sizes[0]})));
}
constexpr Lowering kEveryKind = Lower<EveryKind>(
    "aten::f(Tensor self, Tensor? absent, Scalar number, int axis, int[] sizes, bool flag, float eps, "
    "str mode, ScalarType dtype, int? none=None) -> Tensor");

TEST(Arguments, ArriveInTheirTypesAndAreReadByName) {
  MockHost host({{"self", kX},
                 {"absent", None{}},
                 {"number", int64_t{2}},
                 {"axis", int64_t{3}},
                 {"sizes", std::vector<int64_t>{2}},
                 {"flag", true},
                 {"eps", 0.5},
                 {"mode", std::string("tanh")},
                 {"dtype", DType::kDouble},
                 {"none", None{}}});
  ASSERT_EQ(host.Lower(kEveryKind), FL_OK) << host.error();
  EXPECT_EQ(host.text(), "y0 = Add(x, 2)\ny1 = Reshape(y0, [3, 2])\nreturn y1\n");
  EXPECT_THAT(host.read(),
              ElementsAre("self", "absent", "number", "axis", "sizes", "flag", "eps", "mode", "dtype", "none"));
}

Value Ignoring(Builder&, Value self, Unused<int64_t>, NoEffect<Device>, NoEffect<std::optional<bool>>) { return self; }
constexpr Lowering kIgnoring =
    Lower<Ignoring>("aten::f(Tensor self, int size, Device? device=None, bool? pin_memory=None) -> Tensor");

TEST(Arguments, ThatAreIgnoredAreNotFetchedAndTheRowSaysSo) {
  MockHost host({{"self", kX}});
  ASSERT_EQ(host.Lower(kIgnoring), FL_OK) << host.error();
  EXPECT_THAT(host.read(), ElementsAre("self"));
  EXPECT_EQ(kIgnoring.unused, 0b0010u);
  EXPECT_EQ(kIgnoring.no_effect, 0b1100u);
}

Value ToSize(Builder& b, Value self, Dims size) { return b.Expand(self, size); }
constexpr Lowering kToSize = Lower<ToSize>("aten::expand(Tensor(a) self, SymInt[] size) -> Tensor(a)");

TEST(Arguments, MixStaticAndSymbolicSizes) {
  EXPECT_EQ(Lowered(kToSize, {{"self", kX}, {"size", SymInts{int64_t{4}, Symbol{"n"}, int64_t{3}}}}),
            "y0 = Expand(x, [4, n, 3])\nreturn y0\n");
}

Value Along(Builder& b, Value self, int64_t dim) { return b.Softmax(self, {.axis = dim}); }
constexpr Lowering kAlong = Lower<Along>("aten::f(Tensor self, SymInt dim) -> Tensor");

TEST(Arguments, ThatAreSymbolicWhereANumberIsNeededAreRefusedByName) {
  EXPECT_EQ(Lowered(kAlong, {{"self", kX}, {"dim", Symbol{"n"}}}), "refused: dim: a symbolic number is not lowered here");
}

TEST(Arguments, ThatAreMissingNameThemselves) {
  EXPECT_EQ(Lowered(kAlong, {{"dim", int64_t{1}}}), "refused: self: the argument cannot be read");
}

TEST(Arguments, OfAnotherKindThanTheSchemaSaysAreAnError) {
  EXPECT_THAT(Lowered(kAlong, {{"self", kX}, {"dim", std::string("one")}}),
              HasSubstr("refused: dim: the argument is of kind"));
}

Value FillWith(Builder& b, Value self, Scalar value) { return b.Expand(b.Like(self, value), b.SizesOf(self)); }
constexpr Lowering kFillWith = Lower<FillWith>("aten::f(Tensor self, Scalar value) -> Tensor");

TEST(ScalarArgument, MayBeSymbolicAndIsThenCast) {
  EXPECT_EQ(Lowered(kFillWith, {{"self", kX}, {"value", Symbol{"n"}}}),
            "y0 = Cast<to=1>(n)\ny1 = Expand(y0, [2, 3])\nreturn y1\n");
}

Value Powered(Builder& b, Value self, Scalar exponent) { return b.Elu(self, {.alpha = exponent.AsDouble()}); }
constexpr Lowering kPowered = Lower<Powered>("aten::f(Tensor self, Scalar exponent) -> Tensor");

TEST(ScalarArgument, ThatIsSymbolicIsRefusedWhereItsNumberIsNeeded) {
  EXPECT_EQ(Lowered(kPowered, {{"self", kX}, {"exponent", Symbol{"n"}}}),
            "refused: a number known only at run time is not lowered here");
}

// ---- results ----

struct Pair {
  Value first, second;
};
Pair Swapped(Builder&, Value self, Value other) { return {other, self}; }
constexpr Lowering kSwapped = Lower<Swapped>("aten::f(Tensor self, Tensor other) -> (Tensor, Tensor)");

std::vector<Value> Halves(Builder& b, Value self, int64_t dim) { return b.Split(self, {.axis = dim, .num_outputs = 2}, 2); }
constexpr Lowering kHalves = Lower<Halves>("aten::chunk(Tensor(a -> *) self, int dim) -> Tensor(a)[]");

TEST(Results, MayBeAStructOrAList) {
  EXPECT_EQ(Lowered(kSwapped, {{"self", kX}, {"other", kI}}), "return i, x\n");
  EXPECT_EQ(Lowered(kHalves, {{"self", kX}, {"dim", int64_t{1}}}),
            "y0, y1 = Split<axis=1, num_outputs=2>(x)\nreturn y0, y1\n");
}

// ---- errors ----

Value Throws(Builder&, Value) { throw std::runtime_error("thrown on purpose"); }
constexpr Lowering kThrows = Lower<Throws>("aten::f(Tensor self) -> Tensor");

Value AfterError(Builder& b, Value self) {
  const Value refused = b.Unsupported("first: {}", self.dtype());
  return b.Add(b.Relu(refused), b.Unsupported("second"));
}
constexpr Lowering kAfterError = Lower<AfterError>("aten::f(Tensor self) -> Tensor");

Value HostRefuses(Builder& b, Value self) { return b.Relu(b.Hardmax(self)); }
constexpr Lowering kHostRefuses = Lower<HostRefuses>("aten::f(Tensor self) -> Tensor");

Value Declines(Builder& b, Value self) { return b.Decline("rank {}", self.rank()); }
constexpr Lowering kDeclines = Lower<Declines>("aten::f(Tensor self) -> Tensor");

TEST(Errors, ThatAreThrownBecomeAStatus) { EXPECT_EQ(Lowered(kThrows, {{"self", kX}}), "refused: thrown on purpose"); }

TEST(Errors, AreKeptFromTheFirst) { EXPECT_EQ(Lowered(kAfterError, {{"self", kX}}), "refused: first: float"); }

TEST(Errors, OfTheHostNameTheOperator) {
  EXPECT_EQ(Lowered(kHostRefuses, {{"self", kX}}), "refused: Hardmax: not on this host");
}

TEST(Errors, LetTheNextLoweringTryWhenDeclined) {
  MockHost host({{"self", kX}});
  EXPECT_EQ(host.Lower(kDeclines), FL_DECLINED);
  EXPECT_EQ(host.error(), "rank 2");
}

// ---- rows ----

TEST(Lowering, IsAuthoredForTheNewestOpsetOrItsLast) {
  EXPECT_EQ(kThrows.authored_opset, static_cast<uint32_t>(kOnnxOpset));
  EXPECT_EQ(kThrows.Until(19).authored_opset, 19u);
  EXPECT_EQ(kThrows.Since(23).since_opset, 23u);
  EXPECT_EQ(kThrows.Priority(5).priority, 5);
}

}  // namespace
}  // namespace fairlead::sdk_test
