// Builder's own rules, through a mock host: widening, promotion, sizes, nested graphs, other ATen operators.
#include <gmock/gmock.h>

#include "mock_host.hpp"

namespace fairlead::sdk_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Tensor kX{"x", DType::kFloat, {2, 3}}, kBatch{"x", DType::kFloat, {-1, 3}}, kHalf{"h", DType::kFloat16, {2}},
    kBrain{"x", DType::kBFloat16, {2}}, kByte{"x", DType::kUint8, {2, 2}}, kScalar{"s", DType::kDouble, {}},
    kNumber{"n", DType::kDouble, {}, true};

using Function = Value (*)(Builder&, Value, Value);
template <Function F> std::string Lowered(const Tensor& self, const Tensor& other = kX, int opset = 20) {
  static constexpr Lowering kRow = Lower<F>("aten::f(Tensor self, Tensor other) -> Tensor");
  MockHost host({{"self", self}, {"other", other}}, opset);
  return host.Lower(kRow) == FL_OK ? host.text() : "refused: " + host.error();
}

// ---- widening ----

Value CeluOf(Builder& b, Value self, Value) { return b.Celu(self); }
Value AcosOf(Builder& b, Value self, Value) { return b.Acos(self); }
Value ProductOf(Builder& b, Value self, Value other) { return b.MatMul(self, other); }
Value TakenFrom(Builder& b, Value self, Value other) { return b.Gather(self, other); }
Value SinOf(Builder& b, Value self, Value) { return b.Sin(self); }

TEST(Widening, ComputesInTheNearestTypeTheOperatorKnows) {
  EXPECT_EQ(Lowered<CeluOf>(kBrain), "y0 = Cast<to=1>(x)\ny1 = Celu(y0)\ny2 = Cast<to=16>(y1)\nreturn y2\n");
  EXPECT_EQ(Lowered<ProductOf>(kByte, kByte),
            "y0 = Cast<to=6>(x)\ny1 = Cast<to=6>(x)\ny2 = MatMul(y0, y1)\ny3 = Cast<to=2>(y2)\nreturn y3\n");
}

TEST(Widening, EndsWithTheOpsetThatKnowsTheType) {
  EXPECT_EQ(Lowered<AcosOf>(kBrain, kX, 21), "y0 = Cast<to=1>(x)\ny1 = Acos(y0)\ny2 = Cast<to=16>(y1)\nreturn y2\n");
  EXPECT_EQ(Lowered<AcosOf>(kBrain, kX, 22), "y0 = Acos(x)\nreturn y0\n");
}

TEST(Widening, TakesEachTypeVariableByItself) {
  EXPECT_EQ(Lowered<TakenFrom>(kX, {"i", DType::kUint8, {2}}), "y0 = Cast<to=6>(i)\ny1 = Gather(x, y0)\nreturn y1\n");
}

TEST(Widening, MakesNoFloatsOfIntegersForAnOperatorOfFloats) {
  EXPECT_EQ(Lowered<SinOf>(kByte), "y0 = Sin(x)\nreturn y0\n");
}

// ---- types ----

Value Sum(Builder& b, Value self, Value other) {
  const auto [x, y] = b.Promote(self, other);
  return b.Add(x, y);
}

TEST(Promote, TreatsWrappedNumbersAndScalarTensorsAsTorchDoes) {
  EXPECT_EQ(Lowered<Sum>(kHalf, kScalar), "y0 = Cast<to=10>(s)\ny1 = Add(h, y0)\nreturn y1\n");
  EXPECT_EQ(Lowered<Sum>({"i", DType::kInt64, {2}}, kNumber),
            "y0 = Cast<to=1>(i)\ny1 = Cast<to=1>(n)\ny2 = Add(y0, y1)\nreturn y2\n");
}

Value Recorded(Builder& b, Value self, Value) { return b.ToResultType(self); }

TEST(ToResultType, CastsToWhatWasRecordedIfAnythingWas) {
  static constexpr Lowering kRow = Lower<Recorded>("aten::f(Tensor self, Tensor other) -> Tensor");
  MockHost unknown({{"self", kX}, {"other", kX}}), recorded({{"self", kX}, {"other", kX}});
  recorded.recorded = {"", DType::kDouble, {2, 3}};
  ASSERT_EQ(unknown.Lower(kRow), FL_OK);
  ASSERT_EQ(recorded.Lower(kRow), FL_OK);
  EXPECT_EQ(unknown.text(), "return x\n");
  EXPECT_EQ(recorded.text(), "y0 = Cast<to=11>(x)\nreturn y0\n");
}

