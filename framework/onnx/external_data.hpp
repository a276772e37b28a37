// Where a tensor's bytes stand in a file beside the model.
#pragma once

#include <onnx/onnx_pb.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/mapped_file.hpp"
#include "base/status.hpp"
#include "ir/tensor.hpp"

namespace fairlead::onnx_room {

bool IsExternal(const onnx::TensorProto& tensor);

// Opens each data file of a model once.
class ExternalFiles {
 public:
  // `folder`: where the model lies.
  explicit ExternalFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // The range that holds the `size` bytes of `tensor`. FL6008 when the location is absolute, leaves the folder, or is a
  // symbolic link or one of several hard links; FL6009 when the file is missing or too short, or the entries contradict
  // themselves or the tensor's size.
  Result<FileRange> Find(const onnx::TensorProto& tensor, uint64_t size);

 private:
  Result<std::shared_ptr<const MappedFile>> Open(const std::string& tensor, const std::string& location);

  std::filesystem::path folder_;
  std::map<std::string, std::shared_ptr<const MappedFile>> open_;
};

}  // namespace fairlead::onnx_room
