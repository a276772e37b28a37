#include "archive/zip.hpp"

#include <zlib.h>

#include <algorithm>
#include <numeric>

#include "archive/little_endian.hpp"

namespace fairlead {
namespace {

// Record signatures and fixed sizes: PKWARE's APPNOTE, sections 4.3.7 to 4.3.16.
constexpr uint32_t kLocalSignature = 0x04034b50, kCentralSignature = 0x02014b50, kEndSignature = 0x06054b50,
                   kEnd64Signature = 0x06064b50, kLocator64Signature = 0x07064b50;
constexpr uint64_t kLocalSize = 30, kCentralSize = 46, kEndSize = 22, kEnd64Size = 56, kLocator64Size = 20;
constexpr uint16_t kZip64Extra = 1, kEncrypted = 1;

// The position of the end record whose comment reaches exactly to the end of the bytes.
std::optional<uint64_t> FindEnd(std::span<const std::byte> bytes) {
  if (bytes.size() < kEndSize) return std::nullopt;
  const uint64_t last = bytes.size() - kEndSize;
  const uint64_t first = last > UINT16_MAX ? last - UINT16_MAX : 0;
  for (uint64_t at = last + 1; at-- > first;)
    if (Load32(bytes, at) == kEndSignature && at + kEndSize + Load16(bytes, at + 20) == bytes.size()) return at;
  return std::nullopt;
}

// A relative path with '/' between its parts, or empty when the name is not one.
std::string CleanName(std::string_view raw) {
  std::string name(raw);
  std::ranges::replace(name, '\\', '/');
  if (name.empty() || name.front() == '/' || name.find('\0') != std::string::npos) return {};
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    if (std::string_view(name).substr(begin, end - begin) == "..") return {};
    begin = end + 1;
  }
  return name;
}

// Sizes and offset of a central record that stand in its ZIP64 extra field because they did not fit. False: malformed.
bool ReadZip64(std::span<const std::byte> extra, uint64_t& size, uint64_t& stored_size, uint64_t& header) {
  const bool needed = size == UINT32_MAX || stored_size == UINT32_MAX || header == UINT32_MAX;
  for (uint64_t at = 0; needed && at + 4 <= extra.size();) {
    const uint16_t id = Load16(extra, at), length = Load16(extra, at + 2);
    at += 4;
    if (length > extra.size() - at) return false;
    if (id != kZip64Extra) {
      at += length;
      continue;
    }
    const uint64_t end = at + length;
    for (uint64_t* const field : {&size, &stored_size, &header}) {
      if (*field != UINT32_MAX) continue;
      if (end - at < 8) return false;
      *field = Load64(extra, at);
      at += 8;
    }
    return true;
  }
  // Exactly 2^32-1 without the extra field is what a writer without ZIP64 means by it.
  return true;
}

}  // namespace

Result<ZipArchive> ZipArchive::Open(Content content, std::string name) {
  ZipArchive zip;
  zip.content_ = std::move(content);
  zip.name_ = std::move(name);
  FL_ASSIGN_OR_RETURN(const Directory directory, zip.FindDirectory());
  FL_RETURN_IF_ERROR(zip.ReadDirectory(directory));
  return zip;
}

