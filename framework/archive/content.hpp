// Bytes of a file or of one archive entry, with what keeps them alive and where they stand on disk.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "ir/tensor.hpp"

namespace fairlead {

// Copying a Content copies a view. `range` says where the bytes stand in a file; it is absent for bytes that were inflated
// or never stood in a file.
struct Content {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
  std::optional<FileRange> range;

  std::string_view text() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  // `offset + size` must lie within bytes (FL_CHECK).
  Content Slice(uint64_t offset, uint64_t size) const;
};

Content WholeFile(std::shared_ptr<const MappedFile> file);
Content OwnedContent(std::vector<std::byte> bytes);

}  // namespace fairlead
