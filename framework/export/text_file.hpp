// A text that was asked for, as a file.
#pragma once

#include <atomic>
#include <filesystem>
#include <string_view>

#include "base/status.hpp"

namespace fairlead {

// Replaces a regular file, or makes one: it has all of the text or stays as it was. What is no regular file (a pipe, a
// terminal) is written to. FL6015, and FL9016 once `interrupted`, which may be null, is true.
Status WriteTextFile(const std::filesystem::path& path, std::string_view text,
                     const std::atomic<bool>* interrupted = nullptr);

}  // namespace fairlead
