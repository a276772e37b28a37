#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Dft, TakesItsAxisAsAnInput) {
  EXPECT_LOWERS("fairlead.dft(x: f32[3,8,1], dim=1, inverse=false, onesided=true) -> f32[3,5,2]",
                "agraph (float[3,8,1] x) => (float[3,5,2] z) {\n"
                "  axis = Constant<value = int64 {1}>()\n"
                "  z = DFT<onesided = 1>(x, \"\", axis)\n"
                "}");
}

LOWERING_TEST(Dft, TakesItsAxisAsAnAttributeBeforeOpset20) {
  EXPECT_LOWERS_AT(19, "fairlead.dft(x: f32[3,8,2], dim=-2, inverse=true, onesided=false) -> f32[3,8,2]",
                   "agraph (float[3,8,2] x) => (float[3,8,2] z) {\n"
                   "  z = DFT<inverse = 1>(x)\n"
                   "}");
}

LOWERING_TEST(Dft, ComputesLengthsThatAreNoPowerOfTwoInDouble) {
  EXPECT_LOWERS("fairlead.dft(x: f32[7,2], dim=0, inverse=false, onesided=false) -> f32[7,2]",
                "agraph (float[7,2] x) => (float[7,2] z) {\n"
                "  d = Cast<to = 11>(x)\n"
                "  axis = Constant<value = int64 {0}>()\n"
                "  t = DFT(d, \"\", axis)\n"
                "  z = Cast<to = 1>(t)\n"
                "}");
}

LOWERING_TEST(FftFreq, CountsNegativeFrequenciesBehindTheOthers) {
  EXPECT_LOWERS("aten.fft_fftfreq(n=4, d=0.5) -> f32[4]",
                "agraph () => (float[4] z) {\n"
                "  z = Constant<value = float[4] {0.0, 0.5, -1.0, -0.5}>()\n"
                "}");
}

}  // namespace
