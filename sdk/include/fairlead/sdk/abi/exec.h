/* fl.exec/1: what the host gives to an execution provider while it runs a model: the inputs, and memory for the outputs. */
#ifndef FAIRLEAD_SDK_ABI_EXEC_H_
#define FAIRLEAD_SDK_ABI_EXEC_H_

#include <fairlead/sdk/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif
#define FL_EXEC_ID "fl.exec/1"

typedef int32_t fl_device_kind;
enum { FL_DEVICE_CPU = 1, FL_DEVICE_CUDA = 2 }; /* DLPack's numbers */

/* A tensor's memory, borrowed until the call into the plugin ends. */
typedef struct fl_view {
  uint32_t size;
  int32_t dtype; /* ONNX number */
  fl_device_kind device_kind;
  int32_t device_index;
  const int64_t* dims; /* `rank` of them, each 0 or more; null for a scalar */
  uint64_t rank;
  const int64_t* strides; /* in elements; null: dense, row-major. fl.exec/1 gives dense views only */
  void* data; /* little-endian, aligned to the element, types under a byte packed low bits first; never null. The bytes of
                 an input must not be written: they may be a file mapped read-only */
  uint64_t nbytes; /* what dtype and dims say; 0 for an empty tensor */
} fl_view;

/* Only inside fl_p_ep.run, on the thread that called it; anywhere else these are FL_FAILED_PRECONDITION. The plugin sets
 * `size` of a view it wants filled. */
typedef struct fl_exec {
  uint32_t size, reserved0;
  /* The value of the index-th input, in the order of the model's ports. FL_NOT_FOUND for one with a default that the user
   * left out; FL_INVALID_ARGUMENT past the last. dtype, rank and static dims are those of the port. */
  fl_status (*input)(fl_ctx*, uint64_t index, fl_view* out);
  /* Memory of the host for the index-th output, zeroed, to be filled before `run` returns. Each output is asked for once,
   * with its final dims, which may differ from those the model declares. FL_INVALID_ARGUMENT for another dtype than the
   * port has, a negative dim, and a second request; FL_RESOURCE_EXHAUSTED when there is no such memory. */
  fl_status (*output)(fl_ctx*, uint64_t index, int32_t dtype, const int64_t* dims, uint64_t rank, fl_view* out);
} fl_exec;

#ifdef __cplusplus
}
#endif
#endif
