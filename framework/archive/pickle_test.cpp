#include "archive/pickle.hpp"

#include <gmock/gmock.h>

namespace fairlead {
namespace {

using ::testing::HasSubstr;
using namespace std::string_literals;
using Kind = PickleNode::Kind;

std::span<const std::byte> Bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

std::string ErrorOf(const std::string& text) {
  const auto pickle = Pickle::Parse(Bytes(text), "p");
  return pickle.ok() ? "parsed" : pickle.error().message;
}

TEST(Pickle, ReadsPlainValues) {
  // pickle.dumps({"a": (1, -2, 300, 2.5, None, True), "b": [b"x"]}, protocol=2)
  const std::string text =
      "\x80\x02}q\x00(X\x01\x00\x00\x00"
      "aq\x01(K\x01J\xfe\xff\xff\xffM,\x01G@\x04\x00\x00\x00\x00\x00\x00N\x88tq\x02X\x01\x00\x00\x00"
      "bq\x03]q\x04"
      "C\x01xau."s;
  const auto pickle = Pickle::Parse(Bytes(text), "p");
  ASSERT_TRUE(pickle.ok()) << pickle.error().message;
  const PickleNode& root = pickle->node(pickle->root());
  ASSERT_EQ(root.kind, Kind::kDict);
  ASSERT_EQ(root.items.size(), 4u);
  EXPECT_EQ(pickle->node(root.items[0]).text, "a");
  const PickleNode& tuple = pickle->node(root.items[1]);
  ASSERT_EQ(tuple.items.size(), 6u);
  EXPECT_EQ(pickle->node(tuple.items[0]).integer, 1);
  EXPECT_EQ(pickle->node(tuple.items[1]).integer, -2);
  EXPECT_EQ(pickle->node(tuple.items[2]).integer, 300);
  EXPECT_EQ(pickle->node(tuple.items[3]).number, 2.5);
  EXPECT_EQ(pickle->node(tuple.items[4]).kind, Kind::kNone);
  EXPECT_EQ(pickle->node(tuple.items[5]).integer, 1);
  EXPECT_EQ(pickle->node(pickle->node(root.items[3]).items[0]).text, "x");
}

TEST(Pickle, ReadsProtocolFour) {
  // pickle.dumps({"k": [1 << 40, -(1 << 40)]}, protocol=4), with STACK_GLOBAL and a call of it.
  const std::string text =
      "\x80\x04\x95\x20\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x01k\x94]\x94("
      "\x8a\x06\x00\x00\x00\x00\x00\x01\x8a\x06\x00\x00\x00\x00\x00\xff"
      "\x8c\x05torch\x8c\x04Size\x93)Res."s;
  const auto pickle = Pickle::Parse(Bytes(text), "p");
  ASSERT_TRUE(pickle.ok()) << pickle.error().message;
  const PickleNode& list = pickle->node(pickle->node(pickle->root()).items[1]);
  ASSERT_EQ(list.items.size(), 3u);
  EXPECT_EQ(pickle->node(list.items[0]).integer, int64_t{1} << 40);
  EXPECT_EQ(pickle->node(list.items[1]).integer, -(int64_t{1} << 40));
  const PickleNode& call = pickle->node(list.items[2]);
  ASSERT_EQ(call.kind, Kind::kCall);
  EXPECT_TRUE(pickle->IsGlobal(call.callee, "torch", "Size"));
}

TEST(Pickle, MakesACallOfAnyGlobalAndRunsNothing) {
  const std::string text =
      "cos\nsystem\nX\x04\x00\x00\x00"
      "true\x85R."s;
  const auto pickle = Pickle::Parse(Bytes(text), "p");
  ASSERT_TRUE(pickle.ok()) << pickle.error().message;
  const PickleNode& call = pickle->node(pickle->root());
  EXPECT_EQ(call.kind, Kind::kCall);
  EXPECT_TRUE(pickle->IsGlobal(call.callee, "os", "system"));
  EXPECT_EQ(pickle->node(pickle->arguments(call)[0]).text, "true");
}

TEST(Pickle, TakesAnOrderedDictForADict) {
  const std::string text = "ccollections\nOrderedDict\n)RK\x01K\x02s}b."s;
  const auto pickle = Pickle::Parse(Bytes(text), "p");
  ASSERT_TRUE(pickle.ok()) << pickle.error().message;
  EXPECT_EQ(pickle->node(pickle->root()).kind, Kind::kDict);
  EXPECT_EQ(pickle->node(pickle->root()).items.size(), 2u);
}

TEST(Pickle, RefusesOpcodesThatBuildObjects) {
  // INST, OBJ, NEWOBJ, NEWOBJ_EX, EXT1, and text opcodes of protocol 0.
  for (const char opcode : "io\x81\x92\x82IVFdlpg0 2"s) {
    if (opcode == ' ') continue;
    EXPECT_THAT(ErrorOf("\x80\x02"s + opcode), HasSubstr("is not read: it would run Python code")) << opcode;
  }
}

TEST(Pickle, RefusesWhatIsCutOff) {
  const std::string text =
      "\x80\x02}X\x01\x00\x00\x00"
      "aK\x01s."s;
  ASSERT_EQ(ErrorOf(text), "parsed");
  for (std::size_t size = 0; size < text.size(); ++size) EXPECT_NE(ErrorOf(text.substr(0, size)), "parsed") << size;
}

TEST(Pickle, RefusesLengthsBeyondTheBytes) {
  EXPECT_THAT(ErrorOf("X\xff\xff\xff\xff"
                      "ab."s),
              HasSubstr("cut off"));
  EXPECT_THAT(ErrorOf("\x8d\xff\xff\xff\xff\xff\xff\xff\xff"
                      "ab."s),
              HasSubstr("cut off"));
  EXPECT_THAT(ErrorOf("\x8b\xff\xff\xff\xff"
                      "ab."s),
              HasSubstr("cut off"));
}

TEST(Pickle, RefusesMisuseOfItsStack) {
  for (const std::string& text : {"."s, "t."s, "K\x01K\x02."s, "(K\x01."s, "R."s, "K\x01)R."s,
                                  "K\x01"
                                  "a."s,
                                  "]K\x01"
                                  "s."s,
                                  "}(K\x01u."s, "]K\x01(e."s, "u."s, "(K\x01\x85\x86."s, "\x93."s, "K\x01K\x02\x93."s,
                                  "Q."s, "b."s, "q\x00."s, "]]s."s})
    EXPECT_NE(ErrorOf(text), "parsed") << ::testing::PrintToString(text);
  EXPECT_THAT(ErrorOf("h\x05."s), HasSubstr("reads memo 5"));
}

TEST(Pickle, ReadsACircleWithoutFollowingIt) {
  EXPECT_EQ(ErrorOf("]q\x00h\x00"
                    "a."s),
            "parsed");
}

TEST(Pickle, SharesWhatTheMemoShares) {
  // Thirty doublings of a list: a tree of 2^30 values that is read in no time.
  std::string text = "(]q\x00"s;
  for (int i = 0; i < 30; ++i) {
    const char previous = static_cast<char>(i), next = static_cast<char>(i + 1);
    text += {'h', previous, 'h', previous, '\x86', 'q', next};
  }
  text += "t."s;
  const auto pickle = Pickle::Parse(Bytes(text), "p");
  ASSERT_TRUE(pickle.ok()) << pickle.error().message;
  EXPECT_EQ(pickle->node(pickle->root()).items.size(), 31u);
}

}  // namespace
}  // namespace fairlead
