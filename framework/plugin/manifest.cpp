// The bounded reader of plugin manifests: pread only, every offset checked against the file's size, nothing mapped and
// nothing of the file trusted before it was compared.
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <optional>
#include <span>

#include "plugin/plugin.hpp"

namespace fairlead {
namespace {

static_assert(std::endian::native == std::endian::little, "manifests are read as they lie");
static_assert(sizeof(fl_manifest) == 180 && alignof(fl_manifest) == 4, "the note has this form for ever");

constexpr uint64_t kMaxProgramHeaders = 64;
constexpr uint64_t kMaxNotes = 64 * 1024;
#if defined(__x86_64__)
constexpr uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr uint16_t kMachine = EM_AARCH64;
#else
#error "plugins are for 64-bit x86 and ARM"
#endif

class File {
 public:
  // O_NONBLOCK: a named pipe must not hang us.
  explicit File(const std::filesystem::path& path)
      : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  Status Stat() {
    struct stat facts;
    if (fd_ < 0 || fstat(fd_, &facts) != 0) return Error("FL9005", "cannot be opened: {}", std::strerror(errno));
    if (!S_ISREG(facts.st_mode)) return Error("FL9005", "is not a regular file");
    size_ = static_cast<uint64_t>(facts.st_size);
    return Ok();
  }
  uint64_t size() const { return size_; }

  Status Read(uint64_t offset, uint64_t count, void* out, std::string_view what) const {
    if (offset > size_ || count > size_ - offset) {
      return Error("FL9005", "{} should be bytes {} to {}+{}, but the file ends at {}", what, offset, offset, count, size_);
    }
    auto* bytes = static_cast<char*>(out);
    while (count > 0) {
      const ssize_t got = pread(fd_, bytes, count, static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0)
        return Error("FL9005", "{} cannot be read: {}", what, got < 0 ? std::strerror(errno) : "the file shrank");
      bytes += got;
      offset += static_cast<uint64_t>(got);
      count -= static_cast<uint64_t>(got);
    }
    return Ok();
  }

 private:
  int fd_;
  uint64_t size_ = 0;
};

Status CheckHeader(const Elf64_Ehdr& header) {
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return Error("FL9005", "is not an ELF file");
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB) {
    return Error("FL9006", "ELF class {} and byte order {}, wanted 64-bit (2) little-endian (1)", header.e_ident[EI_CLASS],
                 header.e_ident[EI_DATA]);
  }
  if (header.e_machine != kMachine)
    return Error("FL9006", "is for machine {}, this host is machine {}", header.e_machine, kMachine);
  if (header.e_type != ET_DYN)
    return Error("FL9005", "is an ELF file of type {}, wanted a shared object (3)", header.e_type);
  if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum == 0 || header.e_phnum > kMaxProgramHeaders) {
    return Error("FL9005", "has {} program headers of {} bytes, wanted 1 to {} of {}", header.e_phnum, header.e_phentsize,
                 kMaxProgramHeaders, sizeof(Elf64_Phdr));
  }
  return Ok();
}

uint64_t AlignUp(uint64_t offset, uint64_t alignment) { return (offset + alignment - 1) / alignment * alignment; }

// Our note in one PT_NOTE segment. All sizes are below 2^33 and all offsets below 2^34: no sum overflows.
Status FindNote(std::span<const unsigned char> notes, uint64_t alignment, std::optional<fl_manifest>& found) {
  uint64_t at = 0;
  while (at < notes.size()) {
    struct {
      uint32_t name_size, desc_size, type;
    } note;
    if (notes.size() - at < sizeof note) return Error("FL9005", "its notes end inside a header");
    std::memcpy(&note, notes.data() + at, sizeof note);
    const uint64_t name = at + sizeof note;
    const uint64_t desc = AlignUp(name + note.name_size, alignment);
    const uint64_t end = desc + note.desc_size;
    if (end > notes.size()) {
      return Error("FL9005", "a note claims {} and {} bytes where {} are left", note.name_size, note.desc_size,
                   notes.size() - name);
    }
    if (note.name_size == 4 && std::memcmp(notes.data() + name, "FL1", 4) == 0 && note.type == FL_MANIFEST_TYPE) {
      if (note.desc_size != sizeof(fl_manifest)) {
        return Error("FL9005", "its manifest has {} bytes, wanted {}", note.desc_size, sizeof(fl_manifest));
      }
      if (found) return Error("FL9005", "has two manifests");
      std::memcpy(&found.emplace(), notes.data() + desc, sizeof(fl_manifest));
    }
    at = AlignUp(end, alignment);
  }
  return Ok();
}

