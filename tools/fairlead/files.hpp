// Files that the options name: that none which is read is written over.
//
//   FL_RETURN_IF_ERROR(CheckFiles({{input, "the input"}}, {{output, "the output"}}));
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "command_line.hpp"

namespace fairlead::cli {

struct NamedFile {
  std::filesystem::path path;
  std::string role;  // "the input"
};

// What a path stands for: the same text for the same file, by whatever links it is reached, and for the same place where no
// file is yet.
std::string IdentityOf(const std::filesystem::path& path);

// FL9015 when a file that is written is one of the others, whether those are read or written.
Status CheckFiles(const std::vector<NamedFile>& read, const std::vector<NamedFile>& written);

// The file of --json; none when it is not given or is standard output.
std::vector<NamedFile> JsonFile(const Arguments& arguments);

}  // namespace fairlead::cli
