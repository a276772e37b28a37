/* fl.build/1: making ONNX nodes. Each node is typed at once by ONNX's own inference, so that a lowering may ask for the
 * type of what it just made. Any call may fail; what a failed `lower` call made is rolled back. */
#ifndef FAIRLEAD_SDK_ABI_BUILD_H_
#define FAIRLEAD_SDK_ABI_BUILD_H_

#include <fairlead/sdk/abi/aten.h>

#ifdef __cplusplus
extern "C" {
#endif
#define FL_BUILD_ID "fl.build/1"

typedef struct fl_constant {
  uint32_t size;
  int32_t dtype;       /* ONNX number */
  const int64_t* dims; /* null with rank 0 for a scalar */
  uint64_t rank;
  const void* data; /* dense, little-endian; nbytes must equal what dtype and dims say. Copied. */
  uint64_t nbytes;
} fl_constant;

typedef int32_t fl_attr_kind;
enum {
  FL_ATTR_UNSET, /* not written */
  FL_ATTR_INT,
  FL_ATTR_FLOAT,
  FL_ATTR_STRING,
  FL_ATTR_INTS,
  FL_ATTR_FLOATS,
  FL_ATTR_STRINGS,
  FL_ATTR_TENSOR,
  FL_ATTR_GRAPH
};

typedef struct fl_attr {
  uint32_t size;
  fl_attr_kind kind;
  fl_str name;
  int64_t i;        /* INT */
  double f;         /* FLOAT; the host rounds to float */
  const void* data; /* STRING: char; INTS: int64_t; FLOATS: double; STRINGS: fl_str; TENSOR: fl_constant; GRAPH: fl_graph */
  uint64_t count;
} fl_attr;

typedef struct fl_emit {
  uint32_t size, reserved0;
  fl_str domain; /* empty = ONNX's own */
  fl_str op;
  const fl_value* inputs; /* absent where id is 0 */
  uint64_t n_inputs;
  const fl_attr* attrs;
  uint32_t n_attrs, attr_stride;
  uint64_t n_outputs;
} fl_emit;

typedef struct fl_type {
  uint32_t size;
  int32_t dtype;   /* 0 when unknown */
  int64_t rank;    /* -1 when unknown */
  int32_t wrapped; /* 1: a Python number that stands for a tensor; it takes part in promotion as a number */
  int32_t reserved0;
} fl_type;

/* Another ATen operator to be lowered in place, as if it stood in the program instead of this one. */
typedef struct fl_aten_arg {
  uint32_t size, reserved0;
  fl_str name; /* of the schema's parameter; those not given have the schema's default */
  fl_arg value;
} fl_aten_arg;
typedef struct fl_aten_call {
  uint32_t size, reserved0;
  fl_str op; /* "aten::add.Tensor" */
  const fl_aten_arg* args;
  uint32_t n_args, arg_stride;
  uint64_t n_results;
} fl_aten_call;

typedef struct fl_build {
  uint32_t size, reserved0;
  /* `outputs` holds n_outputs. FL_INVALID_ARGUMENT when the target opset has no such operator, or ONNX's inference refuses
   * the inputs. */
  fl_status (*emit)(fl_ctx*, const fl_emit*, fl_value* outputs);
  fl_status (*constant)(fl_ctx*, const fl_constant*, fl_value* output);
  fl_status (*type)(fl_ctx*, fl_value, fl_type* out);
  /* Sizes of a value: static ones as they are, others {-1, absent}. Two-call form: writes at most `capacity`, sets `total`
   * to the rank. FL_FAILED_PRECONDITION when the rank is unknown. */
  fl_status (*dims)(fl_ctx*, fl_value, fl_dim* out, uint64_t capacity, uint64_t* total);
  /* One size as {n, absent} or {-1, an int64 scalar}; the host shares the Shape nodes it needs. axis may be negative. */
  fl_status (*dim)(fl_ctx*, fl_value, int64_t axis, fl_dim* out);
  /* 1 when both sizes are known to be equal (same number, same expression), else 0. Negative axes count from the end. */
  fl_status (*same_dim)(fl_ctx*, fl_value a, int64_t axis_a, fl_value b, int64_t axis_b, int32_t* out);
  /* A 1-D int64 tensor of sizes; a constant where all are static. */
  fl_status (*shape)(fl_ctx*, const fl_dim*, uint64_t count, fl_value* output);
  /* The elements where the value is a constant of at most 65,536 bytes: dense, little-endian, valid until the call ends.
   * FL_NOT_FOUND otherwise. */
  fl_status (*constant_data)(fl_ctx*, fl_value, const void** data, uint64_t* nbytes);
  /* The type PyTorch recorded for the i-th result, and its sizes as in `dims` (symbolic ones are {-1, absent}). */
  fl_status (*result_type)(fl_ctx*, uint64_t index, fl_type* out, fl_dim* dims, uint64_t capacity);
  /* Lowers another ATen operator here, by whatever lowering the registry chooses for it; `results` holds n_results. The
   * depth is bounded (64). */
  fl_status (*aten)(fl_ctx*, const fl_aten_call*, fl_value* results);
  /* The values the node is replaced by, in order; absent for a result torch left out (None). The host casts nothing: dtypes
   * must be what PyTorch recorded. */
  fl_status (*results)(fl_ctx*, const fl_value*, uint64_t count);
  /* Nodes emitted between begin and end go into a new nested graph; values of the graphs around it may be used. `formals`
   * (n of them, of the given types) become its inputs. A null `dims[i]` leaves the rank open. */
  fl_status (*subgraph_begin)(fl_ctx*, const fl_type* types, const fl_dim* const* dims, uint64_t n, fl_value* formals);
  fl_status (*subgraph_end)(fl_ctx*, const fl_value* outputs, uint64_t n, fl_graph* out);
  /* Lowers a nested ATen graph (argument of kind GRAPH) at this place, its inputs bound to `inputs`; `outputs` receives its
   * results. Usually called between subgraph_begin and subgraph_end. */
  fl_status (*lower_subgraph)(fl_ctx*, fl_graph, const fl_value* inputs, uint64_t n_inputs, fl_value* outputs,
                              uint64_t capacity, uint64_t* n_outputs);
  fl_status (*opset)(fl_ctx*, uint32_t* out); /* the target */
  /* The types of the inputs of a nested ATen graph, as PyTorch recorded them; two-call form. */
  fl_status (*subgraph_inputs)(fl_ctx*, fl_graph, fl_type* types, uint64_t capacity, uint64_t* total);
  /* Attaches what PyTorch knows: sets the dims of `value` to those recorded for result `index` where ONNX's inference left
   * them open. A value that was there before this call stays as it is. */
  fl_status (*adopt_result_type)(fl_ctx*, fl_value value, uint64_t index);
} fl_build;

#ifdef __cplusplus
}
#endif
#endif
