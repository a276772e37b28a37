#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Histc, NeedsABin) { EXPECT_REFUSED("aten.histc(x: f32[4], bins=0) -> f32[0]", "bins=0"); }

LOWERING_TEST(Histogramdd, IsRefusedForMoreColumnsThanItCanWrite) {
  EXPECT_REFUSED("aten.histogramdd.int_bins(x: f32[5,3037000500], 2)", "self has 3037000500 columns, wanted at most 1024");
}

LOWERING_TEST(Histogram, IsRefusedWithoutBins) {
  EXPECT_REFUSED("aten.histogram.bin_ct(x: f32[5], 0)", "bins=0");
  EXPECT_REFUSED("aten.histogram.bin_ct(x: f32[5], 9223372036854775807)", "bins=9223372036854775807");
}

}  // namespace
