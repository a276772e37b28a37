#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Cond, ReadsItsOperandsFromAround) {
  EXPECT_LOWERS(R"(agraph (bool[] p, float[2] x) => (float[2] y) {
                     [y] = higher_order::cond.default(pred=p,
                       true_graph=agraph t (float[2] a) => (float[2] c) { c = aten::relu.default(self=a) },
                       false_graph=agraph f (float[2] b) => (float[2] b) {}, operands=[x])
                   })",
                R"(agraph (bool[] p, float[2] x) => (float[2] y) {
                     y = If<then_branch = agraph nested () => (float[2] a) { a = Relu(x) },
                            else_branch = agraph nested () => (float[2] b) { b = Identity(x) }>(p)
                   })");
}

LOWERING_TEST(WhileLoop, AsksBeforeTheFirstTurnAndAfterEach) {
  EXPECT_LOWERS(R"(agraph (int64[] n, float[2] x) => (int64[] m, float[2] y) {
                     [m, y] = higher_order::while_loop.default(
                       cond_graph=agraph c (int64[] i, float[2] v) => (bool[] r) { r = aten::lt.Scalar(self=i, other=5) },
                       body_graph=agraph d (int64[] i, float[2] v) => (int64[] j, float[2] w) {
                         j = aten::add.Tensor(self=i, other=1)
                         w = aten::neg.default(self=v)
                       }, carried=[n, x], additional=[])
                   })",
                R"(agraph (int64[] n, float[2] x) => (int64[] m, float[2] y) {
                     five = Constant<value = int64 {5}>()
                     go = Less(n, five)
                     m, y = Loop<body = agraph nested (int64[] turn, bool[] on, int64[] i, float[2] v) => (bool[] r, int64[] j, float[2] w) {
                       one = Constant<value = int64 {1}>()
                       j = Add(i, one)
                       last = Constant<value = int64 {5}>()
                       r = Less(j, last)
                       w = Neg(v)
                     }>(none, go, n, x)
                   })");
}

}  // namespace
