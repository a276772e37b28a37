// Reads a file into an ExportedProgram. The file is judged by its content, never by its name.
#pragma once

#include <filesystem>
#include <string>

#include "diagnostics/diagnostics.hpp"
#include "frontend/exported_program.hpp"

namespace fairlead {

struct ReadOptions {
  bool check_crc = false;  // of weights too; metadata is always checked
  bool sample_inputs = true;
  bool weightless = false;  // weights without data are Absent instead of FL1009
};

// What a file is, from its bytes.
enum class FileKind : uint8_t {
  kExportedProgram,
  kAotInductorPackage,
  kTorchScript,
  kStateDict,
  kSafetensors,
  kOnnx,
  kIncomplete,
  kTruncated,
  kEmpty,
  kUnknown
};
struct FileIdentity {
  FileKind kind = FileKind::kUnknown;
  std::string sentence;  // "an AOTInductor package: compiled code without the program"
  std::string advice;    // "save the program with torch.export.save(...)"
};

FileIdentity Identify(const std::filesystem::path& path);

// FL1001 (unreadable, or something else, named), FL1002 (schema version), FL1009 (weights without data, unless the reader
// is asked for a weightless program: the tensors are then Absent). Warnings go to `diagnostics`.
Result<ExportedProgram> ReadExportedProgram(const std::filesystem::path& path, const ReadOptions& options,
                                            Diagnostics& diagnostics);
// The same for a file that is already open, or bytes in memory.
FileIdentity Identify(const std::shared_ptr<const MappedFile>& file);
Result<ExportedProgram> ReadExportedProgram(const std::shared_ptr<const MappedFile>& file, const ReadOptions& options,
                                            Diagnostics& diagnostics);

}  // namespace fairlead
