#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(EmbeddingBag, HasNoBookkeepingForTraining) {
  EXPECT_REFUSED("aten.embedding_bag(w: f32[5,3], i: i64[4], o: i64[2]) -> (f32[2,3], i64[4], i64[2], i64[2])",
                 "its result 1 is used");
}

}  // namespace
