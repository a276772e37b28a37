// SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGXCPU end the tool with exit code 130 and leave nothing half-written. So does
// SIGPIPE, by which the tool then ends as others do whose reader is gone. One that is ignored when the tool starts stays
// so.
//
// Outside of writing nothing of ours is on disk, so the process ends at once. While a file is being written the writer is
// asked to stop, takes away what it has made, and the last one ends the process.
#pragma once

#include <atomic>

namespace fairlead::cli {

// Once, before any work. SIGXFSZ is ignored: a file that may not grow is FL6015 of who writes it.
void HandleInterruptions();

// From here on the work is done: an interruption no longer takes anything back.
void IgnoreInterruptions();

// Alive while a file is being written.
class WritingScope {
 public:
  WritingScope();
  ~WritingScope();
  WritingScope(const WritingScope&) = delete;
  WritingScope& operator=(const WritingScope&) = delete;

  // What the writer asks.
  static const std::atomic<bool>* interrupted();
};

}  // namespace fairlead::cli
