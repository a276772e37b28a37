/* fl.core/1: errors, options and the run's settings. */
#ifndef FAIRLEAD_SDK_ABI_CORE_H_
#define FAIRLEAD_SDK_ABI_CORE_H_

#include <fairlead/sdk/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif
#define FL_CORE_ID "fl.core/1"

typedef int32_t fl_level;
enum { FL_LEVEL_NOTE = 1, FL_LEVEL_WARNING = 2, FL_LEVEL_ERROR = 3 };

typedef struct fl_core {
  uint32_t size, reserved0;
  /* Says why the call is going to fail; the message is copied (at most 64 KiB, UTF-8 repaired). The first of a call is
   * kept. Returns `status`. */
  fl_status (*fail)(fl_ctx*, fl_status status, fl_str message);
  /* The message of the last host function that failed in this context; valid until the next call on the context. */
  fl_status (*last_error)(fl_ctx*, fl_str* out);
  /* Memory that lives until the call into the plugin ends. FL_RESOURCE_EXHAUSTED past 256 MiB a call. */
  fl_status (*allocate)(fl_ctx*, uint64_t bytes, uint64_t alignment, void** out);
  /* A setting of this plugin, given by the user or the default of its fl_option_desc. FL_NOT_FOUND when it declares no
   * such key. */
  fl_status (*option)(fl_ctx*, fl_str key, fl_str* out);
  /* A finding about the user's model, at the node of this call: warnings and notes. `rule` is one of the host's ids or
   * declared by the plugin ("FL2016", "ACME001"). */
  fl_status (*report)(fl_ctx*, fl_level, fl_str rule, fl_str message);
} fl_core;

#ifdef __cplusplus
}
#endif
#endif
