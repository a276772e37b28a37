#include "ir/text_lists.hpp"

namespace fairlead {
namespace {

template <class T> std::optional<AttributeValue> AllOf(std::vector<AttributeValue>& items) {
  std::vector<T> out;
  for (AttributeValue& item : items) {
    T* const value = std::get_if<T>(&item);
    if (value == nullptr) return std::nullopt;
    out.push_back(std::move(*value));
  }
  return AttributeValue(std::move(out));
}

std::optional<ValueRef> AsReference(const AttributeValue& item) {
  if (std::holds_alternative<None>(item)) return ValueRef{-1};
  const ValueRef* const ref = std::get_if<ValueRef>(&item);
  return ref ? std::optional(*ref) : std::nullopt;
}

std::optional<AttributeValue> AsValues(const std::vector<AttributeValue>& items) {
  ValueRefs refs;
  for (const AttributeValue& item : items) {
    const auto ref = AsReference(item);
    if (!ref) return std::nullopt;
    refs.items.push_back(*ref);
  }
  return AttributeValue(std::move(refs));
}

std::optional<AttributeValue> AsSymInts(const std::vector<AttributeValue>& items) {
  SymInts ints;
  for (const AttributeValue& item : items) {
    if (const int64_t* const number = std::get_if<int64_t>(&item)) {
      ints.items.emplace_back(*number);
    } else if (const auto ref = AsReference(item)) {
      ints.items.emplace_back(*ref);
    } else {
      return std::nullopt;
    }
  }
  return AttributeValue(std::move(ints));
}

}  // namespace

std::optional<AttributeValue> ListAttribute(std::string_view word, std::vector<AttributeValue> items) {
  if (word == "values") return AsValues(items);
  if (word == "symints") return AsSymInts(items);
  if (word == "ints" || (word.empty() && items.empty())) return AllOf<int64_t>(items);
  if (word == "floats") return AllOf<double>(items);
  if (word == "bools") return AllOf<bool>(items);
  if (word == "strings") return AllOf<std::string>(items);
  if (word == "tensors") return AllOf<Tensor>(items);
  if (word == "graphs") return AllOf<GraphPtr>(items);
  if (auto values = AsValues(items)) return values;
  if (auto ints = AllOf<int64_t>(items)) return ints;
  if (auto ints = AsSymInts(items)) return ints;
  if (std::holds_alternative<double>(items[0])) return AllOf<double>(items);
  if (std::holds_alternative<bool>(items[0])) return AllOf<bool>(items);
  if (std::holds_alternative<std::string>(items[0])) return AllOf<std::string>(items);
  if (std::holds_alternative<Tensor>(items[0])) return AllOf<Tensor>(items);
  return AllOf<GraphPtr>(items);
}

}  // namespace fairlead
