/* fl.aten/1: the ATen node that is being lowered. */
#ifndef FAIRLEAD_SDK_ABI_ATEN_H_
#define FAIRLEAD_SDK_ABI_ATEN_H_

#include <fairlead/sdk/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif
#define FL_ATEN_ID "fl.aten/1"

typedef int32_t fl_arg_kind;
enum {
  FL_ARG_NONE,
  FL_ARG_VALUE,
  FL_ARG_VALUES,
  FL_ARG_I64,
  FL_ARG_I64S,
  FL_ARG_DIM,
  FL_ARG_DIMS,
  FL_ARG_BOOL,
  FL_ARG_BOOLS,
  FL_ARG_F64,
  FL_ARG_F64S,
  FL_ARG_STR,
  FL_ARG_DTYPE,
  FL_ARG_GRAPH,   /* a nested ATen graph: see fl_build.lower_subgraph */
  FL_ARG_COMPLEX, /* f64 and f64_imag */
  FL_ARG_OTHER    /* device, layout, memory format, generator: they have no effect on the result */
};

typedef struct fl_arg {
  uint32_t size;
  fl_arg_kind kind;
  int64_t i64;      /* I64, BOOL (0 or 1), DTYPE (ONNX number) */
  double f64;       /* F64, real part of COMPLEX */
  fl_value value;   /* VALUE; DIM: an int64 scalar. A number given where the schema says Tensor is a VALUE too: a scalar
                       tensor, marked as wrapped (fl_type) */
  const void* data; /* VALUES: fl_value; I64S: int64_t; DIMS (one entry at least is symbolic): fl_dim; BOOLS: uint8_t;
                       F64S: double; STR: char; GRAPH: fl_graph */
  uint64_t count;
  double f64_imag;
  int32_t is_default; /* 1: the program did not give it, or gave the schema's default */
  int32_t reserved0;
} fl_arg;

typedef struct fl_aten {
  uint32_t size, reserved0;
  /* Reads one argument by the schema's name, defaults filled in, and marks it as read. FL_NOT_FOUND when the schema has no
   * such name. The pointers in it are valid until the call ends. */
  fl_status (*arg)(fl_ctx*, fl_node, fl_str name, fl_arg* out);
  /* The schema's text as PyTorch registers it; that of the row for a custom operator. */
  fl_status (*schema)(fl_ctx*, fl_node, fl_str* out);
  /* How many results the node has; a list result of n tensors counts n. */
  fl_status (*result_count)(fl_ctx*, fl_node, uint64_t* out);
  /* 1 when anything reads the i-th result, else 0: a result that nothing reads needs the right type, but may hold anything.
   * Always 1 for an operator that a lowering asked for. */
  fl_status (*result_used)(fl_ctx*, fl_node, uint64_t index, int32_t* out);
} fl_aten;

#ifdef __cplusplus
}
#endif
#endif
