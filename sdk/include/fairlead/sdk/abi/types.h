/* fl.types/1: facts about ONNX's data types, and the types of a graph's values with the names of their symbolic sizes. A
 * struct to be filled has its `size` set by the caller: the room it has. */
#ifndef FAIRLEAD_SDK_ABI_TYPES_H_
#define FAIRLEAD_SDK_ABI_TYPES_H_

#include <fairlead/sdk/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif
#define FL_TYPES_ID "fl.types/1"

enum {
  FL_DTYPE_IS_FLOAT = 1, /* real floating point, 8-bit and 4-bit forms included */
  FL_DTYPE_IS_INTEGER = 2,
  FL_DTYPE_IS_COMPLEX = 4,
  FL_DTYPE_IS_BOOL = 8
};

typedef struct fl_dtype_info {
  uint32_t size;
  uint32_t bits;  /* of one element; 0 for strings */
  uint32_t flags; /* FL_DTYPE_ bits */
  uint32_t reserved0;
  fl_str name; /* "float", "bfloat16": ONNX's, in lower case; static storage */
} fl_dtype_info;

/* One size of a value: a number, an expression over names, or unknown. */
typedef struct fl_dim_text {
  int64_t size;      /* -1 when it is no number */
  fl_str expression; /* "batch", "2*batch": equal text means equal size; absent when it is a number or unknown */
} fl_dim_text;

typedef struct fl_value_type {
  uint32_t size;
  int32_t dtype; /* ONNX number, 0 when unknown */
  int64_t rank;  /* -1 when unknown */
} fl_value_type;

typedef struct fl_types {
  uint32_t size, reserved0;
  /* Any thread. FL_NOT_FOUND for a number that ONNX does not have. */
  fl_status (*dtype)(int32_t dtype, fl_dtype_info* out);
  /* Any thread. The number of a name as in fl_dtype_info; FL_NOT_FOUND. */
  fl_status (*dtype_of_name)(fl_str name, int32_t* out);
  /* This call's thread. The type of a value of the graph that is read. */
  fl_status (*value)(fl_ctx*, fl_value, fl_value_type* out);
  /* This call's thread. Two-call form: writes at most `capacity`, sets `total` to the rank. `out` may be null with capacity
   * 0. FL_FAILED_PRECONDITION when the rank is unknown. The texts are valid until the call ends. */
  fl_status (*dims)(fl_ctx*, fl_value, fl_dim_text* out, uint64_t capacity, uint64_t* total);
} fl_types;

#ifdef __cplusplus
}
#endif
#endif
