#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/runtime.hpp"

namespace fairlead {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Port kX{"x", Type(DType::kFloat, Dims{})}, kMask{"mask", Type(DType::kFloat, Dims{})};
const Port kY{"y", Type(DType::kFloat, Dims{})}, kZ{"z", Type(DType::kFloat, Dims{})};

NamedTensors File(const std::vector<std::string>& keys) {
  NamedTensors file;
  float value = 0;
  for (const std::string& key : keys) file.tensors.emplace_back(key, Tensor::Scalar(DType::kFloat, value++));
  return file;
}

std::vector<std::string> Names(const NamedTensors& tensors) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : tensors.tensors) names.push_back(name);
  return names;
}

TEST(MatchExpected, TakesOnnxNames) {
  const auto io = MatchExpected(File({"x", "mask", "y"}), "", {kX, kMask}, {kY}, {});
  ASSERT_TRUE(io.ok());
  EXPECT_THAT(Names(io->inputs), ElementsAre("x", "mask"));
  EXPECT_THAT(Names(io->outputs), ElementsAre("y"));
  EXPECT_THAT(io->missing, IsEmpty());
  EXPECT_THAT(io->unused, IsEmpty());
}

TEST(MatchExpected, CountsPortsInAModelWithoutLists) {
  const auto io = MatchExpected(File({"in.1", "in.0", "out.0"}), "", {kX, kMask}, {kY}, {});
  EXPECT_THAT(Names(io->inputs), ElementsAre("mask", "x"));
  EXPECT_THAT(Names(io->outputs), ElementsAre("y"));
}

TEST(MatchExpected, CountsLeavesWhereTheModelListsThem) {
  const std::map<std::string, std::string> lists{{"fairlead.inputs", R"([null, "x", "mask"])"},
                                                 {"fairlead.outputs", R"(["z", null, "y"])"}};
  const auto io =
      MatchExpected(File({"in.1", "in.2", "out.0", "out.2", "out.1", "in.9"}), "", {kX, kMask}, {kY, kZ}, lists);
  EXPECT_THAT(Names(io->inputs), ElementsAre("x", "mask"));
  EXPECT_THAT(Names(io->outputs), ElementsAre("z", "y"));
  EXPECT_THAT(io->unused, ElementsAre("out.1", "in.9"));
  EXPECT_THAT(io->missing, IsEmpty());
}

TEST(MatchExpected, SaysWhatTheModelLacks) {
  const std::map<std::string, std::string> lists{{"fairlead.outputs", R"([null, "y"])"}};
  const auto io = MatchExpected(File({"x", "y", "out.0", "out.2", "out.one", "mut.typo", "inmut.0", "inmut.7", "labels",
                                      "b.out.1", "out.99999999999999999999"}),
                                "", {kX}, {kY}, lists);
  EXPECT_THAT(io->missing, ElementsAre("out.2", "out.one", "mut.typo", "inmut.0", "inmut.7", "labels", "b.out.1",
                                       "out.99999999999999999999"));
  EXPECT_THAT(io->unused, ElementsAre("out.0"));
}

TEST(MatchExpected, DoesWithoutStateThatWasDropped) {
  const std::map<std::string, std::string> lists{{"fairlead.inputs", R"([null, "x"])"},
                                                 {"fairlead.dropped_state", R"(["norm.running_mean", "x"])"}};
  const auto io = MatchExpected(File({"y", "mut.norm.running_mean", "mut.norm.running_var", "inmut.0", "inmut.1"}), "",
                                {kX}, {kY}, lists);
  EXPECT_THAT(io->unused, ElementsAre("mut.norm.running_mean", "inmut.1"));
  EXPECT_THAT(io->missing, ElementsAre("mut.norm.running_var", "inmut.0"));
}

TEST(MatchExpected, FindsNewState) {
  const Port buffer{"norm.running_mean.next", kX.type}, changed{"x.next", kX.type};
  const auto io = MatchExpected(File({"mut.norm.running_mean", "inmut.0", "mut.dropped"}), "", {kX}, {buffer, changed}, {});
  EXPECT_THAT(Names(io->outputs), ElementsAre("norm.running_mean.next", "x.next"));
  EXPECT_THAT(io->missing, ElementsAre("mut.dropped"));
}

TEST(MatchExpected, GivesRealPortsComplexNumbersAsPairs) {
  const std::vector<float> numbers = {1, 2, 3, 4};
  const Tensor given = Tensor::View(DType::kComplex64, {2}, {}, std::as_bytes(std::span(numbers)), nullptr, {});
  const Port complex{"z", Type(DType::kComplex64, Dims{Dim(2)})};
  NamedTensors file;
  for (const char* key : {"in.0", "out.0", "out.1"}) file.tensors.emplace_back(key, given);
  const auto io = MatchExpected(file, "", {kX}, {kY, complex}, {});
  ASSERT_TRUE(io.ok());
  for (const Tensor* pairs : {io->inputs.Find("x"), io->outputs.Find("y")}) {
    EXPECT_EQ(pairs->dtype(), DType::kFloat);
    EXPECT_THAT(pairs->dims(), ElementsAre(2, 2));
    EXPECT_THAT(*pairs->AsDoubles(), ElementsAre(1, 2, 3, 4));
  }
  EXPECT_TRUE(SameContent(*io->outputs.Find("z"), given));
}

TEST(MatchExpected, ReadsOneSetOnly) {
  const NamedTensors file = File({"a.in.0", "a.out.0", "b.in.0", "b.out.0"});
  const auto io = MatchExpected(file, "b", {kX}, {kY}, {});
  ASSERT_TRUE(io.ok());
  EXPECT_TRUE(SameContent(*io->inputs.Find("x"), *file.Find("b.in.0")));
  EXPECT_TRUE(SameContent(*io->outputs.Find("y"), *file.Find("b.out.0")));
  EXPECT_THAT(io->missing, IsEmpty());
}

TEST(MatchExpected, RefusesASetThatIsNotThere) {
  const auto io = MatchExpected(File({"a.in.0"}), "c", {kX}, {kY}, {});
  ASSERT_FALSE(io.ok());
  EXPECT_EQ(io.error().rule, "FL8013");
  EXPECT_THAT(io.error().message, HasSubstr("begins with c."));
}

TEST(MatchExpected, RefusesTwoValuesForOnePort) {
  const auto io = MatchExpected(File({"x", "in.0"}), "", {kX}, {kY}, {});
  ASSERT_FALSE(io.ok());
  EXPECT_THAT(io.error().message, HasSubstr("in.0: the file has a value for x already"));
}

TEST(MatchExpected, RefusesMetadataThatIsNoList) {
  for (const char* text : {"", "{}", "[1]", "[\"x\"", "null"}) {
    const auto io = MatchExpected(File({"x"}), "", {kX}, {kY}, {{"fairlead.inputs", text}});
    ASSERT_FALSE(io.ok()) << text;
    EXPECT_EQ(io.error().rule, "FL8013");
  }
}

}  // namespace
}  // namespace fairlead
