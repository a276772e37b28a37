#include "archive/content.hpp"

namespace fairlead {

Content Content::Slice(uint64_t offset, uint64_t size) const {
  FL_CHECK(offset <= bytes.size() && size <= bytes.size() - offset, "the caller checked the bounds");
  Content slice{bytes.subspan(offset, size), owner, std::nullopt};
  if (range) slice.range = FileRange{range->file, range->offset + offset, size};
  return slice;
}

Content WholeFile(std::shared_ptr<const MappedFile> file) {
  Content content{file->bytes(), file, std::nullopt};
  if (file->descriptor() >= 0) content.range = FileRange{file, 0, file->bytes().size()};
  return content;
}

Content OwnedContent(std::vector<std::byte> bytes) {
  auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  const std::span<const std::byte> view = *owner;
  return {view, std::move(owner), std::nullopt};
}

}  // namespace fairlead
