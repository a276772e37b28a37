#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Scan, HandsOnItsStatesAndStacksTheRest) {
  EXPECT_LOWERS(R"(agraph (float[4] s, float[n,4] x, float[4] k) => (float[4] t, float[n,4] y) {
                     [t, y] = higher_order::scan.default(
                       combine_graph=agraph c (float[4] a, float[4] b, float[4] d) => (float[4] e, float[4] f) {
                         e = aten::add.Tensor(self=a, other=b)
                         f = aten::mul.Tensor(self=a, other=d)
                       }, init=[s], xs=[x], additional=[k])
                   })",
                R"(agraph (float[4] s, float[n,4] x, float[4] k) => (float[4] t, float[n,4] y) {
                     t, y = Scan<body = agraph nested (float[4] a, float[4] b) => (float[4] e, float[4] f) {
                       e = Add(a, b)
                       f = Mul(a, k)
                     }, num_scan_inputs = 1>(s, x)
                   })");
}

LOWERING_TEST(Scan, OfPyTorch2_6SaysItsAxisAndDirection) {
  EXPECT_LOWERS(R"(agraph (float[4] s, float[4,n] x) => (float[4] t, float[n,4] y) {
                     [t, y] = higher_order::scan.default(
                       combine_graph=agraph c (float[4] a, float[4] b) => (float[4] e, float[4] f) {
                         e = aten::add.Tensor(self=a, other=b)
                         f = aten::neg.default(self=e)
                       }, init=[s], xs=[x], additional=[], reverse=true, dim=1)
                   })",
                R"(agraph (float[4] s, float[4,n] x) => (float[4] t, float[n,4] y) {
                     t, y = Scan<body = agraph nested (float[4] a, float[4] b) => (float[4] e, float[4] f) {
                       e = Add(a, b)
                       f = Neg(e)
                     }, num_scan_inputs = 1, scan_input_axes = [1], scan_input_directions = [1], scan_output_directions = [1]>(s, x)
                   })");
}

LOWERING_TEST(AssociativeScan, KeepsWhatIsCombinedSoFar) {
  EXPECT_LOWERS(R"(agraph (float[n,4] x) => (float[n,4] y) {
                     [y] = higher_order::associative_scan.default(
                       combine_graph=agraph c (float[4] a, float[4] b) => (float[4] d) { d = aten::add.Tensor(self=a, other=b) },
                       xs=[x], additional=[])
                   })",
                R"(agraph (float[n,4] x) => (float[n,4] y) {
                     zero = Constant<value = int64 {0}>()
                     first = Gather(x, zero)
                     from = Constant<value = int64[1] {1}>()
                     end = Constant<value = int64[1] {9223372036854775807}>()
                     axes = Constant<value = int64[1] {0}>()
                     rest = Slice(x, from, end, axes)
                     minus_one = Constant<value = int64[1] {-1}>()
                     last = Slice(x, minus_one, end, axes)
                     next = Concat<axis = 0>(rest, last)
                     all, y = Scan<body = agraph nested (float[4] a, float[4] b) => (float[4] d, float[4] kept) {
                       d = Add(a, b)
                       kept = Identity(a)
                     }, num_scan_inputs = 1>(first, next)
                   })");
}

LOWERING_TEST(AssociativeScan, OfGraphsForOtherElementsIsRefused) {
  EXPECT_REFUSED(R"(agraph (float[n,4] x) => (float[n,4] y) {
                      [y] = higher_order::associative_scan.default(
                        combine_graph=agraph c (float[] a, float[] b) => (float[] d) { d = aten::add.Tensor(self=a, other=b) },
                        xs=[x], additional=[], dim=1)
                    })",
                 "combine_graph takes tensors of rank 0, an element of xs has rank 1");
}

LOWERING_TEST(Map, IsALoopOverTheFirstAxis) {
  EXPECT_LOWERS(R"(agraph (float[3,4] x, float[4] k) => (float[3,4] y) {
                     [y] = higher_order::map_impl.default(
                       body_graph=agraph c (float[4] a, float[4] b) => (float[4] d) { d = aten::add.Tensor(self=a, other=b) },
                       mapped=[x], additional=[k])
                   })",
                R"(agraph (float[3,4] x, float[4] k) => (float[3,4] y) {
                     three = Constant<value = int64 {3}>()
                     always = Constant<value = bool {true}>()
                     y = Loop<body = agraph nested (int64[] turn, bool[] on) => (bool[] go, float[4] d) {
                       go = Identity(on)
                       a = Gather(x, turn)
                       d = Add(a, k)
                     }>(three, always)
                   })");
}

LOWERING_TEST(Map, OfANumberIsRefused) {
  EXPECT_REFUSED(R"(agraph (float[] x) => (float[] y) {
                      [y] = higher_order::map_impl.default(body_graph=agraph c (float[] a) => (float[] a) {}, mapped=[x], additional=[])
                    })",
                 "mapped has a tensor of rank 0");
}

}  // namespace
