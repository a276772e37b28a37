// What an fl_ctx is on the host's side: the base that lowering/, runtime/ and rules extend.
#pragma once

#include <fairlead/sdk/abi/core.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "diagnostics/diagnostics.hpp"
#include "plugin/plugin.hpp"

namespace fairlead {

// One call into a plugin. Implements fl.core/1 for it. Derived classes add what their tables need.
class CallContext {
 public:
  CallContext(PluginPtr plugin, Diagnostics& diagnostics) : plugin_(std::move(plugin)), diagnostics_(diagnostics) {}
  virtual ~CallContext() = default;
  CallContext(const CallContext&) = delete;
  CallContext& operator=(const CallContext&) = delete;

  fl_ctx* handle() { return reinterpret_cast<fl_ctx*>(this); }
  static CallContext& From(fl_ctx* ctx) { return *reinterpret_cast<CallContext*>(ctx); }

  // fl_core's functions.
  fl_status Fail(fl_status status, std::string_view message);  // keeps the first message; returns status
  fl_status Allocate(uint64_t bytes, uint64_t alignment, void** out);
  // The message kept by Fail, or empty.
  const std::string& message() const { return message_; }
  const PluginPtr& plugin() const { return plugin_; }
  Diagnostics& diagnostics() { return diagnostics_; }
  // Where findings that the plugin reports belong.
  virtual Location location() const { return {}; }
  void Reset(PluginPtr plugin);  // reuse for the next call: message and memory are dropped

  static const fl_core* CoreTable();
  static const fl_host* Host();

 private:
  PluginPtr plugin_;
  Diagnostics& diagnostics_;
  std::string message_;
  std::vector<std::unique_ptr<std::byte[]>> memory_;
  uint64_t allocated_ = 0;
};

// "message" repaired to valid UTF-8 and cut at `limit` bytes.
std::string Sanitized(fl_str text, std::size_t limit = 64 * 1024);

}  // namespace fairlead
