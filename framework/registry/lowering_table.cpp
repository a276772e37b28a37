#include "registry/lowering_table.hpp"

#include "onnx/schema.hpp"
#include "plugin/context.hpp"

namespace fairlead {
namespace {

// What version 0.1 had; members after these may be missing.
constexpr uint32_t kTableSize = 16, kFamilySize = 40, kRowSize = 80;
static_assert(sizeof(fl_p_lowering) == kTableSize && sizeof(fl_lowering_family) == kFamilySize &&
              sizeof(fl_lowering) == kRowSize);
constexpr uint32_t kMaxFamilies = 1024;
constexpr int kMaxPriority = 1000;

struct Family {
  std::string name;
  const std::byte* rows = nullptr;
  uint32_t stride = 0;
  uint64_t count = 0;
};

Result<Family> ReadFamily(const PluginMemory& memory, const fl_p_lowering& table, uint32_t index) {
  fl_lowering_family family{};
  family.size = sizeof family;
  fl_status status = FL_INTERNAL;
  if (auto thrown = Thrown([&] { status = table.family(index, &family); })) {
    return Error("FL2012", "family {} threw {}", index, *thrown);
  }
  if (status != FL_OK) return Error("FL2012", "family {} of {} answered status {}", index, table.n_families, status);
  FL_ASSIGN_OR_RETURN(std::string name, memory.Text(family.name, 128, fmt::format("name of family {}", index)));
  FL_RETURN_IF_ERROR(CheckRows(memory, family.rows, family.count, family.stride, kRowSize, kMaxRows, "family " + name));
  return Family{std::move(name), reinterpret_cast<const std::byte*>(family.rows), family.stride, family.count};
}

Status CheckOpsets(const fl_lowering& row) {
  const auto known = [](uint32_t opset) { return opset >= onnx_room::kOldestOpset && opset <= onnx_room::kNewestOpset; };
  if (!known(row.authored_opset)) {
    return Error("FL2012", "authored for opset {}, this host knows {} to {}", row.authored_opset, onnx_room::kOldestOpset,
                 onnx_room::kNewestOpset);
  }
  // A newer plugin may name opsets that this host does not know: its row then fits nowhere, or everywhere.
  constexpr uint32_t kMaxOpset = 1000;
  if (row.since_opset > kMaxOpset || row.until_opset > kMaxOpset) {
    return Error("FL2012", "opsets {} to {} are out of range", row.since_opset, row.until_opset);
  }
  if (row.since_opset != 0 && row.until_opset != 0 && row.since_opset > row.until_opset) {
    return Error("FL2012", "serves opsets {} to {}, which are none", row.since_opset, row.until_opset);
  }
  return Ok();
}

// "acme::foo.*(…)" stands for every overload; the rest is an ordinary schema.
Result<AtenSchema> ReadSchema(const std::string& text) {
  const std::size_t any = text.find(".*(");
  if (any == text.npos || any > text.find('(')) return ParseSchema(text);
  std::string plain = text;
  plain.erase(any, 2);
  FL_ASSIGN_OR_RETURN(AtenSchema schema, ParseSchema(plain));
  schema.op.overload = "*";
  schema.text = text;
  return schema;
}

// Bit i of `mask` speaks of the i-th parameter of the row's schema; here of the parameter of that name in PyTorch's.
Result<uint64_t> MaskOf(uint64_t mask, const LoweringRow& row, const AtenSchema* registered) {
  if (mask == 0) return 0;
  const AtenSchema& own = row.schema();
  uint64_t result = 0;
  for (std::size_t i = 0; i < 64; ++i) {
    if ((mask >> i & 1) == 0) continue;
    if (i >= own.parameters.size()) return Error("FL2012", "marks parameter {} of {}", i, own.parameters.size());
    if (registered == nullptr) {
      result |= uint64_t{1} << i;
      continue;
    }
    const AtenParameter* parameter = registered->Find(own.parameters[i].name);
    const auto position = static_cast<std::size_t>(parameter - registered->parameters.data());
    if (position >= 64) return Error("FL2012", "marks parameter {}, beyond the 64 that a mask has", own.parameters[i].name);
    result |= uint64_t{1} << position;
  }
  return result;
}

Status CheckAgainstRegistered(const AtenSchema& own, const AtenSchema& registered) {
  for (const AtenParameter& parameter : own.parameters) {
    if (registered.Find(parameter.name) == nullptr) {
      return Error("FL2012", "its schema has a parameter {}, PyTorch's has none: {}", parameter.name, registered.text);
    }
  }
  return Ok();
}

Result<LoweringRow> ReadRow(const PluginPtr& plugin, const Family& family, uint64_t position) {
  const PluginMemory& memory = plugin->memory();
  const std::byte* address = family.rows + position * family.stride;
  FL_ASSIGN_OR_RETURN(const auto row, memory.Struct<fl_lowering>(address, kRowSize, "the row"));
  FL_ASSIGN_OR_RETURN(const std::string text, memory.Text(row.schema, kMaxText, "the schema"));
  LoweringRow read;
  const AtenSchema* registered = nullptr;  // PyTorch's, where the row writes it in its own way
  if (auto quoted = FindSchemaText(text)) {
    read.op = *std::move(quoted);
  } else {
    FL_ASSIGN_OR_RETURN(AtenSchema schema, ReadSchema(text));
    read.op = schema.op;
    registered = FindSchema(schema.op);
    if (registered != nullptr) FL_RETURN_IF_ERROR(CheckAgainstRegistered(schema, *registered));
    read.own_schema = std::make_unique<const AtenSchema>(std::move(schema));
  }
  FL_RETURN_IF_ERROR(CheckOpsets(row));
  if (row.priority < -kMaxPriority || row.priority > kMaxPriority) {
    return Error("FL2012", "priority {}, wanted {} to {}", row.priority, -kMaxPriority, kMaxPriority);
  }
  if (!memory.IsCode(row.lower)) return Error("FL2012", "lower does not point to code");
  FL_ASSIGN_OR_RETURN(read.no_effect, MaskOf(row.no_effect, read, registered));
  FL_ASSIGN_OR_RETURN(read.unused, MaskOf(row.unused, read, registered));
  FL_ASSIGN_OR_RETURN(read.note, memory.OptionalText(row.note, 1024, "the note"));
  read.plugin = plugin;
  read.row = reinterpret_cast<const fl_lowering*>(address);
  read.family = family.name;
  read.priority = row.priority;
  read.since = static_cast<int>(row.since_opset);
  read.until = static_cast<int>(row.until_opset);
  read.authored = static_cast<int>(row.authored_opset);
  return read;
}

// What can be said of a row that may not be readable: its schema, or its place.
std::string Subject(const Plugin& plugin, const Family& family, uint64_t position) {
  const auto row = plugin.memory().Struct<fl_lowering>(family.rows + position * family.stride, kRowSize, "");
  if (row.ok()) {
    if (auto text = plugin.memory().Text(row->schema, kMaxText, ""); text.ok()) return text->substr(0, text->find('('));
  }
  return fmt::format("row {} of family {}", position, family.name);
}

void Refuse(const Plugin& plugin, std::string_view subject, const Status& why, Diagnostics& diagnostics) {
  diagnostics.Report({.rule = "FL2012",
                      .message = fmt::format("plugin {}: {} is left out: {}", plugin.id(), subject, why.message()),
                      .locations = {},
                      .hint = {},
                      .level = Level::kWarning,
                      .plugin = {}});
}

}  // namespace

Result<std::vector<std::unique_ptr<const LoweringRow>>> ReadLowerings(const PluginPtr& plugin, Diagnostics& diagnostics) {
  std::vector<std::unique_ptr<const LoweringRow>> rows;
  FL_ASSIGN_OR_RETURN(const auto table, plugin->Read<fl_p_lowering>(FL_P_LOWERING_ID, kTableSize));
  if (!table) return rows;
  if (table->n_families > kMaxFamilies || !plugin->memory().IsCode(table->family)) {
    return Error("FL9005", "plugin {}: table {} has {} families, at most {} are allowed, or no function that answers them",
                 plugin->id(), FL_P_LOWERING_ID, table->n_families, kMaxFamilies);
  }
  std::size_t index = 0;
  for (uint32_t i = 0; i < table->n_families; ++i) {
    const Result<Family> family = ReadFamily(plugin->memory(), *table, i);
    if (!family.ok()) {
      Refuse(*plugin, fmt::format("family {}", i), family.status(), diagnostics);
      continue;
    }
    if (index + family->count > kMaxRows) {
      return Error("FL9005", "plugin {}: more than {} lowerings", plugin->id(), kMaxRows);
    }
    for (uint64_t position = 0; position < family->count; ++position, ++index) {
      Result<LoweringRow> row = ReadRow(plugin, *family, position);
      if (row.ok()) {
        row->index = index;
        rows.push_back(std::make_unique<const LoweringRow>(*std::move(row)));
      } else {
        Refuse(*plugin, Subject(*plugin, *family, position), row.status(), diagnostics);
      }
    }
  }
  return rows;
}

}  // namespace fairlead