Value ConstantOfEachType(Builder& b, Value self, Value) {
  return b.Concat({b.Constant(0.1, DType::kFloat16), b.ToType(b.Constant(2, DType::kInt64), DType::kBFloat16),
                   b.Constant({1.5, 2.5}, DType::kDouble), b.Constant({3, 4}), self},
                  {.axis = 0});
}

TEST(Constant, IsWrittenInItsTypeAndConvertedAtOnce) {
  EXPECT_EQ(Lowered<ConstantOfEachType>(kX), "y0 = Concat<axis=0>(0.0999755859375, 2, [1.5, 2.5], [3, 4], x)\nreturn y0\n");
}

// ---- sizes ----

Value FlattenTail(Builder& b, Value self, Value) { return b.Reshape(self, {b.SizeOf(self, 0), 3, 1}); }
Value TwoSymbols(Builder& b, Value self, Value other) { return b.Reshape(self, {self.dim(0), other.dim(0), 3}); }
Value ToNothing(Builder& b, Value self, Value) { return b.Reshape(self, {0, 3}); }
Value Same(Builder& b, Value self, Value) { return b.Reshape(self, {2, 3}); }

TEST(Reshape, WritesOneSymbolicSizeAsTheRest) {
  EXPECT_EQ(Lowered<FlattenTail>(kBatch), "y0 = Reshape(x, [-1, 3, 1])\nreturn y0\n");
}

TEST(Reshape, TakesZerosForSizes) {
  EXPECT_EQ(Lowered<ToNothing>(kX), "y0 = Reshape<allowzero=1>(x, [0, 3])\nreturn y0\n");
  EXPECT_EQ(Lowered<TwoSymbols>(kBatch, {"z", DType::kFloat, {-1}}),
            "y0 = Reshape<allowzero=1>(x, [x.0, z.0, 3])\nreturn y0\n");
}

TEST(Reshape, ToTheSameSizesIsNothing) { EXPECT_EQ(Lowered<Same>(kX), "return x\n"); }

Value Arithmetic(Builder& b, Value self, Value) {
  const Dim folded = b.CeilDivide(b.Plus(b.Multiply(3, 5), b.Minus(2, 1)), 3);  // (15 + 1) / 3, rounded up
  return b.Expand(self, {folded, b.FloorDivide(-7, 2), b.Least(3, 4), b.Greatest(3, 4), b.Product({2, 3, 4})});
}
Value SymbolicArithmetic(Builder& b, Value self, Value) { return b.ToValue(b.Plus(b.Multiply(self.dim(0), 2), 0)); }
Value Overflow(Builder& b, Value self, Value) { return b.Expand(self, {b.Multiply(INT64_MAX, 2)}); }
Value ByZero(Builder& b, Value self, Value) { return b.Expand(self, {b.FloorDivide(1, 0)}); }

TEST(Sizes, ThatAreStaticAreFolded) {
  EXPECT_EQ(Lowered<Arithmetic>(kX), "y0 = Expand(x, [6, -4, 3, 4, 24])\nreturn y0\n");
}

TEST(Sizes, ThatAreSymbolicAreComputed) { EXPECT_EQ(Lowered<SymbolicArithmetic>(kBatch), "y0 = Mul(x.0, 2)\nreturn y0\n"); }

TEST(Sizes, WithoutAResultAreRefused) {
  EXPECT_EQ(Lowered<Overflow>(kX), "refused: arithmetic on the sizes 9223372036854775807 and 2 has no result");
  EXPECT_EQ(Lowered<ByZero>(kX), "refused: arithmetic on the sizes 1 and 0 has no result");
}

Value LastAxis(Builder& b, Value self, Value) { return b.Unsqueeze(self, b.Axes({-1}, self.rank())); }
Value NoSuchAxis(Builder& b, Value self, Value) { return b.Unsqueeze(self, {b.Axis(2, self.rank())}); }

TEST(Axis, CountsFromTheFrontAndIsChecked) {
  EXPECT_EQ(Lowered<LastAxis>(kX), "y0 = Unsqueeze(x, [1])\nreturn y0\n");
  EXPECT_EQ(Lowered<NoSuchAxis>(kX), "refused: axis 2 of a tensor of rank 2");
  EXPECT_EQ(NormalizeAxis(-1, 0), 0);
}

