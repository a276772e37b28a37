#include "export_options.hpp"

#include <algorithm>

namespace fairlead::cli {
namespace {

bool Offers(const Arguments& arguments, std::string_view option) {
  return std::ranges::find(arguments.command().options, option, &Option::name) != arguments.command().options.end();
}

// "ID:KEY=VALUE"; ids have no colon, keys no equals sign.
Status AddPluginOption(const std::string& text, std::map<std::string, std::map<std::string, std::string>>& options) {
  const std::size_t colon = text.find(':');
  const std::size_t equals = colon == std::string::npos ? colon : text.find('=', colon);
  if (equals == std::string::npos || colon == 0 || equals == colon + 1) {
    return Error("FL9004", "--plugin-opt '{}' is not of the form ID:KEY=VALUE", text);
  }
  const std::string id = text.substr(0, colon), key = text.substr(colon + 1, equals - colon - 1);
  const bool is_new = options[id].try_emplace(key, text.substr(equals + 1)).second;
  return is_new ? Ok() : Error("FL9015", "--plugin-opt gives {}:{} twice", id, key);
}

// "+a,-b": what stands with a minus is switched off. A plus puts back what an earlier minus took.
Status ReadPasses(const std::vector<std::string>& lists, std::vector<std::string>& disabled) {
  std::map<std::string, char> wanted;
  std::vector<std::string> names;
  for (const std::string& list : lists) {
    for (std::size_t start = 0; start <= list.size();) {
      const std::size_t end = std::min(list.find(',', start), list.size());
      const std::string word = list.substr(start, end - start);
      start = end + 1;
      if (word.size() < 2 || (word[0] != '+' && word[0] != '-')) {
        return Error("FL9004", "--passes: '{}' is not of the form +NAME or -NAME", word);
      }
      names.push_back(word.substr(1));
      const auto [earlier, is_new] = wanted.try_emplace(word.substr(1), word[0]);
      if (!is_new && earlier->second != word[0]) {
        return Error("FL9015", "--passes switches {} on and off", earlier->first);
      }
    }
  }
  for (const auto& [name, sign] : wanted) {
    if (sign == '-') disabled.push_back(name);
  }
  return CheckPassNames(names);
}

ExportOptions::Weights WeightsFrom(std::string_view word) {
  return word == "external"    ? ExportOptions::Weights::kExternal
         : word == "reference" ? ExportOptions::Weights::kReference
         : word == "none"      ? ExportOptions::Weights::kNone
                               : ExportOptions::Weights::kEmbed;
}

ExportOptions::State StateFrom(std::string_view word) {
  return word == "drop"    ? ExportOptions::State::kDrop
         : word == "error" ? ExportOptions::State::kError
                           : ExportOptions::State::kIo;
}

Status FillPlugins(const Arguments& arguments, ExportOptions& options) {
  for (const std::string& file : arguments.All("plugin")) options.plugins.emplace_back(file);
  for (const std::string& folder : arguments.All("plugin-dir")) options.plugin_directories.emplace_back(folder);
  options.builtin_plugins = !arguments.Has("no-plugins");
  if (Offers(arguments, "plugin-lock") && arguments.Has("plugin-lock")) options.plugin_lock = arguments.Text("plugin-lock");
  if (!Offers(arguments, "plugin-opt")) return Ok();
  for (const std::string& text : arguments.All("plugin-opt"))
    FL_RETURN_IF_ERROR(AddPluginOption(text, options.plugin_options));
  return Ok();
}

}  // namespace

Result<ExportPlan> PlanFrom(const Arguments& arguments) {
  ExportOptions options;
  FL_RETURN_IF_ERROR(FillPlugins(arguments, options));
  if (Offers(arguments, "opset")) options.opset = arguments.Number("opset");
  if (Offers(arguments, "lowering")) options.lowerings = arguments.All("lowering");
  if (Offers(arguments, "weights")) options.weights = WeightsFrom(arguments.Text("weights"));
  if (Offers(arguments, "state")) options.state = StateFrom(arguments.Text("state"));
  if (Offers(arguments, "passes")) FL_RETURN_IF_ERROR(ReadPasses(arguments.All("passes"), options.disabled_passes));
  if (Offers(arguments, "seed") && arguments.Has("seed")) options.seed = arguments.Number("seed");
  if (Offers(arguments, "check-crc")) options.check_crc = arguments.Has("check-crc");
  return PlanExport(options);
}

Result<PluginSources> PluginsFrom(const Arguments& arguments) {
  ExportOptions options;
  FL_RETURN_IF_ERROR(FillPlugins(arguments, options));
  FL_ASSIGN_OR_RETURN(ExportPlan plan, PlanExport(options));
  return std::move(plan.plugins);
}

std::optional<ExpectedFile> ExpectedFrom(const Arguments& arguments) {
  if (!arguments.Has("expect")) return std::nullopt;
  return ExpectedFile{.path = arguments.Text("expect"), .set = arguments.Text("expect-set")};
}

std::filesystem::path DefaultOutput(const std::filesystem::path& input) {
  return std::filesystem::path(input.filename()).replace_extension(".onnx");
}

}  // namespace fairlead::cli
