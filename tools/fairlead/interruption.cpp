#include "interruption.hpp"

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <string_view>

namespace fairlead::cli {
namespace {

constexpr int kInterruptedExit = 130;

std::atomic<bool> interruption_asked = false;
std::atomic<int> writers = 0;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "a signal handler uses them");

[[noreturn]] void EndInterrupted() {
  constexpr std::string_view kText = "\nFL9016: interrupted.\n";
  pollfd standard_error{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  if (poll(&standard_error, 1, 0) == 1)  // nobody may be reading the pipe any more
      [[maybe_unused]]
    const ssize_t told = write(STDERR_FILENO, kText.data(), kText.size());
  _exit(kInterruptedExit);
}

// A writer that begins now either is counted here or sees the flag before it makes a file.
void Handle(int) {
  interruption_asked = true;
  if (writers == 0) EndInterrupted();
}

}  // namespace

void HandleInterruptions() {
  struct sigaction action {};
  action.sa_handler = Handle;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void IgnoreInterruptions() {
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  interruption_asked = false;
}

WritingScope::WritingScope() { ++writers; }

WritingScope::~WritingScope() {
  if (--writers == 0 && interruption_asked) EndInterrupted();
}

const std::atomic<bool>* WritingScope::interrupted() { return &interruption_asked; }

}  // namespace fairlead::cli
