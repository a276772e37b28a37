// Named tensors in .npz, .npy and .safetensors files: sample inputs, expected outputs.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/status.hpp"
#include "ir/tensor.hpp"

namespace fairlead {

struct NamedTensors {
  std::vector<std::pair<std::string, Tensor>> tensors;        // in the file's order; names are unique
  std::vector<std::pair<std::string, std::string>> metadata;  // safetensors' __metadata__
  const Tensor* Find(std::string_view name) const;
};

// By content. FL1001 with the reason. Tensors are views into the mapped file where they are stored densely.
Result<NamedTensors> ReadTensors(const std::filesystem::path& path);
// .npz (stored zip entries) or .safetensors, by the extension of `path`; bfloat16 and fp8 need .safetensors. FL6015.
Status WriteTensors(const std::filesystem::path& path, const NamedTensors& tensors);

}  // namespace fairlead
