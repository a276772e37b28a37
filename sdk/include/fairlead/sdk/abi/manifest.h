/* The manifest of a plugin: an ELF note that the host reads before it opens the library.
 *
 *   FL_MANIFEST("com.acme.ops", "1.2.0", FL_KIND_LOWERING | FL_KIND_RULE)      at file scope, once
 *
 * The note has the owner "FL1", type FL_MANIFEST_TYPE, and lies in a section `.note.fairlead` of its own, which the linker
 * puts into a PT_NOTE segment. It has fixed size and holds no pointers. */
#ifndef FAIRLEAD_SDK_ABI_MANIFEST_H_
#define FAIRLEAD_SDK_ABI_MANIFEST_H_

#include <fairlead/sdk/abi/base.h>

#define FL_MANIFEST_TYPE 0x464c0001u
#define FL_MANIFEST_REVISION 1

enum { FL_KIND_LOWERING = 1, FL_KIND_EP = 2, FL_KIND_RULE = 4, FL_KIND_PASS = 8, FL_KIND_FRONTEND = 16 };
enum { FL_SANITIZER_NONE = 0, FL_SANITIZER_ADDRESS = 1, FL_SANITIZER_THREAD = 2, FL_SANITIZER_MEMORY = 3 };

typedef struct fl_manifest {
  uint32_t revision; /* FL_MANIFEST_REVISION */
  uint16_t abi_major, abi_minor_built, abi_minor_floor;
  uint16_t sanitizer; /* must be the host's */
  uint32_t kinds;     /* FL_KIND_ bits */
  uint32_t flags;     /* 0 */
  char id[96];        /* zero-filled to the end; the last byte is zero */
  char version[32];
  char sdk_version[32];
} fl_manifest;

typedef struct fl_manifest_note {
  uint32_t name_size, desc_size, type;
  char name[4];
  fl_manifest manifest;
} fl_manifest_note;

#if defined(__SANITIZE_ADDRESS__)
#define FL_SANITIZER FL_SANITIZER_ADDRESS
#elif defined(__SANITIZE_THREAD__)
#define FL_SANITIZER FL_SANITIZER_THREAD
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FL_SANITIZER FL_SANITIZER_ADDRESS
#elif __has_feature(thread_sanitizer)
#define FL_SANITIZER FL_SANITIZER_THREAD
#elif __has_feature(memory_sanitizer)
#define FL_SANITIZER FL_SANITIZER_MEMORY
#endif
#endif
#ifndef FL_SANITIZER
#define FL_SANITIZER FL_SANITIZER_NONE
#endif

#define FL_SDK_VERSION "0.1.0"

/* Address sanitizers would add red zones around it, which a note segment must not have. */
#if defined(__clang__)
#define FL_NOTE_ATTRIBUTES __attribute__((section(".note.fairlead"), used, aligned(4), no_sanitize("address")))
#else
#define FL_NOTE_ATTRIBUTES __attribute__((section(".note.fairlead"), used, aligned(4)))
#endif

#ifdef __cplusplus
#define FL_MANIFEST_STORAGE extern "C" constexpr
#else
#define FL_MANIFEST_STORAGE
#endif

#define FL_MANIFEST(plugin_id, plugin_version, plugin_kinds)                                                       \
  extern const fl_manifest_note fl_plugin_manifest_note __attribute__((visibility("hidden")));                     \
  FL_NOTE_ATTRIBUTES const fl_manifest_note fl_plugin_manifest_note = {                                            \
      4,                                                                                                           \
      sizeof(fl_manifest),                                                                                         \
      FL_MANIFEST_TYPE,                                                                                            \
      "FL1",                                                                                                       \
      {FL_MANIFEST_REVISION, FL_ABI_MAJOR, FL_ABI_MINOR, FL_ABI_FLOOR, FL_SANITIZER, (plugin_kinds), 0, plugin_id, \
       plugin_version, FL_SDK_VERSION}};

#endif
