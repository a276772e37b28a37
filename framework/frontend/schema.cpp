#include "frontend/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace fairlead {

Tagged ReadUnion(JsonValue json) {
  if (!json.IsObject()) return {};
  if (json.size() == 1) return {json.member(0).key, json.member(0).value};
  if (const auto tag = json["$type"].text(); !tag.empty()) return {tag, json["$value"]};
  if (const auto tag = json["type"].text(); !tag.empty()) return {tag, json[json["value"].IsNull() ? tag : "value"]};
  Tagged out;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const JsonMember member = json.member(i);
    if (member.value.IsNull()) continue;
    if (!out.tag.empty()) return {};
    out = {member.key, member.value};
  }
  return out;
}

std::string_view ReadName(JsonValue json) { return json.IsString() ? json.text() : json["name"].text(); }

std::optional<double> ReadDouble(JsonValue json) {
  if (const auto number = json.AsDouble()) return number;
  if (json.text() == "Infinity") return INFINITY;
  if (json.text() == "-Infinity") return -INFINITY;
  if (json.text() == "NaN") return std::nan("");
  return std::nullopt;
}

std::optional<DType> ReadScalarType(JsonValue json) {
  // torch/_export/serde/schema.py, class ScalarType; 14 and 15 are the float8 types of schema 8.1.
  constexpr std::array kTypes = {DType::kUndefined,      DType::kUint8,        DType::kInt8,         DType::kInt16,
                                 DType::kInt32,          DType::kInt64,        DType::kFloat16,      DType::kFloat,
                                 DType::kDouble,         DType::kUndefined,    DType::kComplex64,    DType::kComplex128,
                                 DType::kBool,           DType::kBFloat16,     DType::kFloat8E4M3FN, DType::kFloat8E5M2,
                                 DType::kUndefined,      DType::kUndefined,    DType::kUndefined,    DType::kUndefined,
                                 DType::kUndefined,      DType::kUndefined,    DType::kUndefined,    DType::kUndefined,
                                 DType::kUndefined,      DType::kUndefined,    DType::kUndefined,    DType::kUndefined,
                                 DType::kUint16,         DType::kFloat8E4M3FN, DType::kFloat8E5M2,   DType::kFloat8E4M3FNUZ,
                                 DType::kFloat8E5M2FNUZ, DType::kFloat8E8M0,   DType::kUint32,       DType::kUint64};
  const auto number = json.AsInt();
  if (!number || *number < 0 || *number >= static_cast<int64_t>(kTypes.size())) return std::nullopt;
  const DType type = kTypes[static_cast<std::size_t>(*number)];
  return type == DType::kUndefined ? std::nullopt : std::optional(type);
}

bool IsComplexHalf(JsonValue scalar_type) {
  constexpr int64_t kComplexHalf = 9;
  return scalar_type.AsInt() == kComplexHalf;
}

std::string DeviceText(JsonValue json) {
  const auto index = json["index"].AsInt();
  return index ? fmt::format("{}:{}", json["type"].text(), *index) : std::string(json["type"].text());
}

OpName ReadTarget(std::string_view target) {
  constexpr std::string_view kOps = "torch.ops.", kFunctorch = "torch._functorch.predispatch.";
  if (target.starts_with(kOps)) {
    target.remove_prefix(kOps.size());
    const std::size_t first = std::min(target.find('.'), target.size());
    const std::string_view domain = target.substr(0, first);
    const std::string_view rest = first < target.size() ? target.substr(first + 1) : std::string_view();
    const std::size_t second = std::min(rest.find('.'), rest.size());
    const std::string_view overload = second < rest.size() ? rest.substr(second + 1) : "default";
    return {std::string(domain), std::string(rest.substr(0, second)), std::string(overload)};
  }
  if (target.starts_with('#')) {
    const std::size_t colon = std::min(target.find(':'), target.size());
    const std::string_view type = colon < target.size() ? target.substr(colon + 1) : std::string_view();
    return {std::string(target.substr(1, colon - 1)), std::string(type), "default"};
  }
  if (target.starts_with(kFunctorch)) return {"functorch", std::string(target.substr(kFunctorch.size())), "default"};
  const std::size_t dot = target.rfind('.');
  const std::string_view path = dot == std::string_view::npos ? "python" : target.substr(0, dot);
  const std::string_view name = dot == std::string_view::npos ? target : target.substr(dot + 1);
  const bool python = path == "_operator" || path == "operator" || path == "math" || path == "builtins" ||
                      (path == "torch" && (name.starts_with("sym_") || name.starts_with("_sym_")));
  return {std::string(python ? "python" : path), std::string(name), "default"};
}

}  // namespace fairlead
