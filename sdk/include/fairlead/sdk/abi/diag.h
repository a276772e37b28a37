/* fl.diag/1: findings of a rule about the user's model. This call's thread. */
#ifndef FAIRLEAD_SDK_ABI_DIAG_H_
#define FAIRLEAD_SDK_ABI_DIAG_H_

#include <fairlead/sdk/abi/core.h>

#ifdef __cplusplus
extern "C" {
#endif
#define FL_DIAG_ID "fl.diag/1"

typedef struct fl_finding {
  uint32_t size;
  fl_level level; /* FL_LEVEL_NOTE to FL_LEVEL_ERROR; 0 = the rule's default */
  fl_node node;   /* the place; 0 = the node that is being checked, or the whole model */
  fl_str message; /* subject, value found, value wanted; at most 64 KiB are kept */
  fl_str hint;    /* the next step, or absent: then the rule's help is shown */
} fl_finding;

typedef struct fl_diag {
  uint32_t size, reserved0;
  /* A result of the rule that is running; copied. Equal messages of a rule are shown once, with all their places.
   * FL_RESOURCE_EXHAUSTED past 10,000 in one run of a rule. */
  fl_status (*report)(fl_ctx*, const fl_finding*);
} fl_diag;

#ifdef __cplusplus
}
#endif
#endif
