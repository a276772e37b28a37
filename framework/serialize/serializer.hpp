// An ONNX model to files on disk. Weights are streamed by the kernel or referenced, never held; the model appears under its
// name only when it is whole and checked.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "diagnostics/diagnostics.hpp"
#include "passes/pass.hpp"

namespace fairlead {

enum class WeightPolicy : uint8_t { kEmbed, kExternal, kReference, kNone };

struct SerializeOptions {
  std::filesystem::path output;
  WeightPolicy weights = WeightPolicy::kEmbed;     // over 2 GB embed becomes external, with FL6007 as a note
  bool check = true;                               // ONNX's full check before the rename
  const std::atomic<bool>* interrupted = nullptr;  // asked while writing; once it is true, FL9016 and nothing is left
};

struct WrittenFiles {
  std::filesystem::path model;
  std::vector<std::filesystem::path> data;  // external data written beside it
  uint64_t bytes = 0;
};

// Where weights lie that stand beside a model: OUTPUT.data.
std::filesystem::path DataFileOf(const std::filesystem::path& output);

// FL7004 when the checker refuses (exit 12); FL6015 when a file cannot be written, or is the program that the model was
// made of (exit 17); FL6016 when --weights reference cannot be had (not in the output's folder, several links, compressed
// or unaligned entries). On any failure no file is left and an old file of that name is untouched.
Result<WrittenFiles> WriteModel(const Model& model, const SerializeOptions& options, Diagnostics& diagnostics);

}  // namespace fairlead
