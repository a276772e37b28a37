#include "interruption.hpp"

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <string_view>

namespace fairlead::cli {
namespace {

constexpr int kInterruptedExit = 130;
constexpr int kInterruptions[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU, SIGPIPE};

std::atomic<bool> interruption_asked = false;
std::atomic<bool> reader_is_gone = false;  // SIGPIPE
std::atomic<int> writers = 0;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "a signal handler uses them");

// By the signal itself and without a word, as a pipeline expects it of its parts.
[[noreturn]] void EndWithoutReader() {
  std::signal(SIGPIPE, SIG_DFL);
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGPIPE);
  pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);  // while it is handled it is blocked
  std::raise(SIGPIPE);
  _exit(kInterruptedExit);
}

[[noreturn]] void EndInterrupted() {
  if (reader_is_gone) EndWithoutReader();
  constexpr std::string_view kText = "\nFL9016: interrupted.\n";
  pollfd standard_error{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  if (poll(&standard_error, 1, 0) == 1)  // nobody may be reading the pipe any more
      [[maybe_unused]]
    const ssize_t told = write(STDERR_FILENO, kText.data(), kText.size());
  _exit(kInterruptedExit);
}

// A writer that begins now either is counted here or sees the flag before it makes a file.
void Handle(int number) {
  if (number == SIGPIPE) reader_is_gone = true;
  interruption_asked = true;
  if (writers == 0) EndInterrupted();
}

// By who started the tool: nohup, or a shell for what it runs in the background.
bool IsIgnored(int number) {
  struct sigaction present {};
  return sigaction(number, nullptr, &present) == 0 && present.sa_handler == SIG_IGN;
}

}  // namespace

void HandleInterruptions() {
  struct sigaction action {};
  action.sa_handler = Handle;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int number : kInterruptions) {
    if (!IsIgnored(number)) sigaction(number, &action, nullptr);
  }
  std::signal(SIGXFSZ, SIG_IGN);  // the write that exceeds the limit fails, and the failure is told
}

void IgnoreInterruptions() {
  for (const int number : kInterruptions) std::signal(number, SIG_IGN);
  interruption_asked = false;
}

WritingScope::WritingScope() { ++writers; }

WritingScope::~WritingScope() {
  if (--writers == 0 && interruption_asked) EndInterrupted();
}

const std::atomic<bool>* WritingScope::interrupted() { return &interruption_asked; }

}  // namespace fairlead::cli
