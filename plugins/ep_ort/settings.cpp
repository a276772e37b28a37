#include "settings.hpp"

#include <charconv>
#include <string>

#include "library.hpp"

namespace fairlead::ep_ort {
namespace {

int ThreadCount(std::string_view text) {
  int count = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 0 || count > 1024)
    throw EpError(FL_INVALID_ARGUMENT, "intra_op_num_threads is '" + std::string(text) + "', expected 0 to 1024");
  return count;
}

GraphOptimizationLevel OptimizationLevel(std::string_view text) {
  if (text == "disable") return ORT_DISABLE_ALL;
  if (text == "basic") return ORT_ENABLE_BASIC;
  if (text == "extended") return ORT_ENABLE_EXTENDED;
  if (text == "all") return ORT_ENABLE_ALL;
  throw EpError(FL_INVALID_ARGUMENT,
                "graph_optimization_level is '" + std::string(text) + "', expected disable, basic, extended or all");
}

class SessionConfig {
 public:
  SessionConfig(const OrtApi& api, OrtSessionOptions* options) : api_(api), options_(options) {}

  void Add(std::string_view key, std::string_view value) {
    const std::string key_text(key);
    Check(api_, api_.AddSessionConfigEntry(options_, key_text.c_str(), std::string(value).c_str()), key_text);
  }

  // "KEY=VALUE;KEY=VALUE"
  void AddList(std::string_view entries) {
    while (!entries.empty()) {
      const std::string_view entry = entries.substr(0, entries.find(';'));
      entries.remove_prefix(std::min(entries.size(), entry.size() + 1));
      const std::size_t equals = entry.find('=');
      if (equals == entry.npos || equals == 0)
        throw EpError(FL_INVALID_ARGUMENT, "session_config has the entry '" + std::string(entry) + "', expected KEY=VALUE");
      Add(entry.substr(0, equals), entry.substr(equals + 1));
    }
  }

 private:
  const OrtApi& api_;
  OrtSessionOptions* options_;
};

}  // namespace

void ApplySettings(const OrtApi& api, OrtSessionOptions* options, const EpCall& call) {
  const int threads = ThreadCount(call.Option("intra_op_num_threads"));
  Check(api, api.SetIntraOpNumThreads(options, threads), "intra_op_num_threads");
  const GraphOptimizationLevel level = OptimizationLevel(call.Option("graph_optimization_level"));
  Check(api, api.SetSessionGraphOptimizationLevel(options, level), "graph_optimization_level");
  SessionConfig config(api, options);
  for (const fl_option_desc& option : kOptions) {
    const std::string_view key = FromAbi(option.key);
    if (!key.starts_with("session.")) continue;
    if (const std::string_view value = call.Option(key); !value.empty()) config.Add(key, value);
  }
  config.AddList(call.Option("session_config"));
}

}  // namespace fairlead::ep_ort
