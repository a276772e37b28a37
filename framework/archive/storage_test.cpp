#include "archive/storage.hpp"

#include <gmock/gmock.h>

#include <numeric>

namespace fairlead {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Twelve int64: 0, 1, … 11.
Content Counted() {
  std::vector<int64_t> numbers(12);
  std::iota(numbers.begin(), numbers.end(), 0);
  const auto bytes = std::as_bytes(std::span(numbers));
  return OwnedContent({bytes.begin(), bytes.end()});
}

std::vector<int64_t> Values(const StridedView& view, bool swap = false) {
  const auto tensor = TensorOverStorage(Counted(), view, swap, "w");
  EXPECT_TRUE(tensor.ok()) << tensor.error().message;
  return tensor.ok() ? tensor->Dense().AsInts().value() : std::vector<int64_t>();
}

std::string ErrorOf(const StridedView& view, const Content& storage = Counted()) {
  const auto tensor = TensorOverStorage(storage, view, false, "w");
  return tensor.ok() ? "made" : tensor.error().rule + " " + tensor.error().message;
}

TEST(Storage, GivesDenseTensorsAsViews) {
  const Content storage = Counted();
  const auto tensor = TensorOverStorage(storage, {DType::kInt64, {2, 3}, {3, 1}, 4}, false, "w");
  ASSERT_TRUE(tensor.ok());
  EXPECT_TRUE(tensor->IsDense());
  EXPECT_EQ(tensor->bytes().data(), storage.bytes.data() + 32);
  EXPECT_THAT(*tensor->AsInts(), ElementsAre(4, 5, 6, 7, 8, 9));
}

TEST(Storage, FollowsStrides) {
  EXPECT_THAT(Values({DType::kInt64, {3, 2}, {1, 3}, 0}), ElementsAre(0, 3, 1, 4, 2, 5));  // transposed
  EXPECT_THAT(Values({DType::kInt64, {2, 2}, {4, 1}, 5}), ElementsAre(5, 6, 9, 10));       // a slice
  EXPECT_THAT(Values({DType::kInt64, {2, 3}, {0, 1}, 1}), ElementsAre(1, 2, 3, 1, 2, 3));  // expanded
  EXPECT_THAT(Values({DType::kInt64, {}, {}, 11}), ElementsAre(11));                       // a scalar
  EXPECT_THAT(Values({DType::kInt64, {1, 2}, {777, 1}, 0}), ElementsAre(0, 1));  // the stride of a single row means nothing
}

TEST(Storage, SwapsTheBytesOfBigEndianWriters) {
  EXPECT_THAT(Values({DType::kInt64, {2}, {1}, 1}, true), ElementsAre(int64_t{1} << 56, int64_t{2} << 56));
}

TEST(Storage, GivesEmptyTensorsWithoutBytes) {
  EXPECT_EQ(ErrorOf({DType::kFloat, {0, 3}, {3, 1}, 0}, Content()), "made");
  EXPECT_EQ(ErrorOf({DType::kFloat, {0, INT64_MAX}, {3, 1}, 0}, Content()), "made");
}

TEST(Storage, SaysWhenTheWeightsAreMissing) {
  EXPECT_THAT(ErrorOf({DType::kFloat, {2}, {1}, 0}, Content()), HasSubstr("FL1009 w has no data"));
}

TEST(Storage, RefusesToReadOutsideTheStorage) {
  for (const StridedView& view : std::vector<StridedView>{{DType::kInt64, {13}, {1}, 0},
                                                          {DType::kInt64, {12}, {1}, 1},
                                                          {DType::kInt64, {1}, {1}, 12},
                                                          {DType::kInt64, {2}, {12}, 0},
                                                          {DType::kInt64, {2, 2}, {11, 1}, 0},
                                                          {DType::kInt64, {1}, {1}, INT64_MAX},
                                                          {DType::kInt64, {2}, {INT64_MAX}, 0},
                                                          {DType::kInt64, {3}, {INT64_MAX}, 0},
                                                          {DType::kInt64, {2, 2}, {INT64_MAX, INT64_MAX}, 0}})
    EXPECT_THAT(ErrorOf(view), HasSubstr("reads past its 96 bytes"));
}

TEST(Storage, RefusesImpossibleShapes) {
  for (const StridedView& view :
       std::vector<StridedView>{{DType::kInt64, {-1}, {1}, 0},
                                {DType::kInt64, {2}, {-1}, 1},
                                {DType::kInt64, {2}, {1}, -1},
                                {DType::kInt64, {2, 2}, {1}, 0},
                                {DType::kInt64, {INT64_MAX, 3}, {0, 0}, 0},
                                {DType::kInt64, std::vector<int64_t>(65, 1), std::vector<int64_t>(65, 1), 0}})
    EXPECT_THAT(ErrorOf(view), HasSubstr("impossible"));
}

TEST(Storage, RefusesToExpandBeyondAnyUse) {
  EXPECT_THAT(ErrorOf({DType::kInt64, {1 << 20, 1 << 20}, {0, 0}, 0}), HasSubstr("beyond any use"));
}

}  // namespace
}  // namespace fairlead
