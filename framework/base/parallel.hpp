// Work on many items at once. The only room's file that knows oneTBB is parallel.cpp.
#pragma once

#include <cstddef>
#include <functional>

namespace fairlead {

// Calls work(0) … work(count - 1), at most `threads` of them at a time, the calling thread's among them, and begins them in
// this order. Answers when all have ended. `work` throws nothing.
void ForEachIndex(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work);

}  // namespace fairlead
