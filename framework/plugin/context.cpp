#include "plugin/context.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>

#include "base/utf8.hpp"

namespace fairlead {
namespace {

constexpr uint64_t kMaxCallMemory = 256ull << 20;
constexpr uint64_t kMaxAlignment = 4096;
constexpr uint32_t kMaxReports = 10'000;

// Innermost last.
thread_local std::vector<CallContext*> active_calls;

fl_str View(const std::string& text) { return {text.data(), text.size()}; }

fl_status CoreFail(fl_ctx* ctx, fl_status status, fl_str message) {
  CallContext* context = CallContext::Find(ctx);
  if (context == nullptr) return FL_INVALID_ARGUMENT;
  return context->FailInWordsOfPlugin(status, Sanitized(message));
}

fl_status CoreLastError(fl_ctx* ctx, fl_str* out) {
  CallContext* context = CallContext::Find(ctx);
  if (context == nullptr || out == nullptr) return FL_INVALID_ARGUMENT;
  *out = View(context->last_error());
  return FL_OK;
}

fl_status CoreAllocate(fl_ctx* ctx, uint64_t bytes, uint64_t alignment, void** out) {
  CallContext* context = CallContext::Find(ctx);
  return context == nullptr ? FL_INVALID_ARGUMENT : context->Allocate(bytes, alignment, out);
}

fl_status CoreOption(fl_ctx* ctx, fl_str key, fl_str* out) {
  CallContext* context = CallContext::Find(ctx);
  if (context == nullptr) return FL_INVALID_ARGUMENT;
  if (out == nullptr) return context->Fail(FL_INVALID_ARGUMENT, "fl.core/1 option: out is null");
  const std::string name = Sanitized(key, 256);
  const auto& options = context->plugin()->options();
  const auto found = options.find(name);
  if (found == options.end()) {
    return context->Fail(FL_NOT_FOUND,
                         fmt::format("fl.core/1 option: {} declares no option {}", context->plugin()->id(), name));
  }
  *out = View(found->second);
  return FL_OK;
}

fl_status CoreReport(fl_ctx* ctx, fl_level level, fl_str rule, fl_str message) {
  CallContext* context = CallContext::Find(ctx);
  return context == nullptr ? FL_INVALID_ARGUMENT : context->ReportFinding(level, rule, message);
}

constexpr fl_core kCore = {sizeof(fl_core), 0, CoreFail, CoreLastError, CoreAllocate, CoreOption, CoreReport};

}  // namespace

const fl_core* CallContext::CoreTable() { return &kCore; }

CallContext* CallContext::FindActive(fl_ctx* ctx) {
  const auto found = std::ranges::find(active_calls.rbegin(), active_calls.rend(), ctx, &CallContext::handle);
  return found == active_calls.rend() ? nullptr : *found;
}

fl_status CallContext::WrongContext(fl_ctx* ctx, std::string_view message) {
  CallContext* context = FindActive(ctx);
  return context == nullptr ? FL_INVALID_ARGUMENT : context->Fail(FL_FAILED_PRECONDITION, message);
}

fl_status CallContext::Fail(fl_status status, std::string_view message) {
  last_error_ = message;
  if (status != FL_NOT_FOUND && first_error_.empty()) first_error_ = message;
  return status;
}

fl_status CallContext::FailInWordsOfPlugin(fl_status status, std::string message) {
  if (words_.empty()) words_ = std::move(message);
  return status;
}

fl_status CallContext::Misbehaved(std::string message) {
  words_ = words_.empty() ? std::move(message) : fmt::format("{} (after it said: {})", message, words_);
  return FL_INTERNAL;
}

const std::string& CallContext::message() const {
  if (!words_.empty()) return words_;
  return first_error_.empty() ? last_error_ : first_error_;
}

fl_status CallContext::Allocate(uint64_t bytes, uint64_t alignment, void** out) {
  if (out == nullptr) return Fail(FL_INVALID_ARGUMENT, "fl.core/1 allocate: out is null");
  if (alignment == 0 || alignment > kMaxAlignment || (alignment & (alignment - 1)) != 0) {
    return Fail(FL_INVALID_ARGUMENT, fmt::format("fl.core/1 allocate: an alignment of {}, wanted a power of two up to {}",
                                                 alignment, kMaxAlignment));
  }
  if (bytes > kMaxCallMemory || bytes + alignment > kMaxCallMemory - allocated_) {
    return Fail(FL_RESOURCE_EXHAUSTED, fmt::format("fl.core/1 allocate: {} bytes after {}, a call may have {}", bytes,
                                                   allocated_, kMaxCallMemory));
  }
  std::unique_ptr<std::byte[]> block(new (std::nothrow) std::byte[bytes + alignment]);
  if (block == nullptr)
    return Fail(FL_RESOURCE_EXHAUSTED, fmt::format("fl.core/1 allocate: no memory for {} bytes", bytes));
  const auto begin = reinterpret_cast<uintptr_t>(block.get());
  *out = block.get() + ((alignment - begin % alignment) % alignment);
  memory_.push_back(std::move(block));
  allocated_ += bytes + alignment;
  return FL_OK;
}

fl_status CallContext::ReportFinding(fl_level level, fl_str rule, fl_str message) {
  if (level != FL_LEVEL_NOTE && level != FL_LEVEL_WARNING) {
    return Fail(FL_INVALID_ARGUMENT, fmt::format("fl.core/1 report: level {}, wanted a note (1) or a warning (2)", level));
  }
  const std::string id = Sanitized(rule, 64);
  if (FindRule(id) == nullptr && plugin_->FindRule(id) == nullptr) {
    return Fail(FL_NOT_FOUND,
                fmt::format("fl.core/1 report: rule '{}' is neither the host's nor declared by {}", id, plugin_->id()));
  }
  if (++reported_ > kMaxReports)
    return Fail(FL_RESOURCE_EXHAUSTED, "fl.core/1 report: more than 10000 findings in one call");
  Deliver({.rule = id,
           .message = Sanitized(message),
           .locations = {location()},
           .hint = {},
           .level = level == FL_LEVEL_NOTE ? Level::kNote : Level::kWarning,
           .plugin = plugin_->id()});
  return FL_OK;
}

void CallContext::Reset(PluginPtr plugin) {
  plugin_ = std::move(plugin);
  words_.clear();
  first_error_.clear();
  last_error_.clear();
  memory_.clear();
  allocated_ = 0;
  reported_ = 0;
}

ActiveCall::ActiveCall(CallContext& context) { active_calls.push_back(&context); }
ActiveCall::~ActiveCall() { active_calls.pop_back(); }

std::string DescribeException() {
  try {
    throw;
  } catch (const std::exception& exception) {
    return "an exception: " + RepairUtf8(std::string_view(exception.what()).substr(0, 4096));
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

fl_status CheckedStatus(CallContext& context, fl_status status) {
  if (!StatusName(status).empty()) return status;
  return context.Misbehaved(fmt::format("returned status {}, which the ABI does not have", status));
}

std::string_view StatusName(fl_status status) {
  switch (status) {
    case FL_OK: return "OK";
    case FL_CANCELLED: return "CANCELLED";
    case FL_INVALID_ARGUMENT: return "INVALID_ARGUMENT";
    case FL_NOT_FOUND: return "NOT_FOUND";
    case FL_RESOURCE_EXHAUSTED: return "RESOURCE_EXHAUSTED";
    case FL_FAILED_PRECONDITION: return "FAILED_PRECONDITION";
    case FL_UNIMPLEMENTED: return "UNIMPLEMENTED";
    case FL_INTERNAL: return "INTERNAL";
    case FL_UNAVAILABLE: return "UNAVAILABLE";
    case FL_DECLINED: return "DECLINED";
  }
  return {};
}

std::string Sanitized(fl_str text, std::size_t limit) {
  if (text.data == nullptr) return {};
  // At most what is kept is read: a size of 2^60 costs nothing.
  return RepairUtf8({text.data, static_cast<std::size_t>(std::min<uint64_t>(text.size, limit))});
}

}  // namespace fairlead
