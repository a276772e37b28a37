// What an fl_ctx is on the host's side: the base that lowering/, runtime/ and rules extend, and the only way to call into
// a plugin.
//
//   class RuleContext : public CallContext { … };
//   RuleContext context(plugin, diagnostics);
//   const fl_status status = Guarded(context, [&] { return rule.check(&call, rule.row); });   // nothing is thrown out of
//   it if (status != FL_OK) return Error("FL9001", "{}: {}", StatusName(status), context.message());
//
// In a function of a table:
//
//   auto* context = CallContext::Find<LoweringContext>(ctx);
//   if (context == nullptr) return CallContext::WrongContext(ctx, "fl.build/1 is for lowerings");
#pragma once

#include <fairlead/sdk/abi/core.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check_failure.hpp"
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
  // The context of a call that runs on this thread now (see Guarded) and is a T; null for any other pointer: one kept from
  // an earlier call, used on another thread, or made up.
  template <class T = CallContext> static T* Find(fl_ctx* ctx) { return dynamic_cast<T*>(FindActive(ctx)); }
  // Find without its checks: only for a context that is known to be alive.
  static CallContext& From(fl_ctx* ctx) { return *reinterpret_cast<CallContext*>(ctx); }
  // For a function that this kind of call may not use: FL_FAILED_PRECONDITION with `message` when the context is alive,
  // else FL_INVALID_ARGUMENT.
  static fl_status WrongContext(fl_ctx* ctx, std::string_view message);

  // A host function failed. Returns `status`.
  fl_status Fail(fl_status status, std::string_view message);
  // fl.core/1's fail: the plugin's own words, of which the first are kept; they stand before the host's.
  fl_status FailInWordsOfPlugin(fl_status status, std::string message);
  // The plugin broke a rule of the ABI: FL_INTERNAL, and the message says so before anything else.
  fl_status Misbehaved(std::string message);
  fl_status Allocate(uint64_t bytes, uint64_t alignment, void** out);
  fl_status ReportFinding(fl_level level, fl_str rule, fl_str message);

  // Why the call failed: the plugin's words, else the first failure of a host function that was more than FL_NOT_FOUND,
  // else the last. Empty when nobody said anything.
  const std::string& message() const;
  // Of the last host function that failed.
  const std::string& last_error() const { return last_error_; }
  const PluginPtr& plugin() const { return plugin_; }
  Diagnostics& diagnostics() { return diagnostics_; }
  // Where findings that the plugin reports belong.
  virtual Location location() const { return {}; }
  // Takes a finding that the plugin reported; a call that may be rolled back keeps it until it is not.
  virtual void Deliver(Finding finding) { diagnostics_.Report(std::move(finding)); }
  void Reset(PluginPtr plugin);  // reuse for the next call: messages and memory are dropped

  static const fl_core* CoreTable();
  static const fl_host* Host();

 private:
  friend class ActiveCall;
  static CallContext* FindActive(fl_ctx* ctx);

  PluginPtr plugin_;
  Diagnostics& diagnostics_;
  std::string words_, first_error_, last_error_;
  std::vector<std::unique_ptr<std::byte[]>> memory_;
  uint64_t allocated_ = 0;
  uint32_t reported_ = 0;
};

// Makes `context` the one that Find knows, on this thread, while it lives. Calls may nest (fl.build's `aten`).
class ActiveCall {
 public:
  explicit ActiveCall(CallContext& context);
  ~ActiveCall();
  ActiveCall(const ActiveCall&) = delete;
  ActiveCall& operator=(const ActiveCall&) = delete;
};

// The exception being handled, in words: "an exception: vector::_M_range_check".
std::string DescribeException();
// FL_OK … FL_DECLINED as they are; a number that the ABI does not have becomes FL_INTERNAL with a sentence in `context`.
fl_status CheckedStatus(CallContext& context, fl_status status);
// "INVALID_ARGUMENT"
std::string_view StatusName(fl_status status);

// Calls a function of a plugin that has no context; answers what it threw, if anything. A broken promise of the host, which
// the plugin called back, is not the plugin's fault and goes on.
template <class Call> std::optional<std::string> Thrown(Call&& call) {
  try {
    std::forward<Call>(call)();
    return std::nullopt;
  } catch (const CheckFailure&) {
    throw;
  } catch (...) {
    return DescribeException();
  }
}

// Calls a function of a plugin with `context` active. An exception becomes FL_INTERNAL with its text as the message. (One
// thrown by a plugin with a C++ library of its own, -static-libstdc++, ends the process: nothing outside it can catch
// that.)
template <class Call> fl_status Guarded(CallContext& context, Call&& call) {
  const ActiveCall active(context);
  fl_status status = FL_INTERNAL;
  if (auto thrown = Thrown([&] { status = std::forward<Call>(call)(); })) {
    return context.Misbehaved("threw " + *thrown);
  }
  return CheckedStatus(context, status);
}

// The first `limit` bytes of `text`, repaired to valid UTF-8. Only for strings that a plugin gives during a call.
std::string Sanitized(fl_str text, std::size_t limit = 64 * 1024);

}  // namespace fairlead
