#include "onnx/schema_registry.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "ir/type.hpp"

// ONNX defines one specialization of GetOpSchema for each operator version; these are their names.
#define FL_SCHEMA(domain, set, op, since, deprecated)        \
  class ONNX_OPERATOR_SET_SCHEMA_CLASS_NAME(set, since, op); \
  template <> OpSchema GetOpSchema<ONNX_OPERATOR_SET_SCHEMA_CLASS_NAME(set, since, op)>();
namespace ONNX_NAMESPACE {
#include "onnx/schema_table.inc"
}  // namespace ONNX_NAMESPACE
#undef FL_SCHEMA

namespace fairlead::onnx_room {
namespace {

struct Record {
  std::string_view domain, op;
  int since;
  bool deprecated;
  onnx::OpSchema (*make)();
};

constexpr Record kRecords[] = {
#define FL_SCHEMA(domain, set, op, since, deprecated) \
  {domain, #op, since, deprecated != 0, &onnx::GetOpSchema<onnx::ONNX_OPERATOR_SET_SCHEMA_CLASS_NAME(set, since, op)>},
#include "onnx/schema_table.inc"
#undef FL_SCHEMA
};
constexpr std::size_t kRecordCount = std::size(kRecords);

constexpr bool Before(const Record& a, const Record& b) {
  if (a.domain != b.domain) return a.domain < b.domain;
  if (a.op != b.op) return a.op < b.op;
  return a.since < b.since;
}
static_assert(std::is_sorted(std::begin(kRecords), std::end(kRecords), Before), "schema_table.inc is sorted");

std::span<const Record> Records(std::string_view domain, std::string_view op) {
  if (domain == "ai.onnx") domain = "";
  const auto name_before = [](const Record& a, const Record& b) {
    return a.domain != b.domain ? a.domain < b.domain : a.op < b.op;
  };
  const Record wanted = {domain, op, 0, false, nullptr};
  const auto [first, last] = std::equal_range(std::begin(kRecords), std::end(kRecords), wanted, name_before);
  return {first, last};
}

// "float" of "tensor(float)"; ONNX's names are ours but for a few.
int TypeBit(std::string_view name) {
  const std::optional<DType> dtype = ParseDType(name);
  return dtype ? static_cast<int>(*dtype) : -1;
}

bool Unwrap(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix) || !text.ends_with(')')) return false;
  text = text.substr(prefix.size(), text.size() - prefix.size() - 1);
  return true;
}

std::vector<ParameterTypes> TypesOf(const std::vector<onnx::OpSchema::FormalParameter>& parameters,
                                    std::unordered_map<std::string, int>& variables) {
  std::vector<ParameterTypes> result;
  for (const auto& parameter : parameters) {
    ParameterTypes types;
    for (const std::string* const allowed : parameter.GetTypes()) {
      std::string_view text = *allowed;
      const bool sequence = Unwrap(text, "seq(");
      if (!Unwrap(text, "tensor(")) continue;  // optionals and maps: no type of ours
      const int bit = TypeBit(text);
      if (bit >= 0) (sequence ? types.sequences : types.tensors) |= uint64_t{1} << bit;
    }
    if (parameter.GetIsHomogeneous())
      types.variable = variables.try_emplace(parameter.GetTypeStr(), static_cast<int>(variables.size())).first->second;
    result.push_back(types);
  }
  return result;
}

struct Built {
  onnx::OpSchema definition;
  Schema schema;
};

std::unique_ptr<Built> Build(const Record& record) {
  auto built = std::make_unique<Built>();
  built->definition = record.make();
  built->definition.Finalize();
  std::unordered_map<std::string, int> variables;
  built->schema.definition = &built->definition;
  built->schema.inputs = TypesOf(built->definition.inputs(), variables);
  built->schema.outputs = TypesOf(built->definition.outputs(), variables);
  return built;
}

class Cache {
 public:
  const Schema* Get(const Record& record) {
    std::atomic<const Schema*>& slot = slots_[static_cast<std::size_t>(&record - kRecords)];
    if (const Schema* const found = slot.load(std::memory_order_acquire)) return found;
    const std::lock_guard lock(mutex_);
    if (const Schema* const found = slot.load(std::memory_order_acquire)) return found;
    built_.push_back(Build(record));
    slot.store(&built_.back()->schema, std::memory_order_release);
    return &built_.back()->schema;
  }

 private:
  std::array<std::atomic<const Schema*>, kRecordCount> slots_ = {};
  std::mutex mutex_;
  std::vector<std::unique_ptr<Built>> built_;
};

class Registry final : public onnx::ISchemaRegistry {
 public:
  const onnx::OpSchema* GetSchema(const std::string& op, int opset, const std::string& domain) const override {
    const Schema* const schema = FindSchema(domain, op, opset);
    return schema == nullptr ? nullptr : schema->definition;
  }
};

}  // namespace

bool IsOnnxDomain(std::string_view domain) { return domain.empty() || domain == "ai.onnx"; }

std::vector<SchemaVersion> VersionsOf(std::string_view domain, std::string_view op) {
  std::vector<SchemaVersion> versions;
  for (const Record& record : Records(domain, op)) versions.push_back({record.since, record.deprecated});
  return versions;
}

const Schema* FindSchema(std::string_view domain, std::string_view op, int opset) {
  static Cache cache;
  const Record* chosen = nullptr;
  for (const Record& record : Records(domain, op))
    if (record.since <= opset) chosen = &record;
  return chosen == nullptr ? nullptr : cache.Get(*chosen);
}

const onnx::ISchemaRegistry& LazyRegistry() {
  static const Registry registry;
  return registry;
}

}  // namespace fairlead::onnx_room
