/* fl.options/1: settings of the plugin (fl_option_desc, --plugin-opt ID:KEY=VALUE), read as what they are. This call's
 * thread. FL_NOT_FOUND when the plugin declares no such key, FL_INVALID_ARGUMENT when it was declared of another kind. */
#ifndef FAIRLEAD_SDK_ABI_OPTIONS_H_
#define FAIRLEAD_SDK_ABI_OPTIONS_H_

#include <fairlead/sdk/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif
#define FL_OPTIONS_ID "fl.options/1"

typedef struct fl_options {
  uint32_t size, reserved0;
  fl_status (*str)(fl_ctx*, fl_str key, fl_str* out); /* any kind, as text; valid until the call ends */
  fl_status (*i64)(fl_ctx*, fl_str key, int64_t* out);
  fl_status (*f64)(fl_ctx*, fl_str key, double* out);
  fl_status (*boolean)(fl_ctx*, fl_str key, int32_t* out); /* 0 or 1 */
} fl_options;

#ifdef __cplusplus
}
#endif
#endif
