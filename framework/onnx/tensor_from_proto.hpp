// Tensors of an ONNX file as views of it.
#pragma once

#include "base/mapped_file.hpp"
#include "onnx/external_data.hpp"
#include "onnx/slim.hpp"

namespace fairlead::onnx_room {

// Reads tensors of one file. All of it must outlive the reader; the tensors keep the mapped files alive themselves.
class TensorReader {
 public:
  TensorReader(std::shared_ptr<const MappedFile> file, const SlimModel& slim)
      : file_(std::move(file)), slim_(slim), external_(file_->path().parent_path()) {}

  // FL1001 when type, dims and data contradict one another, strings included, FL6008 and FL6009 for external data.
  Result<Tensor> Read(const onnx::TensorProto& proto);

 private:
  std::shared_ptr<const MappedFile> file_;
  const SlimModel& slim_;
  ExternalFiles external_;
};

}  // namespace fairlead::onnx_room
