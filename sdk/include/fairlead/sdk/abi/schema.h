/* fl.schema/1: what ONNX and PyTorch say about operators. Any thread. */
#ifndef FAIRLEAD_SDK_ABI_SCHEMA_H_
#define FAIRLEAD_SDK_ABI_SCHEMA_H_

#include <fairlead/sdk/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif
#define FL_SCHEMA_ID "fl.schema/1"

typedef struct fl_schema {
  uint32_t size, reserved0;
  /* The version of an operator that is in force at `opset`: the opset that last changed it. `domain` empty = ONNX's own.
   * FL_NOT_FOUND when there is none, or it is deprecated. */
  fl_status (*onnx_since)(fl_str domain, fl_str op, uint32_t opset, uint32_t* out);
  /* The schema's text of an overload, "aten::add.Tensor", as PyTorch registers it; the unnamed overload is "default".
   * Static storage. FL_NOT_FOUND. */
  fl_status (*aten)(fl_str op, fl_str* out);
} fl_schema;

#ifdef __cplusplus
}
#endif
#endif