Result<ZipArchive::Directory> ZipArchive::FindDirectory() const {
  const auto bytes = content_.bytes;
  const auto end = FindEnd(bytes);
  if (!end)
    return Error("FL1001", "{}: no end of a zip directory in its {} bytes; the file is cut off or not a zip", name_,
                 bytes.size());
  Directory directory{Load32(bytes, *end + 16), Load32(bytes, *end + 12), Load16(bytes, *end + 10)};
  uint64_t limit = *end;
  if (Load16(bytes, *end + 4) != 0 && Load16(bytes, *end + 4) != UINT16_MAX)
    return Error("FL1001", "{}: the zip spans several disks", name_);
  if (*end >= kLocator64Size && Load32(bytes, *end - kLocator64Size) == kLocator64Signature) {
    limit = *end - kLocator64Size;
    const uint64_t end64 = Load64(bytes, limit + 8);
    if (limit < kEnd64Size || end64 > limit - kEnd64Size || Load32(bytes, end64) != kEnd64Signature)
      return Error("FL1001", "{}: the ZIP64 end record is not at offset {}", name_, end64);
    directory = {Load64(bytes, end64 + 48), Load64(bytes, end64 + 40), Load64(bytes, end64 + 32)};
    limit = end64;
  }
  if (directory.size > limit || directory.offset > limit - directory.size)
    return Error("FL1001", "{}: the zip directory ({} bytes at {}) does not lie before its end record at {}", name_,
                 directory.size, directory.offset, limit);
  if (directory.count > kMaxEntries)
    return Error("FL1001", "{}: {} entries, at most {} are read", name_, directory.count, kMaxEntries);
  if (directory.count > directory.size / kCentralSize)
    return Error("FL1001", "{}: {} entries do not fit into a directory of {} bytes", name_, directory.count,
                 directory.size);
  return directory;
}

Status ZipArchive::ReadDirectory(const Directory& directory) {
  const auto records = content_.bytes.subspan(directory.offset, directory.size);
  std::vector<uint64_t> headers;
  entries_.reserve(directory.count);
  uint64_t at = 0;
  for (uint64_t i = 0; i < directory.count; ++i) {
    if (records.size() - at < kCentralSize || Load32(records, at) != kCentralSignature)
      return Error("FL1001", "{}: directory record {} of {} is broken", name_, i, directory.count);
    const uint64_t name_size = Load16(records, at + 28), extra_size = Load16(records, at + 30),
                   comment_size = Load16(records, at + 32);
    if (name_size + extra_size + comment_size > records.size() - at - kCentralSize)
      return Error("FL1001", "{}: directory record {} reaches past the directory", name_, i);
    const auto* const text = reinterpret_cast<const char*>(records.data() + at + kCentralSize);
    const std::string_view raw_name(text, name_size);
    ZipEntry entry{.name = CleanName(raw_name), .crc = Load32(records, at + 16), .method = Load16(records, at + 10)};
    entry.stored_size = Load32(records, at + 20);
    entry.size = Load32(records, at + 24);
    uint64_t header = Load32(records, at + 42);
    if (entry.name.empty()) return Error("FL1001", "{}: entry name '{}' is not a relative path", name_, raw_name);
    if (Load16(records, at + 8) & kEncrypted) return Error("FL1001", "{}: entry {} is encrypted", name_, entry.name);
    const auto extra = records.subspan(at + kCentralSize + name_size, extra_size);
    if (!ReadZip64(extra, entry.size, entry.stored_size, header))
      return Error("FL1001", "{}: the ZIP64 field of entry {} is broken", name_, entry.name);
    if (entry.IsStored() && entry.size != entry.stored_size)
      return Error("FL1001", "{}: entry {} is stored, but has {} bytes of {}", name_, entry.name, entry.stored_size,
                   entry.size);
    if (!index_.emplace(entry.name, entries_.size()).second)
      return Error("FL1001", "{}: two entries are named {}", name_, entry.name);
    headers.push_back(header);
    entries_.push_back(std::move(entry));
    at += kCentralSize + name_size + extra_size + comment_size;
  }
  return LocateData(directory, headers);
}

// Local headers serve for one thing: where the data begins. In file order, each entry must begin after the one before.
Status ZipArchive::LocateData(const Directory& directory, const std::vector<uint64_t>& headers) {
  const auto bytes = content_.bytes;
  std::vector<std::size_t> order(entries_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return headers[i]; });
  uint64_t previous_end = 0;
  for (const std::size_t i : order) {
    ZipEntry& entry = entries_[i];
    const uint64_t header = headers[i];
    if (header < previous_end)
      return Error("FL1001", "{}: entry {} at {} overlaps the entry before it, which ends at {}", name_, entry.name, header,
                   previous_end);
    if (header > directory.offset || directory.offset - header < kLocalSize || Load32(bytes, header) != kLocalSignature)
      return Error("FL1001", "{}: entry {} has no header at offset {}", name_, entry.name, header);
    entry.offset = header + kLocalSize + Load16(bytes, header + 26) + Load16(bytes, header + 28);
    if (entry.offset > directory.offset || entry.stored_size > directory.offset - entry.offset)
      return Error("FL1001", "{}: entry {} ({} bytes at {}) reaches past the data, which ends at {}", name_, entry.name,
                   entry.stored_size, entry.offset, directory.offset);
    previous_end = entry.offset + entry.stored_size;
  }
  return Ok();
}

