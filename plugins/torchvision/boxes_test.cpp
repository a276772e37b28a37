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

LOWERING_TEST(Nms, OfHalfPrecisionIsComputedInFloat) {
  EXPECT_LOWERS("torchvision.nms(d: f16[6,4], s: f16[6], 0.5) -> i64[u]",
                "agraph (float16[6,4] d, float16[6] s) => (int64[u] z) {\n"
                "  wide_boxes = Cast<to = 1>(d)\n"
                "  zero = Constant<value = int64[1] {0}>()\n"
                "  boxes = Unsqueeze(wide_boxes, zero)\n"
                "  wide_scores = Cast<to = 1>(s)\n"
                "  zero_one = Constant<value = int64[2] {0, 1}>()\n"
                "  scores = Unsqueeze(wide_scores, zero_one)\n"
                "  all = Constant<value = int64[1] {6}>()\n"
                "  threshold = Constant<value = float[1] {0.5}>()\n"
                "  selected = NonMaxSuppression(boxes, scores, all, threshold)\n"
                "  two = Constant<value = int64 {2}>()\n"
                "  z = Gather<axis = 1>(selected, two)\n"
                "}");
}

// The boxes in the order of their scores, the overlaps of all pairs, and a loop that drops boxes from the best on.
std::string NmsOfPairs(const std::string& type, const std::string& threshold) {
  return "agraph (" + type + "[6,4] d, " + type + "[6] s) => (int64[u] z) {" + R"(
    all = Constant<value = int64[1] {6}>()
    ranked, order = TopK<axis = 0>(s, all)
    boxes = Gather(d, order)
    n0 = Constant<value = int64 {0}>()
    n1 = Constant<value = int64 {1}>()
    n2 = Constant<value = int64 {2}>()
    n3 = Constant<value = int64 {3}>()
    second = Constant<value = int64[1] {1}>()
    x1 = Gather<axis = 1>(boxes, n0)
    y1 = Gather<axis = 1>(boxes, n1)
    x2 = Gather<axis = 1>(boxes, n2)
    y2 = Gather<axis = 1>(boxes, n3)
    x1_column = Unsqueeze(x1, second)
    left = Max(x1_column, x1)
    x2_column = Unsqueeze(x2, second)
    right = Min(x2_column, x2)
    zero = Constant<value = )" +
         type + R"( {0.0}>()
    across = Sub(right, left)
    common_width = Max(across, zero)
    y1_column = Unsqueeze(y1, second)
    top = Max(y1_column, y1)
    y2_column = Unsqueeze(y2, second)
    bottom = Min(y2_column, y2)
    down = Sub(bottom, top)
    common_height = Max(down, zero)
    common = Mul(common_width, common_height)
    width = Sub(x2, x1)
    height = Sub(y2, y1)
    area = Mul(width, height)
    area_column = Unsqueeze(area, second)
    both = Add(area_column, area)
    union = Sub(both, common)
    iou = Div(common, union)
    threshold = Constant<value = )" +
         type + " {" + threshold + R"(}>()
    over = Greater(iou, threshold)
    count = Constant<value = int64 {6}>()
    places = Range(n0, count, n1)
    no = Constant<value = bool {0}>()
    start = Expand(no, all)
    dropped = Loop<body = agraph nested (int64[] turn, bool[] on, bool[6] before) => (bool[] go, bool[6] after) {
      go = Identity(on)
      overlapped = Gather(over, turn)
      later = Greater(places, turn)
      taken_later = And(overlapped, later)
      itself = Gather(before, turn)
      is_there = Not(itself)
      taken = And(taken_later, is_there)
      after = Or(before, taken)
    }>(count, "", start)
    kept = Not(dropped)
    z = Compress<axis = 0>(order, kept)
  })";
}

LOWERING_TEST(Nms, OfDoublesComparesAllPairs) {
  EXPECT_LOWERS("torchvision.nms(d: f64[6,4], s: f64[6], 0.3) -> i64[u]", NmsOfPairs("double", "0.3"));
}

// Overlaps lie between 0 and 1, which are the thresholds that NonMaxSuppression takes.
LOWERING_TEST(Nms, UnderAThresholdThatNoneReachesComparesAllPairs) {
  EXPECT_LOWERS("torchvision.nms(d: f32[6,4], s: f32[6], 1.5) -> i64[u]", NmsOfPairs("float", "1.5"));
}

LOWERING_TEST(Nms, IsRefusedForWhatAreNoBoxes) {
  EXPECT_REFUSED("torchvision.nms(d: f32[6], s: f32[6], 0.3)", "dets has rank 1 and scores 1, wanted 2 and 1");
  EXPECT_REFUSED("torchvision.nms(d: f32[6,5], s: f32[6], 2.0)", "dets has 5 columns, wanted 4");
}

}  // namespace
