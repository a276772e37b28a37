// Rows that must not compile, one per case; CASE=0 is the right one and must.
#include <fairlead/sdk/lowering.hpp>

namespace fairlead {
namespace {

Value Add(Builder& b, Value self, Value other, Scalar) { return b.Add(self, other); }
[[maybe_unused]] std::array<Value, 2> Two(Builder&, Value self) { return {self, self}; }
[[maybe_unused]] Value IntGiven(Builder&, Value self, int64_t) { return self; }

[[maybe_unused]] Value Optional(Builder&, Value self, std::optional<bool>) { return self; }

#if CASE == 10  // a required attribute is left out
Value CastToNothing(Builder& b, Value self) { return b.Cast(self, {.saturate = 0}); }
#elif CASE == 11  // one {} too few
Value Message(Builder& b, Value self) { return b.Unsupported("rank is not 4", self.rank()); }
#endif

constexpr Lowering kTable[] = {
#if CASE == 0 || CASE == 10 || CASE == 11
    Lower<Add>("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"),
#elif CASE == 1   // type of one parameter
    Lower<Add>("aten::add.Tensor(Tensor self, Tensor other, *, float alpha=1) -> Tensor"),
#elif CASE == 2   // one parameter too few
    Lower<Add>("aten::add.Tensor(Tensor self, Tensor other) -> Tensor"),
#elif CASE == 3   // one parameter too many
    Lower<Add>("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1, bool out=False) -> Tensor"),
#elif CASE == 4   // one result too few
    Lower<Add>("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> (Tensor, Tensor)"),
#elif CASE == 5   // one result too many
    Lower<Two>("aten::relu(Tensor self) -> Tensor"),
#elif CASE == 6   // not a schema
    Lower<Add>("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1"),
#elif CASE == 7   // two parameters of different type swapped
    Lower<Add>("aten::add.Tensor(Tensor self, Scalar alpha, Tensor other) -> Tensor"),
#elif CASE == 8   // an optional number for a plain one
    Lower<IntGiven>("aten::f(Tensor self, int? dim=None) -> Tensor"),
#elif CASE == 9   // a list for a single result
    Lower<Add>("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor[]"),
#elif CASE == 12  // an optional for what is none
    Lower<Optional>("aten::f(Tensor self, bool flag) -> Tensor"),
#endif
};

}  // namespace
std::span<const Lowering> Rows();
std::span<const Lowering> Rows() { return kTable; }

}  // namespace fairlead
