/* fl.tensor/1: the elements of weights and constants of a graph that is read. */
#ifndef FAIRLEAD_SDK_ABI_TENSOR_H_
#define FAIRLEAD_SDK_ABI_TENSOR_H_

#include <fairlead/sdk/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif
#define FL_TENSOR_ID "fl.tensor/1"

typedef struct fl_tensor {
  uint64_t id;
} fl_tensor; /* a handle as in base.h; valid until the call ends */

typedef struct fl_tensor_info {
  uint32_t size;
  int32_t dtype;       /* ONNX number */
  const int64_t* dims; /* `rank` of them; null with rank 0; valid until the call ends */
  uint64_t rank;
  uint64_t nbytes;  /* of the dense form */
  int32_t has_data; /* 0: the program was saved without weights */
  int32_t reserved0;
} fl_tensor_info;

/* Both functions: this call's thread. `out->size` is set by the caller: the room it has. */
typedef struct fl_tensors {
  uint32_t size, reserved0;
  fl_status (*info)(fl_ctx*, fl_tensor, fl_tensor_info* out);
  /* The elements: dense, row-major, little-endian, types below 8 bits packed low bits first. Usually mapped from a file and
   * not copied. Valid until the call ends. FL_UNAVAILABLE when has_data is 0. */
  fl_status (*data)(fl_ctx*, fl_tensor, const void** data, uint64_t* nbytes);
} fl_tensors;

#ifdef __cplusplus
}
#endif
#endif
