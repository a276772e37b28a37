#include "plugin/host.hpp"

#include <atomic>

#include "plugin/context.hpp"
#include "plugin/graph_view.hpp"
#include "plugin/plain_tables.hpp"
#include "plugin/rules.hpp"

namespace fairlead {
namespace {

struct Served {
  std::string_view id;
  std::atomic<const void*> table = nullptr;
};

Served aten{"fl.aten/1"}, build{"fl.build/1"}, exec{"fl.exec/1"};

const void* FindTable(std::string_view id) {
  if (id == FL_CORE_ID) return CallContext::CoreTable();
  if (id == FL_GRAPH_ID) return GraphTable();
  if (id == FL_TYPES_ID) return TypesTable();
  if (id == FL_TENSOR_ID) return TensorTable();
  if (id == FL_DIAG_ID) return DiagTable();
  if (id == FL_OPTIONS_ID) return OptionsTable();
  if (id == FL_SCHEMA_ID) return SchemaTable();
  for (const Served* served : {&aten, &build, &exec}) {
    if (served->id == id) return served->table;
  }
  return nullptr;
}

fl_status GetInterface(const fl_host* host, fl_str id, uint32_t min_size, const void** out) {
  if (host == nullptr || id.data == nullptr || out == nullptr || id.size > 64) return FL_INVALID_ARGUMENT;
  const void* table = FindTable({id.data, id.size});
  if (table == nullptr) return FL_NOT_FOUND;
  if (*static_cast<const uint32_t*>(table) < min_size) return FL_UNIMPLEMENTED;
  *out = table;
  return FL_OK;
}

constexpr fl_host kHost = {sizeof(fl_host), FL_ABI_MAJOR, FL_ABI_MINOR, FL_STR(FL_SDK_VERSION), nullptr, GetInterface};

void Serve(Served& served, const void* table) {
  if (table != nullptr) served.table = table;
}

}  // namespace

const fl_host* CallContext::Host() { return &kHost; }

void ServeTables(const HostTables& tables) {
  Serve(aten, tables.aten);
  Serve(build, tables.build);
  Serve(exec, tables.exec);
}

}  // namespace fairlead
