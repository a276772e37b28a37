/* A plugin whose descriptor is right but for what its case says. */
#define _POSIX_C_SOURCE 200809L
#include <fairlead/sdk/abi/manifest.h>
#include <fairlead/sdk/abi/p_lowering.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }

#if defined(CASE_TWO_MANIFESTS)
__attribute__((section(".note.fairlead"), used, aligned(4))) static const fl_manifest_note second = {
    4, sizeof(fl_manifest), FL_MANIFEST_TYPE, "FL1", {.revision = 1, .kinds = 1, .id = "com.acme.second"}};
#endif
#if !defined(CASE_NO_MANIFEST)
FL_MANIFEST("com.acme.hostile", "1.0.0", FL_KIND_LOWERING)
#endif

#if defined(CASE_MISSING_SYMBOL)
extern void nobody_has_this(void);
#endif

#if defined(CASE_CONSTRUCTOR)
__attribute__((constructor)) static void LeaveATrace(void) { setenv("FAIRLEAD_ZOO_WAS_RUN", "1", 1); }
#endif

static char not_code[64] = "data";

static fl_status GetFamily(uint32_t index, fl_lowering_family* out) {
  (void)index, (void)out;
  return FL_NOT_FOUND;
}
static const fl_p_lowering kLowerings = {sizeof(fl_p_lowering), 0, GetFamily};

static const void* GetTable(void* self, fl_str id) {
  (void)self, (void)id;
#if defined(CASE_PROMISED_TABLE_ABSENT)
  return NULL;
#else
  return &kLowerings;
#endif
}

#if defined(CASE_INIT_FAILS) || defined(CASE_INIT_UNKNOWN_STATUS)
static fl_status Init(const fl_host* host, void** self) {
  (void)host, (void)self;
#if defined(CASE_INIT_FAILS)
  return FL_UNAVAILABLE;
#else
  return 12345;
#endif
}
#endif

/* Room behind the descriptor, for cases that claim to be longer. */
static struct {
  fl_plugin plugin;
  char tail[64];
} descriptor = {{
                    .size = sizeof(fl_plugin),
                    .abi_major = FL_ABI_MAJOR,
                    .abi_minor_built = FL_ABI_MINOR,
                    .abi_minor_floor = FL_ABI_FLOOR,
                    .option_stride = sizeof(fl_option_desc),
                    .id = TEXT("com.acme.hostile"),
                    .version = TEXT("1.0.0"),
                    .description = TEXT("hostile"),
                    .table = GetTable,
                },
                {0}};

static const fl_option_desc kOptions[2] = {
    {sizeof(fl_option_desc), FL_OPTION_I64, TEXT("threads"), TEXT("many"), TEXT("")},
    {sizeof(fl_option_desc), 77, TEXT("kind"), TEXT(""), TEXT("")},
};

static void Break(fl_plugin* p) {
  (void)p, (void)not_code, (void)kOptions;
#if defined(CASE_SIZE_ZERO)
  p->size = 0;
#elif defined(CASE_SIZE_EIGHT)
  p->size = 8;
#elif defined(CASE_SIZE_HUGE)
  p->size = 1u << 31;
#elif defined(CASE_UNKNOWN_TAIL)
  p->size = sizeof descriptor;
  descriptor.tail[8] = 1;
#elif defined(CASE_OTHER_ABI)
  p->abi_minor_built = 7;
#elif defined(CASE_OTHER_ID)
  p->id = (fl_str)TEXT("com.acme.other");
#elif defined(CASE_OTHER_VERSION)
  p->version = (fl_str)TEXT("1.0.1");
#elif defined(CASE_ID_NULL)
  p->id = (fl_str){NULL, 3};
#elif defined(CASE_ID_WILD)
  p->id = (fl_str){(const char*)0xdead0000beefu, 16};
#elif defined(CASE_ID_HUGE)
  p->id.size = UINT64_MAX;
#elif defined(CASE_DESCRIPTION_NOT_UTF8)
  p->description = (fl_str)TEXT("\xff\xfe");
#elif defined(CASE_TABLE_NULL)
  p->table = NULL;
#elif defined(CASE_TABLE_IN_DATA)
  memcpy(&p->table, &(char*){not_code}, sizeof p->table);
#elif defined(CASE_INIT_WILD)
  memcpy(&p->init, &(uintptr_t){0x10}, sizeof p->init);
#elif defined(CASE_INIT_FAILS) || defined(CASE_INIT_UNKNOWN_STATUS)
  p->init = Init;
#elif defined(CASE_OPTIONS_MANY)
  p->options = kOptions;
  p->n_options = UINT32_MAX;
#elif defined(CASE_OPTIONS_STRIDE_ZERO)
  p->options = kOptions;
  p->n_options = 2;
  p->option_stride = 0;
#elif defined(CASE_OPTIONS_STRIDE_ONE)
  p->options = kOptions;
  p->n_options = 2;
  p->option_stride = 1;
#elif defined(CASE_OPTIONS_NULL)
  p->n_options = 2;
#elif defined(CASE_OPTIONS_PAST_END)
  p->options = kOptions;
  p->n_options = 256;
  p->option_stride = 4096;
#elif defined(CASE_OPTION_DEFAULT)
  p->options = kOptions;
  p->n_options = 1;
#elif defined(CASE_OPTION_KIND)
  p->options = kOptions + 1;
  p->n_options = 1;
#elif defined(CASE_RESERVED_SET)
  p->reserved1 = 1;
#endif
}

#if !defined(CASE_NO_ENTRY)
const fl_plugin* fl_plugin_entry_v1(const fl_host* host) {
  (void)host;
#if defined(CASE_MISSING_SYMBOL)
  nobody_has_this();
#endif
#if defined(CASE_ENTRY_NULL)
  return NULL;
#elif defined(CASE_ENTRY_WILD)
  return (const fl_plugin*)0xdead0000bee8u;
#elif defined(CASE_ENTRY_MISALIGNED)
  return (const fl_plugin*)((const char*)&descriptor.plugin + 1);
#else
  Break(&descriptor.plugin);
  return &descriptor.plugin;
#endif
}
#else
void* unused_symbols[] = {Break, &descriptor};
#endif
