// Plugins whose lowering throws. FL_BUILDING_HOST takes noexcept away, as a compiler that is not told would.
#define FL_BUILDING_HOST
#include <fairlead/sdk/abi/manifest.h>
#include <fairlead/sdk/abi/p_lowering.h>

#include <stdexcept>

FL_MANIFEST("com.acme.throwing", "1.0.0", FL_KIND_LOWERING)

namespace {

fl_status Lower(const fl_call*, const fl_lowering*) {
#if defined(CASE_STD_EXCEPTION)
  throw std::runtime_error("out of ideas");
#else
  throw 7;
#endif
}

fl_status GetFamily(uint32_t, fl_lowering_family* out) {
  static fl_lowering row = {};
  row.size = sizeof row;
  row.authored_opset = 18;
  row.schema = FL_STR("acme::hostile(Tensor x) -> Tensor");
  row.lower = Lower;
  *out = {sizeof(fl_lowering_family), sizeof row, FL_STR("throwing"), &row, 1};
  return FL_OK;
}

constexpr fl_p_lowering kTable = {sizeof(fl_p_lowering), 1, GetFamily};

const void* GetTable(void*, fl_str) { return &kTable; }

}  // namespace

extern "C" const fl_plugin* fl_plugin_entry_v1(const fl_host*) {
  static fl_plugin plugin = {};
  plugin.size = sizeof plugin;
  plugin.abi_major = FL_ABI_MAJOR;
  plugin.abi_minor_built = FL_ABI_MINOR;
  plugin.abi_minor_floor = FL_ABI_FLOOR;
  plugin.id = FL_STR("com.acme.throwing");
  plugin.version = FL_STR("1.0.0");
  plugin.table = GetTable;
  return &plugin;
}
