// A plugin of lowerings whose table lies in the test: rows by schema, with what each does.
//
//   const FakePlugin plugin("com.acme", {{"aten::silu(Tensor self) -> Tensor", [](const fl_call& call) { … }}});
//   Registry::Make({plugin.plugin()}, {}, diagnostics);
//
// Tables have no context, so that one plugin is asked at a time.
#pragma once

#include <fairlead/sdk/abi/p_lowering.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugin/plugin.hpp"

namespace fairlead {

class FakePlugin {
 public:
  using Body = std::function<fl_status(const fl_call&)>;
  struct Row {
    const char* schema;
    Body body = [](const fl_call&) { return fl_status{FL_OK}; };
    int priority = 0, since = 0, until = 0;
    uint64_t unused = 0;
    uint32_t authored = 26;
  };

  explicit FakePlugin(std::string id, std::vector<Row> rows = {}) {
    for (Row& row : rows) Add(std::move(row));
    library_.manifest.id = std::move(id);
    library_.self = this;
    library_.table = [](void* self, fl_str) -> const void* {
      asked = static_cast<FakePlugin*>(self);
      return &kTable;
    };
  }
  FakePlugin(const FakePlugin&) = delete;
  FakePlugin& operator=(const FakePlugin&) = delete;

  // Before the plugin is given to a registry.
  void Add(Row row) {
    Entry& entry = entries_.emplace_back();
    entry.lowering.size = sizeof entry.lowering;
    entry.lowering.priority = row.priority;
    entry.lowering.authored_opset = row.authored;
    entry.lowering.since_opset = static_cast<uint32_t>(row.since);
    entry.lowering.until_opset = static_cast<uint32_t>(row.until);
    entry.lowering.unused = row.unused;
    entry.lowering.schema = {row.schema, std::char_traits<char>::length(row.schema)};
    entry.lowering.lower = [](const fl_call* call, const fl_lowering* self) {
      return reinterpret_cast<const Entry*>(self)->body(*call);
    };
    entry.body = std::move(row.body);
  }
  // The same one on every call, as the registry's rows refer to it.
  const PluginPtr& plugin() const {
    if (!plugin_) plugin_ = std::make_shared<const Plugin>(library_, std::map<std::string, std::string>{});
    return plugin_;
  }

 private:
  struct Entry {
    fl_lowering lowering{};  // first: the host hands it back
    Body body;
  };

  static fl_status Family(uint32_t, fl_lowering_family* out) {
    const std::vector<Entry>& entries = asked->entries_;
    const fl_lowering* const first = entries.empty() ? nullptr : &entries.front().lowering;
    *out = {sizeof(fl_lowering_family), sizeof(Entry), {"f", 1}, first, entries.size()};
    return FL_OK;
  }
  static constexpr fl_p_lowering kTable = {sizeof(fl_p_lowering), 1, Family};
  static inline FakePlugin* asked = nullptr;

  std::vector<Entry> entries_;
  PluginLibrary library_;
  mutable PluginPtr plugin_;
};

}  // namespace fairlead
