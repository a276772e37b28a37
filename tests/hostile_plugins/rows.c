/* A plugin with two lowerings, the first of which is right but for what its case says. */
#include <fairlead/sdk/abi/manifest.h>
#include <fairlead/sdk/abi/p_lowering.h>
#include <string.h>

FL_MANIFEST("com.acme.rows", "1.0.0", FL_KIND_LOWERING)
#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }

static char not_code[64] = "data";

static fl_status Lower(const fl_call* call, const fl_lowering* self) {
  fl_arg x = {.size = sizeof x};
  (void)self;
  const fl_status status = call->aten->arg(call->ctx, call->node, FL_STR("x"), &x);
  if (status != FL_OK) return status;
  return call->build->results(call->ctx, &x.value, 1);
}

static fl_lowering rows[2] = {
    {.size = sizeof(fl_lowering), .authored_opset = 18, .schema = TEXT("acme::broken(Tensor x) -> Tensor"), .lower = Lower},
    {.size = sizeof(fl_lowering), .authored_opset = 18, .schema = TEXT("acme::sound(Tensor x) -> Tensor"), .lower = Lower},
};

static void Break(fl_lowering* row) {
  (void)row, (void)not_code;
#if defined(CASE_ROW_SIZE)
  row->size = 12;
#elif defined(CASE_SCHEMA_WRONG)
  row->schema = (fl_str)TEXT("acme::broken(Tensor");
#elif defined(CASE_SCHEMA_ABSENT)
  row->schema = (fl_str){NULL, 0};
#elif defined(CASE_SCHEMA_WILD)
  row->schema = (fl_str){(const char*)0xdead0000beefu, 32};
#elif defined(CASE_SCHEMA_OTHER_PARAMETER)
  row->schema = (fl_str)TEXT("aten::relu(Tensor input) -> Tensor");
#elif defined(CASE_AUTHORED_ZERO)
  row->authored_opset = 0;
#elif defined(CASE_AUTHORED_FUTURE)
  row->authored_opset = 99;
#elif defined(CASE_OPSETS_EMPTY)
  row->since_opset = 22;
  row->until_opset = 20;
#elif defined(CASE_OPSETS_HUGE)
  row->until_opset = UINT32_MAX;
#elif defined(CASE_PRIORITY)
  row->priority = 5000;
#elif defined(CASE_LOWER_NULL)
  row->lower = NULL;
#elif defined(CASE_LOWER_IN_DATA)
  memcpy(&row->lower, &(char*){not_code}, sizeof row->lower);
#elif defined(CASE_MASK)
  row->unused = 1ull << 40;
#endif
}

static fl_status GetFamily(uint32_t index, fl_lowering_family* out) {
  fl_lowering_family family = {sizeof family, sizeof rows[0], TEXT("family"), rows, 2};
  Break(&rows[0]);
#if defined(CASE_FAMILY_STATUS)
  if (index == 0) return 4711;
#elif defined(CASE_STRIDE_ZERO)
  if (index == 0) family.stride = 0;
#elif defined(CASE_STRIDE_SHORT)
  if (index == 0) family.stride = 8;
#elif defined(CASE_COUNT_HUGE)
  if (index == 0) family.count = UINT32_MAX;
#elif defined(CASE_COUNT_PAST_END)
  if (index == 0) family.count = 99999, family.stride = 4096;
#elif defined(CASE_ROWS_NULL)
  if (index == 0) family.rows = NULL;
#elif defined(CASE_FAMILY_NAME_ABSENT)
  if (index == 0) family.name = (fl_str){NULL, 0};
#endif
  *out = family;
  return FL_OK;
}

static fl_p_lowering table = {sizeof(fl_p_lowering), 1, GetFamily};

static const void* GetTable(void* self, fl_str id) {
  (void)self, (void)id;
#if defined(CASE_FAMILIES_MANY)
  table.n_families = UINT32_MAX;
#elif defined(CASE_FAMILY_NULL)
  table.family = NULL;
#elif defined(CASE_TABLE_SHORT)
  table.size = 4;
#elif defined(CASE_TABLE_WILD)
  return (const void*)0xdead0000bee8u;
#endif
  return &table;
}

const fl_plugin* fl_plugin_entry_v1(const fl_host* host) {
  static const fl_plugin plugin = {
      .size = sizeof plugin,
      .abi_major = FL_ABI_MAJOR,
      .abi_minor_built = FL_ABI_MINOR,
      .abi_minor_floor = FL_ABI_FLOOR,
      .id = TEXT("com.acme.rows"),
      .version = TEXT("1.0.0"),
      .table = GetTable,
  };
  (void)host;
  return &plugin;
}