const ZipEntry* ZipArchive::Find(std::string_view name) const {
  const auto found = index_.find(std::string(name));
  return found == index_.end() ? nullptr : &entries_[found->second];
}

namespace {

uint32_t Crc32(std::span<const std::byte> bytes) {
  return static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace

Result<Content> ZipArchive::Read(const ZipEntry& entry, Crc crc) const {
  if (entry.method != 0 && entry.method != 8)
    return Error("FL1001", "{}: entry {} uses compression method {}; stored and deflated entries are read", name_,
                 entry.name, entry.method);
  if (const auto known = inflated_->contents.find(entry.offset); !entry.IsStored() && known != inflated_->contents.end())
    return known->second;
  Content content = content_.Slice(entry.offset, entry.stored_size);
  if (!entry.IsStored()) {
    FL_ASSIGN_OR_RETURN(content, Inflate(entry));
  } else if (crc == Crc::kSkip) {
    return content;
  }
  if (const uint32_t found = Crc32(content.bytes); found != entry.crc)
    return Error("FL1001", "{}: the bytes of {} are damaged: CRC {:08x}, recorded {:08x}", name_, entry.name, found,
                 entry.crc);
  if (!entry.IsStored()) {
    inflated_->contents.emplace(entry.offset, content);
    inflated_->size += content.bytes.size();
  }
  return content;
}

Result<Content> ZipArchive::Inflate(const ZipEntry& entry) const {
  // Deflate cannot grow data more than 1032 times, so a larger claim is a lie.
  const bool lies = entry.size / 1032 > entry.stored_size;
  const bool large = entry.size > (uint64_t{64} << 20) && entry.size / kMaxRatio > entry.stored_size;
  if (lies || large || entry.size > kMaxInflated - inflated_->size)
    return Error("FL1001", "{}: entry {} claims to inflate from {} to {} bytes, which is refused", name_, entry.name,
                 entry.stored_size, entry.size);
  std::vector<std::byte> out;
  z_stream stream = {};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return Error("FL1001", "{}: zlib cannot start", name_);
  const auto* in = reinterpret_cast<const Bytef*>(content_.bytes.data() + entry.offset);
  uint64_t left = entry.stored_size;
  int state = Z_OK;
  // Memory grows with what really comes out, not with what the directory says.
  while (state == Z_OK) {
    if (stream.avail_in == 0 && left > 0) {
      const auto chunk = static_cast<uInt>(std::min<uint64_t>(left, 1u << 30));
      stream.next_in = const_cast<Bytef*>(in);
      stream.avail_in = chunk;
      in += chunk;
      left -= chunk;
    }
    const std::size_t used = out.size();
    if (used > entry.size) break;
    const std::size_t room = std::min<uint64_t>(std::max<uint64_t>(used, 1u << 16), entry.size + 1 - used);
    out.resize(used + std::min<std::size_t>(room, 1u << 30));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream.avail_out = static_cast<uInt>(out.size() - used);
    state = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
    if (state == Z_BUF_ERROR && (left > 0 || stream.avail_out == 0)) state = Z_OK;
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END || out.size() != entry.size)
    return Error("FL1001", "{}: the deflated entry {} is broken: {} of {} bytes", name_, entry.name, out.size(),
                 entry.size);
  return OwnedContent(std::move(out));
}

}  // namespace fairlead
