#include "base/utf8.hpp"
#include "diagnostics/diagnostics.hpp"

namespace fairlead {
namespace {

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (std::string repaired = RepairUtf8(text); const char c : repaired) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
          out += c;
        }
    }
  }
  return out + '"';
}

// Members of one object; empty ones are left out.
class ObjectWriter {
 public:
  void Text(std::string_view key, std::string_view value) {
    if (!value.empty()) Raw(key, Quoted(value));
  }
  void Raw(std::string_view key, std::string_view json) {
    body_ += fmt::format("{}\"{}\": {}", body_.empty() ? "" : ", ", key, json);
  }
  std::string Take() { return "{" + std::move(body_) + "}"; }

 private:
  std::string body_;
};

std::string LocationJson(const Location& location) {
  ObjectWriter object;
  object.Text("module_path", location.module_path);
  object.Text("file", location.file);
  if (location.line > 0) object.Raw("line", std::to_string(location.line));
  object.Text("function", location.function);
  object.Text("code", location.code);
  object.Text("node", location.node);
  return object.Take();
}

std::string FindingJson(const Finding& finding) {
  const Rule* const rule = FindRule(finding.rule);
  ObjectWriter object;
  object.Text("rule", finding.rule);
  if (rule) object.Text("name", rule->name);
  object.Text("level", Name(finding.level));
  object.Text("message", finding.message);
  object.Text("hint", !finding.hint.empty() || !rule ? std::string_view(finding.hint) : rule->help);
  object.Text("plugin", finding.plugin);
  std::string locations;
  for (const Location& location : finding.locations) locations += (locations.empty() ? "" : ", ") + LocationJson(location);
  if (!locations.empty()) object.Raw("locations", "[" + locations + "]");
  return object.Take();
}

}  // namespace

std::string ToJson(const Diagnostics& diagnostics) {
  std::string out;
  for (const Finding& finding : diagnostics.findings()) out += (out.empty() ? "" : ",\n ") + FindingJson(finding);
  return "[" + out + "]";
}

}  // namespace fairlead
