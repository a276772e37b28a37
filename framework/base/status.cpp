#include "base/status.hpp"

#include <cstdio>

namespace fairlead {

void CheckFailed(const char* condition, const char* why, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: fairlead is broken: %s does not hold (%s)\n", file, line, condition, why);
  std::abort();
}

}  // namespace fairlead
