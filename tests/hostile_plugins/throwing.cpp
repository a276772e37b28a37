// Plugins that let an exception out of a callback. FL_BUILDING_HOST takes noexcept away, as a compiler that is not told
// would.
#define FL_BUILDING_HOST
#include <fairlead/sdk/abi/manifest.h>
#include <fairlead/sdk/abi/p_lowering.h>

#include <stdexcept>

FL_MANIFEST("com.acme.throwing", "1.0.0", FL_KIND_LOWERING)

namespace {

[[maybe_unused]] fl_status Init(const fl_host*, void**) { throw std::runtime_error("no licence"); }

[[maybe_unused]] void Shutdown(void*) { throw 7; }

fl_status GetFamily(uint32_t, fl_lowering_family*) { throw 7; }

constexpr fl_p_lowering kTable = {sizeof(fl_p_lowering), 1, GetFamily};

const void* GetTable(void*, fl_str) {
#if defined(CASE_TABLE)
  throw std::logic_error("no table");
#endif
  return &kTable;
}

}  // namespace

extern "C" const fl_plugin* fl_plugin_entry_v1(const fl_host*) {
#if defined(CASE_ENTRY)
  throw std::runtime_error("not today");
#endif
  static fl_plugin plugin = {};
  plugin.size = sizeof plugin;
  plugin.abi_major = FL_ABI_MAJOR;
  plugin.abi_minor_built = FL_ABI_MINOR;
  plugin.abi_minor_floor = FL_ABI_FLOOR;
  plugin.id = FL_STR("com.acme.throwing");
  plugin.version = FL_STR("1.0.0");
  plugin.table = GetTable;
#if defined(CASE_INIT) || defined(CASE_STATIC_RUNTIME)
  plugin.init = Init;
#elif defined(CASE_SHUTDOWN)
  plugin.shutdown = Shutdown;
#endif
  return &plugin;
}
