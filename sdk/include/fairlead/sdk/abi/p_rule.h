/* fl.p.rule/1: diagnostic rules. They read the finished ONNX graph and report; they change nothing. */
#ifndef FAIRLEAD_SDK_ABI_P_RULE_H_
#define FAIRLEAD_SDK_ABI_P_RULE_H_

#include <fairlead/sdk/abi/core.h>
#include <fairlead/sdk/abi/diag.h>
#include <fairlead/sdk/abi/graph.h>
#include <fairlead/sdk/abi/tensor.h>
#include <fairlead/sdk/abi/types.h>

#ifdef __cplusplus
extern "C" {
#endif
#define FL_P_RULE_ID "fl.p.rule/1"

/* One call of `check`. */
typedef struct fl_rule_call {
  uint32_t size, reserved0;
  fl_ctx* ctx;
  fl_graph graph; /* the main graph, or the one that holds `node` */
  fl_node node;   /* 0 for a rule of scope FL_RULE_GRAPH */
  const fl_host* host;
  const fl_core* core;
  const fl_graphs* graphs;
  const fl_types* types;
  const fl_tensors* tensors;
  const fl_diag* diag;
} fl_rule_call;

typedef int32_t fl_rule_scope;
enum {
  FL_RULE_GRAPH = 1, /* called once for the main graph */
  FL_RULE_NODE = 2   /* called for each node, nested graphs included */
};

typedef struct fl_rule {
  uint32_t size;
  fl_level level; /* default; FL_LEVEL_NOTE to FL_LEVEL_ERROR */
  fl_rule_scope scope;
  uint32_t reserved0;
  fl_str id;      /* "ACME001": 2 to 8 capital letters, 3 to 5 digits. "FL" is for plugins of the host, "fairlead.…" */
  fl_str name;    /* "ScaledReluOnNegativeScale": letters and digits */
  fl_str summary; /* one sentence */
  fl_str help;    /* what to do; may be absent */
  fl_str op;      /* scope FL_RULE_NODE: only nodes of this operator, "Conv" or "com.acme::Foo"; absent = all */
  /* Any thread, concurrently with other contexts. Any status but FL_OK means that the rule itself failed: what it reported
   * stays. */
  fl_status (*check)(const fl_rule_call*, const struct fl_rule* self) FL_NOEXCEPT;
} fl_rule;

typedef struct fl_p_rule {
  uint32_t size;
  uint32_t stride; /* bytes from one row to the next */
  const fl_rule* rows;
  uint64_t count;
} fl_p_rule;

#ifdef __cplusplus
}
#endif
#endif
