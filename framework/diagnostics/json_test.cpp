#include <gtest/gtest.h>

#include "base/utf8.hpp"
#include "diagnostics/diagnostics.hpp"

namespace fairlead {
namespace {

TEST(ToJson, OfNothingIsAnEmptyArray) { EXPECT_EQ(ToJson(Diagnostics()), "[]"); }

TEST(ToJson, HasAllPartsOfAFindingAndLeavesOutEmptyOnes) {
  Diagnostics diagnostics;
  diagnostics.Report(
      {.rule = "FL2005",
       .message = "m",
       .locations =
           {{.module_path = "a.b", .file = "x.py", .line = 3, .function = "forward", .code = "x + 1", .node = "add"},
            {.node = "n"}},
       .hint = "h"});
  diagnostics.Report({.rule = "ACME1", .message = "q", .level = Level::kNote, .plugin = "com.acme"});
  EXPECT_EQ(
      ToJson(diagnostics),
      R"([{"rule": "FL2005", "name": "OpsetTooLow", "level": "error", "message": "m", "hint": "h", )"
      R"("locations": [{"module_path": "a.b", "file": "x.py", "line": 3, "function": "forward", "code": "x + 1", "node": "add"}, {"node": "n"}]},)"
      "\n "
      R"({"rule": "ACME1", "level": "note", "message": "q", "plugin": "com.acme"}])");
}

TEST(ToJson, EscapesWhatJsonDoesNotAllow) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "R", .message = "\"\\\n\r\t\x01\x1b/é", .level = Level::kNote});
  EXPECT_EQ(ToJson(diagnostics), R"([{"rule": "R", "level": "note", "message": "\"\\\n\r\t\u0001\u001b/é"}])");
}

TEST(ToJson, IsValidUtf8ForEveryByteInAMessage) {
  Diagnostics diagnostics;
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  diagnostics.Report({.rule = all,
                      .message = all,
                      .locations = {{.module_path = all, .file = all, .code = all}},
                      .hint = all,
                      .level = Level::kNote});
  const std::string json = ToJson(diagnostics);
  EXPECT_EQ(RepairUtf8(json), json);
  for (const char c : json) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

}  // namespace
}  // namespace fairlead
