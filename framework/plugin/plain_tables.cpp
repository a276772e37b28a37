#include "plugin/plain_tables.hpp"

#include <algorithm>
#include <charconv>

#include "aten/schema.hpp"
#include "onnx/schema.hpp"
#include "plugin/context.hpp"

namespace fairlead {
namespace {

// ---- fl.options/1

// The text of an option of this kind (-1: any); null and a failure in the context when there is none.
const std::string* FindOption(CallContext& context, fl_str key, int32_t kind, fl_status* status) {
  const Plugin& plugin = *context.plugin();
  const std::string name = Sanitized(key, 256);
  const auto found = std::ranges::find(plugin.option_list(), name, &PluginOption::key);
  if (found == plugin.option_list().end()) {
    *status = context.Fail(FL_NOT_FOUND, fmt::format("fl.options/1: {} declares no option {}", plugin.id(), name));
    return nullptr;
  }
  if (kind >= 0 && found->kind != kind) {
    *status = context.Fail(
        FL_INVALID_ARGUMENT,
        fmt::format("fl.options/1: option {} was declared of kind {}, asked for as {}", name, found->kind, kind));
    return nullptr;
  }
  return &plugin.options().at(name);
}

// Calls `read(text)` for the option; its text was checked against its kind when the plugin was loaded.
template <class Out, class Read> fl_status ReadOption(fl_ctx* ctx, fl_str key, int32_t kind, Out* out, Read read) {
  CallContext* context = CallContext::Find(ctx);
  if (context == nullptr) return FL_INVALID_ARGUMENT;
  if (out == nullptr) return context->Fail(FL_INVALID_ARGUMENT, "fl.options/1: the output is null");
  fl_status status = FL_OK;
  if (const std::string* text = FindOption(*context, key, kind, &status)) read(*text);
  return status;
}

fl_status OptionStr(fl_ctx* ctx, fl_str key, fl_str* out) {
  return ReadOption(ctx, key, -1, out, [&](const std::string& text) { *out = {text.data(), text.size()}; });
}
fl_status OptionI64(fl_ctx* ctx, fl_str key, int64_t* out) {
  return ReadOption(ctx, key, FL_OPTION_I64, out,
                    [&](const std::string& text) { std::from_chars(text.data(), text.data() + text.size(), *out); });
}
fl_status OptionF64(fl_ctx* ctx, fl_str key, double* out) {
  return ReadOption(ctx, key, FL_OPTION_F64, out,
                    [&](const std::string& text) { std::from_chars(text.data(), text.data() + text.size(), *out); });
}
fl_status OptionBoolean(fl_ctx* ctx, fl_str key, int32_t* out) {
  return ReadOption(ctx, key, FL_OPTION_BOOL, out, [&](const std::string& text) { *out = text == "true" ? 1 : 0; });
}

constexpr fl_options kOptions = {sizeof(fl_options), 0, OptionStr, OptionI64, OptionF64, OptionBoolean};

// ---- fl.schema/1

fl_status OnnxSince(fl_str domain, fl_str op, uint32_t opset, uint32_t* out) {
  if (out == nullptr || op.data == nullptr || opset > 1000) return FL_INVALID_ARGUMENT;
  const int since = onnx_room::SinceVersion(Sanitized(domain, 256), Sanitized(op, 256), static_cast<int>(opset));
  if (since == 0) return FL_NOT_FOUND;
  *out = static_cast<uint32_t>(since);
  return FL_OK;
}

// "aten::add.Tensor"
fl_status AtenText(fl_str op, fl_str* out) {
  if (out == nullptr || op.data == nullptr) return FL_INVALID_ARGUMENT;
  const std::string name = Sanitized(op, 256);
  const std::size_t colons = name.find("::"), dot = name.find('.', colons == name.npos ? 0 : colons);
  if (colons == name.npos || dot == name.npos) return FL_INVALID_ARGUMENT;
  const AtenSchema* schema =
      FindSchema({name.substr(0, colons), name.substr(colons + 2, dot - colons - 2), name.substr(dot + 1)});
  if (schema == nullptr) return FL_NOT_FOUND;
  *out = {schema->text.data(), schema->text.size()};
  return FL_OK;
}

constexpr fl_schema kSchema = {sizeof(fl_schema), 0, OnnxSince, AtenText};

}  // namespace

const fl_options* OptionsTable() { return &kOptions; }
const fl_schema* SchemaTable() { return &kSchema; }

}  // namespace fairlead
