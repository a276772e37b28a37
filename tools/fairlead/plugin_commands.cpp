// fairlead plugin list and plugin lock: the files that would be loaded, and their content made binding.
#include <algorithm>

#include "base/utf8.hpp"
#include "commands.hpp"
#include "export/inspection.hpp"
#include "export/text_file.hpp"
#include "export_options.hpp"
#include "files.hpp"
#include "interruption.hpp"
#include "reports.hpp"

namespace fairlead::cli {

int PluginList(const Arguments& arguments, Console& console) {
  const Result<PluginSources> sources = PluginsFrom(arguments);
  if (!sources.ok()) return console.Fail(sources.status());
  Diagnostics diagnostics;
  const auto plugins = ListPlugins(*sources, diagnostics);
  if (!plugins.ok()) return console.Fail(plugins.status());
  JsonWriter json;
  json.BeginObject().Key("command").String("plugin list").Key("plugins").BeginArray();
  const bool printed = PrintsText(arguments);
  for (const auto& [path, manifest] : *plugins) {
    json.BeginObject().Key("file").String(path.string());
    if (manifest.ok()) {
      const std::string kinds = KindNames(manifest->kinds);
      if (printed) {
        console.Print(
            Printable(Padded(manifest->id, 24) + Padded(manifest->version, 12) + Padded(kinds, 20) + path.string()));
      }
      json.Key("id").String(manifest->id).Key("version").String(manifest->version).Key("kinds").String(kinds);
      json.Key("abi").String(fmt::format("{}.{}", manifest->abi_major, manifest->abi_minor_built));
    } else {
      diagnostics.Report(manifest.status());
      json.Key("error").String(manifest.status().message());
    }
    json.End();
  }
  console.Show(diagnostics);
  return FinishJson(arguments, console, json.End().End().text(), diagnostics.exit_code());
}

int PluginLock(const Arguments& arguments, Console& console) {
  const std::string output = arguments.Text("output");
  const Result<PluginSources> sources = PluginsFrom(arguments);
  if (!sources.ok()) return console.Fail(sources.status());
  std::vector<NamedFile> written = JsonFile(arguments);
  written.push_back({output, "the lock"});
  if (const Status usage = CheckFiles(PluginFiles(*sources), written); !usage.ok()) return console.FailFiles(usage);

  Diagnostics diagnostics;
  const Result<std::string> text = LockPlugins(*sources, diagnostics);
  console.Show(diagnostics);
  if (!text.ok()) return diagnostics.exit_code() != 0 ? diagnostics.exit_code() : console.Fail(text.status());
  const WritingScope writing;
  if (const Status saved = WriteTextFile(output, *text, WritingScope::interrupted()); !saved.ok())
    return console.Fail(saved);
  const auto locked = std::ranges::count(*text, '\n') - 1;
  console.Say(Printable(fmt::format("{}: {}", output, Counted(static_cast<std::size_t>(locked), "plugin"))));
  JsonWriter json;
  json.BeginObject().Key("command").String("plugin lock").Key("output").String(output).Key("plugins").Integer(locked);
  return FinishJson(arguments, console, json.End().text(), 0);
}

}  // namespace fairlead::cli
