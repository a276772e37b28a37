#include <gtest/gtest.h>

#include "diagnostics/diagnostics.hpp"

namespace fairlead {
namespace {

// The traces are copied from programs saved by the versions of PyTorch named beside them.
Location Of(std::string trace) { return LocationOf({"", "", std::move(trace)}); }

TEST(LocationOf, SkipsTheFramesOfTorchsOwnModules) {
  // 2.14
  const Location location = LocationOf(
      {.module_path = "t.self_attn",
       .module_type = "torch.nn.modules.activation.MultiheadAttention",
       .stack_trace = "File \"/src/gen.py\", line 110, in forward\n"
                      "    def forward(s,x): return s.t(x)\n"
                      "  File \"/usr/lib/python3/dist-packages/torch/nn/modules/transformer.py\", line 954, in forward\n"
                      "    + self._sa_block(x, src_mask, src_key_padding_mask, is_causal=is_causal)\n"
                      "  File \"/usr/lib/python3/dist-packages/torch/nn/modules/activation.py\", line 1461, in forward\n"
                      "    query = key = value = query.transpose(1, 0)"},
      "transpose_1");
  EXPECT_EQ(location.file, "/src/gen.py");
  EXPECT_EQ(location.line, 110);
  EXPECT_EQ(location.function, "forward");
  EXPECT_EQ(location.code, "def forward(s,x): return s.t(x)");
  EXPECT_EQ(location.module_path, "t.self_attn");
  EXPECT_EQ(location.node, "transpose_1");
}

TEST(LocationOf, TakesLibrariesBesideTorchForTheUsersCode) {
  // 2.14
  const Location location =
      Of("File \"/usr/lib/python3/dist-packages/transformers/models/bert/modeling_bert.py\", line 657, in forward\n"
         "    embedding_output = self.embeddings(\n"
         "  File \"/usr/lib/python3/dist-packages/transformers/models/bert/modeling_bert.py\", line 103, in forward\n"
         "    inputs_embeds = self.word_embeddings(input_ids)\n"
         "  File \"/usr/lib/python3/dist-packages/torch/nn/modules/sparse.py\", line 189, in forward\n"
         "    return F.embedding(");
  EXPECT_EQ(location.file, "/usr/lib/python3/dist-packages/transformers/models/bert/modeling_bert.py");
  EXPECT_EQ(location.line, 103);
  EXPECT_EQ(location.code, "inputs_embeds = self.word_embeddings(input_ids)");
}

TEST(LocationOf, SkipsCodeThatPyTorchGenerated) {
  // 2.14
  const Location location =
      Of("File \"/src/hop.py\", line 42, in forward\n"
         "    def forward(s,xs): return associative_scan(lambda a,b:a+b,xs,0,combine_mode=\"pointwise\")\n"
         "  File \"<eval_with_key>.130\", line 8, in forward\n"
         "    associative_scan = torch.ops.higher_order.associative_scan(associative_scan_combine_fn_0, [l_leaves_xs_0_], "
         "());  "
         "associative_scan_combine_fn_0 = l_leaves_xs_0_ = None\n"
         "  File \"<eval_with_key>.131\", line 5, in forward\n"
         "    add = child + child_1;  child = child_1 = None");
  EXPECT_EQ(location.file, "/src/hop.py");
  EXPECT_EQ(location.line, 42);
}

TEST(LocationOf, ReadsTracesWithoutSourceLines) {
  // 2.4
  const Location location = Of("  File \"models.py\", line 39, in forward\n  File \"models.py\", line 38, in <lambda>\n");
  EXPECT_EQ(location.file, "models.py");
  EXPECT_EQ(location.line, 38);
  EXPECT_EQ(location.function, "<lambda>");
  EXPECT_EQ(location.code, "");
}

TEST(LocationOf, PrefersAUsersLambdaCalledByTorchOverItsCaller) {
  // 2.6
  const Location location =
      Of("  File \"/src/gen.py\", line 71, in forward\n"
         "    return torch.cond(p,lambda x:s.l(x),lambda x:x.sin(),(x,))\n"
         "  File \"/usr/lib/python3/dist-packages/torch/_higher_order_ops/cond.py\", line 144, in cond\n"
         "    return cond_op(pred, true_fn, false_fn, operands)\n"
         "  File \"/src/gen.py\", line 72, in <lambda>\n"
         "    return x.sin()\n");
  EXPECT_EQ(location.line, 72);
  EXPECT_EQ(location.code, "return x.sin()");
}

TEST(LocationOf, FallsBackToTheInnermostFrameWhenAllAreTorchs) {
  // 2.13
  const Location location = Of("File \"torch/fx/passes/runtime_assert.py\", line 24, in insert_deferred_runtime_asserts");
  EXPECT_EQ(location.file, "torch/fx/passes/runtime_assert.py");
  EXPECT_EQ(location.line, 24);
  EXPECT_EQ(location.function, "insert_deferred_runtime_asserts");
}

TEST(LocationOf, KnowsNoPlaceWhereTheTraceHasNoFrame) {
  for (const char* trace : {"", "NoneType: None\n", "\n\n", "File \"x.py\"", "File \"x.py\", line ",
                            "File \"x.py\", line 99999999999999, in f", "File \"x.py\", line -4, in f"}) {
    EXPECT_EQ(Of(trace).file, "") << trace;
    EXPECT_EQ(Of(trace).line, 0) << trace;
  }
}

TEST(LocationOf, KeepsTheModuleAndNodeWithoutATrace) {
  const Location location = LocationOf({"encoder.attn", "", ""}, "mm");
  EXPECT_EQ(location.module_path, "encoder.attn");
  EXPECT_EQ(location.node, "mm");
}

TEST(LocationOf, TellsAFolderCalledTorchFromTorchs) {
  EXPECT_EQ(Of("File \"/home/me/torch/train.py\", line 5, in forward\nFile \"/src/pytorch/torch/nn/functional.py\", line "
               "9, in relu")
                .line,
            5);
  EXPECT_EQ(Of("File \"/a.py\", line 1, in f\nFile \"/home/torch/torch/nn/functional.py\", line 9, in relu").line, 1);
  EXPECT_EQ(Of("File \"/a.py\", line 1, in f\nFile \"/home/mytorch/nn/functional.py\", line 9, in relu").line, 9);
}

TEST(LocationOf, ReadsPathsWithQuotesInTheirNames) {
  EXPECT_EQ(Of("File \"/a \"b\".py\", line 3, in f").file, "/a \"b\".py");
}

}  // namespace
}  // namespace fairlead
