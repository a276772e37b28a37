// libFuzzer target: any bytes as a plugin whose manifest is read. Nothing is ever loaded.
#include <sys/mman.h>
#include <unistd.h>

#include "plugin/plugin.hpp"

namespace fairlead {
namespace {

// A file in memory that the reader opens by its path, like any other.
class FuzzedFile {
 public:
  FuzzedFile() : descriptor_(memfd_create("plugin", MFD_CLOEXEC)), path_(fmt::format("/proc/self/fd/{}", descriptor_)) {
    FL_CHECK(descriptor_ >= 0, "the fuzzer has a file to write to");
  }

  const std::filesystem::path& Fill(const uint8_t* data, std::size_t size) {
    const bool filled = ftruncate(descriptor_, 0) == 0 && pwrite(descriptor_, data, size, 0) == static_cast<ssize_t>(size);
    FL_CHECK(filled, "memory is left");
    return path_;
  }

 private:
  int descriptor_;
  std::filesystem::path path_;
};

}  // namespace
}  // namespace fairlead

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static fairlead::FuzzedFile file;
  const fairlead::Result<fairlead::Manifest> manifest = fairlead::ReadManifest(file.Fill(data, size));
  if (manifest.ok()) {
    FL_CHECK(!manifest->id.empty() && manifest->id.size() < 96, "an id that was accepted fits its field");
    FL_CHECK(manifest->kinds != 0 && manifest->flags == 0, "what was accepted keeps the rules of the manifest");
  } else {
    const std::string& rule = manifest.error().rule;
    FL_CHECK(rule == "FL9005" || rule == "FL9006", "a refusal is one of the two there are");
  }
  return 0;
}
