// Files that the options name: that none which is read is written over.
//
//   FL_RETURN_IF_ERROR(CheckFiles({{input, "the input"}}, {{output, "the output"}}));
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "export/export_run.hpp"

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

// What is read with an ONNX model: itself and the files that its weights are in.
std::vector<NamedFile> ModelFiles(const std::filesystem::path& model);
// What an export may write: the model, and the file of its weights. Embedded weights go there, too, where they are too
// many.
std::vector<NamedFile> OutputFiles(const std::filesystem::path& output, WeightPolicy weights);
// The plugins and the lock that options name.
std::vector<NamedFile> PluginFiles(const PluginSources& sources);
// The file of --json; none when it is not given or is standard output.
std::vector<NamedFile> JsonFile(const Arguments& arguments);

}  // namespace fairlead::cli
