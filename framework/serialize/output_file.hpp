// Writing a file so that memory does not grow with it, and placing files under their names all at once.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "ir/tensor.hpp"

namespace fairlead {

// FL9016 once `interrupted`, which may be null, is true.
Status CheckInterruption(const std::atomic<bool>* interrupted);

// A new file, written from front to back. Errors are FL6015 with the path and the system's words, and FL9016.
class OutputFile {
 public:
  // Fails when there is something of that name.
  static Result<OutputFile> Create(const std::filesystem::path& path, const std::atomic<bool>* interrupted = nullptr);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  Status Write(std::string_view bytes);
  Status WriteZeros(uint64_t count);
  // The row-major bytes of a tensor that is not absent. Bytes that stand in a file go from file to file in the kernel,
  // strided ones through a buffer of bounded size; pages of the source that had to be read are given back.
  Status WriteTensor(const Tensor& tensor);
  // Reports what the system kept back until the end.
  Status Close();
  uint64_t size() const { return size_; }

 private:
  OutputFile(std::filesystem::path path, int descriptor, const std::atomic<bool>* interrupted)
      : path_(std::move(path)), descriptor_(descriptor), interrupted_(interrupted) {}
  Status Copy(const FileRange& range);
  Status CopyThroughMemory(const FileRange& range, uint64_t done);
  Status WriteStrided(const Tensor& tensor);
  Status Failed(int error) const;

  std::filesystem::path path_;
  int descriptor_ = -1;
  const std::atomic<bool>* interrupted_;
  uint64_t size_ = 0;
};

// Files that are made in a folder of their own beside their destination and appear there together: all, or none and what
// was there before is untouched. The folder is removed with the object.
class Staging {
 public:
  // `destination`: the folder where the files will be.
  static Result<Staging> Open(const std::filesystem::path& destination);
  Staging(Staging&& other) noexcept;
  Staging& operator=(Staging&&) = delete;
  ~Staging();

  const std::filesystem::path& folder() const { return folder_; }
  // Moves `names` from the folder to the destination, in this order. On a failure those already moved are taken back.
  Status Publish(std::span<const std::string> names);

 private:
  Staging(std::filesystem::path destination, std::filesystem::path folder)
      : destination_(std::move(destination)), folder_(std::move(folder)) {}
  Status PublishOne(const std::string& name, bool* exchanged);
  void TakeBack(const std::string& name, bool exchanged);

  std::filesystem::path destination_, folder_;
};

}  // namespace fairlead
