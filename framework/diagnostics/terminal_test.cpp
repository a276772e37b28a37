#include <gtest/gtest.h>

#include <sstream>

#include "diagnostics/diagnostics.hpp"

namespace fairlead {
namespace {

std::string Terminal(const Diagnostics& diagnostics, const TerminalOptions& options = {}) {
  std::ostringstream out;
  WriteTerminal(diagnostics, out, options);
  return out.str();
}

TEST(WriteTerminal, ShowsARefusedOperatorAsTheCommandLineDocumentsIt) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "FL2004",
                      .message = "no lowering for custom operator acme::deform_gather.default",
                      .locations = {{.module_path = "encoder.layers.0.attn",
                                     .file = "bev/encoder.py",
                                     .line = 88,
                                     .code = "deform_gather(feat, offset, groups=4)"},
                                    {.module_path = "encoder.layers.1.attn",
                                     .file = "bev/encoder.py",
                                     .line = 88,
                                     .code = "deform_gather(feat, offset, groups=4)"}},
                      .hint = "a plugin:      fairlead plugin new acme --op acme::deform_gather.default\n"
                              "or keep it:    --keep-op acme::deform_gather=com.acme:DeformGather:1"});
  EXPECT_EQ(Terminal(diagnostics),
            "error FL2004: no lowering for custom operator acme::deform_gather.default (2 places)\n"
            "   bev/encoder.py:88    encoder.layers.0.attn     deform_gather(feat, offset, groups=4)\n"
            "   bev/encoder.py:88    encoder.layers.1.attn     same\n"
            "   try   a plugin:      fairlead plugin new acme --op acme::deform_gather.default\n"
            "         or keep it:    --keep-op acme::deform_gather=com.acme:DeformGather:1\n");
}

TEST(WriteTerminal, AlignsColumnsAndLeavesOutEmptyOnes) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "FL2001",
                      .message = "m",
                      .locations = {{.file = "a.py", .line = 7, .code = "x.foo()"},
                                    {.file = "longer.py", .line = 1234, .code = "y.foo()"},
                                    {.node = "add_3"}},
                      .hint = "h"});
  EXPECT_EQ(Terminal(diagnostics),
            "error FL2001: m (3 places)\n"
            "   a.py:7            x.foo()\n"
            "   longer.py:1234    y.foo()\n"
            "                     node add_3\n"
            "   try   h\n");
}

TEST(WriteTerminal, CountsCharactersNotBytesWhenItAligns) {
  Diagnostics diagnostics;
  diagnostics.Report(
      {.rule = "FL2001",
       .message = "m",
       .locations = {{.file = "größe.py", .line = 1, .code = "a"}, {.file = "groess.py", .line = 1, .code = "b"}},
       .hint = "h"});
  EXPECT_EQ(Terminal(diagnostics),
            "error FL2001: m (2 places)\n"
            "   größe.py:1     a\n"
            "   groess.py:1    b\n"
            "   try   h\n");
}

TEST(WriteTerminal, ShowsInstalledPackagesByTheirOwnPath) {
  Diagnostics diagnostics;
  diagnostics.Report(
      {.rule = "FL2001",
       .message = "m",
       .locations = {{.file = "/usr/lib/python3/dist-packages/transformers/models/bert/modeling_bert.py", .line = 318}},
       .hint = "h"});
  EXPECT_EQ(Terminal(diagnostics), "error FL2001: m\n   transformers/models/bert/modeling_bert.py:318\n   try   h\n");
}

TEST(WriteTerminal, CountsThePlacesItDoesNotShow) {
  Diagnostics diagnostics;
  for (int i = 1; i <= 5; ++i)
    diagnostics.Report({.rule = "FL2001", .message = "m", .locations = {{.file = "a.py", .line = i}}, .hint = "h"});
  EXPECT_EQ(Terminal(diagnostics, {.max_places = 2}),
            "error FL2001: m (5 places)\n   a.py:1\n   a.py:2\n   … and 3 more\n   try   h\n");
}

TEST(WriteTerminal, FallsBackToTheHelpOfTheRule) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "FL2005", .message = "attention needs opset 23, the target is 20"});
  EXPECT_EQ(Terminal(diagnostics), "error FL2005: attention needs opset 23, the target is 20\n   try   Raise --opset.\n");
}

TEST(WriteTerminal, LeavesOutWhatIsBelowTheLeastLevel) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "FL6011", .message = "a note"});
  diagnostics.Report({.rule = "FL4009", .message = "a warning"});
  const std::string text = Terminal(diagnostics, {.least = Level::kWarning});
  EXPECT_EQ(text.find("a note"), std::string::npos);
  EXPECT_EQ(text.rfind("warning FL4009: a warning\n", 0), 0U);
}

TEST(WriteTerminal, WritesColorOnlyWhenAsked) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "FL2001", .message = "m", .hint = "h"});
  EXPECT_EQ(Terminal(diagnostics).find('\x1b'), std::string::npos);
  EXPECT_EQ(Terminal(diagnostics, {.color = true}), "\x1b[1;31merror FL2001\x1b[0m: m\n   \x1b[1mtry\x1b[0m   h\n");
}

TEST(WriteTerminal, NamesThePluginThatSaidIt) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "ACME001", .message = "m", .level = Level::kWarning, .plugin = "com.acme.ops"});
  EXPECT_EQ(Terminal(diagnostics), "warning ACME001: m\n   from  plugin com.acme.ops\n");
}

TEST(WriteTerminal, IndentsTheLaterLinesOfAMessage) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "FL7004", .message = "node relu_1\nBad node spec", .hint = "h"});
  EXPECT_EQ(Terminal(diagnostics), "error FL7004: node relu_1\n   Bad node spec\n   try   h\n");
}

TEST(WriteTerminal, KeepsControlCharactersAndBrokenUtf8FromTheTerminal) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "FL2001",
                      .message = "evil \x1b[2J\x07 \xff \xc2\x9b"
                                 "2J",
                      .locations = {{.module_path = "a\rb", .file = "\x1b]0;x", .line = 1, .code = "\x08"}},
                      .hint = "\x1b"});
  for (const char c : Terminal(diagnostics)) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << int{c};
  EXPECT_EQ(Terminal(diagnostics),
            "error FL2001: evil \\x1b[2J\\x07 \xEF\xBF\xBD \\x9b2J\n   \\x1b]0;x:1    a\\x0db     \\x08\n   try   \\x1b\n");
}

TEST(WriteTerminal, CutsCellsThatWouldFillTheScreen) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "FL2001",
                      .message = "m",
                      .locations = {{.file = std::string(500, 'd') + "/end.py", .line = 1, .code = std::string(500, 'c')}},
                      .hint = "h"});
  const std::string text = Terminal(diagnostics);
  EXPECT_NE(text.find("d/end.py:1    ccc"), std::string::npos);
  EXPECT_NE(text.find("c…\n"), std::string::npos);
  EXPECT_LT(text.size(), 300U);
}

}  // namespace
}  // namespace fairlead
