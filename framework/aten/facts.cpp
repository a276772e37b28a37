// What a schema does not say: views that depend on strides, operators that compute nothing, functional twins.
#include <algorithm>
#include <array>

#include "aten/schema.hpp"

namespace fairlead {
namespace {

using namespace std::string_view_literals;

// Operators whose result is their argument itself, a view of it or a copy, as dtype, strides or flags decide. Those without
// an alias mark return their argument from C++ all the same.
constexpr std::string_view kMaybeViews[] = {

    "alpha_dropout"sv,
    "atleast_1d"sv,
    "atleast_2d"sv,
    "atleast_3d"sv,
    "broadcast_tensors"sv,
    "conj"sv,
    "contiguous"sv,
    "dropout"sv,

    "feature_alpha_dropout"sv,
    "feature_dropout"sv,
    "flatten"sv,
    "imag"sv,
    "meshgrid"sv,
    "pin_memory"sv,
    "positive"sv,
    "ravel"sv,
    "real"sv,
    "reshape"sv,
    "reshape_as"sv,
    "resolve_conj"sv,
    "resolve_neg"sv,
    "sum_to_size"sv,
    "to"sv,
    "type_as"sv,
};
static_assert(std::ranges::is_sorted(kMaybeViews));

constexpr std::string_view kAssertions[] = {
    "_assert_async"sv,
    "_assert_scalar"sv,
    "_assert_tensor_metadata"sv,
    "_functional_assert_async"sv,
    "_functional_assert_scalar"sv,
    "_functional_sym_constrain_range"sv,
    "_functional_sym_constrain_range_for_size"sv,
    "_make_dep_token"sv,
    "_print"sv,
    "sym_constrain_range"sv,
    "sym_constrain_range_for_size"sv,
};
static_assert(std::ranges::is_sorted(kAssertions));

constexpr std::string_view kRandom[] = {
#include "aten/random.inc"
};
static_assert(std::ranges::is_sorted(kRandom));

constexpr std::string_view kPointwise[] = {
#include "aten/pointwise.inc"
};
static_assert(std::ranges::is_sorted(kPointwise));

struct Alias {
  std::string_view name, canonical;
};
constexpr Alias kAliases[] = {
#include "aten/aliases.inc"
};
static_assert(std::ranges::is_sorted(kAliases, {}, &Alias::name));

struct Twin {
  std::string_view mutating;  // with the overload unless it is "default"
  std::string_view functional;
};
// Where neither the name without "_" nor the parameters lead to the twin.
constexpr Twin kTwins[] = {
    {"bernoulli_.float", "bernoulli.p"},
    {"fused_moving_avg_obs_fake_quant", "_fused_moving_avg_obs_fq_helper_functional"},
    {"normal_", "normal_functional"},
    {"polygamma_", "polygamma"},  // n comes first there; arguments go by name
    {"zero_", "zeros_like"},
};

// In-place operators that change the storage or the size of their argument: no functional operator does the same.
constexpr std::string_view kWithoutTwin[] = {"resize_"sv, "resize_as_"sv, "set_"sv};

// Operators that write arguments without an alias mark when a flag says so, and their twins: the written tensors are its
// last results.
struct Unmarked {
  std::string_view op;
  std::string_view functional;
  std::array<std::string_view, 2> written;
};
constexpr Unmarked kUnmarked[] = {
    {"batch_norm", "_native_batch_norm_legit_functional", {"running_mean", "running_var"}},
    {"native_batch_norm", "_native_batch_norm_legit_functional", {"running_mean", "running_var"}},
};

std::string Overloaded(const OpName& op) { return op.overload == "default" ? op.type : op.type + "." + op.overload; }

OpName AtenOp(std::string_view name) {
  const std::size_t dot = name.find('.');
  return {"aten", std::string(name.substr(0, dot)), dot == name.npos ? "default" : std::string(name.substr(dot + 1))};
}

// The parameters an operator writes, in order.
std::vector<std::string> Written(const AtenSchema& schema) {
  std::vector<std::string> out;
  for (const AtenParameter& parameter : schema.parameters)
    if (parameter.alias && parameter.alias->is_write) out.push_back(parameter.name);
  return out;
}

bool SameType(const AtenType& a, const AtenType& b) {
  return a.base == b.base && a.list == b.list && a.optional == b.optional && a.optional_element == b.optional_element;
}

// dropout(input, …) is dropout_(self, …): what is written there may have either name here.
bool SameParameter(const AtenParameter& functional, const AtenParameter& mutating) {
  const bool renamed = mutating.name == "self" && mutating.alias && functional.name == "input";
  return (functional.name == mutating.name || renamed) && SameType(functional.type, mutating.type);
}

// True when `functional` takes what `mutating` takes but for its out parameters, and writes nothing.
bool TakesTheSame(const AtenSchema& functional, const AtenSchema& mutating) {
  if (functional.mutates()) return false;
  std::size_t at = 0;
  for (const AtenParameter& parameter : mutating.parameters) {
    if (parameter.is_out) continue;
    if (at == functional.parameters.size()) return false;
    const AtenParameter& other = functional.parameters[at++];
    if (!SameParameter(other, parameter)) return false;
  }
  return at == functional.parameters.size();
}

std::optional<OpName> TwinByParameters(const AtenSchema& mutating, const std::string& type) {
  for (const std::string& overload : Overloads(mutating.op.domain, type)) {
    OpName candidate{mutating.op.domain, type, overload};
    if (TakesTheSame(*FindSchema(candidate), mutating)) return candidate;
  }
  return std::nullopt;
}

// "add_" → "add", "__iand__" → "__and__"; empty when the name does not say that it writes.
std::string WithoutUnderscore(const std::string& type) {
  if (type.starts_with("__i") && type.ends_with("__") && type.size() > 5) return "__" + type.substr(3);
  if (type.ends_with('_') && !type.ends_with("__")) return type.substr(0, type.size() - 1);
  return {};
}

std::optional<OpName> FunctionalTwin(const AtenSchema& schema) {
  for (const Twin& twin : kTwins)
    if (twin.mutating == Overloaded(schema.op)) return AtenOp(twin.functional);
  if (const std::string type = WithoutUnderscore(schema.op.type); !type.empty()) {
    OpName same{schema.op.domain, type, schema.op.overload};
    if (const AtenSchema* found = FindSchema(same); found && TakesTheSame(*found, schema)) return same;
    return TwinByParameters(schema, type);
  }
  if (const auto same = TwinByParameters(schema, schema.op.type)) return same;
  OpName functional{schema.op.domain, schema.op.type + "_functional", schema.op.overload};
  if (FindSchema(functional)) return functional;
  return std::nullopt;
}

}  // namespace

std::optional<FunctionalForm> FindFunctionalForm(const OpName& op) {
  if (op.domain == "aten")
    for (const Unmarked& row : kUnmarked)
      if (row.op == op.type && op.overload == "default")
        return FunctionalForm{AtenOp(row.functional), {row.written.begin(), row.written.end()}};
  const AtenSchema* schema = FindSchema(op);
  if (!schema || !schema->mutates() || std::ranges::count(kWithoutTwin, op.type)) return std::nullopt;
  std::optional<OpName> twin = FunctionalTwin(*schema);
  if (!twin) return std::nullopt;
  return FunctionalForm{*std::move(twin), Written(*schema)};
}

ViewKind ViewKindOf(const OpName& op) {
  if (op.domain == "aten" && std::ranges::binary_search(kMaybeViews, op.type) && !op.overload.ends_with("out"))
    return ViewKind::kMaybeView;
  const AtenSchema* schema = FindSchema(op);
  return schema && schema->returns_view() ? ViewKind::kView : ViewKind::kNone;
}

bool IsAssertion(const OpName& op) {
  if (op.domain == "higher_order") return op.type == "print";
  return op.domain == "aten" && std::ranges::binary_search(kAssertions, op.type);
}

bool IsRandom(const OpName& op) { return !op.IsOnnx() && std::ranges::binary_search(kRandom, op.domain + "::" + op.type); }

bool IsPointwise(const OpName& op) {
  return op.domain == "aten" && std::ranges::binary_search(kPointwise, op.type + "." + op.overload);
}

std::optional<OpName> CanonicalOf(const OpName& op) {
  if (op.domain != "aten") return std::nullopt;
  const std::string name = op.domain + "::" + op.type + "." + op.overload;
  const auto* const found = std::ranges::lower_bound(kAliases, name, {}, &Alias::name);
  if (found == std::end(kAliases) || found->name != name) return std::nullopt;
  return AtenOp(found->canonical.substr(op.domain.size() + 2));
}

std::vector<OpName> Aliases() {
  std::vector<OpName> out;
  for (const Alias& alias : kAliases) out.push_back(AtenOp(alias.name.substr(6)));
  return out;
}

}  // namespace fairlead
