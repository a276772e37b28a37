// Status and Result<T>: what a function returns when it can fail for a reason outside the program.
//
//   Result<Archive> OpenArchive(const std::filesystem::path& path);
//
//   FL_ASSIGN_OR_RETURN(Archive archive, OpenArchive(path));      // leaves the function with the error
//   FL_RETURN_IF_ERROR(archive.Check());
//   return Error("FL1001", "{}: the central directory ends at {}, the file at {}", path, end, size);
//
// Every error names a diagnostic rule ("FL1001"); the exit code and the help belong to the rule (diagnostics/rules.hpp).
// FL_CHECK is for what cannot happen: it prints the sentence and aborts (or see base/check_failure.hpp).
#pragma once

#include <fmt/format.h>
#include <fmt/std.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace fairlead {

// One failure. `hint` is the next step for the user ("re-save with torch.export.save"), or empty.
struct ErrorInfo {
  std::string rule;
  std::string message;
  std::string hint;
};

// Success, or one ErrorInfo. Cheap when it is a success: one null pointer.
class [[nodiscard]] Status {
 public:
  Status() = default;  // success
  explicit Status(ErrorInfo error) : error_(std::make_unique<ErrorInfo>(std::move(error))) {}
  Status(Status&&) = default;
  Status& operator=(Status&&) = default;
  Status(const Status& other) : error_(other.error_ ? std::make_unique<ErrorInfo>(*other.error_) : nullptr) {}
  Status& operator=(const Status& other) { return *this = Status(other); }

  bool ok() const { return error_ == nullptr; }
  const ErrorInfo& error() const { return *error_; }  // only when !ok()
  std::string_view message() const { return ok() ? std::string_view{} : std::string_view(error_->message); }

  // The same failure with a next step for the user.
  Status WithHint(std::string hint) && {
    if (error_) error_->hint = std::move(hint);
    return std::move(*this);
  }

 private:
  std::unique_ptr<ErrorInfo> error_;
};

inline Status Ok() { return {}; }

// A failure of `rule`; the rest is an fmt format string and its arguments.
template <class... Args> Status Error(std::string_view rule, fmt::format_string<Args...> format, Args&&... args) {
  return Status({std::string(rule), fmt::format(format, std::forward<Args>(args)...), {}});
}

// A T, or the Status that says why there is none.
template <class T> class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Status status) : state_(std::in_place_index<1>, std::move(status)) {}
  template <class U>
    requires(!std::same_as<std::remove_cvref_t<U>, Result> && !std::same_as<std::remove_cvref_t<U>, Status> &&
             !std::same_as<std::remove_cvref_t<U>, T> && std::convertible_to<U, T>)
  Result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  bool ok() const { return state_.index() == 0; }
  const Status& status() const& { return std::get<1>(state_); }  // only when !ok()
  Status status() && { return std::get<1>(std::move(state_)); }
  const ErrorInfo& error() const { return status().error(); }
  T& operator*() & { return *std::get_if<0>(&state_); }
  const T& operator*() const& { return *std::get_if<0>(&state_); }
  T&& operator*() && { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }

 private:
  std::variant<T, Status> state_;
};

[[noreturn]] void CheckFailed(const char* condition, const char* why, const char* file, int line);

}  // namespace fairlead

#define FL_CHECK(condition, why)                                                    \
  do {                                                                              \
    if (!(condition)) ::fairlead::CheckFailed(#condition, why, __FILE__, __LINE__); \
  } while (false)

#define FL_RETURN_IF_ERROR(expression)                                                  \
  do {                                                                                  \
    if (::fairlead::Status fl_status = (expression); !fl_status.ok()) return fl_status; \
  } while (false)

#define FL_JOIN_INNER(a, b) a##b
#define FL_JOIN(a, b) FL_JOIN_INNER(a, b)
#define FL_ASSIGN_OR_RETURN(declaration, expression) \
  FL_ASSIGN_OR_RETURN_IMPL(FL_JOIN(fl_result_, __LINE__), declaration, expression)
#define FL_ASSIGN_OR_RETURN_IMPL(result, declaration, expression) \
  auto result = (expression);                                     \
  if (!result.ok()) return std::move(result).status();            \
  declaration = *std::move(result)
