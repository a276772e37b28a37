/* Values that cross between the Fairlead host and a plugin: C11, standard headers only.
 *
 * Rules for every struct and function of these headers:
 *   - A growing struct begins with `size`: the room it has, set by whoever provides the struct. That is the caller, for a
 *     struct that a function fills as for one it reads. Members are only appended; nobody looks beyond `size`. There is no
 *     implicit padding, and reserved members are zero.
 *   - Arrays of growing structs carry their stride; arrays of fixed ones only a count.
 *   - A pointer given to a function may be read until it returns. A pointer received from the host is valid until the
 *     call into the plugin (lower, check, compile, run) ends, unless its comment says otherwise. Tables, rows, names and
 *     notes of a plugin have static storage.
 *   - Outputs may not be null unless a comment says so. What the host is given in a call (null, counts, sizes, kinds,
 *     handles, UTF-8) is checked; that an address which is not null can be read or written is not: a plugin is code of
 *     the process. Names have at most 4,096 bytes.
 *   - An output is untouched when a function fails.
 *   - Nothing throws across this surface, and no C++ type, FILE* or ownership crosses it. */
#ifndef FAIRLEAD_SDK_ABI_BASE_H_
#define FAIRLEAD_SDK_ABI_BASE_H_

#include <stddef.h>
#include <stdint.h>

/* ABI 0.x: may break until 1.0 is frozen. A plugin is accepted when the major is the host's and the floor is at most the
 * host's minor. */
#define FL_ABI_MAJOR 0
#define FL_ABI_MINOR 1
#define FL_ABI_FLOOR 1 /* the oldest host minor that a plugin built with these headers needs */

/* A plugin's callbacks must not throw, which its C++ compiler then checks. A host defines FL_BUILDING_HOST: calling a
 * pointer marked noexcept would turn the exception of a faulty plugin into an abort before the host's catch. */
#if defined(__cplusplus) && !defined(FL_BUILDING_HOST)
#define FL_NOEXCEPT noexcept
#else
#define FL_NOEXCEPT
#endif
#define FL_EXPORT __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fl_str {
  const char* data;
  uint64_t size;
} fl_str; /* UTF-8, not terminated; data null = absent */
#ifndef __cplusplus
#define FL_STR(literal) ((fl_str){literal, sizeof(literal) - 1})
#else
#define FL_STR(literal) (fl_str{literal, sizeof(literal) - 1})
#endif

typedef int32_t fl_status;
enum {
  FL_OK = 0,
  FL_CANCELLED = 1,
  FL_INVALID_ARGUMENT = 3,
  FL_NOT_FOUND = 5,
  FL_RESOURCE_EXHAUSTED = 8,
  FL_FAILED_PRECONDITION = 9,
  FL_UNIMPLEMENTED = 12, /* from `lower`: this node, with these argument values, is refused */
  FL_INTERNAL = 13,
  FL_UNAVAILABLE = 14,
  FL_DECLINED = 1000 /* "not mine, try the next": an outcome, not an error */
};

typedef struct fl_ctx fl_ctx; /* one call into a plugin; never stored, used on that call's thread only */

/* Handles hold kind, generation and index; the host checks each use, so one from another call or from thin air is
 * FL_INVALID_ARGUMENT. 0 = absent. */
typedef struct fl_node {
  uint64_t id;
} fl_node;
typedef struct fl_graph {
  uint64_t id;
} fl_graph;
typedef struct fl_value {
  uint64_t id;
} fl_value;
/* The result of a call that failed; a function given one fails with FL_INVALID_ARGUMENT. */
#define FL_INVALID_ID UINT64_MAX

/* A size that is static, or an int64 scalar of the graph. */
typedef struct fl_dim {
  int64_t size;    /* -1 when symbolic or unknown */
  fl_value symbol; /* absent: the size is static, or unknown when size is -1 */
} fl_dim;

/* What the host gives at entry; valid for the life of the process. */
typedef struct fl_host {
  uint32_t size;
  uint16_t abi_major, abi_minor;
  fl_str version; /* the host's, "0.1.0" */
  void* impl;
  /* A table by id ("fl.core/1"), at least `min_size` bytes long; any thread. FL_NOT_FOUND for an id this host has not,
   * FL_UNIMPLEMENTED when its table is shorter. */
  fl_status (*get_interface)(const struct fl_host*, fl_str id, uint32_t min_size, const void** out);
} fl_host;

typedef int32_t fl_option_kind;
enum { FL_OPTION_STR, FL_OPTION_I64, FL_OPTION_F64, FL_OPTION_BOOL };

/* A setting of the plugin: --plugin-opt ID:KEY=VALUE. */
typedef struct fl_option_desc {
  uint32_t size;
  fl_option_kind kind;
  fl_str key, default_value, help;
} fl_option_desc;

typedef struct fl_plugin {
  uint32_t size;
  uint16_t abi_major, abi_minor_built, abi_minor_floor, reserved0;
  uint32_t n_options, option_stride;
  uint32_t reserved1;
  fl_str id;      /* [a-z0-9._-], at most 95 bytes, the manifest's: "fairlead.aten", "com.acme.ops" */
  fl_str version; /* the manifest's */
  fl_str description;
  const fl_option_desc* options;
  /* Called once after entry; null when there is nothing to do. `self` is passed to the functions below. */
  fl_status (*init)(const fl_host*, void** self) FL_NOEXCEPT;
  /* Called once before the process ends, if init succeeded; the library stays mapped. May be null. */
  void (*shutdown)(void* self) FL_NOEXCEPT;
  /* A table of the plugin by id ("fl.p.lowering/1"); null when it has none of that id. The table stays valid. */
  const void* (*table)(void* self, fl_str id)FL_NOEXCEPT;
} fl_plugin;

/* The one exported symbol of a plugin. Pure: no thread, no I/O; may be called again and answers the same. */
typedef const fl_plugin* (*fl_plugin_entry)(const fl_host*);
FL_EXPORT const fl_plugin* fl_plugin_entry_v1(const fl_host* host) FL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