// What follows a refusal and would reach past the end of an empty list.
Value LastSizeOfNothing(Builder& b, Value self, Value) {
  const Dims sizes = Value(b.Unsupported("nothing")).dims();
  return b.Unsqueeze(self, {sizes[sizes.size() - 1].size});
}
Value FirstOfNoLoop(Builder& b, Value self, Value) {
  b.Unsupported("no loop");
  return b.Loop({}, {}, {self}, [](Value, Value, std::span<const Value> states) {
    return LoopStep{.condition = {}, .states = {states[0]}, .scans = {}};
  })[0];
}

TEST(Builder, EndsTheLoweringWhereARefusalLeavesNoList) {
  EXPECT_EQ(Lowered<LastSizeOfNothing>(kX), "refused: nothing");
  EXPECT_EQ(Lowered<FirstOfNoLoop>(kX), "refused: no loop");
}

// ---- older forms ----

Value Sampled(Builder& b, Value self, Value other) { return b.GridSample(self, other, {.mode = "cubic"}); }

TEST(GridSample, WritesTheModeInTheWordsOfTheTarget) {
  EXPECT_EQ(Lowered<Sampled>(kX, kX, 20), "y0 = GridSample<mode=\"cubic\">(x, x)\nreturn y0\n");
  EXPECT_EQ(Lowered<Sampled>(kX, kX, 19), "y0 = GridSample<mode=\"bicubic\">(x, x)\nreturn y0\n");
}

// ---- nested graphs and other operators ----

Value Branches(Builder& b, Value self, Value other) {
  const auto either = b.If(
      self, [&] { return std::vector<Value>{b.Relu(other)}; }, [&] { return std::vector<Value>{b.Neg(other)}; });
  return either.empty() ? Value() : either[0];
}
Value Uneven(Builder& b, Value self, Value other) {
  const auto either = b.If(
      self, [&] { return std::vector<Value>{other}; },
      [&] {
        return std::vector<Value>{other, other};
      });
  return either.empty() ? Value() : either[0];
}
Value Repeated(Builder& b, Value self, Value other) {
  const auto states = b.Loop(b.ToValue(4), {}, {self}, [&](Value turn, Value, std::span<const Value> state) -> LoopStep {
    return {{}, {b.Add(state[0], other)}, {turn}};
  });
  return states.empty() ? Value() : states[1];
}

TEST(If, HasABranchForEachFunction) {
  EXPECT_EQ(Lowered<Branches>({"p", DType::kBool, {}}),
            "y0 = If<else_branch={y0 = Neg(x)\nreturn y0\n}, then_branch={y0 = Relu(x)\nreturn y0\n}>(p)\nreturn y0\n");
  EXPECT_THAT(Lowered<Uneven>({"p", DType::kBool, {}}), HasSubstr("the branches return 1 and 2 values"));
}

TEST(Loop, HandsOnTheConditionWhereNoneIsGiven) {
  EXPECT_EQ(Lowered<Repeated>(kX),
            "y0, y1 = Loop<body={y0 = Identity(f1)\ny1 = Add(f2, x)\nreturn y0, y1, f0\n}>(4, , x)\nreturn y1\n");
}

Value Delegating(Builder& b, Value self, Value other) {
  return b.Aten("aten::f", {{"self", self},
                            {"others", std::vector<Value>{other, self}},
                            {"size", Dims{self.dim(0), 3}},
                            {"dim", Ints{1}},
                            {"keepdim", true},
                            {"eps", 0.5},
                            {"mode", "tanh"},
                            {"bias", Value()},
                            {"scale", std::optional<double>()},
                            {"alpha", Scalar(2)}});
}

TEST(Aten, HandsOverArgumentsInTheirKinds) {
  static constexpr Lowering kRow = Lower<Delegating>("aten::f(Tensor self, Tensor other) -> Tensor");
  MockHost host({{"self", kBatch}, {"other", kX}});
  ASSERT_EQ(host.Lower(kRow), FL_OK) << host.error();
  const std::string wanted =
      Format("aten::f(self:{}, others:{}, size:{}x2, dim:{}, keepdim:{}, eps:{}, mode:{}, bias:{}, scale:{}, alpha:{})",
             int{FL_ARG_VALUE}, int{FL_ARG_VALUES}, int{FL_ARG_DIMS}, int{FL_ARG_I64S}, int{FL_ARG_BOOL}, int{FL_ARG_F64},
             int{FL_ARG_STR}, int{FL_ARG_NONE}, int{FL_ARG_NONE}, int{FL_ARG_I64});
  EXPECT_THAT(host.calls(), ElementsAre(wanted));
  EXPECT_EQ(host.text(), "return r0\n");
}

}  // namespace
}  // namespace fairlead::sdk_test
