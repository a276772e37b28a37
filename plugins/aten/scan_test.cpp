#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Cumsum, OfHalfPrecisionAddsInFloat) {
  EXPECT_LOWERS("aten.cumsum(x: f16[2,3], -1) -> f16[2,3]",
                "agraph (float16[2,3] x) => (float16[2,3] z) {\n"
                "  wide = Cast<to = 1>(x)\n"
                "  axis = Constant<value = int64 {1}>()\n"
                "  sums = CumSum(wide, axis)\n"
                "  z = Cast<to = 10>(sums)\n}");
}

LOWERING_TEST(Cumprod, WalksTheAxisInTheTypeThatTorchKeeps) {
  EXPECT_LOWERS("aten.cumprod(x: f64[2,3], 1) -> f64[2,3]",
                "agraph (double[2,3] x) => (double[2,3] z) {\n"
                "  one = Constant<value = double {1.0}>()\n"
                "  sizes = Constant<value = int64[1] {2}>()\n"
                "  ones = Expand(one, sizes)\n"
                "  last, z = Scan<body = agraph nested (double[2] p, double[2] x) => (double[2] next, double[2] kept) {\n"
                "    next = Mul(p, x)\n"
                "    kept = Identity(next)\n"
                "  }, num_scan_inputs = 1, scan_input_axes = [1], scan_output_axes = [1]>(ones, x)\n}");
}

LOWERING_TEST(Logcumsumexp, OfIntegersIsRefused) {
  EXPECT_REFUSED("aten.logcumsumexp(x: i64[2], 0) -> i64[2]", "self has dtype int64");
}

LOWERING_TEST(Gradient, KnowsTwoEdgeOrders) {
  EXPECT_REFUSED("aten.gradient.array(x: f32[5], dim=[0], edge_order=3) -> f32[5]", "edge_order=3");
}

LOWERING_TEST(Logcumsumexp, IsRefusedForAnAxisThatIsNotThere) {
  EXPECT_REFUSED("aten.logcumsumexp(x: f32[2], 1) -> f32[2]", "axis 1 of a tensor of rank 1");
}

LOWERING_TEST(Gradient, IsRefusedForNumbers) {
  EXPECT_REFUSED("aten.gradient.tensorarray(x: f32[], spacing=[t: f32[2]], dim=[0])", "self has rank 0, wanted at least 1");
}

LOWERING_TEST(Trapezoid, IsRefusedForNumbers) {
  EXPECT_REFUSED("aten.trapezoid.x(y: f32[], x: f32[1])", "y has rank 0, wanted at least 1");
  EXPECT_REFUSED("aten.cumulative_trapezoid.x(y: f32[], x: f32[1])", "y has rank 0, wanted at least 1");
}

}  // namespace
