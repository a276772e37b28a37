#include "base/parallel.hpp"

#include <tbb/global_control.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>

namespace fairlead {

void ForEachIndex(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work) {
  threads = std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(count, 1));
  std::size_t next = 0;
  const auto take = [&](tbb::flow_control& control) {
    if (next == count) control.stop();
    return next++;
  };
  // More than the machine has cores, where that is asked for: the work also waits for files.
  const tbb::global_control allowed(
      tbb::global_control::max_allowed_parallelism,
      std::max(threads, tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism)));
  tbb::task_arena(static_cast<int>(threads)).execute([&] {
    tbb::parallel_pipeline(threads, tbb::make_filter<void, std::size_t>(tbb::filter_mode::serial_in_order, take) &
                                        tbb::make_filter<std::size_t, void>(tbb::filter_mode::parallel, work));
  });
}

}  // namespace fairlead
