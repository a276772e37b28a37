// The row-major elements of a strided tensor, a buffer at a time.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ir/tensor.hpp"

namespace fairlead {

// `tensor` must outlive it, have bytes and elements of whole bytes.
class DenseReader {
 public:
  explicit DenseReader(const Tensor& tensor);

  // Fills `buffer` with the next elements; answers how many bytes were filled, 0 at the end. The buffer must hold at least
  // one element.
  std::size_t Read(std::span<std::byte> buffer);
  // Lets the kernel forget the pages of a mapped file that were read, so that a large weight does not stay in memory.
  void GiveBackPages() const;

 private:
  void Advance(int64_t steps);

  const Tensor& tensor_;
  std::size_t width_;
  int64_t left_;      // elements not yet read
  int64_t base_ = 0;  // element offset of the current index
  std::vector<int64_t> index_;
};

}  // namespace fairlead
