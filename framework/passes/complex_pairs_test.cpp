// complex-pairs: what stands for complex tensors and operators on them.
#include <gmock/gmock.h>

#include "passes/passes.hpp"
#include "passes/test_program.hpp"

namespace fairlead {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ComplexPairsTest : public ::testing::Test {
 protected:
  std::string After(std::string_view text) {
    program_ = ProgramFrom(text);
    status_ = RunPass(passes::ComplexPairs(), program_, context_);
    return Anonymous(Clone(program_.graph));
  }

  Diagnostics diagnostics_;
  PassContext context_{diagnostics_};
  ExportedProgram program_;
  Status status_;
};

TEST_F(ComplexPairsTest, MultipliesParts) {
  EXPECT_EQ(After("agraph (float[3,2] x, float[3] y) => (float[3,2] z) {\n"
                  "  a = aten::view_as_complex.default(self=x)  # complex64[3]\n"
                  "  b = aten::mul.Tensor(self=a, other=y)  # complex64[3]\n"
                  "  z = aten::view_as_real.default(self=b)  # float[3,2]\n}"),
            Anonymous("agraph (float[3,2] x, float[3] y) => (float[3,2] z) {\n"
                      "  a = aten::alias.default(self=x)\n"
                      "  re = aten::select.int(self=a, dim=-1, index=0)\n"
                      "  im = aten::select.int(self=a, dim=-1, index=1)\n"
                      "  u = aten::mul.Tensor(self=re, other=y)\n"
                      "  v = aten::mul.Tensor(self=im, other=y)\n"
                      "  z = aten::stack.default(tensors=[u, v], dim=-1)\n"
                      "}"));
}

TEST_F(ComplexPairsTest, GivesBothPartsTheSameShape) {
  EXPECT_EQ(After("agraph (complex64[2,3] x) => (complex64[3,2] z) {\n"
                  "  z = aten::permute.default(self=x, dims=[1, 0])  # complex64[3,2]\n}"),
            Anonymous("agraph (float[2,3,2] x) => (float[3,2,2] z) {\n"
                      "  re = aten::select.int(self=x, dim=-1, index=0)\n"
                      "  im = aten::select.int(self=x, dim=-1, index=1)\n"
                      "  u = aten::permute.default(self=re, dims=[1, 0])\n"
                      "  v = aten::permute.default(self=im, dims=[1, 0])\n"
                      "  z = aten::stack.default(tensors=[u, v], dim=-1)\n"
                      "}"));
}

TEST_F(ComplexPairsTest, HandsPairsToRegions) {
  EXPECT_EQ(After("agraph (bool[] p, complex64[2] x) => (complex64[2] z) {\n"
                  "  z = higher_order::cond.default(pred=p, true_graph=agraph t (complex64[2] a) => (complex64[2] b) {\n"
                  "    b = aten::_conj.default(self=a)  # complex64[2]\n"
                  "  }, false_graph=agraph f (complex64[2] a) => (complex64[2] a) {\n"
                  "  }, operands=[x])  # complex64[2]\n}"),
            Anonymous("agraph (bool[] p, float[2,2] x) => (float[2,2] z) {\n"
                      "  z = higher_order::cond.default(pred=p, true_graph=agraph t (float[2,2] a) => (float[2,2] b) {\n"
                      "    b_real = aten::select.int(self=a, dim=-1, index=0)\n"
                      "    %1 = aten::select.int(self=a, dim=-1, index=1)\n"
                      "    b_imag = aten::neg.default(self=%1)\n"
                      "    b = aten::stack.default(tensors=[b_real, b_imag], dim=-1)\n"
                      "  }, false_graph=agraph f (float[2,2] a) => (float[2,2] a) {\n"
                      "  }, operands=[x])\n"
                      "}"));
}

TEST_F(ComplexPairsTest, TransformsHalfASpectrumBack) {
  EXPECT_EQ(After("agraph (complex64[3] x) => (float[4] z) {\n"
                  "  z = aten::fft_irfft.default(self=x)  # float[4]\n}"),
            Anonymous("agraph (float[3,2] x) => (float[4] z) {\n"
                      "  re = aten::select.int(self=x, dim=-1, index=0)\n"
                      "  im = aten::select.int(self=x, dim=-1, index=1)\n"
                      "  r = aten::slice.Tensor(self=re, dim=0, start=1, end=2)\n"
                      "  r2 = aten::flip.default(self=r, dims=[0])\n"
                      "  r3 = aten::cat.default(tensors=[re, r2], dim=0)\n"
                      "  i = aten::slice.Tensor(self=im, dim=0, start=1, end=2)\n"
                      "  i2 = aten::flip.default(self=i, dims=[0])\n"
                      "  i3 = aten::neg.default(self=i2)\n"
                      "  i4 = aten::cat.default(tensors=[im, i3], dim=0)\n"
                      "  pair = aten::stack.default(tensors=[r3, i4], dim=-1)\n"
                      "  t = fairlead::dft.default(self=pair, dim=0, inverse=true, onesided=false)\n"
                      "  z = aten::select.int(self=t, dim=-1, index=0)\n"
                      "}"));
}

TEST_F(ComplexPairsTest, ReadsWeightsAsTheSameBytes) {
  program_ = ProgramFrom(
      "agraph (complex64[2,2] w, complex64[2] x) => (complex64[2] z) {\n"
      "  z = aten::mv.default(self=w, vec=x)  # complex64[2]\n}");
  const std::vector<float> numbers = {1, 2, 3, 4, 5, 6, 7, 8};
  const Tensor transposed = Tensor::View(DType::kComplex64, {2, 2}, {1, 2}, std::as_bytes(std::span(numbers)), nullptr, {});
  MakeWeight(program_, "w", InputSpec::Kind::kBuffer, "w", transposed);
  ASSERT_TRUE(RunPass(passes::LiftWeights(), program_, context_).ok());
  ASSERT_TRUE(RunPass(passes::ComplexPairs(), program_, context_).ok());
  const Tensor& weight = program_.graph.initializers().at(0).tensor;
  EXPECT_EQ(static_cast<const void*>(weight.bytes().data()), static_cast<const void*>(numbers.data()));
  EXPECT_THAT(weight.dims(), ElementsAre(2, 2, 2));
  EXPECT_THAT(*weight.Dense().AsDoubles(), ElementsAre(1, 2, 5, 6, 3, 4, 7, 8));
}

TEST_F(ComplexPairsTest, SaysHowToFeedAndRead) {
  After("agraph (complex64[n] x) => (complex64[n] z) {\n  z = aten::exp.default(self=x)  # complex64[n]\n}");
  std::vector<std::string> messages;
  for (const Finding& finding : diagnostics_.findings()) messages.push_back(finding.rule + " " + finding.message);
  EXPECT_THAT(messages, ElementsAre(HasSubstr("FL2022 input \"x\" is complex: it is float[n,2] in ONNX"),
                                    HasSubstr("FL2022 output \"\" is complex: it is float[n,2] in ONNX")));
}

TEST_F(ComplexPairsTest, RefusesAllOperatorsWithoutAFormAtOnce) {
  program_ = ProgramFrom(
      "agraph (complex64[2] x) => (complex64[2] z) {\n"
      "  y = aten::cumprod.default(self=x, dim=0)  # complex64[2]\n"
      "  w = aten::neg.default(self=y)  # complex64[2]\n"
      "  z = aten::acos.default(self=w)  # complex64[2]\n}");
  ASSERT_TRUE(RunPass(passes::ComplexPairs(), program_, context_).ok());
  ASSERT_FALSE(context_.refused.ok());
  EXPECT_EQ(context_.refused.error().rule, "FL2014");
  EXPECT_THAT(context_.refused.message(), HasSubstr("aten::cumprod.default"));
  EXPECT_THAT(diagnostics_.findings().back().message, HasSubstr("aten::acos.default"));
  // What is left has no complex tensors, so that the search for missing operators can go on in it.
  EXPECT_EQ(Anonymous(Clone(program_.graph)), Anonymous("agraph (float[2,2] x) => (float[2,2] z) {\n"
                                                        "  y = aten::cumprod.default(fairlead.refused=true)\n"
                                                        "  re = aten::select.int(self=y, dim=-1, index=0)\n"
                                                        "  im = aten::select.int(self=y, dim=-1, index=1)\n"
                                                        "  u = aten::neg.default(self=re)\n"
                                                        "  v = aten::neg.default(self=im)\n"
                                                        "  z = aten::acos.default(fairlead.refused=true)\n"
                                                        "}"));
}

TEST_F(ComplexPairsTest, RefusesRecordedTypesThatContradictTheOperator) {
  for (const char* node : {"mul.Tensor(self=x, other=x)  # float[2]", "abs.default(self=x)  # complex64[2]",
                           "mul.Tensor(self=x, other=x)  # complex64[3]", "eq.Tensor(self=x, other=x)  # complex64[2]",
                           "masked_fill.Scalar(self=x, mask=x, value=1)  # complex64[2]"}) {
    program_ = ProgramFrom(fmt::format("agraph (complex64[2] x) => (complex64[2] x) {{\n  z = aten::{}\n}}", node));
    const Status status = passes::ComplexPairs().Run(program_, context_);
    ASSERT_FALSE(status.ok()) << node;
    EXPECT_EQ(status.error().rule, "FL1001") << status.message();
  }
}

TEST_F(ComplexPairsTest, TakesANumberInThePlaceOfATensor) {
  EXPECT_EQ(After("agraph (complex64[2] x) => (complex64[2] z) {\n"
                  "  z = aten::mul.Tensor(self=x, other=2.5)  # complex64[2]\n}"),
            Anonymous("agraph (float[2,2] x) => (float[2,2] z) {\n"
                      "  re = aten::select.int(self=x, dim=-1, index=0)\n"
                      "  im = aten::select.int(self=x, dim=-1, index=1)\n"
                      "  n = aten::scalar_tensor.default(s=2.5, dtype=float)\n"
                      "  u = aten::mul.Tensor(self=re, other=n)\n"
                      "  v = aten::mul.Tensor(self=im, other=n)\n"
                      "  z = aten::stack.default(tensors=[u, v], dim=-1)\n"
                      "}"));
}

TEST_F(ComplexPairsTest, LeavesRealProgramsAlone) {
  const std::string text = "agraph (float[3] x) => (float[3] z) {\n  z = aten::exp.default(self=x)  # float[3]\n}";
  EXPECT_EQ(After(text), Anonymous(text));
  EXPECT_TRUE(diagnostics_.findings().empty());
}

}  // namespace
}  // namespace fairlead
