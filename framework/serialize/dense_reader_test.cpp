#include "serialize/dense_reader.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace fairlead {
namespace {

Tensor Strided(std::vector<int64_t> dims, std::vector<int64_t> strides, std::size_t storage) {
  auto numbers = std::make_shared<std::vector<int16_t>>(storage);
  std::iota(numbers->begin(), numbers->end(), int16_t{0});
  return Tensor::View(DType::kInt16, std::move(dims), std::move(strides), std::as_bytes(std::span(*numbers)), numbers,
                      std::nullopt);
}

std::vector<int16_t> ReadAll(const Tensor& tensor, std::size_t buffer_elements) {
  DenseReader reader(tensor);
  std::vector<int16_t> all, buffer(buffer_elements);
  while (const std::size_t bytes = reader.Read(std::as_writable_bytes(std::span(buffer))))
    all.insert(all.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(bytes / 2));
  return all;
}

// The elements are offsets, so the expected numbers are the sums of index times stride.
std::vector<int16_t> Offsets(const std::vector<int64_t>& dims, const std::vector<int64_t>& strides) {
  std::vector<int16_t> offsets = {0};
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    std::vector<int16_t> next;
    for (const int16_t offset : offsets)
      for (int64_t i = 0; i < dims[axis]; ++i) next.push_back(static_cast<int16_t>(offset + i * strides[axis]));
    offsets = std::move(next);
  }
  return offsets;
}

TEST(DenseReader, ReadsRowMajorWhateverTheBufferHolds) {
  const std::pair<std::vector<int64_t>, std::vector<int64_t>> cases[] = {
      {{3, 4}, {1, 3}},         // transposed
      {{2, 3, 4}, {20, 5, 1}},  // rows with gaps
      {{2, 3, 4}, {1, 2, 6}},   // reversed axes
      {{5}, {7}},               // every seventh
      {{2, 3}, {0, 1}},         // expanded
      {{4, 1, 3}, {3, 99, 1}},  // an axis of one
  };
  for (const auto& [dims, strides] : cases) {
    const Tensor tensor = Strided(dims, strides, 100);
    for (const std::size_t buffer : {1, 2, 3, 5, 7, 100}) EXPECT_EQ(ReadAll(tensor, buffer), Offsets(dims, strides));
  }
}

TEST(DenseReader, ReadsNothingOfAnEmptyTensor) {
  EXPECT_TRUE(ReadAll(Strided({0, 3}, {3, 1}, 1), 4).empty());
  EXPECT_TRUE(ReadAll(Strided({3, 0}, {1, 3}, 1), 4).empty());
}

}  // namespace
}  // namespace fairlead
