#include "export/text_file.hpp"

#include <array>
#include <fstream>

#include "serialize/output_file.hpp"

namespace fairlead {
namespace fs = std::filesystem;

namespace {

Status WriteInto(const fs::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return file ? Ok() : Error("FL6015", "{}: cannot be written", path.string());
}

Status Replace(const fs::path& path, std::string_view text, const std::atomic<bool>* interrupted) {
  const std::array names = {path.filename().string()};
  FL_RETURN_IF_ERROR(CheckInterruption(interrupted));
  FL_ASSIGN_OR_RETURN(Staging staging, Staging::Open(path.parent_path()));
  FL_ASSIGN_OR_RETURN(OutputFile file, OutputFile::Create(staging.folder() / names[0], interrupted));
  FL_RETURN_IF_ERROR(file.Write(text));
  FL_RETURN_IF_ERROR(file.Close());
  FL_RETURN_IF_ERROR(CheckInterruption(interrupted));
  return staging.Publish(names);
}

}  // namespace

Status WriteTextFile(const fs::path& path, std::string_view text, const std::atomic<bool>* interrupted) {
  std::error_code failed;
  const fs::file_status present = fs::status(path, failed);
  if (!fs::exists(present)) return Replace(path, text, interrupted);
  // /dev/stdout is a link to what standard output is, which may have no name any more.
  const fs::path file = fs::canonical(path, failed);
  return fs::is_regular_file(present) && !failed ? Replace(file, text, interrupted) : WriteInto(path, text);
}

}  // namespace fairlead