Result<fl_manifest> ReadNote(File& file) {
  FL_RETURN_IF_ERROR(file.Stat());
  Elf64_Ehdr header;
  if (file.size() < sizeof header) return Error("FL9005", "has {} bytes, which is no ELF file", file.size());
  FL_RETURN_IF_ERROR(file.Read(0, sizeof header, &header, "the ELF header"));
  FL_RETURN_IF_ERROR(CheckHeader(header));

  std::vector<Elf64_Phdr> segments(header.e_phnum);
  FL_RETURN_IF_ERROR(
      file.Read(header.e_phoff, segments.size() * sizeof(Elf64_Phdr), segments.data(), "the table of segments"));
  std::optional<fl_manifest> manifest;
  uint64_t total = 0;
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type != PT_NOTE) continue;
    if (segment.p_filesz > kMaxNotes - total) return Error("FL9005", "has more than {} bytes of notes", kMaxNotes);
    total += segment.p_filesz;
    std::vector<unsigned char> notes(segment.p_filesz);
    FL_RETURN_IF_ERROR(file.Read(segment.p_offset, notes.size(), notes.data(), "a segment of notes"));
    FL_RETURN_IF_ERROR(FindNote(notes, segment.p_align == 8 ? 8 : 4, manifest));
  }
  if (!manifest) return Error("FL9005", "has no Fairlead manifest: it is not a plugin");
  return *manifest;
}

// Text in a field that is zero-filled to its end.
template <std::size_t kSize> Result<std::string> Field(const char (&field)[kSize], std::string_view what) {
  const char* end = std::find(field, field + kSize, '\0');
  const bool filled = end != field + kSize && std::all_of(end, field + kSize, [](char c) { return c == '\0'; });
  const bool printable = std::all_of(field, static_cast<const char*>(end), [](char c) { return c > ' ' && c <= '~'; });
  if (end == field || !filled || !printable) {
    return Error("FL9005", "the {} of its manifest is not printable text that is filled with zeros", what);
  }
  return std::string(field, end);
}

bool IsPluginId(std::string_view id) {
  return std::ranges::all_of(
      id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'; });
}

Status CheckCompatible(const fl_manifest& note) {
  if (note.revision != FL_MANIFEST_REVISION) {
    return Error("FL9006", "has a manifest of revision {}, this host reads {}", note.revision, FL_MANIFEST_REVISION);
  }
  if (note.abi_major != FL_ABI_MAJOR || note.abi_minor_floor > FL_ABI_MINOR) {
    return Error("FL9006", "needs ABI {}.{} or newer, this host has {}.{}", note.abi_major, note.abi_minor_floor,
                 FL_ABI_MAJOR, FL_ABI_MINOR);
  }
  if (note.abi_minor_floor > note.abi_minor_built) {
    return Error("FL9005", "says it needs ABI {}.{} and was built with the older {}.{}", note.abi_major,
                 note.abi_minor_floor, note.abi_major, note.abi_minor_built);
  }
  constexpr std::string_view kSanitizers[] = {"no sanitizer", "the address sanitizer", "the thread sanitizer",
                                              "the memory sanitizer"};
  if (note.sanitizer != FL_SANITIZER) {
    return Error("FL9006", "was built with {}, this host with {}",
                 note.sanitizer < std::size(kSanitizers) ? kSanitizers[note.sanitizer] : "an unknown sanitizer",
                 kSanitizers[FL_SANITIZER]);
  }
  if (note.flags != 0)
    return Error("FL9006", "sets flags {:#x} in its manifest, which this host does not know", note.flags);
  if (note.kinds == 0) return Error("FL9005", "offers nothing: its manifest names no kind");
  return Ok();
}

Result<Manifest> Checked(const fl_manifest& note) {
  FL_RETURN_IF_ERROR(CheckCompatible(note));
  FL_ASSIGN_OR_RETURN(std::string id, Field(note.id, "id"));
  FL_ASSIGN_OR_RETURN(std::string version, Field(note.version, "version"));
  FL_ASSIGN_OR_RETURN(std::string sdk_version, Field(note.sdk_version, "SDK version"));
  if (!IsPluginId(id)) return Error("FL9005", "has the id '{}', wanted letters a-z, digits, '.', '_' and '-'", id);
  return Manifest{.id = std::move(id),
                  .version = std::move(version),
                  .sdk_version = std::move(sdk_version),
                  .abi_major = note.abi_major,
                  .abi_minor_built = note.abi_minor_built,
                  .abi_minor_floor = note.abi_minor_floor,
                  .sanitizer = note.sanitizer,
                  .kinds = note.kinds,
                  .flags = note.flags};
}

// "PATH: what is wrong", for a Status whose message lacks the path.
Status At(const std::filesystem::path& path, const Status& status) {
  return Error(status.error().rule, "{}: {}", path.string(), status.message());
}

}  // namespace

Result<Manifest> ReadManifest(const std::filesystem::path& path) {
  File file(path);
  Result<fl_manifest> note = ReadNote(file);
  if (!note.ok()) return At(path, note.status());
  Result<Manifest> manifest = Checked(*note);
  if (!manifest.ok()) return At(path, manifest.status());
  return manifest;
}

}  // namespace fairlead
