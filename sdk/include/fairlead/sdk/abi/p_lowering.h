/* fl.p.lowering/1: lowerings, by family. */
#ifndef FAIRLEAD_SDK_ABI_P_LOWERING_H_
#define FAIRLEAD_SDK_ABI_P_LOWERING_H_

#include <fairlead/sdk/abi/aten.h>
#include <fairlead/sdk/abi/build.h>
#include <fairlead/sdk/abi/core.h>

#ifdef __cplusplus
extern "C" {
#endif
#define FL_P_LOWERING_ID "fl.p.lowering/1"

/* One call of `lower`. A plugin keeps no global state: all it needs is here. */
typedef struct fl_call {
  uint32_t size, reserved0;
  fl_ctx* ctx;
  fl_node node;
  const fl_host* host;
  const fl_core* core;
  const fl_aten* aten;
  const fl_build* build;
} fl_call;

typedef struct fl_lowering {
  uint32_t size;
  int32_t priority;                  /* higher wins; -1,000 to 1,000, ours have 0 */
  uint32_t authored_opset;           /* the opset whose operators `lower` emits */
  uint32_t since_opset, until_opset; /* inclusive; 0 = open */
  uint32_t reserved0;
  uint64_t no_effect; /* bit i: the i-th parameter may have any value, it does not change the result */
  uint64_t unused;    /* bit i: the i-th parameter is not read: any value but the default is refused by the host */
  fl_str schema;      /* the full schema; the host reads name and overload from it */
  fl_str note;        /* one line for the operator list, or absent */
  /* Must call build->results once and return FL_OK, or return another status. Called on any thread, concurrently with
   * other contexts. */
  fl_status (*lower)(const fl_call*, const struct fl_lowering* self) FL_NOEXCEPT;
} fl_lowering;

typedef struct fl_lowering_family {
  uint32_t size;
  uint32_t stride; /* bytes from one row to the next */
  fl_str name;     /* "activation" */
  const fl_lowering* rows;
  uint64_t count;
} fl_lowering_family;

typedef struct fl_p_lowering {
  uint32_t size, n_families;
  /* FL_NOT_FOUND past n_families. */
  fl_status (*family)(uint32_t index, fl_lowering_family* out) FL_NOEXCEPT;
} fl_p_lowering;

#ifdef __cplusplus
}
#endif
#endif
