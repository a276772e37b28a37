#include "trials.hpp"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

#include "base/status.hpp"

#if defined(__SANITIZE_ADDRESS__)
// A limit of the address space is none for a sanitizer; its own is.
extern "C" const char* __asan_default_options() { return "max_allocation_size_mb=2048"; }
#endif

namespace fairlead {
namespace {

constexpr rlim_t kAddressSpace = rlim_t{4} << 30;
constexpr itimerval kTimeOfTrial = {{0, 0}, {5, 0}};
constexpr int kComplained = 3;

// What the child tells; it stays when the child is gone.
struct Board {
  std::atomic<std::size_t> trial;
  char complaint[4096];
};

void Limit(int resource, rlim_t most) {
  const rlimit limit = {most, most};
  FL_CHECK(setrlimit(resource, &limit) == 0, "a process may lower its own limits");
}

[[noreturn]] void RunTrials(std::size_t first, std::size_t count, const std::function<std::string(std::size_t)>& trial,
                            Board& board) {
  Limit(RLIMIT_CORE, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  Limit(RLIMIT_AS, kAddressSpace);
#endif
  for (std::size_t i = first; i < count; ++i) {
    board.trial = i;
    setitimer(ITIMER_PROF, &kTimeOfTrial, nullptr);
    const std::string complaint = trial(i);
    if (complaint.empty()) continue;
    complaint.copy(board.complaint, sizeof board.complaint - 1);
    _exit(kComplained);
  }
  _exit(0);
}

std::string Outcome(int status, const Board& board) {
  if (WIFSIGNALED(status)) return fmt::format("died of signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  if (WEXITSTATUS(status) == kComplained) return board.complaint;
  return fmt::format("ended the process with status {}", WEXITSTATUS(status));
}

}  // namespace

std::vector<Casualty> Try(std::size_t count, const std::function<std::string(std::size_t)>& trial, std::size_t most) {
  void* const shared = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  FL_CHECK(shared != MAP_FAILED, "there is memory for a page");
  std::vector<Casualty> casualties;
  for (std::size_t next = 0; next < count && casualties.size() < most;) {
    auto& board = *new (shared) Board();
    board.trial = next;
    const pid_t child = fork();
    FL_CHECK(child >= 0, "a process can be forked");
    if (child == 0) RunTrials(next, count, trial, board);
    int status = 0;
    FL_CHECK(waitpid(child, &status, 0) == child, "the child is ours");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) break;
    casualties.push_back({board.trial, Outcome(status, board)});
    next = board.trial + 1;
  }
  munmap(shared, sizeof(Board));
  return casualties;
}

}  // namespace fairlead
