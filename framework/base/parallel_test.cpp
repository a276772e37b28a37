#include "base/parallel.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace fairlead {
namespace {

TEST(ForEachIndex, CallsEachOnce) {
  for (const std::size_t threads : {0, 1, 2, 7, 256}) {
    std::vector<std::atomic<int>> calls(100);
    ForEachIndex(calls.size(), threads, [&](std::size_t i) { ++calls[i]; });
    for (const std::atomic<int>& each : calls) EXPECT_EQ(each, 1) << threads;
  }
  ForEachIndex(0, 4, [](std::size_t) { FAIL() << "there is no item"; });
}

TEST(ForEachIndex, OfOneThreadKeepsTheOrder) {
  std::vector<std::size_t> order;
  ForEachIndex(5, 1, [&](std::size_t i) { order.push_back(i); });
  EXPECT_THAT(order, testing::ElementsAre(0, 1, 2, 3, 4));
}

// Three that wait for each other end only when all three run.
TEST(ForEachIndex, RunsAsManyAtATimeAsAskedForAndNoMore) {
  constexpr std::size_t kThreads = 3;
  std::mutex mutex;
  std::condition_variable all_came;
  std::size_t came = 0, running = 0, most = 0;
  ForEachIndex(12, kThreads, [&](std::size_t) {
    std::unique_lock lock(mutex);
    most = std::max(most, ++running);
    ++came;
    all_came.notify_all();
    all_came.wait(lock, [&] { return came >= kThreads; });
    --running;
  });
  EXPECT_EQ(most, kThreads);
}

}  // namespace
}  // namespace fairlead
