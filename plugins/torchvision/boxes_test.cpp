#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Nms, IsNonMaxSuppressionOfOneClass) {
  EXPECT_LOWERS("torchvision.nms(d: f32[6,4], s: f32[6], 0.5) -> i64[u]",
                "agraph (float[6,4] d, float[6] s) => (int64[u] z) {\n"
                "  zero = Constant<value=int64[1] {0}>()\n"
                "  boxes = Unsqueeze(d, zero)\n"
                "  zero_one = Constant<value=int64[2] {0, 1}>()\n"
                "  scores = Unsqueeze(s, zero_one)\n"
                "  all = Constant<value=int64[1] {6}>()\n"
                "  threshold = Constant<value=float[1] {0.5}>()\n"
                "  selected = NonMaxSuppression(boxes, scores, all, threshold)\n"
                "  two = Constant<value=int64 {2}>()\n"
                "  z = Gather<axis=1>(selected, two)\n}");
}

// 0.3 as a float is larger than 0.3: a float that equals it is over the threshold in torch.
LOWERING_TEST(Nms, RoundsItsThresholdDown) {
  EXPECT_LOWERS("torchvision.nms(d: f32[6,4], s: f32[6], 0.3) -> i64[u]",
                "agraph (float[6,4] d, float[6] s) => (int64[u] z) {\n"
                "  zero = Constant<value=int64[1] {0}>()\n"
                "  boxes = Unsqueeze(d, zero)\n"
                "  zero_one = Constant<value=int64[2] {0, 1}>()\n"
                "  scores = Unsqueeze(s, zero_one)\n"
                "  all = Constant<value=int64[1] {6}>()\n"
                "  threshold = Constant<value=float[1] {0.29999998}>()\n"
                "  selected = NonMaxSuppression(boxes, scores, all, threshold)\n"
                "  two = Constant<value=int64 {2}>()\n"
                "  z = Gather<axis=1>(selected, two)\n}");
}

}  // namespace
